// Served as sw.js unless `cargo xtask serve --pwa`: takes an earlier service worker and its cache away, so that what
// was just built is what one sees.
"use strict";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const prefix = `chartroom ${self.registration.scope} `;
  const old = (await caches.keys()).filter((name) => name.startsWith(prefix));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.unregister();
  // Only a window that an old version filled is loaded anew; otherwise each load would cause the next.
  if (old.length === 0) return;
  for (const client of await self.clients.matchAll({ type: "window" })) await client.navigate(client.url);
}
