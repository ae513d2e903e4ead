// The service worker: where the network fails, a page of ours instead of the
// browser's. The server puts `kept` before this: what to keep, and of which build.
// Nothing else is kept, and every request that can be answered by the network is.

const cacheName = `offline ${kept.build}`;
const languageKey = "/offline/";

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

async function install() {
  const cache = await caches.open(cacheName);
  await cache.addAll([...Object.values(kept.pages), ...kept.files]);
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

async function activate() {
  await self.registration.navigationPreload?.enable(); // the network does not wait for this script
  for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return; // a form that fails is the browser's to repeat
  if (request.mode === "navigate") event.respondWith(navigate(event));
  else if (kept.files.includes(new URL(request.url).pathname)) event.respondWith(file(request));
});

async function navigate(event) {
  try {
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    const language = response.headers.get("Content-Language");
    if (kept.pages[language]) event.waitUntil(remember(language));
    return response;
  } catch (failure) {
    const page = await caches.match(kept.pages[await remembered()]);
    if (!page) throw failure;
    return page;
  }
}

async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

// The language of the last page that was read is that of the page without a network.
let last;

async function remember(language) {
  if (language === last) return;
  last = language;
  const cache = await caches.open(cacheName);
  await cache.put(languageKey, new Response(language));
}

async function remembered() {
  const language = last ?? (await (await caches.match(languageKey))?.text());
  return kept.pages[language] ? language : Object.keys(kept.pages)[0];
}
