//! When the sentence is spoken to who cannot see it: at rest, when a network diverges, and else every ten seconds.

use super::{App, Phase};
use crate::lab::view::ArmState;

/// Seconds between two times it is spoken while training.
const EVERY: f64 = 10.0;

/// What was spoken of last.
#[derive(Clone, Copy, Debug)]
pub struct Speech {
    /// Seconds on the clock of who draws.
    at: f64,
    diverged: [bool; 2],
}

impl Default for Speech {
    fn default() -> Self {
        Self { at: f64::NEG_INFINITY, diverged: [false; 2] }
    }
}

impl Speech {
    /// Whether the sentence is to be spoken at `now` seconds. If so, it is taken to be.
    pub fn is_due(&mut self, app: &App, now: f64) -> bool {
        let diverged = app.history.scores().map(|score| matches!(score.state, ArmState::Diverged(_)));
        let broke = (0..2).any(|arm| diverged[arm] && !self.diverged[arm]);
        self.diverged = diverged;
        let due = app.phase != Phase::Running || broke || now - self.at >= EVERY;
        if due {
            self.at = now;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Msg;
    use crate::lab::frame::Frame;

    #[test]
    fn it_speaks_every_ten_seconds_at_rest_and_at_once_of_each_divergence() {
        let mut app = App::new("", false);
        let mut speech = Speech::default();
        let mut spoken_at = |app: &App, times: &[f64]| -> Vec<f64> {
            times.iter().copied().filter(|now| speech.is_due(app, *now)).collect()
        };
        assert_eq!(spoken_at(&app, &[0.0, 0.5, 5.0, 9.9, 10.1, 12.0]), [0.0, 10.1]);
        app.history.push(Frame { step: 7, diverged_at: [Some(7), None], ..Frame::default() });
        assert_eq!(spoken_at(&app, &[12.5, 13.0, 14.0]), [12.5]);
        app.history.push(Frame { step: 9, diverged_at: [Some(7), Some(9)], ..Frame::default() });
        assert_eq!(spoken_at(&app, &[14.5, 15.0]), [14.5]);
        app.update(Msg::TrainOrPause);
        assert_eq!(spoken_at(&app, &[15.5, 15.6]), [15.5, 15.6], "at rest whatever is new is said");
        // The next run's divergence is news again.
        app.update(Msg::TrainOrPause);
        app.update(Msg::Turn("w", "32".into()));
        assert_eq!(spoken_at(&app, &[16.0]), [0.0; 0]);
        app.history.push(Frame { step: 3, diverged_at: [Some(3), None], ..Frame::default() });
        assert_eq!(spoken_at(&app, &[16.5, 17.0]), [16.5]);
    }
}
