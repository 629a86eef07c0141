//! Colours and type of the figures, and the widths at which they change shape: one source for canvas and SVG; a test
//! holds the style sheet to the colours.

use plotters::style::RGBColor;

/// The page's own font stack, so that a figure's text looks like the text around it.
pub const SANS: &str =
    "-apple-system,BlinkMacSystemFont,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif";

/// Size of figure text, in CSS pixels.
pub const TEXT: f32 = 12.0;
/// Size of tick labels and read-outs, in CSS pixels.
pub const TICK: f32 = 11.0;

/// Figures narrower than this leave out what a phone has no room for.
pub const SMALL: f32 = 480.0;
/// Figures narrower than this stand three abreast in an embed.
pub(super) const NARROW: f32 = 250.0;
/// From here on there is room for words and parts beside each other that else stand one below the other.
pub(super) const WIDE: f32 = 700.0;

/// The three tones of one arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArmTones {
    /// Lines, marks and labels: at least 5 to 1 against the paper.
    pub line: RGBColor,
    /// Filled areas under a line.
    pub wash: RGBColor,
    /// Raw traces and tie lines: decorative.
    pub raw: RGBColor,
}

/// Every colour a figure may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Background.
    pub paper: RGBColor,
    /// Text, x axes.
    pub ink: RGBColor,
    /// Secondary text, tick labels.
    pub muted: RGBColor,
    /// Reference lines and marks; never text.
    pub quiet: RGBColor,
    /// Grid and frames.
    pub rule: RGBColor,
    /// Selected row.
    pub wash: RGBColor,
    /// Without, with.
    pub arms: [ArmTones; 2],
    /// Diverged, wrong: always with a word or a cross.
    pub alert: RGBColor,
    /// Ends of the heat map ramp.
    pub ramp: [RGBColor; 2],
    /// Hollow and solid class.
    pub class: [RGBColor; 2],
    /// Ends of the probability field.
    pub field: [RGBColor; 2],
}

const fn rgb(hex: u32) -> RGBColor {
    RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// Dark ink on white paper.
    #[must_use]
    pub const fn light() -> Self {
        Self {
            paper: rgb(0xffffff),
            ink: rgb(0x17191c),
            muted: rgb(0x5b6168),
            quiet: rgb(0x8b9199),
            rule: rgb(0xd9dcdf),
            wash: rgb(0xf4f5f6),
            arms: [
                ArmTones { line: rgb(0xb85000), wash: rgb(0xf6e5d9), raw: rgb(0xeccdb5) },
                ArmTones { line: rgb(0x00619e), wash: rgb(0xd9e7f1), raw: rgb(0xb9d3e4) },
            ],
            alert: rgb(0xa3101f),
            ramp: [rgb(0xffffff), rgb(0x5b6168)],
            class: [rgb(0xffffff), rgb(0x17191c)],
            field: [rgb(0xffffff), rgb(0xc3c7cb)],
        }
    }

    /// Light ink on dark paper.
    #[must_use]
    pub const fn dark() -> Self {
        Self {
            paper: rgb(0x14171a),
            ink: rgb(0xe6e8ea),
            muted: rgb(0xa2a9b0),
            quiet: rgb(0x767d85),
            rule: rgb(0x33383d),
            wash: rgb(0x1c2024),
            arms: [
                ArmTones { line: rgb(0xf0a15e), wash: rgb(0x3a2c20), raw: rgb(0x5e4631) },
                ArmTones { line: rgb(0x5cb3f0), wash: rgb(0x1d3242), raw: rgb(0x2a4c66) },
            ],
            alert: rgb(0xff8d8d),
            ramp: [rgb(0x1c2024), rgb(0xa2a9b0)],
            class: [rgb(0x14171a), rgb(0xe6e8ea)],
            field: [rgb(0x14171a), rgb(0x4a5058)],
        }
    }

    /// For forced colours: the reader's own two colours; dash and mark alone tell the arms apart.
    #[must_use]
    pub fn two_tone(paper: RGBColor, ink: RGBColor) -> Self {
        let (faint, wash) = (mix(paper, ink, 0.45), mix(paper, ink, 0.12));
        let arm = ArmTones { line: ink, wash, raw: faint };
        Self {
            paper,
            ink,
            muted: ink,
            quiet: ink,
            rule: faint,
            wash,
            arms: [arm; 2],
            alert: ink,
            ramp: [paper, mix(paper, ink, 0.6)],
            class: [paper, ink],
            field: [paper, mix(paper, ink, 0.25)],
        }
    }

    /// The style sheet's names of the colours that the page uses too.
    #[must_use]
    pub fn tokens(&self) -> [(&'static str, RGBColor); 9] {
        let [no, bn] = self.arms;
        [
            ("--paper", self.paper),
            ("--ink", self.ink),
            ("--muted", self.muted),
            ("--quiet", self.quiet),
            ("--rule", self.rule),
            ("--wash", self.wash),
            ("--no", no.line),
            ("--bn", bn.line),
            ("--alert", self.alert),
        ]
    }
}

/// The colour a share `t` in [0, 1] of the way from `a` to `b`; not a number counts as 0.
#[must_use]
pub fn mix(a: RGBColor, b: RGBColor, t: f32) -> RGBColor {
    let t = if t > 0.0 { t.min(1.0) } else { 0.0 };
    let one = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * t + 0.5) as u8;
    RGBColor(one(a.0, b.0), one(a.1, b.1), one(a.2, b.2))
}
