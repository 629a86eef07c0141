// <batchnorm-playground experiment="lr">: an experiment in a page. This script is all that is loaded before one of them
// is near the window; all of a page share one module. What they show is decided by the module.
const base = document.currentScript.src;
const at = (path) => new URL(path, base).href;
const failing = (response) => {
  if (!response.ok) throw new Error(`${response.url} is not there (${response.status})`);
  return response;
};

// Module, glue (the workers load the same file) and style, once; a failure is no reason not to try again.
let loading;
const load = () => (loading ??= (async () => {
  const [response, text] = await Promise.all([
    fetch(at("pkg/batchnorm_playground_bg.wasm")).then(failing),
    fetch(at("www/style.css")).then(failing).then((response) => response.text()),
  ]);
  // Not before the others are there: some browsers never ask again for a script that was missing once.
  const [module] = await Promise.all([
    WebAssembly.compileStreaming(response.clone())
      .catch(async () => WebAssembly.compile(await response.arrayBuffer())),
    import(at("pkg/batchnorm_playground.js")),
  ]);
  const glue = globalThis[Symbol.for("batchnorm-playground")];
  await glue({ module_or_path: module });
  const style = new CSSStyleSheet();
  style.replaceSync(text);
  return { glue, module, style };
})().catch((error) => {
  loading = undefined;
  throw error;
}));

// As high from the first moment as the embed is going to be (app::embed::height), by its own width. The element keeps
// that room itself too: WebKit lays a container out once with nothing in it, and would scroll up at the page's end.
const size = new CSSStyleSheet();
size.replaceSync(`
  :host { all: initial; display: block; container-type: inline-size; contain: content; min-width: 0; min-height: 460px }
  @media (max-width: 520px) { :host { min-height: 520px } }
  :host([hidden]) { display: none }
  :host > div { height: 460px; overflow: hidden; font: 14px/1.5 sans-serif }
  @container (max-width: 520px) { :host > div { height: 520px } }`);

class Playground extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [size];
      this.stage = document.createElement("div");
      this.shadowRoot.append(this.stage);
      this.empty();
      this.stage.addEventListener("bnp:again", () => this.open());
    }
    this.near = new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting)) this.open();
    }, { rootMargin: "300px" });
    this.near.observe(this);
    this.changes = new MutationObserver(() => {
      if (this.playground && this.glue.link_of_attributes(this.pairs()) !== this.link) this.open();
    });
    this.changes.observe(this, { attributes: true });
  }

  // What stands in the element itself is shown until the experiment is there, and if it never comes; else a link.
  empty() {
    const link = document.createElement("a");
    link.href = at(`index.html#v=1&exp=${encodeURIComponent(this.getAttribute("experiment") ?? "live")}`);
    link.textContent = "This experiment in the BatchNorm Playground";
    const slot = document.createElement("slot");
    slot.append(link);
    this.stage.replaceChildren(slot);
  }

  pairs() {
    return [...this.attributes].flatMap(({ name, value }) => [name, value]);
  }

  async open() {
    this.near.disconnect();
    const place = this.near;
    try {
      const { glue, module, style } = await load();
      // Taken away, or taken elsewhere, while the module was loading.
      if (place !== this.near || !this.isConnected) return;
      this.close();
      delete this.dataset.failed;
      this.shadowRoot.adoptedStyleSheets = [style, size];
      this.glue = glue;
      this.link = glue.link_of_attributes(this.pairs());
      this.playground = glue.mount_embed(
        this.stage, this.link, false, at("index.html"), module, at("www/worker.js"), at("www/digits.bin"));
    } catch (error) {
      this.empty();
      this.dataset.failed = String(error && error.message || error);
    }
  }

  close() {
    if (this.playground) this.playground.destroy();
    this.playground = undefined;
  }

  disconnectedCallback() {
    this.near.disconnect();
    this.changes.disconnect();
    this.close();
    this.empty();
  }
}
customElements.define("batchnorm-playground", Playground);

// A frame of this site says how high it wants to be: only it, only of itself, and within reason.
addEventListener("message", ({ source, data }) => {
  if (data?.type !== "bnp:height" || !(data.height > 0)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === source && frame.src.startsWith(at("embed.html"))) {
      frame.style.height = `${Math.min(Math.max(data.height, 320), 800)}px`;
    }
  }
});
