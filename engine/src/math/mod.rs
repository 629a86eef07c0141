//! Numbers (f32) and nothing of networks: matrices, products, approximations, random numbers.

pub mod matrix;

pub mod lanes;

pub mod gemm;

pub mod approx;

pub mod peak;

pub mod rng;
