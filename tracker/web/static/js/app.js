// What every page has. Pages work without it; it only spares people a mistake or a detour.
import { leaveDevice, tidyDevice } from "./device.js";

tidyDevice();
document.addEventListener("submit", leaveDevice);

// After a failed submit the summary is read out first.
document.querySelector("[data-error-summary]")?.focus();

// A summary's link lands in the field itself, with its label in view.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-error-summary] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field, fieldset") ?? field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

// A double click sends once. The button is switched off a tick later, so that its own name and value still go along;
// the browser's back button brings it to life again.
const sent = new WeakSet();
const buttons = (form) => [...form.elements].filter((e) => e.type === "submit");
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  setTimeout(() => buttons(form).forEach((button) => { button.disabled = true; }));
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    sent.delete(form);
    buttons(form).forEach((button) => { button.disabled = false; });
  }
});

// Letters left in a text: shown at once, spoken only when typing rests.
let voice;
function count(area) {
  const shown = document.querySelector(`[data-counter-for="${CSS.escape(area.id)}"]`);
  if (!shown) return;
  const left = Number(area.dataset.limit) - [...area.value.normalize("NFC")].length;
  const words = (left < 0 ? shown.dataset.over : shown.dataset.left).replace("{n}", Math.abs(left).toLocaleString("vi"));
  shown.textContent = words;
  shown.classList.toggle("over", left < 0);
  clearTimeout(voice);
  voice = setTimeout(() => {
    const spoken = document.querySelector(`[data-counter-voice="${CSS.escape(area.id)}"]`);
    if (spoken && document.activeElement === area) spoken.textContent = words;
  }, 1200);
}

// Dates and times typed with digits alone get their marks: 05112026 reads 05/11/2026, 0730 reads 07:30.
const marks = {
  date: (text) => text.replace(/^(\d{2})(\d)/, "$1/$2").replace(/^(\d{2}\/\d{2})(\d)/, "$1/$2"),
  time: (text) => text.replace(/^([3-9])(\d)/, "$1:$2").replace(/^([0-2]\d)(\d)/, "$1:$2"),
};
document.addEventListener("input", (event) => {
  const box = event.target;
  if (box.dataset?.limit) count(box);
  const mark = marks[box.dataset?.typed];
  if (mark && box.selectionEnd === box.value.length && !event.inputType?.startsWith("delete")) box.value = mark(box.value);
});

// Call again for markup that was added later (a further concern on the sheet).
export function dress(root = document) {
  root.querySelectorAll("textarea[data-limit]").forEach(count);
  root.querySelectorAll("[data-typed]").forEach((box) => { box.inputMode = "numeric"; });
  for (const button of root.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    const hiddenWords = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.shown : hiddenWords;
    });
  }
}
dress();
