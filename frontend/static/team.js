// The team's console: keys for the inbox, drag and drop for the board. Both press
// what is on the page already: links and forms that work without this script.

const inbox = document.querySelector(".inbox");
const board = document.getElementById("board");
if (inbox) keys();
if (board) drag();

// ---- keys ----

// Single letters can be a nuisance to people who speak to their computer, so there
// is a switch (WCAG 2.1.4). It is kept in this browser.
function keys() {
  const help = document.getElementById("keys");
  const on = document.getElementById("keys-on");
  const opener = document.getElementById("show-keys");
  on.checked = recall() !== "off";
  on.addEventListener("change", () => remember(on.checked ? "on" : "off"));
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  document.getElementById("close-keys").addEventListener("click", () => help.close());

  const press = {
    j: () => step(1),
    k: () => step(-1),
    o: () => current()?.click(),
    r: () => send("under_review"),
    p: () => send("planned"),
    d: () => decline(),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (!on.checked || help.open || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]") || !Object.hasOwn(press, event.key)) return;
    event.preventDefault();
    press[event.key]();
  });
}

const links = () => [...inbox.querySelectorAll("a.open")];
const opened = () => inbox.querySelector("a.open[aria-current]");

// current is the idea that j and k have come to.
function current() {
  return links().find((a) => a === document.activeElement) ?? opened() ?? links()[0];
}

function step(by) {
  const all = links();
  const next = all[all.indexOf(current()) + by];
  const from = all.includes(document.activeElement) ? next : current(); // the first press shows where one is
  from?.focus();
  from?.scrollIntoView({ block: "nearest" });
}

// ready is the form of the opened idea. If the keys have come to another one, that
// is opened first: nobody decides about an idea unseen.
function ready() {
  const at = current();
  if (at && document.activeElement === at && at !== opened()) {
    at.click();
    return null;
  }
  return document.getElementById("move");
}

function send(status) {
  const form = ready();
  if (!form || !choose(form, status)) return;
  form.requestSubmit();
}

function decline() {
  const form = ready();
  if (!form || !choose(form, "declined")) return;
  form.elements.note.focus();
}

function choose(form, status) {
  const select = form.elements.status;
  if (![...select.options].some((o) => o.value === status)) return false; // it stands there already
  select.value = status;
  return true;
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

// ---- drag and drop ----

function drag() {
  let held = null;
  for (const piece of board.querySelectorAll(".piece")) piece.draggable = true;

  board.addEventListener("dragstart", (event) => {
    held = event.target.closest?.(".piece");
    if (!held) return;
    held.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", title(held));
    say(board.dataset.picked, held);
  });
  board.addEventListener("dragend", () => {
    held?.classList.remove("dragged");
    over(null);
    held = null;
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest(".column");
    if (!held || !column || column.contains(held)) return over(null);
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    over(column);
  });
  board.addEventListener("drop", (event) => {
    const column = event.target.closest(".column");
    if (!held || !column || column.contains(held)) return;
    event.preventDefault();
    move(held, column);
  });
}

function over(column) {
  for (const c of board.querySelectorAll(".column.over")) if (c !== column) c.classList.remove("over");
  column?.classList.add("over");
}

// These end an idea's way and need a word from the team: their form asks for it.
const needNote = ["declined", "already_offered"];

async function move(piece, column) {
  const status = column.dataset.status;
  const form = piece.querySelector("form");
  form.elements.status.value = status;
  if (needNote.includes(status)) return form.submit();
  const from = piece.closest(".column");
  const next = piece.nextElementSibling;
  put(piece, column, column.querySelector("ul").firstElementChild);
  try {
    const response = await fetch(`/api/v1/ideas/${piece.dataset.idea}/status`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "If-Match": `"${piece.dataset.version}"` },
      body: JSON.stringify({ status }),
    });
    if (response.status === 401 || response.status === 412 || response.status === 409) return form.submit(); // the page says more
    if (!response.ok) throw new Error(String(response.status));
    const { idea } = await response.json();
    settle(piece, from, status, idea.version);
    say(board.dataset.moved, piece, column);
  } catch {
    put(piece, from, next);
    say(board.dataset.failed, piece);
    document.getElementById("toast").textContent = document.getElementById("said").textContent;
  }
}

function put(piece, column, before) {
  const from = piece.closest(".column");
  column.querySelector("ul").insertBefore(piece, before?.isConnected ? before : null);
  for (const c of [from, column]) {
    const count = c.querySelectorAll(".piece").length;
    c.querySelector(".count").textContent = count.toLocaleString(document.documentElement.lang);
    c.querySelector(".none").hidden = count > 0;
  }
}

// settle makes the moved card's form what the server would have made it.
function settle(piece, from, status, version) {
  for (const p of board.querySelectorAll(".piece.moved")) p.classList.remove("moved");
  piece.classList.add("moved");
  const { elements } = piece.querySelector("form");
  piece.dataset.version = elements.version.value = version;
  const gone = [...elements.status.options].find((o) => o.value === status);
  gone.value = from.dataset.status;
  gone.textContent = from.querySelector("h2").textContent.trim();
  elements.status.value = "";
}

const title = (piece) => piece.querySelector("h3").textContent.trim();

function say(text, piece, column) {
  document.getElementById("said").textContent = text.replace("{title}", title(piece)).replace("{status}", column?.querySelector("h2").textContent.trim() ?? "");
}
