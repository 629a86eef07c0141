//! The experiments on a page, or a single one: hears the reader, the workers and the clock, hands each to
//! [`crate::app::experiments`], and performs its effects. Needs nothing of the lab but a way to show it a run.

mod desk;
mod hear;
mod place;
mod spots;
mod write;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement, Window};

use super::easel::Easel;
use super::files::{self, Made};
use super::frames::Frames;
use super::listener::Listener;
use super::page::{Addresses, Wants};
use super::sight::{Sizes, Watch};
use super::thread::{Heard, Thread};
use super::{dom, look};
use crate::app::experiments::{Effect, Experiments, Msg, Start};
use crate::app::plan_link;
use crate::lab::claim::{Claim, Plan};
use place::Place;

/// Shows a run, by its link, in the lab; the element is the experiment it comes from.
pub(super) type Show = Box<dyn Fn(&str, &HtmlElement)>;
/// Tells the lab that somebody shows a unit of its network, or no longer does.
pub(super) type Look = Box<dyn Fn(bool)>;

/// What the board is built from.
pub(super) struct Parts {
    pub(super) module: JsValue,
    pub(super) addresses: Addresses,
    /// What makes the experiments start.
    pub(super) start: Start,
    pub(super) show: Show,
    /// Where there is a lab on the page.
    pub(super) look: Option<Look>,
    /// The one plan shown; without it, every claim as it is first shown.
    pub(super) alone: Option<Plan>,
    /// Told after every change whether a sweep wants to run, and whether a reader has just said so.
    pub(super) wants: Wants,
}

/// All experiments below an element.
pub(super) struct Board {
    root: Element,
    window: Window,
    document: Document,
    parts: Parts,
    state: RefCell<Experiments>,
    /// Built so far, in the order of the sections.
    places: RefCell<Vec<Place>>,
    /// Where the others are to be built.
    unbuilt: RefCell<VecDeque<HtmlElement>>,
    /// The one that a link leads to, until it is built: what is built above it moves it.
    awaited: Cell<Option<usize>>,
    workers: RefCell<Vec<Option<Thread>>>,
    listeners: RefCell<Vec<Listener>>,
    watchers: RefCell<Option<(Watch, Sizes)>>,
    /// The worker that draws, where there is one.
    easel: RefCell<Option<Rc<Easel>>>,
    frames: Frames,
    /// The last file handed out.
    saved: RefCell<Option<Made>>,
}

impl Board {
    /// Every experiment whose place is below `root`, or is `root` itself; `None` where there is none. They are built one
    /// in a frame, as all of them together take so long that it would be felt; a single one is built at once.
    pub(super) fn open(root: &Element, parts: Parts) -> Result<Option<Rc<Self>>, JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let document = window.document().ok_or("no document")?;
        let (claims, roots): (Vec<Claim>, Vec<HtmlElement>) = found(root).into_iter().unzip();
        if claims.is_empty() {
            return Ok(None);
        }
        let cores = window.navigator().hardware_concurrency() as usize;
        let state = match parts.alone.clone() {
            Some(plan) => Experiments::alone(plan, cores, parts.start),
            None => Experiments::new(&claims, cores, parts.start),
        };
        let board = Rc::new(Self {
            root: root.clone(),
            frames: Frames::new(&window),
            window,
            document,
            parts,
            state: RefCell::new(state),
            places: RefCell::new(Vec::new()),
            unbuilt: RefCell::new(roots.into()),
            awaited: Cell::new(None),
            workers: RefCell::new(Vec::new()),
            listeners: RefCell::new(Vec::new()),
            watchers: RefCell::new(None),
            easel: RefCell::default(),
            saved: RefCell::new(None),
        });
        board.start_clock();
        board.listen_to_window()?;
        board.watch()?;
        if board.parts.alone.is_some() {
            board.build_next()?;
        }
        board.wake();
        Ok(Some(board))
    }

    /// Builds the next experiment. Whether there was one.
    fn build_next(self: &Rc<Self>) -> Result<bool, JsValue> {
        let Some(root) = self.unbuilt.borrow_mut().pop_front() else { return Ok(false) };
        let at = self.places.borrow().len();
        let state = self.state.borrow();
        let section = &state.sections()[at];
        let mut place = Place::build(&self.document, root, section, self.parts.look.is_some())?;
        // With its words from the start: a button without any would be nothing to a screen reader.
        place.draw_by(self.easel.borrow().as_ref());
        place.write(&self.document, || state.told(at), section, self.frames.last());
        place.put_in()?;
        place.measure();
        place.keep_room();
        self.watch_place(&place);
        self.places.borrow_mut().push(place);
        self.listen_to_place(at)?;
        if self.awaited.get() == Some(at) {
            self.awaited.set(None);
            self.scroll_to(at + 1);
        }
        Ok(true)
    }

    /// The one way anything changes.
    pub(super) fn tell(self: &Rc<Self>, message: Msg) {
        let by_reader = message.is_said_by_reader();
        let effects = self.state.borrow_mut().update(message);
        for effect in effects {
            self.perform(effect);
        }
        let wants = self.state.borrow().wants_to_run();
        self.hold((self.parts.wants)(wants, by_reader));
        self.wake();
    }

    /// Another embed runs, or no longer does.
    pub(super) fn hold(self: &Rc<Self>, held: bool) {
        if self.state.borrow().is_held() != held {
            self.tell(Msg::Hold(held));
        }
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::NewWorker(who) => self.new_worker(who),
            Effect::EndWorker(who) => drop(self.workers.borrow_mut().get_mut(who).and_then(Option::take)),
            Effect::Post(who, command) => {
                if let Some(Some(thread)) = self.workers.borrow().get(who) {
                    thread.post(command);
                }
            }
            Effect::FetchDigits => self.fetch_digits(),
            Effect::Show(at, link) => {
                let root = self.places.borrow()[at].root.clone();
                (self.parts.show)(&link, &root);
            }
        }
    }

    /// Draws everything anew: the theme or the screen is another one.
    pub(super) fn restyle(self: &Rc<Self>) {
        self.places.borrow_mut().iter_mut().for_each(Place::spoil);
        self.wake();
    }

    /// From now on this worker draws the figures, or the page.
    pub(super) fn draw_by(self: &Rc<Self>, easel: Option<&Rc<Easel>>) {
        self.places.borrow_mut().iter_mut().for_each(|place| place.draw_by(easel));
        self.easel.replace(easel.cloned());
        self.wake();
    }

    /// A canvas was taken away and given back empty: whatever is on one is to be drawn anew.
    pub(super) fn measure(&self) {
        self.places.borrow_mut().iter_mut().for_each(Place::measure);
    }

    /// The worker has drawn what it was sent.
    pub(super) fn settle(&self) {
        self.places.borrow_mut().iter_mut().for_each(Place::settle);
    }

    /// The share keys of the plan of one that stands alone.
    pub(super) fn settings(&self) -> String {
        let state = self.state.borrow();
        state.sections().first().map_or_else(String::new, |section| plan_link::keys(section.sweep().plan()))
    }

    /// Shows this plan, and scrolls to it as soon as it is there.
    pub(super) fn lead(self: &Rc<Self>, plan: Plan) {
        let at = self.state.borrow().place_of(plan.claim);
        self.awaited.set(at.filter(|&at| at >= self.places.borrow().len()));
        if self.awaited.get().is_some() {
            // Unheard, the reader is taken there all the same.
            let _ = self.listen_for_readers();
        }
        self.tell(Msg::Plan(plan));
        at.iter().for_each(|at| self.scroll_to(at + 1));
    }

    /// Scrolls to the experiment with this number, from 1.
    pub(super) fn scroll_to(&self, number: usize) {
        if let Some(place) =
            number.checked_sub(1).and_then(|at| self.places.borrow().get(at).map(|p| p.root.clone()))
        {
            place.scroll_into_view();
        }
    }

    /// Draws what has been run for paper, on screen or not, before this returns.
    pub(super) fn draw_for_print(&self) {
        let state = self.state.borrow();
        let (theme, ratio) = (look::theme(&self.root), look::ratio());
        let mut places = self.places.borrow_mut();
        let run = places.iter_mut().zip(state.sections()).filter(|(_, section)| section.sweep().done() > 0);
        run.for_each(|(place, section)| place.draw_anyway(section, &theme, ratio));
    }

    // The workers

    fn new_worker(self: &Rc<Self>, who: usize) {
        let board = Rc::downgrade(self);
        let started = Thread::start(&self.parts.addresses.worker, &self.parts.module, move |heard| {
            if let Some(board) = board.upgrade() {
                board.tell(match heard {
                    Heard::Report(Ok(report)) => Msg::Report(who, report),
                    Heard::InPage => Msg::InPage,
                    Heard::Report(Err(_)) | Heard::Failed => Msg::Lost(who),
                });
            }
        });
        let lost = started.is_err();
        let mut workers = self.workers.borrow_mut();
        if workers.len() <= who {
            workers.resize_with(who + 1, || None);
        }
        workers[who] = started.ok();
        drop(workers);
        if lost {
            self.tell(Msg::Lost(who));
        }
    }

    fn fetch_digits(self: &Rc<Self>) {
        let board = Rc::downgrade(self);
        files::fetch(&self.window, &self.parts.addresses.digits, move |bytes| {
            if let Some(board) = board.upgrade() {
                board.tell(Msg::Digits(bytes));
            }
        });
    }

    // The clock

    fn start_clock(self: &Rc<Self>) {
        let board = Rc::downgrade(self);
        self.frames.start(move |now| {
            if let Some(board) = board.upgrade() {
                board.tick(now);
            }
        });
    }

    fn wake(&self) {
        self.frames.wake();
    }

    fn tick(self: &Rc<Self>, now: f64) {
        let passed = self.frames.passed(now);
        let effects = self.state.borrow_mut().update(Msg::Tick(passed));
        for effect in effects {
            self.perform(effect);
        }
        let built = self.build_next().unwrap_or_else(|error| {
            web_sys::console::warn_1(&error);
            true
        });
        let due = built || self.draw(now);
        if due || self.state.borrow().needs_ticks() {
            self.wake();
        } else {
            self.frames.pause();
        }
    }

    /// Draws one experiment at most, so that no frame takes long. Whether there is more to draw.
    fn draw(&self, now: f64) -> bool {
        let state = self.state.borrow();
        let theme = look::theme(&self.root);
        let ratio = look::ratio();
        // Words do not wait for a worker that has enough to draw.
        let waits = self.easel.borrow().as_ref().is_some_and(|easel| easel.is_far_behind());
        let (mut later, mut drawn) = (false, false);
        for (at, place) in self.places.borrow_mut().iter_mut().enumerate() {
            let section = &state.sections()[at];
            if place.is_due(section) {
                later = true;
                drawn = drawn
                    || (!waits && place.draw(section, now, &theme, ratio))
                    || place.write(&self.document, || state.told(at), section, now);
            }
        }
        later
    }
}

/// The claims below an element and their places.
fn found(root: &Element) -> Vec<(Claim, HtmlElement)> {
    let mut places = dom::all(root, "[data-experiment]");
    if root.has_attribute("data-experiment")
        && let Some(root) = root.dyn_ref::<HtmlElement>()
    {
        places.insert(0, root.clone());
    }
    let claim = |place: &HtmlElement| Claim::of_key(&place.get_attribute("data-experiment")?);
    places.into_iter().filter_map(|place| Some((claim(&place)?, place))).collect()
}
