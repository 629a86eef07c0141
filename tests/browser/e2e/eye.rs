//! What the tests look at: roles, rest, pixels, and what the native program has for the same link.

use batchnorm_playground::data::digits;
use batchnorm_playground::export::record::fingerprint;
use batchnorm_playground::figure::Theme;
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::link;
use browser::{Page, Result, ensure};

/// For the head of a page whose figures are to be drawn in the page itself, where a test can lay hands on them.
pub(crate) const DRAWN_IN_PAGE: &str =
    "<script>delete HTMLCanvasElement.prototype.transferControlToOffscreen</script>";

/// The page's state and step, as it tells whoever asks from outside.
pub(crate) const STATE: &str = "document.documentElement.dataset.state";
/// See [`STATE`].
pub(crate) const STEP: &str = "Number(document.documentElement.dataset.step)";

/// Whether the page hands its canvases to a worker.
pub(crate) const LENDS: &str =
    "('transferControlToOffscreen' in HTMLCanvasElement.prototype && !navigator.vendor.startsWith('Apple'))";

/// The page has come to rest: nothing trains, and nothing is under way.
pub(crate) const AT_REST: &str = "['paused', 'finished', 'stopped'].includes(document.documentElement.dataset.state) && \
     document.documentElement.dataset.busy === 'no'";

/// Waits for the page to come to rest.
pub(crate) async fn rest(page: &Page) -> Result<()> {
    page.wait("the page to come to rest", AT_REST).await
}

/// Presses Pause, unless the run has ended by itself, and waits for rest.
pub(crate) async fn pause(page: &Page) -> Result<()> {
    let press = "if (document.documentElement.dataset.state === 'running') document.querySelector('[data-role=train]').click()";
    page.call::<()>(press, vec![]).await?;
    rest(page).await
}

/// The text of the element with this role.
pub(crate) async fn role(page: &Page, name: &str) -> Result<String> {
    page.eval(&format!("document.querySelector('[data-role=\"{name}\"]').textContent")).await
}

/// The step shown.
pub(crate) async fn step(page: &Page) -> Result<u32> {
    page.eval("Number(document.documentElement.dataset.step)").await
}

/// A file of the site as it is served.
pub(crate) async fn file(page: &Page, path: &str) -> Result<Vec<u8>> {
    let script = "const bytes = new Uint8Array(await (await fetch(given[0])).arrayBuffer());
        let text = '';
        for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
        return btoa(text);";
    browser::base64(&page.call::<String>(script, vec![path.into()]).await?)
}

/// What an expression gives for the `root` of the shadow of the n-th element.
pub(crate) fn shadow(n: usize, expression: &str) -> String {
    format!(
        "(() => {{ const root = document.querySelectorAll('batchnorm-playground')[{n}].shadowRoot; return {expression}; }})()"
    )
}

/// "98.8 %" as 98.8.
pub(crate) fn share(text: &str) -> Result<f64> {
    Ok(text.trim_end_matches('%').trim().parse()?)
}

/// Both arms' fingerprints on the page.
pub(crate) async fn prints(page: &Page) -> Result<[String; 2]> {
    page.eval("[0, 1].map(arm => document.querySelector(`[data-role=print-${arm}]`).textContent)").await
}

/// Loads a link as a reader would who pastes it into the address, and waits for rest.
pub(crate) async fn load(page: &Page, share_link: &str) -> Result<()> {
    // Some frames later, what the last run has left on the page is gone.
    let load = "
        const go = hash => new Promise(done => {
            addEventListener('hashchange', () => setTimeout(done), { once: true });
            location.hash = hash;
        });
        if (location.hash === given[0]) await go('#v=1&pause=0');
        await go(given[0]);
        for (let frame = 0; frame < 5; frame += 1) await new Promise(requestAnimationFrame);";
    page.call::<()>(load, vec![format!("#{share_link}").into()]).await?;
    rest(page).await
}

/// A run made here: the fingerprints of both arms, and their last test losses and accuracies.
pub(crate) struct Native {
    pub(crate) prints: [String; 2],
    pub(crate) loss: [Option<f32>; 2],
    pub(crate) accuracy: [Option<f32>; 2],
}

/// Both arms' fingerprints of a run made here, as the page writes them.
pub(crate) fn fingerprints(run: &Comparison) -> [String; 2] {
    run.arms().each_ref().map(|arm| fingerprint(arm.network().fingerprint()))
}

/// Trains a link for so many steps, here.
pub(crate) fn native(share_link: &str, steps: u32) -> Result<Native> {
    let (experiment, notes) = link::read(share_link);
    ensure!(notes.is_empty(), "{share_link}: {notes:?}");
    let data = experiment.dataset(Some(digits::PACKED)).map_err(browser::Error::msg)?;
    let mut run = Comparison::new(experiment, data, 0).map_err(browser::Error::msg)?;
    while run.step_count() < steps && !run.is_over() {
        run.advance();
    }
    let frame = run.frame(false);
    let last = frame.evaluations.last().map_or([None; 2], |(_, arms)| *arms);
    Ok(Native {
        prints: fingerprints(&run),
        loss: last.map(|evaluation| evaluation.and_then(|evaluation| evaluation.loss)),
        accuracy: last.map(|evaluation| evaluation.map(|evaluation| evaluation.accuracy)),
    })
}

/// Whether a figure's canvas is a worker's, as a script: one that was lent has no context in the page.
pub(crate) const LENT: &str = "(() => { try { document.querySelector('[data-fig=loss] > canvas').getContext('2d'); } catch { return true; } return false; })()";

/// Waits until those who are to draw the figures do: where canvases can be lent, a worker takes over from the page a
/// moment after its first drawing, letters come out otherwise, and for some frames there are two canvases.
pub(crate) async fn drawn_for_good(page: &Page) -> Result<()> {
    let single = "[...document.querySelectorAll('[data-fig=loss], [data-fig=gradient]')]
        .every(figure => figure.querySelectorAll(':scope > canvas').length === 1)";
    page.wait("one canvas for each figure, for good", &format!("{single} && {LENT} === {LENDS}")).await
}

/// What is on a figure's upper sheet, whoever has drawn it, as a script: see [`drawn_for_good`].
pub(crate) fn picture(figure: &str) -> String {
    format!(
        "(canvas => {{
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [canvas.width, canvas.height];
            copy.getContext('2d').drawImage(canvas, 0, 0);
            return copy.toDataURL();
        }})(document.querySelector('[data-fig={figure}] > canvas'))"
    )
}

/// How many pixels of a figure's upper sheet have (nearly) this colour, as a script.
pub(crate) fn pixels(figure: &str, colour: [u8; 3]) -> String {
    format!(
        "(([r, g, b]) => {{
            const copy = document.createElement('canvas').getContext('2d', {{ willReadFrequently: true }});
            const of = canvas => {{
                [copy.canvas.width, copy.canvas.height] = [canvas.width, canvas.height];
                copy.drawImage(canvas, 0, 0);
                const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
                let found = 0;
                for (let i = 0; i < data.length; i += 4)
                    if (data[i + 3] > 200 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 24)
                        found += 1;
                return found;
            }};
            // While a worker takes over from the page there are two.
            return Math.max(...Array.from(document.querySelectorAll('[data-fig={figure}] > canvas'), of));
        }})({colour:?})"
    )
}

/// Waits for more than so many pixels of a colour in a figure: what a worker has drawn is on the page a moment later.
pub(crate) async fn drawn(page: &Page, figure: &str, colour: [u8; 3], more_than: u32) -> Result<()> {
    let what = format!("more than {more_than} pixels of {colour:?} in {figure}");
    page.wait(&what, &format!("{} > {more_than}", pixels(figure, colour))).await
}

/// Waits for the curves of the loss: those of batch norm, which no run is without.
pub(crate) async fn curves_are_there(page: &Page) -> Result<()> {
    drawn(page, "loss", WITH, 20).await
}

const ON_WHITE: Theme = Theme::light();
/// The arms' colours on white paper.
pub(crate) const WITHOUT: [u8; 3] = rgb(0);
/// See [`WITHOUT`].
pub(crate) const WITH: [u8; 3] = rgb(1);

const fn rgb(arm: usize) -> [u8; 3] {
    let line = ON_WHITE.arms[arm].line;
    [line.0, line.1, line.2]
}
