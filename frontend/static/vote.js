// Votes without leaving the page. Every vote button is a form that works without
// this script; here it answers at once, and goes back if the vote did not arrive.

const toast = document.getElementById("toast");
const busy = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
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
  if (votes !== null) form.querySelector(".count").textContent = votes.toLocaleString(document.documentElement.lang);
}

function say(text) {
  toast.textContent = text;
  clearTimeout(say.timer);
  if (text) say.timer = setTimeout(() => (toast.textContent = ""), 8000);
}
