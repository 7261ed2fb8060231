//! Dates as EDTF, the form of ISO 8601 that BibLaTeX reads.

use crate::item::{Date, PartialDate, RangeEnd};

/// Returns a date or range as EDTF; `None` where it is only text.
pub(super) fn edtf(date: &Date) -> Option<String> {
    let start = one(date.start?, date.circa);
    Some(match date.end {
        None => start,
        Some(RangeEnd::Open) => format!("{start}/"),
        Some(RangeEnd::At(end)) => format!("{start}/{}", one(end, date.circa)),
    })
}

fn one(date: PartialDate, circa: bool) -> String {
    let mut out = match date.year {
        year @ 0..=9999 => format!("{year:04}"),
        year @ 10000.. => format!("Y{year}"),
        // 1 BC is the year 0.
        year => match year.saturating_add(1).unsigned_abs() {
            0 => "0000".to_owned(),
            years @ 1..=9999 => format!("-{years:04}"),
            years => format!("Y-{years}"),
        },
    };
    if let Some(month) = date.month.or(date.season.map(|season| season + 20)) {
        out.push_str(&format!("-{month:02}"));
    }
    if let Some(day) = date.day {
        out.push_str(&format!("-{day:02}"));
    }
    if circa {
        out.push('~');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edtf_is_read_back_as_it_was() {
        for text in [
            "2020",
            "2020-05-03",
            "2020-21",
            "2020-05~",
            "0044",
            "-0043",
            "0000",
            "Y12345",
            "Y-170000",
            "2019/",
            "2019-12-30/2020-01-02",
            "2019-21~/2020-22~",
        ] {
            assert_eq!(edtf(&Date::parse(text)).as_deref(), Some(text));
        }
        assert_eq!(edtf(&Date::from_literal("in press")), None);
    }
}
