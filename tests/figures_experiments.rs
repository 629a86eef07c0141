//! Figs. 5 to 12, of the eight experiments, as SVG: goldens, and what they must mean whatever they look like.
//!
//! `BLESS=1 cargo test --test figures_experiments` rewrites their goldens; look at them before committing.

use std::mem::discriminant;

use batchnorm_playground::figure::{Figure, Handle, Theme};
use batchnorm_playground::lab::claim::plate::plates;
use batchnorm_playground::lab::claim::view::{
    AffineView, BatchView, DepthView, GammaView, MapView, NormsView, RatesView, SmoothView, WhyView,
};
use batchnorm_playground::lab::claim::{Claim, Plan};
use batchnorm_playground::lab::sweep::Sweep;

mod experiment_views;
#[path = "figure_views/golden.rs"]
mod golden;
#[path = "figure_views/read.rs"]
mod read;

use experiment_views::{
    affine, batches, batches_diverged, depth, gamma, init_map, norms, norms_by_size, rates,
    rates_all_or_none, rates_reversed, smooth, why,
};
use golden::check;
use read::{hex, lines, texts};

/// A golden of one figure on a phone, in an embed and on the page, and in the dark.
fn goldens(name: &str, figure: Figure<'_>) {
    states(name, figure);
    check(&format!("{name}-920"), figure, (920, figure.natural_height(920)), &Theme::light());
    check(&format!("{name}-560-dark"), figure, (560, figure.natural_height(560)), &Theme::dark());
}

/// A golden of a further state, on a phone and in an embed.
fn states(name: &str, figure: Figure<'_>) {
    for width in [300, 560] {
        check(&format!("{name}-{width}"), figure, (width, figure.natural_height(width)), &Theme::light());
    }
}

#[test]
fn rates_are_drawn_as_they_were() {
    goldens("rates", Figure::Rates(&rates(114)));
    states("rates-so-far", Figure::Rates(&rates(70)));
    states("rates-begun", Figure::Rates(&rates(0)));
    states("rates-all", Figure::Rates(&rates_all_or_none()));
    states("rates-reversed", Figure::Rates(&rates_reversed()));
}

#[test]
fn batch_sizes_are_drawn_as_they_were() {
    goldens("batches", Figure::Batches(&batches(48)));
    states("batches-so-far", Figure::Batches(&batches(20)));
    states("batches-diverged", Figure::Batches(&batches_diverged()));
}

#[test]
fn gamma_and_beta_are_drawn_as_they_were() {
    goldens("gamma", Figure::Gamma(&gamma(Some([2.0, 3.0]))));
    states("gamma-undone", Figure::Gamma(&gamma(None)));
    states("gamma-flat", Figure::Gamma(&gamma(Some([0.0, -1.0]))));
    states("gamma-far", Figure::Gamma(&gamma(Some([3.0, -4.0]))));
}

#[test]
fn trained_and_frozen_are_drawn_as_they_were() {
    goldens("affine", Figure::Affine(&affine(8)));
    states("affine-begun", Figure::Affine(&AffineView::default()));
}

#[test]
fn smoother_training_is_drawn_as_it_was() {
    let view = smooth(1.0);
    goldens("inputs", Figure::Inputs(&view));
    goldens("probes", Figure::Probes(&view));
    states("inputs-begun", Figure::Inputs(&SmoothView::default()));
    states("probes-begun", Figure::Probes(&SmoothView::default()));
    goldens("smoother", Figure::Smoother(&view));
    states("smoother-digits", Figure::Smoother(&smooth(3.0)));
}

#[test]
fn why_it_works_is_drawn_as_it_was() {
    let view = why();
    for (name, figure) in [
        ("noise", Figure::Noise(&view)),
        ("turn", Figure::Turn(&view)),
        ("hidden-rates", Figure::HiddenRates(&view)),
    ] {
        check(&format!("{name}-203"), figure, (203, 250), &Theme::light());
        check(&format!("{name}-289"), figure, (289, 250), &Theme::light());
        check(&format!("{name}-328"), figure, (328, 250), &Theme::light());
        check(&format!("{name}-289-dark"), figure, (289, 250), &Theme::dark());
    }
}

#[test]
fn depth_is_drawn_as_it_was() {
    goldens("depth", Figure::Depth(&depth(20, [0.48, 1.27])));
    states("depth-exploding", Figure::Depth(&depth(50, [8.0, 1.27])));
    states("depth-level", Figure::Depth(&depth(8, [1.0, 1.01])));
    states("depth-two", Figure::Depth(&depth(2, [0.5, 1.2])));
}

#[test]
fn initial_weights_are_drawn_as_they_were() {
    goldens("init-map", Figure::InitMap(&init_map(162)));
    states("init-map-so-far", Figure::InitMap(&init_map(90)));
}

#[test]
fn norms_are_drawn_as_they_were() {
    goldens("norms", Figure::Norms(&norms(126)));
    states("norms-so-far", Figure::Norms(&norms(10)));
    states("norms-by-size", Figure::Norms(&norms_by_size()));
}

/// Every state of every figure.
fn gallery(look: &mut dyn FnMut(&str, Figure<'_>)) {
    for (name, view) in [
        ("rates", rates(114)),
        ("rates so far", rates(70)),
        ("rates after three", rates(3)),
        ("rates begun", rates(0)),
        ("rates all or none", rates_all_or_none()),
        ("rates reversed", rates_reversed()),
    ] {
        look(name, Figure::Rates(&view));
    }
    for (name, view) in [
        ("batches", batches(48)),
        ("batches so far", batches(20)),
        ("batches begun", batches(0)),
        ("batches diverged", batches_diverged()),
    ] {
        look(name, Figure::Batches(&view));
    }
    for (name, view) in [("init", init_map(162)), ("init so far", init_map(90)), ("init begun", init_map(0))]
    {
        look(name, Figure::InitMap(&view));
    }
    for (name, view) in
        [("norms", norms(126)), ("norms so far", norms(10)), ("norms by size", norms_by_size())]
    {
        look(name, Figure::Norms(&view));
    }
    for (name, view) in
        [("affine", affine(8)), ("affine of three", affine(3)), ("affine begun", AffineView::default())]
    {
        look(name, Figure::Affine(&view));
    }
    for (name, view) in [("smooth", smooth(1.0)), ("smooth begun", SmoothView::default())] {
        look(&format!("{name}, inputs"), Figure::Inputs(&view));
        look(&format!("{name}, probes"), Figure::Probes(&view));
        look(&format!("{name}, smoother"), Figure::Smoother(&view));
    }
    for (name, pair) in
        [("gamma", Some([2.0, 3.0])), ("gamma undone", None), ("gamma flat", Some([0.0, -1.0]))]
    {
        look(name, Figure::Gamma(&gamma(pair)));
    }
    for (name, view) in [("depth", depth(20, [0.48, 1.27])), ("depth exploding", depth(50, [8.0, 1.27]))] {
        look(name, Figure::Depth(&view));
    }
    for (name, view) in [("why", why()), ("why begun", WhyView::default())] {
        look(&format!("{name}, noise"), Figure::Noise(&view));
        look(&format!("{name}, turn"), Figure::Turn(&view));
        look(&format!("{name}, hidden rates"), Figure::HiddenRates(&view));
    }
}

#[test]
fn every_figure_of_an_experiment_is_in_the_gallery() {
    for claim in Claim::ALL {
        for plate in plates(&Sweep::new(Plan::usual(claim))) {
            let (wanted, mut is_there) = (Figure::from(&plate.view), false);
            gallery(&mut |_, figure| is_there |= discriminant(&figure) == discriminant(&wanted));
            assert!(is_there, "{} is not in the gallery, nor perhaps in the other tests here", plate.name);
        }
    }
}

#[test]
fn no_figure_is_left_out_where_arms_are_swapped_and_where_nothing_breaks() {
    let text = include_str!("figures_experiments.rs");
    for plate in Claim::ALL.into_iter().flat_map(|claim| plates(&Sweep::new(Plan::usual(claim)))) {
        let shown = format!("{:?}", plate.view);
        let kind = shown.split('(').next().unwrap();
        let lines = |what: &str| text.matches(&format!("    {what}(Figure::{kind}(")).count();
        assert!(lines("survives") >= 2, "{kind} is to survive bad numbers, and having none");
        // One unit has no arms.
        assert!(lines("differs") >= 1 || kind == "Gamma", "{kind} with its arms swapped is to differ");
    }
}

/// Sizes from a narrow phone to a wide page.
const WIDTHS: [u32; 10] = [203, 240, 280, 300, 328, 481, 560, 620, 920, 1000];

/// As low as embeds are on a phone and in a column of a post.
const LOW: [(u32, u32); 2] = [(328, 195), (668, 200)];

fn everywhere(mut look: impl FnMut(&str, Figure<'_>, (u32, u32), &str)) {
    for width in WIDTHS {
        gallery(&mut |name, figure| {
            // Only the three of Fig. 11 ever stand abreast.
            if width < 280 && !name.starts_with("why") {
                return;
            }
            let size = (width, figure.natural_height(width));
            look(&format!("{name} at {width}"), figure, size, &figure.svg(size, &Theme::light()));
        });
    }
}

#[test]
fn all_text_is_on_the_sheet_and_apart() {
    everywhere(|name, _, size, drawn| fits(name, size, drawn));
}

/// An embed gives a figure what room it has.
#[test]
fn all_text_is_on_a_low_sheet_and_apart() {
    for size in LOW {
        gallery(&mut |name, figure| {
            fits(&format!("{name} on {size:?}"), size, &figure.svg(size, &Theme::light()));
        });
    }
}

/// All text is on the sheet and apart.
fn fits(name: &str, size: (u32, u32), drawn: &str) {
    let all = texts(drawn);
    for (i, text) in all.iter().enumerate() {
        let [left, top, right, bottom] = text.bounds;
        let inside =
            left >= -0.5 && top >= -0.5 && right <= size.0 as f32 + 0.5 && bottom <= size.1 as f32 + 0.5;
        assert!(inside, "{name}: {:?} at {:?} on {size:?}", text.says, text.bounds);
        for other in &all[i + 1..] {
            let b = other.bounds;
            let apart = right <= b[0] || b[2] <= left || bottom <= b[1] || b[3] <= top;
            assert!(apart, "{name}: {:?} on {:?}: {:?} {b:?}", text.says, other.says, text.bounds);
        }
    }
}

#[test]
fn hairlines_are_on_the_half_pixel_grid() {
    let theme = Theme::light();
    let quiet = [theme.rule, theme.quiet, theme.muted].map(hex);
    let mut seen = 0;
    everywhere(|name, _, _, drawn| {
        for line in lines(drawn).iter().filter(|l| l.width == 8 && quiet.contains(&l.stroke)) {
            let [a, b] = line.points[..] else { continue };
            let at = if a.0 == b.0 { a.0 } else { a.1 };
            assert!((a.0 != b.0 && a.1 != b.1) || at.rem_euclid(8) == 4, "{name}: {a:?} to {b:?}");
            seen += 1;
        }
    });
    assert!(seen > 1000, "{seen}");
}

#[test]
fn every_mark_can_be_picked() {
    everywhere(|name, figure, size, _| {
        let spots = figure.spots(size);
        for spot in &spots {
            let [left, top, right, bottom] = spot.bounds;
            assert!(
                left >= -4.0 && top >= -4.0 && right <= size.0 as f32 + 4.0 && bottom <= size.1 as f32,
                "{name}"
            );
            let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
            let same =
                spots.iter().filter(|s| (s.bounds[0] - left).abs() < 0.5 && (s.bounds[1] - top).abs() < 0.5);
            let jobs: Vec<usize> = same.map(|s| s.job).collect();
            let picked = figure.hit(size, x, y);
            assert!(picked.is_some_and(|job| jobs.contains(&job)), "{name}: {} picks {picked:?}", spot.says);
        }
        assert_eq!(figure.hit(size, -100.0, 20.0), None, "{name}");
        assert_eq!(figure.hit(size, f32::NAN, 20.0), None, "{name}");
    });
    assert_eq!(Figure::Rates(&rates(114)).spots((920, 336)).len(), 114);
    assert_eq!(Figure::Rates(&rates(70)).spots((920, 336)).len(), 70);
}

#[test]
fn every_figure_says_in_words_what_it_shows() {
    gallery(&mut |name, figure| {
        let says = figure.describe();
        assert!(says.len() > 20 && !says.contains("NaN") && !says.contains("inf"), "{name}: {says}");
    });
    let says = Figure::Rates(&rates(114)).describe();
    assert!(says.contains("without BN: 3 of 19") && says.contains("with BN: 13 of 19"), "{says}");
}

#[test]
fn the_backdrop_stays_while_marks_come_in() {
    let size = (560, 320);
    let key = |view: &RatesView| Figure::Rates(view).backdrop_key(size, &Theme::light());
    assert_eq!(key(&rates(70)), key(&rates(114)));
    assert_ne!(key(&rates(70)), Figure::Rates(&rates(70)).backdrop_key(size, &Theme::dark()));
}

fn says(figure: Figure<'_>, width: u32) -> Vec<String> {
    let drawn = figure.svg((width, figure.natural_height(width)), &Theme::light());
    texts(&drawn).into_iter().map(|t| t.says).collect()
}

#[test]
fn the_bars_of_fig_8_tell_the_counts_and_the_factor() {
    let told = says(Figure::Rates(&rates(114)), 920);
    for want in [
        "3 of 19 rates reach 90 %",
        "13 of 19 rates reach 90 %",
        "10 × higher",
        "× diverged",
        "guessing, 0.69",
    ] {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    let told = says(Figure::Rates(&rates_all_or_none()), 920);
    assert!(told.iter().any(|t| t == "none of 19 rates reaches 90 %"), "{told:?}");
    assert!(!told.iter().any(|t| t.contains("higher") || t.contains("diverged")), "{told:?}");
    let told = says(Figure::Rates(&rates(70)), 300);
    assert!(told.iter().any(|t| t == "still to run"), "{told:?}");
}

#[test]
fn gamma_and_beta_are_dragged_by_what_shows_them() {
    for (width, height) in [(300, 262), (560, 292), (920, 292)] {
        let (view, size) = (gamma(Some([2.0, 3.0])), (width, height));
        let figure = Figure::Gamma(&view);
        // The third bar: the lowest of the ink's horizontal lines that is not the axis.
        let drawn = figure.svg(size, &Theme::light());
        let bars: Vec<_> = lines(&drawn)
            .into_iter()
            .filter(|l| l.stroke == hex(Theme::light().ink) && l.points.len() == 2)
            .filter(|l| l.points[0].1 == l.points[1].1 && l.points[0].1 < (height as i32 - 30) * 8)
            .collect();
        assert_eq!(bars.len(), 3);
        let bar = bars.iter().max_by_key(|l| l.points[0].1).unwrap();
        let [left, right] = [bar.points[0], bar.points[1]].map(|p| p.0 as f32 / 8.0);
        let (y, middle) = (bar.points[0].1 as f32 / 8.0, (left + right) / 2.0);
        assert_eq!(figure.grab(size, middle, y), Some(Handle::Beta));
        assert_eq!(figure.grab(size, left, y + 5.0), Some(Handle::Gamma));
        assert_eq!(figure.grab(size, right, y - 5.0), Some(Handle::Gamma));
        assert_eq!(figure.grab(size, middle, y - 60.0), None, "the bars above are not to be dragged");
        let near = |a: Option<f32>, b: f32| (a.unwrap() - b).abs() < 0.05;
        assert!(near(figure.dragged(size, Handle::Beta, middle), 3.0));
        assert!(near(figure.dragged(size, Handle::Gamma, right), 2.0));
        assert!(near(figure.dragged(size, Handle::Gamma, left), 2.0), "either end");
        assert!(near(figure.dragged(size, Handle::Gamma, middle), 0.0));
        assert!(near(figure.dragged(size, Handle::Beta, 1e9), 8.5), "not beyond the axis");
        assert_eq!(figure.dragged(size, Handle::Beta, f32::NAN), None);
    }
}

#[test]
fn x_lies_over_y_only_when_y_undoes_it() {
    let dashes = |pair| {
        let drawn = Figure::Gamma(&gamma(pair)).svg((560, 292), &Theme::light());
        lines(&drawn).iter().filter(|l| l.stroke == hex(Theme::light().arms[0].line)).count()
    };
    assert_eq!(dashes(Some([2.0, 3.0])), 1, "x alone");
    assert!(dashes(None) > 20, "x and its dashes over y");
}

#[test]
fn fig_7_compares_the_first_layer_with_the_last() {
    let told = says(Figure::Depth(&depth(20, [0.48, 1.27])), 920);
    for want in
        ["at layer 1: 1.1 million × smaller than at layer 20", "at layer 1: 97 × larger than at layer 20"]
    {
        assert!(told.iter().any(|t| t.starts_with(want)), "{want} in {told:?}");
    }
    assert!(
        told.iter().any(|t| t.ends_with("squared, 1.61 × per layer (dotted: in theory 1.467 ×)")),
        "{told:?}"
    );
    let mut tanh = depth(20, [0.48, 1.27]);
    tanh.by_theory.clear();
    assert!(!says(Figure::Depth(&tanh), 920).iter().any(|t| t.contains("theory")));
    let mut silent = depth(20, [0.48, 1.27]);
    silent.arms[0].end[..19].fill(0.0);
    let told = says(Figure::Depth(&silent), 920);
    assert!(told.iter().any(|t| t.ends_with("steps none reaches layer 19")), "{told:?}");
    let mut cut = depth(20, [0.48, 1.27]);
    cut.arms[0].start[4] = f32::INFINITY;
    let told = says(Figure::Depth(&cut), 560);
    assert!(told.iter().any(|t| t == "not finite before layer 6"), "{told:?}");
}

#[test]
fn a_cell_of_the_map_is_the_run_it_stands_for() {
    let (view, size) = (init_map(162), (920, 285));
    let figure = Figure::InitMap(&view);
    let told = says(figure, 920);
    for want in ["none of 81 reach 90 %", "48 of 81 reach 90 %", "diverged"] {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    let spots = figure.spots(size);
    let of = |says: &str| spots.iter().find(|s| s.says.starts_with(says)).unwrap();
    let low = of("with BN, weight scale 0.1, learning rate 0.001:");
    let high = of("without BN, weight scale 10, learning rate 10:");
    assert_eq!((low.job, high.job), (1, 160), "{} {}", low.says, high.says);
    assert!(low.says.ends_with("94.0 %") && high.says.ends_with("diverged"), "{} {}", low.says, high.says);
    assert!(low.bounds[0] > high.bounds[2] && low.bounds[1] > high.bounds[3], "right and below");
}

#[test]
fn the_table_of_norms_tells_every_median() {
    let told = says(Figure::Norms(&norms(126)), 560);
    for want in ["65", "74", "98", "without BN", "with BN", "LayerNorm", "DyT", "0.03", "10", "learning rate"]
    {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    let drawn = Figure::Norms(&norms(126)).svg((560, 250), &Theme::light());
    let bold = drawn.lines().filter(|l| l.contains("font-weight") && l.contains(">98<")).count();
    assert_eq!(bold, 1, "what trains stands in bold");
}

#[test]
fn fig_10_says_where_batch_norm_is_worse_and_what_the_thin_lines_are() {
    let told = says(Figure::Batches(&batches(48)), 920);
    for want in ["BN is the worse of the two", "batch statistics", "exact statistics", "256", "100 %"] {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    assert!(says(Figure::Batches(&batches_diverged()), 920).iter().any(|t| t == "× diverged"));
    let mut level = batches(48);
    level.worse = vec![false; 8];
    assert!(!says(Figure::Batches(&level), 920).iter().any(|t| t.contains("worse")));
}

#[test]
fn swapping_the_arms_changes_every_picture() {
    let differs = |a: Figure<'_>, b: Figure<'_>| {
        let svg = |f: Figure<'_>| f.svg((700, 400), &Theme::light());
        assert_ne!(svg(a), svg(b), "{}", a.describe());
    };
    differs(Figure::Rates(&rates(114)), Figure::Rates(&rates_reversed()));
    let (view, mut swapped) = (batches(48), batches(48));
    swapped.without.swap_with_slice(&mut swapped.with[0]);
    differs(Figure::Batches(&view), Figure::Batches(&swapped));
    differs(Figure::Depth(&depth(20, [0.48, 1.27])), Figure::Depth(&depth(20, [1.27, 0.48])));
    let (view, mut swapped) = (smooth(1.0), smooth(1.0));
    swapped.arms.reverse();
    differs(Figure::Smoother(&view), Figure::Smoother(&swapped));
    differs(Figure::Inputs(&view), Figure::Inputs(&swapped));
    differs(Figure::Probes(&view), Figure::Probes(&swapped));
    let (view, mut swapped) = (affine(8), affine(8));
    std::mem::swap(&mut swapped.trained, &mut swapped.frozen);
    swapped.curves.reverse();
    differs(Figure::Affine(&view), Figure::Affine(&swapped));
    let (view, mut swapped) = (why(), why());
    swapped.noise.swap(0, 1);
    swapped.shift.reverse();
    swapped.scale.arms.reverse();
    differs(Figure::Noise(&view), Figure::Noise(&swapped));
    differs(Figure::Turn(&view), Figure::Turn(&swapped));
    differs(Figure::HiddenRates(&view), Figure::HiddenRates(&swapped));
    let (view, mut swapped) = (init_map(162), init_map(162));
    swapped.arms.reverse();
    differs(Figure::InitMap(&view), Figure::InitMap(&swapped));
    let (view, mut swapped) = (norms(126), norms(126));
    swapped.arms.reverse();
    differs(Figure::Norms(&view), Figure::Norms(&swapped));
}

/// Numbers that no figure should ever be handed.
const BAD: [f32; 8] =
    [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 0.0, -1.0, f32::MIN_POSITIVE];

fn survives(figure: Figure<'_>) {
    for size in [(0, 0), (12, 12), (40, 40), (280, 40), (40, 280), (1000, 400)] {
        let drawn = figure.svg(size, &Theme::light());
        assert!(drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>"), "{}", figure.describe());
        assert!(!drawn.contains("NaN") && !drawn.contains(">inf"), "{}", figure.describe());
        for spot in figure.spots(size) {
            assert!(spot.bounds.iter().all(|v| v.is_finite()), "{}: {spot:?}", figure.describe());
        }
    }
}

#[test]
fn nothing_breaks_a_figure() {
    for (i, bad) in BAD.into_iter().enumerate() {
        let mut view = rates(114);
        view.rates[i % 3 * 9] = bad;
        view.arms[i % 2][4].ends[1].loss = Some(bad);
        view.arms[1].truncate(10);
        (view.reached[1], view.factor, view.guessing) = (Some([bad, 1.0]), Some(bad), bad);
        survives(Figure::Rates(&view));
        let mut view = batches(48);
        view.sizes[i % 8] = [0, u32::MAX][i % 2];
        view.without[3].ends[1].accuracy = Some(bad);
        view.with[i % 3].truncate(2);
        view.worse.truncate(5);
        view.chance = bad;
        survives(Figure::Batches(&view));
        let mut view = init_map(162);
        (view.rates[i % 9], view.scales[i % 9], view.chance) = (bad, bad, bad);
        view.arms[0][5].ends[0].accuracy = Some(bad);
        view.arms[1].truncate(40);
        survives(Figure::InitMap(&view));
        let mut view = norms(126);
        (view.columns[i % 7], view.chance) = (bad, bad);
        view.arms[2].1[1].ends[0].accuracy = Some(bad);
        view.arms[i % 6].1.truncate(3);
        survives(Figure::Norms(&view));
    }
    for bad in BAD {
        let mut view = gamma(None);
        (view.rows[0].mean, view.rows[2].deviation, view.distance) = (bad, bad, bad);
        (view.reach[1], view.pair, view.example_after[2]) = (bad, [bad, 1.0], bad);
        view.rows[1].histogram = vec![u32::MAX; 2];
        survives(Figure::Gamma(&view));
        let mut view = smooth(1.0);
        (view.arms[0].walks[3].high, view.arms[1].walks[5].loss, view.arms[1].walks[2].low) = (bad, bad, bad);
        (view.arms[0].width, view.steps) = (Some(bad), [0, u32::MAX][usize::from(bad > 0.0)]);
        survives(Figure::Smoother(&view));
        (view.arms[0].inputs.layers[2][7][1], view.arms[1].inputs.drift[1]) = (bad, bad);
        view.arms[1].inputs.layers[0].truncate(3);
        view.input_steps = view.steps;
        survives(Figure::Inputs(&view));
        (view.arms[1].walks[9].change, view.arms[0].smoothness, view.arms[1].rising) =
            (bad, Some(bad), Some(bad));
        survives(Figure::Probes(&view));
        let mut view = affine(8);
        (view.moves[4].1[3][2], view.moves[6].1[1][4], view.curves[0][7].1) = (bad, bad, bad);
        view.frozen.ends[1].accuracy = Some(bad);
        view.moves[9].1.truncate(2);
        survives(Figure::Affine(&view));
        let mut view = why();
        (view.noise[2].points[9].1, view.noise[1].end, view.chance) = (bad, Some(bad), bad);
        (view.shift[0].losses[2][4].1, view.shift[1].probes[0][3].1) = (bad, bad);
        (view.shift[0].end, view.shift[1].cosine) = (Some(bad), Some(bad));
        view.shift[1].losses[0].truncate(3);
        (view.scale.rates[4], view.scale.arms[1].second_weights[2]) = (bad, Some(bad));
        view.scale.arms[0].cells[2].ends[0].accuracy = Some(bad);
        view.scale.arms[1].cells.truncate(7);
        survives(Figure::Noise(&view));
        survives(Figure::Turn(&view));
        survives(Figure::HiddenRates(&view));
        let mut view = depth(20, [0.48, 1.27]);
        (view.arms[0].start[7], view.arms[1].end[3], view.arms[0].seeds[1][9]) = (bad, bad, bad);
        view.arms[1].seeds[0].truncate(4);
        view.layers = [0, 1000][usize::from(bad > 0.0)];
        survives(Figure::Depth(&view));
    }
    survives(Figure::Gamma(&GammaView::default()));
    survives(Figure::Smoother(&SmoothView::default()));
    survives(Figure::Inputs(&SmoothView::default()));
    survives(Figure::Probes(&SmoothView::default()));
    survives(Figure::Affine(&AffineView::default()));
    survives(Figure::Noise(&WhyView::default()));
    survives(Figure::Turn(&WhyView::default()));
    survives(Figure::HiddenRates(&WhyView::default()));
    survives(Figure::Depth(&DepthView::default()));
    survives(Figure::InitMap(&MapView::default()));
    survives(Figure::Norms(&NormsView::default()));
    survives(Figure::Rates(&RatesView::default()));
    survives(Figure::Batches(&BatchView::default()));
}

#[test]
fn fig_5b_and_6_tell_the_numbers_of_their_runs() {
    let told = says(Figure::Affine(&affine(8)), 920);
    for want in
        ["trained", "99.3 %", "frozen", "99.8 %", "8", "each row 0.2 to 1.8", "each row \u{2212}0.8 to 0.8"]
    {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    let told = says(Figure::Inputs(&smooth(1.0)), 560);
    for want in ["layer 3, the last", "drift 0.49", "drift 1.0", "drift 0.20", "without BN"] {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    let told = says(Figure::Probes(&smooth(1.0)), 300);
    for want in ["84.2 %", "45.0 %", "3.5", "1.4", "0.30", "11", "4.2", "without", "with"] {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
}
