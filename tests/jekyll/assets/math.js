// Stands in for a math engine that scans the page's text for dollar signs and sets what lies between them.
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (walk.nextNode()) if (/\$[^$]+\$/.test(walk.currentNode.data)) found.push(walk.currentNode);
for (const text of found) {
  const set = document.createElement("span");
  set.innerHTML = text.data.replace(/[&<]/g, (c) => (c === "&" ? "&amp;" : "&lt;")).replace(/\$([^$]+)\$/g, "<i class=math>$1</i>");
  text.replaceWith(set);
}
document.documentElement.dataset.math = String(found.length);
