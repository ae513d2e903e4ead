// An import: a file that is too large is refused before it is sent, and the steps of one
// that runs follow each other. Without this script the server says the same, and a
// button takes the next step.

const page = () => document.getElementById("import");

// ---- the file ----

const file = document.getElementById("file");
if (file) {
  const said = document.getElementById("file-error");
  file.addEventListener("change", () => {
    const large = file.files[0]?.size > Number(page().dataset.most) * 1024 * 1024;
    file.setCustomValidity(large ? page().dataset.large : "");
    file.toggleAttribute("aria-invalid", large);
    said.textContent = large ? page().dataset.large : "";
    said.hidden = !large;
  });
}

// ---- the steps ----

const tries = 3; // a step that failed is sent again, later each time

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

async function step() {
  const form = document.getElementById("step");
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("import");
  if (!response.ok || !next) throw new Error(String(response.status));
  return next;
}

async function run() {
  const button = document.querySelector("#step button");
  const told = document.getElementById("told");
  button.disabled = true;
  for (let failed = 0; ; ) {
    try {
      const next = await step();
      failed = 0;
      if (next.dataset.state !== "runs") return location.reload();
      show(next);
    } catch {
      if (++failed === tries) break;
      await pause(2000 * failed);
    }
  }
  told.textContent = page().dataset.failed;
  button.disabled = false;
}

// show takes what changes over from the next page, so that nothing else moves.
function show(next) {
  const bar = document.getElementById("progress");
  const to = next.querySelector("#progress");
  bar.max = to.max;
  bar.value = to.value;
  document.getElementById("told").textContent = next.querySelector("#told").textContent;
  document.querySelector(".tallies").replaceWith(document.adoptNode(next.querySelector(".tallies")));
}

if (page()?.dataset.state === "runs") run();
