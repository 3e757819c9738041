// Swaps the server's SVG for the interactive chart of the same definition. Without this script the SVG stays.
const options = {ast: true, actions: false, defaultStyle: false, tooltip: {disableDefaultStyle: true}, renderer: "svg"};

async function enliven(figure) {
  const box = figure.querySelector(".chart-box");
  const [answer, vega] = await Promise.all([fetch(figure.dataset.chart), import(figure.dataset.bundle)]);
  if (!answer.ok || !(answer.headers.get("content-type") ?? "").includes("json")) return; // a login page, when the session has ended
  const spec = await answer.json();
  const still = box.innerHTML;
  try {
    box.replaceChildren();
    box.classList.add("is-live");
    box.removeAttribute("tabindex");
    await vega.embed(box, spec, options);
  } catch (error) {
    box.classList.remove("is-live");
    box.innerHTML = still;
    console.error("chart", error);
  }
}

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      watcher.unobserve(entry.target);
      enliven(entry.target);
    }
  }
}, {rootMargin: "200px"});
for (const figure of document.querySelectorAll("figure[data-chart]")) watcher.observe(figure);
