//! Devices that this one saw revoked, kept beyond the life of the server's log.
//!
//! In: the view. Out: which of them are in again although nobody let them in. Must not: revoke anything by itself; one
//! tablet's word sends nobody away.
//!
//! A server that was restored from a backup of before a revocation knows nothing of it: the lost tablet would be one of the
//! shop's again. Its log is no help, the others' storage is.

use std::collections::BTreeMap;

use domain::facility::Device as Known;
use domain::id::DeviceId;
use domain::ledger::Ledger;
use domain::sync::device::store::Store as _;
use leptos::prelude::{GetUntracked as _, Set as _, With as _};
use minicbor::{Decode, Encode};

use super::Device;
use crate::store::idb::StoreFailed;

/// Under which it is kept.
const SENT_AWAY: &str = "sent-away";

/// A device, and the enrolment in which it was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct SentAway {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    generation: u32,
}

/// By device, the latest enrolment in which it was seen revoked.
pub(super) type Seen = BTreeMap<DeviceId, u32>;

/// What is seen now, on top of what was.
fn with_those_of(mut seen: Seen, ledger: &Ledger) -> Seen {
    for known in ledger.devices.values().filter(|known| !known.active) {
        let generation = seen.entry(known.id).or_default();
        *generation = known.generation.max(*generation);
    }
    seen
}

/// Those that are in again. A manager's code makes a new enrolment; this is still the one that was ended.
fn back_in(seen: &Seen, ledger: &Ledger) -> Vec<Known> {
    let is_back = |known: &&Known| {
        let ended = seen.get(&known.id);
        known.active && ended.is_some_and(|ended| known.generation <= *ended)
    };
    ledger.devices.values().filter(is_back).cloned().collect()
}

impl Device {
    /// At a start: what was seen before.
    pub(super) async fn load_sent_away(&'static self) -> Result<(), StoreFailed> {
        let kept: Option<Vec<SentAway>> = self.core.read(SENT_AWAY).await?;
        let kept = kept.unwrap_or_default().into_iter();
        let seen = kept.map(|one| (one.device, one.generation)).collect();
        self.sent_away.set(seen);
        Ok(())
    }

    /// A view was kept: whoever is revoked in it is remembered.
    pub(crate) async fn note_sent_away(&'static self) {
        let before = self.sent_away.get_untracked();
        let seen = self.ledger_now(|ledger| with_those_of(before.clone(), ledger));
        if seen == before || self.revoked.get_untracked() {
            return;
        }
        let kept: Vec<SentAway> = seen
            .iter()
            .map(|(device, generation)| SentAway {
                device: *device,
                generation: *generation,
            })
            .collect();
        // What could not be kept is seen again with the next rows.
        if self.core.keep(SENT_AWAY, &kept).await.is_ok() {
            self.sent_away.set(seen);
        }
    }

    /// This device is wiped: what it saw goes, too.
    pub(super) async fn forget_sent_away(&'static self) -> Result<(), StoreFailed> {
        self.sent_away.set(Seen::new());
        self.core.forget(SENT_AWAY).await
    }

    /// Devices that were revoked before the server was set back, and are in again.
    #[must_use]
    pub fn in_again(&self) -> Vec<Known> {
        self.sent_away
            .with(|seen| self.ledger(|ledger| back_in(seen, ledger)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::facility::KeyKind;

    fn shop(active: bool, generation: u32) -> Ledger {
        let known = Known {
            id: DeviceId([7; 16]),
            name: "Tablet 3".to_owned(),
            generation,
            key_kind: KeyKind::Ed25519,
            public_key: vec![1; 32],
            active,
            is_server: false,
            purpose: None,
        };
        let mut ledger = Ledger::default();
        ledger.devices.insert(known.id, known);
        ledger
    }

    #[test]
    fn a_revoked_device_that_a_backup_brought_back_is_found() {
        let seen = with_those_of(Seen::new(), &shop(false, 1));
        assert_eq!(back_in(&seen, &shop(false, 1)), []);
        let back = back_in(&seen, &shop(true, 1));
        assert_eq!(back.len(), 1);
        // It stays found when the view that brought it back is looked at, too.
        let seen = with_those_of(seen, &shop(true, 1));
        assert_eq!(back_in(&seen, &shop(true, 1)), back);
    }

    #[test]
    fn whom_a_manager_let_in_again_by_a_code_is_none_of_them() {
        let seen = with_those_of(Seen::new(), &shop(false, 1));
        assert_eq!(back_in(&seen, &shop(true, 2)), []);
        assert_eq!(back_in(&Seen::new(), &shop(true, 1)), []);
        let seen = with_those_of(seen, &shop(false, 2));
        assert_eq!(back_in(&seen, &shop(true, 1)).len(), 1);
    }
}
