//! From matches to mentions: which page each names, and whether it becomes a link.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::config::Autolink;
use crate::html::escaped_text_len;
use crate::page_id::PageId;
use crate::parse::body::Body;
use crate::parse::text::{Extent, Linkable, Segment, TextBlock};
use crate::resolve::quoting::Quoting;

use super::automaton::{Automaton, Match};
use super::mention::{Mention, MentionOutcome, MentionPlace, PageMentions, SkipReason};
use super::passages::{PassagePlace, Passages};

/// One text of a page.
#[derive(Clone, Debug)]
pub struct ShownText<'a> {
    /// Where it stands in the page.
    pub place: MentionPlace,
    /// The text.
    pub body: &'a Body,
}

/// What the page itself says about its terms.
#[derive(Clone, Debug)]
pub struct MentionContext<'a> {
    /// The page.
    pub page: &'a PageId,
    /// What it is about, which decides between several readings.
    pub about: BTreeSet<PageId>,
    /// Which page a folded surface means here, whatever else it may mean.
    pub terms: BTreeMap<Arc<str>, PageId>,
    /// The pages that the author's own links in the body lead to, each with the index
    /// of the heading that the link stands under.
    pub manual: Vec<(Option<usize>, PageId)>,
    /// The body's components in which nothing is linked, by index.
    pub unlinked: BTreeSet<usize>,
    /// How often a term is linked.
    pub autolink: Autolink,
}

/// Returns what the page's texts, in the order in which it shows them, mention.
///
/// A term is linked at its first mention in the scope that stands in the body where
/// links may stand, unless the author links to the same page in that scope. A mention
/// that runs over several segments is linked where no markup lies between them.
pub fn find_mentions(
    texts: &[ShownText<'_>],
    automaton: &Automaton,
    context: &MentionContext<'_>,
    quoting: Quoting<'_>,
) -> PageMentions {
    let mut mentions = Vec::new();
    let mut passages = Passages::new(quoting);
    let mut used: BTreeSet<(Option<usize>, PageId)> = BTreeSet::new();
    for (index, text) in texts.iter().enumerate() {
        let body = text.body;
        let mut places = HtmlPlaces::new(body);
        for found in automaton.matches(&body.text) {
            let Some(block) = body.text.block_at(found.plain.start) else { continue };
            let block = &body.text.blocks[block];
            let outcome = match meant(&found, context) {
                Ok(target) => {
                    if target != *context.page {
                        let at = found.plain.start;
                        passages.add(&target, &PassagePlace { text: index, body, block, at });
                    }
                    let scope = match context.autolink {
                        Autolink::Section => block.heading.map(|index| index as usize),
                        Autolink::Page | Autolink::Off => None,
                    };
                    let html = linkable(&found, &target, text, block, context)
                        .and_then(|()| places.range(&found.plain));
                    let scoped = (scope, target);
                    match html.and_then(|html| free(&scoped, &used, context).map(|()| html)) {
                        Ok(html) => {
                            used.insert(scoped.clone());
                            let html = Extent::new(html);
                            MentionOutcome::Linked { target: scoped.1, html }
                        }
                        Err(reason) => MentionOutcome::Skipped { target: scoped.1, reason },
                    }
                }
                Err(candidates) => MentionOutcome::Ambiguous { candidates },
            };
            let (place, surface) = (text.place.clone(), Arc::clone(found.surface));
            let plain = Extent::new(found.plain);
            mentions.push(Mention { place, surface, plain, outcome });
        }
    }
    mentions.shrink_to_fit();
    PageMentions { mentions, passages: passages.into_facts() }
}

/// Returns the page that `found` names here, or the pages that it may name.
fn meant(found: &Match<'_>, context: &MentionContext<'_>) -> Result<PageId, Vec<PageId>> {
    if let Some(page) = context.terms.get(found.surface) {
        return Ok(page.clone());
    }
    let mut candidates: Vec<&PageId> = found.claims.iter().map(|claim| &claim.entity).collect();
    candidates.dedup();
    let only = |pages: &[&PageId]| match *pages {
        [page] => Some(page.clone()),
        _ => None,
    };
    let own = || candidates.contains(&context.page).then(|| context.page.clone());
    let about = || {
        let about = candidates.iter().filter(|page| context.about.contains(**page));
        only(&about.copied().collect::<Vec<_>>())
    };
    let linked = || {
        let is_linked = |page: &PageId| context.manual.iter().any(|(_, linked)| linked == page);
        let linked = candidates.iter().filter(|page| is_linked(page));
        only(&linked.copied().collect::<Vec<_>>())
    };
    only(&candidates)
        .or_else(own)
        .or_else(about)
        .or_else(linked)
        .ok_or_else(|| candidates.iter().map(|&page| page.clone()).collect())
}

/// Says why `found` cannot be a link whatever came before, and wherever in the block it stands.
fn linkable(
    found: &Match<'_>,
    target: &PageId,
    text: &ShownText<'_>,
    block: &TextBlock,
    context: &MentionContext<'_>,
) -> Result<(), SkipReason> {
    if target == context.page {
        return Err(SkipReason::OwnPage);
    }
    if context.autolink == Autolink::Off {
        return Err(SkipReason::Off);
    }
    let mut claims = found.claims.iter().filter(|claim| claim.entity == *target);
    if claims.any(|claim| claim.surface.never_link) {
        return Err(SkipReason::NeverLinked);
    }
    if text.place != MentionPlace::Body {
        return Err(SkipReason::Field);
    }
    if block.component.is_some_and(|index| context.unlinked.contains(&(index as usize))) {
        return Err(SkipReason::Component);
    }
    Ok(())
}

/// Tells whether nothing in the scope links to the page yet.
fn free(
    scoped: &(Option<usize>, PageId),
    used: &BTreeSet<(Option<usize>, PageId)>,
    context: &MentionContext<'_>,
) -> Result<(), SkipReason> {
    let (scope, target) = scoped;
    let by_hand = context.manual.iter().any(|(heading, page)| {
        page == target && (context.autolink != Autolink::Section || heading == scope)
    });
    match () {
        () if by_hand => Err(SkipReason::ManualLink),
        () if used.contains(scoped) => Err(SkipReason::Repeated),
        () => Ok(()),
    }
}

/// Where the plain offsets of a text stand in its HTML, for one who asks in order.
///
/// What is written as an entity before an offset is counted from the last place that was asked
/// for, so that a long line is gone over once.
struct HtmlPlaces<'a> {
    body: &'a Body,
    /// A plain offset, and where it stands in the HTML.
    last: (usize, usize),
}

impl<'a> HtmlPlaces<'a> {
    fn new(body: &'a Body) -> Self {
        Self { body, last: (0, 0) }
    }

    /// Returns the place in the HTML of the plain range `plain`, or why no link can stand there.
    fn range(&mut self, plain: &Range<usize>) -> Result<Range<usize>, SkipReason> {
        let body = self.body;
        let text = &body.text;
        let first = text.segments.partition_point(|segment| segment.plain.end() <= plain.start);
        let segments: Vec<&Segment> =
            text.segments[first..].iter().take_while(|s| s.plain.start() < plain.end).collect();
        if let Some(segment) = segments.iter().find(|segment| segment.linkable != Linkable::Yes) {
            return Err(SkipReason::Place(segment.linkable));
        }
        let (Some(start), Some(end)) = (segments.first(), segments.last()) else {
            // It stands for the title of a page that the author links to.
            return Err(SkipReason::Place(Linkable::Link));
        };
        if plain.start < start.plain.start() || plain.end > end.plain.end() {
            return Err(SkipReason::Markup);
        }
        let html = self.at(start, plain.start)..self.at(end, plain.end);
        // `<` in text is written as an entity, so that one between two segments is markup.
        let markup = segments.len() > 1 && body.html.get()[html.clone()].contains('<');
        let hole = body.holes.partition_point(|hole| hole.at <= html.start);
        let filled = body.holes.get(hole).is_some_and(|hole| hole.at < html.end);
        if markup || filled { Err(SkipReason::Markup) } else { Ok(html) }
    }

    /// Returns the position in the HTML of the plain offset `plain` of `segment`.
    fn at(&mut self, segment: &Segment, plain: usize) -> usize {
        let (text, start) = (&self.body.text.plain, segment.plain.start());
        // Where a segment begins, the one before may end elsewhere in the HTML.
        let (from, html) = match self.last {
            (last, html) if start < last && last <= plain => (last, html),
            _ => (start, segment.html_at(start, text)),
        };
        self.last = (plain, html + escaped_text_len(&text[from..plain]));
        self.last.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_id::Lang;
    use crate::parse::page::Surface;
    use crate::resolve::fixture::{TestBody, TestSite, surface};
    use crate::resolve::surfaces::SurfaceSet;
    use proptest::prelude::*;

    fn id(path: &str) -> PageId {
        PageId::new(path, Lang::new("en"))
    }

    fn context(page: &PageId) -> MentionContext<'_> {
        MentionContext {
            page,
            about: BTreeSet::new(),
            terms: BTreeMap::new(),
            manual: Vec::new(),
            unlinked: BTreeSet::new(),
            autolink: Autolink::Page,
        }
    }

    fn automaton() -> Automaton {
        let site = TestSite::new("en")
            .surface("t/nova", surface("nova"))
            .surface("t/nova", Surface { never_link: true, ..surface("generic nova") })
            .surface("t/vega", surface("vega"))
            .surface("t/star", surface("nova star"))
            .surface("c/alopecia", surface("AA"))
            .surface("o/anonymous", surface("AA"));
        Automaton::new(&SurfaceSet::from_facts(&site.site().facts, &Lang::new("en")))
    }

    /// Returns what became of each mention: the target with `+` or why not.
    fn outcomes(body: &Body, context: &MentionContext<'_>) -> Vec<String> {
        let text = ShownText { place: MentionPlace::Body, body };
        describe(&find_mentions(&[text], &automaton(), context, Quoting::default()))
    }

    fn describe(found: &PageMentions) -> Vec<String> {
        let outcome = |mention: &Mention| match &mention.outcome {
            MentionOutcome::Linked { target, .. } => format!("+{}", target.name()),
            MentionOutcome::Skipped { target, reason } => format!("{} {reason:?}", target.name()),
            MentionOutcome::Ambiguous { candidates } => {
                let names: Vec<&str> = candidates.iter().map(PageId::name).collect();
                format!("{}?", names.join(" or "))
            }
        };
        found.mentions.iter().map(outcome).collect()
    }

    #[test]
    fn the_first_mention_that_can_be_a_link_becomes_one() {
        let body = TestBody::default()
            .heading("On nova")
            .prose("In [nova] and `nova` and {nova} not, but nova & nova")
            .body();
        let page = id("articles/x");
        assert_eq!(
            outcomes(&body, &context(&page)),
            [
                "nova Place(Heading)",
                "nova Place(Link)",
                "nova Place(Code)",
                "nova Place(OptedOut)",
                "+nova",
                "nova Repeated",
            ]
        );
    }

    #[test]
    fn by_section_each_section_has_its_own_first_mention() {
        let body = TestBody::default()
            .prose("nova nova")
            .heading("One")
            .prose("nova")
            .heading("Two")
            .prose("nova vega")
            .body();
        let page = id("articles/x");
        let manual = vec![(Some(1), id("t/nova")), (None, id("t/vega"))];
        let context = MentionContext { autolink: Autolink::Section, manual, ..context(&page) };
        assert_eq!(
            outcomes(&body, &context),
            ["+nova", "nova Repeated", "+nova", "nova ManualLink", "+vega"]
        );
    }

    #[test]
    fn a_link_by_hand_uses_the_target_up_in_the_whole_page() {
        let body = TestBody::default().prose("nova vega").body();
        let page = id("articles/x");
        let manual = vec![(Some(3), id("t/nova"))];
        let context = MentionContext { manual, ..context(&page) };
        assert_eq!(outcomes(&body, &context), ["nova ManualLink", "+vega"]);
    }

    #[test]
    fn fields_and_boxes_count_and_use_nothing_up() {
        let field = TestBody::default().prose("nova is new").body();
        let body = TestBody::default().in_component("nova").prose("nova").body();
        let page = id("articles/x");
        let context = MentionContext { unlinked: BTreeSet::from([0]), ..context(&page) };
        let place = MentionPlace::Field(Default::default());
        let texts = [
            ShownText { place, body: &field },
            ShownText { place: MentionPlace::Body, body: &body },
        ];
        let found = find_mentions(&texts, &automaton(), &context, Quoting::default());
        assert_eq!(describe(&found), ["nova Field", "nova Component", "+nova"]);
        let passage = &found.passages[&id("t/nova")];
        assert_eq!((passage.count, &*passage.sentence), (3, "nova is new"));

        let text = || ShownText { place: MentionPlace::Body, body: &body };
        let all_link = MentionContext { unlinked: BTreeSet::new(), ..context };
        let found = find_mentions(&[text()], &automaton(), &all_link, Quoting::default());
        assert_eq!(describe(&found), ["+nova", "nova Repeated"]);
    }

    #[test]
    fn a_page_does_not_link_to_itself_or_where_it_is_told_not_to() {
        let body = TestBody::default().prose("nova, generic nova").body();
        let (nova, page) = (id("t/nova"), id("articles/x"));
        let own = outcomes(&body, &context(&nova));
        assert_eq!(own, ["nova OwnPage", "nova OwnPage"]);
        assert_eq!(outcomes(&body, &context(&page)), ["+nova", "nova NeverLinked"]);
        let off = MentionContext { autolink: Autolink::Off, ..context(&page) };
        assert_eq!(outcomes(&body, &off), ["nova Off", "nova Off"]);
    }

    #[test]
    fn an_ambiguous_surface_is_decided_by_the_page_or_by_nobody() {
        let body = TestBody::default().prose("AA").body();
        let page = id("articles/x");
        assert_eq!(outcomes(&body, &context(&page)), ["alopecia or anonymous?"]);
        let about = BTreeSet::from([id("c/alopecia"), id("t/nova")]);
        assert_eq!(outcomes(&body, &MentionContext { about, ..context(&page) }), ["+alopecia"]);
        let about = BTreeSet::from([id("c/alopecia"), id("o/anonymous")]);
        let undecided = MentionContext { about: about.clone(), ..context(&page) };
        assert_eq!(outcomes(&body, &undecided), ["alopecia or anonymous?"]);
        let terms = BTreeMap::from([(Arc::from("aa"), id("o/anonymous"))]);
        let decided = MentionContext { about, terms, ..context(&page) };
        assert_eq!(outcomes(&body, &decided), ["+anonymous"]);
        assert_eq!(outcomes(&body, &context(&id("c/alopecia"))), ["alopecia OwnPage"]);
        let manual = vec![(None, id("o/anonymous"))];
        let linked = MentionContext { manual, ..context(&page) };
        assert_eq!(outcomes(&body, &linked), ["anonymous ManualLink"]);
    }

    #[test]
    fn a_mention_is_linked_over_text_and_not_over_markup() {
        let page = id("articles/x");
        let across = TestBody::default().prose("a nova* star* rose; *nova star* set").body();
        assert_eq!(outcomes(&across, &context(&page)), ["star Markup", "+star"]);
        let broken = TestBody::default().prose("a nova|star rose").body();
        let text = ShownText { place: MentionPlace::Body, body: &broken };
        let found = find_mentions(&[text], &automaton(), &context(&page), Quoting::default());
        let html = broken.html.get();
        let links: Vec<&str> = found.links().map(|(place, _)| &html[place]).collect();
        assert_eq!(links, ["nova\nstar"]);
    }

    #[test]
    fn a_passage_holds_the_first_sentence_of_prose_and_its_section() {
        let body = TestBody::default()
            .heading("The nova")
            .prose("It is old. A nova shone, and a nova faded. Then came vega.")
            .prose("Another nova.")
            .body();
        let page = id("articles/x");
        let text = ShownText { place: MentionPlace::Body, body: &body };
        let found = find_mentions(&[text], &automaton(), &context(&page), Quoting::default());
        let passage = &found.passages[&id("t/nova")];
        assert_eq!(&*passage.sentence, "A nova shone, and a nova faded.");
        assert_eq!(passage.section.as_ref().map(|(_, name)| &**name), Some("The nova"));
        assert_eq!(passage.count, 4);
    }

    /// Returns the text that a reader sees in `html`.
    fn visible(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            text.push_str(&rest[..start]);
            rest = &rest[start..];
            rest = &rest[rest.find('>').expect("a tag ends") + 1..];
        }
        text + rest
    }

    proptest! {
        #[test]
        fn links_stand_in_linkable_text_and_change_nothing_visible(
            blocks in prop::collection::vec("(nova|star|vega|AA|[ *|`\\[\\]&<é-]){0,12}", 0..6),
        ) {
            let body = blocks.iter().fold(TestBody::default(), |body, b| body.prose(b)).body();
            let page = id("articles/x");
            let text = ShownText { place: MentionPlace::Body, body: &body };
            let found = find_mentions(&[text], &automaton(), &context(&page), Quoting::default());
            let mut linked = String::new();
            let mut position = 0;
            for (html, _) in found.links() {
                prop_assert!(html.start >= position);
                linked.push_str(&body.html.get()[position..html.start]);
                linked.push_str("<a>");
                linked.push_str(&body.html.get()[html.clone()]);
                linked.push_str("</a>");
                position = html.end;
            }
            linked.push_str(&body.html.get()[position..]);
            prop_assert_eq!(visible(&linked), visible(&body.html.get()));
            for mention in &found.mentions {
                if matches!(mention.outcome, MentionOutcome::Linked { .. }) {
                    for segment in &body.text.segments {
                        let overlaps = segment.plain.start() < mention.plain.end()
                            && mention.plain.start() < segment.plain.end();
                        prop_assert!(!overlaps || segment.linkable == Linkable::Yes);
                    }
                }
            }
        }

        #[test]
        fn the_order_of_the_surfaces_does_not_matter(
            names in prop::collection::btree_set("(nova|star|vega)( (nova|star|vega)){0,2}", 1..8),
            text in "((nova|star|vega|stars)[ -]){0,20}",
        ) {
            let page = id("articles/x");
            let body = TestBody::default().prose(&text).body();
            let found = |names: Vec<&String>| {
                let site = names.into_iter().fold(TestSite::new("en"), |site, name| {
                    site.surface(&format!("t/{name}"), surface(name))
                });
                let set = SurfaceSet::from_facts(&site.site().facts, &Lang::new("en"));
                let text = ShownText { place: MentionPlace::Body, body: &body };
                find_mentions(&[text], &Automaton::new(&set), &context(&page), Quoting::default())
            };
            prop_assert_eq!(found(names.iter().collect()), found(names.iter().rev().collect()));
        }
    }
}
