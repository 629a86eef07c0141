//! The linear map `z = W x + b`, forward and backward, one product at a time.

use super::Rows;

/// `weight` is `[outputs][inputs]`, row by row; `keep` is how the network keeps a number, products and unfinished sums too.
pub fn forward(x: &Rows, weight: &[f64], bias: Option<&Vec<f64>>, keep: &impl Fn(f64) -> f64) -> Rows {
    let inputs = x[0].len();
    let unit = |example: &[f64], row: &[f64], bias: f64| -> f64 {
        row.iter().zip(example).fold(bias, |sum, (w, x)| keep(sum + keep(w * x)))
    };
    let layer = |example: &Vec<f64>| {
        let rows = weight.chunks(inputs).enumerate();
        rows.map(|(output, row)| unit(example, row, bias.map_or(0.0, |bias| bias[output]))).collect()
    };
    x.iter().map(layer).collect()
}

/// `(d_x, d_weight, d_bias)`, each the sum of its examples' shares.
pub fn backward(
    x: &Rows,
    weight: &[f64],
    d_z: &Rows,
    keep: &impl Fn(f64) -> f64,
) -> (Rows, Vec<f64>, Vec<f64>) {
    let (inputs, outputs) = (x[0].len(), d_z[0].len());
    let mut d_x = vec![vec![0.0; inputs]; x.len()];
    let mut d_weight = vec![0.0; weight.len()];
    let mut d_bias = vec![0.0; outputs];
    for example in 0..x.len() {
        for output in 0..outputs {
            let d = d_z[example][output];
            d_bias[output] = keep(d_bias[output] + d);
            for input in 0..inputs {
                let w = output * inputs + input;
                d_weight[w] = keep(d_weight[w] + keep(d * x[example][input]));
                d_x[example][input] = keep(d_x[example][input] + keep(d * weight[w]));
            }
        }
    }
    (d_x, d_weight, d_bias)
}
