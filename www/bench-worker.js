// A worker that measures: loads the module it is handed, then answers one question after the other.
importScripts(new URL("../pkg/batchnorm_playground.js", self.location.href).href);
self.onmessage = async ({ data: module }) => {
  await wasm_bindgen({ module_or_path: module });
  const bench = new wasm_bindgen.Bench();
  self.onmessage = ({ data: [number, question, given] }) => {
    try {
      self.postMessage([number, bench[question](...given)]);
    } catch (error) {
      self.postMessage([number, null, String(error)]);
    }
  };
  self.postMessage([0]);
};
