// Asks how far a job is, every second or so while the page is looked at, and shows the page anew when it has ended.
const box = document.querySelector("[data-progress-url]");
const bar = box.querySelector("progress");
const label = box.querySelector("label");
const voice = box.querySelector("[data-progress-voice]");
let wait = 1000;

async function ask() {
  if (!document.hidden) {
    try {
      const answer = await fetch(box.dataset.progressUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const told = await answer.json();
      if (!told.is_under_way) return location.reload();
      bar.value = told.progress;
      if (label.textContent !== told.words) voice.textContent = label.textContent = told.words;
      wait = Math.min(wait * 1.15, 5000);
    } catch {
      wait = 10000; // the line is poor: the link below the bar still works
    }
  }
  setTimeout(ask, wait);
}
setTimeout(ask, wait);
