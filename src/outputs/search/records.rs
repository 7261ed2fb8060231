//! What a result shows of its page, many pages a file.

use serde_json::{Value, json};

use crate::resolve::Card;
use crate::url::UrlPath;

/// How many pages one file describes.
pub(super) const RECORDS_A_FILE: usize = 64;

/// How many characters of a description a result shows at most.
const DESCRIPTION: usize = 110;

/// Returns the record of a page: its URL from the site's root, its title, and its
/// description cut at a word.
pub(super) fn record(card: &Card) -> String {
    let url = card.url.relative_from(&UrlPath::new("/"));
    let description = card.description.as_deref().map(cut).unwrap_or_default();
    let record: Value = json!([url, &*card.title, description]);
    record.to_string()
}

fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(DESCRIPTION) else { return text.to_owned() };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', ';', ':', ' ', '…']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_ends_at_a_word() {
        assert_eq!(cut("Short."), "Short.");
        let long = "words, ".repeat(30);
        let cut = cut(&long);
        assert!(cut.ends_with("words…") && cut.chars().count() <= DESCRIPTION + 1, "{cut}");
    }
}
