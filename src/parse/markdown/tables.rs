//! Tables, which scroll where they are too wide.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use crate::parse::text::{BlockKind, escape_into};

use super::writer::{Writer, trimmed};

/// A table that is open.
#[derive(Debug)]
pub(super) struct OpenTable<'a> {
    alignments: &'a [Alignment],
    in_head: bool,
    has_body: bool,
    column: usize,
    /// The element of the open cell.
    cell: &'static str,
}

impl<'a> Writer<'a> {
    pub(super) fn start_table_part(&mut self, at: usize, tag: &'a Tag<'a>, range: &Range<usize>) {
        self.begin_block(range);
        match tag {
            Tag::Table(alignments) => {
                let label = self.column_names(at);
                if label.is_empty() {
                    let place = self.place(trimmed(self.input.source, range));
                    self.body.headless_tables.push(place);
                }
                let html = &mut self.html;
                // The region has a name that tells it from others and needs no
                // translation: its columns.
                html.push_str("<div class=\"table-wrap\" tabindex=\"0\" role=\"");
                if label.is_empty() {
                    html.push_str("group\">\n<table>\n");
                } else {
                    html.push_str("region\" aria-label=\"");
                    escape_into(&label, html);
                    html.push_str("\">\n<table>\n");
                }
                self.table = Some(OpenTable {
                    alignments,
                    in_head: false,
                    has_body: false,
                    column: 0,
                    cell: "td",
                });
            }
            Tag::TableHead => {
                self.html.push_str("<thead>\n<tr>");
                if let Some(table) = &mut self.table {
                    (table.in_head, table.column) = (true, 0);
                }
            }
            Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    if !table.has_body {
                        self.html.push_str("<tbody>\n");
                    }
                    (table.has_body, table.column) = (true, 0);
                }
                self.html.push_str("<tr>");
            }
            _ => self.start_cell(at, range),
        }
    }

    fn start_cell(&mut self, at: usize, range: &Range<usize>) {
        self.leaf = Some(trimmed(self.input.source, range));
        self.leaf_kind = Some(BlockKind::Cell);
        let Some(table) = &mut self.table else { return };
        let empty = matches!(self.input.events.get(at + 1), Some((Event::End(_), _)));
        // An empty cell is no heading of its column.
        table.cell = if table.in_head && !empty { "th" } else { "td" };
        let html = &mut self.html;
        html.push_str(if table.cell == "th" { "<th scope=\"col\"" } else { "<td" });
        html.push_str(match table.alignments.get(table.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            _ => ">",
        });
        table.column += 1;
    }

    pub(super) fn end_table_part(&mut self, tag: TagEnd) {
        let Some(table) = &mut self.table else { return };
        let html = &mut self.html;
        match tag {
            TagEnd::TableCell => {
                html.push_str("</");
                html.push_str(table.cell);
                html.push('>');
            }
            TagEnd::TableRow => html.push_str("</tr>\n"),
            TagEnd::TableHead => {
                table.in_head = false;
                html.push_str("</tr>\n</thead>\n");
            }
            _ => {
                if table.has_body {
                    html.push_str("</tbody>\n");
                }
                html.push_str("</table>\n</div>\n");
                self.table = None;
            }
        }
    }

    /// Returns the names of the columns of the table that starts at the event `at`.
    fn column_names(&self, at: usize) -> String {
        let mut names: Vec<String> = Vec::new();
        let mut index = at + 1;
        while let Some((event, _)) = self.input.events.get(index) {
            match event {
                Event::Start(Tag::TableCell) => {
                    let end = self.matching_end(index);
                    let name = self.plain_text(index + 1..end);
                    if !name.is_empty() {
                        names.push(name);
                    }
                    index = end;
                }
                Event::End(TagEnd::TableHead) => break,
                _ => {}
            }
            index += 1;
        }
        names.join(", ")
    }
}
