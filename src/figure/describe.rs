//! What each figure is of, in words, for readers who do not see it. The numbers belong in a table beside it.

use super::Figure;
use super::runs::NAMES;
use super::text;
use crate::lab::claim::cell::{Cell, Median};
use crate::lab::claim::view::{
    AffineView, BatchView, DepthView, GammaView, MapView, NOISE_ARMS, NoiseCurve, NormsView, RatesView,
    SmoothView, WhyView,
};
use crate::lab::claim::words;
use crate::lab::sentence::target;
use crate::lab::view::{Measure, Pick, Scale};

impl Figure<'_> {
    /// What the picture is of, for readers who do not see it. The numbers belong in a table beside it.
    #[must_use]
    pub fn describe(&self) -> String {
        let both = |names: &[String; 2]| format!("{} and {}", names[0], names[1]);
        match self {
            Self::Loss(view) => {
                let what = match (view.measure, view.scale) {
                    (Measure::Accuracy, _) => "Test accuracy by step",
                    (Measure::Loss, Scale::Log) => "Loss by step on a log scale",
                    (Measure::Loss, Scale::Linear) => "Loss by step",
                };
                format!("{what}, {} and {}", view.arms[0].name, view.arms[1].name)
            }
            Self::Boundary(_) => "The predicted class over the plane of the two features".into(),
            Self::Counts(view) => {
                format!("Test examples of {} classes by the class they are taken for", view.classes.len())
            }
            Self::Painting(view) => format!("{} painted points", view.points.len()),
            Self::Images(view) => {
                let wrong = if view.pick == Pick::Mistakes { "with a mistake, " } else { "" };
                format!("{} test images {wrong}as read {}", view.images.len(), both(&view.names))
            }
            Self::Layers(view, _) => {
                format!("Statistics of {} layers, {}", view.layers.len(), both(&view.names))
            }
            Self::Band(view, arm) => format!(
                "15th, 50th and 85th percentile of unit {} in layer {} by step, {}",
                view.unit + 1,
                view.selected + 1,
                view.names[(*arm).min(1)]
            ),
            Self::Gradient(view) => {
                format!("Size of the gradient of layer {} by step, {}", view.selected + 1, both(&view.names))
            }
            Self::Learned(view) => format!("Learned scale and shift of layer {}", view.selected + 1),
            Self::Gamma(view) => gamma(view),
            Self::Affine(view) => affine(view),
            Self::Inputs(view) => inputs(view),
            Self::Smoother(view) => smoother(view),
            Self::Probes(view) => probes(view),
            Self::Depth(view) => depth(view),
            Self::Rates(view) => rates(view),
            Self::InitMap(view) => init_map(view),
            Self::Batches(view) => batches(view),
            Self::Noise(view) => noise(view),
            Self::Turn(view) => turn(view),
            Self::HiddenRates(view) => hidden_rates(view),
            Self::Norms(view) => norms(view),
            Self::Thumbnail(..) => "Points of two classes".into(),
            Self::Legend(0) => "dashed line, hollow circle".into(),
            Self::Legend(_) => "solid line, filled circle".into(),
        }
    }
}

fn gamma(view: &GammaView) -> String {
    let told = |v: f32| text::fixed_or_not(v, 2);
    let row = |name: &str, r: usize| {
        let (mean, std) = (told(view.rows[r].mean), told(view.rows[r].deviation));
        format!("{name} has mean {mean} and standard deviation {std}")
    };
    format!("Histograms of one unit. {}; {}; {}", row("x", 0), row("x-hat", 1), row("y", 2))
}

/// "1.2", "not finite", or "still to run".
fn told(value: Option<f32>) -> String {
    match value {
        Some(value) if value.is_finite() => words::number(value),
        Some(_) => "not finite".into(),
        None => "still to run".into(),
    }
}

fn smoother(view: &SmoothView) -> String {
    let arm = |arm: usize| format!("{} {}", NAMES[arm], told(view.arms[arm].width));
    format!(
        "Mini-batch loss by step and the losses met along the gradient. Median width of that band: {}, {}",
        arm(0),
        arm(1)
    )
}

fn affine(view: &AffineView) -> String {
    let end = |cell: &Cell| match cell.accuracy() {
        Median::At(share) => text::percent(share),
        Median::Diverged => "diverged".into(),
        Median::ToRun => "still to run".into(),
    };
    let learned = |k: usize| {
        let layers = view.moves.last().map_or(&[][..], |(_, layers)| layers);
        let all = || layers.iter().flat_map(|layer| [layer[k], layer[k + 2]]).filter(|v| v.is_finite());
        let (low, high) = (all().reduce(f32::min)?, all().reduce(f32::max)?);
        Some(format!("from {} to {}", text::fixed(low, 2), text::fixed(high, 2)))
    };
    let moved = match (learned(0), learned(3)) {
        (Some(gamma), Some(beta)) => format!(". At the end gamma lies {gamma}, beta {beta}"),
        _ => String::new(),
    };
    let (trained, frozen) = (end(&view.trained), end(&view.frozen));
    format!("Test accuracy with gamma and beta trained {trained}, frozen at 1 and 0 {frozen}{moved}")
}

fn inputs(view: &SmoothView) -> String {
    let arm = |arm: usize| {
        let drifts: Vec<String> = view.arms[arm]
            .inputs
            .drift
            .iter()
            .map(|drift| told(Some(*drift).filter(|d| *d < f32::MAX)))
            .collect();
        let drifts = if drifts.is_empty() { told(None) } else { drifts.join(", ") };
        format!("{} {drifts}", NAMES[arm])
    };
    format!(
        "Median and spread of the inputs of each layer\u{2019}s activation by step. Drift, layer by layer: {}; {}",
        arm(0),
        arm(1)
    )
}

fn probes(view: &SmoothView) -> String {
    let arm = |arm: usize| {
        let of = &view.arms[arm];
        let rising = of.rising.map_or("still to run".into(), text::percent);
        let (change, smoothness) = (told(of.change), told(of.smoothness));
        format!(
            "{}: change {change}, per distance {smoothness}, on {rising} of the walks the loss rises",
            NAMES[arm]
        )
    };
    format!("Along the gradient, by step: range of the loss, change of the gradient. {}; {}", arm(0), arm(1))
}

fn noise(view: &WhyView) -> String {
    let end = |(name, curve): (&str, &NoiseCurve)| match curve.end {
        Some(share) => format!("{name} {}", text::percent(share)),
        None => format!("{name} still to run"),
    };
    let ends: Vec<String> = NOISE_ARMS.into_iter().zip(&view.noise).map(end).collect();
    format!("Test accuracy by step, with and without noise after the norm. At the end: {}", ends.join(", "))
}

fn turn(view: &WhyView) -> String {
    let arm = |arm: usize| {
        format!("{}: loss {}, cosine {}", NAMES[arm], told(view.shift[arm].end), told(view.shift[arm].cosine))
    };
    format!(
        "Loss, and cosine of a layer\u{2019}s gradient before and after the layers below it moved. {}; {}",
        arm(0),
        arm(1)
    )
}

fn hidden_rates(view: &WhyView) -> String {
    let arm = |arm: usize| {
        let cells = &view.scale.arms[arm].cells;
        let trains = cells.iter().filter(|cell| cell.trains()).count();
        format!("{}: {trains} of {} rates reach {}", NAMES[arm], view.scale.rates.len(), target())
    };
    format!(
        "Test accuracy and size of the weights by the hidden weights\u{2019} learning rate. {}; {}",
        arm(0),
        arm(1)
    )
}

fn depth(view: &DepthView) -> String {
    let arm = |arm: usize| {
        let start = &view.arms[arm].start;
        match start.first().zip(start.last()) {
            Some((first, last)) => {
                let (first, last) = (text::scientific(*first), text::scientific(*last));
                format!("{}: {first} at layer 1, {last} at layer {}", NAMES[arm], start.len())
            }
            None => format!("{}: still to run", NAMES[arm]),
        }
    };
    format!("Size of the gradient by layer on a log scale. {}; {}", arm(0), arm(1))
}

fn rates(view: &RatesView) -> String {
    let arm = |arm: usize| match view.reached[arm] {
        None => format!("{}: no rate trains", NAMES[arm]),
        Some([low, high]) => {
            let (low, high) = (words::rate(low), words::rate(high));
            format!(
                "{}: {} of {} rates train, from {low} to {high}",
                NAMES[arm],
                view.counts[arm],
                view.rates.len()
            )
        }
    };
    format!("Final test loss by {}. {}; {}", view.axis, arm(0), arm(1))
}

fn batches(view: &BatchView) -> String {
    let arm = |arm: usize, cells: &[Cell]| {
        let told = |(size, cell): (&u32, &Cell)| match cell.accuracy() {
            Median::At(share) => format!("{} at {size}", text::percent(share)),
            Median::Diverged => format!("diverged at {size}"),
            Median::ToRun => format!("{size} still to run"),
        };
        let told: Vec<String> = view.sizes.iter().zip(cells).map(told).collect();
        format!("{}: {}", NAMES[arm], told.join(", "))
    };
    format!("Median test accuracy by batch size. {}. {}", arm(0, &view.without), arm(1, &view.with[0]))
}

fn init_map(view: &MapView) -> String {
    let arm = |arm: usize| {
        let tried = view.arms[arm].iter().filter(|cell| !cell.ends.is_empty()).count();
        format!("{}: {} of {tried} reach {}", NAMES[arm], view.counts[arm], target())
    };
    format!("Test accuracy by learning rate and weight scale. {}; {}", arm(0), arm(1))
}

fn norms(view: &NormsView) -> String {
    let row = |((name, _), count): (&(&str, Vec<Cell>), &usize)| format!("{name} {count}");
    let rows: Vec<String> = view.arms.iter().zip(&view.counts).map(row).collect();
    format!(
        "Median test accuracy by norm and {}. Of {} settings these many reach {}: {}",
        view.axis,
        view.columns.len(),
        target(),
        rows.join(", ")
    )
}
