//! What the reader has chosen to see of a run.

use crate::lab::view::{GradientOf, Measure, Pick, Scale};

/// What figures are asked to show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Choices {
    /// Loss or accuracy in Fig. 1.
    pub measure: Measure,
    /// Its scale.
    pub scale: Scale,
    /// The layer enlarged in Fig. 4, from 0.
    pub layer: usize,
    /// The watched unit, from 0.
    pub unit: usize,
    /// The gradient shown.
    pub gradient: GradientOf,
    /// The test images shown in Fig. 2.
    pub pick: Pick,
    /// The step under the pointer.
    pub cursor: Option<u32>,
}

impl Choices {
    /// The same with what a button of this name chooses; an unknown name chooses nothing. A button is pressed if it would
    /// change nothing.
    ///
    /// ```
    /// # use batchnorm_playground::lab::{history::Choices, view::Measure};
    /// let shown = Choices::default().with("accuracy");
    /// assert_eq!(shown.measure, Measure::Accuracy);
    /// assert_eq!(shown.with("accuracy"), shown);
    /// ```
    #[must_use]
    pub fn with(self, name: &str) -> Self {
        match name {
            "loss" => Self { measure: Measure::Loss, ..self },
            "accuracy" => Self { measure: Measure::Accuracy, ..self },
            "log" => Self { scale: Scale::Log, ..self },
            "linear" => Self { scale: Scale::Linear, ..self },
            "d-a" => Self { gradient: GradientOf::Activations, ..self },
            "d-z" => Self { gradient: GradientOf::LinearOutputs, ..self },
            "d-w" => Self { gradient: GradientOf::Weights, ..self },
            "sample" => Self { pick: Pick::Sample, ..self },
            "mistakes" => Self { pick: Pick::Mistakes, ..self },
            _ => self,
        }
    }
}
