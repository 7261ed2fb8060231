//! `galen explain`: why galen does what it does.

mod links;
mod page;
mod rule;

use std::path::Path;

use clap::{Args, Subcommand};

use crate::load::{self, Inputs};
use crate::pipeline::Build;
use crate::resolve::linked::RelationTarget;
use crate::resolve::names::page_named;
use crate::resolve::{SitePage, SiteReader};
use crate::source::SourceId;

use super::rebuilt::LastRebuild;
use super::session::{Failure, Outcome, Session};
use super::site;

/// The arguments of `galen explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// List the links of a page: those written, and the terms that were linked or not, and why
    Links {
        /// The page: its file, or its id such as `articles/jak`
        page: String,
    },
    /// Say what a page is made of, what names it, and why `serve` or `watch` made it again last
    Page {
        /// The page: its file, or its id such as `articles/jak`
        page: String,
    },
    /// Say what a rule finds and why that matters
    Rule {
        /// The rule's id, as findings show it; every rule when left out
        rule: Option<String>,
    },
}

impl Explain {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let text = match self.subject {
            Subject::Rule { rule } => rule::explain(rule.as_deref())?,
            Subject::Links { page } => {
                let (inputs, built) = build(session)?;
                links::explain(find(&page, session, &inputs, &built)?, &built)
            }
            Subject::Page { page } => {
                let (inputs, built) = build(session)?;
                let last = LastRebuild::read(&session.root);
                page::explain(find(&page, session, &inputs, &built)?, &built, last.as_ref())
            }
        };
        session.terminal.data(&text)?;
        Ok(Outcome::Clean)
    }
}

/// Builds the site with its drafts, which may be asked about too.
fn build(session: &Session) -> Result<(Inputs, Build), Failure> {
    let progress = session.terminal.progress();
    progress.stage("reading the site");
    let inputs = site::read_inputs(session)?;
    let built = site::build(session, &inputs, true)?;
    Ok((inputs, built))
}

/// Returns the page that is asked about, by its file or as authors name it.
fn find<'a>(
    name: &str,
    session: &Session,
    inputs: &Inputs,
    built: &'a Build,
) -> Result<&'a SitePage, Failure> {
    let reader = SiteReader::new(&built.site);
    let source = file_named(name, session);
    let lang = &built.config.site.language;
    let id = match reader.made_by(&source) {
        Some(id) => Some(id.clone()),
        None => match page_named(name, &[], lang, lang, &reader) {
            RelationTarget::Page(id) => Some(id),
            RelationTarget::Ambiguous(ids) => {
                let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
                return Err(Failure::Usage(format!("`{name}` may be {}", ids.join(" or "))));
            }
            RelationTarget::Unknown => None,
        },
    };
    if let Some(page) = id.and_then(|id| built.site.pages.get(&id)) {
        return Ok(page);
    }
    let reason = match inputs.sources.contains_key(&source) {
        true => "makes no page: see `galen check`",
        false => "is no page of the site",
    };
    Err(Failure::Usage(format!("`{name}` {reason}")))
}

/// Returns the file that `name` is the path of: from where the user stands where there is one,
/// else from the site's root.
fn file_named(name: &str, session: &Session) -> SourceId {
    let full = std::path::absolute(name).ok().filter(|full| load::exists(full));
    let root = load::absolute_root(&session.root).ok();
    let below = full.zip(root).and_then(|(full, root)| {
        // A file that is a link has the name under which the site has it.
        let named = full.strip_prefix(&root).map(Path::to_owned);
        let real = || load::resolved(&full).strip_prefix(load::resolved(&root)).map(Path::to_owned);
        named.or_else(|_| real()).ok()
    });
    load::named_id(&below.map_or(name.into(), |below| below.to_string_lossy().into_owned()))
}
