//! What page and worker say to each other, as bytes.
//!
//! The first byte is the version: a page and a worker of different builds refuse each other in words instead of
//! misreading. Every message carries the generation of the run it belongs to, so a late one can be dropped.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::experiment::Experiment;
use super::frame::Frame;

/// Version of the bytes.
const VERSION: u8 = 1;

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
        /// The file of digits, if the data set is in a file.
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

    #[test]
    fn another_version_and_damaged_bytes_are_sentences() {
        let mut bytes = encode(&Report::Ready);
        bytes[0] += 1;
        assert!(decode::<Report>(&bytes).unwrap_err().contains("different versions"));
        assert!(decode::<Report>(&[]).unwrap_err().contains("different versions"));
        assert!(decode::<Command>(&[VERSION, 0, 1]).unwrap_err().contains("could not be read"));
    }
}
