//! Compares a figure with its golden picture, or with `BLESS=1` writes it.

use std::fs;
use std::path::PathBuf;

use batchnorm_playground::figure::{DisplayList, Figure, Theme, svg};

/// `tests/golden/<name>.svg`, byte for byte; and the same by way of a list of shapes, which is how a worker draws it.
pub(crate) fn check(name: &str, figure: Figure<'_>, size: (u32, u32), theme: &Theme) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.svg"));
    let drawn = figure.svg(size, theme);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &drawn).unwrap();
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == drawn, "{name} differs from {}: look at both, then bless", path.display());
    let list = DisplayList::of(size, |paper| figure.whole(paper, theme));
    let list = DisplayList::read(&list.bytes()).unwrap();
    assert!(
        svg::document(size, |paper| list.draw(paper)).unwrap() == drawn,
        "{name} is another one by its list"
    );
}
