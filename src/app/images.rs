//! The test images that are read by both networks: a sample of every class, or those that a network gets wrong.

use super::App;
use crate::figure::text;
use crate::lab::view::{ImagesView, Pick};

impl App {
    /// The figure of what is learned, with images, as chosen.
    pub fn images_view(&self) -> ImagesView {
        let (shown, pick) = (&self.shown, self.choices.pick);
        match pick {
            Pick::Sample => self.history.images_view(pick, shown.side, &shown.images, &shown.labels),
            Pick::Mistakes => {
                let (images, labels) = shown.test_images(self.wrong_rows(), self.own.examples());
                self.history.images_view(pick, shown.side, &images, &labels)
            }
        }
    }

    /// The places in the test set of the images that a network gets wrong.
    fn wrong_rows(&self) -> &[u32] {
        self.history.mistakes().map_or(&[], |found| &found.rows)
    }

    /// What these images are called in the figure's table, one after the other.
    pub(super) fn image_names(&self) -> Vec<String> {
        match self.choices.pick {
            Pick::Sample => (1..=self.shown.images.len()).map(|k| format!("image {k}")).collect(),
            Pick::Mistakes => self.wrong_rows().iter().map(|row| format!("test image {}", row + 1)).collect(),
        }
    }

    /// The caption where images are shown.
    pub(super) fn images_caption(&self) -> String {
        let which = match (self.choices.pick, self.history.mistakes()) {
            (Pick::Sample, _) => format!("The same {} test images for both", self.shown.images.len()),
            (Pick::Mistakes, None) => "The test images that either network gets wrong".to_owned(),
            (Pick::Mistakes, Some(found)) => match (found.rows.len(), found.all) {
                (0, _) => {
                    let tests = text::whole(self.experiment.examples().1 as u32);
                    return format!("Both networks get all {tests} test images right.");
                }
                (1, true) => "The one test image that either network gets wrong".to_owned(),
                (count, true) => {
                    format!(
                        "The {count} test images that either network gets wrong, in the order of the test set"
                    )
                }
                (count, false) => format!(
                    "The first {count} test images that either network gets wrong, in the order of the test set"
                ),
            },
        };
        format!("{which}. Above each: what the network reads; a cross marks a mistake.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Msg;
    use crate::app::captions::Numbered;
    use crate::app::numbers::Numbers;
    use crate::data::digits;
    use crate::lab::comparison::Comparison;
    use crate::lab::frame::Mistakes;
    use crate::lab::history::Choices;
    use crate::lab::link;
    use crate::lab::wire::Report;

    const LINK: &str = "d=digits&l=1&w=16&b=60";

    /// A page that shows a real run on the digits.
    fn after(steps: u32) -> App {
        let mut app = App::new(LINK, true);
        app.update(Msg::Report(Report::Ready));
        app.update(Msg::Digits(Ok(digits::PACKED.to_vec())));
        app.update(Msg::Tick(0.0));
        let (experiment, _) = link::read(LINK);
        let data = experiment.dataset(Some(digits::PACKED)).unwrap();
        let mut run = Comparison::new(experiment, data, 3).unwrap();
        (0..steps).for_each(|_| run.advance());
        let frame = Box::new(run.frame(true));
        app.update(Msg::Report(Report::Frame { generation: app.generation, frame }));
        app
    }

    fn pick(app: &mut App, pick: Pick) {
        let choices = Choices { pick, ..app.choices };
        app.update(Msg::Choose(choices));
    }

    #[test]
    fn mistakes_are_the_same_images_for_both_and_each_is_one() {
        let mut app = after(60);
        let sample = app.images_view();
        assert_eq!((sample.images.len(), sample.labels.len()), (20, 20));
        pick(&mut app, Pick::Mistakes);
        let view = app.images_view();
        let data = app.experiment.dataset(Some(digits::PACKED)).unwrap();
        let rows = &app.history.mistakes().unwrap().rows;
        assert_eq!((rows.len(), view.images.len(), view.predictions[0].len()), (20, 20, 20));
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "{rows:?}");
        for (k, &row) in rows.iter().enumerate() {
            assert_eq!(view.images[k], data.test.x.row(row as usize));
            assert_eq!(view.labels[k], data.test.y[row as usize]);
            assert!((0..2).any(|arm| view.predictions[arm][k] != view.labels[k]), "{row} is right");
        }
        assert_eq!(
            app.caption(Numbered::Learned),
            "The first 20 test images that either network gets wrong, in the order of the test set. Above \
             each: what the network reads; a cross marks a mistake."
        );
        let table = app.numbers(Numbers::Learned);
        let first = format!("test image {}, a {}", rows[0] + 1, view.labels[0]);
        assert_eq!(
            table.rows[1],
            [first, view.predictions[0][0].to_string(), view.predictions[1][0].to_string()]
        );
        assert_eq!(table.rows.len(), 21);
        // The choice outlives the run, as every choice does.
        app.update(Msg::NewSeed);
        assert_eq!(app.choices.pick, Pick::Mistakes);
        pick(&mut app, Pick::Sample);
        assert!(app.caption(Numbered::Learned).starts_with("The same 20 test images for both."));
    }

    #[test]
    fn the_caption_counts_what_is_left() {
        let mut app = after(0);
        pick(&mut app, Pick::Mistakes);
        let mut frame = crate::lab::frame::Frame { step: 1, ..Default::default() };
        for (rows, all, said) in [
            (vec![], true, "Both networks get all 360 test images right."),
            (vec![7], true, "The one test image that either network gets wrong."),
            (vec![7, 9], true, "The 2 test images that either network gets wrong, in"),
        ] {
            let mut snapshot = app.history.snapshot().unwrap().clone();
            let read = [vec![0; rows.len()], vec![0; rows.len()]];
            snapshot.mistakes = Some(Mistakes { rows, read, all });
            frame.snapshot = Some(snapshot);
            app.history.push(frame.clone());
            assert!(app.caption(Numbered::Learned).contains(said), "{}", app.caption(Numbered::Learned));
        }
    }
}
