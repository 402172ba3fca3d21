//! What a device may have taken and can no longer say: a list to count, never longer than what it had leased.
//!
//! In: a device that was enrolled anew, declared wiped, or lost the end of a chain. Out: for each lease it
//! still had, the packages of its unused rights. Must not: guess; the list is an upper bound.

use minicbor::{Decode, Encode};

use crate::custody::claim::{Lease, LeasedPackage};
use crate::id::{DeviceId, LeaseId, PackageTag};
use crate::ledger::Ledger;

/// What a device may have taken unseen has to be counted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecountOpened {
    /// The lease by which the device could take it.
    #[n(0)]
    pub lease: LeaseId,
    /// The packages and the units of each it may have taken.
    #[n(1)]
    pub packages: Vec<LeasedPackage>,
}

/// One package to count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecountTask<'a> {
    /// The lease it was under.
    pub lease: &'a Lease,
    /// The package.
    pub tag: &'a PackageTag,
    /// Units that may be missing, at most.
    pub units_max: u32,
}

/// What has to be counted because of a device: one fact per lease it still has, or that was taken away from it.
/// No lease is counted twice.
#[must_use]
pub fn due(ledger: &Ledger, device: DeviceId) -> Vec<RecountOpened> {
    let is_doubtful = |lease: &&Lease| {
        let may_have_more = lease.is_in_force() || lease.broken == Some(true);
        lease.device == device && may_have_more && lease.recount.is_none()
    };
    let open = ledger.leases.values().filter(is_doubtful);
    open.map(|lease| RecountOpened {
        lease: lease.id,
        packages: unused(lease),
    })
    .filter(|opened| !opened.packages.is_empty())
    .collect()
}

/// A lease's rights that nobody is known to have used.
fn unused(lease: &Lease) -> Vec<LeasedPackage> {
    let mut unused: Vec<LeasedPackage> = Vec::new();
    for right in lease.packages.iter().chain(&lease.spares) {
        let units = right.units.saturating_sub(right.spent());
        match unused.iter_mut().find(|known| known.tag == right.tag) {
            Some(known) => known.units = known.units.saturating_add(units),
            None if units > 0 => unused.push(LeasedPackage::new(right.tag.clone(), units)),
            None => {}
        }
    }
    unused
}

/// All that has to be counted now.
pub fn open_tasks(ledger: &Ledger) -> impl Iterator<Item = RecountTask<'_>> {
    ledger.leases.values().flat_map(|lease| {
        lease
            .recount
            .iter()
            .flatten()
            .map(move |right| RecountTask {
                lease,
                tag: &right.tag,
                units_max: right.units,
            })
    })
}

/// Takes the list in, as far as the lease gave a right to what is on it.
pub fn evolve(ledger: &mut Ledger, done: &RecountOpened) {
    let Some(lease) = ledger.lease_mut(&done.lease) else {
        return;
    };
    let granted = |tag: &PackageTag| {
        let rights = lease.packages.iter().chain(&lease.spares);
        let of_tag = rights.filter(|right| right.tag == *tag);
        of_tag.fold(0_u32, |sum, right| sum.saturating_add(right.units))
    };
    let mut list: Vec<LeasedPackage> = Vec::new();
    for asked in &done.packages {
        let units = asked.units.min(granted(&asked.tag));
        if units > 0 && list.iter().all(|known| known.tag != asked.tag) {
            list.push(LeasedPackage::new(asked.tag.clone(), units));
        }
    }
    lease.recount = Some(list).filter(|list| !list.is_empty());
}

/// A package was counted: it is off every list.
pub(crate) fn counted(ledger: &mut Ledger, tag: &PackageTag) {
    let on_list = |lease: &&Lease| {
        let mut list = lease.recount.iter().flatten();
        list.any(|right| right.tag == *tag)
    };
    let leases: Vec<LeaseId> = ledger
        .leases
        .values()
        .filter(on_list)
        .map(|lease| lease.id)
        .collect();
    for id in leases {
        if let Some(lease) = ledger.lease_mut(&id)
            && let Some(list) = &mut lease.recount
        {
            list.retain(|right| right.tag != *tag);
        }
    }
}
