// Check-ins that are on their way. Every reading is written here before it is sent and taken out after its receipt, so that
// neither a lost connection nor a dying tablet loses one. On the disk they are sealed (AES-GCM) with a key made here that
// no program can read out; no name of anybody ever comes here.

const NAME = "tsunagari-kiosk";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
}

async function opened() {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore("kept", { autoIncrement: true });
    request.result.createObjectStore("own");
  });
  return asked(request);
}

export class Queue {
  #db;
  #key;

  /** Opens the store; rejects where the browser has none (a private window). */
  static async open() {
    const queue = new Queue();
    queue.#db = await opened();
    queue.#key = await queue.#sealing();
    await navigator.storage?.persist?.();
    return queue;
  }

  async #sealing() {
    const found = await this.setting("key");
    if (found) return found;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const store = this.#db.transaction("own", "readwrite");
    const first = await asked(store.objectStore("own").get("key")); // another tab may have been faster
    if (!first) store.objectStore("own").put(made, "key");
    await done(store);
    return first ?? made;
  }

  async #sealed(item) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(item));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, text) };
  }

  async #unsealed({ iv, data }) {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.#key, data);
    return JSON.parse(new TextDecoder().decode(text));
  }

  /** Writes a reading down, durably; its place in the row. */
  async keep(item) {
    const sealed = await this.#sealed(item);
    const transaction = this.#db.transaction("kept", "readwrite", { durability: "strict" });
    const place = asked(transaction.objectStore("kept").add(sealed));
    await done(transaction);
    return place;
  }

  async change(place, item) {
    const sealed = await this.#sealed(item);
    const transaction = this.#db.transaction("kept", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("kept");
    if (await asked(store.getKey(place)) !== undefined) store.put(sealed, place);
    await done(transaction);
  }

  async drop(...places) {
    const transaction = this.#db.transaction("kept", "readwrite", { durability: "strict" });
    for (const place of places) transaction.objectStore("kept").delete(place);
    await done(transaction);
  }

  async count() {
    return asked(this.#db.transaction("kept").objectStore("kept").count());
  }

  /** [place, item] of everything kept, in order; item is null where the seal does not open. */
  async all() {
    const store = this.#db.transaction("kept").objectStore("kept");
    const [places, sealed] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
    return Promise.all(places.map(async (place, at) => [place, await this.#unsealed(sealed[at]).catch(() => null)]));
  }

  async setting(name) {
    return asked(this.#db.transaction("own").objectStore("own").get(name));
  }

  async set(name, value) {
    const transaction = this.#db.transaction("own", "readwrite");
    transaction.objectStore("own").put(value, name);
    await done(transaction);
  }
}
