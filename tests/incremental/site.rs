//! A site whose files are changed at random.

use std::fmt::Write as _;
use std::sync::Arc;

use galen::fingerprint::Fingerprint;
use galen::load::{FileHandle, Inputs};
use galen::source::{Source, SourceId};
use tempfile::TempDir;

/// A site whose files are changed at random.
pub(crate) struct Site {
    pub(crate) inputs: Inputs,
    random: Random,
    pub(crate) today: &'static str,
    /// Where the files are that are no text.
    folder: TempDir,
}

/// Numbers that look random, the same for the same seed.
pub(crate) struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// The date that counts as today where nobody says otherwise.
pub(crate) const TODAY: &str = "2026-11-23";

pub(crate) const BOOK: &str = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org\"\n\
    preset = \"health\"\n[languages.fr]\ntitle = \"Un site\"\n";
const OTHER_BOOK: &str = "[site]\ntitle = \"Another site\"\npreset = \"health\"\n\
    [languages.fr]\ntitle = \"Un site\"\n[collections.articles]\npaginate_by = 2\n\
    [collections.treatments]\npaginate_by = 2\n[images]\nwidths = [100, 300]\n\
    [outputs]\nmarkdown-copies = true\nllms = true\n";
const SHOWN_BOOK: &str = "[site]\ntitle = \"A site of ours\"\nlicense = \"CC0-1.0\"\n\
    base_url = \"https://example.org\"\npreset = \"health\"\n[languages.fr]\n\
    title = \"Un site\"\n[[nav]]\npage = \"articles/a\"\n[[nav]]\n\
    url = \"/articles/a/?x#part\"\n[[nav]]\nurl = \"/tags/\"\n[theme]\naccent = \"#0a7\"\n\
    [publisher]\nname = \"We\"\npolicies = {privacy = \"about\"}\n";
const JUDGED_BOOK: &str = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org\"\n\
    preset = \"health\"\n[languages.fr]\ntitle = \"Un site\"\n[redirects]\n\
    \"/was/\" = \"/articles/b/\"\n[checks]\nlink-orphan = \"warn\"\nmeta-author = \"off\"\n";
pub(crate) const WORKS: &str = "@article{king2022, title={Two trials}, author={King, Brett}, year=2022, \
    journal={J}, doi={10.1056/x}}\n@article{kwon2023, title={A year}, author={Kwon, Ohsang}, \
    year=2023}\n@book{lee2020, title={Hair}, author={Roe, Jane}, year=2020}\n";
const OTHER_WORKS: &str = "@article{king2022, title={Three trials}, author={King, Brett}, \
    year=2022}\n@article{kwon2023, title={A year}, author={Roe, Jane}, year=2023}\n";
const TEMPLATE: &str = "{% extends \"default/article.html\" %}";
const OWN_THEME_BOOK: &str = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org\"\n\
    preset = \"health\"\ntheme = \"own\"\n[redirects]\n\"/was/\" = \"/articles/a/\"\n";
const OTHER_TEMPLATE: &str = "<h1>{{ page.title }}</h1>{{ page.body }}\
    {% for c in page.related %}{{ c.title }}{% endfor %}";
const BROKEN_TEMPLATE: &str = "{% if %}";

const IMAGES: [&str; 3] =
    ["content/articles/image.svg", "content/treatments/image.svg", "static/logo.svg"];
const PHOTOGRAPHS: [&str; 3] =
    ["content/articles/photo.png", "content/treatments/photo.png", "static/unseen.png"];

/// Returns an image of this size.
fn svg(width: u32, height: u32) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"/>")
}

/// Returns a photograph of this width.
fn png(width: u32) -> Vec<u8> {
    let noise = |x: u32, y: u32| x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ (x * y);
    let image = image::GrayImage::from_fn(width, 4, |x, y| image::Luma([noise(x, y) as u8]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(crate) const ARTICLES: [&str; 6] = ["a", "b", "c", "d", "e", "deep/f"];
pub(crate) const TREATMENTS: [&str; 3] = ["nova", "vega", "lyra"];
const PEOPLE: [&str; 2] = ["roe", "king"];
const WORDS: [&str; 22] = [
    "Nova",
    "vega",
    "Novix",
    "the Lyra",
    "AA",
    "hair loss",
    "trial",
    "Starmab",
    "helps",
    "carries a boxed warning",
    "5 mg once a day",
    "[@king2022]",
    "[@kwon2023, p. 4; @lee2020]",
    "@nobody",
    "@kwon2023",
    "[x](../treatments/nova.md)",
    "[[vega]]",
    "[y](b.md#part)",
    "[h](/)",
    "[l](/articles/)",
    "[t](/tags/skin/)",
    "[w](/was/#part)",
];

impl Site {
    pub(crate) fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut site =
            Self { inputs: Inputs::default(), random: Random(seed), today: TODAY, folder };
        site.put("book.toml", BOOK);
        site.put("citations/works.bib", WORKS);
        for name in ARTICLES {
            site.article(name);
        }
        for name in TREATMENTS {
            site.treatment(name);
        }
        for name in PEOPLE {
            site.person(name);
        }
        site.put(
            "content/conditions/aa.md",
            "---\ntitle: Alopecia areata\naliases: [AA]\n---\nHair loss.\n",
        );
        site.file(PHOTOGRAPHS[0], Some(&png(600)));
        site.put("content/about.md", "---\ntitle: About\n---\nNova and [us](articles/a.md).\n");
        site
    }

    pub(crate) fn put(&mut self, path: &str, text: &str) {
        let id = SourceId::new(path);
        self.inputs.sources.insert(id.clone(), Source::new(id, text));
    }

    pub(crate) fn remove(&mut self, path: &str) {
        self.inputs.sources.remove(&SourceId::new(path));
    }

    /// Puts or takes away a file that is no text.
    pub(crate) fn file(&mut self, path: &str, bytes: Option<&[u8]>) {
        let id = SourceId::new(path);
        let Some(bytes) = bytes else {
            self.inputs.files.remove(&id);
            return;
        };
        let fingerprint = Fingerprint::of(bytes);
        let place = self.folder.path().join(fingerprint.to_string());
        std::fs::write(&place, bytes).unwrap();
        let length = bytes.len() as u64;
        self.inputs.files.insert(id, FileHandle { path: Arc::from(place), length, fingerprint });
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for section in 0..self.random.below(4) {
            if section > 0 {
                text.push_str(self.random.one(&[
                    "\n\n## Part\n\n",
                    "\n\n## Side effects\n\n",
                    "\n\n",
                ]));
            }
            for _ in 0..self.random.below(8) {
                let word = self.random.one(&WORDS);
                let _ = write!(text, "{word}{}", self.random.one(&[" ", ". ", " and "]));
            }
        }
        if self.random.chance(15) {
            text.push_str("\n\n::: {.facts treatment=nova}\n:::\n");
        }
        if self.random.chance(10) {
            text.push_str("\n\n::: {.boxed-warning treatment=nova}\n:::\n");
        }
        if self.random.chance(10) {
            text.push_str("\n\n```rust\nfn main() {}\n```\n\n![An image](image.svg)\n");
        }
        if self.random.chance(20) {
            text.push_str("\n\n![A photograph](photo.png)\n");
        }
        text.push('\n');
        text
    }

    fn article(&mut self, name: &str) {
        let mut front = format!("title: {}\n", self.random.one(&["On Nova", "Hair", "Vega", "B"]));
        let date = self.random.one(&["2026-01-02", "2025-03-04", "2026-01-03", "2030-01-01"]);
        let _ = writeln!(front, "date: {date}");
        let optional = [
            "authors: [roe]\n",
            "authors: [king, roe]\n",
            "authors: [nobody]\n",
            "tags: [hair, skin]\n",
            "tags: [Skin]\n",
            "about: [aa]\n",
            "draft: true\n",
            "related: [articles/a, vega]\n",
            "style: ieee\n",
            "slug: other\n",
            "reviewers: [{person: king, date: 2026-02-03}]\n",
            "redirect_from: /old/\n",
            "evidence: [{outcome: Regrowth, condition: aa, certainty: low, source: king2022}]\n",
            "key_points: [\"Nova works [@king2022].\"]\n",
            "nocite: [lee2020]\n",
            "nocite: \"*\"\n",
            "lists: {news: {collection: articles, sort: -date, limit: 2}}\n",
            "colour: red\n",
            "terms: {AA: conditions/aa}\n",
            "description: Words.\n",
            "updated: 2026-02-01\n",
            "updated: 2026-06-01\n",
            "weight: 1\n",
        ];
        for line in optional {
            if self.random.chance(15) && !front.contains(line.split(':').next().unwrap()) {
                front.push_str(line);
            }
        }
        if self.random.chance(6) {
            front.push_str("tags: [broken\n");
        }
        let text = self.text();
        self.put(&format!("content/articles/{name}.md"), &format!("---\n{front}---\n{text}"));
    }

    fn treatment(&mut self, name: &str) {
        let mut front = format!("title: {name}\n");
        let optional = [
            "brands: [Novix]\n",
            "brands: [Novix, Starmab]\n",
            "aliases: [hair loss]\n",
            "class: JAK inhibitors\n",
            "class: Jak inhibitor\n",
            "class: jak-inhibitors\n",
            "alternatives: [vega]\n",
            "boxed_warning: {text: \"Beware [@king2022].\", source: king2022}\n",
            "evidence: [{outcome: Regrowth, condition: aa, source: kwon2023}]\n",
            "image: {src: image.svg, alt: A}\n",
            "image: {src: photo.png, alt: A}\n",
            "weight: 1\n",
        ];
        for line in optional {
            if self.random.chance(30) && !front.contains(line.split(':').next().unwrap()) {
                front.push_str(line);
            }
        }
        let text = self.text();
        self.put(&format!("content/treatments/{name}.md"), &format!("---\n{front}---\n{text}"));
    }

    fn person(&mut self, name: &str) {
        let full = self.random.one(&["Jane Roe", "Brett King", "Jane Q. Roe"]);
        let works = self.random.one(&["", "publications: [kwon2023]\n"]);
        let text = self.text();
        self.put(
            &format!("content/people/{name}.md"),
            &format!("---\nname: {full}\n{works}---\n{text}"),
        );
    }

    /// Changes something, and says what.
    pub(crate) fn edit(&mut self) -> String {
        let article = ARTICLES[self.random.below(ARTICLES.len())];
        let path = format!("content/articles/{article}.md");
        match self.random.below(31) {
            0..=6 => {
                self.article(article);
                format!("write {path}")
            }
            7 => {
                self.remove(&path);
                format!("delete {path}")
            }
            8..=10 => {
                let name = TREATMENTS[self.random.below(TREATMENTS.len())];
                self.treatment(name);
                format!("write treatment {name}")
            }
            11 => {
                let name = TREATMENTS[self.random.below(TREATMENTS.len())];
                self.remove(&format!("content/treatments/{name}.md"));
                format!("delete treatment {name}")
            }
            12 => {
                let name = PEOPLE[self.random.below(PEOPLE.len())];
                self.person(name);
                format!("write person {name}")
            }
            13 => {
                let text = self.random.one(&[WORKS, OTHER_WORKS, "@article{"]);
                self.put("citations/works.bib", text);
                "write works".into()
            }
            14 => {
                let text = self.random.one(&[TEMPLATE, OTHER_TEMPLATE, BROKEN_TEMPLATE]);
                self.put("templates/article.html", text);
                "write template".into()
            }
            15 => {
                self.remove("templates/article.html");
                "delete template".into()
            }
            16 => {
                let text = self.random.one(&[
                    BOOK,
                    BOOK,
                    OTHER_BOOK,
                    OWN_THEME_BOOK,
                    SHOWN_BOOK,
                    JUDGED_BOOK,
                    "[site\n",
                ]);
                self.put("book.toml", text);
                "write book".into()
            }
            17 => {
                let text = self.text();
                let draft = self.random.one(&["", "draft: true\n"]);
                let text = format!("---\ntitle: En français\n{draft}---\n{text}");
                self.put(&format!("content/articles/{article}.fr.md"), &text);
                format!("translate {path}")
            }
            18 => {
                self.remove(&format!("content/articles/{article}.fr.md"));
                format!("delete translation of {path}")
            }
            19 => {
                let path = self.random.one(&IMAGES);
                let bytes = [Some(svg(20, 10)), Some(svg(30, 10)), None];
                let bytes = bytes[self.random.below(3)].clone();
                self.file(path, bytes.as_deref().map(str::as_bytes));
                format!("write or delete {path}")
            }
            20 => {
                let path = self.random.one(&PHOTOGRAPHS);
                let (wide, narrow) = (png(600), png(90));
                let broken = &wide[..wide.len() / 2];
                let bytes = [Some(&*wide), Some(&*narrow), Some(broken), None];
                let chosen = bytes[self.random.below(4)];
                self.file(path, chosen);
                format!("write or delete {path}")
            }
            30 => {
                let path = "content/classes/jak-inhibitors.md";
                let title = self.random.one(&["Janus kinase inhibitors", "JAK inhibitors", ""]);
                match title {
                    "" => self.remove(path),
                    title => self.put(path, &format!("---\ntitle: {title}\n---\nThey inhibit.\n")),
                }
                format!("write or delete {path}")
            }
            21 => {
                let path = self.random.one(&["robots.txt", "x.pdf", "articles/b/index.html"]);
                let bytes = [Some("one"), Some("two"), None][self.random.below(3)];
                self.file(&format!("static/{path}"), bytes.map(str::as_bytes));
                format!("write or delete static/{path}")
            }
            22 => {
                let text = self.random.one(&["h1 { color: red }", "h1 { color: blue }"]);
                self.put("themes/default/static/galen.css", text);
                "write a style sheet".into()
            }
            23 => {
                let text = self.random.one(&[
                    "extends = \"default\"\n",
                    "extends = \"default\"\nstylesheets = [\"own.css\"]\n",
                    "extends = 3\n",
                ]);
                self.put("themes/own/theme.toml", text);
                self.put("themes/own/static/own.css", "p { margin: 0 }");
                "write a theme".into()
            }
            24 => {
                let text = self.random.one(&["doi\n10.1056/x\n", "doi\n10.1056/y\n"]);
                let header = "Record ID,Title,OriginalPaperDOI,RetractionNature\n";
                let doi = text.lines().nth(1).unwrap();
                let table = format!("{header}1,Two trials,{doi},Retraction\n");
                self.put("citations/retractions.csv", &table);
                "write retractions".into()
            }
            25 => {
                let text = self.random.one(&["king2022: {status: concern}\n", "nobody: {}\n", "["]);
                self.put("citations/notes.yaml", text);
                "write notes".into()
            }
            26 => {
                self.today = self.random.one(&[TODAY, "2026-11-24", "2027-03-01", "2030-06-01"]);
                format!("wait until {}", self.today)
            }
            27 | 28 => {
                let words = self.random.one(&["More words.", "More of Nova [@lee2020]."]);
                if let Some(source) = self.inputs.sources.get(&SourceId::new(path.as_str())) {
                    let text = format!("{}\n{words}\n", source.text());
                    self.put(&path, &text);
                }
                format!("add words to {path}")
            }
            _ => {
                let from = SourceId::new(path.as_str());
                if let Some(source) = self.inputs.sources.remove(&from) {
                    let to = self.random.one(&["moved", "b", "treatments"]);
                    let text = source.text().to_string();
                    self.put(&format!("content/articles/{to}.md"), &text);
                }
                format!("move {path}")
            }
        }
    }
}
