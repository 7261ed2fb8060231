//! What did not fit, by the field's path; its place is looked up at the end.

use std::ops::Range;
use std::sync::Arc;

use super::locate::FieldLocator;
use crate::config::FieldType;
use crate::diagnostic::{ALLOW_REASON, Diagnostic, Fix, ID_BAD, Rule, structural};
use crate::ids::{IdFault, Scheme};
use crate::parse::page::{FieldPath, FieldStep};
use crate::source::Source;

/// One thing that did not fit.
pub(super) struct Finding {
    path: FieldPath,
    place: Place,
    rule: &'static Rule,
    message: String,
    label: String,
    help: Vec<String>,
    rename: Option<&'static str>,
    /// The field that was likely meant, where the mapping has another in its place.
    meant: Option<Arc<str>>,
    /// The field that the mapping at the path lacks.
    lacks: Option<Arc<str>>,
    warning: bool,
}

/// What of the field at a path to point at.
enum Place {
    /// The value.
    Value,
    /// The key of the entry.
    Key,
    /// The second key of the same name.
    SecondKey,
    /// The first key of the mapping that is no plain name.
    OddKey,
    /// A place in the value's text, found by the parser of that text.
    Inside(Box<Diagnostic>),
}

impl Finding {
    fn new(path: FieldPath, place: Place, rule: &'static Rule, message: String) -> Self {
        Self {
            path,
            place,
            rule,
            message,
            label: String::new(),
            help: Vec::new(),
            rename: None,
            meant: None,
            lacks: None,
            warning: false,
        }
    }

    /// The value at `path` is wrong.
    pub(super) fn wrong(path: FieldPath, message: impl Into<String>) -> Self {
        Self::new(path, Place::Value, &structural::FM_TYPE, message.into())
    }

    /// The value at `path` is `given`, not of type `ty`.
    pub(super) fn mismatch(path: FieldPath, ty: &FieldType, given: &str) -> Self {
        let message = format!("`{path}` must be {}, not {given}", describe(ty));
        let finding = Self::wrong(path, message);
        match ty.innermost() {
            FieldType::Record(fields) => {
                let names: Vec<&str> = fields.keys().map(|name| &**name).collect();
                finding.help(format!("its fields are {}", names.join(", ")))
            }
            FieldType::Text if given == "a mapping" => {
                finding.help("put the value in quotes if it starts with `{`")
            }
            _ => finding,
        }
    }

    /// The mapping at `path` has no field `name`, which is required.
    pub(super) fn required(path: FieldPath, name: &str) -> Self {
        let message = match path.0.is_empty() {
            true => format!("this page has no `{name}`"),
            false => format!("`{path}` has no `{name}`"),
        };
        let finding = Self::new(path, Place::Value, &structural::FM_REQUIRED, message);
        Self { lacks: Some(Arc::from(name)), ..finding }
    }

    /// The mapping at `path` has the key `name` twice.
    pub(super) fn duplicate(mut path: FieldPath, name: &Arc<str>) -> Self {
        path.0.push(FieldStep::Name(Arc::clone(name)));
        let message = format!("`{path}` is given twice");
        Self::new(path, Place::SecondKey, &structural::YAML_SYNTAX, message).label("again here")
    }

    /// The mapping at `path` has the key `name`, which is not declared.
    pub(super) fn unknown(mut path: FieldPath, name: &str, message: String) -> Self {
        path.0.push(FieldStep::Name(Arc::from(name)));
        Self::new(path, Place::Key, &structural::FM_UNKNOWN_FIELD, message).label("unknown field")
    }

    /// The mapping at `path` has a key that is no name.
    pub(super) fn odd_key(path: FieldPath) -> Self {
        let message = "a field's name must be plain text".to_owned();
        Self::new(path, Place::OddKey, &structural::FM_TYPE, message)
            .help("put a value that starts with `{` or `[` in quotes")
    }

    /// The `allow` at `path` says no reason for the rule `rule`.
    pub(super) fn no_reason(path: FieldPath, rule: &str) -> Self {
        let message = format!("this `allow` of `{rule}` gives no reason");
        Self::new(path, Place::Key, &ALLOW_REASON, message)
            .help(format!("write it after the rule: `{rule}: reason`"))
    }

    /// The identifier at `path` is malformed or mistyped.
    pub(super) fn bad_id(path: FieldPath, text: &str, scheme: Scheme<'_>, fault: IdFault) -> Self {
        let label = scheme.label();
        let mut finding = match fault {
            IdFault::Syntax => Self::wrong(path, format!("`{text}` is not a {label}"))
                .help(format!("a {label} looks like `{}`", scheme.example())),
            IdFault::CheckDigit => Self::wrong(
                path,
                format!("`{text}` is not a valid {label}: its check digit is wrong"),
            )
            .help("compare it with its source: a character is likely mistyped"),
        };
        finding.rule = &ID_BAD;
        finding.warning = fault == IdFault::CheckDigit;
        finding
    }

    /// A parser of the value's text found something at a place in that text.
    pub(super) fn inside(path: FieldPath, diagnostic: Diagnostic) -> Self {
        let place = Place::Inside(Box::new(diagnostic));
        Self::new(path, place, &structural::FM_TYPE, String::new())
    }

    /// Says something at the place.
    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a sentence of help.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds "did you mean …?" where there is a candidate.
    pub(super) fn suggest(self, candidate: Option<&str>) -> Self {
        match candidate {
            Some(candidate) => self.help(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }

    /// Says which field was likely meant by an unknown one.
    pub(super) fn meaning(mut self, field: Option<&str>) -> Self {
        self.meant = field.map(Arc::from);
        self
    }

    /// Tells whether `other` says that the field which is missing here has a wrong name.
    fn follows_from(&self, other: &Self) -> bool {
        let (Some(lacks), Some(meant)) = (&self.lacks, &other.meant) else { return false };
        let mapping = other.path.0.split_last().map(|(_, mapping)| mapping);
        lacks == meant && mapping == Some(&self.path.0)
    }

    /// Offers to rename the key, which is one of the page's own.
    pub(super) fn rename(mut self, name: &'static str) -> Self {
        self.rename = Some(name);
        self
    }

    fn into_diagnostic(self, source: &Source, locator: &FieldLocator) -> Diagnostic {
        let range = match &self.place {
            Place::Value => locator.value(&self.path),
            Place::Key => locator.key(&self.path, 0),
            Place::SecondKey => locator.key(&self.path, 1),
            Place::OddKey => locator.odd_key(&self.path),
            Place::Inside(_) => 0..0,
        };
        if let Place::Inside(inner) = self.place {
            return moved(*inner, &self.path, source, locator);
        }
        let mut diagnostic = Diagnostic::new(self.rule, source.span(range.clone()), self.message)
            .with_label(self.label);
        diagnostic.help = self.help.into_iter().map(Into::into).collect();
        if self.warning {
            diagnostic.level = crate::diagnostic::Level::Warning;
        }
        if let Place::SecondKey = self.place {
            let first = source.span(locator.key(&self.path, 0));
            diagnostic = diagnostic.with_related(first, "first given here");
        }
        match self.rename {
            // A second key of the name would make the front matter unreadable.
            Some(name) if !locator.has_key(&FieldPath::field(name)) => {
                diagnostic.with_fix(range, name)
            }
            Some(name) => diagnostic.with_help(format!(
                "`{name}` is given already: move what it lacks there, and delete this field"
            )),
            None => diagnostic,
        }
    }
}

/// Moves a finding in a field's text to its place in the file.
fn moved(
    mut diagnostic: Diagnostic,
    path: &FieldPath,
    source: &Source,
    locator: &FieldLocator,
) -> Diagnostic {
    let place = |range: Range<usize>| locator.within(path, range, &source.text());
    let exact = place(diagnostic.span.range());
    diagnostic.span = source.span(exact.unwrap_or_else(|| locator.value(path)));
    for (span, _) in &mut diagnostic.related {
        *span = source.span(place(span.range()).unwrap_or_else(|| locator.value(path)));
    }
    // A fix whose place in the file is not certain is none.
    diagnostic.fix = diagnostic.fix.and_then(|mut fix| {
        fix.span = source.span(place(fix.span.range())?);
        Some(fix)
    });
    diagnostic
}

/// Returns the page's fields that others were likely meant for, and those whose value does not
/// fit.
pub(super) fn misnamed(findings: &[Finding]) -> Vec<Arc<str>> {
    let of_page = findings.iter().filter_map(|finding| match finding.path.0.as_slice() {
        [FieldStep::Name(name)] => Some((finding, name)),
        _ => None,
    });
    of_page
        .filter_map(|(finding, name)| {
            let is_unfit = finding.rule.id == structural::FM_TYPE.id
                && matches!(finding.place, Place::Value)
                && !finding.warning;
            finding.meant.as_ref().or(is_unfit.then_some(name)).cloned()
        })
        .collect()
}

/// Returns the findings with their places, in the order of the file; of a field with a wrong
/// name it is not said again that it is missing.
pub(super) fn diagnostics(
    findings: Vec<Finding>,
    source: &Source,
    yaml: &Range<usize>,
) -> Vec<Diagnostic> {
    if findings.is_empty() {
        return Vec::new();
    }
    let follows: Vec<bool> = findings
        .iter()
        .map(|own| own.lacks.is_some() && findings.iter().any(|other| own.follows_from(other)))
        .collect();
    let findings = findings.into_iter().zip(follows).filter(|(_, follows)| !follows);
    let locator = FieldLocator::new(source, yaml);
    let mut found: Vec<Diagnostic> = findings
        .map(|(finding, _)| finding)
        .map(|finding| finding.into_diagnostic(source, &locator))
        .collect();
    withhold_rivals(&mut found);
    crate::diagnostic::sort(&mut found);
    found
}

/// Takes away the fixes that would give two fields one name.
fn withhold_rivals(found: &mut [Diagnostic]) {
    let names: Vec<String> =
        found.iter().filter_map(|found| Some(found.fix.as_ref()?.replacement.clone())).collect();
    for found in found {
        let rivals = |fix: &mut Fix| names.iter().filter(|name| **name == fix.replacement).count();
        found.fix.take_if(|fix| rivals(fix) > 1);
    }
}

/// Returns what a value of type `ty` is called.
fn describe(ty: &FieldType) -> String {
    match ty {
        FieldType::Text => "text".to_owned(),
        FieldType::Markdown => "text (Markdown)".to_owned(),
        FieldType::Date => "a date such as 2024-05-31".to_owned(),
        FieldType::Boolean => "`true` or `false`".to_owned(),
        FieldType::Integer => "a whole number".to_owned(),
        FieldType::Number => "a number".to_owned(),
        FieldType::Enum(words) => {
            let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            match quoted.split_last() {
                Some((last, rest)) if !rest.is_empty() => {
                    format!("{} or {last}", rest.join(", "))
                }
                _ => quoted.concat(),
            }
        }
        FieldType::Page { collections, .. } => match collections.as_slice() {
            [] => "the id of a page".to_owned(),
            some => format!("the id of a page in {}", some.join(" or ")),
        },
        FieldType::Citation => "a citation key or a list of keys".to_owned(),
        FieldType::Surface => "a name, or a record with a `name`".to_owned(),
        FieldType::Ids => {
            "a mapping from scheme to identifier, such as `doi: 10.1000/182`".to_owned()
        }
        FieldType::List(item) => match &**item {
            FieldType::Record(_) => "a list of records".to_owned(),
            item => format!("a list, each {}", describe(item)),
        },
        FieldType::Map(item) => format!("a mapping from names, each to {}", describe(item)),
        FieldType::Record(_) => "a record".to_owned(),
        FieldType::Any => "any value".to_owned(),
    }
}
