// A worker that trains or draws: loads the module it is handed, then passes messages to the trainer (bytes) or to the
// painter (canvases and what to draw on them), and their answers back.
// The glue is there already where it is part of this script.
if (typeof wasm_bindgen === "undefined") {
  importScripts(new URL("../pkg/batchnorm_playground.js", self.script ?? self.location.href).href);
}
self.onmessage = async ({ data: module }) => {
  try {
    await wasm_bindgen({ module_or_path: module });
  } catch (error) {
    setTimeout(() => { throw error; });
    return;
  }
  const trainer = new wasm_bindgen.Trainer();
  const painter = new wasm_bindgen.Painter();
  const answer = (bytes) => self.postMessage(bytes, [bytes.buffer]);
  self.onmessage = ({ data }) => {
    const bytes = data instanceof Uint8Array ? trainer.handle(data) : painter.handle(data);
    if (bytes) answer(bytes);
  };
  answer(trainer.ready());
};
