//! Engine and twin against PyTorch: `reference/*.json`, made by `reference/make.py` beside them.
//!
//! Per norm, four networks of three hidden layers of ten units, one per optimiser, with activation, placement, affine
//! and weight decay varying: logits, loss and every gradient of the first batch; sixty training losses; then running
//! statistics and the logits in eval mode. Both sides start from the same formula of integers (`twin/draw.rs`).
//!
//! The twin must give PyTorch's float64 numbers. The engine computes in f32, and so does PyTorch's float32 run: its
//! distance from float64 says what f32 can know, and the engine must be about as near.

mod twin;

use batchnorm_playground::nn::optim::OptimState;
use serde_json::Value;
use twin::activation::Activation;
use twin::agree::FLOOR;
use twin::bridge::Engine;
use twin::compare::{assert_close, largest, largest_difference};
use twin::norm::Norm;
use twin::optim::{Optimizer, Rule};
use twin::{Mode, Network, Place, Rows, Spec, Tensors, draw, loss};

/// Twin against float64, relative to a tensor's largest element: the file holds 13 digits, of a number that may start
/// with a 1. These networks are tame: sixty steps multiply a difference by less than a hundred.
const TWIN: f64 = 2e-12;

/// Engine against float64: so many times the distance of PyTorch's float32, since both are single draws of rounding
/// errors. In any case [`FLOOR`], where PyTorch was lucky.
const AS_NEAR: f64 = 10.0;

/// A number this small is rounding in a network whose units have size 1: a running mean that is zero by law.
const SMALL: f64 = 1e-2;

/// PyTorch's two precisions must agree this well, or a comparison would say nothing.
const MEANINGFUL: f64 = 1e-4;

/// What one side found in one case.
struct Found {
    losses: Vec<f64>,
    logits: Vec<f64>,
    gradients: Tensors,
    running: Tensors,
    eval_logits: Vec<f64>,
}

/// One case of a file with its data.
struct Case {
    title: String,
    network: Network,
    rule: Rule,
    learning_rate: f64,
    weight_decay: f64,
    x: Rows,
    labels: Vec<usize>,
    batch: usize,
    float32: Found,
    float64: Found,
}

#[test]
fn no_norm_has_the_numbers_of_pytorch() {
    check(include_str!("reference/none.json"));
}

#[test]
fn batch_norm_has_the_numbers_of_pytorch() {
    check(include_str!("reference/batch.json"));
}

#[test]
fn layer_norm_has_the_numbers_of_pytorch() {
    check(include_str!("reference/layer.json"));
}

#[test]
fn rms_norm_has_the_numbers_of_pytorch() {
    check(include_str!("reference/rms.json"));
}

#[test]
fn group_norm_has_the_numbers_of_pytorch() {
    check(include_str!("reference/group.json"));
}

#[test]
fn dyt_has_the_numbers_of_pytorch() {
    check(include_str!("reference/dyt.json"));
}

fn check(text: &str) {
    let file: Value = serde_json::from_str(text).expect("a fixture is JSON");
    let cases = file["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 4, "one case per optimiser");
    for case in cases {
        let case = read_case(&file["settings"], case);
        compare("twin", &case, &twin_run(&case), |_| TWIN);
        compare("engine", &case, &engine_run(&case), |torch| {
            assert!(torch < MEANINGFUL, "{}: PyTorch's precisions differ by {torch:.1e}", case.title);
            AS_NEAR * torch + FLOOR
        });
    }
}

/// Compares everything one side found with float64; `allowed` gives, from the relative distance of PyTorch's float32,
/// how much may differ, relative to the largest element.
fn compare(side: &str, case: &Case, found: &Found, allowed: impl Fn(f64) -> f64) {
    let (exact, rounded) = (&case.float64, &case.float32);
    let mut worst = (0.0_f64, 0.0_f64);
    let mut one = |what: &str, trained: bool, [found, exact, rounded]: [&[f64]; 3]| {
        let scale = if what.ends_with("running_mean") { largest(exact).max(SMALL) } else { largest(exact) };
        let allowed = allowed(largest_difference(rounded, exact) / scale);
        let off =
            assert_close(&format!("{side}, {}: {what}", case.title), found, exact, allowed * scale) / scale;
        let worst = if trained { &mut worst.1 } else { &mut worst.0 };
        *worst = worst.max(off);
    };
    one("logits", false, [&found.logits, &exact.logits, &rounded.logits]);
    one("first loss", false, [&found.losses[..1], &exact.losses[..1], &rounded.losses[..1]]);
    for (name, gradient) in &exact.gradients {
        one(name, false, [&found.gradients[name], gradient, &rounded.gradients[name]]);
    }
    one("losses", true, [&found.losses, &exact.losses, &rounded.losses]);
    for (name, running) in &exact.running {
        one(name, true, [&found.running[name], running, &rounded.running[name]]);
    }
    one("eval logits", true, [&found.eval_logits, &exact.eval_logits, &rounded.eval_logits]);
    println!("{side:6} {}: first step {:.1e}, after training {:.1e}", case.title, worst.0, worst.1);
}

/// The rows of training step `step`: the examples in turn.
fn batch_of(case: &Case, step: usize) -> (Rows, Vec<usize>) {
    let rows = (0..case.batch).map(|i| (step * case.batch + i) % case.x.len());
    rows.map(|row| (case.x[row].clone(), case.labels[row])).unzip()
}

fn twin_run(case: &Case) -> Found {
    let mut network = case.network.clone();
    let mut optimizer = Optimizer::new(case.rule, case.learning_rate, case.weight_decay);
    let (x, labels) = batch_of(case, 0);
    let trace = network.forward(&x, Mode::Train, &twin::network::plain_side);
    let (_, d_logits) = loss::softmax_cross_entropy(&trace.logits, &labels, None);
    let first = network.backward(&trace, &d_logits);
    let mut gradients = first.parameters;
    gradients.insert("d_x".to_owned(), first.d_x.concat());
    let steps = 0..case.float64.losses.len();
    let losses = steps.map(|step| {
        let (x, labels) = batch_of(case, step);
        network.step(&x, &labels, &mut optimizer).0
    });
    let losses = losses.collect();
    let eval = network.forward(&x, Mode::Eval, &twin::network::plain_side);
    Found {
        losses,
        logits: trace.logits.concat(),
        gradients,
        running: network.running,
        eval_logits: eval.logits.concat(),
    }
}

fn engine_run(case: &Case) -> Found {
    let mut engine = Engine::like(&case.network);
    let mut optimizer: OptimState = engine.optimizer(case.rule, 0.9, case.weight_decay);
    let mut losses = Vec::new();
    let mut first = None;
    for step in 0..case.float64.losses.len() {
        let (x, labels) = batch_of(case, step);
        let pass = engine.pass(&x, &labels, Mode::Train);
        optimizer.step(&mut engine.mlp, &engine.grads, case.learning_rate as f32, None);
        losses.push(pass.loss);
        first.get_or_insert(pass);
    }
    let first = first.expect("a first step");
    let mut gradients = first.gradients;
    gradients.insert("d_x".to_owned(), first.d_x);
    let (x, labels) = batch_of(case, 0);
    let eval_logits = engine.pass(&x, &labels, Mode::Eval).logits;
    Found { losses, logits: first.logits, gradients, running: engine.running(), eval_logits }
}

fn read_case(settings: &Value, case: &Value) -> Case {
    let text = |key: &str| case[key].as_str().unwrap_or_else(|| panic!("no {key}"));
    let size = |key: &str| settings[key].as_u64().unwrap_or_else(|| panic!("no {key}")) as usize;
    let number = |value: &Value| value.as_f64().expect("a number");
    let spec = Spec {
        inputs: size("inputs"),
        hidden: settings["hidden"].as_array().expect("widths").iter().map(|w| number(w) as usize).collect(),
        classes: size("classes"),
        activation: named(
            &["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "linear"],
            &Activation::ALL,
            text("activation"),
        ),
        norm: match text("norm") {
            "none" => Norm::None,
            "batch" => Norm::Batch,
            "layer" => Norm::Layer,
            "rms" => Norm::Rms,
            "group" => Norm::Group,
            "dyt" => Norm::DyT,
            other => panic!("unknown: {other}"),
        },
        place: named(&["before", "after"], &[Place::Before, Place::After], text("place")),
        affine: case["affine"].as_bool().expect("affine"),
        eps: number(&settings["eps"]),
        stat_momentum: number(&settings["stat_momentum"]),
    };
    let title = ["norm", "rule", "activation", "place"].map(text).join(" ");
    let mut network = Network::new(spec);
    draw::fill(&mut network, size("parameter_stream") as u32);
    let (inputs, classes, examples) = (size("inputs"), size("classes"), size("examples"));
    Case {
        title,
        network,
        rule: named(&["sgd", "momentum", "nesterov", "adam"], &Rule::ALL, text("rule")),
        learning_rate: number(&case["learning_rate"]),
        weight_decay: number(&case["weight_decay"]),
        x: draw::rows(size("data_stream") as u32, examples, inputs),
        labels: draw::labels(size("label_stream") as u32, examples, classes),
        batch: size("batch"),
        float32: read_found(&case["float32"]),
        float64: read_found(&case["float64"]),
    }
}

fn read_found(value: &Value) -> Found {
    let list = |value: &Value| -> Vec<f64> {
        value.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
    };
    let tensors = |value: &Value| -> Tensors {
        value.as_object().expect("tensors").iter().map(|(name, v)| (name.clone(), list(v))).collect()
    };
    let mut gradients = tensors(&value["gradients"]);
    gradients.insert("d_x".to_owned(), list(&value["d_x"]));
    Found {
        losses: list(&value["losses"]),
        logits: list(&value["logits"]),
        gradients,
        running: tensors(&value["running"]),
        eval_logits: list(&value["eval_logits"]),
    }
}

fn named<T: Copy>(names: &[&str], values: &[T], name: &str) -> T {
    let found = names.iter().position(|known| *known == name);
    values[found.unwrap_or_else(|| panic!("unknown: {name}"))]
}
