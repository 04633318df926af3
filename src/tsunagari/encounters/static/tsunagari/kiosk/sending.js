// Talking to the server, now or later: what is kept is sent in its order, once the server answers again.

const WAIT = 4000; // milliseconds until a silent server counts as away
const WAIT_SYNC = 20000;
const HEARTBEAT = 60000;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;
const BATCH = 20;

export class Away extends Error {}
export class Closed extends Error {}

/** The answer's data. Rejects with Away without an answer, Closed when this tablet may not check in. */
export async function post(path, body, wait = WAIT) {
  let response;
  let data;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(wait),
    });
    data = response.status < 500 && response.status !== 429 ? await response.json() : null;
  } catch {
    throw new Away();
  }
  if (response.status === 403) throw new Closed();
  if (data === null) throw new Away();
  return data;
}

/** Sends what the queue keeps. `place` is the agency this tablet stands at; readings of another one stay. */
export class Sender {
  held = new Set(); // readings somebody is still looking at
  away = false;
  #queue;
  #place;
  #changed;
  #closed;
  #timer = 0;
  #due = 0;
  #retry = FIRST_RETRY;

  constructor(queue, place, { changed, closed }) {
    this.#queue = queue;
    this.#place = place;
    this.#changed = changed;
    this.#closed = closed;
    addEventListener("online", () => this.soon());
    this.soon();
  }

  /** Sends in so many milliseconds, or earlier where that was asked for already: also while something is being sent. */
  soon(after = 0) {
    const due = performance.now() + after;
    if (this.#timer && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#run();
    }, after);
  }

  /** The server did not answer (true) or did. */
  async noted(away) {
    this.away = away;
    await this.#changed(await this.#queue.count(), away);
    if (away) this.soon(this.#retry);
  }

  async #run() {
    let next = HEARTBEAT;
    try {
      await this.#alone(() => this.#drain());
      this.#retry = FIRST_RETRY;
      await this.noted(false);
    } catch (error) {
      if (error instanceof Closed) this.#closed();
      this.away = true;
      await this.#changed(await this.#queue.count(), true);
      next = this.#retry * (0.8 + 0.4 * Math.random());
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
    }
    this.soon(next);
  }

  /** Of several windows of one tablet, one sends. */
  async #alone(work) {
    if (!navigator.locks) return work();
    return navigator.locks.request("tsunagari-kiosk", work);
  }

  async #drain() {
    for (;;) {
      const kept = await this.#queue.all();
      const ready = kept.filter(([place, item]) => item && item.place === this.#place && !this.held.has(place));
      const batch = ready.slice(0, BATCH);
      const items = batch.map(([, item]) => item);
      const { receipts } = await post("/kiosk/sync/", { now: Date.now(), waiting: kept.length, items }, WAIT_SYNC);
      const settled = batch.filter((_, at) => receipts[at] && receipts[at] !== "bad").map(([place]) => place);
      if (settled.length) await this.#queue.drop(...settled);
      if (settled.length < BATCH || ready.length === BATCH) return;
    }
  }
}
