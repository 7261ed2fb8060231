//! The answers of earlier days, so that nobody is asked twice a day for the same.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::answers::{Answer, Answers};

const DAY: i64 = 24 * 60 * 60;

/// How long an address that was reached counts as reachable, in seconds.
const REACHABLE_FOR: i64 = 7 * DAY;

/// How long one that was not counts as unreachable: it may be mended soon.
const UNREACHABLE_FOR: i64 = DAY;

/// Answers with the time of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    asked: BTreeMap<String, KeptAnswer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptAnswer {
    /// When it came, in seconds since 1970.
    at: i64,
    /// Why the address cannot be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unreachable: Option<String>,
}

impl KeptAnswer {
    fn holds_at(&self, now: i64) -> bool {
        let holds_for = if self.unreachable.is_none() { REACHABLE_FOR } else { UNREACHABLE_FOR };
        now.checked_sub(self.at).is_some_and(|age| (0..holds_for).contains(&age))
    }
}

impl Kept {
    /// Reads what [`Kept::to_text`] wrote, and leaves out what no longer holds at `now`, in
    /// seconds since 1970. A text that is damaged holds nothing.
    pub fn read(text: &str, now: i64) -> Self {
        let mut kept: Self = serde_json::from_str(text).unwrap_or_default();
        kept.asked.retain(|_, answer| answer.holds_at(now));
        kept
    }

    /// Returns it as a text.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("text and numbers are valid JSON");
        text.push('\n');
        text
    }

    /// Adds `answers`, which came at `now`.
    pub fn add(&mut self, answers: &Answers, now: i64) {
        for (address, answer) in answers.iter() {
            let unreachable = match answer {
                Answer::Reachable => None,
                Answer::Unreachable(why) => Some(why.clone()),
            };
            self.asked.insert(address.to_owned(), KeptAnswer { at: now, unreachable });
        }
    }

    /// Returns those of `addresses` that are to be asked.
    pub fn unknown(&self, addresses: &BTreeSet<String>) -> BTreeSet<String> {
        addresses.iter().filter(|address| !self.asked.contains_key(*address)).cloned().collect()
    }

    /// Returns the addresses that could be reached lately.
    pub fn reachable(&self) -> impl Iterator<Item = &str> {
        let reached = self.asked.iter().filter(|(_, answer)| answer.unreachable.is_none());
        reached.map(|(address, _)| address.as_str())
    }

    /// Returns the answers to those of `addresses` that are known.
    pub fn answers(&self, addresses: &BTreeSet<String>) -> Answers {
        let answer = |kept: &KeptAnswer| match &kept.unreachable {
            None => Answer::Reachable,
            Some(why) => Answer::Unreachable(why.clone()),
        };
        let known = addresses.iter().filter_map(|a| Some((a.clone(), answer(self.asked.get(a)?))));
        known.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn kept() -> Kept {
        let dead = Answer::Unreachable("410 Gone".to_owned());
        let answers: Answers =
            [("https://a.eu/".to_owned(), Answer::Reachable), ("https://b.eu/".to_owned(), dead)]
                .into_iter()
                .collect();
        let mut kept = Kept::default();
        kept.add(&answers, NOW);
        kept
    }

    #[test]
    fn answers_hold_for_a_week_and_faults_for_a_day() {
        let text = kept().to_text();
        let known_at = |now: i64| Kept::read(&text, now).asked.into_keys().collect::<Vec<_>>();
        assert_eq!(known_at(NOW), ["https://a.eu/", "https://b.eu/"]);
        assert_eq!(known_at(NOW + DAY - 1).len(), 2);
        assert_eq!(known_at(NOW + DAY), ["https://a.eu/"]);
        assert_eq!(known_at(NOW + 7 * DAY - 1), ["https://a.eu/"]);
        assert_eq!(known_at(NOW + 7 * DAY), [""; 0]);
        assert_eq!(known_at(NOW - 1), [""; 0], "the clock was set back");
    }

    #[test]
    fn what_is_kept_is_not_asked_again() {
        let kept = Kept::read(&kept().to_text(), NOW);
        let wanted: BTreeSet<String> = ["https://b.eu/", "https://c.eu/"].map(str::to_owned).into();
        assert_eq!(kept.unknown(&wanted), ["https://c.eu/".to_owned()].into());
        let answers = kept.answers(&wanted);
        assert_eq!(answers.why_unreachable("https://b.eu/"), Some("410 Gone"));
        assert_eq!(answers.iter().count(), 1);
        assert_eq!(kept.reachable().collect::<Vec<_>>(), ["https://a.eu/"]);
    }

    #[test]
    fn a_damaged_text_holds_nothing() {
        for text in ["", "{", "[]", "{\"asked\": {\"https://a.eu/\": 1}}"] {
            assert_eq!(Kept::read(text, NOW), Kept::default(), "{text}");
        }
    }
}
