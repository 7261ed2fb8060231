// What all open pages of a site share: one connection to `galen serve`.
//
// A browser opens only six connections to a server at a time, so that a connection a
// page would be too many. What a page asks for is fetched here as well: here the
// page's own content security policy has no say.
//
// To a page:   {news}, {lost: true}, {id, status, url, text}
// From a page: {hello: true}, {bye: true}, {id, get, tag}
"use strict";

const OWN = "/__galen/";
// How long to wait before connecting again, in milliseconds: at first, and at most.
const FIRST_WAIT = 250;
const LONGEST_WAIT = 2000;

const ports = new Set();
let source = null;
let latest = null;
let wait = FIRST_WAIT;

function broadcast(message) {
  for (const port of ports) port.postMessage(message);
}

function listen() {
  const known = latest
    ? `?server=${encodeURIComponent(latest.server)}&build=${latest.build}`
    : "";
  source = new EventSource(`${OWN}events${known}`);
  source.onmessage = (event) => {
    wait = FIRST_WAIT;
    latest = JSON.parse(event.data);
    broadcast({ news: latest });
  };
  source.onerror = () => {
    // Opened anew, and not by the browser: the address says what is known.
    source.close();
    source = null;
    broadcast({ lost: true });
    setTimeout(listen, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

async function get(port, { id, get: path, tag }) {
  const headers = tag ? { "If-None-Match": `W/"${tag}"` } : {};
  try {
    const response = await fetch(path, { headers, cache: "no-store" });
    const text = await response.text();
    port.postMessage({ id, status: response.status, url: response.url, text });
  } catch {
    port.postMessage({ id, status: 0, url: path, text: "" });
  }
}

function accept(port) {
  port.onmessage = ({ data }) => {
    if (data.bye) {
      ports.delete(port);
    } else if (data.hello) {
      ports.add(port);
      // What changed was told before this page listened.
      if (latest) port.postMessage({ news: { ...latest, changed: null } });
    } else {
      get(port, data);
    }
  };
}

if ("SharedWorkerGlobalScope" in self) {
  self.onconnect = (event) => accept(event.ports[0]);
} else {
  accept(self);
}
listen();
