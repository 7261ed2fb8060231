//! Reads dates written as text: EDTF and ISO 8601, and the forms that people and databases use.
//!
//! [`Date::parse`] tries a range, then a single date; what neither understands is a literal.

use super::{Date, PartialDate, RangeEnd};

impl Date {
    /// Reads a date from text; never fails, since text that is no date becomes a literal.
    ///
    /// Understood are EDTF (`2020-05-03`, `2020-21` for spring, `2020?`, `199X`, `-0043`,
    /// `2019/2021`, `2019/..`), dates with slashes (`2020/05/03`, `5/3/2020` with the month
    /// first), and English words (`3 May 2020`, `May 3, 2020`, `2020 May-Jun`, `Spring 2020`,
    /// `c. 1850`, `44 BC`, `Spring 1999 - Summer 2001`).
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::default();
        }
        parse_range(text)
            .or_else(|| parse_single(text).map(Single::into_date))
            .unwrap_or_else(|| Self::from_literal(text))
    }
}

/// One date, before it is known whether it ends a range.
#[derive(Clone, Copy)]
struct Single {
    date: PartialDate,
    circa: bool,
    /// The last year, where the year is given by its decade or century (`199X`).
    until_year: Option<i32>,
}

impl Single {
    fn exact(date: PartialDate) -> Self {
        Self { date, circa: false, until_year: None }
    }

    fn into_date(self) -> Date {
        let end = self
            .until_year
            .map(|year| RangeEnd::At(PartialDate { year, ..PartialDate::default() }));
        Date { start: Some(self.date), end, circa: self.circa, ..Date::default() }
    }
}

fn parse_range(text: &str) -> Option<Date> {
    split_range(text).find_map(|(left, right)| {
        let (left, right) = (left.trim(), right.trim());
        // One or two digits are the day of a month that stands at the other end, not a year.
        let single = |side: &str| (!is_day(side)).then(|| parse_single(side)).flatten();
        let start = single(left);
        if matches!(right, "" | ".." | "open" | "present") {
            let start = start.filter(|_| !left.is_empty())?;
            return Some(Date { end: Some(RangeEnd::Open), ..start.into_date() });
        }
        let end = single(right);
        let (start, end) = match (start, end) {
            (Some(start), Some(end)) => (start, end),
            (Some(start), None) => (start, end_of_shared(start.date, left, right)?),
            (None, Some(end)) => (start_of_shared(left, right, end.date)?, end),
            (None, None) => return None,
        };
        let end_date = end.until_year.map_or(end.date, |year| PartialDate { year, ..end.date });
        Some(Date {
            start: Some(start.date),
            end: (end_date != start.date).then_some(RangeEnd::At(end_date)),
            circa: start.circa || end.circa,
            ..Date::default()
        })
    })
}

/// Returns the places at which text may fall into the two ends of a range, the surest first.
fn split_range(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let slash = (text.matches('/').count() == 1 && !is_year_slash_month(text))
        .then(|| text.split_once('/'))
        .flatten();
    let spaced = text.split_once(" - ");
    let dash = text.split_once(['–', '—']);
    let joined = text.split_once("--");
    let hyphen = (text.matches('-').count() == 1).then(|| text.split_once('-')).flatten().filter(
        |(left, right)| {
            let years = |side: &str| side.len() == 4 && side.bytes().all(|b| b.is_ascii_digit());
            let worded = |side: &str| side.contains(char::is_alphabetic);
            (years(left) && (years(right) || right.is_empty()))
                || (worded(left) || worded(right)) && !left.is_empty()
        },
    );
    [slash, spaced, dash, joined, hyphen].into_iter().flatten()
}

fn is_day(text: &str) -> bool {
    text.len() <= 2 && digits(text).is_some()
}

/// Tells `2020/05` (a month, as databases write it) from `2019/2021` (a range).
fn is_year_slash_month(text: &str) -> bool {
    text.split_once('/').is_some_and(|(year, month)| {
        year.len() == 4
            && (1..=2).contains(&month.len())
            && month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
    })
}

/// Reads the end of a range that leaves out what the start says: "2020 May-Jun", "May 3-5, 2020".
fn end_of_shared(start: PartialDate, left: &str, right: &str) -> Option<Single> {
    // "3 May 2020 - 5"
    if let (Some(month), Ok(day)) = (start.month, right.parse::<i32>())
        && start.day.is_some()
        && !left.is_empty()
    {
        return Some(Single::exact(PartialDate::from_parts(
            start.year,
            Some(i32::from(month)),
            Some(day),
        )));
    }
    parse_single(&format!("{} {right}", start.year))
}

/// Reads the start of a range whose year stands at the end only: "May-June 2020", "3-5 May 2020".
fn start_of_shared(left: &str, right: &str, end: PartialDate) -> Option<Single> {
    if let (Some(month), Ok(day)) = (end.month, left.parse::<i32>())
        && end.day.is_some()
    {
        return Some(Single::exact(PartialDate::from_parts(
            end.year,
            Some(i32::from(month)),
            Some(day),
        )));
    }
    // "May 3-5, 2020": the right side reads as day 5 of no month.
    if right.starts_with(|c: char| c.is_ascii_digit()) && end.month.is_none() {
        return None;
    }
    let start = parse_single(&format!("{left} {}", end.year))?;
    (start.date.month.is_some() || start.date.season.is_some()).then_some(start)
}

fn parse_single(text: &str) -> Option<Single> {
    let mut circa = false;
    // RIS ends a date with the slashes of the parts it leaves out ("2020///").
    let mut text = text.trim().trim_end_matches('/');
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        text = inner.trim();
        circa = true;
    }
    for prefix in ["circa ", "ca. ", "ca ", "c. ", "c.", "~"] {
        if let Some(rest) = strip_prefix_ignoring_case(text, prefix) {
            text = rest.trim_start();
            circa = true;
            break;
        }
    }
    let bare = text.trim_end_matches(['~', '?', '%']);
    if bare.len() < text.len() {
        text = bare.trim_end();
        circa = true;
    }
    let mut single =
        parse_edtf(text).or_else(|| parse_slashes(text)).or_else(|| parse_words(text))?;
    single.circa |= circa;
    Some(single)
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` with an optional time, a sign, or `X` for unknown digits.
fn parse_edtf(text: &str) -> Option<Single> {
    let text = text.split_once('T').map_or(text, |(date, _time)| date);
    let (long, text) = match text.strip_prefix(['Y', 'y']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut parts = text.split('-');
    let year_text = parts.next()?;
    if year_text.is_empty() || (!long && year_text.len() > 4) || year_text.len() > 9 {
        return None;
    }
    let unknown = year_text.bytes().rev().take_while(|b| matches!(b, b'X' | b'x' | b'u')).count();
    if unknown == year_text.len() {
        return None;
    }
    let known: i32 = digits(&year_text[..year_text.len() - unknown])?;
    let month = parts.next();
    let day = parts.next();
    if parts.next().is_some() || (unknown > 0 && month.is_some()) {
        return None;
    }
    let two = |part: Option<&str>| match part {
        None => Some(None),
        // An unknown month or day says no more than its absence.
        Some("XX" | "xx" | "uu" | "00") => Some(None),
        Some(part) if part.len() <= 2 => digits(part).map(Some),
        Some(_) => None,
    };
    let (month, day) = (two(month)?, two(day)?);
    let scale = 10i32.checked_pow(u32::try_from(unknown).ok()?)?;
    let first = known.checked_mul(scale)?;
    let mut year = first;
    if negative || (year == 0 && year_text.len() == 4 && unknown == 0) {
        // EDTF counts a year 0, history does not.
        year = if year_text.len() >= 4 { -first - 1 } else { -first };
    }
    if month.is_some_and(|m| !matches!(m, 1..=12 | 21..=24)) || day.is_some_and(|d| d > 31) {
        return None;
    }
    Some(Single {
        date: PartialDate::from_parts(year, month, day),
        circa: false,
        until_year: (unknown > 0 && !negative).then(|| first + scale - 1),
    })
}

/// Reads `2020/05/03`, `2020/05`, `5/3/2020` (the month first, unless it cannot be one).
fn parse_slashes(text: &str) -> Option<Single> {
    let parts: Vec<&str> = text.trim_end_matches('/').split(['/', '.']).collect();
    let number = |index: usize| parts.get(index).and_then(|part| digits(part));
    let date = match parts.len() {
        2 | 3 if parts[0].len() == 4 => {
            let month = number(1)?;
            if !(1..=12).contains(&month) || (parts.len() == 3 && number(2).is_none()) {
                return None;
            }
            PartialDate::from_parts(number(0)?, Some(month), number(2))
        }
        2 if parts[1].len() == 4 && (1..=12).contains(&number(0)?) => {
            PartialDate::from_parts(number(1)?, number(0), None)
        }
        3 if parts[2].len() == 4 => {
            let (mut month, mut day) = (number(0)?, number(1)?);
            // With dots, the day goes first.
            if month > 12 || text.contains('.') {
                (month, day) = (day, month);
            }
            if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
                return None;
            }
            PartialDate::from_parts(number(2)?, Some(month), Some(day))
        }
        _ => return None,
    };
    Some(Single::exact(date))
}

/// Reads a date with the month or season in English, in any order, or a year with its era.
fn parse_words(text: &str) -> Option<Single> {
    let mut year = None;
    let mut month = None;
    let mut season = None;
    let mut day = None;
    let mut before_christ = false;
    let words = text.split(|c: char| c.is_whitespace() || c == ',' || c == '-');
    for word in words.filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches('.');
        let numeral = strip_ordinal(bare);
        if let Some(number) = digits(numeral) {
            if numeral.len() >= 3 && year.is_none() {
                year = Some(number);
            } else if day.is_none() {
                day = Some(number);
            } else {
                return None;
            }
        } else if let Some(found) = month_number(bare) {
            if month.replace(found).is_some() {
                return None;
            }
        } else if let Some(found) = season_number(bare) {
            if season.replace(found).is_some() {
                return None;
            }
        } else if matches!(bare.to_ascii_uppercase().as_str(), "BC" | "BCE" | "B.C") {
            before_christ = true;
        } else if !matches!(bare.to_ascii_uppercase().as_str(), "AD" | "CE" | "A.D" | "OF") {
            return None;
        }
    }
    if before_christ && year.is_none() {
        year = day.take();
    }
    let year = if before_christ { -year? } else { year? };
    if day.is_some_and(|day| month.is_none() || !(1..=31).contains(&day)) {
        return None;
    }
    let mut date = PartialDate::from_parts(year, month.map(i32::from), day);
    date.season = season.filter(|_| month.is_none());
    Some(Single::exact(date))
}

fn strip_ordinal(word: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

/// Returns the number of a month, by its English name or the first three letters of it.
pub(crate) fn month_number(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if word.len() < 3 || !word.is_ascii() {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| month.starts_with(&word))?;
    u8::try_from(index + 1).ok()
}

/// Returns the number of a season, 1 for spring to 4 for winter, by its English name.
pub(crate) fn season_number(word: &str) -> Option<u8> {
    match word.to_ascii_lowercase().as_str() {
        "spring" => Some(1),
        "summer" => Some(2),
        "autumn" | "fall" => Some(3),
        "winter" => Some(4),
        _ => None,
    }
}

fn digits(text: &str) -> Option<i32> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a date as text, for comparison.
    fn shown(text: &str) -> String {
        let date = Date::parse(text);
        if let Some(literal) = &date.literal {
            return format!("\"{literal}\"");
        }
        let one = |d: PartialDate| {
            let mut out = d.year.to_string();
            for part in [d.month, d.day].into_iter().flatten() {
                out.push_str(&format!("-{part}"));
            }
            if let Some(season) = d.season {
                out.push_str(&format!("-s{season}"));
            }
            out
        };
        let mut out = date.start.map(one).unwrap_or_default();
        match date.end {
            Some(RangeEnd::Open) => out.push_str("/.."),
            Some(RangeEnd::At(end)) => out.push_str(&format!("/{}", one(end))),
            None => {}
        }
        if date.circa {
            out.push('~');
        }
        out
    }

    #[test]
    fn iso_and_edtf() {
        for (text, expected) in [
            ("2020", "2020"),
            ("2020-05", "2020-5"),
            ("2020-05-03", "2020-5-3"),
            ("2020-05-03T12:00:00Z", "2020-5-3"),
            ("2020-21", "2020-s1"),
            ("2020?", "2020~"),
            ("2020-05~", "2020-5~"),
            ("199X", "1990/1999"),
            ("2020-XX", "2020"),
            ("-0043", "-44"),
            ("0000", "-1"),
            ("-43", "-43"),
            ("Y-170000", "-170001"),
            ("2019/2021", "2019/2021"),
            ("2019-12/2020-01", "2019-12/2020-1"),
            ("2019-12-30/2020-01-02", "2019-12-30/2020-1-2"),
            ("2019/..", "2019/.."),
            ("2019/", "2019/.."),
            ("2019-", "2019/.."),
            ("-0050/-0043", "-51/-44"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_of_databases() {
        for (text, expected) in [
            ("2020/05/03", "2020-5-3"),
            ("2020/05/03/", "2020-5-3"),
            ("2020/05", "2020-5"),
            ("2020///", "2020"),
            ("5/3/2020", "2020-5-3"),
            ("31/12/2020", "2020-12-31"),
            ("3.5.2020", "2020-5-3"),
            ("2020 May 3", "2020-5-3"),
            ("2020 May-Jun", "2020-5/2020-6"),
            ("2020 Dec 28-2021 Jan 3", "2020-12-28/2021-1-3"),
            ("2020 Spring", "2020-s1"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_in_words() {
        for (text, expected) in [
            ("3 May 2020", "2020-5-3"),
            ("May 3, 2020", "2020-5-3"),
            ("May 3rd, 2020", "2020-5-3"),
            ("Sept. 2020", "2020-9"),
            ("Fall 2020", "2020-s3"),
            ("Spring 1999 - Summer 2001", "1999-s1/2001-s2"),
            ("May–June 2020", "2020-5/2020-6"),
            ("May-June 2020", "2020-5/2020-6"),
            ("3-5 May 2020", "2020-5-3/2020-5-5"),
            ("3 May 2020 - 5", "2020-5-3/2020-5-5"),
            ("2010–2012", "2010/2012"),
            ("1999-2000", "1999/2000"),
            ("c. 1850", "1850~"),
            ("ca. 1850", "1850~"),
            ("[1850]", "1850~"),
            ("44 BC", "-44"),
            ("AD 100", "100"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn text_that_is_no_date_is_kept() {
        for text in ["Bogus Date", "in press", "2020-13-45", "maybe around 2000bc sometime?", "/"] {
            assert_eq!(shown(text), format!("\"{text}\""));
        }
        assert!(Date::parse("  ").is_empty());
    }
}
