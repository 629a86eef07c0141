//! Which figure draws what a claim has to show. The words beside it are the claim's own.

use super::Figure;
use crate::lab::claim::plate::View;

impl<'v> From<&'v View> for Figure<'v> {
    fn from(view: &'v View) -> Self {
        match view {
            View::Gamma(view) => Self::Gamma(view),
            View::Affine(view) => Self::Affine(view),
            View::Inputs(view) => Self::Inputs(view),
            View::Probes(view) => Self::Probes(view),
            View::Smoother(view) => Self::Smoother(view),
            View::Depth(view) => Self::Depth(view),
            View::Rates(view) => Self::Rates(view),
            View::InitMap(view) => Self::InitMap(view),
            View::Batches(view) => Self::Batches(view),
            View::Noise(view) => Self::Noise(view),
            View::Turn(view) => Self::Turn(view),
            View::HiddenRates(view) => Self::HiddenRates(view),
            View::Norms(view) => Self::Norms(view),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Theme;
    use crate::lab::claim::plate::plates;
    use crate::lab::claim::{Claim, Plan};
    use crate::lab::sweep::Sweep;

    #[test]
    fn the_numbers_in_the_docs_are_those_of_the_captions() {
        for (file, text) in
            [("figure", include_str!("mod.rs")), ("plate", include_str!("../lab/claim/plate.rs"))]
        {
            let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
            for plate in Claim::ALL.into_iter().flat_map(|claim| plates(&Sweep::new(Plan::usual(claim)))) {
                let shown = format!("{:?}", plate.view);
                let kind = shown.split('(').next().unwrap_or_default();
                let is_kind = |line: &str| line.starts_with(&format!("{kind}(")) && line.ends_with("),");
                let at = lines
                    .iter()
                    .position(|line| is_kind(line))
                    .unwrap_or_else(|| panic!("{kind} is not in {file}"));
                let number = lines[at - 1].trim_start_matches("/// Fig. ").split([':', '.']).next();
                assert_eq!(number, Some(plate.number.as_str()), "{file}: {kind}");
            }
        }
    }

    #[test]
    fn every_claim_is_drawn_before_its_first_run() {
        let mut drawn = Vec::new();
        for claim in Claim::ALL {
            for plate in plates(&Sweep::new(Plan::usual(claim))) {
                let figure = Figure::from(&plate.view);
                for width in [300, 900] {
                    let svg = figure.svg((width, figure.natural_height(width)), &Theme::light());
                    assert!(svg.starts_with("<svg") && svg.contains("<text"), "{}", plate.name);
                    drawn.push(svg);
                }
            }
        }
        let all = drawn.len();
        drawn.sort();
        drawn.dedup();
        assert_eq!(drawn.len(), all, "two claims share a picture");
    }
}
