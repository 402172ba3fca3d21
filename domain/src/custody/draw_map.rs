//! The vault is drawn: where its shelves are, and how one walks to them.
//!
//! In: a drawing, and the one it was drawn over. Out: the shop has it, and walks are planned on it; one that was drawn over
//! an earlier map lies beside the map in force until somebody has looked at both. Must not: refuse a drawing for being wrong
//! in places; of such a one the rest is used, and the screen says what to mend. Nor lose one because somebody else drew too.

use minicbor::{Decode, Encode};

use crate::custody::{Fact, Situation, has_authority};
use crate::facility::{Right, Store};
use crate::id::{ActorId, Hash};
use crate::ledger::Ledger;
use crate::mutated;
use crate::plan::vault::Vault;
use crate::time::Millis;
use crate::verdict::{Reason, Verdict};

/// Drawings that lie beside the map at most; the oldest goes first, and stays in the log. A shop's row with as many of the
/// largest still fits into one chunk of a snapshot.
pub const ASIDE_MAX: usize = 4;

/// The vault was drawn. The whole drawing, which replaces the one before; an empty one takes it away.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MapDrawn {
    /// How it is now.
    #[n(0)]
    pub vault: Vault,
    /// Hash of the map it was drawn over; `None` from an app that did not say, whose drawing counts whatever it was over.
    #[n(1)]
    pub over: Option<Hash>,
    /// Hash of a drawing beside the map that this settles, for whoever kept this had looked at both.
    #[n(2)]
    pub settles: Option<Hash>,
}

/// Who kept a drawing, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Stamp {
    /// The person.
    #[n(0)]
    pub by: ActorId,
    /// By the clock of the device it was kept on.
    #[n(1)]
    pub at: Millis,
}

/// A drawing that lies beside the map: another was kept after the one it was drawn over.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Aside {
    /// The drawing.
    #[n(0)]
    pub vault: Vault,
    /// Whose it is.
    #[n(1)]
    pub kept: Stamp,
}

/// What is known of the drawings of a vault, besides the map in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Drawings {
    /// Who kept the map in force; `None`: nobody noted it.
    #[n(0)]
    pub last: Option<Stamp>,
    /// What lies beside it, the oldest first.
    #[n(1)]
    pub aside: Vec<Aside>,
}

/// Hash of the map in force, as the next drawing names it.
#[must_use]
pub fn in_force(ledger: &Ledger) -> Hash {
    hash_of(ledger.store())
}

fn hash_of(store: Option<&Store>) -> Hash {
    let vault = store.and_then(|store| store.vault.as_deref());
    vault.map_or_else(|| Vault::default().hash(), Vault::hash)
}

/// What is known of the drawings of this shop's vault.
#[must_use]
pub fn drawings(ledger: &Ledger) -> Option<&Drawings> {
    ledger.store()?.drawings.as_deref()
}

/// May this person keep this drawing?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, done: MapDrawn) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::DrawMap) {
        return Verdict::Refused(refusal);
    }
    if ledger.store().is_none() || !done.vault.fits() {
        return Reason::Unknown.into();
    }
    Verdict::Accepted(done.into())
}

/// The shop has the drawing, unless whoever drew it may not, or nobody can have drawn as much. One that was drawn over a map
/// that is not in force any more is laid beside the one that is.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &MapDrawn) {
    let may = has_authority(ledger, fact, Right::DrawMap) || mutated("draw_map_by_anybody");
    if !may || !done.vault.fits() {
        return;
    }
    let Some(store) = ledger.store_mut(&0) else {
        return;
    };
    let kept = Stamp {
        by: fact.envelope.actor.actor,
        at: Millis(fact.envelope.wall),
    };
    let (now, given) = (hash_of(Some(&*store)), done.vault.hash());
    let is_over = done.over.is_none_or(|over| over == now) || given == now;
    let mut drawings = store.drawings.take().unwrap_or_default();
    if is_over || mutated("draw_map_over_anothers") {
        let is_done = |one: &Aside| [Some(given), done.settles].contains(&Some(one.vault.hash()));
        drawings.aside.retain(|one| !is_done(one));
        if given != now {
            drawings.last = Some(kept);
            store.vault = Some(&done.vault)
                .filter(|vault| !vault.is_empty())
                .map(|vault| Box::new(vault.clone()));
        }
    } else {
        // Who goes on drawing over what was laid aside lays the later one there instead.
        let is_earlier = |one: &Aside| [Some(given), done.over].contains(&Some(one.vault.hash()));
        drawings.aside.retain(|one| !is_earlier(one));
        let vault = done.vault.clone();
        drawings.aside.push(Aside { vault, kept });
        let too_many = drawings.aside.len().saturating_sub(ASIDE_MAX);
        drawings.aside.drain(..too_many);
    }
    store.drawings = Some(drawings).filter(|known| **known != Drawings::default());
}
