// The script of all pages: votes without leaving the page, and ages for dates.

// ---- votes ----

// Every vote button is a form that works without this script; here it answers at
// once, and goes back if the vote did not arrive.

const toast = document.getElementById("toast");
const busy = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches('[action="/sign-out"]')) forget();
  if (!form.matches("form.vote")) return;
  event.preventDefault();
  if (!busy.has(form)) vote(form);
});

async function vote(form) {
  busy.add(form);
  const button = form.querySelector("button");
  const before = read(form);
  const voted = !before.voted;
  show(form, { voted, votes: before.votes === null ? null : before.votes + (voted ? 1 : -1) });
  try {
    const response = await fetch(`/api/v1/ideas/${form.dataset.idea}/vote`, { method: voted ? "PUT" : "DELETE" });
    if (response.ok) {
      show(form, await response.json());
      say("");
      return;
    }
    show(form, before);
    if (response.status === 401 || response.status === 409) {
      leave(form, button); // sign in first, or see where the idea went
      return;
    }
    say(toast.dataset.failed);
  } catch {
    show(form, before);
    say(toast.dataset.failed);
  } finally {
    busy.delete(form);
  }
}

// leave sends the form as the browser would have done.
function leave(form, button) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: button.name, value: button.value });
  form.append(input);
  form.submit(); // fires no submit event
}

function read(form) {
  const digits = form.querySelector(".count").textContent.replace(/[\u2212\u2010\u2011]/g, "-").replace(/[^\d-]/g, "");
  return {
    voted: form.querySelector("button").getAttribute("aria-pressed") === "true",
    votes: digits === "" ? null : Number(digits),
  };
}

function show(form, { voted, votes }) {
  const button = form.querySelector("button");
  button.setAttribute("aria-pressed", String(voted));
  button.value = voted ? "withdraw" : "cast";
  form.querySelector(".word").textContent = voted ? form.dataset.voted : form.dataset.vote;
  button.classList.toggle("fresh", voted); // moves, where the reader allows motion
  if (votes === null) return;
  const count = form.querySelector(".count");
  count.textContent = votes.toLocaleString(document.documentElement.lang);
  count.classList.toggle("long", count.textContent.length > 5);
}

function say(text) {
  toast.textContent = text;
  clearTimeout(say.timer);
  if (text) say.timer = setTimeout(() => (toast.textContent = ""), 8000);
}

// ---- ages ----

// A date becomes an age; the date stays as the title. The element keeps at least
// the width it had, so that nothing around it moves.
const ages = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const units = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

function age(date) {
  const seconds = (date - Date.now()) / 1000;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  return ages.format(Math.trunc(seconds / size), unit);
}

function tellAges(root) {
  const times = [...root.querySelectorAll(".card time, .comment time, .answer time")].filter((time) => !time.style.minWidth);
  const widths = times.map((time) => time.offsetWidth);
  times.forEach((time, i) => {
    const text = age(new Date(time.dateTime));
    time.style.minWidth = `${widths[i]}px`;
    time.textContent = text;
  });
}

tellAges(document);
document.addEventListener("added", (event) => tellAges(event.target)); // see list.js

// ---- what was done ----

// What the address says was done is on the page now. A reload need not repeat it.
const here = new URL(location);
const done = here.searchParams.get("done");
if (done) {
  if (done === "submitted") forget();
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
}

// forget drops the draft that submit.js keeps.
function forget() {
  try {
    localStorage.removeItem("gs_draft");
  } catch {
    // No storage, no draft.
  }
}

// ---- without a network ----

// Who goes on from one page to the next gets the service worker, which has a page of
// ours for when the network fails. A first visit is not made to load it.
if (isSecureContext && navigator.serviceWorker && document.referrer.startsWith(`${location.origin}/`)) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {})); // the browser may refuse, and nothing is lost
}
