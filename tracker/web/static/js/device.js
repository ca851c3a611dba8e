// What the server hasn't confirmed yet waits on this device: for one person at a time, and a week at most.
// Logging out empties it, and so does another person's log-in. docs/decisions/0018 says why.
const OWNER = "sheet-owner";
const MOST = 7 * 24 * 3600 * 1000;
const who = document.body.dataset.who;
const named = (key) => `sheet:${key}`;

// Private windows have no store, and a full one refuses.
function tried(work) {
  try { return work(); } catch { return undefined; }
}

function read(name) {
  return tried(() => JSON.parse(localStorage.getItem(name))) ?? null;
}

// Says whether it is kept. Nothing is, once the person has logged out or another has come, in whatever tab.
export function keep(key, sheet) {
  return tried(() => {
    if (!who || localStorage.getItem(OWNER) !== who) return false;
    localStorage.setItem(named(key), JSON.stringify({ ...sheet, key, at: Date.now() }));
    return true;
  }) ?? false;
}

export const forget = (key) => tried(() => localStorage.removeItem(named(key)));

export function kept() {
  const names = tried(() => Object.keys(localStorage)) ?? [];
  const found = names.filter((name) => name.startsWith(named(""))).map(read).filter(Boolean);
  return found.sort((a, b) => b.at - a.at);
}

function empty() {
  const names = tried(() => Object.keys(localStorage)) ?? [];
  for (const name of names) if (name === OWNER || name.startsWith(named(""))) localStorage.removeItem(name);
}

// On every page: nobody finds another's sheets, nothing grows old, and what the server confirmed goes.
export function tidyDevice() {
  if (who && tried(() => localStorage.getItem(OWNER)) !== who) {
    empty();
    tried(() => localStorage.setItem(OWNER, who));
  }
  const done = document.querySelector("[data-sheet-done]")?.dataset.sheetDone;
  for (const sheet of kept()) {
    const age = Date.now() - sheet.at;
    if (!(age < MOST) || (sheet.key === done && sheet.asSent)) forget(sheet.key);
  }
  const waiting = document.querySelector("[data-on-device]");
  const [latest] = kept();
  if (!waiting || !latest) return;
  waiting.querySelector("a").href = latest.action;
  waiting.hidden = false;
}

export function leaveDevice(event) {
  const question = event.target.dataset.logOut;
  if (!question || event.defaultPrevented) return;
  if (kept().length && !confirm(question)) return event.preventDefault();
  empty();
}
