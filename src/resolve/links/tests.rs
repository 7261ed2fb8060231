use super::*;
use crate::resolve::fixture::TestSite;

fn site() -> TestSite {
    TestSite::new("en")
        .page("articles/x", "Xeno", &["side-effects"])
        .page("articles/jak/index", "JAK", &[])
        .page("treatments/baricitinib", "Baricitinib", &["dosing"])
        .page("treatments/ruxolitinib", "Ruxolitinib", &[])
        .page("brands/ruxolitinib", "Opzelura", &[])
        .redirect("treatments/baricitinib", "/old/bari/")
        .file("content/articles/scan.png", "/articles/scan.png")
        .file("content/articles/ü#1.png", "/articles/ü#1.png")
        .file("static/leaflet.pdf", "/leaflet.pdf")
        .generated("/references/king2022/")
        .generated("/feed.xml")
        .leads("/moved/", "/treatments/baricitinib/#dosing")
        .leads("/twice/", "/moved")
        .leads("/away/", "https://example.org/")
        .leads("/asked/", "/treatments/baricitinib/?lang=en")
        .leads("/placed/", "/treatments/baricitinib/?lang=en#dosing")
        .leads("/lost/", "/nowhere/")
        .leads("/feed/", "/feed.xml")
        .leads("/round/", "/round")
}

fn target_of(kind: LinkKind, destination: &str) -> String {
    let site = site();
    let (page, source) = (site.id("articles/x"), SourceId::new("content/articles/x.md"));
    let lang = Lang::new("en");
    let origin = LinkOrigin {
        page: &page,
        source: &source,
        default_lang: &lang,
        base_url: "https://example.com/sub/",
        translates: true,
    };
    let link = Link {
        kind,
        destination: destination.to_owned(),
        title: String::new(),
        empty: false,
        text: String::new(),
        range: 0..0,
        destination_range: 0..0,
        html: None,
    };
    match link_target(&link, origin, &SiteReader::new(site.site())) {
        LinkTarget::Page { id, query, anchor } => {
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
            format!("{id}{query}{anchor}")
        }
        LinkTarget::File { url, rest } => format!("file {url}{rest}"),
        LinkTarget::External(_) => "external".to_owned(),
        LinkTarget::Generated { url, rest, otherwise } => {
            match generated_url(&url, &SiteReader::new(site.site())) {
                Some(url) => format!("made {url}{rest}"),
                None => match *otherwise {
                    LinkTarget::Broken(reason) => format!("{reason:?}"),
                    _ => "external".to_owned(),
                },
            }
        }
        LinkTarget::Broken(BrokenLink::Ambiguous(pages)) => {
            format!("ambiguous {}", pages.len())
        }
        LinkTarget::Broken(BrokenLink::Anchor { page, anchor }) => {
            format!("no {page}#{anchor}")
        }
        LinkTarget::Broken(reason) => format!("{reason:?}"),
    }
}

/// Asserts where links lead that are written so.
fn lead(kind: LinkKind, links: &[(&str, &str)]) {
    for (destination, target) in links {
        assert_eq!(target_of(kind, destination), *target, "{destination}");
    }
}

#[test]
fn an_address_of_the_site_itself_is_looked_up() {
    let own = |address: &str| target_of(LinkKind::Markdown, address);
    let base = "https://example.com/sub";
    assert_eq!(
        own(&format!("{base}/treatments/baricitinib/#dosing")),
        "treatments/baricitinib#dosing"
    );
    assert_eq!(own("http://example.com/sub/old/bari/"), "treatments/baricitinib");
    assert_eq!(own("//example.com/sub/leaflet.pdf"), "file /leaflet.pdf");
    assert_eq!(own(&format!("{base}/feed.xml?x")), "made /feed.xml?x");
    assert_eq!(own(&format!("{base}/nowhere/")), "external");
    for other in ["https://example.com/", "https://example.com/subway/", "https://example.org"] {
        assert_eq!(own(other), "external", "{other}");
    }
}

#[test]
fn markdown_links_lead_by_file_folder_or_url() {
    lead(
        LinkKind::Markdown,
        &[
            ("../treatments/baricitinib.md", "treatments/baricitinib"),
            ("../treatments/baricitinib.md#dosing", "treatments/baricitinib#dosing"),
            ("../treatments/baricitinib", "treatments/baricitinib"),
            ("/treatments/baricitinib.md", "treatments/baricitinib"),
            ("/treatments/baricitinib/", "treatments/baricitinib"),
            ("/treatments/baricitinib", "treatments/baricitinib"),
            ("/treatments/baricitinib/index.html", "treatments/baricitinib"),
            ("../../treatments/baricitinib/", "treatments/baricitinib"),
            ("/old/bari/", "treatments/baricitinib"),
            ("jak/", "articles/jak"),
            ("jak/index.md", "articles/jak"),
            ("#side-effects", "articles/x#side-effects"),
            ("#", "articles/x"),
            ("#top", "articles/x#top"),
            ("?print", "articles/x?print"),
            ("#side-effects:~:text=acne", "articles/x#side-effects"),
            ("side%2Deffects.md", "Page"),
        ],
    );
}

#[test]
fn what_the_build_makes_is_there_once_it_is_claimed() {
    lead(
        LinkKind::Markdown,
        &[
            ("/references/king2022/", "made /references/king2022/"),
            ("/references/king2022", "made /references/king2022/"),
            ("../../references/king2022/index.html", "made /references/king2022/"),
            ("/references/king2022/?a#cited-by", "made /references/king2022/?a#cited-by"),
            ("/references/kwon2023/", "Page"),
            ("../references/king2022.md", "Page"),
            ("/feed.xml", "made /feed.xml"),
        ],
    );
}

#[test]
fn a_link_over_redirects_leads_to_where_they_lead() {
    lead(
        LinkKind::Markdown,
        &[
            ("/moved/", "treatments/baricitinib#dosing"),
            ("/twice", "treatments/baricitinib#dosing"),
            ("../../twice/?a", "treatments/baricitinib?a#dosing"),
            ("/twice/#nosuch", "no treatments/baricitinib#nosuch"),
            ("/away/", "external"),
            ("/asked/#dosing", "treatments/baricitinib?lang=en#dosing"),
            ("/asked/?x#nosuch", "no treatments/baricitinib#nosuch"),
            ("/placed/?x", "treatments/baricitinib?lang=en#dosing"),
            ("/lost/#a", "made /lost/#a"),
            ("/feed/", "made /feed/"),
            ("/round/", "made /round/"),
        ],
    );
}

#[test]
fn files_beside_the_page_and_in_static_are_found() {
    lead(
        LinkKind::Markdown,
        &[
            ("scan.png", "file /articles/scan.png"),
            ("./scan.png", "file /articles/scan.png"),
            ("/articles/scan.png", "file /articles/scan.png"),
            ("/leaflet.pdf", "file /leaflet.pdf"),
            ("/leaflet.pdf?v=2#page=3", "file /leaflet.pdf?v=2#page=3"),
            ("../../static/leaflet.pdf", "file /leaflet.pdf"),
            ("ü#1.png", "file /articles/ü#1.png"),
            ("ü%231.png#x", "file /articles/ü#1.png#x"),
            ("leaflet.pdf", "File"),
        ],
    );
}

#[test]
fn broken_links_say_why() {
    lead(
        LinkKind::Markdown,
        &[
            ("../treatments/baricitinb.md", "Page"),
            ("/nowhere/", "Page"),
            ("/nowhere.pdf", "File"),
            ("../treatments/baricitinib.md#dose", "no treatments/baricitinib#dose"),
            ("#nope", "no articles/x#nope"),
            ("../../../etc/passwd", "Outside"),
            ("javascript:alert(1)", "Unsafe"),
            ("java\nscript:alert(1)", "Unsafe"),
            ("data:text/html,x", "Unsafe"),
        ],
    );
}

#[test]
fn addresses_with_a_scheme_are_external() {
    for destination in ["https://example.org/a", "mailto:a@example.org", "tel:+1", "//cdn/x"] {
        assert_eq!(target_of(LinkKind::Markdown, destination), "external", "{destination}");
    }
}

#[test]
fn wikilinks_lead_by_id_bare_id_and_title() {
    lead(
        LinkKind::Wikilink,
        &[
            ("treatments/baricitinib", "treatments/baricitinib"),
            ("baricitinib", "treatments/baricitinib"),
            ("Baricitinib", "treatments/baricitinib"),
            ("baricitinib#dosing", "treatments/baricitinib#dosing"),
            ("opzelura", "brands/ruxolitinib"),
            ("#side-effects", "articles/x#side-effects"),
            ("ruxolitinib", "ambiguous 2"),
            ("treatments/ruxolitinib", "treatments/ruxolitinib"),
            ("nothing", "Page"),
        ],
    );
}

#[test]
fn an_image_may_have_a_sign_of_urls_in_its_name_or_the_address_of_the_site() {
    let site = site();
    let (page, source) = (site.id("articles/x"), SourceId::new("content/articles/x.md"));
    let lang = Lang::new("en");
    let origin = LinkOrigin {
        page: &page,
        source: &source,
        default_lang: &lang,
        base_url: "https://example.com/sub/",
        translates: true,
    };
    let reader = SiteReader::new(site.site());
    let found = |src: &str| match image_target(src, origin, &reader) {
        ImageTarget::File { url, .. } => url.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!([found("ü#1.png"), found("%C3%BC%231.png")], ["/articles/ü#1.png"; 2]);
    assert_eq!(found("scan.png#x"), "/articles/scan.png");
    assert_eq!(found("https://example.com/sub/articles/scan.png?v=1"), "/articles/scan.png");
    for other in ["https://example.com/sub/none.png", "https://example.org/articles/scan.png"] {
        assert_eq!(found(other), format!("External({other:?})"));
    }
    assert_eq!(found("ü#2.png"), "Missing");
}

#[test]
fn what_a_link_looked_for_in_vain_is_recorded() {
    use crate::resolve::facts::FactKey;
    let site = site();
    let (page, source) = (site.id("articles/x"), SourceId::new("content/articles/x.md"));
    let lang = Lang::new("en");
    let origin = LinkOrigin {
        page: &page,
        source: &source,
        default_lang: &lang,
        base_url: "https://example.com/sub/",
        translates: true,
    };
    let reader = SiteReader::new(site.site());
    assert_eq!(image_target("../new.png", origin, &reader), ImageTarget::Missing);
    assert_eq!(url_target("later.md", origin, &reader), LinkTarget::Broken(BrokenLink::Page));
    let reads = reader.into_reads();
    let facts = &site.site().facts;
    assert!(reads.contains(&FactKey::File(SourceId::new("content/new.png")), facts));
    let later = FactKey::Source(SourceId::new("content/articles/later.md"));
    assert!(reads.contains(&later, facts));
}
