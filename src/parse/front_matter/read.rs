//! The one walk over the YAML, led by the schema.
//!
//! [`front_matter`] reads the fields of the page, [`entries`] those of any mapping,
//! and [`value`] one value by its type.

use std::fmt;
use std::sync::Arc;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::any::AnySeed;
use super::finding::Finding;
use super::place::{Item, MapValue, Place, Scalar, ScalarSeed, next_key};
use super::{MarkdownParser, Schema, citation, scalar, typed, unknown};
use crate::config::{Field, FieldType};
use crate::ordered::IndexMap;
use crate::parse::page::{FieldPath, FieldStep, FieldValue, FrontMatter};

/// The state of the walk.
pub(super) struct Reading<'a> {
    /// What the page may hold.
    pub(super) schema: Schema<'a>,
    /// How Markdown is read.
    pub(super) markdown: &'a MarkdownParser<'a>,
    /// Where the walk is.
    pub(super) path: FieldPath,
    /// What did not fit so far.
    pub(super) findings: Vec<Finding>,
}

impl Reading<'_> {
    /// Notes that the value at hand is not what its type wants.
    pub(super) fn mismatch(&mut self, ty: &FieldType, given: &str) {
        self.findings.push(Finding::mismatch(self.path.clone(), ty, given));
    }
}

/// Reads the whole front matter.
pub(super) fn front_matter<'a>(
    yaml: &str,
    schema: Schema<'a>,
    markdown: &'a MarkdownParser<'a>,
) -> Result<(FrontMatter, Vec<Finding>), serde_yaml::Error> {
    let path = FieldPath::default();
    let mut reading = Reading { schema, markdown, path, findings: Vec::new() };
    let seed = RootSeed { reading: &mut reading };
    let front = seed.deserialize(serde_yaml::Deserializer::from_str(yaml))?;
    Ok((front, reading.findings))
}

struct RootSeed<'r, 'a> {
    reading: &'r mut Reading<'a>,
}

impl<'de> DeserializeSeed<'de> for RootSeed<'_, '_> {
    type Value = FrontMatter;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FrontMatter, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RootSeed<'_, '_> {
    type Value = FrontMatter;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields as `name: value`, one on a line")
    }

    fn visit_unit<E: Error>(self) -> Result<FrontMatter, E> {
        self.visit_none()
    }

    fn visit_none<E: Error>(self) -> Result<FrontMatter, E> {
        let mut front = FrontMatter::default();
        root_required(self.reading, &mut front, &[]);
        Ok(front)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FrontMatter, A::Error> {
        let reading = self.reading;
        let mut front = FrontMatter::default();
        let fields = Fields::Page(reading.schema);
        let seen = entries(&mut map, reading, fields, &mut |reading, field, value| match reading
            .schema
            .page
            .contains_key(&field.name)
        {
            true => typed::set(&mut front, &field.name, value, reading),
            false => {
                front.fields.insert(Arc::clone(&field.name), value);
            }
        })?;
        root_required(reading, &mut front, &seen);
        Ok(front)
    }
}

/// Puts the collection's fields into their order and notes those that are missing.
fn root_required(reading: &mut Reading<'_>, front: &mut FrontMatter, seen: &[&str]) {
    let Some(collection) = reading.schema.collection else { return };
    front.fields.sort_by_cached_key(|name, _| collection.fields.get_index_of(name));
    for field in collection.fields.values() {
        if field.required && !seen.contains(&&*field.name) {
            reading.findings.push(Finding::required(reading.path.clone(), &field.name));
        }
    }
    if collection.people
        && front.title.is_none()
        && let Some(FieldValue::Text(name)) = front.fields.get("name")
    {
        front.title = Some(Arc::clone(name));
    }
}

/// The fields that a mapping may hold.
#[derive(Clone, Copy)]
pub(super) enum Fields<'a> {
    /// Those of a page.
    Page(Schema<'a>),
    /// Those of a record.
    Record(&'a IndexMap<Arc<str>, Field>),
}

impl<'a> Fields<'a> {
    /// Returns the field `name`.
    pub(super) fn get(self, name: &str) -> Option<&'a Field> {
        match self {
            Fields::Page(schema) => schema
                .page
                .get(name)
                .or_else(|| schema.collection.and_then(|collection| collection.fields.get(name))),
            Fields::Record(fields) => fields.get(name),
        }
    }

    /// Returns the names, the collection's own before those of every page.
    pub(super) fn names(self) -> Vec<&'a str> {
        let names = |fields: &'a IndexMap<Arc<str>, Field>| fields.keys().map(|name| &**name);
        match self {
            Fields::Page(schema) => {
                let own = schema.collection.into_iter().flat_map(|own| names(&own.fields));
                own.chain(names(schema.page)).collect()
            }
            Fields::Record(fields) => names(fields).collect(),
        }
    }
}

/// Reads the entries of a mapping, hands each value that fits to `put`, and
/// returns the names of the fields that the mapping holds.
fn entries<'de, 'a, A: MapAccess<'de>>(
    map: &mut A,
    reading: &mut Reading<'a>,
    fields: Fields<'a>,
    put: &mut dyn FnMut(&mut Reading<'a>, &'a Field, FieldValue),
) -> Result<Vec<&'a str>, A::Error> {
    let mut seen: Vec<&'a str> = Vec::new();
    while let Some(key) = next_key(map)? {
        let Some(field) = key.as_deref().and_then(|key| fields.get(key)) else {
            reading.findings.push(match key.as_deref() {
                Some(key) => unknown::finding(reading, key, fields),
                None => Finding::odd_key(reading.path.clone()),
            });
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        if seen.contains(&&*field.name) {
            reading.findings.push(Finding::duplicate(reading.path.clone(), &field.name));
            map.next_value::<IgnoredAny>()?;
            continue;
        }
        seen.push(&field.name);
        reading.path.0.push(FieldStep::Name(Arc::clone(&field.name)));
        let read = value(&mut MapValue(map), &field.ty, reading)?;
        reading.path.0.pop();
        if let Some(Some(value)) = read {
            put(reading, field, value);
        }
    }
    Ok(seen)
}

/// Reads a value of type `ty`. The outer `None` is the end of a list, the inner
/// one a value that is empty or does not fit.
fn value<'de, 'a, P: Place<'de>>(
    place: &mut P,
    ty: &'a FieldType,
    reading: &mut Reading<'a>,
) -> Result<Option<Option<FieldValue>>, P::Error> {
    if let FieldType::Any = ty {
        return place.read(AnySeed);
    }
    match place.read(ScalarSeed) {
        Ok(None) => Ok(None),
        Ok(Some(Scalar::Null)) => Ok(Some(None)),
        Ok(Some(Scalar::Text(text))) => Ok(Some(scalar::value(&text, ty, reading))),
        Ok(Some(Scalar::Tagged)) => {
            reading.mismatch(ty, "a value with a YAML tag");
            Ok(Some(None))
        }
        Err(_) => place.read(CompoundSeed { ty, reading }),
    }
}

/// Reads a list or mapping as a value of type `ty`.
struct CompoundSeed<'r, 'a> {
    ty: &'a FieldType,
    reading: &'r mut Reading<'a>,
}

impl<'de> DeserializeSeed<'de> for CompoundSeed<'_, '_> {
    type Value = Option<FieldValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CompoundSeed<'_, '_> {
    type Value = Option<FieldValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or mapping")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Self { ty, reading } = self;
        match ty {
            FieldType::List(item) => {
                let items = list(&mut seq, item, reading)?;
                Ok(Some(FieldValue::List(items)))
            }
            FieldType::Citation => {
                let keys = list(&mut seq, &FieldType::Citation, reading)?;
                Ok(citation::join(keys).map(FieldValue::Citation))
            }
            _ => {
                reading.mismatch(ty, "a list");
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(None)
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { ty, reading } = self;
        match ty {
            FieldType::Record(fields) => Ok(Some(record(&mut map, fields, reading)?)),
            FieldType::Surface => {
                let value = record(&mut map, scalar::surface_fields(), reading)?;
                Ok(scalar::surface(value))
            }
            FieldType::Map(item) => map_of(&mut map, item, reading).map(Some),
            FieldType::Ids => identifiers(&mut map, reading).map(Some),
            // A record is accepted where a list of records is expected.
            FieldType::List(item) => {
                let read = CompoundSeed { ty: item, reading }.visit_map(map)?;
                Ok(read.map(|value| FieldValue::List(vec![value])))
            }
            _ => {
                reading.mismatch(ty, "a mapping");
                while next_key(&mut map)?.is_some() {
                    map.next_value::<IgnoredAny>()?;
                }
                Ok(None)
            }
        }
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        self.reading.mismatch(self.ty, "a value with a YAML tag");
        let (_, variant) = access.variant::<String>()?;
        variant.newtype_variant::<IgnoredAny>()?;
        Ok(None)
    }
}

fn list<'de, 'a, A: SeqAccess<'de>>(
    seq: &mut A,
    item: &'a FieldType,
    reading: &mut Reading<'a>,
) -> Result<Vec<FieldValue>, A::Error> {
    let mut items = Vec::new();
    for index in 0.. {
        reading.path.0.push(FieldStep::Index(index));
        let read = value(&mut Item(seq), item, reading);
        reading.path.0.pop();
        match read? {
            Some(read) => items.extend(read),
            None => break,
        }
    }
    Ok(items)
}

fn record<'de, 'a, A: MapAccess<'de>>(
    map: &mut A,
    fields: &'a IndexMap<Arc<str>, Field>,
    reading: &mut Reading<'a>,
) -> Result<FieldValue, A::Error> {
    let mut values = IndexMap::default();
    let seen = entries(map, reading, Fields::Record(fields), &mut |_, field, value| {
        values.insert(Arc::clone(&field.name), value);
    })?;
    for field in fields.values() {
        if field.required && !seen.contains(&&*field.name) {
            reading.findings.push(Finding::required(reading.path.clone(), &field.name));
        }
    }
    values.sort_by_cached_key(|name, _| fields.get_index_of(name));
    Ok(FieldValue::Record(values))
}

fn map_of<'de, 'a, A: MapAccess<'de>>(
    map: &mut A,
    item: &'a FieldType,
    reading: &mut Reading<'a>,
) -> Result<FieldValue, A::Error> {
    let mut values: IndexMap<Arc<str>, FieldValue> = IndexMap::default();
    while let Some(key) = next_key(map)? {
        let Some(key) = key else {
            reading.findings.push(Finding::odd_key(reading.path.clone()));
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        let key: Arc<str> = Arc::from(key);
        if values.contains_key(&key) {
            reading.findings.push(Finding::duplicate(reading.path.clone(), &key));
        }
        reading.path.0.push(FieldStep::Name(Arc::clone(&key)));
        let earlier = reading.findings.len();
        let read = value(&mut MapValue(map), item, reading)?;
        let is_empty = matches!(read, Some(None)) && reading.findings.len() == earlier;
        if is_empty
            && matches!(&reading.path.0[..], [FieldStep::Name(name), _] if **name == *"allow")
        {
            reading.findings.push(Finding::no_reason(reading.path.clone(), &key));
        }
        reading.path.0.pop();
        if let Some(Some(value)) = read {
            values.entry(key).or_insert(value);
        }
    }
    Ok(FieldValue::Record(values))
}

fn identifiers<'de, A: MapAccess<'de>>(
    map: &mut A,
    reading: &mut Reading<'_>,
) -> Result<FieldValue, A::Error> {
    static VALUES: FieldType = FieldType::Text;
    let mut found: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    while let Some(key) = next_key(map)? {
        let Some(scheme) = key.as_deref().and_then(|key| scalar::scheme(key, reading)) else {
            reading.findings.push(match key.as_deref() {
                Some(key) => unknown::scheme(reading, key),
                None => Finding::odd_key(reading.path.clone()),
            });
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        reading.path.0.push(FieldStep::Name(Arc::from(scheme.name())));
        let read = value(&mut MapValue(map), &VALUES, reading)?;
        if let Some(Some(FieldValue::Text(text))) = read {
            found.push((Arc::from(scheme.name()), scalar::identifier(&text, scheme, reading)));
        }
        reading.path.0.pop();
    }
    Ok(FieldValue::Ids(found))
}
