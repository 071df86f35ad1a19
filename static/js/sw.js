/* Keeps the shell of capturing and what it needs, never a page of a person; sends when the line is back.
   VERSION and KEPT are written above by the portal; another content is another worker. */
import { wake } from "/static/js/capture/outbox.js";

const SHELL = "/dokumen/foto";
const NAME = `portal-${VERSION}`;

addEventListener("install", (event) => {
  const fresh = KEPT.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = async () => (await caches.keys()).filter((name) => name !== NAME);
  event.waitUntil(old().then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => clients.claim()));
});

const kept = async (address) => (await caches.open(NAME)).match(address);

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (KEPT.includes(pathname + search)) event.respondWith(kept(pathname + search).then((found) => found || fetch(request)));
});

/* The shell opens from here at once, always with the scripts of its own version. */
async function page(request, path) {
  const shell = path === SHELL && await kept(SHELL);
  if (shell) return shell;
  try {
    return await fetch(request);
  } catch {
    return kept(path === "/dokumen/baru" ? SHELL : "/luring");
  }
}

addEventListener("sync", (event) => event.waitUntil(wake()));
