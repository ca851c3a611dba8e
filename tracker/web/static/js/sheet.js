// The meeting sheet while it is being typed. Everything here has a slower way without the script.
import { dress } from "./app.js";
import { keepDraft } from "./sheet-draft.js";
import { showFigures } from "./sheet-figures.js";
import { tendRows } from "./sheet-rows.js";
import { rescue } from "./sheet-rescue.js";
import { suggest } from "./sheet-suggest.js";

const form = document.querySelector("[data-sheet]");

// What only matters after a tick or a choice stays out of the way until then.
function showDependents() {
  for (const part of document.querySelectorAll(".dependent")) {
    const source = document.getElementById(part.dataset.when);
    if (!source) continue;
    const is = part.dataset.is;
    const ticked = is ? Boolean(source.querySelector(`input[value="${is}"]:checked`)) : source.checked;
    part.hidden = "unless" in part.dataset ? ticked : !ticked;
  }
  const kind = form.querySelector("input[name=kind]:checked")?.value;
  for (const line of form.querySelectorAll("[data-thematic]")) line.hidden = kind === "regular";
}

// The Enter key moves on to the next box instead of sending anything.
function moveOn(event) {
  const box = event.target;
  if (event.key !== "Enter" || !box.matches("input:not([type=checkbox]):not([type=radio])")) return;
  event.preventDefault();
  const boxes = [...form.querySelectorAll("input, select, textarea, button")].filter((b) => b.offsetParent && b.type !== "hidden" && b.tabIndex >= 0);
  boxes[boxes.indexOf(box) + 1]?.focus();
}

if (form) {
  const draft = keepDraft(form);
  const figures = showFigures(form);
  const changed = () => { showDependents(); draft.changed(); figures.changed(); };
  tendRows(form, (row) => { dress(row); if (row.matches("[data-concern]")) suggest.dress(row); changed(); });
  suggest.attach(form);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("keydown", moveOn);
  showDependents();
  if (!("typed" in form.dataset)) rescue(form);
}
