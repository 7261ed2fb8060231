//! The pages of a site, kept between builds: what read a fact that changed is planned anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::citation::{Bibliography, CitationKey};
use crate::config::{Config, ListQuery};
use crate::page_id::{Lang, PageId};
use crate::resolve::facts::{Card, Fact, FactDifference, FactKey, Facts, KeySet};
use crate::resolve::reader::{Reads, SiteReader};
use crate::resolve::routes::Routes;
use crate::resolve::site::Site;
use crate::url::UrlPath;

use super::generated;
use super::listings::{CollectionPlan, Lister, Outline};
use super::passages::with_passages;
use super::{PageKind, PlannedPage};

/// How many pages of each collection the page of the search lists; the collection's
/// listing has all.
const SEARCHED: usize = 100;

/// Which generated pages a site wants.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The works that get a page where they are used; `None` for no such pages.
    pub references: Option<&'a Bibliography>,
    /// The works that pages cite or list.
    pub used: &'a Arc<BTreeSet<CitationKey>>,
    /// The pages of the tags.
    pub tags: bool,
    /// The pages of the search.
    pub search: bool,
}

/// What is new of the authors' pages, beside the facts.
#[derive(Clone, Copy, Debug)]
pub struct PlanNews<'a> {
    /// The pages that were read again.
    pub edited: &'a BTreeSet<PageId>,
    /// The pages that are no more.
    pub gone: &'a [PageId],
    /// Whether a page has other front matter than before, is new or is gone.
    pub is_restructured: bool,
}

/// What is planned at once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Home(Lang),
    Collection(Lang, Arc<str>),
    /// One page of a collection, with the further pages of what mentions it.
    Page(PageId),
    Tags(Lang),
    Tag(Lang, Arc<str>),
    Search(Lang),
    Bibliography,
    Work(CitationKey),
    /// The further pages of the lists that a page declares.
    Lists(PageId),
    NotFound,
}

/// What a unit made, and from what.
#[derive(Debug, Default)]
struct Made {
    reads: Reads,
    pages: Vec<PageId>,
    /// The pages that it outlines.
    outlines: BTreeMap<PageId, Outline>,
}

/// The pages of a site, kept between builds.
#[derive(Debug, Default)]
pub struct Plan {
    units: BTreeMap<Unit, Made>,
    /// Those that looked for keys in vain.
    unsettled: Vec<Unit>,
    languages: BTreeSet<Lang>,
    used: Arc<BTreeSet<CitationKey>>,
    /// Those of which there is an entry, in the order of the bibliography.
    filed: Vec<CitationKey>,
    /// All that is planned, by id.
    pages: BTreeMap<PageId, Arc<PlannedPage>>,
    /// The pages at each URL: the first by id is shown.
    at: HashMap<UrlPath, BTreeSet<PageId>>,
    /// The pages at whose URL another is shown.
    hidden: BTreeSet<PageId>,
    /// The pages that were planned anew, each as it was before.
    before: BTreeMap<PageId, Option<Arc<PlannedPage>>>,
    changed: Vec<Arc<PlannedPage>>,
    gone: Vec<Arc<PlannedPage>>,
    is_rearranged: bool,
    /// Whether the works are others than those that were planned.
    has_other_works: bool,
}

impl Plan {
    /// Returns a plan of these pages.
    #[cfg(test)]
    pub(crate) fn of(pages: Vec<PlannedPage>) -> Self {
        let mut plan = Self::default();
        pages.into_iter().for_each(|page| plan.insert(page));
        plan.compare();
        plan
    }

    /// Lets the pages of all works be planned at the next update: the database is another.
    pub fn renew_works(&mut self) {
        self.has_other_works = true;
    }

    /// Plans anew what read a fact of `site` that changed; in the first build everything.
    pub fn update(&mut self, site: &Site, config: &Config, wanted: Wanted<'_>, news: PlanNews<'_>) {
        let changed = site.facts.changed();
        let placing = placing(&site.facts, config);
        let routes = Routes::new(config);
        let planner = Planner { site, config, routes, changed: &changed, placing: &placing };
        let is_first = self.units.is_empty();
        if is_first || news.is_restructured {
            self.renew_languages(&planner);
        }
        let mut pages = BTreeSet::new();
        for lang in self.languages.clone() {
            self.plan_listings(&planner, &lang, &mut pages);
            if wanted.tags {
                self.plan_tags(&planner, &lang);
            }
        }
        let mut works = BTreeSet::new();
        for difference in site.facts.differences() {
            planner.push_affected(&difference, &mut pages, &mut works);
        }
        pages.iter().for_each(|id| self.plan_page(&planner, id));
        if wanted.search {
            self.languages.clone().iter().for_each(|lang| self.plan_search(&planner, lang));
        }
        if let Some(references) = wanted.references {
            self.plan_works(&planner, references, wanted.used, works);
        }
        self.plan_lists(&planner, news);
        if is_first {
            let id = PageId::new("@404", config.site.language.clone());
            let page = PlannedPage::new(id, UrlPath::new("/404.html"), PageKind::NotFound);
            self.put(Unit::NotFound, Made::default(), vec![page]);
        }
        self.compare();
    }

    /// Gives the keys that were looked for in vain numbers.
    pub fn settle(&mut self, facts: &mut Facts) {
        for unit in std::mem::take(&mut self.unsettled) {
            if let Some(made) = self.units.get_mut(&unit) {
                made.reads.settle(facts);
            }
        }
    }

    /// Returns the pages, in the order of their ids.
    pub fn pages(&self) -> impl Iterator<Item = &Arc<PlannedPage>> {
        self.pages.values().filter(|page| !self.hidden.contains(&page.id))
    }

    /// Returns the page `id`.
    pub fn get(&self, id: &PageId) -> Option<&PlannedPage> {
        self.pages.get(id).filter(|_| !self.hidden.contains(id)).map(|page| &**page)
    }

    /// Returns the pages that are new or differ from before.
    pub fn changed(&self) -> &[Arc<PlannedPage>] {
        &self.changed
    }

    /// Returns the pages that are no more.
    pub fn gone(&self) -> &[Arc<PlannedPage>] {
        &self.gone
    }

    /// Tells whether other pages are there than before, at other places, or one lists others.
    pub fn is_rearranged(&self) -> bool {
        self.is_rearranged
    }

    fn renew_languages(&mut self, planner: &Planner<'_>) {
        let mut languages: BTreeSet<Lang> = BTreeSet::new();
        for id in planner.site.pages.keys() {
            if !languages.contains(id.lang()) {
                languages.insert(id.lang().clone());
            }
        }
        languages.insert(planner.config.site.language.clone());
        // A language of which there is no page has no pages of its own.
        for lang in self.languages.difference(&languages).cloned().collect::<Vec<_>>() {
            let names = planner.config.collections.keys().cloned().chain([Arc::from("")]);
            let mut gone: Vec<Unit> =
                names.map(|name| Unit::Collection(lang.clone(), name)).collect();
            gone.extend([Unit::Home(lang.clone()), Unit::Tags(lang.clone())]);
            gone.push(Unit::Search(lang.clone()));
            let outlined: Vec<PageId> = gone
                .iter()
                .filter_map(|unit| self.units.get(unit))
                .flat_map(|made| made.outlines.keys())
                .cloned()
                .collect();
            gone.extend(outlined.into_iter().map(Unit::Page));
            let tags =
                self.units.keys().filter(|unit| matches!(unit, Unit::Tag(of, _) if *of == lang));
            gone.extend(tags.cloned());
            gone.iter().for_each(|unit| self.drop_unit(unit));
        }
        self.languages = languages;
    }

    /// Plans the listings of a language, and notes the pages that have another place.
    fn plan_listings(&mut self, planner: &Planner<'_>, lang: &Lang, pages: &mut BTreeSet<PageId>) {
        if self.is_stale(&Unit::Home(lang.clone()), planner.placing) {
            let reader = SiteReader::new(planner.site);
            let home = planner.lister(&reader).home(lang);
            let made = Made { reads: reader.into_reads(), ..Made::default() };
            self.put(Unit::Home(lang.clone()), made, vec![home]);
        }
        let collections = planner.config.collections.values().map(Some).chain([None]);
        for collection in collections {
            let name = collection.map(|c| Arc::clone(&c.name)).unwrap_or_default();
            let unit = Unit::Collection(lang.clone(), name);
            if !self.is_stale(&unit, planner.placing) {
                continue;
            }
            let reader = SiteReader::new(planner.site);
            let CollectionPlan { listings, outlines } =
                planner.lister(&reader).collection(collection, lang);
            let last = self.units.get(&unit).map(|made| &made.outlines);
            push_differences(last, &outlines, pages);
            let made = Made { reads: reader.into_reads(), outlines, ..Made::default() };
            self.put(unit, made, listings);
        }
    }

    /// Plans one page of a collection, with what mentions it.
    fn plan_page(&mut self, planner: &Planner<'_>, id: &PageId) {
        let outline = planner.collections_of(id).find_map(|name| {
            self.units.get(&Unit::Collection(id.lang().clone(), name))?.outlines.get(id)
        });
        let Some(Outline { url, kind, previous, next }) = outline.cloned() else {
            return self.drop_unit(&Unit::Page(id.clone()));
        };
        let page = PlannedPage { previous, next, ..PlannedPage::new(id.clone(), url, kind) };
        let further = ("mentions", &PageKind::Mentions(id.clone()));
        let key = FactKey::Mentions(id.clone());
        let pages = with_passages(page, &key, further, planner.site, planner.routes);
        self.put(Unit::Page(id.clone()), Made::default(), pages);
    }

    fn plan_tags(&mut self, planner: &Planner<'_>, lang: &Lang) {
        let unit = Unit::Tags(lang.clone());
        let is_tag = |key: &FactKey| matches!(key, FactKey::Tagged(of, _) if of == lang);
        let differ = planner.site.facts.differences().any(|found| is_tag(found.key));
        if !self.units.contains_key(&unit) || differ {
            let tags = generated::tags(planner.site, lang);
            let current: BTreeSet<&Arc<str>> = tags.iter().map(|tag| &tag.slug).collect();
            let gone = self.units.keys().filter(
                |unit| matches!(unit, Unit::Tag(of, slug) if of == lang && !current.contains(slug)),
            );
            let gone: Vec<Unit> = gone.cloned().collect();
            gone.iter().for_each(|unit| self.drop_unit(unit));
            for tag in &tags {
                let unit = Unit::Tag(lang.clone(), Arc::clone(&tag.slug));
                self.plan_tag(planner, unit, lang, tag);
            }
            let list = (!tags.is_empty()).then(|| generated::tag_list(tags, planner.routes, lang));
            return self.put(unit, Made::default(), list.into_iter().collect());
        }
        let tags = self.units.range(Unit::Tag(lang.clone(), Arc::from(""))..);
        let stale = tags
            .map_while(|(unit, made)| match unit {
                Unit::Tag(of, slug) if of == lang => Some((slug, made)),
                _ => None,
            })
            .filter(|(_, made)| made.reads.touch(planner.changed));
        let stale: BTreeSet<Arc<str>> = stale.map(|(slug, _)| Arc::clone(slug)).collect();
        if stale.is_empty() {
            return;
        }
        for tag in generated::tags(planner.site, lang) {
            if stale.contains(&tag.slug) {
                let unit = Unit::Tag(lang.clone(), Arc::clone(&tag.slug));
                self.plan_tag(planner, unit, lang, &tag);
            }
        }
    }

    /// Plans the page of the search, which lists the first pages of each collection.
    fn plan_search(&mut self, planner: &Planner<'_>, lang: &Lang) {
        let (id, url) = (PageId::new("@search", lang.clone()), planner.routes.search(lang));
        let listed = planner.config.collections.values().filter_map(|collection| {
            let listing = PageId::new(format!("{}/_index", collection.folder), lang.clone());
            Some(self.pages.get(&listing)?.members.iter().take(SEARCHED))
        });
        let alone = self.units.get(&Unit::Collection(lang.clone(), Arc::from("")));
        let alone = alone.map(|made| made.outlines.keys().take(SEARCHED));
        let members: Vec<PageId> =
            listed.flatten().chain(alone.into_iter().flatten()).cloned().collect();
        let is_shown = !members.is_empty();
        let page = PlannedPage { members, ..PlannedPage::new(id, url, PageKind::Search) };
        let pages = is_shown.then_some(page).into_iter().collect();
        self.put(Unit::Search(lang.clone()), Made::default(), pages);
    }

    fn plan_tag(&mut self, planner: &Planner<'_>, unit: Unit, lang: &Lang, tag: &super::TagCount) {
        let reader = SiteReader::new(planner.site);
        let pages = generated::tag(&planner.lister(&reader), lang, tag);
        let made = Made { reads: reader.into_reads(), ..Made::default() };
        self.put(unit, made, pages);
    }

    /// Plans the works of which other passages speak than before, and the list of all.
    fn plan_works(
        &mut self,
        planner: &Planner<'_>,
        works: &Bibliography,
        used: &Arc<BTreeSet<CitationKey>>,
        mut stale: BTreeSet<CitationKey>,
    ) {
        let has_other_works = std::mem::take(&mut self.has_other_works);
        let uses_others = has_other_works || !Arc::ptr_eq(&self.used, used);
        if has_other_works {
            stale.extend(used.iter().cloned());
        }
        if uses_others {
            stale.extend(self.used.symmetric_difference(used).cloned());
            self.used = Arc::clone(used);
        }
        if stale.is_empty() {
            return;
        }
        let lang = &planner.config.site.language;
        for key in stale {
            // A key that no entry has is reported, and has nothing to show.
            let unit = Unit::Work(key.clone());
            if !used.contains(&key) || works.get(&key).is_none() {
                self.drop_unit(&unit);
                continue;
            }
            let page = generated::work(&key, planner.routes, lang);
            let further = ("cited-by", &PageKind::CitedBy(key.clone()));
            let citing = FactKey::Cites(key);
            let pages = with_passages(page, &citing, further, planner.site, planner.routes);
            self.put(unit, Made::default(), pages);
        }
        if uses_others {
            let known = used.iter().filter_map(|key| works.get(key));
            let mut filed: Vec<(&str, &CitationKey)> =
                known.map(|entry| (&*entry.description().filed_under, &entry.key)).collect();
            filed.sort_unstable();
            self.filed = filed.into_iter().map(|(_, key)| key.clone()).collect();
        }
        let list = generated::bibliography(planner.site, &self.filed, planner.routes, lang);
        self.put(Unit::Bibliography, Made::default(), list);
    }

    /// Plans the further pages of the lists that pages declare.
    fn plan_lists(&mut self, planner: &Planner<'_>, news: PlanNews<'_>) {
        let touched = self.units.iter().filter_map(|(unit, made)| match unit {
            Unit::Lists(page) if made.reads.touch(planner.changed) => Some(page),
            _ => None,
        });
        let stale: BTreeSet<PageId> =
            touched.chain(news.edited).chain(news.gone).cloned().collect();
        for id in stale {
            let unit = Unit::Lists(id.clone());
            let entry = planner.site.pages.get(&id);
            let declares = |list: &&ListQuery| list.per_page.is_some();
            let entry = entry.filter(|e| e.page.front.lists.values().any(|list| declares(&list)));
            let Some(entry) = entry else {
                self.drop_unit(&unit);
                continue;
            };
            let reader = SiteReader::new(planner.site);
            let pages = generated::list_parts(&planner.lister(&reader), entry);
            let made = Made { reads: reader.into_reads(), ..Made::default() };
            self.put(unit, made, pages);
        }
    }

    fn is_stale(&self, unit: &Unit, changed: &KeySet) -> bool {
        self.units.get(unit).is_none_or(|made| made.reads.touch(changed))
    }

    /// Takes in what a unit makes now, in place of what it made before.
    fn put(&mut self, unit: Unit, made: Made, pages: Vec<PlannedPage>) {
        let ids: Vec<PageId> = pages.iter().map(|page| page.id.clone()).collect();
        let made = Made { pages: ids, ..made };
        if let Some(last) = self.units.remove(&unit) {
            let gone = last.pages.iter().filter(|id| !made.pages.contains(id));
            gone.for_each(|id| self.remove(id));
        }
        pages.into_iter().for_each(|page| self.insert(page));
        if !made.reads.is_settled() {
            self.unsettled.push(unit.clone());
        }
        self.units.insert(unit, made);
    }

    fn drop_unit(&mut self, unit: &Unit) {
        if let Some(made) = self.units.remove(unit) {
            made.pages.iter().for_each(|id| self.remove(id));
        }
    }

    fn insert(&mut self, page: PlannedPage) {
        if self.pages.get(&page.id).is_some_and(|last| **last == page) {
            return;
        }
        self.remove(&page.id);
        self.before.entry(page.id.clone()).or_insert(None);
        self.at.entry(page.url.clone()).or_default().insert(page.id.clone());
        self.pages.insert(page.id.clone(), Arc::new(page));
    }

    fn remove(&mut self, id: &PageId) {
        let Some(page) = self.pages.remove(id) else { return };
        if let Some(ids) = self.at.get_mut(&page.url) {
            ids.remove(id);
            if ids.is_empty() {
                self.at.remove(&page.url);
            }
        }
        self.before.entry(page.id.clone()).or_insert(Some(page));
    }

    /// Finds what is different among the pages that are shown.
    fn compare(&mut self) {
        self.changed.clear();
        self.gone.clear();
        self.is_rearranged = false;
        let before = std::mem::take(&mut self.before);
        let mut ids: BTreeSet<PageId> = before.keys().cloned().collect();
        for (id, last) in &before {
            let urls = [last.as_ref(), self.pages.get(id)].into_iter().flatten();
            ids.extend(urls.filter_map(|page| self.at.get(&page.url)).flatten().cloned());
        }
        for id in ids {
            let now = self.pages.get(&id).cloned();
            let last = before.get(&id).cloned().unwrap_or_else(|| now.clone());
            let last = last.filter(|_| !self.hidden.remove(&id));
            let is_hidden = now.as_ref().is_some_and(|now| self.at[&now.url].first() != Some(&id));
            if is_hidden {
                self.hidden.insert(id);
            }
            match (last, now.filter(|_| !is_hidden)) {
                (Some(last), Some(now)) if last == now => {}
                (Some(last), Some(now)) => {
                    self.is_rearranged |= !last.is_arranged_as(&now);
                    self.changed.push(now);
                }
                (None, Some(now)) => {
                    self.is_rearranged = true;
                    self.changed.push(now);
                }
                (Some(last), None) => {
                    self.is_rearranged = true;
                    self.gone.push(last);
                }
                (None, None) => {}
            }
        }
    }
}

/// What units are planned from.
struct Planner<'a> {
    site: &'a Site,
    config: &'a Config,
    routes: Routes<'a>,
    changed: &'a KeySet,
    /// Those of them that may give a page another place in its collection.
    placing: &'a KeySet,
}

impl<'a> Planner<'a> {
    fn lister<'r>(&'r self, reader: &'r SiteReader<'r>) -> Lister<'r> {
        Lister { reader, config: self.config, routes: self.routes }
    }

    /// Returns the names of the collections that the page may belong to.
    fn collections_of(&self, id: &PageId) -> impl Iterator<Item = Arc<str>> {
        let card = self.site.card(id);
        card.map(|card| card.collection.clone().unwrap_or_default()).into_iter()
    }

    /// Notes the pages and works of which other passages speak, or in another order.
    fn push_affected(
        &self,
        difference: &FactDifference<'_>,
        pages: &mut BTreeSet<PageId>,
        works: &mut BTreeSet<CitationKey>,
    ) {
        let mut push = |key: &FactKey| match key {
            FactKey::Mentions(id) => _ = pages.insert(id.clone()),
            FactKey::Cites(key) => _ = works.insert(key.clone()),
            _ => {}
        };
        match difference.key {
            // Passages are shown in the order of their pages' dates.
            FactKey::Page(id) if day(difference.before) != day(difference.now) => {
                self.site.facts.contributed_by(id).for_each(push);
            }
            key => push(key),
        }
    }
}

/// Returns the keys whose facts may have given a page another place in its collection:
/// all that changed, but for cards that differ in nothing by which pages are placed.
fn placing(facts: &Facts, config: &Config) -> KeySet {
    let mut keys = KeySet::default();
    for difference in facts.differences() {
        let cards = (card_of(difference.before), card_of(difference.now));
        let stays = matches!(cards, (Some(last), Some(now)) if is_placed_as(last, now, config));
        if !stays {
            keys.insert(difference.id);
        }
    }
    keys
}

fn card_of(facts: &[(PageId, Fact)]) -> Option<&Arc<Card>> {
    facts.iter().find_map(|(_, fact)| match fact {
        Fact::Card(card) => Some(card),
        _ => None,
    })
}

/// Tells whether both cards have one place in the listings of their collection.
fn is_placed_as(last: &Card, now: &Card, config: &Config) -> bool {
    let days = |card: &Card| (card.date, card.updated, card.reviewed);
    let place =
        |card: &Card| (card.section.clone(), card.is_index, card.noindex, card.weight, days(card));
    let collection = now.collection.as_ref().and_then(|name| config.collections.get(name));
    let is_by_title = collection.is_none_or(|collection| collection.sort.is_by_title());
    last.collection == now.collection
        && last.url == now.url
        && last.source.is_some() == now.source.is_some()
        && place(last) == place(now)
        && (!is_by_title || last.title_key == now.title_key)
}

/// Returns the day by which a page's passages are put in order.
fn day(facts: &[(PageId, Fact)]) -> Option<Option<jiff::civil::Date>> {
    card_of(facts).map(|card| card.updated.max(card.date))
}

/// Notes the pages that only one has, or that are not at one place in both.
fn push_differences(
    last: Option<&BTreeMap<PageId, Outline>>,
    now: &BTreeMap<PageId, Outline>,
    pages: &mut BTreeSet<PageId>,
) {
    let nothing = BTreeMap::new();
    let last = last.unwrap_or(&nothing);
    let gone = last.keys().filter(|id| !now.contains_key(*id));
    let other = now.iter().filter(|(id, outline)| last.get(*id) != Some(*outline));
    pages.extend(gone.chain(other.map(|(id, _)| id)).cloned());
}
