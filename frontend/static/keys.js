// The keys of the team's inbox and of the queue. They press what is on the page; the letters stand
// beside what they press, and "?" lists them. Single letters can be a nuisance to
// people who speak to their computer, so there is a switch (WCAG 2.1.4).

const desk = () => document.getElementById("desk");
const links = () => [...desk().querySelectorAll("a.open")];
const opened = () => desk().querySelector("a.open[aria-current]");
const wide = matchMedia("(min-width: 60rem)"); // list and idea side by side

// buttons are those of the queue that have a letter of their own.
const buttons = () => [...desk().querySelectorAll(".deciding button[data-key]")];

const help = document.getElementById("keys");
const on = document.getElementById("keys-on");
const statuses = { n: "new", r: "under_review", p: "planned", w: "in_progress", l: "launched", d: "declined", a: "already_offered" };
const needNote = ["declined", "already_offered"];

const press = {
  j: () => step(1),
  k: () => step(-1),
  o: () => current()?.click(),
  e: () => ready()?.elements.note.focus(),
  m: () => merge(),
  "?": () => help.showModal(),
};
for (const [key, status] of Object.entries(statuses)) press[key] = () => choose(status);

if (help) start();

function start() {
  on.checked = recall() !== "off";
  on.addEventListener("change", () => {
    remember(on.checked ? "on" : "off");
    hint();
  });
  document.getElementById("close-keys").addEventListener("click", () => help.close());
  document.addEventListener("click", (event) => event.target.closest("#show-keys") && help.showModal());
  document.addEventListener("added", hint);
  document.addEventListener("keydown", (event) => {
    if (!on.checked || help.open || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]")) return;
    const act = buttons().some((b) => b.dataset.key === event.key) ? () => aim(event.key) : Object.hasOwn(press, event.key) && press[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  hint();
}

// hint writes the letters beside what they press.
function hint() {
  document.getElementById("show-keys").hidden = false;
  for (const kbd of desk().querySelectorAll(".deciding kbd")) kbd.remove();
  if (!on.checked) return;
  for (const button of buttons()) button.append(" ", letter(button.dataset.key));
  for (const [key, status] of Object.entries(statuses)) {
    const label = desk().querySelector(`label[for="to-${status}"]`);
    label?.append(letter(key));
  }
}

function letter(key) {
  const kbd = document.createElement("kbd");
  kbd.textContent = key;
  kbd.setAttribute("aria-hidden", "true");
  return kbd;
}

// aim puts the focus on the button, or on the reason that it needs first; Enter does
// the rest.
function aim(key) {
  const form = ready();
  const button = form?.querySelector(`button[data-key="${key}"]`);
  if (!button) return;
  const missing = "reason" in button.dataset && !form.elements.reason.value;
  (missing ? form.elements.reason : button).focus();
}

// current is the idea that j and k have come to.
function current() {
  return links().find((a) => a === document.activeElement) ?? opened() ?? links()[0];
}

function step(by) {
  const all = links();
  const from = current();
  const next = all.includes(document.activeElement) || wide.matches ? (all[all.indexOf(from) + by] ?? from) : from; // the first press shows where one is
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (wide.matches && next !== opened()) next.click(); // see team.js
}

// ready is the form of the opened idea, once that is the one the keys have come to:
// nobody decides about an idea unseen.
function ready() {
  const at = current();
  if (at && at !== opened()) {
    at.click();
    return null;
  }
  if (desk().hasAttribute("aria-busy") || getComputedStyle(desk().querySelector(".panel") ?? help).display === "none") return null;
  return document.getElementById("move") ?? document.getElementById("decide");
}

// choose picks the status and puts the focus where the next press is due: on the
// note where one is needed, else on the button, so that Enter sends it.
function choose(status) {
  const form = ready();
  const radio = form?.querySelector(`#to-${status}`);
  if (!radio) return; // it stands there already
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  (needNote.includes(status) ? form.elements.note : form.querySelector("button:not([formaction])")).focus();
}

function merge() {
  if (!ready()) return;
  const box = desk().querySelector(".merge");
  box.open = true;
  (box.querySelector("input[type=radio]") ?? box.querySelector("button")).focus();
}

function recall() {
  try {
    return localStorage.getItem("gs_keys");
  } catch {
    return null; // storage is refused
  }
}

function remember(value) {
  try {
    localStorage.setItem("gs_keys", value);
  } catch {
    // then it holds for this page
  }
}
