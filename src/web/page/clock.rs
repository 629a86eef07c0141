//! The page's clock: animation frames, as long as something moves, and what is drawn in which of them.

use std::rc::Rc;

use super::Page;
use crate::app::{App, Msg};
use crate::lab::experiment::Experiment;
use crate::web::controls;

impl Page {
    pub(super) fn start_clock(self: &Rc<Self>) {
        let page = Rc::downgrade(self);
        self.frames.start(move |now| {
            if let Some(page) = page.upgrade() {
                page.tick(now);
            }
        });
    }

    /// Asks for one animation frame, if none is on its way.
    pub(in crate::web) fn wake(&self) {
        self.frames.wake();
    }

    fn tick(self: &Rc<Self>, now: f64) {
        let passed = self.frames.passed(now);
        let effects = self.app.borrow_mut().update(Msg::Tick(passed));
        for effect in effects {
            self.perform(effect);
        }
        self.miss_painter(passed);
        let settles = self.settle();
        let (running, every) = (self.app.borrow().is_moving(), self.app.borrow().draws_every());
        let behind = self.renderer.borrow().is_behind();
        let due = self.dirty.get() && !behind && (now - self.last_drawn.get() >= every - 0.002 || !running);
        // By turns, should there be no frame to spare between two drawings.
        let part = !behind && !(due && (self.part_drawn.get() || !running)) && self.draw_part(now);
        self.part_drawn.set(part);
        if due && !part {
            self.last_drawn.set(now);
            self.draw_now();
        }
        let app = self.app.borrow();
        if self.dirty.get() && self.painter_lags() && !app.calm {
            self.renderer.borrow().write_bar(&app);
            self.show_controls(&app);
        }
        drop(app);
        let begun = !running || self.app.borrow().history.step() > 0;
        if begun {
            self.hire_painter();
        }
        if begun
            && !self.embedded
            && !self.board_opened.replace(true)
            && let Err(error) = self.open_board()
        {
            web_sys::console::warn_1(&error);
        }
        let unfinished = self.dirty.get() || self.renderer.borrow().is_unfinished();
        if running || unfinished || settles || self.app.borrow().is_waiting_for_frames() {
            self.wake();
        } else {
            self.frames.pause();
        }
    }

    /// Draws a part of what waits for a frame of its own. Whether there was one.
    fn draw_part(&self, now: f64) -> bool {
        self.renderer.borrow_mut().draw_next_part(&self.app.borrow(), now)
    }

    /// Draws and writes whatever is due.
    pub(in crate::web) fn draw_now(&self) {
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
}
