//! Whose turn it is: of the embeds of one site that hear each other, one runs at a time.
//!
//! Who starts by a reader's hand goes before who starts by being seen; of the latter, who came first. The others are
//! held and go on by themselves when their turn comes. One that vanishes without a word is missed after a while.
//! What it leaves out: clocks and channels.

/// Seconds after which one that has said nothing more is taken to be gone.
const GONE: f64 = 3.0;

/// When and how one started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// Seconds on a clock that all share.
    pub at: f64,
    /// Whether by a reader's hand.
    pub by_reader: bool,
    /// Drawn by each for itself: two of one page often start within the same tick of that clock.
    pub lot: f64,
}

/// What embeds say to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Say {
    /// It runs, since then. Said again once a second.
    Runs(Start),
    /// It has stopped.
    Rests,
}

impl Say {
    /// As a text: "runs 12.5 1 0.73", "rests".
    pub fn text(self) -> String {
        match self {
            Self::Runs(start) => format!("runs {} {} {}", start.at, u8::from(start.by_reader), start.lot),
            Self::Rests => "rests".to_owned(),
        }
    }

    /// From a text; nothing if it is not one of these.
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let number = |word: &str| word.parse().ok().filter(|number: &f64| number.is_finite());
        match (words.next()?, words.next(), words.next(), words.next()) {
            ("rests", None, None, None) => Some(Self::Rests),
            ("runs", Some(at), Some(by), Some(lot)) => {
                Some(Self::Runs(Start { at: number(at)?, by_reader: by == "1", lot: number(lot)? }))
            }
            _ => None,
        }
    }
}

/// One embed's view of it.
#[derive(Clone, Debug)]
pub struct Turns {
    lot: f64,
    mine: Option<Start>,
    /// The one that goes before, and when it was last heard.
    other: Option<(Start, f64)>,
}

impl Turns {
    /// Of an embed that has drawn this lot, a number like no other's.
    pub fn new(lot: f64) -> Self {
        Self { lot, mine: None, other: None }
    }

    /// Whether it must wait.
    pub fn is_held(&self) -> bool {
        self.other.is_some()
    }

    /// Whether this one wants to run, at `now` seconds, and whether a reader has just said so. What to say to the others.
    pub fn want(&mut self, wants: bool, by_reader: bool, now: f64) -> Option<Say> {
        if !wants {
            let ran = self.mine.take().is_some() && self.other.is_none();
            return ran.then_some(Say::Rests);
        }
        if self.mine.is_none() || by_reader {
            self.mine = Some(Start { at: now, by_reader, lot: self.lot });
            if by_reader {
                self.other = None;
            }
            return self.says();
        }
        None
    }

    /// Another one said something at `now` seconds; what to answer.
    pub fn hear(&mut self, said: Say, now: f64) -> Option<Say> {
        match (said, self.mine) {
            (Say::Rests, _) => {
                self.other = None;
                self.says()
            }
            (Say::Runs(theirs), Some(mine)) if goes_before(theirs, mine) => {
                self.other = Some((theirs, now));
                None
            }
            (Say::Runs(_), Some(_)) => self.says(),
            (Say::Runs(_), None) => None,
        }
    }

    /// Once a second: is the other one still there? What to say.
    pub fn pulse(&mut self, now: f64) -> Option<Say> {
        if self.other.is_some_and(|(_, heard)| now - heard > GONE) {
            self.other = None;
        }
        self.says()
    }

    fn says(&self) -> Option<Say> {
        self.mine.filter(|_| self.other.is_none()).map(Say::Runs)
    }
}

fn goes_before(theirs: Start, mine: Start) -> bool {
    let order = |start: Start| (start.at, start.lot);
    match (theirs.by_reader, mine.by_reader) {
        (true, true) => order(theirs) > order(mine),
        (false, false) => order(theirs) < order(mine),
        (theirs, _) => theirs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Vec<Turns> {
        [0.5, 0.25, 0.75].map(Turns::new).to_vec()
    }

    /// Lets every word reach everybody else until nobody answers.
    fn talk(embeds: &mut [Turns], from: usize, said: Option<Say>, now: f64) {
        let mut open: Vec<(usize, Say)> = said.map(|said| (from, said)).into_iter().collect();
        let mut words = 0;
        while let Some((speaker, said)) = open.pop() {
            words += 1;
            assert!(words < 50, "they never stop talking");
            for (k, embed) in embeds.iter_mut().enumerate().filter(|(k, _)| *k != speaker) {
                open.extend(embed.hear(said, now).map(|answer| (k, answer)));
            }
        }
    }

    fn want(embeds: &mut [Turns], who: usize, wants: bool, by_reader: bool, now: f64) {
        let said = embeds[who].want(wants, by_reader, now);
        talk(embeds, who, said, now);
    }

    fn running(embeds: &[Turns]) -> Vec<usize> {
        (0..embeds.len()).filter(|&k| embeds[k].mine.is_some() && !embeds[k].is_held()).collect()
    }

    #[test]
    fn the_first_that_is_seen_runs_and_the_next_follows_when_it_rests() {
        let mut embeds = three();
        want(&mut embeds, 0, true, false, 1.0);
        want(&mut embeds, 1, true, false, 1.1);
        want(&mut embeds, 2, true, false, 1.2);
        assert_eq!(running(&embeds), [0]);
        want(&mut embeds, 0, false, false, 5.0);
        assert_eq!(running(&embeds), [1]);
        want(&mut embeds, 2, false, false, 6.0);
        assert_eq!(running(&embeds), [1], "one that was held says nothing when it no longer wants to");
    }

    #[test]
    fn of_those_that_start_at_the_same_moment_one_runs() {
        for by_reader in [false, true] {
            let mut embeds = three();
            for who in 0..3 {
                want(&mut embeds, who, true, by_reader, 1.0);
            }
            assert_eq!(running(&embeds).len(), 1, "{by_reader}");
        }
    }

    #[test]
    fn a_readers_hand_goes_before_and_the_last_hand_wins() {
        let mut embeds = three();
        want(&mut embeds, 0, true, false, 1.0);
        want(&mut embeds, 1, true, true, 2.0);
        assert_eq!(running(&embeds), [1]);
        want(&mut embeds, 2, true, true, 3.0);
        assert_eq!(running(&embeds), [2]);
        want(&mut embeds, 2, false, false, 4.0);
        assert_eq!(running(&embeds), [1]);
        want(&mut embeds, 0, true, true, 5.0);
        assert_eq!(running(&embeds), [0], "a hand takes a held one out of the queue");
    }

    #[test]
    fn one_that_vanishes_is_missed_after_a_while() {
        let mut embeds = three();
        want(&mut embeds, 0, true, false, 1.0);
        want(&mut embeds, 1, true, false, 2.0);
        let said = embeds[0].pulse(3.0);
        talk(&mut embeds, 0, said, 3.0);
        assert_eq!(embeds[1].pulse(5.0), None);
        assert!(
            matches!(embeds[1].pulse(6.5), Some(Say::Runs(_))),
            "the other has said nothing for 3.5 seconds"
        );
    }

    #[test]
    fn words_survive_the_channel_and_others_are_ignored() {
        for said in [Say::Rests, Say::Runs(Start { at: 1_763_850_000.123, by_reader: true, lot: 0.73 })] {
            assert_eq!(Say::read(&said.text()), Some(said));
        }
        for text in
            ["", "runs", "runs x 1 0", "runs inf 1 0", "runs 1 1", "runs 1 1 nan", "rests now", "stop"]
        {
            assert_eq!(Say::read(text), None, "{text}");
        }
    }
}
