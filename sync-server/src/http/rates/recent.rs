//! A time for each of many, the oldest forgotten.
//!
//! In: keys as they are asked for. Out: the time kept with each. Must not: keep more than so many, or look through
//! them.
//!
//! There are two halves. Whoever is asked for stands in the younger one; when that is full, the older one is forgotten
//! and the younger takes its place.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// A time for each of the latest keys; zero for a new one.
#[derive(Debug)]
pub(super) struct Recent<K> {
    half: usize,
    young: HashMap<K, Duration>,
    old: HashMap<K, Duration>,
}

impl<K: Eq + Hash> Recent<K> {
    /// Keeps at most so many, and at least the latest half of them.
    pub(super) fn new(most: usize) -> Self {
        Self {
            half: (most / 2).max(1),
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }

    /// The time of a key that is kept.
    pub(super) fn find(&mut self, key: &K) -> Option<&mut Duration> {
        if let Some((key, due)) = self.old.remove_entry(key) {
            self.insert(key, due);
        }
        self.young.get_mut(key)
    }

    /// The time of a key, kept from now on.
    pub(super) fn find_or_insert(&mut self, key: K) -> &mut Duration
    where
        K: Copy,
    {
        if self.find(&key).is_none() {
            self.insert(key, Duration::ZERO);
        }
        self.young.entry(key).or_default()
    }

    fn insert(&mut self, key: K, due: Duration) {
        if self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, due);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_kept_than_there_is_room_for_and_the_latest_are_among_them() {
        let mut recent = Recent::new(100);
        for key in 0..10_000_u32 {
            *recent.find_or_insert(key) = Duration::from_secs(1);
            // One that is asked for all the time is never forgotten.
            let first = recent.find_or_insert(0);
            assert_eq!(*first, Duration::from_secs(1));
            assert!(recent.young.len() + recent.old.len() <= 100);
        }
        assert!(recent.find(&9_960).is_some());
        assert!(recent.find(&5).is_none());
    }
}
