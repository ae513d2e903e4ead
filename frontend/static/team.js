// The team's inbox and an idea's panel: opens ideas and sends decisions without
// leaving the page, and shows the mail as it is being written. All of it presses
// links and forms that work without this script. The keys are in keys.js.

const root = document.querySelector(".desk-page");
const said = document.getElementById("said");
const wide = matchMedia("(min-width: 60rem)");

const desk = () => document.getElementById("desk");
const links = () => [...desk().querySelectorAll("a.open")];
const opened = () => desk().querySelector("a.open[aria-current]");

// ---- opening an idea ----

root.addEventListener("click", (event) => {
  const link = event.target.closest("a.open");
  if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link, event.isTrusted); // else keys.js pressed it
});

let asked; // of what is on its way: whoever asks for more no longer wants it
let pause;

// open shows the link's idea beside the list. Its row is marked at once; where keys
// run down the list, only the row they stop at is fetched.
function open(link, push) {
  mark(link);
  clearTimeout(pause);
  pause = setTimeout(() => go(link.href, {}, push ? "pushState" : "replaceState"), push ? 0 : 90);
}

function mark(link) {
  for (const a of links()) {
    a.closest("li").classList.toggle("now", a === link);
    a.toggleAttribute("aria-current", false);
  }
  link.setAttribute("aria-current", "true");
}

addEventListener("popstate", () => links().length && go(location.href, {}));

// go fetches a page of the console and puts it in this one's place.
async function go(url, options, remember) {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  desk().setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { ...options, signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.getElementById("desk")) {
      if (response.redirected) location.assign(response.url); // signed out meanwhile
      throw new Error(String(response.status));
    }
    swap(page);
    if (remember) history[remember](null, "", clean(response.url));
    return page;
  } catch {
    if (!signal.aborted) tell(said.dataset.failed);
  } finally {
    if (!signal.aborted) desk().removeAttribute("aria-busy");
  }
}

// clean is the address without what was done: a reload need not repeat that.
function clean(address) {
  const url = new URL(address);
  for (const name of ["done", "moved"]) url.searchParams.delete(name);
  return url;
}

function swap(page) {
  keep();
  const top = desk().querySelector(".inbox")?.scrollTop;
  const notice = page.querySelector("main > .notice");
  document.querySelector("main > .notice")?.remove();
  if (notice) document.getElementById("main").prepend(document.adoptNode(notice));
  desk().replaceWith(document.adoptNode(page.getElementById("desk")));
  document.title = page.title;
  const list = desk().querySelector(".inbox");
  if (list) list.scrollTop = top;
  restore();
  desk().dispatchEvent(new Event("added", { bubbles: true }));
  (desk().querySelector("#problems") ?? opened() ?? desk().querySelector(".panel"))?.focus({ preventScroll: true });
  opened()?.scrollIntoView({ block: "nearest" });
  if (notice) tell(notice.textContent);
}

function tell(text) {
  said.textContent = text;
  if (text === said.dataset.failed) document.getElementById("toast").textContent = text;
}

// ---- what was typed ----

const drafts = new Map(); // by idea, until the page is left

const fields = ["status", "note", "link"];

function keep() {
  const form = document.getElementById("move");
  const id = form?.closest(".panel").dataset.idea;
  if (!form) return;
  const draft = fields.map((name) => form.elements[name].value);
  if (draft.some(Boolean)) drafts.set(id, draft);
  else drafts.delete(id);
}

function restore() {
  const form = document.getElementById("move");
  const draft = drafts.get(form?.closest(".panel").dataset.idea);
  if (!draft || desk().querySelector("#problems")) return; // the server sent it back
  fields.forEach((name, i) => (form.elements[name].value = draft[i]));
  if (draft[0] === "launched") showMail();
}

// ---- deciding ----

root.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.submitter?.formTarget || form.method === "get" || !form.closest(".deciding") || !links().length) return; // the mail, or an idea alone
  event.preventDefault();
  if (desk().hasAttribute("aria-busy")) return;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const id = form.closest(".panel").dataset.idea;
  await go(form.action, { method: "POST", body }, "replaceState");
  if (desk().querySelector(".panel")?.dataset.idea !== id) drafts.delete(id);
});

root.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("#move");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// ---- the mail ----

root.addEventListener("change", (event) => {
  const form = event.target.closest("#move");
  if (form && form.elements.status.value === "launched") showMail();
});

let typing;
root.addEventListener("input", (event) => {
  if (!event.target.matches("#move textarea, #move input[type=url]")) return;
  clearTimeout(typing);
  typing = setTimeout(() => event.target.isConnected && event.target.form.elements.status.value === "launched" && showMail(), 700);
});

// showMail sends the form to the frame. A new frame each time: what an old one shows
// would go into the browser's history.
function showMail() {
  const form = document.getElementById("move");
  const button = form.querySelector("#show-mail");
  if (!button) return;
  const frame = form.querySelector("iframe");
  frame.replaceWith(frame.cloneNode());
  form.requestSubmit(button);
}

if (document.querySelector("#to-launched:checked")) showMail();
