// Runs the theme's search over the site in the folder argv[2], the script being argv[3]:
// reads lines `LANG<TAB>QUERY<TAB>LIMIT`, writes for each a line of JSON with what was
// found and how much was read.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const [, , site, script] = process.argv;
const { Search } = await import(`data:text/javascript;base64,${(await readFile(script)).toString("base64")}`);

for await (const line of createInterface({ input: process.stdin })) {
  const [lang, query, limit] = line.split("\t");
  const read = [];
  const root = pathToFileURL(join(site, "/"));
  const get = async (url) => {
    let path = fileURLToPath(url);
    if (path.endsWith("/")) path = join(path, "index.html");
    const bytes = await readFile(path);
    read.push([path, gzipSync(bytes).length]);
    return new Response(bytes);
  };
  // Each query is a reader's first: nothing is known yet.
  const search = new Search(new URL(`search/${lang}/index.json`, root), get);
  const found = await search.find(query, Number(limit ?? 10));
  const indexed = read.map(([, bytes]) => bytes).reduce((a, b) => a + b, 0);
  const files = read.length;
  const results = found.results.map((hit) => ({ url: hit.url.href.slice(root.href.length), title: hit.title, group: hit.group, score: hit.score }));
  const excerpt = found.results.length && !limit ? await search.excerpt(found.results[0].url, found) : null;
  console.log(JSON.stringify({ query, total: found.total, results, excerpt, bytes: indexed, files }));
}
