//! Code listings as HTML with classes, their style sheet, and the only door to syntect.

mod lines;

use std::fmt::Write as _;
use std::sync::OnceLock;

use syntect::html::ClassStyle;
use syntect::parsing::{SyntaxReference, SyntaxSet};

use crate::html::escape_into;
use crate::parse::body::Listing;

use lines::Lines;

/// What the classes of highlighted code begin with.
const PREFIX: &str = "hl-";

/// Names of languages that the syntaxes do not know by name or by extension.
const ALIASES: &[(&str, &str)] = &[
    ("bash", "sh"),
    ("console", "sh"),
    ("shell", "sh"),
    ("shell-session", "sh"),
    ("zsh", "sh"),
    ("c#", "cs"),
    ("csharp", "cs"),
    ("c++", "cpp"),
    ("golang", "go"),
    ("javascript", "js"),
    ("jsx", "js"),
    ("mjs", "js"),
    ("node", "js"),
    ("ts", "js"),
    ("tsx", "js"),
    ("typescript", "js"),
    ("json5", "json"),
    ("jsonc", "json"),
    ("latex", "tex"),
    ("markdown", "md"),
    ("obj-c", "m"),
    ("objc", "m"),
    ("objective-c", "m"),
    ("postgresql", "sql"),
    ("sqlite", "sql"),
    ("python3", "py"),
    ("rmd", "r"),
    ("svg", "xml"),
];

/// Renders code listings.
///
/// The syntaxes are read when the first listing with a language comes.
#[derive(Debug, Default)]
pub struct Highlighter {
    lines: OnceLock<Lines>,
}

impl Highlighter {
    /// Returns a highlighter.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes the listing as a whole `pre` element.
    ///
    /// Code in an unknown language is shown as it is.
    pub fn highlight(&self, listing: &Listing, out: &mut String) {
        out.push_str("<pre class=\"code\" tabindex=\"0\"><code class=\"language-");
        escape_into(&listing.language, out);
        out.push_str("\">");
        let code = without_control_characters(&listing.code);
        match self.spans(&listing.language, &code) {
            Some(spans) => out.push_str(&spans),
            None => escape_into(&code, out),
        }
        out.push_str("</code></pre>\n");
    }

    /// Returns the code in classed spans; `None` where the language is not known.
    fn spans(&self, language: &str, code: &str) -> Option<String> {
        let lines = self.lines.get_or_init(|| {
            let style = ClassStyle::SpacedPrefixed { prefix: PREFIX };
            Lines::new(SyntaxSet::load_defaults_newlines(), style)
        });
        lines.spans(find_syntax(lines.syntaxes(), language)?, code)
    }
}

fn find_syntax<'a>(syntaxes: &'a SyntaxSet, language: &str) -> Option<&'a SyntaxReference> {
    let lower = language.to_lowercase();
    let alias = ALIASES.iter().find(|(name, _)| *name == lower).map(|(_, token)| *token);
    let syntax = alias
        .and_then(|token| syntaxes.find_syntax_by_token(token))
        .or_else(|| syntaxes.find_syntax_by_token(&lower))?;
    (syntax.name != "Plain Text").then_some(syntax)
}

/// Returns `code` without the control characters that HTML does not allow.
fn without_control_characters(code: &str) -> String {
    code.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The colours of highlighted code, as CSS writes them in six hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Behind the code.
    pub background: &'static str,
    /// Of what has no colour of its own.
    pub text: &'static str,
    /// Of comments.
    pub comment: &'static str,
    /// Of keywords and storage words.
    pub keyword: &'static str,
    /// Of strings and inserted lines.
    pub string: &'static str,
    /// Of numbers and other constants.
    pub constant: &'static str,
    /// Of functions.
    pub function: &'static str,
    /// Of types and tags.
    pub entity: &'static str,
    /// Of attributes and parameters.
    pub attribute: &'static str,
    /// Of deleted lines and what is invalid.
    pub deleted: &'static str,
}

impl Scheme {
    /// For light pages.
    pub const LIGHT: Self = Self {
        background: "#f6f8fa",
        text: "#1f2328",
        comment: "#59636e",
        keyword: "#b3151f",
        string: "#0a5c36",
        constant: "#0550ae",
        function: "#6639ba",
        entity: "#8a3f00",
        attribute: "#005a70",
        deleted: "#a40e26",
    };

    /// For dark pages.
    pub const DARK: Self = Self {
        background: "#161b22",
        text: "#e6edf3",
        comment: "#9aa4af",
        keyword: "#ff8b82",
        string: "#8ddb8c",
        constant: "#85c2ff",
        function: "#d6b5ff",
        entity: "#ffb070",
        attribute: "#7fd4e4",
        deleted: "#ff9492",
    };

    /// Returns the name of each colour's variable, and the colour.
    fn colors(&self) -> [(&'static str, &'static str); 10] {
        [
            ("background", self.background),
            ("text", self.text),
            ("comment", self.comment),
            ("keyword", self.keyword),
            ("string", self.string),
            ("constant", self.constant),
            ("function", self.function),
            ("entity", self.entity),
            ("attribute", self.attribute),
            ("deleted", self.deleted),
        ]
    }
}

/// The classes of each colour; of two that both match, the later wins.
const RULES: &[(&str, &[&str])] = &[
    ("keyword", &["keyword", "storage"]),
    ("text", &["keyword.operator"]),
    ("string", &["string", "markup.inserted", "markup.raw"]),
    ("constant", &["constant", "variable.language", "support.constant"]),
    ("function", &["entity.name.function", "support.function", "entity.name.section"]),
    (
        "entity",
        &[
            "entity.name.tag",
            "entity.name.type",
            "entity.name.class",
            "entity.name.struct",
            "entity.name.enum",
            "entity.name.trait",
            "entity.name.namespace",
            "support.type",
            "support.class",
            "storage.type.primitive",
        ],
    ),
    (
        "attribute",
        &[
            "entity.other.attribute-name",
            "variable.parameter",
            "variable.annotation",
            "meta.mapping.key",
        ],
    ),
    ("comment", &["comment"]),
    ("deleted", &["invalid", "markup.deleted"]),
];

/// Returns the style sheet of highlighted code for light and for dark pages.
///
/// The colour scheme of the page tells which holds.
pub fn theme_css(light: &Scheme, dark: &Scheme) -> String {
    let mut css = String::from(":root{");
    for ((name, light), (_, dark)) in light.colors().iter().zip(dark.colors()) {
        let _ = write!(css, "--{PREFIX}{name}:light-dark({light},{dark});");
    }
    css.push_str("}\n");
    let _ =
        writeln!(css, "pre.code{{color:var(--{PREFIX}text);background:var(--{PREFIX}background)}}");
    for (color, scopes) in RULES {
        let selectors: Vec<String> = scopes
            .iter()
            .map(|scope| scope.split('.').map(|atom| format!(".{PREFIX}{atom}")).collect())
            .collect();
        let _ = writeln!(css, "{}{{color:var(--{PREFIX}{color})}}", selectors.join(","));
    }
    let _ = writeln!(css, ".{PREFIX}comment,.{PREFIX}markup.{PREFIX}italic{{font-style:italic}}");
    let _ = writeln!(css, ".{PREFIX}markup.{PREFIX}bold{{font-weight:bold}}");
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    fn highlight(language: &str, code: &str) -> String {
        let listing = Listing { language: language.into(), code: code.into() };
        let mut html = String::new();
        Highlighter::new().highlight(&listing, &mut html);
        html
    }

    #[test]
    fn code_in_a_known_language_has_classed_spans() {
        let html = highlight("rust", "fn main() { \"<b>\" } // é\n");
        assert!(html.starts_with("<pre class=\"code\" tabindex=\"0\"><code class=\"language-rust\"><span class=\"hl-source hl-rust\">"), "{html}");
        assert!(html.contains("hl-comment") && html.contains("&lt;b&gt;"), "{html}");
        assert!(!html.contains("style="), "{html}");
        assert_eq!(html.matches("<span").count(), html.matches("</span>").count());
        assert!(html.ends_with("</code></pre>\n"));
    }

    #[test]
    fn code_in_an_unknown_language_is_shown_as_it_is() {
        assert_eq!(
            highlight("no\"pe", "a < b\u{1}\n"),
            "<pre class=\"code\" tabindex=\"0\"><code class=\"language-no&quot;pe\">a &lt; b\n</code></pre>\n"
        );
        assert!(!highlight("text", "fn x\n").contains("<span"));
    }

    #[test]
    fn every_alias_names_a_syntax() {
        let syntaxes = SyntaxSet::load_defaults_newlines();
        for (alias, token) in ALIASES {
            assert!(find_syntax(&syntaxes, alias).is_some(), "{alias} is {token}");
        }
        for name in ["Python", "r", "R", "yaml", "yml", "json", "html", "css", "sql", "Java"] {
            assert!(find_syntax(&syntaxes, name).is_some(), "{name}");
        }
    }

    /// Returns the relative luminance of a colour, as WCAG defines it.
    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn every_colour_can_be_read_on_its_background() {
        for scheme in [Scheme::LIGHT, Scheme::DARK] {
            let background = luminance(scheme.background);
            for (name, color) in &scheme.colors()[1..] {
                let (a, b) = (luminance(color), background);
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{name} {color}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn the_default_theme_has_the_style_sheet() {
        let file = include_str!("../../themes/default/static/highlight.css");
        assert_eq!(file, theme_css(&Scheme::LIGHT, &Scheme::DARK));
    }

    #[test]
    fn the_style_sheet_follows_the_page_and_the_system() {
        let css = theme_css(&Scheme::LIGHT, &Scheme::DARK);
        assert!(css.starts_with(":root{--hl-background:light-dark(#f6f8fa,#161b22);"));
        assert!(css.contains(".hl-entity.hl-name.hl-function"));
        assert_eq!(css.matches('{').count(), css.matches('}').count());
    }
}
