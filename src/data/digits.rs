//! The 1,797 handwritten digits of 8x8 pixels: unpacking, and the split by seed.
//!
//! Source: UCI Optical Recognition of Handwritten Digits, CC BY 4.0; see `www/digits.LICENSE.txt`.

use super::{Dataset, Split};
use crate::math::rng::{Purpose, Rng};

/// Images in the set.
pub const IMAGES: usize = 1797;
/// Pixels per side.
pub const SIDE: usize = 8;
/// Images trained on; the other 360 are the test set.
pub const TRAIN: usize = 1437;
/// The packed set's file name, fetched only when the digits are chosen.
pub const FILE: &str = "digits.bin";

const PIXELS: usize = SIDE * SIDE;
const DARKEST: f32 = 16.0;

/// The packed set, for programs that run without a browser.
#[cfg(not(target_arch = "wasm32"))]
pub static PACKED: &[u8] = include_bytes!("../../www/digits.bin");

/// Unpacks the set and deals its images to training and test by `seed`. Intensities are in [0, 1].
///
/// # Errors
/// One sentence if the bytes are not the packed set.
pub fn dataset(packed: &[u8], seed: u64) -> Result<Dataset, String> {
    let length = IMAGES * (PIXELS + 1);
    let bytes = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, length)
        .map_err(|_| "The file of digits is damaged: it does not unpack.".to_owned())?;
    if bytes.len() != length {
        return Err(format!("The file of digits is damaged: {} bytes instead of {length}.", bytes.len()));
    }
    let (pixels, labels) = bytes.split_at(IMAGES * PIXELS);
    let mut order: Vec<u32> = (0..IMAGES as u32).collect();
    Rng::stream(seed, Purpose::Data, super::DataKind::Digits as u64).shuffle(&mut order);
    let deal = |indices: &[u32]| {
        let images = indices.iter().map(|&i| i as usize);
        let rows: Vec<f32> = images
            .clone()
            .flat_map(|i| &pixels[i * PIXELS..][..PIXELS])
            .map(|&pixel| f32::from(pixel) / DARKEST)
            .collect();
        Split::from_rows(PIXELS, &rows, images.map(|i| labels[i]).collect())
    };
    let (train, test) = order.split_at(TRAIN);
    Ok(Dataset { features: PIXELS, classes: 10, train: deal(train), test: deal(test) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_set_holds_every_image_once_with_ten_classes() {
        let set = dataset(PACKED, 1).unwrap();
        assert_eq!((set.features, set.classes), (64, 10));
        assert_eq!((set.train.len(), set.test.len()), (1437, 360));
        let mut counts = [0; 10];
        set.train.y.iter().chain(&set.test.y).for_each(|&label| counts[label as usize] += 1);
        // The class counts the UCI repository states for its test file.
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }

    #[test]
    fn a_damaged_file_is_one_sentence() {
        assert!(dataset(&PACKED[..1000], 1).unwrap_err().contains("damaged"));
        assert!(dataset(b"", 1).unwrap_err().contains("damaged"));
    }
}
