//! Calendar dates, and what a malformed one was meant to be.

use jiff::civil::Date;

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DateFault {
    /// It has the right form, but the calendar has no such day.
    NoSuchDay(String),
    /// It is a year, or a year and a month.
    Incomplete,
    /// It has another form; the dates that it may mean.
    Form(Vec<Date>),
}

/// Reads `2024-05-31`, or the date of `2024-05-31T10:00:00Z`.
pub(super) fn parse(text: &str) -> Result<Date, DateFault> {
    let text = text.trim();
    let (day, rest) = match text.get(..10) {
        Some(day) => (day, &text[10..]),
        None => (text, ""),
    };
    let time = rest.strip_prefix(['T', 't', ' ']).is_some_and(|time| {
        time.trim_start().as_bytes().get(..3).is_some_and(|hour| {
            hour[0].is_ascii_digit() && hour[1].is_ascii_digit() && hour[2] == b':'
        })
    });
    if !rest.is_empty() && !time {
        return Err(DateFault::Form(guesses(text)));
    }
    match numbers(day, '-').as_deref() {
        Some(&[(4, year), (2, month), (2, day)]) => date(year, month, day),
        Some([(4, _)]) | Some([(4, _), (_, 1..=12)]) => Err(DateFault::Incomplete),
        _ => Err(DateFault::Form(guesses(text))),
    }
}

fn date(year: i16, month: i16, day: i16) -> Result<Date, DateFault> {
    new_date(year, month, day).ok_or_else(|| {
        DateFault::NoSuchDay(match new_date(year, month, 1) {
            None => format!("there is no month {month:02}"),
            Some(first) => {
                let name = MONTHS[usize::from(first.month().unsigned_abs()) - 1].0;
                format!("{name} {year} has {} days", first.days_in_month())
            }
        })
    })
}

fn new_date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Returns the numbers that `separator` parts, each with how many digits it has.
fn numbers(text: &str, separator: char) -> Option<Vec<(usize, i16)>> {
    text.split(separator)
        .map(|part| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok().map(|number| (part.len(), number))).flatten()
        })
        .collect()
}

/// Returns the dates that `text` may mean, at most two.
fn guesses(text: &str) -> Vec<Date> {
    for separator in ['-', '/', '.'] {
        let Some(numbers) = numbers(text.trim(), separator) else { continue };
        let orders: &[[usize; 3]] = match numbers.as_slice() {
            [(4, _), _, _] => &[[0, 1, 2]],
            // Dots are written with the day first; slashes and hyphens both ways.
            [_, _, (4, _)] if separator == '.' => &[[2, 1, 0]],
            [_, _, (4, _)] => &[[2, 1, 0], [2, 0, 1]],
            _ => continue,
        };
        let mut found: Vec<Date> = orders
            .iter()
            .filter_map(|[y, m, d]| new_date(numbers[*y].1, numbers[*m].1, numbers[*d].1))
            .collect();
        found.dedup();
        return found;
    }
    in_words(text).into_iter().collect()
}

/// The months by name and abbreviation.
const MONTHS: &[(&str, &str)] = &[
    ("January", "jan"),
    ("February", "feb"),
    ("March", "mar"),
    ("April", "apr"),
    ("May", "may"),
    ("June", "jun"),
    ("July", "jul"),
    ("August", "aug"),
    ("September", "sep"),
    ("October", "oct"),
    ("November", "nov"),
    ("December", "dec"),
];

/// Reads `12 May 2024` and `May 12th, 2024`.
fn in_words(text: &str) -> Option<Date> {
    let mut month = None;
    let mut numbers = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let lower = word.to_lowercase();
        let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| lower.strip_suffix(end));
        match digits.unwrap_or(&lower).parse::<i16>() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                let found = MONTHS.iter().position(|(_, short)| lower.starts_with(short));
                month = Some(found? as i16 + 1);
            }
        }
    }
    let [first, second] = numbers.as_slice() else { return None };
    let (day, year) = if *first > 31 { (*second, *first) } else { (*first, *second) };
    new_date(year, month?, day).filter(|_| year > 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(text: &str) -> Vec<String> {
        match parse(text) {
            Err(DateFault::Form(guesses)) => guesses.iter().map(Date::to_string).collect(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_date_may_carry_a_time() {
        assert_eq!(parse("2024-05-31").unwrap().to_string(), "2024-05-31");
        assert_eq!(parse("2024-05-31T10:00:00Z").unwrap().to_string(), "2024-05-31");
        assert_eq!(parse("2024-05-31 10:00").unwrap().to_string(), "2024-05-31");
        assert!(parse("2024-05-311").is_err());
    }

    #[test]
    fn a_day_that_the_calendar_lacks_is_explained() {
        let why = |text| match parse(text) {
            Err(DateFault::NoSuchDay(why)) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why("2024-02-30"), "February 2024 has 29 days");
        assert_eq!(why("2024-13-01"), "there is no month 13");
        assert_eq!(why("2024-05-00"), "May 2024 has 31 days");
    }

    #[test]
    fn other_forms_are_guessed() {
        assert_eq!(guess("12/05/2024"), ["2024-05-12", "2024-12-05"]);
        assert_eq!(guess("31/05/2024"), ["2024-05-31"]);
        assert_eq!(guess("05/05/2024"), ["2024-05-05"]);
        assert_eq!(guess("12.5.2024"), ["2024-05-12"]);
        assert_eq!(guess("2024/5/1"), ["2024-05-01"]);
        assert_eq!(guess("2024-5-1"), ["2024-05-01"]);
        assert_eq!(guess("May 12th, 2024"), ["2024-05-12"]);
        assert_eq!(guess("12 September 2024"), ["2024-09-12"]);
        assert!(guess("soon").is_empty());
        assert!(guess("日本語日本語日本語").is_empty());
    }

    #[test]
    fn a_month_is_no_day() {
        assert_eq!(parse("2024-05"), Err(DateFault::Incomplete));
        assert_eq!(parse("2024"), Err(DateFault::Incomplete));
    }
}
