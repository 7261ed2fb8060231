//! What one page shows of another: cards, dates, images.

use std::sync::Arc;

use jiff::civil::Date;

use crate::parse::page::PageImage;
use crate::pattern::fill;
use crate::render::value::{
    Value, list, map, map_by_name, no_entries, no_values, optional, optional_text, text,
};
use crate::resolve::links::ImageTarget;
use crate::resolve::{Card, Reads};

use super::picture::{Picture, picture};
use super::scope::{PageScope, Strings};
use super::vantage::{ShownCard, is_own};

/// Returns the card of a page as templates see it.
pub(super) fn card(card: &Arc<Card>, scope: &PageScope<'_>) -> Value {
    shown(card, scope).value.clone()
}

/// Returns the card of a page as templates see it, with the link to the page.
pub(super) fn shown(card: &Arc<Card>, scope: &PageScope<'_>) -> Arc<ShownCard> {
    let made = |seen: &PageScope<'_>| (map(entries(card, seen)), seen.relative(&card.url));
    if is_own(&card.url, scope.url) {
        let (value, url) = made(&scope.reading(scope.reader));
        return Arc::new(ShownCard::new(value, url, Vec::new(), Reads::default()));
    }
    let shown = scope.vantage.card(card, scope.url, scope.keeps_cards, || {
        let reader = scope.reader.fresh();
        let mut seen = scope.reading(&reader);
        let (value, url) = made(&seen);
        let targets = seen.take_targets();
        ShownCard::new(value, url, targets, reader.into_reads())
    });
    scope.reader.also(&shown.reads);
    shown
}

/// Returns the entries of the card of a page.
pub(super) fn entries(card: &Card, scope: &PageScope<'_>) -> Vec<(&'static str, Value)> {
    let fields = match card.shown.is_empty() {
        true => no_entries(),
        false => {
            map_by_name(card.shown.iter().map(|(name, texts)| (name, list(texts.iter().map(text)))))
        }
    };
    let tags = match card.tags.is_empty() {
        true => no_values(),
        false => list(card.tags.iter().map(|name| tag(name, scope))),
    };
    vec![
        ("id", text(card.id.path())),
        ("title", text(&card.title)),
        ("url", text(scope.relative(&card.url))),
        ("path", text(card.url.as_str())),
        ("collection", optional_text(card.collection.as_ref())),
        ("section", text(&card.section)),
        ("subtitle", optional_text(card.subtitle.as_ref())),
        ("description", optional_text(card.description.as_ref())),
        ("image", optional(card.image.as_ref().map(|image| page_image(image, card, scope)))),
        ("date", optional_date(card.date, scope)),
        ("updated", optional_date(card.updated, scope)),
        ("reviewed", optional_date(card.reviewed, scope)),
        ("tags", tags),
        ("fields", fields),
        ("initial", text(initial(&card.title))),
    ]
}

/// Returns a tag with the link to its listing, where there is one.
pub(super) fn tag(name: &Arc<str>, scope: &PageScope<'_>) -> Value {
    if !scope.site.makes("tags") {
        return map([("name", text(name)), ("url", Value::none())]);
    }
    let (url, value) = scope.vantage.tag(name, scope.url, || {
        let routes = &scope.site.routes;
        let url = routes.tag(scope.id.lang(), &routes.tag_slug(name));
        let value = map([("name", text(name)), ("url", text(scope.way_to(&url)))]);
        (url, value)
    });
    scope.leads_to(&url);
    value
}

/// Returns the image that stands for a page, written in the file of that page.
pub(super) fn page_image(image: &PageImage, owner: &Card, scope: &PageScope<'_>) -> Value {
    let target = scope.image(&image.src, owner);
    let Some(Picture { src, size, srcset }) = picture(&target, scope) else {
        return Value::none();
    };
    let path = match &target {
        ImageTarget::File { url, .. } => text(url.as_str()),
        _ => Value::none(),
    };
    map([
        ("url", text(src)),
        ("path", path),
        ("srcset", optional(srcset.map(text))),
        ("alt", text(image.alt.as_deref().unwrap_or_default())),
        ("credit", optional_text(image.credit.as_ref())),
        ("width", optional(size.map(|(width, _)| Value::from(width)))),
        ("height", optional(size.map(|(_, height)| Value::from(height)))),
    ])
}

/// Returns a date in ISO 8601 and in words.
pub(super) fn date(date: Date, scope: &PageScope<'_>) -> Value {
    scope.vantage.date(date, || {
        let words = date_in_words(date, scope.strings);
        map([("iso", text(date.to_string())), ("text", text(words))])
    })
}

/// Returns a date in ISO 8601 and in words, or none.
pub(super) fn optional_date(value: Option<Date>, scope: &PageScope<'_>) -> Value {
    optional(value.map(|value| date(value, scope)))
}

/// Returns a date as readers of the page's language write it: the pattern
/// `date_format` with `{day}`, `{month}` and `{year}`, the months by `month_1` to
/// `month_12`; in ISO 8601 where the language has no such strings.
pub(super) fn date_in_words(date: Date, strings: &Strings) -> String {
    const MONTHS: [&str; 12] = [
        "month_1", "month_2", "month_3", "month_4", "month_5", "month_6", "month_7", "month_8",
        "month_9", "month_10", "month_11", "month_12",
    ];
    let month = usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month));
    let month = month.and_then(|key| strings.get(*key));
    match (strings.get("date_format"), month) {
        (Some(pattern), Some(month)) => fill(pattern, |place| match place {
            "day" => Some(date.day().to_string().into()),
            "month" => Some(month.into()),
            "year" => Some(date.year().to_string().into()),
            _ => None,
        }),
        _ => date.to_string(),
    }
}

/// Returns the letter under which a title is filed, in upper case; `#` for digits
/// and signs.
pub(super) fn initial(title: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    match title.nfd().find(|letter| letter.is_alphanumeric()) {
        Some(letter) if letter.is_alphabetic() => letter.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_language() {
        let strings: Strings = [("date_format", "{day} {month} {year}"), ("month_3", "March")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into_iter()
            .collect();
        let date = jiff::civil::date(2026, 3, 4);
        assert_eq!(date_in_words(date, &strings), "4 March 2026");
        assert_eq!(date_in_words(date, &Strings::default()), "2026-03-04");
    }

    #[test]
    fn titles_are_filed_under_their_bare_letter() {
        assert_eq!(initial("Écart"), "E");
        assert_eq!(initial("5-alpha"), "#");
        assert_eq!(initial("“SALT”"), "S");
    }
}
