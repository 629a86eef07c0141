//! Hears the reader on the figures of the lab: where the pointer is, which layer is chosen, which picture is wanted.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlSelectElement, PointerEvent};

use crate::web::dom;
use crate::web::keep::Kind;
use crate::web::page::Page;

impl Page {
    pub(super) fn listen_to_pictures(self: &Rc<Self>) -> Result<(), JsValue> {
        let Some(select) =
            dom::role(&self.root, "picture").and_then(|s| s.dyn_into::<HtmlSelectElement>().ok())
        else {
            return Ok(());
        };
        for (name, kind) in [("export-png", Kind::Png), ("export-svg", Kind::Svg)] {
            let (Some(button), select) = (dom::role(&self.root, name), select.clone()) else { continue };
            self.on(&button, "click", move |page, _| page.save_picture(&select.value(), kind))?;
        }
        self.on(&select, "change", |page, _| page.redraw())
    }

    pub(super) fn listen_to_figures(self: &Rc<Self>) -> Result<(), JsValue> {
        for host in dom::all(&self.root, "[data-fig]") {
            let name = host.get_attribute("data-fig").unwrap_or_default();
            let figure = name.clone();
            for kind in ["pointerdown", "pointermove"] {
                let figure = figure.clone();
                self.on(&host, kind, move |page, event| {
                    if let Some(event) = event.dyn_ref::<PointerEvent>() {
                        page.point(&figure, event.offset_x());
                    }
                })?;
            }
            self.on(&host, "pointerleave", |page, event| {
                // A finger that is lifted leaves the read-out standing, to be read.
                let touch = event.dyn_ref::<PointerEvent>().is_some_and(|e| e.pointer_type() == "touch");
                if !touch {
                    page.choose(|choices| choices.cursor = None);
                }
            })?;
            if name == "layers" {
                self.on(&host, "click", |page, event| {
                    if let Some(event) = event.dyn_ref::<PointerEvent>() {
                        let row = page.renderer.borrow().layer_at(&page.app.borrow(), event.offset_y());
                        if let Some(row) = row {
                            page.choose(|choices| choices.layer = row);
                        }
                    }
                })?;
            }
        }
        Ok(())
    }

    /// The pointer is at a horizontal place of a figure.
    fn point(self: &Rc<Self>, figure: &str, x: i32) {
        let app = self.app.borrow();
        let cursor = self.renderer.borrow().step_at(&app, figure, x);
        let known = app.choices.cursor;
        drop(app);
        if cursor != known {
            self.choose(|choices| choices.cursor = cursor);
        }
    }
}
