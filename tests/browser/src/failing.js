// The project's worker, but for an end after so many messages to the trainer.
importScripts(new URL('../pkg/batchnorm_playground.js', self.location.href).href);
let left = 30;
self.onmessage = async ({ data: module }) => {
    await wasm_bindgen({ module_or_path: module });
    const trainer = new wasm_bindgen.Trainer();
    const painter = new wasm_bindgen.Painter();
    self.onmessage = ({ data }) => {
        const trains = data instanceof Uint8Array;
        left -= trains;
        if (left < 0) throw new RangeError('out of memory');
        const bytes = trains ? trainer.handle(data) : painter.handle(data);
        if (bytes) self.postMessage(bytes, [bytes.buffer]);
    };
    self.postMessage(trainer.ready());
};
