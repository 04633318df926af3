// Keeps the tablet's page usable without a network, also after it was loaded anew. KNOWN stands above: {version, files}.

const CACHE = `tsunagari-kiosk-${KNOWN.version}`;
const PAGE = "/kiosk/";
const WAIT = 4000;

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(KNOWN.files.map((file) => new Request(file, { cache: "reload" })));
  const page = await fetch(PAGE, { credentials: "same-origin", cache: "no-store" });
  if (page.ok) await cache.put(PAGE, page);
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("tsunagari-kiosk-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The page as the server has it, else as it was: a tablet that was locked is not let in by an older copy. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(WAIT) });
    if (answer.ok) await cache.put(PAGE, answer.clone());
    if (answer.status === 403) await cache.delete(PAGE);
    if (answer.status < 500) return answer;
    return (await cache.match(PAGE)) ?? answer;
  } catch (error) {
    const kept = await cache.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (KNOWN.files.includes(url.pathname)) event.respondWith(file(request));
});
