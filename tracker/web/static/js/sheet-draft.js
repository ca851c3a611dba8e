// Keeps the sheet as it is typed, on the server and until then on this device, and sends it without leaving the page
// before an answer has come.
import { forget, keep } from "./device.js";
import { ask, isRefused, resting } from "./sheet-send.js";

const LEFT_OUT = new Set(["csrf_token", "do", "request_key", "draft_version"]);

function fields(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (!LEFT_OUT.has(name) && typeof value === "string") (values[name] ??= []).push(value);
  }
  return values;
}

const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

export function keepDraft(form) {
  const key = form.dataset.key;
  const words = form.querySelector("[data-bar-words]");
  const alarm = form.querySelector("[data-unsent-words]");
  const version = form.elements.draft_version;
  let dirty = false, running = false, sending = false, gone = false, stopped = "", first = null;
  const say = (text) => { if (words && words.textContent !== text) words.textContent = text; };

  const token = [...crypto.getRandomValues(new Uint8Array(12))].join(".");
  const body = () => ({ values: { ...fields(form), page_token: [token] }, version: Number(version.value) || 0, corrects: Number(form.dataset.corrects) || null });
  const now = () => JSON.stringify(fields(form));
  // `asSent`: what is kept is what went off first, so that a receipt confirms all of it.
  const onDevice = () => keep(key, { url: form.dataset.draftUrl, page: form.dataset.draftPage, action: form.action, body: body(), asSent: now() === first });

  async function save(keepalive = false) {
    if (!dirty || running || sending || gone) return;
    const isKept = onDevice();
    if (stopped) return say(stopped);
    dirty = false;
    running = true;
    const answer = await ask(form, form.dataset.draftUrl, body(), keepalive);
    running = false;
    if (gone) return;
    if (answer?.ok) {
      version.value = answer.version;
      if (dirty) return rest();
      if (!sending) forget(key);
      say(form.dataset.saved.replace("{t}", clock()));
      if (!location.pathname.startsWith(form.dataset.draftPage)) history.replaceState(null, "", form.dataset.draftPage);
    } else if (answer?.problem) {
      stopped = answer.problem;
      dirty = true;
      say(stopped);
    } else {
      dirty = true;
      if (isKept) say((answer ? form.dataset.unkept : form.dataset.offline).replace("{t}", clock()));
      setTimeout(save, 15000);
    }
  }
  const rest = resting(1500, save);

  const hold = (is) => { for (const part of form.querySelectorAll(".part")) part.inert = is; };

  async function send(button) {
    const typed = new FormData(form);
    typed.append(button.name, button.value);
    first ??= now();
    const isKept = onDevice();
    sending = true;
    hold(true);
    alarm.textContent = "";
    say(form.dataset.sending);
    const answer = await ask(form, form.action, typed);
    sending = false;
    hold(false);
    say("");
    if (answer?.next) {
      gone = true;
      forget(key);
      return location.assign(answer.next);
    }
    if (isRefused(answer?.status)) {
      if (answer.status === 409) { first = ""; onDevice(); }
      gone = true;
      return form.requestSubmit(button);
    }
    button.textContent = form.dataset.again;
    alarm.textContent = isKept ? (answer || navigator.onLine ? form.dataset.unsure : form.dataset.unsent) : form.dataset.unstored;
    if (dirty) rest();
  }

  // The server divides a row and answers with the page: only once it has all that was typed, or a dead line would
  // put the browser's error page in its place.
  async function divide(button) {
    if (running) return void setTimeout(() => divide(button), 300);
    await save();
    if (dirty) return;
    gone = true;
    form.requestSubmit(button);
  }

  // Left to the browser, a dead network would put its own error page in the place of what was typed.
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.defaultPrevented || gone || !button) return;
    event.preventDefault();
    if (sending) return;
    if (button.value === "submit") return send(button);
    dirty = true;
    if (button.value.startsWith("split-")) return divide(button);
    save();
  });
  addEventListener("pageshow", () => { gone = false; });
  addEventListener("online", () => save());
  // A request that outlives its page may hold 64 kB; what is longer waits on the device.
  const leave = () => { if (dirty && !gone) { if (!sending) onDevice(); save(now().length < 60000); } };
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

  return { changed() { dirty = true; rest(); } };
}
