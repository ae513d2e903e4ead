// A list that goes on: the link to the next page brings its ideas here instead. The
// address follows, so that a reload or a shared link shows what was being read.

const cards = document.querySelector(".cards");
const live = document.getElementById("live");

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('.pager a[rel="next"]');
  if (!link || !cards || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
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
