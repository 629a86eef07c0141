//! The reader's own data: files dropped, chosen, malformed; points painted. Nothing of it leaves the page, which the
//! suite checks after every test.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use batchnorm_playground::data::csv;
use batchnorm_playground::data::own::Own;
use batchnorm_playground::lab::comparison::Comparison;
use batchnorm_playground::lab::experiment::Experiment;
use batchnorm_playground::lab::link;
use browser::{Page, Result, View, ensure};
use serde_json::{Value, json};

use super::eye::{DRAWN_IN_PAGE, fingerprints, pause, prints, rest, role};

#[path = "../../digit_files/mod.rs"]
mod digit_files;

fn file(name: &str, bytes: &[u8]) -> Value {
    json!({ "name": name, "bytes": BASE64.encode(bytes) })
}

/// In a script: `given[0]` as a transfer of files.
const TRANSFER: &str = "const transfer = new DataTransfer();
    for (const { name, bytes } of given[0])
        transfer.items.add(new File([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))], name));";

/// Drops files onto the page.
async fn drop_files(page: &Page, files: &[Value]) -> Result<()> {
    let script = format!(
        "{TRANSFER}
         const event = new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: transfer }});
         document.querySelector('main').dispatchEvent(event);
         return event.defaultPrevented;"
    );
    let taken: bool = page.call(&script, vec![json!(files)]).await?;
    ensure!(taken, "the browser would leave the page for the file");
    Ok(())
}

/// Chooses files by the button's file dialogue, which no script can open.
async fn choose_files(page: &Page, files: &[Value]) -> Result<()> {
    let script = format!(
        "{TRANSFER}
         const input = document.querySelector('[data-role=file]');
         input.files = transfer.files;
         input.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    page.call::<()>(&script, vec![json!(files)]).await
}

/// Thirty-nine flowers of three kinds, easily told apart.
fn flowers() -> String {
    let row = |i: usize| {
        let (kind, wave) = (i % 3, (i * 7 % 10) as f64 / 10.0);
        format!("{:.1};{:.1};{:.1};{}\n", kind as f64 * 3.0 + wave, 5.0 - wave, wave, ["a", "b", "c"][kind])
    };
    format!("length;width;depth;kind\n{}", (0..39).map(row).collect::<String>())
}

/// A table is trained on at once, without leaving the page, and its classes are counted in Fig. 2.
pub(crate) async fn a_dropped_table_trains_at_once(page: &Page) -> Result<()> {
    page.open("#l=2&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    drop_files(page, &[file("flowers.csv", flowers().as_bytes())]).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 60").await?;
    page.wait("the address to say so", "location.hash.includes('d=own')").await?;
    let told = role(page, "own-told").await?;
    ensure!(
        told.contains("flowers.csv: 39 rows × 3 columns × 3 classes, 26 to train on and 13 to test with"),
        "{told}"
    );
    pause(page).await?;
    let with = role(page, "accuracy-1").await?;
    ensure!(with.trim_end_matches(" %").parse::<f64>()? > 90.0, "{with}");
    ensure!(role(page, "caption-learned").await?.contains("a row per class"));
    // A built-in data set can be had in between.
    page.click("[data-set=xor]").await?;
    page.wait("xor", "location.hash.includes('d=xor')").await?;
    let again =
        "document.querySelector('[data-role=own-again]').textContent === 'Train on flowers.csv again'";
    page.wait("the way back", again).await?;
    page.click("[data-role=own-again]").await?;
    page.wait("the flowers again", "location.hash.includes('d=own')").await
}

/// The sentence names row and column, the rows around it are shown, and the run on screen goes on.
pub(crate) async fn a_malformed_table_is_shown_and_the_run_goes_on(page: &Page) -> Result<()> {
    page.open("", View::DESKTOP).await?;
    page.wait("some steps", "Number(document.documentElement.dataset.step) > 30").await?;
    let hash: String = page.eval("location.hash").await?;
    let before: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
    let mut lines: Vec<String> = flowers().lines().map(str::to_owned).collect();
    lines[16] = "1.0;<b>x</b>;2.0;a".to_owned();
    drop_files(page, &[file("seeds.csv", lines.join("\r\n").as_bytes())]).await?;
    page.wait("a sentence", "document.querySelector('[data-role=own-wrong]').textContent").await?;
    let sentence = role(page, "own-wrong").await?;
    ensure!(sentence == "× seeds.csv, row 17, column 2: “<b>x</b>” is not a number.", "{sentence}");
    ensure!(role(page, "own-kept").await?.contains("Nothing was changed"));
    let rows: Vec<String> = page
        .eval("[...document.querySelectorAll('[data-role=own-rows] div')].map(row => row.textContent)")
        .await?;
    ensure!(rows.len() == 3 && rows[1].contains(&lines[16]) && rows[2].contains(&lines[17]), "{rows:?}");
    let marked: String = page.eval("document.querySelector('[data-role=own-rows] mark').textContent").await?;
    ensure!(marked == "<b>x</b>", "{marked}");
    page.wait("more steps", &format!("Number(document.documentElement.dataset.step) > {before}")).await?;
    ensure!(page.eval::<String>("location.hash").await? == hash, "the address changed");
    // The mended file puts everything right.
    lines[16] = "1.0;1.0;2.0;a".to_owned();
    choose_files(page, &[file("seeds.csv", lines.join("\r\n").as_bytes())]).await?;
    page.wait(
        "training on it",
        "document.querySelector('[data-role=own-told]').textContent.includes('Training')",
    )
    .await?;
    ensure!(role(page, "own-wrong").await?.is_empty(), "the complaint still stands");
    Ok(())
}

/// A class may be called what it likes: its name is written, and never read as part of the page.
pub(crate) async fn names_of_classes_are_only_ever_text(page: &Page) -> Result<()> {
    const NAME: &str = "<img src=x onerror=hit=1>";
    // A worker's canvas has no elements in any case.
    page.serve(|site| site.head(DRAWN_IN_PAGE))?;
    page.open("#l=2&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    let pictures: u32 = page.eval("document.querySelectorAll('img').length").await?;
    let table = flowers().replace(";a\n", &format!(";{NAME}\n"));
    drop_files(page, &[file("flowers.csv", table.as_bytes())]).await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 20").await?;
    pause(page).await?;
    let written = "document.querySelector('[data-role=caption-learned]').closest('figure').textContent.includes('<img')";
    page.wait("its name", written).await?;
    let more: u32 = page.eval("document.querySelectorAll('img').length").await?;
    ensure!(
        more == pictures && page.eval::<bool>("window.hit === undefined").await?,
        "it is part of the page"
    );
    Ok(())
}

/// A run of the 2015 figure's network on images of 28 x 28, as the page should make it.
fn native(settings: &str, images: &[u8], labels: &[u8], steps: u32) -> Result<[String; 2]> {
    let pixels = images[16..].to_vec();
    let own = Own::from_images(digit_files::SIDE, pixels, labels[8..].to_vec())
        .map_err(|complaint| browser::Error::msg(complaint.sentence))?;
    let (experiment, _) =
        link::read_with(&format!("{settings}&d=own"), |seed| Some(own.shape(u64::from(seed))));
    let data = own.dataset(u64::from(Experiment::default().data_seed));
    let mut comparison = Comparison::new(experiment, data, 0).map_err(browser::Error::msg)?;
    (0..steps).for_each(|_| comparison.advance());
    Ok(fingerprints(&comparison))
}

/// A pair of IDX files, one after the other, trains 784-100-100-100-10: most right at step 100 with batch norm, hardly
/// any without; and the bits are those of the native program.
pub(crate) async fn images_of_28_by_28_train_with_the_native_bits(page: &Page) -> Result<()> {
    let settings = "l=3&w=100&a=sigmoid&i=xavier&lr=0.5&b=60";
    let (images, labels) = digit_files::pair(1797);
    page.open(&format!("#{settings}&pause=1"), View::DESKTOP).await?;
    rest(page).await?;
    drop_files(page, &[file("train-labels-idx1-ubyte", &labels)]).await?;
    let told = "document.querySelector('[data-role=own-told]').textContent";
    page.wait("the labels", &format!("{told}.includes('Now drop their images')")).await?;
    // The page itself presses Pause at step 100: whoever asks from outside may come much later.
    page.call::<()>(
        "const page = document.documentElement;
         new MutationObserver((_, watcher) => {
             if (Number(page.dataset.step) < 100) return;
             watcher.disconnect();
             document.querySelector('[data-role=train]').click();
             window.paused = true;
         }).observe(page, { attributeFilter: ['data-step'] });",
        vec![],
    )
    .await?;
    drop_files(page, &[file("train-images-idx3-ubyte", &images)]).await?;
    page.wait("the images", &format!("{told}.includes('Training on train-images-idx3-ubyte')")).await?;
    page.wait("the pause after step 100", "window.paused").await?;
    rest(page).await?;
    let step: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
    let told = role(page, "own-told").await?;
    ensure!(told.contains("1\u{2009}797 images of 28 × 28, 10 classes"), "{told}");
    let mut right = [0.0; 2];
    for (arm, right) in right.iter_mut().enumerate() {
        *right = role(page, &format!("accuracy-{arm}")).await?.trim_end_matches(" %").parse::<f64>()?;
    }
    println!("step {step}: {} % without batch norm, {} % with", right[0], right[1]);
    ensure!(step < 250 && right[0] < 20.0 && right[1] > 80.0, "step {step}: {right:?}");
    let shown = prints(page).await?;
    let expected = native(settings, &images, &labels, step)?;
    ensure!(shown == expected, "the page has {shown:?}, the native program {expected:?}");
    Ok(())
}

/// The same, packed with gzip and dropped together.
pub(crate) async fn packed_images_train_with_the_native_bits(page: &Page) -> Result<()> {
    const STEPS: u32 = 3;
    let settings = "l=2&w=16&b=60";
    let (images, labels) = digit_files::pair(300);
    page.open(&format!("#{settings}&pause=1"), View::DESKTOP).await?;
    rest(page).await?;
    let script = format!(
        "{TRANSFER}
         const packed = new DataTransfer();
         for (const file of transfer.files) {{
             const stream = file.stream().pipeThrough(new CompressionStream('gzip'));
             const bytes = await new Response(stream).arrayBuffer();
             if (new Uint8Array(bytes)[0] !== 0x1f) throw new Error('it is not packed');
             packed.items.add(new File([bytes], file.name));
         }}
         const event = new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: packed }});
         document.querySelector('main').dispatchEvent(event);"
    );
    let files = [file("train-images-idx3-ubyte.gz", &images), file("train-labels-idx1-ubyte.gz", &labels)];
    page.call::<()>(&script, vec![json!(files)]).await?;
    let told = "document.querySelector('[data-role=own-told]').textContent";
    page.wait("training", &format!("{told}.includes('Training on train-images-idx3-ubyte.gz: 300 images')"))
        .await?;
    page.wait("some steps", &format!("Number(document.documentElement.dataset.step) >= {STEPS}")).await?;
    pause(page).await?;
    let step: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
    let (shown, expected) = (prints(page).await?, native(settings, &images, &labels, step)?);
    ensure!(shown == expected, "the page has {shown:?}, the native program {expected:?}");
    Ok(())
}

/// Of a table with more rows than can be used so many are drawn, by the data seed, and it is said.
pub(crate) async fn of_a_long_table_rows_are_drawn_by_the_data_seed(page: &Page) -> Result<()> {
    let settings = "l=2&w=8&b=64";
    let row = |i: usize| format!("{},{},{}\n", i % 97, (i * i) % 89, ["a", "b", "c"][i % 97 % 3]);
    let table: String = (0..3000).map(row).collect();
    page.open(&format!("#{settings}&pause=1"), View::DESKTOP).await?;
    rest(page).await?;
    drop_files(page, &[file("long.csv", table.as_bytes())]).await?;
    let told = "document.querySelector('[data-role=own-told]').textContent";
    page.wait("training", &format!("{told}.includes('Training on long.csv: 3\u{2009}000 rows')")).await?;
    let words = role(page, "own-told").await?;
    ensure!(words.contains("are used, drawn at random by the data seed"), "{words}");
    let own = csv::parse(table.as_bytes()).map_err(|complaint| browser::Error::msg(complaint.sentence))?;
    for data_seed in [1, 3] {
        if data_seed != 1 {
            page.set("#knob-ds", &data_seed.to_string()).await?;
            page.wait("the address", &format!("location.hash.includes('ds={data_seed}')")).await?;
        }
        page.wait("some steps", "Number(document.documentElement.dataset.step) >= 3").await?;
        pause(page).await?;
        let step: u32 = page.eval("Number(document.documentElement.dataset.step)").await?;
        let link = format!("{settings}&d=own&ds={data_seed}");
        let (experiment, _) = link::read_with(&link, |seed| Some(own.shape(u64::from(seed))));
        let mut run = Comparison::new(experiment, own.dataset(data_seed), 0).map_err(browser::Error::msg)?;
        (0..step).for_each(|_| run.advance());
        let expected = fingerprints(&run);
        let shown = prints(page).await?;
        ensure!(
            shown == expected,
            "seed {data_seed}: the page has {shown:?}, the native program {expected:?}"
        );
        page.click("[data-role=train]").await?;
    }
    Ok(())
}

/// Points are painted with the keyboard alone and trained on.
pub(crate) async fn points_painted_by_keyboard_alone_train(page: &Page) -> Result<()> {
    const ENTER: &str = "\u{e007}";
    const LEFT: &str = "\u{e012}";
    const RIGHT: &str = "\u{e014}";
    page.open("#l=2&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    page.click("[data-panel=data]").await?;
    let focused: String = page.eval("document.activeElement.dataset.role").await?;
    ensure!(focused == "choose-file", "the focus is on {focused:?}");
    page.set("[data-role=paint-size]", "10").await?;
    let plane = "[data-fig=paint]";
    page.click("[data-role=paint-train]").await?;
    let refused = "document.querySelector('[data-role=paint-note]').textContent.includes('at least 12')";
    page.wait("a word about the empty plane", refused).await?;
    page.type_keys(plane, &format!("{}{}", LEFT.repeat(10), ENTER.repeat(8))).await?;
    page.click("[data-tool=hollow]").await?;
    page.type_keys(plane, &format!("{}{}", RIGHT.repeat(20), ENTER.repeat(8))).await?;
    let counts = "document.querySelector('[data-role=paint-counts]').textContent === '32 hollow, 32 solid'";
    page.wait("the points", counts).await?;
    page.click("[data-role=paint-train]").await?;
    page.wait("training", "Number(document.documentElement.dataset.step) > 60").await?;
    pause(page).await?;
    let with = role(page, "accuracy-1").await?;
    ensure!(with.trim_end_matches(" %").parse::<f64>()? > 70.0, "{with}");
    ensure!(role(page, "caption-learned").await?.contains("Hollow: hollow; solid: solid"));
    Ok(())
}

/// A link cannot carry data: who has not the file is told so and sees the default.
pub(crate) async fn a_link_to_somebodys_own_data_says_so(page: &Page) -> Result<()> {
    page.open("#d=own&l=3&pause=5", View::DESKTOP).await?;
    rest(page).await?;
    let notes = role(page, "notes-text").await?;
    ensure!(notes.contains("somebody’s own data, which is never sent"), "{notes}");
    page.wait("the default data", "document.documentElement.dataset.step === '5'").await
}
