//! A norm in the script: torch's own, or a class where torch has none or would divide by zero.

use super::script::number;
use crate::lab::experiment::Experiment;
use crate::nn::norm::{Norm, dyt};

/// Whether torch's own norm would divide by zero; refuse a group of one number; or make of such a group, which is its
/// own mean, not 0 but what rounding leaves, on either side of a kink.
fn needs_own_norm(experiment: &Experiment) -> bool {
    let group = match experiment.norm {
        Norm::Layer => experiment.width as usize,
        Norm::Group => experiment.width as usize / groups(experiment),
        _ => 2,
    };
    experiment.eps == 0.0 || group == 1
}

fn groups(experiment: &Experiment) -> usize {
    let [_, arm] = experiment.arms();
    experiment.network(&arm).norm.groups_for(experiment.width as usize)
}

/// What makes one.
pub(super) fn layer(experiment: &Experiment) -> String {
    let (eps, affine) = (number(experiment.eps), if experiment.affine { "True" } else { "False" });
    let momentum = number(experiment.stat_momentum);
    let own = needs_own_norm(experiment);
    match experiment.norm {
        Norm::None => "None  # neither network has one".to_owned(),
        Norm::Batch if own => format!("BatchNorm(WIDTH, eps={eps}, momentum={momentum}, affine={affine})"),
        Norm::Batch => format!("nn.BatchNorm1d(WIDTH, eps={eps}, momentum={momentum}, affine={affine})"),
        Norm::Layer if own => format!("GroupNorm(1, WIDTH, eps={eps}, affine={affine})"),
        Norm::Layer => format!("nn.LayerNorm(WIDTH, eps={eps}, elementwise_affine={affine})"),
        Norm::Group if own => format!("GroupNorm({}, WIDTH, eps={eps}, affine={affine})", groups(experiment)),
        Norm::Group => format!("nn.GroupNorm({}, WIDTH, eps={eps}, affine={affine})", groups(experiment)),
        Norm::Rms => format!("RMSNorm(WIDTH, eps={eps}, affine={affine})"),
        Norm::DyT => format!("DyT(WIDTH, affine={affine})"),
    }
}

/// The class, where torch has none that does.
pub(super) fn class(experiment: &Experiment) -> String {
    let own = needs_own_norm(experiment);
    match experiment.norm {
        Norm::Batch if own => STANDARDISE.to_owned() + BATCH_NORM,
        Norm::Layer | Norm::Group if own => STANDARDISE.to_owned() + GROUP_NORM,
        Norm::Rms => RMS_NORM.to_owned(),
        Norm::DyT => DYT.replace("@START@", &number(dyt::ALPHA_START)),
        Norm::None | Norm::Batch | Norm::Layer | Norm::Group => String::new(),
    }
}

const STANDARDISE: &str = r#"def standardise(x, dim, eps):
    """Mean 0 and variance 1. Without eps, what is constant but for rounding becomes 0; torch would divide 0 by 0."""
    centred = x - x.mean(dim, keepdim=True)
    variance = (centred**2).mean(dim, keepdim=True) + eps
    nothing = (100 * torch.finfo(x.dtype).eps) ** 2 * (x**2).mean(dim, keepdim=True)
    constant = (variance <= nothing) & (eps == 0)
    return torch.where(constant, 0.0, centred / torch.where(constant, 1.0, variance).sqrt())


"#;

const BATCH_NORM: &str = r#"class BatchNorm(nn.BatchNorm1d):
    def forward(self, x):
        with torch.no_grad():
            self.running_mean.lerp_(x.mean(0), self.momentum)
            self.running_var.lerp_(x.var(0), self.momentum)  # the unbiased one
        xhat = standardise(x, 0, self.eps)
        return self.weight * xhat + self.bias if self.affine else xhat


"#;

const GROUP_NORM: &str = r#"class GroupNorm(nn.GroupNorm):
    def forward(self, x):
        xhat = standardise(x.view(len(x), self.num_groups, -1), 2, self.eps).view(x.shape)
        return self.weight * xhat + self.bias if self.affine else xhat


"#;

const RMS_NORM: &str = r#"class RMSNorm(nn.Module):
    """Zhang and Sennrich 2019, with a shift as in the other norms."""

    def __init__(self, width, eps, affine):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width)) if affine else None
        self.bias = nn.Parameter(torch.zeros(width)) if affine else None

    def forward(self, x):
        square = (x**2).mean(1, keepdim=True) + self.eps
        # Without eps, an example of zeros stays so and passes no gradient.
        xhat = torch.where(square > 0, x / torch.where(square > 0, square, 1.0).sqrt(), 0.0)
        return xhat if self.weight is None else self.weight * xhat + self.bias


"#;

const DYT: &str = r#"class DyT(nn.Module):
    """Zhu et al. 2025."""

    def __init__(self, width, affine):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width)) if affine else None
        self.bias = nn.Parameter(torch.zeros(width)) if affine else None
        self.alpha = nn.Parameter(torch.tensor([@START@]))

    def forward(self, x):
        t = torch.tanh(self.alpha * x)
        return t if self.weight is None else self.weight * t + self.bias


"#;
