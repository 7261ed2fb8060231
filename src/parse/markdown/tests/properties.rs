//! What holds of every text.

use super::*;
use proptest::prelude::*;

/// What Markdown is made of, as far as it matters here.
const PIECES: &[&str] = &[
    "a",
    "é",
    "1",
    " ",
    "\n",
    "\t",
    ">",
    "*",
    "_",
    "~",
    "^",
    "`",
    "$",
    "|",
    ":",
    "\"",
    "'",
    "\\",
    "<",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "#",
    ".",
    ";",
    "!",
    "@",
    "=",
    "/",
    "&",
    "-",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n1. ",
    "\n    ",
    "\n# ",
    "\n```",
    "~~",
    "**",
    "\n::: {.a ",
    "\n::: b",
    "\n:::",
    "\n::::",
    "[@a",
    "@b",
    "[[",
    "]]",
    "[^1]",
    "\n[^1]: ",
    "![",
    "](",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<a href=x>",
    "<p>",
    "<!--",
    "-->",
    "<script>",
    "\n| a | b |\n|--|--|\n",
    "\n: ",
    "[ ] ",
    "{#x}",
    "{width=1}",
    "> [!NOTE]",
    "&amp;",
    "&#32;",
    "\0",
    "\u{ad}",
    "<i onclick=x",
    " style=\"",
    "javascript:",
    "\r\n",
    " id=x",
    "galen: allow r: x",
    "<td>",
    "<br>",
    "https://",
    "~2~",
    "^2^",
];

fn markdown(pieces: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..pieces).prop_map(|found| found.concat())
}

/// Checks what must hold of every body; `html` is what the author's markup may not reach.
fn check(text: &str, body: &Body) {
    let inside = |range: &std::ops::Range<usize>| {
        assert!(text.get(range.clone()).is_some(), "{range:?} lies in the text {text:?}");
    };
    for citation in &body.citations {
        inside(&citation.range);
        for cite in &citation.cites {
            assert_eq!(text.get(cite.key_range.clone()), Some(cite.key.as_str()));
        }
    }
    for link in &body.links {
        inside(&link.range);
        inside(&link.destination_range);
    }
    body.headings.iter().for_each(|heading| inside(&heading.range));
    body.images.iter().for_each(|image| inside(&image.range));
    body.anchors.iter().for_each(|anchor| inside(&anchor.range));
    body.components.iter().for_each(|call| inside(&call.range));
    body.text.blocks.iter().for_each(|block| inside(&block.source.range()));
    body.allows.iter().for_each(|allow| inside(&allow.governs));

    let mut ids: Vec<_> = body.headings.iter().map(|heading| &heading.id).collect();
    ids.extend(body.anchors.iter().map(|anchor| &anchor.id));
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");

    check_holes(body);
    check_source(text, body);
    for segment in &body.text.segments {
        let mut escaped = String::new();
        crate::parse::text::escape_into(&body.text.plain[segment.plain.range()], &mut escaped);
        let html = &body.html.get()[segment.html as usize..segment.html as usize + escaped.len()];
        assert_eq!(html.replace('\n', " "), escaped.replace('\n', " "));
    }
}

/// Checks that what the author wrote leads to itself, and all words to a place in their block.
fn check_source(text: &str, body: &Body) {
    let plain = &body.text.plain;
    let written = body.text.source.written(plain.len());
    for block in &body.text.blocks {
        let (within, source) = (block.plain.range(), block.source.range());
        for (piece, place) in &written {
            let (start, end) = (piece.start.max(within.start), piece.end.min(within.end));
            if start < end {
                let place = place + (start - piece.start);
                let in_line = |text: &str| text.replace(['\n', '\r'], " ");
                let found = in_line(&text[place..place + (end - start)]);
                assert_eq!(found, in_line(&plain[start..end]), "{text:?}");
            }
        }
        let words = body.text.block_text(block).char_indices();
        let mut last = source.start;
        for (at, c) in words {
            let at = within.start + at;
            let place = body.text.source_range(&(at..at + c.len_utf8()));
            assert!(text.get(place.clone()).is_some_and(|found| !found.is_empty()), "{text:?}");
            assert!(last <= place.start && place.end <= source.end, "{place:?} of {text:?}");
            last = place.start;
        }
        let whole = body.text.source_range(&within);
        assert!(source.start <= whole.start && whole.end <= source.end, "{text:?}");
    }
}

fn check_holes(body: &Body) {
    let mut open = Vec::new();
    let mut last = 0;
    let mut counts = [0usize; 5];
    for (index, hole) in body.holes.iter().enumerate() {
        assert!(hole.at >= last && body.html.get().is_char_boundary(hole.at));
        last = hole.at;
        if index == body.main_holes {
            assert!(open.is_empty());
        }
        assert_eq!(index < body.main_holes, hole.at <= body.main_end);
        let kind = match hole.kind {
            HoleKind::LinkEnd(index) => {
                assert_eq!(open.pop(), Some(HoleKind::LinkStart(index)));
                continue;
            }
            HoleKind::ComponentEnd(index) => {
                assert_eq!(open.pop(), Some(HoleKind::ComponentStart(index)));
                continue;
            }
            HoleKind::NoteReference { note, .. } => {
                assert!(note < body.notes.len());
                continue;
            }
            HoleKind::LinkStart(found) => (0, found, true),
            HoleKind::ComponentStart(found) => (1, found, true),
            HoleKind::Citation(found) => (2, found, false),
            HoleKind::Address(found) => (0, found, false),
            HoleKind::Image(found) => {
                for file in &body.images[found].srcset {
                    assert_eq!(file.link, counts[0]);
                    counts[0] += 1;
                }
                (3, found, false)
            }
            HoleKind::Listing(found) => (4, found, false),
        };
        assert_eq!(kind.1, counts[kind.0], "each is shown once, in order");
        counts[kind.0] += 1;
        if kind.2 {
            open.push(hole.kind);
        }
    }
    assert!(open.is_empty());
    let tables = [
        body.links.len(),
        body.components.len(),
        body.citations.len(),
        body.images.len(),
        body.listings.len(),
    ];
    assert_eq!(counts, tables);
}

/// Checks that every element closes, in order, and that nothing forbidden is in a tag.
fn check_html(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').expect("a tag ends") + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
            continue;
        }
        let name = tag.split([' ', '>']).next().unwrap_or_default();
        assert!(
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "{html}"
        );
        assert_ne!(name, "script");
        assert!(
            !tag.contains(" style") && !tag.contains(" on") && !tag.contains("href=\"javascript:"),
            "{html}"
        );
        if !matches!(name, "br" | "hr" | "img" | "input" | "mspace") {
            open.push(name);
        }
    }
    assert_eq!(open, [""; 0], "{html}");
}

proptest! {
    #[test]
    fn any_text_parses_into_a_sound_body(text in markdown(40)) {
        let options = MarkdownOptions { math: text.len() % 2 == 0, ..MarkdownOptions::default() };
        let (body, diagnostics) = parse(&text, 0, &SourceId::new("page.md"), &options);
        check(&text, &body);
        check_html(&body.html.get());
        for found in &diagnostics {
            prop_assert!(text.get(found.span.range()).is_some());
        }
    }

    #[test]
    fn refused_html_is_text(text in markdown(30)) {
        let (body, _) = parse(&text, 0, &SourceId::new("page.md"), &with_html(RawHtml::Refuse));
        check(&text, &body);
        check_html(&body.html.get());
    }
}
