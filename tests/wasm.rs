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
fn the_default_run_has_these_bits() {
    expect("", 100, [0x5a53_4ec4_8cfd_1365, 0x3400_d4d9_6f59_7f89]);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn sigmoid_on_digits_has_these_bits() {
    expect("d=digits&a=sigmoid&w=100&l=3&b=60&lr=0.5", 50, [0x1e8c_6cd1_b5d6_ad5b, 0x24a9_bdbe_115c_aa4c]);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn tanh_on_circles_has_these_bits() {
    expect("d=circle&a=tanh", 100, [0x1f61_38e8_6c0b_b94c, 0x95dc_56e1_c500_89b7]);
}
