//! How long parsing Markdown takes, beside what pulldown-cmark alone takes to
//! write HTML from the same text.
//!
//! `GALEN_BENCH_ARTICLES` names a folder of Markdown files to measure instead of
//! the built-in article.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use galen::parse::markdown::{MarkdownOptions, parse};
use galen::source::SourceId;

/// A paragraph, a list and a table as articles have them.
const SECTION: &str = "\
## Effects on relapse

In older adults with atrial fibrillation, vizadipine changed lung function by 14% compared
with *estimate* alone [@becker2004, p. 14; see @silva2019]. The result came from a cohort
study of 8716 people, and **repeat measurements** agreed; @adeyemi1997 [table 2] found less.
See also [the comparison](../treatments/vizadipine.md) and `code`. Harms were reported less
often than benefits, and adherence was rarely separated from them.

- Clinicians who start it should check potassium first.
- Patients should be told that \"dizziness\" is common -- and harmless.

| Outcome | Studies | Effect (95% CI) | Certainty |
|---|---:|---|---|
| body weight | 30 | RR 1.38 (0.23 to 2.03) | Very low [@silva2019] |

";

/// How many sections make an article of about 8 KB.
const SECTIONS: usize = 9;

fn articles() -> Vec<String> {
    let Some(folder) = std::env::var_os("GALEN_BENCH_ARTICLES") else {
        return vec![SECTION.repeat(SECTIONS)];
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of articles can be read")
        .map(|entry| entry.expect("its entries can be read").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| body(&std::fs::read_to_string(path).expect("an article"))).collect()
}

/// Returns the text after the front matter.
fn body(page: &str) -> String {
    let rest = page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    rest.map_or(page, |(_, body)| body).to_owned()
}

fn plain_html(text: &str) -> String {
    let options = pulldown_cmark::Options::ENABLE_TABLES
        | pulldown_cmark::Options::ENABLE_FOOTNOTES
        | pulldown_cmark::Options::ENABLE_SMART_PUNCTUATION;
    let mut html = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(text, options));
    html
}

fn markdown(criterion: &mut Criterion) {
    let articles = articles();
    let bytes: usize = articles.iter().map(String::len).sum();
    let (source, options) = (SourceId::new("article.md"), MarkdownOptions::default());
    let mut group = criterion.benchmark_group("markdown");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(20);
    group.bench_with_input(BenchmarkId::new("galen", articles.len()), &articles, |bench, texts| {
        bench.iter(|| {
            for text in texts {
                black_box(parse(text, 0, &source, &options));
            }
        });
    });
    group.bench_with_input(
        BenchmarkId::new("pulldown-cmark", articles.len()),
        &articles,
        |bench, texts| {
            bench.iter(|| {
                for text in texts {
                    black_box(plain_html(text));
                }
            });
        },
    );
    group.finish();
}

criterion_group!(benches, markdown);
criterion_main!(benches);
