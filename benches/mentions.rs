//! How long it takes to find and decide the mentions of an article of 8 KB on a
//! site with 850 surfaces.

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use galen::config::Autolink;
use galen::packed::Text;
use galen::page_id::{Lang, PageId};
use galen::parse::Body;
use galen::parse::page::Surface;
use galen::parse::text::{BlockKind, Extent, Linkable, Segment, TextBlock};
use galen::resolve::mentions::{Automaton, MentionContext, MentionPlace, ShownText, find_mentions};
use galen::resolve::quoting::Quoting;
use galen::resolve::surfaces::{SurfaceSet, surface_key};
use galen::resolve::{ChangeSet, Fact, FactKey, Facts, Pass};

const SURFACES: usize = 850;
const ARTICLE_BYTES: usize = 8 * 1024;

const SYLLABLES: &[&str] =
    &["ba", "ri", "ci", "ti", "nib", "to", "fa", "lo", "pe", "cia", "der", "ma", "lin", "ru", "xo"];

/// Words of a made-up language, the same in every run.
struct Words(u64);

impl Words {
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as usize % below
    }

    fn word(&mut self) -> String {
        (0..2 + self.number(3)).map(|_| SYLLABLES[self.number(SYLLABLES.len())]).collect()
    }
}

fn surfaces(lang: &Lang) -> (SurfaceSet, Vec<String>) {
    let mut words = Words(7);
    let mut names = Vec::new();
    let mut changes = ChangeSet::default();
    for index in 0..SURFACES {
        let name = match index % 3 {
            0 => format!("{} {}", words.word(), words.word()),
            _ => words.word() + words.word().as_str(),
        };
        let key = FactKey::Surface(lang.clone(), surface_key(&name));
        let entity = PageId::new(format!("treatments/{index}"), lang.clone());
        let surface =
            Surface { name: Arc::from(name.as_str()), plural: true, ..Surface::default() };
        changes.replace(&entity, Pass::Own, vec![(key, Fact::Surface(Arc::new(surface)))]);
        names.push(name);
    }
    let mut facts = Facts::default();
    facts.apply(changes);
    (SurfaceSet::from_facts(&facts, lang), names)
}

fn article(names: &[String]) -> Body {
    let mut words = Words(11);
    let (mut text, mut html) = (String::new(), String::new());
    let mut body = Body::default();
    while text.len() < ARTICLE_BYTES {
        let start = text.len();
        for index in 0..80 {
            let word = match index % 25 {
                24 => names[words.number(names.len())].clone(),
                _ => words.word(),
            };
            text.push_str(&word);
            text.push_str(if index % 16 == 15 { ". " } else { " " });
        }
        html.push_str("<p>");
        let plain = Extent::new(start..text.len());
        let segment = Segment { plain, html: html.len() as u32, linkable: Linkable::Yes };
        body.text.segments.push(segment);
        html.push_str(&text[start..]);
        html.push_str("</p>\n");
        let (kind, source) = (BlockKind::Prose, Extent::default());
        body.text.blocks.push(TextBlock { kind, plain, heading: None, component: None, source });
        text.push('\n');
    }
    (body.text.plain, body.html) = (Arc::from(text), Text::new(html));
    body
}

fn mentions(criterion: &mut Criterion) {
    let lang = Lang::new("en");
    let (set, names) = surfaces(&lang);
    let automaton = Automaton::new(&set);
    let body = article(&names);
    let page = PageId::new("articles/x", lang);
    let context = MentionContext {
        page: &page,
        about: BTreeSet::new(),
        terms: BTreeMap::new(),
        manual: Vec::new(),
        unlinked: BTreeSet::new(),
        autolink: Autolink::Page,
    };

    let mut group = criterion.benchmark_group("mentions");
    group.throughput(Throughput::Bytes(body.text.plain.len() as u64));
    group.bench_function("automaton of 850 surfaces", |b| {
        b.iter(|| Automaton::new(black_box(&set)));
    });
    group.bench_function("article of 8 KB", |b| {
        b.iter(|| {
            let text = ShownText { place: MentionPlace::Body, body: black_box(&body) };
            find_mentions(&[text], &automaton, &context, Quoting::default())
        });
    });
    group.finish();
}

criterion_group!(benches, mentions);
criterion_main!(benches);
