//! Values of any type, numbers included, for the site's own templates.

use std::fmt;
use std::sync::Arc;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::place::next_key;
use crate::ordered::IndexMap;
use crate::parse::page::FieldValue;

/// Reads anything.
pub(super) struct AnySeed;

impl<'de> DeserializeSeed<'de> for AnySeed {
    type Value = Option<FieldValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self).map(Some)
    }
}

impl<'de> Visitor<'de> for AnySeed {
    type Value = FieldValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<FieldValue, E> {
        Ok(FieldValue::Null)
    }

    fn visit_none<E: Error>(self) -> Result<FieldValue, E> {
        Ok(FieldValue::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<FieldValue, E> {
        Ok(FieldValue::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<FieldValue, E> {
        Ok(FieldValue::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<FieldValue, E> {
        Ok(match i64::try_from(value) {
            Ok(value) => FieldValue::Integer(value),
            Err(_) => FieldValue::Number(Arc::from(value.to_string())),
        })
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(Arc::from(value.to_string())))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(Arc::from(value.to_string())))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(Arc::from(value.to_string())))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(Arc::from(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FieldValue, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(AnySeed)? {
            items.extend(item);
        }
        Ok(FieldValue::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldValue, A::Error> {
        let mut values = IndexMap::default();
        while let Some(key) = next_key(&mut map)? {
            let value = map.next_value_seed(AnySeed)?;
            if let (Some(key), Some(value)) = (key, value) {
                values.insert(Arc::from(key), value);
            }
        }
        Ok(FieldValue::Record(values))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<FieldValue, A::Error> {
        let (_, variant) = access.variant::<String>()?;
        variant.newtype_variant_seed(AnySeed).map(|value| value.unwrap_or(FieldValue::Null))
    }
}
