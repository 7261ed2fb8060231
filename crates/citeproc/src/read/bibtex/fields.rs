//! Makes an item of an entry: which field is which variable.

use std::borrow::Cow;

use super::syntax::RawEntry;
use super::{latex, names, sentence_case, types};
use crate::item::{
    Date, DateVariable, Inline, Item, ItemType, NameVariable, Text, TextVariable, month_number,
};

/// Makes an item of an entry whose fields are complete.
pub(super) fn to_item(entry: &RawEntry<'_>) -> Item {
    let subtype = field(entry, "entrysubtype").unwrap_or_default();
    let kind = types::item_type(&entry.kind, subtype);
    let mut reader = Reader { entry, item: Item::new(entry.key, kind), english: true };
    reader.language();
    reader.genre_and_status();
    reader.titles();
    reader.numbers();
    reader.publisher();
    reader.identifiers();
    reader.names();
    reader.dates();
    reader.private_fields();
    reader.refine_type();
    reader.item
}

/// Returns a field with something in it.
fn field<'e>(entry: &'e RawEntry<'_>, name: &str) -> Option<&'e str> {
    let value = entry.fields.iter().find(|field| field.name == name)?.value.trim_ascii();
    (!value.is_empty()).then_some(value)
}

struct Reader<'e, 'a> {
    entry: &'e RawEntry<'a>,
    item: Item,
    /// Titles are taken to be in English where the entry does not say otherwise.
    english: bool,
}

impl<'e> Reader<'e, '_> {
    fn get(&self, name: &str) -> Option<&'e str> {
        field(self.entry, name)
    }

    /// Returns the first of several fields that is there.
    fn first(&self, names: &[&str]) -> Option<&'e str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// Sets a variable to the first of several fields, typeset.
    fn text(&mut self, variable: TextVariable, names: &[&str]) {
        if let Some(source) = self.first(names) {
            self.item.set_text(variable, latex::to_text(source));
        }
    }

    /// Sets a variable to the first of several fields, taken literally.
    fn verbatim(&mut self, variable: TextVariable, names: &[&str]) {
        if let Some(source) = self.first(names) {
            self.item.set_text(variable, latex::to_verbatim(source));
        }
    }

    fn language(&mut self) {
        let Some(source) = self.first(&["langid", "hyphenation", "language"]) else { return };
        let plain = latex::to_plain(source);
        let tag = types::language_tag(&plain).map_or(Cow::Borrowed(plain.as_str()), Cow::Borrowed);
        self.english = tag.len() >= 2 && tag.as_bytes()[..2].eq_ignore_ascii_case(b"en");
        self.item.set_text(TextVariable::Language, tag.into_owned());
    }

    fn genre_and_status(&mut self) {
        let given = self.get("type").map(latex::to_plain);
        let genre = match given {
            Some(keyword) => {
                Some(types::genre_keyword(&keyword).map_or(Cow::Owned(keyword), Cow::Borrowed))
            }
            None => types::implied_genre(&self.entry.kind).map(Cow::Borrowed),
        };
        if let Some(genre) = genre {
            self.item.set_text(TextVariable::Genre, genre.into_owned());
        }
        if let Some(keyword) = self.get("pubstate").map(latex::to_plain) {
            let status = types::status_keyword(&keyword).map_or(keyword.as_str(), |status| status);
            self.item.set_text(TextVariable::Status, status);
        }
    }

    /// Reads a title with its subtitle and addition.
    fn title(&self, name: &str, subtitle: &str, addon: &str) -> Option<Text> {
        let mut inlines = self.title_part(self.get(name)?);
        for (part, separator) in [(subtitle, ": "), (addon, ". ")] {
            let Some(source) = self.get(part) else { continue };
            let ends_sentence =
                Text::from_inlines(inlines.clone()).to_plain().ends_with(['.', '?', '!', ':', '…']);
            let separator = if ends_sentence { " " } else { separator };
            inlines.push(Inline::Plain(separator.into()));
            inlines.extend(self.title_part(source));
        }
        Some(Text::from_inlines(inlines))
    }

    fn title_part(&self, source: &str) -> Vec<Inline> {
        let mut inlines = if latex::is_plain(source) {
            vec![Inline::Plain(latex::collapse_space(source).into())]
        } else {
            latex::parse(source)
        };
        if self.english {
            sentence_case::sentence_case(&mut inlines);
        }
        inlines
    }

    fn titles(&mut self) {
        let title = self.title("title", "subtitle", "titleaddon");
        let book = self.title("booktitle", "booksubtitle", "booktitleaddon");
        let main = self.title("maintitle", "mainsubtitle", "maintitleaddon");
        let contained = matches!(
            self.item.kind,
            ItemType::Chapter | ItemType::PaperConference | ItemType::EntryEncyclopedia
        );
        // In a work of several volumes the book is a volume of it.
        let (title, container, volume) = match (contained, main) {
            (true, Some(main)) => (title, Some(main), book),
            (true, None) => (title, book, None),
            (false, Some(main)) => (Some(main), None, title),
            // A book that others are parts of repeats its title for them.
            (false, None) if self.item.kind == ItemType::Book => (title.or(book), None, None),
            (false, None) => (title, book, None),
        };
        for (variable, text) in [
            (TextVariable::Title, title),
            (TextVariable::ContainerTitle, container),
            (TextVariable::VolumeTitle, volume),
            (TextVariable::TitleShort, self.title("shorttitle", "", "")),
            (TextVariable::EventTitle, self.title("eventtitle", "", "eventtitleaddon")),
            (TextVariable::OriginalTitle, self.title("origtitle", "", "")),
        ] {
            if let Some(text) = text {
                self.item.set_text(variable, text);
            }
        }
        if let Some(journal) = self.first(&["journaltitle", "journal"]) {
            let mut text = latex::to_text(journal);
            if let Some(subtitle) = self.get("journalsubtitle") {
                let joined = format!("{}: {}", text.as_str(), latex::to_text(subtitle).as_str());
                text = joined.into();
            }
            self.item.set_text(TextVariable::ContainerTitle, text);
        }
        self.text(
            TextVariable::ContainerTitleShort,
            &["shortjournal", "journalabbr", "journalabbrev", "journal-iso", "shortbooktitle"],
        );
        self.text(TextVariable::CollectionTitle, &["series"]);
    }

    fn numbers(&mut self) {
        for (variable, name) in [
            (TextVariable::Volume, "volume"),
            (TextVariable::NumberOfVolumes, "volumes"),
            (TextVariable::Edition, "edition"),
            (TextVariable::ChapterNumber, "chapter"),
            (TextVariable::PartNumber, "part"),
            (TextVariable::NumberOfPages, "pagetotal"),
            (TextVariable::Version, "version"),
        ] {
            self.text(variable, &[name]);
        }
        let (number, issue) = (self.get("number"), self.get("issue"));
        let (number, issue) = (number.map(latex::to_plain), issue.map(latex::to_plain));
        match self.item.kind {
            ItemType::ArticleJournal
            | ItemType::ArticleMagazine
            | ItemType::ArticleNewspaper
            | ItemType::Periodical => {
                let parts: Vec<_> = [number, issue].into_iter().flatten().collect();
                self.item.set_text(TextVariable::Issue, parts.join(", "));
            }
            _ => {
                let variable = match self.item.kind {
                    ItemType::Book
                    | ItemType::Chapter
                    | ItemType::PaperConference
                    | ItemType::EntryEncyclopedia
                    | ItemType::Pamphlet => TextVariable::CollectionNumber,
                    _ => TextVariable::Number,
                };
                self.item.set_text(variable, number.unwrap_or_default());
                self.item.set_text(TextVariable::Issue, issue.unwrap_or_default());
            }
        }
        // An article number stands where the pages would.
        if let Some(pages) = self.first(&["pages", "eid", "article-number"]) {
            let pages = latex::to_plain(pages).replace(['–', '—'], "-");
            self.item.set_text(TextVariable::Page, pages);
        }
    }

    fn publisher(&mut self) {
        let names: &[&str] = match self.item.kind {
            ItemType::Thesis => &["school", "institution", "publisher", "organization"],
            ItemType::Report => &["institution", "publisher", "organization", "school"],
            _ => &["publisher", "organization", "institution", "school"],
        };
        self.list(TextVariable::Publisher, names);
        self.list(TextVariable::PublisherPlace, &["location", "address"]);
        self.list(TextVariable::OriginalPublisher, &["origpublisher"]);
        self.list(TextVariable::OriginalPublisherPlace, &["origlocation"]);
        self.text(TextVariable::EventPlace, &["venue"]);
        self.text(TextVariable::Archive, &["library"]);
        self.text(TextVariable::Medium, &["medium"]);
        if let Some(source) = self.get("howpublished") {
            if source.contains("\\url") || source.starts_with("http") {
                let start = source.find("\\url").or_else(|| source.find("http")).unwrap_or(0);
                self.item.set_text(TextVariable::Url, latex::to_verbatim(&source[start..]));
            } else if !self.item.has(TextVariable::Publisher) {
                self.item.set_text(TextVariable::Publisher, latex::to_text(source));
            }
        }
        // BibLaTeX lists the countries of a patent as places.
        if self.item.kind == ItemType::Patent
            && let Some(place) = self.item.str(TextVariable::PublisherPlace).map(str::to_owned)
        {
            self.item.set_text(TextVariable::Jurisdiction, place);
            self.item.remove(TextVariable::PublisherPlace);
        }
    }

    /// Sets a variable to a field that may list several values, joined by "and".
    fn list(&mut self, variable: TextVariable, names: &[&str]) {
        let Some(source) = self.first(names) else { return };
        let values: Vec<_> = names::split_list(source).map(latex::to_plain).collect();
        self.item.set_text(variable, values.join("; "));
    }

    fn identifiers(&mut self) {
        self.verbatim(TextVariable::Url, &["url"]);
        for (variable, name) in [
            (TextVariable::Pmid, "pmid"),
            (TextVariable::Pmcid, "pmcid"),
            (TextVariable::Isbn, "isbn"),
            (TextVariable::Issn, "issn"),
            (TextVariable::CallNumber, "lccn"),
        ] {
            self.verbatim(variable, &[name]);
        }
        if let Some(doi) = self.get("doi").map(latex::to_verbatim) {
            self.item.set_text(TextVariable::Doi, bare_doi(&doi));
        }
        let Some(eprint) = self.get("eprint").map(latex::to_verbatim) else { return };
        let scheme = self.first(&["eprinttype", "archiveprefix"]).unwrap_or("arxiv");
        let scheme = scheme.to_ascii_lowercase();
        let (variable, value) = match scheme.as_str() {
            "pubmed" | "pmid" => (TextVariable::Pmid, eprint),
            "pmc" | "pmcid" => (TextVariable::Pmcid, eprint),
            "arxiv" => {
                let id = eprint.trim_start_matches("arXiv:");
                (TextVariable::Url, format!("https://arxiv.org/abs/{id}"))
            }
            "jstor" => (TextVariable::Url, format!("https://www.jstor.org/stable/{eprint}")),
            "hdl" => (TextVariable::Url, format!("https://hdl.handle.net/{eprint}")),
            _ => return,
        };
        if !self.item.has(variable) {
            self.item.set_text(variable, value);
        }
    }

    fn names(&mut self) {
        let editor = match self.get("editortype").unwrap_or("editor") {
            "compiler" => NameVariable::Compiler,
            "director" => NameVariable::Director,
            "organizer" => NameVariable::Organizer,
            "producer" => NameVariable::Producer,
            "performer" => NameVariable::Performer,
            _ => NameVariable::Editor,
        };
        for (variable, name) in [
            (NameVariable::Author, "author"),
            (editor, "editor"),
            (NameVariable::Translator, "translator"),
            (NameVariable::ContainerAuthor, "bookauthor"),
            (NameVariable::Director, "director"),
        ] {
            if let Some(source) = self.get(name) {
                self.item.set_names(variable, names::parse(source));
            }
        }
    }

    fn dates(&mut self) {
        let issued = match self.get("date") {
            Some(date) => Some(parse_date(date)),
            None => self.get("year").map(|year| self.year_and_month(year)),
        };
        if let Some(issued) = issued {
            self.item.set_date(DateVariable::Issued, issued);
        }
        for (variable, names) in [
            (DateVariable::Accessed, ["urldate", "lastchecked"]),
            (DateVariable::EventDate, ["eventdate", "eventdate"]),
            (DateVariable::OriginalDate, ["origdate", "origyear"]),
        ] {
            if let Some(date) = self.first(&names) {
                self.item.set_date(variable, parse_date(date));
            }
        }
    }

    /// Reads the three fields of BibTeX: a year, perhaps a month, perhaps a day.
    fn year_and_month(&self, year: &str) -> Date {
        let date = parse_date(year);
        let year = latex::to_plain(year);
        let single = date.start.filter(|_| date.end.is_none());
        let (Some(start), Some(month)) = (single, self.get("month")) else { return date };
        if start.month.is_some() {
            return date;
        }
        let month = latex::to_plain(month);
        let month = match month.trim().parse::<u8>().ok().or_else(|| month_number(month.trim())) {
            Some(number @ 1..=12) => format!("{year}-{number:02}"),
            // "jan/feb", "3 May", "Spring"
            _ => format!("{} {year}", month.replace('/', "-")),
        };
        let full = match self.get("day").and_then(|day| day.trim().parse::<u8>().ok()) {
            Some(day) => Date::parse(&format!("{month}-{day:02}")),
            None => Date::parse(&month),
        };
        if full.start.is_some() { full } else { date }
    }

    /// Reads what the processor needs but nobody publishes.
    fn private_fields(&mut self) {
        for (variable, names) in [
            (TextVariable::Abstract, ["abstract", "abstract"]),
            (TextVariable::Keyword, ["keywords", "keyword"]),
            (TextVariable::Annote, ["annotation", "annote"]),
        ] {
            self.text(variable, &names);
        }
        let notes: Vec<_> = ["note", "addendum"]
            .iter()
            .filter_map(|name| self.get(name))
            // Line breaks matter: CSL variables stand on lines of their own.
            .flat_map(|note| note.lines().map(latex::to_plain).collect::<Vec<_>>())
            .filter(|line| !line.is_empty())
            .collect();
        self.item.set_text(TextVariable::Note, notes.join("\n"));
    }

    /// Tells the types apart that BibTeX has one name for.
    fn refine_type(&mut self) {
        let item = &mut self.item;
        let on_arxiv = item.str(TextVariable::Url).is_some_and(|url| url.contains("//arxiv.org/"));
        let refined = match (item.kind, &*self.entry.kind) {
            (ItemType::Document, "misc") if on_arxiv => ItemType::Article,
            (ItemType::Document, "misc")
                if item.has(TextVariable::Url) && !item.has(TextVariable::Publisher) =>
            {
                ItemType::Webpage
            }
            (ItemType::ArticleJournal, _)
                if on_arxiv && !item.has(TextVariable::ContainerTitle) =>
            {
                ItemType::Article
            }
            (ItemType::Manuscript, _)
                if item.has(TextVariable::EventTitle) || item.has(TextVariable::EventPlace) =>
            {
                ItemType::Speech
            }
            (kind, _) => kind,
        };
        item.kind = refined;
    }
}

/// Reads a date, in which `~` says "circa" and is no space.
fn parse_date(source: &str) -> Date {
    if source.contains(['\\', '{', '$']) {
        Date::parse(&latex::to_plain(source))
    } else {
        Date::parse(source)
    }
}

/// Returns a DOI without the address or the label that it may be written with.
fn bare_doi(doi: &str) -> &str {
    ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"]
        .iter()
        .find_map(|prefix| {
            let head = doi.get(..prefix.len())?;
            head.eq_ignore_ascii_case(prefix).then(|| doi[prefix.len()..].trim_start())
        })
        .unwrap_or(doi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Name, PartialDate};
    use crate::read::bibtex::read;

    fn item(source: &str) -> Item {
        let library = read(source);
        assert_eq!(library.errors, [], "{source}");
        library.entries.into_iter().next().unwrap().item
    }

    #[track_caller]
    fn assert_texts(item: &Item, expected: &[(TextVariable, &str)]) {
        for (variable, text) in expected {
            assert_eq!(item.str(*variable), Some(*text), "{variable}");
        }
    }

    #[test]
    fn a_journal_article() {
        let item = item(
            r"@article{king2022, title = {Two Phase 3 Trials of Baricitinib for {Alopecia Areata}},
              author = {King, Brett and {BRAVE-AA Investigators}}, journal = {N. Engl. J. Med.},
              shortjournal = {NEJM}, volume = 386, number = 18, pages = {1687--1699}, year = 2022,
              month = may, doi = {https://doi.org/10.1056/NEJMoa2110343}, pmid = 35334197,
              pmcid = {PMC123}, urldate = {2024-01-02}, url = {https://x.org/a\_b},
              note = {read {PDF}}, keywords = {jak, hair}, file = {:home/me.pdf:PDF}}",
        );
        assert_eq!(item.kind, ItemType::ArticleJournal);
        assert_texts(
            &item,
            &[
                (
                    TextVariable::Title,
                    "Two phase 3 trials of baricitinib for <span class=\"nocase\">Alopecia \
                     Areata</span>",
                ),
                (TextVariable::ContainerTitle, "N. Engl. J. Med."),
                (TextVariable::ContainerTitleShort, "NEJM"),
                (TextVariable::Volume, "386"),
                (TextVariable::Issue, "18"),
                (TextVariable::Page, "1687-1699"),
                (TextVariable::Doi, "10.1056/NEJMoa2110343"),
                (TextVariable::Pmid, "35334197"),
                (TextVariable::Pmcid, "PMC123"),
                (TextVariable::Url, "https://x.org/a_b"),
                (TextVariable::Note, "read PDF"),
                (TextVariable::Keyword, "jak, hair"),
            ],
        );
        let may = PartialDate { year: 2022, month: Some(5), ..PartialDate::default() };
        assert_eq!(item.date(DateVariable::Issued).unwrap().start, Some(may));
        assert_eq!(item.names(NameVariable::Author)[1], Name::group("BRAVE-AA Investigators"));
        assert!(item.extra.is_empty());
    }

    #[test]
    fn books_and_their_parts() {
        let book = item(
            r"@book{b, title={A Companion}, subtitle={The Story}, edition=2, series={Ser},
              number=4, publisher={Wiley \& Sons and Other}, address={New York}, isbn={123}}",
        );
        assert_texts(
            &book,
            &[
                (TextVariable::Title, "A companion: The story"),
                (TextVariable::CollectionTitle, "Ser"),
                (TextVariable::CollectionNumber, "4"),
                (TextVariable::Publisher, "Wiley & Sons; Other"),
                (TextVariable::PublisherPlace, "New York"),
            ],
        );
        let chapter = item(
            "@incollection{c, title={Chap}, booktitle={The Book}, maintitle={All}, chapter=3,
              bookauthor={A, B}, volume=2, volumes=3}",
        );
        assert_eq!(chapter.kind, ItemType::Chapter);
        assert_texts(
            &chapter,
            &[
                (TextVariable::ContainerTitle, "All"),
                (TextVariable::VolumeTitle, "The book"),
                (TextVariable::ChapterNumber, "3"),
                (TextVariable::NumberOfVolumes, "3"),
            ],
        );
        assert_eq!(chapter.names(NameVariable::ContainerAuthor).len(), 1);
    }

    #[test]
    fn types_with_their_genre_and_institution() {
        let thesis = item("@thesis{t, type={mathesis}, title={X}, institution={MIT}}");
        assert_eq!(thesis.kind, ItemType::Thesis);
        assert_texts(
            &thesis,
            &[(TextVariable::Genre, "Master’s thesis"), (TextVariable::Publisher, "MIT")],
        );
        let thesis = item("@phdthesis{t, title={X}, school={MIT}}");
        assert_texts(&thesis, &[(TextVariable::Genre, "PhD thesis")]);
        let report =
            item("@techreport{r, type={Technical Note}, number={TR-1}, institution={NIST}}");
        assert_eq!(report.kind, ItemType::Report);
        assert_texts(
            &report,
            &[(TextVariable::Number, "TR-1"), (TextVariable::Genre, "Technical Note")],
        );
        let patent = item("@patent{p, type={patentus}, number={1}, location={US}}");
        assert_texts(
            &patent,
            &[(TextVariable::Genre, "U.S. patent"), (TextVariable::Jurisdiction, "US")],
        );
    }

    #[test]
    fn web_pages_and_preprints() {
        assert_eq!(item("@online{w, url={http://a.b}}").kind, ItemType::Webpage);
        let misc = item(r"@misc{w, howpublished={Online: \url{http://a.b/c_d}}}");
        assert_eq!(misc.kind, ItemType::Webpage);
        assert_texts(&misc, &[(TextVariable::Url, "http://a.b/c_d")]);
        let preprint = item("@misc{a, eprint={2001.1234}, archiveprefix={arXiv}}");
        assert_eq!(preprint.kind, ItemType::Article);
        assert_texts(&preprint, &[(TextVariable::Url, "https://arxiv.org/abs/2001.1234")]);
        let pubmed = item("@article{a, eprint={123}, eprinttype={pubmed}, journal={J}}");
        assert_texts(&pubmed, &[(TextVariable::Pmid, "123")]);
        assert_texts(
            &item("@article{a, pubstate={inpress}, eid={e12}, issue={Spring}, number=3}"),
            &[
                (TextVariable::Status, "in press"),
                (TextVariable::Page, "e12"),
                (TextVariable::Issue, "3, Spring"),
            ],
        );
    }

    #[test]
    fn dates_in_the_ways_of_both_dialects() {
        for (fields, expected) in [
            ("date={2020-05-03/2020-06}", Date::parse("2020-05-03/2020-06")),
            ("date={2020-21}", Date::parse("Spring 2020")),
            ("date={1850~}", Date::parse("c. 1850")),
            ("year=2020, month=5, day={03}", Date::parse("2020-05-03")),
            ("year=2020, month={May}", Date::parse("2020-05")),
            ("year=2020, month=jan # \"/\" # feb", Date::parse("2020-01/2020-02")),
            ("year=2020, month=\"3~\" # may", Date::parse("2020-05-03")),
            ("year={2001/2003}", Date::parse("2001/2003")),
            ("year={in press}", Date::from_literal("in press")),
            ("year=2020, month={whenever}", Date::from_year(2020)),
        ] {
            let item = item(&format!("@misc{{a, {fields}}}"));
            assert_eq!(item.date(DateVariable::Issued), Some(&expected), "{fields}");
        }
    }

    #[test]
    fn titles_of_other_languages_keep_their_capitals() {
        let item = item("@article{a, langid={ngerman}, title={Die Wirkung der Dinge}}");
        assert_texts(
            &item,
            &[(TextVariable::Title, "Die Wirkung der Dinge"), (TextVariable::Language, "de")],
        );
    }

    #[test]
    fn a_title_all_in_braces_is_protected_as_a_whole() {
        let item = item("@article{a, title={{The Whole Title}}, journal={{J of Things}}}");
        assert_texts(
            &item,
            &[
                (TextVariable::Title, "<span class=\"nocase\">The Whole Title</span>"),
                (TextVariable::ContainerTitle, "J of Things"),
            ],
        );
    }

    #[test]
    fn variables_in_a_note_stay_on_their_lines() {
        let mut item = item("@misc{a, note={PMID: 12\n genre: Comment}}");
        item.read_note_variables();
        assert_texts(&item, &[(TextVariable::Pmid, "12"), (TextVariable::Genre, "Comment")]);
    }
}
