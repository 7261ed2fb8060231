//! Reads an [`Item`] from a tree of CSL-JSON, or of the same fields in YAML.
//!
//! It is as lenient as citeproc-js and Zotero are: ids and numbers of either kind, dates as text,
//! a name as one string. What it cannot use it reports, and reads the rest.

use std::ops::Range;

use super::node::{Member, Node, Value};
use super::{Date, Item, ItemType, Name, PartialDate, RangeEnd, TextVariable, Variable};

/// A value that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The fields that lead to it, such as `author[2].given`.
    pub path: String,
    /// What is wrong, as a sentence fragment.
    pub message: String,
    /// Where it stands, in bytes; `0..0` where the item was not read from text.
    pub span: Range<usize>,
}

impl Item {
    /// Reads an item from a map of CSL variables; `None` where the node is not a map.
    pub(crate) fn from_node(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Map(members) = &node.value else {
            problem(problems, "", node, format!("an item must be a map, not {}", node.kind()));
            return None;
        };
        let mut item = Self::new("", ItemType::Other);
        for member in members {
            if member.key == "id" {
                match member.node.as_scalar() {
                    Some(id) => item.id = id.into(),
                    None => problem(problems, "id", &member.node, "must be text".into()),
                }
            } else if member.key == "type" {
                read_type(&mut item, member, problems);
            } else {
                read_variable(&mut item, member, problems);
            }
        }
        Some(item)
    }
}

fn problem(problems: &mut Vec<Problem>, path: &str, node: &Node<'_>, message: String) {
    problems.push(Problem { path: path.to_owned(), message, span: node.span.clone() });
}

fn read_type(item: &mut Item, member: &Member<'_>, problems: &mut Vec<Problem>) {
    let Some(text) = member.node.as_scalar() else {
        return problem(problems, "type", &member.node, "must be text".into());
    };
    match ItemType::from_csl(text).or_else(|| type_elsewhere(text)) {
        Some(kind) => item.kind = kind,
        None => item.extra.push(("type".into(), text.into())),
    }
}

/// Returns the CSL type for the names that Crossref and older CSL-JSON use.
fn type_elsewhere(text: &str) -> Option<ItemType> {
    Some(match text {
        "journal-article" => ItemType::ArticleJournal,
        "book-chapter" => ItemType::Chapter,
        "proceedings-article" => ItemType::PaperConference,
        "posted-content" => ItemType::Article,
        "dissertation" => ItemType::Thesis,
        "monograph" | "edited-book" | "reference-book" => ItemType::Book,
        "legal-case" => ItemType::LegalCase,
        "motion-picture" => ItemType::MotionPicture,
        "personal-communication" => ItemType::PersonalCommunication,
        "musical-score" => ItemType::MusicalScore,
        _ => return None,
    })
}

fn read_variable(item: &mut Item, member: &Member<'_>, problems: &mut Vec<Problem>) {
    let node = &member.node;
    if node.value == Value::Null {
        return;
    }
    match Variable::from_csl(&member.key) {
        Some(Variable::Text(variable)) => {
            let alias = variable.as_str() != member.key;
            match read_text(variable, node) {
                // Where both `journalAbbreviation` and `container-title-short` are given, the
                // name that CSL has wins.
                Some(_) if alias && item.has(variable) => {}
                Some(text) => item.set_text(variable, text),
                None => problem(
                    problems,
                    &member.key,
                    node,
                    format!("must be text or a number, not {}", node.kind()),
                ),
            }
        }
        Some(Variable::Name(variable)) => {
            let names = read_names(&member.key, node, problems);
            item.set_names(variable, names);
        }
        Some(Variable::Date(variable)) => {
            if let Some(date) = read_date(&member.key, node, problems) {
                item.set_date(variable, date);
            }
        }
        None => item.extra.push((member.key.as_ref().into(), node.to_json())),
    }
}

fn read_text(variable: TextVariable, node: &Node<'_>) -> Option<String> {
    if let Value::List(nodes) = &node.value {
        // Crossref gives lists where CSL has one value.
        let mut texts = nodes.iter().map(Node::as_scalar);
        return match variable {
            TextVariable::Keyword | TextVariable::Issn | TextVariable::Isbn => {
                texts.collect::<Option<Vec<_>>>().map(|texts| texts.join(", "))
            }
            _ => texts.next().unwrap_or(Some("")).map(str::to_owned),
        };
    }
    node.as_scalar().map(str::to_owned)
}

fn read_names(path: &str, node: &Node<'_>, problems: &mut Vec<Problem>) -> Vec<Name> {
    match &node.value {
        Value::List(nodes) => nodes
            .iter()
            .enumerate()
            .filter_map(|(index, node)| read_name((path, Some(index)), node, problems))
            .collect(),
        _ => read_name((path, None), node, problems).into_iter().collect(),
    }
}

/// Reads a name; `place` is the variable and the name's place in its list.
fn read_name(
    place: (&str, Option<usize>),
    node: &Node<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Name> {
    // Paths are only made for what is wrong.
    let path = || match place {
        (path, Some(index)) => format!("{path}[{index}]"),
        (path, None) => path.to_owned(),
    };
    if let Some(literal) = node.as_scalar() {
        return Some(Name::group(literal));
    }
    let Value::Map(members) = &node.value else {
        problem(problems, &path(), node, format!("a name must be a map, not {}", node.kind()));
        return None;
    };
    let mut name = Name::default();
    let mut institution = false;
    for member in members {
        let Some(text) = member.node.as_scalar() else {
            if !matches!(member.node.value, Value::Null) && is_name_part(&member.key) {
                let path = format!("{}.{}", path(), member.key);
                problem(problems, &path, &member.node, "must be text".into());
            }
            continue;
        };
        let part = (!text.is_empty()).then(|| text.into());
        match member.key.as_ref() {
            "family" => name.family = part,
            "given" => name.given = part,
            "dropping-particle" => name.dropping_particle = part,
            "non-dropping-particle" => name.non_dropping_particle = part,
            "suffix" => name.suffix = part,
            "literal" | "name" => name.literal = part,
            "comma-suffix" => name.comma_suffix = is_true(text),
            "static-ordering" => name.static_ordering = is_true(text),
            "parse-names" => name.parse_names = Some(is_true(text)),
            "ORCID" | "orcid" => name.orcid = part,
            "isInstitution" => institution = is_true(text),
            _ => {}
        }
    }
    if institution && name.literal.is_none() && name.given.is_none() {
        name.literal = name.family.take();
    }
    Some(name)
}

fn is_name_part(key: &str) -> bool {
    matches!(
        key,
        "family" | "given" | "dropping-particle" | "non-dropping-particle" | "suffix" | "literal"
    )
}

/// Tells whether a flag is set, in the spellings in use.
fn is_true(text: &str) -> bool {
    !matches!(text, "" | "0" | "false" | "no")
}

fn read_date(path: &str, node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Date> {
    match &node.value {
        Value::String(text) | Value::Number(text) => Some(Date::parse(text)),
        // The YAML of older pandoc: a list of maps, two for a range.
        Value::List(nodes) => {
            let mut ends = nodes.iter().filter_map(|node| read_date(path, node, problems));
            let mut date = ends.next()?;
            if let Some(end) = ends.next().and_then(|end| end.start) {
                date.end = Some(RangeEnd::At(end));
            }
            Some(date)
        }
        Value::Map(_) => read_date_map(path, node, problems),
        Value::Null => None,
        Value::Bool(_) => {
            problem(problems, path, node, "a date must be a map or text".into());
            None
        }
    }
}

fn read_date_map(path: &str, node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Date> {
    let mut date = Date::default();
    if let Some(parts) = node.get("date-parts") {
        read_date_parts(&mut date, path, parts, problems);
    } else if let Some(year) = node.get("year") {
        let number = |key| node.get(key).and_then(Node::as_scalar).and_then(parse_part);
        match year.as_scalar().and_then(parse_part) {
            Some(year) => {
                let (month, day) = (number("month"), number("day"));
                date.start = Some(PartialDate::from_parts(year, month, day));
            }
            None => date.literal = year.as_scalar().map(Into::into),
        }
    }
    if date.start.is_none()
        && let Some(raw) = node.get("raw").and_then(Node::as_scalar)
    {
        date = Date::parse(raw);
    }
    if let Some(season) = node.get("season").and_then(Node::as_scalar) {
        read_season(&mut date, season);
    }
    if let Some(literal) = node.get("literal").and_then(Node::as_scalar)
        && !literal.is_empty()
    {
        date.literal = Some(literal.into());
    }
    date.circa |= node.get("circa").and_then(Node::as_scalar).is_some_and(is_true);
    Some(date)
}

fn read_season(date: &mut Date, season: &str) {
    let number = season.parse::<u8>().ok().filter(|n| (1..=4).contains(n));
    match (number.or_else(|| super::parse_date::season_number(season)), &mut date.start) {
        (Some(number), Some(start)) if start.month.is_none() => start.season = Some(number),
        (None, _) if !season.is_empty() => date.season_literal = Some(season.into()),
        _ => {}
    }
}

fn read_date_parts(date: &mut Date, path: &str, parts: &Node<'_>, problems: &mut Vec<Problem>) {
    let mut report = |node: &Node<'_>, message: String| {
        problem(problems, &format!("{path}.date-parts"), node, message);
    };
    let Value::List(nodes) = &parts.value else {
        return report(parts, format!("must be a list, not {}", parts.kind()));
    };
    let flat = nodes.iter().any(|node| node.as_scalar().is_some());
    if flat {
        date.start = one_date(nodes, parts, &mut report);
        return;
    }
    for (index, node) in nodes.iter().enumerate() {
        let Value::List(numbers) = &node.value else {
            report(node, format!("must hold lists, not {}", node.kind()));
            continue;
        };
        match index {
            0 => date.start = one_date(numbers, node, &mut report),
            1 if matches!(numbers.first().and_then(Node::as_scalar), Some("0")) => {
                date.end = Some(RangeEnd::Open);
            }
            1 => date.end = one_date(numbers, node, &mut report).map(RangeEnd::At),
            _ => report(node, "a range has two ends".into()),
        }
    }
}

fn one_date(
    numbers: &[Node<'_>],
    whole: &Node<'_>,
    report: &mut dyn FnMut(&Node<'_>, String),
) -> Option<PartialDate> {
    let part = |index: usize| numbers.get(index).and_then(Node::as_scalar).and_then(parse_part);
    let Some(year) = part(0) else {
        // Zotero writes `[[]]` and `[[""]]` for an empty date.
        let empty = numbers.first().and_then(Node::as_scalar).is_none_or(str::is_empty);
        if !empty {
            report(whole, "the year is not a number".into());
        }
        return None;
    };
    Some(PartialDate::from_parts(year, part(1), part(2)))
}

/// Reads a part of a date: a whole number, also as text or with a fraction of zero.
fn parse_part(text: &str) -> Option<i32> {
    text.trim().strip_suffix(".0").unwrap_or(text.trim()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{DateVariable, NameVariable};

    fn item(json: &str) -> (Item, Vec<Problem>) {
        let node: Node<'_> = serde_json::from_str(json).unwrap();
        let mut problems = Vec::new();
        let item = Item::from_node(&node, &mut problems).unwrap();
        (item, problems)
    }

    #[test]
    fn numbers_and_text_are_interchangeable() {
        let (item, problems) = item(
            r#"{"id": 7, "type": "book", "volume": 12, "edition": "2nd",
                "issued": {"date-parts": [["2020", "5", ""]], "circa": 1}}"#,
        );
        assert_eq!(problems, []);
        assert_eq!(&*item.id, "7");
        assert_eq!(item.str(TextVariable::Volume), Some("12"));
        let issued = item.date(DateVariable::Issued).unwrap();
        let expected = PartialDate { year: 2020, month: Some(5), ..PartialDate::default() };
        assert_eq!(issued.start, Some(expected));
        assert!(issued.circa);
    }

    #[test]
    fn dates_come_in_many_shapes() {
        for (json, expected) in [
            (r#"{"date-parts": [[2020, 5], [2021]]}"#, Date::parse("2020-05/2021")),
            (r#"{"date-parts": [[2020], [0]]}"#, Date::parse("2020/..")),
            (r#"{"date-parts": [2020, 5]}"#, Date::parse("2020-05")),
            (r#"{"date-parts": [[2020, 22]]}"#, Date::parse("2020-22")),
            (r#"{"date-parts": [[2020]], "season": "2"}"#, Date::parse("2020-22")),
            (r#"{"date-parts": [[2020]], "season": "Summer"}"#, Date::parse("2020-22")),
            (r#"{"raw": "3 May 2020"}"#, Date::parse("2020-05-03")),
            (r#""2020-05-03""#, Date::parse("2020-05-03")),
            ("2020", Date::from_year(2020)),
            (r#"[{"year": 2019}, {"year": 2020, "month": 1}]"#, Date::parse("2019/2020-01")),
            (r#"{"literal": "in press"}"#, Date::from_literal("in press")),
        ] {
            let (item, problems) = item(&format!(r#"{{"issued": {json}}}"#));
            assert_eq!(item.date(DateVariable::Issued), Some(&expected), "{json}");
            assert_eq!(problems, []);
        }
        let (item, problems) = item(r#"{"issued": {"date-parts": [[]]}}"#);
        assert_eq!((item.date(DateVariable::Issued), problems), (None, vec![]));
    }

    #[test]
    fn institutions_and_plain_strings_are_groups() {
        let (item, _) = item(
            r#"{"author": [{"family": "WHO", "isInstitution": "true"}, "FDA", {"literal": "NICE"}],
                "editor": "Group"}"#,
        );
        let groups = ["WHO", "FDA", "NICE"].map(Name::group);
        assert_eq!(item.names(NameVariable::Author), groups);
        assert_eq!(item.names(NameVariable::Editor), [Name::group("Group")]);
    }

    #[test]
    fn what_cannot_be_used_is_reported_by_its_path_and_the_rest_is_read() {
        let (item, problems) = item(
            r#"{"id": "a", "title": {"x": 1}, "author": [{"family": "A"}, {"given": []}, 5, [1]],
                "issued": {"date-parts": [["soon"]]}, "accessed": true, "volume": "1"}"#,
        );
        let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(
            paths,
            ["title", "author[1].given", "author[3]", "issued.date-parts", "accessed"]
        );
        assert_eq!(item.str(TextVariable::Volume), Some("1"));
        assert_eq!(item.names(NameVariable::Author).len(), 2);
    }

    #[test]
    fn unknown_fields_and_types_are_kept_aside() {
        let (item, problems) = item(r#"{"type": "gazette", "custom": {"a": [1.5]}, "file": "x"}"#);
        assert_eq!((item.kind, problems), (ItemType::Other, vec![]));
        let keys: Vec<_> = item.extra.iter().map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["type", "custom", "file"]);
    }

    #[test]
    fn the_name_of_csl_wins_over_its_alias() {
        let (item, _) = item(r#"{"container-title-short": "NEJM", "journalAbbreviation": "N"}"#);
        assert_eq!(item.str(TextVariable::ContainerTitleShort), Some("NEJM"));
    }
}
