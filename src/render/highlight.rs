//! Code listings as HTML.

use crate::html::escape;
use crate::parse::body::Listing;

/// Renders code listings.
#[derive(Debug, Default)]
pub struct Highlighter;

impl Highlighter {
    /// Returns the listing as a whole `pre` element.
    pub fn highlight(&self, listing: &Listing) -> String {
        let (language, code) = (escape(&listing.language), escape(&listing.code));
        format!(
            "<pre class=\"code\" tabindex=\"0\"><code class=\"language-{language}\">{code}</code></pre>\n"
        )
    }
}
