// What `galen serve` runs in a page: when a build changes the page, the page becomes the
// new one without being loaded again, and what is wrong with the site's files is shown
// over it.
//
// `take` is where news arrive. A page is renewed by `renew`, its style sheets by
// `renewStyles`, and the findings are drawn by `overlay`.

const OWN = "/__galen/";
const script = document.currentScript;
// What this page is: server, build, site, path and page (see `inject.rs`).
const facts = { ...script.dataset, build: Number(script.dataset.build) };
// Before a policy of the page can forbid it.
const trusted = window.trustedTypes?.createPolicy("galen", { createHTML: (html) => html });

// How long changed words are marked, in milliseconds.
const MARKED = 1500;
// More changes than this are another page rather than an edit, and are not marked.
const MOST_MARKS = 200;
// How long to wait for a style sheet before going on without it, in milliseconds.
const STYLE_PATIENCE = 2000;
// How long a connection may be lost before that is said, in milliseconds.
const LOST_PATIENCE = 2500;

// --- The connection ---------------------------------------------------------------

const port = connect();
const answers = new Map();
let asked = 0;

function connect() {
  const address = `${OWN}worker.js`;
  try {
    return new SharedWorker(address, { name: "galen" }).port;
  } catch {
    return new Worker(address);
  }
}

port.onmessage = ({ data }) => {
  if (data.news) {
    take(data.news);
  } else if (data.lost) {
    overlay.lost(true);
  } else {
    answers.get(data.id)?.(data);
    answers.delete(data.id);
  }
};

function get(path, tag) {
  const id = ++asked;
  return new Promise((resolve) => {
    answers.set(id, resolve);
    port.postMessage({ id, get: path, tag });
  });
}

addEventListener("pagehide", () => port.postMessage({ bye: true }));
addEventListener("pageshow", (event) => {
  if (event.persisted) port.postMessage({ hello: true });
});

// --- News ---------------------------------------------------------------------------

// News are taken one after the other, in their order.
let taken = Promise.resolve();

function take(news) {
  taken = taken.then(() => digest(news)).catch(() => location.reload());
}

async function digest(news) {
  overlay.lost(false);
  const isSameServer = news.server === facts.server;
  if (!isSameServer && news.site !== facts.site) return location.reload();
  const isNew = !isSameServer || news.build > facts.build;
  const changed = isSameServer ? await changedSince(facts.build, news) : [];
  facts.server = news.server;
  facts.site = news.site;
  facts.build = Math.max(news.build, isSameServer ? facts.build : 0);
  // What changed is no longer known, for a page that was away for many builds.
  if (isNew && changed === null) return location.reload();
  if (isNew) {
    const own = changed.find(([path]) => path === facts.path);
    if (own && (own[1] ?? "") !== facts.page) await renew();
    const others = changed.filter(([path]) => path !== facts.path && !path.endsWith(".html"));
    if (!renewAssets(new Map(others))) return location.reload();
  }
  const known = `${news.server} ${news.findings}`;
  if (overlay.known !== known) {
    const got = await get(`${OWN}findings?path=${encodeURIComponent(facts.path)}`);
    if (got.status === 200) overlay.show(JSON.parse(got.text), known);
  }
}

// Returns what changed for this page since `build`. The news say it to those who listened
// when it happened, unless it was much, and the page may be older than the connection.
async function changedSince(build, news) {
  if (news.changed !== null || news.build <= build) return news.changed;
  const known = new URLSearchParams({ server: news.server, build, path: facts.path });
  const got = await get(`${OWN}news?${known}`);
  return got.status === 200 ? JSON.parse(got.text).changed : null;
}

// --- The page -----------------------------------------------------------------------

async function renew() {
  const got = await get(location.pathname + location.search, facts.page);
  if (got.status === 304 || got.status === 0) return;
  if (new URL(got.url).pathname !== location.pathname) return location.assign(got.url);
  const html = trusted ? trusted.createHTML(got.text) : got.text;
  const next = new DOMParser().parseFromString(html, "text/html");
  const own = next.querySelector("script[data-server]");
  // Scripts have run, and only a page that is loaded runs others.
  if (!own || scripts(next) !== scripts(document)) return location.reload();
  facts.page = own.dataset.page;
  own.remove();

  const outdated = await renewHead(next.head);
  for (const element of outdated) element.remove();
  copyAttributes(document.documentElement, next.documentElement);
  const marks = morph(document.body, next.body);
  mark(marks);
  // For scripts of the site that change the page: their changes may be gone.
  document.dispatchEvent(new CustomEvent("galen:renewed"));
}

function scripts(page) {
  const all = [...page.querySelectorAll("script:not([data-server])")];
  return all.filter((one) => !isData(one)).map((one) => one.outerHTML).join("\n");
}

function isData(element) {
  return /json|importmap|speculationrules/.test(element.type);
}

// Adds what is new in the head, waits for style sheets, and returns what is to go.
async function renewHead(next) {
  // Of a style sheet that is being loaded again, there are two for a while.
  const before = new Map();
  for (const element of document.head.children) {
    if (element === script) continue;
    const alike = before.get(identity(element)) ?? [];
    before.set(identity(element), [...alike, element]);
  }
  const loading = [];
  let place = script.nextElementSibling;
  for (const element of next.children) {
    const known = before.get(identity(element));
    if (known) {
      before.delete(identity(element));
      place = known.at(-1).nextElementSibling;
      continue;
    }
    const added = document.importNode(element, true);
    if (isStyle(added)) loading.push(loaded(added));
    document.head.insertBefore(added, place);
  }
  await Promise.all(loading);
  return [...before.values()].flat();
}

function identity(element) {
  return element.outerHTML.replace(/[?&]galen=\w+/, "");
}

function isStyle(element) {
  return element.localName === "link" && element.relList.contains("stylesheet");
}

function loaded(link) {
  return new Promise((resolve) => {
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", resolve, { once: true });
    setTimeout(resolve, STYLE_PATIENCE);
  });
}

// What scripts of the page have set stays, unless the new page says otherwise.
function copyAttributes(element, next) {
  for (const { name, value } of next.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

// Makes `element` like `next`, and returns the ranges whose words are new.
function morph(element, next) {
  const marks = [];
  const before = new Map();
  Idiomorph.morph(element, next, {
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed(node, other) {
        if (node.nodeType === Node.TEXT_NODE && node.data !== other.data) {
          before.set(node, node.data);
        }
      },
      afterNodeMorphed(node) {
        if (before.has(node)) marks.push(changedWords(node, before.get(node)));
      },
      afterNodeAdded(node) {
        const range = document.createRange();
        range.selectNodeContents(node);
        marks.push(range);
      },
      beforeAttributeUpdated(name, node, kind) {
        return !isReaders(name, node) && !(node === document.body && kind === "remove");
      },
    },
  });
  return marks.filter((range) => range && range.toString().trim() !== "");
}

// What the reader opened, wrote or chose is the reader's.
function isReaders(name, element) {
  return (
    (name === "open" && /^(details|dialog)$/.test(element.localName)) ||
    (/^(value|checked|selected)$/.test(name) &&
      /^(input|textarea|option|select)$/.test(element.localName))
  );
}

// Returns the range of whole words in a text that are not in its earlier state.
function changedWords(node, before) {
  const after = node.data;
  let start = 0;
  while (start < after.length && after[start] === before[start]) start += 1;
  let end = after.length;
  let old = before.length;
  while (end > start && old > start && after[end - 1] === before[old - 1]) {
    end -= 1;
    old -= 1;
  }
  if (start === end) return null;
  while (start > 0 && /\S/.test(after[start - 1])) start -= 1;
  while (end < after.length && /\S/.test(after[end])) end += 1;
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range;
}

let unmark = 0;

// Marks words for a moment, without touching the page, and not for those who want
// nothing to flash.
function mark(ranges) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!CSS.highlights || isCalm || ranges.length === 0 || ranges.length > MOST_MARKS) return;
  CSS.highlights.set("galen-changed", new Highlight(...ranges));
  clearTimeout(unmark);
  unmark = setTimeout(() => CSS.highlights.delete("galen-changed"), MARKED);
}

const marking = new CSSStyleSheet();
marking.replaceSync("::highlight(galen-changed) { background: #ffdf5d; color: #000; }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, marking];

// --- What the page loads --------------------------------------------------------------

// Loads the files again that changed, by their paths; tells whether that is enough.
function renewAssets(changed) {
  if (changed.size === 0) return true;
  const fingerprint = (address) => {
    if (!address) return undefined;
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) return undefined;
    const path = decodeURIComponent(url.pathname);
    for (const [name, value] of changed) {
      if (path.endsWith(`/${name}`)) return value;
    }
    return undefined;
  };
  for (const element of document.querySelectorAll("script[src]:not([data-server])")) {
    if (fingerprint(element.src)) return false;
  }
  renewStyles(changed, fingerprint);
  for (const element of document.querySelectorAll("img, video, audio, source, embed, object")) {
    for (const name of ["src", "srcset", "poster", "data"]) {
      const value = element.getAttribute(name);
      // A list of images starts with the address of one.
      const tag = value && fingerprint(value.trim().split(/[\s,]/)[0]);
      if (!tag) continue;
      if (name === "srcset") element.setAttribute(name, value);
      else element.setAttribute(name, fresh(value, tag));
    }
  }
  return true;
}

function fresh(address, tag) {
  const [path, anchor] = address.replace(/[?&]galen=\w+/, "").split("#");
  const sign = path.includes("?") ? "&" : "?";
  return `${path}${sign}galen=${tag}${anchor === undefined ? "" : `#${anchor}`}`;
}

// Puts each style sheet in place of its old version once it is there, so that the page
// is never without.
function renewStyles(changed, fingerprint) {
  const styles = [...changed.keys()].filter((path) => path.endsWith(".css"));
  if (styles.length === 0) return;
  const links = [...document.querySelectorAll("link")].filter(isStyle);
  const named = links.filter((link) => fingerprint(link.href));
  // One that no link names is imported by another, we cannot tell which.
  for (const link of named.length > 0 ? named : links) {
    const address = fresh(link.getAttribute("href"), fingerprint(link.href) ?? facts.site);
    // It is here already, or on its way.
    if (links.some((other) => other.getAttribute("href") === address)) continue;
    const next = link.cloneNode();
    next.setAttribute("href", address);
    loaded(next).then(() => link.remove());
    link.after(next);
  }
}

// --- The findings ---------------------------------------------------------------------

const overlay = makeOverlay();

function makeOverlay() {
  const host = document.createElement("galen-findings");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    * { box-sizing: border-box; }
    .corner { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483647; max-width: calc(100vw - 2rem);
      font: 14px/1.45 system-ui, sans-serif; color: #1d1d1f; color-scheme: light; }
    button, a { font: inherit; color: inherit; cursor: pointer; }
    .summary { float: right; padding: .4rem .8rem; border: 0; border-radius: 2rem;
      background: #3a3a3c; color: #fff; box-shadow: 0 2px 8px #0004; }
    .summary.bad { background: #b3261e; }
    .panel { clear: both; width: min(52rem, 100%); max-height: min(70vh, 44rem); overflow: auto; margin-bottom: .6rem;
      background: #fff; border: 1px solid #0003; border-top: 4px solid #b3261e; border-radius: 6px; box-shadow: 0 6px 30px #0005; }
    .panel.mild { border-top-color: #9a6700; }
    header { position: sticky; top: 0; display: flex; gap: 1rem; padding: .5rem .9rem; background: #fff; border-bottom: 1px solid #0002; }
    header strong { flex: 1; }
    header button { border: 0; background: none; font-size: 1.2em; line-height: 1; }
    section { padding: .6rem .9rem; border-bottom: 1px solid #0001; }
    section p { margin: 0 0 .3rem; font-weight: 600; }
    .stale { background: #fff4d6; }
    .place { font-weight: 400; color: #0550ae; }
    pre { margin: 0; padding: .5rem; overflow-x: auto; background: #f6f8fa; border-radius: 4px;
      font: 12.5px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre; }
    :focus-visible { outline: 2px solid #0550ae; outline-offset: 2px; }
    @media print { .corner { display: none; } }
  `);
  root.adoptedStyleSheets = [sheet];

  let state = { known: null, findings: null, isLost: false, isOpen: false, closed: null };
  let losing = 0;

  function element(name, className, text, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    made.append(...children);
    return made;
  }

  function summary({ errors, warnings, stale }) {
    const counted = (count, noun) => (count ? [`${count} ${noun}${count === 1 ? "" : "s"}`] : []);
    const parts = [...counted(errors, "error"), ...counted(warnings, "warning")];
    if (stale !== null) parts.unshift("an older state");
    return parts.join(", ");
  }

  function entry(finding) {
    const place = `${finding.file}:${finding.line}:${finding.column}`;
    const title = element("p", "", `${finding.message} `);
    if (finding.editor) {
      const link = element("a", "place", place);
      link.href = finding.editor;
      link.title = "Open in the editor";
      title.append(link);
    } else {
      title.append(element("span", "place", place));
    }
    const section = element("section", finding.level, "", title, element("pre", "", finding.frame));
    section.dataset.rule = finding.rule;
    return section;
  }

  function panel(findings) {
    const close = element("button", "", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Close the findings");
    close.onclick = () => set({ isOpen: false, closed: state.known });
    const heading = element("header", "", "", element("strong", "", summary(findings)), close);
    const made = element("div", findings.errors > 0 ? "panel" : "panel mild", "", heading);
    made.setAttribute("role", "region");
    made.setAttribute("aria-label", "What galen found");
    if (findings.stale !== null) {
      const why = findings.stale
        ? `This page shows an older state, since ${findings.stale} cannot be read as it is.`
        : "This page shows an older state, since it cannot be rendered as it is.";
      made.append(element("section", "stale", "", element("p", "", why)));
    }
    made.append(...findings.shown.map(entry));
    if (findings.more > 0) made.append(element("section", "", `and ${findings.more} more`));
    return made;
  }

  function draw() {
    const { findings, isLost, isOpen } = state;
    const isNeeded = isLost || (findings && (findings.shown.length > 0 || findings.stale !== null));
    root.replaceChildren();
    if (!isNeeded) return host.remove();
    const corner = element("div", "corner");
    if (isLost) {
      corner.append(element("div", "summary", "galen serve does not answer"));
    } else {
      if (isOpen) corner.append(panel(findings));
      const button = element("button", findings.errors > 0 ? "summary bad" : "summary", summary(findings));
      button.type = "button";
      button.setAttribute("aria-expanded", String(isOpen));
      button.onclick = () => set({ isOpen: !isOpen, closed: isOpen ? state.known : null });
      corner.append(button);
    }
    root.append(corner);
    // Beside the body, which is renewed.
    if (!host.isConnected) document.documentElement.append(host);
  }

  function set(change) {
    state = { ...state, ...change };
    draw();
  }

  return {
    get known() {
      return state.known;
    },
    show(findings, known) {
      const isGrave = findings.stale !== null || findings.shown.some((one) => one.structural);
      const isOpen = state.isOpen || (isGrave && state.closed !== known);
      set({ known, findings, isOpen: isOpen && findings.shown.length > 0 });
    },
    lost(isLost) {
      if (isLost) {
        losing ||= setTimeout(() => set({ isLost: true }), LOST_PATIENCE);
      } else {
        clearTimeout(losing);
        losing = 0;
        if (state.isLost) set({ isLost: false });
      }
    },
  };
}

port.postMessage({ hello: true });
