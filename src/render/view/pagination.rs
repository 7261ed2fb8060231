//! Where one page of a long list stands among the others.

use crate::render::value::{Value, list, map, optional_text, text};
use crate::resolve::plan::Part;

use super::scope::PageScope;

/// How many pages are named on either side of the current one.
const BESIDE: usize = 2;

/// Returns the place of `part` in its list as templates see it, or none where it is all
/// of it.
///
/// Of a long list not every page is named, only the first, the last and those around the
/// current one: a list of 500 pages would else have 250,000 links.
pub(super) fn pagination(part: &Part, scope: &PageScope<'_>) -> Value {
    if part.of < 2 {
        return Value::none();
    }
    let url = |number: usize| {
        scope.relative(&scope.site.routes.numbered(&part.first, &part.segment, number))
    };
    let named = named(part.number, part.of);
    let before = std::iter::once(0).chain(named.iter().copied());
    let pages = named.iter().zip(before).map(|(&number, before)| {
        map([
            ("number", Value::from(number)),
            ("url", text(url(number))),
            ("current", Value::from(number == part.number)),
            ("gap", Value::from(number > before + 1)),
        ])
    });
    map([
        ("number", Value::from(part.number)),
        ("total", Value::from(part.of)),
        ("first_url", text(url(1))),
        ("prev_url", optional_text((part.number > 1).then(|| url(part.number - 1)))),
        ("next_url", optional_text((part.number < part.of).then(|| url(part.number + 1)))),
        ("pages", list(pages)),
    ])
}

/// Returns the numbers of the pages that the page `current` of `total` names, in order.
///
/// A gap is of two pages at least: where it would be of one, that one is named.
fn named(current: usize, total: usize) -> Vec<usize> {
    let (first, last) = (current.saturating_sub(BESIDE).max(1), (current + BESIDE).min(total));
    let first = if first <= 3 { 1 } else { first };
    let last = if last + 2 >= total { total } else { last };
    let (start, end) = ((first > 1).then_some(1), (last < total).then_some(total));
    start.into_iter().chain(first..=last).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_names_its_ends_and_what_is_around() {
        assert_eq!(named(1, 2), [1, 2]);
        assert_eq!(named(1, 500), [1, 2, 3, 500]);
        assert_eq!(named(5, 500), [1, 2, 3, 4, 5, 6, 7, 500]);
        assert_eq!(named(6, 500), [1, 4, 5, 6, 7, 8, 500]);
        assert_eq!(named(496, 500), [1, 494, 495, 496, 497, 498, 499, 500]);
        assert_eq!(named(500, 500), [1, 498, 499, 500]);
    }

    #[test]
    fn no_gap_is_of_one_page_and_every_page_is_reached_from_its_neighbour() {
        for total in 2..40 {
            for current in 1..=total {
                let named = named(current, total);
                assert!(named.windows(2).all(|pair| pair[0] < pair[1]), "{current}/{total}");
                assert!(named.windows(2).all(|pair| pair[1] - pair[0] != 2), "{current}/{total}");
                let around = current.saturating_sub(BESIDE).max(1)..=(current + BESIDE).min(total);
                assert!([1, total].into_iter().chain(around).all(|page| named.contains(&page)));
            }
        }
    }
}
