//! The lab's figures: which view each of them shows, and what is under the pointer in it.

use super::Renderer;
use crate::app::App;
use crate::figure::layers::Columns;
use crate::figure::{Figure, Theme};
use crate::lab::experiment::Picture;
use crate::lab::history::last_step;
use crate::lab::view::{LayersView, LossView};

/// The plane of a data set's picture is [-`THUMB_REACH`, `THUMB_REACH`], closer than that of the figure.
const THUMB_REACH: f32 = 1.6;

impl Renderer {
    pub(super) fn draw_loss(&mut self, app: &App, theme: &Theme) {
        let view = loss_view(app);
        self.put("loss", &Figure::Loss(&view), theme);
    }

    /// What one network has learned; test images are one figure for both.
    pub(super) fn draw_learned(&mut self, app: &App, theme: &Theme, arm: usize) {
        let (history, shown) = (&app.history, &app.shown);
        match app.experiment.picture() {
            Picture::Images if arm == 0 => {
                let view = app.images_view();
                self.put("images", &Figure::Images(&view), theme);
            }
            Picture::Images => {}
            Picture::Plane => {
                let view = history.boundary_view(arm, &shown.points);
                self.put(&format!("boundary-{arm}"), &Figure::Boundary(&view), theme);
            }
            Picture::Counts => {
                let view = history.counts_view(arm, &shown.classes);
                self.put(&format!("boundary-{arm}"), &Figure::Counts(&view), theme);
            }
        }
    }

    pub(super) fn draw_layers(&mut self, theme: &Theme) {
        self.put_layers("layers", theme);
    }

    pub(super) fn draw_bands(&mut self, theme: &Theme) {
        self.put_layers("band-0", theme);
        self.put_layers("band-1", theme);
    }

    pub(super) fn draw_detail(&mut self, theme: &Theme) {
        self.put_layers("gradient", theme);
        self.put_layers("learned", theme);
    }

    fn put_layers(&mut self, name: &str, theme: &Theme) {
        let view = core::mem::take(&mut self.layers_drawn);
        if let Some(figure) = of_layers(name, &view, self.columns()) {
            self.put(name, &figure, theme);
        }
        self.layers_drawn = view;
    }

    /// The columns the layer table has room for.
    fn columns(&self) -> Columns {
        let width = self.slots.iter().find(|(name, _)| name == "layers").map_or(0, |(_, slot)| slot.width());
        if self.on_a_phone { self.column } else { Columns::for_width(width) }
    }

    pub(super) fn draw_thumbs(&mut self, theme: &Theme) {
        for (slot, points) in &mut self.thumbs {
            slot.draw(&Figure::Thumbnail(points, THUMB_REACH), theme, self.ratio);
        }
    }

    /// The step under a horizontal place in a figure.
    pub(in crate::web) fn step_at(&self, app: &App, name: &str, x: i32) -> Option<u32> {
        let size = self.slots.iter().find(|(known, _)| known == name)?.1.size();
        let x = x as f32;
        if name == "loss" {
            return Figure::Loss(&loss_view(app)).step_at(size, x);
        }
        let view = app.history.layers_view(&app.choices);
        of_layers(name, &view, self.columns())?.step_at(size, x)
    }

    /// The layer at a height in the layer table.
    pub(in crate::web) fn layer_at(&self, app: &App, y: i32) -> Option<usize> {
        let size = self.slots.iter().find(|(known, _)| known == "layers")?.1.size();
        let view: LayersView = app.history.layers_view(&app.choices);
        Figure::Layers(&view, self.columns()).layer_at(size, y as f32)
    }
}

/// The figure of the layers that stands at a place, to be drawn and to be pointed at.
fn of_layers<'v>(name: &str, view: &'v LayersView, columns: Columns) -> Option<Figure<'v>> {
    Some(match name {
        "layers" => Figure::Layers(view, columns),
        "band-0" => Figure::Band(view, 0),
        "band-1" => Figure::Band(view, 1),
        "gradient" => Figure::Gradient(view),
        "learned" => Figure::Learned(view),
        _ => return None,
    })
}

fn loss_view(app: &App) -> LossView {
    let mut view = app.history.loss_view(&app.choices);
    view.message = app.empty_words().map(str::to_owned);
    debug_assert!(view.last_step >= last_step(view.step));
    view
}
