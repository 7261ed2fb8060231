use proptest::prelude::*;

use super::*;

/// Builds the index of paragraphs, each of them escaped into a `p` element.
fn index(paragraphs: &[&str]) -> (TextIndex, String) {
    let (mut builder, mut html) = (TextBuilder::default(), String::new());
    for paragraph in paragraphs {
        html.push_str("<p>");
        let start = html.len();
        escape_into(paragraph, &mut html);
        builder.push(paragraph, Origin::Written(0), start..html.len(), Linkable::Yes);
        html.push_str("</p>");
        builder.end_block(|| BlockInfo {
            kind: BlockKind::Prose,
            heading: None,
            component: None,
            source: 0..0,
        });
    }
    (builder.finish(), html)
}

#[test]
fn folded_offsets_lead_to_the_plain_text_and_on_to_the_html() {
    let (text, html) = index(&["A & B", "The bari\u{ad}citinib – “JAK‑Inhibitor” & more"]);
    let folded = text.folded();
    assert_eq!(folded.text, "a & b\nthe baricitinib – “jak inhibitor” & more\n");
    let at = folded.text.find("jak inhibitor").unwrap();
    let to_plain = |at| folded.to_plain(at, &text.plain);
    let plain = to_plain(at)..to_plain(at + "jak inhibitor".len());
    assert_eq!(&text.plain[plain.clone()], "JAK‑Inhibitor");
    assert_eq!(text.html_offset(plain.start), html.find("JAK"));
    assert_eq!(text.html_offset(text.plain.len()), None);
    let segment = text.segment_at(plain.start).unwrap();
    assert!(html[segment.html_at(plain.end, &text.plain)..].starts_with("” &amp; more"));
}

#[test]
fn sentences_stay_in_their_block() {
    let (text, _) = index(&["One. Two", "Three. Four."]);
    let mut sentences = Sentences::of(&text);
    let words = |plain| Arc::from(&text.plain[plain]);
    let mut of = |offset| sentences.at(offset, words).unwrap().1;
    assert_eq!(&*of(0), "One.");
    assert_eq!(&*of(4), "One.");
    assert_eq!(&*of(6), "Two");
    assert_eq!(&*of(text.plain.find("Four").unwrap()), "Four.");
    assert_eq!(&*of(text.plain.len() - 1), "Four.");
}

proptest! {
    #[test]
    fn every_folded_character_leads_to_a_character(paragraphs in prop::collection::vec(
        r"(\PC|[ \-\u{ad}\u{300}\u{301}\u{308}\u{1100}\u{1161}\u{11a8}ǅİßΣς’ʼéÅ\u{212b}\u{958}\u{93c}]){0,16}", 0..4
    )) {
        let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
        let (text, html) = index(&paragraphs);
        let folded = text.folded();
        let mut last = 0;
        for (offset, _) in folded.text.char_indices().chain([(folded.text.len(), ' ')]) {
            let plain = folded.to_plain(offset, &text.plain);
            prop_assert!(text.plain.is_char_boundary(plain), "{offset} leads to {plain}");
            prop_assert!(plain >= last);
            last = plain;
        }
        prop_assert_eq!(folded.to_plain(folded.text.len(), &text.plain), text.plain.len());
        for block in &text.blocks {
            let plain = text.block_text(block);
            prop_assert!(folded.text.contains(&fold(plain)));
            prop_assert_eq!(fold(&fold(plain)), fold(plain));
        }
        for segment in &text.segments {
            let mut escaped = String::new();
            escape_into(&text.plain[segment.plain.range()], &mut escaped);
            prop_assert!(html[segment.html as usize..].starts_with(&escaped));
        }
    }
}
