//! Reads and runs test cases in the format of the CSL test suite.
//!
//! A case is a text of sections, `>>===== NAME =====>>` to `<<===== NAME =====<<`; [`Case::parse`]
//! reads it and [`Case::run`] renders it, so that the outcome can be compared with the section
//! `RESULT`.

use citeproc::item::Item as Record;
use citeproc::read::{Format, ReadOptions, read};
use citeproc::{
    Citation, Cite, CiteMode, Document, HtmlOptions, LocatorLabel, Options, Order, Output,
    Position, Processor, Rendered, Style,
};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// A test case, its sections by name.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    sections: HashMap<String, String>,
}

impl Case {
    /// Reads the sections of a case.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let mut sections = HashMap::new();
        let mut open: Option<(String, Vec<&str>)> = None;
        for line in text.lines() {
            if let Some(name) = header(line, ">>=", "=>>") {
                open = Some((name, Vec::new()));
            } else if header(line, "<<=", "=<<").is_some() {
                if let Some((name, lines)) = open.take() {
                    sections.insert(name, lines.join("\n"));
                }
            } else if let Some((_, lines)) = &mut open {
                lines.push(line);
            }
        }
        Self { sections }
    }

    /// Returns a section, without the blanks around it.
    pub(crate) fn section(&self, name: &str) -> Option<&str> {
        self.sections.get(name).map(|text| text.trim())
    }

    /// Returns what the case expects, in the form of [`Case::run`].
    pub(crate) fn expected(&self) -> String {
        let result = self.section("RESULT").unwrap_or_default();
        comparable(result)
    }

    /// Renders the case.
    pub(crate) fn run(&self) -> Result<String, String> {
        let mode = self.section("MODE").ok_or("no MODE")?;
        let mut csl = self.section("CSL").ok_or("no CSL")?.to_owned();
        if mode == "bibliography-nosort" {
            csl = without_bibliography_sort(&csl);
        }
        let style = Style::from_xml(&csl).map_err(|e| e.to_string())?;
        let processor = Processor::new(&style, None, Options { links: false, stand_ins: false });
        let input = self.section("INPUT").ok_or("no INPUT")?;
        let items = items(input)?;
        let keys: Vec<String> = items.iter().map(|item| item.id.to_string()).collect();
        let find = |key: &str| items.iter().find(|item| &*item.id == key);
        let json = |name: &str| -> Result<Option<Value>, String> {
            self.section(name)
                .map(|text| serde_json::from_str(text).map_err(|e| format!("{name}: {e}")))
                .transpose()
        };
        let citations = json("CITATIONS")?;
        let (citations, nocite, order) = if let Some(steps) = &citations {
            (final_citations(steps), Vec::new(), Order::CitedFirst)
        } else {
            let clusters = match json("CITATION-ITEMS")? {
                Some(clusters) => clusters.as_array().cloned().unwrap_or_default(),
                None => vec![keys.iter().map(|key| serde_json::json!({ "id": key })).collect()],
            };
            let citations = clusters.iter().map(cluster_citation).collect();
            let listed = match json("BIBENTRIES")? {
                Some(sets) => ids(sets.as_array().and_then(|sets| sets.last())),
                None => keys.clone(),
            };
            (citations, listed, Order::NociteFirst)
        };
        let cited: &[Citation] = if mode == "citation" || self.section("CITATIONS").is_some() {
            &citations
        } else {
            &[]
        };
        let document = Document { citations: cited, nocite: &nocite, order };
        let rendered = processor.process(&document, find);
        // What the processor remembers must make no difference, however often it is asked.
        let shared: Vec<Arc<Record>> = items.iter().cloned().map(Arc::new).collect();
        for _ in 0..2 {
            let find = |key: &str| shared.iter().find(|item| &*item.id == key);
            if processor.process_shared(&document, find) != rendered {
                return Err("the document differs when its items are remembered".to_owned());
            }
        }
        Ok(comparable(&match mode {
            "citation" => rendered.citations.iter().map(citation).collect::<Vec<_>>().join("\n"),
            _ => bibliography(&rendered, json("BIBSECTION")?.as_ref(), &items)?,
        }))
    }
}

fn header(line: &str, open: &str, close: &str) -> Option<String> {
    let line = line.trim();
    let inner = line.strip_prefix(open)?.strip_suffix(close)?;
    Some(inner.trim_matches('=').trim().to_owned())
}

/// Brings a result to the form in which results are compared: entities by name, no line numbers
/// of citations, no blanks between the tags of a list.
fn comparable(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.trim().lines() {
        let line = ["..[", ">>["]
            .iter()
            .find_map(|start| line.strip_prefix(start))
            .and_then(|rest| rest.split_once("] "))
            .map_or(line, |(_, text)| text);
        lines.push(line);
    }
    let text = lines.join("\n");
    let text = text
        .replace("&#38;", "&amp;")
        .replace("&#60;", "&lt;")
        .replace("&#62;", "&gt;")
        .replace("&quot;", "\"")
        .replace("&#39;", "'");
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("<div") || trimmed.starts_with("</div") {
            while out.ends_with('\n') {
                out.pop();
            }
            out.push_str(trimmed.trim_end());
        } else {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(line);
        }
    }
    out.trim().to_owned()
}

/// Returns a citation as HTML; the suite has a message for one that shows nothing.
fn citation(output: &Output) -> String {
    if output.is_empty() {
        return "[CSL STYLE ERROR: reference with no printed form.]".to_owned();
    }
    html(output)
}

fn html(output: &Output) -> String {
    output.to_html(&HtmlOptions { style_attributes: true, superscript_tags: true, wrap_cite: None })
}

fn bibliography(
    rendered: &Rendered,
    section: Option<&Value>,
    items: &[Record],
) -> Result<String, String> {
    let list = rendered.bibliography.as_ref().ok_or("the style has no bibliography")?;
    let mut out = String::from("<div class=\"csl-bib-body\">");
    for entry in &list.entries {
        if let Some(section) = section
            && !selected(section, items.iter().find(|item| *item.id == *entry.key))
        {
            continue;
        }
        let content = html(&entry.content());
        if content.is_empty() {
            continue;
        }
        out.push_str("\n<div class=\"csl-entry\">");
        out.push_str(&content);
        out.push_str("</div>");
    }
    out.push_str("\n</div>");
    Ok(out)
}

/// Tells whether an entry belongs to a section of the list.
fn selected(section: &Value, item: Option<&Record>) -> bool {
    let Some(item) = item else { return false };
    let json = serde_json::to_value(citeproc_json(item)).unwrap_or_default();
    let matches = |test: &Value| {
        let field = test["field"].as_str().unwrap_or_default();
        let value = test["value"].as_str().unwrap_or_default();
        let own = json[field].as_str().unwrap_or_default();
        own == value
    };
    let tests = |name: &str| section[name].as_array().cloned().unwrap_or_default();
    let (include, exclude, select) = (tests("include"), tests("exclude"), tests("select"));
    (include.is_empty() || include.iter().any(matches))
        && !exclude.iter().any(matches)
        && select.iter().all(matches)
}

fn citeproc_json(item: &Record) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("type".to_owned(), item.kind.as_str().into());
    for (variable, text) in item.texts() {
        object.insert(variable.as_str().to_owned(), text.as_str().into());
    }
    Value::Object(object)
}

fn items(input: &str) -> Result<Vec<Record>, String> {
    // Some cases leave the key out, since they have one item.
    let mut records: Value = serde_json::from_str(input).map_err(|e| format!("INPUT: {e}"))?;
    for (index, record) in records.as_array_mut().into_iter().flatten().enumerate() {
        if let Some(record) = record.as_object_mut() {
            record.entry("id").or_insert_with(|| format!("item-{index}").into());
        }
    }
    let input = records.to_string();
    let library = read(&input, Format::CslJson, ReadOptions { note_variables: true });
    if library.entries.is_empty() && !input.trim_start().starts_with("[]") {
        return Err(format!("no items: {:?}", library.errors));
    }
    Ok(library.entries.into_iter().map(|entry| entry.item).collect())
}

fn ids(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).map(|ids| ids.iter().map(text).collect()).unwrap_or_default()
}

/// Returns a string or number as text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn cluster_citation(cluster: &Value) -> Citation {
    let mut cites: Vec<Cite> =
        cluster.as_array().map(|cites| cites.iter().map(cite).collect()).unwrap_or_default();
    // Clusters stand alone: none knows of the others.
    for cite in &mut cites {
        cite.position.get_or_insert(Position::First);
    }
    Citation { cites, note_number: None }
}

fn cite(value: &Value) -> Cite {
    let flag = |name: &str| match &value[name] {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => !text.is_empty(),
        _ => false,
    };
    let locator = text(&value["locator"]);
    let label = LocatorLabel::from_text(&text(&value["label"])).unwrap_or(LocatorLabel::Page);
    Cite {
        key: text(&value["id"]),
        locator: (!locator.is_empty()).then_some((label, locator)),
        prefix: text(&value["prefix"]),
        suffix: text(&value["suffix"]),
        mode: if flag("author-only") {
            CiteMode::AuthorOnly
        } else if flag("suppress-author") {
            CiteMode::SuppressAuthor
        } else {
            CiteMode::Normal
        },
        position: value["position"].as_i64().map(|position| match position {
            0 => Position::First,
            2 => Position::Ibid,
            3 => Position::IbidWithLocator,
            _ => Position::Subsequent,
        }),
        near_note: flag("near-note"),
        first_reference_note_number: value["first-reference-note-number"]
            .as_u64()
            .map(|note| note as u32),
    }
}

/// Plays the steps of a document and returns its citations as they are in the end.
fn final_citations(steps: &Value) -> Vec<Citation> {
    let mut known: HashMap<String, Citation> = HashMap::new();
    let mut order: Vec<(String, Option<u32>)> = Vec::new();
    let around = |value: &Value| -> Vec<(String, Option<u32>)> {
        value
            .as_array()
            .map(|pairs| {
                pairs
                    .iter()
                    .map(|pair| (text(&pair[0]), pair[1].as_u64().map(|note| note as u32)))
                    .collect()
            })
            .unwrap_or_default()
    };
    for (index, step) in steps.as_array().into_iter().flatten().enumerate() {
        let citation = &step[0];
        let id = match &citation["citationID"] {
            Value::Null => format!("step-{index}"),
            id => text(id),
        };
        let note = citation["properties"]["noteIndex"].as_u64().map(|note| note as u32);
        let mut cites: Vec<Cite> =
            citation["citationItems"].as_array().into_iter().flatten().map(cite).collect();
        match citation["properties"]["mode"].as_str() {
            Some("composite") => set_mode(cites.first_mut(), CiteMode::Composite),
            Some("suppress-author") => set_mode(cites.first_mut(), CiteMode::SuppressAuthor),
            Some("author-only") => set_mode(&mut cites, CiteMode::AuthorOnly),
            _ => {}
        }
        known.insert(id.clone(), Citation { cites, note_number: note });
        order = around(&step[1]);
        order.push((id, note));
        order.extend(around(&step[2]));
    }
    order
        .into_iter()
        .filter_map(|(id, note)| {
            let mut citation = known.get(&id)?.clone();
            citation.note_number = note;
            Some(citation)
        })
        .collect()
}

fn set_mode<'c>(cites: impl IntoIterator<Item = &'c mut Cite>, mode: CiteMode) {
    for cite in cites {
        cite.mode = mode;
    }
}

fn without_bibliography_sort(csl: &str) -> String {
    let Some(list) = csl.find("<bibliography") else { return csl.to_owned() };
    let (Some(start), Some(end)) = (csl[list..].find("<sort"), csl[list..].find("</sort>")) else {
        return csl.to_owned();
    };
    format!("{}{}", &csl[..list + start], &csl[list + end + "</sort>".len()..])
}
