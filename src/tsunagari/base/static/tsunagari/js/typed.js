// Words typed into a form that is no draft (drafts keep their own). Before such a form is sent the server is asked whether it
// answers and knows who is there: else what the browser puts in the place of this page would take the words with it.
import { warning } from "./banner.js";

const LONG = 20; // characters in one field
const PATIENCE = 10000;
const FORMS = "form[method=post]:not([data-draft-url], [data-repeatable], [hx-post])";
const FIELDS = "textarea, input:not([type]), input[type=text]";

const asking = new WeakSet();
const answered = new WeakSet();
const main = document.getElementById("main");
const long = (field) => field.value.trim().length >= LONG;
const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)];

/** Whether there are words in the form that nothing but this page knows: changed, or come back with something to put right. */
const unsent = (form) => fieldsOf(form).some((field) => long(field) && (field.value !== field.defaultValue || form.querySelector(".errors")));
const left = () => [...main.querySelectorAll(FORMS)].some((form) => !answered.has(form) && unsent(form));

function tell(form, words, loginUrl = "") {
  form.querySelector("[data-not-sent]")?.remove();
  const banner = warning("まだ保存していません", words, loginUrl, "ログインする（別の画面）");
  banner.dataset.notSent = "";
  form.prepend(banner);
  banner.scrollIntoView({ block: "nearest" });
}

async function ask(form, submitter) {
  const { sessionUrl, loginUrl } = document.body.dataset;
  const stays = "書いた文は、この画面に残っています。閉じずに、もう一度ボタンを押してください。";
  let answer;
  try {
    answer = await fetch(sessionUrl, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return tell(form, `つながりませんでした。${stays}`);
  }
  if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") {
    return tell(form, `ログインが切れています。別の画面でログインしてください。${stays}`, loginUrl);
  }
  if (!answer.ok) return tell(form, `サーバーが混み合っています。${stays}`);
  document.dispatchEvent(new CustomEvent("tsunagari:token", { detail: await answer.json() }));
  form.querySelector("[data-not-sent]")?.remove();
  answered.add(form);
  form.requestSubmit(submitter);
}

main?.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.submitter?.formMethod === "dialog") return;
  if (event.defaultPrevented || !form.matches(FORMS) || answered.has(form) || !fieldsOf(form).some(long)) return;
  event.preventDefault();
  if (asking.has(form)) return;
  asking.add(form);
  ask(form, event.submitter).finally(() => asking.delete(form));
});

document.addEventListener("tsunagari:expire", (event) => { if (left()) event.preventDefault(); });
window.addEventListener("beforeunload", (event) => { if (left()) event.preventDefault(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) main?.querySelectorAll(FORMS).forEach((form) => answered.delete(form)); });
