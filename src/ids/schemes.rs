//! The schemes that come with the program.

use super::{BuiltIn, CheckDigit};

/// Every built-in scheme: works first, then people and organisations, substances,
/// classifications and trials.
pub static BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "doi",
        label: "DOI",
        example: "10.1056/NEJMoa2110343",
        prefixes: &[
            "https://doi.org/",
            "http://doi.org/",
            "https://dx.doi.org/",
            "http://dx.doi.org/",
            "https://www.doi.org/",
            "doi.org/",
            "doi:",
            "doi ",
        ],
        tidy: as_is,
        syntax: is_doi,
        check_digit: None,
        url: Some("https://doi.org/{id}"),
    },
    BuiltIn {
        name: "pmid",
        label: "PMID",
        example: "35334197",
        prefixes: &[
            "https://pubmed.ncbi.nlm.nih.gov/",
            "https://www.ncbi.nlm.nih.gov/pubmed/",
            "pmid:",
            "pmid ",
        ],
        tidy: without_final_slash,
        syntax: |id| is_number(id, 1..=8),
        check_digit: None,
        url: Some("https://pubmed.ncbi.nlm.nih.gov/{id}/"),
    },
    BuiltIn {
        name: "pmcid",
        label: "PMCID",
        example: "PMC9069993",
        prefixes: &[
            "https://pmc.ncbi.nlm.nih.gov/articles/",
            "https://www.ncbi.nlm.nih.gov/pmc/articles/",
            "pmcid:",
            "pmcid ",
        ],
        tidy: pmcid,
        syntax: |id| id.strip_prefix("PMC").is_some_and(|number| is_number(number, 1..=8)),
        check_digit: None,
        url: Some("https://pmc.ncbi.nlm.nih.gov/articles/{id}/"),
    },
    BuiltIn {
        name: "ark",
        label: "ARK",
        example: "ark:12148/btv1b8449691v",
        prefixes: &["https://n2t.net/", "http://n2t.net/", "https://arks.org/"],
        tidy: as_is,
        syntax: is_ark,
        check_digit: None,
        url: Some("https://n2t.net/{id}"),
    },
    BuiltIn {
        name: "issn",
        label: "ISSN",
        example: "0028-0836",
        prefixes: &["https://portal.issn.org/resource/issn/", "issn:", "issn "],
        tidy: issn,
        syntax: |id| matches_shape(id, "####-###?", |c| c.is_ascii_digit() || c == 'X'),
        check_digit: Some(CheckDigit::Mod11),
        url: Some("https://portal.issn.org/resource/ISSN/{id}"),
    },
    BuiltIn {
        name: "isbn",
        label: "ISBN",
        example: "978-0-306-40615-7",
        prefixes: &["urn:isbn:", "isbn:", "isbn "],
        tidy: upper,
        syntax: is_isbn,
        check_digit: Some(CheckDigit::Isbn),
        url: Some("https://search.worldcat.org/isbn/{id}"),
    },
    BuiltIn {
        name: "orcid",
        label: "ORCID",
        example: "0000-0002-1825-0097",
        prefixes: &["https://orcid.org/", "http://orcid.org/", "orcid.org/", "orcid:"],
        tidy: upper,
        syntax: |id| matches_shape(id, "####-####-####-###?", |c| c.is_ascii_digit() || c == 'X'),
        check_digit: Some(CheckDigit::Iso7064Mod11),
        url: Some("https://orcid.org/{id}"),
    },
    BuiltIn {
        name: "ror",
        label: "ROR",
        example: "03vek6s52",
        prefixes: &["https://ror.org/", "http://ror.org/", "ror.org/", "ror:"],
        tidy: lower,
        syntax: is_ror,
        check_digit: Some(CheckDigit::Iso7064Mod97),
        url: Some("https://ror.org/{id}"),
    },
    BuiltIn {
        name: "npi",
        label: "NPI",
        example: "1234567893",
        prefixes: &["npi:", "npi "],
        tidy: as_is,
        syntax: |id| id.starts_with(['1', '2']) && is_number(id, 10..=10),
        check_digit: Some(CheckDigit::Npi),
        url: Some("https://npiregistry.cms.hhs.gov/provider-view/{id}"),
    },
    BuiltIn {
        name: "unii",
        label: "UNII",
        example: "R16CO5Y76E",
        prefixes: &["unii:", "unii "],
        tidy: upper,
        syntax: |id| {
            id.len() == 10 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        },
        check_digit: Some(CheckDigit::Mod36),
        url: Some("https://precision.fda.gov/uniisearch/srs/unii/{id}"),
    },
    BuiltIn {
        name: "rxcui",
        label: "RxCUI",
        example: "1191",
        prefixes: &["rxcui:", "rxcui "],
        tidy: as_is,
        syntax: |id| is_number(id, 1..=8),
        check_digit: None,
        url: Some("https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm={id}"),
    },
    BuiltIn {
        name: "atc",
        label: "ATC",
        example: "L04AF02",
        prefixes: &["atc:", "atc "],
        tidy: upper,
        syntax: is_atc,
        check_digit: None,
        url: Some("https://atcddd.fhi.no/atc_ddd_index/?code={id}"),
    },
    BuiltIn {
        name: "cas",
        label: "CAS",
        example: "50-78-2",
        prefixes: &["cas:", "cas "],
        tidy: as_is,
        syntax: is_cas,
        check_digit: Some(CheckDigit::Cas),
        url: Some("https://commonchemistry.cas.org/detail?cas_rn={id}"),
    },
    BuiltIn {
        name: "mesh",
        label: "MeSH",
        example: "D000506",
        prefixes: &["https://id.nlm.nih.gov/mesh/", "http://id.nlm.nih.gov/mesh/", "mesh:"],
        tidy: upper,
        syntax: |id| {
            id.strip_prefix(['C', 'D', 'M', 'Q', 'T'])
                .is_some_and(|number| all_digits(number, 6..=9))
        },
        check_digit: None,
        url: Some("https://id.nlm.nih.gov/mesh/{id}"),
    },
    BuiltIn {
        name: "icd11",
        label: "ICD-11",
        example: "ED70.2",
        prefixes: &["icd-11:", "icd11:"],
        tidy: upper,
        syntax: |id| id.split(['/', '&']).all(is_icd11_code),
        check_digit: None,
        url: None,
    },
    BuiltIn {
        name: "snomed",
        label: "SNOMED CT",
        example: "68225006",
        prefixes: &["http://snomed.info/id/", "snomed:"],
        tidy: as_is,
        syntax: |id| is_number(id, 6..=18),
        check_digit: Some(CheckDigit::Verhoeff),
        url: Some("http://snomed.info/id/{id}"),
    },
    BuiltIn {
        name: "nct",
        label: "ClinicalTrials.gov",
        example: "NCT03570749",
        prefixes: &[
            "https://clinicaltrials.gov/study/",
            "https://clinicaltrials.gov/ct2/show/",
            "https://www.clinicaltrials.gov/study/",
        ],
        tidy: upper,
        syntax: |id| id.strip_prefix("NCT").is_some_and(|number| all_digits(number, 8..=8)),
        check_digit: None,
        url: Some("https://clinicaltrials.gov/study/{id}"),
    },
];

fn as_is(id: &str) -> String {
    id.to_owned()
}

fn upper(id: &str) -> String {
    id.to_ascii_uppercase()
}

fn lower(id: &str) -> String {
    id.to_ascii_lowercase()
}

fn without_final_slash(id: &str) -> String {
    id.trim_end_matches('/').to_owned()
}

fn pmcid(id: &str) -> String {
    let id = id.trim_end_matches('/').to_ascii_uppercase();
    match id.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("PMC{id}"),
        false => id,
    }
}

fn issn(id: &str) -> String {
    let id = id.to_ascii_uppercase();
    match id.len() == 8 && id.is_ascii() {
        true => format!("{}-{}", &id[..4], &id[4..]),
        false => id,
    }
}

fn all_digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Tells whether `text` is a number without leading zero, of so many digits.
fn is_number(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    all_digits(text, digits) && !text.starts_with('0')
}

/// Tells whether `text` has the shape of `shape`, in which `#` stands for a digit,
/// `?` for what `last` accepts and anything else for itself.
fn matches_shape(text: &str, shape: &str, last: fn(char) -> bool) -> bool {
    text.chars().count() == shape.len()
        && text.chars().zip(shape.chars()).all(|(c, wanted)| match wanted {
            '#' => c.is_ascii_digit(),
            '?' => last(c),
            _ => c == wanted,
        })
}

fn is_doi(id: &str) -> bool {
    let Some((registrant, suffix)) = id.strip_prefix("10.").and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let mut parts = registrant.split('.');
    parts.next().is_some_and(|first| all_digits(first, 4..=9))
        && parts.all(|part| all_digits(part, 1..=9))
        && !suffix.is_empty()
        && !suffix.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn is_ark(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("ark:") else { return false };
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    rest.split_once('/').is_some_and(|(authority, name)| {
        authority.len() >= 5
            && authority.chars().all(|c| "0123456789bcdfghjkmnpqrstvwxz".contains(c))
            && !name.is_empty()
            && !name.chars().any(char::is_whitespace)
    })
}

fn is_isbn(id: &str) -> bool {
    let compact: String = id.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    match compact.len() {
        10 => {
            all_digits(&compact[..9], 9..=9)
                && compact.ends_with(|c: char| c.is_ascii_digit() || c == 'X')
        }
        13 => {
            all_digits(&compact, 13..=13)
                && (compact.starts_with("978") || compact.starts_with("979"))
        }
        _ => false,
    }
}

fn is_ror(id: &str) -> bool {
    id.len() == 9
        && id.starts_with('0')
        && id.bytes().all(|byte| b"0123456789abcdefghjkmnpqrstvwxyz".contains(&byte))
        && id[7..].bytes().all(|byte| byte.is_ascii_digit())
}

fn is_atc(id: &str) -> bool {
    // A level a group: letter, two digits, letter, letter, two digits.
    let levels: &[fn(&u8) -> bool] = &[
        |byte| b"ABCDGHJLMNPRSV".contains(byte),
        u8::is_ascii_digit,
        u8::is_ascii_digit,
        u8::is_ascii_uppercase,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
        u8::is_ascii_digit,
    ];
    matches!(id.len(), 1 | 3 | 4 | 5 | 7)
        && id.bytes().zip(levels).all(|(byte, accepts)| accepts(&byte))
}

fn is_cas(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    matches!(parts.as_slice(), [first, second, check]
        if all_digits(first, 2..=7) && all_digits(second, 2..=2) && all_digits(check, 1..=1))
}

fn is_icd11_code(code: &str) -> bool {
    // The letters I and O are left out, so that no code is misread as a number.
    let letter = |c: char| c.is_ascii_uppercase() && !matches!(c, 'I' | 'O');
    let either = |c: char| letter(c) || c.is_ascii_digit();
    let (stem, rest) = code.split_once('.').unwrap_or((code, "0"));
    let stem: Vec<char> = stem.chars().collect();
    let is_stem = match stem.as_slice() {
        // Extension codes.
        ['X', second, tail @ ..] => {
            letter(*second) && (2..=4).contains(&tail.len()) && tail.iter().all(|c| either(*c))
        }
        [first, second, third, fourth] => {
            either(*first)
                && *first != '0'
                && letter(*second)
                && third.is_ascii_digit()
                && either(*fourth)
        }
        _ => false,
    };
    is_stem && (1..=2).contains(&rest.len()) && rest.chars().all(either)
}

#[cfg(test)]
mod tests {
    use crate::ordered::IndexMap;

    use super::*;
    use crate::ids::{IdFault, scheme};

    fn check(name: &str, value: &str) -> Result<(), IdFault> {
        let custom = IndexMap::default();
        let scheme = scheme(name, &custom).unwrap();
        scheme.check(&scheme.normalize(value))
    }

    #[test]
    fn the_example_of_every_scheme_is_valid() {
        for scheme in BUILT_IN {
            assert_eq!(check(scheme.name, scheme.example), Ok(()), "{}", scheme.name);
        }
    }

    #[test]
    fn public_identifiers_are_valid() {
        let valid = [
            ("doi", "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O"),
            ("doi", "https://doi.org/10.1000/182"),
            ("doi", "10.1000.10/123456"),
            ("pmid", "1"),
            ("pmid", "PMID: 35334197"),
            ("pmcid", "9069993"),
            ("ark", "ark:/12148/btv1b8449691v"),
            ("issn", "2434561x"),
            ("isbn", "0-8044-2957-x"),
            ("isbn", "979-10-90636-07-1"),
            ("orcid", "https://orcid.org/0000-0002-1694-233X"),
            ("ror", "https://ror.org/05dxps055"),
            ("atc", "L"),
            ("atc", "n02be01"),
            ("cas", "7732-18-5"),
            ("mesh", "C000596027"),
            ("icd11", "1A00"),
            ("icd11", "2A00.00"),
            ("icd11", "8A80.1Z"),
            ("icd11", "NC72.Z&XK8G/XJ1C6"),
            ("snomed", "73211009"),
            ("nct", "https://clinicaltrials.gov/study/NCT03570749"),
        ];
        for (name, value) in valid {
            assert_eq!(check(name, value), Ok(()), "{name} {value}");
        }
    }

    #[test]
    fn malformed_identifiers_fail_by_syntax() {
        let malformed = [
            ("doi", "11.1000/182"),
            ("doi", "10.1000/"),
            ("doi", "10.1000/a b"),
            ("pmid", "PMC9069993"),
            ("pmid", "012"),
            ("pmcid", "PMCabc"),
            ("ark", "12148/btv"),
            ("issn", "0028-08366"),
            ("isbn", "123"),
            ("isbn", "977-0-306-40615-7"),
            ("orcid", "0000-0002-1825"),
            ("ror", "13vek6s52"),
            ("npi", "3234567893"),
            ("unii", "R16CO5Y76"),
            ("atc", "L04A0"),
            ("atc", "Q04AA01"),
            ("cas", "50-782"),
            ("mesh", "000506"),
            ("icd11", "I10"),
            ("icd11", "OA00"),
            ("snomed", "12345"),
            ("nct", "NCT0357074"),
        ];
        for (name, value) in malformed {
            assert_eq!(check(name, value), Err(IdFault::Syntax), "{name} {value}");
        }
    }

    #[test]
    fn a_mistyped_digit_fails_by_its_check_digit() {
        let mistyped = [
            ("issn", "0028-0837"),
            ("isbn", "978-0-306-40615-8"),
            ("orcid", "0000-0002-1825-0098"),
            ("ror", "03vek6s53"),
            ("npi", "1234567890"),
            ("unii", "R16CO5Y76F"),
            ("cas", "50-78-3"),
            ("snomed", "73211008"),
        ];
        for (name, value) in mistyped {
            assert_eq!(check(name, value), Err(IdFault::CheckDigit), "{name} {value}");
        }
    }

    #[test]
    fn addresses_are_encoded() {
        let custom = IndexMap::default();
        let url = |name, value| scheme(name, &custom).and_then(|scheme| scheme.url(value));
        assert_eq!(url("doi", "10.1000/a<b").unwrap(), "https://doi.org/10.1000/a%3Cb");
        assert_eq!(url("pmid", "1").unwrap(), "https://pubmed.ncbi.nlm.nih.gov/1/");
        assert_eq!(url("icd11", "1A00"), None);
    }

    #[test]
    fn a_site_declares_its_own_scheme() {
        let made = crate::ids::CustomScheme::new(
            "iso",
            None,
            r"\d{4,5}(-\d+)?",
            None,
            Some("https://www.iso.org/standard/{id}".into()),
        );
        let custom = IndexMap::from_iter([(std::sync::Arc::from("iso"), made.unwrap())]);
        let iso = scheme("iso", &custom).unwrap();
        assert_eq!(iso.check("9001"), Ok(()));
        assert_eq!(iso.check("9001x"), Err(IdFault::Syntax));
        assert_eq!(iso.example(), r"\d{4,5}(-\d+)?");
        assert!(crate::ids::CustomScheme::new("bad", None, "a(", None, None).is_err());
        assert!(crate::ids::CustomScheme::new("bad", None, "a)(b", None, None).is_err());
    }
}
