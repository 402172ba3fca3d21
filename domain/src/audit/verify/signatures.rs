//! Who signed?
//!
//! In: the keys a bundle vouches for, and signatures. Out: the first event that no signature stands for. Must not:
//! let a signature stand for events it is not linked to.

use std::collections::BTreeMap;

use super::{Depth, KeyRef};
use crate::audit::bundle::{Entry, Facts, Under};
use crate::audit::checkpoint::Note;
use crate::facility::KeyKind;
use crate::id::{DeviceId, Epoch, Hash, Position};

/// Events that wait for one signature at most. It bounds what is held per chain.
const RUN_EVENTS_MAX: usize = 32;

/// An event that no signature stands for.
pub(super) type Unsigned = (Position, Under);

type Key = (KeyKind, Vec<u8>);

#[derive(Clone, Debug)]
struct Waiting {
    position: Position,
    under: Under,
    hash: Hash,
    signature: Vec<u8>,
}

/// The keys, and what still waits for a signature.
pub(super) struct Signatures<V> {
    depth: Depth,
    verifies: V,
    log: Option<Key>,
    /// The keys of each device, newest enrolment first.
    devices: BTreeMap<DeviceId, Vec<Key>>,
    runs: BTreeMap<(DeviceId, Epoch), Vec<Waiting>>,
    checked: u64,
}

impl<V: Fn(KeyKind, &[u8], &Hash, &[u8]) -> bool> Signatures<V> {
    pub(super) fn new(depth: Depth, verifies: V) -> Self {
        Self {
            depth,
            verifies,
            log: None,
            devices: BTreeMap::new(),
            runs: BTreeMap::new(),
            checked: 0,
        }
    }

    /// Takes the keys in.
    pub(super) fn know(&mut self, facts: &Facts) {
        self.log = Some((facts.log_key_kind, facts.log_key.clone()));
        for device in facts.devices.iter().rev() {
            let key = (device.key_kind, device.public_key.clone());
            let keys = self.devices.entry(device.id).or_default();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }

    pub(super) fn knows(&self, device: DeviceId) -> bool {
        self.devices.contains_key(&device)
    }

    /// How many signatures were checked.
    pub(super) fn checked(&self) -> u64 {
        self.checked
    }

    /// Whether the log signed this hash.
    pub(super) fn is_log_signature(&mut self, hash: &Hash, signature: &[u8]) -> bool {
        self.checked += 1;
        let log = self.log.as_ref();
        log.is_some_and(|(kind, key)| (self.verifies)(*kind, key, hash, signature))
    }

    /// Whether the log signed this head.
    pub(super) fn is_by_log(&mut self, note: &Note) -> bool {
        self.checked += 1;
        let Some((kind, bytes)) = self.log.as_ref() else {
            return false;
        };
        let key = KeyRef { kind: *kind, bytes };
        let claim = note.checkpoint().log_claim();
        let signature = note.log_signature(key);
        signature.is_some_and(|signature| (self.verifies)(*kind, bytes, &claim, signature))
    }

    /// Whether a device signed this head.
    pub(super) fn is_witnessed(&mut self, note: &Note, device: DeviceId) -> bool {
        self.checked += 1;
        let keys = self.devices.get(&device).into_iter().flatten();
        keys.map(|(kind, bytes)| KeyRef { kind: *kind, bytes })
            .any(|key| {
                note.is_witnessed(device, key, |key, hash, signature| {
                    (self.verifies)(key.kind, key.bytes, hash, signature)
                })
            })
    }

    /// Takes an event in, and checks its signature now or with those linked behind it.
    pub(super) fn signed(
        &mut self,
        entry: &Entry,
        under: Under,
        hash: Hash,
        is_linked: bool,
    ) -> Result<(), Unsigned> {
        let waiting = Waiting {
            position: entry.position,
            under,
            hash,
            signature: entry.event.signature.clone(),
        };
        if self.depth == Depth::EveryEvent {
            let good = self.is_signed(&waiting);
            return good.then_some(()).ok_or((waiting.position, under));
        }
        let chain = (under.device, under.epoch);
        let mut run = self.runs.remove(&chain).unwrap_or_default();
        // What cannot be read, or stands behind a hole, carries no hash of the one before: its signature does not vouch
        // for that.
        if !is_linked {
            self.judge(&run)?;
            run.clear();
        }
        run.push(waiting);
        if run.len() >= RUN_EVENTS_MAX {
            self.judge(&run)?;
            run.clear();
        }
        self.runs.insert(chain, run);
        Ok(())
    }

    /// Checks everything that still waits. Returns the first event no signature stands for.
    pub(super) fn judge_all(&mut self) -> Option<Unsigned> {
        let runs = std::mem::take(&mut self.runs);
        let unsigned = runs.values().filter_map(|run| self.judge(run).err());
        unsigned.min_by_key(|(position, _)| *position)
    }

    /// The last good signature of a run stands for all before it; what is behind it has none.
    fn judge(&mut self, run: &[Waiting]) -> Result<(), Unsigned> {
        let good = run.iter().rposition(|waiting| self.is_signed(waiting));
        let unsigned = match good {
            Some(last) => run.get(last + 1),
            None => run.first(),
        };
        match unsigned {
            Some(waiting) => Err((waiting.position, waiting.under)),
            None => Ok(()),
        }
    }

    fn is_signed(&mut self, waiting: &Waiting) -> bool {
        self.checked += 1;
        let keys = self.devices.get(&waiting.under.device);
        keys.into_iter()
            .flatten()
            .any(|(kind, key)| (self.verifies)(*kind, key, &waiting.hash, &waiting.signature))
    }
}
