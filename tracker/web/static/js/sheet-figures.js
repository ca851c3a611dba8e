// Rate, minutes and measured points, worked out by the server: the rules live there and only there.
import { ask, resting } from "./sheet-send.js";

export function showFigures(form) {
  let last = 0;
  async function refresh() {
    const mine = ++last;
    const body = new FormData(form);
    for (const name of [...body.keys()]) if (/^(concerns|conclusions|verdicts)-/.test(name)) body.delete(name);
    const figures = await ask(form, form.dataset.figuresUrl, body);
    if (!figures?.ok || mine !== last) return;
    for (const place of form.querySelectorAll("[data-live]")) {
      const text = figures[place.dataset.live] ?? "";
      if (place.textContent !== text) place.textContent = text;
    }
  }
  const rest = resting(500, refresh);
  let before = "";
  return {
    changed() {
      const now = [...new FormData(form)].filter(([name]) => !/^(csrf|draft|concerns|conclusions|verdicts)/.test(name)).join();
      if (now !== before) { before = now; rest(); }
    },
  };
}
