//! A small ordered map from an enum to values, with constant-time look-up.

use std::marker::PhantomData;

/// An enum of fewer than 128 members that can key a [`Table`].
pub(crate) trait Key: Copy + 'static {
    /// The members, in the order of their indices.
    const MEMBERS: &'static [Self];

    /// Returns the position of this member in `MEMBERS`.
    fn index(self) -> u32;
}

macro_rules! impl_key {
    ($($name:ty),+) => { $(
        impl Key for $name {
            const MEMBERS: &'static [Self] = Self::ALL;

            fn index(self) -> u32 {
                self as u32
            }
        }
    )+ };
}

impl_key!(super::TextVariable, super::DateVariable, super::NameVariable);

/// A map from the members of an enum to values.
///
/// Values lie in key order in one vector. A bit for each key tells whether it is there, and the
/// bits below it tell where, so that no look-up compares keys or hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table<K, V> {
    present: u128,
    values: Vec<V>,
    key: PhantomData<K>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { present: 0, values: Vec::new(), key: PhantomData }
    }
}

impl<K: Key, V> Table<K, V> {
    fn slot(&self, key: K) -> (u128, usize) {
        let bit = 1u128 << key.index();
        (bit, (self.present & (bit - 1)).count_ones() as usize)
    }

    pub(crate) fn contains(&self, key: K) -> bool {
        self.present & (1u128 << key.index()) != 0
    }

    pub(crate) fn get(&self, key: K) -> Option<&V> {
        let (bit, position) = self.slot(key);
        (self.present & bit != 0).then(|| &self.values[position])
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        let (bit, position) = self.slot(key);
        if self.present & bit != 0 {
            self.values[position] = value;
        } else {
            self.present |= bit;
            self.values.insert(position, value);
        }
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        let (bit, position) = self.slot(key);
        if self.present & bit == 0 {
            return None;
        }
        self.present &= !bit;
        Some(self.values.remove(position))
    }

    /// Iterates over the keys that are there and their values, in key order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        let present = self.present;
        K::MEMBERS
            .iter()
            .copied()
            .filter(move |key| present & (1u128 << key.index()) != 0)
            .zip(&self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::TextVariable as T;

    #[test]
    fn values_come_back_in_key_order_however_they_were_put_in() {
        let mut table = Table::default();
        table.insert(T::Volume, 3);
        table.insert(T::Title, 1);
        table.insert(T::Url, 2);
        table.insert(T::Title, 4);
        assert_eq!(
            table.iter().collect::<Vec<_>>(),
            [(T::Title, &4), (T::Url, &2), (T::Volume, &3)]
        );
        assert_eq!(table.remove(T::Url), Some(2));
        assert_eq!(table.remove(T::Url), None);
        assert_eq!(table.get(T::Volume), Some(&3));
        assert_eq!(table.get(T::Url), None);
        assert!(table.contains(T::Title));
    }
}
