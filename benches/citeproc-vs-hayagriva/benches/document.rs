//! Times documents of 20 citations with their lists, as HTML, from a bibliography of 10,000
//! entries.
//!
//! Each processor renders one document after the other of a site in which every entry is cited:
//! `citeproc` with the items that documents share, as a site is built; `citeproc, alone` with
//! nothing remembered from one document to the next.

use citeproc::item::Item;
use citeproc::read::{Format, ReadOptions, read};
use citeproc::write::to_csl_json;
use citeproc::{Citation, Document, HtmlOptions, Options, Processor, Rendered, styles};
use citeproc_vs_hayagriva::{DOCUMENTS, cited_keys, database};
use criterion::{Criterion, criterion_group, criterion_main};
use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{IndependentStyle, Locale, Style};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, BufWriteFormat, CitationItem, CitationRequest,
    Library, io::from_biblatex_str,
};
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

const ENTRIES: usize = 10_000;

/// The styles by their names in both archives.
const STYLES: [&str; 4] =
    ["american-medical-association", "nlm-citation-sequence", "apa", "chicago-author-date"];

fn items(source: &str) -> Vec<Item> {
    let library = read(source, Format::Bibtex, ReadOptions::default());
    library.entries.into_iter().map(|entry| entry.item).collect()
}

fn documents(criterion: &mut Criterion) {
    let source = database(ENTRIES);
    let keys: Vec<Vec<String>> = (0..DOCUMENTS).map(|at| cited_keys(at, ENTRIES)).collect();
    let items: HashMap<String, Arc<Item>> =
        items(&source).into_iter().map(|item| (item.id.to_string(), Arc::new(item))).collect();
    let citations: Vec<Vec<Citation>> = keys
        .iter()
        .map(|keys| keys.iter().map(|key| Citation::of_keys([key.as_str()])).collect())
        .collect();
    let library = from_biblatex_str(&source).expect("the database is valid");
    let locales = locales();
    for name in STYLES {
        let mut group = criterion.benchmark_group(name);
        let style = styles::bundled(name).expect("the style is bundled");
        let processor = Processor::new(&style, Some("en-US"), Options::default());
        let mut documents = citations.iter().cycle();
        group.bench_function("citeproc", |bencher| {
            bencher.iter(|| {
                let citations = documents.next().map_or(&[][..], Vec::as_slice);
                let document = Document::of_citations(black_box(citations));
                written(&processor.process_shared(&document, |key| items.get(key)))
            });
        });
        let mut documents = citations.iter().cycle();
        group.bench_function("citeproc, alone", |bencher| {
            bencher.iter(|| {
                let citations = documents.next().map_or(&[][..], Vec::as_slice);
                let document = Document::of_citations(black_box(citations));
                written(&processor.process(&document, |key| items.get(key).map(|item| &**item)))
            });
        });
        let style = independent(name);
        let mut documents = keys.iter().cycle();
        group.bench_function("hayagriva", |bencher| {
            bencher.iter(|| {
                let keys = documents.next().map_or(&[][..], Vec::as_slice);
                by_hayagriva(black_box(keys), &library, &style, &locales)
            });
        });
        group.finish();
    }
}

fn written(rendered: &Rendered) -> Vec<String> {
    let citations =
        rendered.citations.iter().map(|citation| citation.to_html(&HtmlOptions::default()));
    let list = rendered.bibliography.iter().flat_map(|list| &list.entries);
    citations.chain(list.map(|entry| entry.body_html().into_owned())).collect()
}

fn by_hayagriva(
    keys: &[String],
    library: &Library,
    style: &IndependentStyle,
    locales: &[Locale],
) -> Vec<String> {
    let mut driver = BibliographyDriver::new();
    for key in keys {
        let entry = library.get(key).expect("the key is in the database");
        let items = vec![CitationItem::with_entry(entry)];
        driver.citation(CitationRequest::from_items(items, style, locales));
    }
    let rendered =
        driver.finish(BibliographyRequest { style, locale: None, locale_files: locales });
    let citations = rendered.citations.iter().map(|citation| &citation.citation);
    let list = rendered.bibliography.iter().flat_map(|list| &list.items);
    citations
        .chain(list.map(|entry| &entry.content))
        .map(|content| {
            let mut html = String::new();
            content.write_buf(&mut html, BufWriteFormat::Html).expect("a string takes all");
            html
        })
        .collect()
}

fn independent(name: &str) -> IndependentStyle {
    match ArchivedStyle::by_name(name).map(ArchivedStyle::get) {
        Some(Style::Independent(style)) => style,
        _ => panic!("{name} is an independent style of the archive"),
    }
}

fn reading(criterion: &mut Criterion) {
    let bibtex = database(ENTRIES);
    let json = to_csl_json(items(&bibtex));
    for (name, text, format) in
        [("BibTeX", &bibtex, Format::Bibtex), ("CSL-JSON", &json, Format::CslJson)]
    {
        criterion.bench_function(&format!("read 10,000 entries of {name}"), |bencher| {
            bencher.iter_with_large_drop(|| read(black_box(text), format, ReadOptions::default()));
        });
    }
}

criterion_group!(benches, documents, reading);
criterion_main!(benches);
