//! Raw HTML, and comments in it.

use super::*;

#[test]
fn raw_html_passes_without_what_never_may() {
    assert_eq!(
        html(
            "a <b onclick=x style='y' id=\"z\">b</b> <!-- c --><a href=\"javascript:x\">d</a> <i>e\n"
        ),
        "<p>a <b id=\"z\">b</b> <a>d</a> <i>e</i></p>\n"
    );
    assert_eq!(
        html(
            "<div class=x>\n<script>\nalert(1)\n</script>\n<style>p{}</style>a < b\n\n*m*\n\n</div></p>\n"
        ),
        "<div class=\"x\">\n\na &lt; b\n<p><em>m</em></p>\n</div>\n"
    );
    assert_eq!(html("a <div>b</div>"), "<p>a b</p>\n");
    assert_eq!(
        html("<p><svg><title>A</title></svg><title>b</title></p>\n"),
        "<p><svg><title>A</title></svg>b</p>\n"
    );
    assert_eq!(
        html("<iframe src=\"https://x.org\"></iframe>\n"),
        "<iframe src=\"‹https://x.org›\"></iframe>\n"
    );
    let body = body("<span id=\"x\">a</span>\n");
    assert_eq!((&*body.anchors[0].id, body.anchors[0].range.clone()), ("x", 10..11));
}

#[test]
fn what_raw_html_embeds_is_looked_up() {
    assert_eq!(
        html(
            "<video controls src=a.mp4 poster='b.png' SRC=c>\n<source srcset=\"d.png, e&amp;f.png 2x\">\n</video>\n"
        ),
        "<video controls src=\"‹a.mp4›\" poster=\"‹b.png›\">\n\
         <source srcset=\"‹d.png›, ‹e&f.png› 2x\">\n</video>\n"
    );
    let text = "<img srcset=\"a.png 1x, b.png 2x\" src=\"a.png\">";
    let body = body(text);
    let places = body.links.iter().map(|link| &text[link.destination_range.clone()]);
    assert_eq!(places.collect::<Vec<_>>(), ["a.png", "b.png"]);
    let files = body.images[0].srcset.iter().map(|file| (file.link, &*file.descriptor));
    assert_eq!(files.collect::<Vec<_>>(), [(0, "1x"), (1, "2x")]);
    assert_eq!(
        html("<audio src=\"javascript:x\" poster></audio>\n"),
        "<p><audio poster></audio></p>\n"
    );
}

#[test]
fn raw_html_is_sanitized_or_refused_by_option() {
    let sanitize = with_html(RawHtml::Sanitize);
    assert_eq!(
        html_with(
            "<iframe src=\"https://x.org\"></iframe>\n\na <kbd foo=x class=k>b</kbd>\n",
            &sanitize
        ),
        "<p>a <kbd class=\"k\">b</kbd></p>\n"
    );
    let refuse = with_html(RawHtml::Refuse);
    assert_eq!(
        html_with("a <b>b</b> <!-- c -->\n\n<div>\nx\n</div>\n<!-- d -->\n", &refuse),
        "<p>a &lt;b&gt;b&lt;/b&gt; </p>\n<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n"
    );
}

#[test]
fn tags_after_lines_that_end_as_on_windows_are_found() {
    let text = "<b>\r\na\u{ad}<a href=x>\u{ad}</a>\r\n<table>\r\n<tr><td>\u{ad}</table>";
    let (body, _) = parse(text, 0, &SourceId::new("a.md"), &with_html(RawHtml::Allow));
    assert_eq!(&text[body.links[0].destination_range.clone()], "x");
    assert!(text.get(body.headless_tables[0].clone()).is_some());
}

#[test]
fn allow_comments_govern_their_block_or_the_next() {
    let text = "<!-- galen: allow r-a, r-b: why -->\n\n- x\n- y\n\ntext <!-- galen: allow r-c: w --> more\n\n<!-- galen: allow r-d: z -->\n::: a\nb\n:::\n\n<!-- galen: allow r-e: end -->\n";
    let body = body(text);
    let allows: Vec<_> = body
        .allows
        .iter()
        .map(|allow| (&*allow.rule, &*allow.reason, text[allow.governs.clone()].trim()))
        .collect();
    assert_eq!(
        allows,
        [
            ("r-a", "why", "- x\n- y"),
            ("r-b", "why", "- x\n- y"),
            ("r-c", "w", "text <!-- galen: allow r-c: w --> more"),
            ("r-d", "z", "::: a\nb\n:::"),
            ("r-e", "end", "<!-- galen: allow r-e: end -->"),
        ]
    );
    assert_eq!(&text[body.allows[2].range.clone()], "<!-- galen: allow r-c: w -->");
    assert!(!body.html.get().contains("galen"));
}

#[test]
fn comments_that_lose_text_or_mean_nothing_are_found() {
    assert_eq!(
        findings("a\n\n<!-- b\n\nc\n"),
        ["<!--: this comment is never closed, so that what follows is lost"]
    );
    assert_eq!(
        findings("a\n\n<p>é<!--\n\n"),
        ["<!--: this comment is never closed, so that what follows is lost"]
    );
    assert_eq!(findings("<!-- b\n\n-->\n\n<!-->\n\nc <!-- d --> e\n"), [""; 0]);
    let raw_text = "<style>/* <!-- */</style>\n\n<script>\n// <!-- x\n</script>\n\nz\n";
    let options = with_html(RawHtml::Allow);
    assert_eq!(parse(raw_text, 0, &SourceId::new("page.md"), &options).1, []);
    let allow = "<!-- galen: allow r: why -->";
    assert_eq!(
        findings(&format!("{allow} text [@k]\n")),
        [format!("{allow}: text after this comment, on its line, is not read as Markdown")]
    );
    assert_eq!(findings(&format!("{allow}\ntext\n\ntext {allow} more\n")), [""; 0]);
    for (comment, message) in [
        ("<!-- galen: allow r -->", "this `allow` of `r` gives no reason"),
        ("<!-- galen: alow r: x -->", "galen knows no comment `alow`, only `allow`"),
        ("<!-- galen: allow -->", "this `allow` names no rule"),
    ] {
        assert_eq!(findings(&format!("{comment}\n\ntext\n")), [format!("{comment}: {message}")]);
    }
    assert_eq!(body("<!-- galen: allow r -->\n\ntext\n").allows, []);
}

#[test]
fn a_comment_before_a_footnote_governs_it() {
    let text = "a[^b]\n\n<!-- galen: allow r: why -->\n\n[^b]: B\n\nc\n";
    assert_eq!(text[body(text).allows[0].governs.clone()].trim(), "[^b]: B");
}
