//! No reader panics, whatever the file holds, and every span lies inside the file.

use citeproc::item::Date;
use citeproc::read::{Format, ReadOptions, detect, read};
use proptest::prelude::*;

const FORMATS: [Format; 5] =
    [Format::Bibtex, Format::CslJson, Format::Yaml, Format::Ris, Format::Nbib];

#[track_caller]
fn check(text: &str, format: Format) {
    let library = read(text, format, ReadOptions { note_variables: true });
    for entry in &library.entries {
        assert!(text.get(entry.span.clone()).is_some(), "{format:?}: {:?}", entry.span);
        assert!(text.get(entry.key_span.clone()).is_some(), "{format:?}: {:?}", entry.key_span);
        assert!(!entry.item.id.is_empty());
    }
    for error in &library.errors {
        assert!(text.get(error.span.clone()).is_some(), "{format:?}: {error:?}");
    }
}

/// Returns text made of the pieces that a format is made of, in any order.
fn scrambled(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(pieces).prop_map(str::to_owned),
        2 => "[ -~\\n]{0,6}",
        1 => "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC*") {
        detect(None, &text);
        Date::parse(&text);
        for format in FORMATS {
            check(&text, format);
        }
    }

    #[test]
    fn pieces_of_bibtex(text in scrambled(&[
        "@article{", "@string(", "@comment{", "@xdata{", "key", ",", "=", "{", "}", "\"", "#", "\n",
        "title", "author", "year", "crossref", "xdata", "month", "date", "2020", "jan", "\\", "\\'",
        "\\emph{", "{\\\"u}", "$", "^", "_", " and ", "van ", "é", "~", "--", "\u{feff}", "PMID: 1",
    ])) {
        check(&text, Format::Bibtex);
    }

    #[test]
    fn pieces_of_json(text in scrambled(&[
        "[", "]", "{", "}", "\"", ":", ",", "\"id\"", "\"type\"", "\"author\"", "\"family\"",
        "\"issued\"", "\"date-parts\"", "\\u", "d83d", "\\", "1.5e3", "-", "null", "true", "\n", "é",
        "\"note\"", "{:PMID: 3}", "\"a\"", "\u{feff}",
    ])) {
        check(&text, Format::CslJson);
    }

    #[test]
    fn pieces_of_yaml(text in scrambled(&[
        "- ", "id: ", "references:\n", "\n", "  ", "a", "\"", "'", "&x ", "*x", "{", "}", "[", "]",
        "issued: 2020\n", "author:\n", ": ", "type: article\n", "parent:\n", "é", "|", ">", "---\n",
        "serial-number: ", "\u{feff}", "\t", "...",
    ])) {
        check(&text, Format::Yaml);
    }

    #[test]
    fn pieces_of_tagged_formats(text in scrambled(&[
        "TY  - JOUR\n", "ER  - \n", "ID  - ", "AU  - ", "PMID- 1", "FAU - ", "TI  - ", "DA  - ",
        "PY  - ", "SP  - ", "2020", "/", ",", "\n", "\r\n", "é", "a b", "Y2  - ", "AID - x [doi]\n",
    ])) {
        check(&text, Format::Ris);
        check(&text, Format::Nbib);
    }

    #[test]
    fn dates(text in scrambled(&[
        "20", "1", "19", "X", "-", "/", " ", "May", "Spring", "BC", "c. ", "?", "~", "..", ",", "T",
        "[", "]", "Y", "999999999", "–", "--", "th", "32",
    ])) {
        Date::parse(&text);
    }
}
