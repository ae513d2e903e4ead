// A list that goes on: the link to the next page brings its ideas here instead. The
// address follows, so that a reload or a shared link shows what was being read.

const list = () => document.querySelector(".cards");
const live = document.getElementById("live");

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('.pager a[rel="next"]');
  if (!link || !list() || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!link.getAttribute("aria-busy")) more(link);
});

async function more(link) {
  link.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!response.ok) throw response.status;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const added = [...page.querySelectorAll(".cards > .card")].filter((card) => !document.getElementById(card.id)); // ideas move while one reads
    const cards = list();
    cards.append(...added);
    cards.dispatchEvent(new Event("added", { bubbles: true }));
    const pager = link.closest(".pager");
    const next = page.querySelector('.pager a[rel="next"]');
    history.replaceState(history.state, "", link.href);
    live.textContent = `${cards.dataset.added} ${added.length}`;
    added[0]?.querySelector("h3 a").focus({ preventScroll: true });
    if (next) {
      link.href = next.href;
      link.removeAttribute("aria-busy");
    } else {
      pager.remove();
    }
  } catch {
    location.assign(link.href); // the browser says what is wrong
  }
}

// ---- search while typing ----

// After a pause, what the words find so far takes the list's place: the same page,
// asked for with a star behind a word that may go on.
const form = document.querySelector("form.filters");
const words = form?.elements.q;
let asked, pause;

words?.addEventListener("input", (event) => {
  clearTimeout(pause);
  asked?.abort();
  if (!event.isComposing) pause = setTimeout(find, 400);
});
words?.addEventListener("compositionend", () => {
  clearTimeout(pause);
  pause = setTimeout(find, 400);
});

async function find() {
  const address = (q) => {
    const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => name !== "q" && value));
    if (q) query.set("q", q);
    return `/?${query}`;
  };
  const typed = words.value.trim();
  if (typed.length === 1 && typed.charCodeAt(0) < 128) return; // one letter says nothing
  asked = new AbortController();
  try {
    const open = /[\p{L}\p{N}]$/u.test(words.value) && typed.length < words.maxLength;
    const response = await fetch(address(open ? `${typed}*` : typed), { headers: { Accept: "text/html" }, signal: asked.signal });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector('section[aria-labelledby="list"]');
    const shown = document.querySelector('section[aria-labelledby="list"]');
    if (!found || shown.contains(document.activeElement)) return; // not from under somebody's finger
    shown.replaceWith(found);
    list()?.dispatchEvent(new Event("added", { bubbles: true }));
    history.replaceState(history.state, "", address(typed));
    live.textContent = document.getElementById("list").textContent;
  } catch {
    // Enter still searches.
  }
}
