// The end of a session, announced. Counts from the last time the server heard from any tab of this browser; only times are shared
// between tabs. Two minutes before the end a dialog asks; drafts are sent first; afterwards the sign-in page opens.
const { sessionSeconds, sessionUrl, loginUrl } = document.body.dataset;
const LENGTH = Number(sessionSeconds) * 1000;
const WARNING = Math.min(120000, LENGTH / 3);
const TOUCH = Math.min(300000, LENGTH / 4);

const dialog = document.getElementById("session-dialog");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("tsunagari-session") : null;
let heard = Date.now();
let flushed = 0;
let touching = false;
let over = false;

const flush = () => document.dispatchEvent(new CustomEvent("tsunagari:flush"));

function contact(at = Date.now(), share = true) {
  if (at <= heard && !share) return;
  heard = Math.max(heard, at);
  flushed = 0;
  if (share) channel?.postMessage({ heard: at });
  if (dialog?.open && !over) dialog.close();
}

function toSignIn() {
  const leave = document.dispatchEvent(new CustomEvent("tsunagari:expire", { cancelable: true }));
  if (leave) window.location.assign(`${loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}`);
  else lock();
}

// Something could not be saved: hide the page from whoever passes by, keep the text, let its writer come back.
function lock() {
  over = true;
  document.body.classList.add("locked");
  const error = dialog.querySelector("[data-session-error]");
  error.hidden = false;
  error.textContent = "保存できていない文があります。別の画面でログインしてから「つづける」を押すと、ここにもどります。";
  if (!dialog.open) dialog.showModal();
}

function renew() {
  const asked = {};
  document.dispatchEvent(new CustomEvent("tsunagari:renew-token", { detail: asked }));
  return asked.renewed;
}

const extend = () => fetch(sessionUrl, {
  method: "POST",
  headers: { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "", Accept: "application/json" },
  credentials: "same-origin",
  redirect: "manual",
});

async function touch() {
  if (touching) return;
  touching = true;
  try {
    let response = await extend();
    if (response.status === 403 && await renew()) response = await extend();
    if (response.ok) {
      over = false;
      document.body.classList.remove("locked");
      dialog.querySelector("[data-session-error]").hidden = true;
      contact();
      flush();
    } else if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      toSignIn();
    } else {
      throw new Error(String(response.status));
    }
  } catch {
    if (dialog.open) dialog.querySelector("[data-session-error]").hidden = false;
  } finally {
    touching = false;
  }
}

function check() {
  if (over) return;
  const left = heard + LENGTH - Date.now();
  if (left <= 0) return toSignIn();
  if (left > WARNING) return;
  if (!dialog.open) {
    flush();
    dialog.showModal();
  }
  if (left < 15000 && !flushed) {
    flushed = 1;
    flush();
  }
  const seconds = Math.ceil(left / 1000);
  dialog.querySelector("[data-session-left]").textContent = seconds > 60 ? `${Math.ceil(seconds / 60)}分` : `${Math.ceil(seconds / 10) * 10}秒`;
}

if (dialog && LENGTH > 0) {
  channel?.addEventListener("message", (event) => {
    if (event.data.out) toSignIn();
    else contact(event.data.heard, false);
  });
  channel?.postMessage({ heard });
  document.addEventListener("tsunagari:contact", () => contact());
  document.addEventListener("htmx:afterOnLoad", () => contact());
  dialog.querySelector("[data-session-continue]").addEventListener("click", touch);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    touch();
  });
  for (const name of ["keydown", "pointerdown"]) {
    document.addEventListener(name, () => { if (!dialog.open && Date.now() - heard > TOUCH) touch(); }, { passive: true });
  }
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action, location.href).pathname.endsWith("/logout/")) channel?.postMessage({ out: true });
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
  setInterval(check, 5000);
}
