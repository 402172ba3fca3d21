//! A device as a witness: it has seen a head, and lets no later one contradict it.
//!
//! In: at each sync, the log's newest head and a proof that it goes on from the last. Out: what to sign, or two
//! heads the log signed that cannot both be true. Must not: move on from a head without proof, or let go of
//! what convicts the server.

use minicbor::{Decode, Encode};

use super::{Checkpoint, KeyRef, Note, Vouched};
use crate::audit::merkle::{empty_root, is_consistent};
use crate::event::{Unreadable, decode, encode};
use crate::id::{DeviceId, Hash, StoreId};
use crate::mutated;

/// What a device has seen of the log. Kept as long as the device is enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Leaves of the last head.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    seen: Option<Note>,
}

impl Default for Witness {
    fn default() -> Self {
        Self {
            size: 0,
            root: empty_root(),
            seen: None,
        }
    }
}

/// What a device signs: it has seen this head, and everything it saw before is its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoSign {
    /// The head.
    pub checkpoint: Checkpoint,
    /// The hash to sign.
    pub claim: Hash,
}

/// How two heads contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Contradiction {
    /// As many events, another root. The two sheets alone prove it.
    #[n(0)]
    TwoRoots,
    /// More events, and no proof that the earlier ones are their beginning.
    #[n(1)]
    NoContinuation,
    /// Fewer events. An answer that was overtaken looks the same, so ask once more before saying so aloud.
    #[n(2)]
    Shorter,
    /// Another log: of another shop, or begun anew by a server that was restored.
    #[n(3)]
    AnotherLog,
}

/// The log's history was changed, and here is the proof: two heads it signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rewritten {
    /// How they contradict each other.
    #[n(0)]
    pub how: Contradiction,
    /// The sheet seen before.
    #[n(1)]
    pub seen: String,
    /// The sheet shown now.
    #[n(2)]
    pub shown: String,
    /// The proof that came with it and does not hold.
    #[n(3)]
    pub proof: Vec<Hash>,
}

impl Rewritten {
    /// Its two heads, when they are of this shop and really contradict each other. Whether the log signed them is for
    /// whoever has its key.
    #[must_use]
    pub fn heads(&self, store: StoreId) -> Option<(Checkpoint, Checkpoint)> {
        let read = |text: &str| Some(Note::parse(text).ok()?.checkpoint());
        let (seen, shown) = (read(&self.seen)?, read(&self.shown)?);
        let is_ours = seen.origin.store == store && shown.origin.store == store;
        let how = contradiction(&seen, &shown, &self.proof);
        let is_proof = how == Some(self.how) && how != Some(Contradiction::AnotherLog);
        (is_ours && is_proof).then_some((seen, shown))
    }

    /// Its bytes, to be kept and handed to whoever judges it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads one.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        decode(bytes)
    }
}

impl Witness {
    /// The last sheet, once there is one.
    #[must_use]
    pub fn seen(&self) -> Option<&Note> {
        self.seen.as_ref()
    }

    /// Puts the device's own signature on the last sheet, so that it is kept with it.
    pub fn co_signed(&mut self, device: DeviceId, key: KeyRef<'_>, signature: &[u8]) {
        if let Some(seen) = &mut self.seen {
            seen.add_witness(device, key, signature);
        }
    }

    /// Its bytes, for the device's own storage.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(&self.seen.as_ref().map(Note::render))
    }

    /// Reads what [`Witness::to_bytes`] wrote. Storage is believed; signatures are not checked again.
    ///
    /// # Errors
    /// When the bytes are something else.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let Some(text) = decode::<Option<String>>(bytes)? else {
            return Ok(Self::default());
        };
        let note = Note::parse(&text).map_err(|_| Unreadable::Malformed)?;
        Ok(Self::having_seen(note))
    }

    /// Looks at the log's newest head. A witness that has seen none takes the first on trust.
    ///
    /// # Errors
    /// With the proof, when it contradicts the last one; the witness then stays with that.
    pub fn advance(&mut self, shown: &Vouched, proof: &[Hash]) -> Result<CoSign, Rewritten> {
        let checkpoint = shown.checkpoint();
        if let Some(seen) = &self.seen
            && let Some(how) = contradiction(&seen.checkpoint(), &checkpoint, proof)
        {
            return Err(Rewritten {
                how,
                seen: seen.render(),
                shown: shown.note().render(),
                proof: proof.to_vec(),
            });
        }
        *self = Self::having_seen(shown.note().clone());
        Ok(CoSign {
            claim: checkpoint.witness_claim(),
            checkpoint,
        })
    }

    fn having_seen(note: Note) -> Self {
        let Checkpoint { size, root, .. } = note.checkpoint();
        Self {
            size,
            root,
            seen: Some(note),
        }
    }
}

fn contradiction(seen: &Checkpoint, shown: &Checkpoint, proof: &[Hash]) -> Option<Contradiction> {
    if seen.origin != shown.origin {
        return Some(Contradiction::AnotherLog);
    }
    if shown.size < seen.size {
        return Some(Contradiction::Shorter);
    }
    if shown.size == seen.size {
        // There is nothing to prove, so whatever proof came is not looked at.
        return (shown.root != seen.root).then_some(Contradiction::TwoRoots);
    }
    let goes_on = is_consistent(seen.size, &seen.root, shown.size, &shown.root, proof);
    (!goes_on && !mutated("witness_checks_no_proof")).then_some(Contradiction::NoContinuation)
}
