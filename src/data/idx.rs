//! A pair of IDX files as MNIST is published in: images (`idx3-ubyte`) and their labels (`idx1-ubyte`), packed with
//! gzip or not.
//!
//! Read piece by piece: a caller with a screen to draw reads a little per frame, and of a large file only the images
//! drawn for the subsample are ever kept. No other number types, no other dimensions. Bytes are counted from 0, in
//! the file as unpacked. The format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".

use super::DataKind;
use super::complaint::Complaint;
use super::gzip::{self, Unpacker};
use super::own::{LEAST_EXAMPLES, MOST_CLASSES, Own};
use crate::math::rng::{Purpose, Rng};

/// At most so many images are used; of more, so many are drawn at random.
pub const MOST_IMAGES: usize = 10_000;
/// At most so many pixels per side.
pub const MOST_SIDE: usize = 28;
/// At most so many images in a file.
pub const MOST_STORED: usize = 1_000_000;
/// At most so many bytes in a file, once unpacked: twice MNIST's 60,000 training images and more.
pub const MOST_BYTES: usize = 128 << 20;

const PIXELS: usize = MOST_SIDE * MOST_SIDE;
/// Magic number and up to three sizes.
const LONGEST_HEADER: usize = 16;

/// Where bytes come from.
#[derive(Debug)]
enum Source {
    Plain { bytes: Vec<u8>, at: usize },
    Packed(Unpacker),
}

impl Source {
    /// Fills `into`; fewer bytes only at the end.
    fn read(&mut self, into: &mut [u8]) -> Result<usize, String> {
        match self {
            Self::Packed(unpacker) => unpacker.read(into),
            Self::Plain { bytes, at } => {
                let rest = &bytes[*at..];
                let count = rest.len().min(into.len());
                into[..count].copy_from_slice(&rest[..count]);
                *at += count;
                Ok(count)
            }
        }
    }
}

/// What an IDX file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Square images of this many pixels per side.
    Images(usize),
    /// One byte per image.
    Labels,
}

/// An IDX file whose header has been read.
#[derive(Debug)]
pub struct File {
    /// What it was called.
    pub name: String,
    /// What it holds.
    pub holds: Holds,
    /// How many.
    pub count: usize,
    source: Source,
    /// Bytes read so far, the header counted.
    at: usize,
}

impl File {
    /// Reads the header; hands the bytes back if this is no IDX file at all.
    ///
    /// # Errors
    /// A sentence naming the byte.
    pub fn open(name: &str, bytes: Vec<u8>) -> Result<Opened, Complaint> {
        let say = |sentence: String| Complaint::new(sentence).of(name);
        let packed = gzip::is_packed(&bytes);
        if !packed && !bytes.starts_with(&[0, 0]) {
            return Ok(Opened::Other(bytes));
        }
        let mut source = if packed {
            Source::Packed(Unpacker::new(bytes).map_err(say)?)
        } else {
            Source::Plain { bytes, at: 0 }
        };
        let mut header = [0; LONGEST_HEADER];
        let (holds, count, at) = read_header(&mut source, &mut header).map_err(say)?;
        Ok(Opened::Idx(Self { name: name.to_owned(), holds, count, source, at }))
    }

    /// Fills `into`, or says where the file ends.
    fn fill(&mut self, into: &mut [u8]) -> Result<(), Complaint> {
        let count = self.source.read(into).map_err(|sentence| self.complain(sentence))?;
        self.at += count;
        if count == into.len() {
            return Ok(());
        }
        let (at, count) = (self.at, self.count);
        Err(self.complain(format!(
            "At byte {at}: the file ends before the last of its {count} {}.",
            self.words()
        )))
    }

    /// Nothing may follow, and a packed file's checksum must be right.
    fn end(&mut self) -> Result<(), Complaint> {
        match self.source.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => {
                let (at, count) = (self.at, self.count);
                Err(self.complain(format!(
                    "At byte {at}: more follows, though the header says {count} {}.",
                    self.words()
                )))
            }
            Err(sentence) => Err(self.complain(sentence)),
        }
    }

    fn words(&self) -> &'static str {
        if self.holds == Holds::Labels { "labels" } else { "images" }
    }

    fn complain(&self, sentence: String) -> Complaint {
        Complaint::new(sentence).of(&self.name)
    }
}

/// What [`File::open`] found.
#[derive(Debug)]
pub enum Opened {
    /// An IDX file.
    Idx(File),
    /// Something else; its bytes.
    Other(Vec<u8>),
}

/// What the file holds, how many, and the header's length.
fn read_header(
    source: &mut Source,
    header: &mut [u8; LONGEST_HEADER],
) -> Result<(Holds, usize, usize), String> {
    let mut filled = source.read(&mut header[..4])?;
    if filled < 4 {
        return Err(format!("At byte {filled}: the file ends within its IDX header."));
    }
    if header[..2] != [0, 0] {
        return Err("This is neither images nor labels: an IDX file begins with two bytes of 0.".to_owned());
    }
    if header[2] != 8 {
        return Err(format!("At byte 2: type 0x{:02X}; only single bytes (0x08) can be read.", header[2]));
    }
    let sizes = usize::from(header[3]);
    if sizes != 1 && sizes != 3 {
        return Err(format!("At byte 3: {sizes} dimensions; images have 3, labels have 1."));
    }
    let length = 4 + 4 * sizes;
    filled += source.read(&mut header[4..length])?;
    if filled < length {
        return Err(format!("At byte {filled}: the file ends within its IDX header."));
    }
    let size =
        |i: usize| u32::from_be_bytes([header[i], header[i + 1], header[i + 2], header[i + 3]]) as usize;
    let count = size(4);
    if !(LEAST_EXAMPLES..=MOST_STORED).contains(&count) {
        return Err(format!(
            "At byte 4: {count} examples; from {LEAST_EXAMPLES} to {MOST_STORED} can be read."
        ));
    }
    if sizes == 1 {
        return Ok((Holds::Labels, count, length));
    }
    let (rows, columns) = (size(8), size(12));
    if rows == 0 || rows != columns || rows > MOST_SIDE {
        return Err(format!(
            "At byte 8: images of {rows} × {columns}; square ones of up to {MOST_SIDE} × {MOST_SIDE} can be read."
        ));
    }
    if count * rows * rows > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(format!(
            "At byte 4: {count} images of {rows} × {rows} are more than {most} MB unpacked."
        ));
    }
    Ok((Holds::Images(rows), count, length))
}

/// Reads a pair of files, a little at a time.
#[derive(Debug)]
pub struct Reader {
    images: File,
    side: usize,
    labels: Vec<u8>,
    /// Images read so far.
    read: usize,
    /// How many more are to be kept.
    wanted: usize,
    rng: Rng,
    pixels: Vec<u8>,
    kept: Vec<u8>,
}

/// How far a [`Reader`] is.
#[derive(Debug)]
pub enum Progress {
    /// This share of the images has been read.
    Reading(f32),
    /// All of them.
    Done(Own),
}

impl Reader {
    /// Reads the labels and prepares to read the images, of which `seed` draws those that are kept.
    ///
    /// # Errors
    /// A sentence naming the file, and the byte if it is one.
    pub fn new(images: File, mut labels: File, seed: u64) -> Result<Self, Complaint> {
        let Holds::Images(side) = images.holds else {
            return Err(images.complain("This file holds labels, not images.".to_owned()));
        };
        if labels.holds != Holds::Labels {
            return Err(labels.complain("This file holds images, not labels.".to_owned()));
        }
        let count = images.count;
        if labels.count != count {
            return Err(Complaint::new(format!(
                "The two files do not belong together: {count} images, {} labels.",
                labels.count
            )));
        }
        let first = labels.at;
        let mut values = vec![0; count];
        labels.fill(&mut values)?;
        labels.end()?;
        if let Some(i) = values.iter().position(|&label| usize::from(label) >= MOST_CLASSES) {
            return Err(labels.complain(format!(
                "At byte {}: label {}; at most {MOST_CLASSES} classes, 0 to {}, can be told apart.",
                first + i,
                values[i],
                MOST_CLASSES - 1
            )));
        }
        let wanted = count.min(MOST_IMAGES);
        let rng = Rng::stream(seed, Purpose::Data, DataKind::Own as u64);
        let (pixels, kept) = (Vec::with_capacity(wanted * side * side), Vec::with_capacity(wanted));
        Ok(Self { images, side, labels: values, read: 0, wanted, rng, pixels, kept })
    }

    /// What the file of images is called.
    pub fn name(&self) -> &str {
        &self.images.name
    }

    /// How many images the file has.
    pub fn stored(&self) -> usize {
        self.images.count
    }

    /// Reads about `budget` bytes more.
    ///
    /// # Errors
    /// A sentence naming the file and the byte.
    pub fn advance(&mut self, budget: usize) -> Result<Progress, Complaint> {
        let size = self.side * self.side;
        let mut buffer = [0; PIXELS];
        let image = &mut buffer[..size];
        let count = self.images.count;
        for _ in 0..(budget / size).max(1) {
            if self.read == count {
                self.images.end()?;
                let (pixels, kept) = (std::mem::take(&mut self.pixels), std::mem::take(&mut self.kept));
                return Own::from_images(self.side, pixels, kept)
                    .map(Progress::Done)
                    .map_err(|complaint| complaint.of(&self.images.name));
            }
            self.images.fill(image)?;
            if self.keeps(count - self.read) {
                self.pixels.extend_from_slice(image);
                self.kept.push(self.labels[self.read]);
                self.wanted -= 1;
            }
            self.read += 1;
        }
        Ok(Progress::Reading(self.read as f32 / count as f32))
    }

    /// Whether the next image is kept: selection sampling (Knuth, The Art of Computer Programming 2, algorithm S),
    /// so that any `MOST_IMAGES` of the file are equally likely. The same file and the same seed keep the same images.
    fn keeps(&mut self, left: usize) -> bool {
        self.wanted == left || (self.rng.below(left as u32) as usize) < self.wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 4;

    /// An images file whose image i has `i % 251` in every pixel, and its labels, `i % 7`.
    fn pair(count: usize) -> (Vec<u8>, Vec<u8>) {
        let sizes =
            |values: &[usize]| values.iter().flat_map(|&v| (v as u32).to_be_bytes()).collect::<Vec<_>>();
        let mut images = [vec![0, 0, 8, 3], sizes(&[count, SIDE, SIDE])].concat();
        images.extend((0..count).flat_map(|i| [(i % 251) as u8; SIDE * SIDE]));
        let mut labels = [vec![0, 0, 8, 1], sizes(&[count])].concat();
        labels.extend((0..count).map(|i| (i % 7) as u8));
        (images, labels)
    }

    fn file(name: &str, bytes: &[u8]) -> Result<File, Complaint> {
        match File::open(name, bytes.to_vec())? {
            Opened::Idx(file) => Ok(file),
            Opened::Other(_) => Err(Complaint::new("no IDX file")),
        }
    }

    fn read(images: &[u8], labels: &[u8]) -> Result<Own, Complaint> {
        read_with(images, labels, 1)
    }

    fn read_with(images: &[u8], labels: &[u8], seed: u64) -> Result<Own, Complaint> {
        let mut reader = Reader::new(file("images", images)?, file("labels", labels)?, seed)?;
        loop {
            if let Progress::Done(own) = reader.advance(1000)? {
                return Ok(own);
            }
        }
    }

    fn sentence(images: &[u8], labels: &[u8]) -> String {
        read(images, labels).unwrap_err().sentence
    }

    #[test]
    fn a_pair_reads_packed_or_not_with_pixels_in_shares_of_255() {
        let (images, labels) = pair(500);
        let own = read(&images, &labels).unwrap();
        assert_eq!(own, read(&gzip::pack(&images), &gzip::pack(&labels)).unwrap());
        let set = own.dataset(1);
        assert_eq!((set.train.len(), set.test.len(), set.features, set.classes), (400, 100, 16, 7));
        let (train, _) = own.deal(1);
        let i = train[5] as usize;
        assert_eq!((set.train.x.get(5, 3), set.train.y[5]), ((i % 251) as f32 / 255.0, (i % 7) as u8));
        assert_eq!(own.image(train[5]), set.train.x.row(5));
    }

    #[test]
    fn of_many_images_ten_thousand_are_kept_evenly_and_by_the_seed() {
        let (images, labels) = pair(30_000);
        let own = read(&images, &labels).unwrap();
        assert_eq!(own, read(&images, &labels).unwrap());
        assert_ne!(own, read_with(&images, &labels, 2).unwrap());
        assert_eq!((own.shape(1).train, own.shape(1).test), (8000, 2000));
        // The labels go round in sevens: each has a seventh of the subsample, within five standard deviations.
        let all: Vec<u32> = (0..10_000).collect();
        for class in 0..7 {
            let count = own.labels_of(&all).iter().filter(|&&label| label == class).count() as f64;
            assert!((count - 10_000.0 / 7.0).abs() < 5.0 * 29.0, "{class}: {count}");
        }
    }

    #[test]
    fn each_fault_names_the_file_and_the_byte() {
        let (images, labels) = pair(20);
        let with = |file: &[u8], at: usize, byte: u8| {
            let mut file = file.to_vec();
            file[at] = byte;
            file
        };
        for (found, expected) in [
            (sentence(&with(&images, 2, 13), &labels), "images, at byte 2: type 0x0D;"),
            (sentence(&with(&images, 3, 2), &labels), "images, at byte 3: 2 dimensions;"),
            (sentence(&with(&images, 4, 255), &labels), "images, at byte 4: 4278190100 examples;"),
            (sentence(&with(&images, 7, 3), &labels), "images, at byte 4: 3 examples; from 12"),
            (sentence(&with(&images, 11, 29), &labels), "images, at byte 8: images of 29 × 4;"),
            (sentence(&images[..9], &labels), "images, at byte 9: the file ends within its IDX header."),
            (
                sentence(&images[..100], &labels),
                "images, at byte 100: the file ends before the last of its 20",
            ),
            (sentence(&[&images[..], &[1]].concat(), &labels), "images, at byte 336: more follows"),
            (sentence(&images, &labels[..20]), "labels, at byte 20: the file ends before the last"),
            (sentence(&images, &with(&labels, 11, 77)), "labels, at byte 11: label 77; at most 10"),
            (sentence(&images, &pair(21).1), "The two files do not belong together: 20 images, 21 labels."),
            (sentence(&labels, &labels), "labels"),
            (sentence(&images, &images), "labels: this file holds images"),
            (sentence(&gzip::pack(b"hello, world"), &labels), "images: this is neither images nor labels"),
        ] {
            assert!(found.starts_with(expected) || expected == "labels", "{found}");
        }
    }

    #[test]
    fn a_header_that_promises_too_much_is_refused_at_once() {
        let huge =
            [&[0, 0, 8, 3][..], &1_000_000_u32.to_be_bytes(), &28_u32.to_be_bytes(), &28_u32.to_be_bytes()];
        assert!(file("x", &huge.concat()).unwrap_err().sentence.contains("more than 128 MB unpacked"));
    }

    #[test]
    fn other_files_come_back_untouched() {
        assert!(
            matches!(File::open("t.csv", b"1,2,a".to_vec()), Ok(Opened::Other(bytes)) if bytes == b"1,2,a")
        );
    }
}
