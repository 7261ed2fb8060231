//! Dates and ranges of dates, as exact or as vague as the source gives them.

/// A date or a range of dates.
///
/// A date that cannot be read as parts is a `literal`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Date {
    /// The date, or the beginning of the range.
    pub start: Option<PartialDate>,
    /// The end of the range; `None` for a single date.
    pub end: Option<RangeEnd>,
    /// A season in words, where it is not one of the four.
    pub season_literal: Option<Box<str>>,
    /// The date is approximate ("circa").
    pub circa: bool,
    /// Text to show as it is ("in press", "Ming dynasty").
    pub literal: Option<Box<str>>,
}

/// A year, and as much below it as is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// The year; 1 BC is -1, as in CSL-JSON.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: Option<u8>,
    /// The day of the month, 1 to 31; `None` where the month is.
    pub day: Option<u8>,
    /// The season, 1 (spring) to 4 (winter); `None` where there is a month.
    pub season: Option<u8>,
}

/// The end of a range of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RangeEnd {
    /// The range goes on.
    Open,
    /// The range ends at this date.
    At(PartialDate),
}

impl PartialDate {
    /// Makes a date from numbers as CSL-JSON gives them, or `None` without a year.
    ///
    /// A month of 13 to 16, 17 to 20 or 21 to 24 is a season; a part out of range is left out.
    pub fn from_parts(year: i32, month: Option<i32>, day: Option<i32>) -> Self {
        let mut date = Self { year, ..Self::default() };
        match month {
            Some(month @ 1..=12) => date.month = Some(month as u8),
            Some(season @ 13..=16) => date.season = Some((season - 12) as u8),
            Some(season @ 17..=20) => date.season = Some((season - 16) as u8),
            Some(season @ 21..=24) => date.season = Some((season - 20) as u8),
            _ => {}
        }
        if date.month.is_some() {
            date.day = day.filter(|day| (1..=31).contains(day)).map(|day| day as u8);
        }
        date
    }
}

impl From<PartialDate> for Date {
    fn from(start: PartialDate) -> Self {
        Self { start: Some(start), ..Self::default() }
    }
}

impl Date {
    /// Makes a date of a year alone.
    pub fn from_year(year: i32) -> Self {
        PartialDate { year, ..PartialDate::default() }.into()
    }

    /// Makes a date that is shown as it is.
    pub fn from_literal(literal: &str) -> Self {
        Self { literal: Some(literal.into()), ..Self::default() }
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.start.is_none() && self.literal.is_none() && self.season_literal.is_none()
    }

    /// Tells whether it is a range.
    pub fn is_range(&self) -> bool {
        self.end.is_some()
    }
}
