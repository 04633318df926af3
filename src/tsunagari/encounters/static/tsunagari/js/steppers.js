// Numbers with + and −: pressing changes them at once. Without this script each press is sent to the server.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step-by]");
  const input = button && button.closest(".stepper")?.querySelector("input");
  if (!input) return;
  event.preventDefault();
  const highest = Number(input.max) || Infinity;
  const number = Math.min(Math.max((Number(input.value) || 0) + Number(button.dataset.stepBy), 0), highest);
  input.value = String(number);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  const live = document.getElementById("live");
  if (live) live.textContent = `${button.closest(".stepper").getAttribute("aria-label")} ${number}`;
});
