//! `export-pytorch 'SHARE-KEYS' [--steps N] [--check-at 0,10,50,100] > run.py`: a run as a PyTorch script.

use std::io::{self, Write as _};

use anyhow::Result;
use batchnorm_playground::export::pytorch;
use lexopt::prelude::*;

use crate::misuse::misuse;
use crate::share;

/// Runs the command.
pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<()> {
    let (mut keys, mut steps, mut check_at) = (None, share::STEPS, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("steps") => steps = share::steps(&arguments.value()?.string()?)?,
            Long("check-at") => check_at = Some(list(&arguments.value()?.string()?)?),
            Value(text) if keys.is_none() => keys = Some(text.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let experiment = share::experiment(&keys.ok_or_else(share::no_keys)?)?;
    let data = share::dataset(&experiment)?;
    let check_at = check_at.unwrap_or_else(|| pytorch::default_checks(&experiment, steps));
    let script = pytorch::write(&experiment, data, steps, &check_at).map_err(misuse)?;
    io::stdout().lock().write_all(script.as_bytes())?;
    Ok(())
}

/// Steps with commas between them; nothing for no check at all.
fn list(text: &str) -> Result<Vec<u32>> {
    let items = text.split(',').filter(|item| !item.is_empty());
    let steps: Result<Vec<u32>, _> = items.map(|item| item.trim().parse::<u32>()).collect();
    steps.map_err(|_| {
        misuse(format!("--check-at must be steps with commas between them, such as 0,10,50, not `{text}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_from_a_list() {
        assert_eq!(list("0,10,50").unwrap(), [0, 10, 50]);
        assert_eq!(list("").unwrap(), [0; 0]);
        for bad in ["a", "1;2", "-3", "1.5"] {
            assert!(list(bad).unwrap_err().to_string().contains("--check-at"), "{bad}");
        }
    }
}
