//! A record as a table of four columns: step, arm, series, value. One row per number, arms and series in order, below
//! a line of comment (`#`) that says what was run.
//!
//! Series: `loss`; `train_loss`, `test_loss`, `test_accuracy`; and per hidden layer k (from 1) `layer k input p15`,
//! `p50`, `p85` (percentiles of the watched unit's activation input) and `layer k rms dL/da`, `dL/dz`, `dL/dW`.

use core::fmt::Write as _;

use super::record::{ArmRecord, Record};

/// The table, with a comment and a line of headings. Numbers have the fewest digits that read back as the same 32-bit float.
pub fn write(record: &Record) -> String {
    let mut table = format!("# {}\nstep,arm,series,value\n", record.written_by);
    for arm in &record.arms {
        arm_rows(arm, &mut table);
    }
    table
}

const OF_A_LAYER: [&str; 6] = ["input p15", "input p50", "input p85", "rms dL/da", "rms dL/dz", "rms dL/dW"];

fn arm_rows(arm: &ArmRecord, table: &mut String) {
    let mut row = |step: u32, series: &str, value: f32| {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{step},{},{series},{value:?}", arm.name);
    };
    for (step, loss) in arm.loss.iter().enumerate() {
        row(step as u32, "loss", *loss);
    }
    for point in &arm.eval {
        for (series, value) in [("train_loss", point.train_loss), ("test_loss", point.test_loss)] {
            if let Some(value) = value {
                row(point.step, series, value);
            }
        }
        row(point.step, "test_accuracy", point.test_accuracy);
    }
    for (step, layers) in &arm.layers {
        for (k, layer) in layers.iter().enumerate() {
            let values = layer.percentiles.iter().chain(&layer.gradients);
            for (name, value) in OF_A_LAYER.iter().zip(values).filter(|(_, value)| value.is_finite()) {
                row(*step, &format!("layer {} {name}", k + 1), *value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::record::EvalPoint;
    use crate::lab::experiment::Experiment;
    use crate::lab::frame::LayerStats;

    #[test]
    fn every_number_is_a_row_and_what_is_not_finite_is_left_out() {
        let mut record = Record::new(&Experiment::default(), 2);
        record.arms[0].loss = vec![0.5, 1.0e-12];
        record.arms[1].loss = vec![0.25];
        record.arms[1].eval =
            vec![EvalPoint { step: 1, train_loss: None, test_loss: Some(2.0), test_accuracy: 0.75 }];
        let stats = LayerStats { percentiles: [-1.0, 0.0, 1.0], gradients: [3.0, f32::INFINITY, 4.0] };
        record.arms[1].layers = vec![(0, vec![stats])];
        let expected = "# BatchNorm Playground VERSION; v=1; seed 24; step 2\nstep,arm,series,value\n\
            0,without BN,loss,0.5\n1,without BN,loss,1e-12\n\
            0,with BN,loss,0.25\n1,with BN,test_loss,2.0\n1,with BN,test_accuracy,0.75\n\
            0,with BN,layer 1 input p15,-1.0\n0,with BN,layer 1 input p50,0.0\n0,with BN,layer 1 input p85,1.0\n\
            0,with BN,layer 1 rms dL/da,3.0\n0,with BN,layer 1 rms dL/dW,4.0\n";
        assert_eq!(write(&record), expected.replace("VERSION", crate::VERSION));
    }
}
