//! The table of pictures: every figure and every state that the page can be in, and how it comes to be in it.

use browser::View;

use super::{EVERY_SIZE, Matter, Shot};

/// At every size, in both themes, at rest where its link says.
const fn shot(name: &'static str, link: &'static str) -> Shot {
    Shot { name, link, views: EVERY_SIZE, script: "", matter: Matter::None }
}

impl Shot {
    /// What a reader does first.
    const fn after(self, script: &'static str) -> Self {
        Self { script, ..self }
    }

    /// What is the matter.
    const fn when(self, matter: Matter) -> Self {
        Self { matter, ..self }
    }

    /// On a phone alone, which shows it in a way of its own.
    const fn on_a_phone(self) -> Self {
        Self { views: &[View::PHONE], ..self }
    }
}

pub(super) const SHOTS: &[Shot] = &[
    shot("lab", "pause=420"),
    shot("digits", "d=digits&l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60&pause=300"),
    shot("diverged", "l=6&w=32&s=3&lr=0.3&b=64&pause=200"),
    shot("stuck", "d=digits&l=3&w=64&lr=1&b=64&seed=4&pause=200"),
    shot("high-rate", "d=digits&l=3&w=64&lr=1&b=64&seed=4&pause=50"),
    shot("saturated", "a=tanh&s=8&d=digits&lr=0.01&pause=20"),
    shot("dead-units", "lr=1.5&l=8&pause=150"),
    shot("deep", "l=20&w=32&lr=0.05&pause=100"),
    shot("finished", "l=4&w=8&n=none&lr=0.001&pause=2000"),
    shot("note", "lr=fast&pause=20"),
    shot("first-paint", "").when(Matter::BeforeModule),
    shot("loading", "").when(Matter::Loading),
    shot("less-motion", "").when(Matter::LessMotion),
    shot("running", "").when(Matter::Running),
    shot("in-page", "pause=60").when(Matter::NoWorker),
    shot("stopped", "l=3").when(Matter::Stopped),
    shot("broken", "l=3").when(Matter::Broken),
    shot("no-webassembly", "").when(Matter::NoWebAssembly),
    shot("no-script", "").when(Matter::NoScript),
    shot("paper", "pause=420").when(Matter::Paper),
    shot("forced-colours", "pause=420").when(Matter::ForcedColours),
    // What a reader chooses to see.
    shot("accuracy", "pause=420").after("document.querySelector('[data-choose=accuracy]').click()"),
    shot("linear", "pause=420").after("document.querySelector('[data-choose=linear]').click()"),
    shot("gradient-z", "pause=420").after("document.querySelector('[data-choose=d-z]').click()"),
    shot("weights-gradient", "pause=420").after("document.querySelector('[data-choose=d-w]').click()"),
    shot("read-out", "lrs=200:0.1&pause=420").after(
        "document.querySelector('[data-fig=loss]').dispatchEvent(
            new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }))",
    ),
    shot("ghost", "pause=200").after(
        "document.querySelector('[data-role=new-seed]').click();
         for (const step of [1, 2, 3]) {
             while (document.documentElement.dataset.busy !== 'no') await new Promise(requestAnimationFrame);
             document.querySelector('[data-role=step]').click();
             while (Number(document.documentElement.dataset.step) < step) await new Promise(requestAnimationFrame);
         }",
    ),
    shot("open", "pause=420")
        .after("for (const fold of document.querySelectorAll('#lab details')) fold.open = true"),
    shot("tab-time", "pause=420").on_a_phone().after("document.querySelector('[data-column=time]').click()"),
    shot("tab-gradient", "pause=420")
        .on_a_phone()
        .after("document.querySelector('[data-column=gradient]').click()"),
    shot("tab-silent", "pause=420").on_a_phone().after("document.querySelector('[data-column=silent]').click()"),
    shot("tab-learned", "pause=420")
        .on_a_phone()
        .after("document.querySelector('[data-column=learned]').click()"),
    // Panels.
    shot("panel-presets", "pause=200").after("document.querySelector('[data-panel=presets]').click()"),
    shot("panel-share", "pause=200").after("document.querySelector('[data-panel=share]').click()"),
    shot("panel-embed", "pause=200").after(
        "document.querySelector('[data-panel=embed]').click(); await new Promise(done => setTimeout(done, 4000))",
    ),
    shot("panel-export", "pause=200").after("document.querySelector('[data-panel=export]').click()"),
    shot("panel-check", "pause=200").after(
        "document.querySelector('[data-panel=check]').click(); await new Promise(done => setTimeout(done, 3000))",
    ),
    shot("panel-keys", "pause=200").after("document.querySelector('[data-panel=keys]').click()"),
    shot("panel-data", "pause=200").after("document.querySelector('[data-panel=data]').click()"),
    shot("own-wrong", "pause=200").when(Matter::Own).after("await drop([['seeds.csv', table(17)]])"),
    shot("own-table", "l=3&pause=200")
        .when(Matter::Own)
        .after("await drop([['flowers.csv', table(0)]]); await pauseAt(120)"),
    shot("own-images", "l=3&w=32&pause=20")
        .when(Matter::Own)
        .after("await drop([['labels-idx1-ubyte', labels()], ['images-idx3-ubyte', images()]]); await pauseAt(60)"),
    shot("own-painted", "l=3&pause=20").when(Matter::Own).after("await paint()"),
    // The experiments.
    shot("sweep", "pause=1").after(
        "const place = document.querySelector('#lr');
         while (!place.querySelector('[data-role=main]')) await new Promise(requestAnimationFrame);
         place.querySelector('.figures').scrollIntoView({ block: 'center' });
         place.querySelector('[data-role=main]').click();
         while (Number(place.dataset.done) < 20) await new Promise(requestAnimationFrame);",
    ),
    shot("way-back", "pause=1").after(
        "const place = document.querySelector('#lr');
         while (!place.querySelector('[data-role=main]')) await new Promise(requestAnimationFrame);
         place.querySelector('.figures').scrollIntoView({ block: 'center' });
         place.querySelector('[data-role=main]').click();
         while (Number(place.dataset.done) < 4) await new Promise(requestAnimationFrame);
         place.querySelector('[data-role=main]').click();
         while (!place.querySelector('[data-role=spot]')) await new Promise(requestAnimationFrame);
         place.querySelector('[data-role=spot]').click();
         await new Promise(done => setTimeout(done, 1000));",
    ),
    shot("experiments", "pause=1").when(Matter::Experiments),
];

/// Files as a reader might drop them, a way to drop them, and points painted by keys.
pub(super) const OWN: &str = "
    const rows = [...Array(39).keys()].map(row =>
        `${(row % 3 * 3 + row * 7 % 10 / 10).toFixed(1)};${(5 - row * 7 % 10 / 10).toFixed(1)};${'abc'[row % 3]}`);
    const table = wrong => ['length;width;kind', ...rows]
        .map((row, k) => k + 1 === wrong ? row.replace(/^[^;]*/, 'x') : row).join('\\n');
    const labels = () => new Uint8Array([0, 0, 8, 1, 0, 0, 0, 120, ...Array.from({ length: 120 }, (_, k) => k % 4)]);
    const images = () => new Uint8Array([0, 0, 8, 3, 0, 0, 0, 120, 0, 0, 0, 28, 0, 0, 0, 28,
        ...Array.from({ length: 120 * 784 }, (_, at) => {
            const [image, y, x] = [Math.floor(at / 784), Math.floor(at % 784 / 28), at % 28];
            const [kind, by] = [image % 4, 11 + image % 7];
            const far = [x - by, y - by, x - y + image % 3, x + y - 26 - image % 3][kind];
            return Math.max(0, 255 - 90 * Math.abs(far));
        })]);
    const drop = async files => {
        const dataTransfer = new DataTransfer();
        for (const [name, bytes] of files) dataTransfer.items.add(new File([bytes], name));
        document.querySelector('main').dispatchEvent(
            new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
        await new Promise(done => setTimeout(done, 500));
    };
    const pauseAt = async step => {
        const state = document.documentElement.dataset;
        while (Number(state.step) < step && state.state !== 'finished') await new Promise(requestAnimationFrame);
        if (state.state === 'running') document.querySelector('[data-role=train]').click();
        while (state.busy !== 'no') await new Promise(requestAnimationFrame);
    };
    const paint = async () => {
        document.querySelector('[data-panel=data]').click();
        const plane = document.querySelector('[data-fig=paint]');
        const press = (key, times) => {
            for (let k = 0; k < times; k += 1)
                plane.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        };
        plane.focus();
        press('ArrowLeft', 10);
        press('Enter', 6);
        document.querySelector('[data-tool=hollow]').click();
        press('ArrowRight', 20);
        press('Enter', 6);
    };";
