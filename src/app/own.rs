//! The reader's own data: files handed over and points painted become examples to train on at once, or a sentence
//! that says what is wrong while the run on screen goes on.

use super::painting::{Painting, Stroke};
use super::{App, Effect, Phase};
use crate::data::DataKind;
use crate::data::complaint::Complaint;
use crate::data::csv;
use crate::data::idx::{self, File, Holds, MOST_IMAGES, MOST_SIDE, Opened, Progress, Reader};
use crate::data::own::{Form, MOST_CLASSES, MOST_ROWS, Own, OwnShape};
use crate::figure::text::whole;

/// Bytes of images read per animation frame: a few milliseconds.
const BYTES_PER_TICK: usize = 512 << 10;
/// No more of a file is ever read.
pub const MOST_FILE_BYTES: usize = idx::MOST_BYTES;

/// Something happened to the reader's own data.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnMsg {
    /// Files were dropped or chosen: name and bytes (of one that is too large, one byte too many).
    Files(Vec<(String, Vec<u8>)>),
    /// A file could not be read by the browser; in its words.
    Unreadable(String),
    /// What was read last is to be trained on once more.
    Again,
    /// The brush.
    Paint(Stroke),
    /// The painted points are to be trained on.
    TrainOnPainted,
}

/// What the page knows of the reader's own data.
#[derive(Debug, Default)]
pub struct OwnData {
    /// Counts changes, so that a shell knows when to show them.
    pub changes: u32,
    /// What is wrong with what was handed over last.
    pub complaint: Option<Complaint>,
    /// What was read, or is being read; a sentence, or empty.
    pub told: String,
    /// The painted points and the brush.
    pub painting: Painting,
    /// The last examples read, and their name.
    loaded: Option<(String, Own)>,
    reading: Option<Reader>,
    /// One file of a pair, waiting for the other.
    half: Option<File>,
}

impl OwnData {
    /// The examples, if there are any.
    pub fn examples(&self) -> Option<&Own> {
        self.loaded.as_ref().map(|(_, own)| own)
    }

    /// What the examples are called.
    pub fn name(&self) -> Option<&str> {
        self.loaded.as_ref().map(|(name, _)| name.as_str())
    }

    /// Their shape under a data seed.
    pub fn shape(&self, data_seed: u32) -> Option<OwnShape> {
        self.examples().map(|own| own.shape(u64::from(data_seed)))
    }

    /// Whether a file is being read.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some()
    }
}

/// What files can be handed over, in words.
pub fn limits() -> String {
    format!(
        "A table (CSV): the last column is the class; up to {} columns before it, {MOST_CLASSES} classes, {} lines and \
         {} MB; of more than {} rows, so many are drawn by the data seed. Or a pair of IDX files, packed or not: images \
         of up to {MOST_SIDE} × {MOST_SIDE} and their labels; of more than {} images, so many are drawn by the data \
         seed.",
        csv::MOST_COLUMNS,
        whole(csv::MOST_LINES as u32),
        csv::MOST_BYTES >> 20,
        whole(MOST_ROWS as u32),
        whole(MOST_IMAGES as u32)
    )
}

/// Which files the worker has: it keeps the last of each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    digits: bool,
    own: bool,
}

impl App {
    /// The file this run needs and the worker has not.
    pub(super) fn file_to_send(&mut self) -> Option<Vec<u8>> {
        match self.experiment.data {
            DataKind::Digits if !self.sent.digits => {
                self.sent.digits = true;
                self.digits.clone()
            }
            DataKind::Own if !self.sent.own => {
                self.sent.own = true;
                self.own.examples().map(Own::to_bytes)
            }
            _ => None,
        }
    }

    /// Takes in what happened to the reader's own data.
    pub(super) fn update_own(&mut self, message: OwnMsg) -> Vec<Effect> {
        self.own.changes += 1;
        match message {
            OwnMsg::Files(files) => self.take_files(files),
            OwnMsg::Unreadable(words) => {
                self.complain(Complaint::new(format!("The browser could not read the file: {words}.")))
            }
            OwnMsg::Again => match self.own.loaded.take() {
                Some((name, own)) => self.adopt(name, own, None),
                None => Vec::new(),
            },
            OwnMsg::Paint(stroke) => {
                self.own.painting.take(stroke);
                vec![Effect::Redraw]
            }
            OwnMsg::TrainOnPainted => match Own::from_points(&self.own.painting.points) {
                Ok(own) => {
                    self.own.painting.note.clear();
                    self.adopt("painted points".to_owned(), own, None)
                }
                Err(complaint) => {
                    self.own.painting.note = complaint.sentence;
                    vec![Effect::Redraw]
                }
            },
        }
    }

    /// Files were handed over: one table, or a pair of IDX files together or one after the other.
    fn take_files(&mut self, files: Vec<(String, Vec<u8>)>) -> Vec<Effect> {
        self.own.complaint = None;
        self.own.reading = None;
        self.own.told.clear();
        if files.len() > 2 {
            let count = files.len();
            return self.complain(Complaint::new(format!(
                "{count} files at once; drop one table, or one file of images with its labels."
            )));
        }
        let mut opened = Vec::new();
        for (name, bytes) in files {
            if bytes.len() > MOST_FILE_BYTES {
                let most = MOST_FILE_BYTES >> 20;
                let sentence = format!("The file has more than {most} MB.");
                return self.complain(Complaint::new(sentence).of(&name));
            }
            match File::open(&name, bytes) {
                Ok(Opened::Idx(file)) => opened.push(file),
                Ok(Opened::Other(bytes)) => return self.take_table(name, &bytes),
                Err(complaint) => return self.complain(complaint),
            }
        }
        if opened.len() == 1 {
            opened.extend(self.own.half.take());
        }
        match <[File; 2]>::try_from(opened) {
            Ok(pair) => self.take_pair(pair),
            Err(mut rest) => {
                if let Some(file) = rest.pop().filter(|_| rest.is_empty()) {
                    self.own.told = wait_words(&file);
                    self.own.half = Some(file);
                }
                vec![Effect::Redraw]
            }
        }
    }

    fn take_table(&mut self, name: String, bytes: &[u8]) -> Vec<Effect> {
        match csv::parse(bytes) {
            Ok(own) => self.adopt(name, own, None),
            Err(complaint) => self.complain(complaint.of(&name)),
        }
    }

    fn take_pair(&mut self, [first, second]: [File; 2]) -> Vec<Effect> {
        if first.holds == second.holds {
            // The same half twice: the new one counts.
            self.own.told = wait_words(&first);
            self.own.half = Some(first);
            return vec![Effect::Redraw];
        }
        let labels_first = first.holds == Holds::Labels;
        let (images, labels) = if labels_first { (second, first) } else { (first, second) };
        self.own.told = format!("Reading {}.", images.name);
        match Reader::new(images, labels, u64::from(self.experiment.data_seed)) {
            Ok(reader) => {
                self.own.reading = Some(reader);
                vec![Effect::Redraw]
            }
            Err(complaint) => self.complain(complaint),
        }
    }

    /// Reads some more of the images, at each animation frame.
    pub(super) fn read_on(&mut self) -> Vec<Effect> {
        let Some(reader) = &mut self.own.reading else { return Vec::new() };
        self.own.changes += 1;
        match reader.advance(BYTES_PER_TICK) {
            Ok(Progress::Reading(share)) => {
                self.own.told = format!("Reading {}: {:.0} %.", reader.name(), 100.0 * share);
                vec![Effect::Redraw]
            }
            Ok(Progress::Done(own)) => {
                let (name, stored) = (reader.name().to_owned(), reader.stored());
                self.own.reading = None;
                self.adopt(name, own, Some(stored))
            }
            Err(complaint) => self.complain(complaint),
        }
    }

    /// Something is wrong with what was handed over; nothing else changes.
    fn complain(&mut self, complaint: Complaint) -> Vec<Effect> {
        self.own.told.clear();
        self.own.reading = None;
        self.own.half = None;
        self.own.complaint = Some(complaint);
        vec![Effect::Redraw]
    }

    /// Trains on the reader's examples from here on. `stored` is how many images the file has.
    fn adopt(&mut self, name: String, own: Own, stored: Option<usize>) -> Vec<Effect> {
        let shape = own.shape(u64::from(self.experiment.data_seed));
        let mut told = format!(
            "Training on {name}: {}, {} to train on and {} to test with.",
            size_words(&own),
            whole(shape.train),
            whole(shape.test)
        );
        if let Some(stored) = stored.filter(|&stored| stored > MOST_IMAGES) {
            let (kept, stored) = (whole(MOST_IMAGES as u32), whole(stored as u32));
            let seed = self.experiment.data_seed;
            told += &format!(
                " These {kept} of its {stored} images were drawn at random by data seed {seed}: the same seed draws \
                 the same ones."
            );
        }
        if own.is_drawn_from() {
            let used = whole(MOST_ROWS as u32);
            told += &format!(" Of its rows {used} are used, drawn at random by the data seed.");
        }
        let mut experiment = self.experiment.clone();
        self.settle_rate(&mut experiment);
        experiment.data = DataKind::Own;
        experiment.own = Some(shape);
        if let Err(sentence) = experiment.check() {
            return self.complain(Complaint::new(sentence));
        }
        self.experiment = experiment;
        self.own.complaint = None;
        self.own.told = told;
        self.own.loaded = Some((name, own));
        self.sent.own = false;
        if !matches!(self.phase, Phase::Stopped(_)) {
            self.phase = Phase::Running;
        }
        self.restart()
    }
}

/// "2 000 rows × 4 columns × 3 classes", "10 000 images of 28 × 28, 10 classes".
fn size_words(own: &Own) -> String {
    let (examples, classes) = (whole(own.examples()), own.classes().len());
    match own.form() {
        Form::Table => format!("{examples} rows × {} columns × {classes} classes", own.features()),
        Form::Painted => format!("{examples} points of {classes} classes"),
        Form::Images => {
            let side = own.side();
            format!("{examples} images of {side} × {side}, {classes} classes")
        }
    }
}

fn wait_words(file: &File) -> String {
    let (here, missing) = match file.holds {
        Holds::Images(side) => (format!("images of {side} × {side}"), "labels (labels-idx1-ubyte)"),
        Holds::Labels => ("labels".to_owned(), "images (images-idx3-ubyte)"),
    };
    format!("{}: {} {here}. Now drop their {missing}.", file.name, whole(file.count as u32))
}
