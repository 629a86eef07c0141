//! What is wrong with a file that the reader brought: one sentence, and where in a table to look.

/// What is wrong with a file: one sentence, and where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// For the reader.
    pub sentence: String,
    /// The rows around it, if it is in a table's row.
    pub place: Option<Place>,
}

/// A place in a table. Rows and columns are counted from 1, as a spreadsheet does: the header and blank rows count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The row.
    pub row: usize,
    /// The column, if it is one cell.
    pub column: Option<usize>,
    /// The row with its neighbours, in order.
    pub around: Vec<Line>,
}

/// A row as it stands in the file, cut to a line's length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub row: usize,
    /// Left of what is marked; all of a row where nothing is.
    pub before: String,
    /// To be marked.
    pub bad: String,
    /// Right of it.
    pub after: String,
}

impl Complaint {
    /// One that is not about a row.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), place: None }
    }

    /// The same with the file's name in front: "seeds.csv, row 17, column 3: ...".
    #[must_use]
    pub fn of(mut self, file: &str) -> Self {
        let file = shortened(file, 40);
        let mut letters = self.sentence.chars();
        let first =
            letters.next().map(|letter| String::from(letter.to_ascii_lowercase())).unwrap_or_default();
        let starts_with_a_place = ["Row ", "At byte "].iter().any(|word| self.sentence.starts_with(word));
        let separator = if starts_with_a_place && self.sentence.contains(": ") { "," } else { ":" };
        self.sentence = format!("{file}{separator} {first}{}", letters.as_str());
        self
    }
}

/// Text from outside, cut after so many letters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(core::iter::once('…')).collect()
}
