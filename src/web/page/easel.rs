//! The worker that draws the page's figures: when it is hired, and what becomes of the page without it.

use std::rc::Rc;

use super::Page;
use crate::app::LONGEST_FRAME;
use crate::web::easel::{Easel, News};

/// After so many seconds without an answer it is taken for gone.
const PATIENCE: f64 = 5.0;
/// What the reader presses shows without it if it takes longer than this, in seconds.
const LAG: f64 = 0.5;
/// Frames after which what was drawn in a worker is on the screen.
const ON_SCREEN: u32 = 2;

impl Page {
    /// Starts it, once, where canvases can be lent: not before the lab trains, which comes first. Until it is ready the page
    /// draws by itself. An embed goes on doing so: its figures are few.
    pub(super) fn hire_painter(self: &Rc<Self>) {
        if self.embedded || self.painter_hired.replace(true) || !Easel::can_lend(&self.window) {
            return;
        }
        let page = Rc::downgrade(self);
        let hear = move |news| {
            if let Some(page) = page.upgrade() {
                page.hear_of_painter(news);
            }
        };
        // One that cannot be started is done without.
        let started = Easel::start(&self.addresses.worker, &self.module, hear);
        *self.easel.borrow_mut() = started.ok().map(Rc::new);
    }

    fn hear_of_painter(self: &Rc<Self>, news: News) {
        match news {
            News::Ready => self.draw_by(self.easel_at_work()),
            // The clock goes on until it answers, or is missed.
            News::Sent => {}
            News::Drawn => {
                if self.settles_in.get() == 0 {
                    self.settles_in.set(ON_SCREEN);
                }
            }
            News::Restored => {
                self.renderer.borrow_mut().measure();
                if let Some(board) = &*self.board.borrow() {
                    board.measure();
                }
                self.restyle();
            }
            News::Failed => {
                let Some(failed) = self.easel.replace(None) else { return };
                failed.end();
                if failed.is_ready() {
                    self.draw_by(None);
                }
            }
        }
        self.wake();
    }

    /// The worker, if it is ready to draw.
    pub(super) fn easel_at_work(&self) -> Option<Rc<Easel>> {
        self.easel.borrow().clone().filter(|easel| easel.is_ready())
    }

    /// Once a frame, `passed` seconds after the last: one that falls silent has failed.
    pub(super) fn miss_painter(self: &Rc<Self>, passed: f64) {
        let behind = self.renderer.borrow().is_behind();
        let silent = self.painter_silent.get() + passed.min(LONGEST_FRAME);
        self.painter_silent.set(if behind { silent } else { 0.0 });
        if self.painter_silent.get() > PATIENCE {
            self.hear_of_painter(News::Failed);
        }
    }

    /// Whether it keeps the reader waiting.
    pub(super) fn painter_lags(&self) -> bool {
        self.painter_silent.get() > LAG
    }

    /// Once a frame: what stood in for what the painter has drawn goes, when that is on the screen. Whether it is still to
    /// go.
    pub(super) fn settle(&self) -> bool {
        match self.settles_in.get() {
            0 => return false,
            1 if !self.renderer.borrow().is_behind() => {
                self.settles_in.set(0);
                self.renderer.borrow_mut().settle(&self.app.borrow());
                if let Some(board) = &*self.board.borrow() {
                    board.settle();
                }
                return false;
            }
            // Something was drawn anew meanwhile.
            1 => {}
            left => self.settles_in.set(left - 1),
        }
        true
    }

    /// What is printed cannot wait for a worker: the page draws by itself meanwhile.
    pub(in crate::web) fn draw_for_print(&self, printing: bool) {
        if let Some(easel) = self.easel_at_work() {
            self.draw_by(Some(easel).filter(|_| !printing));
        }
    }

    fn draw_by(&self, easel: Option<Rc<Easel>>) {
        if let Some(board) = &*self.board.borrow() {
            board.draw_by(easel.as_ref());
        }
        self.renderer.borrow_mut().draw_by(easel.as_ref());
        self.dirty.set(true);
        self.wake();
    }
}
