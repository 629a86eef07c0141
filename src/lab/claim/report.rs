//! What comes of a sweep, in words and numbers: a grade, the sentences beside it, tables. How it is found stands in
//! each claim's file.

use serde::Serialize;

/// How a claim did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Grade {
    /// As claimed, in this setting.
    Holds,
    /// In part.
    Mixed,
    /// Not in this setting.
    NotHere,
}

impl Grade {
    /// As a verdict starts.
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "Holds here",
            Self::Mixed => "Mixed",
            Self::NotHere => "Not here",
        }
    }
}

/// What a claim's file makes of a sweep.
pub(crate) struct Finding {
    pub(crate) grade: Option<Grade>,
    pub(crate) measured: String,
    pub(crate) but: String,
    pub(crate) tables: Vec<Table>,
}

/// A grade and the sentences beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// None before there is enough to judge by.
    pub grade: Option<Grade>,
    /// Whether jobs are still to come.
    pub so_far: bool,
    /// What was measured.
    pub measured: String,
    /// How the grade follows from it, fixed beforehand.
    pub rule: String,
    /// Where the claim fails, or what it costs: measured as well.
    pub but: String,
    /// "one run" or "medians over 3 seeds".
    pub basis: String,
}

impl Verdict {
    /// "So far: Holds here: ..."
    pub fn text(&self) -> String {
        let so_far = if self.so_far { "So far: " } else { "" };
        match self.grade {
            Some(grade) => format!("{so_far}{}: {}", grade.words(), self.measured),
            None => format!("{so_far}{}", self.measured),
        }
    }
}

/// Everything measured, as text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The claim.
    pub claim: String,
    /// The controls in words.
    pub setting: String,
    /// What came of it.
    pub verdict: Verdict,
    /// The numbers.
    pub tables: Vec<Table>,
}

/// Rows of text under a caption.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// What the rows hold.
    pub caption: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// As wide as the heads.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// No rows yet.
    pub(crate) fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }
}
