// Keeps the sheet as it is typed: on the server, and on this device while there is no network.
import { ask, resting } from "./sheet-send.js";

const LEFT_OUT = new Set(["csrf_token", "do", "request_key", "draft_version"]);

function fields(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (!LEFT_OUT.has(name) && typeof value === "string") (values[name] ??= []).push(value);
  }
  return values;
}

const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

// What an earlier page could only leave on this device goes to the server, and is opened where it was left.
export async function rescue(form) {
  let places = [];
  try { places = Object.keys(localStorage).filter((name) => name.startsWith("sheet-")); } catch { return; }
  for (const place of places) {
    const kept = JSON.parse(localStorage.getItem(place));
    const answer = await ask(form, kept.url, kept.body);
    if (answer?.ok || answer?.code === "conflict") localStorage.removeItem(place);
    if (answer?.ok) return location.replace(kept.page);
  }
}

export function keepDraft(form) {
  const place = `sheet-${form.dataset.key}`;
  const words = form.querySelector("[data-bar-words]");
  const version = form.elements.draft_version;
  let dirty = false, running = false, sent = false, stopped = false;
  const say = (text) => { if (words && words.textContent !== text) words.textContent = text; };

  const token = [...crypto.getRandomValues(new Uint8Array(12))].join(".");
  const body = () => ({ values: { ...fields(form), page_token: [token] }, version: Number(version.value) || 0, corrects: Number(form.dataset.corrects) || null });
  function onDevice() {
    const kept = { url: form.dataset.draftUrl, page: form.dataset.draftPage, body: body() };
    try { localStorage.setItem(place, JSON.stringify(kept)); return true; } catch { return false; }
  }
  function forget() {
    try { localStorage.removeItem(place); } catch { /* private windows have no store */ }
  }

  async function save(keepalive = false) {
    if (!dirty || running || sent || stopped) return;
    dirty = false;
    running = true;
    const answer = await ask(form, form.dataset.draftUrl, body(), keepalive);
    running = false;
    if (answer?.ok) {
      version.value = answer.version;
      forget();
      say(form.dataset.saved.replace("{t}", clock()));
      if (!location.pathname.startsWith(form.dataset.draftPage)) history.replaceState(null, "", form.dataset.draftPage);
      if (dirty) rest();
    } else if (answer?.problem) {
      stopped = true;
      onDevice();
      say(answer.problem);
    } else {
      dirty = true;
      if (onDevice()) say(form.dataset.offline.replace("{t}", clock()));
      setTimeout(save, 15000);
    }
  }
  const rest = resting(1500, save);

  // Without a network the browser would leave this page for its own error page, and what was typed with it.
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (navigator.onLine) { sent = true; forget(); return; }
    event.preventDefault();
    dirty = true;
    onDevice();
    say(form.dataset.unsent);
  });
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("online", () => save());
  // A request that outlives its page may hold 64 kB; what is longer waits on the device.
  const leave = () => { if (dirty && !sent) { onDevice(); save(JSON.stringify(fields(form)).length < 60000); } };
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

  return { changed() { dirty = true; rest(); } };
}
