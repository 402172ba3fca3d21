//! What could not take effect when it came is taken in: events newer than the server, once it can read them, and acts on
//! orders nobody knew, once they are there.
//!
//! In: exceptions that say so, and the log that has kept it. Out: facts of the server's own that apply
//! it, in the order in which the events came. Must not: take one in twice, whichever node does it, or let one that
//! cannot be taken in stop those behind it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::custody::exception::{Exception, Rule};
use crate::custody::take_in::{EventTakenIn, TAKEN_BYTES_MAX, comes_late};
use crate::event::{Body, Envelope, Unreadable};
use crate::id::{OrderId, Position};
use crate::mutated;
use crate::sync::message::{Outcome, QuarantineReason};
use crate::sync::server::Outside;
use crate::sync::server::log::{ChainKey, Log, Logged};
use crate::sync::server::writer::Writer;

/// Events taken in within one transaction.
const TAKEN_AT_ONCE: usize = 64;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Whether there may be something to take in.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.takes_in() && self.waiting().next().is_some()
    }

    /// Takes in what can be read by now, within the transaction under way. There may be more for the next one.
    ///
    /// # Errors
    /// When the log cannot be read or written.
    pub fn take_in(&mut self) -> Result<(), L::Failed> {
        if !self.takes_in() {
            return Ok(());
        }
        let mut waiting: Vec<(u64, Position)> = self
            .waiting()
            .map(|one| (one.number, one.position))
            .collect();
        if mutated("take_in_the_last_first") {
            waiting.reverse();
        }
        let mut taken = 0;
        for (number, alarm) in waiting {
            if taken == TAKEN_AT_ONCE {
                return self.settle();
            }
            match self.what_waits(number, alarm)? {
                Some(event) => {
                    taken += 1;
                    let is_somebodys = match event.read() {
                        Some((envelope, body)) => {
                            self.is_somebodys(&envelope, event.hash, &body)?
                        }
                        None => true,
                    };
                    if is_somebodys {
                        self.record_taken(event)?;
                    }
                }
                None if mutated("take_in_stops_at_what_it_cannot_read") => break,
                None => {}
            }
            self.looked_through = self.looked_through.max(number);
        }
        self.may_be_behind = false;
        self.settle()
    }

    fn takes_in(&self) -> bool {
        self.may_be_behind && !mutated("take_in_never")
    }

    fn record_taken(&mut self, event: EventTakenIn) -> Result<(), L::Failed> {
        match catch_unwind(AssertUnwindSafe(|| self.record(event, None))) {
            Ok(recorded) => recorded.map(drop),
            // However it was made, it brings the rules down: it stays where it is.
            Err(_) => self.retrace(),
        }
    }

    /// An order has come in: what was done on it before counts from here on.
    pub(super) fn take_in_orphans(&mut self, order: OrderId) -> Result<(), L::Failed> {
        let waits = |one: &&Exception| {
            one.rule == Rule::UnknownReference && !one.resolved && one.order == Some(order)
        };
        let waiting = self.ledger().exceptions.values().filter(waits);
        let waiting: Vec<_> = waiting.map(|one| (one.number, one.position)).collect();
        for (exception, position) in waiting {
            let Some(event) = self
                .at(position)?
                .filter(|_| !mutated("take_in_no_orphans"))
            else {
                continue;
            };
            let orphan = match fact_of(&event) {
                // It was too new at first; its own bytes are in there.
                Some(Body::EventTakenIn(done)) => EventTakenIn { exception, ..done },
                Some(_) | None => EventTakenIn {
                    position,
                    hash: event.recorded.event.hash(),
                    exception,
                    bytes: event.recorded.event.bytes,
                },
            };
            let body = orphan.read().map(|(_, body)| body);
            let fits = orphan.bytes.len() <= TAKEN_BYTES_MAX;
            if fits && body.is_some_and(|body| comes_late(&body)) {
                self.record_taken(orphan)?;
            }
        }
        Ok(())
    }

    /// Exceptions about events that were too new, oldest first, save those that were looked at before.
    fn waiting(&self) -> impl Iterator<Item = &Exception> {
        let behind = self.looked_through.saturating_add(1);
        let all = self.ledger().exceptions.range(behind..);
        let waits = |one: &&Exception| {
            one.rule == Rule::SchemaUnknown && (!one.resolved || mutated("take_in_again"))
        };
        all.map(|(_, one)| one).filter(waits)
    }

    /// The event an exception is about, if it can be read now.
    fn what_waits(&self, number: u64, alarm: Position) -> Result<Option<EventTakenIn>, L::Failed> {
        let Some(alarm) = self.at(alarm)? else {
            return Ok(None);
        };
        let Some(Body::AlarmRaised(alarm)) = fact_of(&alarm) else {
            return Ok(None);
        };
        let (Some(epoch), Some(seq), Some(hash)) = (alarm.epoch, alarm.seq, alarm.hash) else {
            return Ok(None);
        };
        let device = alarm.device;
        let Some(receipt) = self.log().receipt(ChainKey { device, epoch }, seq)? else {
            return Ok(None);
        };
        let Some(event) = self.at(receipt.position)? else {
            return Ok(None);
        };
        let bytes = event.recorded.event.bytes;
        let was_too_new = receipt.outcome == Outcome::Quarantined(QuarantineReason::UnknownKind);
        if !was_too_new || receipt.hash != hash || bytes.len() > TAKEN_BYTES_MAX {
            return Ok(None);
        }
        let Ok(envelope) = Envelope::parse(&bytes) else {
            return Ok(None);
        };
        if self.readable().read(&envelope) == Err(Unreadable::UnknownKind) {
            return Ok(None);
        }
        let hash = match mutated("take_in_under_another_hash") {
            true => alarm.other.unwrap_or_default(),
            false => hash,
        };
        Ok(Some(EventTakenIn {
            position: receipt.position,
            hash,
            exception: number,
            bytes,
        }))
    }

    fn at(&self, position: Position) -> Result<Option<Logged>, L::Failed> {
        let before = Position(position.0.saturating_sub(1));
        let mut found = self.log().logged_after(before, 1)?;
        Ok(found.pop().filter(|one| one.recorded.position == position))
    }
}

fn fact_of(logged: &Logged) -> Option<Body> {
    let envelope = Envelope::parse(&logged.recorded.event.bytes).ok()?;
    Body::parse(envelope.kind, &envelope.body).ok()
}
