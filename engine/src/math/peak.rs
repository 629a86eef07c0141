//! What a processor can do at most with four lanes: chains of multiply and add in registers that touch no memory. The
//! yardstick of benchmarks, and of no use otherwise.

use super::lanes::F32x4;
use core::array::from_fn;

/// How many chains run side by side. Processors differ in how many they need to be busy, and in how many fit.
pub const CHAINS: [usize; 4] = [8, 10, 12, 13];

/// `rounds` times, in each of `chains` independent chains, `x = x factor + addend` on four lanes. Returns the sum of
/// all, so that nothing can be left out, and how many multiplications and additions that were.
///
/// # Panics
/// If `chains` is none of [`CHAINS`].
pub fn multiply_add(chains: usize, rounds: u32, factor: f32, addend: f32) -> (f32, f64) {
    let sum = match chains {
        8 => run::<8>(rounds, factor, addend),
        10 => run::<10>(rounds, factor, addend),
        12 => run::<12>(rounds, factor, addend),
        13 => run::<13>(rounds, factor, addend),
        _ => panic!("{chains} chains"),
    };
    (sum, f64::from(rounds) * (chains * 4 * 2) as f64)
}

#[inline(never)]
fn run<const N: usize>(rounds: u32, factor: f32, addend: f32) -> f32 {
    let (factor, addend) = (F32x4::splat(factor), F32x4::splat(addend));
    let mut chains: [F32x4; N] = from_fn(|i| F32x4::splat(i as f32));
    for _ in 0..rounds {
        chains.iter_mut().for_each(|x| *x = *x * factor + addend);
    }
    chains.into_iter().fold(F32x4::ZERO, |sum, x| sum + x).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chain_does_its_rounds() {
        for chains in CHAINS {
            // From i to ((i / 2 + 1) / 2 + 1) = i / 4 + 1.5, on four lanes.
            let expected: f32 = (0..chains).map(|i| 4.0 * (i as f32 / 4.0 + 1.5)).sum();
            assert_eq!(multiply_add(chains, 2, 0.5, 1.0), (expected, (2 * chains * 8) as f64));
        }
    }
}
