// Where a concern goes and why, from its words. The lists stay at "as suggested" until the person wants it elsewhere.
import { ask, resting } from "./sheet-send.js";

const LISTS = ["category", "body_code", "urgency"];
const list = (row, name) => row.querySelector(`select[name$="-${name}"]`);
const textOf = (row) => row.querySelector('textarea[name$="-text"]').value;

function paragraph(text, strong) {
  const p = document.createElement("p");
  if (strong) {
    const b = document.createElement("strong");
    b.textContent = strong;
    p.append(b, " ");
  }
  p.append(text);
  return p;
}

// The way back to the suggestion, for somebody who chose otherwise.
function useButton(form, row) {
  const use = document.createElement("button");
  use.type = "button";
  use.className = "button button-second";
  use.textContent = form.dataset.use;
  use.addEventListener("click", () => {
    for (const name of LISTS) list(row, name).value = "";
    row.querySelector("[data-lists] summary").focus();
    list(row, "category").dispatchEvent(new Event("change", { bubbles: true }));
  });
  return use;
}

function show(form, row, found) {
  const panel = row.querySelector("[data-suggestion]");
  panel.replaceChildren();
  panel.hidden = !found.words;
  if (panel.hidden) return;
  panel.append(paragraph(found.words, form.dataset.suggests));
  if (found.because.length) panel.append(paragraph(found.because.join("; ")));
  if (found.matters?.length) panel.append(paragraph(found.matters.map((one) => `“${one}”`).join(" · "), form.dataset.matters));
  if (found.restricted) panel.append(paragraph(form.dataset.restricted));
  for (const name of LISTS) list(row, name).options[0].textContent = `${form.dataset.suggests} ${found.names[name]}`;
  if (LISTS.some((name) => list(row, name).value)) panel.append(useButton(form, row));
}

// The panel says where the concern goes; the lists matter only to somebody who wants it elsewhere.
function dress(row) {
  const lists = row.querySelector("[data-lists]");
  lists.open = LISTS.some((name) => list(row, name).value) || Boolean(lists.querySelector(".field-wrong"));
}

function attach(form) {
  const asking = new WeakMap();
  const latest = new WeakMap();
  async function refresh(row) {
    const text = textOf(row);
    latest.set(row, text);
    const found = await ask(form, form.dataset.suggestUrl, { text, category: list(row, "category").value });
    if (found?.ok && latest.get(row) === textOf(row)) show(form, row, found);
  }
  const later = (row) => {
    if (!asking.has(row)) asking.set(row, resting(700, refresh));
    asking.get(row)(row);
  };
  form.addEventListener("input", (event) => {
    const row = event.target.closest?.("[data-concern]");
    if (row && event.target.matches('textarea[name$="-text"]')) later(row);
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest?.("[data-concern]");
    if (row && LISTS.some((name) => event.target === list(row, name)) && textOf(row).trim()) later(row);
  });
  for (const row of form.querySelectorAll("[data-concern]")) {
    dress(row);
    if (textOf(row).trim()) later(row);
  }
}

export const suggest = { attach, dress };
