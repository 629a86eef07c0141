//! The section on gamma and beta: a pair set by sliders, buttons or by dragging the figure, over a unit of the lab's
//! network or of the experiment's own. A message in, whether anything changed out. Pure.

use crate::figure::{Figure, Handle};
use crate::lab::claim::Claim;
use crate::lab::claim::gamma;
use crate::lab::claim::gamma::pair::{self, Over, SPECIAL, Told, Whose};
use crate::lab::claim::outcome::Unit;
use crate::lab::claim::plate;
use crate::lab::claim::view::GammaView;
use crate::lab::unit::Looked;

/// A place in the figure and the figure's size, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Width and height of the figure.
    pub size: (u32, u32),
    /// From its left edge.
    pub x: f32,
    /// From its top edge.
    pub y: f32,
}

/// Whose unit the reader wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Of the network in the lab, while it has batch norm.
    Lab,
    /// Of the experiment's own.
    Own,
}

impl Source {
    /// Both, in the order of their buttons.
    pub const ALL: [Self; 2] = [Self::Lab, Self::Own];

    /// On the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Lab => "the lab\u{2019}s network",
            Self::Own => "its own",
        }
    }
}

/// Beside the sliders.
pub const LABELS: [&str; 2] = ["\u{3b3}, the spread", "\u{3b2}, the mean"];

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// The slider of gamma.
    Gamma(f32),
    /// The slider of beta.
    Beta(f32),
    /// A button: one of [`SPECIAL`], or after them the one that undoes.
    Button(usize),
    /// Over which values.
    Over(Over),
    /// Of which network.
    Source(Source),
    /// A finger or a pointer went down.
    Press(Touch),
    /// It moved.
    Move(Touch),
    /// It was lifted, or lost.
    Release,
    /// The experiment's own unit; none while it is being run.
    Own(Option<Unit>),
    /// A unit of the network in the lab.
    Lab(Looked),
}

/// The usual ends of the sliders.
const REACH: [[f32; 2]; 2] = [[0.0, 3.0], [-4.0, 4.0]];
/// Dragging and sliding move by hundredths.
pub const STEP: f32 = 0.01;

/// The section's state.
#[derive(Clone, Debug)]
pub struct GammaBoard {
    pair: [f32; 2],
    over: Over,
    source: Source,
    own: Option<Unit>,
    lab: Option<Looked>,
    held: Option<Handle>,
}

impl GammaBoard {
    /// As first shown: the worked example's first pair. Where there is a lab its network is shown.
    pub fn new(has_lab: bool) -> Self {
        Self {
            pair: gamma::PAIRS[0],
            over: Over::Training,
            source: if has_lab { Source::Lab } else { Source::Own },
            own: None,
            lab: None,
            held: None,
        }
    }

    /// gamma and beta.
    pub fn pair(&self) -> [f32; 2] {
        self.pair
    }

    /// Over which values.
    pub fn over(&self) -> Over {
        self.over
    }

    /// Whose unit the reader wants.
    pub fn source(&self) -> Source {
        self.source
    }

    /// Whether something is being dragged.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// The unit shown, whose it is, and its layer and number: the lab's if it is wanted and there, else the own.
    fn shown(&self) -> Option<(&Unit, Whose, [u32; 2])> {
        let lab = self.lab.as_ref().filter(|_| self.source == Source::Lab);
        let lab = lab.and_then(|l| Some((l.seen.as_ref()?, Whose::Lab { step: l.step }, [l.layer, l.unit])));
        lab.or_else(|| Some((self.own.as_ref()?, Whose::Own, gamma::WHICH)))
    }

    /// Ends of the sliders of gamma and beta: the usual ones, or as far as the undoing pair lies.
    pub fn ranges(&self) -> [[f32; 2]; 2] {
        let undo = self.shown().map_or(self.pair, |(unit, ..)| gamma::undoing(unit));
        [0, 1].map(|k| {
            let far = undo[k].abs().max(self.pair[k].abs());
            let far = if far.is_finite() { far.ceil() } else { 0.0 };
            let [low, high] = REACH[k];
            [if low < 0.0 { low.min(-far) } else { low }, high.max(far)]
        })
    }

    /// What the figure shows.
    pub fn view(&self) -> GammaView {
        match self.shown() {
            Some((unit, ..)) => pair::view(unit, self.pair, self.over),
            None => GammaView { pair: self.pair, ..GammaView::default() },
        }
    }

    /// What stands beside the figure; nothing before there is a unit.
    pub fn told(&self) -> Told {
        self.shown().map_or_else(Told::default, |_| pair::told(&self.view(), self.over))
    }

    /// What stands below it.
    pub fn caption(&self) -> String {
        let Some((unit, whose, which)) = self.shown() else { return String::new() };
        let count = if self.over == Over::Training { unit.x.len() } else { unit.next.len() };
        plate::caption_of_first(Claim::Gamma, &pair::caption(whose, which, count, self.over))
    }

    /// What would be dragged from here.
    pub fn handle_at(&self, touch: Touch) -> Option<Handle> {
        Figure::Gamma(&self.view()).grab(touch.size, touch.x, touch.y)
    }

    /// Takes in what happened; whether anything visible changed.
    pub fn update(&mut self, message: Msg) -> bool {
        match message {
            Msg::Gamma(value) => self.set(0, value),
            Msg::Beta(value) => self.set(1, value),
            Msg::Button(button) => self.push(button),
            Msg::Over(over) => core::mem::replace(&mut self.over, over) != over,
            Msg::Source(source) => core::mem::replace(&mut self.source, source) != source,
            Msg::Press(touch) => {
                self.held = self.handle_at(touch);
                false
            }
            Msg::Move(touch) => self.drag(touch),
            Msg::Release => {
                self.held = None;
                false
            }
            Msg::Own(unit) => core::mem::replace(&mut self.own, unit.clone()) != unit,
            Msg::Lab(looked) => self.lab.replace(looked.clone()) != Some(looked),
        }
    }

    /// To a hundredth, within the slider.
    fn set(&mut self, which: usize, value: f32) -> bool {
        if !value.is_finite() {
            return false;
        }
        let [low, high] = self.ranges()[which];
        let value = (libm::roundf(value / STEP) * STEP).clamp(low, high);
        core::mem::replace(&mut self.pair[which], value) != value
    }

    fn push(&mut self, button: usize) -> bool {
        let before = self.pair;
        if let Some(special) = SPECIAL.get(button) {
            self.pair = [special.gamma.unwrap_or(before[0]), special.beta.unwrap_or(before[1])];
        } else if let Some((unit, ..)) = self.shown() {
            self.pair = gamma::undoing(unit);
        }
        self.pair != before
    }

    fn drag(&mut self, touch: Touch) -> bool {
        let Some(handle) = self.held else { return false };
        let view = self.view();
        match (handle, Figure::Gamma(&view).dragged(touch.size, handle, touch.x)) {
            (Handle::Gamma, Some(gamma)) => self.set(0, gamma),
            (Handle::Beta, Some(beta)) => self.set(1, beta),
            (_, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (u32, u32) = (560, 292);
    const UNDO: usize = SPECIAL.len();

    fn unit(shift: f32) -> Unit {
        let x: Vec<f32> = (0..300).map(|i| shift + 0.7 * libm::sinf(1.7 * i as f32)).collect();
        let next = (0..50).map(|i| shift + 0.3 + 0.5 * libm::sinf(2.3 * i as f32)).collect();
        Unit { x, next, eps: 1e-5, ..Unit::default() }
    }

    fn board() -> GammaBoard {
        let mut board = GammaBoard::new(false);
        assert!(board.update(Msg::Own(Some(unit(0.6)))));
        board
    }

    /// Where a value lies in the figure, by asking where beta would be dragged to.
    fn x_of(board: &GammaBoard, value: f32) -> f32 {
        let view = board.view();
        let at = |x: &f32| Figure::Gamma(&view).dragged(SIZE, Handle::Beta, *x).unwrap();
        let xs: Vec<f32> = (0..5600).map(|i| i as f32 / 10.0).collect();
        *xs.iter().min_by(|a, b| (at(a) - value).abs().total_cmp(&(at(b) - value).abs())).unwrap()
    }

    /// A place on the bar of y.
    fn touch(board: &GammaBoard, value: f32) -> Touch {
        let x = x_of(board, value);
        let view = board.view();
        let holds = |y: &u32| Figure::Gamma(&view).grab(SIZE, x, *y as f32).is_some();
        let ys: Vec<u32> = (0..SIZE.1).filter(holds).collect();
        let y = ys.get(ys.len() / 2).map_or(0.0, |y| *y as f32);
        Touch { size: SIZE, x, y }
    }

    #[test]
    fn sliders_and_buttons_set_the_pair_and_the_figure_follows() {
        let mut board = board();
        assert_eq!(board.pair(), [2.0, 3.0]);
        assert!(board.update(Msg::Gamma(1.234)) && !board.update(Msg::Gamma(1.2301)));
        assert!(board.update(Msg::Beta(-2.0)));
        let y = board.view().rows[2].clone();
        assert!((y.mean + 2.0).abs() < 1e-4 && (y.deviation - 1.23).abs() < 1e-4, "{y:?}");
        for (k, special) in SPECIAL.iter().enumerate() {
            let before = board.pair();
            board.update(Msg::Button(k));
            let want = [special.gamma.unwrap_or(before[0]), special.beta.unwrap_or(before[1])];
            assert_eq!(board.pair(), want, "{}", special.label);
        }
        board.update(Msg::Gamma(99.0));
        board.update(Msg::Beta(-99.0));
        assert_eq!(board.pair(), [3.0, -4.0], "not beyond the sliders");
        assert!(!board.update(Msg::Gamma(f32::NAN)));
    }

    #[test]
    fn what_undoes_is_exact_and_not_on_the_next_batch() {
        let mut board = board();
        assert!(board.update(Msg::Button(UNDO)));
        assert!(board.view().distance < 1e-6, "{}", board.view().distance);
        assert!(board.told().rest.contains("y is x again"), "{}", board.told().rest);
        assert!(board.update(Msg::Over(Over::NextBatch)));
        assert!(board.view().distance > 0.05);
        assert!(
            board.told().rest.contains("here y is off by") && board.caption().contains("mini-batch of 50")
        );
    }

    #[test]
    fn far_values_widen_the_sliders() {
        let mut board = GammaBoard::new(false);
        board.update(Msg::Own(Some(unit(-7.2))));
        assert_eq!(board.ranges(), [[0.0, 3.0], [-8.0, 8.0]]);
        board.update(Msg::Button(UNDO));
        assert!((board.pair()[1] + 7.2).abs() < 0.1, "{:?}", board.pair());
    }

    #[test]
    fn the_figure_can_be_dragged() {
        let mut board = board();
        let mean = touch(&board, 3.0);
        assert_eq!(board.handle_at(mean), Some(Handle::Beta));
        board.update(Msg::Press(mean));
        assert!(board.is_held());
        assert!(board.update(Msg::Move(Touch { x: x_of(&board, 1.0), ..mean })));
        assert!((board.pair()[1] - 1.0).abs() < 0.03 && board.pair()[0] == 2.0, "{:?}", board.pair());
        board.update(Msg::Release);
        assert!(!board.update(Msg::Move(mean)), "nothing is held");
        let end = touch(&board, board.pair()[1] - 2.0);
        assert_eq!(board.handle_at(end), Some(Handle::Gamma));
        board.update(Msg::Press(end));
        board.update(Msg::Move(Touch { x: x_of(&board, board.pair()[1] - 0.5), ..end }));
        assert!((board.pair()[0] - 0.5).abs() < 0.03, "{:?}", board.pair());
        let nowhere = Touch { y: 5.0, ..end };
        board.update(Msg::Press(nowhere));
        assert!(!board.is_held());
    }

    #[test]
    fn the_labs_unit_is_shown_where_there_is_one() {
        let looked = |seen| Looked { step: 420, layer: 4, unit: 7, seen };
        let mut board = GammaBoard::new(true);
        assert_eq!((board.caption(), board.told()), (String::new(), Told::default()));
        board.update(Msg::Own(Some(unit(0.6))));
        assert!(board.caption().contains("the network untrained: layer 3, unit 1"), "{}", board.caption());
        assert!(board.update(Msg::Lab(looked(Some(unit(0.0))))));
        assert!(board.caption().contains("step 420: layer 5, unit 8, 300 training"), "{}", board.caption());
        assert!(board.view().rows[0].mean.abs() < 0.1);
        assert!(board.update(Msg::Source(Source::Own)) && board.view().rows[0].mean > 0.5);
        board.update(Msg::Source(Source::Lab));
        board.update(Msg::Lab(looked(None)));
        assert!(board.caption().contains("untrained"), "no batch norm in the lab: the own one");
    }
}
