//! The panel of the reader's own data: hears files and the brush, shows what was read, what is wrong, and the points.
//!
//! It only reads files and passes them on; [`crate::app::own`] decides. Text from files is only ever set as text.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, DragEvent, Element, Event, File, FileList, HtmlElement, HtmlInputElement, KeyboardEvent,
    PointerEvent,
};

use super::page::Page;
use super::render::Renderer;
use super::{dom, files, gate};
use crate::app::own::{OwnMsg, limits};
use crate::app::painting::{LARGEST, Painting, Stroke, Tool};
use crate::app::{App, Msg};
use crate::data::DataKind;
use crate::data::complaint::Complaint;
use crate::figure::{Figure, Theme, text};

const TOOLS: [(&str, Tool); 3] = [("solid", Tool::Solid), ("hollow", Tool::Hollow), ("eraser", Tool::Eraser)];

impl Page {
    pub(super) fn listen_to_own(self: &Rc<Self>) -> Result<(), JsValue> {
        for (name, message) in [
            ("own-again", OwnMsg::Again),
            ("paint-undo", OwnMsg::Paint(Stroke::Undo)),
            ("paint-clear", OwnMsg::Paint(Stroke::Clear)),
            ("paint-train", OwnMsg::TrainOnPainted),
        ] {
            if let Some(button) = dom::role(&self.root, name) {
                self.on(&button, "click", move |page, _| page.tell(Msg::Own(message.clone())))?;
            }
        }
        for button in dom::all(&self.root, "[data-tool]") {
            let name = button.get_attribute("data-tool").unwrap_or_default();
            let tool = TOOLS.iter().find(|(known, _)| *known == name).map_or(Tool::Solid, |(_, tool)| *tool);
            self.on(&button, "click", move |page, _| page.paint(Stroke::Tool(tool)))?;
        }
        if let Some(size) = input(&self.root, "paint-size") {
            size.set_max(&LARGEST.to_string());
            let slider = size.clone();
            self.on(&size, "input", move |page, _| {
                page.paint(Stroke::Size(slider.value_as_number() as u32));
            })?;
        }
        self.listen_to_files()?;
        self.listen_to_brush()
    }

    fn listen_to_files(self: &Rc<Self>) -> Result<(), JsValue> {
        if let (Some(button), Some(file)) = (dom::role(&self.root, "choose-file"), input(&self.root, "file"))
        {
            let chooser = file.clone();
            self.on(&button, "click", move |_, _| chooser.click())?;
            let chosen = file.clone();
            self.on(&file, "change", move |page, _| {
                if let Some(list) = chosen.files() {
                    page.read_files(&list);
                }
                // Choosing the same file again, mended meanwhile, is a change too.
                chosen.set_value("");
            })?;
        }
        if let Some(opener) = self.root.query_selector("[data-panel=data]")? {
            // The panel stands above its button: the focus goes there with the reader.
            self.on(&opener, "click", |page, _| {
                let open = dom::role(&page.root, "panel-data").is_some_and(|panel| !panel.hidden());
                if let Some(button) = dom::role(&page.root, "choose-file").filter(|_| open) {
                    let _ = button.focus();
                }
            })?;
        }
        let window = self.window.clone();
        // Anywhere on the page: a browser would otherwise leave it to show the file.
        self.on(&window, "dragover", |page, event| page.drag(&event, true))?;
        self.on(&window, "dragleave", |page, event| page.drag(&event, false))?;
        self.on(&window, "drop", |page, event| {
            page.drag(&event, false);
            let list =
                event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).and_then(|d| d.files());
            if let Some(list) = list.filter(|list| list.length() > 0) {
                if dom::role(&page.root, "panel-data").is_some_and(|panel| panel.hidden()) {
                    page.toggle_panel("data");
                }
                page.read_files(&list);
            }
        })
    }

    /// Files are being dragged over the page: says where they may go.
    fn drag(&self, event: &Event, over: bool) {
        let types = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).map(|data| data.types());
        let files = types.is_some_and(|types| types.iter().any(|kind| kind == "Files"));
        if !files {
            return;
        }
        event.prevent_default();
        if let Some(place) = dom::role(&self.root, "drop") {
            dom::mark(&place, "data-over", if over { "yes" } else { "no" });
        }
    }

    /// Reads files, none further than anything could be used of it, and passes them on.
    fn read_files(self: &Rc<Self>, list: &FileList) {
        let files: Vec<File> = (0..list.length()).filter_map(|i| list.get(i)).collect();
        let page = Rc::downgrade(self);
        gate::after(files::read(files), move |read| {
            if let Some(page) = page.upgrade() {
                page.tell(Msg::Own(read.map_or_else(OwnMsg::Unreadable, OwnMsg::Files)));
            }
        });
    }

    fn listen_to_brush(self: &Rc<Self>) -> Result<(), JsValue> {
        let Some(host) = self.root.query_selector("[data-fig=paint]")? else { return Ok(()) };
        let capture = host.clone();
        self.on(&host, "pointerdown", move |page, event| {
            if let Some(at) = page.place(&event) {
                if let Some(event) = event.dyn_ref::<PointerEvent>() {
                    // A stroke that leaves the square goes on along its edge.
                    let _ = capture.set_pointer_capture(event.pointer_id());
                }
                page.paint(Stroke::Down(at));
            }
        })?;
        self.on(&host, "pointermove", |page, event| {
            if let Some(at) = page.place(&event) {
                page.paint(Stroke::Move(Some(at)));
            }
        })?;
        for kind in ["pointerup", "pointercancel"] {
            self.on(&host, kind, |page, _| page.paint(Stroke::Up))?;
        }
        for kind in ["pointerleave", "blur"] {
            self.on(&host, kind, |page, _| page.paint(Stroke::Move(None)))?;
        }
        self.on(&host, "focus", |page, _| page.paint(Stroke::Nudge(0, 0)))?;
        self.on(&host, "keydown", |page, event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                page.brush_key(event);
            }
        })
    }

    /// Arrows move the cursor, Enter or the space bar puts a point, Backspace takes the last one back.
    fn brush_key(self: &Rc<Self>, event: &KeyboardEvent) {
        let far = if event.shift_key() { 5 } else { 1 };
        let stroke = match event.key().as_str() {
            "ArrowLeft" => Stroke::Nudge(-far, 0),
            "ArrowRight" => Stroke::Nudge(far, 0),
            "ArrowDown" => Stroke::Nudge(0, -far),
            "ArrowUp" => Stroke::Nudge(0, far),
            "Enter" | " " => Stroke::Place,
            "Backspace" | "Delete" => Stroke::Undo,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        self.paint(stroke);
    }

    fn paint(self: &Rc<Self>, stroke: Stroke) {
        self.tell(Msg::Own(OwnMsg::Paint(stroke)));
    }

    /// The place on the plane under the pointer.
    fn place(&self, event: &Event) -> Option<(f32, f32)> {
        let event = event.dyn_ref::<PointerEvent>()?;
        let (width, height) = self.renderer.borrow().paint_size()?;
        let share = |offset: i32, size: u32| offset as f32 / size.max(1) as f32;
        Some(Painting::place(share(event.offset_x(), width), share(event.offset_y(), height)))
    }
}

fn input(root: &Element, name: &str) -> Option<HtmlInputElement> {
    dom::role(root, name).and_then(|element| element.dyn_into().ok())
}

impl Renderer {
    /// Width and height of the plane that is painted on.
    fn paint_size(&self) -> Option<(u32, u32)> {
        self.slots.iter().find(|(name, _)| name == "paint").map(|(_, slot)| slot.size())
    }

    /// Shows the reader's own data, if something about it has changed and the panel is open.
    pub(super) fn draw_own(&mut self, app: &App, theme: &Theme, theme_changed: bool) {
        if let Ok(Some(opener)) = self.root.query_selector("[data-panel=data]") {
            dom::mark(&opener, "data-on", if app.experiment.data == DataKind::Own { "yes" } else { "no" });
        }
        let Some(panel) = dom::role(&self.root, "panel-data").filter(|panel| !panel.hidden()) else {
            self.own_drawn = None;
            return;
        };
        let key = (app.own.changes, app.experiment.data);
        if self.own_drawn == Some(key) && !theme_changed {
            return;
        }
        if self.own_drawn.is_none() {
            self.slots.iter_mut().filter(|(name, _)| name == "paint").for_each(|(_, slot)| slot.measure());
        }
        self.own_drawn = Some(key);
        write_files(&self.document, &panel, app);
        write_brush(&panel, &app.own.painting);
        self.put("paint", &Figure::Painting(&app.own.painting.view()), theme);
    }
}

fn write(panel: &Element, name: &str, words: &str) {
    if let Some(place) = dom::role(panel, name) {
        dom::write(&place, words);
        dom::show(&place, !words.is_empty());
    }
}

fn write_files(document: &Document, panel: &HtmlElement, app: &App) {
    if let Some(place) = dom::role(panel, "own-limits") {
        dom::write(&place, &limits());
    }
    let complaint = app.own.complaint.as_ref();
    write(panel, "own-wrong", &complaint.map_or(String::new(), |c| format!("× {}", c.sentence)));
    let kept = if complaint.is_some() { "Nothing was changed; the run on screen goes on." } else { "" };
    write(panel, "own-kept", kept);
    write(panel, "own-told", &app.own.told);
    let again = app.own.name().filter(|_| app.experiment.data != DataKind::Own);
    write(panel, "own-again", &again.map_or(String::new(), |name| format!("Train on {name} again")));
    if let Some(rows) = dom::role(panel, "own-rows") {
        dom::show(&rows, complaint.is_some_and(|complaint| complaint.place.is_some()));
        rows.set_text_content(None);
        if let Some(complaint) = complaint {
            // A row that cannot be built is left out; the sentence has named it.
            let _ = write_rows(document, &rows, complaint);
        }
    }
}

/// The rows around the error, the cell marked.
fn write_rows(document: &Document, rows: &HtmlElement, complaint: &Complaint) -> Result<(), JsValue> {
    let Some(place) = &complaint.place else { return Ok(()) };
    for line in &place.around {
        let row: HtmlElement = dom::make(document, "div", if line.row == place.row { "here" } else { "" })?;
        let number = format!("{}\u{2002}", line.row);
        let parts = [("span", &number), ("span", &line.before), ("mark", &line.bad), ("span", &line.after)];
        for (tag, words) in parts.into_iter().filter(|(_, words)| !words.is_empty()) {
            let part: HtmlElement = dom::make(document, tag, "")?;
            part.set_text_content(Some(words));
            row.append_child(&part)?;
        }
        rows.append_child(&row)?;
    }
    Ok(())
}

fn write_brush(panel: &HtmlElement, painting: &Painting) {
    for button in dom::all(panel, "[data-tool]") {
        let name = button.get_attribute("data-tool").unwrap_or_default();
        dom::press(&button, TOOLS.iter().any(|(known, tool)| *known == name && *tool == painting.tool));
    }
    if let Some(size) =
        input(panel, "paint-size").filter(|size| size.value_as_number() != f64::from(painting.size))
    {
        size.set_value_as_number(f64::from(painting.size));
    }
    let [hollow, solid] = painting.counts();
    let counts = format!("{} hollow, {} solid", text::whole(hollow as u32), text::whole(solid as u32));
    for (name, words) in [("paint-size-words", painting.size.to_string()), ("paint-counts", counts)] {
        if let Some(place) = dom::role(panel, name) {
            dom::write(&place, &words);
        }
    }
    write(panel, "paint-note", &painting.note);
    for (name, on) in [("paint-undo", painting.can_undo()), ("paint-clear", !painting.points.is_empty())] {
        if let Some(button) = dom::role(panel, name) {
            dom::enable(&button, on);
        }
    }
}
