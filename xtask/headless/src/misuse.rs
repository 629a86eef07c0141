//! Arguments that cannot be followed: one sentence for who typed them.

use std::fmt;

/// A sentence about the arguments.
#[derive(Debug)]
pub(crate) struct Misuse(String);

/// That sentence as an error.
pub(crate) fn misuse(sentence: impl Into<String>) -> anyhow::Error {
    Misuse(sentence.into()).into()
}

impl fmt::Display for Misuse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}
