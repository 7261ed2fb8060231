//! Large and mutated input: every reader ends, in time and memory that grow with the input.
//!
//! The inputs are repetitions of what a parser has to remember, and valid files with bytes
//! changed by a generator of fixed seed, so that each run does the same.

use citeproc::item::{Item, ItemType, TextVariable};
use citeproc::read::{Format, ReadOptions, read};
use citeproc::write::{to_bibtex, to_csl_json, to_ris};
use citeproc::{Citation, Document, Options, Processor, Style, styles};
use std::time::{Duration, Instant};

/// How long one input may take, unoptimised and on a busy machine; what is quadratic takes
/// minutes.
const LIMIT: Duration = Duration::from_secs(20);

/// How large a repetition is, in bytes.
const SIZE: usize = 200_000;

/// How many mutations of each file are tried.
const MUTATIONS: usize = 400;

#[track_caller]
fn in_time<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    let taken = start.elapsed();
    assert!(taken < LIMIT, "{what}: {taken:?}");
    result
}

fn repeated(unit: &str) -> String {
    unit.repeat(SIZE / unit.len())
}

fn read_in_time(format: Format, head: &str, unit: &str, tail: &str) {
    let text = [head, &repeated(unit), tail].concat();
    let library = in_time(&format!("{format:?} {head}({unit})*"), || {
        read(&text, format, ReadOptions { note_variables: true })
    });
    assert!(library.entries.len() + library.errors.len() <= text.len());
}

#[test]
fn bibtex_of_any_shape_ends() {
    for unit in
        ["@", "{", "}", "\"", "@a{", "@a{b,", "#", "@string{a=", "\\", "%", "@comment{", "=", ","]
    {
        read_in_time(Format::Bibtex, "", unit, "");
    }
    for unit in [
        "{", "}", "{\\\"", "\\emph{", "$", " and ", "and ", ",", "~", "\\'", "-", "\\verb|",
        "\\textbf", "^{", "A", "{A}", "'", "`", "\\(", "a b ", ": ",
    ] {
        for field in ["title", "author", "date", "pages", "note", "doi"] {
            read_in_time(Format::Bibtex, &format!("@article{{k, {field} = {{"), unit, "}}");
        }
    }
    // Records that inherit from each other, in a chain and in a circle.
    let chain: String =
        (0..5000).map(|at| format!("@book{{k{at}, crossref={{k{}}}}}\n", at + 1)).collect();
    in_time("a chain", || read(&chain, Format::Bibtex, ReadOptions::default()));
    let circle: String =
        (0..5000).map(|at| format!("@book{{k{at}, xdata={{k{}}}}}\n", (at + 1) % 5000)).collect();
    in_time("a circle", || read(&circle, Format::Bibtex, ReadOptions::default()));
    let doubling: String = (0..200)
        .map(|at| format!("@xdata{{k{at}, xdata={{k{}, k{}}}}}\n", at + 1, at + 2))
        .collect();
    in_time("doubling", || read(&doubling, Format::Bibtex, ReadOptions::default()));
    let strings: String = (0..40)
        .map(|at| format!("@string{{s{} = s{at} # s{at}}}\n", at + 1))
        .fold("@string{s0 = {aaaaaaaaaa}}\n".to_owned(), |all, one| all + &one);
    let grown = strings + "@book{a, title = s40}";
    let library = in_time("strings", || read(&grown, Format::Bibtex, ReadOptions::default()));
    let title = library.entries.iter().filter_map(|e| e.item.str(TextVariable::Title)).next();
    assert!(title.is_none_or(|title| title.len() < 10_000_000));
}

#[test]
fn json_of_any_shape_ends() {
    for unit in
        ["[", "{", "\"", "{\"a\":", "[1,", "\\", "{}", "{},", "\"a\",", "1", "null,", "[[],"]
    {
        read_in_time(Format::CslJson, "", unit, "");
        read_in_time(Format::CslJson, "[", unit, "]");
        read_in_time(Format::CslJson, "[{\"id\":\"a\",\"title\":", unit, "}]");
    }
    for unit in [
        "<i>",
        "</i>",
        "<span class=\\\"nocase\\\">",
        "<",
        "'",
        "\\\"",
        "{:a: b}",
        "\\n",
        "a: b\\n",
    ] {
        for field in ["title", "note", "issued", "page", "DOI"] {
            read_in_time(Format::CslJson, &format!("[{{\"id\":\"a\",\"{field}\":\""), unit, "\"}]");
        }
    }
}

#[test]
fn yaml_of_any_shape_ends() {
    for unit in [
        "- ",
        "[",
        "{",
        "a:\n",
        "? ",
        "&a ",
        "\"",
        "'",
        "- - ",
        "a: b\n",
        "|\n",
        "!!x ",
        "- id: a\n",
        " ",
        "\t",
    ] {
        read_in_time(Format::Yaml, "", unit, "");
        read_in_time(Format::Yaml, "references:\n- id: a\n  title: ", unit, "\n");
    }
    // Aliases that double each other.
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for at in 1..40 {
        let before = at - 1;
        bomb.push_str(&format!("a{at}: &a{at} [*a{before}, *a{before}]\n"));
    }
    in_time("aliases", || read(&bomb, Format::Yaml, ReadOptions::default()));
}

#[test]
fn tagged_files_of_any_shape_end() {
    for unit in [
        "TY  - JOUR\n",
        "AU  - a, b\n",
        "ER  - \n",
        "TI  - ",
        "\n",
        "a\n",
        "PY  - 2020/",
        "N1  - a: b\n",
    ] {
        read_in_time(Format::Ris, "", unit, "");
        read_in_time(Format::Ris, "TY  - JOUR\n", unit, "ER  - \n");
    }
    for unit in ["PMID- 1\n", "      a\n", "FAU - a, b\n", "AID - x [doi]\n", "\n", "TI  - "] {
        read_in_time(Format::Nbib, "", unit, "");
        read_in_time(Format::Nbib, "PMID- 1\n", unit, "\n");
    }
}

#[test]
fn styles_of_any_shape_end() {
    let style = |inside: &str| {
        format!("<style class=\"in-text\" version=\"1.0\"><info><title/></info>{inside}</style>")
    };
    for unit in [
        "<group>",
        "<choose><if>",
        "<names variable=\"author\"><substitute>",
        "<macro name=\"a\">",
        "<text macro=\"a\"/>",
        "<!--",
        "&amp;",
        "<![CDATA[",
        "<text variable=\"title\"/>",
        "<a ",
    ] {
        let body = repeated(unit);
        for inside in [
            body.clone(),
            format!("<citation><layout>{body}</layout></citation>"),
            format!(
                "<macro name=\"a\"><text value=\"x\"/></macro><citation><layout>{body}</layout></citation>"
            ),
        ] {
            let xml = style(&inside);
            in_time(unit, || {
                if let Ok(style) = Style::from_xml(&xml) {
                    // What is read renders, too.
                    let processor = Processor::new(&style, None, Options::default());
                    processor.format_entry(&Item::new("a", ItemType::Book));
                }
            });
        }
    }
}

#[test]
fn values_of_any_shape_render_in_time() {
    let style = styles::bundled("apa").expect("the style is bundled");
    let processor = Processor::new(&style, None, Options::default());
    for unit in [
        "'", "\"", "“", "”", "<i>", "<i>a</i>", ".", ". ", "?", "a ", "A-", "«", " :", "1-2, ",
        "&", "é",
    ] {
        let mut item = Item::new("a", ItemType::ArticleJournal);
        for variable in
            [TextVariable::Title, TextVariable::Page, TextVariable::Volume, TextVariable::Doi]
        {
            item.set_text(variable, unit.repeat(20_000));
        }
        in_time(unit, || processor.format_entry(&item).to_plain());
    }
}

#[test]
fn a_document_of_many_like_cites_renders_in_time() {
    let items: Vec<Item> = (0..400)
        .map(|at| {
            let mut item = Item::new(format!("k{at}"), ItemType::Book);
            item.set_text(TextVariable::Title, "Same");
            item.set_names(
                citeproc::item::NameVariable::Author,
                (0..8).map(|_| citeproc::item::Name::person("Doe", "Jane")).collect(),
            );
            item
        })
        .collect();
    let citations = [Citation::of_keys(items.iter().map(|item| &*item.id))];
    for name in ["apa", "chicago-author-date", "ama"] {
        let style = styles::bundled(name).expect("the style is bundled");
        let processor = Processor::new(&style, None, Options::default());
        in_time(name, || {
            let find = |key: &str| items.iter().find(|item| &*item.id == key);
            processor.process(&Document::of_citations(&citations), find)
        });
    }
}

/// A generator of numbers that is the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Changes some places of a text: cuts, doubles, swaps in bytes that mean something.
fn mutated(text: &str, most: usize, random: &mut Random) -> String {
    const TOKENS: [&str; 24] = [
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "<",
        ">",
        "/",
        "\\",
        ",",
        ":",
        "=",
        "@",
        "&",
        "-",
        "\n",
        " ",
        "0",
        "99999999999999999999",
        "\u{feff}",
        "é",
        "</i>",
        "<i>",
    ];
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(most) {
        let at = random.below(chars.len());
        match random.below(4) {
            0 => {
                let end = (at + 1 + random.below(30)).min(chars.len());
                chars.drain(at..end);
            }
            1 => {
                let end = (at + 1 + random.below(60)).min(chars.len());
                let copy: Vec<char> = chars[at..end].to_vec();
                let to = random.below(chars.len());
                chars.splice(to..to, copy);
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                chars.splice(at..at, token.chars());
            }
        }
    }
    chars.into_iter().collect()
}

const BIB: &str = r#"@string{gut = "Gut"} @comment{x} @article{a1, author = {Okafor, Ada and {WHO Group} and van der Berg, P.},
 title = {Sleep and {JAK} in $\alpha$-cells: \emph{a} "trial"}, journal = gut # { X}, date = {2020-05/2020-06}, pages = {1--9, 12},
 doi = {10.1000/a_b}, note = {PMID: 12}, crossref = {b1}, month = jan} @book{b1, editor = "Lund, {\"E}rik", title = {Über \'etude}, year = 1999}"#;

const STYLE: &str = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0" default-locale="de-DE">
<info><title>T</title><id>i</id></info><locale xml:lang="de"><terms><term name="editor" form="short"><single>Hg.</single>
<multiple>Hgg.</multiple></term></terms><date form="text"><date-part name="year"/></date></locale>
<macro name="n"><names variable="author editor" delimiter="; "><name and="text" et-al-min="3" et-al-use-first="1"/><label form="short"/>
<substitute><names variable="translator"/><text variable="title"/></substitute></names></macro>
<citation collapse="year" disambiguate-add-year-suffix="true"><sort><key macro="n"/></sort><layout delimiter="; "><group delimiter=", ">
<text macro="n"/><choose><if type="book" match="any"><date variable="issued" form="text"/></if><else><number variable="volume" form="ordinal"/>
</else></choose></group></layout></citation><bibliography><layout suffix="."><text macro="n"/><text variable="title" text-case="title"
 quotes="true"/><text variable="page"/></layout></bibliography></style>"#;

#[test]
fn mutated_files_never_panic() {
    let options = ReadOptions { note_variables: true };
    let items: Vec<Item> =
        read(BIB, Format::Bibtex, options).entries.into_iter().map(|entry| entry.item).collect();
    assert_eq!(items.len(), 2);
    let yaml = "references:\n- id: a\n  type: book\n  title: \"A: b\"\n  author:\n  - family: Lund\n    given: Erik\n  issued: 2020-05\n";
    let nbib = "PMID- 12\nTI  - A title\n      that goes on\nFAU - Lund, Erik\nDP  - 2020 May 3\nAID - 10.1/x [doi]\nTA  - Gut\n";
    let files = [
        (Format::Bibtex, BIB.to_owned()),
        (Format::Bibtex, to_bibtex(&items)),
        (Format::CslJson, to_csl_json(&items)),
        (Format::Ris, to_ris(&items)),
        (Format::Yaml, yaml.to_owned()),
        (Format::Nbib, nbib.to_owned()),
    ];
    let style = Style::from_xml(STYLE).expect("the style is valid");
    let processor = Processor::new(&style, None, Options::default());
    let mut random = Random(7);
    for (format, text) in &files {
        for _ in 0..MUTATIONS {
            let text = mutated(text, 6, &mut random);
            let library = read(&text, *format, options);
            for entry in &library.entries {
                assert!(text.get(entry.span.clone()).is_some(), "{text}");
                // What was read is written and rendered.
                let item = std::slice::from_ref(&entry.item);
                let _ = (to_bibtex(item), to_ris(item), to_csl_json(item));
                processor.format_entry(&entry.item).to_plain();
            }
        }
    }
}

#[test]
fn mutated_styles_never_panic() {
    let item = &read(BIB, Format::Bibtex, ReadOptions::default()).entries[0].item;
    let mut random = Random(11);
    let mut read_well = 0;
    for _ in 0..MUTATIONS {
        let Ok(style) = Style::from_xml(&mutated(STYLE, 1, &mut random)) else { continue };
        read_well += 1;
        let processor = Processor::new(&style, None, Options::default());
        let citations = [Citation::of_keys(["a1"]), Citation::of_keys(["a1", "x"])];
        processor.process(&Document::of_citations(&citations), |key| (key == "a1").then_some(item));
    }
    assert!(read_well > MUTATIONS / 20, "only {read_well} styles could be read");
}
