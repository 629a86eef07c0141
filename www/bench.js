// The page of measurements: puts questions to a worker and its answers into the table. Also for scripts:
// `await benchmark({ workload: "P", norm: "batch", steps: 1000 })` is `{ ms, steps }`.
(() => {
  const base = document.currentScript.src;
  const at = (path) => new URL(path, base).href;
  const role = (name) => document.querySelector(`[data-role=${name}]`);
  const waiting = new Map();
  let worker;
  let asked = 0;

  const start = async () => {
    const module = await WebAssembly.compileStreaming(fetch(at("../pkg/batchnorm_playground_bg.wasm")));
    const started = new Worker(at("bench-worker.js"));
    await new Promise((ready, failed) => {
      waiting.set(0, [ready, failed]);
      started.onerror = (event) => failed(new Error(event.message || "the worker could not be started"));
      started.onmessage = ({ data: [number, answer, problem] }) => {
        const [done, refused] = waiting.get(number);
        waiting.delete(number);
        if (problem) refused(new Error(problem));
        else done(answer);
      };
      started.postMessage(module);
    });
    return started;
  };

  const ask = async (question, ...given) => {
    worker ??= start();
    const started = await worker;
    asked += 1;
    const number = asked;
    return new Promise((done, refused) => {
      waiting.set(number, [done, refused]);
      started.postMessage([number, question, given]);
    });
  };

  const row = (cells, tag) => {
    const line = document.createElement("tr");
    for (const cell of cells) line.appendChild(document.createElement(tag)).textContent = cell;
    return line;
  };

  // Fills the table and resolves to the measurements.
  globalThis.benchmarkAll = async ({ repeats } = {}) => {
    const all = [];
    role("heads").replaceChildren(row(await ask("heads"), "th"));
    role("rows").replaceChildren();
    for (let index = 0; ; index += 1) {
      const words = await ask("words", index);
      if (!words) return all;
      role("state").textContent = `Measuring ${words}`;
      all.push(JSON.parse(await ask("measure", index, repeats)));
      for (const norm of [0, 1]) role("rows").append(row(await ask("cells", norm), "td"));
    }
  };
  globalThis.benchmark = async ({ workload, norm, steps }) => ({ ms: await ask("run", workload, norm, steps), steps });
  globalThis.benchmarkMemory = ({ link, steps }) => ask("endure", link, steps);

  role("start").onclick = async () => {
    role("start").disabled = true;
    try {
      await globalThis.benchmarkAll();
      role("state").textContent = "Done. Measure again for another sample; close other programs for a better one.";
    } catch (error) {
      role("state").textContent = error.message;
    }
    role("start").disabled = false;
  };
})();
