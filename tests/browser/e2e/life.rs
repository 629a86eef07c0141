//! The page's handle: what it built and asked for ends with it, and another can take its place.

use browser::{Page, Result, View, ensure};

use super::eye::LENDS;

/// Counts what is still listened to, asked for, or alive.
const COUNTER: &str = "<script>
    window.count = { listeners: 0, frames: 0, workers: 0 };
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (...given) { count.listeners += 1; return add.apply(this, given); };
    EventTarget.prototype.removeEventListener = function (...given) { count.listeners -= 1; return remove.apply(this, given); };
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = call => { count.frames += 1; return ask(call); };
    const Plain = window.Worker;
    window.Worker = class extends Plain {
        constructor(...given) { super(...given); count.workers += 1; }
        terminate() { count.workers -= 1; super.terminate(); }
    };
</script>";

/// Opens the page once more.
const AGAIN: &str = "window.again = (async () => {
    const module = await WebAssembly.compileStreaming(fetch('pkg/batchnorm_playground_bg.wasm'));
    const at = path => new URL(path, location.href).href;
    const root = document.getElementById('playground');
    // The step of the page that ended would pass for one of the new page.
    delete document.documentElement.dataset.step;
    const worker = new Worker(at('www/worker.js'));
    root.playground = wasm_bindgen.mount(root, module, worker, at('www/worker.js'), at('www/digits.bin'));
})()";

/// After `destroy()` nothing listens, draws, trains or stands on the page that was not there before; and a page can be
/// opened in the same place again.
pub(crate) async fn a_page_that_ends_leaves_nothing_behind(page: &Page) -> Result<()> {
    page.serve(|site| site.head(COUNTER))?;
    page.open("#l=3", View::DESKTOP).await?;
    page.wait("some steps", "Number(document.documentElement.dataset.step) > 20").await?;
    page.wait("the workers that train and draw", &format!("count.workers === 1 + {LENDS}")).await?;
    ensure!(page.eval::<i32>("count.listeners").await? > 40);
    page.call::<()>(
        "const root = document.getElementById('playground');
         root.playground.destroy();
         root.playground = null;",
        vec![],
    )
    .await?;
    let left: (i32, i32, u32, u32) = page
        .call(
            "count.frames = 0;
             await new Promise(done => setTimeout(done, 400));
             return [count.listeners, count.workers, count.frames,
                     document.querySelectorAll('canvas, .back, [data-controls] .f, #offer-exp option, #picture option, [data-preset], [data-set]').length];",
            vec![],
        )
        .await?;
    ensure!(left == (0, 0, 0, 0), "listeners, workers, frames asked for, elements left: {left:?}");
    page.call::<()>(
        // By a script of the page's own: some drivers' scripts do not see the glue.
        "const script = document.createElement('script');
         script.textContent = given[0];
         document.head.append(script);
         await window.again;",
        vec![AGAIN.into()],
    )
    .await?;
    page.wait("the new page's steps", "Number(document.documentElement.dataset.step) > 20").await?;
    ensure!(page.eval::<u32>("document.querySelectorAll('#knob-lr').length").await? == 1);
    // While a worker takes over from the page there are two.
    page.wait("one canvas", "document.querySelectorAll('[data-fig=loss] > canvas').length === 1").await
}
