//! One face for every surface: the figures are compiled once, for a [`Sheet`], whatever they are drawn on.
//!
//! A plotters backend has generic methods, so a figure generic over backends is compiled anew for each of them:
//! canvas, SVG, and the digest that notices changes. A sheet hands its calls on to one of those by reference.

use std::convert::Infallible;

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontStyle, FontTransform, text_anchor,
};

/// What a backend returns whose calls cannot fail.
pub(super) type Done = Result<(), DrawingErrorKind<Infallible>>;

/// A plotters backend whose calls go to a borrowed surface. It has no size and no errors: those are the surface's.
pub(super) struct Sheet<'s>(&'s mut dyn Surface);

/// A backend and the first error it made; after that nothing more is drawn.
pub(super) struct Held<B: DrawingBackend> {
    inner: B,
    failed: Option<DrawingErrorKind<B::ErrorType>>,
}

impl<B: DrawingBackend> Held<B> {
    pub(super) fn new(inner: B) -> Self {
        Self { inner, failed: None }
    }

    /// The backend behind its face.
    pub(super) fn sheet(&mut self) -> Sheet<'_> {
        Sheet(self)
    }

    /// How it went.
    pub(super) fn end(self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.failed.map_or(Ok(()), Err)
    }

    fn try_to(&mut self, draw: impl FnOnce(&mut B) -> Result<(), DrawingErrorKind<B::ErrorType>>) {
        if self.failed.is_none() {
            self.failed = draw(&mut self.inner).err();
        }
    }
}

/// What a shape is drawn with.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    pub(super) color: BackendColor,
    pub(super) width: u32,
}

impl Ink {
    fn of(style: &impl BackendStyle) -> Self {
        Self { color: style.color(), width: style.stroke_width() }
    }
}

impl BackendStyle for Ink {
    fn color(&self) -> BackendColor {
        self.color
    }
    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// What a word is drawn with. Nobody asks it for a layout: see [`super::paper`].
pub(super) struct Type<'a> {
    pub(super) color: BackendColor,
    pub(super) size: f64,
    pub(super) transform: FontTransform,
    pub(super) style: FontStyle,
    pub(super) anchor: text_anchor::Pos,
    pub(super) family: FontFamily<'a>,
}

impl BackendTextStyle for Type<'_> {
    type FontError = Infallible;
    fn color(&self) -> BackendColor {
        self.color
    }
    fn size(&self) -> f64 {
        self.size
    }
    fn transform(&self) -> FontTransform {
        self.transform.clone()
    }
    fn style(&self) -> FontStyle {
        self.style
    }
    fn anchor(&self) -> text_anchor::Pos {
        self.anchor
    }
    fn family(&self) -> FontFamily<'_> {
        self.family
    }
    fn layout_box(&self, _: &str) -> Result<((i32, i32), (i32, i32)), Infallible> {
        Ok(((0, 0), (0, 0)))
    }
    fn draw<E, D: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: BackendCoord,
        _: D,
    ) -> Result<Result<(), E>, Infallible> {
        Ok(Ok(()))
    }
}

/// A backend's methods without their generics.
trait Surface {
    fn prepare(&mut self);
    fn present(&mut self);
    fn pixel(&mut self, at: BackendCoord, color: BackendColor);
    fn rectangle(&mut self, a: BackendCoord, b: BackendCoord, ink: Ink, fill: bool);
    fn path(&mut self, points: &[BackendCoord], ink: Ink);
    fn circle(&mut self, centre: BackendCoord, radius: u32, ink: Ink, fill: bool);
    fn polygon(&mut self, corners: &[BackendCoord], ink: Ink);
    fn text(&mut self, text: &str, style: &Type<'_>, at: BackendCoord);
}

impl<B: DrawingBackend> Surface for Held<B> {
    fn prepare(&mut self) {
        self.try_to(B::ensure_prepared);
    }
    fn present(&mut self) {
        self.try_to(B::present);
    }
    fn pixel(&mut self, at: BackendCoord, color: BackendColor) {
        self.try_to(|inner| inner.draw_pixel(at, color));
    }
    fn rectangle(&mut self, a: BackendCoord, b: BackendCoord, ink: Ink, fill: bool) {
        self.try_to(|inner| inner.draw_rect(a, b, &ink, fill));
    }
    fn path(&mut self, points: &[BackendCoord], ink: Ink) {
        self.try_to(|inner| inner.draw_path(points.iter().copied(), &ink));
    }
    fn circle(&mut self, centre: BackendCoord, radius: u32, ink: Ink, fill: bool) {
        self.try_to(|inner| inner.draw_circle(centre, radius, &ink, fill));
    }
    fn polygon(&mut self, corners: &[BackendCoord], ink: Ink) {
        self.try_to(|inner| inner.fill_polygon(corners.iter().copied(), &ink));
    }
    fn text(&mut self, text: &str, style: &Type<'_>, at: BackendCoord) {
        self.try_to(|inner| inner.draw_text(text, style, at));
    }
}

impl DrawingBackend for Sheet<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (0, 0)
    }
    fn ensure_prepared(&mut self) -> Done {
        self.0.prepare();
        Ok(())
    }
    fn present(&mut self) -> Done {
        self.0.present();
        Ok(())
    }
    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Done {
        self.0.pixel(at, color);
        Ok(())
    }
    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.0.path(&[from, to], Ink::of(style));
        Ok(())
    }
    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.0.rectangle(a, b, Ink::of(style), fill);
        Ok(())
    }
    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.0.path(&path.into_iter().collect::<Vec<_>>(), Ink::of(style));
        Ok(())
    }
    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Done {
        self.0.circle(at, radius, Ink::of(style), fill);
        Ok(())
    }
    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Done {
        self.0.polygon(&corners.into_iter().collect::<Vec<_>>(), Ink::of(style));
        Ok(())
    }
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Done {
        let (color, size, transform) = (style.color(), style.size(), style.transform());
        let (anchor, family) = (style.anchor(), style.family());
        let style = Type { color, size, transform, style: style.style(), anchor, family };
        self.0.text(text, &style, at);
        Ok(())
    }
}
