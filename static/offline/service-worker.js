// Keeps the page working without a network: cache only, in one version at a time.
//
// `cargo xtask build` writes version and files into this text and puts it into dist/ as sw.js. Every file is fetched
// with its hash, so a half-published version is never mixed with another; a new version waits until the person takes
// it (message "take-over") or the last window of the old one is closed. Addresses are relative: any path will do.
"use strict";

const VERSION = "@VERSION@";
const FILES = "@FILES@"; // address relative to the page -> "sha256-…"; "" is the page itself

const PREFIX = `chartroom ${self.registration.scope} `;
const CACHE = PREFIX + VERSION;
const address = (path) => new URL(path, self.registration.scope).href;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(answer(event.request, url));
});
self.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
  if (event.data === "status") event.waitUntil(status().then((status) => (event.ports[0] || event.source).postMessage(status)));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(FILES).map(async ([path, integrity]) => {
    const response = await fetch(new Request(address(path), { integrity, cache: "no-cache", redirect: "error" }));
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(address(path), response);
  }));
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function answer(request, url) {
  const scope = new URL(self.registration.scope).pathname;
  const path = url.pathname.startsWith(scope) ? url.pathname.slice(scope.length) : null;
  const wanted = request.mode === "navigate" && (path === "" || path === "index.html") ? "" : path;
  const kept = wanted === null ? undefined : await (await caches.open(CACHE)).match(address(wanted));
  return kept || new Response("Not one of the page's own files.", { status: 404, headers: { "Content-Type": "text/plain" } });
}

// What the tick beside "works offline" may rest on: every file is in the cache.
async function status() {
  const cache = await caches.open(CACHE);
  const kept = await Promise.all(Object.keys(FILES).map((path) => cache.match(address(path))));
  const files = kept.length;
  const cached = kept.filter(Boolean).length;
  return { type: "status", version: VERSION, files, cached, complete: files === cached };
}
