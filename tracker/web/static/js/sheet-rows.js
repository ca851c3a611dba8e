// Rows that come and go: copied from a template that the server wrote, numbered again after each change.
const phone = matchMedia("(max-width: 719px)");

function renumber(list) {
  list.querySelectorAll(":scope > [data-row]").forEach((row, at) => {
    row.querySelector("[data-number]").textContent = at + 1;
    const group = row.querySelector("[data-row-group]");
    group?.setAttribute("aria-label", `${group.dataset.rowGroup} ${at + 1}`);
  });
}

function preview(row) {
  const words = row.querySelector("[data-row-words]");
  if (words) words.textContent = row.querySelector("textarea").value.trim().slice(0, 80);
}

// On a phone a row that is filled in and has nothing wrong is shown by its first words only.
function fold(list) {
  if (phone.matches) for (const row of list.querySelectorAll("details[data-row][open]")) {
    if (row.querySelector("textarea").value.trim() && !row.querySelector(".field-wrong")) row.open = false;
  }
}

function add(form, name, dressed) {
  const list = form.querySelector(`[data-rows="${name}"]`);
  const used = [...list.querySelectorAll(`[name^="${name}-"]`)].map((box) => Number(box.name.split("-")[1]));
  const at = Math.max(-1, ...used) + 1;
  const pattern = document.querySelector(`[data-template="${name}"]`).innerHTML;
  fold(list);
  list.insertAdjacentHTML("beforeend", pattern.replaceAll("__n__", at).replaceAll("__no__", at + 1));
  const row = list.lastElementChild;
  renumber(list);
  dressed(row);
  row.scrollIntoView({ block: "start" });
  row.querySelector("textarea").focus({ preventScroll: true });
}

function remove(form, row) {
  const list = row.parentElement;
  const next = form.querySelector(`[data-add="${list.dataset.rows}"]`);
  row.remove();
  renumber(list);
  next.focus();
  const words = form.querySelector("[data-bar-words]");
  if (words) words.textContent = form.dataset.removed;
}

export function tendRows(form, dressed) {
  form.addEventListener("click", (event) => {
    const more = event.target.closest?.("[data-add]");
    const less = event.target.closest?.("[data-remove]");
    if (more) { event.preventDefault(); add(form, more.dataset.add, dressed); }
    if (less) { event.preventDefault(); remove(form, less.closest("[data-row]")); form.dispatchEvent(new Event("change")); }
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest?.("details[data-row]");
    if (row) preview(row);
  });
  form.querySelectorAll("details[data-row]").forEach(preview);
  fold(form);
}
