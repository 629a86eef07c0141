//! The worker's side: commands in, time-boxed steps, reports out.

use wasm_bindgen::prelude::*;

use crate::lab::comparison::Comparison;
use crate::lab::wire::{self, Command, Report};

/// Milliseconds of training per message: Pause, Step and Reset answer within it.
const SLICE: f64 = 12.0;

#[wasm_bindgen]
extern "C" {
    /// The clock of a page or a worker.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;
}

/// Trains whatever the page asks for.
#[wasm_bindgen]
#[derive(Default)]
pub struct Trainer {
    run: Option<(u32, Comparison)>,
}

#[wasm_bindgen]
impl Trainer {
    /// A trainer with nothing to do.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// What to say first.
    pub fn ready(&self) -> Vec<u8> {
        wire::encode(&Report::Ready)
    }

    /// Takes a message and returns the answer, if it calls for one.
    pub fn handle(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        match wire::decode(message) {
            Ok(command) => self.obey(command).map(|report| wire::encode(&report)),
            Err(reason) => Some(wire::encode(&Report::Refused { generation: 0, reason })),
        }
    }
}

impl Trainer {
    fn obey(&mut self, command: Command) -> Option<Report> {
        match command {
            Command::Start { generation, experiment, unit, file } => {
                self.run = None;
                let data = experiment.dataset(file.as_deref());
                match data.and_then(|data| Comparison::new(experiment, data, unit as usize)) {
                    Ok(comparison) => {
                        self.run = Some((generation, comparison));
                        None
                    }
                    Err(reason) => Some(Report::Refused { generation, reason }),
                }
            }
            Command::Advance { generation, steps, snapshot } => {
                let (running, comparison) = self.run.as_mut()?;
                if *running != generation {
                    return None;
                }
                train(comparison, steps);
                Some(Report::Frame { generation, frame: Box::new(comparison.frame(snapshot)) })
            }
            Command::Retune { generation, experiment } => {
                let (running, comparison) = self.run.as_mut()?;
                if *running == generation {
                    comparison.retune(experiment);
                    comparison.evaluate();
                }
                None
            }
        }
    }
}

/// At most `steps` steps, at most one slice of time. How many are made changes no number.
fn train(comparison: &mut Comparison, steps: u32) {
    let end = now() + SLICE;
    for done in 0..steps {
        if comparison.is_over() || (done % 4 == 3 && now() > end) {
            break;
        }
        comparison.advance();
    }
}
