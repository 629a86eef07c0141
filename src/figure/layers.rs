//! Fig. 3: one row per hidden layer, everything known about it on one line. Layout, rows and headings; what stands
//! in the columns is in `columns`.

use plotters_backend::DrawingBackend;

use super::axis::Axis;
use super::columns;
use super::pen::{Drawn, Pen, Stroke, Word};
use crate::lab::view::{LayerArmView, LayersView};

/// What one column tells of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Distribution of the input to the activation, now.
    Input,
    /// Percentiles of one unit over the steps.
    OverTime,
    /// Size of the gradient, now.
    Gradient,
    /// Silent or saturated units.
    Silent,
    /// Learned scales.
    Gamma,
    /// Learned shifts.
    Beta,
}

/// Which columns are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// All six.
    All,
    /// Without gamma and beta.
    Four,
    /// One alone, for a phone.
    One(Column),
    /// Gamma and beta, for a phone.
    Learned,
}

impl Columns {
    /// What a width has room for.
    #[must_use]
    pub fn for_width(width: u32) -> Self {
        match width {
            0..400 => Self::One(Column::Input),
            400..660 => Self::Four,
            _ => Self::All,
        }
    }

    /// For a phone, the one that a tab of this name shows.
    #[must_use]
    pub fn alone(tab: &str) -> Self {
        match tab {
            "time" => Self::One(Column::OverTime),
            "gradient" => Self::One(Column::Gradient),
            "silent" => Self::One(Column::Silent),
            "learned" => Self::Learned,
            _ => Self::One(Column::Input),
        }
    }

    fn list(self, view: &LayersView) -> Vec<Column> {
        use Column::{Beta, Gamma, Gradient, Input, OverTime, Silent};
        let all = match self {
            Self::All => vec![Input, OverTime, Gradient, Silent, Gamma, Beta],
            Self::Four => vec![Input, OverTime, Gradient, Silent],
            Self::One(column) => return vec![column],
            Self::Learned => return vec![Gamma, Beta],
        };
        all.into_iter().filter(|c| *c != Silent || view.silent_word.is_some()).collect()
    }

    /// Whether it stands alone, with the whole width to itself.
    pub(super) fn narrow(self) -> bool {
        matches!(self, Self::One(_) | Self::Learned)
    }
}

impl Column {
    fn weight(self) -> f32 {
        match self {
            Self::Input => 200.0,
            Self::OverTime => 250.0,
            Self::Gradient => 130.0,
            Self::Silent => 70.0,
            Self::Gamma | Self::Beta => 70.0,
        }
    }
}

/// More layers than this stand in rows of two.
const MOST_ROWS: usize = 24;

/// Layers in a row.
fn group(layers: usize) -> usize {
    if layers > MOST_ROWS { 2 } else { 1 }
}

/// Gamma and beta are drawn of every unit (1), of every second (2) and so on: a row has room for so many circles.
#[must_use]
pub fn units_apart(layers: usize, units: usize) -> usize {
    (group(layers) * units).div_ceil(columns::MOST).max(1)
}

const HEAD: f32 = 40.0;
const FOOT: f32 = 26.0;
/// Room for half a tick label at the right.
const EDGE: f32 = 14.0;

/// Where rows and columns are.
pub(super) struct Table<'v> {
    /// What is shown.
    pub(super) view: &'v LayersView,
    /// The choice of columns.
    pub(super) choice: Columns,
    /// Layers per row.
    pub(super) group: usize,
    /// Height of a row.
    pub(super) row: f32,
    /// Column, left, right.
    pub(super) columns: Vec<(Column, f32, f32)>,
    /// Space between columns.
    pub(super) gap: f32,
    width: f32,
}

impl<'v> Table<'v> {
    fn new(view: &'v LayersView, choice: Columns, width: f32) -> Self {
        let group = group(view.layers.len());
        let row = match view.layers.len() {
            0..=4 => {
                if choice.narrow() {
                    60.0
                } else {
                    56.0
                }
            }
            5..=12 => {
                if choice.narrow() {
                    36.0
                } else {
                    38.0
                }
            }
            _ => 22.0,
        };
        let (label, gap) = if choice.narrow() { (26.0, 16.0) } else { (44.0, 26.0) };
        let list = choice.list(view);
        let total: f32 = list.iter().map(|c| c.weight()).sum();
        let room = (width - label - gap * list.len() as f32 - EDGE).max(10.0);
        let mut x = label + gap;
        let columns = list
            .iter()
            .map(|&column| {
                let wide = column.weight() / total * room;
                let place = (column, x, x + wide);
                x += wide + gap;
                place
            })
            .collect();
        Self { view, choice, group, row, columns, gap, width }
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.view.layers.len().div_ceil(self.group)
    }

    /// The layers in a row.
    pub(super) fn layers(&self, row: usize) -> &'v [[LayerArmView; 2]] {
        let from = row * self.group;
        &self.view.layers[from..(from + self.group).min(self.view.layers.len())]
    }

    /// Top of a row; of the row after the last, the foot of the table.
    pub(super) fn top(&self, row: usize) -> f32 {
        HEAD + row as f32 * self.row
    }

    /// The middle of a row.
    pub(super) fn middle(&self, row: usize) -> f32 {
        self.top(row) + self.row / 2.0
    }

    /// Foot of the table.
    pub(super) fn foot(&self) -> f32 {
        self.top(self.rows())
    }

    fn selected_row(&self) -> usize {
        self.view.selected / self.group
    }

    fn label(&self, row: usize) -> String {
        let (first, last) = (row * self.group + 1, ((row + 1) * self.group).min(self.view.layers.len()));
        let tail = match (self.choice.narrow() || self.group > 1, first == 1, last == self.view.layers.len())
        {
            (false, true, false) => " first",
            (false, false, true) => " last",
            _ => "",
        };
        if first == last { format!("{first}{tail}") } else { format!("{first}–{last}") }
    }
}

/// Height at a width, in CSS pixels.
#[must_use]
pub fn natural_height(view: &LayersView, choice: Columns, width: u32) -> u32 {
    (Table::new(view, choice, width as f32).foot() + FOOT) as u32
}

/// The layer whose row is at a height in CSS pixels; of a row of two, the selected one or the first.
#[must_use]
pub fn layer_at(view: &LayersView, choice: Columns, width: u32, y: f32) -> Option<usize> {
    let table = Table::new(view, choice, width as f32);
    if !(y >= HEAD && y < table.foot()) {
        return None;
    }
    let row = ((y - HEAD) / table.row) as usize;
    let first = row * table.group;
    let chosen = if table.selected_row() == row { view.selected } else { first };
    (first < view.layers.len()).then_some(chosen.min(view.layers.len() - 1))
}

/// The step under a horizontal place, in the column over time.
#[must_use]
pub fn step_at(view: &LayersView, choice: Columns, width: u32, x: f32) -> Option<u32> {
    let table = Table::new(view, choice, width as f32);
    let (_, left, right) = table.columns.iter().find(|c| c.0 == Column::OverTime)?;
    columns::halves(*left, *right).into_iter().find_map(|half| {
        let axis = Axis::steps(view.last_step);
        super::plot::Plot::new([half[0], 0.0, half[1], 1.0], axis, axis).step_at(x, view.step)
    })
}

/// Rows, headings, axes, grid.
pub fn backdrop<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView, choice: Columns) -> Drawn<B> {
    let table = Table::new(view, choice, pen.width);
    let theme = pen.theme;
    let (selected, rows) = (table.selected_row(), table.rows());
    if selected < rows {
        pen.block([0.0, table.top(selected), table.width, table.top(selected + 1)], theme.wash)?;
    }
    pen.word(&Word::new("layer", (0.0, 8.0), theme.muted))?;
    for row in 0..=rows {
        let color = if row == 0 || row == rows { theme.ink } else { theme.rule };
        pen.across(0.0, table.width, table.top(row), Stroke::solid(color, 1.0))?;
    }
    let every = if view.layers.len() > 12 { 2 } else { 1 };
    for row in (0..rows).filter(|row| row % every == 0 || *row == selected) {
        let color = if row == selected { theme.ink } else { theme.muted };
        let word = Word::new(table.label(row), (0.0, table.middle(row)), color);
        let crowded = every > 1 && row != selected && row.abs_diff(selected) == 1 && selected % every != 0;
        if !crowded {
            pen.word(&if row == selected { word.bold() } else { word })?;
        }
    }
    for &(column, left, right) in &table.columns {
        columns::backdrop(pen, &table, column, [left, right])?;
    }
    Ok(())
}

/// What was measured.
pub fn marks<B: DrawingBackend>(pen: &Pen<'_, B>, view: &LayersView, choice: Columns) -> Drawn<B> {
    let table = Table::new(view, choice, pen.width);
    for &(column, left, right) in &table.columns {
        columns::marks(pen, &table, column, [left, right])?;
    }
    Ok(())
}
