//! The headings and feet of Fig. 3's columns, shortened where a column is narrow.

use plotters_backend::DrawingBackend;

use super::ink::hair;
use super::layers::{Column, Columns, Table};
use super::pen::{Drawn, Pen, Side, Stroke, Word};
use super::scale;
use super::text;
use super::theme::{TEXT, TICK};

/// A column's two lines of heading.
fn heading(table: &Table<'_>, column: Column) -> (String, String) {
    let view = table.view;
    let [without, with] = &view.names;
    let wide = table.choice == Columns::All;
    let said = |a: &str, b: &str| (a.to_string(), b.to_string());
    match column {
        Column::Input if table.choice == Columns::Four => {
            said("Input to the activation", "without above, with below")
        }
        Column::Input => ("Input to the activation".into(), format!("{without} above, {with} below")),
        Column::OverTime if table.choice.narrow() => said("15th, 50th, 85th percentile over time", ""),
        Column::OverTime => said("One unit over time", ""),
        Column::Gradient => ("Gradient reaching it".into(), scale::gradient_name(view.gradient_of)),
        Column::Silent => {
            let word = view.silent_word.unwrap_or("Silent");
            let units = if wide && word.len() < 8 { " units" } else { "" };
            let of = u64::from(view.units) * table.group as u64;
            (format!("{word}{units}"), format!("of {}", text::whole(of.min(u64::from(u32::MAX)) as u32)))
        }
        Column::Gamma => (format!("γ {with}"), "learned scale".into()),
        Column::Beta => (format!("β {with}"), "learned shift".into()),
    }
}

/// A title for a column too narrow for its own.
fn short(column: Column, title: String) -> String {
    match column {
        Column::Input => "Input".into(),
        Column::OverTime => "Over time".into(),
        Column::Gradient => "Gradient".into(),
        Column::Silent => title.split(' ').next().unwrap_or_default().into(),
        Column::Gamma => "γ".into(),
        Column::Beta => "β".into(),
    }
}

/// A second line for a narrow column.
fn short_below(column: Column, below: String) -> String {
    match column {
        Column::Input => "without above".into(),
        Column::Gradient => below.trim_start_matches("size of ").into(),
        Column::Gamma => "scale".into(),
        Column::Beta => "shift".into(),
        Column::OverTime | Column::Silent => below,
    }
}

/// Draws a heading and the ticks at the foot of a column.
pub(super) fn head_and_foot<B: DrawingBackend>(
    pen: &Pen<'_, B>,
    table: &Table<'_>,
    column: Column,
    [left, right]: [f32; 2],
    ticks: &[(f32, String, Side)],
) -> Drawn<B> {
    let (title, below) = heading(table, column);
    let room = right - left + table.gap - 8.0;
    let title = if text::width(&title, TEXT, true) < room { title } else { short(column, title) };
    let below = if text::width(&below, TICK, false) < room { below } else { short_below(column, below) };
    let title = Word::new(title, (left, 8.0), pen.theme.ink).bold();
    // A long word over the last column begins further left rather than end beyond the sheet.
    pen.word(&title.ending_by(pen.width))?;
    if !below.is_empty() {
        pen.word(&Word::tick(below, (left, 23.0), pen.theme.muted))?;
    }
    let foot = table.foot();
    for (x, label, side) in ticks {
        pen.down(*x, foot, foot + 5.0, Stroke::solid(pen.theme.ink, 1.0))?;
        let word = Word::tick(label.as_str(), (hair(*x), foot + 13.0), pen.theme.muted).side(*side);
        pen.word(&word.ending_by(pen.width))?;
    }
    Ok(())
}
