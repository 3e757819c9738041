// 朗读: reads the page's text aloud where the browser can speak.
const button = document.querySelector("[data-aloud]");
if (button && "speechSynthesis" in window) {
  const start = button.textContent;
  button.hidden = false;
  const stop = () => { speechSynthesis.cancel(); button.textContent = start; };
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) return stop();
    const text = [...document.querySelectorAll("main h1, main h2, main p, main li, main td, main th")]
      .filter((e) => e.offsetParent && !e.closest("details:not([open])")).map((e) => e.innerText).join("。");
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = document.documentElement.lang;
    speech.onend = stop;
    speechSynthesis.speak(speech);
    button.textContent = button.dataset.stop;
  });
  addEventListener("pagehide", stop);
}
