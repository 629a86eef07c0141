//! Which knobs have an effect in the setting at hand: momentum under plain SGD has none, nor has the noise of a plane
//! where images are shown. A change of such a knob makes no other run.

use super::experiment::Experiment;
use crate::nn::norm::Norm;
use crate::nn::optim::Optimizer;

impl Experiment {
    /// Whether both make the same run, number by number, though knobs without an effect stand elsewhere.
    pub fn makes_the_run_of(&self, other: &Self) -> bool {
        self.without_idle_knobs() == other.without_idle_knobs()
    }

    /// The same run with every knob that has no effect on it at its default.
    fn without_idle_knobs(&self) -> Self {
        let default = Self::default();
        let mut run = self.clone();
        if !matches!(run.optimizer, Optimizer::Momentum | Optimizer::Nesterov) {
            run.momentum = default.momentum;
        }
        if !run.data.is_planar() {
            (run.noise, run.points) = (default.noise, default.points);
        }
        if run.norm != Norm::Batch {
            run.stat_momentum = default.stat_momentum;
        }
        if matches!(run.norm, Norm::None | Norm::DyT) {
            run.eps = default.eps;
        }
        if run.norm == Norm::None {
            (run.placement, run.affine) = (default.placement, default.affine);
        }
        // A batch has no more examples than there are.
        run.batch_size = run.batch_size.min(run.examples().0 as u32);
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::lab::comparison::Comparison;
    use crate::lab::frame::Frame;
    use crate::lab::knob::{self, Cost};
    use crate::lab::link;

    /// Everything that is measured in three steps.
    fn measured(experiment: &Experiment) -> Frame {
        let data = experiment.dataset(Some(digits::PACKED)).unwrap();
        let mut run = Comparison::new(experiment.clone(), data, 0).unwrap();
        (0..3).for_each(|_| run.advance());
        run.evaluate();
        run.frame(true)
    }

    /// Turns every knob by a little and by a lot, and compares what is said of it with the run that it makes.
    #[test]
    fn a_knob_is_said_to_have_an_effect_where_it_has_one_and_only_there() {
        let mut idle = 0;
        const GROUNDS: [&str; 10] = [
            "l=2&w=8&b=16",
            "l=2&w=8&b=16&o=momentum",
            "l=2&w=8&b=16&o=nesterov",
            "l=2&w=8&b=16&o=adam&n=ln",
            "l=2&w=8&b=16&n=rms",
            "l=2&w=8&b=16&n=gn",
            "l=2&w=8&b=16&n=dyt",
            "l=2&w=8&b=16&n=none",
            "l=2&w=8&b=16&d=digits",
            "l=2&w=8&b=512&dp=50&d=xor",
        ];
        for norm in Norm::ALL {
            assert!(GROUNDS.iter().any(|ground| link::read(ground).0.norm == norm), "{norm:?} has no ground");
        }
        for ground in GROUNDS {
            let (base, notes) = link::read(ground);
            assert!(notes.is_empty(), "{ground}: {notes:?}");
            let before = measured(&base);
            for knob in knob::all().filter(|knob| knob.cost == Cost::Restart && knob.key != "d") {
                let now = knob.position(&base);
                let last = knob.last_position().unwrap_or(1);
                for position in [now.saturating_sub(1), now + 1, last] {
                    let mut turned = base.clone();
                    knob.read(&mut turned, &knob.text_at(position.min(last))).unwrap();
                    if turned == base || turned.check().is_err() {
                        continue;
                    }
                    let same = measured(&turned) == before;
                    idle += u32::from(same);
                    let at = knob.text(&turned);
                    assert_eq!(turned.makes_the_run_of(&base), same, "{ground}: {} at {at}", knob.key);
                }
            }
        }
        assert!(idle > 10, "{idle} turns without an effect");
    }
}
