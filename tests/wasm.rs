//! The same bits in the browser as on any computer: one set of fingerprints, asserted natively by `cargo test`
//! and in a browser as wasm by `cargo xtask test`. The native tests thereby certify what the page runs.
//!
//! A change of the arithmetic that is meant to be one (another order of summation) changes the constants: both
//! runs print what they got.

use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::link;

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
