//! Files that want to do harm, or are merely broken: whatever the bytes, the readers answer soon with examples
//! within the stated limits or with a sentence.
//!
//! `PROPTEST_CASES=1000000 cargo test --test hostile_files` tries more than the usual 10,000 of each kind.

use std::sync::LazyLock;
use std::time::Duration;

use batchnorm_playground::data::complaint::Complaint;
use batchnorm_playground::data::csv;
use batchnorm_playground::data::idx::{File, MOST_IMAGES, MOST_SIDE, Opened, Progress, Reader};
use batchnorm_playground::data::own::{Form, LEAST_EXAMPLES, MOST_CLASSES, Own};
use proptest::prelude::*;

mod own_time;

use own_time::{SOON, own_time, soon};

/// The readers' examples keep every promise that the rest of the program builds on, and what is made of them is made
/// soon.
fn check(own: &Own) {
    for seed in [0, 1, 9_999_999] {
        let shape = soon(|| own.shape(seed));
        let set = soon(|| own.dataset(seed));
        assert_eq!((set.train.len(), set.test.len()), (shape.train as usize, shape.test as usize));
        assert_eq!((set.features, set.classes), (shape.features as usize, shape.classes as usize));
        let examples = set.train.len() + set.test.len();
        assert!((LEAST_EXAMPLES..=MOST_IMAGES).contains(&examples) && !set.test.is_empty());
        assert!((2..=MOST_CLASSES).contains(&set.classes));
        assert!(set.features >= 1 && set.features <= (MOST_SIDE * MOST_SIDE).max(csv::MOST_COLUMNS));
        assert!(set.train.x.values().chain(set.test.x.values()).all(f32::is_finite));
        for label in set.test.y {
            assert!(set.train.y.contains(&label), "class {label} is tested and not trained on");
        }
        assert!(shape.reach.is_finite() && shape.reach > 0.0);
    }
    let bytes = soon(|| own.to_bytes());
    assert_eq!(soon(|| Own::from_bytes(&bytes)).as_ref(), Ok(own));
}

fn check_sentence(complaint: &Complaint) {
    let sentence = &complaint.sentence;
    assert!(sentence.len() > 10 && sentence.ends_with('.') && sentence.chars().count() < 300, "{sentence}");
    assert!(!sentence.contains('\n'), "{sentence:?}");
    if let Some(place) = &complaint.place {
        assert!(place.around.iter().any(|line| line.row == place.row) && place.around.len() <= 3);
        for line in &place.around {
            let length = [&line.before, &line.bad, &line.after].map(|text| text.chars().count());
            assert!(length.iter().sum::<usize>() < 200);
        }
    }
}

fn read_table(bytes: &[u8]) -> Result<Own, Complaint> {
    soon(|| csv::parse(bytes))
}

fn try_table(bytes: &[u8]) {
    match read_table(bytes) {
        Ok(own) => check(&own),
        Err(complaint) => check_sentence(&complaint),
    }
}

/// Opens and reads a pair; every call on its own has to be quick.
fn read_pair(images: Vec<u8>, labels: Vec<u8>) -> Result<Option<Own>, Complaint> {
    let mut outcome = Ok(None);
    let took = (0..3).find_map(|_| {
        let mut slowest = Duration::ZERO;
        outcome = read_in_laps(images.clone(), labels.clone(), &mut slowest);
        (slowest < SOON).then_some(())
    });
    assert!(took.is_some(), "{} and {} bytes take too long", images.len(), labels.len());
    outcome
}

fn read_in_laps(images: Vec<u8>, labels: Vec<u8>, slowest: &mut Duration) -> Result<Option<Own>, Complaint> {
    let mut begin = own_time();
    let mut lap = || {
        *slowest = (own_time() - begin).max(*slowest);
        begin = own_time();
    };
    let (Opened::Idx(images), Opened::Idx(labels)) = (File::open("i", images)?, File::open("l", labels)?)
    else {
        return Ok(None);
    };
    lap();
    let mut reader = Reader::new(images, labels, 1)?;
    lap();
    loop {
        let progress = reader.advance(512 << 10)?;
        lap();
        if let Progress::Done(own) = progress {
            return Ok(Some(own));
        }
    }
}

fn try_pair(images: Vec<u8>, labels: Vec<u8>) {
    match read_pair(images, labels) {
        Ok(Some(own)) => check(&own),
        Ok(None) => {}
        Err(complaint) => check_sentence(&complaint),
    }
}

/// A header and `body` bytes.
fn idx(sizes: &[u32], body: impl Iterator<Item = u8>) -> Vec<u8> {
    let header = [0, 0, 8, sizes.len() as u8].into_iter();
    header.chain(sizes.iter().flat_map(|size| size.to_be_bytes())).chain(body).collect()
}

fn good_pair(count: u32, side: u32) -> (Vec<u8>, Vec<u8>) {
    let pixels = (0..count * side * side).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8);
    (idx(&[count, side, side], pixels), idx(&[count], (0..count).map(|i| (i % 10) as u8)))
}

/// Packs bytes as gzip without compressing them, and without a checksum that is right.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    packed.extend(miniz_oxide::deflate::compress_to_vec(bytes, 1));
    packed.extend([0; 8]);
    packed
}

/// Some bytes of `file` overwritten, and its end maybe cut off.
fn damaged(file: Vec<u8>, hits: Vec<(prop::sample::Index, u8)>, cut: Option<prop::sample::Index>) -> Vec<u8> {
    let mut file = file;
    for (at, byte) in hits {
        let at = at.index(file.len());
        file[at] = byte;
    }
    if let Some(cut) = cut {
        file.truncate(cut.index(file.len()));
    }
    file
}

fn hits(most: usize) -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..most)
}

const BAD_CELLS: [&str; 14] =
    ["", " ", "x", "\"", "\"\"", "\"1\"", "\"1", "1\"\"", "a;b", "a,b", "nan", "-", "1e999", "\"\n\""];

/// Cells that a table may have, good and bad.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => (-1000_i32..1000).prop_map(|v| format!("{}", f64::from(v) / 8.0)),
        2 => any::<f64>().prop_map(|v| format!("{v:e}")),
        1 => prop::sample::select(BAD_CELLS.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn table() -> impl Strategy<Value = Vec<u8>> {
    let rows = (1_usize..6).prop_flat_map(|columns| {
        let row = (prop::collection::vec(cell(), columns), "[a-c0-3]{1}");
        prop::collection::vec(row, 1..24)
    });
    (rows, prop::sample::select(vec![",", ";", "\t"]), prop::sample::select(vec!["\n", "\r\n", "\r"]))
        .prop_map(|(rows, delimiter, end)| {
            let line = |(cells, class): &(Vec<String>, String)| {
                format!("{}{delimiter}{class}{end}", cells.join(delimiter))
            };
            rows.iter().map(line).collect::<String>().into_bytes()
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_bytes_as_a_table(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        try_table(&bytes);
    }

    #[test]
    fn random_text_as_a_table(text in "[0-9a-c.,;\"\t\n\r e+-]{0,300}") {
        try_table(text.as_bytes());
    }

    #[test]
    fn damaged_tables(file in table(), hits in hits(4), cut in any::<Option<prop::sample::Index>>()) {
        try_table(&damaged(file, hits, cut));
    }

    #[test]
    fn random_bytes_as_images(
        images in prop::collection::vec(any::<u8>(), 0..600),
        labels in prop::collection::vec(any::<u8>(), 0..100),
        sizes in any::<[u32; 3]>(),
        packed in any::<bool>(),
    ) {
        // Half of the sizes are small enough to be believed.
        let sizes = sizes.map(|size| if size % 2 == 0 { size % 40 } else { size });
        let images = idx(&sizes, images.into_iter());
        let labels = idx(&sizes[..1], labels.into_iter());
        try_pair(if packed { stored(&images) } else { images }, labels);
    }

    #[test]
    fn damaged_images(
        (count, side) in (12_u32..60, 1_u32..6),
        (image_hits, label_hits) in (hits(3), hits(2)),
        cut in any::<Option<prop::sample::Index>>(),
        packed in any::<[bool; 2]>(),
    ) {
        let (images, labels) = good_pair(count, side);
        let images = if packed[0] { stored(&images) } else { images };
        let labels = if packed[1] { stored(&labels) } else { labels };
        try_pair(damaged(images, image_hits, cut), damaged(labels, label_hits, None));
    }

    #[test]
    fn random_bytes_from_the_page(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        take(&bytes);
    }

    #[test]
    fn damaged_bytes_from_the_page(
        which in any::<prop::sample::Index>(),
        hits in hits(4),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let good = &GOOD[which.index(GOOD.len())];
        take(&damaged(good.clone(), hits, cut));
    }
}

/// What a page sends of a table, of images, and of points.
static GOOD: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let rows: String = (0..14).map(|i| format!("{i},{},{}\n", i * i, ["a", "b", "ä"][i % 3])).collect();
    let (images, labels) = good_pair(14, 2);
    let images = read_pair(images, labels).unwrap().unwrap();
    let points: Vec<_> = (0..14).map(|i| (i as f32 / 10.0, -0.5, i % 2)).collect();
    [csv::parse(rows.as_bytes()).unwrap(), images, Own::from_points(&points).unwrap()]
        .map(|own| own.to_bytes())
});

/// Takes bytes as a worker does.
fn take(bytes: &[u8]) {
    match soon(|| Own::from_bytes(bytes)) {
        Ok(own) => check(&own),
        Err(sentence) => assert!(sentence.ends_with('.') && sentence.len() < 300, "{sentence}"),
    }
}

#[test]
fn sizes_that_multiply_to_nothing_are_refused() {
    // Examples of more features than there are bytes, whose product with their number is 0 where it has 32 bits.
    let labels: Vec<u8> = (0..1 << 16).map(|i| (i % 2) as u8).collect();
    let classes = vec!["a".to_owned(), "b".to_owned()];
    for features in [0, 1 << 16, usize::MAX] {
        let numbers = vec![0.0; if features == 0 { 0 } else { 1 << 16 }];
        let own = Own::from_numbers(Form::Table, features, numbers, classes.clone(), labels.clone());
        assert_eq!(own.unwrap_err().sentence, "The examples contradict themselves.", "{features} features");
    }
}

#[test]
fn good_files_are_read() {
    let rows: String = (0..40).map(|i| format!("{i},{},{}\n", i * i, i % 3)).collect();
    check(&read_table(rows.as_bytes()).unwrap());
    let (images, labels) = good_pair(200, 28);
    check(&read_pair(images, labels).unwrap().unwrap());
}

#[test]
fn the_largest_files_of_one_byte_over_and_over_are_answered_soon() {
    for filler in
        ["\n", ",", "\"", "\"\"", "1", "1\n", "1,2\n", "1,\n", ";\t,", "a,\"\n", "\r", " ", "1,a\n", "é"]
    {
        let file = filler.repeat(csv::MOST_BYTES / filler.len());
        try_table(file.as_bytes());
    }
}

#[test]
fn a_file_that_unpacks_to_much_more_than_it_says_is_not_unpacked() {
    // 100 MB of zeros in 100 kB, behind a header that promises twelve images.
    let bomb = idx(&[12, 2, 2], std::iter::repeat_n(0, 100 << 20));
    let (_, labels) = good_pair(12, 2);
    let complaint = read_pair(stored(&bomb), labels).unwrap_err();
    assert!(complaint.sentence.contains("more follows"), "{}", complaint.sentence);
}
