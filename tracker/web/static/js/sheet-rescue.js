// What an earlier page could only leave on this device: taken to the server as a draft and opened where it was left.
// What the server doesn't take (it was sent, another device went on with it) is offered, never opened by itself.
import { forget, kept } from "./device.js";
import { ask, isRefused } from "./sheet-send.js";

// Opens the sheet as it was typed, whatever the server holds.
function open(form, sheet) {
  const carrier = document.createElement("form");
  const token = form.elements.csrf_token.value;
  const more = { csrf_token: [token], request_key: [sheet.key], draft_version: [sheet.body.version], do: ["open"] };
  carrier.method = "post";
  carrier.action = sheet.action;
  for (const [name, listed] of Object.entries({ ...sheet.body.values, ...more })) for (const value of listed) {
    const box = document.createElement("input");
    Object.assign(box, { type: "hidden", name, value });
    carrier.append(box);
  }
  document.body.append(carrier);
  carrier.submit();
}

function offer(form, sheet, why) {
  const place = document.querySelector("[data-left-behind]");
  const when = { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" };
  place.querySelector("[data-left-at]").textContent = new Date(sheet.at).toLocaleString("vi-VN", when);
  place.querySelector("[data-left-why]").textContent = why;
  place.querySelector("[data-left-open]").onclick = () => open(form, sheet);
  place.querySelector("[data-left-drop]").onclick = () => { forget(sheet.key); place.hidden = true; };
  place.hidden = false;
}

export async function rescue(form) {
  let touched = false;
  form.addEventListener("input", () => { touched = true; }, { once: true });
  for (const sheet of kept()) {
    let answer = null;
    // A line that has only just come back, or a server under load, gets another try while nothing is typed here.
    while (!answer && !touched) {
      answer = await ask(form, sheet.url, sheet.body);
      if (answer && !isRefused(answer.status) && !answer.ok) answer = null;
      if (!answer) await new Promise((go) => setTimeout(go, 3000));
    }
    if (touched || !answer?.ok) {
      if (answer?.ok) forget(sheet.key);
      else offer(form, sheet, answer?.problem ?? "");
      continue;
    }
    forget(sheet.key);
    return location.replace(sheet.page);
  }
}
