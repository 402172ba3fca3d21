//! The devices' chains: every number once, every link in place, every beginning declared.
//!
//! In: events in the order of the log. Out: what breaks a chain. Must not: take a gap for an end.

use std::collections::BTreeMap;

use super::Flaw;
use crate::audit::Fault;
use crate::audit::bundle::Under;
use crate::custody::alarm::AlarmRaised;
use crate::custody::sign_in::{ChainEnd, EpochOpened};
use crate::event::{Body, Envelope};
use crate::id::{DeviceId, Epoch, Hash};

/// Where every chain stands.
#[derive(Debug, Default)]
pub(super) struct Chains {
    ends: BTreeMap<(DeviceId, Epoch), End>,
    /// Holes the log has declared, and that no event has gone over yet.
    holes: BTreeMap<(DeviceId, Epoch), Hole>,
}

#[derive(Clone, Copy, Debug)]
struct End {
    next: u64,
    hash: Hash,
}

#[derive(Clone, Copy, Debug)]
struct Hole {
    first: u64,
    behind: End,
}

impl Chains {
    /// The server declares that numbers of a chain are lost. Returns whether it does.
    pub(super) fn declare(&mut self, alarm: &AlarmRaised) -> bool {
        let Some(hole) = alarm.hole() else {
            return false;
        };
        let behind = End {
            next: hole.until,
            hash: hole.link,
        };
        let first = hole.first;
        let chain = (alarm.device, hole.epoch);
        self.holes.insert(chain, Hole { first, behind });
        true
    }

    /// Adds an event to its chain. One whose bytes cannot be read cannot say what it follows. Returns whether it stands
    /// behind a declared hole: then nothing links it to what was before.
    pub(super) fn follow(
        &mut self,
        under: Under,
        envelope: Option<&Envelope>,
        hash: Hash,
        may_begin_late: bool,
    ) -> Result<bool, Flaw> {
        let chain = (under.device, under.epoch);
        let before = self.ends.get(&chain).copied();
        let reached = before.map_or(0, |end| end.next);
        let hole = self.holes.remove(&chain);
        let hole = hole.filter(|hole| hole.first == reached && hole.behind.next == under.seq);
        match hole.map(|hole| hole.behind).or(before) {
            Some(end) => {
                if under.seq != end.next {
                    return Err(Flaw::Event(Fault::Missing));
                }
                if envelope.is_some_and(|envelope| envelope.prev != end.hash) {
                    return Err(Flaw::Event(Fault::BrokenLink));
                }
            }
            None if under.seq == 0 => self.begin(under, envelope)?,
            None if may_begin_late => {}
            None => return Err(Flaw::Event(Fault::Missing)),
        }
        let next = under.seq.saturating_add(1);
        let end = End { next, hash };
        self.ends.insert(chain, end);
        Ok(hole.is_some())
    }

    fn begin(&self, under: Under, envelope: Option<&Envelope>) -> Result<(), Flaw> {
        let Some(envelope) = envelope else {
            return Ok(());
        };
        if envelope.prev != Hash::default() {
            return Err(Flaw::Event(Fault::BrokenLink));
        }
        let Ok(Body::EpochOpened(opened)) = Body::parse(envelope.kind, &envelope.body) else {
            return Err(Flaw::NotOpened);
        };
        self.goes_on(under.device, &opened)
    }

    /// A device may begin anew from an end the log does not have yet, or from an earlier one it was set back to. At the
    /// end the log has, it must mean the same event.
    fn goes_on(&self, device: DeviceId, opened: &EpochOpened) -> Result<(), Flaw> {
        let Some(ChainEnd { epoch, seq, hash }) = opened.before else {
            return Ok(());
        };
        let known = self.ends.get(&(device, epoch));
        let disagrees = |end: &End| end.next == seq.saturating_add(1) && end.hash != hash;
        if known.is_some_and(disagrees) {
            return Err(Flaw::Event(Fault::BrokenLink));
        }
        Ok(())
    }
}
