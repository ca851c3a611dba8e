// Category, body and urgency from a concern's words, with the reasons; lists that the person touched stay.
import { ask, resting } from "./sheet-send.js";

const LISTS = ["category", "body_code", "urgency"];
const list = (row, name) => row.querySelector(`select[name$="-${name}"]`);
const touchedBox = (row) => row.querySelector('input[name$="-touched"]');
const touched = (row) => new Set(touchedBox(row).value.split(" ").filter(Boolean));
const has = (select, value) => [...select.options].some((option) => option.value === value);

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

function show(form, row, found, changed) {
  const panel = row.querySelector("[data-suggestion]");
  panel.replaceChildren();
  panel.hidden = !found?.words;
  if (panel.hidden) return;
  panel.append(paragraph(found.words, form.dataset.suggests));
  if (found.because.length) panel.append(paragraph(found.because.join("; ")));
  if (found.restricted) panel.append(paragraph(form.dataset.restricted));
  const own = touched(row);
  for (const name of LISTS) if (!own.has(name) && has(list(row, name), found[name])) list(row, name).value = found[name];
  const differs = LISTS.some((name) => has(list(row, name), found[name]) && list(row, name).value !== found[name]);
  if (!differs) return;
  const use = document.createElement("button");
  use.type = "button";
  use.className = "button button-second";
  use.textContent = form.dataset.use;
  use.addEventListener("click", () => {
    touchedBox(row).value = "";
    show(form, row, found, changed);
    list(row, "category").focus();
    changed();
  });
  panel.append(use);
}

export const suggest = {
  dress() {},
  attach(form, changed) {
    const latest = new WeakMap();
    const asking = new WeakMap();
    async function refresh(row) {
      const text = row.querySelector('textarea[name$="-text"]').value;
      if (latest.get(row)?.text === text) return;
      const found = await ask(form, form.dataset.suggestUrl, { text });
      if (!found?.ok || row.querySelector('textarea[name$="-text"]').value !== text) return;
      latest.set(row, { text, found });
      show(form, row, found, changed);
      changed();
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
      const name = row && LISTS.find((one) => event.target === list(row, one));
      if (!name) return;
      touchedBox(row).value = [...touched(row).add(name)].join(" ");
      if (latest.has(row)) show(form, row, latest.get(row).found, changed);
    });
    form.querySelectorAll("[data-concern]").forEach((row) => { if (row.querySelector("textarea").value.trim()) later(row); });
  },
};
