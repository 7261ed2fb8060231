//! What a theme says about itself: `theme.toml`.
//!
//! Start with [`ThemeConfig::parse`]. A theme may extend another; [`ThemeConfig::over`]
//! lays the one over the other. The components declared here are what authors may
//! call in their text: [`ThemeConfig::component`] finds one, and
//! [`Component::read_call`] reads a call's arguments by their types. `read` reads the
//! file, and reports everything in it that is wrong.

mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, nearest};
use crate::ordered::IndexMap;
use crate::source::Source;

use super::collection::Role;
use super::list_query::ListQuery;

/// The configuration of a theme, its parents' included once they are laid under it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThemeConfig {
    /// The theme that this one changes; the default theme when `None`.
    pub extends: Option<String>,
    /// Options with their defaults; a site sets them under `[theme]`.
    pub options: serde_json::Map<String, serde_json::Value>,
    /// The options that set a custom property of the style sheet, with its name.
    pub properties: BTreeMap<String, String>,
    /// Style sheets below `static/`, in the order in which a page links them.
    pub stylesheets: Vec<String>,
    /// Scripts below `static/`, in the order in which a page links them.
    pub scripts: Vec<String>,
    /// Scripts below `static/` that a page loads before it is painted.
    pub early_scripts: Vec<String>,
    /// The icon below `static/`.
    pub icon: Option<String>,
    /// The components that authors may call, by the name that they write.
    pub components: BTreeMap<String, Component>,
    /// The lists that a template shows, by template and name.
    pub lists: BTreeMap<String, IndexMap<Arc<str>, ListQuery>>,
}

/// A component as its theme declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// The arguments by name.
    pub args: BTreeMap<String, Argument>,
    /// Which fields of a page argument the component shows, in the order in which it
    /// prints them. Citations in those fields count where the component stands.
    pub shows: BTreeMap<String, Vec<Shown>>,
    /// The sequence in which the component is numbered; `None` when it has no number.
    pub numbered: Option<Numbering>,
    /// Whether terms mentioned inside may become links.
    pub links: bool,
    /// Whether the text inside is the caption of what it shows.
    pub captioned: bool,
}

/// An argument of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The type of its value.
    pub ty: ArgumentType,
    /// The collections in which a page is looked for; every collection when empty.
    pub collections: Vec<String>,
    /// The words of an enumeration.
    pub values: Vec<String>,
    /// Whether a call without it is an error.
    pub required: bool,
    /// The value of a call without it, as an author would write it.
    pub default: Option<String>,
}

/// The type of an argument's value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArgumentType {
    /// Plain text.
    #[default]
    Text,
    /// A number.
    Number,
    /// `true` or `false`; the bare name means `true`.
    Boolean,
    /// One of the argument's `values`.
    Enum,
    /// The id of a page.
    Page,
    /// Ids of pages, separated by spaces or commas.
    Pages,
}

/// A field of a page that a component shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The field of this name.
    Field(String),
    /// The fields with this role; written `role:NAME`.
    Role(Role),
}

/// The sequence in which a component is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Numbering {
    /// "Figure 1", "Figure 2" …
    Figure,
    /// "Table 1", "Table 2" …
    Table,
}

impl Default for Component {
    fn default() -> Self {
        Self {
            args: BTreeMap::new(),
            shows: BTreeMap::new(),
            numbered: None,
            links: true,
            captioned: false,
        }
    }
}

/// The value of an argument, as its type read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentValue {
    /// Plain text, or a word of an enumeration.
    Text(Arc<str>),
    /// A number as it was written.
    Number(Arc<str>),
    /// `true` or `false`.
    Boolean(bool),
    /// A page as it was named.
    Page(Arc<str>),
    /// Pages as they were named.
    Pages(Vec<Arc<str>>),
}

/// What is wrong with a component's call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallProblem {
    /// The argument's index in the call; `None` when it is about the call as a whole.
    pub argument: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What the author may have meant.
    pub suggestion: Option<String>,
    /// What the author can do.
    pub help: Option<String>,
}

impl CallProblem {
    fn new(argument: Option<usize>, message: String) -> Self {
        Self { argument, message, suggestion: None, help: None }
    }

    fn suggesting<'a>(mut self, word: &str, candidates: impl Iterator<Item = &'a str>) -> Self {
        let candidates: Vec<_> = candidates.collect();
        self.suggestion = nearest(word, candidates.iter().copied()).map(str::to_owned);
        self.help = match candidates.as_slice() {
            [] => None,
            all => Some(format!("there are: {}", all.join(", "))),
        };
        self
    }
}

impl ThemeConfig {
    /// Reads a `theme.toml`; everything that cannot be read is reported and left at its
    /// default.
    pub fn parse(source: &Source) -> (Self, Vec<Diagnostic>) {
        read::theme(source)
    }

    /// Returns the components whose text is a caption.
    pub fn captioned(&self) -> impl Iterator<Item = &str> {
        self.components.iter().filter(|(_, c)| c.captioned).map(|(name, _)| name.as_str())
    }

    /// Lays this configuration over its parent's.
    ///
    /// Options, components and lists replace the parent's of the same name; style sheets and
    /// scripts come after the parent's, and one of the same path stays in its place.
    pub fn over(self, parent: Self) -> Self {
        let mut options = parent.options;
        options.extend(self.options);
        let mut components = parent.components;
        components.extend(self.components);
        let mut lists = parent.lists;
        for (template, own) in self.lists {
            lists.entry(template).or_default().extend(own);
        }
        let mut properties = parent.properties;
        properties.extend(self.properties);
        Self {
            extends: self.extends,
            options,
            properties,
            stylesheets: appended(parent.stylesheets, self.stylesheets),
            scripts: appended(parent.scripts, self.scripts),
            early_scripts: appended(parent.early_scripts, self.early_scripts),
            icon: self.icon.or(parent.icon),
            components,
            lists,
        }
    }

    /// Returns the component that a call names.
    pub fn component(&self, name: &str) -> Result<&Component, CallProblem> {
        self.components.get(name).ok_or_else(|| {
            CallProblem::new(None, format!("the theme has no component `{name}`"))
                .suggesting(name, self.components.keys().map(String::as_str))
        })
    }
}

impl Component {
    /// Reads the arguments of a call, given as `(name, value)` in the call's order.
    ///
    /// A bare name has an empty value. The returned map holds what could be read, in
    /// their names' order, defaults included; the problems hold the rest.
    pub fn read_call<'a>(
        &self,
        name: &str,
        call: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> (BTreeMap<String, ArgumentValue>, Vec<CallProblem>) {
        let mut given: BTreeMap<String, ArgumentValue> = BTreeMap::new();
        let mut seen: Vec<&str> = Vec::new();
        let mut problems = Vec::new();
        for (index, (argument, value)) in call.into_iter().enumerate() {
            if seen.contains(&argument) {
                let message = format!("`{argument}` is given twice");
                problems.push(CallProblem::new(Some(index), message));
                continue;
            }
            seen.push(argument);
            let Some((key, declared)) = self.args.get_key_value(argument) else {
                let message = format!("component `{name}` has no argument `{argument}`");
                problems.push(
                    CallProblem::new(Some(index), message)
                        .suggesting(argument, self.args.keys().map(String::as_str)),
                );
                continue;
            };
            match declared.read(argument, value) {
                Ok(value) => {
                    given.insert(key.clone(), value);
                }
                Err(message) => {
                    let problem = CallProblem::new(Some(index), message);
                    problems.push(match declared.ty {
                        ArgumentType::Enum => {
                            problem.suggesting(value, declared.values.iter().map(String::as_str))
                        }
                        _ => problem,
                    });
                }
            }
        }
        let mut values = BTreeMap::new();
        for (argument, declared) in &self.args {
            if let Some(value) = given.remove(argument) {
                values.insert(argument.clone(), value);
            } else if let Some(default) = &declared.default {
                if let Ok(value) = declared.read(argument, default) {
                    values.insert(argument.clone(), value);
                }
            } else if declared.required && !seen.contains(&argument.as_str()) {
                let message = format!("component `{name}` needs the argument `{argument}`");
                problems.push(CallProblem {
                    help: Some(format!("write `{{.{name} {argument}=…}}`")),
                    ..CallProblem::new(None, message)
                });
            }
        }
        (values, problems)
    }
}

impl Argument {
    /// Reads a value as its type; the error says what is wrong with it.
    fn read(&self, name: &str, text: &str) -> Result<ArgumentValue, String> {
        let text = text.trim();
        if text.is_empty() && self.ty != ArgumentType::Boolean && self.ty != ArgumentType::Text {
            return Err(format!("`{name}` needs a value"));
        }
        match self.ty {
            ArgumentType::Text => Ok(ArgumentValue::Text(text.into())),
            ArgumentType::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(ArgumentValue::Number(text.into())),
                _ => Err(format!("`{name}` must be a number, not `{text}`")),
            },
            ArgumentType::Boolean => match text {
                "" | "true" => Ok(ArgumentValue::Boolean(true)),
                "false" => Ok(ArgumentValue::Boolean(false)),
                _ => Err(format!("`{name}` must be `true` or `false`, not `{text}`")),
            },
            ArgumentType::Enum => {
                if self.values.iter().any(|word| word == text) {
                    Ok(ArgumentValue::Text(text.into()))
                } else {
                    Err(format!("`{text}` is not a value of `{name}`"))
                }
            }
            ArgumentType::Page => Ok(ArgumentValue::Page(text.into())),
            ArgumentType::Pages => Ok(ArgumentValue::Pages(
                text.split([',', ' ']).filter(|id| !id.is_empty()).map(Arc::from).collect(),
            )),
        }
    }
}

impl ArgumentType {
    /// Tells whether the value names one or more pages.
    pub fn is_page(self) -> bool {
        matches!(self, Self::Page | Self::Pages)
    }
}

fn appended(mut first: Vec<String>, second: Vec<String>) -> Vec<String> {
    for path in second {
        if !first.contains(&path) {
            first.push(path);
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn parse(text: &str) -> (ThemeConfig, Vec<Diagnostic>) {
        ThemeConfig::parse(&Source::new(SourceId::new("themes/x/theme.toml"), text))
    }

    const BOXES: &str = r#"
        [components.box]
        links = false
        numbered = "figure"
        shows = { treatment = ["role:notice", "brands"] }
        args.treatment = { type = "page", collections = ["treatments"], required = true }
        args.tone = { type = "enum", values = ["calm", "loud"], default = "calm" }
        args.width = { type = "number" }
        args.open = { type = "boolean" }
        args.others = { type = "pages" }
    "#;

    fn call(pairs: &[(&'static str, &'static str)]) -> (Vec<String>, Vec<CallProblem>) {
        let (config, found) = parse(BOXES);
        assert_eq!(found, []);
        let component = config.component("box").unwrap();
        let (values, problems) = component.read_call("box", pairs.iter().copied());
        (values.iter().map(|(name, value)| format!("{name}={value:?}")).collect(), problems)
    }

    #[test]
    fn a_component_is_read_with_roles_and_fields_in_order() {
        let (config, _) = parse(BOXES);
        let component = &config.components["box"];
        assert_eq!(
            component.shows["treatment"],
            [Shown::Role(Role::Notice), Shown::Field("brands".into())]
        );
        assert_eq!(component.numbered, Some(Numbering::Figure));
        assert!(!component.links);
    }

    #[test]
    fn a_call_is_read_by_the_types_of_its_arguments() {
        let (values, problems) =
            call(&[("treatment", "baricitinib"), ("open", ""), ("others", "a, b c")]);
        assert_eq!(problems, []);
        assert_eq!(
            values,
            [
                r#"open=Boolean(true)"#,
                r#"others=Pages(["a", "b", "c"])"#,
                r#"tone=Text("calm")"#,
                r#"treatment=Page("baricitinib")"#,
            ]
        );
    }

    #[test]
    fn every_problem_of_a_call_is_found_with_a_suggestion() {
        let (_, problems) =
            call(&[("tone", "lout"), ("widht", "3"), ("open", "yes"), ("tone", "")]);
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (problem.argument, problem.suggestion.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                (Some(0), Some("loud")),
                (Some(1), Some("width")),
                (Some(2), None),
                (Some(3), None),
                (None, None)
            ]
        );
    }

    #[test]
    fn an_unknown_component_suggests_the_nearest() {
        let (config, _) = parse("[components.key-points]");
        let problem = config.component("keypoints").unwrap_err();
        assert_eq!(problem.suggestion.as_deref(), Some("key-points"));
    }

    #[test]
    fn a_child_theme_lays_over_its_parent() {
        let (parent, _) = parse("stylesheets = ['a.css', 'b.css']\n[options]\nx = 1\ny = 2");
        let (child, _) = parse("stylesheets = ['b.css', 'c.css']\n[options]\ny = 3");
        let config = child.over(parent);
        assert_eq!(config.stylesheets, ["a.css", "b.css", "c.css"]);
        assert_eq!(config.options["x"].as_i64(), Some(1));
        assert_eq!(config.options["y"].as_i64(), Some(3));
    }

    #[test]
    fn what_cannot_be_read_is_reported_at_its_place() {
        let (_, found) = parse("stylesheet = ['a.css']");
        assert_eq!(found[0].rule.id, "config-unknown");
        assert_eq!(found[0].help, ["did you mean `stylesheets`?"]);
        assert_eq!(found[0].span.start, 0);
        let (_, found) = parse("[components.x]\nshows = { y = ['z'] }");
        assert_eq!(found[0].rule.id, "config-type");
        let (_, found) = parse("[components.x]\nargs.n = { type = 'number', default = 'many' }");
        assert!(found[0].message.contains("must be a number"));
    }

    #[test]
    fn all_that_is_wrong_is_reported_and_the_rest_is_read() {
        let text = "stylesheets = ['a.css']\nicons = 'i.svg'\n[components.box]\nlinks = 'no'\n\
                    shows = { page = ['role:notise'] }\nargs.page = { type = 'pag' }\n\
                    args.tone = { requird = true }\ncaptioned = true\n\
                    [lists.'home.html'.recent]\nlimit = 5\n";
        let (config, found) = parse(text);
        let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "theme.toml has no key `icons`",
                "`components.box.links` must be `true` or `false`, not text",
                "`components.box.shows.page` is for a page argument, and `page` is none",
                "there is no role `notise`",
                "`components.box.args.page.type` must be `text`, `number`, `boolean`, `enum`, \
                 `page` or `pages`, not `pag`",
                "`[components.box.args.tone]` has no key `requird`",
                "`[lists.home.html.recent]` has no `collection`",
            ]
        );
        assert_eq!(config.stylesheets, ["a.css"]);
        assert!(config.components["box"].captioned);
        assert_eq!(config.components["box"].args.len(), 2);
    }

    #[test]
    fn a_template_declares_lists() {
        let (config, found) = parse(
            "[lists.'home.html'.recent]\ncollection = 'articles'\nsort = '-date'\nlimit = 5\n\
             filter = { audience = 'patients' }\n",
        );
        assert_eq!(found, []);
        let query = &config.lists["home.html"]["recent"];
        assert_eq!((&*query.collection, query.limit), ("articles", Some(5)));
        assert_eq!(query.filter.len(), 1);
    }
}
