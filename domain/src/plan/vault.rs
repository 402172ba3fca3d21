//! The map that walks are planned on: the shop's own, else one guessed from the codes on its shelves.
//!
//! In: the ledger. Out: a map. Must not: fail; what no map has is visited last.

use minicbor::{Decode, Encode};

use crate::event::encode;
use crate::id::Hash;
use crate::ledger::Ledger;
use crate::plan::guess::{Spacing, vault_by_codes};
use crate::plan::map::{Drawing, Finding, Map};

/// Bytes of the largest drawing that is kept: some two thousand shelves with their aisles. It has to fit into one event.
pub const VAULT_BYTES_MAX: usize = 131_072;

/// Where a spot is on paper. Ways are as long as their aisles say; this is only for looking at.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SpotAt {
    /// Name of the spot.
    #[n(0)]
    pub name: String,
    /// Millimetres from the left edge.
    #[n(1)]
    pub right: u32,
    /// Millimetres from the upper edge.
    #[n(2)]
    pub down: u32,
}

/// A vault as a person drew it: who walks where, and how it looks on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Vault {
    /// Aisles and shelves.
    #[n(0)]
    pub drawing: Drawing,
    /// Where its spots are on paper; one that is missing here is still walked to.
    #[n(1)]
    pub spots: Vec<SpotAt>,
}

impl Vault {
    /// Whether nothing is drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let drawing = &self.drawing;
        drawing.aisles.is_empty() && drawing.shelves.is_empty() && self.spots.is_empty()
    }

    /// Stands for this very drawing; all that are empty are one.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let bytes = match self.is_empty() {
            true => encode(&Self::default()),
            false => encode(self),
        };
        Hash::of(&[b"custody-vault-map-1\n", &bytes])
    }

    /// Whether it can be kept.
    #[must_use]
    pub fn fits(&self) -> bool {
        encode(self).len() <= VAULT_BYTES_MAX
    }
}

/// The vault as the shop drew it; `None` when nobody has yet.
#[must_use]
pub fn drawn(ledger: &Ledger) -> Option<&Vault> {
    ledger.store().and_then(|store| store.vault.as_deref())
}

/// The vault as its shelves' codes suggest it.
#[must_use]
pub fn guessed(ledger: &Ledger) -> Vault {
    vault_by_codes(ledger.locations.keys(), Spacing::TYPICAL)
}

/// The map of the vault, and what a person should mend about the shop's drawing of it.
#[must_use]
pub fn checked(ledger: &Ledger) -> (Map, Vec<Finding>) {
    let shelves = ledger.locations.keys();
    match drawn(ledger) {
        Some(vault) => Map::check(&vault.drawing, shelves),
        None => (Map::check(&guessed(ledger).drawing, shelves).0, Vec::new()),
    }
}

/// The map of the vault.
#[must_use]
pub fn map_of(ledger: &Ledger) -> Map {
    checked(ledger).0
}
