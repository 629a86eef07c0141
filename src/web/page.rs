//! The page: hears the reader, the worker and the clock, hands each to [`crate::app`], and performs its effects.

mod address;
mod board;
mod clock;
mod easel;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement, Window, Worker};

use super::contents::Contents;
use super::controls::{self, Control};
use super::dom;
use super::easel::Easel;
use super::experiments::Board;
use super::files::{self, Made};
use super::frames::Frames;
use super::gate::Callback;
use super::hired::Hired;
use super::keep;
use super::listener::Listener;
use super::look;
use super::media;
use super::render::Renderer;
use super::sight::{Sizes, Watch};
use super::thread::{Heard, Thread};
use crate::app::{App, Effect, Msg};
use crate::lab::experiment::Experiment;

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
    /// The worker that draws, where there is one.
    easel: RefCell<Option<Rc<Easel>>>,
    painter_hired: Cell<bool>,
    /// For how many seconds it has been behind.
    painter_silent: Cell<f64>,
    /// Frames until what stood in for its drawings goes, if something does.
    settles_in: Cell<u32>,
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
    frames: Frames,
    last_drawn: Cell<f64>,
    pub(super) dirty: Cell<bool>,
    /// Whether the last frame was one of a part.
    part_drawn: Cell<bool>,
    pub(super) last_link: RefCell<String>,
    link_timer: Cell<Option<i32>>,
    link_writer: RefCell<Option<Callback>>,
    /// The last file handed out: its address must outlive the click.
    pub(super) saved: RefCell<Option<Made>>,
}

impl Drop for Page {
    /// Listeners, worker, canvases and controls end with the fields that hold them; what the browser was asked to
    /// call later is taken back.
    fn drop(&mut self) {
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
    let app = App::new(&hash, media::is(&window, media::CALM));
    let controls = controls::build(&document, &root)?;
    let renderer = Renderer::new(&document, &root, embedded)?;
    let contents = Contents::new(&root);
    let page = Rc::new(Page {
        embedded,
        wants: opening.wants,
        frames: Frames::new(&window),
        window,
        root,
        module,
        addresses,
        app: RefCell::new(app),
        renderer: RefCell::new(renderer),
        controls,
        controls_show: RefCell::new(None),
        worker: RefCell::new(None),
        easel: RefCell::new(None),
        painter_hired: Cell::new(false),
        painter_silent: Cell::new(0.0),
        settles_in: Cell::new(0),
        first_worker: Cell::new(opening.first_worker),
        board_opened: Cell::new(false),
        board: RefCell::new(None),
        came_from: RefCell::new(None),
        lab_watch: RefCell::new(None),
        contents,
        contents_watch: RefCell::new(None),
        sizes: RefCell::new(None),
        listeners: RefCell::new(Vec::new()),
        last_drawn: Cell::new(0.0),
        dirty: Cell::new(true),
        part_drawn: Cell::new(false),
        last_link: RefCell::new(hash),
        link_timer: Cell::new(None),
        link_writer: RefCell::new(None),
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

impl Page {
    /// The one way anything changes.
    pub(super) fn tell(self: &Rc<Self>, message: Msg) {
        let by_reader = message.is_said_by_reader();
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
                    self.renderer.borrow_mut().write_soon();
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
                    self.tell(Msg::WorkerStopped(files::words(&error)));
                }
            }
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
        files::fetch(&self.window, &self.addresses.digits, move |fetched| {
            let bytes = fetched.map_err(|error| {
                format!("The digits could not be fetched ({error}); the other data sets need no file.")
            });
            if let Some(page) = page.upgrade() {
                page.tell(Msg::Digits(bytes));
            }
        });
    }
}
