//! A text cut into rows and cells, and what separates them. What a cell has to be is no business of this file.

use std::borrow::Cow;
use std::ops::Range;

use super::MOST_COLUMNS;

/// Quotes are closed within so many bytes, or they were never meant to be.
const LONGEST_QUOTE: usize = 10_000;
/// Bytes looked at to find out what separates cells: two rows of the most columns, and much room for blank ones.
const FIRST_BYTES: usize = 64 << 10;

/// What separates cells: whichever cuts the first two rows into equally many, the most; a comma if none does.
pub(super) fn delimiter(text: &str) -> u8 {
    let end = (0..=text.len().min(FIRST_BYTES)).rev().find(|&at| text.is_char_boundary(at));
    let text = &text[..end.unwrap_or(0)];
    let mut best = (1, b',');
    for delimiter in *b"\t;," {
        let (mut records, mut cells) = (Records::new(text, delimiter), Vec::new());
        let mut next = || loop {
            records.next(&mut cells)?;
            if !is_blank(&cells) {
                return Some(cells.len());
            }
        };
        let (first, second) = (next(), next());
        let count = first.filter(|_| second.is_none() || second == first).unwrap_or(0);
        if count > best.0 {
            best = (count, delimiter);
        }
    }
    best.1
}

pub(super) fn is_blank(cells: &[Cell<'_>]) -> bool {
    cells.iter().all(|cell| cell.text.trim().is_empty())
}

/// One cell.
pub(super) struct Cell<'t> {
    /// Unquoted.
    pub(super) text: Cow<'t, str>,
    /// As it stands in the file.
    pub(super) span: Range<usize>,
}

/// One row.
pub(super) struct Record {
    /// From 1.
    pub(super) row: usize,
    pub(super) span: Range<usize>,
    /// A quote opens in this column (from 0) and is never closed.
    pub(super) open: Option<usize>,
}

/// Cuts a text into rows and cells.
pub(super) struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    at: usize,
    row: usize,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, delimiter: u8) -> Self {
        Self { text, delimiter, at: 0, row: 0 }
    }

    /// The next row, its cells in `cells`: of an endless row a few more than there may be.
    pub(super) fn next(&mut self, cells: &mut Vec<Cell<'t>>) -> Option<Record> {
        cells.clear();
        let bytes = self.text.as_bytes();
        if self.at >= bytes.len() {
            return None;
        }
        self.row += 1;
        let start = self.at;
        let mut open = None;
        let mut column = 0;
        loop {
            let (cell, closed) = self.cell();
            if !closed {
                open = open.or(Some(column));
            }
            cells.push(cell);
            column += 1;
            // Two more than allowed is enough to see that there are too many.
            if column == MOST_COLUMNS + 3 {
                let rest = &bytes[self.at..];
                self.at += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
                break;
            }
            match bytes.get(self.at) {
                Some(&byte) if byte == self.delimiter => self.at += 1,
                _ => break,
            }
        }
        let span = start..self.at;
        match (bytes.get(self.at), bytes.get(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            (Some(_), _) => self.at += 1,
            (None, _) => {}
        }
        Some(Record { row: self.row, span, open })
    }

    /// The cell that starts here, up to the delimiter or the end of the row; and whether its quotes are closed.
    fn cell(&mut self) -> (Cell<'t>, bool) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let quote = start + bytes[start..].iter().take_while(|&&byte| byte == b' ').count();
        if bytes.get(quote) != Some(&b'"') {
            self.at = self.end_of_cell(start);
            return (Cell { text: Cow::Borrowed(&self.text[start..self.at]), span: start..self.at }, true);
        }
        let mut unquoted = String::new();
        let mut at = quote + 1;
        loop {
            let length = bytes[at..].iter().position(|&byte| byte == b'"');
            let Some(length) = length.filter(|_| unquoted.len() <= LONGEST_QUOTE) else {
                self.at = bytes.len();
                return (Cell { text: Cow::Owned(unquoted), span: start..self.at }, false);
            };
            unquoted.push_str(&self.text[at..at + length]);
            at += length + 1;
            if bytes.get(at) != Some(&b'"') {
                break;
            }
            // Two quotes stand for one.
            unquoted.push('"');
            at += 1;
        }
        self.at = self.end_of_cell(at);
        // What follows a closing quote is part of the cell; it is not a number then, and is shown.
        unquoted.push_str(self.text[at..self.at].trim_end());
        (Cell { text: Cow::Owned(unquoted), span: start..self.at }, true)
    }

    fn end_of_cell(&self, from: usize) -> usize {
        let ends = |byte: &u8| *byte == self.delimiter || *byte == b'\n' || *byte == b'\r';
        let bytes = &self.text.as_bytes()[from..];
        from + bytes.iter().position(ends).unwrap_or(bytes.len())
    }
}
