//! Who signed?
//!
//! In: the keys a bundle vouches for, and signatures. Out: the first event that no signature stands for. Must not:
//! let a signature stand for events it is not linked to.

use std::collections::BTreeMap;

use super::KeyRef;
use crate::audit::bundle::{Facts, Under};
use crate::audit::checkpoint::Note;
use crate::facility::KeyKind;
use crate::id::{DeviceId, Epoch, Hash, Position};

/// Events that wait for one signature at most. It bounds what is held per chain.
const RUN_EVENTS_MAX: usize = 128;
/// Events whose runs are judged together. It bounds what is held over all chains.
const DUE_EVENTS_MAX: usize = 16_384;

/// How many signatures are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every event's own.
    EveryEvent,
    /// One per run of linked events: each event carries the hash of the one before it, so the signature of the last
    /// vouches for all. The signatures of the others are covered by the bundle's seal only. This is how the server
    /// itself accepts events, so an event whose own signature is bad and whose successor's is good passes here.
    Runs,
}

/// One signature that has to be good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Kind of the key.
    pub kind: KeyKind,
    /// The key.
    pub key: &'a [u8],
    /// What was signed.
    pub hash: Hash,
    /// The signature.
    pub signature: &'a [u8],
}

/// Whoever can check signatures. A function of key kind, key, hash and signature can.
pub trait Verifies {
    /// Whether a signature over a hash is by a key.
    fn verifies(&self, kind: KeyKind, key: &[u8], hash: &Hash, signature: &[u8]) -> bool;

    /// Whether all of them are good, by a quicker way than one by one where there is one. After a `false` they are
    /// checked one by one.
    fn all_verify(&self, claims: &[Claim<'_>]) -> bool {
        claims
            .iter()
            .all(|claim| self.verifies(claim.kind, claim.key, &claim.hash, claim.signature))
    }
}

impl<F: Fn(KeyKind, &[u8], &Hash, &[u8]) -> bool> Verifies for F {
    fn verifies(&self, kind: KeyKind, key: &[u8], hash: &Hash, signature: &[u8]) -> bool {
        self(kind, key, hash, signature)
    }
}

/// An event that no signature stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsigned {
    pub(super) position: Position,
    pub(super) under: Under,
    /// Where its record begins in the file.
    pub(super) byte: u64,
}

type Key = (KeyKind, Vec<u8>);

#[derive(Clone, Debug)]
struct Waiting {
    event: Unsigned,
    hash: Hash,
    signature: Vec<u8>,
}

/// Linked events of one chain; the last one's signature stands for all.
type Run = Vec<Waiting>;

/// The keys, and what still waits for a signature.
pub(super) struct Signatures<V> {
    depth: Depth,
    verifies: V,
    log: Option<Key>,
    /// The keys of each device, newest enrolment first.
    devices: BTreeMap<DeviceId, Vec<Key>>,
    /// Which of its device's keys the last good signature of a chain was by.
    usual: BTreeMap<(DeviceId, Epoch), usize>,
    runs: BTreeMap<(DeviceId, Epoch), Run>,
    /// Runs that are long enough, to be judged together, and how many events they have.
    due: Vec<Run>,
    due_events: usize,
    checked: u64,
}

impl<V: Verifies> Signatures<V> {
    pub(super) fn new(depth: Depth, verifies: V) -> Self {
        Self {
            depth,
            verifies,
            log: None,
            devices: BTreeMap::new(),
            usual: BTreeMap::new(),
            runs: BTreeMap::new(),
            due: Vec::new(),
            due_events: 0,
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
        log.is_some_and(|(kind, key)| self.verifies.verifies(*kind, key, hash, signature))
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
        signature.is_some_and(|signature| self.verifies.verifies(*kind, bytes, &claim, signature))
    }

    /// Whether a device signed this head.
    pub(super) fn is_witnessed(&mut self, note: &Note, device: DeviceId) -> bool {
        self.checked += 1;
        let keys = self.devices.get(&device).into_iter().flatten();
        keys.map(|(kind, bytes)| KeyRef { kind: *kind, bytes })
            .any(|key| {
                note.is_witnessed(device, key, |key, hash, signature| {
                    self.verifies.verifies(key.kind, key.bytes, hash, signature)
                })
            })
    }

    /// Takes an event in; its signature is checked with many others, or with those linked behind it.
    pub(super) fn signed(
        &mut self,
        event: Unsigned,
        hash: Hash,
        signature: Vec<u8>,
        is_linked: bool,
    ) -> Result<(), Unsigned> {
        let waiting = Waiting {
            event,
            hash,
            signature,
        };
        let chain = (event.under.device, event.under.epoch);
        let length = match self.depth {
            Depth::EveryEvent => 1,
            Depth::Runs => RUN_EVENTS_MAX,
        };
        let run = self.runs.entry(chain).or_default();
        // What cannot be read, or stands behind a hole, carries no hash of the one before: its signature does not vouch
        // for that.
        let before = match is_linked {
            true => Run::new(),
            false => std::mem::take(run),
        };
        run.push(waiting);
        let full = match run.len() >= length {
            true => std::mem::take(run),
            false => Run::new(),
        };
        self.close(chain, before)?;
        self.close(chain, full)
    }

    /// A run is long enough. It waits for others, save where it has to show first which of several keys its chain is by.
    fn close(&mut self, chain: (DeviceId, Epoch), run: Run) -> Result<(), Unsigned> {
        if run.is_empty() {
            return Ok(());
        }
        let keys = self.devices.get(&chain.0).map_or(0, Vec::len);
        if keys > 1 && !self.usual.contains_key(&chain) {
            return self.judge(&run);
        }
        self.due_events += run.len();
        self.due.push(run);
        if self.due_events < DUE_EVENTS_MAX {
            return Ok(());
        }
        self.judge_due().map_or(Ok(()), Err)
    }

    /// Checks everything that still waits. Returns the first event no signature stands for.
    pub(super) fn judge_all(&mut self) -> Option<Unsigned> {
        let begun = std::mem::take(&mut self.runs).into_values();
        self.due.extend(begun.filter(|run| !run.is_empty()));
        self.judge_due()
    }

    /// Checks the runs that are due: together first, and run by run where they are not all as expected.
    fn judge_due(&mut self) -> Option<Unsigned> {
        let due = std::mem::take(&mut self.due);
        self.due_events = 0;
        let claims: Option<Vec<Claim<'_>>> = due.iter().map(|run| self.expected(run)).collect();
        if claims.is_some_and(|claims| self.verifies.all_verify(&claims)) {
            self.checked += u64::try_from(due.len()).unwrap_or(u64::MAX);
            return None;
        }
        let unsigned = due.iter().filter_map(|run| self.judge(run).err());
        unsigned.min_by_key(|event| event.position)
    }

    /// The last signature of a run as it should be: by the key its chain's signatures are by.
    fn expected<'a>(&'a self, run: &'a [Waiting]) -> Option<Claim<'a>> {
        let last = run.last()?;
        let Under { device, epoch, .. } = last.event.under;
        let usual = self.usual.get(&(device, epoch)).copied().unwrap_or(0);
        let (kind, key) = self.devices.get(&device)?.get(usual)?;
        Some(Claim {
            kind: *kind,
            key,
            hash: last.hash,
            signature: &last.signature,
        })
    }

    /// The last good signature of a run stands for all before it; what is behind it has none.
    fn judge(&mut self, run: &[Waiting]) -> Result<(), Unsigned> {
        let good = run.iter().rposition(|waiting| self.is_signed(waiting));
        let unsigned = match good {
            Some(last) => run.get(last + 1),
            None => run.first(),
        };
        match unsigned {
            Some(waiting) => Err(waiting.event),
            None => Ok(()),
        }
    }

    fn is_signed(&mut self, waiting: &Waiting) -> bool {
        self.checked += 1;
        let Under { device, epoch, .. } = waiting.event.under;
        let mut keys = self.devices.get(&device).into_iter().flatten();
        let by = keys.position(|(kind, key)| {
            let Waiting {
                hash, signature, ..
            } = waiting;
            self.verifies.verifies(*kind, key, hash, signature)
        });
        if let Some(by) = by {
            self.usual.insert((device, epoch), by);
        }
        by.is_some()
    }
}
