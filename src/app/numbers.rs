//! The figures' numbers as tables, for who cannot see a picture or wants digits.

use super::App;
use super::keys::Deed;
use crate::figure::text;
use crate::lab::experiment::Picture;
use crate::lab::frame::HISTOGRAM_REACH;
use crate::lab::history::Choices;
use crate::lab::sentence::percent;
use crate::lab::view::{LayerArmView, LayersView, Measure, Point, Scale};

/// Rows of a table over time, about.
const TIMES: usize = 10;

/// A table of words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' names, that of the rows first.
    pub head: Vec<String>,
    /// The rows: the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

/// The figures that have a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Fig. 1.
    Loss,
    /// Fig. 2.
    Learned,
    /// Fig. 3.
    Layers,
    /// Fig. 4.
    Detail,
}

impl Numbers {
    /// All of them, by the word the page knows them by.
    pub const ALL: [(&'static str, Self); 4] = [
        ("loss", Self::Loss),
        ("learned", Self::Learned),
        ("layers", Self::Layers),
        ("detail", Self::Detail),
    ];
}

const DASH: &str = "–";

impl App {
    /// A figure's numbers.
    pub fn numbers(&self, which: Numbers) -> Table {
        match which {
            Numbers::Loss => self.loss_numbers(),
            Numbers::Learned => self.learned_numbers(),
            Numbers::Layers => layer_numbers(&self.layers_now()),
            Numbers::Detail => detail_numbers(&self.layers_now()),
        }
    }

    /// What the read-out says at the chosen step, in one line; empty if no step is chosen.
    pub fn read_out(&self) -> String {
        let Some(step) = self.choices.cursor else { return String::new() };
        let view = self.history.loss_view(&self.choices);
        let arm = |a: usize| {
            let arm = &view.arms[a];
            let line = if self.choices.measure == Measure::Loss { &arm.smooth } else { &arm.test };
            let value = value_at(line, step).map_or(DASH.to_owned(), |value| self.said(value));
            format!("{} {value}", arm.name)
        };
        format!("Step {}: {}, {}.", text::whole(step), arm(0), arm(1))
    }

    /// What is read out after a key: the layer it chose, or the step.
    pub fn read_out_after(&self, deed: Deed) -> String {
        if matches!(deed, Deed::Layer(_)) { self.layer_read_out() } else { self.read_out() }
    }

    /// The chosen layer, at the chosen step if there is one, and else now.
    fn layer_read_out(&self) -> String {
        let view = self.layers_now();
        let Some(arms) = view.layers.get(view.selected) else { return String::new() };
        let value = |arm: &LayerArmView| match self.choices.cursor {
            Some(step) => value_at(&arm.gradient_history, step),
            None => arm.gradient,
        };
        let told = |a: usize| {
            let value = value(&arms[a]).map_or(DASH.to_owned(), text::scientific);
            format!("{} {value}", view.names[a])
        };
        let at = self.choices.cursor.map_or(String::new(), |step| format!(", step {}", text::whole(step)));
        let (layer, what) = (view.selected + 1, gradient_name(&view));
        format!("Layer {layer}{at}: {what} {}, {}.", told(0), told(1))
    }

    fn said(&self, value: f32) -> String {
        if self.choices.measure == Measure::Loss { text::loss(value) } else { percent(value) }
    }

    fn layers_now(&self) -> LayersView {
        self.history.layers_view(&self.choices)
    }

    fn loss_numbers(&self) -> Table {
        let log = Choices { measure: Measure::Loss, scale: Scale::Log, ..self.choices };
        let loss = self.history.loss_view(&log);
        let accuracy = self.history.loss_view(&Choices { measure: Measure::Accuracy, ..log });
        let mut head = vec!["step".to_owned()];
        for what in ["training loss", "test loss", "accuracy"] {
            head.extend(self.history.names().iter().map(|name| format!("{what}, {name}")));
        }
        let said = |value: Option<f32>, words: fn(f32) -> String| value.map_or(DASH.to_owned(), words);
        let row = |step: u32| {
            let mut row = vec![text::whole(step)];
            row.extend((0..2).map(|a| said(value_at(&loss.arms[a].smooth, step), text::loss)));
            row.extend((0..2).map(|a| said(value_at(&loss.arms[a].test, step), text::loss)));
            row.extend((0..2).map(|a| said(value_at(&accuracy.arms[a].test, step), percent)));
            row
        };
        Table { head, rows: times(self.history.step()).into_iter().map(row).collect() }
    }

    fn learned_numbers(&self) -> Table {
        let names = self.history.names().clone();
        let scores = self.history.scores();
        let share = |a: usize| scores[a].accuracy.map_or(DASH.to_owned(), percent);
        let mut rows = vec![vec!["test examples right".to_owned(), share(0), share(1)]];
        match self.experiment.picture() {
            Picture::Images => {
                let view = self.images_view();
                let class = |class: u8| self.class_name(usize::from(class));
                for (k, (name, &label)) in self.image_names().iter().zip(&view.labels).enumerate() {
                    let read = |a: usize| view.predictions[a].get(k).map_or(DASH.to_owned(), |&c| class(c));
                    rows.push(vec![format!("{name}, a {}", class(label)), read(0), read(1)]);
                }
            }
            Picture::Plane => {
                let solid = |a: usize| {
                    let view = self.history.boundary_view(a, &[]);
                    let solid = view.chance.iter().filter(|chance| **chance >= 0.5).count();
                    match view.chance.len() {
                        0 => DASH.to_owned(),
                        cells => percent(solid as f32 / cells as f32),
                    }
                };
                rows.push(vec!["share of the plane taken for solid".to_owned(), solid(0), solid(1)]);
            }
            Picture::Counts => {
                let classes = self.shown.classes.len();
                let counts = [0, 1].map(|a| self.history.counts_view(a, &self.shown.classes).counts);
                for k in 0..classes * classes {
                    let (is, taken) = (self.class_name(k / classes), self.class_name(k % classes));
                    let count = |a: usize| counts[a].get(k).map_or(DASH.to_owned(), u32::to_string);
                    rows.push(vec![format!("{is} taken for {taken}"), count(0), count(1)]);
                }
            }
        }
        Table { head: [String::new()].into_iter().chain(names).collect(), rows }
    }

    fn class_name(&self, class: usize) -> String {
        self.shown.classes.get(class).cloned().unwrap_or_else(|| class.to_string())
    }
}

fn gradient_name(view: &LayersView) -> String {
    format!("RMS of {}", view.gradient_of.symbol())
}

fn layer_numbers(view: &LayersView) -> Table {
    let mut columns: Vec<(String, Cell)> = Vec::new();
    let mut both = |what: &str, cell: fn(&LayerArmView) -> String| {
        for (a, name) in view.names.iter().enumerate() {
            columns.push((format!("{what}, {name}"), Cell { arm: a, words: cell }));
        }
    };
    both("input, 15th to 85th percentile", |arm| spread(&arm.histogram));
    both(&gradient_name(view), |arm| arm.gradient.map_or(DASH.to_owned(), text::scientific));
    if let Some(word) = view.silent_word {
        both(&format!("{} units", word.to_lowercase()), |arm| {
            arm.silent.map_or(DASH.to_owned(), |count| count.to_string())
        });
    }
    if view.layers.iter().any(|[_, with]| !with.gamma.is_empty()) {
        columns.push(("γ".to_owned(), Cell { arm: 1, words: |arm| range(&arm.gamma) }));
        columns.push(("β".to_owned(), Cell { arm: 1, words: |arm| range(&arm.beta) }));
    }
    let row = |(l, arms): (usize, &[LayerArmView; 2])| {
        let cells = columns.iter().map(|(_, cell)| (cell.words)(&arms[cell.arm]));
        core::iter::once(format!("{}", l + 1)).chain(cells).collect()
    };
    let rows = view.layers.iter().enumerate().map(row).collect();
    let names = columns.iter().map(|(name, _)| name.clone());
    Table { head: core::iter::once("layer".to_owned()).chain(names).collect(), rows }
}

/// A column of the layers' table: whose, and how it is said.
struct Cell {
    arm: usize,
    words: fn(&LayerArmView) -> String,
}

fn detail_numbers(view: &LayersView) -> Table {
    let mut head = vec!["step".to_owned()];
    for what in ["15th, 50th, 85th percentile".to_owned(), gradient_name(view)] {
        head.extend(view.names.iter().map(|name| format!("{what}, {name}")));
    }
    let Some(arms) = view.layers.get(view.selected) else { return Table { head, rows: Vec::new() } };
    let row = |step: u32| {
        let mut row = vec![text::whole(step)];
        for arm in arms {
            let last = arm.percentiles.iter().take_while(|(at, _)| *at <= step as f32).last();
            row.push(last.map_or(DASH.to_owned(), |(_, p)| p.map(|v| text::fixed(v, 2)).join(", ")));
        }
        for arm in arms {
            row.push(value_at(&arm.gradient_history, step).map_or(DASH.to_owned(), text::scientific));
        }
        row
    };
    Table { head, rows: times(view.step).into_iter().map(row).collect() }
}

/// The value at a step: the last one known by then.
fn value_at(points: &[Point], step: u32) -> Option<f32> {
    points.iter().take_while(|point| point.step <= step as f32).last().map(|point| point.value)
}

/// Steps to tell of: round ones, and the last.
fn times(step: u32) -> Vec<u32> {
    let wanted = (step / TIMES as u32).max(1);
    let round = [1, 2, 5].into_iter().cycle().zip((0..10).flat_map(|e| [10_u32.pow(e); 3]));
    let stride = round.map(|(digit, power)| digit * power).find(|stride| *stride >= wanted).unwrap_or(wanted);
    let mut steps: Vec<u32> = (0..=step).step_by(stride as usize).collect();
    if steps.last() != Some(&step) {
        steps.push(step);
    }
    steps
}

/// The 15th and 85th percentile of a histogram, by its bins.
fn spread(histogram: &[f32]) -> String {
    if histogram.is_empty() {
        return DASH.to_owned();
    }
    let width = 2.0 * HISTOGRAM_REACH / histogram.len() as f32;
    let at = |share: f32| {
        let mut sum = 0.0;
        let bin = histogram.iter().position(|part| {
            sum += part;
            sum >= share
        });
        -HISTOGRAM_REACH + (bin.unwrap_or(histogram.len() - 1) as f32 + 0.5) * width
    };
    format!("{} to {}", text::fixed(at(0.15), 1), text::fixed(at(0.85), 1))
}

/// Lowest and highest.
fn range(values: &[f32]) -> String {
    let low = values.iter().copied().fold(f32::INFINITY, f32::min);
    let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if values.is_empty() {
        DASH.to_owned()
    } else {
        format!("{} to {}", text::fixed(low, 2), text::fixed(high, 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Msg;
    use crate::lab::comparison::Comparison;
    use crate::lab::link;
    use crate::lab::wire::Report;

    /// A page that shows a real run.
    fn after(share_link: &str, steps: u32) -> App {
        let mut app = App::new(share_link, true);
        app.update(Msg::Report(Report::Ready));
        app.update(Msg::Tick(0.0));
        let (experiment, _) = link::read(share_link);
        let mut run = Comparison::new(experiment.clone(), experiment.dataset(None).unwrap(), 3).unwrap();
        (0..steps).for_each(|_| run.advance());
        let frame = Box::new(run.frame(true));
        app.update(Msg::Report(Report::Frame { generation: app.generation, frame }));
        app
    }

    #[test]
    fn steps_are_round_and_end_with_the_last() {
        assert_eq!(times(0), [0]);
        assert_eq!(times(7), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(times(423), [0, 50, 100, 150, 200, 250, 300, 350, 400, 423]);
        assert_eq!(times(2000).len(), 11);
    }

    #[test]
    fn the_numbers_are_those_of_the_score_table_and_the_arms_are_not_swapped() {
        let app = after("l=3&w=8&b=64", 60);
        let table = app.numbers(Numbers::Loss);
        assert_eq!(table.head[1..3], ["training loss, without BN", "training loss, with BN"]);
        let last = table.rows.last().unwrap();
        let scores = app.history.scores();
        for a in 0..2 {
            assert_eq!(last[0], "60");
            assert_eq!(last[3 + a], text::loss(scores[a].test_loss.unwrap()));
            assert_eq!(last[5 + a], percent(scores[a].accuracy.unwrap()));
        }
        assert_ne!(last[3], last[4]);
        assert!(table.rows.iter().all(|row| row.len() == table.head.len()));
    }

    #[test]
    fn layers_have_a_row_each_and_only_the_second_network_has_gamma() {
        let app = after("l=3&w=8&b=64", 20);
        let table = app.numbers(Numbers::Layers);
        assert_eq!((table.rows.len(), table.head.len()), (3, 1 + 2 + 2 + 2 + 2));
        assert!(
            table.rows.iter().all(|row| row.len() == table.head.len() && !row.contains(&DASH.to_owned()))
        );
        assert!(table.head.contains(&"silent units, without BN".to_owned()));
        let sigmoid = after("l=3&w=8&b=64&a=sigmoid", 5);
        assert!(sigmoid.numbers(Numbers::Layers).head.contains(&"saturated units, with BN".to_owned()));
        let linear = after("l=3&w=8&b=64&a=linear", 5);
        assert_eq!(linear.numbers(Numbers::Layers).head.len(), 1 + 2 + 2 + 2);
        assert_eq!(app.numbers(Numbers::Detail).rows.last().unwrap().len(), 5);
    }

    #[test]
    fn the_read_out_tells_both_arms_at_the_chosen_step() {
        let mut app = after("l=3&w=8&b=64", 60);
        assert_eq!(app.read_out(), "");
        app.choices.cursor = Some(40);
        let told = app.read_out();
        let row = app.numbers(Numbers::Loss).rows.into_iter().find(|row| row[0] == "40").unwrap();
        assert_eq!(told, format!("Step 40: without BN {}, with BN {}.", row[1], row[2]));
        assert_eq!(app.read_out_after(Deed::Cursor(1)), told);
    }

    #[test]
    fn the_read_out_names_the_layer_that_a_key_has_chosen() {
        let mut app = after("l=3&w=8&b=64", 60);
        app.choices.layer = 0;
        app.update(Msg::Key(Deed::Layer(1)));
        let told = app.read_out_after(Deed::Layer(1));
        let row = &app.numbers(Numbers::Layers).rows[1];
        assert_eq!(told, format!("Layer 2: RMS of ∂L/∂a without BN {}, with BN {}.", row[3], row[4]));
        app.choices.cursor = Some(40);
        let told = app.read_out_after(Deed::Layer(1));
        let row = app.numbers(Numbers::Detail).rows.into_iter().find(|row| row[0] == "40").unwrap();
        assert_eq!(
            told,
            format!("Layer 2, step 40: RMS of ∂L/∂a without BN {}, with BN {}.", row[3], row[4])
        );
    }
}
