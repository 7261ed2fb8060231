//! PubMed's MEDLINE format (`.nbib`).
//!
//! A record has no citation key: it is `pmid` and its PubMed number.

use super::tagged::{TaggedLine, tagged_lines};
use super::{Entry, Library, ReadError};
use crate::item::{Date, DateVariable, Item, ItemType, Name, NameVariable, TextVariable};

/// Reads a file of PubMed records.
pub(super) fn read(text: &str) -> Library {
    let mut library = Library::default();
    let (lines, stray) = tagged_lines(text, 4);
    for line in stray {
        library.errors.push(ReadError::new("a line without a tag", line.span));
    }
    let mut rest = lines.as_slice();
    let before = rest.iter().take_while(|line| line.tag != "PMID").count();
    for line in &rest[..before] {
        let error =
            ReadError::new(format!("`{}` stands outside a record", line.tag), line.span.clone());
        library.errors.push(error.with_help("a record begins with `PMID`"));
    }
    rest = &rest[before..];
    while let Some((first, after)) = rest.split_first() {
        let length = after.iter().take_while(|line| line.tag != "PMID").count();
        push_record(first, &after[..length], &mut library);
        rest = &after[length..];
    }
    library
}

fn push_record(pmid: &TaggedLine<'_>, fields: &[TaggedLine<'_>], library: &mut Library) {
    let number = pmid.value.trim();
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        library.errors.push(ReadError::new("`PMID` is not a number", pmid.span.clone()));
        return;
    }
    let mut item = Item::new(format!("pmid{number}"), item_type(fields));
    item.set_text(TextVariable::Pmid, number);
    for line in fields {
        set_field(&mut item, line);
    }
    item.set_names(NameVariable::Author, authors(fields));
    item.set_names(
        NameVariable::Editor,
        fields.iter().filter(|line| line.tag == "FED").map(|line| name(&line.value)).collect(),
    );
    let keywords: Vec<_> =
        fields.iter().filter(|line| line.tag == "OT").map(|line| line.value.trim()).collect();
    item.set_text(TextVariable::Keyword, keywords.join(", "));
    let end = fields.last().map_or(pmid.span.end, |line| line.span.end);
    library.entries.push(Entry {
        item,
        span: pmid.span.start..end,
        key_span: pmid.value_span.clone(),
    });
}

fn item_type(fields: &[TaggedLine<'_>]) -> ItemType {
    let has = |tag: &str| fields.iter().any(|line| line.tag == tag);
    let published_as = |kind: &str| {
        fields.iter().any(|line| line.tag == "PT" && line.value.eq_ignore_ascii_case(kind))
    };
    if has("BTI") {
        if has("TI") { ItemType::Chapter } else { ItemType::Book }
    } else if published_as("Preprint") {
        ItemType::Article
    } else if published_as("Dataset") && !has("JT") {
        ItemType::Dataset
    } else {
        ItemType::ArticleJournal
    }
}

fn set_field(item: &mut Item, line: &TaggedLine<'_>) {
    let value = line.value.trim();
    let variable = match line.tag {
        "TI" => TextVariable::Title,
        "BTI" if item.kind == ItemType::Book => TextVariable::Title,
        "BTI" => TextVariable::ContainerTitle,
        "JT" => TextVariable::ContainerTitle,
        "TA" => TextVariable::ContainerTitleShort,
        "CTI" => TextVariable::CollectionTitle,
        "VI" => TextVariable::Volume,
        "IP" => TextVariable::Issue,
        "PG" => TextVariable::Page,
        "EN" => TextVariable::Edition,
        "PB" => TextVariable::Publisher,
        "PL" => TextVariable::PublisherPlace,
        "PMC" => TextVariable::Pmcid,
        "AB" => TextVariable::Abstract,
        "LA" => TextVariable::Language,
        "IS" => TextVariable::Issn,
        "ISBN" => TextVariable::Isbn,
        "AID" | "LID" => {
            if let Some(doi) = value.strip_suffix("[doi]") {
                item.set_text(TextVariable::Doi, doi.trim());
            } else if let Some(eid) = value.strip_suffix("[pii]")
                && line.tag == "LID"
                && !item.has(TextVariable::Page)
            {
                item.set_text(TextVariable::Page, eid.trim());
            }
            return;
        }
        "DP" => return item.set_date(DateVariable::Issued, Date::parse(value)),
        "DEP" => return item.set_date(DateVariable::AvailableDate, compact_date(value)),
        _ => return,
    };
    // A page range wins over the publisher's item number.
    if item.has(variable) && variable != TextVariable::Page {
        return;
    }
    let value = match variable {
        TextVariable::Title => without_period(value),
        TextVariable::Language => language(value),
        // "1533-4406 (Electronic)"
        TextVariable::Issn | TextVariable::Isbn => value.split(' ').next().unwrap_or_default(),
        _ => value,
    };
    item.set_text(variable, value);
}

/// Reads names, full ones where they are given, and groups.
fn authors(fields: &[TaggedLine<'_>]) -> Vec<Name> {
    let full = fields.iter().any(|line| line.tag == "FAU");
    let mut names: Vec<Name> = Vec::new();
    for line in fields {
        match line.tag {
            "FAU" => names.push(name(&line.value)),
            "AU" if !full => names.push(abbreviated_name(&line.value)),
            "CN" => names.push(Name::group(line.value.trim())),
            // An identifier follows the author whom it stands for.
            "AUID" => {
                let orcid = line.value.trim().strip_prefix("ORCID:");
                if let (Some(orcid), Some(name)) = (orcid, names.last_mut()) {
                    name.orcid = Some(orcid.trim().into());
                }
            }
            _ => {}
        }
    }
    names
}

/// Reads `Family, Given`, perhaps with a suffix after the given names ("King, Martin Luther Jr").
fn name(value: &str) -> Name {
    let Some((family, given)) = value.split_once(',') else { return Name::group(value.trim()) };
    let mut name = Name::person(family.trim(), given.trim()).with_particles_split();
    if let Some(given) = name.given.clone()
        && let Some((before, last)) = given.rsplit_once(' ')
        && matches!(last, "Jr" | "Jr." | "Sr" | "2nd" | "3rd" | "4th" | "II" | "III" | "IV")
    {
        name.given = Some(before.trim_end_matches(',').into());
        name.suffix = Some(last.into());
    }
    name
}

/// Reads `Family IN`, where the initials are the last word.
fn abbreviated_name(value: &str) -> Name {
    match value.trim().rsplit_once(' ') {
        Some((family, initials)) => Name::person(family, initials).with_particles_split(),
        None => Name::group(value.trim()),
    }
}

/// Reads `20220326`.
fn compact_date(value: &str) -> Date {
    match (value.get(..4), value.get(4..6), value.get(6..)) {
        (Some(year), Some(month), Some(day)) if value.bytes().all(|b| b.is_ascii_digit()) => {
            Date::parse(&format!("{year}-{month}-{day}"))
        }
        _ => Date::parse(value),
    }
}

fn without_period(title: &str) -> &str {
    match title.strip_suffix('.') {
        Some(rest) if !rest.ends_with('.') => rest,
        _ => title,
    }
}

/// Returns the two-letter code of the languages that PubMed holds most of.
fn language(code: &str) -> &str {
    match code {
        "eng" => "en",
        "ger" => "de",
        "fre" => "fr",
        "spa" => "es",
        "ita" => "it",
        "por" => "pt",
        "rus" => "ru",
        "chi" => "zh",
        "jpn" => "ja",
        "kor" => "ko",
        "pol" => "pl",
        "dut" => "nl",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &str = "\
PMID- 35334197
OWN - NLM
IS  - 1533-4406 (Electronic)
IS  - 0028-4793 (Linking)
VI  - 386
IP  - 18
DP  - 2022 May 5
TI  - Two Phase 3 Trials of Baricitinib
      for Alopecia Areata.
PG  - 1687-1699
LID - 10.1056/NEJMoa2110343 [doi]
AB  - BACKGROUND: Alopecia.
FAU - King, Brett
AU  - King B
AUID- ORCID: 0000-0001-5109-3700
FAU - de la Cruz, Maria Jr
AU  - de la Cruz M Jr
CN  - BRAVE-AA Investigators
LA  - eng
PT  - Journal Article
DEP - 20220326
TA  - N Engl J Med
JT  - The New England journal of medicine
PMC - PMC123

PMID- 2
AU  - van Dam J
DP  - 2021 Nov-Dec
LID - e123 [pii]
";

    #[test]
    fn pubmed_records_are_read() {
        let library = read(RECORDS);
        assert_eq!(library.errors, []);
        let [first, second] = &library.entries[..] else { panic!("two records") };
        assert_eq!(&RECORDS[first.key_span.clone()], "35334197");
        assert!(RECORDS[first.span.clone()].ends_with("PMC123"));
        let item = &first.item;
        assert_eq!(&*item.id, "pmid35334197");
        assert_eq!(item.kind, ItemType::ArticleJournal);
        for (variable, expected) in [
            (TextVariable::Title, "Two Phase 3 Trials of Baricitinib for Alopecia Areata"),
            (TextVariable::ContainerTitleShort, "N Engl J Med"),
            (TextVariable::Doi, "10.1056/NEJMoa2110343"),
            (TextVariable::Issn, "1533-4406"),
            (TextVariable::Page, "1687-1699"),
            (TextVariable::Pmcid, "PMC123"),
            (TextVariable::Language, "en"),
        ] {
            assert_eq!(item.str(variable), Some(expected), "{variable}");
        }
        assert_eq!(item.date(DateVariable::Issued), Some(&Date::parse("2022-05-05")));
        assert_eq!(item.date(DateVariable::AvailableDate), Some(&Date::parse("2022-03-26")));
        let authors = item.names(NameVariable::Author);
        assert_eq!(authors.len(), 3);
        assert_eq!(authors[0].orcid.as_deref(), Some("0000-0001-5109-3700"));
        assert_eq!(authors[1].non_dropping_particle.as_deref(), Some("de la"));
        assert_eq!(authors[1].suffix.as_deref(), Some("Jr"));
        assert_eq!(authors[2], Name::group("BRAVE-AA Investigators"));

        let item = &second.item;
        assert_eq!(item.names(NameVariable::Author)[0].given.as_deref(), Some("J"));
        assert_eq!(item.str(TextVariable::Page), Some("e123"));
        assert_eq!(item.date(DateVariable::Issued), Some(&Date::parse("2021-11/2021-12")));
    }

    #[test]
    fn a_record_without_a_number_is_reported() {
        let library = read("TI  - x\nPMID- abc\nTI  - y\nPMID- 7\n");
        assert_eq!(library.entries.len(), 1);
        let messages: Vec<_> = library.errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, ["`TI` stands outside a record", "`PMID` is not a number"]);
    }
}
