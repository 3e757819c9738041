// Live lamps: hears what changed and lets htmx fetch the part anew. Focus is put back where it was.
const stream = new EventSource("/events");
let waiting = 0;

function tell() {
  clearTimeout(waiting);
  waiting = setTimeout(() => document.body.dispatchEvent(new CustomEvent("lamps-changed")), 300);
}

for (const name of ["alert.opened", "alert.changed", "alert.assigned", "alert.undone", "alert.acting", "alert.step_done", "alert.closed", "alert.false_alarm", "snapshot.published", "breaker.changed"]) {
  stream.addEventListener(name, tell);
}

let focused = "";
document.body.addEventListener("htmx:beforeSwap", () => {
  const at = document.activeElement;
  focused = at && at.id ? "#" + CSS.escape(at.id) : at && at.getAttribute("href") ? `a[href="${CSS.escape(at.getAttribute("href"))}"]` : "";
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (focused && document.activeElement === document.body) document.querySelector(focused)?.focus();
});
addEventListener("pagehide", () => stream.close());
