//! Pages of a view, and sums over what stands in them: two ends that differ in a row differ in a sum.
//!
//! In: rows. Out: the page of each, one sum per page and one over all. Must not: depend on the order in which rows
//! came, or count customers' cards. Those are sealed on the server and opened for each reader, so that what
//! one end holds is never what the other does.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use crate::ledger::{EntityKey, EntityKind};
use crate::mutated;

/// Pages a kind of entity is spread over. One entity's change rewrites one page.
pub const PAGES_OF_KIND: u32 = 64;

/// The name of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct PageName {
    /// Kind of its entities.
    #[n(0)]
    pub kind: EntityKind,
    /// Which of that kind's pages.
    #[n(1)]
    pub number: u32,
}

impl PageName {
    /// The page an entity belongs to.
    #[must_use]
    pub fn of(key: &EntityKey) -> Self {
        // FNV-1a: the page must be the same at every start, and spread identifiers that share a beginning.
        let hash = key.id.iter().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
        Self {
            kind: key.kind,
            number: hash % PAGES_OF_KIND,
        }
    }

    /// All pages of one kind.
    pub fn all_of(kind: EntityKind) -> impl Iterator<Item = Self> {
        (0..PAGES_OF_KIND).map(move |number| Self { kind, number })
    }
}

/// Sum of the hashes of rows, whatever their order: the first 128 bits of each row's SHA-256, added up and
/// wrapped around. It finds what went missing by accident; it is no defence against a server that lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Sum(#[cbor(with = "minicbor::bytes")] [u8; 16]);

impl Sum {
    /// The sum of one row.
    #[must_use]
    pub fn of_row(key: &EntityKey, bytes: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"custody-row-1\n");
        hasher.update([key.kind.number()]);
        // The length keeps the end of the identifier and the beginning of the row apart.
        hasher.update(
            u64::try_from(key.id.len())
                .unwrap_or(u64::MAX)
                .to_be_bytes(),
        );
        hasher.update(&key.id);
        hasher.update(bytes);
        let hash: [u8; 32] = hasher.finalize().into();
        let mut first = [0; 16];
        first.copy_from_slice(&hash[..16]);
        Self(first)
    }

    /// The sum whose bytes these are.
    #[must_use]
    pub fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }

    fn number(self) -> u128 {
        u128::from_be_bytes(self.bytes())
    }

    fn of_number(number: u128) -> Self {
        Self::of_bytes(number.to_be_bytes())
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::of_number(self.number().wrapping_add(other.number()))
    }

    /// This without the other.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self::of_number(self.number().wrapping_sub(other.number()))
    }
}

/// The sum of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PageSum {
    /// Which.
    #[n(0)]
    pub page: PageName,
    /// Of its rows.
    #[n(1)]
    pub sum: Sum,
}

/// The sums of a view's pages. A page without rows is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<PageName, Sum>);

impl Sums {
    /// The sums in a list.
    pub fn of(list: impl IntoIterator<Item = PageSum>) -> Self {
        let mut sums = Self::default();
        for PageSum { page, sum } in list {
            sums.add(page, sum);
        }
        sums
    }

    /// Takes in that an entity's row was one thing and is another; `None` is no row.
    pub fn change(&mut self, key: &EntityKey, before: Option<&[u8]>, after: Option<&[u8]>) {
        if key.kind == EntityKind::Customer || before == after {
            return;
        }
        let of_row = |bytes: Option<&[u8]>| bytes.map(|bytes| Sum::of_row(key, bytes));
        let (mut before, after) = (of_row(before), of_row(after));
        if mutated("sums_keep_what_was_before") {
            before = None;
        }
        let change = after.unwrap_or_default().minus(before.unwrap_or_default());
        self.add(PageName::of(key), change);
    }

    fn add(&mut self, page: PageName, change: Sum) {
        let sum = self.0.entry(page).or_default();
        *sum = sum.plus(change);
        if *sum == Sum::default() {
            self.0.remove(&page);
        }
    }

    /// Adds what changed to each page.
    pub fn join(&mut self, changes: &Self) {
        for PageSum { page, sum } in changes.list() {
            self.add(page, sum);
        }
    }

    /// One sum over all pages.
    #[must_use]
    pub fn whole(&self) -> Sum {
        self.0
            .values()
            .fold(Sum::default(), |all, sum| all.plus(*sum))
    }

    /// The sum of a page.
    #[must_use]
    pub fn of_page(&self, page: PageName) -> Sum {
        self.0.get(&page).copied().unwrap_or_default()
    }

    /// Every page that is there, in order.
    pub fn list(&self) -> impl Iterator<Item = PageSum> + '_ {
        let sum = |(page, sum): (&PageName, &Sum)| PageSum {
            page: *page,
            sum: *sum,
        };
        self.0.iter().map(sum)
    }

    /// The pages two views do not agree on.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<PageName> {
        let mut differing: Vec<PageName> = self
            .0
            .keys()
            .chain(other.0.keys())
            .copied()
            .filter(|page| self.of_page(*page) != other.of_page(*page))
            .collect();
        differing.sort_unstable();
        differing.dedup();
        differing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: EntityKind, id: u8) -> EntityKey {
        let id = vec![id];
        EntityKey { kind, id }
    }

    #[test]
    fn the_order_of_changes_does_not_matter_and_what_is_gone_leaves_nothing() {
        let (one, two) = (key(EntityKind::Item, 1), key(EntityKind::Order, 2));
        let mut sums = Sums::default();
        sums.change(&one, None, Some(b"a"));
        sums.change(&two, None, Some(b"b"));
        let mut other = Sums::default();
        other.change(&two, None, Some(b"c"));
        other.change(&one, None, Some(b"a"));
        assert_eq!(sums.differing(&other), [PageName::of(&two)]);
        other.change(&two, Some(b"c"), Some(b"b"));
        assert_eq!(sums, other);
        sums.change(&one, Some(b"a"), None);
        sums.change(&two, Some(b"b"), None);
        assert_eq!(sums, Sums::default());
        assert_eq!(sums.whole(), Sum::default());
    }

    #[test]
    fn customers_are_in_no_sum() {
        let mut sums = Sums::default();
        sums.change(&key(EntityKind::Customer, 1), None, Some(b"card"));
        assert_eq!(sums, Sums::default());
    }

    #[test]
    fn where_the_identifier_ends_is_part_of_the_sum() {
        let long = EntityKey {
            kind: EntityKind::Item,
            id: vec![1, 2],
        };
        let one = Sum::of_row(&key(EntityKind::Item, 1), &[2, 3]);
        assert_ne!(one, Sum::of_row(&long, &[3]));
    }
}
