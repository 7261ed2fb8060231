//! Pages at old URLs that lead to where their content is.
//!
//! They come from `[redirects]` and from the `redirect_from` of pages. A redirect that
//! leads to another is followed to its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::render::value;
use crate::resolve::SiteReader;
use crate::resolve::generated::{old_url, with_slash};
use crate::resolve::links::{generated_url, leads_into};
use crate::resolve::plan::PlannedPage;
use crate::source::{SourceId, Span};
use crate::url::{UrlPath, percent_decode};

use super::{Artifact, Made, Make, Needs, Output, OutputContext, config_place};

/// The redirects.
pub(super) static REDIRECTS: Output = Output {
    name: "redirects",
    summary: "pages at old URLs that lead to the new ones",
    on_by_default: true,
    make: Make::Site(Needs::EVERYTHING, make),
};

/// The template of a redirect.
const TEMPLATE: &str = "redirect.html";

/// One redirect as the site declares it.
#[derive(Clone, Debug)]
struct Redirect {
    target: Target,
    declared: Declared,
}

/// Where a redirect is declared.
#[derive(Clone, Debug)]
enum Declared {
    /// By a page, in this file.
    ByPage(SourceId),
    /// In `book.toml`, under this URL.
    InBook(Arc<str>),
}

impl Declared {
    /// Returns the place; it is looked for anew each time.
    fn place(&self, context: &OutputContext<'_>) -> Span {
        match self {
            Self::ByPage(file) => Span::file(file.clone()),
            Self::InBook(old) => config_place(context, &["redirects", old]),
        }
    }
}

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    /// To a place of this site, as it was written: with its anchor or query.
    Path { path: UrlPath, rest: String },
    /// To another site.
    Address(Arc<str>),
}

fn make(context: &OutputContext<'_>) -> Made {
    let mut made = Made::default();
    let redirects = declared(context, &mut made.diagnostics);
    if redirects.is_empty() {
        return made;
    }
    let pages: BTreeMap<&UrlPath, &PlannedPage> =
        context.plan.pages().map(|page| (&page.url, &**page)).collect();
    let mut ends = Ends::default();
    for (from, redirect) in &redirects {
        if let Some(page) = pages.get(from) {
            // Of two pages that ask for one URL, the rule on URLs tells.
            if matches!(redirect.declared, Declared::ByPage(_)) && !page.id.is_generated() {
                continue;
            }
            let message = format!("there is a page at `{from}`, so nothing can be redirected");
            let place = redirect.declared.place(context);
            let finding = Diagnostic::new(&structural::URL_DUPLICATE, place, message);
            made.diagnostics.push(finding);
            continue;
        }
        // The rule on redirects reports a circle.
        let Some(target) = ends.of(from, &redirects, &pages) else { continue };
        match page((from, redirect), target, &pages, context) {
            Ok(artifact) => made.artifacts.push(artifact),
            Err(finding) => made.diagnostics.push(*finding),
        }
    }
    made
}

/// Returns the redirects that the site declares, by the URL that they stand at; those of
/// `book.toml` that lead elsewhere than another one are `found`.
fn declared(
    context: &OutputContext<'_>,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<UrlPath, Redirect> {
    let mut redirects: BTreeMap<UrlPath, Redirect> = BTreeMap::new();
    for site_page in context.site.pages.values() {
        for old in &site_page.page.front.redirect_from {
            let target = Target::Path { path: site_page.card.url.clone(), rest: String::new() };
            let declared = Declared::ByPage(site_page.page.source.id.clone());
            redirects.entry(old_url(old)).or_insert(Redirect { target, declared });
        }
    }
    for (old, new) in &context.config.redirects {
        let target = match new.contains("://") {
            true => Target::Address(Arc::clone(new)),
            false => {
                let end = new.find(['#', '?']).unwrap_or(new.len());
                let path = UrlPath::new(&percent_decode(&new[..end]));
                Target::Path { path, rest: new[end..].to_owned() }
            }
        };
        let declared = Declared::InBook(Arc::clone(old));
        let (from, redirect) = (old_url(old), Redirect { target, declared });
        if let Some(other) = redirects.get(&from).filter(|other| !other.leads_as(&redirect)) {
            let message = format!("`{from}` is redirected to two places");
            let place = redirect.declared.place(context);
            found.push(
                Diagnostic::new(&structural::URL_DUPLICATE, place, message)
                    .with_related(other.declared.place(context), "it is redirected here, too")
                    .with_help("take one of the two redirects away"),
            );
        }
        redirects.insert(from, redirect);
    }
    redirects
}

impl Redirect {
    /// Tells whether both lead to one place.
    fn leads_as(&self, other: &Self) -> bool {
        match (&self.target, &other.target) {
            (Target::Path { path, rest }, Target::Path { path: theirs, rest: their_rest }) => {
                with_slash(path.as_str()) == with_slash(theirs.as_str()) && rest == their_rest
            }
            (one, other) => one == other,
        }
    }
}

/// Where redirects lead in the end, as far as it was asked.
#[derive(Default)]
struct Ends<'a>(BTreeMap<&'a UrlPath, Option<&'a Target>>);

impl<'a> Ends<'a> {
    /// Returns where the redirect at `from` leads in the end; `None` where that is in a circle.
    fn of(
        &mut self,
        from: &'a UrlPath,
        redirects: &'a BTreeMap<UrlPath, Redirect>,
        pages: &BTreeMap<&UrlPath, &PlannedPage>,
    ) -> Option<&'a Target> {
        let mut way = Vec::new();
        let mut next = Some((from, &redirects[from]));
        let mut end = None;
        while let Some((at, redirect)) = next {
            if let Some(known) = self.0.get(at) {
                // What is on its way itself leads in a circle, and has no end so far.
                end = *known;
                break;
            }
            self.0.insert(at, None);
            way.push(at);
            end = Some(&redirect.target);
            let Target::Path { path, .. } = &redirect.target else { break };
            // A path may be written without its final slash.
            let found = redirects.get_key_value(path);
            next = found
                .or_else(|| redirects.get_key_value(&with_slash(path.as_str())))
                .filter(|_| !pages.contains_key(path));
        }
        way.into_iter().for_each(|at| _ = self.0.insert(at, end));
        end
    }
}

/// Returns the page of a redirect, with the URL that it stands at.
fn page(
    (from, redirect): (&UrlPath, &Redirect),
    target: &Target,
    pages: &BTreeMap<&UrlPath, &PlannedPage>,
    context: &OutputContext<'_>,
) -> Result<Artifact, Box<Diagnostic>> {
    let (url, canonical, title) = match target {
        Target::Address(address) => (address.to_string(), Some(address.to_string()), None),
        Target::Path { path, rest } => {
            let Some(path) = existing(path, pages, context) else {
                let place = redirect.declared.place(context);
                let message =
                    format!("the redirect from `{from}` leads to `{path}`, where nothing is");
                let paths = pages.keys().map(|url| url.as_str());
                let finding = Diagnostic::new(&structural::LINK_BROKEN, place, message)
                    .with_suggestion(nearest(path.as_str(), paths));
                return Err(Box::new(finding));
            };
            if let Some(anchor) = missing_anchor(&path, rest, pages, context) {
                let place = redirect.declared.place(context);
                let message = format!(
                    "the redirect from `{from}` leads to `{path}#{anchor}`, which has no such place"
                );
                return Err(Box::new(Diagnostic::new(&structural::LINK_BROKEN, place, message)));
            }
            let url = format!("{}{rest}", path.relative_from(from));
            let title = pages.get(&path).and_then(|page| context.card(&page.id));
            (url, context.address(&path), title.map(|card| Arc::clone(&card.title)))
        }
    };
    let lang = &context.config.site.language;
    let direction = if lang.is_right_to_left() { "rtl" } else { "ltr" };
    let view = value::context([
        (
            "page",
            value::map([("lang", value::text(lang.as_str())), ("dir", value::text(direction))]),
        ),
        (
            "redirect",
            value::map([
                ("url", value::text(&url)),
                ("canonical", value::optional_text(canonical)),
                ("title", value::optional_text(title)),
            ]),
        ),
        ("t", context.words.clone()),
    ]);
    let html = context.templates.render(TEMPLATE, &view)?;
    Ok(Artifact::new(from.to_file_path(), html))
}

/// Returns the URL of the page or file at `path`, with or without its final `/`.
fn existing(
    path: &UrlPath,
    pages: &BTreeMap<&UrlPath, &PlannedPage>,
    context: &OutputContext<'_>,
) -> Option<UrlPath> {
    let with_slash = UrlPath::new(&format!("{path}/"));
    let found = [path, &with_slash].into_iter().find(|path| pages.contains_key(path));
    found.cloned().or_else(|| {
        let reader = SiteReader::new(context.site);
        let file = ["static", "content"]
            .into_iter()
            .any(|folder| reader.file(&SourceId::new(format!("{folder}{path}"))).is_some());
        file.then(|| path.clone()).or_else(|| generated_url(path, &reader))
    })
}

/// Returns the anchor in `rest` that the page at `path` does not have.
fn missing_anchor<'a>(
    path: &UrlPath,
    rest: &'a str,
    pages: &BTreeMap<&UrlPath, &PlannedPage>,
    context: &OutputContext<'_>,
) -> Option<&'a str> {
    let anchor = rest.split_once('#').map(|(_, anchor)| anchor)?;
    let reader = SiteReader::new(context.site);
    let id = &pages.get(path)?.id;
    reader.anchors(id)?;
    (!leads_into(id, anchor, &reader, context.config)).then_some(anchor)
}
