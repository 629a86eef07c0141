//! The keyboard: one table of keys, read by the page's ears and by its list of keys alike.
//!
//! Keys of one character count only where no input has the focus, and a reader can turn them off; arrows count only
//! in a figure, so that elsewhere they scroll the page as ever.

use super::{App, Effect, Msg};
use crate::lab::history::last_step;
use crate::lab::view::Scale;

/// Where the focus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// In a field, a slider or a list, which have keys of their own.
    Input,
    /// On a button, a link or a fold, which the space bar and Enter press.
    Button,
    /// In a figure of the lab.
    Figure,
    /// Nowhere in particular.
    Page,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Train or pause.
    Train,
    /// One step.
    Step,
    /// From step 0.
    Reset,
    /// The layer above (-1) or below (1).
    Layer(i32),
    /// The read-out a little back (-1) or on (1).
    Cursor(i32),
    /// Shuts the open panel, or takes the read-out away.
    Escape,
    /// Log or linear.
    Scale,
    /// Light or dark.
    Theme,
    /// To the experiment with this number; 0 is the lab.
    Experiment(u32),
    /// The list of keys.
    List,
}

/// One row of the table.
pub struct Key {
    /// As the list shows it.
    pub shown: &'static str,
    /// What it does, for the list.
    pub words: &'static str,
    /// As the browser names it, and what each does.
    keys: &'static [(&'static str, Deed)],
    /// Only in a figure.
    in_figures: bool,
}

const fn anywhere(shown: &'static str, words: &'static str, keys: &'static [(&'static str, Deed)]) -> Key {
    Key { shown, words, keys, in_figures: false }
}

const fn in_figures(shown: &'static str, words: &'static str, keys: &'static [(&'static str, Deed)]) -> Key {
    Key { shown, words, keys, in_figures: true }
}

/// Every key, in the order of the list.
pub static KEYS: [Key; 10] = [
    anywhere("Space", "train or pause", &[(" ", Deed::Train)]),
    anywhere("s", "one step", &[("s", Deed::Step)]),
    anywhere("r", "reset: step 0, same seed", &[("r", Deed::Reset)]),
    anywhere("l", "loss: log or linear scale", &[("l", Deed::Scale)]),
    anywhere("d", "dark or light", &[("d", Deed::Theme)]),
    anywhere(
        "1 to 8",
        "go to an experiment",
        &[
            ("1", Deed::Experiment(1)),
            ("2", Deed::Experiment(2)),
            ("3", Deed::Experiment(3)),
            ("4", Deed::Experiment(4)),
            ("5", Deed::Experiment(5)),
            ("6", Deed::Experiment(6)),
            ("7", Deed::Experiment(7)),
            ("8", Deed::Experiment(8)),
        ],
    ),
    anywhere("?", "this list", &[("?", Deed::List)]),
    anywhere("Esc", "shut the panel, or take the read-out away", &[("Escape", Deed::Escape)]),
    in_figures(
        "← →",
        "in a figure: read out an earlier or a later step",
        &[("ArrowLeft", Deed::Cursor(-1)), ("ArrowRight", Deed::Cursor(1))],
    ),
    in_figures(
        "↑ ↓",
        "in a figure: the layer above or below",
        &[("ArrowUp", Deed::Layer(-1)), ("ArrowDown", Deed::Layer(1))],
    ),
];

/// Parts of the time axis that one press of an arrow passes.
const STRIDES: u32 = 100;

/// A key was pressed, without Ctrl, Alt or Meta.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// As the browser names it.
    pub key: &'a str,
    /// Where the focus is.
    pub focus: Focus,
    /// The key is being held.
    pub repeated: bool,
}

impl App {
    /// What a key means now, if anything; the page must not act on it again.
    pub fn key(&self, press: Press<'_>) -> Option<Deed> {
        let row = KEYS.iter().find(|row| row.keys.iter().any(|(name, _)| *name == press.key))?;
        let (_, deed) = *row.keys.iter().find(|(name, _)| *name == press.key)?;
        let one_character = press.key.chars().count() == 1;
        let allowed = match press.focus {
            _ if deed == Deed::Escape => true,
            _ if one_character && !self.single_keys => false,
            Focus::Input => false,
            Focus::Button => press.key != " ",
            Focus::Figure | Focus::Page => true,
        };
        let in_place = !row.in_figures || press.focus == Focus::Figure;
        let once = !press.repeated || row.in_figures;
        (allowed && in_place && once).then_some(deed)
    }

    /// Does what a key says.
    pub(super) fn act(&mut self, deed: Deed) -> Vec<Effect> {
        match deed {
            Deed::Train => self.update(Msg::TrainOrPause),
            Deed::Step => self.update(Msg::Step),
            Deed::Reset => self.update(Msg::Reset),
            Deed::Layer(by) => {
                let last = self.experiment.hidden_layers as usize - 1;
                self.choices.layer = self.choices.layer.saturating_add_signed(by as isize).min(last);
                vec![Effect::Redraw]
            }
            Deed::Cursor(by) => {
                let (step, stride) = (self.history.step(), last_step(self.history.step()) / STRIDES);
                let from = self.choices.cursor.unwrap_or(step).min(step);
                let to = from.saturating_add_signed(by * stride.max(1) as i32).min(step);
                self.choices.cursor = Some(to);
                vec![Effect::Redraw]
            }
            Deed::Escape => {
                self.choices.cursor = None;
                vec![Effect::ShutPanel, Effect::Redraw]
            }
            Deed::Scale => {
                let scale = &mut self.choices.scale;
                *scale = if *scale == Scale::Log { Scale::Linear } else { Scale::Log };
                vec![Effect::Redraw]
            }
            Deed::Theme => vec![Effect::SwitchTheme, Effect::Redraw],
            Deed::Experiment(number) => vec![Effect::ShowExperiment(number)],
            Deed::List => vec![Effect::TogglePanel("keys")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::Claim;

    fn app() -> App {
        App::new("", true)
    }

    fn press(app: &App, key: &str, focus: Focus) -> Option<Deed> {
        app.key(Press { key, focus, repeated: false })
    }

    #[test]
    fn no_key_stands_in_two_rows_and_every_row_does_something() {
        let mut names: Vec<&str> =
            KEYS.iter().flat_map(|row| row.keys.iter().map(|(name, _)| *name)).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(KEYS.iter().all(|row| !row.keys.is_empty() && !row.words.is_empty()));
    }

    #[test]
    fn every_experiment_has_its_number() {
        let row = KEYS.iter().find(|row| row.keys.iter().any(|(name, _)| *name == "1")).unwrap();
        let count = Claim::ALL.len();
        assert_eq!((row.keys.len(), row.shown), (count, format!("1 to {count}").as_str()));
        for (number, (name, deed)) in (1..).zip(row.keys) {
            assert_eq!((*name, *deed), (number.to_string().as_str(), Deed::Experiment(number)));
        }
    }

    #[test]
    fn an_input_keeps_its_keys_and_a_button_its_space() {
        let app = app();
        for key in [" ", "s", "r", "l", "d", "1", "?", "ArrowUp", "ArrowLeft"] {
            assert_eq!(press(&app, key, Focus::Input), None, "{key}");
        }
        assert_eq!(press(&app, " ", Focus::Button), None);
        assert_eq!(press(&app, "s", Focus::Button), Some(Deed::Step));
        assert_eq!(press(&app, "Escape", Focus::Input), Some(Deed::Escape));
        assert_eq!(press(&app, "x", Focus::Page), None);
    }

    #[test]
    fn arrows_scroll_the_page_unless_a_figure_has_the_focus() {
        let app = app();
        for key in ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] {
            assert_eq!(press(&app, key, Focus::Page), None);
            assert!(press(&app, key, Focus::Figure).is_some());
        }
        let held = |key| app.key(Press { key, focus: Focus::Figure, repeated: true });
        assert_eq!((held("ArrowLeft"), held("s")), (Some(Deed::Cursor(-1)), None));
    }

    #[test]
    fn single_keys_can_be_turned_off_and_the_others_stay() {
        let mut app = app();
        app.update(Msg::SingleKeys(false));
        for key in ["s", " ", "?"] {
            assert_eq!(press(&app, key, Focus::Page), None, "{key}");
        }
        assert_eq!(press(&app, "ArrowUp", Focus::Figure), Some(Deed::Layer(-1)));
        assert_eq!(press(&app, "Escape", Focus::Page), Some(Deed::Escape));
    }

    #[test]
    fn layers_and_steps_stay_within_what_there_is() {
        let mut app = app();
        for _ in 0..20 {
            app.update(Msg::Key(Deed::Layer(1)));
        }
        assert_eq!(app.choices.layer, 7);
        app.update(Msg::Key(Deed::Cursor(1)));
        assert_eq!(app.choices.cursor, Some(0));
        app.update(Msg::Key(Deed::Cursor(-1)));
        assert_eq!(app.choices.cursor, Some(0));
        app.update(Msg::Key(Deed::Escape));
        assert_eq!(app.choices.cursor, None);
    }
}
