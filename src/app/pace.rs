//! How fast to train: turns seconds that have passed into steps to make. Knows no clock; it is told the seconds.

use crate::lab::link;

/// Fastest speed with a number; beyond it the trainer runs as fast as it can.
pub const TOP: f64 = link::SPEEDS.1;
/// Slowest speed.
pub const SLOWEST: f64 = link::SPEEDS.0;
/// The opening speed, in steps per second.
pub const USUAL: f64 = 120.0;
/// A hidden tab or a slow phone must not be made up for: at most so many seconds are owed.
const MOST_OWED: f64 = 0.1;

/// Steps per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// So many steps per second.
    Steps(f64),
    /// As fast as it can.
    Flat,
}

impl Speed {
    /// The speed at a slider position from 0 to 1: equal ratios, the right end flat out.
    pub fn at(position: f64) -> Self {
        if position >= 1.0 {
            return Self::Flat;
        }
        let exact = SLOWEST * libm::pow(TOP / SLOWEST, position.max(0.0) / 0.98);
        let digits = libm::pow(10.0, libm::floor(libm::log10(exact)));
        // In fifths of the leading digit's unit, such as 100, 120, 140: a speed is read, not tuned.
        Self::Steps((libm::round(exact / digits * 5.0) / 5.0 * digits).clamp(SLOWEST, TOP))
    }

    /// Its place on the slider.
    pub fn position(self) -> f64 {
        match self {
            Self::Flat => 1.0,
            Self::Steps(speed) => {
                (0.98 * libm::log(speed / SLOWEST) / libm::log(TOP / SLOWEST)).clamp(0.0, 0.98)
            }
        }
    }

    /// As a link asks for it: `speed=20`.
    pub fn of_link(link: &str) -> Option<Self> {
        link::speed(link).map(Self::Steps)
    }

    /// Where a slider at `position` has to go, if it shows another speed. One that shows this one stays where the
    /// reader put it: several of its places stand for the same.
    pub fn moves_slider(self, position: f64) -> Option<f64> {
        // A slider has whole hundredths.
        let its_own = libm::round(100.0 * self.position()) / 100.0;
        (Self::at(position) != self && position != its_own).then_some(its_own)
    }

    /// In words.
    pub fn words(self) -> String {
        match self {
            Self::Flat => "flat out".to_owned(),
            Self::Steps(speed) if speed < 10.0 => format!("{} steps/s", libm::round(speed * 10.0) / 10.0),
            Self::Steps(speed) => format!("{speed:.0} steps/s"),
        }
    }

    /// The same to be read aloud.
    pub fn spoken(self) -> String {
        self.words().replace("/s", " per second")
    }
}

/// Steps owed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    owed: f64,
}

impl Pace {
    /// `seconds` have passed.
    pub fn pass(&mut self, seconds: f64, speed: Speed) {
        if let Speed::Steps(speed) = speed {
            self.owed = (self.owed + seconds * speed).min(1.0 + MOST_OWED * speed);
        }
    }

    /// Whole steps to make now.
    pub fn take(&mut self, speed: Speed) -> u32 {
        match speed {
            Speed::Flat => u32::MAX,
            Speed::Steps(_) => {
                let whole = libm::floor(self.owed);
                self.owed -= whole;
                whole as u32
            }
        }
    }

    /// Nothing is owed any more.
    pub fn forget(&mut self) {
        self.owed = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_of_frames_makes_the_promised_steps() {
        let (mut pace, speed) = (Pace::default(), Speed::Steps(USUAL));
        let mut steps = 0;
        for _ in 0..60 {
            pace.pass(1.0 / 60.0, speed);
            steps += pace.take(speed);
        }
        assert!((119..=120).contains(&steps), "{steps}");
    }

    #[test]
    fn an_hour_asleep_is_not_made_up_for() {
        let (mut pace, speed) = (Pace::default(), Speed::Steps(USUAL));
        pace.pass(3600.0, speed);
        assert!(pace.take(speed) <= 13);
    }

    #[test]
    fn slider_and_speed_agree_at_both_ends_and_between() {
        assert_eq!(Speed::at(0.0), Speed::Steps(1.0));
        assert_eq!(Speed::at(1.0), Speed::Flat);
        let usual = Speed::Steps(USUAL);
        assert_eq!(Speed::at(usual.position()), usual);
    }

    #[test]
    fn a_link_sets_the_speed_and_the_slider_follows_unless_it_shows_it_already() {
        let speed = Speed::of_link("v=1&speed=20").unwrap();
        assert_eq!(
            (speed, Speed::of_link("speed=0"), Speed::of_link("v=1")),
            (Speed::Steps(20.0), None, None)
        );
        let place = speed.moves_slider(Speed::Steps(USUAL).position()).unwrap();
        assert!((place - speed.position()).abs() < 0.005 && speed.moves_slider(place).is_none());
        let dragged = 0.43;
        assert_eq!(Speed::at(dragged).moves_slider(dragged), None);
    }
}
