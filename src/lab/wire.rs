//! What page and worker say to each other, as bytes.
//!
//! The first byte is the version, which whoever changes a message raises: a page and a worker of different versions
//! refuse each other in words instead of misreading. Every message carries the generation of the run it belongs to, so
//! a late one can be dropped.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::check;
use super::claim::job::{Job, Outcome};
use super::experiment::Experiment;
use super::frame::Frame;
use super::unit::Looked;

/// Version of the bytes.
const VERSION: u8 = 6;

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Forget everything and prepare this run.
    Start {
        /// Number of the run.
        generation: u32,
        /// What to run.
        experiment: Experiment,
        /// The unit whose percentiles are followed, in every layer.
        unit: u32,
        /// The file of digits, or the bytes of the reader's own examples. A worker keeps the last of each, so that
        /// they need not be sent again for every run.
        #[serde(with = "serde_bytes")]
        file: Option<Vec<u8>>,
    },
    /// Train on.
    Advance {
        /// Number of the run.
        generation: u32,
        /// At most so many steps; 0 only looks.
        steps: u32,
        /// Whether to add a snapshot.
        snapshot: bool,
    },
    /// Something live was changed: the same experiment but for live knobs and rate changes.
    Retune {
        /// Number of the run.
        generation: u32,
        /// As it is now.
        experiment: Experiment,
    },
    /// Check the gradients of both arms a little further; `fresh` begins anew with the networks as they are now.
    Check {
        /// Number of the run.
        generation: u32,
        /// Whether to begin anew.
        fresh: bool,
    },
    /// Repeat the run up to the step reached, a little further each time, and write it as a file; `fresh` begins anew.
    Export {
        /// Number of the run.
        generation: u32,
        /// What to write.
        format: Format,
        /// Whether to begin anew.
        fresh: bool,
    },
    /// Look at one unit of the second network as it is now.
    Look {
        /// Number of the run.
        generation: u32,
        /// Layer and unit, from 0.
        which: [u32; 2],
    },
    /// A sweep's job: work on it for one slice of time. It takes the place of any other under way.
    Job {
        /// Number of the sweep.
        generation: u32,
        /// Place in the sweep.
        index: u32,
        /// What to do.
        job: Box<Job>,
        /// The file of digits, for the first job that needs it.
        #[serde(with = "serde_bytes")]
        file: Option<Vec<u8>>,
    },
    /// Another slice of the job under way.
    GoOn {
        /// Number of the sweep.
        generation: u32,
        /// Place in the sweep.
        index: u32,
    },
}

/// What a run can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Every series as a table.
    Csv,
    /// Settings and the whole history.
    Json,
    /// A script that repeats the run in PyTorch and checks every gradient.
    PyTorch,
}

impl Format {
    /// Ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::PyTorch => "py",
        }
    }
}

/// How far the check of the arithmetic has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// The step of the networks checked.
    pub step: u32,
    /// Per arm, what came out so far, or one sentence why nothing can be checked.
    pub arms: [Result<check::Report, String>; 2],
    /// Whether that is all.
    pub done: bool,
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// The worker has loaded and waits.
    Ready,
    /// What happened since the last frame.
    Frame {
        /// Number of the run.
        generation: u32,
        /// The measurements.
        frame: Box<Frame>,
    },
    /// The check of the arithmetic went on.
    Checked {
        /// Number of the run.
        generation: u32,
        /// What came out.
        checked: Checked,
    },
    /// The run is being repeated for a file.
    Exporting {
        /// Number of the run.
        generation: u32,
        /// Updates repeated so far.
        step: u32,
    },
    /// A file is ready, or one sentence why not.
    Exported {
        /// Number of the run.
        generation: u32,
        /// What it is.
        format: Format,
        /// Its text.
        text: Result<String, String>,
    },
    /// What was seen of a unit.
    Looked {
        /// Number of the run.
        generation: u32,
        /// The unit and its values.
        looked: Looked,
    },
    /// A job is not over yet.
    Working {
        /// Number of the sweep.
        generation: u32,
        /// Place in the sweep.
        index: u32,
    },
    /// A job is over.
    Outcome {
        /// Number of the sweep.
        generation: u32,
        /// Place in the sweep.
        index: u32,
        /// What it gave, or one sentence why it could not be done.
        outcome: Result<Outcome, String>,
    },
    /// The run could not start; one sentence.
    Refused {
        /// Number of the run.
        generation: u32,
        /// Why.
        reason: String,
    },
}

/// Encodes a message.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_extend(message, vec![VERSION]).unwrap_or_default()
}

/// Decodes a message.
///
/// # Errors
/// One sentence if the bytes are of another version or damaged.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    match bytes.split_first() {
        Some((&VERSION, body)) => {
            postcard::from_bytes(body).map_err(|error| format!("A message could not be read: {error}."))
        }
        _ => Err("Page and worker come from different versions; reload the page.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::comparison::Comparison;
    use super::*;

    #[test]
    fn messages_survive_the_wire() {
        let command = Command::Start {
            generation: 3,
            experiment: Experiment { learning_rate: 0.1, ..Experiment::default() },
            unit: 4,
            file: Some(vec![1, 2, 3]),
        };
        assert_eq!(decode::<Command>(&encode(&command)), Ok(command));
        let frame = Frame { step: 2, losses: [vec![0.5, 0.25], vec![1.0]], ..Frame::default() };
        let report = Report::Frame { generation: 1, frame: Box::new(frame) };
        assert_eq!(decode::<Report>(&encode(&report)), Ok(report));
    }

    /// By the lengths of the richest messages: one that has gained or lost a field is of another version. Other numbers in
    /// it, which are as long as they are large, change a length as well, and then it is only written down anew.
    #[test]
    fn a_changed_message_is_of_another_version() {
        let experiment = Experiment { hidden_layers: 1, width: 2, ..Experiment::default() };
        let start =
            Command::Start { generation: 1, experiment: experiment.clone(), unit: 0, file: Some(vec![0]) };
        let mut run = Comparison::new(experiment.clone(), experiment.dataset(None).unwrap(), 0).unwrap();
        let frame = Report::Frame { generation: 1, frame: Box::new(run.frame(true)) };
        let looked = run.look_at([1, 0]);
        let looked = Report::Looked { generation: 1, looked };
        let lengths = [encode(&start).len(), encode(&frame).len(), encode(&looked).len()];
        assert_eq!((VERSION, lengths), (6, [54, 32_983, 3747]), "raise the version if a message has changed");
    }

    #[test]
    fn another_version_and_damaged_bytes_are_sentences() {
        let mut bytes = encode(&Report::Ready);
        bytes[0] += 1;
        assert!(decode::<Report>(&bytes).unwrap_err().contains("different versions"));
        assert!(decode::<Report>(&[]).unwrap_err().contains("different versions"));
        assert!(decode::<Command>(&[VERSION, 0, 1]).unwrap_err().contains("could not be read"));
    }
}
