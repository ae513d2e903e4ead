// The page of an idea: passing its address on, quoting a comment, and ideas like
// it, which are looked for only when the reader gets that far.

const toast = document.getElementById("toast");
const lang = document.documentElement.lang;
const say = (text) => {
  toast.textContent = text;
  setTimeout(() => (toast.textContent = ""), 4000);
};

// ---- share ----

const share = document.getElementById("share");
const address = document.querySelector("link[rel=canonical]")?.href ?? location.href;

if (share && (navigator.clipboard || navigator.share)) {
  const [copy, send] = share.querySelectorAll("button");
  copy.hidden = !navigator.clipboard || (navigator.share && matchMedia("(pointer: coarse)").matches); // a phone's own sheet copies, too
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    say(share.dataset.copied);
  });
  send.hidden = !navigator.share;
  send.addEventListener("click", () => navigator.share({ title: document.querySelector("h1").textContent, url: address }).catch(() => {})); // the reader thought better of it
  share.hidden = false;
}

// ---- quote ----

const discussion = document.getElementById("discussion");

for (const comment of discussion.querySelectorAll(".comment")) {
  const text = comment.querySelector(":scope > .prose");
  const field = replyTo(comment);
  if (!text || !field) continue;
  let actions = comment.querySelector(":scope > .actions");
  if (!actions) {
    actions = document.createElement("div");
    actions.className = "actions";
    comment.append(actions);
  }
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "plain", textContent: discussion.dataset.quote });
  button.addEventListener("click", () => quote(text, field));
  actions.append(button);
}

// replyTo is the field that takes an answer to the comment: its thread's, else the
// one for new comments, else none.
function replyTo(comment) {
  const first = comment.closest(".replies")?.previousElementSibling ?? comment;
  return first.querySelector(":scope > .actions textarea") ?? document.getElementById("comment-body");
}

function quote(text, field) {
  const chosen = getSelection();
  const part = chosen.rangeCount && text.contains(chosen.anchorNode) && text.contains(chosen.focusNode) ? String(chosen) : "";
  const lines = (part || text.innerText).trim().split("\n").map((line) => `> ${line}`.trimEnd());
  const details = field.closest("details");
  if (details) details.open = true;
  field.value = `${field.value.trim()}\n\n${lines.join("\n")}\n\n`.trimStart();
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

// ---- related ideas ----

const related = document.getElementById("related");

async function relate() {
  try {
    const response = await fetch(`/api/v1/ideas/similar?idea=${related.dataset.idea}`);
    if (!response.ok) return;
    const ideas = (await response.json()).ideas.slice(0, 3); // what the style sheet keeps room for
    if (ideas.length === 0) return;
    const list = document.createElement("ul");
    list.className = "rows";
    for (const idea of ideas) {
      const link = document.createElement("a");
      Object.assign(link, { href: new URL(idea.url).pathname, textContent: idea.title });
      const votes = document.createElement("span");
      Object.assign(votes, { className: "facts", textContent: `${idea.votes.toLocaleString(lang)} ${related.dataset.votes}` });
      const row = document.createElement("li");
      row.append(link, " ", votes);
      list.append(row);
    }
    related.querySelector("p").before(list);
  } catch {
    // The link to the search is still there.
  }
}

if (related) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    relate();
  });
  seen.observe(related);
}
