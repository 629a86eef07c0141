//! Numbers (f32) and nothing of networks: matrices, products, approximations, random numbers.

pub mod rng;
