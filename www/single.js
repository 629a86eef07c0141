// The page that holds all its files: unpacks them and gives them addresses. Its one script is also that of the workers.
const unpack = async () => {
  // A frame whose page was written by its parent has no address; the parent says what to show in a <meta>.
  const told = document.querySelector("meta[name=batchnorm-playground]");
  const link = location.hash.slice(1) || told?.content || "";
  // One experiment, or the lab: elsewhere these are pages of their own.
  if (new URLSearchParams(link).has("exp") && location.search !== "?lab") {
    const embed = document.getElementById("file-embed");
    document.body.className = embed.className;
    document.body.replaceChildren(embed.content);
  }
  if (!self.DecompressionStream) {
    throw new Error("This browser cannot unpack the page's files, which Chrome and Edge can since version 80, Firefox since 113, Safari since 16.4.");
  }
  const text = (id) => document.getElementById(id).textContent;
  const address = (content, type) => URL.createObjectURL(new Blob([content], { type }));
  const packed = async (id, type) => {
    const bytes = Uint8Array.from(atob(text(id)), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return address(await new Response(plain).arrayBuffer(), type);
  };
  return {
    module: await packed("file-module", "application/wasm"),
    worker: address(text("file-script"), "text/javascript"),
    digits: await packed("file-digits", "application/octet-stream"),
    lab: location.protocol === "about:" ? "" : `${location.href.split(/[?#]/)[0]}?lab`,
    link,
  };
};
