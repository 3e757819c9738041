// 没有网的时候，按下的结果先存在手机里，有网了再送。No names and no phones are kept: only the person's number, the button and the policies.
const KEY = "leye.today.drafts";
const list = document.querySelector(".cards-list");
const note = document.querySelector("#unsent");

function drafts() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function keep(rows) {
  localStorage.setItem(KEY, JSON.stringify(rows));
  if (!note) return;
  note.hidden = rows.length === 0;
  note.querySelector("b").textContent = String(rows.length);
}

async function token() {
  const answer = await fetch("/api/session");
  return answer.ok ? (await answer.json()).csrf_token : "";
}

// Sends what waits, oldest first. What the office refuses (handled meanwhile) is dropped, as it would be without a draft; a lost line keeps the rest.
let sending = false;
async function send() {
  if (sending || drafts().length === 0) return;
  sending = true;
  try {
    const csrf = await token();
    while (csrf && drafts().length > 0) {
      const { person, result, policies } = drafts()[0];
      const answer = await fetch(`/api/today/${encodeURIComponent(person)}/press`, {
        method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }, body: JSON.stringify({ result, policies }),
      });
      if (answer.status >= 500 || answer.status === 401) break;
      keep(drafts().slice(1));
    }
    if (csrf && drafts().length === 0) location.replace("/today?next=1");
  } catch {
    // still no line: the drafts stay
  } finally {
    sending = false;
  }
}

list?.addEventListener("submit", (event) => {
  if (navigator.onLine || !event.submitter?.value) return;
  event.preventDefault();
  const card = event.target.closest(".card");
  const person = card.id.replace("card-", "");
  const policies = [...new FormData(event.target).getAll("policy")];
  keep([...drafts(), { person, result: event.submitter.value, policies }]);
  const next = card.nextElementSibling;
  card.remove();
  if (next) {
    next.tabIndex = -1;
    next.focus();
  } else {
    note?.focus();
  }
});

addEventListener("online", send);
keep(drafts());
send();
