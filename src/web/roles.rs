//! The page's named places, looked up once: a frame asks for dozens of them, and the document has thousands of elements.

use std::cell::RefCell;
use std::collections::HashMap;

use web_sys::{Element, HtmlElement};

use super::dom;

/// Every element with a `data-role`, by that name.
pub(super) struct Roles {
    places: HashMap<String, Vec<HtmlElement>>,
    /// What was written last: an element that is not read need not be laid out.
    written: RefCell<HashMap<String, String>>,
}

impl Roles {
    /// Those below `root`.
    pub(super) fn of(root: &Element) -> Self {
        let mut places: HashMap<String, Vec<HtmlElement>> = HashMap::new();
        for element in dom::all(root, "[data-role]") {
            places.entry(element.get_attribute("data-role").unwrap_or_default()).or_default().push(element);
        }
        Self { places, written: RefCell::default() }
    }

    /// The first element of this name.
    pub(super) fn get(&self, name: &str) -> Option<&HtmlElement> {
        self.places.get(name)?.first()
    }

    /// Sets the text of all elements of this name, if it is another one. Nobody else may write there.
    pub(super) fn write(&self, name: &str, words: &str) {
        let mut written = self.written.borrow_mut();
        if written.get(name).is_some_and(|last| last == words) {
            return;
        }
        for place in self.places.get(name).into_iter().flatten() {
            dom::write(place, words);
        }
        written.insert(name.to_owned(), words.to_owned());
    }
}
