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
    expect("seed=6", 100, [0xbf5d_3213_7de3_fb3c, 0x7736_f385_a05a_61f0]);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn sigmoid_on_digits_has_these_bits() {
    expect(
        "d=digits&a=sigmoid&w=100&l=3&b=60&lr=0.5&seed=6",
        50,
        [0x24ef_c4ae_68f3_f7a9, 0x198d_d4c9_7dc0_d860],
    );
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn tanh_on_circles_has_these_bits() {
    expect("d=circle&a=tanh&seed=6", 100, [0x4e3e_6e5d_2f20_0b44, 0xe6bd_55a4_1ce2_8050]);
}
