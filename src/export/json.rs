//! A record as JSON. Numbers have the fewest digits that read back as the same 32-bit float.

use super::record::Record;

/// `{"experiment": keys, "version", "seed", "written_by", "steps", "fingerprints": [..], "arms": [{"name", "norm", "loss": [..],
/// "eval": [{"step", "train_loss", "test_loss", "test_accuracy"}], "diverged_at"}]}`, on one line.
///
/// # Errors
/// None in practice: a record holds nothing that JSON cannot say.
pub fn write(record: &Record) -> Result<String, String> {
    serde_json::to_string(record).map(|text| text + "\n").map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::record::EvalPoint;
    use crate::lab::experiment::Experiment;

    #[test]
    fn numbers_read_back_bit_for_bit_and_absent_ones_are_null() {
        let mut record = Record::new(&Experiment::default(), 3);
        let losses = [0.1_f32 + 0.2, 1.0e-41, 3.402_823e38, 0.693_147_24];
        record.arms[1].loss = losses.to_vec();
        let (train_loss, test_loss, test_accuracy) = (None, Some(1.5), 0.25);
        record.arms[1].eval = vec![EvalPoint { step: 2, train_loss, test_loss, test_accuracy }];
        let value: serde_json::Value = serde_json::from_str(&write(&record).unwrap()).unwrap();
        let arm = &value["arms"][1];
        let read: Vec<f32> =
            arm["loss"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect();
        assert_eq!(read.iter().map(|loss| loss.to_bits()).collect::<Vec<_>>(), losses.map(f32::to_bits));
        assert_eq!((&arm["norm"], &arm["name"]), (&"bn".into(), &"with BN".into()));
        assert_eq!(
            arm["eval"][0].to_string(),
            r#"{"step":2,"test_accuracy":0.25,"test_loss":1.5,"train_loss":null}"#
        );
        assert!(arm["diverged_at"].is_null());
        assert_eq!((&value["experiment"], &value["steps"]), (&"v=1".into(), &3.into()));
        assert_eq!((&value["version"], &value["seed"]), (&1.into(), &24.into()));
        assert!(value["written_by"].as_str().unwrap().contains(crate::VERSION));
    }
}
