// The document once it stands still (half a list would be read wrongly), as HTML of at most `most` characters: what open
// shadow roots show stands in its place, as a reader of the page would see it. Beside it the text that a human sees.
async ([most, mostText, still, longest]) => {
  await new Promise((done) => {
    let waiting = setTimeout(done, still);
    const watch = new MutationObserver(() => { clearTimeout(waiting); waiting = setTimeout(done, still); });
    watch.observe(document, { subtree: true, childList: true, characterData: true });
    setTimeout(() => { watch.disconnect(); done(); }, longest);
  });
  const root = document.documentElement;
  if (!root) return { ready: false, html: "" };
  const ready = document.readyState !== "loading";
  let html = null;
  let inShadows = false;
  for (const element of document.getElementsByTagName("*")) if (element.shadowRoot) { inShadows = true; break; }
  if (inShadows) {
    const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    const flat = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return escaped(node.data);
      if (node.nodeType !== Node.ELEMENT_NODE) return "";
      if (node.localName === "script" || node.localName === "style") return node.outerHTML;
      if (node.localName === "slot") {
        const given = node.assignedNodes();
        return Array.from(given.length ? given : node.childNodes, flat).join("");
      }
      const shell = node.cloneNode(false).outerHTML;
      const end = shell.lastIndexOf("</" + node.localName);
      const inner = Array.from((node.shadowRoot || node).childNodes, flat).join("");
      return end < 0 ? shell : shell.slice(0, end) + inner + shell.slice(end);
    };
    try { html = flat(root); } catch { html = null; }  // nested too deeply: the plain document will do
  }
  html = html ?? root.outerHTML;
  const text = ready && document.body ? document.body.innerText.slice(0, mostText) : "";
  return { ready, text, html: html.length > most ? null : "<!DOCTYPE html>" + html };
}
