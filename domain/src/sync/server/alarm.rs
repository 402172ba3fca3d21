//! What the server sees of chains and clocks that somebody has to look into.
//!
//! In: events as they arrive, cursors. Out: alarms, as facts of the server's own. Must not: raise one alarm twice
//! while it is open; whoever sends rubbish all day fills no log.

use crate::audit::checkpoint::Rewritten;
use crate::custody::alarm::AlarmRaised;
use crate::custody::exception::Rule;
use crate::custody::sign_in::EpochOpened;
use crate::event::{Body, Envelope};
use crate::id::{DeviceId, Epoch, Hash, Position};
use crate::mutated;
use crate::sync::message::QuarantineReason;
use crate::sync::server::Outside;
use crate::sync::server::check::CheckedPart;
use crate::sync::server::log::{ChainKey, Log};
use crate::sync::server::writer::Writer;

/// How many starts of a device are looked back over for one that it forgot.
const CHAINS_MAX: usize = 256;

impl<L: Log, O: Outside> Writer<L, O> {
    /// An event was kept aside for the first time.
    pub(super) fn look_into_aside(
        &mut self,
        part: &CheckedPart,
        seq: u64,
        hash: Hash,
        reason: QuarantineReason,
    ) -> Result<(), L::Failed> {
        let rule = match reason {
            QuarantineReason::Fork if mutated("alarm_silent_about_a_fork") => return Ok(()),
            QuarantineReason::Fork => Rule::Fork,
            QuarantineReason::BadSignature if mutated("alarm_silent_about_a_signature") => {
                return Ok(());
            }
            QuarantineReason::BadSignature => Rule::BadSignature,
            QuarantineReason::Unreadable
            | QuarantineReason::UnknownKind
            | QuarantineReason::BrokenChain
            | QuarantineReason::WrongAddress
            | QuarantineReason::UnknownDevice
            | QuarantineReason::NotTheServers => return Ok(()),
        };
        let stands_there = self.log().receipt(part.chain, seq)?;
        self.raise(AlarmRaised {
            epoch: Some(part.chain.epoch),
            seq: Some(seq),
            hash: Some(hash),
            other: stands_there.map(|receipt| receipt.hash),
            ..AlarmRaised::about(rule, part.chain.device)
        })
    }

    /// An event has its place and was applied: what its chain and its clock say.
    pub(super) fn look_into(&mut self, envelope: &Envelope, body: &Body) -> Result<(), L::Failed> {
        self.look_into_permit(envelope, body)?;
        if let Body::EpochOpened(opened) = body {
            self.look_into_link(envelope, opened)
        } else if let Body::ClockObserved(observed) = body {
            match AlarmRaised::clock_suspect(envelope, observed) {
                Some(_) if mutated("alarm_silent_about_a_clock") => Ok(()),
                Some(alarm) => self.raise(alarm),
                None => Ok(()),
            }
        } else if let Body::Rewritten(found) = body {
            self.look_into_rewriting(envelope, found)
        } else {
            Ok(())
        }
    }

    /// An event takes effect long after its place: what its clock says still counts. What its chain followed was seen
    /// to when it was placed.
    pub(super) fn look_into_late(
        &mut self,
        envelope: &Envelope,
        body: &Body,
    ) -> Result<(), L::Failed> {
        if matches!(body, Body::EpochOpened(_)) {
            return Ok(());
        }
        self.look_into(envelope, body)
    }

    /// A device holds two heads of this log that cannot both be true. Who looks into it has the whole proof in the
    /// device's event; what does not contradict itself on its face accuses nobody.
    fn look_into_rewriting(
        &mut self,
        envelope: &Envelope,
        found: &Rewritten,
    ) -> Result<(), L::Failed> {
        let store = self.who().store;
        let Some((seen, shown)) = found.heads(store) else {
            return Ok(());
        };
        if mutated("alarm_silent_about_rewriting") {
            return Ok(());
        }
        self.raise(AlarmRaised {
            epoch: Some(envelope.epoch),
            seq: Some(envelope.seq),
            hash: Some(seen.root),
            other: Some(shown.root),
            ..AlarmRaised::about(Rule::ServerRollback, envelope.device)
        })
    }

    /// An event is of a kind this server does not know.
    pub(super) fn look_into_unknown(
        &mut self,
        envelope: &Envelope,
        hash: Hash,
    ) -> Result<(), L::Failed> {
        if mutated("alarm_silent_about_a_newer_kind") {
            return Ok(());
        }
        let alarm = AlarmRaised::schema_unknown(self.ledger(), envelope, hash);
        self.raise(alarm)
    }

    /// What the device believes came before its new chain, against what the server has of it.
    fn look_into_link(
        &mut self,
        envelope: &Envelope,
        opened: &EpochOpened,
    ) -> Result<(), L::Failed> {
        let device = envelope.device;
        let Some(before) = opened.before else {
            return self.look_into_beginning(envelope);
        };
        let chain = ChainKey {
            device,
            epoch: before.epoch,
        };
        let next = self.log().chain_head(chain)?.next;
        if next <= before.seq + u64::from(mutated("alarm_about_a_gap_that_is_none")) {
            let alarm = AlarmRaised::chain_gap(self.ledger(), device, before.epoch, next);
            if !mutated("alarm_silent_about_a_gap") {
                self.raise(alarm)?;
            }
            return self.have_counted(device);
        }
        if next > before.seq + 1 && !mutated("alarm_silent_about_a_rollback") {
            // The forgotten events are safe here, and come back to the device with the rows.
            return self.raise(AlarmRaised {
                epoch: Some(before.epoch),
                seq: Some(before.seq + 1),
                ..AlarmRaised::about(Rule::DeviceRollback, device)
            });
        }
        let forgotten = self.forgotten(device, before.epoch, envelope.epoch)?;
        match forgotten.filter(|_| !mutated("alarm_silent_about_a_forgotten_chain")) {
            Some(epoch) => self.raise(AlarmRaised {
                epoch: Some(epoch),
                seq: Some(0),
                ..AlarmRaised::about(Rule::DeviceRollback, device)
            }),
            None => Ok(()),
        }
    }

    /// The chain that went on where a new one does, when the device's newest goes back to it: the device forgot it.
    fn forgotten(
        &self,
        device: DeviceId,
        before: Epoch,
        new: Epoch,
    ) -> Result<Option<Epoch>, L::Failed> {
        let last = self.log().last_chain(device, Some(new))?;
        let mut newest = last.map(|(epoch, _, _)| epoch);
        for _ in 0..CHAINS_MAX {
            // One that comes late, after those that follow it, has forgotten nothing.
            let Some(epoch) = newest.filter(|epoch| *epoch != before && *epoch != new) else {
                return Ok(None);
            };
            newest = self.came_before(ChainKey { device, epoch })?;
            if newest == Some(before) {
                return Ok(Some(epoch));
            }
        }
        Ok(None)
    }

    /// The chain that a device says came before one.
    fn came_before(&self, chain: ChainKey) -> Result<Option<Epoch>, L::Failed> {
        let opened = self.opening(chain)?;
        Ok(opened.and_then(|opened| Some(opened.before?.epoch)))
    }

    /// What a chain began with.
    pub(super) fn opening(&self, chain: ChainKey) -> Result<Option<EpochOpened>, L::Failed> {
        let Some(first) = self.log().receipt(chain, 0)? else {
            return Ok(None);
        };
        let before_it = Position(first.position.0.saturating_sub(1));
        let logged = self.log().logged_after(before_it, 1)?;
        Ok(logged.first().and_then(|logged| {
            let envelope = Envelope::parse(&logged.recorded.event.bytes).ok()?;
            match Body::parse(envelope.kind, &envelope.body) {
                Ok(Body::EpochOpened(opened)) => Some(opened),
                _ => None,
            }
        }))
    }

    /// Numbers within a chain are lost for good. The alarm stands right before the event with which the chain goes on,
    /// so that whoever reads the log knows of the hole before he sees it.
    pub(super) fn look_into_hole(
        &mut self,
        chain: ChainKey,
        (first, until): (u64, u64),
        hash: Hash,
    ) -> Result<(), L::Failed> {
        self.have_counted(chain.device)?;
        let gap = AlarmRaised::chain_gap(self.ledger(), chain.device, chain.epoch, first);
        self.raise(AlarmRaised {
            hash: Some(hash),
            until: Some(until),
            ..gap
        })
    }

    /// A device that says nothing came before, although something did, has lost its storage and kept its key.
    fn look_into_beginning(&mut self, envelope: &Envelope) -> Result<(), L::Failed> {
        let device = envelope.device;
        let before = self.log().last_chain(device, Some(envelope.epoch))?;
        let before = before.filter(|_| !mutated("alarm_silent_about_a_wiped_device"));
        let Some((epoch, seq, _)) = before else {
            return Ok(());
        };
        self.raise(AlarmRaised {
            epoch: Some(epoch),
            seq: Some(seq),
            ..AlarmRaised::about(Rule::DeviceRollback, device)
        })
    }

    /// A device comes with a cursor of another life of this log: the log was restored, and may have lost facts.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn saw_another_life(&mut self, device: DeviceId) -> Result<(), L::Failed> {
        if mutated("alarm_silent_about_a_restored_server") {
            return Ok(());
        }
        self.raise(AlarmRaised::about(Rule::ServerRollback, device))
    }

    /// Raises an alarm, unless the same one is still open. What was too new is named one by one: each holds its own
    /// orders, until it is taken in. So are holes: whoever checks the chain needs their numbers.
    pub(super) fn raise(&mut self, alarm: AlarmRaised) -> Result<(), L::Failed> {
        let (rule, device) = (alarm.rule, alarm.device);
        let is_known = self.ledger().devices.contains_key(&device);
        let is_one_of_many = rule == Rule::SchemaUnknown || alarm.until.is_some();
        let mut open = self.ledger().exceptions.values();
        let is_open = open.any(|exception| {
            let is_of_them = alarm.actor.is_none_or(|actor| exception.actor == actor);
            !exception.resolved
                && exception.rule == rule
                && exception.device == device
                && is_of_them
        });
        let is_again = is_open && !is_one_of_many && !mutated("alarm_raised_again");
        if is_again || !is_known {
            return Ok(());
        }
        self.record(alarm, None).map(drop)
    }
}
