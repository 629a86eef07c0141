//! Measuring speed in a worker, as the trainer runs: what [`crate::lab::speed`] asks for, with the worker's clock.

use wasm_bindgen::prelude::*;

use crate::lab::comparison::Comparison;
use crate::lab::experiment::Experiment;
use crate::lab::history::{Choices, History};
use crate::lab::link;
use crate::lab::speed::{HEADS, Measured, NORMS, REPEATS, Training, WARM_UP, Workload, measure};

#[wasm_bindgen]
extern "C" {
    /// The worker's clock.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;
}

/// Answers the questions of the page of measurements.
#[wasm_bindgen]
#[derive(Default)]
pub struct Bench {
    training: Option<(Workload, usize, Training)>,
    measured: Option<Measured>,
}

#[wasm_bindgen]
impl Bench {
    /// Nothing measured yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The heads of the table's columns.
    pub fn heads(&self) -> Vec<String> {
        HEADS.map(str::to_owned).to_vec()
    }

    /// What workload number `index` is, if there is one.
    pub fn words(&self, index: usize) -> Option<String> {
        Workload::ALL.get(index).map(|workload| format!("{}: {}", workload.name(), workload.words()))
    }

    /// Milliseconds that `steps` steps of a workload (T, P, M, D) with a norm (none, batch) take.
    ///
    /// # Errors
    /// A sentence, if there is no such workload or norm.
    pub fn run(&mut self, workload: &str, norm: &str, steps: u32) -> Result<f64, String> {
        let workload = Workload::named(workload)
            .ok_or_else(|| format!("There is no workload {workload:?}; there are T, P, M and D."))?;
        let norm = NORMS
            .iter()
            .position(|(name, _)| *name == norm)
            .ok_or_else(|| format!("There is no norm {norm:?} here; there are none and batch."))?;
        let training = match self.training.take() {
            Some((known, with, training)) if (known, with) == (workload, norm) => training,
            _ => {
                let mut training = Training::new(workload, NORMS[norm].1);
                let begin = now();
                while now() - begin < WARM_UP {
                    training.step();
                }
                training
            }
        };
        let (_, _, training) = self.training.insert((workload, norm, training));
        let begin = now();
        for _ in 0..steps {
            training.step();
        }
        Ok(now() - begin)
    }

    /// Measures workload number `index`, as often as usual if not told, and returns the measurements as JSON.
    ///
    /// # Errors
    /// None that a reader can provoke.
    pub fn measure(&mut self, index: usize, repeats: Option<usize>) -> Result<String, String> {
        let workload = *Workload::ALL.get(index).ok_or("There is no such workload.")?;
        let measured = self.measured.insert(measure(workload, repeats.unwrap_or(REPEATS), &now));
        serde_json::to_string(measured).map_err(|error| error.to_string())
    }

    /// The cells of the table's row for the workload just measured, without (0) or with (1) batch norm.
    pub fn cells(&self, norm: usize) -> Vec<String> {
        self.measured.as_ref().map_or_else(Vec::new, |measured| measured.cells(norm.min(1)).to_vec())
    }

    /// Trains both networks of a share link for `steps` steps, with the history the page keeps, and tells after each
    /// tenth of them: steps, this instance's memory in bytes, and the points of the loss curves to be drawn.
    ///
    /// # Errors
    /// One sentence if the link contradicts itself.
    pub fn endure(&mut self, share_link: &str, steps: u32) -> Result<Vec<f64>, String> {
        let (experiment, _) = link::read(share_link);
        let mut history = History::new(&experiment, None);
        let mut comparison = start(experiment)?;
        let mut told = Vec::new();
        while comparison.step_count() < steps && !comparison.is_over() {
            for _ in 0..(steps / 10).max(1) {
                comparison.advance();
                // About what a page gets in a frame.
                if comparison.step_count().is_multiple_of(200) {
                    history.push(comparison.frame(false));
                }
            }
            history.push(comparison.frame(true));
            let view = history.loss_view(&Choices::default());
            let points: usize =
                view.arms.iter().map(|arm| arm.raw.len() + arm.smooth.len() + arm.test.len()).sum();
            let bytes = core::arch::wasm32::memory_size(0) * 65_536;
            told.extend([f64::from(comparison.step_count()), bytes as f64, points as f64]);
        }
        Ok(told)
    }
}

fn start(experiment: Experiment) -> Result<Comparison, String> {
    let data = experiment.dataset(None)?;
    Comparison::new(experiment, data, 0)
}
