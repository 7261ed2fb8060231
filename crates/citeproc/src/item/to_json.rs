//! Items as CSL-JSON: `Serialize` and `Deserialize`.
//!
//! Fields are written in one order: id, type, text variables, names, dates, and what CSL does not
//! know.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::node::Node;
use super::{Date, Item, ItemType, Name, PartialDate, RangeEnd};

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &*self.id)?;
        if self.kind != ItemType::Other {
            map.serialize_entry("type", self.kind.as_str())?;
        }
        for (variable, text) in self.texts() {
            map.serialize_entry(variable.as_str(), text.as_str())?;
        }
        for (variable, names) in self.name_lists() {
            map.serialize_entry(variable.as_str(), names)?;
        }
        for (variable, date) in self.dates() {
            map.serialize_entry(variable.as_str(), date)?;
        }
        for (key, value) in &self.extra {
            map.serialize_entry(&**key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Item {
    /// Reads CSL-JSON; the first value that cannot be used is the error.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = Node::deserialize(deserializer)?;
        let mut problems = Vec::new();
        let item = Self::from_node(&node, &mut problems);
        match (item, problems.first()) {
            (Some(item), None) => Ok(item),
            (_, Some(problem)) if problem.path.is_empty() => {
                Err(D::Error::custom(&problem.message))
            }
            (_, Some(problem)) => {
                Err(D::Error::custom(format_args!("{}: {}", problem.path, problem.message)))
            }
            (None, None) => Err(D::Error::custom("an item must be a map")),
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, part) in [
            ("family", &self.family),
            ("given", &self.given),
            ("dropping-particle", &self.dropping_particle),
            ("non-dropping-particle", &self.non_dropping_particle),
            ("suffix", &self.suffix),
            ("literal", &self.literal),
        ] {
            if let Some(part) = part {
                map.serialize_entry(key, &**part)?;
            }
        }
        for (key, flag) in
            [("comma-suffix", self.comma_suffix), ("static-ordering", self.static_ordering)]
        {
            if flag {
                map.serialize_entry(key, &flag)?;
            }
        }
        if let Some(flag) = self.parse_names {
            map.serialize_entry("parse-names", &flag)?;
        }
        map.end()
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(start) = self.start {
            // A range carries its seasons as months 21 to 24, since it may have two of them.
            let parts = match self.end {
                None => vec![parts_of(PartialDate { season: None, ..start })],
                Some(RangeEnd::Open) => vec![parts_of(start), vec![0]],
                Some(RangeEnd::At(end)) => vec![parts_of(start), parts_of(end)],
            };
            map.serialize_entry("date-parts", &parts)?;
            if self.end.is_none()
                && let Some(season) = start.season
            {
                map.serialize_entry("season", &season)?;
            }
        }
        if let Some(season) = &self.season_literal {
            map.serialize_entry("season", &**season)?;
        }
        if self.circa {
            map.serialize_entry("circa", &true)?;
        }
        if let Some(literal) = &self.literal {
            map.serialize_entry("literal", &**literal)?;
        }
        map.end()
    }
}

fn parts_of(date: PartialDate) -> Vec<i32> {
    let month = date.month.or(date.season.map(|season| season + 20));
    let mut parts = vec![date.year];
    parts.extend([month, date.day].into_iter().flatten().map(i32::from));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_comes_back_as_it_was() {
        let json = r#"{"id":"king2022","type":"article-journal","title":"Two <i>Phase 3</i> Trials","DOI":"10.1056/NEJMoa2110343","page":"1687-1699","author":[{"family":"King","given":"Brett"},{"literal":"BRAVE-AA Investigators"},{"family":"Gogh","given":"V","non-dropping-particle":"van","suffix":"Jr","comma-suffix":true}],"issued":{"date-parts":[[2022,5,5]]},"accessed":{"date-parts":[[2020,21],[2021,22]],"circa":true},"available-date":{"literal":"soon"},"submitted":{"date-parts":[[2021]],"season":4},"custom":{"x":[1,"two",null]}}"#;
        let item: Item = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&item).unwrap(), json);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_an_error_with_its_path() {
        let error = serde_json::from_str::<Item>(r#"{"id":"a","title":[{}],"x":1}"#).unwrap_err();
        assert!(error.to_string().starts_with("title: must be text"), "{error}");
        assert!(serde_json::from_str::<Item>("[]").is_err());
    }
}
