// The search: `Search` asks the index that the build made, `open` and `page` show it.
// Words become stems by the table in the index, as they did when it was made.

const PART = /(?:(?!\u02bc)[\p{Alphabetic}\p{N}\p{M}\u00ad\u200b-\u200d\u2060\ufeff])+/gu;
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d" };

export function normal(word) {
  const plain = word.toLowerCase().normalize("NFKD").replace(/[\p{M}\u00ad\u200b-\u200d\u2060\ufeff]/gu, "");
  return plain.replace(/[ßæœøłđ]/g, (letter) => LETTERS[letter]);
}

// Letters of scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese,
// Chinese. Each two in a row count as a word.
const UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{3ffff}";
const PIECE = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");

function pieces(word) {
  return (word.match(PIECE) ?? []).flatMap((piece) => {
    const letters = [...piece];
    if (letters.length < 2 || !IS_UNSPACED.test(piece)) return [piece];
    return letters.slice(1).map((letter, at) => letters[at] + letter);
  });
}

const isWord = (word) => word.length > 1 || word >= "\u0080" || /[0-9]/.test(word);

export function words(text) {
  return (text.match(PART) ?? []).map(normal).flatMap(pieces).filter(isWord);
}

const SIGNED = new RegExp(`(${PART.source})([+#]*)`, "gu");

// Returns the exact forms of a name of which nobody looks for a word (OR, C++, "What is
// it?"): with the signs that belong to its words, and without.
export function exactForms(text) {
  const all = [...text.matchAll(SIGNED)].map(([, word, signs]) => [normal(word), signs]).filter(([word]) => word);
  const forms = [all.map(([word, signs]) => `${word}${signs} `), all.map(([word]) => `${word} `)];
  return [...new Set(forms.map((words) => words.join("")))].filter(Boolean);
}

export function stemmer({ stop, replace, prefixes, suffixes }) {
  const stops = new Set(words(stop));
  return (word) => {
    if (stops.has(word)) return null;
    if (/[0-9]/.test(word)) return word;
    for (const [from, to] of replace) word = word.replaceAll(from, to);
    for (const [from, to, least] of prefixes) {
      if (word.startsWith(from) && word.length - from.length >= least) {
        word = to + word.slice(from.length);
        break;
      }
    }
    for (const step of suffixes) {
      for (const [from, to, least] of step) {
        if (word.endsWith(from) && word.length - from.length >= least) {
          word = word.slice(0, word.length - from.length) + to;
          break;
        }
      }
    }
    return word;
  };
}

// Returns how many letters are wrong, missing, too many or swapped (Damerau and
// Levenshtein); more than `most` as Infinity.
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  const width = b.length + 2;
  const far = a.length + b.length;
  const cost = new Uint16Array((a.length + 2) * width).fill(far);
  for (let i = 0; i <= a.length; i++) cost[(i + 1) * width + 1] = i;
  for (let j = 0; j <= b.length; j++) cost[width + j + 1] = j;
  const rows = new Map();
  for (let i = 1; i <= a.length; i++) {
    let [column, least] = [0, far];
    for (let j = 1; j <= b.length; j++) {
      const row = rows.get(b[j - 1]) ?? 0;
      const above = i * width + j;
      const swapped = cost[row * width + column] + (i - row - 1) + 1 + (j - column - 1);
      const same = a[i - 1] === b[j - 1];
      if (same) column = j;
      const value = Math.min(cost[above] + (same ? 0 : 1), cost[above + 1] + 1, cost[above + width] + 1, swapped);
      cost[above + width + 1] = value;
      least = Math.min(least, value);
    }
    if (least > most) return Infinity;
    rows.set(a[i - 1], i);
  }
  const value = cost[(a.length + 1) * width + b.length + 1];
  return value <= most ? value : Infinity;
}

// Reads a file of terms: each without what it shares with the one before, and its pages.
function terms(bytes, withPages) {
  const found = new Map();
  const text = new TextDecoder();
  let at = 0;
  let last = new Uint8Array();
  const number = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const shared = number();
    const length = number();
    const term = new Uint8Array(shared + length);
    term.set(last.subarray(0, shared));
    term.set(bytes.subarray(at, at + length), shared);
    at += length;
    last = term;
    const entry = { all: 0, pages: [], isCut: false };
    if (withPages) {
      entry.all = number();
      const left = entry.all > 1 ? number() : 0;
      entry.isCut = left > 0;
      for (let page = 0, n = entry.all - left; n > 0; n--) {
        const posting = number();
        page += Math.floor(posting / 16);
        entry.pages.push([page, posting % 16]);
      }
    }
    found.set(text.decode(term), entry);
  }
  return found;
}

// The last file that starts at or before `term`.
function fileOf(files, term) {
  let [low, high] = [0, files.length / 2];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (files[2 * middle] <= term) low = middle;
    else high = middle;
  }
  return low;
}

const reversed = (text) => [...text].reverse().join("");

export class Search {
  // `url` is that of `index.json`; `get` fetches, as `fetch` does.
  constructor(url, get = (...all) => fetch(...all)) {
    this.url = url;
    this.get = get;
    this.files = new Map();
  }

  open() {
    // Its name stays, so it must be asked for again; the other files never change.
    this.opened ??= this.get(this.url, { cache: "no-cache" }).then(async (answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.index = await answer.json();
      this.stem = stemmer(this.index.stems);
      return this.index;
    });
    return this.opened;
  }

  file(name, read) {
    let file = this.files.get(name);
    if (!file) {
      file = this.get(new URL(name, this.url)).then((answer) => (answer.ok ? read(answer) : Promise.reject(answer.status)));
      file.catch(() => this.files.delete(name));
      this.files.set(name, file);
    }
    return file;
  }

  terms(list, at) {
    const files = this.index[list];
    if (at < 0 || 2 * at >= files.length) return Promise.resolve(new Map());
    const withPages = list === "terms";
    return this.file(`${files[2 * at + 1]}.bin`, async (answer) => terms(new Uint8Array(await answer.arrayBuffer()), withPages));
  }

  async term(term) {
    return (await this.terms("terms", fileOf(this.index.terms, term))).get(term);
  }

  // Returns the terms that a word may stand for, each with how much it counts.
  async meant(stem, isOpen) {
    const at = fileOf(this.index.terms, stem);
    const file = await this.terms("terms", at);
    const found = [];
    if (file.has(stem)) found.push({ term: stem, entry: file.get(stem), worth: 1 });
    if (isOpen && (stem.length > 1 || IS_UNSPACED.test(stem))) {
      const worth = found.length ? 0.3 : 0.8;
      const begun = [...file].filter(([term]) => term !== stem && term.startsWith(stem) && !term.includes(" "));
      begun.sort((a, b) => b[1].all - a[1].all);
      for (const [term, entry] of begun.slice(0, 12)) found.push({ term, entry, worth });
    }
    return found.length ? found : this.nearly(stem, at, isOpen);
  }

  // Returns the terms that are spelled nearly like the word. One error leaves the word's
  // first half or its last one right, so they stand near it in one list or the other.
  async nearly(stem, at, isOpen) {
    const most = stem.length < 4 ? 0 : stem.length < 8 ? 1 : 2;
    const near = new Map();
    const look = (terms, turn) => {
      for (const written of terms.keys()) {
        const term = turn ? reversed(written) : written;
        if (term.includes(" ")) continue;
        let wrong = distance(stem, term, most);
        if (isOpen && wrong > most && stem.length > 4) wrong = distance(stem, term.slice(0, stem.length), 1) + 0.5;
        if (wrong <= most) near.set(term, wrong);
      }
    };
    const half = stem.length >> 1;
    const around = (list, text) => {
      const own = fileOf(this.index[list], text);
      const start = fileOf(this.index[list], text.slice(0, half));
      const end = fileOf(this.index[list], `${text.slice(0, half)}\uffff`);
      return [own, own - 1, own + 1].filter((file) => file >= start && file <= end);
    };
    if (most > 0) {
      look(await this.terms("terms", at));
      const places = [["endings", reversed(stem)], ["terms", stem]];
      for (const [list, text] of places) {
        if (Math.min(...near.values(), 9) <= 1) break;
        const files = await Promise.all(around(list, text).map((file) => this.terms(list, file)));
        files.forEach((terms) => look(terms, list === "endings"));
      }
    }
    const least = Math.min(...near.values());
    const best = [...near].filter(([, wrong]) => wrong === least).slice(0, 6);
    const found = await Promise.all(best.map(async ([term, wrong]) => ({ term, entry: await this.term(term), worth: 0.8 ** (1 + wrong) })));
    return found.filter((meant) => meant.entry);
  }

  // Returns the pages that fit the query best, and how many fit at all.
  async find(text, limit = 10) {
    const index = await this.open();
    const phrases = [...text.matchAll(/["“„«]([^"“”„«»]+)["”“»]/gu)].map((match) => words(match[1]).map(this.stem).filter(Boolean));
    const typed = words(text);
    const isOpen = !/[\s"”“»]$/u.test(text);
    const stems = [...new Set(typed.map(this.stem).filter(Boolean))].slice(0, 10);
    const last = typed.length ? this.stem(typed.at(-1)) : null;
    const meant = await Promise.all(stems.map((stem) => this.meant(stem, isOpen && stem === last)));
    const scores = this.score(meant);
    await this.addNames(meant, scores);
    if (!stems.length) await this.addExact(text, scores);
    let ranked = [...scores].map(([page, { score, share }]) => ({ page, score: score * share }));
    ranked.sort((a, b) => b.score - a.score || a.page - b.page);
    // The list of a common word is cut to its best pages.
    let total = Math.max(ranked.length, stems.length === 1 ? (meant[0][0]?.entry.all ?? 0) : 0);
    const known = new Set(meant.flat().map((one) => one.term));
    if (phrases.some((phrase) => phrase.length > 1)) {
      // Each page that is looked at is fetched, so they are few, the best ones first.
      for (let at = 0, exact = []; at < 12 && !exact.length; at += 4) {
        exact = await this.withPhrases(ranked.slice(at, at + 4), phrases);
        if (exact.length) [ranked, total] = [exact, exact.length];
      }
    }
    const results = await Promise.all(ranked.slice(0, limit).map((hit) => this.record(hit)));
    return { total, results, stems: known, phrases };
  }

  score(meant) {
    const scores = new Map();
    // What every page has still tells a title from a text.
    const rarity = (entry) => 0.1 + Math.log(1 + (this.index.pages - entry.all + 0.5) / (entry.all + 0.5));
    const weights = meant.map((terms) => (terms.length ? rarity(terms[0].entry) : 0));
    const sum = weights.reduce((a, b) => a + b, 0) || 1;
    meant.forEach((terms, at) => {
      const best = new Map();
      for (const { entry, worth } of terms) {
        const rare = Math.min(rarity(entry), weights[at] * 1.2) * worth;
        for (const [page, weight] of entry.pages) best.set(page, Math.max(best.get(page) ?? 0, rare * weight / 15));
      }
      for (const [page, score] of best) {
        const known = scores.get(page) ?? { score: 0, share: 0 };
        known.score += score;
        known.share += weights[at] / sum;
        scores.set(page, known);
      }
    });
    return scores;
  }

  // Lifts the pages of which words in a row are the whole name.
  async addNames(meant, scores) {
    const best = meant.map((terms) => terms.slice(0, 3).map((one) => one.term));
    const names = [];
    for (let start = 0; start < best.length; start++) {
      let begun = [""];
      for (let end = start; end < Math.min(best.length, start + 4); end++) {
        begun = begun.flatMap((name) => best[end].map((term) => `${name}${term} `)).slice(0, 9);
        for (const name of begun) names.push([name, (end - start + 1) / best.length]);
      }
    }
    await Promise.all(names.map(async ([name, part]) => {
      const found = await this.term(name);
      for (const [page] of found?.pages ?? []) {
        const known = scores.get(page) ?? { score: 0, share: part };
        known.score += 9 * part * part;
        scores.set(page, known);
      }
    }));
  }

  // Finds pages by a name of which nobody looks for a word; else by one that is a word typed.
  async addExact(text, scores) {
    const forms = exactForms(text);
    const look = async (names) => {
      const found = await Promise.all(names.map((name) => this.term(name)));
      found.forEach((entry, at) => {
        for (const [page] of entry?.pages ?? []) {
          if (!scores.has(page)) scores.set(page, { score: 9 - at, share: 1 });
        }
      });
    };
    await look(forms);
    if (!scores.size) await look([...new Set((forms.at(-1) ?? "").match(/[^ ]+ /g))].slice(0, 8));
  }

  // Keeps the pages whose title or text has every phrase.
  async withPhrases(hits, phrases) {
    const has = async (hit) => {
      const { url, title } = await this.record(hit);
      const texts = [{ text: title }, ...(await this.blocks(url))];
      const stems = texts.map(({ text }) => ` ${words(text).map(this.stem).filter(Boolean).join(" ")} `);
      return phrases.every((phrase) => stems.some((text) => text.includes(` ${phrase.join(" ")} `)));
    };
    const kept = await Promise.all(hits.map((hit) => has(hit).catch(() => false)));
    return hits.filter((_, at) => kept[at]);
  }

  async record({ page, score }) {
    const size = this.index.recordsAFile;
    const name = `${this.index.records[Math.floor(page / size)]}.json`;
    const [url, title, description] = (await this.file(name, (answer) => answer.json()))[page % size];
    const group = this.index.groups.findLast(([, , first]) => first <= page);
    return { url: new URL(`../../${url}`, this.url), title, description, group: group?.[1] ?? "", score };
  }

  // Returns the blocks of text of a page, each with the section that it stands in.
  blocks(url) {
    return this.file(url.href, async (answer) => blocks(await answer.text()));
  }

  // Returns the sentence of a page that says most of what was looked for.
  async excerpt(url, { stems, phrases }) {
    let best = null;
    for (const { text, id, section, isHeading } of await this.blocks(url)) {
      if (isHeading || ASIDE.test(id)) continue;
      for (const sentence of sentences(text, this.index.lang)) {
        const found = words(sentence).map(this.stem).filter(Boolean);
        const line = ` ${found.join(" ")} `;
        const phrase = phrases.some((phrase) => line.includes(` ${phrase.join(" ")} `)) ? 10 : 0;
        const score = new Set(found.filter((stem) => stems.has(stem))).size + phrase;
        if (score > (best?.score ?? 0)) best = { score, text: sentence, id, section };
      }
    }
    return best;
  }
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", nbsp: " " };
const INLINE = /^(a|abbr|b|bdi|cite|code|data|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|time|u|var|wbr)$/;
// Sections that name other pages.
const ASIDE = /^(cite-this|inverse|mentions|cited-by|related|publications)\b/;
const SECTION = /^(article|aside|section)$/;
const LEFT_OUT = /<(script|style|nav|template|noscript|form|header|svg|math|sup|button|dialog)\b[^>]*>[\s\S]*?<\/\1>/gi;

// Returns the blocks of text in a page's main element, up to its references.
export function blocks(html) {
  const start = Math.max(html.search(/<main[\s>]/i), 0);
  const main = html.slice(start, html.indexOf("</main>", start) >>> 0).split(/<[a-z]+[^>]*\bid="?references\b/)[0];
  const all = [];
  const empty = () => ({ text: "", id: "", section: "", isHeading: false });
  let block = empty();
  // A heading names what follows it up to the next, and not beyond the section that it is in.
  let section = null;
  const around = [];
  const end = () => {
    block.text = block.text.replace(/\s+/g, " ").trim();
    if (block.isHeading) section = { id: block.id, title: block.text };
    else [block.id, block.section] = [section?.id ?? "", section?.title ?? ""];
    if (block.text) all.push(block);
    block = empty();
  };
  for (const [, tag, attributes, text] of main.replace(LEFT_OUT, "").matchAll(/<(\/?[a-z][a-z0-9-]*)([^>]*)>|([^<]+)/gi)) {
    if (text) {
      block.text += text.replace(/&(#?\w+);/g, (entity, name) => ENTITIES[name] ?? entity);
      continue;
    }
    const name = tag.toLowerCase();
    if (INLINE.test(name.replace("/", ""))) continue;
    end();
    if (SECTION.test(name)) around.push(section);
    if (SECTION.test(name.replace("/", "")) && name.startsWith("/")) section = around.pop() ?? null;
    if (/^h[1-6]$/.test(name)) {
      block.isHeading = true;
      block.id = /\bid="([^"]*)"/.exec(attributes)?.[1] ?? "";
    }
  }
  end();
  return all;
}

function sentences(text, lang) {
  if (!Intl.Segmenter) return [text];
  return Array.from(new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text), ({ segment }) => segment.trim());
}

// ---- What readers see ----

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

class Panel {
  constructor(link, input, status, list) {
    Object.assign(this, { link, input, status, list, shown: 10, asked: 0 });
    this.search = new Search(new URL(link.dataset.index, document.baseURI));
    let waits = 0;
    input.addEventListener("input", () => {
      clearTimeout(waits);
      waits = setTimeout(() => this.ask(10), 120);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.enter(event);
    });
    list.addEventListener("focusin", (event) => this.quote(event.target.closest("li")));
    list.addEventListener("pointerover", (event) => this.quote(event.target.closest("li")));
    this.search.open().catch(() => this.say(this.link.textContent));
  }

  get hits() {
    return [...this.list.querySelectorAll("a.search-hit, button")];
  }

  enter(event) {
    event.preventDefault();
    const [first] = this.hits;
    if (first && this.answered === this.input.value) first.click();
    else this.ask(10).then(() => this.hits[0]?.focus());
  }

  // Moves through the results with the arrow keys.
  move(event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isTyped = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isTyped && event.target.matches("a.search-hit")) this.input.focus();
    if (!way || event.altKey) return;
    const all = [this.input, ...this.hits];
    const at = all.indexOf(document.activeElement) + way;
    event.preventDefault();
    all[Math.min(Math.max(at, 0), all.length - 1)].focus();
  }

  say(text) {
    this.status.textContent = text;
  }

  async ask(limit) {
    const text = this.input.value;
    const asked = ++this.asked;
    if (!exactForms(text).length) {
      this.list.replaceChildren();
      this.say("");
      return;
    }
    const found = await this.search.find(text, limit);
    if (asked === this.asked) this.show(text, found, limit);
  }

  show(text, found, limit) {
    this.answered = text;
    this.found = found;
    const { words: say, lang } = this.search.index;
    const form = new Intl.PluralRules(lang).select(found.total);
    const number = found.total.toLocaleString(lang);
    this.say(found.total ? (say[`results_${form}`] ?? say.results_other).replace("{n}", number) : say.none);
    const groups = Map.groupBy ? Map.groupBy(found.results, (hit) => hit.group) : grouped(found.results);
    const sections = [...groups].map(([title, hits], at) => {
      const id = `search-group-${at}`;
      const heading = element("h2", { id }, title);
      return element("section", { "aria-labelledby": id }, heading, element("ol", {}, ...hits.map((hit) => this.hit(hit))));
    });
    this.list.replaceChildren(...sections);
    if (found.results.length < found.total && found.results.length === limit) {
      const more = element("button", { type: "button" }, say.more);
      more.addEventListener("click", async () => {
        const known = new Set(found.results.map((hit) => hit.url.href));
        await this.ask(limit + 20);
        this.hits.find((hit) => !known.has(hit.href))?.focus();
      });
      this.list.append(more);
    }
    // Sentences come from the pages themselves, and only once the reader has stopped typing.
    clearTimeout(this.rests);
    this.rests = setTimeout(() => [...this.list.querySelectorAll("li")].slice(0, 5).forEach((item) => this.quote(item)), 700);
  }

  hit(hit) {
    const title = element("a", { class: "search-hit", href: hit.url.href }, ...this.marked(hit.title));
    const item = element("li", {}, title, element("p", {}, ...this.marked(hit.description)));
    item.hit = hit;
    return item;
  }

  // Puts the sentence that fits best in the place of the description.
  async quote(item) {
    const hit = item?.hit;
    if (!hit || item.isQuoted) return;
    item.isQuoted = true;
    const found = await this.search.excerpt(hit.url, this.found).catch(() => null);
    if (!found || !item.isConnected) return;
    const text = item.querySelector("p");
    text.replaceChildren(...this.marked(found.text));
    if (found.id) {
      const place = element("a", { class: "search-section", href: `${hit.url.href}#${encodeURIComponent(found.id)}` }, found.section);
      text.prepend(place, " ");
    }
  }

  marked(text) {
    const { stem } = this.search;
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(PART)) {
      const found = stem(normal(match[0]));
      if (!found || !(this.found.stems.has(found) || pieces(found).some((piece) => this.found.stems.has(piece)))) continue;
      nodes.push(text.slice(end, match.index), element("mark", {}, match[0]));
      end = match.index + match[0].length;
    }
    return [...nodes, text.slice(end)];
  }
}

function grouped(hits) {
  const groups = new Map();
  for (const hit of hits) groups.set(hit.group, [...(groups.get(hit.group) ?? []), hit]);
  return groups;
}

const SLASH = "search-slash";

function slashSwitch(link, say) {
  if (!("slash" in link.dataset)) return "";
  const box = element("input", { type: "checkbox" });
  try {
    box.checked = localStorage.getItem(SLASH) !== "off";
  } catch {
    box.checked = true;
  }
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SLASH, box.checked ? "on" : "off");
    } catch {
      // A browser that keeps nothing keeps the key.
    }
  });
  return element("label", {}, box, " ", say.slash);
}

// Loads the style sheet, once.
function styled(link) {
  if (!link.dataset.style || document.querySelector("link[data-of=search]")) return Promise.resolve();
  const sheet = element("link", { rel: "stylesheet", href: link.dataset.style, "data-of": "search" });
  const loaded = new Promise((done) => (sheet.onload = sheet.onerror = done));
  document.head.append(sheet);
  return loaded;
}

let dialog = null;

/** Opens the search over the page. */
export async function open(link) {
  if (!dialog) {
    await styled(link);
    dialog ??= makeDialog(link);
  }
  if (!dialog.isConnected) document.body.append(dialog);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input").select();
}

function makeDialog(link) {
  const label = link.dataset.label ?? link.textContent;
  const input = element("input", { type: "search", "aria-label": label, placeholder: label, autocomplete: "off", spellcheck: "false", enterkeyhint: "search" });
  const close = element("button", { type: "button", class: "search-close" }, "");
  const status = element("p", { role: "status" });
  const list = element("div", { class: "search-results" });
  const foot = element("footer");
  const made = element("dialog", { class: "search-dialog", "aria-label": label });
  made.append(element("div", { class: "search-head" }, input, close), status, list, foot);
  const panel = new Panel(link, input, status, list);
  panel.search.open().then(({ words: say }) => {
    close.setAttribute("aria-label", say.close);
    foot.append(say.keys, " ", slashSwitch(link, say));
  }, () => {});
  close.addEventListener("click", () => made.close());
  made.addEventListener("click", (event) => {
    if (event.target === made || event.target.closest?.("a")) made.close();
  });
  made.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // A search field would only be emptied by it.
      event.preventDefault();
      made.close();
    } else panel.move(event);
  });
  return made;
}

/** Shows the search in its own page. */
export async function page(link) {
  await styled(link);
  const place = document.getElementById("search-page");
  const [input, status, list] = ["input", "[role=status]", ".search-results"].map((name) => place.querySelector(name));
  const panel = new Panel(link, input, status, list);
  place.hidden = false;
  place.addEventListener("keydown", (event) => panel.move(event));
  place.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  const text = new URL(location).searchParams.get("q");
  if (text) {
    input.value = text;
    panel.ask(10);
  }
}
