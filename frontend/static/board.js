// The team's board: cards move by mouse and by keyboard, at once, and go back if the
// move did not arrive. What ends an idea's way asks for a note first. Without this
// script every card has a form that does the same.

const board = document.getElementById("board");
const columns = () => [...board.querySelectorAll(".column")];
const title = (piece) => piece.querySelector("h3").textContent.trim();
const name = (column) => column.querySelector("h2").textContent.trim();

let held = null; // the card in the hand
let target = null; // the column that it is over
let byKey = false; // arrow keys move it

dress(board);

// dress gives cards their handles, where there is more than one column to go to.
function dress(root) {
  if (columns().length < 2) return;
  for (const piece of root.querySelectorAll(".piece")) {
    if (piece.querySelector(".grip")) continue;
    piece.draggable = true;
    const grip = document.createElement("button");
    Object.assign(grip, { className: "grip", type: "button", textContent: "⠿" });
    grip.setAttribute("aria-label", `${board.dataset.grip}: ${title(piece)}`);
    grip.setAttribute("aria-describedby", "grip-help");
    grip.setAttribute("aria-pressed", "false");
    piece.prepend(grip);
  }
}

// ---- picking up and putting down ----

function pick(piece, key) {
  drop();
  held = piece;
  byKey = key;
  piece.classList.add("held");
  piece.querySelector(".grip").setAttribute("aria-pressed", "true");
  say(board.dataset.picked, piece);
}

function drop() {
  held?.classList.remove("held");
  held?.querySelector(".grip").setAttribute("aria-pressed", "false");
  over(null);
  held = null;
}

function over(column) {
  target = column;
  for (const c of columns()) c.classList.toggle("over", c === column);
}

// ---- by mouse ----

board.addEventListener("dragstart", (event) => {
  const piece = event.target.closest?.(".piece");
  if (!piece) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", title(piece));
  pick(piece, false);
});
board.addEventListener("dragend", drop);
board.addEventListener("dragover", (event) => {
  const column = event.target.closest(".column");
  if (!held || !column || column.contains(held)) return over(null);
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  if (column !== target) over(column);
});
board.addEventListener("drop", (event) => {
  const column = event.target.closest(".column");
  if (!held || !column || column.contains(held)) return;
  event.preventDefault();
  const piece = held;
  drop();
  move(piece, column);
});

// ---- by keyboard ----

board.addEventListener("click", (event) => {
  const grip = event.target.closest(".grip");
  if (!grip) return;
  const piece = grip.closest(".piece");
  if (held !== piece) return pick(piece, true);
  const to = target;
  drop();
  if (to) move(piece, to);
  else say(board.dataset.back, piece);
});
board.addEventListener("keydown", (event) => {
  if (!held || !byKey) return;
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    say(board.dataset.back, held);
    drop();
  } else if (by) {
    event.preventDefault();
    aim(by);
  }
});
board.addEventListener("focusout", () => byKey && held && queueMicrotask(() => held && !held.contains(document.activeElement) && document.activeElement !== document.body && drop()));

// aim goes to the next column; the card's own means that it stays.
function aim(by) {
  const all = columns();
  const own = held.closest(".column");
  const at = all.indexOf(target ?? own) + by;
  const next = all[Math.max(0, Math.min(at, all.length - 1))];
  over(next === own ? null : next);
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(board.dataset.over, held, next);
}

// ---- moving ----

const asks = ["launched", "declined", "already_offered"]; // a mail goes out, or a note is needed

async function move(piece, column) {
  const status = column.dataset.status;
  const more = asks.includes(status) ? await ask(piece, column) : {};
  if (!more) {
    say(board.dataset.back, piece);
    return focus(piece);
  }
  const from = piece.closest(".column");
  const next = piece.nextElementSibling;
  const focused = piece.contains(document.activeElement);
  put(piece, column, column.querySelector("ul").firstElementChild);
  piece.classList.add("busy");
  if (focused || more.note !== undefined) focus(piece);
  try {
    const response = await fetch(`/api/v1/ideas/${piece.dataset.idea}/status`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "If-Match": `"${piece.dataset.version}"` },
      body: JSON.stringify({ status, ...more }),
    });
    if ([401, 409, 412].includes(response.status)) return leave(piece, status, more); // the page says more
    if (!response.ok) throw new Error(String(response.status));
    const { idea } = await response.json();
    settle(piece, from, status, idea.version);
    say(board.dataset.moved, piece, column);
  } catch {
    put(piece, from, next);
    if (focused) focus(piece);
    say(board.dataset.failed, piece);
    document.getElementById("toast").textContent = document.getElementById("said").textContent;
  } finally {
    piece.classList.remove("busy");
  }
}

const focus = (piece) => piece.querySelector(".grip").focus({ preventScroll: true });

// leave sends the card's form with all that was typed, as the browser would.
function leave(piece, status, { note, link, silent }) {
  const form = piece.querySelector("form");
  form.elements.status.value = status;
  for (const [name, value] of Object.entries({ note, link, silent: silent ? "yes" : "" })) {
    if (!value) continue;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  form.submit();
}

function put(piece, column, before) {
  const from = piece.closest(".column");
  column.querySelector("ul").insertBefore(piece, before?.isConnected ? before : null);
  count(from, -1);
  count(column, 1);
}

// count changes a column's number and keeps its plus.
function count(column, by) {
  const of = column.querySelector(".count");
  const n = (of.dataset.count = Number(of.dataset.count) + by);
  of.textContent = n.toLocaleString(document.documentElement.lang) + (of.textContent.endsWith("+") ? "+" : "");
  column.querySelector(".none").hidden = column.querySelector(".piece") !== null;
}

// settle makes the moved card's form what the server would have made it.
function settle(piece, from, status, version) {
  for (const p of board.querySelectorAll(".piece.moved")) p.classList.remove("moved");
  piece.classList.add("moved");
  const { elements } = piece.querySelector("form");
  piece.dataset.version = elements.version.value = version;
  piece.querySelector(".pick").value = `${piece.dataset.idea}.${version}`; // chosen, it is chosen as it is now
  const gone = [...elements.status.options].find((o) => o.value === status);
  gone.value = from.dataset.status;
  gone.textContent = name(from);
  elements.status.value = "";
}

// ---- asking ----

const dialog = document.getElementById("ask");
const note = document.getElementById("ask-note");
const link = document.getElementById("ask-link");
const silent = document.getElementById("ask-silent");

// ask resolves to what the status change says, or to null if it is called off.
function ask(piece, column) {
  const status = column.dataset.status;
  document.getElementById("ask-title").textContent = `${title(piece)} → ${name(column)}`;
  document.getElementById("ask-launched").hidden = status !== "launched";
  document.getElementById("ask-linked").hidden = status === "declined";
  document.getElementById("ask-mail").href = `/team/ideas/${piece.dataset.idea}?from=board&status=${status}`;
  for (const error of dialog.querySelectorAll(".error")) error.hidden = true;
  note.removeAttribute("aria-invalid");
  dialog.dataset.status = status;
  note.value = link.value = dialog.returnValue = "";
  silent.checked = false;
  dialog.showModal();
  note.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "go" ? { note: note.value, ...(link.value && { link: link.value }), silent: silent.checked } : null);
    }, { once: true });
  });
}

document.getElementById("ask-no").addEventListener("click", () => dialog.close());
dialog.querySelector("form").addEventListener("submit", (event) => {
  const error = document.getElementById(`ask-error-${dialog.dataset.status}`);
  if (!error || note.value.trim() || (dialog.dataset.status === "already_offered" && link.value)) return;
  event.preventDefault();
  error.hidden = false;
  note.setAttribute("aria-invalid", "true");
  note.focus();
});

// ---- long columns ----

board.addEventListener("click", async (event) => {
  const more = event.target.closest(".more a[href*='cursor=']");
  if (!more) return;
  event.preventDefault();
  const column = more.closest(".column");
  more.setAttribute("aria-busy", "true");
  try {
    const page = new DOMParser().parseFromString(await (await fetch(more.href)).text(), "text/html");
    const fresh = [...page.querySelectorAll(".piece")].filter((p) => !document.getElementById(p.id));
    column.querySelector("ul").append(...fresh.map((p) => document.adoptNode(p)));
    const next = page.querySelector(".more a[href*='cursor=']");
    if (next) more.href = next.href;
    else more.closest(".more").remove();
    const of = column.querySelector(".count");
    of.dataset.count = Math.max(Number(of.dataset.count), column.querySelectorAll(".piece").length); // the census may not be there
    if (!next) of.textContent = of.textContent.replace("+", "");
    count(column, 0);
    dress(column);
    fresh[0]?.querySelector("h3 a").focus();
    say(board.dataset.loaded);
  } catch {
    location.assign(more.href);
  }
});

function say(text, piece, column) {
  document.getElementById("said").textContent = text.replace("{title}", piece ? title(piece) : "").replace("{status}", column ? name(column) : "");
}
