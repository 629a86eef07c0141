//! The page: hears the reader, the worker and the clock, hands each to [`crate::app`], and performs its effects.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Element, Event, HtmlAnchorElement, MessageEvent, Response, Url, Window, Worker};

use super::controls::{self, Control};
use super::dom;
use super::listener::Listener;
use super::render::Renderer;
use crate::app::{App, Effect, Msg, Phase};
use crate::lab::wire;

/// Seconds between two drawings of the curves; twice in three frames of a usual screen is enough for the eye.
const DRAW_EVERY: f64 = 1.0 / 30.0;
/// The same where the reader asked for less motion.
const DRAW_EVERY_CALM: f64 = 1.0;

/// Where the page's other files are.
pub(super) struct Addresses {
    /// The worker's script.
    pub(super) worker: String,
    /// The file of digits.
    pub(super) digits: String,
}

/// What an animation frame calls.
type FrameHearer = Closure<dyn FnMut(f64)>;

/// A page that is alive.
pub(super) struct Page {
    pub(super) window: Window,
    pub(super) root: Element,
    module: JsValue,
    addresses: Addresses,
    pub(super) app: RefCell<App>,
    pub(super) renderer: RefCell<Renderer>,
    pub(super) controls: Vec<Control>,
    worker: RefCell<Option<TrainerLink>>,
    pub(super) listeners: RefCell<Vec<Listener>>,
    frame: RefCell<Option<FrameHearer>>,
    frame_wanted: Cell<bool>,
    last_tick: Cell<Option<f64>>,
    last_drawn: Cell<f64>,
    pub(super) dirty: Cell<bool>,
    pub(super) last_link: RefCell<String>,
    link_timer: Cell<Option<i32>>,
    link_writer: RefCell<Option<Closure<dyn FnMut()>>>,
}

/// The worker and what listens to it; both end together.
struct TrainerLink {
    worker: Worker,
    _listeners: Vec<Listener>,
}

impl Drop for TrainerLink {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// Builds the page below `root` and starts it.
pub(super) fn open(root: Element, module: JsValue, addresses: Addresses) -> Result<Rc<Page>, JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    let hash = window.location().hash()?;
    let app = App::new(&hash, matches_media(&window, "(prefers-reduced-motion: reduce)"));
    let controls = controls::build(&document, &root)?;
    let renderer = Renderer::new(&document, &root, &app)?;
    let page = Rc::new(Page {
        window,
        root,
        module,
        addresses,
        app: RefCell::new(app),
        renderer: RefCell::new(renderer),
        controls,
        worker: RefCell::new(None),
        listeners: RefCell::new(Vec::new()),
        frame: RefCell::new(None),
        frame_wanted: Cell::new(false),
        last_tick: Cell::new(None),
        last_drawn: Cell::new(0.0),
        dirty: Cell::new(true),
        last_link: RefCell::new(hash),
        link_timer: Cell::new(None),
        link_writer: RefCell::new(None),
    });
    page.start_clock();
    page.listen()?;
    page.new_worker()?;
    page.wake();
    Ok(page)
}

pub(super) fn matches_media(window: &Window, query: &str) -> bool {
    window.match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

impl Page {
    /// The one way anything changes.
    pub(super) fn tell(self: &Rc<Self>, message: Msg) {
        let effects = self.app.borrow_mut().update(message);
        for effect in effects {
            self.perform(effect);
        }
        self.wake();
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Redraw => self.dirty.set(true),
            Effect::WriteLink => self.write_link_soon(),
            Effect::FetchDigits => self.fetch_digits(),
            Effect::Post(command) => {
                if let Some(link) = &*self.worker.borrow() {
                    let bytes = Uint8Array::from(&wire::encode(&command)[..]);
                    // A worker that cannot be posted to reports an error of its own.
                    let _ = link.worker.post_message(&bytes);
                }
            }
            Effect::Save(name, text) => {
                if let Err(error) = self.save(&name, &text) {
                    web_sys::console::warn_1(&error);
                }
            }
            Effect::NewWorker => {
                if let Err(error) = self.new_worker() {
                    self.tell(Msg::WorkerStopped(words(&error)));
                }
            }
        }
    }

    // The clock

    fn start_clock(self: &Rc<Self>) {
        let page = Rc::downgrade(self);
        let closure = Closure::<dyn FnMut(f64)>::new(move |now| {
            if let Some(page) = page.upgrade() {
                page.frame_wanted.set(false);
                page.tick(now / 1000.0);
            }
        });
        *self.frame.borrow_mut() = Some(closure);
    }

    /// Asks for one animation frame, if none is on its way.
    pub(super) fn wake(&self) {
        if !self.frame_wanted.replace(true)
            && let Some(closure) = &*self.frame.borrow()
        {
            // Refused only where there is no screen; then there is nothing to draw either.
            let _ = self.window.request_animation_frame(closure.as_ref().unchecked_ref());
        }
    }

    fn tick(self: &Rc<Self>, now: f64) {
        let passed = self.last_tick.replace(Some(now)).map_or(0.0, |last| now - last);
        let effects = self.app.borrow_mut().update(Msg::Tick(passed));
        for effect in effects {
            self.perform(effect);
        }
        let app = self.app.borrow();
        let running = app.phase == Phase::Running;
        let every = if app.calm && running { DRAW_EVERY_CALM } else { DRAW_EVERY };
        if self.dirty.get() && (now - self.last_drawn.get() >= every - 0.002 || !running) {
            self.dirty.set(false);
            self.last_drawn.set(now);
            self.renderer.borrow_mut().draw(&app, now);
            for control in &self.controls {
                control.show(&app.experiment);
            }
            self.show_rate(&app);
            controls::summarise(&self.root, &app.experiment);
        }
        let reading = app.own.is_reading();
        drop(app);
        if running || reading || self.dirty.get() {
            self.wake();
        } else {
            self.last_tick.set(None);
        }
    }

    /// The rate's control shows the rate in force, which may have been changed on the way.
    fn show_rate(&self, app: &App) {
        if let Some(control) = self.controls.iter().find(|control| control.knob.key == "lr") {
            let mut shown = app.experiment.clone();
            shown.learning_rate = app.rate_now();
            control.show(&shown);
        }
    }

    // The worker

    fn new_worker(self: &Rc<Self>) -> Result<(), JsValue> {
        self.worker.borrow_mut().take();
        let worker = Worker::new(&self.addresses.worker)?;
        let page = Rc::downgrade(self);
        let on_message = Listener::new(&worker, "message", move |event: Event| {
            if let (Some(page), Some(event)) = (page.upgrade(), event.dyn_ref::<MessageEvent>()) {
                page.hear_worker(&event.data());
            }
        })?;
        let page = Rc::downgrade(self);
        let on_error = Listener::new(&worker, "error", move |event: Event| {
            event.prevent_default();
            if let Some(page) = page.upgrade() {
                page.tell(Msg::WorkerStopped("the worker could not be loaded or has failed".to_owned()));
            }
        })?;
        worker.post_message(&self.module)?;
        *self.worker.borrow_mut() = Some(TrainerLink { worker, _listeners: vec![on_message, on_error] });
        Ok(())
    }

    fn hear_worker(self: &Rc<Self>, data: &JsValue) {
        let bytes = Uint8Array::new(data).to_vec();
        match wire::decode(&bytes) {
            Ok(report) => self.tell(Msg::Report(report)),
            Err(reason) => self.tell(Msg::WorkerStopped(reason)),
        }
    }

    fn fetch_digits(self: &Rc<Self>) {
        let page = Rc::downgrade(self);
        let promise = self.window.fetch_with_str(&self.addresses.digits);
        wasm_bindgen_futures::spawn_local(async move {
            let bytes = fetch_bytes(promise).await.map_err(|error| {
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

    /// Hands the reader a file, by way of a link that is clicked and gone.
    fn save(&self, name: &str, text: &str) -> Result<(), JsValue> {
        let document = self.window.document().ok_or("no document")?;
        let blob = Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into()))?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let link: HtmlAnchorElement = dom::make(&document, "a", "")?;
        link.set_href(&address);
        link.set_download(name);
        link.click();
        Url::revoke_object_url(&address)
    }

    // The address

    /// Writes the link into the address, a moment after the last change, without adding to the history.
    fn write_link_soon(self: &Rc<Self>) {
        if let Some(timer) = self.link_timer.take() {
            self.window.clear_timeout_with_handle(timer);
        }
        let page = Rc::downgrade(self);
        let writer = self.link_writer.replace(Some(Closure::new(move || {
            if let Some(page) = page.upgrade() {
                page.write_link();
            }
        })));
        drop(writer);
        if let Some(writer) = &*self.link_writer.borrow() {
            let timer = self
                .window
                .set_timeout_with_callback_and_timeout_and_arguments_0(writer.as_ref().unchecked_ref(), 250);
            self.link_timer.set(timer.ok());
        }
    }

    fn write_link(&self) {
        let hash = format!("#{}", self.app.borrow().link());
        let Ok(history) = self.window.history() else { return };
        // Some frames may not touch their address; the Share panel still has the link.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&hash));
        *self.last_link.borrow_mut() = hash;
    }
}

async fn fetch_bytes(promise: js_sys::Promise) -> Result<Vec<u8>, JsValue> {
    let response: Response = JsFuture::from(promise).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("status {}", response.status()).into());
    }
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// An error of the browser, in its own words.
pub(super) fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| "unknown".to_owned())
}
