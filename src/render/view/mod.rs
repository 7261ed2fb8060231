//! From a planned page to what its template sees, and to HTML.
//!
//! [`render_page`] makes one page: it opens a [`SiteReader`], walks the page's
//! [`Flow`](crate::resolve::flow::Flow) once for its citations and once for its HTML, gathers what the page
//! shows of others, and hands the view to the template. A view holds everything
//! that the template may see; no template function reaches the site.

mod card;
mod element;
mod frame;
mod head;
mod listing;
mod menu;
mod page;
mod pagination;
mod picture;
mod plain;
mod record;
mod references;
mod scope;
mod shared;
mod shared_notice;
mod sidebar;
mod text;
mod vantage;

use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::CitationKey;
use crate::diagnostic::Diagnostic;
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::render::value::{Value, context, map};
use crate::resolve::linked::ResolvedPage;
use crate::resolve::plan::{PageKind, PlannedPage};
use crate::resolve::{Card, Reads, Site, SiteReader};
use crate::url::UrlPath;

pub use head::Heads;
pub use plain::plain_html;
pub use scope::{Notices, Strings, ViewSite, collection_title};
pub use vantage::Vantages;

use frame::Frame;
use scope::{PageScope, Shown};

/// A page as it is published.
#[derive(Clone, Debug)]
pub struct RenderedPage {
    /// Its name.
    pub id: PageId,
    /// Where it goes.
    pub url: UrlPath,
    /// What it is.
    pub kind: PageKind,
    /// What others show of it; `None` for a page that no author's file stands behind.
    pub card: Option<Arc<Card>>,
    /// Its HTML; empty where its template is broken.
    pub html: String,
    /// The works that it lists, in its own order.
    pub references: Vec<CitationKey>,
    /// What rendering found.
    pub diagnostics: Vec<Arc<Diagnostic>>,
    /// The facts that it was made from.
    pub reads: Reads,
    /// The templates and components that it asked for, as
    /// [`Looks`](crate::render::templates::Looks) knows them.
    pub asked: Box<[Box<str>]>,
    /// The days after which it is another page: when its review is due, or a person left.
    pub turns: Vec<Date>,
}

/// Makes one page; `resolved` holds what an author's page leads to and shows.
pub fn render_page(
    view: &ViewSite<'_>,
    site: &Site,
    planned: &PlannedPage,
    resolved: Option<&ResolvedPage>,
) -> RenderedPage {
    let reader = SiteReader::new(site);
    let mut scope = PageScope::new(view, &reader, &planned.id, &planned.url);
    let frame = Frame::new(&scope, planned);
    scope.keeps_cards = planned.part.number == 1;
    scope.surroundings = Shown::new(frame.around(), frame.base.clone());

    let written = site.pages.get(&planned.id);
    let made = match (&planned.kind, written, resolved) {
        (
            PageKind::Written | PageKind::Home | PageKind::Listing { .. },
            Some(entry),
            Some(resolved),
        ) => page::written(&mut scope, &frame, planned, entry, resolved),
        (PageKind::Reference(key), _, _) => record::reference(&scope, &frame, planned, key),
        (PageKind::CitedBy(_), _, _) => record::cited_by(&scope, &frame, planned),
        (PageKind::Mentions(_), _, _) => listing::mentions(&scope, &frame, planned),
        (PageKind::List { name, .. }, _, _) => listing::list_part(&scope, &frame, planned, name),
        (PageKind::Bibliography, _, _) => record::bibliography(&scope, &frame, planned),
        _ => listing::listing(&scope, &frame, planned),
    };
    let View { template, mut page, head, references, turns } = made;
    scope.asked.borrow_mut().insert(template.clone());
    if resolved.is_none() {
        page.extend(listing::lists(&scope, &template, &IndexMap::default()));
    }

    let mut entries = frame.around();
    entries.push(("page", map(page)));
    entries.push(("head", head));
    let html = view.templates.render(&template, &context(entries)).unwrap_or_else(|problem| {
        scope.diagnostics.borrow_mut().push(*problem);
        String::new()
    });
    let diagnostics = scope.diagnostics.take().into_iter().map(Arc::new).collect();
    let asked = scope.asked.take().into_iter().map(String::into_boxed_str).collect();
    drop(scope);
    RenderedPage {
        id: planned.id.clone(),
        url: planned.url.clone(),
        kind: planned.kind.clone(),
        card: site.card(&planned.id).cloned(),
        html,
        references,
        diagnostics,
        reads: reader.into_reads(),
        asked,
        turns,
    }
}

/// What a template sees of one page, and which template that is.
struct View {
    template: String,
    /// What it sees as `page`; of one name the last counts.
    page: Vec<(&'static str, Value)>,
    head: Value,
    references: Vec<CitationKey>,
    turns: Vec<Date>,
}

impl View {
    /// Returns the view of a page that lists others, of which its head knows no more than
    /// the frame does.
    fn listing(
        template: impl Into<String>,
        page: Vec<(&'static str, Value)>,
        scope: &PageScope<'_>,
        frame: &Frame<'_>,
    ) -> Self {
        let head = head::head(scope, frame, &head::PageFacts::default());
        Self { template: template.into(), page, head, references: Vec::new(), turns: Vec::new() }
    }
}
