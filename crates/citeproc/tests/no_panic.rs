//! Hostile input: no style and no item makes the processor panic or run on.

use citeproc::item::DateVariable;
use citeproc::item::{
    Date, Item, ItemType, Name, NameVariable, PartialDate, RangeEnd, TextVariable,
};
use citeproc::{
    Citation, Cite, CiteMode, Document, HtmlOptions, Locale, LocatorLabel, Options, Processor,
    Style, styles,
};
use proptest::prelude::*;

const STYLE: &str = r#"<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
<info><id/><title/></info>
<locale><terms><term name="editor" form="short"><single>ed.</single><multiple>eds.</multiple></term></terms></locale>
<macro name="names"><names variable="author editor" delimiter="; "><name and="text" initialize-with="." et-al-min="3"
 et-al-use-first="1" name-as-sort-order="first"><name-part name="family" text-case="uppercase"/></name><et-al font-style="italic"/>
<label form="short" prefix=" (" suffix=")"/><substitute><names variable="translator"/><text variable="title"/></substitute></names></macro>
<macro name="date"><choose><if variable="issued"><date variable="issued" form="text"/></if><else><text term="no date"/></else></choose></macro>
<citation disambiguate-add-names="true" disambiguate-add-givenname="true" disambiguate-add-year-suffix="true" collapse="year-suffix-ranged">
<sort><key macro="names"/><key variable="issued"/></sort>
<layout prefix="(" suffix=")" delimiter="; "><group delimiter=", "><text macro="names"/><text macro="date"/>
<group delimiter=" "><label variable="locator" form="short"/><text variable="locator"/></group></group></layout></citation>
<bibliography second-field-align="flush" subsequent-author-substitute="---"><sort><key macro="names"/></sort>
<layout suffix="."><text variable="citation-number"/><group delimiter=". "><text macro="names"/><text variable="title" text-case="title" quotes="true"/>
<number variable="edition" form="ordinal"/><text variable="page"/><text macro="date"/></group></layout></bibliography></style>"#;

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ a-zA-Z0-9.,;:!?'\"&<>/-]{0,40}",
        1 => "(<i>|</i>|<b>|</b>|<sup>|</sup>|<span class=\"nocase\">|</span>|[«»“”‘’'\"]| |a|É|ß|的){0,30}",
        1 => "\\PC{0,20}",
    ]
}

prop_compose! {
    fn hostile_item()(
        title in hostile_text(), page in hostile_text(), edition in hostile_text(),
        family in hostile_text(), given in hostile_text(), suffix in hostile_text(),
        year in any::<i32>(), month in proptest::option::of(any::<i32>()),
        end in any::<i32>(), literal in hostile_text(), copies in 0usize..5,
    ) -> Item {
        let mut item = Item::new("a", ItemType::Book);
        item.set_text(TextVariable::Title, title);
        item.set_text(TextVariable::Page, page);
        item.set_text(TextVariable::Edition, edition);
        let name = Name { suffix: Some(suffix.into()), ..Name::person(&family, &given) };
        item.set_names(NameVariable::Author, vec![name; copies]);
        let start = PartialDate::from_parts(year, month, month);
        let end = RangeEnd::At(PartialDate::from_parts(end, month, None));
        item.set_date(DateVariable::Issued, Date {
            start: Some(start),
            end: Some(end),
            literal: Some(literal.into()),
            ..Date::default()
        });
        item
    }
}

fn render(style: &Style, item: &Item, affix: &str) {
    let processor = Processor::new(style, None, Options::default());
    let mut other = item.clone();
    other.id = "b".into();
    let cite = |key: &str, mode| Cite {
        locator: Some((LocatorLabel::Page, affix.to_owned())),
        prefix: affix.to_owned(),
        suffix: affix.to_owned(),
        mode,
        ..Cite::new(key)
    };
    let citations = [
        Citation {
            cites: vec![cite("a", CiteMode::Composite), Cite::new("b"), Cite::new("unknown")],
            note_number: Some(1),
        },
        Citation { cites: vec![cite("b", CiteMode::AuthorOnly)], note_number: Some(2) },
    ];
    let document = Document::of_citations(&citations);
    let rendered = processor.process(&document, |key| match key {
        "a" => Some(item),
        "b" => Some(&other),
        _ => None,
    });
    assert_eq!(rendered.unknown_keys, ["unknown"]);
    for output in &rendered.citations {
        let html = output.to_html(&HtmlOptions::default());
        assert!(!html.contains("<script"), "{html}");
    }
    let _ = processor.format_entry(item);
    let _ = processor.short_names(item);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn items_never_panic(item in hostile_item(), affix in hostile_text()) {
        render(&Style::from_xml(STYLE).unwrap(), &item, &affix);
    }

    #[test]
    fn damaged_styles_never_panic(
        cut in 0..STYLE.len(), length in 0usize..200, insert in hostile_text(), item in hostile_item(),
    ) {
        let end = (cut + length).min(STYLE.len());
        let damaged = format!("{}{insert}{}", &STYLE[..cut], &STYLE[end..]);
        if let Ok(style) = Style::from_xml(&damaged) {
            render(&style, &item, &insert);
        }
        let _ = Locale::from_xml(&damaged);
    }
}

#[test]
fn markup_in_text_is_escaped() {
    let mut item = Item::new("a", ItemType::Book);
    item.set_text(TextVariable::Title, "<script>alert(1)</script> & \"x\"");
    item.set_text(TextVariable::Url, "javascript:alert(1)");
    let style = styles::bundled("apa").unwrap();
    let html = Processor::new(&style, None, Options::default())
        .format_entry(&item)
        .to_html(&HtmlOptions::default());
    assert!(html.contains("&lt;script&gt;"), "{html}");
    assert!(!html.contains("href=\"javascript"), "{html}");
}

#[test]
fn macros_in_a_circle_are_an_error() {
    let circle = r#"<style version="1.0"><macro name="a"><text macro="b"/></macro>
        <macro name="b"><text macro="a"/></macro>
        <citation><layout><text macro="a"/></layout></citation></style>"#;
    assert!(Style::from_xml(circle).is_err());
}

#[test]
fn macros_that_grow_without_bound_are_an_error() {
    let mut style = String::from("<style version=\"1.0\">");
    for index in 0..60 {
        let next = index + 1;
        style.push_str(&format!(
            "<macro name=\"m{index}\"><text macro=\"m{next}\"/><text macro=\"m{next}\"/></macro>"
        ));
    }
    style.push_str("<macro name=\"m60\"><text value=\"x\"/></macro>");
    style.push_str("<citation><layout><text macro=\"m0\"/></layout></citation></style>");
    assert!(Style::from_xml(&style).is_err());
}

#[test]
fn deep_nesting_is_an_error() {
    let style = format!(
        "<style version=\"1.0\"><citation><layout>{}{}</layout></citation></style>",
        "<group>".repeat(5000),
        "</group>".repeat(5000)
    );
    assert!(Style::from_xml(&style).is_err());
}
