//! Figures as SVG: golden pictures compared byte for byte, and what they must mean whatever they look like.
//!
//! `BLESS=1 cargo test --test figures` rewrites `tests/golden/*.svg`; look at them before committing.

use batchnorm_playground::figure::{Column, Columns, Figure, Theme};
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::frame::{Evaluation, Frame, LayerStats};
use batchnorm_playground::lab::history::{Choices, History};
use batchnorm_playground::lab::view::{
    ArmState, BoundaryView, CountsView, ImagesView, LayersView, LossView, Measure, PaintingView, Point, Scale,
};

mod figure_views;
use figure_views::golden::check;
use figure_views::read::{Line, hex, lines, texts};
use figure_views::{accuracy, boundary, counts, curve, images, layers, loss, mistakes};

#[test]
fn the_loss_is_drawn_as_it_was() {
    let (light, dark) = (Theme::light(), Theme::dark());
    check("loss-540", Figure::Loss(&loss(420)), (540, 276), &light);
    check("loss-540-dark", Figure::Loss(&loss(420)), (540, 276), &dark);
    check("loss-328", Figure::Loss(&loss(420)), (328, 260), &light);
    check("loss-finished", Figure::Loss(&loss(499)), (540, 276), &light);
    check("accuracy-540", Figure::Loss(&accuracy()), (540, 276), &light);
    let mut diverged = loss(300);
    diverged.arms[0].raw.truncate(199);
    diverged.arms[0].smooth.truncate(199);
    diverged.arms[0].test.truncate(10);
    diverged.arms[0].state = ArmState::Diverged(199);
    check("loss-diverged", Figure::Loss(&diverged), (540, 200), &light);
    let mut busy = loss(420);
    busy.cursor = Some(240);
    busy.ghost = Some([loss(499).arms[1].smooth.clone(), loss(499).arms[0].smooth.clone()]);
    busy.scale = Scale::Linear;
    busy.rate_changes = vec![Point { step: 100.0, value: 0.1 }, Point { step: 300.0, value: 0.03 }];
    check("loss-busy", Figure::Loss(&busy), (540, 276), &light);
    let mut stuck = loss(200);
    stuck.classes = 10;
    stuck.arms[0] = curve("without BN", 5, 200, [2.31, 2.3, 100.0, 0.01]);
    stuck.arms[0].state = ArmState::StuckAtGuessing;
    check("loss-stuck", Figure::Loss(&stuck), (540, 200), &light);
    let empty = LossView {
        last_step: 500,
        classes: 2,
        message: Some("Press Train, or the space bar".into()),
        ..LossView::default()
    };
    check("loss-empty", Figure::Loss(&empty), (540, 200), &light);
    check("legend-without", Figure::Legend(0), (38, 12), &light);
    check("legend-with", Figure::Legend(1), (38, 12), &light);
}

#[test]
fn what_was_learned_is_drawn_as_it_was() {
    let (light, dark) = (Theme::light(), Theme::dark());
    for (arm, name) in ["without", "with"].into_iter().enumerate() {
        let view = boundary(arm);
        check(&format!("boundary-{name}"), Figure::Boundary(&view), (178, 178), &light);
    }
    check("boundary-140-dark", Figure::Boundary(&boundary(1)), (140, 140), &dark);
    for (name, side, width, theme) in [("images-380", 8, 380, &light), ("images-288-dark", 8, 288, &dark)] {
        let view = images(side);
        let figure = Figure::Images(&view);
        check(name, figure, (width, figure.natural_height(width)), theme);
    }
    for (name, count) in [("mistakes-380", 13), ("mistakes-none", 0)] {
        let view = mistakes(count);
        let figure = Figure::Images(&view);
        check(name, figure, (380, figure.natural_height(380)), &light);
        assert_eq!(figure.natural_height(380), Figure::Images(&images(8)).natural_height(380), "it jumps");
    }
    check(
        "counts-178",
        Figure::Counts(&counts(1, &["setosa", "versicolor", "virginica"])),
        (178, 178),
        &light,
    );
    let ten = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    check("counts-ten-dark", Figure::Counts(&counts(0, &ten)), (300, 300), &dark);
    let painting = PaintingView { points: boundary(0).points, extent: 2.0, cursor: Some((1.2, -0.7, 0.3)) };
    check("painting", Figure::Painting(&painting), (232, 232), &light);
    check("thumbnail", Figure::Thumbnail(&boundary(0).points, 1.4), (52, 52), &light);
}

#[test]
fn the_layers_are_drawn_as_they_were() {
    let (light, dark) = (Theme::light(), Theme::dark());
    let (three, eight, twenty, fifty) = (layers(3), layers(8), layers(20), layers(50));
    let mut cases = vec![
        ("layers-920", &eight, Columns::All, 920, &light),
        ("layers-920-dark", &eight, Columns::All, 920, &dark),
        ("layers-3", &three, Columns::All, 920, &light),
        ("layers-20", &twenty, Columns::All, 920, &light),
        ("layers-50", &fifty, Columns::Four, 640, &light),
        ("layers-620", &eight, Columns::Four, 620, &light),
    ];
    for (name, column) in [
        ("layers-328-input", Columns::One(Column::Input)),
        ("layers-328-time", Columns::One(Column::OverTime)),
        ("layers-328-gradient", Columns::One(Column::Gradient)),
        ("layers-328-silent", Columns::One(Column::Silent)),
        ("layers-328-learned", Columns::Learned),
    ] {
        cases.push((name, &eight, column, 328, &light));
    }
    for (name, view, columns, width, theme) in cases {
        let figure = Figure::Layers(view, columns);
        check(name, figure, (width, figure.natural_height(width)), theme);
    }
}

#[test]
fn the_selected_layer_is_drawn_as_it_was() {
    let (light, mut view) = (Theme::light(), layers(8));
    check("band-without", Figure::Band(&view, 0), (277, 170), &light);
    check("band-with", Figure::Band(&view, 1), (277, 170), &light);
    check("gradient", Figure::Gradient(&view), (318, 170), &light);
    check("learned", Figure::Learned(&view), (277, 170), &light);
    view.cursor = Some(200);
    check("band-cursor", Figure::Band(&view, 1), (277, 170), &Theme::dark());
    check("gradient-cursor", Figure::Gradient(&view), (318, 170), &light);
}

/// Every figure at a width, light.
fn gallery(width: u32) -> Vec<(String, (u32, u32), String)> {
    let theme = Theme::light();
    let mut drawn = Vec::new();
    let mut add = |name: &str, figure: Figure<'_>| {
        let size = (width, figure.natural_height(width));
        drawn.push((format!("{name} at {width}"), size, figure.svg(size, &theme)));
    };
    let mut losses =
        vec![("loss", loss(420)), ("finished", loss(500)), ("accuracy", accuracy()), ("begun", loss(3))];
    for (name, step) in [("diverged early", 2), ("diverged", 199), ("diverged late", 497)] {
        let mut view = loss(500);
        for (arm, at) in view.arms.iter_mut().zip([step, step + 3]) {
            arm.state = ArmState::Diverged(at);
            arm.smooth.truncate(at as usize);
        }
        losses.push((name, view));
    }
    for (name, cursor) in [("cursor left", 0), ("cursor", 240), ("cursor right", 499)] {
        losses.push((name, LossView { cursor: Some(cursor), last_step: 5000, ..loss(500) }));
    }
    for (name, view) in &losses {
        add(name, Figure::Loss(view));
    }
    for count in [1, 8, 13, 50] {
        let view = layers(count);
        add("layers", Figure::Layers(&view, Columns::for_width(width)));
        add("learned columns", Figure::Layers(&view, Columns::Learned));
    }
    let view = LayersView { cursor: Some(410), ..layers(8) };
    for figure in
        [Figure::Band(&view, 0), Figure::Band(&view, 1), Figure::Gradient(&view), Figure::Learned(&view)]
    {
        add("detail", figure);
    }
    add("images", Figure::Images(&images(8)));
    add("counts", Figure::Counts(&counts(0, &["a", "quite a long name", "c"])));
    drawn
}

#[test]
fn all_text_is_on_the_sheet() {
    for width in [280, 328, 481, 620, 920, 1000] {
        for (name, size, drawn) in gallery(width) {
            for text in texts(&drawn) {
                let [left, top, right, bottom] = text.bounds;
                let inside = left >= -0.5
                    && top >= -0.5
                    && right <= size.0 as f32 + 0.5
                    && bottom <= size.1 as f32 + 0.5;
                assert!(inside, "{name}: {:?} at {:?} on {size:?}", text.says, text.bounds);
            }
        }
    }
}

#[test]
fn texts_never_overlap() {
    for width in [280, 328, 481, 620, 920, 1000] {
        for (name, _, drawn) in gallery(width) {
            let all = texts(&drawn);
            for (i, a) in all.iter().enumerate() {
                for b in &all[i + 1..] {
                    let apart = a.bounds[2] <= b.bounds[0]
                        || b.bounds[2] <= a.bounds[0]
                        || a.bounds[3] <= b.bounds[1]
                        || b.bounds[3] <= a.bounds[1];
                    assert!(apart, "{name}: {:?} on {:?}: {:?} {:?}", a.says, b.says, a.bounds, b.bounds);
                }
            }
        }
    }
}

#[test]
fn hairlines_are_on_the_half_pixel_grid() {
    let theme = Theme::light();
    let quiet = [theme.rule, theme.ink, theme.quiet, theme.muted].map(hex);
    let mut seen = 0;
    for (name, _, drawn) in gallery(920) {
        for line in lines(&drawn).iter().filter(|l| l.width == 8 && quiet.contains(&l.stroke)) {
            let [a, b] = line.points[..] else { continue };
            let at = if a.0 == b.0 { a.0 } else { a.1 };
            assert!((a.0 == b.0 || a.1 == b.1) && at.rem_euclid(8) == 4, "{name}: {a:?} to {b:?}");
            seen += 1;
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn each_arm_has_one_smoothed_line_that_ends_now() {
    let (view, theme) = (loss(420), Theme::light());
    let drawn = Figure::Loss(&view).svg((540, 276), &theme);
    let thick = |arm: usize| -> Vec<Line> {
        lines(&drawn).into_iter().filter(|l| l.width == 16 && l.stroke == hex(theme.arms[arm].line)).collect()
    };
    let (dashes, solid) = (thick(0), thick(1));
    assert_eq!(solid.len(), 1, "the arm with is one solid line");
    assert!(solid[0].points.len() > 300);
    assert!(dashes.len() > 20, "the arm without is dashed");
    let ends = dashes.windows(2).all(|w| w[0].points.last().unwrap().0 < w[1].points[0].0);
    assert!(ends, "one dash after the other, from left to right");
    let (from, to) = (solid[0].points[0].0, solid[0].points.last().unwrap().0);
    let step = |px: i32| Figure::Loss(&view).step_at((540, 276), px as f32 / 8.0);
    assert_eq!((step(from), step(to)), (Some(0), Some(419)));
}

#[test]
fn a_number_that_is_not_finite_ends_the_line_and_the_label_says_diverged() {
    for bad in [f32::NAN, f32::INFINITY] {
        let (mut view, theme) = (loss(300), Theme::light());
        view.arms[0].smooth[150].value = bad;
        view.arms[0].raw[150].value = bad;
        view.arms[0].state = ArmState::Diverged(150);
        let drawn = Figure::Loss(&view).svg((540, 276), &theme);
        let figure = Figure::Loss(&view);
        let last = |arm: usize| {
            let own = |l: &Line| l.width == 16 && l.stroke == hex(theme.arms[arm].line);
            let points = lines(&drawn).into_iter().filter(own).flat_map(|l| l.points);
            figure.step_at((540, 276), points.map(|p| p.0).max().unwrap() as f32 / 8.0)
        };
        assert_eq!((last(0), last(1)), (Some(150), Some(299)));
        assert!(texts(&drawn).iter().any(|t| t.says == "without BN diverged at step 150"));
        assert!(
            !texts(&drawn).iter().any(|t| t.says == "without BN"),
            "no second label for a line that ended"
        );
        assert_eq!(lines(&drawn).iter().filter(|l| l.stroke == hex(theme.alert)).count(), 2, "one cross");
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "no such word on the page");
    }
}

#[test]
fn the_labels_tell_the_numbers() {
    let says = |figure: Figure<'_>, size| -> Vec<String> {
        texts(&figure.svg(size, &Theme::light())).into_iter().map(|t| t.says).collect()
    };
    let mut view = loss(200);
    view.arms[1].test.last_mut().unwrap().value = 0.0402;
    view.arms[0].state = ArmState::StuckAtGuessing;
    view.cursor = Some(100);
    let told = says(Figure::Loss(&view), (540, 276));
    for want in ["without BN", "at guessing", "with BN", "test 0.040", "guessing, 0.69", "step 100"] {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    let mut view = layers(3);
    view.layers[1][0].silent = Some(13);
    view.silent_word = Some("Saturated");
    let told = says(Figure::Layers(&view, Columns::All), (920, 240));
    for want in ["1 first", "2", "3 last", "13", "Saturated", "of 16", "γ with BN", "10⁻³"] {
        assert!(told.iter().any(|t| t == want), "{want} in {told:?}");
    }
    view.silent_word = None;
    assert!(!says(Figure::Layers(&view, Columns::All), (920, 240)).contains(&"of 16".to_string()));
}

#[test]
fn swapping_the_arms_changes_every_picture() {
    let theme = Theme::light();
    let differs = |a: Figure<'_>, b: Figure<'_>| {
        assert_ne!(a.svg((700, 400), &theme), b.svg((700, 400), &theme), "{}", a.describe());
    };
    let (mut a, mut b) = (loss(420), loss(420));
    b.arms.reverse();
    differs(Figure::Loss(&a), Figure::Loss(&b));
    (a.measure, b.measure) = (Measure::Accuracy, Measure::Accuracy);
    differs(Figure::Loss(&a), Figure::Loss(&b));
    let (a, mut b) = (images(8), images(8));
    b.predictions.reverse();
    differs(Figure::Images(&a), Figure::Images(&b));
    let (a, mut b) = (layers(8), layers(8));
    b.layers.iter_mut().for_each(|l| l.reverse());
    for column in
        [Column::Input, Column::OverTime, Column::Gradient, Column::Silent, Column::Gamma, Column::Beta]
    {
        differs(Figure::Layers(&a, Columns::One(column)), Figure::Layers(&b, Columns::One(column)));
    }
    differs(Figure::Band(&a, 0), Figure::Band(&b, 0));
    differs(Figure::Gradient(&a), Figure::Gradient(&b));
    differs(Figure::Learned(&a), Figure::Learned(&b));
    differs(Figure::Boundary(&boundary(0)), Figure::Boundary(&boundary(1)));
    differs(Figure::Counts(&counts(0, &["a", "b"])), Figure::Counts(&counts(1, &["a", "b"])));
    differs(Figure::Legend(0), Figure::Legend(1));
}

#[test]
fn the_backdrop_key_moves_only_with_the_backdrop() {
    let (light, size) = (Theme::light(), (540, 276));
    let key = |view: &LossView, size, theme: &Theme| Figure::Loss(view).backdrop_key(size, theme);
    let first = key(&loss(420), size, &light);
    assert_eq!(first, key(&loss(421), size, &light), "another step is not a new backdrop");
    assert_eq!(first, key(&LossView { cursor: Some(7), ..loss(420) }, size, &light));
    assert_ne!(first, key(&loss(420), size, &Theme::dark()));
    assert_ne!(first, key(&loss(420), (541, 276), &light));
    assert_ne!(first, key(&LossView { last_step: 1000, ..loss(420) }, size, &light));
    assert_ne!(first, key(&LossView { scale: Scale::Linear, ..loss(420) }, size, &light));
    let of = |view: &LayersView| Figure::Layers(view, Columns::All).backdrop_key((920, 374), &light);
    let (a, b) = (layers(8), LayersView { selected: 3, ..layers(8) });
    assert_ne!(of(&a), of(&b), "the selected row has a wash");
}

#[test]
fn a_place_names_the_step_and_the_layer_drawn_there() {
    let (theme, view) = (Theme::light(), LayersView { cursor: Some(200), ..layers(8) });
    let cursor = |figure: Figure<'_>, size: (u32, u32)| -> Vec<f32> {
        let drawn = lines(&figure.svg(size, &theme));
        let down = drawn.iter().filter(|l| l.stroke == hex(theme.muted) && l.points.len() == 2);
        down.map(|l| l.points[0].0 as f32 / 8.0).collect()
    };
    let loss = LossView { cursor: Some(200), ..loss(420) };
    for (figure, size) in [
        (Figure::Loss(&loss), (540, 276)),
        (Figure::Layers(&view, Columns::All), (920, 374)),
        (Figure::Band(&view, 1), (277, 170)),
        (Figure::Gradient(&view), (318, 170)),
    ] {
        let places = cursor(figure, size);
        assert!(!places.is_empty(), "{}", figure.describe());
        for x in places {
            let step = figure.step_at(size, x).unwrap();
            assert!(step.abs_diff(200) <= 3, "{} at {x}: {step}", figure.describe());
        }
        assert_eq!(figure.step_at(size, f32::NAN), None);
    }
    let figure = Figure::Layers(&view, Columns::All);
    let drawn = texts(&figure.svg((920, 374), &theme));
    for (label, layer) in [("1 first", 0), ("3", 2), ("8 last", 7)] {
        let text = drawn.iter().find(|t| t.says == label).unwrap();
        assert_eq!(figure.layer_at((920, 374), (text.bounds[1] + text.bounds[3]) / 2.0), Some(layer));
    }
    assert_eq!([figure.layer_at((920, 374), 10.0), figure.layer_at((920, 374), 370.0)], [None, None]);
}

/// Numbers that no figure should ever be handed.
const BAD: [f32; 8] =
    [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 0.0, -1.0, f32::MIN_POSITIVE];

#[test]
fn nothing_breaks_a_figure() {
    for (i, bad) in BAD.into_iter().enumerate() {
        let mut view = loss(60);
        for arm in &mut view.arms {
            for series in [&mut arm.raw, &mut arm.smooth, &mut arm.test] {
                series[i % 3].value = bad;
                series.push(Point { step: bad, value: 1.0 });
            }
            arm.state = ArmState::Diverged(u32::MAX);
        }
        view.rate_changes = vec![Point { step: bad, value: bad }, Point { step: 5.0, value: bad }];
        view.cursor = Some(u32::MAX);
        (view.classes, view.last_step) = ([0, 1, 2, u32::MAX][i % 4], [0, 1, 500, u32::MAX][i % 4]);
        let mut rows = layers(if i % 2 == 0 { 5 } else { 30 });
        for arm in rows.layers.iter_mut().flatten() {
            arm.histogram[3] = bad;
            arm.percentiles[2].1 = [bad, 1.0, bad];
            arm.gradient = Some(bad);
            arm.gradient_history[1].value = bad;
            arm.silent = Some(u32::MAX);
            arm.gamma.push(bad);
            arm.beta.push(bad);
        }
        rows.layers[1][0].histogram.truncate(3);
        (rows.selected, rows.units, rows.cursor) = (999, 0, Some(u32::MAX));
        let mut field = boundary(0);
        field.chance[5] = bad;
        field.points[3].0 = bad;
        field.extent = bad;
        let painting = PaintingView {
            extent: 0.0,
            points: boundary(0).points,
            cursor: Some((f32::NAN, 1e30, f32::INFINITY)),
        };
        let short = BoundaryView { side: usize::MAX, ..boundary(1) };
        let mut read = images(8);
        read.images[0].truncate(3);
        read.images[1][4] = bad;
        read.predictions[0].truncate(2);
        read.accuracy = [Some(bad), None];
        check_sizes(&[
            Figure::Loss(&view),
            Figure::Boundary(&field),
            Figure::Boundary(&short),
            Figure::Counts(&CountsView { counts: vec![u32::MAX; 5], ..counts(1, &["", "\u{0}"]) }),
            Figure::Painting(&painting),
            Figure::Images(&read),
            Figure::Layers(&rows, Columns::All),
            Figure::Layers(&rows, Columns::Learned),
            Figure::Band(&rows, 7),
            Figure::Gradient(&rows),
            Figure::Learned(&rows),
            Figure::Thumbnail(&field.points, bad),
            Figure::Legend(9),
        ]);
    }
    let (loss, field, read, rows) =
        (LossView::default(), BoundaryView::default(), ImagesView::default(), LayersView::default());
    check_sizes(&[
        Figure::Loss(&loss),
        Figure::Boundary(&field),
        Figure::Images(&read),
        Figure::Layers(&rows, Columns::All),
        Figure::Band(&rows, 0),
        Figure::Gradient(&rows),
        Figure::Learned(&rows),
        Figure::Thumbnail(&[], 0.0),
    ]);
}

fn check_sizes(figures: &[Figure<'_>]) {
    for figure in figures {
        for size in [(0, 0), (12, 12), (40, 40), (280, 40), (40, 280), (1000, 400)] {
            let drawn = figure.svg(size, &Theme::light());
            assert!(
                drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>"),
                "{}",
                figure.describe()
            );
            assert!(!drawn.contains("NaN"), "{}", figure.describe());
        }
    }
}

#[test]
fn the_style_sheet_has_the_same_colours() {
    let sheet = include_str!("../www/style.css").to_lowercase();
    // Light; dark by choice; dark by the reader's system; and on paper.
    let blocks: Vec<&str> = sheet.split('}').filter(|block| block.contains("--paper:")).collect();
    let themes = [Theme::light(), Theme::dark(), Theme::dark(), Theme::light()];
    assert_eq!(blocks.len(), themes.len());
    for (block, theme) in blocks.into_iter().zip(themes) {
        for (token, color) in theme.tokens() {
            let want = format!("{token}:{};", hex(color).to_lowercase());
            assert!(block.contains(&want), "www/style.css lacks {want} in {block}");
        }
        assert_eq!(block.matches(":#").count(), theme.tokens().len(), "a colour that no figure has: {block}");
    }
}

/// A history fed with `steps` noisy steps, measured as often as a run is.
fn long_history(steps: u32) -> History {
    let experiment = Experiment::default();
    let mut history = History::new(&experiment, None);
    let mut noise = 1_u64;
    let mut next = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (noise >> 40) as f32 / 16_777_216.0
    };
    for first_step in (0..steps).step_by(20) {
        let step = first_step + 20;
        let evaluation = |loss: f32| Some(Evaluation { loss: Some(loss), accuracy: 1.0 - 0.5 * loss });
        let mut layer = || LayerStats {
            percentiles: [-1.0 - next(), next() - 0.5, 1.0 + next()],
            gradients: [1e-3 + 1e-2 * next(); 3],
        };
        let layers = [0, 1].map(|_| (0..experiment.hidden_layers).map(|_| layer()).collect());
        history.push(Frame {
            step,
            first_step,
            losses: [0, 1].map(|_| (0..20).map(|_| 0.01 + next()).collect()),
            evaluations: vec![(step, [evaluation(0.2 + 0.5 * next()), evaluation(0.1 + 0.1 * next())])],
            layers: vec![(step, layers)],
            ..Frame::default()
        });
    }
    history
}

/// A million steps are kept in the room of some thousands, and drawn with the points of a thousand.
#[test]
fn a_million_steps_cost_no_more_to_keep_or_to_draw_than_some_thousand() {
    let choices = Choices::default();
    // Everything that is kept, in words: as long as it is large.
    let kept = |history: &History| format!("{history:?}").len();
    let drawn = |history: &History| {
        let (loss, layers) = (history.loss_view(&choices), history.layers_view(&choices));
        let theme = Theme::light();
        [
            Figure::Loss(&loss).svg((560, 276), &theme).len(),
            Figure::Layers(&layers, Columns::All).svg((905, 370), &theme).len(),
            Figure::Band(&layers, 0).svg((272, 170), &theme).len(),
            Figure::Gradient(&layers).svg((313, 170), &theme).len(),
        ]
    };
    let (short, middle, long) = (long_history(1_000), long_history(20_000), long_history(1_000_000));
    assert_eq!(long.step(), 1_000_000);
    assert!(kept(&short) > 10_000 && drawn(&short).iter().all(|ink| *ink > 3_000), "the histories are empty");
    assert!(
        kept(&long) < 2 * kept(&middle),
        "a million steps take {} letters, 20 000 take {}",
        kept(&long),
        kept(&middle)
    );
    let (loss, of_thousand) = (drawn(&long)[0], drawn(&short)[0]);
    assert!(2 * loss < 3 * of_thousand, "Fig. 1 takes {loss} letters, for a thousand steps {of_thousand}");
    for (long, middle) in drawn(&long).into_iter().zip(drawn(&middle)) {
        assert!(
            (long as f64) < 1.25 * middle as f64,
            "a million steps take {long} letters, 20 000 take {middle}"
        );
    }
}
