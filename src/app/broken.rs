//! What is said once this program has failed in one element of a page, and what can be done about it.

/// The sentence.
pub const SENTENCE: &str = "An error in this program has stopped it here. Its settings are kept, and what is drawn stays until you start again.";
/// The button that goes on.
pub const AGAIN: &str = "Start again";
/// The button for who may mend it.
pub const COPY: &str = "Copy details";
/// Said of what was copied.
pub const COPIED: &str = "Copied";
/// Said of what was not, and stands in a box for the reader's own hand.
pub const SELECTED: &str = "Selected: copy it with your keyboard";

/// What a reader can send: the address, what failed and where, and the browser.
pub fn details(address: &str, words: &str, browser: &str) -> String {
    format!("{address}\n{words}\n{browser}")
}
