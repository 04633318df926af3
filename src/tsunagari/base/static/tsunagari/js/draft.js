// Drafts that save themselves. A form with data-draft-url is sent there a moment after each change; what is unsent
// stays in memory only (this may be personal data) and is tried again until it is saved. While the form is in view, its
// address data-draft-here is told so now and then, without any content: colleagues see who is writing, the session is not extended.
import { warning } from "./banner.js";

const PAUSE = 3000;
const PASTED = 200;
const LONGEST_WAIT = 60000;
const KEEPALIVE_LIMIT = 60000;
const HERE = 45000;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

const headers = () => ({ "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-CSRFToken": token(), Accept: "application/json" });

function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether this browser is signed in after all, by another window: then the page has the new token. */
function renewed() {
  const asked = {};
  tell("tsunagari:renew-token", asked);
  return asked.renewed;
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draftUrl;
    this.version = form.elements.draft_version?.value ?? form.dataset.draftVersion ?? "";
    this.client = form.elements.client_id?.value || newClientId();
    this.changes = 0;
    this.savedChanges = 0;
    this.failures = 0;
    this.stopped = false;
    this.timer = 0;
    this.sending = null;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) this.submitted(event); });
    form.addEventListener("paste", () => { this.pasted = true; });
    form.addEventListener("tsunagari:typed", () => this.changed());
  }

  get unsaved() { return this.changes !== this.savedChanges; }

  changed() {
    this.changes += 1;
    this.schedule(this.pasted ? PASTED : PAUSE); // a long text may be too long to be sent while the page goes away
    this.pasted = false;
  }

  // What is not saved as a draft yet is saved first: should the page behind the button not come, nothing typed is lost.
  async submitted(event) {
    if (this.checked || this.conflict || !this.unsaved) {
      this.checked = false;
      return this.handedOver();
    }
    event.preventDefault();
    if (this.submitting) return;
    this.submitting = true;
    await this.save();
    this.submitting = false;
    if (this.ended) return;
    if (this.unsaved && !this.conflict) return this.notSent();
    this.checked = true;
    this.form.requestSubmit(event.submitter);
  }

  notSent() {
    this.banner("まだ保存していません", `${this.reason}書いた文は、この画面に残っています。閉じずに、もう一度「保存する」を押してください。`, this.signIn ? this.loginUrl : "", "ログインする（別の画面）");
  }

  get loginUrl() { return document.body.dataset.loginUrl ?? ""; }

  handedOver() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  takenBack() {
    if (this.conflict || this.ended) return;
    this.stopped = false;
    if (this.unsaved) this.schedule(PAUSE);
  }

  schedule(wait) {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  body() {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") data.append(name, value);
    }
    data.set("draft_version", this.version);
    data.set("client_id", this.client);
    return data.toString();
  }

  async save() {
    clearTimeout(this.timer);
    if (this.stopped || !this.unsaved) return;
    if (this.sending) {
      await this.sending;
      return this.save();
    }
    this.sending = this.send();
    await this.sending;
    this.sending = null;
    if (this.unsaved && !this.failures) this.schedule(PAUSE);
  }

  async send() {
    const upTo = this.changes;
    this.show("saving", "保存しています…");
    try {
      let response = await this.post();
      if (response.status === 403 && await renewed()) response = await this.post();
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return this.signedOut();
      if (response.status === 410 || response.status === 404) return this.gone(await response.json().catch(() => ({})));
      if (!response.ok && response.status !== 409) return this.failed((await response.json().catch(() => ({}))).error);
      this.received(await response.json(), upTo);
    } catch {
      this.failed();
    }
  }

  post() {
    const body = this.body();
    return fetch(this.url, {
      method: "POST",
      body,
      headers: headers(),
      credentials: "same-origin",
      redirect: "manual",
      keepalive: new Blob([body]).size < KEEPALIVE_LIMIT,
    });
  }

  received(answer, upTo) {
    if (this.failures) tell("tsunagari:announce", { text: "下書きを保存しました" });
    this.failures = 0;
    this.told?.remove();
    tell("tsunagari:contact", {});
    this.others(answer.others ?? []);
    if (answer.conflict) return this.conflicted(answer.conflict_url);
    this.version = String(answer.version ?? this.version);
    if (this.form.elements.draft_version) this.form.elements.draft_version.value = this.version;
    this.savedChanges = upTo;
    this.show("saved", `下書き保存ずみ ${answer.saved_at}`);
  }

  failed(reason) {
    this.failures += 1;
    this.signIn = false;
    this.reason = reason ?? "つながりませんでした。";
    const text = reason ? `${reason}文はこの画面に残っています` : "保存できていません。つながりしだい保存します";
    this.show("waiting", text);
    if (this.failures === 1) tell("tsunagari:announce", { text: reason ? text : "下書きを保存できていません。つながりしだい保存します" });
    this.schedule(Math.min(PAUSE * 2 ** (this.failures - 1), LONGEST_WAIT));
  }

  signedOut() {
    this.failures += 1;
    this.signIn = true;
    this.reason = "ログインが切れています。別の画面でログインしてください。";
    this.show("waiting", "ログインが切れています。別の画面でログインすると保存します");
    if (this.failures === 1) tell("tsunagari:announce", { text: "ログインが切れています。別の画面でログインすると保存します" });
    this.schedule(Math.min(PAUSE * 2 ** this.failures, LONGEST_WAIT));
  }

  async here() {
    const url = this.form.dataset.draftHere;
    if (!url || this.stopped || document.hidden) return;
    try {
      const response = await fetch(url, { method: "POST", headers: headers(), credentials: "same-origin", redirect: "manual" });
      if (response.ok) this.others((await response.json()).others ?? []);
    } catch {
      // Being seen is a courtesy; what is typed is told of by save().
    }
  }

  gone(answer) {
    this.ended = true;
    const saved = answer.record_url;
    this.stop(
      saved ? "もう記録として保存されています" : "この下書きは、もうありません",
      "この画面のあとからの文は保存されていません。必要なところは写してから、この画面を閉じてください。",
      saved || this.form.dataset.draftList,
      saved ? "保存した記録を見る（別の画面）" : "記録の一覧を見る（別の画面）",
    );
  }

  conflicted(url) {
    this.conflict = true;
    this.stop(
      "別の画面で先に保存されています",
      "この画面の文も残してあります。両方を見くらべて、残す文を選んでください。",
      url,
      "見くらべる（別の画面）",
    );
  }

  stop(heading, explain, url, action) {
    this.stopped = true;
    this.show("waiting", heading);
    this.banner(heading, explain, url, action);
  }

  banner(heading, explain, url, action) {
    this.told?.remove();
    const banner = warning(heading, explain, url, action);
    const place = document.querySelector("[data-draft-conflict]");
    if (place) place.replaceChildren(banner);
    else this.form.before(banner);
    banner.scrollIntoView({ block: "nearest" });
    this.told = banner;
  }

  others(names) {
    const place = this.find("[data-draft-others]");
    const text = names.length ? `${names.map((name) => `${name}さん`).join("、")}も開いています` : "";
    if (!place || place.textContent === text) return;
    place.textContent = text;
    if (text) tell("tsunagari:announce", { text });
  }

  show(state, text) {
    const place = this.find("[data-draft-state]");
    if (!place) return;
    place.dataset.state = state;
    place.textContent = text;
  }

  find(selector) { return this.form.querySelector(selector) ?? document.querySelector(selector); }
}

const drafts = [...document.querySelectorAll("form[data-draft-url]")].map((form) => new Draft(form));
const flush = () => drafts.forEach((draft) => draft.save());
const unsaved = () => drafts.some((draft) => draft.unsaved && (!draft.stopped || draft.conflict || draft.ended));

document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
document.addEventListener("tsunagari:flush", flush);
document.addEventListener("tsunagari:expire", (event) => { if (unsaved()) event.preventDefault(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) drafts.filter((draft) => draft.form === event.target).forEach((draft) => draft.takenBack());
});
if (drafts.length) setInterval(() => drafts.forEach((draft) => draft.here()), HERE);
window.addEventListener("pagehide", flush);
window.addEventListener("online", flush);
window.addEventListener("pageshow", (event) => { if (event.persisted) drafts.forEach((draft) => draft.takenBack()); });
window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
