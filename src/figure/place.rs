//! Places for words among lines and other words: a word goes where it hides nothing, or else the least.

use plotters::style::RGBColor;
use plotters_backend::DrawingBackend;

use super::pen::{Drawn, Pen, Side, Word};
use super::theme::{TEXT, TICK};

/// Left, top, right, bottom in CSS pixels.
pub type Bounds = [f32; 4];

/// Whether two rectangles share more than an edge.
#[must_use]
pub fn meet(a: Bounds, b: Bounds) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// A stretch of the sheet and what is on it already.
pub struct Room {
    bounds: Bounds,
    taken: Vec<Bounds>,
    ink: Vec<(f32, f32)>,
}

impl Room {
    /// An empty one.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, taken: Vec::new(), ink: Vec::new() }
    }

    /// No word may touch this.
    pub fn take(&mut self, bounds: Bounds) {
        self.taken.push(bounds);
    }

    /// Two labels on one line need more than a space between them.
    fn keep_clear(&mut self, label: &Label) {
        let [left, top, right, bottom] = label.bounds();
        self.take([left - 8.0, top, right + 8.0, bottom]);
    }

    /// Words keep off this polyline if they can. Points beyond ±10 000 px are left out.
    pub fn avoid(&mut self, line: &[(f32, f32)]) {
        let near = |p: &&(f32, f32)| p.0.abs() < 1e4 && p.1.abs() < 1e4;
        self.ink.extend(line.iter().filter(near));
        for pair in line.windows(2).filter(|pair| pair.iter().all(|p| near(&p))) {
            let (a, b) = (pair[0], pair[1]);
            let parts = ((b.0 - a.0).abs().max((b.1 - a.1).abs()) / 3.0).floor() as u32;
            for k in 1..parts.max(1) {
                let t = k as f32 / parts as f32;
                self.ink.push((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)));
            }
        }
    }

    /// How many points of ink a rectangle would hide; `None` if it leaves the room or meets what is taken.
    #[must_use]
    pub fn hidden(&self, wanted: Bounds) -> Option<usize> {
        let [left, top, right, bottom] = self.bounds;
        let inside = wanted[0] >= left && wanted[1] >= top && wanted[2] <= right && wanted[3] <= bottom;
        if !inside || self.taken.iter().any(|t| meet(*t, wanted)) {
            return None;
        }
        let wide = [wanted[0] - 3.0, wanted[1] - 3.0, wanted[2] + 3.0, wanted[3] + 3.0];
        let under = |p: &&(f32, f32)| p.0 > wide[0] && p.0 < wide[2] && p.1 > wide[1] && p.1 < wide[3];
        Some(self.ink.iter().filter(under).count())
    }

    /// The first of the candidates that hides nothing at all; its place is then taken.
    pub fn place_free(&mut self, candidates: impl IntoIterator<Item = Label>) -> Option<Label> {
        let label = candidates.into_iter().find(|c| self.hidden(c.bounds()) == Some(0))?;
        self.keep_clear(&label);
        Some(label)
    }

    /// The first of the candidates that hides nothing, or the one that hides the least; its place is then taken.
    pub fn place(&mut self, candidates: impl IntoIterator<Item = Label>) -> Option<Label> {
        let allowed = candidates.into_iter().filter_map(|c| Some((self.hidden(c.bounds())?, c)));
        let mut best: Option<(usize, Label)> = None;
        for (hidden, label) in allowed {
            if best.as_ref().is_none_or(|b| hidden < b.0) {
                let free = hidden == 0;
                best = Some((hidden, label));
                if free {
                    break;
                }
            }
        }
        let (_, label) = best?;
        self.keep_clear(&label);
        Some(label)
    }
}

/// A name in bold and what is said of it, on one line.
#[derive(Clone, Debug)]
pub struct Label {
    /// In bold; may be empty.
    pub name: String,
    /// After it, smaller; may be empty.
    pub tail: String,
    /// Place of the side named, at half the height of a capital.
    pub at: (f32, f32),
    /// Which side of the whole is at the place.
    pub side: Side,
    /// Colour of the name.
    pub color: RGBColor,
    /// Colour of the tail.
    pub tail_color: RGBColor,
}

/// Between name and tail.
const GAP: f32 = 6.0;

impl Label {
    /// A name alone, still without a place.
    #[must_use]
    pub fn new(name: impl Into<String>, color: RGBColor) -> Self {
        Self {
            name: name.into(),
            tail: String::new(),
            at: (0.0, 0.0),
            side: Side::Left,
            color,
            tail_color: color,
        }
    }

    /// Words that are no name, still without a place.
    #[must_use]
    pub fn plain(says: impl Into<String>, color: RGBColor) -> Self {
        Self::new("", color).tail(says, color)
    }

    /// The same with something said of it.
    #[must_use]
    pub fn tail(self, says: impl Into<String>, color: RGBColor) -> Self {
        Self { tail: says.into(), tail_color: color, ..self }
    }

    /// The two words, put beside each other.
    #[must_use]
    pub fn words(&self) -> Vec<Word> {
        let name = Word::new(self.name.as_str(), self.at, self.color).bold();
        let tail = Word::tick(self.tail.as_str(), self.at, self.tail_color);
        let widths = [name.width(), tail.width()];
        let gap = if self.name.is_empty() || self.tail.is_empty() { 0.0 } else { GAP };
        let whole = widths[0] + gap + widths[1];
        let left = match self.side {
            Side::Left => self.at.0,
            Side::Middle => self.at.0 - whole / 2.0,
            Side::Right => self.at.0 - whole,
        };
        // The rule for widths errs on the wide side: the gap must not grow by it, so the tail hangs on the name
        // from the side that is fixed.
        let mut words = Vec::new();
        if !self.name.is_empty() {
            words.push(Word { at: (left, self.at.1), ..name });
        }
        if !self.tail.is_empty() {
            words.push(Word { at: (left + widths[0] + gap, self.at.1), ..tail });
        }
        words
    }

    /// The rectangle of the whole.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let half = 0.58 * TEXT.max(TICK);
        let words = self.words();
        let left = words.first().map_or(self.at.0, |w| w.bounds()[0]);
        let right = words.last().map_or(self.at.0, |w| w.bounds()[2]);
        [left, self.at.1 - half, right, self.at.1 + half]
    }

    /// The same elsewhere.
    #[must_use]
    pub fn moved(&self, at: (f32, f32), side: Side) -> Self {
        Self { at, side, ..self.clone() }
    }

    /// Puts it down, on a patch of paper if it would cross lines.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend>(&self, pen: &Pen<'_, B>, on_paper: bool) -> Drawn<B> {
        if on_paper {
            let [left, top, right, bottom] = self.bounds();
            pen.block([left - 2.0, top, right + 2.0, bottom], pen.theme.paper)?;
        }
        self.words().iter().try_for_each(|word| pen.word(word))
    }
}

/// Which side of a line a label is tried on first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// Where the label's beginning is next to a line that rises or falls.
    Near,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// Places for a label close to a line, or to a band between two, over a stretch of the sheet: the flatter the line
/// is along the label the better, then from left to right.
#[must_use]
pub fn along(
    [low, high]: [&[(f32, f32)]; 2],
    label: &Label,
    [from, to]: [f32; 2],
    first: First,
) -> Vec<Label> {
    let [left, _, right, _] = label.bounds();
    let wide = right - left;
    let span = (to - from - wide - 3.0).max(0.0);
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for step in 0..=24 {
        let x = from + 3.0 + span * step as f32 / 24.0;
        let near = |edge: &[(f32, f32)], worst: fn(f32, f32) -> f32| {
            let heights = heights(edge, x - 8.0, x + wide + 8.0);
            Some((heights.iter().copied().reduce(worst)?, heights.iter().copied().reduce(other(worst))?))
        };
        // Steepness in steps of 8 px, so that it only decides where it is plain.
        let rank = |(worst, best): (f32, f32)| ((worst - best).abs() / 8.0) as u32;
        if let Some(ends) = near(high, f32::min) {
            above.push((rank(ends), label.moved((x, ends.0 - 12.0), Side::Left)));
        }
        if let Some(ends) = near(low, f32::max) {
            below.push((rank(ends), label.moved((x, ends.0 + 12.0), Side::Left)));
        }
    }
    let rises = high.first().zip(high.last()).is_some_and(|(first, last)| first.1 > last.1);
    let below_first = first == First::Below || (first == First::Near && rises);
    for side in [&mut above, &mut below] {
        side.sort_by_key(|(rank, _)| *rank);
    }
    let places = if below_first { [below, above].concat() } else { [above, below].concat() };
    places.into_iter().map(|(_, label)| label).collect()
}

fn other(worst: fn(f32, f32) -> f32) -> fn(f32, f32) -> f32 {
    if worst(0.0, 1.0) == 0.0 { f32::max } else { f32::min }
}

/// Heights of a polyline between two places: its corners there, and where it enters and leaves.
fn heights(line: &[(f32, f32)], from: f32, to: f32) -> Vec<f32> {
    let mut heights: Vec<f32> = line.iter().filter(|p| p.0 >= from && p.0 <= to).map(|p| p.1).collect();
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        for x in [from, to].into_iter().filter(|x| *x > a.0 && *x < b.0) {
            heights.push(a.1 + (x - a.0) / (b.0 - a.0) * (b.1 - a.1));
        }
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(at: (f32, f32)) -> Label {
        let black = RGBColor(0, 0, 0);
        Label::new("with BN", black).tail("3 of 9", black).moved(at, Side::Left)
    }

    #[test]
    fn a_label_goes_where_it_hides_nothing() {
        let mut room = Room::new([0.0, 0.0, 400.0, 100.0]);
        room.avoid(&[(0.0, 20.0), (400.0, 20.0)]);
        let placed = room.place([label((10.0, 20.0)), label((10.0, 60.0)), label((10.0, 80.0))]).unwrap();
        assert_eq!(placed.at, (10.0, 60.0));
        let placed = room.place([label((20.0, 62.0)), label((20.0, 24.0))]).unwrap();
        assert_eq!(placed.at, (20.0, 24.0), "rather on a line than on a word");
        assert!(room.place([label((380.0, 60.0)), label((10.0, 98.0))]).is_none(), "never off the sheet");
    }

    #[test]
    fn both_words_lie_within_the_bounds() {
        for side in [Side::Left, Side::Middle, Side::Right] {
            let label = label((200.0, 50.0)).moved((200.0, 50.0), side);
            let whole = label.bounds();
            for word in label.words() {
                let b = word.bounds();
                assert!(b[0] >= whole[0] - 0.01 && b[2] <= whole[2] + 0.01, "{side:?}");
            }
        }
        assert_eq!(label((0.0, 0.0)).moved((9.0, 5.0), Side::Right).bounds()[2], 9.0);
    }
}
