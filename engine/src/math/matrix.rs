//! Row-major f32 matrices whose rows are padded to a multiple of four lanes.
//!
//! A matrix of examples is `[batch, features]`; a vector is a matrix of one row. Padding lanes start at zero and
//! hold arithmetic nobody reads: products run over the real inner size, and sums along a row stop at its real end.
//! No views with other strides, no broadcasting, no general linear algebra.

use super::lanes::Aligned;
use core::slice::{ChunksExact, ChunksExactMut};

/// `rows` rows of `cols` numbers, each row starting `stride` numbers (a multiple of 4) after the one before.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    data: Aligned,
    rows: usize,
    cols: usize,
    stride: usize,
}

impl Matrix {
    /// All zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        let mut matrix = Self::default();
        matrix.resize(rows, cols);
        matrix
    }

    /// From dense row-major numbers.
    ///
    /// # Panics
    /// If there are not exactly `rows * cols` numbers.
    pub fn from_rows(rows: usize, cols: usize, values: &[f32]) -> Self {
        assert_eq!(values.len(), rows * cols, "a {rows} x {cols} matrix");
        let mut matrix = Self::zeros(rows, cols);
        for r in 0..rows {
            matrix.row_mut(r).copy_from_slice(&values[r * cols..][..cols]);
        }
        matrix
    }

    /// One row with `value` in every real lane.
    pub fn filled_row(cols: usize, value: f32) -> Self {
        let mut matrix = Self::zeros(1, cols);
        matrix.row_mut(0).fill(value);
        matrix
    }

    /// Number of rows (examples).
    #[inline]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of real columns (features).
    #[inline]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Distance between the starts of two rows: `cols` rounded up to a multiple of 4.
    #[inline]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Row `r`, exactly `cols` long.
    #[inline]
    pub fn row(&self, r: usize) -> &[f32] {
        &self.data[r * self.stride..][..self.cols]
    }

    /// Row `r`, exactly `cols` long.
    #[inline]
    pub fn row_mut(&mut self, r: usize) -> &mut [f32] {
        &mut self.data[r * self.stride..][..self.cols]
    }

    /// Row `r` with its padding, `stride` long.
    #[inline]
    fn padded_row(&self, r: usize) -> &[f32] {
        &self.data[r * self.stride..][..self.stride]
    }

    /// Row `r` with its padding, `stride` long.
    #[inline]
    fn padded_row_mut(&mut self, r: usize) -> &mut [f32] {
        &mut self.data[r * self.stride..][..self.stride]
    }

    /// Everything with its padding, `rows * stride` long: for element-wise work.
    #[inline]
    pub fn padded_values(&self) -> &[f32] {
        &self.data
    }

    /// Everything with its padding, `rows * stride` long: for element-wise work.
    #[inline]
    pub fn padded_values_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// Row `r` with its padding, four by four: `stride / 4` long.
    #[inline]
    pub fn fours(&self, r: usize) -> &[[f32; 4]] {
        self.padded_row(r).as_chunks().0
    }

    /// Row `r` with its padding, four by four: `stride / 4` long.
    #[inline]
    pub fn fours_mut(&mut self, r: usize) -> &mut [[f32; 4]] {
        self.padded_row_mut(r).as_chunks_mut().0
    }

    /// Every row with its padding, four by four.
    #[inline]
    pub fn rows_of_fours(&self) -> ChunksExact<'_, [f32; 4]> {
        self.data.as_chunks().0.chunks_exact((self.stride / 4).max(1))
    }

    /// Every row with its padding, four by four.
    #[inline]
    pub fn rows_of_fours_mut(&mut self) -> ChunksExactMut<'_, [f32; 4]> {
        self.data.as_chunks_mut().0.chunks_exact_mut((self.stride / 4).max(1))
    }

    /// The real numbers, row by row.
    pub fn values(&self) -> impl Iterator<Item = f32> + '_ {
        (0..self.rows).flat_map(|r| self.row(r).iter().copied())
    }

    /// The real numbers, row by row, without padding.
    pub fn to_dense(&self) -> Vec<f32> {
        self.values().collect()
    }

    /// The number in row `r`, column `c`.
    #[inline]
    pub fn get(&self, r: usize, c: usize) -> f32 {
        self.row(r)[c]
    }

    /// Sets the number in row `r`, column `c`.
    #[inline]
    pub fn set(&mut self, r: usize, c: usize, value: f32) {
        self.row_mut(r)[c] = value;
    }

    /// Takes another shape, without allocating when there is room. The numbers kept are meaningful only when
    /// `cols` stays the same; otherwise all are zero.
    pub fn resize(&mut self, rows: usize, cols: usize) {
        let is_other = cols != self.cols;
        self.reshape(rows, cols);
        if is_other {
            self.clear();
        }
    }

    /// Takes another shape, without allocating when there is room, to be written over, padding and all: the numbers mean
    /// nothing.
    pub fn reshape(&mut self, rows: usize, cols: usize) {
        (self.rows, self.cols, self.stride) = (rows, cols, padded(cols));
        self.data.resize(rows * self.stride);
    }

    /// Sets every number, padding too, to zero.
    pub fn clear(&mut self) {
        self.data.fill(0.0);
    }

    /// Copies shape and numbers, without allocating when there is room.
    pub fn copy_from(&mut self, other: &Self) {
        (self.rows, self.cols, self.stride) = (other.rows, other.cols, other.stride);
        self.data.clone_from(&other.data);
    }

    /// Copies the rows named by `indices`, in that order, into `into`: how a mini-batch is gathered.
    ///
    /// # Panics
    /// If an index is not a row.
    pub fn select_rows(&self, indices: &[u32], into: &mut Self) {
        into.resize(indices.len(), self.cols);
        for (r, &index) in indices.iter().enumerate() {
            // Four by four: to copy a short row as one piece of memory would cost a call each.
            into.fours_mut(r).iter_mut().zip(self.fours(index as usize)).for_each(|(to, from)| *to = *from);
        }
    }
}

/// `cols` rounded up to a multiple of 4.
fn padded(cols: usize) -> usize {
    cols.next_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_exactly_as_long_as_said_and_padding_is_zero() {
        let m = Matrix::from_rows(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(m.row(1), [4.0, 5.0, 6.0]);
        assert_eq!(m.padded_row(0), [1.0, 2.0, 3.0, 0.0]);
        assert_eq!(m.to_dense(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn resizing_within_capacity_keeps_the_buffer() {
        let mut m = Matrix::zeros(64, 10);
        let before = m.padded_values().as_ptr();
        m.resize(10, 10);
        m.resize(64, 10);
        m.resize(50, 9);
        assert_eq!(before, m.padded_values().as_ptr());
        assert_eq!((m.rows(), m.cols(), m.stride()), (50, 9, 12));
    }

    #[test]
    fn selected_rows_arrive_in_order() {
        let m = Matrix::from_rows(3, 2, &[0.0, 1.0, 10.0, 11.0, 20.0, 21.0]);
        let mut batch = Matrix::default();
        m.select_rows(&[2, 0, 2, 1], &mut batch);
        assert_eq!(batch.to_dense(), [20.0, 21.0, 0.0, 1.0, 20.0, 21.0, 10.0, 11.0]);
    }
}
