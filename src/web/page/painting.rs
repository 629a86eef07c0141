//! The worker that draws the page's figures: when it is hired, and what becomes of the page without it.

use std::rc::Rc;

use super::Page;
use crate::web::easel::{Easel, News};

/// After this many frames without an answer it is taken for gone: some five seconds.
const PATIENCE: u32 = 300;

impl Page {
    /// Starts it, once, where canvases can be lent: not before the lab trains, which comes first. Until it is ready the page
    /// draws by itself. An embed goes on doing so: its figures are few.
    pub(super) fn hire_painter(self: &Rc<Self>) {
        if self.embedded || self.painter_hired.replace(true) || !Easel::is_known(&self.window) {
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
            News::Drawn if self.renderer.borrow().is_behind() => {}
            News::Drawn => {
                self.renderer.borrow_mut().settle(&self.app.borrow());
                if let Some(board) = &*self.board.borrow() {
                    board.settle();
                }
            }
            News::Restored => {
                self.renderer.borrow_mut().measure();
                self.restyle();
            }
            News::Failed => {
                self.easel.replace(None);
                self.draw_by(None);
            }
        }
        self.wake();
    }

    /// The worker, if it is ready to draw.
    pub(super) fn easel_at_work(&self) -> Option<Rc<Easel>> {
        self.easel.borrow().clone().filter(|easel| easel.is_ready())
    }

    /// Once a frame: one that falls silent has failed.
    pub(super) fn miss_painter(self: &Rc<Self>) {
        let behind = self.renderer.borrow().is_behind();
        self.frames_behind.set(if behind { self.frames_behind.get() + 1 } else { 0 });
        if self.frames_behind.get() > PATIENCE {
            self.hear_of_painter(News::Failed);
        }
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
