//! The log's signed heads: made while something is recorded, shown at the end of a pull, co-signed by devices.
//!
//! In: the tree as it lasted, co-signatures. Out: sheets, and proofs that each goes on from the one before. Must not:
//! sign what may still be rolled back, put a signature on a sheet that is not good, or take one off.

use crate::audit::checkpoint::{Checkpoint, KeyRef, NOTE_BYTES_MAX, Note, Origin};
use crate::audit::merkle::consistency_proof;
use crate::facility::Device;
use crate::id::{DeviceId, Hash};
use crate::mutated;
use crate::sync::message::{Incarnation, PullAnswer, Seen};
use crate::sync::server::Outside;
use crate::sync::server::check::Verifies;
use crate::sync::server::log::{Kept, Log};
use crate::sync::server::writer::Writer;

/// Least time between two heads that are signed, in milliseconds.
pub const HEAD_EVERY_MS: u64 = 1_000;
/// Witnesses named on a sheet that travels, at most; the sheet that is kept names all.
const NAMED_MAX: usize = 8;

/// A reader: which device, and what it says it has seen.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The device.
    pub device: DeviceId,
    /// What it has seen.
    pub seen: Seen,
}

/// Puts the newest head on an answer that ends a pull, with the proof from the one the reader has seen. Returns whether
/// a writer has something to do about heads: the newest does not cover the log, or the reader's signature is new.
///
/// # Errors
/// When the log cannot be read.
pub fn show<L: Log + ?Sized>(
    log: &L,
    origin: Origin,
    reader: &Reader,
    answer: &mut PullAnswer,
) -> Result<bool, L::Failed> {
    if answer.more {
        return Ok(false);
    }
    let head = log.head()?;
    let Some((mut note, text)) = newest(log, origin)? else {
        return Ok(head.0 > 0);
    };
    let Checkpoint { size, .. } = note.checkpoint();
    let from = reader.seen.size + u64::from(mutated("head_proves_from_another_size"));
    answer.proof = consistency_proof(&Kept(log), from, size);
    let is_covered = size >= head.0 || mutated("head_waits_for_the_next_event");
    let is_known = note.witnesses().any(|device| device == reader.device);
    let is_long = note.witnesses().count() > NAMED_MAX;
    answer.head = Some(if is_long {
        note.shorten(reader.device, NAMED_MAX);
        note.render()
    } else {
        text
    });
    let brings_news = reader.seen.signature.is_some() && !(is_known && size == reader.seen.size);
    Ok(!is_covered || brings_news)
}

/// The newest sheet of this life of the log.
fn newest<L: Log + ?Sized>(log: &L, origin: Origin) -> Result<Option<(Note, String)>, L::Failed> {
    let newest = log.tree_heads(u64::MAX, 1)?.pop();
    Ok(newest.and_then(|(_, text)| Some((parsed(&text, origin)?, text))))
}

/// Whether there is a sheet of this life of the log over so many events: the first line says of which life it is.
fn is_over<L: Log + ?Sized>(log: &L, origin: Origin, size: u64) -> Result<bool, L::Failed> {
    let last = log.tree_heads(size.saturating_add(1), 1)?.pop();
    let first_line = |text: &str| text.lines().next() == Some(origin.name().as_str());
    Ok(last.is_some_and(|(of, text)| of == size && first_line(&text)))
}

/// The sheet of this life of the log over so many events. Most often there is none; that is seen without reading any.
fn over<L: Log + ?Sized>(log: &L, origin: Origin, size: u64) -> Result<Option<Note>, L::Failed> {
    let last = log.tree_heads(size.saturating_add(1), 1)?.pop();
    let of_size = last.filter(|(of, _)| *of == size);
    Ok(of_size.and_then(|(_, text)| parsed(&text, origin)))
}

fn parsed(text: &str, origin: Origin) -> Option<Note> {
    let note = Note::parse(text).ok()?;
    (note.checkpoint().origin == origin).then_some(note)
}

/// The newest sheet of this life that a device has co-signed.
///
/// # Errors
/// When the log cannot be read.
pub fn witnessed<L: Log + ?Sized>(
    log: &L,
    origin: Origin,
    device: DeviceId,
) -> Result<Option<Note>, L::Failed> {
    let kept = log.witnessed(device)?;
    Ok(kept.and_then(|text| parsed(&text, origin)))
}

fn key_of(device: &Device) -> KeyRef<'_> {
    KeyRef {
        kind: device.key_kind,
        bytes: &device.public_key,
    }
}

impl<L: Log, O: Outside> Writer<L, O> {
    fn origin(&self, incarnation: Incarnation) -> Origin {
        Origin {
            store: self.who().store,
            incarnation,
        }
    }

    /// Signs the tree over all that lasted before this transaction, at most once in [`HEAD_EVERY_MS`].
    ///
    /// # Errors
    /// When the log cannot be asked.
    pub fn sign_head(&mut self, incarnation: Incarnation) -> Result<(), L::Failed> {
        let edge = self.lasting_edge();
        let size = edge.size();
        let now = self.outside().mono();
        let is_early = |(at, known): (u64, u64)| now.abs_diff(at) < HEAD_EVERY_MS || known == size;
        if size == 0 || self.signed.is_some_and(is_early) {
            return Ok(());
        }
        let origin = self.origin(incarnation);
        // Another node, or this one before it was started again, may have signed it, and devices may have co-signed.
        let is_there = is_over(self.log(), origin, size)?;
        let server = self.ledger().devices.get(&self.who().server);
        let Some(server) = server.filter(|_| !is_there) else {
            self.signed = is_there.then_some((now, size));
            return Ok(());
        };
        let root = match mutated("head_signed_over_another_root") {
            true => Hash::default(),
            false => edge.root(),
        };
        let checkpoint = Checkpoint { origin, size, root };
        let signature = self.outside().sign(&checkpoint.log_claim());
        let note = checkpoint.signed(key_of(server), &signature);
        self.log().put_tree_head(size, &note.render())?;
        self.signed = Some((now, size));
        Ok(())
    }

    /// Puts a device's signature on the sheet it has seen. One that is not good, or for a sheet that is no longer kept,
    /// changes nothing: the device brings the next.
    ///
    /// # Errors
    /// When the log cannot be asked.
    pub fn co_signed(
        &mut self,
        incarnation: Incarnation,
        reader: &Reader,
        verifies: Verifies,
    ) -> Result<(), L::Failed> {
        let Seen { size, signature } = &reader.seen;
        let own = self.ledger().devices.get(&reader.device);
        let (Some(own), Some(signature)) = (own, signature) else {
            return Ok(());
        };
        let origin = self.origin(incarnation);
        let Some(mut note) = over(self.log(), origin, *size)? else {
            return Ok(());
        };
        let claim = note.checkpoint().witness_claim();
        let is_good = verifies(own.key_kind, &own.public_key, &claim, signature);
        if !is_good && !mutated("head_believes_any_co_signature") {
            return Ok(());
        }
        note.add_witness(reader.device, key_of(own), signature);
        let text = note.render();
        if text.len() > NOTE_BYTES_MAX || mutated("head_drops_a_witness") {
            return Ok(());
        }
        self.log().put_tree_head(*size, &text)?;
        let before = witnessed(self.log(), origin, reader.device)?;
        let is_newest = before.is_none_or(|before| before.checkpoint().size <= *size);
        if is_newest {
            self.log().put_witnessed(reader.device, &text)?;
        }
        Ok(())
    }
}
