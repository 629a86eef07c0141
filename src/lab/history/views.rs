//! What figures are shown of a history: views, plain numbers. Nothing is kept here.

use super::{Choices, GHOST_UNTIL, History, last_step, silent_word};
use crate::lab::frame::{BINS, GRID_SIDE, LayerStats, Learned};
use crate::lab::view::{
    BoundaryView, CountsView, CurveView, GradientOf, ImagesView, LayerArmView, LayersView, LossView, Measure,
    Pick, Point, Scale,
};

impl History {
    /// Fig. 1.
    pub fn loss_view(&self, choices: &Choices) -> LossView {
        let in_log = choices.scale == Scale::Log;
        let arm = |a: usize| {
            let arm = &self.arms[a];
            let test = arm.evaluations.items().iter().filter_map(|(step, evaluation)| {
                let value = match choices.measure {
                    Measure::Accuracy => Some(evaluation.accuracy),
                    Measure::Loss => evaluation.loss,
                };
                value.map(|value| Point { step: *step as f32, value })
            });
            CurveView {
                name: self.names[a].clone(),
                raw: arm.loss.raw(),
                smooth: arm.loss.smooth(in_log),
                test: test.collect(),
                state: arm.state(self.classes),
            }
        };
        let ghost = self.ghost.as_ref().filter(|_| self.step < GHOST_UNTIL);
        LossView {
            arms: [arm(0), arm(1)],
            ghost: ghost.map(|arms| arms.each_ref().map(|loss| loss.smooth(in_log))),
            step: self.step,
            last_step: last_step(self.step),
            measure: choices.measure,
            scale: choices.scale,
            classes: self.classes,
            rate_changes: self
                .rate_changes
                .iter()
                .map(|change| Point { step: change.step as f32, value: change.rate })
                .collect(),
            cursor: choices.cursor,
            message: None,
        }
    }

    /// Fig. 2, one arm of a planar data set; `points` are shown with it.
    pub fn boundary_view(&self, arm: usize, points: &[(f32, f32, u8)]) -> BoundaryView {
        let chance = match self.learned(arm) {
            Some(Learned::Plane(chance)) => chance.clone(),
            _ => Vec::new(),
        };
        BoundaryView { arm, side: GRID_SIDE, chance, extent: self.reach, points: points.to_vec() }
    }

    /// Fig. 2, one arm of any other table; `classes` are its classes' names.
    pub fn counts_view(&self, arm: usize, classes: &[String]) -> CountsView {
        let counts = match self.learned(arm) {
            Some(Learned::Counts(counts)) => counts.clone(),
            _ => Vec::new(),
        };
        CountsView { arm, classes: classes.to_vec(), counts }
    }

    fn learned(&self, arm: usize) -> Option<&Learned> {
        self.snapshot.as_ref()?.arms[arm].learned.as_ref()
    }

    /// Fig. 2 with images: those given, with each arm's reading.
    pub fn images_view(&self, pick: Pick, side: usize, images: &[Vec<f32>], labels: &[u8]) -> ImagesView {
        let read = |arm: usize| match (pick, self.learned(arm)) {
            (Pick::Sample, Some(Learned::Images(predictions))) => predictions.clone(),
            (Pick::Sample, _) => Vec::new(),
            (Pick::Mistakes, _) => self.mistakes().map_or(Vec::new(), |found| found.read[arm].clone()),
        };
        ImagesView {
            pick,
            side,
            images: images.to_vec(),
            labels: labels.to_vec(),
            predictions: [read(0), read(1)],
            accuracy: self.scores().map(|score| score.accuracy),
            names: self.names.clone(),
        }
    }

    /// Fig. 3 and 4.
    pub fn layers_view(&self, choices: &Choices) -> LayersView {
        let layers =
            (0..self.hidden_layers).map(|l| [0, 1].map(|a| self.layer_view(a, l, choices))).collect();
        LayersView {
            layers,
            units: self.units,
            selected: choices.layer.min(self.hidden_layers - 1),
            unit: choices.unit.min(self.units as usize - 1),
            gradient_of: choices.gradient,
            silent_word: silent_word(self.activation).map(|word| match word {
                "silent" => "Silent",
                _ => "Saturated",
            }),
            step: self.step,
            last_step: last_step(self.step),
            names: self.names.clone(),
            cursor: choices.cursor,
        }
    }

    fn layer_view(&self, a: usize, l: usize, choices: &Choices) -> LayerArmView {
        let pick = |stats: &LayerStats| match choices.gradient {
            GradientOf::Activations => stats.gradients[0],
            GradientOf::LinearOutputs => stats.gradients[1],
            GradientOf::Weights => stats.gradients[2],
        };
        let past = self.arms[a]
            .layers
            .items()
            .iter()
            .filter_map(|(step, layers)| Some((*step as f32, layers.get(l)?)));
        let mut view = LayerArmView {
            percentiles: past.clone().map(|(step, stats)| (step, stats.percentiles)).collect(),
            gradient_history: past.map(|(step, stats)| Point { step, value: pick(stats) }).collect(),
            ..LayerArmView::default()
        };
        if let Some(now) = self.snapshot.as_ref().and_then(|snapshot| snapshot.arms[a].layers.get(l)) {
            let total = now.histogram.iter().sum::<u32>().max(1) as f32;
            debug_assert_eq!(now.histogram.len(), BINS);
            view.histogram = now.histogram.iter().map(|&count| count as f32 / total).collect();
            view.gradient = Some(pick(&now.stats));
            view.silent = Some(now.silent);
            view.gamma.clone_from(&now.gamma);
            view.beta.clone_from(&now.beta);
        }
        view
    }
}
