// The service worker: the whole app on the device, one build at a time.
//
// In: the files of one build, by name. Out: the same files with no network, for every address of the app. Must not:
// touch what the app asks its server, keep anything about orders, or swap a build under a running page.
//
// The build writes the next two lines: its own name, and every file of it ("/index.html", "/app-….wasm", …).
const BUILD = "__BUILD__";
const FILES = __PRECACHE__;

const PREFIX = "custody-";
const OWN = PREFIX + BUILD;
const SHELL = "/index.html";
const NOT_OURS = ["/api/", "/v1/", "/healthz", "/authority.crt"];

// Which builds are on this device, kept beside them. A cache that is not named here is never deleted: it may belong
// to a newer build that is being fetched this minute.
const RECORD_CACHE = "custody.record";
const RECORD = "/custody.record";
const NOTHING = { installed: [], active: null, previous: null, pagesOfPrevious: [] };

async function readRecord() {
  const kept = await (await caches.open(RECORD_CACHE)).match(RECORD);
  return kept ? { ...NOTHING, ...(await kept.json()) } : { ...NOTHING };
}

// Two workers, one installing and one active, may change the record at the same time.
function changeRecord(change) {
  const work = async () => {
    const record = await readRecord();
    await change(record);
    const cache = await caches.open(RECORD_CACHE);
    await cache.put(RECORD, new Response(JSON.stringify(record)));
  };
  return self.navigator.locks ? self.navigator.locks.request(RECORD_CACHE, work) : work();
}

async function windowIds() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return pages.map((page) => page.id);
}

// All files or none: addAll stores nothing when one of them fails. "reload" goes past the HTTP cache, which on some
// devices has handed out yesterday's shell for days.
async function fetchBuild() {
  const cache = await caches.open(OWN);
  await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
}

// The name is noted first, so that a build whose fetch failed half way can still be cleared away later.
async function install() {
  await changeRecord((record) => {
    record.installed = [...record.installed.filter((name) => name !== OWN), OWN];
  });
  await fetchBuild();
}

// The page that asked for the update still runs the build before, and may yet load a part of it. That build stays
// until every page that ran it is gone; builds older than that go now.
async function activate() {
  const pages = await windowIds();
  await changeRecord(async (record) => {
    if (record.active !== OWN) {
      record.previous = record.active;
      record.active = OWN;
      record.pagesOfPrevious = record.previous ? pages : [];
    }
    const newer = record.installed.slice(record.installed.indexOf(OWN) + 1);
    const keep = new Set([OWN, record.previous, ...newer]);
    const gone = record.installed.filter((name) => !keep.has(name));
    record.installed = record.installed.filter((name) => keep.has(name));
    await Promise.all(gone.map((name) => caches.delete(name)));
  });
  await self.clients.claim();
}

async function dropPreviousWhenUnused() {
  const { active, previous } = await readRecord();
  if (active !== OWN || !previous) {
    return;
  }
  const open = new Set(await windowIds());
  await changeRecord(async (record) => {
    if (record.previous && !record.pagesOfPrevious.some((id) => open.has(id))) {
      await caches.delete(record.previous);
      record.installed = record.installed.filter((name) => name !== record.previous);
      record.previous = null;
      record.pagesOfPrevious = [];
    }
  });
}

// A device may lose its caches while it keeps this worker. Then nothing here may throw: the network answers, and one
// attempt is made to have the build back.
let refilled = false;

async function refillOnce() {
  if (!refilled) {
    refilled = true;
    await fetchBuild();
  }
}

async function fromCache(name, path) {
  try {
    return name ? await caches.match(path, { cacheName: name, ignoreVary: true }) : undefined;
  } catch {
    return undefined;
  }
}

async function fromPrevious(path) {
  try {
    return await fromCache((await readRecord()).previous, path);
  } catch {
    return undefined;
  }
}

// A browser refuses a redirected answer for a page, and a server may redirect "/index.html" to "/".
async function asPage(answer) {
  if (!answer.redirected) {
    return answer;
  }
  return new Response(await answer.blob(), { status: answer.status, headers: answer.headers });
}

function cannotStart() {
  const words =
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Custody</title>" +
    "<body style='font:1.5rem/1.4 system-ui,sans-serif;margin:2rem'><h1>The app files are gone</h1>" +
    "<p>Your saved acts are still on this device. Connect to the network, then open Custody again.</p>" +
    "<h1 lang=es>Faltan los archivos de la aplicación</h1><p lang=es>Lo guardado sigue en este dispositivo. " +
    "Conéctese a la red y abra Custody otra vez.</p>";
  return new Response(words, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function page(event) {
  const kept = await fromCache(OWN, SHELL);
  if (kept) {
    return asPage(kept);
  }
  event.waitUntil(refillOnce().catch(() => undefined));
  return fetch(event.request).catch(() => cannotStart());
}

async function file(request, path) {
  return (await fromCache(OWN, path)) ?? (await fromPrevious(path)) ?? fetch(request);
}

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

// The page asks only when nothing is being written and no order is open; a worker never decides that itself.
self.addEventListener("message", (event) => {
  const type = event.data?.type;
  if (type === "activate-update") {
    event.waitUntil(self.skipWaiting());
  } else if (type === "which-build") {
    event.ports[0]?.postMessage({ build: BUILD });
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.origin === self.location.origin && request.method === "GET";
  if (!ours || NOT_OURS.some((start) => url.pathname.startsWith(start)) || request.headers.has("range")) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(page(event));
    event.waitUntil(dropPreviousWhenUnused().catch(() => undefined));
  } else {
    event.respondWith(file(request, url.pathname));
  }
});
