// What every page needs: CSRF for htmx, keys, focus after a swap, announcements, toasts, one submit at a time.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Requests -------------------------------------------------------------------------------------------
// Who signs in again elsewhere gets another token; a page that was left open asks for it (`detail.renewed`) and goes on.
async function renewToken() {
  const response = await fetch(document.body.dataset.sessionUrl, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" });
  if (!response.ok) return false;
  takeToken(await response.json());
  return true;
}

function takeToken({ token }) {
  $('meta[name="csrf-token"]').content = token;
  for (const field of $$('input[name="csrfmiddlewaretoken"]')) field.value = token;
}

document.addEventListener("tsunagari:token", (event) => takeToken(event.detail));

document.addEventListener("tsunagari:renew-token", (event) => { event.detail.renewed = renewToken().catch(() => false); });

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = $('meta[name="csrf-token"]')?.content ?? "";
});

// A refusal arrives as a fragment that names its own place (HX-Retarget): show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast("つながりませんでした。電波を確かめて、もう一度お試しください。", "error"));
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) toast("うまく動きませんでした。少し待ってから、もう一度お試しください。", "error");
});

// Saying things ----------------------------------------------------------------------------------------
function announce(text) {
  const live = $("#live");
  if (!live || !text) return;
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

function toast(text, level = "success") {
  const area = $("#toast");
  const model = $("#toast-model");
  if (!area || !model) return;
  const item = model.content.firstElementChild.cloneNode(true);
  $("[data-toast-text]", item).textContent = text;
  item.classList.toggle("bad", level === "error");
  area.append(item);
}

function letGo(item) {
  if (item.dataset.timed || item.classList.contains("bad")) return;
  item.dataset.timed = "1";
  const stay = $("form", item) ? 20000 : 8000;
  let left = stay;
  const timer = setInterval(() => {
    if (item.matches(":hover") || item.contains(document.activeElement) || document.hidden) return;
    left -= 500;
    if (left <= 0 || !item.isConnected) {
      clearInterval(timer);
      item.remove();
    }
  }, 500);
}

const toastArea = $("#toast");
if (toastArea) {
  $$("[data-toast]", toastArea).forEach(letGo);
  new MutationObserver(() => $$("[data-toast]", toastArea).forEach(letGo)).observe(toastArea, { childList: true });
}

document.addEventListener("tsunagari:toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.level));
document.addEventListener("tsunagari:announce", (event) => announce(event.detail.text ?? event.detail.value));

// After a swap: put focus where reading goes on, and say how much there is. -----------------------------
function focusOn(element) {
  if (!element) return;
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus();
}

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target ?? event.target;
  if (!target?.isConnected) return;
  const marked = target.matches("[data-focus]") ? target : $("[data-focus]", target);
  if (marked) focusOn(marked);
  else if (document.activeElement === document.body) focusOn($("h1, h2, h3", target) ?? target);
  const said = target.matches("[data-announce]") ? target : $("[data-announce]", target);
  if (said) announce(said.dataset.announce);
});

const started = document.activeElement; // somebody may be typing already
if (started === document.body || started.autofocus) $(".errors[data-focus]")?.focus();

// Typed before the scripts had arrived: forms that answer as one types are told so once all have. -----------
const ANSWERING = "form[data-draft-url], form[hx-trigger*='tsunagari:typed']";

/** Whether the form no longer says what the server gave. */
function touched(form) {
  const given = form.cloneNode(true);
  given.reset();
  const said = (one) => JSON.stringify([...new FormData(one)].filter(([, value]) => typeof value === "string"));
  return said(form) !== said(given);
}

document.addEventListener("DOMContentLoaded", () => {
  for (const form of $$(ANSWERING)) if (touched(form)) form.dispatchEvent(new CustomEvent("tsunagari:typed"));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest('.errors a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field") ?? field).scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

// Search, lists and menus by keyboard --------------------------------------------------------------------
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
const search = $("[data-search]");
const results = $("[data-results]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && search && !typing(event.target) && !$("dialog[open]")) {
    event.preventDefault();
    $("input[name=q]", search).focus();
    $("input[name=q]", search).select();
  } else if (event.key === "Escape") {
    closeMenus(event);
  } else if (["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
    walk(event);
  }
});

function walk(event) {
  const inSearch = search?.contains(event.target);
  const box = inSearch ? results : event.target.closest("[data-keys], .menu-list");
  if (!box || (typing(event.target) && !inSearch)) return;
  if (inSearch && typing(event.target) && !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = rowsOf(box);
  if (!stops.length) return;
  event.preventDefault();
  const now = stops.findIndex((stop) => stop === document.activeElement || stop.closest("li, tr")?.contains(document.activeElement));
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (next < 0 && inSearch) $("input[name=q]", search).focus();
  else stops[Math.max(0, Math.min(next, stops.length - 1))].focus();
}

const rowsOf = (box) => $$("li, tbody tr", box).map((row) => $("a.cover, a, button", row)).filter(Boolean);

function closeMenus(event) {
  if (search?.contains(event.target) && results.childElementCount) {
    results.replaceChildren();
    $("input[name=q]", search).focus();
    event.preventDefault();
  }
  const menu = event.target.closest("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    $("summary", menu).focus();
  }
}

search?.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !search.contains(event.relatedTarget)) results.hidden = true;
});
search?.addEventListener("focusin", () => { results.hidden = false; });

document.addEventListener("click", (event) => {
  for (const menu of $$("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  if (search && !search.contains(event.target)) results.hidden = true;
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
  if (event.target.closest("[data-print]")) window.print();
});

// One submit at a time -------------------------------------------------------------------------------------
const once = (form) => form.method === "post" && !("repeatable" in form.dataset);

function hold(form, submitter) {
  form.dataset.sent = "1";
  setTimeout(() => {
    for (const button of $$("button[type=submit], button:not([type]), input[type=submit]", form)) {
      button.setAttribute("aria-disabled", "true");
      if (button === submitter) button.dataset.busy = "1";
    }
  });
}

function release(form) {
  delete form.dataset.sent;
  for (const button of $$("[aria-disabled]", form)) {
    button.removeAttribute("aria-disabled");
    delete button.dataset.busy;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.submitter?.formMethod === "dialog" || form.method === "dialog" || !once(form)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    hold(form, event.submitter);
  }
}, true);

// A later listener may still have said no (a failed check): then the form is free again.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented && !event.target.closest("[hx-post], [hx-put], [hx-patch], [hx-delete], [data-hx-post]")) {
    setTimeout(() => release(event.target));
  }
});

for (const name of ["htmx:afterRequest", "htmx:sendError", "htmx:timeout", "htmx:sendAbort", "htmx:validation:halted"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
}
window.addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-sent]").forEach(release); });

// Browsers leave what they can see a corner of where it is: what has the focus in a row that scrolls sideways is shown whole.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".side, .tabs, .strip-wrap, .table-wrap");
  if (row && event.target.matches("a:focus-visible, button:focus-visible")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// The narrow navigation scrolls sideways: bring the current item into view.
const side = $(".side");
const here = side && $("[aria-current]", side);
if (here && side.scrollWidth > side.clientWidth) side.scrollLeft = here.offsetLeft - side.clientWidth / 2 + here.offsetWidth / 2;
