//! `figures [--only lr,live] [--to FOLDER]`: every experiment as it is first shown, run here and drawn as SVG, wide and
//! narrow, light and dark: for feeds, print and browsers without script. Into www/figures unless told otherwise.
//!
//! The same computer code gives the same numbers and the same ink everywhere, so the files are the same to the byte.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use batchnorm_playground::app::App;
use batchnorm_playground::app::picture::words_of;
use batchnorm_playground::export::record::signed;
use batchnorm_playground::figure::{Figure, Theme};
use batchnorm_playground::lab::claim::plate::{Plate, plates};
use batchnorm_playground::lab::claim::{Claim, Plan};
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::history::{Choices, History};
use batchnorm_playground::lab::sentence::sentence;
use batchnorm_playground::lab::sweep::Sweep;
use lexopt::prelude::*;

use crate::misuse::misuse;
use crate::{share, sweep};

/// Where the committed ones are, whatever folder the command is typed in.
const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/figures");
/// The lab's own run, beside the claims.
const LIVE: &str = "live";
/// The step at which it is drawn: both arms have learned, and the axis is nearly full.
const LIVE_STEPS: u32 = 420;
/// Widths in CSS pixels: a column of 700, and a phone of 360, without their padding.
const WIDTHS: [(&str, u32); 2] = [("", 668), ("-narrow", 336)];

struct Options {
    only: Vec<String>,
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: lexopt::Parser) -> Result<()> {
    let options = Options::parse(arguments)?;
    fs::create_dir_all(&options.folder).with_context(|| options.folder.display().to_string())?;
    for key in &options.only {
        for (name, svg) in draw(key)? {
            let file = options.folder.join(&name);
            fs::write(&file, &svg).with_context(|| file.display().to_string())?;
            println!("{:>8} {}", svg.len(), file.display());
        }
    }
    Ok(())
}

impl Options {
    fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let every = [LIVE].into_iter().chain(Claim::ALL.map(|claim| claim.about().key));
        let every: Vec<String> = every.map(str::to_owned).collect();
        let mut only = every.clone();
        let mut folder = PathBuf::from(COMMITTED);
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("only") => {
                    only = arguments.value()?.string()?.split(',').map(|key| key.trim().to_owned()).collect();
                    if let Some(key) = only.iter().find(|key| !every.contains(key)) {
                        let known = every.join(", ");
                        return Err(misuse(format!("there is no figure `{key}`; there are {known}")));
                    }
                }
                Long("to") => folder = arguments.value()?.into(),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Self { only, folder })
    }
}

/// The files of one experiment.
fn draw(key: &str) -> Result<Vec<(String, String)>> {
    match Claim::of_key(key) {
        Some(claim) => Ok(of_claim(&sweep::carry_out(Plan::usual(claim))?)),
        None => live(),
    }
}

/// Every figure of a claim, its verdict below it.
fn of_claim(sweep: &Sweep) -> Vec<(String, String)> {
    let draw = |plate: &Plate| {
        let words = words_of(sweep, plate);
        in_every_form(plate.name, &Figure::from(&plate.view), &words.title, &words.caption)
    };
    plates(sweep).iter().flat_map(draw).collect()
}

/// The loss of the run that the lab opens with.
fn live() -> Result<Vec<(String, String)>> {
    let experiment = Experiment::default();
    let mut comparison =
        Comparison::new(experiment.clone(), share::dataset(&experiment)?, 0).map_err(anyhow::Error::msg)?;
    let mut history = History::new(&experiment, None);
    while comparison.step_count() < LIVE_STEPS && !comparison.is_over() {
        comparison.advance();
    }
    history.push(comparison.frame(true));
    let view = history.loss_view(&Choices::default());
    let captions = App::new("", true).captions();
    let caption = captions.iter().find(|(role, _)| *role == "caption-loss").context("no caption")?;
    let caption = format!(
        "{} {} ({}.)",
        caption.1,
        sentence(&experiment, &history).point,
        signed(&experiment, LIVE_STEPS)
    );
    Ok(in_every_form(LIVE, &Figure::Loss(&view), "Training loss with and without batch norm", &caption))
}

/// Names and texts of one figure's files.
fn in_every_form(name: &str, figure: &Figure<'_>, title: &str, caption: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (form, width) in WIDTHS {
        for (tone, theme) in [("light", Theme::light()), ("dark", Theme::dark())] {
            files.push((
                format!("{name}{form}-{tone}.svg"),
                figure.picture_svg(width, &theme, title, caption),
            ));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those whose runs take a second or two; the others are drawn by the same code.
    #[test]
    fn the_committed_pictures_are_what_is_drawn_now() {
        for key in [LIVE, "gamma", "depth"] {
            for (name, svg) in draw(key).unwrap() {
                let committed = fs::read_to_string(PathBuf::from(COMMITTED).join(&name)).unwrap_or_default();
                assert!(committed == svg, "{name} is out of date: run `cargo xtask figures`");
            }
        }
    }

    #[test]
    fn every_figure_has_its_pictures() {
        let of_claim = |claim| plates(&Sweep::new(Plan::usual(claim)));
        let names = Claim::ALL.into_iter().flat_map(of_claim).map(|plate| plate.name);
        for name in [LIVE].into_iter().chain(names) {
            for (form, _) in WIDTHS {
                for tone in ["light", "dark"] {
                    let file = PathBuf::from(COMMITTED).join(format!("{name}{form}-{tone}.svg"));
                    assert!(file.is_file(), "no {}: run `cargo xtask figures`", file.display());
                }
            }
        }
    }
}
