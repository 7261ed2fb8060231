//! The door to the CSL processor: a page's citations in, numbered HTML out.
//!
//! Nothing else of galen formats a citation. [`format_references`] takes the
//! citations of a page in reading order and returns each as HTML whose links lead
//! to the list (`ref-KEY`), and the list with the places that cite each entry
//! (`cite-KEY-N`, the Nth citation of the key on the page).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use citeproc::item::{DateVariable, Item, ItemType, Name, NameVariable, TextVariable};
use citeproc::output::CiteMark;
use citeproc::{Cite as CslCite, CiteMode, Document, HtmlOptions, LocatorLabel};

use jiff::civil::Date;

use crate::html::escape;
use crate::pattern::fill;

use super::bibliography::{Bibliography, Entry};
use super::key::CitationKey;
use super::style::CitationStyle;
use super::syntax::{Citation, Cite};

/// What a page cites, and how it wants that shown.
#[derive(Clone, Copy, Debug)]
pub struct ReferenceRequest<'a> {
    /// The style.
    pub style: &'a CitationStyle,
    /// The works.
    pub bibliography: &'a Bibliography,
    /// The citations, in reading order.
    pub citations: &'a [&'a Citation],
    /// Works to list without a citation, in order.
    pub nocite: &'a [CitationKey],
    /// In a style of notes, the note that holds each citation; empty in other styles.
    pub notes: &'a [NotePlace],
    /// What a link that shows only a number is called, with `{number}` for the
    /// number, such as "Reference {number}".
    pub link_name: &'a str,
}

/// The note that holds a citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotePlace {
    /// The note's number on the page, from 1.
    pub number: u32,
    /// Whether the note holds the citation and nothing else, so that its place in the
    /// text shows the note's mark.
    pub is_own: bool,
}

/// A page's citations and its list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormattedReferences {
    /// The HTML of each citation of the request; of one that is a note of its own, what
    /// the note says.
    pub citations: Vec<String>,
    /// The HTML of what the text says of each citation that is a note of its own: the
    /// names, where they are part of the sentence, else nothing.
    pub names: Vec<String>,
    /// The list, in the style's order.
    pub references: Vec<FormattedReference>,
}

/// One entry of a page's list.
#[derive(Clone, Debug, PartialEq)]
pub struct FormattedReference {
    /// The entry's key.
    pub key: CitationKey,
    /// Its number, in a style that numbers.
    pub number: Option<usize>,
    /// The entry without its number, as HTML.
    pub html: String,
    /// Where the page cites it, in reading order.
    pub places: Vec<CitingPlace>,
}

/// A place that cites an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitingPlace {
    /// The index of the citation in the request.
    pub citation: usize,
    /// The id of the link; a place inside a collapsed range has the range's.
    pub anchor: Arc<str>,
}

/// Returns the id of the entry `key` in a page's list.
pub fn reference_id(key: &CitationKey) -> String {
    let mut id = "ref-".to_owned();
    push_id_part(key.as_str(), &mut id);
    id
}

fn citing_id(key: &CitationKey, nth: usize) -> Arc<str> {
    let mut id = "cite-".to_owned();
    push_id_part(key.as_str(), &mut id);
    id.push('-');
    id.push_str(&nth.to_string());
    Arc::from(id)
}

/// Appends `key` as a part of an id, another for each key: HTML ids hold no white space,
/// and quotes or angle brackets would have to be written as entities. Each such sign is
/// written as its number in Unicode between tildes.
fn push_id_part(key: &str, id: &mut String) {
    if key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        id.push_str(key);
        return;
    }
    let stands = |c: char| !(c.is_whitespace() || c.is_control() || "\"'<>&%#~".contains(c));
    for c in key.chars() {
        match stands(c) {
            true => id.push(c),
            false => id.push_str(&format!("~{:x}~", u32::from(c))),
        }
    }
}

/// Returns the key whose part of an id is `part`.
pub fn key_in_id(part: &str) -> String {
    let mut key = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('~') {
        let written = after.split_once('~');
        let sign = written.and_then(|(number, rest)| {
            let sign = u32::from_str_radix(number, 16).ok().and_then(char::from_u32)?;
            Some((sign, rest))
        });
        let Some((sign, after)) = sign else { break };
        key.push_str(before);
        key.push(sign);
        rest = after;
    }
    key + rest
}

/// Formats the citations and the list of a page.
///
/// A key that the bibliography does not hold is shown as a visible marker and has
/// no entry; a rule reports it.
pub fn format_references(request: &ReferenceRequest<'_>) -> FormattedReferences {
    let processor = request.style.processor();
    let places_in_notes = (0..).map(|index: usize| request.notes.get(index).copied());
    let placed: Vec<_> = request.citations.iter().copied().zip(places_in_notes).collect();
    let citations: Vec<citeproc::Citation> =
        placed.iter().map(|(citation, note)| csl_citation(citation, *note)).collect();
    let nocite: Vec<String> = request.nocite.iter().map(|key| key.as_str().to_owned()).collect();
    let document = Document { citations: &citations, nocite: &nocite, ..Document::default() };
    let rendered = processor.process_shared(&document, |key| request.bibliography.item(key));

    let mut places = Places::of(request.citations);
    let citations = rendered
        .citations
        .iter()
        .enumerate()
        .map(|(index, output)| citation_html(output, index, &mut places, request))
        .collect();
    let references = match rendered.bibliography {
        Some(list) => list
            .entries
            .into_iter()
            .map(|entry| {
                // The database has the key at hand; a work that it does not hold is in no list.
                let known = request.bibliography.get(&entry.key);
                let key = known.map(|entry| entry.key.clone());
                let key = key.unwrap_or_else(|| CitationKey::new(&*entry.key));
                FormattedReference {
                    number: request.style.is_numeric().then_some(entry.number as usize),
                    html: shown_entry(entry.body_html().into_owned(), &key, known),
                    places: places.by_key.remove(&key).unwrap_or_default(),
                    key,
                }
            })
            .collect(),
        None => list_without_style(request, &mut places),
    };
    let names = placed.iter().map(|(citation, note)| names_in_text(citation, *note, request));
    FormattedReferences { citations, names: names.collect(), references }
}

/// Returns the entry as the style prints it. Of some kinds of works, as of a letter, a style
/// prints nothing: then it is the title, or the key, since a citation leads to it.
fn shown_entry(html: String, key: &CitationKey, known: Option<&Entry>) -> String {
    if !html.trim().is_empty() {
        return html;
    }
    let title = known.map(|entry| entry.description().title.as_str());
    escape(title.filter(|title| !title.is_empty()).unwrap_or(key.as_str()))
}

/// Returns the list of a style that has none, which citations lead to all the same: each work
/// by its mark in the text, if the style has no notes, and as the default style has it.
fn list_without_style(
    request: &ReferenceRequest<'_>,
    places: &mut Places,
) -> Vec<FormattedReference> {
    let cited = request.citations.iter().flat_map(|citation| &citation.cites);
    let keys = cited.map(|cite| &cite.key).chain(request.nocite);
    let mut seen = BTreeSet::new();
    let known = keys.filter(|key| seen.insert(*key));
    let known = known.filter_map(|key| Some((key, request.bibliography.item(key.as_str())?)));
    let known: Vec<_> = known.collect();
    let citations: Vec<_> =
        known.iter().map(|(key, _)| citeproc::Citation::of_keys([key.as_str()])).collect();
    let marks = match request.style.is_note() {
        true => Vec::new(),
        false => {
            let document = Document::of_citations(&citations);
            let processor = request.style.processor();
            processor.process_shared(&document, |key| request.bibliography.item(key)).citations
        }
    };
    let mut marks = marks.iter().map(|mark| mark.to_html(&HtmlOptions::default()));
    known
        .into_iter()
        .map(|(key, item)| {
            let entry = request.style.format_entry(item);
            let mark = marks.next();
            FormattedReference {
                key: key.clone(),
                number: None,
                html: mark.map_or_else(|| entry.clone(), |mark| format!("{mark} {entry}")),
                places: places.by_key.remove(key).unwrap_or_default(),
            }
        })
        .collect()
}

/// Returns the names that the sentence of a narrative citation shows, whose note says
/// the rest.
fn names_in_text(
    citation: &Citation,
    note: Option<NotePlace>,
    request: &ReferenceRequest<'_>,
) -> String {
    let first = citation.cites.first().filter(|cite| citation.narrative && !cite.suppress_author);
    match first.filter(|_| note.is_some_and(|note| note.is_own)) {
        Some(cite) => match request.bibliography.item(cite.key.as_str()) {
            Some(item) => {
                request.style.processor().short_names(item).to_html(&HtmlOptions::default())
            }
            None => unknown_marker(&cite.key),
        },
        None => String::new(),
    }
}

/// A page of the site as a work that others may cite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageAsWork {
    /// Its title.
    pub title: String,
    /// Its authors.
    pub authors: Vec<PageAuthor>,
    /// The site's title.
    pub site: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was last changed or published.
    pub date: Option<Date>,
}

/// The author of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageAuthor {
    /// The family name, or the whole name of a group.
    pub family: String,
    /// The given names.
    pub given: String,
    /// What stands behind the name, such as "Jr.".
    pub suffix: String,
}

/// What stands behind a family name and is none, in small letters and without a full stop.
const NAME_SUFFIXES: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "esq"];

impl PageAuthor {
    /// Returns the parts of a person's name, of which the last word is the family name but
    /// for a suffix.
    pub fn of_person(name: &str) -> Self {
        let is_suffix = |word: &str| {
            NAME_SUFFIXES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
        };
        let (name, suffix) = match name.trim().rsplit_once(' ') {
            Some((rest, last)) if is_suffix(last) && rest.trim().contains(' ') => {
                (rest.trim().trim_end_matches(','), last)
            }
            _ => (name.trim(), ""),
        };
        let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
        Self { family: family.to_owned(), given: given.to_owned(), suffix: suffix.to_owned() }
    }

    fn name(&self) -> Name {
        let suffix = Some(self.suffix.as_str()).filter(|suffix| !suffix.is_empty());
        match self.given.is_empty() {
            true => Name::group(&self.family),
            false => {
                Name { suffix: suffix.map(Into::into), ..Name::person(&self.family, &self.given) }
            }
        }
    }
}

/// How to cite a page of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormattedWork {
    /// As HTML.
    pub html: String,
    /// As plain text, to copy.
    pub text: String,
}

/// Formats a page of the site as an entry of a reference list, without a number.
pub fn format_page(style: &CitationStyle, page: &PageAsWork) -> FormattedWork {
    let mut item = Item::new("page", ItemType::Webpage);
    item.set_text(TextVariable::Title, page.title.as_str());
    item.set_text(TextVariable::ContainerTitle, page.site.as_str());
    if let Some(url) = &page.url {
        item.set_text(TextVariable::Url, url.as_str());
    }
    let names = page.authors.iter().map(PageAuthor::name);
    item.set_names(NameVariable::Author, names.collect());
    if let Some(date) = page.date {
        item.set_date(DateVariable::Issued, citeproc::item::Date::parse(&date.to_string()));
    }
    let output = style.lister().format_entry(&item);
    FormattedWork { html: output.to_html(&HtmlOptions::default()), text: output.to_plain() }
}

/// The places that cite each key.
struct Places {
    /// By citation and cite: which of its key's places it is, from 1.
    nth: Vec<Vec<usize>>,
    by_key: BTreeMap<CitationKey, Vec<CitingPlace>>,
}

impl Places {
    fn of(citations: &[&Citation]) -> Self {
        let mut by_key: BTreeMap<CitationKey, Vec<CitingPlace>> = BTreeMap::new();
        let nth = citations
            .iter()
            .enumerate()
            .map(|(index, citation)| {
                citation
                    .cites
                    .iter()
                    .map(|cite| {
                        let places = by_key.entry(cite.key.clone()).or_default();
                        let nth = places.len() + 1;
                        let anchor = citing_id(&cite.key, nth);
                        places.push(CitingPlace { citation: index, anchor });
                        nth
                    })
                    .collect()
            })
            .collect();
        Self { nth, by_key }
    }

    /// Leads the back-link of the cite `hidden` of `citation` to `anchor`.
    fn redirect(&mut self, citation: usize, key: &CitationKey, hidden: usize, anchor: &Arc<str>) {
        let nth = self.nth[citation][hidden];
        if let Some(place) = self.by_key.get_mut(key).and_then(|places| places.get_mut(nth - 1)) {
            place.anchor = Arc::clone(anchor);
        }
    }
}

/// Returns the HTML of one citation, each of its cites a link to the list.
fn citation_html(
    output: &citeproc::Output,
    index: usize,
    places: &mut Places,
    request: &ReferenceRequest<'_>,
) -> String {
    let citation = request.citations[index];
    let is_own_note = request.notes.get(index).is_some_and(|note| note.is_own);
    let state = RefCell::new((places, BTreeSet::new()));
    let wrap = |mark: &CiteMark, inner: &str| {
        let Some(cite) = citation.cites.get(mark.index) else { return inner.to_owned() };
        if mark.unknown {
            return unknown_marker(&cite.key);
        }
        let (places, seen) = &mut *state.borrow_mut();
        let anchor = citing_id(&cite.key, places.nth[index][mark.index]);
        for &hidden in &mark.hidden {
            if let Some(cite) = citation.cites.get(hidden) {
                places.redirect(index, &cite.key, hidden, &anchor);
            }
        }
        // A narrative citation shows one cite in two parts: the author and the rest.
        let id = seen.insert(mark.index).then_some(&*anchor);
        if citation.in_link && !is_own_note {
            return marked(id, inner);
        }
        let names_number = request.style.is_numeric();
        cite_link(&cite.key, id, inner, names_number.then_some(request.link_name))
    };
    let html = output.to_html(&HtmlOptions { wrap_cite: Some(&wrap), ..HtmlOptions::default() });
    format!("<span class=\"citation\">{html}</span>")
}

/// Returns the link from a cite to its entry. A link cannot hold another, so a cite
/// that shows an address is only marked. One that shows only a number is called by
/// `number_name`, in a style that numbers.
fn cite_link(
    key: &CitationKey,
    id: Option<&str>,
    inner: &str,
    number_name: Option<&str>,
) -> String {
    if inner.contains("<a ") {
        return marked(id, inner);
    }
    let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
    let is_number = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    let name = match number_name.filter(|_| is_number) {
        Some(number_name) => {
            let name = fill(number_name, |place| (place == "number").then_some(inner.into()));
            format!(" aria-label=\"{}\"", escape(&name))
        }
        None => String::new(),
    };
    let target = reference_id(key);
    format!("<a href=\"#{target}\"{id} role=\"doc-biblioref\"{name}>{inner}</a>")
}

/// Returns a cite that is no link, but can be linked to.
fn marked(id: Option<&str>, inner: &str) -> String {
    let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
    format!("<span{id}>{inner}</span>")
}

fn unknown_marker(key: &CitationKey) -> String {
    format!("<strong class=\"unresolved\">[@{}?]</strong>", escape(key.as_str()))
}

fn csl_citation(citation: &Citation, note: Option<NotePlace>) -> citeproc::Citation {
    let is_own_note = note.is_some_and(|note| note.is_own);
    let cites = citation.cites.iter().enumerate();
    citeproc::Citation {
        cites: cites
            .map(|(index, cite)| match citation.narrative && index == 0 {
                // The sentence names the authors, the note need not.
                true if is_own_note => csl_cite(cite, CiteMode::SuppressAuthor),
                true => csl_cite(cite, CiteMode::Composite),
                false => csl_cite(cite, CiteMode::Normal),
            })
            .collect(),
        note_number: note.map(|note| note.number),
    }
}

fn csl_cite(cite: &Cite, mode: CiteMode) -> CslCite {
    let mode = if cite.suppress_author { CiteMode::SuppressAuthor } else { mode };
    CslCite {
        key: cite.key.as_str().to_owned(),
        locator: cite.locator.as_ref().map(|locator| {
            let label = LocatorLabel::from_text(locator.label).unwrap_or(LocatorLabel::Page);
            (label, locator.value.clone())
        }),
        prefix: cite.prefix.clone(),
        suffix: cite.suffix.clone(),
        mode,
        ..CslCite::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::CitationFile;
    use crate::citation::syntax::scan;
    use crate::source::{Source, SourceId};

    /// Returns the citations of `text` in `style`, of which `bib` has the works.
    fn formatted(style: &str, bib: &str, text: &str) -> FormattedReferences {
        let file = CitationFile::parse(&Source::new(SourceId::new("citations/a.bib"), bib));
        let style = citeproc::styles::bundled(style).expect("the style is bundled");
        let citations = scan(text);
        format_references(&ReferenceRequest {
            style: &CitationStyle::new(&style, "en-US"),
            bibliography: &Bibliography::merge([&file], []).0,
            citations: &citations.iter().collect::<Vec<_>>(),
            nocite: &[],
            notes: &[],
            link_name: "Reference {number}",
        })
    }

    #[test]
    fn a_work_of_which_the_style_prints_nothing_is_named() {
        let entry = |style, bib| formatted(style, bib, "[@a]").references[0].html.clone();
        assert_eq!(entry("ama", "@article{a, note={x}}"), "a");
        let letter = "@letter{a, title={On <Hair>}, author={Roe, Jane}, year={2004}}";
        assert_eq!(entry("apa", letter), "On &lt;hair&gt;");
    }

    #[test]
    fn only_a_number_of_the_list_is_called_one() {
        let bib = "@book{a, title={A}, author={Roe, Jane}, year={2004}}";
        let named = |style| formatted(style, bib, "[-@a]").citations[0].contains("aria-label");
        assert!(named("ama"));
        assert!(!named("apa"));
    }

    #[test]
    fn citations_of_a_style_without_a_list_lead_to_one() {
        let bib = "@book{a, title={A}, author={Roe, Jane}, year={2004}} \
            @book{b, title={B}, author={Roe, Jane}, year={2004}}";
        let formatted = formatted("alphanumeric", bib, "[@b; @none] @a [@b]");
        assert!(formatted.citations[0].contains("<a href=\"#ref-b\""));
        let listed = formatted.references.iter();
        let listed = listed.map(|entry| (entry.key.as_str(), entry.places.len()));
        assert_eq!(listed.collect::<Vec<_>>(), [("b", 2), ("a", 1)]);
        let entry = &formatted.references[0].html;
        assert!(entry.starts_with("[Roe04") && entry.contains("] Roe J. <i>B</i>"), "{entry}");
        let style = citeproc::styles::bundled("alphanumeric").expect("the style is bundled");
        let style = CitationStyle::new(&style, "en-US");
        let page = PageAsWork { title: "Hair".to_owned(), ..PageAsWork::default() };
        assert_eq!(format_page(&style, &page).text, "Hair.");
    }

    #[test]
    fn each_key_has_an_id_of_its_own() {
        let id = |key: &str| reference_id(&CitationKey::new(key));
        assert_eq!(id("king-2022:a.b/c_é"), "ref-king-2022:a.b/c_é");
        assert_eq!(id("odd-key"), "ref-odd-key");
        assert_eq!(id("odd key"), "ref-odd~20~key");
        assert_eq!(id("odd~20~key"), "ref-odd~7e~20~7e~key");
        for key in ["king-2022:a.b/c_é", "odd key", "odd~20~key", "~"] {
            let mut part = String::new();
            push_id_part(key, &mut part);
            assert_eq!(key_in_id(&part), key);
        }
        assert_eq!(key_in_id("odd~key~"), "odd~key~");
    }

    #[test]
    fn a_suffix_is_no_family_name() {
        let style = citeproc::styles::bundled("apa").expect("the style is bundled");
        let style = CitationStyle::new(&style, "en-US");
        let cited = |name: &str| {
            let authors = vec![PageAuthor::of_person(name)];
            let page = PageAsWork { title: "Hair".to_owned(), authors, ..PageAsWork::default() };
            format_page(&style, &page).text
        };
        for (name, expected) in [
            ("Martin Luther King Jr.", "King, M. L., Jr. "),
            ("Martin Luther King, III", "King, M. L., III. "),
            ("Jane Roe", "Roe, J. "),
            ("Kim Ii", "Ii, K. "),
        ] {
            let text = cited(name);
            assert!(text.starts_with(expected), "{name}: {text}");
        }
    }
}
