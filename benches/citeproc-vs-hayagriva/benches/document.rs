//! Times a document of 20 citations with its list, from a bibliography of 10,000 entries.

use citeproc::item::Item;
use citeproc::read::{Format, ReadOptions, read};
use citeproc::{Citation, Document, Options, Processor, styles};
use citeproc_vs_hayagriva::{cited_keys, database};
use criterion::{Criterion, criterion_group, criterion_main};
use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{IndependentStyle, Style};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, io::from_biblatex_str,
};
use std::collections::HashMap;
use std::hint::black_box;

const ENTRIES: usize = 10_000;

/// The styles by their names in both archives.
const STYLES: [&str; 4] =
    ["american-medical-association", "nlm-citation-sequence", "apa", "chicago-author-date"];

fn documents(criterion: &mut Criterion) {
    let source = database(ENTRIES);
    let keys = cited_keys(ENTRIES);
    let items: HashMap<String, Item> = read(&source, Format::Bibtex, ReadOptions::default())
        .entries
        .into_iter()
        .map(|entry| (entry.item.id.to_string(), entry.item))
        .collect();
    let citations: Vec<Citation> =
        keys.iter().map(|key| Citation::of_keys([key.as_str()])).collect();
    let library = from_biblatex_str(&source).expect("the database is valid");
    let locales = locales();
    for name in STYLES {
        let mut group = criterion.benchmark_group(name);
        let style = styles::bundled(name).expect("the style is bundled");
        let processor = Processor::new(&style, Some("en-US"), Options::default());
        group.bench_function("citeproc", |bencher| {
            bencher.iter(|| {
                let document = Document::of_citations(black_box(&citations));
                processor.process(&document, |key| items.get(key))
            });
        });
        let style = independent(name);
        group.bench_function("hayagriva", |bencher| {
            bencher.iter(|| {
                let mut driver = BibliographyDriver::new();
                for key in black_box(&keys) {
                    let entry = library.get(key).expect("the key is in the database");
                    let items = vec![CitationItem::with_entry(entry)];
                    driver.citation(CitationRequest::from_items(items, &style, &locales));
                }
                driver.finish(BibliographyRequest {
                    style: &style,
                    locale: None,
                    locale_files: &locales,
                })
            });
        });
        group.finish();
    }
}

fn independent(name: &str) -> IndependentStyle {
    match ArchivedStyle::by_name(name).map(ArchivedStyle::get) {
        Some(Style::Independent(style)) => style,
        _ => panic!("{name} is an independent style of the archive"),
    }
}

fn reading(criterion: &mut Criterion) {
    let source = database(ENTRIES);
    criterion.bench_function("read 10,000 BibTeX entries", |bencher| {
        bencher.iter(|| read(black_box(&source), Format::Bibtex, ReadOptions::default()));
    });
}

criterion_group!(benches, documents, reading);
criterion_main!(benches);
