//! Renders every record of a CSL-JSON file with a style and prints the result as JSON.
//!
//! ```sh
//! cargo run -p citeproc --example render -- STYLE.csl ITEMS.json
//! ```
//!
//! The output has the citation of each record by itself and the reference list of all, so that
//! it can be laid beside the output of other processors.

use citeproc::item::Item;
use citeproc::read::{Format, ReadOptions, read};
use citeproc::{Citation, Document, HtmlOptions, Options, Order, Processor, Style};
use std::collections::HashMap;

#[expect(clippy::print_stdout, reason = "printing is what the example is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(style), Some(items)) = (arguments.next(), arguments.next()) else {
        return Err("usage: render STYLE.csl ITEMS.json".into());
    };
    let style = Style::from_xml(&std::fs::read_to_string(style)?)?;
    let library = read(&std::fs::read_to_string(items)?, Format::CslJson, ReadOptions::default());
    let items: Vec<Item> = library.entries.into_iter().map(|entry| entry.item).collect();
    let by_key: HashMap<&str, &Item> = items.iter().map(|item| (&*item.id, item)).collect();
    let keys: Vec<String> = items.iter().map(|item| item.id.to_string()).collect();
    let citations: Vec<Citation> =
        keys.iter().map(|key| Citation::of_keys([key.as_str()])).collect();
    let processor = Processor::new(&style, None, Options { links: false, ..Options::default() });
    let document = Document { citations: &citations, nocite: &keys, order: Order::NociteFirst };
    let rendered = processor.process(&document, |key| by_key.get(key).copied());
    let options = HtmlOptions { style_attributes: true, superscript_tags: true, wrap_cite: None };
    let citations: Vec<String> =
        rendered.citations.iter().map(|output| output.to_html(&options)).collect();
    let list: Vec<(String, String)> = rendered
        .bibliography
        .map(|list| list.entries)
        .unwrap_or_default()
        .into_iter()
        .map(|entry| (entry.key.clone(), entry.content().to_html(&options)))
        .collect();
    println!("{}", serde_json::json!({ "citations": citations, "bib": list }));
    Ok(())
}
