// What makes reading easier where there is script; nothing on a page needs it.
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const named = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const CITING = "[role=doc-biblioref][href^='#'], [role=doc-noteref], a.term";

  // How long the pointer rests on a link before its card comes, and how long the card
  // stays when the pointer has left both, in milliseconds.
  const REST = 120;
  const LEAVE = 300;

  // A section is the current one when its heading is this near to the window's upper edge,
  // in pixels.
  const HEAD = 120;

  /** A copy of what `element` holds, without ids, and out of the order of Tab. */
  function copy(element) {
    const made = element.cloneNode(true);
    for (const part of all(".entry-meta, .backlinks", made)) part.remove();
    for (const part of all("[id]", made)) part.removeAttribute("id");
    for (const link of all("a", made)) link.tabIndex = -1;
    return made;
  }

  /** The last line of a card: a link, its name made of the pattern and what it names. */
  function way(link, pattern, name) {
    const line = document.createElement("p");
    const to = document.createElement("a");
    to.href = link.getAttribute("href");
    to.tabIndex = -1;
    to.textContent = pattern.replace(/\{\w+\}/, name);
    line.append(to);
    return line;
  }

  /** What the card of a link shows: a reference, a note, or what a term means. */
  function contents(link) {
    if (link.matches(".term")) {
      const terms = one("template.terms");
      const term = terms && all("div", terms.content).find((term) => term.dataset.url === link.getAttribute("href"));
      if (!term) return [];
      const [title, meaning] = copy(term).children;
      return [title, meaning, way(link, terms.dataset.go, title.textContent)];
    }
    const entry = named(link);
    const text = entry && one(".right", entry);
    if (!text) return [];
    const number = one(".left", entry)?.textContent.replace(/[.\s]+$/, "") ?? "";
    return [copy(text), way(link, entry.parentElement.dataset.go, number)];
  }

  // Cards. A touch follows the link, and for assistive technology the card is not there:
  // all that it says stands in the list to which the link leads.
  const card = document.createElement("div");
  card.className = "card";
  card.ariaHidden = "true";
  if ("popover" in card) card.popover = "manual";
  const anchored = CSS.supports("position-area: block-start");
  let shown = null;
  let timer = 0;

  function hide() {
    clearTimeout(timer);
    shown?.classList.remove("cited");
    shown = null;
    if (card.popover && card.matches(":popover-open")) card.hidePopover();
    card.classList.remove("open");
  }

  function place() {
    const at = shown.getClientRects()[0];
    const above = at.top > innerHeight - at.bottom;
    const room = above ? at.top : innerHeight - at.bottom;
    card.style.maxHeight = `min(60vh, ${room - 24}px)`;
    const { offsetWidth: width, offsetHeight: height } = card;
    const left = Math.min(Math.max(at.left + at.width / 2 - width / 2, 16), innerWidth - width - 16);
    card.style.left = `${left}px`;
    card.style.top = `${above ? at.top - height - 12 : at.bottom}px`;
  }

  function show(link) {
    clearTimeout(timer);
    if (link === shown || card.contains(link)) return;
    hide();
    const parts = contents(link);
    if (!parts.length || one(".sidenote") && link.matches("[role=doc-noteref]")) return;
    card.replaceChildren(...parts);
    if (!card.isConnected) document.body.append(card);
    shown = link;
    link.classList.add("cited");
    if (card.popover) card.showPopover();
    card.classList.add("open");
    card.scrollTop = 0;
    if (!anchored) place();
  }

  const later = (task, time) => {
    clearTimeout(timer);
    timer = setTimeout(task, time);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = event.target.closest(CITING);
    if (link) later(() => show(link), REST);
    else if (card.contains(event.target)) clearTimeout(timer);
    else if (!shown) clearTimeout(timer);
    else if (document.activeElement !== shown) later(hide, LEAVE);
  });
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest(CITING);
    if (link?.matches(":focus-visible")) show(link);
  });
  document.addEventListener("focusout", () => {
    if (shown && !card.matches(":hover")) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hide();
    for (const menu of all(".site-nav details[open]")) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    for (const menu of all(".site-nav details[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const link = event.target.closest("[role=doc-biblioref], .card a[href^='#']");
    if (!link) return;
    // The way back that leads to where the reader was stands out.
    const from = card.contains(link) ? shown : link;
    for (const back of all(".backlinks a[aria-current]")) back.removeAttribute("aria-current");
    if (from?.id) one(`.backlinks a[href="#${CSS.escape(from.id)}"]`)?.setAttribute("aria-current", "true");
    hide();
  });
  if (!anchored) addEventListener("scroll", hide, { passive: true });

  // A list of contents is open beside the text, and shows where the reader is.
  const beside = matchMedia("(min-width: 66em)");
  let list = null;
  let entries = [];

  function unfold() {
    for (const box of all(".toc details, .sidebar details")) box.open = beside.matches;
  }

  function mark() {
    let current = null;
    for (const [link, target] of entries) {
      if (target && target.getBoundingClientRect().top < HEAD) current = link;
    }
    for (const [link] of entries) {
      if (link !== current) link.removeAttribute("aria-current");
      else if (!link.ariaCurrent) {
        link.setAttribute("aria-current", "true");
        if (!beside.matches) continue;
        const { offsetTop: top, offsetHeight: height } = link;
        const { scrollTop: from, clientHeight: room } = list;
        if (top < from || top + height > from + room) list.scrollTop = top - room / 2;
      }
    }
  }

  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting || !entries.length) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }, { passive: true });
  beside.addEventListener("change", unfold);

  // Notes stand beside the text where there is a margin for them.
  const margin = matchMedia("(min-width: 78em)");
  const resized = new ResizeObserver(([{ target }]) => placeNotes(target));
  let width = 0;

  function placeNotes(article) {
    const placed = all(".sidenote");
    if (placed.length ? article.clientWidth === width && margin.matches : !margin.matches) return;
    width = article.clientWidth;
    for (const note of placed) note.remove();
    if (!margin.matches) return;
    const top = article.getBoundingClientRect().top;
    const wide = all(".wide").map((table) => table.getBoundingClientRect());
    let free = 0;
    for (const link of all(".body [role=doc-noteref]")) {
      const text = one(".right", named(link));
      if (!text) continue;
      const note = document.createElement("div");
      note.className = "sidenote";
      note.ariaHidden = "true";
      const sign = document.createElement("sup");
      sign.textContent = link.textContent;
      note.append(sign, " ", copy(text));
      article.append(note);
      let at = Math.max(free, link.getBoundingClientRect().top - top);
      for (const table of wide) {
        if (at < table.bottom - top && at + note.offsetHeight > table.top - top) at = table.bottom - top;
      }
      note.style.top = `${at}px`;
      free = at + note.offsetHeight + 12;
    }
  }

  // Tabs: without script all panels stand below each other.
  function makeTabs(tabs, group) {
    const panels = all(":scope > .tab", tabs);
    one(":scope > .tab-list", tabs)?.remove();
    const list = document.createElement("div");
    list.className = "tab-list";
    list.role = "tablist";
    const buttons = panels.map((panel, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.role = "tab";
      button.id = `tab-${group}-${index}`;
      button.textContent = one(".tab-title", panel).textContent;
      panel.role = "tabpanel";
      panel.id ||= `panel-${group}-${index}`;
      panel.removeAttribute("aria-label");
      panel.setAttribute("aria-labelledby", button.id);
      button.setAttribute("aria-controls", panel.id);
      return button;
    });
    const select = (chosen) => {
      panels.forEach((panel, index) => {
        const is = index === chosen;
        buttons[index].ariaSelected = String(is);
        buttons[index].tabIndex = is ? 0 : -1;
        if (is) panel.removeAttribute("hidden");
        else panel.setAttribute("hidden", "until-found");
      });
    };
    panels.forEach((panel, index) => {
      buttons[index].addEventListener("click", () => select(index));
      panel.addEventListener("beforematch", () => select(index));
    });
    list.addEventListener("keydown", (event) => {
      const ahead = getComputedStyle(list).direction === "rtl" ? -1 : 1;
      const step = { ArrowRight: ahead, ArrowLeft: -ahead }[event.key];
      const last = buttons.length - 1;
      const from = buttons.indexOf(document.activeElement);
      const to = event.key === "Home" ? 0 : event.key === "End" ? last : step && (from + step + buttons.length) % buttons.length;
      if (to === undefined) return;
      event.preventDefault();
      select(to);
      buttons[to].focus();
    });
    if (!buttons.length) return;
    list.append(...buttons);
    tabs.prepend(list);
    select(0);
  }

  function begin() {
    if (beside.matches) unfold();
    list = one(".toc");
    entries = list ? all("a", list).map((link) => [link, named(link)]) : [];
    mark();
    all(".tabs").forEach(makeTabs);
    const article = one(":root:not([data-notes=end]) .with-contents:not(.with-sidebar) article");
    resized.disconnect();
    if (article && one(".body [role=doc-noteref]")) resized.observe(article);
  }

  begin();
  // While a site is written, its pages change where they stand.
  document.addEventListener("galen:renewed", begin);
})();

// The search opens on a click on its link, Ctrl or ⌘ and K, and / unless it is turned off; its
// script is loaded when somebody goes there.
(() => {
  const link = document.querySelector("a[data-search]");
  if (!link) return;
  const load = () => import(new URL(link.dataset.search, document.baseURI));
  const open = (event) => {
    event.preventDefault();
    load().then((search) => search.open(link), () => location.assign(link.href));
  };
  link.setAttribute("aria-haspopup", "dialog");
  for (const event of ["focus", "pointerenter"]) {
    link.addEventListener(event, () => load().catch(() => {}), { once: true });
  }
  link.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) open(event);
  });
  document.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey || event.shiftKey && event.key !== "/") return;
    if (command ? event.key.toLowerCase() === "k" : event.key === "/" && isWanted(event)) open(event);
  });
  function isWanted(event) {
    if ("slash" in link.dataset === false || event.target.closest("input,textarea,select,[contenteditable]")) return false;
    try {
      return localStorage.getItem("search-slash") !== "off";
    } catch {
      return true;
    }
  }
  if (document.getElementById("search-page")) load().then((search) => search.page(link), () => {});
})();
