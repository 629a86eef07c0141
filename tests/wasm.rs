//! The same bits in the browser as on any computer: one set of fingerprints, asserted natively by `cargo test`
//! and in a browser as wasm by `cargo xtask test`. The native tests thereby certify what the page runs.
//!
//! A change of the arithmetic that is meant to be one (another order of summation) changes the constants: both
//! runs print what they got.

use batchnorm_playground::lab::claim::job::{self, Job, Measure};
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::link;
use batchnorm_playground::lab::wire;
use batchnorm_playground::nn::norm::Norm;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The packed digits, as the page fetches them.
const DIGITS: &[u8] = include_bytes!("../www/digits.bin");

/// Trains both arms of a share link and compares the fingerprints of all their parameters.
fn expect(share_link: &str, steps: u32, fingerprints: [u64; 2]) {
    let (experiment, notes) = link::read(share_link);
    assert!(notes.is_empty(), "{share_link}: {notes:?}");
    let data = experiment.dataset(Some(DIGITS)).unwrap();
    let mut comparison = Comparison::new(experiment, data, 0).unwrap();
    for _ in 0..steps {
        comparison.advance();
    }
    let found = comparison.arms().each_ref().map(|arm| arm.network().fingerprint());
    assert_eq!(found, fingerprints, "{share_link} after {steps} steps: {found:#018x?}");
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn relu_on_the_spiral_has_these_bits() {
    expect("seed=6", 100, [0xe858_989b_64c7_83a7, 0xc437_2d9f_0ffb_8ea7]);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn sigmoid_on_digits_has_these_bits() {
    expect(
        "d=digits&a=sigmoid&w=100&l=3&b=60&lr=0.5&seed=6",
        50,
        [0x2320_0c67_4078_e167, 0xda64_49db_d41e_fb6f],
    );
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn tanh_on_circles_has_these_bits() {
    expect("d=circle&a=tanh&seed=6", 100, [0x8f3d_f677_0861_98b7, 0xffd8_eb38_a88b_38bc]);
}

/// FNV-1a of the bytes that a worker sends of an outcome, but for the first, the version of all messages.
fn hash(message: &[u8]) -> u64 {
    message
        .iter()
        .skip(1)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn whatever_a_sweep_measures_has_these_bits() {
    let cases = [
        ("training", Measure::Training { every: 5 }, 20, 0x9585_1f17_a210_4d8c),
        ("noisy", Measure::Noisy { every: 5 }, 20, 0x825e_56a3_14b7_92a1),
        ("gradients", Measure::Gradients, 10, 0x5ee3_70b7_f1e6_773b),
        ("growth", Measure::Growth, 0, 0x0fee_4270_538c_afa1),
        ("walks", Measure::Walks { every: 5 }, 20, 0xc936_d985_90d3_5bec),
        ("inputs", Measure::Inputs { every: 10 }, 60, 0xdf49_8956_8674_64ed),
        ("shift", Measure::Shift, 20, 0xf95c_c7b5_45df_f7b9),
        ("scaled", Measure::Scaled, 0, 0x45cc_0d4a_08f5_1d8c),
        ("unit", Measure::Unit { layer: 2, unit: 0 }, 0, 0xa2e8_6090_3ab6_098b),
        ("affine", Measure::Affine { every: 5 }, 20, 0xc995_43fd_0d14_e4a8),
    ];
    let (experiment, notes) = link::read("a=tanh&l=4&seed=6");
    assert!(notes.is_empty(), "{notes:?}");
    let found = cases.each_ref().map(|(name, measure, steps, _)| {
        let mut experiment = experiment.clone();
        if *measure == Measure::Shift {
            experiment.learning_rate = 1e-4;
        }
        let job = Job { experiment, arm: Norm::Batch, steps: *steps, measure: measure.clone() };
        (*name, hash(&wire::encode(&job::run(&job, Some(DIGITS)).unwrap())))
    });
    let expected = cases.each_ref().map(|(name, _, _, bits)| (*name, *bits));
    assert_eq!(found, expected, "{found:#018x?}");
}
