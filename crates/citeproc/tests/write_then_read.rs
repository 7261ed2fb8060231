//! What a writer writes, the reader of the same format reads back, as far as the format goes.

use citeproc::item::{
    Date, DateVariable as D, Item, ItemType, Name, NameVariable as N, PartialDate, RangeEnd,
    TextVariable as T,
};
use citeproc::read::{Format, Library, ReadOptions, read};
use citeproc::write::{to_bibtex, to_csl_json, to_ris};
use proptest::prelude::*;

/// Text of words with signs that mean something in one format or another.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[A-Za-z]{1,8}",
        2 => "[a-zé]{1,5}[-'’]{1,2}[A-Z]{1,3}",
        2 => "[&%$#_{}~^`\\\\\"<>@=;:.!?/()-]{1,3}",
        1 => prop::sample::select(vec!["and", "--", "---", "''", "TY", "ER", "Łódź", "α", "\u{5f20}"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "))
}

/// A part of a name, as it stands in records.
fn name_part() -> impl Strategy<Value = String> {
    prop::collection::vec("[A-ZÉŁ][a-zéü]{1,7}", 1..3).prop_map(|words| words.join(" "))
}

fn name() -> impl Strategy<Value = Name> {
    let particle = prop::option::of(prop::sample::select(vec!["van", "de la", "von der"]));
    let suffix = prop::option::of(prop::sample::select(vec!["Jr.", "III"]));
    let person = (name_part(), name_part(), particle, suffix).prop_map(
        |(family, given, particle, suffix)| Name {
            non_dropping_particle: particle.map(Into::into),
            suffix: suffix.map(Into::into),
            ..Name::person(&family, &given)
        },
    );
    let group = prop_oneof![
        name_part(),
        prop::sample::select(vec!["Barnes and Noble", "Pfizer, Inc.", "R&D {Group}", "WHO"])
            .prop_map(str::to_owned),
    ];
    prop_oneof![4 => person, 1 => group.prop_map(|group| Name::group(&group))]
}

fn partial_date() -> impl Strategy<Value = PartialDate> {
    let month = prop_oneof![Just(None), (1..=12i32).prop_map(Some), (21..=24i32).prop_map(Some)];
    (1000..2100i32, month, prop::option::of(1..=28i32))
        .prop_map(|(year, month, day)| PartialDate::from_parts(year, month, day))
}

fn date() -> impl Strategy<Value = Date> {
    let later = |start: PartialDate| PartialDate { year: start.year + 1, ..start };
    prop_oneof![
        3 => partial_date().prop_map(Date::from),
        1 => partial_date().prop_map(move |start| Date {
            end: Some(RangeEnd::At(later(start))), ..start.into()
        }),
        1 => partial_date().prop_map(|start| Date { end: Some(RangeEnd::Open), ..start.into() }),
        1 => partial_date().prop_map(|start| Date { circa: true, ..start.into() }),
        1 => Just(Date::from_literal("in press")),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let kind = prop::sample::select(vec![
        ItemType::ArticleJournal,
        ItemType::ArticleNewspaper,
        ItemType::Book,
        ItemType::Chapter,
        ItemType::PaperConference,
        ItemType::Report,
        ItemType::Dataset,
        ItemType::Software,
    ]);
    let texts = prop::collection::vec((prop::sample::select(TEXTS.to_vec()), text()), 0..8);
    let names = (prop::collection::vec(name(), 0..4), prop::collection::vec(name(), 0..2));
    ("[a-z]{3,8}[0-9]{4}[a-z]?", kind, texts, names, date(), "[1-4][0-9]{0,2}-[5-9][0-9]{3}")
        .prop_map(|(id, kind, texts, (authors, editors), issued, pages)| {
            let mut item = Item::new(id, kind);
            for (variable, text) in texts {
                item.set_text(variable, text);
            }
            item.set_text(T::Page, pages);
            item.set_text(T::Doi, "10.1000/a_b%c(1)");
            item.set_text(T::Url, "https://example.org/a_b?c=d&e=%20#f");
            item.set_text(T::Pmid, "12345");
            item.set_names(N::Author, authors);
            item.set_names(N::Editor, editors);
            item.set_date(D::Issued, issued);
            item.set_date(D::Accessed, PartialDate::from_parts(2024, Some(1), Some(2)));
            item
        })
}

/// Variables that BibTeX and RIS both have a field for, in all the types above.
const TEXTS: [T; 6] =
    [T::Title, T::TitleShort, T::ContainerTitle, T::Volume, T::Publisher, T::Abstract];

#[track_caller]
fn read_one(text: &str, format: Format) -> Item {
    let Library { mut entries, errors } = read(text, format, ReadOptions::default());
    assert_eq!(errors, [], "{text}");
    assert_eq!(entries.len(), 1, "{text}");
    entries.remove(0).item
}

/// Compares what does not depend on the type.
#[track_caller]
fn assert_carried(back: &Item, item: &Item, text: &str) {
    assert_eq!(back.id, item.id, "{text}");
    assert_eq!(back.kind, item.kind, "{text}");
    for variable in [T::Title, T::TitleShort, T::Volume, T::Publisher, T::Abstract, T::Page]
        .into_iter()
        .chain([T::Doi, T::Url, T::Pmid])
    {
        let plain = |item: &Item| item.text(variable).map(|text| text.to_plain().into_owned());
        assert_eq!(plain(back), plain(item), "{variable} in {text}");
    }
    for variable in [D::Issued, D::Accessed] {
        assert_eq!(back.date(variable), item.date(variable), "{variable} in {text}");
    }
    assert_eq!(back.names(N::Author), item.names(N::Author), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn csl_json(items in prop::collection::vec(item(), 0..4)) {
        let text = to_csl_json(&items);
        let library = read(&text, Format::CslJson, ReadOptions::default());
        prop_assert_eq!(library.errors, []);
        let back: Vec<_> = library.entries.into_iter().map(|entry| entry.item).collect();
        prop_assert_eq!(back, items);
    }

    #[test]
    fn bibtex(item in item()) {
        let text = to_bibtex([&item]);
        let back = read_one(&text, Format::Bibtex);
        assert_carried(&back, &item, &text);
        prop_assert_eq!(back.names(N::Editor), item.names(N::Editor));
        // A book is in no container.
        if item.kind != ItemType::Book {
            let container = |item: &Item| item.text(T::ContainerTitle).map(|t| t.to_plain().into_owned());
            prop_assert_eq!(container(&back), container(&item), "{}", text);
        }
        prop_assert_eq!(to_bibtex([&back]), text, "writing is stable");
    }

    #[test]
    fn ris(item in item()) {
        let text = to_ris([&item]);
        let back = read_one(&text, Format::Ris);
        assert_carried(&back, &item, &text);
        prop_assert_eq!(to_ris([&back]), text, "writing is stable");
    }

    /// Whatever the values hold, each item is one entry, and no value becomes a field.
    #[test]
    fn hostile_values(values in prop::collection::vec(hostile(), 12), count in 1..3usize) {
        let mut value = values.iter().cycle();
        let items: Vec<Item> = (0..count)
            .map(|index| hostile_item(&format!("key{index}{}", values[0]), &mut value))
            .collect();
        for (text, format) in [
            (to_bibtex(&items), Format::Bibtex),
            (to_ris(&items), Format::Ris),
            (to_csl_json(&items), Format::CslJson),
        ] {
            let library = read(&text, format, ReadOptions::default());
            prop_assert_eq!(&library.errors, &[], "{}", text);
            prop_assert_eq!(library.entries.len(), items.len(), "{}", text);
            for entry in &library.entries {
                prop_assert!(!entry.item.has(T::Note), "{}", text);
            }
        }
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "}",
            "{",
            "\\",
            "\"",
            "\n",
            "\r\n",
            "},\n  note = {x}",
            "@article{b,",
            "ER  - \n",
            "\nTY  - JOUR\n",
            "\nN1  - x\n",
            "%",
            "$",
            ",",
            " and ",
            "~",
            "\\}",
            "<i>",
            "\u{0}",
            "é",
            "\u{2028}",
            "\u{feff}",
            "=",
            "#",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn hostile_item<'v>(id: &str, values: &mut impl Iterator<Item = &'v String>) -> Item {
    let mut next = || values.next().map_or("", String::as_str);
    let mut item = Item::new(id, ItemType::ArticleJournal);
    for &variable in T::ALL.iter().filter(|variable| **variable != T::Note) {
        item.set_text(variable, next());
    }
    let person = Name {
        non_dropping_particle: Some(next().into()),
        suffix: Some(next().into()),
        ..Name::person(next(), next())
    };
    item.set_names(N::Author, vec![person, Name::group(next()), Name::person("", next())]);
    item.set_date(D::Issued, Date::from_literal(next()));
    item
}
