//! The engine against the twin: one network, a few training steps, everything compared at every step.
//!
//! Each step starts from the engine's own parameters, so that nothing grows from step to step (a deep network is
//! chaotic) and every difference is one step's. Three rules keep the comparison honest:
//!
//! - *How far apart f32 may be.* A tensor may differ by [`FLOOR`] of its largest element, for a sum of many rounded
//!   terms, plus [`DRAWS`] times what rounding alone does to this network: the twin is run again with its
//!   intermediate matrices rounded to f32, in a few draws. So a well-conditioned network is held to about 1e-5,
//!   and a badly conditioned one (a batch of two under batch norm passes signs only) to what f32 can know.
//! - *Kinks.* The twin takes the engine's side of every kink. That hides nothing: all pre-activations are compared,
//!   so sides can differ only where a pre-activation is within rounding of 0; such units are counted.
//! - *Updates.* The twin's optimiser is fed the engine's own gradients: Adam divides by their size and would turn a
//!   rounding error in a vanishing gradient into a whole step.

use super::bridge::{Engine, Pass};
use super::compare::{assert_close, largest, largest_difference};
use super::network::{Gradients, Network, Trace};
use super::optim::{Optimizer, Rule};
use super::{Mode, Rows, Spec, Tensors, draw, loss};

/// Of the largest element: 130 examples or 100 inputs summed in f32 lose up to a hundred times 6e-8.
pub const FLOOR: f64 = 5e-6;

/// The largest of a few draws stands for a distribution whose tail is longer; the engine also rounds inside a sum.
pub const DRAWS: f64 = 10.0;

/// Adam's square root and division, and up to ten updates, each rounded to f32.
pub const UPDATE: f64 = 2e-6;

/// One network and how it is trained.
#[derive(Clone, Debug)]
pub struct Case {
    pub spec: Spec,
    pub batch: usize,
    pub rule: Rule,
    /// Of momentum and Nesterov.
    pub momentum: f64,
    pub learning_rate: f64,
    pub weight_decay: f64,
    /// Where its random numbers come from.
    pub stream: u32,
    pub steps: usize,
}

/// The worst differences met, each relative to the largest element of its tensor. Tensors that f32 itself blurs by
/// more than 1e-6 are left out here (their difference would only say how ill-conditioned they are) but not in `used`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Worst {
    pub loss: f64,
    pub logits: f64,
    pub gradients: f64,
    /// Of parameters after an update, relative to the largest parameter of the tensor.
    pub update: f64,
    pub running: f64,
    /// The largest part of its tolerance that any tensor used.
    pub used: f64,
    /// Tensors compared, and those that f32 does not blur.
    pub tensors: usize,
    pub strict: usize,
    /// Pre-activations compared, and those whose side rounding decided.
    pub units: usize,
    pub flipped: usize,
}

impl Worst {
    /// The worse of both in everything; tensors and units are counted together.
    pub fn join(&mut self, other: Self) {
        self.loss = self.loss.max(other.loss);
        self.logits = self.logits.max(other.logits);
        self.gradients = self.gradients.max(other.gradients);
        self.update = self.update.max(other.update);
        self.running = self.running.max(other.running);
        self.used = self.used.max(other.used);
        self.tensors += other.tensors;
        self.strict += other.strict;
        self.units += other.units;
        self.flipped += other.flipped;
    }
}

impl std::fmt::Display for Worst {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { loss, logits, gradients, update, running, used, tensors, strict, units, flipped } = self;
        write!(f, "loss {loss:.1e}, logits {logits:.1e}, gradients {gradients:.1e}, updated {update:.1e}, ")?;
        write!(f, "running {running:.1e}; {:.0} % of the tolerance used; ", 100.0 * used)?;
        write!(f, "{strict} of {tensors} tensors strictly; ")?;
        write!(f, "{flipped} of {units} units on the other side of 0")
    }
}

/// Trains the engine for the case's steps beside the twin, then looks once in eval mode.
///
/// # Panics
/// At the first difference beyond rounding, naming the tensor and showing both sides.
pub fn agree(case: &Case) -> Worst {
    let mut network = Network::new(case.spec.clone());
    draw::fill(&mut network, case.stream);
    let mut engine = Engine::like(&network);
    let mut state = engine.optimizer(case.rule, case.momentum, case.weight_decay);
    let optimizer = |rounding: Option<f64>| {
        let mut optimizer = Optimizer::new(case.rule, case.learning_rate, case.weight_decay);
        (optimizer.momentum, optimizer.rounding) = (case.momentum, rounding);
        optimizer
    };
    let roundings = [None, Some(1.0), Some(1.1), Some(1.37)];
    // Each optimiser with the parameters it trains: the exact one, then its draws of rounding errors.
    let mut trained = roundings.map(|rounding| (optimizer(rounding), network.parameters.clone()));
    let mut worst = Worst::default();
    for step in 0..case.steps {
        let (x, labels) = examples(case, step);
        network.parameters = engine.parameters();
        network.running = engine.running();
        let pass = engine.pass(&x, &labels, Mode::Train);
        compare_pass(&network, (&x, &labels), Mode::Train, &pass, &engine.running(), &mut worst);
        state.step(&mut engine.mlp, &engine.grads, case.learning_rate as f32, None);
        for (optimizer, parameters) in &mut trained {
            optimizer.step(parameters, &pass.gradients);
        }
        let after = format!("after {} updates", step + 1);
        worst.update =
            worst.update.max(compare_update(&network.parameters, &engine.parameters(), &trained, &after));
    }
    let (x, labels) = examples(case, case.steps);
    network.parameters = engine.parameters();
    network.running = engine.running();
    let pass = engine.pass(&x, &labels, Mode::Eval);
    compare_pass(&network, (&x, &labels), Mode::Eval, &pass, &engine.running(), &mut worst);
    worst
}

fn examples(case: &Case, step: usize) -> (Rows, Vec<usize>) {
    let stream = case.stream + 1000 + 2 * step as u32;
    let x = draw::rows(stream, case.batch, case.spec.inputs);
    (x, draw::labels(stream + 1, case.batch, case.spec.classes))
}

/// One run of the twin: exact, or one draw of rounding errors.
struct Run {
    trace: Trace,
    loss: f64,
    gradients: Gradients,
    running: Tensors,
}

/// Everything of one pass against the twin's. `network` is as the engine was before the pass; `running` are the
/// engine's statistics after it.
fn compare_pass(
    network: &Network,
    (x, labels): (&Rows, &[usize]),
    mode: Mode,
    pass: &Pass,
    running: &Tensors,
    worst: &mut Worst,
) {
    let side =
        |block: usize, example: usize, unit: usize, _: f64| pass.pre_activations[block][example][unit] > 0.0;
    let run = |rounding: Option<f64>| -> Run {
        let mut network = Network { rounding, ..network.clone() };
        let trace = network.forward(x, mode, &side);
        if mode == Mode::Train {
            network.track(&trace);
        }
        let (loss, d_logits) = loss::softmax_cross_entropy(&trace.logits, labels, rounding);
        let gradients = network.backward(&trace, &d_logits);
        Run { trace, loss, gradients, running: network.running }
    };
    let exact = run(None);
    // The largest element of a small tensor says little about its spread: small networks are drawn more often.
    let count = if x.len() * network.spec.hidden.len() * network.spec.hidden[0] < 5000 { 10 } else { 3 };
    let draws: Vec<Run> = (0..count).map(|draw| run(Some(1.0 + 0.137 * f64::from(draw)))).collect();
    let mut used = 0.0_f64;
    let (mut tensors, mut strict) = (0, 0);
    // Relative error of one tensor, which `of` finds in a run; `smallest` is allowed in any case.
    let mut compare = |what: &str, found: &[f64], smallest: f64, of: &dyn Fn(&Run) -> Vec<f64>| -> f64 {
        let expected = of(&exact);
        let noise = draws.iter().map(|draw| largest_difference(&of(draw), &expected)).fold(0.0, f64::max);
        assert!(noise.is_finite(), "{what} in {mode:?}: the twin has something that is not a number");
        let allowed = FLOOR * largest(&expected) + DRAWS * noise + smallest;
        let off = assert_close(&format!("{what} in {mode:?}"), found, &expected, allowed);
        used = used.max(relative(off, allowed));
        let is_strict = noise <= 1e-6 * largest(&expected);
        tensors += 1;
        strict += usize::from(is_strict);
        if is_strict { relative(off, largest(&expected)) } else { 0.0 }
    };
    let mut of_pass = Worst::default();
    for (block, engine) in pass.pre_activations.iter().enumerate() {
        let what = format!("pre-activations of block {block}");
        compare(&what, &engine.concat(), 0.0, &|run| run.trace.blocks[block].activation_input.concat());
    }
    of_pass.logits = compare("logits", &pass.logits, 0.0, &|run| run.trace.logits.concat());
    of_pass.loss = compare("loss", &[pass.loss], 0.0, &|run| vec![run.loss]);
    of_pass.gradients = compare("d_x", &pass.d_x, 0.0, &|run| run.gradients.d_x.concat());
    assert!(pass.gradients.keys().eq(exact.gradients.parameters.keys()), "a gradient for every parameter");
    for (name, found) in &pass.gradients {
        let off = compare(&format!("gradient of {name}"), found, 0.0, &|run| {
            run.gradients.parameters[name].clone()
        });
        of_pass.gradients = of_pass.gradients.max(off);
    }
    assert!(running.keys().eq(exact.running.keys()), "running statistics of the same layers");
    for (block, found) in pass.watched.iter().enumerate() {
        let what = format!("gradient sizes of block {block}");
        compare(&what, found, 0.0, &|run| {
            let Gradients { parameters, d_linear, d_activation, .. } = &run.gradients;
            let weight = &parameters[&format!("{block}.weight")];
            [rms(&d_linear[block].concat()), rms(&d_activation[block].concat()), rms(weight)].to_vec()
        });
    }
    // A mean may cancel to exactly 0 in every draw (xhat of two examples is +-1): an f32 mean of numbers of size s
    // is known to 1e-7 s at best.
    let sizes = exact.trace.blocks.iter().map(|block| largest(&block.normed.input.concat()));
    let smallest = 4e-7 * network.spec.stat_momentum * sizes.fold(0.0, f64::max);
    for (name, found) in running {
        let off = compare(name, found, smallest, &|run| run.running[name].clone());
        of_pass.running = of_pass.running.max(off);
    }
    (of_pass.units, of_pass.flipped) = count_flipped(&exact.trace, pass);
    worst.join(Worst { used, tensors, strict, ..of_pass });
}

/// The engine's parameters against those the exact optimiser (the first) made; `before` the update they were of the
/// sizes that rounding counts in.
fn compare_update(before: &Tensors, found: &Tensors, trained: &[(Optimizer, Tensors)], after: &str) -> f64 {
    let mut worst = 0.0_f64;
    for (name, found) in found {
        let expected = &trained[0].1[name];
        let noise = trained.iter().map(|(_, drawn)| largest_difference(&drawn[name], expected));
        let noise = noise.fold(0.0, f64::max);
        assert!(noise.is_finite(), "{name} {after}: the twin has something that is not a number");
        let scale = largest(expected).max(largest(&before[name]));
        let off = assert_close(&format!("{name} {after}"), found, expected, UPDATE * scale + DRAWS * noise);
        worst = worst.max(relative(off, scale));
    }
    worst
}

/// How many units there are, and on how many engine and twin are on different sides of 0.
fn count_flipped(trace: &Trace, pass: &Pass) -> (usize, usize) {
    let twin = trace.blocks.iter().flat_map(|block| block.activation_input.iter().flatten());
    let engine = pass.pre_activations.iter().flatten().flatten();
    let sides = twin.zip(engine).map(|(a, b)| (*a > 0.0) != (*b > 0.0));
    (trace.blocks.len() * pass.pre_activations[0].concat().len(), sides.filter(|differ| *differ).count())
}

fn rms(values: &[f64]) -> f64 {
    (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
}

fn relative(off: f64, scale: f64) -> f64 {
    if off == 0.0 { 0.0 } else { off / scale }
}
