//! One small seeded generator (PCG32) with independent named streams, and normal numbers by Box-Muller.
//!
//! The same seed gives the same bits natively and in every browser: integer arithmetic, and `libm` for the
//! logarithm and the angle (std's differ between platforms in the last bit).
//! PCG-XSH-RR 64/32: O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms".

/// What a stream of random numbers is for; two purposes never share numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights; the index is the layer.
    Init,
    /// Examples of a data set.
    Data,
    /// The order of the examples; the index is the epoch.
    Batches,
    /// Noise added to activations; the index is the step.
    Noise,
    /// Everything that looks without touching: probes, samples for a picture.
    Probe,
    /// Where the dots of a brush fall. No network's run depends on it: what is painted is kept.
    Brush,
}

/// PCG32: 64 bits of state, 32 bits out.
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
    increment: u64,
    spare_normal: Option<f64>,
}

impl Rng {
    /// The stream of `seed` for one purpose and index. Different arguments give unrelated streams.
    pub fn stream(seed: u64, purpose: Purpose, index: u64) -> Self {
        let id = mix(mix(purpose as u64 + 1) ^ index);
        let mut rng = Self { state: 0, increment: (id << 1) | 1, spare_normal: None };
        rng.next_u32();
        rng.state = rng.state.wrapping_add(mix(seed ^ id));
        rng.next_u32();
        rng
    }

    /// 32 uniform bits.
    pub fn next_u32(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(self.increment);
        let xorshifted = (((old >> 18) ^ old) >> 27) as u32;
        xorshifted.rotate_right((old >> 59) as u32)
    }

    /// Uniform in [0, 1), on the grid of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        let high = u64::from(self.next_u32()) << 21;
        let low = u64::from(self.next_u32()) >> 11;
        (high | low) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform in [low, high).
    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform integer in [0, bound), without bias (Lemire 2019).
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "an empty range has no member");
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u64::from(self.next_u32()) * u64::from(bound);
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// Standard normal: mean 0, standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        let angle = 2.0 * core::f64::consts::PI * self.uniform();
        self.spare_normal = Some(radius * libm::sin(angle));
        radius * libm::cos(angle)
    }

    /// Fisher-Yates shuffle.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

/// SplitMix64's finaliser (Steele, Lea, Flood 2014): spreads neighbouring seeds apart.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_seed_are_unrelated_and_repeatable() {
        let draw = |seed, purpose, index| {
            let mut rng = Rng::stream(seed, purpose, index);
            (0..8).map(|_| rng.next_u32()).collect::<Vec<_>>()
        };
        assert_eq!(draw(2, Purpose::Init, 3), draw(2, Purpose::Init, 3));
        assert_ne!(draw(2, Purpose::Init, 3), draw(2, Purpose::Init, 4));
        assert_ne!(draw(2, Purpose::Init, 3), draw(2, Purpose::Data, 3));
        assert_ne!(draw(2, Purpose::Init, 3), draw(3, Purpose::Init, 3));
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        let mut rng = Rng::stream(1, Purpose::Probe, 0);
        let n = 100_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n {
            let z = rng.normal();
            sum += z;
            squares += z * z;
        }
        assert!((sum / n as f64).abs() < 0.01);
        assert!((squares / n as f64 - 1.0).abs() < 0.015);
    }

    #[test]
    fn below_covers_its_range_evenly() {
        let mut rng = Rng::stream(1, Purpose::Probe, 1);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[rng.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|&count| (9_500..10_500).contains(&count)), "{counts:?}");
    }
}
