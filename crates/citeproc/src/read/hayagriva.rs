//! Hayagriva's YAML: entries by key, each with its parents.

use super::{Entry, Library, ReadError};
use crate::item::node::{Member, Node, Value};
use crate::item::{Date, DateVariable, Item, ItemType, Name, NameVariable, TextVariable};

/// Reads a map of entries.
pub(super) fn read_entries(root: &Node<'_>, library: &mut Library) {
    for member in root.members() {
        let Value::Map(_) = member.node.value else {
            library.errors.push(ReadError::new(
                format!("the entry `{}` must be a map, not {}", member.key, member.node.kind()),
                member.node.span.clone(),
            ));
            continue;
        };
        let item = read_entry(member, &mut library.errors);
        library.entries.push(Entry {
            item,
            span: member.key_span.start..member.node.span.end,
            key_span: member.key_span.clone(),
        });
    }
}

fn read_entry(member: &Member<'_>, errors: &mut Vec<ReadError>) -> Item {
    let node = &member.node;
    let kind = entry_type(node);
    let mut item = Item::new(member.key.as_ref(), ItemType::Document);
    let mut reader = Reader { item: &mut item, errors };
    reader.own_fields(node);
    let parents = parents(node);
    for parent in &parents {
        reader.parent_fields(parent);
    }
    item.kind = item_type(&kind, parents.first().map(|parent| entry_type(parent)).as_deref());
    item
}

fn entry_type(node: &Node<'_>) -> String {
    node.get("type").and_then(Node::as_scalar).unwrap_or("misc").to_lowercase()
}

fn parents<'n, 'a>(node: &'n Node<'a>) -> Vec<&'n Node<'a>> {
    match node.get("parent") {
        Some(Node { value: Value::List(nodes), .. }) => nodes.iter().collect(),
        Some(parent) => vec![parent],
        None => Vec::new(),
    }
}

/// Returns the CSL type of an entry within a parent of the given type.
fn item_type(kind: &str, parent: Option<&str>) -> ItemType {
    match (kind, parent) {
        ("article", Some("newspaper")) => ItemType::ArticleNewspaper,
        ("article", Some("magazine")) => ItemType::ArticleMagazine,
        ("article", Some("proceedings" | "conference")) => ItemType::PaperConference,
        ("article" | "post", Some("blog")) => ItemType::PostWeblog,
        ("article", Some("periodical")) => ItemType::ArticleJournal,
        ("article", Some(_)) => ItemType::Article,
        ("article", None) => ItemType::ArticleJournal,
        ("entry", Some("reference" | "anthology")) => ItemType::EntryEncyclopedia,
        ("entry" | "chapter" | "anthos", _) => ItemType::Chapter,
        ("report", _) => ItemType::Report,
        ("thesis", _) => ItemType::Thesis,
        ("web" | "blog", _) => ItemType::Webpage,
        ("post", _) => ItemType::Post,
        ("book" | "anthology" | "reference" | "proceedings", _) => ItemType::Book,
        ("patent", _) => ItemType::Patent,
        ("case", _) => ItemType::LegalCase,
        ("legislation", _) => ItemType::Legislation,
        ("manuscript", _) => ItemType::Manuscript,
        ("video" | "scene", _) => ItemType::MotionPicture,
        ("audio", _) => ItemType::Song,
        ("artwork" | "exhibition", _) => ItemType::Graphic,
        ("repository", _) => ItemType::Software,
        ("conference", _) => ItemType::Event,
        ("performance", _) => ItemType::Performance,
        ("periodical" | "newspaper" | "magazine", _) => ItemType::Periodical,
        _ => ItemType::Document,
    }
}

struct Reader<'i> {
    item: &'i mut Item,
    errors: &'i mut Vec<ReadError>,
}

impl Reader<'_> {
    fn own_fields(&mut self, node: &Node<'_>) {
        let text = |key| formatted(node.get(key)?);
        for (key, variable) in [
            ("title", TextVariable::Title),
            ("genre", TextVariable::Genre),
            ("abstract", TextVariable::Abstract),
            ("note", TextVariable::Note),
            ("language", TextVariable::Language),
            ("archive", TextVariable::Archive),
            ("archive-location", TextVariable::ArchivePlace),
            ("call-number", TextVariable::CallNumber),
            ("page-range", TextVariable::Page),
            ("page-total", TextVariable::NumberOfPages),
            ("chapter", TextVariable::ChapterNumber),
            ("runtime", TextVariable::Dimensions),
        ] {
            if let Some(text) = text(key) {
                self.item.set_text(variable, text.replace('–', "-"));
            }
        }
        if let Some(short) = node.get("title").and_then(|title| title.get("short")) {
            self.fill(TextVariable::TitleShort, Some(short));
        }
        if self.item.str(TextVariable::Page).is_none() {
            self.fill(TextVariable::Page, node.get("page"));
        }
        self.shared_fields(node);
        self.people(node, "author", NameVariable::Author);
        self.people(node, "editor", NameVariable::Editor);
        self.affiliated(node);
        self.address(node);
        for (key, variable) in
            [("date", DateVariable::Issued), ("time-range", DateVariable::EventDate)]
        {
            self.date(node, key, variable);
        }
        if let Some(serial) = node.get("serial-number") {
            match serial.as_scalar() {
                Some(number) => self.item.set_text(TextVariable::Number, number),
                None => self.serial_numbers(serial),
            }
        }
    }

    /// Reads what an entry may also have from its parent.
    fn shared_fields(&mut self, node: &Node<'_>) {
        for (key, variable) in [
            ("volume", TextVariable::Volume),
            ("volume-total", TextVariable::NumberOfVolumes),
            ("issue", TextVariable::Issue),
            ("edition", TextVariable::Edition),
            ("location", TextVariable::EventPlace),
        ] {
            self.fill(variable, node.get(key));
        }
        if let Some(publisher) = node.get("publisher").or_else(|| node.get("organization")) {
            let name = publisher.get("name").unwrap_or(publisher);
            self.fill(TextVariable::Publisher, Some(name));
            self.fill(TextVariable::PublisherPlace, publisher.get("location"));
        }
    }

    fn parent_fields(&mut self, parent: &Node<'_>) {
        let kind = entry_type(parent);
        let (title, short) = match kind.as_str() {
            "conference" => (TextVariable::EventTitle, None),
            _ if self.item.has(TextVariable::ContainerTitle) => {
                (TextVariable::CollectionTitle, None)
            }
            _ => (TextVariable::ContainerTitle, Some(TextVariable::ContainerTitleShort)),
        };
        self.fill(title, parent.get("title"));
        if let Some(short) = short {
            self.fill(short, parent.get("title").and_then(|title| title.get("short")));
        }
        self.shared_fields(parent);
        if !self.item.has(DateVariable::Issued) {
            self.date(parent, "date", DateVariable::Issued);
        }
        if !self.item.has(NameVariable::Editor) {
            self.people(parent, "editor", NameVariable::Editor);
        }
        self.people(parent, "author", NameVariable::ContainerAuthor);
        if let Some(serial) = parent.get("serial-number") {
            self.serial_numbers(serial);
        }
        for parent in parents(parent) {
            self.parent_fields(parent);
        }
    }

    /// Sets a variable that has no value yet.
    fn fill(&mut self, variable: TextVariable, node: Option<&Node<'_>>) {
        if self.item.has(variable) {
            return;
        }
        if let Some(text) = node.and_then(formatted) {
            self.item.set_text(variable, text);
        }
    }

    fn serial_numbers(&mut self, serial: &Node<'_>) {
        for (key, variable) in [
            ("doi", TextVariable::Doi),
            ("pmid", TextVariable::Pmid),
            ("pmcid", TextVariable::Pmcid),
            ("isbn", TextVariable::Isbn),
            ("issn", TextVariable::Issn),
            ("serial", TextVariable::Number),
        ] {
            self.fill(variable, serial.get(key));
        }
        if let Some(arxiv) = serial.get("arxiv").and_then(Node::as_scalar)
            && !self.item.has(TextVariable::Url)
        {
            let id = arxiv.trim_start_matches("arXiv:");
            self.item.set_text(TextVariable::Url, format!("https://arxiv.org/abs/{id}"));
        }
    }

    fn address(&mut self, node: &Node<'_>) {
        let Some(url) = node.get("url") else { return };
        self.fill(TextVariable::Url, Some(url.get("value").unwrap_or(url)));
        self.date(url, "date", DateVariable::Accessed);
    }

    fn date(&mut self, node: &Node<'_>, key: &str, variable: DateVariable) {
        let Some(date) = node.get(key) else { return };
        match date.as_scalar() {
            Some(text) => self.item.set_date(variable, Date::parse(text)),
            None => self.errors.push(ReadError::new(
                format!("`{key}` must be a date, not {}", date.kind()),
                date.span.clone(),
            )),
        }
    }

    fn people(&mut self, node: &Node<'_>, key: &str, variable: NameVariable) {
        let Some(people) = node.get(key) else { return };
        let names = self.names(people, key);
        self.item.set_names(variable, names);
    }

    fn names(&mut self, people: &Node<'_>, key: &str) -> Vec<Name> {
        match &people.value {
            Value::List(nodes) => nodes.iter().filter_map(|node| self.name(node, key)).collect(),
            _ => self.name(people, key).into_iter().collect(),
        }
    }

    fn name(&mut self, node: &Node<'_>, key: &str) -> Option<Name> {
        if let Some(text) = node.as_scalar() {
            return Some(name_from_text(text));
        }
        let part = |key| node.get(key).and_then(Node::as_scalar).map(Box::<str>::from);
        let Some(family) = part("name") else {
            self.errors.push(ReadError::new(
                format!("a name in `{key}` must be text or a map with `name`"),
                node.span.clone(),
            ));
            return None;
        };
        let given = part("given-name");
        if given.is_none() && node.get("prefix").is_none() {
            return Some(Name::group(&family));
        }
        Some(Name {
            family: Some(family),
            given,
            non_dropping_particle: part("prefix"),
            suffix: part("suffix"),
            ..Name::default()
        })
    }

    fn affiliated(&mut self, node: &Node<'_>) {
        let groups = match node.get("affiliated").map(|node| &node.value) {
            Some(Value::List(groups)) => groups.as_slice(),
            _ => return,
        };
        for group in groups {
            let role = group.get("role").and_then(Node::as_scalar).unwrap_or_default();
            let Some(variable) = name_variable(role) else { continue };
            if let Some(names) = group.get("names") {
                let names = self.names(names, "affiliated");
                self.item.set_names(variable, names);
            }
        }
    }
}

fn name_variable(role: &str) -> Option<NameVariable> {
    Some(match role {
        "translator" => NameVariable::Translator,
        "compiler" => NameVariable::Compiler,
        "director" => NameVariable::Director,
        "illustrator" => NameVariable::Illustrator,
        "organizer" => NameVariable::Organizer,
        "narrator" => NameVariable::Narrator,
        "composer" => NameVariable::Composer,
        "producer" => NameVariable::Producer,
        "executive-producer" => NameVariable::ExecutiveProducer,
        "writer" => NameVariable::ScriptWriter,
        "collaborator" => NameVariable::Contributor,
        _ => return None,
    })
}

/// Reads `Family, Given` or `Family, Suffix, Given`; a name without a comma is a group.
fn name_from_text(text: &str) -> Name {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    match parts[..] {
        [family, given] => Name::person(family, given).with_particles_split(),
        [family, suffix, given] => {
            let name = Name::person(family, given).with_particles_split();
            Name { suffix: (!suffix.is_empty()).then(|| suffix.into()), ..name }
        }
        _ => Name::group(text),
    }
}

/// Returns a text that may be wrapped in a map with `value`, its protecting braces as markup.
fn formatted(node: &Node<'_>) -> Option<String> {
    let text = node.as_scalar().or_else(|| node.get("value").and_then(Node::as_scalar))?;
    if !text.contains('{') || text.matches('{').count() != text.matches('}').count() {
        return Some(text.to_owned());
    }
    Some(text.replace('{', "<span class=\"nocase\">").replace('}', "</span>"))
}

#[cfg(test)]
mod tests {
    use crate::item::{DateVariable, ItemType, Name, NameVariable, TextVariable};
    use crate::read::{Format, ReadOptions, read};

    const ENTRIES: &str = "\
king2022:
  type: article
  title: { value: 'Two Trials of {JAK} Inhibition', short: Two Trials }
  author: [\"King, Brett\", \"Cruz, Jr., Maria\", BRAVE Investigators]
  date: 2022-05-05
  page-range: 1687-1699
  url: { value: 'https://x.org/a', date: 2024-01-02 }
  serial-number: { doi: 10.1056/x, pmid: 35334197 }
  parent:
    type: periodical
    title: { value: New England Journal, short: NEJM }
    volume: 386
    issue: 18
ghost:
  type: chapter
  title: Alone
  author: { name: Gogh, given-name: Vincent, prefix: van }
  affiliated: [{ role: translator, names: [\"Doe, J\"] }]
  parent:
    type: book
    title: The Book
    publisher: { name: Wiley, location: New York }
    editor: Ed, E
    parent: { type: anthology, title: The Series }
broken: 5
";

    #[test]
    fn entries_take_what_their_parents_have() {
        let library = read(ENTRIES, Format::Yaml, ReadOptions::default());
        let [king, ghost] = &library.entries[..] else { panic!("two entries") };
        assert_eq!(&ENTRIES[king.key_span.clone()], "king2022");
        let king = &king.item;
        assert_eq!(king.kind, ItemType::ArticleJournal);
        assert_eq!(
            king.str(TextVariable::Title),
            Some("Two Trials of <span class=\"nocase\">JAK</span> Inhibition")
        );
        for (variable, expected) in [
            (TextVariable::TitleShort, "Two Trials"),
            (TextVariable::ContainerTitle, "New England Journal"),
            (TextVariable::ContainerTitleShort, "NEJM"),
            (TextVariable::Volume, "386"),
            (TextVariable::Issue, "18"),
            (TextVariable::Page, "1687-1699"),
            (TextVariable::Doi, "10.1056/x"),
            (TextVariable::Pmid, "35334197"),
            (TextVariable::Url, "https://x.org/a"),
        ] {
            assert_eq!(king.str(variable), Some(expected), "{variable}");
        }
        assert!(king.has(DateVariable::Issued) && king.has(DateVariable::Accessed));
        let authors = king.names(NameVariable::Author);
        assert_eq!(authors[1].suffix.as_deref(), Some("Jr."));
        assert_eq!(authors[2], Name::group("BRAVE Investigators"));

        let ghost = &ghost.item;
        assert_eq!(ghost.kind, ItemType::Chapter);
        assert_eq!(ghost.str(TextVariable::ContainerTitle), Some("The Book"));
        assert_eq!(ghost.str(TextVariable::CollectionTitle), Some("The Series"));
        assert_eq!(ghost.str(TextVariable::PublisherPlace), Some("New York"));
        assert_eq!(ghost.names(NameVariable::Translator), [Name::person("Doe", "J")]);
        let author = &ghost.names(NameVariable::Author)[0];
        assert_eq!(author.non_dropping_particle.as_deref(), Some("van"));
    }

    #[test]
    fn an_entry_that_is_no_map_is_reported() {
        let library = read(ENTRIES, Format::Yaml, ReadOptions::default());
        assert_eq!(library.errors.len(), 1);
        assert_eq!(library.errors[0].message, "the entry `broken` must be a map, not a number");
        assert_eq!(&ENTRIES[library.errors[0].span.clone()], "5");
    }
}
