use super::*;
use crate::packed::Text;
use crate::parse::body::HoleKind;
use crate::parse::body::LinkKind;
use crate::parse::text::{BlockKind, Linkable};

/// Returns the HTML of `text` with each hole shown as a mark.
fn html_with(text: &str, options: &MarkdownOptions) -> String {
    let (body, diagnostics) = parse(text, 0, &SourceId::new("page.md"), options);
    assert_eq!(messages(&diagnostics), [""; 0], "{text}");
    shown(&body)
}

fn html(text: &str) -> String {
    html_with(text, &MarkdownOptions::default())
}

fn messages(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|found| found.message.clone()).collect()
}

/// Fills the holes of `body` with marks; notes follow after `--`.
fn shown(body: &Body) -> String {
    let mut out = String::new();
    let mut at = 0;
    for hole in &body.holes {
        out.push_str(&body.html.get()[at..hole.at]);
        at = hole.at;
        out.push_str(&match hole.kind {
            HoleKind::Citation(index) => {
                let keys: Vec<_> =
                    body.citations[index].cites.iter().map(|cite| cite.key.as_str()).collect();
                format!("«{}»", keys.join(";"))
            }
            HoleKind::LinkStart(index) => format!("<a {}>", body.links[index].destination),
            HoleKind::Address(index) => format!("‹{}›", body.links[index].destination),
            HoleKind::LinkEnd(_) => "</a>".to_owned(),
            HoleKind::Image(index) => format!("<img {}>", body.images[index].src),
            HoleKind::Listing(index) => format!("<pre {}>", body.listings[index].language),
            HoleKind::ComponentStart(index) => format!("<{}:", body.components[index].name),
            HoleKind::ComponentEnd(index) => format!(":{}>", body.components[index].name),
            HoleKind::NoteReference { note, nth } => format!("^{note}.{nth}"),
        });
    }
    out.push_str(&body.html.get()[at..]);
    out
}

fn body(text: &str) -> Body {
    parse(text, 0, &SourceId::new("page.md"), &MarkdownOptions::default()).0
}

/// Returns the rule and the place of each finding in `text`.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    let (_, diagnostics) = parse(text, 0, &SourceId::new("page.md"), &MarkdownOptions::default());
    diagnostics.iter().map(|found| (found.rule.id, &text[found.span.range()])).collect()
}

fn with_html(raw_html: RawHtml) -> MarkdownOptions {
    MarkdownOptions { raw_html, ..MarkdownOptions::default() }
}

#[test]
fn paragraphs_have_emphasis_breaks_and_typographic_punctuation() {
    assert_eq!(
        html("*a* **b** ~~c~~ H~2~O x^2^ \"q\" it's -- ...\nd  \ne & <\n"),
        "<p><em>a</em> <strong>b</strong> <del>c</del> H<sub>2</sub>O x<sup>2</sup> “q” it’s – …\n\
         d<br>\ne &amp; &lt;</p>\n"
    );
    let plain = MarkdownOptions { smart_punctuation: false, ..MarkdownOptions::default() };
    assert_eq!(html_with("\"q\" --", &plain), "<p>&quot;q&quot; --</p>\n");
}

#[test]
fn templates_are_plain_text() {
    assert_eq!(html("{{ page.title }} {% if x %}"), "<p>{{ page.title }} {% if x %}</p>\n");
}

#[test]
fn headings_have_githubs_anchors_each_once() {
    assert_eq!(
        html(
            "# What's *new*?\n\n## A [@k] `c`\n\nA c\n---\n\n## [L](x.md) {#own .wide onclick=x lang=fr}\n"
        ),
        "<h1 id=\"whats-new\">What’s <em>new</em>?</h1>\n\
         <h2 id=\"a-c\">A «k» <code>c</code></h2>\n\
         <h2 id=\"a-c-1\">A c</h2>\n\
         <h2 id=\"own\" class=\"wide\" lang=\"fr\"><a x.md>L</a></h2>\n"
    );
    let body = body("## B {#a}\n\n## A\n\n## a\n");
    let headings: Vec<_> =
        body.headings.iter().map(|h| (&*h.id, h.explicit, h.text.as_str())).collect();
    assert_eq!(headings, [("a", true, "B"), ("a-1", false, "A"), ("a-2", false, "a")]);
}

#[test]
fn an_anchor_given_twice_is_found_at_the_second_place() {
    let text = "## A {#x}\n\n## B {#x}\n\n<i id=\"x\">c</i>\n";
    let (body, diagnostics) =
        parse(text, 0, &SourceId::new("page.md"), &MarkdownOptions::default());
    let places: Vec<_> = diagnostics.iter().map(|found| found.span.range()).collect();
    assert_eq!(places, [18..19, 29..30]);
    assert_eq!(diagnostics[0].related[0].0.range(), 7..8);
    assert_eq!(shown(&body), "<h2 id=\"x\">A</h2>\n<h2 id=\"b\">B</h2>\n<p><i>c</i></p>\n");
}

#[test]
fn a_lone_leading_heading_can_stand_in_for_the_title() {
    let options = MarkdownOptions { lift_title: true, ..MarkdownOptions::default() };
    let lift = |text| parse(text, 10, &SourceId::new("page.md"), &options).0;
    let lifted = lift("# The *title*\n\n## A\n");
    let title = lifted.title.as_ref().unwrap();
    assert_eq!((title.text.as_str(), title.range.clone()), ("The title", 10..23));
    assert_eq!((shown(&lifted).as_str(), lifted.headings.len()), ("<h2 id=\"a\">A</h2>\n", 1));
    assert_eq!(lift("# A\n\n# B\n").title, None);
    assert_eq!(lift("x\n\n# A\n").title, None);
    assert_eq!(body("# A\n").title, None);
    let (field, _) = parse_fragment("# A\n", &SourceId::new("page.md"), &options);
    assert_eq!((field.title, &*field.html.get()), (None, "<h1>A</h1>\n"));
}

#[test]
fn tables_scroll_and_have_classes_instead_of_styles() {
    assert_eq!(
        html("| Drug [@k] | mg | |\n|:-:|--:|:--|\n| a | 1 \\| 2 | *x* |\n"),
        "<div class=\"table-wrap\" tabindex=\"0\" role=\"region\" aria-label=\"Drug, mg\">\n<table>\n\
         <thead>\n<tr><th scope=\"col\" class=\"align-center\">Drug «k»</th>\
         <th scope=\"col\" class=\"align-right\">mg</th><td class=\"align-left\"></td></tr>\n</thead>\n\
         <tbody>\n<tr><td class=\"align-center\">a</td><td class=\"align-right\">1 | 2</td>\
         <td class=\"align-left\"><em>x</em></td></tr>\n</tbody>\n</table>\n</div>\n"
    );
    assert!(!html("| a |\n|---|\n").contains("tbody"));
}

#[test]
fn lists_may_have_tasks_whose_text_is_the_label() {
    assert_eq!(
        html("- [ ] a\n  - b\n- [x] c\n\n3. d\n"),
        "<ul>\n<li class=\"task\"><label><input type=\"checkbox\" disabled> a</label><ul>\n<li>b</li>\n\
         </ul>\n</li>\n<li class=\"task\"><label><input type=\"checkbox\" disabled checked> c</label></li>\n\
         </ul>\n<ol start=\"3\">\n<li>d</li>\n</ol>\n"
    );
    assert!(html("- [x] c\n\n- d\n").contains("checked> c</label></p>"));
}

#[test]
fn quotations_alerts_and_definitions() {
    assert_eq!(html("> q\n"), "<blockquote>\n<p>q</p>\n</blockquote>\n");
    assert_eq!(
        html("> [!WARNING]\n> w\n"),
        "<div class=\"alert alert-warning\" role=\"note\">\n<p class=\"alert-title\">Warning</p>\n\
         <p>w</p>\n</div>\n"
    );
    assert_eq!(html("t\n: d\n"), "<dl>\n<dt>t</dt>\n<dd>d</dd>\n</dl>\n");
}

#[test]
fn footnotes_are_gathered_in_the_order_of_their_references() {
    let body =
        body("x[^b] y[^a] z[^b] w[^none]\n\n[^a]: A[^c]\n[^b]: B [@k]\n[^c]: C\n[^unused]: U\n");
    let main = shown(&Body {
        html: Text::new(&body.html.get()[..body.main_end]),
        holes: body.holes[..body.main_holes].to_vec(),
        ..body.clone()
    });
    assert_eq!(main, "<p>x^0.0 y^1.0 z^0.1 w[^none]</p>\n");
    let html = body.html.get();
    let notes: Vec<_> = body
        .notes
        .iter()
        .map(|note| (&*note.label, &html[note.html.clone()], note.references, note.holes.len()))
        .collect();
    assert_eq!(notes, [("b", "<p>B </p>", 2, 1), ("a", "<p>A</p>", 1, 1), ("c", "<p>C</p>", 1, 0)]);
    assert!(body.text.blocks[1..].iter().all(|block| block.kind == BlockKind::Note));
}

#[test]
fn links_of_every_kind_keep_what_was_written() {
    let text = "[t *x*](../a.md#b \"T\") [r][d] <https://x.org/@k> <a@b.c> [[p#s]] [[p|q]] [](#fig)\n\n[d]: /e\\_f\n";
    let body = body(text);
    let links: Vec<_> = body
        .links
        .iter()
        .map(|link| {
            let place = &text[link.destination_range.clone()];
            (link.kind, link.destination.as_str(), link.text.as_str(), link.empty, place)
        })
        .collect();
    assert_eq!(
        links,
        [
            (LinkKind::Markdown, "../a.md#b", "t x", false, "../a.md#b"),
            (LinkKind::Markdown, "/e_f", "r", false, "[r][d]"),
            (LinkKind::Markdown, "https://x.org/@k", "https://x.org/@k", false, "https://x.org/@k"),
            (LinkKind::Markdown, "mailto:a@b.c", "a@b.c", false, "a@b.c"),
            (LinkKind::Wikilink, "p#s", "", true, "p#s"),
            (LinkKind::Wikilink, "p", "q", false, "p"),
            (LinkKind::Markdown, "#fig", "", true, "#fig"),
        ]
    );
    assert_eq!(body.links[0].title, "T");
    assert_eq!(&text[body.links[0].range.clone()], "[t *x*](../a.md#b \"T\")");
}

#[test]
fn links_and_images_may_not_run_programs() {
    assert_eq!(
        found("[a](javascript:x) ![b](data:image/png;base64,x)"),
        [("link-broken", "javascript:x"), ("image-missing", "![b](data:image/png;base64,x)")]
    );
    let body = body("[a](javascript:x) ![b](data:y)");
    assert_eq!(shown(&body), "<p>a b</p>\n");
}

#[test]
fn images_have_attributes_and_plain_alternative_text() {
    let text = "see ![a *b* @k](x.png \"T\"){width=400 decorative #fig .wide_x}.\n";
    let body = body(text);
    assert_eq!(shown(&body), "<p>see <img x.png>.</p>\n");
    let image = &body.images[0];
    assert_eq!((image.alt.as_str(), image.title.as_str()), ("a b", "T"));
    assert_eq!(image.attributes.id.as_deref(), Some("fig"));
    let pairs: Vec<_> =
        image.attributes.pairs.iter().map(|pair| &text[pair.range.clone()]).collect();
    assert_eq!(pairs, ["width=400", "decorative"]);
    assert_eq!(&*body.text.plain, "see.\n");
    assert!(html("[![a](x.png)](y.md)").starts_with("<p><a y.md><img x.png></a>"));
}

#[test]
fn citations_stand_wherever_text_does() {
    assert_eq!(html("See @a [p. 3] and [see *x* @b; -@c]."), "<p>See «a» and «b;c».</p>\n");
    assert_eq!(
        html("- [@a]\n\n> [@b,\n> p. 2] x\n"),
        "<ul>\n<li>«a»</li>\n</ul>\n<blockquote>\n<p>«b» x</p>\n</blockquote>\n"
    );
    assert_eq!(html("[@a, chap. [2]] [[@b]] [@c][@d]"), "<p>«a» [«b»] «c»«d»</p>\n");
    assert_eq!(html("[@a]: https://example.org"), "<p>«a»: https://example.org</p>\n");
    assert_eq!(html("*as [see* @a]"), "<p>*as «a»</p>\n");
    assert_eq!(
        html("\\@a a@b.c `[@a]` <i title=\"@a\">x</i> https://x.org/@a"),
        "<p>@a a@b.c <code>[@a]</code> <i title=\"@a\">x</i> https://x.org/@a</p>\n"
    );
    assert_eq!(html("`a [@b,\n c]`"), "<p><code>a [@b,  c]</code></p>\n");
    assert_eq!(html("<div>\n[@a]\n</div>\n"), "<div>\n[@a]\n</div>\n");
    assert_eq!(
        html("    [@a]\n"),
        "<pre class=\"code\" tabindex=\"0\"><code>[@a]\n</code></pre>\n"
    );
    assert_eq!(html("[see\n- @a]"), "<p>[see</p>\n<ul>\n<li>«a»]</li>\n</ul>\n");
}

#[test]
fn a_citation_in_a_link_follows_it_unless_it_is_part_of_the_sentence() {
    assert_eq!(html("[t [@a] u](y.md) v").lines().next(), Some("<p><a y.md>t  u</a>«a» v</p>"));
    let body = body("[as @a says](y.md) [@b]");
    assert_eq!(shown(&body), "<p><a y.md>as «a» says</a> «b»</p>\n");
    assert_eq!(body.citations.iter().map(|c| c.in_link).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn ranges_are_those_of_the_file() {
    let page = "---\n---\ntext [@a] [l](b.md)\n";
    let (body, _) = parse(&page[8..], 8, &SourceId::new("page.md"), &MarkdownOptions::default());
    assert_eq!(&page[body.citations[0].range.clone()], "[@a]");
    assert_eq!(&page[body.citations[0].cites[0].key_range.clone()], "a");
    assert_eq!(&page[body.links[0].destination_range.clone()], "b.md");
    assert_eq!(&page[body.text.blocks[0].source.range()], "text [@a] [l](b.md)");
}

#[test]
fn code_blocks_with_a_language_are_listings() {
    let body = body("```rust\nfn x() {} // [@a]\n```\n\n```{.python}\n:::\n```\n\n```\n<b>\n```\n");
    let listings: Vec<_> = body.listings.iter().map(|l| (&*l.language, &*l.code)).collect();
    assert_eq!(listings, [("rust", "fn x() {} // [@a]\n"), ("python", ":::\n")]);
    assert!(body.html.get().ends_with("<code>&lt;b&gt;\n</code></pre>\n"));
    assert_eq!(&*body.text.plain, "");
}

#[test]
fn formulas_become_mathml_only_where_they_are_asked_for() {
    let options = MarkdownOptions { math: true, ..MarkdownOptions::default() };
    let html_of = |text| html_with(text, &options);
    assert_eq!(html_of("costs $20–$30"), "<p>costs $20–$30</p>\n");
    assert_eq!(
        html_of("$x$"),
        "<p><math display=\"inline\"><semantics><mrow><mi>x</mi></mrow>\
         <annotation encoding=\"application/x-tex\">x</annotation></semantics></math></p>\n"
    );
    assert!(html_of("$$x_1$$").contains("<math display=\"block\">"));
    assert_eq!(html("$x$"), "<p>$x$</p>\n");
    let (body, found) = parse("a $\\frac{1}$ b", 0, &SourceId::new("page.md"), &options);
    assert_eq!(&*body.html.get(), "<p>a <code class=\"math-error\">\\frac{1}</code> b</p>\n");
    assert_eq!((found[0].rule.id, found[0].span.range()), ("math-syntax", 2..12));
}

#[test]
fn components_nest_and_hold_markdown() {
    assert_eq!(
        html(":::: {.facts treatment=x}\ntext\n::: key-points\n- One\n:::\n::::\nafter\n"),
        "<facts:<p>text</p>\n<key-points:<ul>\n<li>One</li>\n</ul>\n:key-points>:facts><p>after</p>\n"
    );
    assert_eq!(
        html("- a\n\n  ::: b\n  c\n  :::\n"),
        "<ul>\n<li><p>a</p>\n<b:<p>c</p>\n:b></li>\n</ul>\n"
    );
    assert_eq!(html("> ::: b\n> c\n> :::\n"), "<blockquote>\n<b:<p>c</p>\n:b></blockquote>\n");
    assert_eq!(html("t\n: d\n\n::: a\n:::\n"), "<dl>\n<dt>t</dt>\n<dd>d</dd>\n</dl>\n<a::a>");
    let body = body("::: {.a k=v}\n:::\n");
    assert_eq!(body.components[0].range, 0..12);
}

#[test]
fn components_are_not_seen_in_code_or_raw_html() {
    assert_eq!(body("```\n::: a\n```\n\n    ::: b\n\n<!--\n::: c\n-->\n").components, []);
    assert_eq!(html("<div>\n::: a\n</div>\n"), "<div>\n::: a\n</div>\n");
}

#[test]
fn components_that_do_not_close_or_open_are_found() {
    let rule = "component-unknown";
    assert_eq!(found("::: a\ntext\n"), [(rule, "::: a")]);
    assert_eq!(found("text\n\n:::\n"), [(rule, ":::")]);
    assert_eq!(found(":::: a\n::: b\n::::\n"), [(rule, "::: b")]);
    assert_eq!(found("- ::: a\n\n:::\n"), [(rule, "::: a"), (rule, ":::")]);
    assert_eq!(found("::: {.a =}\n:::\n"), [(rule, "=")]);
    assert_eq!(shown(&body("- ::: a\n\n:::\n")), "<ul>\n<li><a::a></li>\n</ul>\n");
}

#[test]
fn the_text_index_says_what_stands_where() {
    let text = "# H\n\ntext [@a]. *The* `code` [l](x) a & b ![i](j).\n\n> q\n\n| c |\n|---|\n\n::: figure\ncap\n\n| tabled |\n|---|\n:::\n\n::: {.x autolink=false}\nout\n:::\n\nraw <a href=x>y</a>\n";
    let captioned = std::sync::Arc::new(["figure".to_owned()].into());
    let options = MarkdownOptions { captioned, ..MarkdownOptions::default() };
    let (body, _) = parse(text, 0, &SourceId::new("page.md"), &options);
    let blocks: Vec<_> = body
        .text
        .blocks
        .iter()
        .map(|block| (block.kind, body.text.block_text(block), block.heading, block.component))
        .collect();
    assert_eq!(
        blocks,
        [
            (BlockKind::Heading, "H", Some(0), None),
            (BlockKind::Prose, "text. The code l a & b.", Some(0), None),
            (BlockKind::Quotation, "q", Some(0), None),
            (BlockKind::Cell, "c", Some(0), None),
            (BlockKind::Caption, "cap", Some(0), Some(0)),
            (BlockKind::Cell, "tabled", Some(0), Some(0)),
            (BlockKind::Prose, "out", Some(0), Some(1)),
            (BlockKind::Prose, "raw y", Some(0), None),
        ]
    );
    let linkable = |word: &str| {
        let at = body.text.plain.find(word).unwrap();
        let segment = body.text.segment_at(at).unwrap();
        assert!(
            body.html.get()[segment.html_at(at, &body.text.plain)..].starts_with(word),
            "{word}"
        );
        segment.linkable
    };
    assert_eq!(linkable("H"), Linkable::Heading);
    assert_eq!(linkable("The"), Linkable::Yes);
    assert_eq!(linkable("code"), Linkable::Code);
    assert_eq!(linkable("l a"), Linkable::Link);
    assert_eq!(linkable("q"), Linkable::Quotation);
    assert_eq!(linkable("cap"), Linkable::Caption);
    assert_eq!(linkable("tabled"), Linkable::Yes);
    assert_eq!(linkable("out"), Linkable::OptedOut);
    assert_eq!(linkable("y"), Linkable::Link);
}

#[test]
fn a_text_says_where_names_and_titles_are_shown() {
    let text = body(
        "Then @a [p. 4] said. @b, too [@c]. [[nova]] and [](../classes/jak-inhibitors.md#x) \
         work as [](#tbl-x) and [](https://a.example) say.\n",
    );
    assert_eq!(
        &*text.text.plain,
        "Then … said. …, too. Nova and Jak inhibitors work as … and … say.\n"
    );
}

#[test]
fn fragments_have_no_anchors_of_their_own() {
    let (body, _) =
        parse_fragment("## A\n", &SourceId::new("page.md"), &MarkdownOptions::default());
    assert_eq!(&*body.html.get(), "<h2>A</h2>\n");
}

mod places;
mod properties;
mod raw;

#[test]
fn line_ends_of_windows_are_line_ends() {
    let body = body("```rust\r\nx\r\ny\r\n```\r\n\r\na [@k,\r\np. 3] b\r\n::: x\r\n:::\r\n");
    assert_eq!(shown(&body), "<pre rust>\n<p>a «k» b</p>\n<x::x>");
    assert_eq!(&*body.listings[0].code, "x\ny\n");
    assert_eq!(body.citations[0].cites[0].locator.as_ref().unwrap().value, "3");
}

/// Returns how much longer eight times the text takes to parse than the text.
fn growth(piece: &str, times: usize) -> f64 {
    let options = MarkdownOptions::default();
    let time = |times: usize| {
        let text = piece.repeat(times);
        let took = || {
            let start = std::time::Instant::now();
            std::hint::black_box(parse(&text, 0, &SourceId::new("page.md"), &options));
            start.elapsed().as_secs_f64()
        };
        (0..3).map(|_| took()).fold(f64::INFINITY, f64::min)
    };
    time(8 * times) / time(times)
}

#[test]
fn hostile_text_costs_in_proportion_to_its_length() {
    let pieces = [
        "![@a](",
        "[@a](<",
        "[@a](x (",
        "[@a][x]",
        "<b></i>",
        "<a href=x>",
        "<div>\n</p>\n\n",
        "[[",
        "![a][",
        "::: x\n",
        "[^1]",
    ];
    for piece in pieces {
        // In proportion it would be 8, with the square of the length 64. Whatever else the
        // machine does can only make it seem more: once below the middle is enough.
        let mut grown = (0..8).map(|_| growth(piece, 300));
        assert!(grown.any(|grown| grown < 28.0), "{piece:?} costs the square of its length");
    }
}

/// Returns what is found in `text`, each as `PLACE: message`.
fn findings(text: &str) -> Vec<String> {
    let (_, found) = parse(text, 0, &SourceId::new("page.md"), &MarkdownOptions::default());
    found.iter().map(|found| format!("{}: {}", &text[found.span.range()], found.message)).collect()
}

#[test]
fn no_footnote_goes_unshown_in_silence() {
    assert_eq!(findings("a[^b] c[^B]\n\n[^b]: B\n"), [""; 0]);
    assert_eq!(
        findings("a[^zzz] and `[^x]` and \\[^y] and [^z](u)\n"),
        ["[^zzz]: there is no footnote `zzz`"]
    );
    let classes = "Use [^0-9], [^a-z] and <code>[^x]</code> or <kbd>[^y]</kbd>, [^\"].\n";
    assert_eq!(findings(classes), [""; 0]);
    assert_eq!(
        findings("a\n\n[^u]: U\n"),
        ["[^u]: nothing refers to the footnote `u`: it is not shown"]
    );
    assert_eq!(
        findings("a[^d]\n\n[^d]: one\n\n[^d]: two\n"),
        ["[^d]: the footnote `d` is defined twice: only the first is shown"]
    );
}

#[test]
fn a_wikilink_in_a_table_has_its_text() {
    let html = html("| a |\n|---|\n| [[about\\|text]] |\n");
    assert!(html.contains("<td><a about>text</a></td>"), "{html}");
}

#[test]
fn a_quotation_mark_that_can_only_close_closes() {
    assert_eq!(html("A 6\" catheter\n"), "<p>A 6” catheter</p>\n");
    assert_eq!(html("\"He said \"no\".\"\n"), "<p>“He said “no”.”</p>\n");
    assert_eq!(html("an \"open one\n"), "<p>an “open one</p>\n");
    assert_eq!(body("## A 6\" tube\n").headings[0].text, "A 6” tube");
}
