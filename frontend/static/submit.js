// The form for an idea, with help while typing: ideas that are like it, a preview
// in place, a count of what is left, and a draft that survives a closed tab. The
// form works without any of it.

const form = document.querySelector("form.draft");
const { title, body, category, drawn } = form.elements;
const live = document.getElementById("live");
const lang = document.documentElement.lang;
const fresh = !form.elements.version; // a new idea, not a change to one
const own = fresh && !("behalf" in form.dataset); // a customer's words are not this browser's to keep

const later = (ms, run) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
};

const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// ---- similar ideas ----

const similar = document.getElementById("similar");
let asked;

async function look() {
  asked?.abort();
  asked = new AbortController();
  const words = title.value.trim();
  if (words.length < 2) return list([]);
  try {
    const response = await fetch(`/api/v1/ideas/similar?title=${encodeURIComponent(words)}`, { signal: asked.signal });
    if (response.ok) list((await response.json()).ideas);
  } catch {
    // The list helps and is not needed: without a network it stays as it is.
  }
}

function list(ideas) {
  const rows = similar.querySelector("ul");
  if (similar.contains(document.activeElement)) return; // not from under somebody's finger
  rows.replaceChildren(...ideas.map(row));
  const some = ideas.length > 0;
  if (some || !similar.hidden) live.textContent = some ? `${similar.dataset.found} ${ideas.length}` : "";
  similar.hidden = !some;
}

function row(idea) {
  const path = new URL(idea.url).pathname;
  const link = make("a", { href: path, target: "_blank", textContent: idea.title });
  const count = make("small", { className: "muted", textContent: `${idea.votes.toLocaleString(lang)} ${similar.dataset.votes}` });
  const said = make("span", {}, link, " ", count);
  if (!similar.dataset.instead) return make("li", {}, said); // the customer's vote is not ours to cast
  const button = make("button", { type: "button", className: "quiet", textContent: similar.dataset.instead });
  button.append(make("span", { className: "sr", textContent: `: ${idea.title}` }));
  if (idea.voted) done(button);
  button.addEventListener("click", () => instead(idea, path, button));
  return make("li", {}, said, button);
}

async function instead(idea, path, button) {
  if (button.getAttribute("aria-disabled")) return;
  try {
    const response = await fetch(`/api/v1/ideas/${idea.id}/vote`, { method: "PUT" });
    if (response.ok) {
      forget();
      location.assign(`${path}?done=voted`);
    } else if (response.status === 401 || response.status === 409) {
      location.assign(path); // where one signs in, or sees where the idea went
    } else {
      failed();
    }
  } catch {
    failed();
  }
}

function done(button) {
  button.setAttribute("aria-disabled", "true");
  button.firstChild.data = similar.dataset.voted;
}

function failed() {
  const toast = document.getElementById("toast");
  toast.textContent = toast.dataset.failed;
  setTimeout(() => (toast.textContent = ""), 8000);
}

if (fresh) title.addEventListener("input", later(400, look));

// ---- preview ----

form.addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "preview") return save(); // with a failing network, nothing is lost
  event.preventDefault();
  try {
    const response = await fetch("/submit", { method: "POST", body: new URLSearchParams({ do: "preview", body: body.value }) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const preview = page.getElementById("preview");
    if (!preview) throw response.status;
    if (title.value) preview.querySelector("h2").after(make("h3", { textContent: title.value }));
    document.getElementById("preview")?.remove();
    form.before(preview);
    preview.focus();
  } catch {
    form.append(make("input", { type: "hidden", name: "do", value: "preview" }));
    form.submit(); // the browser says what is wrong
  }
});

// ---- what is left ----

for (const field of [title, body]) {
  const left = make("p", { className: "hint left" });
  field.after(left);
  const count = () => {
    const n = field.maxLength - field.value.length;
    left.textContent = n < field.maxLength / 5 ? `${form.dataset.left} ${n.toLocaleString(lang)}` : "";
    left.setAttribute("role", n <= 20 ? "status" : "presentation");
  };
  field.addEventListener("input", count);
  count();
}

// ---- the category's description ----

const hint = make("p", { className: "hint" });
category.after(hint);
const describe = () => {
  const text = category.value && document.querySelector(`[data-category="${CSS.escape(category.value)}"]`);
  hint.textContent = text ? text.textContent : "";
};
category.addEventListener("change", describe);

// ---- the draft ----

// The script of all pages forgets the draft when it has become an idea, and when
// its writer signs out.
const draftKey = "gs_draft";

function save() {
  if (!own) return;
  const draft = { title: title.value, body: body.value, category: category.value, drawn: drawn?.value };
  try {
    if (draft.title || draft.body) localStorage.setItem(draftKey, JSON.stringify(draft));
    else forget();
  } catch {
    // No storage, no draft.
  }
}

function forget() {
  try {
    localStorage.removeItem(draftKey);
  } catch {
    // Nothing is kept then.
  }
}

function restore() {
  if (!own || title.value || body.value) return; // what the server sent is newer
  let draft;
  try {
    draft = JSON.parse(localStorage.getItem(draftKey));
  } catch {
    return;
  }
  if (!draft) return;
  for (const field of [title, body, category]) field.value = draft[field.name] ?? "";
  if (drawn && draft.drawn) drawn.value = draft.drawn; // it was written then, not just now
  const kept = document.getElementById("kept");
  form.before(kept);
  kept.hidden = false;
  kept.querySelector("button").addEventListener("click", () => {
    forget();
    form.reset();
    for (const field of [title, body]) field.dispatchEvent(new Event("input"));
    describe();
    kept.hidden = true;
    title.focus();
  });
  look();
}

restore();
describe();
form.addEventListener("input", later(300, save));
