//! Templates: the only door to Tera.
//!
//! [`Templates::new`] compiles every template of a [`Theme`]; [`Templates::render`] and
//! [`Templates::render_component`] are pure functions of a view.
//!
//! A template of the site is known by its path (`page.html`), one of a theme by the
//! theme's name before it (`default/page.html`). A plain name is looked up in the site,
//! the theme and its parents, so that an override may extend what it overrides:
//! `{% extends "default/page.html" %}`. A component is taken from the first of these
//! that defines it.
//!
//! A template sees its view and nothing else: no filter or function here reads the
//! site, the disk or the clock.

pub(in crate::render) mod filters;
mod looks;
mod problems;

use std::collections::{BTreeMap, BTreeSet};

pub use looks::{Looks, asked_component};
pub use tera::value::{Key, Map};
pub use tera::{Context, Value};
use tera::{ErrorKind, Tera};

use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::source::{Source, SourceId, Span};

use super::theme::{Layer, Theme};

/// How long most pages are at most, in bytes: their text is not moved as it grows.
const PAGE_LENGTH: usize = 64 * 1024;

/// The compiled templates of a theme.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    /// Every template by the name under which Tera knows it.
    sources: TemplateSources,
    /// Where a plain name is looked up after the site's own, in order.
    prefixes: Vec<String>,
    /// What each component takes, by its name in Tera.
    components: BTreeMap<String, Parameters>,
}

/// The sources of templates by the names under which Tera knows them.
pub(super) type TemplateSources = BTreeMap<String, Source>;

/// The parameters of a component.
#[derive(Debug)]
struct Parameters {
    names: BTreeSet<String>,
    takes_rest: bool,
}

impl Templates {
    /// Compiles the templates of a theme.
    ///
    /// A template that cannot be compiled is reported and left out, so that one
    /// further down (of the theme's parent, say) is used in its place where there is one.
    pub fn new(theme: &Theme) -> (Self, Vec<Diagnostic>) {
        let sources = template_sources(theme);
        let prefixes = prefixes(theme);
        match compile(&prefixes, &sources) {
            Ok(tera) => (Self::of(tera, sources, prefixes), Vec::new()),
            Err(error) => {
                let salvaged = problems::salvage(&prefixes, sources, error);
                (Self::of(salvaged.tera, salvaged.sources, prefixes), salvaged.diagnostics)
            }
        }
    }

    fn of(tera: Tera, sources: TemplateSources, prefixes: Vec<String>) -> Self {
        let components = tera
            .get_component_names()
            .filter_map(|name| tera.get_component_definition(name))
            .map(|component| {
                let names = component.args().iter().map(|arg| arg.name().to_owned()).collect();
                let takes_rest = component.rest_param().is_some();
                (component.name().to_owned(), Parameters { names, takes_rest })
            })
            .collect();
        Self { tera, sources, prefixes, components }
    }

    /// Tells whether there is a template of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// Returns the name of a template that may have been meant by `name`.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.sources.keys().map(|name| plain_name(name, &self.sources)))
    }

    /// Returns whether the templates define a component, by the name that authors write.
    pub fn contains_component(&self, name: &str) -> bool {
        self.components.contains_key(&component_name(name))
    }

    /// Renders a template with a view.
    ///
    /// # Errors
    /// A finding of rule `template-error`, at the place in the template where there is one.
    pub fn render(&self, template: &str, view: &Context) -> Result<String, Box<Diagnostic>> {
        let mut page = Vec::with_capacity(PAGE_LENGTH);
        self.tera
            .render_to(template, view, &mut page)
            .and_then(|()| Ok(String::from_utf8(page)?))
            .map_err(|error| Box::new(self.problem(template, &error)))
    }

    /// Renders a component, by the name that authors write.
    ///
    /// `arguments` are by name; those that the component does not declare as parameters
    /// are left out. `body` is HTML. `view` is what the component's implicit parameters
    /// (`@page`, `@t`) are taken from.
    ///
    /// # Errors
    /// A finding of rule `template-error`, at the place in the template where there is one.
    pub fn render_component(
        &self,
        name: &str,
        arguments: Map,
        body: Option<&str>,
        view: &Context,
    ) -> Result<String, Box<Diagnostic>> {
        let name = component_name(name);
        let Some(parameters) = self.components.get(&name) else {
            let message = format!("no template defines the component `{name}`");
            let place = Span::file(SourceId::new("templates/components"));
            return Err(Box::new(
                Diagnostic::new(&structural::TEMPLATE_ERROR, place, message)
                    .with_suggestion(nearest(&name, self.components.keys().map(String::as_str))),
            ));
        };
        let mut context = Context::new();
        for (key, value) in arguments {
            let Some(argument) = key.as_str() else { continue };
            if parameters.takes_rest || parameters.names.contains(argument) {
                context.insert_value(argument.to_owned(), value);
            }
        }
        self.tera
            .render_component_with_implicits(&name, &context, view, body, true)
            .map_err(|error| Box::new(self.component_problem(&name, &error)))
    }

    fn problem(&self, template: &str, error: &tera::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::TemplateNotFound(name) => {
                let place = Span::file(SourceId::new(format!("templates/{template}")));
                let message = format!("there is no template `{name}`");
                Diagnostic::new(&structural::TEMPLATE_ERROR, place, message)
                    .with_suggestion(self.nearest(name))
            }
            _ => problems::rendering_problem(&self.sources, template, error),
        }
    }

    fn component_problem(&self, name: &str, error: &tera::Error) -> Diagnostic {
        let defined_in = self.defining(name).next().unwrap_or(name);
        problems::rendering_problem(&self.sources, defined_in, error)
    }

    /// Returns the template that `name` stands for, by its whole name.
    fn standing_for(&self, name: &str) -> Option<&str> {
        let prefixes = [""].into_iter().chain(self.prefixes.iter().map(String::as_str));
        let mut names = prefixes.map(|prefix| format!("{prefix}{name}"));
        names.find_map(|name| Some(self.sources.get_key_value(&name)?.0.as_str()))
    }

    /// Returns the templates that define a component, in the order of their names.
    fn defining(&self, name: &str) -> impl Iterator<Item = &str> {
        let definition = format!("component {name}(");
        let defines = move |source: &Source| source.text().contains(&definition);
        let found = self.sources.iter().filter(move |(_, source)| defines(source));
        found.map(|(template, _)| template.as_str())
    }
}

/// Returns the name by which Tera knows a component that authors write with hyphens.
fn component_name(name: &str) -> String {
    name.replace('-', "_")
}

/// Returns a template's name without its theme's.
fn plain_name<'a>(name: &'a str, sources: &TemplateSources) -> &'a str {
    match sources.get(name) {
        Some(source) if source.id.as_str().starts_with("templates/") => name,
        _ => name.split_once('/').map_or(name, |(_, plain)| plain),
    }
}

/// Returns every template of a theme by the name under which Tera is to know it.
fn template_sources(theme: &Theme) -> TemplateSources {
    let mut sources = TemplateSources::new();
    for layer in theme.layers.iter().rev() {
        for (path, source) in &layer.files {
            if let Some(name) = path.strip_prefix("templates/") {
                sources.insert(format!("{}{name}", prefix(layer)), source.clone());
            }
        }
    }
    sources
}

fn prefix(layer: &Layer) -> String {
    if layer.name.is_empty() { String::new() } else { format!("{}/", layer.name) }
}

fn prefixes(theme: &Theme) -> Vec<String> {
    theme.layers.iter().map(prefix).filter(|prefix| !prefix.is_empty()).collect()
}

/// Returns an engine without templates.
fn engine(prefixes: &[String]) -> Tera {
    let mut tera = Tera::default();
    tera.set_fallback_prefixes(prefixes.to_vec()).expect("an engine without templates takes them");
    filters::register(&mut tera);
    tera
}

fn compile(prefixes: &[String], sources: &TemplateSources) -> Result<Tera, tera::Error> {
    let mut tera = engine(prefixes);
    let texts: Vec<_> = sources.iter().map(|(name, source)| (name, source.text())).collect();
    tera.add_raw_templates(texts.iter().map(|(name, text)| (name, &**text)))?;
    Ok(tera)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::value::{context, html, map, text, to_map};

    fn templates(files: &[(&str, &str)], theme: &str) -> (Templates, Vec<Diagnostic>) {
        let sources = files
            .iter()
            .map(|(id, text)| (SourceId::new(*id), Source::new(SourceId::new(*id), text)))
            .collect();
        let (mut theme, found) =
            Theme::resolve(&sources, theme, Span::file(SourceId::new("book.toml")));
        assert_eq!(found, []);
        // These tests need no more than the templates that they give.
        for layer in &mut theme.layers {
            layer.files.retain(|_, source| !source.id.as_str().starts_with("theme:"));
        }
        Templates::new(&theme)
    }

    fn shown(found: &[Diagnostic]) -> Vec<String> {
        found
            .iter()
            .map(|finding| {
                let help = finding.help.first().map(|help| format!(" ({help})"));
                format!("{:?}: {}{}", finding.span, finding.message, help.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn an_override_may_extend_what_it_overrides() {
        let (templates, found) = templates(
            &[
                (
                    "templates/a.html",
                    "{% extends \"base/a.html\" %}{% block x %}site{% endblock %}",
                ),
                ("themes/base/templates/a.html", "<{% block x %}base{% endblock %}>"),
                ("themes/base/templates/b.html", "{% extends \"a.html\" %}"),
            ],
            "base",
        );
        assert_eq!(found, []);
        assert_eq!(templates.render("a.html", &Context::new()).unwrap(), "<site>");
        assert_eq!(templates.render("b.html", &Context::new()).unwrap(), "<site>");
        assert_eq!(templates.render("base/a.html", &Context::new()).unwrap(), "<base>");
    }

    #[test]
    fn a_component_is_taken_from_the_first_layer_and_given_only_what_it_declares() {
        let (templates, found) = templates(
            &[
                (
                    "templates/x.html",
                    "{% component key_points(tone, @t) %}{{ t.hi }} {{ tone }} {{ body }}{% endcomponent %}",
                ),
                ("themes/base/templates/x.html", "{% component key_points() %}{% endcomponent %}"),
            ],
            "base",
        );
        assert_eq!(found, []);
        let arguments = to_map([("tone", text("<calm>")), ("id", text("x"))]);
        let view = context([("t", map([("hi", html("<b>Hi</b>"))]))]);
        assert_eq!(
            templates.render_component("key-points", arguments, Some("<p>"), &view).unwrap(),
            "<b>Hi</b> &lt;calm&gt; <p>"
        );
    }

    #[test]
    fn every_broken_template_is_reported_and_the_rest_still_works() {
        let (templates, found) = templates(
            &[
                ("templates/good.html", "good"),
                ("templates/page.html", "{% if %}"),
                ("templates/child.html", "{% extends \"gone.html\" %}"),
                ("templates/filter.html", "é {{ x | uper }}\n{% include \"good.htm\" %}"),
                ("templates/heir.html", "{% extends \"child.html\" %}"),
                ("templates/boxes.html", "{% component box() %}{% endcomponent %}{% if %}"),
                ("templates/uses_box.html", "{{ <box/> }}"),
                ("themes/base/templates/page.html", "theme's page"),
                ("themes/base/templates/loop.html", "{% include \"base/loop.html\" %}"),
                ("themes/base/templates/x.html", "{% component c() %}{% endcomponent %}"),
                ("themes/base/templates/y.html", "{% component c() %}{% endcomponent %}"),
            ],
            "base",
        );
        let (syntax, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|finding| finding.message.starts_with("found"));
        let places: Vec<_> = syntax.iter().map(|finding| format!("{:?}", finding.span)).collect();
        assert_eq!(places, ["templates/boxes.html:45..47", "templates/page.html:6..8"]);
        assert_eq!(
            shown(&others),
            [
                "templates/child.html:12..21: there is no template `gone.html` to extend (did you mean `good.html`?)",
                "templates/filter.html:10..14: unknown filter `uper`",
                "templates/filter.html:29..39: unknown template `good.htm` (did you mean `good.html`?)",
                "themes/base/templates/loop.html:17..26: the template includes itself",
                "themes/base/templates/y.html:3..14: component `c` is defined in `base/x.html` too",
            ]
        );
        assert_eq!(templates.render("good.html", &Context::new()).unwrap(), "good");
        assert_eq!(templates.render("page.html", &Context::new()).unwrap(), "theme's page");
        assert_eq!(templates.nearest("goud.html"), Some("good.html"));
    }

    #[test]
    fn a_failure_while_rendering_points_at_its_place() {
        let (templates, found) = templates(
            &[
                ("templates/a.html", "{{ page.titel }}"),
                ("templates/b.html", "{{ pagee.title }}"),
                ("templates/c.html", "{% component c(x) %}{{ x.y.z }}{% endcomponent %}"),
            ],
            "default",
        );
        assert_eq!(found, []);
        let view = context([("page", map([("title", text("T"))]))]);
        let problem = |template| *templates.render(template, &view).unwrap_err();
        assert_eq!(
            shown(&[problem("a.html"), problem("b.html"), problem("d.html")]),
            [
                "templates/a.html:8..13: field `titel` is not defined (did you mean `title`?)",
                "templates/b.html:3..8: variable `pagee` is not defined (did you mean `page`?)",
                "templates/d.html:0..0: there is no template `d.html` (did you mean `a.html`?)",
            ]
        );
        let in_component = templates.render_component("c", Map::new(), None, &view).unwrap_err();
        assert_eq!(shown(&[*in_component]), ["templates/c.html:0..0: argument `x` missing"]);
        let unknown = templates.render_component("d", Map::new(), None, &view).unwrap_err();
        assert!(unknown.message.contains("no template defines the component `d`"));
    }

    #[test]
    fn text_is_escaped_and_html_is_not() {
        let (templates, _) = templates(&[("templates/a.html", "{{ x }}{{ y }}")], "default");
        let view = context([("x", text("<i>")), ("y", html("<i>"))]);
        assert_eq!(templates.render("a.html", &view).unwrap(), "&lt;i&gt;<i>");
    }
}
