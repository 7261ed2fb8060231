//! A page's main element in Markdown.
//!
//! [`of_page`] is a walk over the tree: [`blocks`] writes what stands below each other, a
//! line between, and [`inline`] what stands in a line. Entities stay, since Markdown knows
//! them; other signs that mean something in Markdown are escaped. What only helps to get about (menus, contents, ways back) is left out.

use std::borrow::Cow;

use crate::html::{escape, unescape};

use super::html::{Element, Node, nodes};

/// Elements that no copy holds.
const LEFT_OUT: &[&str] = &[
    "button", "dialog", "footer", "form", "link", "meta", "nav", "noscript", "script", "style",
    "svg", "template",
];

/// Elements that stand in a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img",
    "input", "ins", "kbd", "label", "mark", "math", "q", "s", "samp", "small", "span", "strong",
    "sub", "sup", "time", "u", "var", "wbr",
];

/// Returns the main element of a page in Markdown.
pub(super) fn of_page(html: &str) -> String {
    let start = html.find("<main").unwrap_or(0);
    let end = html.rfind("</main>").unwrap_or(html.len());
    let mut all = Vec::new();
    blocks(&nodes(&html[start..end.max(start)]), &mut all);
    let mut text = all.join("\n\n");
    text.push('\n');
    text
}

/// Returns plain text as Markdown, in one line.
pub(super) fn of_text(text: &str) -> String {
    let mut line = String::new();
    push_text(&escape(text), &mut line);
    line.trim().to_owned()
}

/// Returns a link with `text`, which is Markdown.
pub(super) fn link(text: &str, address: &str) -> String {
    format!("[{text}]({})", address.replace('(', "%28").replace(')', "%29"))
}

fn is_left_out(element: &Element<'_>) -> bool {
    LEFT_OUT.contains(&&*element.name)
        || element.attribute("hidden").is_some()
        || element.attribute("role") == Some("doc-backlink")
        || ["hidden", "backlinks", "left"].iter().any(|class| element.has_class(class))
}

/// Writes each block of `nodes`; what stands in a line between two blocks is one itself.
fn blocks(nodes: &[Node<'_>], into: &mut Vec<String>) {
    let mut line = String::new();
    for node in nodes {
        match node {
            Node::Element(element) if is_left_out(element) => {}
            Node::Element(element) if !INLINE.contains(&&*element.name) => {
                end_line(&mut line, into);
                block(element, into);
            }
            node => inline(node, &mut line),
        }
    }
    end_line(&mut line, into);
}

fn end_line(line: &mut String, into: &mut Vec<String>) {
    let text = std::mem::take(line);
    if !text.trim().is_empty() {
        let lines: Vec<Cow<'_, str>> = text.trim().split('\n').map(guarded).collect();
        into.push(lines.join("\n"));
    }
}

/// Returns a line of text with a backslash before what would begin another kind of block.
fn guarded(line: &str) -> Cow<'_, str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (sign, rest) = match line[digits..].split_at_checked(1) {
        Some((sign, _)) => (sign, line[digits..].trim_start_matches(sign)),
        None => return Cow::Borrowed(line),
    };
    let is_apart = rest.is_empty() || rest.starts_with(' ');
    let is_once = line.len() - digits - rest.len() == 1;
    let is_mark = match sign {
        "." | ")" => (1..=9).contains(&digits) && is_once && is_apart,
        "+" => digits == 0 && is_once && is_apart,
        // A list, a line across, or a heading of the line before.
        "-" | "=" | "#" => digits == 0 && is_apart,
        "|" => digits == 0,
        ":" => digits == 0 && (is_apart || !is_once),
        _ => false,
    };
    match is_mark {
        true => Cow::Owned(format!("{}\\{}", &line[..digits], &line[digits..])),
        false => Cow::Borrowed(line),
    }
}

fn block(element: &Element<'_>, into: &mut Vec<String>) {
    match element.name.as_str() {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let level = usize::from(element.name.as_bytes()[1] - b'0');
            let mut text = line(&element.children);
            // A sign at the end would belong to the mark of the heading.
            if text.ends_with('#') {
                text.insert(text.len() - 1, '\\');
            }
            if !text.is_empty() {
                into.push(format!("{} {text}", "#".repeat(level)));
            }
        }
        "ul" => into.extend(list(element, |_| "- ".to_owned())),
        "ol" => {
            let first = element.attribute("start").and_then(|start| start.parse().ok());
            let first: usize = first.unwrap_or(1);
            into.extend(list(element, |index| format!("{}. ", first + index)));
        }
        "blockquote" => {
            let mut inner = Vec::new();
            blocks(&element.children, &mut inner);
            into.push(indented(&inner.join("\n\n"), "> ", "> "));
        }
        "pre" => {
            let code = unescape(&text_of(&element.children));
            // More backticks than the code has in a row.
            let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            into.push(format!("{fence}{}\n{}\n{fence}", language(element), code.trim_end()));
        }
        "table" => table(element, into),
        "dl" => into.extend(terms(element)),
        "hr" => into.push("---".to_owned()),
        _ => blocks(&element.children, into),
    }
}

/// Returns the language of a block of code, as its fence names it.
fn language(block: &Element<'_>) -> String {
    let classes = elements(block).find_map(|code| code.attribute("class")).unwrap_or_default();
    let mut classes = classes.split_whitespace();
    let language = classes.find_map(|class| class.strip_prefix("language-")).map(unescape);
    language.filter(|language| !language.contains('`')).unwrap_or_default().to_string()
}

/// Returns a list, as one block; `None` for an empty one.
fn list(element: &Element<'_>, mark: impl Fn(usize) -> String) -> Option<String> {
    let items = elements(element).filter(|item| item.name == "li" && !is_left_out(item));
    let items = items.enumerate().map(|(index, item)| {
        let mut inner = Vec::new();
        blocks(&item.children, &mut inner);
        let mark = mark(index);
        indented(&inner.join("\n\n"), &mark, &" ".repeat(mark.len()))
    });
    let items: Vec<String> = items.collect();
    (!items.is_empty()).then(|| items.join("\n"))
}

/// Returns `text` with `first` before its first line and `others` before the others.
fn indented(text: &str, first: &str, others: &str) -> String {
    let mut out = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let before = if index == 0 { first } else { others };
        out.push_str(if line.is_empty() { before.trim_end() } else { before });
        out.push_str(line);
    }
    out
}

/// Returns what a list of terms says, a line each; of a term with several meanings a list.
fn terms(element: &Element<'_>) -> Option<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    let grouped = elements(element).flat_map(|part| match part.name.as_str() {
        "div" => elements(part).collect(),
        _ => vec![part],
    });
    for part in grouped.filter(|part| !is_left_out(part)) {
        let mut inner = Vec::new();
        blocks(&part.children, &mut inner);
        match (part.name.as_str(), lines.last_mut()) {
            ("dt", _) => lines.push((line(&part.children), Vec::new())),
            ("dd", Some((_, meanings))) => meanings.push(inner.join("\n\n")),
            _ => {}
        }
    }
    let lines = lines.iter().map(|(term, meanings)| match meanings.as_slice() {
        [] => format!("- **{term}**"),
        [one] => {
            let apart = if one.contains('\n') { "\n  " } else { " " };
            format!("- **{term}**:{apart}{}", indented(one, "", "  "))
        }
        several => {
            let several = several.iter().map(|meaning| indented(meaning, "  - ", "    "));
            format!("- **{term}**:\n{}", several.collect::<Vec<_>>().join("\n"))
        }
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn table(element: &Element<'_>, into: &mut Vec<String>) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for part in elements(element) {
        match part.name.as_str() {
            "caption" => into.push(format!("*{}*", line(&part.children))),
            "tr" => rows.push(cells(part)),
            _ => rows.extend(elements(part).filter(|row| row.name == "tr").map(cells)),
        }
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if width == 0 {
        return;
    }
    let row = |cells: &[String]| {
        let cells = (0..width).map(|at| cells.get(at).map_or("", String::as_str));
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut lines = vec![row(&rows[0]), format!("|{}", "---|".repeat(width))];
    lines.extend(rows[1..].iter().map(|cells| row(cells)));
    into.push(lines.join("\n"));
}

fn cells(row: &Element<'_>) -> Vec<String> {
    let cells = elements(row).filter(|cell| matches!(cell.name.as_str(), "td" | "th"));
    cells.map(|cell| cell_text(cell).replace('|', "\\|")).collect()
}

/// Returns what a cell says, in one line.
fn cell_text(cell: &Element<'_>) -> String {
    let mut inner = Vec::new();
    blocks(&cell.children, &mut inner);
    inner.join(" ").replace('\n', " ")
}

fn elements<'n, 'a>(element: &'n Element<'a>) -> impl Iterator<Item = &'n Element<'a>> {
    element.children.iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    })
}

/// Returns `nodes` in one line.
fn line(nodes: &[Node<'_>]) -> String {
    let mut text = String::new();
    nodes.iter().for_each(|node| inline(node, &mut text));
    text.trim().to_owned()
}

fn inline(node: &Node<'_>, into: &mut String) {
    let element = match node {
        Node::Text(text) => return push_text(text, into),
        Node::Element(element) if is_left_out(element) => return,
        Node::Element(element) => element,
    };
    match element.name.as_str() {
        "br" => into.push_str("\\\n"),
        "b" | "strong" => wrapped(element, "**", into),
        "em" | "i" | "cite" | "dfn" => wrapped(element, "*", into),
        "del" | "s" => wrapped(element, "~~", into),
        "code" | "kbd" | "samp" => {
            into.push_str(&code(&unescape(&text_of(&element.children))));
        }
        "math" => into.push_str(&formula(element)),
        "a" => anchor(element, into),
        "img" => {
            let alt = element.attribute("alt").unwrap_or_default();
            let src = element.attribute("src").unwrap_or_default();
            into.push_str(&format!("!{}", link(&escaped(alt), src)));
        }
        "input" if element.attribute("type") == Some("checkbox") => {
            let is_checked = element.attribute("checked").is_some();
            into.push_str(if is_checked { "[x] " } else { "[ ] " });
        }
        "sub" => wrapped_in(element, "<sub>", "</sub>", into),
        // A citation's number is raised by how it looks.
        "sup" if !cites(element) => wrapped_in(element, "<sup>", "</sup>", into),
        _ => element.children.iter().for_each(|node| inline(node, into)),
    }
}

/// Returns code in a line, between more backticks than it has in a row.
fn code(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let mark = "`".repeat(longest + 1);
    match code.starts_with('`') || code.ends_with('`') {
        true => format!("{mark} {code} {mark}"),
        false => format!("{mark}{code}{mark}"),
    }
}

/// Returns a formula as it was written, where it says how; else what it shows.
fn formula(math: &Element<'_>) -> String {
    let Some(source) = annotation(math) else { return escaped(&text_of(&math.children)) };
    let mark = if math.attribute("display") == Some("block") { "$$" } else { "$" };
    format!("{mark}{}{mark}", unescape(&source))
}

fn annotation(element: &Element<'_>) -> Option<String> {
    elements(element).find_map(|inner| match inner.attribute("encoding") {
        Some("application/x-tex") => Some(text_of(&inner.children)),
        _ => annotation(inner),
    })
}

fn escaped(text: &str) -> String {
    let mut line = String::new();
    push_text(text, &mut line);
    line
}

fn cites(element: &Element<'_>) -> bool {
    elements(element).any(|inner| {
        matches!(inner.attribute("role"), Some("doc-biblioref" | "doc-noteref")) || cites(inner)
    })
}

fn anchor(element: &Element<'_>, into: &mut String) {
    let text = line(&element.children);
    let href = element.attribute("href").unwrap_or_default();
    let is_mark = matches!(element.attribute("role"), Some("doc-biblioref" | "doc-noteref"));
    match (text.is_empty(), href) {
        (true, _) => {}
        // The numbers of the list below.
        (false, _) if is_mark && text.starts_with(|c: char| c.is_ascii_digit()) => {
            into.push_str(&format!("\\[{text}\\]"));
        }
        (false, "") => into.push_str(&text),
        (false, href) if href.starts_with('#') => into.push_str(&text),
        (false, href) => into.push_str(&link(&text, href)),
    }
}

fn wrapped(element: &Element<'_>, mark: &str, into: &mut String) {
    wrapped_in(element, mark, mark, into);
}

fn wrapped_in(element: &Element<'_>, start: &str, end: &str, into: &mut String) {
    let text = line(&element.children);
    if !text.is_empty() {
        into.push_str(&format!("{start}{text}{end}"));
    }
}

/// Appends text with single spaces, and signs that mean something in Markdown escaped.
fn push_text(text: &str, into: &mut String) {
    for (at, c) in text.char_indices() {
        match c {
            c if c.is_ascii_whitespace() => {
                if !into.ends_with([' ', '\n']) {
                    into.push(' ');
                }
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' => into.extend(['\\', c]),
            // A formula begins so, and a price does not.
            '$' if text[at + 1..]
                .starts_with(|c: char| !c.is_whitespace() && !c.is_ascii_digit()) =>
            {
                into.push_str("\\$");
            }
            c => into.push(c),
        }
    }
}

/// Returns the text of `nodes` as it is written.
fn text_of(nodes: &[Node<'_>]) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            Node::Text(own) => text.push_str(own),
            Node::Element(element) => text.push_str(&text_of(&element.children)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, markdown: &str) {
        let page = format!("<body><nav>x</nav><main>{html}</main><footer>y</footer></body>");
        assert_eq!(of_page(&page), format!("{markdown}\n"));
    }

    #[test]
    fn what_stands_in_a_line_is_marked() {
        check(
            "<h2 id=a>A <em>b</em></h2><p>x\n <strong>y</strong>, <a href=\"../z/\">z</a> &amp; \
             <code>a&lt;b</code> * H<sub>2</sub>O<sup>a</sup>",
            "## A *b*\n\nx **y**, [z](../z/) &amp; `a<b` \\* H<sub>2</sub>O<sup>a</sup>",
        );
    }

    #[test]
    fn citations_are_the_numbers_of_the_list() {
        check(
            "<p>So<sup><a role=\"doc-biblioref\" href=\"#ref-a\">2</a></sup>.</p><ol>\
             <li><span class=\"left\">1.</span> One. <a role=\"doc-backlink\" href=\"#c\">↑</a></li>\
             <li>Two.</li></ol>",
            "So\\[2\\].\n\n1. One.\n2. Two.",
        );
    }

    #[test]
    fn lists_tables_and_terms_keep_their_shape() {
        check(
            "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>",
            "- a\n\n  - b\n- c\n\n  d",
        );
        check(
            "<table><caption>C</caption><thead><tr><th>a</th><th>b</th></tr></thead><tbody>\
             <tr><td>1|2</td></tr></tbody></table>",
            "*C*\n\n| a | b |\n|---|---|\n| 1\\|2 |  |",
        );
        check("<dl><div><dt>Kind</dt><dd>sort</dd></div></dl>", "- **Kind**: sort");
        check("<dl><dt>t</dt><dd>a</dd><dd>b</dd></dl>", "- **t**:\n  - a\n  - b");
        check("<blockquote><p>q</p><p>r</p></blockquote><hr>", "> q\n>\n> r\n\n---");
        check("<pre><code>a &lt; ```\n</code></pre>", "````\na < ```\n````");
    }

    #[test]
    fn text_stays_text() {
        for line in [
            "1986. A great year",
            "2) no",
            "# not a heading",
            "- x",
            "+ x",
            "| a | b |",
            "---",
            ": x",
            "::: note",
            "=",
        ] {
            let at = line.find(|c: char| !c.is_ascii_digit()).unwrap();
            let escaped = format!("{}\\{}", &line[..at], &line[at..]);
            check(&format!("<p>{line}</p>"), &escaped);
            check(&format!("<ul><li>{line}</li></ul>"), &format!("- {escaped}"));
            check(&format!("<p>x<br>{line}</p>"), &format!("x\\\n{escaped}"));
        }
        for line in ["1986 was", "1.5 kg", "-5 °C", "#1", "+1", "1234567890. x", "é", "12", ":x"]
        {
            check(&format!("<p>{line}</p>"), line);
        }
        check("<p>~~~ a~b</p>", "\\~\\~\\~ a\\~b");
        check("<h2>C #</h2>", "## C \\#");
        check("<p>$x$ costs $20, US$ 5</p>", "\\$x$ costs $20, US$ 5");
        assert_eq!(of_text("List<T> [a] & *b*"), "List&lt;T&gt; \\[a\\] &amp; \\*b\\*");
    }

    #[test]
    fn code_and_formulas_are_as_they_were_written() {
        check(
            "<pre class=\"code\"><code class=\"language-rust\"><span>fn</span> a()</code></pre>",
            "```rust\nfn a()\n```",
        );
        check("<p><code>a``b</code> <code>`</code></p>", "```a``b``` `` ` ``");
        let formula = |display: &str| {
            format!(
                "<p>So <math display=\"{display}\"><semantics><mrow><mi>x</mi></mrow><annotation \
                 encoding=\"application/x-tex\">x_1 &lt; y</annotation></semantics></math>.</p>"
            )
        };
        check(&formula("inline"), "So $x_1 < y$.");
        check(&formula("block"), "So $$x_1 < y$$.");
    }

    #[test]
    fn what_only_helps_to_get_about_is_left_out() {
        check(
            "<nav><ol><li>Home</li></ol></nav><h1>T</h1><div hidden>h</div><span class=\"hidden\">\
             s</span><p>a<br>b</p><script>c()</script><img src=\"x.png\" alt=\"An x\">",
            "# T\n\na\\\nb\n\n![An x](x.png)",
        );
    }
}
