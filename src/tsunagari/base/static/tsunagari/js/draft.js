// Drafts that save themselves. A form with data-draft-url is sent there a moment after each change; what is unsent
// stays in memory only (this may be personal data) and is tried again until it is saved.
const PAUSE = 3000;
const LONGEST_WAIT = 60000;
const KEEPALIVE_LIMIT = 60000;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
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
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) this.handedOver(); });
  }

  get unsaved() { return this.changes !== this.savedChanges; }

  changed() {
    this.changes += 1;
    this.schedule(PAUSE);
  }

  handedOver() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  takenBack() {
    if (this.conflict) return;
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
      const body = this.body();
      const response = await fetch(this.url, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-CSRFToken": token(), Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: new Blob([body]).size < KEEPALIVE_LIMIT,
      });
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return this.signedOut();
      if (!response.ok && response.status !== 409) throw new Error(String(response.status));
      this.received(await response.json(), upTo);
    } catch {
      this.failed();
    }
  }

  received(answer, upTo) {
    if (this.failures) tell("tsunagari:announce", { text: "下書きを保存しました" });
    this.failures = 0;
    tell("tsunagari:contact", {});
    this.others(answer.others ?? []);
    if (answer.conflict) return this.conflicted(answer.conflict_url);
    this.version = String(answer.version ?? this.version);
    if (this.form.elements.draft_version) this.form.elements.draft_version.value = this.version;
    this.savedChanges = upTo;
    this.show("saved", `下書き保存ずみ ${answer.saved_at}`);
  }

  failed() {
    this.failures += 1;
    this.show("waiting", "保存できていません。つながりしだい保存します");
    if (this.failures === 1) tell("tsunagari:announce", { text: "下書きを保存できていません。つながりしだい保存します" });
    this.schedule(Math.min(PAUSE * 2 ** (this.failures - 1), LONGEST_WAIT));
  }

  signedOut() {
    this.failures += 1;
    this.show("waiting", "ログインが切れています。別の画面でログインすると保存します");
    if (this.failures === 1) tell("tsunagari:announce", { text: "ログインが切れています。別の画面でログインすると保存します" });
    this.schedule(Math.min(PAUSE * 2 ** this.failures, LONGEST_WAIT));
  }

  conflicted(url) {
    this.conflict = true;
    this.stopped = true;
    this.show("waiting", "ほかの人が先に保存しました");
    const banner = document.createElement("div");
    banner.className = "banner warn";
    banner.setAttribute("role", "alert");
    const words = document.createElement("div");
    const title = document.createElement("b");
    title.textContent = "ほかの人が先に保存しました";
    const what = document.createElement("p");
    what.textContent = "あなたの文はこの画面に残っています。両方を見くらべて、残す文を選んでください。";
    words.append(title, what);
    banner.append(words);
    if (url) {
      const link = document.createElement("a");
      link.className = "btn line small";
      link.href = url;
      link.target = "_blank";
      link.textContent = "見くらべる（別の画面）";
      banner.append(link);
    }
    const place = document.querySelector("[data-draft-conflict]");
    if (place) place.replaceChildren(banner);
    else this.form.before(banner);
    banner.scrollIntoView({ block: "nearest" });
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
const unsaved = () => drafts.some((draft) => draft.unsaved && (!draft.stopped || draft.conflict));

document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
document.addEventListener("tsunagari:flush", flush);
document.addEventListener("tsunagari:expire", (event) => { if (unsaved()) event.preventDefault(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) drafts.filter((draft) => draft.form === event.target).forEach((draft) => draft.takenBack());
});
window.addEventListener("pagehide", flush);
window.addEventListener("online", flush);
window.addEventListener("pageshow", (event) => { if (event.persisted) drafts.forEach((draft) => draft.takenBack()); });
window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
