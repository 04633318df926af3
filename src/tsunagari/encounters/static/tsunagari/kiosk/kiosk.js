// The tablet at the door: which screen is shown, and what a reading leads to. Names of children are held for the seconds
// they are shown, and nowhere else.

import { Camera } from "./camera.js";
import { NUMBER_LENGTH, cardText, isNumber } from "./card.js";
import { listen } from "./keys.js";
import { Queue } from "./queue.js";
import { Away, Closed, Sender, post } from "./sending.js";

const BACK = 8; // seconds until the start screen
const IDLE = 30;
const SAME_CARD = 5000; // milliseconds in which the same card, still held there, is not read again
const PATIENCE = 300; // milliseconds before the wait is shown
const OPENING = 1000; // milliseconds a reading waits for the store to open
const MOST = 20;

const $ = (id) => document.getElementById(id);
const pause = (wait) => new Promise((go) => setTimeout(go, wait));
const { place, ends, worker } = document.body.dataset;
const screens = [...document.querySelectorAll(".screen")];

let queue = null;
let sender = null;
let shown = "start";
let ticking = 0;
let seconds = 0;
let atEnd = null; // what is done when a screen ends
let busy = false;
let last = { text: "", at: 0 };

// Screens ------------------------------------------------------------------------------------------------------------

function show(name, { state = "", back = BACK, ended = null } = {}) {
  finish();
  shown = name;
  atEnd = ended;
  for (const screen of screens) screen.hidden = screen.id !== name;
  const screen = $(name);
  for (const part of screen.querySelectorAll("[data-if]")) part.hidden = !part.dataset.if.split(" ").includes(state);
  const heading = screen.querySelector("h1");
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  $("live").textContent = name === "start" ? "" : spoken(screen);
  count(back);
}

function spoken(screen) {
  const parts = screen.querySelectorAll("h1 > span:not([hidden]), .lead > span:not([hidden])");
  const texts = parts.length ? [...parts] : [...screen.querySelectorAll("h1, .lead")];
  return texts.map((one) => [...one.childNodes].map(plain).join("")).join("。");
}

function plain(node) {
  return node.nodeName === "RUBY" ? node.firstChild.textContent : node.textContent;
}

/** Back to the start in so many seconds; 0: stay. */
function count(from) {
  clearInterval(ticking);
  seconds = from;
  if (!from) return;
  const ring = $(shown).querySelector("[data-ring]");
  ring?.classList.remove("runs");
  void ring?.offsetWidth; // its animation begins anew
  ring?.classList.add("runs");
  const tick = () => {
    if (ring) ring.querySelector("[data-left]").textContent = String(seconds);
    if (seconds <= 0) home();
    seconds -= 1;
  };
  tick();
  ticking = setInterval(tick, 1000);
}

function finish() {
  clearInterval(ticking);
  const ended = atEnd;
  atEnd = null;
  ended?.();
}

function home() {
  if (shown === "closed") return;
  show("start", { back: 0 });
  $("names").replaceChildren();
  typed = "";
}

function stay() {
  if (seconds) count(shown === "number" || shown === "new" ? IDLE : BACK);
}

function close() {
  busy = false;
  camera.stop();
  show("closed", { back: 0 });
}

// Readings -----------------------------------------------------------------------------------------------------------

async function read(raw) {
  const text = cardText(raw);
  const now = Date.now();
  if (shown === "closed" || busy || (raw === last.text && now - last.at < SAME_CARD)) return;
  last = { text: raw, at: now };
  beep(Boolean(text));
  if (!text) return show("sorry", { state: "unread" });
  busy = true;
  finish();
  await checkIn({ kind: "card", text, adults: 1, children: null });
  busy = false;
}

async function checkIn(what) {
  const item = { key: crypto.randomUUID(), at: Date.now(), place, ...what };
  const kept = await keep(item);
  const waiting = setTimeout(() => show("wait", { back: 0 }), PATIENCE);
  try {
    if (sender?.away || !navigator.onLine) throw new Away();
    const path = item.kind === "card" ? "/kiosk/check-in/" : "/kiosk/newcomer/";
    const data = await post(path, { key: item.key, text: item.text, adults: item.adults, children: item.children });
    if (kept) await queue.drop(kept);
    told(item, data);
  } catch (error) {
    if (error instanceof Closed) close();
    else if (!(error instanceof Away)) throw error;
    else if (kept) later(item, kept);
    else show("sorry", { state: "refused" });
  } finally {
    clearTimeout(waiting);
    if (shown !== "later") release(kept);
  }
}

async function keep(item) {
  await Promise.race([opened, pause(OPENING)]); // a card held to the tablet as it starts is kept like any other
  if (!queue) return null;
  const kept = await queue.keep(item);
  sender.held.add(kept);
  return kept;
}

function release(kept) {
  if (!sender) return;
  sender.held.delete(kept);
  queue.count().then((waiting) => line(waiting, sender.away));
}

function told(item, data) {
  if (data.state === "counted" && item.kind !== "card") return show("thanks", { state: "newcomer" });
  if (data.state === "counted" || data.state === "already") return thanks(item, data);
  return show("sorry", { state: ["unknown", "stopped", "paused"].includes(data.state) ? data.state : "refused" });
}

/** No server: the reading stays here; only how many came can be asked. */
function later(item, kept) {
  const ask = item.kind === "card";
  $("later-who").hidden = !ask;
  set("later", { adults: item.adults, children: null }); // unsaid: those who came last time
  let touched = false;
  changed.later = (counts) => {
    touched = true;
    Object.assign(item, counts);
  };
  sender.noted(true);
  show("later", {
    ended: async () => {
      if (ask && touched) await queue.change(kept, item);
      release(kept);
      sender.soon(1000);
    },
  });
}

// Thanks -------------------------------------------------------------------------------------------------------------

function thanks(item, data) {
  const names = $("names");
  $("who").hidden = data.names.length === 0;
  $("who-say").textContent = "";
  set("grown", { adults: data.adults });
  const fixed = data.state !== "counted";
  $("grown-people").hidden = fixed;
  $("who-ask").hidden = fixed;
  names.replaceChildren(...data.names.filter((one) => one.came || !fixed).map((one) => name(one, fixed)));
  const choose = () => chosen(item.key);
  changed.grown = choose;
  names.onclick = fixed ? null : (event) => press(event, choose);
  show("thanks", { state: data.state });
}

function name(child, fixed) {
  const line = document.createElement("li");
  const one = document.createElement(fixed ? "span" : "button");
  one.className = "child";
  one.textContent = child.name;
  if (!fixed) {
    one.type = "button";
    one.dataset.person = String(child.id);
    one.setAttribute("aria-pressed", String(child.came));
  }
  line.append(one);
  return line;
}

function press(event, choose) {
  const button = event.target.closest("button");
  if (!button) return;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  choose();
}

async function chosen(key) {
  stay();
  const pressed = [...$("names").querySelectorAll("[aria-pressed=true]")];
  const people = pressed.map((one) => Number(one.dataset.person));
  try {
    const data = await post("/kiosk/children/", { key, people, adults: counts("grown").adults });
    $("who-say").textContent = data.state === "counted" ? "" : "かえられませんでした。職員に声をかけてください";
  } catch (error) {
    if (error instanceof Closed) close();
    else $("who-say").textContent = "かえられませんでした。職員に声をかけてください";
  }
}

// How many -----------------------------------------------------------------------------------------------------------

const UNSAID = "？";
const changed = { later: null, grown: null, new: null };

function counts(group) {
  const found = {};
  for (const one of $(`${group}-people`).querySelectorAll("[data-count]")) {
    const said = Number(one.querySelector("output").textContent);
    found[one.dataset.count] = Number.isNaN(said) ? null : said;
  }
  return found;
}

function set(group, values) {
  for (const one of $(`${group}-people`).querySelectorAll("[data-count]")) {
    if (one.dataset.count in values) one.querySelector("output").textContent = String(values[one.dataset.count] ?? UNSAID);
  }
}

for (const group of ["new", "later", "grown"]) {
  $(`${group}-people`).addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const one = button.closest("[data-count]");
    const least = one.dataset.count === "adults" ? 1 : 0;
    const output = one.querySelector("output");
    const now = (Number(output.textContent) || 0) + Number(button.dataset.step);
    output.textContent = String(Math.max(least, Math.min(MOST, now)));
    stay();
    changed[group]?.(counts(group));
  });
}

// Number pad ---------------------------------------------------------------------------------------------------------

let typed = "";

function digits(text) {
  typed = text.slice(0, NUMBER_LENGTH);
  const places = [...typed.padEnd(NUMBER_LENGTH, "・")];
  $("digits").textContent = [places.slice(0, 3), places.slice(3, 6), places.slice(6)].map((g) => g.join("")).join(" ");
  $("number-say").textContent = "";
  if (typed.length < NUMBER_LENGTH) return;
  if (isNumber(typed)) {
    last = { text: "", at: 0 };
    read(typed);
  } else {
    $("number-say").textContent = "ばんごうが ちがうようです。もういちど おしてください";
    beep(false);
    typed = "";
  }
}

$("pad").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  stay();
  if (button.dataset.digit) digits(typed + button.dataset.digit);
  else digits(button.id === "pad-back" ? typed.slice(0, -1) : "");
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown !== "start") home();
  if (shown !== "number") return;
  if (/^[0-9０-９]$/.test(event.key)) digits(typed + event.key.normalize("NFKC"));
  else if (event.key === "Backspace") digits(typed.slice(0, -1));
  else return;
  stay();
});

// Sound, line, camera ------------------------------------------------------------------------------------------------

let audio = null;

function beep(good) {
  if (!audio) return;
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  gain.gain.value = 0.08;
  tone.frequency.value = good ? 1047 : 330;
  tone.connect(gain).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.12);
}

$("sound").addEventListener("click", () => {
  audio = audio ? null : new AudioContext();
  $("sound").setAttribute("aria-pressed", String(Boolean(audio)));
  beep(true);
});

async function line(waiting, away) {
  const parts = [];
  if (away) parts.push("いま つながっていません（うけつけは できます）");
  if (waiting > sender.held.size) parts.push(`送信待ち ${waiting - sender.held.size}件`);
  $("line").textContent = parts.join("　");
  $("line").classList.toggle("away", away);
}

const camera = new Camera($("video"), read);
let facing = "user";
let looking = false; // a camera is being asked for: asked twice at once, it would refuse

async function look() {
  if (looking) return;
  looking = true;
  try {
    await camera.start(facing);
    $("view").classList.add("on");
    $("camera-on").hidden = true;
    $("camera-turn").hidden = false;
    await queue?.set("camera", facing);
  } catch {
    $("view").classList.remove("on");
    $("camera-on").hidden = false;
    $("camera-turn").hidden = true;
    $("view-say").textContent = "カメラが つかえません。よみとりきか ばんごうを つかってください";
  } finally {
    looking = false;
  }
}

$("camera-on").addEventListener("click", look);
$("camera-turn").addEventListener("click", () => {
  facing = facing === "user" ? "environment" : "user";
  look();
});

// Beginning ----------------------------------------------------------------------------------------------------------

$("go-number").addEventListener("click", () => {
  show("number", { back: IDLE });
  digits("");
});
$("go-new").addEventListener("click", () => {
  set("new", { adults: 1, children: 1 });
  show("new", { back: IDLE });
});
$("new-send").addEventListener("click", async () => {
  if (busy) return;
  busy = true;
  finish();
  await checkIn({ kind: "newcomer", text: "", ...counts("new") });
  busy = false;
});
for (const button of document.querySelectorAll("[data-home]")) button.addEventListener("click", home);
listen(read);

async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  const already = navigator.serviceWorker.controller !== null;
  const registration = await navigator.serviceWorker.register(worker, { scope: "/kiosk/", updateViaCache: "none" });
  setInterval(() => registration.update().catch(() => {}), 3_600_000);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!already) return;
    const reload = setInterval(() => {
      if (shown === "start" && !busy) {
        clearInterval(reload);
        location.reload();
      }
    }, 1000);
  });
}

async function open() {
  try {
    queue = await Queue.open();
    sender = new Sender(queue, place, { changed: line, closed: close });
    facing = (await queue.setting("camera")) ?? facing;
  } catch {
    queue = null; // a private window: only while there is a network
  }
}

async function begin() {
  await opened;
  document.body.dataset.ready = queue ? "kept" : "online";
  await keepPage().catch(() => {});
  const allowed = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
  if (Camera.possible && (allowed?.state === "granted")) await look();
  else if (!Camera.possible) $("camera-on").hidden = true;
}

setInterval(() => {
  if (new Date(ends) <= new Date()) close();
}, 10_000);
const opened = open();
begin();
