//! Formulas: LaTeX to MathML, and the only door to pulldown-latex.

mod nesting;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::mathml::push_mathml;
use pulldown_latex::{Event, Parser, ParserError, Storage};

use crate::html::escape_into;

use nesting::{DEEPEST, is_too_deep};

/// Commands that define commands: one that expands to itself would never end.
const DEFINITIONS: [&str; 9] = [
    "def",
    "edef",
    "gdef",
    "xdef",
    "let",
    "futurelet",
    "newcommand",
    "renewcommand",
    "providecommand",
];

/// Returns the LaTeX `formula` as a `math` element without `style` attributes:
/// colours become attributes of MathML, frames the class `math-boxed`.
///
/// # Errors
///
/// Returns what is wrong where the formula cannot be read.
pub(super) fn mathml(formula: &str, display: bool) -> Result<String, String> {
    if let Some(name) = definition(formula) {
        return Err(format!("`\\{name}` cannot be used here"));
    }
    if is_too_deep(formula) {
        return Err(format!("it is nested more than {DEEPEST} levels deep"));
    }
    let storage = Storage::new();
    let mut events: Vec<Result<Event<'_>, ParserError>> = Vec::new();
    for event in Parser::new(formula, &storage) {
        match event {
            Ok(event) => events.push(Ok(event)),
            Err(error) => return Err(summary(&error)),
        }
    }
    let config = RenderConfig {
        display_mode: if display { DisplayMode::Block } else { DisplayMode::Inline },
        ..RenderConfig::default()
    };
    let mut html = String::new();
    push_mathml(&mut html, events.into_iter(), config).map_err(|error| error.to_string())?;
    Ok(annotated(&without_styles(&html), formula))
}

/// Returns the `math` element `mathml` with its source, which copies of the page in Markdown
/// hold and browsers do not show.
fn annotated(mathml: &str, formula: &str) -> String {
    let inner = mathml.strip_suffix("</math>").and_then(|inner| inner.split_once('>'));
    let Some((start, shown)) = inner else { return mathml.to_owned() };
    let mut html = format!("{start}><semantics><mrow>{shown}</mrow>");
    html.push_str("<annotation encoding=\"application/x-tex\">");
    escape_into(formula.trim(), &mut html);
    html.push_str("</annotation></semantics></math>");
    html
}

/// Returns the command that `formula` uses to define another, if there is one.
fn definition(formula: &str) -> Option<&str> {
    formula.split('\\').skip(1).find_map(|command| {
        let end = command.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(command.len());
        DEFINITIONS.contains(&&command[..end]).then_some(&command[..end])
    })
}

/// Returns the first line of what the parser says.
fn summary(error: &ParserError) -> String {
    let message = error.to_string();
    let line = message.lines().next().unwrap_or_default();
    line.strip_prefix("parsing error: ").unwrap_or(line).to_owned()
}

/// Returns `mathml` with what its `style` attributes say put in other attributes,
/// and with what stands unescaped between its tags escaped.
fn without_styles(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(start) = rest.find(['<', '&']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        // A tag holds no other: what is between here and its end is gone over once.
        let end = rest[1..].find(['<', '>']).map(|end| end + 1);
        let end = end.filter(|end| rest.starts_with('<') && rest[*end..].starts_with('>'));
        let tag = end.map(|end| &rest[..=end]).filter(|tag| is_tag(tag));
        let entity = ["&lt;", "&gt;", "&amp;", "&nbsp;"];
        if let Some(tag) = tag {
            write_tag(tag, &mut out);
            rest = &rest[tag.len()..];
        } else if let Some(entity) = entity.iter().find(|entity| rest.starts_with(**entity)) {
            out.push_str(entity);
            rest = &rest[entity.len()..];
        } else {
            out.push_str(if rest.starts_with('<') { "&lt;" } else { "&amp;" });
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Elements that the renderer writes.
const ELEMENTS: [&str; 24] = [
    "math",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "mspace",
    "mrow",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mstyle",
    "mpadded",
    "mphantom",
    "menclose",
];

/// Attributes that it writes.
const ATTRIBUTES: [&str; 26] = [
    "accent",
    "class",
    "columnalign",
    "columnlines",
    "columnspacing",
    "depth",
    "display",
    "displaystyle",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rowlines",
    "rspace",
    "scriptlevel",
    "stretchy",
    "style",
    "symmetric",
    "voffset",
    "width",
];

/// Tells whether `text` is a tag of the renderer's rather than text that looks so.
fn is_tag(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) else {
        return false;
    };
    let inner = inner.trim_start_matches('/').trim_end_matches(['/', ' ']);
    let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
    let mut rest = attributes;
    while let Some((attribute, value)) = rest.split_once("=\"") {
        let Some((_, after)) = value.split_once('"') else { return false };
        if !ATTRIBUTES.contains(&attribute.trim()) {
            return false;
        }
        rest = after;
    }
    ELEMENTS.contains(&name) && rest.trim().is_empty()
}

/// Writes the tag `tag` without its style.
fn write_tag(tag: &str, out: &mut String) {
    let Some((before, style)) = tag.split_once(" style=\"") else {
        return out.push_str(tag);
    };
    let (style, after) = style.split_once('"').unwrap_or((style, ""));
    let mut classes = Vec::new();
    out.push_str(before);
    for (name, value) in style.split(';').filter_map(|declaration| declaration.split_once(':')) {
        let attribute = match name.trim() {
            "color" => "mathcolor",
            "background-color" => "mathbackground",
            "border" => {
                classes.push("math-boxed");
                continue;
            }
            "margin-left" => {
                classes.push("math-back");
                continue;
            }
            _ => continue,
        };
        if let Some(color) = hex_color(value.trim()) {
            out.push_str(&format!(" {attribute}=\"{color}\""));
        }
    }
    if classes.is_empty() {
        return out.push_str(after);
    }
    let classes = classes.join(" ");
    match after.split_once(" class=\"") {
        Some((before, after)) => out.push_str(&format!("{before} class=\"{classes} {after}")),
        None => out.push_str(&format!(" class=\"{classes}\"{after}")),
    }
}

/// Returns the colour `rgb(r g b)` as MathML writes colours.
fn hex_color(value: &str) -> Option<String> {
    let numbers = value.strip_prefix("rgb(")?.strip_suffix(')')?;
    let bytes: Vec<u8> =
        numbers.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let [red, green, blue] = bytes[..] else { return None };
    Some(format!("#{red:02x}{green:02x}{blue:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_mathml_without_styles() {
        let html = mathml(
            r"\color{red} x < \frac{1}{2} \! \fcolorbox{blue}{red}{y} \& \text{a<b>}",
            false,
        )
        .unwrap();
        assert!(html.starts_with("<math display=\"inline\">"), "{html}");
        assert!(html.contains("mathcolor=\"#ff0000\""), "{html}");
        assert!(html.contains("<mfrac"), "{html}");
        assert!(!html.contains("style=\""), "{html}");
        assert!(!html.contains("< ") && !html.contains("<b>"), "{html}");
        assert!(html.contains("&lt;") && html.contains("&amp;"), "{html}");
    }

    #[test]
    fn no_element_of_the_authors_gets_through() {
        let html = mathml(r"\operatorname{<mi onclick=x>}<script>\text{<b>}", false).unwrap();
        assert!(!html.contains("onclick=x>") || !html.contains("<mi onclick"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    }

    #[test]
    fn a_style_in_text_is_text() {
        let html = mathml(r#"\text{x style="color: red" y}"#, true).unwrap();
        assert!(html.contains(r#"x style="color: red" y"#), "{html}");
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert!(mathml(r"\frac{1}", false).is_err());
        assert_eq!(mathml(r"\def\a{\a}\a", false), Err(r"`\def` cannot be used here".to_owned()));
    }

    #[test]
    fn a_formula_that_is_nested_too_deep_is_an_error() {
        let nested = |open: &str, close: &str, times: usize| {
            mathml(&format!("{}x{}", open.repeat(times), close.repeat(times)), false)
        };
        let ways = [
            ("{", "}"),
            (r"\sqrt{", "}"),
            (r"\sqrt ", ""),
            (r"\frac1", ""),
            (r"\frac{1}{", "}"),
            (r"\overset{1}", ""),
            (r"\textcolor{red}\hat ", ""),
            (r"\sqrt[", "]{x}"),
            (r"\left(", r"\right)"),
            (r"\begin{matrix}", r"\end{matrix}"),
            ("x^{", "}"),
        ];
        let too_deep = Err("it is nested more than 50 levels deep".to_owned());
        for (open, close) in ways {
            assert!(nested(open, close, 12).is_ok(), "{open}");
            assert_eq!(nested(open, close, 10_000), too_deep, "{open}");
        }
    }

    mod properties {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            #[test]
            fn no_formula_panics(
                formula in r"(\\(frac|sqrt|left|right|begin|end|text|boxed|color|hat|sum|\\|,|!)|[{}\[\]()^_&$<>xy12 .|é%#]|\{matrix\}|\{red\}){0,16}"
            ) {
                if let Ok(html) = mathml(&formula, true) {
                    prop_assert!(!html.contains(" style=\""), "{}", html);
                }
            }
        }
    }
}
