//! Dates and ranges of dates (CSL 1.0.2, "Date" and "Date Ranges").

use super::{Called, Environment, Renderer};
use crate::item::{Date, DateVariable, PartialDate, RangeEnd};
use crate::locale::TermForm;
use crate::output::content;
use crate::style::model::*;
use std::borrow::Cow;

/// A part of a date as it will be shown: what the locale says, changed by what the style says.
#[derive(Debug, Clone)]
struct Part<'s> {
    name: DatePartName,
    form: Option<DatePartForm>,
    range_delimiter: Option<&'s str>,
    decor: Cow<'s, Decor>,
}

impl<'a> Renderer<'a> {
    pub(super) fn date(&mut self, element: &DateElement) -> Called {
        let Some(variable) = element.variable else { return Called::EMPTY };
        let Some(date) = self.date_value(variable) else { return Called::EMPTY };
        if self.cx.comparing && variable == DateVariable::Accessed {
            return Called::FILLED;
        }
        let open = self.begin(&element.format.decor);
        if self.cx.sort.is_some() {
            self.sort_date(element, date);
        } else if let (Some(literal), None) = (&date.literal, date.start) {
            // A date in words stands where the year would.
            let shows_year = element.form.is_some()
                || element.format.parts.iter().any(|part| part.name == DatePartName::Year)
                || element.format.parts.is_empty();
            if shows_year {
                content::push_markup(&mut self.out, literal);
            }
        } else {
            let (parts, delimiter) = self.date_parts(element);
            self.date_range(date, &parts, delimiter, variable);
        }
        let filled = self.end(&element.format.decor, open);
        if filled {
            self.shown = true;
            self.note_rendered(variable);
        }
        Called::of(filled)
    }

    /// Returns the parts to show and what goes between them.
    fn date_parts<'s>(&self, element: &'s DateElement) -> (Vec<Part<'s>>, &'s str)
    where
        'a: 's,
    {
        let env: &'a Environment = self.env;
        let localized = match element.form {
            None => {
                let parts = element.format.parts.iter().map(|part| Part {
                    name: part.name,
                    form: part.form,
                    range_delimiter: part.range_delimiter.as_deref(),
                    decor: Cow::Borrowed(&part.decor),
                });
                return (parts.collect(), &element.format.delimiter);
            }
            Some(DateForm::Text) => env.locale.text_date.as_ref(),
            Some(DateForm::Numeric) => env.locale.numeric_date.as_ref(),
        };
        let Some(localized) = localized else { return (Vec::new(), "") };
        let shown = |name: DatePartName| match name {
            DatePartName::Year => true,
            DatePartName::Month => element.shown >= DateParts::YearMonth,
            DatePartName::Day => element.shown >= DateParts::YearMonthDay,
        };
        let parts = localized.parts.iter().filter(|part| shown(part.name)).map(|part| {
            let own = element.format.parts.iter().find(|own| own.name == part.name);
            let mut decor = Cow::Borrowed(&part.decor);
            let mut form = part.form;
            let mut range_delimiter = part.range_delimiter.as_deref();
            if let Some(own) = own {
                // The style may change how a part looks, but not the affixes of the locale.
                let changed = &own.decor;
                let decor = decor.to_mut();
                decor.formatting = overlay(decor.formatting, changed.formatting);
                decor.text_case = changed.text_case.or(decor.text_case);
                decor.strip_periods |= changed.strip_periods;
                form = own.form.or(form);
                range_delimiter = own.range_delimiter.as_deref().or(range_delimiter);
            }
            Part { name: part.name, form, range_delimiter, decor }
        });
        (parts.collect(), &localized.delimiter)
    }

    fn date_range(
        &mut self,
        date: &Date,
        parts: &[Part<'_>],
        delimiter: &str,
        variable: DateVariable,
    ) {
        let season = date.season_literal.as_deref();
        let Some(start) = date.start else {
            if let Some(season) = season {
                self.out.push(season);
            }
            return;
        };
        let end = match date.end {
            Some(RangeEnd::At(end)) if end != start => end,
            Some(RangeEnd::Open) => {
                self.open_range(start, season, parts, delimiter, variable);
                return;
            }
            _ => {
                self.parts(start, season, parts, delimiter, variable);
                return;
            }
        };
        // The largest part that differs decides which parts are written twice; ends that are
        // not known as exactly as each other share nothing.
        let exactness =
            |at: PartialDate| (at.month.is_some() || at.season.is_some(), at.day.is_some());
        let alike = exactness(start) == exactness(end);
        let differs_from =
            [DatePartName::Year, DatePartName::Month, DatePartName::Day].into_iter().find(|name| {
                parts.iter().any(|part| part.name == *name)
                    && match name {
                        DatePartName::Year => start.year != end.year || !alike,
                        DatePartName::Month => {
                            (start.month, start.season) != (end.month, end.season)
                        }
                        DatePartName::Day => start.day != end.day,
                    }
            });
        let Some(largest) = differs_from else {
            self.parts(start, season, parts, delimiter, variable);
            return;
        };
        let rank = |name: DatePartName| match name {
            DatePartName::Year => 0,
            DatePartName::Month => 1,
            DatePartName::Day => 2,
        };
        let twice = |part: &Part<'_>| rank(part.name) >= rank(largest);
        let first = parts.iter().position(twice).unwrap_or_default();
        let last = parts.iter().rposition(twice).unwrap_or_default();
        let range_delimiter = parts
            .iter()
            .find(|part| part.name == largest)
            .and_then(|part| part.range_delimiter)
            .unwrap_or("–");
        let (before, rest) = parts.split_at(first);
        let (block, after) = rest.split_at(last + 1 - first);
        let mut opening: Vec<Part<'_>> = block.to_vec();
        // The affixes at the seam would stand beside the delimiter.
        let visible = |part: &Part<'_>, at: PartialDate| match part.name {
            DatePartName::Year => true,
            DatePartName::Month => at.month.is_some() || at.season.is_some(),
            DatePartName::Day => at.day.is_some(),
        };
        opening.retain(|part| visible(part, start));
        if let Some(part) = opening.last_mut() {
            part.decor.to_mut().suffix = Box::default();
        }
        let mut closing: Vec<Part<'_>> = block.to_vec();
        closing.retain(|part| visible(part, end));
        if let Some(part) = closing.first_mut() {
            part.decor.to_mut().prefix = Box::default();
        }
        let begin = self.out.mark();
        self.parts(start, season, before, delimiter, variable);
        if !self.out.is_empty_since(begin) {
            self.out.push(delimiter);
        }
        self.parts(start, season, &opening, delimiter, variable);
        self.out.push(range_delimiter);
        self.parts(end, None, &closing, delimiter, variable);
        if !after.is_empty() {
            let mark = self.out.mark();
            self.out.push(delimiter);
            let inner = self.out.mark();
            self.parts(end, None, after, delimiter, variable);
            if self.out.is_empty_since(inner) {
                self.out.cut(mark);
            }
        }
    }

    /// Renders a range that goes on.
    fn open_range(
        &mut self,
        start: PartialDate,
        season: Option<&str>,
        parts: &[Part<'_>],
        delimiter: &str,
        variable: DateVariable,
    ) {
        self.parts(start, season, parts, delimiter, variable);
        let range_delimiter =
            parts.iter().rev().find_map(|part| part.range_delimiter).unwrap_or("–");
        self.out.push(range_delimiter);
    }

    fn parts(
        &mut self,
        date: PartialDate,
        season: Option<&str>,
        parts: &[Part<'_>],
        delimiter: &str,
        variable: DateVariable,
    ) {
        let mut started = false;
        for part in parts {
            let before = self.out.mark();
            if started {
                self.out.push(delimiter);
            }
            let content = self.out.mark();
            let open = self.begin(&part.decor);
            match part.name {
                DatePartName::Year => self.year(date, part, variable),
                DatePartName::Month => self.month(date, season, part),
                DatePartName::Day => self.day(date, part),
            }
            self.end(&part.decor, open);
            if self.out.is_empty_since(content) {
                self.out.cut(before);
            } else {
                started = true;
            }
        }
    }

    fn year(&mut self, date: PartialDate, part: &Part<'_>, variable: DateVariable) {
        let year = date.year;
        if year == 0 {
            return;
        }
        let mut text = match part.form {
            Some(DatePartForm::Short) if year > 0 => format!("{:02}", year % 100),
            _ => year.unsigned_abs().to_string(),
        };
        let era = match year {
            ..0 => self.term("bc", TermForm::Long, false),
            0..1000 => self.term("ad", TermForm::Long, false),
            _ => None,
        };
        text.push_str(era.unwrap_or_default());
        self.out.push(&text);
        if let Some(suffix) = self.cx.year_suffix
            && variable != DateVariable::Accessed
            && !self.year_suffix_shown
            && !self.env.style.explicit_year_suffix
        {
            self.push_year_suffix(suffix);
        }
    }

    fn month(&mut self, date: PartialDate, season: Option<&str>, part: &Part<'_>) {
        let in_digits =
            matches!(part.form, Some(DatePartForm::Numeric | DatePartForm::NumericLeadingZeros));
        if in_digits && date.month.is_none() {
            return;
        }
        if let Some(season) = season.filter(|_| date.month.is_none()) {
            self.out.push(season);
            return;
        }
        if let Some(season) = date.season {
            let name = format!("season-{season:02}");
            if let Some(text) = self.term(&name, TermForm::Long, false) {
                self.out.push(text);
            }
            return;
        }
        let Some(month) = date.month else { return };
        match part.form {
            Some(DatePartForm::Numeric) => self.out.push(&month.to_string()),
            Some(DatePartForm::NumericLeadingZeros) => self.out.push(&format!("{month:02}")),
            form => {
                let form = if form == Some(DatePartForm::Short) {
                    TermForm::Short
                } else {
                    TermForm::Long
                };
                if let Some(text) = self.term(&format!("month-{month:02}"), form, false) {
                    self.out.push(text);
                }
            }
        }
    }

    fn day(&mut self, date: PartialDate, part: &Part<'_>) {
        let Some(day) = date.day else { return };
        let text = match part.form {
            Some(DatePartForm::NumericLeadingZeros) => format!("{day:02}"),
            Some(DatePartForm::Ordinal)
                if day == 1 || !self.env.locale.limit_day_ordinals_to_day_1 =>
            {
                let month = format!("month-{:02}", date.month.unwrap_or(1));
                self.ordinal(u32::from(day), &month)
            }
            _ => day.to_string(),
        };
        self.out.push(&text);
    }

    /// Writes a date so that text order is order in time (CSL 1.0.2, "Sorting").
    fn sort_date(&mut self, element: &DateElement, date: &Date) {
        let shows = |name: DatePartName| match element.form {
            None => element.format.parts.iter().any(|part| part.name == name),
            Some(_) => match name {
                DatePartName::Year => true,
                DatePartName::Month => element.shown >= DateParts::YearMonth,
                DatePartName::Day => element.shown >= DateParts::YearMonthDay,
            },
        };
        let months = shows(DatePartName::Month);
        let days = shows(DatePartName::Day);
        let key = crate::processor::date_sort_key(date, months, days);
        self.out.push(&key);
    }
}

/// Lays formatting over formatting.
fn overlay(under: Formatting, over: Formatting) -> Formatting {
    Formatting {
        font_style: over.font_style.or(under.font_style),
        font_variant: over.font_variant.or(under.font_variant),
        font_weight: over.font_weight.or(under.font_weight),
        text_decoration: over.text_decoration.or(under.text_decoration),
        vertical_align: over.vertical_align.or(under.vertical_align),
    }
}
