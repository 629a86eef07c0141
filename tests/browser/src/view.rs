//! What a reader's screen and settings are.

/// A viewport, its pixel ratio and the reader's preferences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Names the files of screenshots.
    pub name: &'static str,
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// `prefers-color-scheme: dark`, else light.
    pub dark: bool,
    /// `prefers-reduced-motion: reduce`.
    pub reduced_motion: bool,
}

impl View {
    /// A laptop.
    pub const DESKTOP: Self =
        Self { name: "desktop", width: 1280, height: 900, scale: 1.0, dark: false, reduced_motion: false };
    /// A tablet held upright.
    pub const TABLET: Self = Self { name: "tablet", width: 820, height: 1180, ..Self::DESKTOP };
    /// A phone.
    pub const PHONE: Self = Self { name: "phone", width: 360, height: 740, scale: 2.0, ..Self::DESKTOP };

    /// The same for a reader who prefers dark pages.
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The same for a reader who prefers less motion.
    pub const fn reduced_motion(self) -> Self {
        Self { reduced_motion: true, ..self }
    }

    /// `light` or `dark`.
    pub const fn theme(&self) -> &'static str {
        if self.dark { "dark" } else { "light" }
    }
}
