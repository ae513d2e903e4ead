// Reports over the page that they are about. Each link leads to a page with the same
// form: without this script, or when fetching fails, the browser goes there.

const toast = document.getElementById("toast");

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.report");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const form = await fetched(link.href);
    if (!form) throw new Error("no form");
    open(form, link);
  } catch {
    location.assign(link.href);
  }
});

// fetched is the form in the answer to a request; undefined if there is none.
async function fetched(url, options) {
  const response = await fetch(url, options);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.getElementById("report");
}

function open(content, opener) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask reporting";
  dialog.setAttribute("aria-labelledby", "report-title");
  fill(dialog, content);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest(".cancel")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("submit", (event) => send(event, dialog));
  dialog.showModal();
  dialog.querySelector("input").focus();
}

// fill puts the form into the dialog, under a heading of the dialog's own.
function fill(dialog, content) {
  const heading = document.createElement("h2");
  heading.id = "report-title";
  heading.textContent = content.querySelector("h1").textContent;
  content.querySelector("h1").replaceWith(heading);
  content.removeAttribute("id");
  dialog.replaceChildren(document.adoptNode(content));
}

async function send(event, dialog) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const again = page.getElementById("report");
    if (again) {
      fill(dialog, again);
      dialog.querySelector("#problems")?.focus();
      return;
    }
    dialog.close();
    toast.textContent = response.ok ? (page.querySelector("main > .notice")?.textContent ?? "") : toast.dataset.failed;
  } catch {
    toast.textContent = toast.dataset.failed;
  } finally {
    button.disabled = false;
  }
}
