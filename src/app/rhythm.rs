//! How often a run that is under way is drawn, and how often its networks are looked at for that.

use super::App;
use super::pace::Speed;

/// Seconds between two drawings of the curves, two snapshots, and two looks at the count of steps. Whatever is written
/// costs the browser a layout of the page.
struct Rhythm {
    drawing: f64,
    snapshot: f64,
    count: f64,
}

/// As often as a film is enough for the eye. The frames between are left to the browser.
const USUAL: Rhythm = Rhythm { drawing: 1.0 / 24.0, snapshot: 1.0 / 6.0, count: 1.0 / 5.0 };
/// Flat out a run is over before the eye has followed it: the figures leave the computer to the training.
const FLAT: Rhythm = Rhythm { drawing: 1.0 / 10.0, snapshot: 1.0 / 3.0, count: 0.6 };
/// Where the reader asked for less motion.
const CALM: Rhythm = Rhythm { drawing: 1.0, snapshot: 1.0, count: 1.0 };
/// Seconds between two snapshots with more features than `HEAVY`, where each costs as much as some steps.
const SNAPSHOT_HEAVY: f64 = 0.5;
const HEAVY: usize = 200;

impl App {
    fn rhythm(&self) -> Rhythm {
        match self.speed {
            _ if self.calm => CALM,
            Speed::Flat => FLAT,
            Speed::Steps(_) => USUAL,
        }
    }

    /// Seconds between two drawings.
    pub fn draws_every(&self) -> f64 {
        self.rhythm().drawing
    }

    /// Seconds between two looks at the count of steps.
    pub fn counts_every(&self) -> f64 {
        self.rhythm().count
    }

    /// Seconds between two snapshots.
    pub(super) fn looks_every(&self) -> f64 {
        let heavy = self.experiment.features() > HEAVY;
        self.rhythm().snapshot.max(if heavy { SNAPSHOT_HEAVY } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calm_page_draws_least_and_a_usual_run_most_often() {
        let mut app = App::new("", false);
        let usual = app.draws_every();
        app.speed = Speed::Flat;
        let flat = app.draws_every();
        app.calm = true;
        assert!(usual < flat && flat < app.draws_every());
        assert_eq!(app.looks_every(), CALM.snapshot);
    }
}
