//! Two ledgers that should be one.
//!
//! In: both. Out: where they first differ. Must not: be asked before it is known that they do.

use domain::ledger::{EntityKind, Ledger};

/// The first entity two ledgers do not agree on.
pub(super) fn first_difference(seen: &Ledger, ledger: &Ledger) -> String {
    for kind in EntityKind::ALL {
        let keys = [seen.keys_of(*kind), ledger.keys_of(*kind)].concat();
        for key in keys {
            if seen.bytes(&key) != ledger.bytes(&key) {
                return format!("{key:?}");
            }
        }
    }
    "nothing that travels".to_owned()
}
