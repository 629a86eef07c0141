//! The captions of the lab's figures, said of the run on screen.

use super::App;
use crate::figure::layers::units_apart;
use crate::figure::text;
use crate::lab::comparison::Schedule;
use crate::lab::experiment::{Picture, TestStatistics};
use crate::lab::history::silent_word;
use crate::lab::look::{SATURATED, SATURATED_SHARE, examples_looked_at};
use crate::lab::sentence::threshold;
use crate::lab::view::{Measure, Scale};
use crate::nn::norm::Norm;

/// "Every second", "every third": up to as many units as can be left out.
const ORDINALS: [&str; 17] = [
    "",
    "",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
];

/// A figure of the lab, as it is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbered {
    Loss = 1,
    Learned,
    Layers,
    Detail,
}

impl Numbered {
    /// "Fig. 1".
    pub(super) fn name(self) -> String {
        format!("Fig. {}", self as u8)
    }
}

impl App {
    /// Titles and captions of the lab's figures, each by the role of its place on the page.
    pub fn captions(&self) -> [(&'static str, String); 6] {
        let numbered = |of: Numbered| format!("{}. {}", of.name(), self.caption(of));
        [
            ("loss-title", self.loss_title().to_owned()),
            ("caption-loss", numbered(Numbered::Loss)),
            ("caption-learned", numbered(Numbered::Learned)),
            ("caption-layers", numbered(Numbered::Layers)),
            ("detail-title", self.detail_title()),
            ("caption-detail", numbered(Numbered::Detail)),
        ]
    }

    /// What a figure shows, in words.
    pub(super) fn caption(&self, of: Numbered) -> String {
        match of {
            Numbered::Loss => self.loss_caption(),
            Numbered::Learned => self.learned_caption(),
            Numbered::Layers => self.layers_caption(),
            Numbered::Detail => self.detail_caption(),
        }
    }

    /// The title of the loss figure.
    pub(super) fn loss_title(&self) -> &'static str {
        if self.choices.measure == Measure::Accuracy { "Accuracy" } else { "Loss" }
    }

    fn loss_caption(&self) -> String {
        let every = Schedule::of(&self.experiment).evaluate_every;
        if self.choices.measure == Measure::Accuracy {
            let test = text::whole(self.experiment.examples().1 as u32);
            return format!(
                "Share of the {test} test examples each network gets right, measured every {every} steps."
            );
        }
        let how = if self.choices.scale == Scale::Log { "geometric mean" } else { "mean" };
        let tested = match (self.experiment.norm, self.history.statistics()) {
            (Norm::Batch, TestStatistics::Running) => ", with running statistics",
            (Norm::Batch, TestStatistics::Batch) => ", with statistics of each test batch",
            (Norm::Batch, TestStatistics::Exact) => ", with statistics of the whole training set",
            _ => "",
        };
        format!(
            "Line: training loss, smoothed ({how}), over the raw mini-batch loss. Marks: test set{tested}."
        )
    }

    fn learned_caption(&self) -> String {
        match self.experiment.picture() {
            Picture::Plane => {
                let classes = match &self.shown.classes[..] {
                    [hollow, solid] => format!(" Hollow: {hollow}; solid: {solid}."),
                    _ => String::new(),
                };
                format!(
                    "Tone: the predicted chance of the solid class. Coloured line: where it is even. Points: \
                     some of the test set.{classes}"
                )
            }
            Picture::Images => self.images_caption(),
            Picture::Counts => {
                "Test examples: a row per class, a column per class it is taken for; what is right is framed."
                    .to_owned()
            }
        }
    }

    fn layers_caption(&self) -> String {
        let (looked_at, train) = (examples_looked_at(&self.experiment), self.experiment.examples().0);
        let whom = if looked_at < train {
            format!("of the first {} training examples", text::whole(looked_at as u32))
        } else {
            "of the training examples".to_owned()
        };
        let silent = match silent_word(self.experiment.activation) {
            Some("silent") => format!(" A silent unit gives 0 for each {whom}."),
            Some(_) => format!(
                " A saturated unit is beyond {} of its range for {} {whom}.",
                threshold(SATURATED),
                threshold(SATURATED_SHARE as f32)
            ),
            None => String::new(),
        };
        let (layers, units) = (self.experiment.hidden_layers as usize, self.experiment.width as usize);
        let apart = match ORDINALS.get(units_apart(layers, units)) {
            Some(nth) if !nth.is_empty() && self.experiment.norm != Norm::None => {
                format!(" γ and β are drawn of every {nth} unit.")
            }
            _ => String::new(),
        };
        format!(
            "One row per layer, input on top; both networks share every scale. Over time: 15th, 50th and 85th \
             percentile of unit {}.{silent}{apart} Select a row to enlarge it below.",
            self.choices.unit + 1
        )
    }

    fn detail_title(&self) -> String {
        format!("Layer {} over time", self.choices.layer + 1)
    }

    fn detail_caption(&self) -> String {
        format!(
            "What unit {} feeds its activation: 15th, 50th and 85th percentile over a mini-batch, as in the \
             2015 paper. Then the gradient that reaches layer {}.",
            self.choices.unit + 1,
            self.choices.layer + 1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_that_are_left_out_are_told() {
        let told = |link: &str| App::new(link, true).layers_caption();
        for link in ["", "w=32", "w=128&n=none", "l=25&w=16"] {
            assert!(!told(link).contains("γ and β"), "{link}: {}", told(link));
        }
        // As many circles as there is room for: of two layers in a row where there are many.
        for (link, nth) in [
            ("w=33", "second"),
            ("w=64", "second"),
            ("w=100", "fourth"),
            ("l=25&w=32", "second"),
            ("l=25&w=64", "fourth"),
        ] {
            let expected = format!(" γ and β are drawn of every {nth} unit. Select");
            assert!(told(link).contains(&expected), "{link}: {}", told(link));
        }
    }
}
