//! What a figure reads: plain numbers, already chosen and thinned, for both arms in the order without, with.
//!
//! A view says nothing about networks, experiments or pixels. Steps are optimiser updates; a loss "at step k"
//! was measured before update k + 1, so step 0 is the untrained network.

/// One value at one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The step.
    pub step: f32,
    /// The value; never NaN or infinite.
    pub value: f32,
}

/// What an arm is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ArmState {
    /// Learning, or at least not known to be in trouble.
    #[default]
    Training,
    /// No better than guessing over the last 100 steps.
    StuckAtGuessing,
    /// Its loss was not finite at this step; the arm stopped there.
    Diverged(u32),
}

/// One arm's curves in Fig. 1.
#[derive(Clone, Debug, Default)]
pub struct CurveView {
    /// "without BN", "with BN", "with LayerNorm".
    pub name: String,
    /// Mini-batch loss, raw; thinned to a minimum and a maximum per stretch of steps when long.
    pub raw: Vec<Point>,
    /// The same, smoothed in the scale shown.
    pub smooth: Vec<Point>,
    /// On the test set: loss or accuracy (0 to 1), as the figure shows.
    pub test: Vec<Point>,
    /// The arm's state now.
    pub state: ArmState,
}

/// Loss or accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Measure {
    /// Cross-entropy.
    #[default]
    Loss,
    /// Share of test examples classified correctly.
    Accuracy,
}

/// The vertical scale of Fig. 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scale {
    /// Decades.
    #[default]
    Log,
    /// From 0.
    Linear,
}

/// Fig. 1: loss or accuracy over the steps.
#[derive(Clone, Debug, Default)]
pub struct LossView {
    /// Without, with.
    pub arms: [CurveView; 2],
    /// The previous run, smoothed, while the new one is short.
    pub ghost: Option<[Vec<Point>; 2]>,
    /// The step now.
    pub step: u32,
    /// Right end of the axis: 500, 1000, 2000, 5000, ...
    pub last_step: u32,
    /// What is shown.
    pub measure: Measure,
    /// How it is shown.
    pub scale: Scale,
    /// Number of classes: guessing has loss ln(classes) and accuracy 1/classes.
    pub classes: u32,
    /// Steps at which the learning rate was changed by hand, with the new rate.
    pub rate_changes: Vec<Point>,
    /// The step a pointer or key has selected, to be read out in every figure.
    pub cursor: Option<u32>,
    /// A single muted line of text in an empty figure.
    pub message: Option<String>,
}

/// Fig. 2, one arm: the predicted chance of class 1 on a square grid.
#[derive(Clone, Debug, Default)]
pub struct BoundaryView {
    /// 0 for without, 1 for with.
    pub arm: usize,
    /// Cells per side (64 or more).
    pub side: usize,
    /// `side * side` chances of class 1 in [0, 1], row by row from the bottom left. Empty: not measured yet.
    pub chance: Vec<f32>,
    /// The plane shown is [-extent, extent] in both features.
    pub extent: f32,
    /// Some of the points: feature 1, feature 2, class (0 hollow, 1 solid).
    pub points: Vec<(f32, f32, u8)>,
}

/// Fig. 2 with a table that is no plane, one arm: what the test examples of each class are taken for.
#[derive(Clone, Debug, Default)]
pub struct CountsView {
    /// 0 for without, 1 for with.
    pub arm: usize,
    /// The classes' names.
    pub classes: Vec<String>,
    /// A row per class, a column per predicted class. Empty: not measured yet.
    pub counts: Vec<u32>,
}

/// The plane that is painted on.
#[derive(Clone, Debug, Default)]
pub struct PaintingView {
    /// Feature 1, feature 2, class (0 hollow, 1 solid).
    pub points: Vec<(f32, f32, u8)>,
    /// The plane shown is [-extent, extent] in both features.
    pub extent: f32,
    /// Where the brush is, and its radius.
    pub cursor: Option<(f32, f32, f32)>,
}

/// Which test images Fig. 2 shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Pick {
    /// Some of each class.
    #[default]
    Sample,
    /// The first that either network gets wrong.
    Mistakes,
}

/// Fig. 2 with images: the same test images, each arm's reading.
#[derive(Clone, Debug, Default)]
pub struct ImagesView {
    /// Which images these are.
    pub pick: Pick,
    /// Pixels per side.
    pub side: usize,
    /// Up to 20 images of `side * side` intensities in [0, 1] (1 is ink), row by row from the top.
    pub images: Vec<Vec<f32>>,
    /// The true class of each.
    pub labels: Vec<u8>,
    /// What each arm reads.
    pub predictions: [Vec<u8>; 2],
    /// Test accuracy of each arm, 0 to 1, where known.
    pub accuracy: [Option<f32>; 2],
    /// The arms' names.
    pub names: [String; 2],
}

/// Which gradient of a layer is shown, as a root mean square over its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum GradientOf {
    /// With respect to the layer's activations.
    #[default]
    Activations,
    /// With respect to the linear outputs z = a W + b, before any norm.
    LinearOutputs,
    /// With respect to the weights.
    Weights,
}

impl GradientOf {
    /// As it is written: "∂L/∂a".
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Activations => "∂L/∂a",
            Self::LinearOutputs => "∂L/∂z",
            Self::Weights => "∂L/∂W",
        }
    }
}

/// One arm's measurements of one hidden layer.
#[derive(Clone, Debug, Default)]
pub struct LayerArmView {
    /// Share of the activation's inputs in each of the fixed bins of [-4, 4]; values beyond are in the end bins.
    pub histogram: Vec<f32>,
    /// Over time, for the watched unit: step, then 15th, 50th and 85th percentile of the activation's input.
    pub percentiles: Vec<(f32, [f32; 3])>,
    /// Gradient RMS now.
    pub gradient: Option<f32>,
    /// Gradient RMS over time.
    pub gradient_history: Vec<Point>,
    /// Silent (ReLU) or saturated (tanh, sigmoid) units over the training set.
    pub silent: Option<u32>,
    /// gamma of every unit; empty without a norm.
    pub gamma: Vec<f32>,
    /// beta of every unit; empty without a norm.
    pub beta: Vec<f32>,
}

/// Fig. 3 and 4: the hidden layers, input side first.
#[derive(Clone, Debug, Default)]
pub struct LayersView {
    /// Per layer: without, with.
    pub layers: Vec<[LayerArmView; 2]>,
    /// Units per layer.
    pub units: u32,
    /// The selected layer, from 0.
    pub selected: usize,
    /// The watched unit, from 0.
    pub unit: usize,
    /// Which gradient.
    pub gradient_of: GradientOf,
    /// "Silent" or "Saturated", as the activation has it; `None` if neither can happen.
    pub silent_word: Option<&'static str>,
    /// The step now.
    pub step: u32,
    /// Right end of the time axis, as in Fig. 1.
    pub last_step: u32,
    /// The arms' names.
    pub names: [String; 2],
    /// The step a pointer or key has selected.
    pub cursor: Option<u32>,
}
