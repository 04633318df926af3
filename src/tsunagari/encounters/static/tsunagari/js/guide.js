// The guide beside a record: opens by itself where there is room, and follows what is pressed. Without this script its
// button opens the guide as a page of its own.
const box = document.querySelector("[data-guide]");
const link = box?.querySelector("[data-guide-open]");
const FOLLOWED = new Set(["categories", "concern", "people"]);
const room = window.matchMedia("(min-width: 76rem)");

function ask() { link.dispatchEvent(new CustomEvent("tsunagari:guide")); }

if (link) {
  let open = room.matches;
  let waiting = 0;
  link.addEventListener("click", () => { open = true; });
  document.addEventListener("change", (event) => {
    if (!open || !FOLLOWED.has(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
  if (open) window.addEventListener("load", ask);
}
