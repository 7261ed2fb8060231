//! Whole documents, as a site generator asks for them.

use citeproc::item::{Date, DateVariable, Item, ItemType, Name, NameVariable, TextVariable};
use citeproc::output::{CiteMark, Node};
use citeproc::{
    Citation, Cite, CiteMode, Document, HtmlOptions, LocatorLabel, Options, Processor, Rendered,
    Style, styles,
};
use std::sync::Arc;

fn article(key: &str, authors: &[&str], year: i32) -> Item {
    let mut item = Item::new(key, ItemType::ArticleJournal);
    item.set_text(TextVariable::Title, format!("On {key}"));
    item.set_text(TextVariable::ContainerTitle, "Journal of Sleep");
    item.set_names(
        NameVariable::Author,
        authors.iter().map(|family| Name::person(family, "A")).collect(),
    );
    item.set_date(DateVariable::Issued, Date::from_year(year));
    item
}

fn library() -> Vec<Item> {
    vec![
        article("one", &["Okafor", "Lund", "Sato"], 2020),
        article("two", &["Brandt"], 2021),
        article("three", &["Moreau", "Lund"], 2019),
        article("four", &["Brandt"], 2021),
    ]
}

fn process(style: &Style, citations: &[Citation]) -> Rendered {
    let library = library();
    let processor = Processor::new(style, None, Options::default());
    let find = |key: &str| library.iter().find(|item| &*item.id == key);
    processor.process(&Document::of_citations(citations), find)
}

fn plain(style: &str, citations: &[Citation]) -> Vec<String> {
    let rendered = process(&styles::bundled(style).expect("the style is bundled"), citations);
    rendered.citations.iter().map(citeproc::Output::to_plain).collect()
}

fn marks(nodes: &[Node], found: &mut Vec<CiteMark>) {
    for node in nodes {
        match node {
            Node::Cite(mark, _) => found.push(mark.clone()),
            Node::Formatted(_, children)
            | Node::Quoted { children, .. }
            | Node::Link { children, .. }
            | Node::Display(_, children) => marks(children, found),
            Node::Text(_) | Node::Number(_) => {}
        }
    }
}

#[test]
fn numbers_follow_the_first_cites() {
    let citations = [Citation::of_keys(["two"]), Citation::of_keys(["one", "two"])];
    assert_eq!(plain("ama", &citations), ["1", "1,2"]);
}

#[test]
fn a_range_marks_its_ends_and_what_it_hides() {
    let citations = [Citation::of_keys(["one", "two", "three", "four"])];
    let rendered = process(&styles::bundled("ama").unwrap(), &citations);
    assert_eq!(rendered.citations[0].to_plain(), "1–4");
    let mut found = Vec::new();
    marks(&rendered.citations[0].nodes, &mut found);
    let seen: Vec<_> = found.iter().map(|m| (m.index, &*m.key, m.hidden.clone())).collect();
    assert_eq!(seen, [(0, "one", vec![]), (3, "four", vec![1, 2])]);
}

#[test]
fn cites_can_be_wrapped_in_links() {
    let citations = [Citation::of_keys(["one", "three"])];
    let rendered = process(&styles::bundled("apa").unwrap(), &citations);
    let wrap = |mark: &CiteMark, html: &str| format!("<a href=\"#ref-{}\">{html}</a>", mark.key);
    let options = HtmlOptions { wrap_cite: Some(&wrap), ..HtmlOptions::default() };
    assert_eq!(
        rendered.citations[0].to_html(&options),
        "(<a href=\"#ref-three\">Moreau &amp; Lund, 2019</a>; \
         <a href=\"#ref-one\">Okafor et al., 2020</a>)"
    );
}

#[test]
fn narrative_citations_name_the_author_in_the_sentence() {
    let narrative = |key: &str| Citation {
        cites: vec![Cite { mode: CiteMode::Composite, ..Cite::new(key) }],
        note_number: None,
    };
    let citations = [narrative("one"), narrative("three")];
    assert_eq!(plain("apa", &citations), ["Okafor et al. (2020)", "Moreau and Lund (2019)"]);
    assert_eq!(plain("ama", &citations), ["Okafor et al.1", "Moreau and Lund2"]);
    assert_eq!(plain("ieee", &citations), ["Okafor et al. [1]", "Moreau and Lund [2]"]);
}

#[test]
fn the_author_stands_for_a_narrative_cite_that_shows_nothing_else() {
    let composite = Cite { mode: CiteMode::Composite, ..Cite::new("two") };
    let marked = |style: &str, others: &[&str]| {
        let others = others.iter().map(|key| Cite::new(*key));
        let cites = [composite.clone()].into_iter().chain(others).collect();
        let rendered =
            process(&styles::bundled(style).unwrap(), &[Citation { cites, note_number: None }]);
        let mut found = Vec::new();
        marks(&rendered.citations[0].nodes, &mut found);
        let marks: Vec<usize> = found.iter().map(|mark| mark.index).collect();
        (rendered.citations[0].to_plain(), marks)
    };
    assert_eq!(marked("mla", &[]), ("Brandt".to_owned(), vec![0]));
    assert_eq!(marked("mla", &["one"]), ("Brandt (Okafor et al.)".to_owned(), vec![0, 1]));
    assert_eq!(marked("apa", &[]), ("Brandt (2021)".to_owned(), vec![0]));
}

#[test]
fn a_cite_of_which_the_style_shows_nothing_is_seen_all_the_same() {
    let page = |key: &str, title: &str| {
        let mut item = Item::new(key, ItemType::Webpage);
        item.set_text(TextVariable::Title, title);
        item
    };
    let mut items = vec![page("page", "Wind <i>and</i> water"), page("key", "")];
    items.extend(library());
    let find = |key: &str| items.iter().find(|item| &*item.id == key);
    let shown = |style: &str, cites: &[(&str, CiteMode)]| {
        let processor = Processor::new(&styles::bundled(style).unwrap(), None, Options::default());
        let cites = cites.iter().map(|(key, mode)| Cite { mode: *mode, ..Cite::new(*key) });
        let citation = Citation { cites: cites.collect(), note_number: Some(1) };
        let rendered = processor.process(&Document::of_citations(&[citation]), find);
        let mut found = Vec::new();
        marks(&rendered.citations[0].nodes, &mut found);
        (rendered.citations[0].to_plain(), found.len())
    };
    use CiteMode::{Composite, Normal, SuppressAuthor};
    let springer = "springer-basic-author-date";
    assert_eq!(shown(springer, &[("page", Normal)]), ("(Wind and water)".to_owned(), 1));
    assert_eq!(shown(springer, &[("key", Normal)]), ("(key)".to_owned(), 1));
    assert_eq!(shown(springer, &[("key", Composite)]), ("key".to_owned(), 1));
    let both = [("two", Normal), ("page", Normal)];
    assert_eq!(shown(springer, &both), ("(Brandt 2021; Wind and water)".to_owned(), 2));
    assert_eq!(shown("mla", &[("two", SuppressAuthor)]), ("(On two)".to_owned(), 1));
    assert_eq!(shown("mla", &[("two", Composite)]), ("Brandt".to_owned(), 1));

    // What is remembered of a cite without its author serves both.
    let item = Arc::new(article("two", &["Brandt"], 2021));
    let processor = Processor::new(&styles::bundled("mla").unwrap(), None, Options::default());
    let citations = [SuppressAuthor, Composite]
        .map(|mode| Citation { cites: vec![Cite { mode, ..Cite::new("two") }], note_number: None });
    let rendered = processor.process_shared(&Document::of_citations(&citations), |_| Some(&item));
    let texts: Vec<String> = rendered.citations.iter().map(citeproc::Output::to_plain).collect();
    assert_eq!(texts, ["(On two)", "Brandt"]);
}

#[test]
fn a_list_that_leaves_others_out_is_cut_as_the_style_cuts_lists() {
    let shown = |style: &str, families: &[&str]| {
        let mut item = article("cut", families, 2021);
        let mut names = item.names(NameVariable::Author).to_vec();
        names.push(Name::others());
        item.set_names(NameVariable::Author, names);
        let processor = Processor::new(&styles::bundled(style).unwrap(), None, Options::default());
        let citations = [Citation::of_keys(["cut"])];
        let rendered = processor.process(&Document::of_citations(&citations), |_| Some(&item));
        let entry = rendered.bibliography.unwrap().entries[0].body().to_plain();
        (rendered.citations[0].to_plain(), entry)
    };
    let (cite, entry) = shown("apa", &["Mulrow"]);
    assert_eq!(cite, "(Mulrow et al., 2021)");
    assert!(entry.starts_with("Mulrow, A. et al. (2021)."), "{entry}");
    let (cite, entry) = shown("apa", &["Mulrow", "Lund"]);
    assert_eq!(cite, "(Mulrow et al., 2021)");
    assert!(entry.starts_with("Mulrow, A., Lund, A., et al. (2021)."), "{entry}");
    let (_, entry) = shown("ama", &["Mulrow", "Lund"]);
    assert!(entry.starts_with("Mulrow A, Lund A, et al. On cut."), "{entry}");
}

#[test]
fn locators_prefixes_and_unknown_keys() {
    let located = Cite {
        locator: Some((LocatorLabel::Page, "12-14".to_owned())),
        prefix: "see ".to_owned(),
        ..Cite::new("one")
    };
    let citations = [Citation { cites: vec![located, Cite::new("missing")], note_number: None }];
    let rendered = process(&styles::bundled("apa").unwrap(), &citations);
    assert_eq!(rendered.citations[0].to_plain(), "(see Okafor et al., 2020, pp. 12–14; missing?)");
    assert_eq!(rendered.unknown_keys, ["missing"]);
    let mut found = Vec::new();
    marks(&rendered.citations[0].nodes, &mut found);
    assert!(!found[0].unknown && found[1].unknown);
}

#[test]
fn equal_cites_get_year_suffixes_in_text_and_list() {
    let citations = [Citation::of_keys(["two"]), Citation::of_keys(["four"])];
    let rendered = process(&styles::bundled("apa").unwrap(), &citations);
    assert_eq!(rendered.citations[0].to_plain(), "(Brandt, 2021b)");
    assert_eq!(rendered.citations[1].to_plain(), "(Brandt, 2021a)");
    let list = rendered.bibliography.unwrap();
    let keys: Vec<_> = list.entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["four", "two"]);
    assert!(list.entries[0].content().to_plain().contains("(2021a)"));
    assert!(list.hanging_indent);
}

#[test]
fn the_first_field_stands_apart() {
    let rendered = process(&styles::bundled("ama").unwrap(), &[Citation::of_keys(["two", "one"])]);
    let list = rendered.bibliography.unwrap();
    let entry = &list.entries[0];
    assert_eq!((entry.key.as_str(), entry.number), ("two", 1));
    assert_eq!(entry.left_margin().unwrap().to_plain(), "1.");
    let rest = entry.right_inline().unwrap().to_plain();
    assert!(rest.starts_with("Brandt A. On two."), "{rest}");
}

#[test]
fn nocite_lists_what_no_citation_names() {
    let library = library();
    let style = styles::bundled("ama").unwrap();
    let processor = Processor::new(&style, None, Options::default());
    let nocite = ["three".to_owned()];
    let citations = [Citation::of_keys(["two"])];
    let document = Document { citations: &citations, nocite: &nocite, ..Document::default() };
    let rendered = processor.process(&document, |key| library.iter().find(|item| &*item.id == key));
    let list = rendered.bibliography.unwrap();
    let keys: Vec<_> = list.entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["two", "three"]);
}

#[test]
fn identifiers_are_links_unless_turned_off() {
    let mut item = article("one", &["Okafor"], 2020);
    item.set_text(TextVariable::Doi, "10.1000/x<y>");
    let style = styles::bundled("apa").unwrap();
    let html = |links| {
        Processor::new(&style, None, Options { links, ..Options::default() })
            .format_entry(&item)
            .to_html(&HtmlOptions::default())
    };
    assert!(html(true).contains(
        "<a href=\"https://doi.org/10.1000/x%3Cy%3E\">https://doi.org/10.1000/x&lt;y&gt;</a>"
    ));
    assert!(!html(false).contains("<a "));
}

#[test]
fn the_language_can_be_chosen() {
    let library = library();
    let style = styles::bundled("apa").unwrap();
    let processor = Processor::new(&style, Some("de-AT"), Options::default());
    assert_eq!(processor.lang(), "de-AT");
    let entry = processor.format_entry(&library[2]).to_plain();
    assert!(entry.starts_with("Moreau, A., und Lund, A. (2019)"), "{entry}");
    let processor = Processor::new(&style, Some("de-DE"), Options::default());
    let mut undated = Item::new("x", ItemType::Book);
    undated.set_text(TextVariable::Title, "Über Schlaf");
    assert!(processor.format_entry(&undated).to_plain().contains("o.\u{a0}J."));
}

#[test]
fn a_processor_is_shared_between_threads_and_gives_the_same_each_time() {
    fn shared<T: Send + Sync>(_: &T) {}
    let style = styles::bundled("chicago-author-date").unwrap();
    let processor = Processor::new(&style, None, Options::default());
    shared(&processor);
    let citations = [Citation::of_keys(["two", "four", "one"])];
    let first = process(&style, &citations);
    for _ in 0..3 {
        assert_eq!(process(&style, &citations), first);
    }
}

#[test]
fn shared_items_are_rendered_as_others_are() {
    let shared: Vec<Arc<Item>> = library().into_iter().map(Arc::new).collect();
    let find = |key: &str| shared.iter().find(|item| &*item.id == key);
    for name in ["ama", "nlm", "apa", "chicago-author-date", "chicago-notes", "ieee", "mla"] {
        let style = styles::bundled(name).unwrap_or_else(|| panic!("{name}"));
        let processor = Processor::new(&style, None, Options::default());
        // One item has another number, another neighbour, and another suffix in each.
        let documents: [&[&str]; 4] =
            [&["one"], &["two", "one"], &["two", "four", "one"], &["three", "one", "two", "one"]];
        for keys in documents.iter().chain(&documents) {
            let citations: Vec<Citation> =
                keys.iter().map(|key| Citation::of_keys([*key])).collect();
            let document = Document::of_citations(&citations);
            let rendered = processor.process_shared(&document, find);
            assert_eq!(rendered, process(&style, &citations), "{name} {keys:?}");
            for entry in rendered.bibliography.into_iter().flat_map(|list| list.entries) {
                let html = entry.body().to_html(&HtmlOptions::default());
                assert_eq!(entry.body_html(), html, "{name} {keys:?}");
            }
        }
    }
}

#[test]
fn an_item_that_changes_is_rendered_anew() {
    let style = styles::bundled("ama").unwrap();
    let processor = Processor::new(&style, None, Options::default());
    let citations = [Citation::of_keys(["one"])];
    let body = |item: Item| {
        let item = Arc::new(item);
        let rendered =
            processor.process_shared(&Document::of_citations(&citations), |_| Some(&item));
        rendered.bibliography.unwrap().entries[0].body_html().into_owned()
    };
    let before = body(article("one", &["Okafor"], 2020));
    let after = body(article("one", &["Lund"], 2020));
    assert!(before.starts_with("Okafor A.") && after.starts_with("Lund A."), "{before} {after}");
}

#[test]
fn a_list_has_the_order_it_is_given_in() {
    let library = library();
    let style = styles::bundled("chicago-author-date").unwrap();
    let processor = Processor::new(&style, None, Options::default());
    let entries = processor.list(&library);
    let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["one", "two", "three", "four"]);
    let texts: Vec<String> = entries.iter().map(|entry| entry.body().to_plain()).collect();
    assert!(texts[1].starts_with("Brandt, A. 2021b.") && texts[3].starts_with("Brandt, A. 2021a."));
}
