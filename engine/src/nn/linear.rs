//! The linear map of a layer, `z = x W + b`, and its backward pass.

use super::parameters::LayerParameters;
use crate::math::gemm;
use crate::math::matrix::Matrix;

/// `z = x W + b`: `x` is `[batch, inputs]`, `z` becomes `[batch, outputs]`.
pub fn forward(parameters: &LayerParameters, x: &Matrix, z: &mut Matrix) {
    gemm::multiply(x, &parameters.weight, parameters.bias.as_ref(), z);
}

/// `d_W = x^T d_z`, `d_b = column sums of d_z`.
pub fn backward(x: &Matrix, d_z: &Matrix, grads: &mut LayerParameters) {
    gemm::multiply_at(x, d_z, &mut grads.weight);
    if let Some(bias) = &mut grads.bias {
        gemm::sum_rows(d_z, bias);
    }
}

/// `d_x = d_z W^T`; `scratch` receives `W^T`.
pub fn backward_input(parameters: &LayerParameters, d_z: &Matrix, scratch: &mut Matrix, d_x: &mut Matrix) {
    gemm::multiply_bt(d_z, &parameters.weight, scratch, d_x);
}
