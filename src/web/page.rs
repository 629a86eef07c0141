//! The page: hears the reader, the worker and the clock, hands each to [`crate::app`], and performs its effects.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FocusOptions, HtmlElement, Window, Worker};

use super::contents::Contents;
use super::controls::{self, Control};
use super::dom;
use super::experiments::{Board, Look, Parts};
use super::gate::{self, Callback};
use super::keep;
use super::listener::Listener;
use super::look;
use super::render::Renderer;
use super::sight::{Sizes, Watch};
use super::thread::{Heard, Hired, Made, Thread, fetch_bytes, words};
use crate::app::experiments::Start;
use crate::app::{App, Effect, Msg};
use crate::lab::experiment::Experiment;

/// Seconds between two drawings; as often as a film is enough for the eye. The frames between are left to the browser.
const DRAW_EVERY: f64 = 1.0 / 24.0;
/// The same where the reader asked for less motion.
const DRAW_EVERY_CALM: f64 = 1.0;

/// Where the page's other files are.
#[derive(Clone)]
pub(super) struct Addresses {
    /// The worker's script.
    pub(super) worker: String,
    /// The file of digits.
    pub(super) digits: String,
}

/// Told whether something wants to run, and whether a reader has just said so; whether it must wait.
pub(super) type Wants = Box<dyn Fn(bool, bool) -> bool>;

/// How a page is opened.
pub(super) struct Opening {
    /// The link to open, for an embed; a page of its own has its address.
    pub(super) link: Option<String>,
    /// A worker that was started with the page and waits for its module.
    pub(super) first_worker: Option<Worker>,
    /// Told after every change.
    pub(super) wants: Wants,
}

/// A page that is alive.
pub(super) struct Page {
    /// Whether it is an embed: it leaves address, keys and history of the page around it alone.
    pub(super) embedded: bool,
    wants: Wants,
    pub(super) window: Window,
    pub(super) root: Element,
    module: JsValue,
    addresses: Addresses,
    pub(super) app: RefCell<App>,
    pub(super) renderer: RefCell<Renderer>,
    pub(super) controls: Vec<Control>,
    /// What the controls show.
    pub(super) controls_show: RefCell<Option<Experiment>>,
    worker: RefCell<Option<Thread>>,
    /// The worker that was started with the page, until it is listened to.
    first_worker: Cell<Option<Worker>>,
    /// Whether the experiments have been built: not before the lab trains, or stands still.
    board_opened: Cell<bool>,
    /// The experiments below the lab, if there are any.
    pub(super) board: RefCell<Option<Rc<Board>>>,
    /// The experiment whose run is in the lab, and what had the focus there.
    came_from: RefCell<Option<(HtmlElement, Option<HtmlElement>)>>,
    lab_watch: RefCell<Option<Watch>>,
    pub(super) contents: Rc<Contents>,
    contents_watch: RefCell<Option<Watch>>,
    /// Of an embed's figures, whose places are given and change with the page around them.
    sizes: RefCell<Option<Sizes>>,
    pub(super) listeners: RefCell<Vec<Listener>>,
    frame: RefCell<Option<Callback>>,
    frame_wanted: Cell<bool>,
    last_tick: Cell<Option<f64>>,
    last_drawn: Cell<f64>,
    pub(super) dirty: Cell<bool>,
    /// Whether the last frame was one of a part.
    part_drawn: Cell<bool>,
    pub(super) last_link: RefCell<String>,
    link_timer: Cell<Option<i32>>,
    link_writer: RefCell<Option<Callback>>,
    frame_asked: Cell<Option<i32>>,
    /// The last file handed out: its address must outlive the click.
    pub(super) saved: RefCell<Option<Made>>,
}

impl Drop for Page {
    /// Listeners, worker, canvases and controls end with the fields that hold them; what the browser was asked to
    /// call later is taken back.
    fn drop(&mut self) {
        if let Some(frame) = self.frame_asked.take() {
            let _ = self.window.cancel_animation_frame(frame);
        }
        if let Some(timer) = self.link_timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
    }
}

/// Builds the page below `root` and starts it.
pub(super) fn open(
    root: Element,
    module: JsValue,
    addresses: Addresses,
    opening: Opening,
) -> Result<Rc<Page>, JsValue> {
    // It makes itself ready while the page is being built; its answer waits until this function has ended.
    if let Some(worker) = &opening.first_worker {
        worker.post_message(&module)?;
    }
    let window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let embedded = opening.link.is_some();
    let hash = opening.link.map_or_else(|| window.location().hash(), Ok)?;
    let app = App::new(&hash, matches_media(&window, "(prefers-reduced-motion: reduce)"));
    let controls = controls::build(&document, &root)?;
    let renderer = Renderer::new(&document, &root, embedded)?;
    let contents = Contents::new(&root);
    let page = Rc::new(Page {
        embedded,
        wants: opening.wants,
        window,
        root,
        module,
        addresses,
        app: RefCell::new(app),
        renderer: RefCell::new(renderer),
        controls,
        controls_show: RefCell::new(None),
        worker: RefCell::new(None),
        first_worker: Cell::new(opening.first_worker),
        board_opened: Cell::new(false),
        board: RefCell::new(None),
        came_from: RefCell::new(None),
        lab_watch: RefCell::new(None),
        contents,
        contents_watch: RefCell::new(None),
        sizes: RefCell::new(None),
        listeners: RefCell::new(Vec::new()),
        frame: RefCell::new(None),
        frame_wanted: Cell::new(false),
        last_tick: Cell::new(None),
        last_drawn: Cell::new(0.0),
        dirty: Cell::new(true),
        part_drawn: Cell::new(false),
        last_link: RefCell::new(hash),
        link_timer: Cell::new(None),
        link_writer: RefCell::new(None),
        frame_asked: Cell::new(None),
        saved: RefCell::new(None),
    });
    page.start_clock();
    page.listen()?;
    page.new_worker()?;
    if embedded {
        page.watch_sizes()?;
    }
    page.watch_lab()?;
    page.lead();
    page.contents_watch.replace(page.contents.watch()?);
    page.wake();
    Ok(page)
}

pub(super) fn matches_media(window: &Window, query: &str) -> bool {
    window.match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

impl Page {
    /// The one way anything changes.
    pub(super) fn tell(self: &Rc<Self>, message: Msg) {
        let by_reader = matches!(message, Msg::TrainOrPause | Msg::Step);
        let effects = self.app.borrow_mut().update(message);
        for effect in effects {
            self.perform(effect);
        }
        let wants = self.app.borrow().wants_to_move();
        self.hold((self.wants)(wants, by_reader));
        self.wake();
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Redraw => self.dirty.set(true),
            Effect::WriteLink if self.embedded => {}
            Effect::WriteLink => self.write_link_soon(),
            Effect::FetchDigits => self.fetch_digits(),
            Effect::Looked => {
                if let (Some(board), Some(looked)) = (&*self.board.borrow(), &self.app.borrow().looked) {
                    board.take_looked(looked);
                }
            }
            Effect::Post(command) => {
                if let Some(thread) = &*self.worker.borrow() {
                    thread.post(command);
                }
            }
            Effect::Save(name, text) => {
                self.saved.replace(keep::save(&self.window, &name, &text.into()));
            }
            Effect::SwitchTheme => self.switch_theme(),
            Effect::TogglePanel(name) => self.toggle_panel(name),
            Effect::ShutPanel => self.shut_panels(),
            Effect::ShowExperiment(number) => self.contents.go_to(number as usize),
            Effect::Lead => self.lead(),
            Effect::NewWorker => {
                if let Err(error) = self.new_worker() {
                    self.tell(Msg::WorkerStopped(words(&error)));
                }
            }
        }
    }

    // The experiments

    fn open_board(self: &Rc<Self>) -> Result<(), JsValue> {
        let page = Rc::downgrade(self);
        let show = Box::new(move |link: &str, from: &HtmlElement| {
            if let Some(page) = page.upgrade() {
                page.show_run(link, from);
            }
        });
        let (module, addresses) = (self.module.clone(), self.addresses.clone());
        let start = Start::of_link(&self.last_link.borrow(), self.app.borrow().calm);
        let page = Rc::downgrade(self);
        let look: Look = Box::new(move |looks| {
            if let Some(page) = page.upgrade() {
                page.tell(Msg::Look(looks));
            }
        });
        let parts = Parts {
            module,
            addresses,
            start,
            show,
            look: Some(look),
            alone: None,
            wants: Box::new(|_, _| false),
        };
        *self.board.borrow_mut() = Board::open(&self.root, parts)?;
        self.lead();
        Ok(())
    }

    /// Takes the reader to the experiment that the link leads to: to its place, where it is still to be built.
    fn lead(&self) {
        let Some(plan) = self.app.borrow().leads_to.clone() else { return };
        match &*self.board.borrow() {
            Some(board) => {
                self.app.borrow_mut().leads_to = None;
                board.lead(plan);
            }
            None => {
                let places = dom::all(&self.root, "[data-experiment]");
                let key = Some(plan.claim.about().key.to_owned());
                let place = places.iter().find(|place| place.get_attribute("data-experiment") == key);
                place.iter().for_each(|place| place.scroll_into_view());
            }
        }
    }

    /// Loads a run of an experiment and takes the reader to it.
    fn show_run(self: &Rc<Self>, link: &str, from: &HtmlElement) {
        let focused = self.window.document().and_then(|document| document.active_element());
        let focused = focused.filter(|element| from.contains(Some(element))).and_then(|e| e.dyn_into().ok());
        *self.came_from.borrow_mut() = Some((from.clone(), focused));
        self.tell(Msg::Load(link.to_owned()));
        if let Some(lab) = dom::role(&self.root, "lab") {
            lab.scroll_into_view();
            // On a phone the bar is there while the lab is seen, which the browser tells of a moment later.
            dom::mark(&lab, "data-seen", "yes");
        }
        if let Some(back) = dom::role(&self.root, "back") {
            dom::show(&back, true);
            // The keyboard goes on from here.
            let _ = back.focus();
        }
    }

    /// Takes the reader back to the experiment the run is from.
    pub(super) fn go_back(&self) {
        if let Some(back) = dom::role(&self.root, "back") {
            dom::show(&back, false);
        }
        let Some((from, focused)) = self.came_from.borrow_mut().take() else { return };
        if let Some(number) = self.contents.number_of(&from) {
            self.contents.go_to(number);
        }
        if let Some(focused) = focused {
            // A mark that is no longer there leaves the focus with its experiment.
            let how = FocusOptions::new();
            how.set_prevent_scroll(true);
            let _ = focused.focus_with_options(&how);
        }
    }

    fn watch_sizes(self: &Rc<Self>) -> Result<(), JsValue> {
        let page = Rc::downgrade(self);
        let sizes = Sizes::new(move |_| {
            if let Some(page) = page.upgrade() {
                page.renderer.borrow_mut().measure();
                page.restyle();
            }
        })?;
        dom::all(&self.root, "[data-fig]").iter().for_each(|host| sizes.add(host));
        *self.sizes.borrow_mut() = Some(sizes);
        Ok(())
    }

    /// Out of sight the lab stands still.
    fn watch_lab(self: &Rc<Self>) -> Result<(), JsValue> {
        let Some(lab) = dom::role(&self.root, "lab") else { return Ok(()) };
        let page = Rc::downgrade(self);
        let watch = Watch::new(move |lab, sight| {
            if let Some(page) = page.upgrade() {
                let much = sight.share >= 0.5 || sight.of_window >= 0.5;
                let begun = !page.embedded || page.app.borrow().history.step() > 0;
                let seen = if begun { sight.share > 0.0 } else { much };
                dom::mark(&lab, "data-seen", if seen { "yes" } else { "no" });
                page.tell(Msg::Seen(seen));
            }
        })?;
        if self.embedded {
            self.tell(Msg::Seen(false));
        }
        watch.add(&lab);
        *self.lab_watch.borrow_mut() = Some(watch);
        Ok(())
    }

    /// Light becomes dark and the other way round.
    pub(super) fn switch_theme(&self) {
        look::switch(&self.root);
        // The button has its new name with the new colours, not a frame later.
        self.renderer.borrow().write_theme(look::is_dark(&self.root));
        self.restyle();
    }

    /// The colours are others: everything is drawn again.
    pub(super) fn restyle(&self) {
        self.dirty.set(true);
        self.wake();
        if let Some(board) = &*self.board.borrow() {
            board.restyle();
        }
    }

    /// Another embed runs, or no longer does.
    pub(super) fn hold(self: &Rc<Self>, held: bool) {
        if self.app.borrow().is_held() != held {
            self.tell(Msg::Hold(held));
        }
    }

    // The clock

    fn start_clock(self: &Rc<Self>) {
        let page = Rc::downgrade(self);
        let hear = Callback::new(move |now| {
            if let Some((page, now)) = page.upgrade().zip(now.as_f64()) {
                page.frame_wanted.set(false);
                page.frame_asked.set(None);
                page.tick(now / 1000.0);
            }
        });
        *self.frame.borrow_mut() = Some(hear);
    }

    /// Asks for one animation frame, if none is on its way.
    pub(super) fn wake(&self) {
        if !self.frame_wanted.replace(true)
            && let Some(hear) = &*self.frame.borrow()
        {
            // Refused only where there is no screen; then there is nothing to draw either.
            let asked = self.window.request_animation_frame(hear.function());
            self.frame_asked.set(asked.ok());
        }
    }

    fn tick(self: &Rc<Self>, now: f64) {
        let passed = self.last_tick.replace(Some(now)).map_or(0.0, |last| now - last);
        let effects = self.app.borrow_mut().update(Msg::Tick(passed));
        for effect in effects {
            self.perform(effect);
        }
        let (running, calm) = (self.app.borrow().is_moving(), self.app.borrow().calm);
        let every = if calm && running { DRAW_EVERY_CALM } else { DRAW_EVERY };
        let due = self.dirty.get() && (now - self.last_drawn.get() >= every - 0.002 || !running);
        // By turns, should there be no frame to spare between two drawings.
        let part = running && !self.part_drawn.get() && self.draw_part();
        self.part_drawn.set(part);
        if due && !part {
            self.last_drawn.set(now);
            self.draw_now();
        }
        let begun = !running || self.app.borrow().history.step() > 0;
        if begun
            && !self.embedded
            && !self.board_opened.replace(true)
            && let Err(error) = self.open_board()
        {
            web_sys::console::warn_1(&error);
        }
        if running || self.dirty.get() || self.app.borrow().is_waiting_for_frames() {
            self.wake();
        } else {
            self.last_tick.set(None);
        }
    }

    /// Draws a part of what waits for a frame of its own. Whether there was one.
    fn draw_part(&self) -> bool {
        self.renderer.borrow_mut().draw_next_part(&self.app.borrow())
    }

    /// Draws and writes whatever is due.
    pub(super) fn draw_now(&self) {
        self.dirty.set(false);
        let app = self.app.borrow();
        self.renderer.borrow_mut().draw(&app, self.last_drawn.get());
        self.show_controls(&app);
    }

    /// Puts every control where the experiment has it, the rate where it is now: it may have been changed on the way.
    fn show_controls(&self, app: &App) {
        let shown = Experiment { learning_rate: app.rate_now(), ..app.experiment.clone() };
        if self.controls_show.borrow().as_ref() == Some(&shown) {
            return;
        }
        self.controls.iter().for_each(|control| control.show(&shown));
        controls::summarise(&self.root, &shown);
        self.controls_show.replace(Some(shown));
    }

    // The worker

    fn new_worker(self: &Rc<Self>) -> Result<(), JsValue> {
        self.worker.borrow_mut().take();
        let page = Rc::downgrade(self);
        let hear = move |heard| {
            if let Some(page) = page.upgrade() {
                page.tell(match heard {
                    Heard::Report(Ok(report)) => Msg::Report(report),
                    Heard::Report(Err(reason)) => Msg::WorkerStopped(reason),
                    Heard::InPage => Msg::InPage,
                    Heard::Failed => Msg::WorkerStopped("the worker has failed".to_owned()),
                });
            }
        };
        let thread = match self.first_worker.take() {
            Some(worker) => Thread::of(Hired::started(worker), hear),
            None => Thread::start(&self.addresses.worker, &self.module, hear),
        };
        *self.worker.borrow_mut() = Some(thread?);
        Ok(())
    }

    fn fetch_digits(self: &Rc<Self>) {
        let page = Rc::downgrade(self);
        let promise = self.window.fetch_with_str(&self.addresses.digits);
        gate::after(fetch_bytes(promise), move |fetched| {
            let bytes = fetched.map_err(|error| {
                format!(
                    "The digits could not be fetched ({}); the other data sets need no file.",
                    words(&error)
                )
            });
            if let Some(page) = page.upgrade() {
                page.tell(Msg::Digits(bytes));
            }
        });
    }

    // The address

    /// Writes the link into the address, a moment after the last change, without adding to the history.
    fn write_link_soon(self: &Rc<Self>) {
        if let Some(timer) = self.link_timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
        let page = Rc::downgrade(self);
        let writer = self.link_writer.replace(Some(Callback::new(move |_| {
            if let Some(page) = page.upgrade() {
                page.write_link();
            }
        })));
        drop(writer);
        if let Some(writer) = &*self.link_writer.borrow() {
            let timer =
                self.window.set_timeout_with_callback_and_timeout_and_arguments_0(writer.function(), 250);
            self.link_timer.set(timer.ok());
        }
    }

    fn write_link(&self) {
        self.offer();
        // An address that the reader has changed is about to be heard of; it must not be written over.
        if self.address() != *self.last_link.borrow() {
            return;
        }
        let hash = format!("#{}", self.app.borrow().link());
        let Ok(history) = self.window.history() else { return };
        // Some frames may not touch their address; the Share panel still has the link.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&hash));
        *self.last_link.borrow_mut() = self.address();
    }

    /// The part of the address after `#`, and that sign, as the browser spells it.
    pub(super) fn address(&self) -> String {
        self.window.location().hash().unwrap_or_default()
    }
}
