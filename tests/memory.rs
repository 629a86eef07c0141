//! What memory may be asked for by what comes from outside: every byte is counted, and the most at any time is bounded
//! for links, tables, images and messages.
#![allow(unsafe_code, reason = "an allocator that counts has to be one")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use batchnorm_playground::data::idx::{File, MOST_IMAGES, MOST_SIDE, Opened, Progress, Reader};
use batchnorm_playground::data::own::Own;
use batchnorm_playground::data::{csv, digits};
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::wire::{self, Command, Report};

const MB: usize = 1 << 20;
/// A link is read within this, whatever its length.
const LINK: usize = 2 * MB;
/// A table of the largest size is read within so many times its bytes.
const TABLE_TIMES: usize = 8;
/// The same of images, and what stands of both files is among it.
const IMAGES_TIMES: usize = 4;
/// Bytes of a message are read within this, and some times their own length.
const MESSAGE: usize = 8 * MB;
const MESSAGE_TIMES: usize = 16;
/// The largest runs that links can begin: both networks, their data and all that is measured.
const RUN: usize = 400 * MB;

/// The system's allocator, counting what each thread has.
struct Counting;

thread_local! {
    static NOW: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

fn count(more: usize, less: usize) {
    // A thread at its end has no counters any more, and nothing that is measured.
    let _ = NOW.try_with(|now| {
        now.set((now.get() + more).saturating_sub(less));
        let _ = MOST.try_with(|most| most.set(most.get().max(now.get())));
    });
}

// SAFETY: every call is the system allocator's own; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as our caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as our caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both are there while the bytes are moved.
        count(size, 0);
        count(0, layout.size());
        // SAFETY: as our caller promises.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most that a piece of work has at any time more than before it.
fn peak<T>(work: impl FnOnce() -> T) -> usize {
    let before = NOW.get();
    MOST.set(before);
    drop(work());
    MOST.get() - before
}

fn within(limit: usize, what: &str, work: impl FnOnce()) {
    let peak = peak(work);
    println!("{what}: {:.1} MB of {:.1}", peak as f64 / MB as f64, limit as f64 / MB as f64);
    assert!(peak <= limit, "{what}: {peak} bytes, more than {limit}");
}

#[test]
fn what_is_asked_for_is_counted() {
    assert!((100..200).contains(&peak(|| vec![0_u8; 100])));
    let grown = peak(|| (0..1000).map(|i| i as u8).filter(|i| *i < 255).collect::<Vec<u8>>());
    assert!(grown >= 996, "{grown}");
    assert!(peak(|| 7) == 0);
}

#[test]
fn a_link_of_any_length_is_read_in_little() {
    for text in
        ["a".repeat(4 * MB), "&a=1".repeat(MB), "%25".repeat(MB), "lrs=".to_owned() + &"1:1,".repeat(MB)]
    {
        within(LINK, &text[..8], || drop(link::read(&text)));
    }
}

#[test]
fn a_table_of_the_largest_size_is_read_in_little() {
    for filler in ["\n", ",", "\"", "1", "1,a\n", "1,2\n", "é", "0.123456789,7,a\n", "1e999,", "\"\n"] {
        let file = filler.repeat(csv::MOST_BYTES / filler.len());
        within(TABLE_TIMES * csv::MOST_BYTES, filler, || drop(csv::parse(file.as_bytes())));
    }
}

/// Reads a pair of files to its end.
fn read(images: Vec<u8>, labels: Vec<u8>) -> Option<Own> {
    let (Ok(Opened::Idx(images)), Ok(Opened::Idx(labels))) =
        (File::open("i", images), File::open("l", labels))
    else {
        return None;
    };
    let mut reader = Reader::new(images, labels, 1).ok()?;
    loop {
        if let Progress::Done(own) = reader.advance(512 << 10).ok()? {
            return Some(own);
        }
    }
}

fn idx(sizes: &[u32], body: impl Iterator<Item = u8>) -> Vec<u8> {
    let header = [0, 0, 8, sizes.len() as u8].into_iter();
    header.chain(sizes.iter().flat_map(|size| size.to_be_bytes())).chain(body).collect()
}

#[test]
fn images_of_the_largest_size_are_read_in_little() {
    let (count, side) = (MOST_IMAGES as u32, MOST_SIDE as u32);
    let labels = idx(&[count], (0..count).map(|i| (i % 10) as u8));
    let images = idx(&[count, side, side], (0..count * side * side).map(|i| (i >> 3) as u8));
    let limit = IMAGES_TIMES * images.len();
    within(limit, "images", || assert!(read(images, labels).is_some()));
    // A header that promises more than follows.
    let labels = idx(&[u32::MAX], std::iter::repeat_n(0, 100));
    let images = idx(&[u32::MAX; 3], std::iter::repeat_n(0, 100));
    within(MB, "a header alone", || assert!(read(images, labels).is_none()));
}

#[test]
fn messages_are_read_in_little() {
    // Lists and texts that claim to be as long as can be.
    let endless = [0xff, 0xff, 0xff, 0xff, 0x0f];
    let version = wire::encode(&Report::Ready)[0];
    for variant in 0..12 {
        for filler in [0_u8, 1, 7, 0x7f] {
            let mut bytes = vec![version, variant, 1];
            for _ in 0..40 {
                bytes.extend(endless);
                bytes.extend(vec![filler; 3000]);
            }
            let limit = MESSAGE + MESSAGE_TIMES * bytes.len();
            within(limit, "a report", || drop(wire::decode::<Report>(&bytes)));
            within(limit, "a command", || drop(wire::decode::<Command>(&bytes)));
            within(limit, "examples", || drop(Own::from_bytes(&bytes[1..])));
        }
    }
}

/// For each way of growing, the largest that [`link::MOST_WORK`] lets a link begin.
fn largest() -> impl Iterator<Item = String> {
    let grown = [
        // layers, units, batch size, training points; 0: as large as goes with the others
        [64, 256, 0, 1024],
        [64, 0, 2048, 16384],
        [4, 256, 2048, 16384],
        [64, 0, 2048, 20000],
        [3, 0, 64, 20000],
        [20, 128, 0, 3200],
    ];
    grown.into_iter().map(|[l, w, b, dp]| {
        let most = |key: &str, range: std::ops::RangeInclusive<u32>| {
            let fits = |value: &u32| {
                let text = format!("l={l}&w={w}&b={b}&dp={dp}")
                    .replace(&format!("{key}=0"), &format!("{key}={value}"));
                link::read(&text).1.is_empty()
            };
            range.rev().find(fits).expect("some value is small enough")
        };
        let w = if w == 0 { most("w", 2..=256) } else { w };
        let b = if b == 0 { most("b", 2..=2048) } else { b };
        format!("l={l}&w={w}&b={b}&dp={dp}&o=adam")
    })
}

#[test]
fn the_largest_runs_that_links_begin_stay_within_the_limit() {
    for link in largest() {
        let (experiment, notes) = link::read(&link);
        assert!(notes.is_empty() && 2 * link::work(&experiment) > link::MOST_WORK, "{link}: {notes:?}");
        within(RUN, &link, || {
            let data = experiment.dataset(Some(digits::PACKED)).unwrap();
            let mut run = Comparison::new(experiment, data, 0).unwrap();
            run.advance();
            run.evaluate();
            drop(run.frame(true));
        });
    }
}
