//! Events of devices into their chains.
//!
//! In: a part of a chain that was looked at. Out: what became of each event. Must not: drop an event that
//! arrived, apply one twice, or let one stop those behind it.

use domain::custody::is_for_devices;
use domain::event::{Body, Unreadable};
use domain::id::{Hash, Position};
use domain::sync::message::{ChainAnswer, Outcome, QuarantineReason, Receipt};

use super::Work;
use super::verify::{Checked, CheckedPart};
use crate::log::Failed;
use crate::log::event::ChainHead;

/// Records a part of a chain as far as it joins on.
pub(super) fn apply(work: &mut Work, part: &CheckedPart) -> Result<ChainAnswer, Failed> {
    let mut head = work.log().chain_head(part.chain)?;
    let mut receipts = Vec::with_capacity(part.len());
    // Once an event has no place, those behind it have none either; they are kept all the same.
    let mut broken = None;
    for (seq, event) in part.numbered() {
        let receipt = if let Some(reason) = broken {
            keep_aside(work, part, seq, event, event.untrusted.unwrap_or(reason))?
        } else if seq < head.next {
            known(work, part, seq, event)?
        } else if seq > head.next {
            break;
        } else if let Some(reason) = misfit(event, &head) {
            broken = Some(QuarantineReason::BrokenChain);
            keep_aside(work, part, seq, event, reason)?
        } else {
            let receipt = place(work, part, seq, event)?;
            head = ChainHead {
                next: seq + 1,
                hash: event.hash,
            };
            receipt
        };
        receipts.push(receipt);
    }
    work.settle()?;
    Ok(ChainAnswer {
        device: part.chain.device,
        epoch: part.chain.epoch,
        next: head.next,
        head: head.hash,
        receipts,
    })
}

/// Why an event cannot follow the chain's last one. An unreadable one cannot say what it follows; the
/// signature that vouches for it has to do.
fn misfit(event: &Checked, head: &ChainHead) -> Option<QuarantineReason> {
    let follows = event
        .envelope
        .as_ref()
        .is_none_or(|envelope| envelope.prev == head.hash);
    event
        .untrusted
        .or((!follows).then_some(QuarantineReason::BrokenChain))
}

/// The answer for a number that is taken: the receipt of before, or a fork.
fn known(
    work: &mut Work,
    part: &CheckedPart,
    seq: u64,
    event: &Checked,
) -> Result<Receipt, Failed> {
    match work.log().receipt(part.chain, seq)? {
        Some(receipt) if receipt.hash == event.hash => Ok(receipt),
        Some(_) | None => {
            let reason = event.untrusted.unwrap_or(QuarantineReason::Fork);
            keep_aside(work, part, seq, event, reason)
        }
    }
}

/// Keeps an event that has no place in its chain.
fn keep_aside(
    work: &mut Work,
    part: &CheckedPart,
    seq: u64,
    event: &Checked,
    reason: QuarantineReason,
) -> Result<Receipt, Failed> {
    tracing::warn!(device = %part.chain.device, seq, ?reason, "an event was kept aside");
    let now = work.now();
    work.log()
        .keep_aside(part.chain, seq, &event.event, event.hash, reason, now)?;
    let outcome = Outcome::Quarantined(reason);
    Ok(receipt(seq, Position(0), outcome, event.hash))
}

/// Gives an event its place, and applies it if it can be read.
fn place(
    work: &mut Work,
    part: &CheckedPart,
    seq: u64,
    event: &Checked,
) -> Result<Receipt, Failed> {
    let readable = match (&event.envelope, event.unreadable) {
        (Some(envelope), None) => Body::parse(envelope.kind, &envelope.body)
            .map(|body| (envelope, body))
            .map_err(|error| match error {
                Unreadable::UnknownKind => QuarantineReason::UnknownKind,
                Unreadable::Malformed | Unreadable::TooLarge => QuarantineReason::Unreadable,
            }),
        (_, reason) => Err(reason.unwrap_or(QuarantineReason::Unreadable)),
    };
    let readable = readable.and_then(|(envelope, body)| match is_for_devices(&body) {
        true => Ok((envelope, body)),
        false => Err(QuarantineReason::NotTheServers),
    });
    match readable {
        Ok((envelope, body)) => {
            let (position, outcome) = work.admit(&event.event, event.hash, envelope, &body)?;
            if !matches!(outcome, Outcome::Quarantined(_)) {
                work.react(&body)?;
            }
            Ok(receipt(seq, position, outcome, event.hash))
        }
        Err(reason) => {
            tracing::warn!(device = %part.chain.device, seq, ?reason, "an event cannot be applied");
            let outcome = Outcome::Quarantined(reason);
            let label = event.envelope.as_ref();
            let position =
                work.set_aside(&event.event, event.hash, part.chain, seq, label, &outcome)?;
            Ok(receipt(seq, position, outcome, event.hash))
        }
    }
}

fn receipt(seq: u64, position: Position, outcome: Outcome, hash: Hash) -> Receipt {
    Receipt {
        seq,
        position,
        outcome,
        hash,
    }
}
