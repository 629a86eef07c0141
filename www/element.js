// <batchnorm-playground experiment="lr">: an experiment in a page. Loads nothing before it is near the window; all
// elements of a page share one module. What they show is decided by the module.
const base = document.currentScript.src;
const at = (path) => new URL(path, base).href;
let loading;
const load = () => (loading ??= (async () => {
  const response = await fetch(at("pkg/batchnorm_playground_bg.wasm"));
  const module = await WebAssembly.compileStreaming(response.clone())
    .catch(async () => WebAssembly.compile(await response.arrayBuffer()));
  await wasm_bindgen({ module_or_path: module });
  return module;
})());

class Playground extends HTMLElement {
  static observedAttributes = ["experiment", "theme", "bg", "controls", "plan"];

  connectedCallback() {
    if (!this.shadowRoot) {
      const shadow = this.attachShadow({ mode: "open" });
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = at("www/style.css");
      this.stage = document.createElement("div");
      // What stands in the element itself is shown until the experiment is there, and if it never comes.
      this.stage.append(document.createElement("slot"));
      shadow.append(style, this.stage);
      this.stage.addEventListener("bnp:again", () => this.open());
    }
    this.near = new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting)) this.open();
    }, { rootMargin: "300px" });
    this.near.observe(this);
  }

  async open() {
    this.near.disconnect();
    const place = this.near;
    try {
      const module = await load();
      // Taken away, or taken elsewhere, while the module was loading.
      if (place !== this.near || !this.isConnected) return;
      this.close();
      const pairs = [...this.attributes].flatMap(({ name, value }) => [name, value]);
      const link = wasm_bindgen.link_of_attributes(pairs);
      this.playground = wasm_bindgen.mount_embed(
        this.stage, link, false, at("index.html"), module, at("www/worker.js"), at("www/digits.bin"));
    } catch (error) {
      this.stage.replaceChildren(document.createElement("slot"));
      this.dataset.failed = String(error && error.message || error);
    }
  }

  close() {
    if (this.playground) this.playground.destroy();
    this.playground = undefined;
  }

  disconnectedCallback() {
    this.near.disconnect();
    this.close();
    this.stage.replaceChildren(document.createElement("slot"));
  }

  attributeChangedCallback() {
    if (this.playground) this.open();
  }
}
customElements.define("batchnorm-playground", Playground);
