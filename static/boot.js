// Before wasm is up: keeps what is dropped or chosen, shows the theme of the last visit, and says what is missing.
// The page takes over by setting `chartroomEarly.taken` (src/platform/intake.rs).
"use strict";
{
  const early = { files: [], folders: [], taken: false };
  window.chartroomEarly = early;
  const root = document.documentElement;

  try {
    const theme = localStorage.getItem("chartroom.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch { /* storage is refused: the system's theme */ }

  const missing = [
    ["WebAssembly", typeof WebAssembly === "object"],
    // One function that fills a vector: valid only where the vector instructions are known.
    ["WebAssembly with SIMD", typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(
      [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]))],
    ["workers", typeof Worker === "function" && typeof MessageChannel === "function"],
    ["64-bit integers", typeof BigInt === "function"],
    ["reading files piece by piece", typeof Blob === "function" && "arrayBuffer" in Blob.prototype],
    ["sizes of elements", typeof ResizeObserver === "function"],
  ].filter(([, has]) => !has).map(([what]) => what);

  // The first that is said stays: what fails later, fails of it.
  let said = false;
  const say = (text) => {
    if (said) return;
    said = true;
    const show = () => {
      const place = document.getElementById("unable");
      if (!place || early.taken) return;
      place.textContent = text;
      place.hidden = false;
    };
    if (document.getElementById("unable")) show();
    else document.addEventListener("DOMContentLoaded", show);
  };
  if (missing.length > 0) {
    say(`This browser lacks what Chartroom needs: ${missing.join(", ")}. `
      + "Chrome or Edge from 91, Firefox from 89 and Safari from 16.4 have it.");
  }
  // The single file says so of itself; a folder cannot: browsers let no page from the disk fetch its program.
  if (location.protocol === "file:" && !root.hasAttribute("data-single-file")) {
    say("Chartroom was opened from the disk as a folder, where browsers do not let a page load its program. "
      + "Open it over a web server: run one in this folder, for example python3 -m http.server, and open the address it names.");
  }
  const failed = (reason) => say(`Chartroom could not start: ${(reason && reason.message) || reason}. Reload the page; `
    + "if it happens again, a blocker or a policy of this browser may stand in the way.");
  addEventListener("error", (event) => { if (event.error) failed(event.error); });
  addEventListener("unhandledrejection", (event) => failed(event.reason));

  const keep = (files) => {
    early.files.push(...files);
    if (early.files.length + early.folders.length > 0) root.dataset.busy = "true";
  };
  addEventListener("dragover", (event) => { if (!early.taken) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (early.taken) return;
    event.preventDefault();
    const files = [];
    for (const item of event.dataTransfer.items) {
      if (item.kind !== "file") continue;
      const entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
      const file = item.getAsFile();
      if (entry && entry.isDirectory) early.folders.push(entry);
      else if (file) files.push(file);
    }
    keep(files);
  });
  addEventListener("change", (event) => {
    if (early.taken || event.target.type !== "file") return;
    const files = [...event.target.files];
    event.target.value = "";
    keep(files);
  });
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!early.taken && button) document.querySelector(`[data-testid="${button.dataset.choose}"]`).click();
  });
}
