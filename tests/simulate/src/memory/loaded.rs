//! The state as the rows have it: each row is read once after every change of it, not at every look.
//!
//! In: rows, and which of them changed. Out: the state. Must not: remember what a rollback took away.

use std::collections::{BTreeMap, BTreeSet};

use domain::ledger::{EntityKey, EntityKind, Ledger};

use super::Failed;
use super::content::EntityRow;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// None before the first look.
    ledger: Option<Ledger>,
    changed: BTreeSet<EntityKey>,
}

impl Loaded {
    /// A row is another now, or gone, or as it was before.
    pub(super) fn changed(&mut self, key: &EntityKey) {
        if self.ledger.is_some() {
            self.changed.insert(key.clone());
        }
    }

    /// The state.
    pub(super) fn state(
        &mut self,
        rows: &BTreeMap<EntityKey, EntityRow>,
    ) -> Result<&Ledger, Failed> {
        let changed = std::mem::take(&mut self.changed);
        let mut ledger = match self.ledger.take() {
            Some(mut ledger) => {
                for key in &changed {
                    let bytes = rows.get(key).and_then(|(_, bytes)| bytes.as_ref());
                    match bytes {
                        Some(bytes) => put(&mut ledger, key, bytes)?,
                        None => ledger.remove(key),
                    }
                }
                ledger
            }
            None => {
                let mut ledger = Ledger::default();
                for (key, (_, bytes)) in rows {
                    if let Some(bytes) = bytes {
                        put(&mut ledger, key, bytes)?;
                    }
                }
                ledger
            }
        };
        ledger.take_touched();
        Ok(self.ledger.insert(ledger))
    }
}

fn put(ledger: &mut Ledger, key: &EntityKey, bytes: &[u8]) -> Result<(), Failed> {
    match key.kind {
        EntityKind::Customer => Ok(()),
        _ => ledger.put(key, bytes).map_err(|_| Failed::Damaged),
    }
}
