//! The script's text: the template with the experiment's settings, modules and numbers put in.

use core::fmt::Write as _;

use super::norm;
use super::record::{Outcome, State};
use crate::VERSION;
use crate::data::Dataset;
use crate::export::base64;
use crate::lab::experiment::{Experiment, long_name};
use crate::lab::{knob, link};
use crate::nn::Placement;
use crate::nn::activation::{Activation, LEAKY_SLOPE};
use crate::nn::norm::Norm;
use crate::nn::optim::{ADAM_BETA_1, ADAM_BETA_2, ADAM_EPS, Optimizer};

const TEMPLATE: &str = include_str!("template.py");

/// The arms' words in the script's lines.
const ARMS: [&str; 2] = ["without", "with"];

/// The whole script.
pub(super) fn text(
    experiment: &Experiment,
    steps: u32,
    data: &Dataset,
    states: &[(u32, [State; 2])],
) -> String {
    let batch = (experiment.batch_size as usize).min(data.train.len());
    let kinked = slope_below(experiment.activation).is_some();
    let shape =
        format!("{}, {}, {}, {}", data.features, experiment.hidden_layers, experiment.width, data.classes);
    let parts: Vec<(&str, String)> = vec![
        ("@VERSION@", VERSION.to_owned()),
        ("@ABOUT@", about(experiment)),
        ("@LINK@", link::write(experiment)),
        ("@SETTINGS@", settings(experiment)),
        ("@STEPS@", steps.to_string()),
        ("@SHAPE@", shape),
        ("@EXAMPLES@", format!("{}, {batch}", data.train.len())),
        ("@SEED@", experiment.seed.to_string()),
        ("@RATE@", number(experiment.learning_rate)),
        ("@RATE_CHANGES@", rate_changes(experiment)),
        ("@HIDDEN_RATE@", experiment.hidden_rate.map_or("None".to_owned(), number)),
        ("@NORM_CLASS@\n", norm::class(experiment)),
        ("@NORM@", norm::layer(experiment)),
        ("@ACTIVATION@", activation(experiment.activation)),
        ("@BLOCK_DOC@", block_doc(experiment)),
        ("@BLOCK_WITH@", block_with(experiment)),
        ("@SIDES@\n", slope_below(experiment.activation).map_or(String::new(), sides)),
        (
            "@HOLD_SIDES@",
            if kinked { "\n    hold_sides(model, FLIPPED.get((arm, step), []))" } else { "" }.to_owned(),
        ),
        ("@OWN_BIAS@", if experiment.norm == Norm::None { "True" } else { "arm == \"without\"" }.to_owned()),
        ("@OPTIMIZER@", optimizer(experiment)),
        ("@REMARKS@\n", remarks(states)),
        ("@TRAIN_X@", train_x(data)),
        ("@TRAIN_Y@", base64::bytes(&data.train.y)),
        ("@RECORDS@", records(states, kinked)),
    ];
    fill(TEMPLATE, &parts)
}

/// Replaces each placeholder once, in the order of the template; what is put in is not looked at again.
fn fill(template: &str, parts: &[(&str, String)]) -> String {
    let mut text =
        String::with_capacity(template.len() + parts.iter().map(|(_, part)| part.len()).sum::<usize>());
    let mut rest = template;
    for (placeholder, part) in parts {
        let (before, after) = rest.split_once(placeholder).unwrap_or((rest, ""));
        text.push_str(before);
        text.push_str(part);
        rest = after;
    }
    text + rest
}

/// The fewest digits that read back as the same f32, as Python writes a float.
pub(super) fn number(value: f32) -> String {
    format!("{value:?}")
}

fn about(experiment: &Experiment) -> String {
    let second = match experiment.norm {
        Norm::None => "the same network again".to_owned(),
        norm => format!("the one with {} in every hidden layer", long_name(norm)),
    };
    format!(
        "Two networks start from the same weights and learn from the same mini-batches. ARM is `without` for the\n\
         plain one and `with` for {second}."
    )
}

fn settings(experiment: &Experiment) -> String {
    let mut rows: Vec<String> = knob::all()
        .map(|knob| format!("    {:5} {}: {}", knob.key, knob.label, knob.text(experiment)))
        .collect();
    if !experiment.rate_changes.is_empty() {
        rows.push(format!(
            "    {:5} Changes of the learning rate, step: rate: {}",
            "lrs",
            rate_changes(experiment)
        ));
    }
    rows.join("\n")
}

fn rate_changes(experiment: &Experiment) -> String {
    let changes = experiment.rate_changes.iter();
    let changes: Vec<String> =
        changes.map(|change| format!("{}: {}", change.step, number(change.rate))).collect();
    format!("{{{}}}", changes.join(", "))
}

fn activation(activation: Activation) -> String {
    match activation {
        Activation::Sigmoid => "nn.Sigmoid()".to_owned(),
        Activation::Tanh => "nn.Tanh()".to_owned(),
        Activation::Relu => "nn.ReLU()".to_owned(),
        Activation::LeakyRelu => format!("nn.LeakyReLU({LEAKY_SLOPE:?})"),
        Activation::Gelu => "nn.GELU()".to_owned(),
        Activation::Linear => "nn.Identity()".to_owned(),
    }
}

/// The slope below 0 of an activation with a kink there.
fn slope_below(activation: Activation) -> Option<f32> {
    match activation {
        Activation::Relu => Some(0.0),
        Activation::LeakyRelu => Some(LEAKY_SLOPE),
        _ => None,
    }
}

fn block_doc(experiment: &Experiment) -> String {
    let order = match (experiment.norm, experiment.placement) {
        (Norm::None, _) => "linear map and activation",
        (_, Placement::Before) => "linear map, norm, activation",
        (_, Placement::After) => "linear map, activation, norm",
    };
    let bias = if needs_no_bias(experiment) {
        " The mean of a batch norm would remove the bias under it."
    } else {
        ""
    };
    format!("Hidden blocks of {order}, and a linear output layer.{bias}")
}

fn needs_no_bias(experiment: &Experiment) -> bool {
    let [_, with] = experiment.arms();
    !experiment.network(&with).has_hidden_bias()
}

fn block_with(experiment: &Experiment) -> String {
    let bias = if needs_no_bias(experiment) { ", bias=False" } else { "" };
    let after = match (experiment.norm, experiment.placement) {
        (Norm::None, _) => "activation()",
        (_, Placement::Before) => "norm(), activation()",
        (_, Placement::After) => "activation(), norm()",
    };
    format!("layers += [nn.Linear(inputs, WIDTH{bias}), {after}]")
}

fn sides(slope_below: f32) -> String {
    SIDES.replace("@SLOPE@", &number(slope_below))
}

const SIDES: &str = r#"def hold_sides(model, flipped):
    """At 0 the activation's slope jumps, and rounding may put an input next to 0 on one side in float32 and on the
    other in float64. `flipped` lists those that fell so in the playground; in a check all take the side taken there."""
    kinked = [m for m in model if isinstance(m, (nn.ReLU, nn.LeakyReLU))]
    sides = {}

    def choose(layer, y):
        sides[layer] = y > 0
        for _, example, unit in [place for place in flipped if place[0] == layer]:
            if y[example, unit].abs() <= 1e-4 * y.abs().max():  # else it is no matter of rounding
                sides[layer][example, unit] ^= True

    for layer, module in enumerate(kinked):

        def hook(module, inputs, output, layer=layer):
            if layer not in sides:
                choose(layer, inputs[0])
            return torch.where(sides[layer], inputs[0], @SLOPE@ * inputs[0])

        module.register_forward_hook(hook)


"#;

fn optimizer(experiment: &Experiment) -> String {
    let decay = number(experiment.weight_decay);
    let momentum = number(experiment.momentum);
    match experiment.optimizer {
        Optimizer::Sgd => format!("torch.optim.SGD(groups, lr=RATE, weight_decay={decay})"),
        // torch refuses Nesterov without momentum, which is plain SGD.
        Optimizer::Nesterov if experiment.momentum > 0.0 => {
            format!(
                "torch.optim.SGD(groups, lr=RATE, momentum={momentum}, nesterov=True, weight_decay={decay})"
            )
        }
        Optimizer::Momentum | Optimizer::Nesterov => {
            format!("torch.optim.SGD(groups, lr=RATE, momentum={momentum}, weight_decay={decay})")
        }
        Optimizer::Adam => format!(
            "torch.optim.Adam(groups, lr=RATE, betas=({ADAM_BETA_1:?}, {ADAM_BETA_2:?}), eps={ADAM_EPS:?}, \
             weight_decay={decay})"
        ),
    }
}

/// What cannot be checked, as lines that print it.
fn remarks(states: &[(u32, [State; 2])]) -> String {
    let mut lines = String::new();
    for (step, arms) in states {
        for (arm, state) in ARMS.iter().zip(arms) {
            if matches!(state.outcome, Outcome::NotFinite) {
                let _ = writeln!(
                    lines,
                    "    print(\"# {arm}: no check at step {step}: in the playground the loss or a gradient is not finite\")"
                );
            }
        }
    }
    lines
}

/// Whole sixteenths fit a byte: the digits.
fn train_x(data: &Dataset) -> String {
    let sixteenths: Vec<f32> = data.train.x.values().map(|value| value * 16.0).collect();
    let shape = "view(EXAMPLES, FEATURES)";
    if sixteenths.iter().all(|value| (0.0..=255.0).contains(value) && value.fract() == 0.0) {
        let bytes: Vec<u8> = sixteenths.iter().map(|value| *value as u8).collect();
        format!("unpack(\"\"\"\n{}\"\"\", \"u1\").{shape} / 16", base64::bytes(&bytes))
    } else {
        format!("unpack(\"\"\"\n{}\"\"\").{shape}", base64::floats(data.train.x.values()))
    }
}

fn records(states: &[(u32, [State; 2])], kinked: bool) -> String {
    let mut text = String::new();
    let mut all_flipped = String::new();
    for (step, arms) in states {
        for (arm, state) in ARMS.iter().zip(arms) {
            record(arm, *step, state, &mut text);
            if let Outcome::Found { flipped, .. } = &state.outcome
                && !flipped.is_empty()
            {
                let _ = writeln!(all_flipped, "    (\"{arm}\", {step}): {flipped:?},");
            }
        }
    }
    if kinked {
        text.push_str("# hidden layer, example of the mini-batch, unit, from 0: see hold_sides\n");
        let line_end = if all_flipped.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "FLIPPED = {{{line_end}{all_flipped}}}");
    }
    text
}

fn record(arm: &str, step: u32, state: &State, text: &mut String) {
    let mut numbers = |name: &str, values: &[f32]| {
        let coded = base64::floats(values.iter().copied());
        let _ = writeln!(text, "{name}[\"{arm}\", {step}] = \"\"\"\n{coded}\"\"\"");
    };
    let found = if let Outcome::Found { results, .. } = &state.outcome { Some(results) } else { None };
    // Initial parameters start the run even where nothing is checked.
    if found.is_some() || step == 0 {
        numbers("STATE", &state.before);
    }
    if let Some(results) = found {
        numbers("RESULT", results);
    }
}
