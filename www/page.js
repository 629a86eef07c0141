// Starts the page: compiles the module once, runs it here for the figures, and hands it on for the workers.
(async () => {
  const base = document.currentScript?.src;
  const at = (path) => new URL(path, base).href;
  // Where the page's other files are: beside this script, but for the page that holds them all (single.js).
  const files = typeof unpack === "function" ? await unpack() : {
    module: at("../pkg/batchnorm_playground_bg.wasm"),
    worker: at("worker.js"),
    digits: at("digits.bin"),
    lab: at("../index.html"),
    link: location.hash,
  };
  // A function that returns four numbers side by side: the smallest module that only some browsers take.
  const lanes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
  if (!WebAssembly.validate(new Uint8Array(lanes))) {
    throw new Error("This browser's WebAssembly lacks SIMD: it takes Chrome or Edge from version 105, Firefox from 121, Safari from 16.4.");
  }
  const root = document.getElementById("playground");
  const framed = root.hasAttribute("data-frame");
  // The lab's worker loads while the module is compiled; an embed starts none before it is seen, and a page that is of
  // another origin than its files (in some sandboxes) none of this kind. Without one the page trains by itself.
  let worker;
  try {
    const early = !framed && new URL(files.worker).origin === self.origin;
    worker = early ? new Worker(files.worker) : undefined;
    if (worker) worker.onerror = (event) => {
      event.preventDefault();
      worker = undefined;
    };
  } catch {}
  const response = await fetch(files.module);
  const module = await WebAssembly.compileStreaming(response.clone())
    .catch(async () => WebAssembly.compile(await response.arrayBuffer()));
  await wasm_bindgen({ module_or_path: module });
  // From here on the page listens to it.
  if (worker) worker.onerror = null;
  // The page lives for as long as its handle is kept.
  root.playground = framed
    ? wasm_bindgen.mount_embed(root, files.link, true, files.lab, module, files.worker, files.digits)
    : wasm_bindgen.mount(root, module, worker, files.worker, files.digits);
})().catch((error) => {
  const note = document.querySelector("[data-role=failed]");
  if (note) note.hidden = false;
  const again = document.querySelector("[data-role=try-again]");
  // The address as it is, settings and all.
  if (again) again.onclick = (event) => {
    event.preventDefault();
    location.reload();
  };
  const why = document.querySelector("[data-role=failed-why]");
  if (why) why.textContent = String(error && error.message || error);
  // A frame shows the note in its embed's place, with the picture of the same experiment.
  document.querySelector("[data-frame]")?.replaceChildren(note);
  const told = document.querySelector("meta[name=batchnorm-playground]")?.content;
  const shown = new URLSearchParams(location.hash.slice(1) || told).get("exp") ?? "live";
  const still = document.querySelector(`[data-still="${CSS.escape(shown)}"]`);
  if (still) still.hidden = false;
  const lab = document.querySelector("[data-frame] [data-role=to-lab]");
  if (lab) lab.href += location.hash;
  document.documentElement.dataset.state = "failed";
});
