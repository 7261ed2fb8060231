//! Where words of the plain text stand in the source.

use super::*;

/// Checks that the first "1.0 mg" of the plain text leads to what stands between `«` and `»`.
fn check(marked: &str) {
    let text = marked.replace(['«', '»'], "");
    let start = marked.find('«').expect("it has a mark");
    let end = marked.find('»').expect("it has an end") - '«'.len_utf8();
    let plain = body(&text).text;
    let at = plain.plain.find("1.0 mg").unwrap_or_else(|| panic!("{:?}", plain.plain));
    let found = plain.source_range(&(at..at + "1.0 mg".len()));
    assert_eq!((&text[found.clone()], found), (&text[start..end], start..end), "{marked}");
}

#[test]
fn the_same_words_where_nothing_is_shown_do_not_mislead() {
    for marked in [
        "x <!-- 1.0 mg --> take «1.0 mg»\n",
        "<!-- 1.0 mg -->\n\nTake «1.0 mg»\n",
        "Take <span title=\"1.0 mg\">some</span> «1.0 mg»\n",
        "See [it](x.md \"1.0 mg\"), «1.0 mg»\n",
        "See [it](<1.0 mg.md>), «1.0 mg»\n",
        "See ![1.0 mg](x.png) «1.0 mg»\n",
        "It is so [@k, 1.0 mg], «1.0 mg»\n",
        "::: {.a dose=\"1.0 mg\"}\n«1.0 mg»\n:::\n",
        "# 1.1 mg {title=\"1.0 mg\"}\n\n«1.0 mg»\n",
        "Take [^1]\n\n[^1]: A note of «1.0 mg»\n",
        "[^1]: A note of 1.1 mg\n\nTake[^1] «1.0 mg»\n",
        "```text\n1.0 mg\n```\n\n«1.0 mg»\n",
    ] {
        check(marked);
    }
}

#[test]
fn words_stand_behind_whatever_is_read_as_something_else() {
    for marked in [
        "A &amp; B &lt; «1.0 mg»\n",
        "It's \"so\" -- or so... «1.0 mg»\n",
        "H~2~O, 10^3^ and ~5 \\* «1.0 mg»\n",
        "Größe “é” 日本 «1.0 mg»\n",
        "Says @king2020 [p. 4]: «1.0 mg»\n",
        "See [[nova]] and https://example.org: «1.0 mg»\n",
        "A  \nB\\\nC<br>D «1.0 mg»\n",
        "| a | b |\n|---|---|\n| x \\| y | «1.0 mg» |\n",
        "- [x] done\n- **take** «1.0 mg»\n",
        "One\r\ntwo\r\n\r\n> three\r\n> four «1.0 mg»\r\n",
        "With `code`, `` a`b `` and `in\nlines`: «1.0 mg»\n",
        "`«1.0 mg»`\n",
    ] {
        check(marked);
    }
}

#[test]
fn words_that_markup_or_lines_part_go_from_the_first_byte_to_the_last() {
    for marked in [
        "Take «1.0\nmg» now\n",
        "Take «1.0\r\nmg» now\r\n",
        "> take «1.0\n> mg» now\n",
        "- > take «1.0\n  > mg» now\n",
        "Take «1.0&#32;mg» now\n",
        "Take **«1.0** mg» now\n",
        "Take «1.0 *mg»* now\n",
        "Take «1.0<!-- 1.0 mg --> mg» now\n",
        "Take 1.0 [see]() [«1.0 mg»](x.md)\n",
    ] {
        check(marked);
    }
}

#[test]
fn places_are_those_of_the_file() {
    let options = MarkdownOptions::default();
    let text = "# Title\n\nA *word* here.\n";
    let (body, _) = parse(text, 100, &SourceId::new("page.md"), &options);
    let at = body.text.plain.find("word").unwrap();
    let start = 100 + text.find("word").unwrap();
    assert_eq!(body.text.source_range(&(at..at + 4)), start..start + 4);
}
