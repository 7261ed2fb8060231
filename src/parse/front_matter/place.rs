//! Asking one place in the YAML more than once.
//!
//! `serde_yaml` turns a plain scalar into a number when it is asked for anything,
//! and fails for good when it is asked for text and finds a list. But asked for
//! an enum it gives the scalar's source text, and when it finds a list or mapping
//! instead it fails *before it moves*, so that the same place can be asked again:
//! first by [`ScalarSeed`], then, where there is no scalar, for a list or mapping.
//! An alias to a list or mapping would move, which is why aliases are refused
//! before the walk.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

/// A place in the YAML that can be asked more than once.
pub(super) trait Place<'de> {
    type Error: Error;

    /// Reads the value by `seed`; `None` at the end of a list.
    fn read<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Self::Error>;
}

/// The value of a mapping's entry, whose key has been read.
pub(super) struct MapValue<'m, A>(pub(super) &'m mut A);

impl<'de, A: MapAccess<'de>> Place<'de> for MapValue<'_, A> {
    type Error = A::Error;

    fn read<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_value_seed(seed).map(Some)
    }
}

/// The next item of a list.
pub(super) struct Item<'m, A>(pub(super) &'m mut A);

impl<'de, A: SeqAccess<'de>> Place<'de> for Item<'_, A> {
    type Error = A::Error;

    fn read<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(seed)
    }
}

/// Returns the next key; the inner `None` stands for a key that is no scalar.
pub(super) fn next_key<'de, A: MapAccess<'de>>(
    map: &mut A,
) -> Result<Option<Option<Cow<'de, str>>>, A::Error> {
    match map.next_key_seed(ScalarSeed) {
        Ok(None) => Ok(None),
        Ok(Some(Scalar::Text(key))) => Ok(Some(Some(key))),
        Ok(Some(Scalar::Null | Scalar::Tagged)) => Ok(Some(None)),
        Err(_) => Ok(map.next_key::<IgnoredAny>()?.map(|_| None)),
    }
}

/// A scalar as the file has it.
pub(super) enum Scalar<'de> {
    /// Nothing, `null` or `~`.
    Null,
    /// Text, whatever it looks like.
    Text(Cow<'de, str>),
    /// A value with a tag such as `!include`.
    Tagged,
}

/// Asks for a scalar's source text; fails without moving at a list or mapping.
pub(super) struct ScalarSeed;

impl<'de> DeserializeSeed<'de> for ScalarSeed {
    type Value = Scalar<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        deserializer.deserialize_enum("", &[], self)
    }
}

impl<'de> Visitor<'de> for ScalarSeed {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Scalar<'de>, A::Error> {
        let (scalar, variant) = access.variant_seed(TextSeed)?;
        if let Scalar::Tagged = scalar {
            variant.newtype_variant::<IgnoredAny>()?;
        }
        Ok(scalar)
    }
}

/// Tells null, text and the name of a tag apart, which arrives as a bare string.
struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Scalar<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_none<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_str<E: Error>(self, _tag: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Tagged)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Scalar::Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
