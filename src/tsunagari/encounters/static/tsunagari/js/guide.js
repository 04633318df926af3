// The guide beside a record: opens by itself where there is room, and follows what is pressed. Without this script its
// button opens the guide as a page of its own. A record handed in ends the draft the guide is asked for: nothing is asked then.
const box = document.querySelector("[data-guide]");
const link = box?.querySelector("[data-guide-open]");
const FOLLOWED = new Set(["categories", "concern", "people"]);
const room = window.matchMedia("(min-width: 76rem)");

let open = room.matches;
let waiting = 0;
let asked = new AbortController();

function callOff() {
  clearTimeout(waiting);
  asked.abort();
}

function address() {
  const form = document.querySelector("form[data-draft-url]");
  const pressed = [...new FormData(form)].filter(([name]) => FOLLOWED.has(name));
  return `${link.href}?${new URLSearchParams(pressed)}`;
}

// A fetch of its own: htmx writes an error to the console for every request it ends, by hx-sync or htmx:abort alike.
async function ask() {
  callOff();
  asked = new AbortController();
  const place = document.getElementById("guide-beside");
  try {
    const response = await fetch(address(), { headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "manual", signal: asked.signal });
    if (!response.ok) throw new Error(response.status);
    place.innerHTML = await response.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    const told = document.createElement("p");
    told.className = "body";
    told.textContent = "手引きを読めませんでした。もう一度「手引きを見る」を押してください。";
    place.replaceChildren(told);
  }
}

if (link) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open = true;
    ask();
  });
  document.addEventListener("change", (event) => {
    if (!open || !FOLLOWED.has(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-draft-url]")) callOff();
  });
  if (open) ask();
}
