//! What stands in words beside an experiment: its buttons, how far it is, what was measured.

use super::{Section, State};
use crate::figure::text::whole;
use crate::lab::claim::{Table, words};

/// Words that never change.
pub mod label {
    /// Before the verdict.
    pub const MEASURED: &str = "Measured";
    /// Before where the claim fails.
    pub const BUT: &str = "But";
    /// Above the rule.
    pub const GRADED: &str = "How is this graded?";
    /// Above the tables.
    pub const NUMBERS: &str = "Numbers";
    /// Before the papers.
    pub const SOURCE: &str = "Source";
    /// Names the hidden list of a figure's runs.
    pub const RUNS: &str = "Runs of this figure";
}

/// Where a running sweep stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its jobs are handed out.
    Served,
    /// The same, by the page itself.
    ServedInPage,
    /// The file of digits is on its way.
    LoadingDigits,
    /// No worker has loaded yet.
    LoadingWorkers,
    /// Another one comes first.
    InLine,
    /// Nothing is handed out.
    OutOfSight,
}

/// The words of one experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The first button.
    pub main: &'static str,
    /// The second one, if it is of use.
    pub start_over: Option<&'static str>,
    /// How far it is.
    pub progress: String,
    /// What was measured, with its grade: the first sentence.
    pub lead: String,
    /// And the others.
    pub rest: String,
    /// Where the claim fails, or what it costs.
    pub but: String,
    /// How it is graded, and on how many seeds.
    pub rule: String,
    /// The numbers.
    pub tables: Vec<Table>,
}

impl Told {
    pub(super) fn of(section: &Section, standing: Standing) -> Self {
        let sweep = section.sweep();
        let report = sweep.report();
        let (lead, rest) = match (sweep.done(), report.verdict.grade) {
            (0, _) => ("Nothing has been run yet.".to_owned(), String::new()),
            (_, None) if report.verdict.so_far => {
                ("So far too few runs are over to judge by.".to_owned(), String::new())
            }
            _ => split(&tied(&report.verdict.text())),
        };
        // What a claim costs is said of a whole picture only: a rate that was not tried has not failed.
        let judged = report.verdict.grade.is_some() && !report.verdict.so_far;
        Self {
            main: main(section),
            start_over: (section.state != State::Waiting && !sweep.is_complete()).then_some("Start over"),
            progress: progress(section, standing),
            lead,
            rest,
            but: if judged { tied(&report.verdict.but) } else { String::new() },
            rule: format!("{} Here: {}.", report.verdict.rule, words::basis(sweep.plan().seeds)),
            tables: report.tables,
        }
    }
}

fn main(section: &Section) -> &'static str {
    match section.state {
        _ if section.sweep().is_complete() => "Run again",
        State::Waiting => "Run",
        State::Running => "Pause",
        State::Paused => "Resume",
        State::Failed(_) => "Try again",
    }
}

fn progress(section: &Section, standing: Standing) -> String {
    let sweep = section.sweep();
    let (done, total) = (whole(sweep.done() as u32), whole(sweep.total() as u32));
    if sweep.is_complete() {
        return format!("{total} runs, {}", sweep.plan().seed_words());
    }
    match &section.state {
        State::Waiting => format!("{total} runs"),
        State::Paused => format!("paused at run {done} of {total}"),
        State::Failed(reason) => reason.clone(),
        State::Running => match standing {
            Standing::Served => format!("run {done} of {total}{}", left(section)),
            Standing::ServedInPage => {
                format!("run {done} of {total}{}; slower, as no worker can be started here", left(section))
            }
            Standing::LoadingDigits => "loading the digits".to_owned(),
            Standing::LoadingWorkers => "loading the trainer".to_owned(),
            Standing::InLine => format!("run {done} of {total}, waits for its turn"),
            Standing::OutOfSight => format!("run {done} of {total}, goes on when seen"),
        },
    }
}

/// ", 4 s left", once there is something to go by.
fn left(section: &Section) -> String {
    let share = section.sweep().share_done();
    if share < 0.03 || section.seconds() < 0.5 {
        return String::new();
    }
    let seconds = section.seconds() * (1.0 - share) / share;
    match seconds.ceil() as u32 {
        seconds @ 0..120 => format!(", {} s left", seconds.max(1)),
        seconds => format!(", {} min left", seconds.div_ceil(60)),
    }
}

/// No line ends within a number or between it and its sign.
fn tied(text: &str) -> String {
    text.replace(" %", "\u{a0}%").replace(" × 10", "\u{a0}×\u{a0}10").replace('\u{2009}', "\u{202f}")
}

/// The first sentence, and the rest.
fn split(text: &str) -> (String, String) {
    match text.split_once(". ") {
        Some((first, rest)) => (format!("{first}."), rest.to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::claim::{Claim, Plan};

    #[test]
    fn numbers_do_not_end_a_sentence() {
        let (lead, rest) =
            split("Holds here: the largest rate is 1.8 with BN and 0.18 without. Of 19 rates 12.");
        assert!(lead.ends_with("0.18 without."), "{lead}");
        assert_eq!(rest, "Of 19 rates 12.");
        assert_eq!(split("None."), ("None.".to_owned(), String::new()));
    }

    #[test]
    fn no_line_ends_within_a_number() {
        let text = tied("10\u{2009}000 of 99.1 %, off by 1.1 × 10⁻⁹");
        assert_eq!(text, "10\u{202f}000 of 99.1\u{a0}%, off by 1.1\u{a0}×\u{a0}10⁻⁹");
        assert_eq!(tied("3 × 32 of 4"), "3 × 32 of 4");
    }

    #[test]
    fn nothing_is_claimed_before_anything_was_run() {
        for claim in Claim::ALL {
            let section = Section::new(Plan::usual(claim), 1, false);
            let told = Told::of(&section, Standing::OutOfSight);
            assert_eq!((told.main, told.start_over), ("Run", None));
            assert_eq!((told.lead.as_str(), told.but.as_str()), ("Nothing has been run yet.", ""));
            assert_eq!(told.progress, format!("{} runs", section.sweep().total()));
        }
    }
}
