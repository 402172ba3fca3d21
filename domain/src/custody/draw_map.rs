//! The vault is drawn: where its shelves are, and how one walks to them.
//!
//! In: a drawing. Out: the shop has it, and walks are planned on it. Must not: refuse a drawing for being wrong in places;
//! of such a one the rest is used, and the screen says what to mend.

use minicbor::{Decode, Encode};

use crate::custody::{Fact, Situation, has_authority};
use crate::facility::Right;
use crate::ledger::Ledger;
use crate::mutated;
use crate::plan::vault::Vault;
use crate::verdict::{Reason, Verdict};

/// The vault was drawn. The whole drawing, which replaces the one before; an empty one takes it away.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MapDrawn {
    /// How it is now.
    #[n(0)]
    pub vault: Vault,
}

/// May this person keep this drawing?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, vault: Vault) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::DrawMap) {
        return Verdict::Refused(refusal);
    }
    if ledger.store().is_none() || !vault.fits() {
        return Reason::Unknown.into();
    }
    Verdict::Accepted(MapDrawn { vault }.into())
}

/// The shop has the drawing, unless whoever drew it may not, or nobody can have drawn as much.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &MapDrawn) {
    let may = has_authority(ledger, fact, Right::DrawMap) || mutated("draw_map_by_anybody");
    if !may || !done.vault.fits() {
        return;
    }
    if let Some(store) = ledger.store_mut(&0) {
        store.vault = Some(&done.vault)
            .filter(|vault| !vault.is_empty())
            .map(|vault| Box::new(vault.clone()));
    }
}
