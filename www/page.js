// Starts the page: compiles the module once, runs it here for the figures, and hands it on for the workers.
(async () => {
  const base = document.currentScript ? document.currentScript.src : new URL("www/page.js", location.href).href;
  const at = (path) => new URL(path, base).href;
  const response = await fetch(at("../pkg/batchnorm_playground_bg.wasm"));
  const module = await WebAssembly.compileStreaming(response.clone())
    .catch(async () => WebAssembly.compile(await response.arrayBuffer()));
  await wasm_bindgen({ module_or_path: module });
  const root = document.getElementById("playground");
  // The page lives for as long as its handle is kept.
  root.playground = root.hasAttribute("data-frame")
    ? wasm_bindgen.mount_embed(root, location.hash, true, at("../index.html"), module, at("worker.js"), at("digits.bin"))
    : wasm_bindgen.mount(root, module, at("worker.js"), at("digits.bin"));
})().catch((error) => {
  const note = document.querySelector("[data-role=failed]");
  if (note) note.hidden = false;
  const why = document.querySelector("[data-role=failed-why]");
  if (why) why.textContent = String(error && error.message || error);
  document.documentElement.dataset.state = "failed";
});
