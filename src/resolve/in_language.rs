//! Where a language has what another has, be it written or made.

use crate::page_id::Lang;
use crate::url::UrlPath;

use super::generated::spoken_for;
use super::links::generated_url;
use super::reader::SiteReader;

/// Returns where the language `lang` has the page that the site's own, `default_lang`, has at
/// `url`; `None` where it has none, and in the site's own language.
///
/// What the build makes is among them once the pages are planned.
pub fn url_in_language(
    url: &UrlPath,
    lang: &Lang,
    default_lang: &Lang,
    reader: &SiteReader<'_>,
) -> Option<UrlPath> {
    if lang == default_lang {
        return None;
    }
    let url = generated_url(url, reader)?;
    let claimants = reader.claimants(&url);
    let id = claimants.into_iter().find(|id| id.lang() == default_lang)?;
    let places = reader.translations(spoken_for(id));
    let place_in = |wanted: &Lang| places.iter().find(|(of, _)| *of == wanted).map(|(_, at)| *at);
    // A feed is served for a page, and is none itself.
    if id.is_generated() && place_in(default_lang) != Some(&url) {
        return None;
    }
    place_in(lang).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::Bibliography;
    use crate::resolve::fixture::WrittenSite;

    #[test]
    fn a_page_is_found_in_another_language_whoever_made_it() {
        let written = WrittenSite::new(
            "[site]\nbase_url = \"https://example.org\"\n[languages.fr]\ntitle = \"Notes\"\n",
        )
        .page("_index.md", "---\ntitle: Home\n---\n")
        .page("articles/a.md", "---\ntitle: A\ntags: x\nredirect_from: /was/\n---\n")
        .page("articles/a.fr.md", "---\ntitle: A\nslug: b\n---\n")
        .page("articles/c.md", "---\ntitle: C\n---\n");
        let mut site = written.resolve();
        written.finish(&mut site, &Bibliography::default());
        let (en, fr) = (Lang::new("en"), Lang::new("fr"));
        let reader = SiteReader::new(&site);
        let found = |url: &str, lang| url_in_language(&UrlPath::new(url), lang, &en, &reader);
        for (url, french) in [
            ("/", Some("/fr/")),
            ("/articles", Some("/fr/articles/")),
            ("/articles/a/", Some("/fr/articles/b/")),
            ("/was/", Some("/fr/articles/b/")),
            ("/tags/x/", Some("/fr/tags/x/")),
            ("/fr/tags/x/", None),
            ("/articles/c/", None),
            ("/feed.xml", None),
            ("/nowhere/", None),
        ] {
            assert_eq!(found(url, &fr).as_ref().map(UrlPath::as_str), french, "{url}");
            assert_eq!(found(url, &en), None, "{url}");
        }
    }
}
