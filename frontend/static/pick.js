// Choosing several ideas: counts them, chooses all, and says when there are too many.
// Without this script the boxes and the button do the same.

const list = document.querySelector("[data-most]");
const bar = document.getElementById("bulk-bar");
const boxes = () => [...document.querySelectorAll("input[name=pick][form=bulk]")];

if (list && bar) start();

function start() {
  const all = document.getElementById("pick-all");
  const said = document.getElementById("picked");
  const hint = said.textContent;
  const most = Number(list.dataset.most);
  all.closest("p").hidden = false;
  const tell = () => {
    const n = boxes().filter((box) => box.checked).length;
    all.checked = n > 0 && n === boxes().length;
    all.indeterminate = n > 0 && n < boxes().length;
    said.classList.toggle("over", n > most);
    said.textContent = n > most ? said.dataset.most : n ? said.dataset.chosen.replace("{n}", n.toLocaleString(document.documentElement.lang)) : hint;
    bar.querySelector("button").disabled = n === 0 || n > most;
  };
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    tell();
  });
  document.addEventListener("change", (event) => event.target.name === "pick" && tell());
  addEventListener("pageshow", tell); // a browser that goes back brings the ticks along
  tell();
}
