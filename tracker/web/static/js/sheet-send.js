// One way to ask the server: JSON or a form's fields there, JSON back; null when no answer of its own came.
const PATIENCE = 30_000;

export async function ask(form, url, body, keepalive = false) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
  if (!(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  try {
    const answer = await fetch(url, { method: "POST", headers, body, keepalive, redirect: "error", signal: AbortSignal.timeout?.(PATIENCE) });
    const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    return { ok: answer.ok, status: answer.status, ...told };
  } catch {
    return null;
  }
}

// The server has looked at it and says no; too slow, too many and its own troubles are no such word.
export const isRefused = (status) => status >= 400 && status < 500 && status !== 408 && status !== 429;

// Calls the last of many calls, once the person rests.
export function resting(milliseconds, call) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), milliseconds);
  };
}
