//! The places of the page, the lab and the experiments, in the order of its row of contents: which address names the
//! lab, and at which place the reader is. Addresses of experiments are [`super::plan_link`]'s.

/// The lab's name in an address; as the subject of an embed it is called otherwise.
const LAB: &str = "lab";

/// Whether an address names the lab as a place: `#lab`.
pub fn is_lab(hash: &str) -> bool {
    hash.strip_prefix('#').unwrap_or(hash) == LAB
}

/// A place with less of the window than this has only its end, or its beginning, in sight.
const SEEN: f64 = 0.2;

/// Where the reader is, from the share of the window that each place takes: where the reader has gone, as long as it
/// is seen, else the first that is; failing that the lab.
pub fn current(shares: &[f64], gone_to: usize) -> usize {
    let is_seen = |share: &f64| *share >= SEEN;
    let gone_to = shares.get(gone_to).filter(|share| is_seen(share)).map(|_| gone_to);
    gone_to.or_else(|| shares.iter().position(is_seen)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{App, Effect, Msg};
    use crate::lab::claim::Claim;

    #[test]
    fn the_page_has_a_link_to_the_lab_and_to_every_experiment_in_their_order() {
        let page = include_str!("../../index.html");
        let (_, row) = page.split_once("aria-label=\"Contents\"").unwrap();
        let (row, _) = row.split_once("</nav>").unwrap();
        let targets: Vec<&str> =
            row.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let wanted: Vec<&str> = [LAB].into_iter().chain(Claim::ALL.map(|claim| claim.about().key)).collect();
        assert_eq!(targets, wanted);
        for (k, claim) in Claim::ALL.into_iter().enumerate() {
            let (_, link) =
                row.split_once(&format!("#{}\"><span>{}</span> ", claim.about().key, k + 1)).unwrap();
            let name = link.split('<').next().unwrap().to_lowercase();
            // The whole heading, or its last words where the row has no room for more.
            assert!(claim.about().heading.to_lowercase().ends_with(&name), "{name}");
        }
        for target in targets {
            assert!(page.contains(&format!("id=\"{target}\"")), "{target} is nowhere");
        }
    }

    #[test]
    fn an_address_that_names_the_lab_is_no_bad_link_and_leaves_the_run_alone() {
        let mut app = App::new("#lab", false);
        assert_eq!((app.link(), app.notes.clone()), ("v=1".to_owned(), vec![]));
        app.update(Msg::Load("l=3".to_owned()));
        assert_eq!(app.update(Msg::Load("#lab".to_owned())), vec![Effect::ShowExperiment(0)]);
        assert_eq!(app.link(), "v=1&l=3");
        assert!(!is_lab("#l=3") && !is_lab("#lr"));
    }

    #[test]
    fn the_reader_is_where_they_went_until_they_scroll_on() {
        assert_eq!(current(&[0.1, 0.4, 0.5], 2), 2);
        assert_eq!(current(&[0.1, 0.4, 0.5], 0), 1);
        assert_eq!((current(&[0.0, 0.0], 1), current(&[], 3), current(&[0.5, 0.5], 0)), (0, 0, 0));
    }
}
