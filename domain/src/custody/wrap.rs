//! The bag itself: of a kind the state lets goods leave in.
//!
//! In: the shop's bags, what the state asks, the scan of a bag's own bar code. Out: which kind it was. Must not: know what any state
//! asks, or take a bag for what nobody wrote down that it is.

use minicbor::{Decode, Encode};

use crate::code::gtin::Gtin;
use crate::custody::Situation;
use crate::custody::scan::{Evidence, Scan};
use crate::facility::Right;
use crate::id::{Hash, OrderId};
use crate::ledger::Ledger;
use crate::limits::BagNeeds;
use crate::order::{Order, Status};
use crate::verdict::{Instead, Reason, Refusal, Verdict};

/// A kind of bag the shop has, by the bar code its maker printed on it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BagStock {
    /// The maker's number.
    #[n(0)]
    pub gtin: Gtin,
    /// What the shop calls it.
    #[n(1)]
    pub name: String,
    /// What it is, as whoever bought it knows.
    #[n(2)]
    pub is: BagNeeds,
}

/// A bag of a kind was scanned for an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BagChosen {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The kind of bag.
    #[n(1)]
    pub bag: Gtin,
    /// Names the rules that asked for it; `None` in a shop without a rule pack.
    #[n(2)]
    pub rules: Option<Hash>,
}

/// What a bag can be asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Nobody sees what is in it.
    Opaque,
    /// A child cannot open it.
    ChildResistant,
    /// It can be closed again.
    Resealable,
}

/// Why a bag does not do: what was scanned, and what would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// What the shop calls it; `None` when it is none of the shop's bags.
    pub name: Option<String>,
    /// What the state asks.
    pub needs: BagNeeds,
    /// The shop's bags that do.
    pub fitting: Vec<String>,
}

/// What the state asks of a bag.
#[must_use]
pub fn needs(ledger: &Ledger) -> Option<BagNeeds> {
    ledger.store()?.rules.limits.as_ref()?.bag
}

/// What is asked, as a list for people.
pub fn qualities(needs: BagNeeds) -> impl Iterator<Item = Quality> {
    lacks(needs, BagNeeds::default())
}

/// What a bag lacks of what is asked.
fn lacks(needs: BagNeeds, is: BagNeeds) -> impl Iterator<Item = Quality> {
    [
        (needs.opaque && !is.opaque, Quality::Opaque),
        (
            needs.child_resistant && !is.child_resistant,
            Quality::ChildResistant,
        ),
        (needs.resealable && !is.resealable, Quality::Resealable),
    ]
    .into_iter()
    .filter_map(|(lacks, quality)| lacks.then_some(quality))
}

fn stock(ledger: &Ledger) -> &[BagStock] {
    let bench = ledger.store().and_then(|store| store.bench.as_ref());
    let bags = bench.and_then(|bench| bench.bags.as_deref());
    bags.unwrap_or_default()
}

/// Whether a bag has to be scanned still: the state asks for one, the shop has written down its bags, and none that fits was
/// scanned.
#[must_use]
pub fn is_missing(ledger: &Ledger, order: &Order) -> bool {
    let Some(needs) = needs(ledger).filter(|_| !stock(ledger).is_empty()) else {
        return false;
    };
    let chosen = order.bench.as_ref().and_then(|bench| bench.bag);
    let fits = |bag: &BagStock| Some(bag.gtin) == chosen && lacks(needs, bag.is).next().is_none();
    !stock(ledger).iter().any(fits)
}

/// Is this a bag the goods may leave in?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, scan: &Scan) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    if !matches!(order.status, Status::Verified | Status::Labelled) {
        return Reason::NotYet.into();
    }
    let Evidence::Product(read) = scan.evidence() else {
        return scan.unfit().into();
    };
    let needs = needs(ledger).unwrap_or_default();
    let fits = |bag: &&BagStock| lacks(needs, bag.is).next().is_none();
    let scanned = stock(ledger).iter().find(|bag| read.contains(&bag.gtin));
    let Some(bag) = scanned.filter(fits) else {
        let fitting = stock(ledger).iter().filter(fits);
        let unfit = Unfit {
            name: scanned.map(|bag| bag.name.clone()),
            needs,
            fitting: fitting.map(|bag| bag.name.clone()).collect(),
        };
        return Verdict::Refused(Refusal {
            instead: Some(Box::new(Instead::Bag(unfit))),
            ..Refusal::because(Reason::BagNotFit)
        });
    };
    let rules = ledger.store().and_then(|store| store.rules.limits.as_ref());
    Verdict::Accepted(
        BagChosen {
            order: order.id,
            bag: bag.gtin,
            rules: rules.map(|rules| rules.hash),
        }
        .into(),
    )
}

/// Refuses to close a bag of which nobody knows what it is.
///
/// # Errors
/// When a bag has to be scanned, and none that fits was.
pub fn require(ledger: &Ledger, order: &Order) -> Result<(), Refusal> {
    if is_missing(ledger, order) {
        Err(Refusal::because(Reason::BagMissing))
    } else {
        Ok(())
    }
}

/// Notes the kind of bag, until it is closed.
pub fn evolve(ledger: &mut Ledger, done: &BagChosen) {
    let is_open = |order: &&mut Order| order.status < Status::Sealed;
    if let Some(order) = ledger.order_mut(&done.order).filter(is_open) {
        order.bench.get_or_insert_default().bag = Some(done.bag);
    }
}
