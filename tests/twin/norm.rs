//! All norms: which numbers share their statistics, and the published formulas over each such set.
//!
//! Batch: one set per feature, over the examples (Ioffe and Szegedy 2015). Layer: one set per example, over the
//! features (Ba 2016). Group: one set per example and group (Wu and He 2018). RMS: as layer, but nothing is
//! subtracted (Zhang and Sennrich 2019). DyT has no statistics (Zhu 2025). The backward pass is the long one of the
//! 2015 paper, with the gradients of mean and variance spelled out.

/// The names alone are the engine's; what they stand for is written anew.
pub use batchnorm_playground::nn::norm::Norm;

use super::Rows;

/// The learnable part; `None` stands for gamma 1, beta 0.
pub struct Scale<'a> {
    pub gamma: Option<&'a Vec<f64>>,
    pub beta: Option<&'a Vec<f64>>,
    pub alpha: Option<f64>,
}

/// The result of a norm with what its backward pass needs.
#[derive(Clone, Debug)]
pub struct Normed {
    pub input: Rows,
    pub output: Rows,
    /// x-hat, before gamma and beta.
    pub normalised: Rows,
    /// One mean and (biased) variance per set, in the order of [`sets`]; for RMS "mean" is 0 and "variance" is the
    /// mean of the squares. Empty for None and DyT.
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
    /// Whether the statistics came from the input (and so pass a gradient on) or were given.
    pub from_input: bool,
    gamma: Option<Vec<f64>>,
    alpha: f64,
}

/// Gradients of a norm.
pub struct NormGradients {
    pub d_x: Rows,
    pub d_gamma: Vec<f64>,
    pub d_beta: Vec<f64>,
    /// One number; 0 for all but DyT.
    pub d_alpha: Vec<f64>,
}

/// The largest number of groups up to 4 that divides the width and leaves each two units.
pub fn groups_of(width: usize) -> usize {
    (1..=4).rev().find(|groups| width.is_multiple_of(*groups) && 2 * groups <= width).unwrap_or(1)
}

/// The sets of `(example, feature)` that share a mean and a variance.
pub fn sets(norm: Norm, examples: usize, features: usize) -> Vec<Vec<(usize, usize)>> {
    match norm {
        Norm::None | Norm::DyT => Vec::new(),
        Norm::Batch => {
            let column = |feature| (0..examples).map(|example| (example, feature)).collect();
            (0..features).map(column).collect()
        }
        Norm::Layer | Norm::Rms | Norm::Group => {
            let groups = if norm == Norm::Group { groups_of(features) } else { 1 };
            let size = features / groups;
            let mut sets = Vec::new();
            for example in 0..examples {
                for group in 0..groups {
                    sets.push((group * size..(group + 1) * size).map(|feature| (example, feature)).collect());
                }
            }
            sets
        }
    }
}

/// `running`, the running mean and variance per feature, replaces the batch's own in eval mode.
/// `keep` is how the network keeps a number (see `Network::rounding`), products and unfinished sums too.
pub fn forward(
    norm: Norm,
    x: &Rows,
    eps: f64,
    scale: &Scale,
    running: Option<(&[f64], &[f64])>,
    keep: &dyn Fn(f64) -> f64,
) -> Normed {
    let (mut mean, mut variance) = (Vec::new(), Vec::new());
    let mut normalised = x.clone();
    for (index, set) in sets(norm, x.len(), x[0].len()).iter().enumerate() {
        let size = set.len() as f64;
        let (m, v) = match running {
            Some((means, variances)) => (means[index], variances[index]),
            None => {
                let mean_of = |f: &dyn Fn(usize, usize) -> f64| sum(set, f, keep) / size;
                let m = if norm == Norm::Rms { 0.0 } else { keep(mean_of(&|e, f| x[e][f])) };
                (m, keep(mean_of(&|e, f| (x[e][f] - m).powi(2))))
            }
        };
        for &(e, f) in set {
            normalised[e][f] = (x[e][f] - m) / (v + eps).sqrt();
        }
        mean.push(m);
        variance.push(v);
    }
    let alpha = scale.alpha.unwrap_or(0.0);
    if norm == Norm::DyT {
        normalised = super::each(x, |_, _, value| (alpha * value).tanh());
    }
    let output = super::each(&normalised, |_, feature, value| {
        scale.gamma.map_or(1.0, |gamma| gamma[feature]) * value + scale.beta.map_or(0.0, |beta| beta[feature])
    });
    let from_input = running.is_none();
    Normed {
        input: x.clone(),
        output,
        normalised,
        mean,
        variance,
        from_input,
        gamma: scale.gamma.cloned(),
        alpha,
    }
}

/// From the gradient with respect to the norm's output. `keep` is how the network keeps a number (see
/// `Network::rounding`): the three terms of the gradient nearly cancel in a small set, so each is kept.
pub fn backward(
    norm: Norm,
    eps: f64,
    normed: &Normed,
    d_y: &Rows,
    keep: &dyn Fn(f64) -> f64,
) -> NormGradients {
    let x = &normed.input;
    let features = x[0].len();
    let (mut d_gamma, mut d_beta) = (vec![0.0; features], vec![0.0; features]);
    for (d_row, row) in d_y.iter().zip(&normed.normalised) {
        for feature in 0..features {
            d_gamma[feature] = keep(d_gamma[feature] + keep(d_row[feature] * row[feature]));
            d_beta[feature] = keep(d_beta[feature] + d_row[feature]);
        }
    }
    let d_xhat =
        super::each(d_y, |_, feature, d| d * normed.gamma.as_ref().map_or(1.0, |gamma| gamma[feature]));
    let mut d_x = d_xhat.clone();
    let mut d_alpha = 0.0;
    if norm == Norm::DyT {
        for (e, row) in x.iter().enumerate() {
            for f in 0..features {
                let slope = 1.0 - keep(keep((normed.alpha * row[f]).tanh()).powi(2));
                d_alpha = keep(d_alpha + d_xhat[e][f] * slope * row[f]);
                d_x[e][f] = d_xhat[e][f] * slope * normed.alpha;
            }
        }
    }
    for (index, set) in sets(norm, x.len(), features).iter().enumerate() {
        let statistics = (normed.mean[index], normed.variance[index] + eps);
        let terms = backward_set(norm, set, statistics, normed.from_input, (x, &d_xhat), keep);
        for (&(e, f), [direct, through_variance, through_mean]) in set.iter().zip(terms) {
            d_x[e][f] = keep(direct) + keep(through_variance) + keep(through_mean);
        }
    }
    NormGradients { d_x, d_gamma, d_beta, d_alpha: vec![d_alpha] }
}

/// The 2015 paper's chain rule over one set, whose variance comes with eps: for each element the gradient that
/// arrives directly, through the variance, and through the mean.
fn backward_set(
    norm: Norm,
    set: &[(usize, usize)],
    (mean, variance): (f64, f64),
    from_input: bool,
    (x, d_xhat): (&Rows, &Rows),
    keep: &dyn Fn(f64) -> f64,
) -> Vec<[f64; 3]> {
    let m = set.len() as f64;
    let sum = |f: &dyn Fn(usize, usize) -> f64| sum(set, f, keep);
    let (mut d_variance, mut d_mean) = (0.0, 0.0);
    let inverse_root = keep(1.0 / variance.sqrt());
    if from_input {
        d_variance = keep(sum(&|e, i| d_xhat[e][i] * (x[e][i] - mean)) * -0.5 * keep(variance.powf(-1.5)));
        if norm != Norm::Rms {
            // The paper's second term, d_variance times the mean of -2 (x - mean), is zero: the mean is a mean.
            d_mean = sum(&|e, i| -d_xhat[e][i]) * inverse_root;
        }
    }
    let terms = |&(e, i): &(usize, usize)| {
        [d_xhat[e][i] * inverse_root, d_variance * 2.0 * (x[e][i] - mean) / m, d_mean / m]
    };
    set.iter().map(terms).collect()
}

/// The sum of `f(example, feature)` over a set.
fn sum(set: &[(usize, usize)], f: &dyn Fn(usize, usize) -> f64, keep: &dyn Fn(f64) -> f64) -> f64 {
    set.iter().fold(0.0, |sum, &(e, i)| keep(sum + keep(f(e, i))))
}
