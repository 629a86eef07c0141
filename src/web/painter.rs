//! The drawing worker's end: keeps the canvases it was lent and draws the lists it is sent. The page's end is
//! [`super::easel`].

use std::collections::BTreeMap;

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, HtmlCanvasElement};

use super::surface::Surface;
use crate::figure::DisplayList;

#[wasm_bindgen]
extern "C" {
    /// To the page, from its worker.
    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(message: &JsValue);
}

/// A canvas it was lent.
struct Lent {
    surface: Surface,
    /// Gives its context; as long as this lives so does the canvas.
    _again: Closure<dyn Fn() -> JsValue>,
}

/// Draws for the page.
#[wasm_bindgen]
pub struct Painter {
    surfaces: BTreeMap<u32, Lent>,
    /// Called when a browser short of memory has taken a canvas away and given it back empty.
    restored: Function,
}

#[wasm_bindgen]
impl Painter {
    /// A painter without a canvas.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        let restored = Closure::<dyn Fn()>::new(|| post_message(&JsValue::NULL));
        Self { surfaces: BTreeMap::new(), restored: restored.into_js_value().unchecked_into() }
    }

    /// Takes a list of messages: a number and a canvas to keep by it; a number, a size in CSS pixels, device pixels per CSS
    /// pixel and what to draw; or a number alone, whose canvas is to be given up. The answer to a list with drawings is
    /// empty. Unasked, a null says that a canvas has lost what was on it.
    ///
    /// # Errors
    /// What was sent cannot be drawn.
    pub fn handle(&mut self, messages: &Array) -> Result<Option<Vec<u8>>, JsValue> {
        let mut drawn = None;
        for message in messages.iter() {
            let message: Array = message.dyn_into()?;
            let number = message.get(0).as_f64().ok_or("no number")? as u32;
            match message.length() {
                1 => {
                    self.surfaces.remove(&number);
                }
                2 => {
                    let canvas = message.get(1);
                    let target = canvas.unchecked_ref::<EventTarget>();
                    let _ = target.add_event_listener_with_callback("contextrestored", &self.restored);
                    self.surfaces.insert(number, keep(canvas)?);
                }
                _ => {
                    self.draw(number, &message).ok_or("it cannot be drawn")?;
                    drawn = Some(Vec::new());
                }
            }
        }
        Ok(drawn)
    }

    fn draw(&self, number: u32, message: &Array) -> Option<()> {
        let [width, height, ratio] = [1, 2, 3].map(|place| message.get(place).as_f64());
        let list = DisplayList::read(&message.get(4).dyn_into::<Uint8Array>().ok()?.to_vec())?;
        let Lent { surface, .. } = self.surfaces.get(&number)?;
        // It may have been taken away meanwhile and given back.
        surface.forget_font();
        list.draw(surface.paper((width? as u32, height? as u32), ratio?)?).ok()
    }
}

/// A canvas without a page has the same methods under names of its own. plotters' canvas backend asks for the name that
/// it has on a page, so it is given that here.
fn keep(canvas: JsValue) -> Result<Lent, JsValue> {
    let global = js_sys::global();
    let own = Reflect::get(&global, &"OffscreenCanvasRenderingContext2D".into())?;
    Reflect::set(&global, &"CanvasRenderingContext2D".into(), &own)?;
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    // It asks for the context anew for every drawing; Firefox (153) gives that of a lent canvas once.
    let context = JsValue::from(canvas.get_context("2d")?);
    let again = Closure::<dyn Fn() -> JsValue>::new(move || context.clone());
    Reflect::set(&canvas, &"getContext".into(), again.as_ref())?;
    Ok(Lent { surface: Surface::of(canvas)?, _again: again })
}
