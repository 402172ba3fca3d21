//! The devices' chains: every number once, every link in place, every beginning declared.
//!
//! In: events in the order of the log. Out: what breaks a chain. Must not: take a gap for an end.

use std::collections::BTreeMap;

use super::Flaw;
use crate::audit::Fault;
use crate::audit::bundle::Under;
use crate::custody::sign_in::{ChainEnd, EpochOpened};
use crate::event::{Body, Envelope};
use crate::id::{DeviceId, Epoch, Hash};

/// Where every chain stands.
#[derive(Debug, Default)]
pub(super) struct Chains {
    ends: BTreeMap<(DeviceId, Epoch), End>,
}

#[derive(Clone, Copy, Debug)]
struct End {
    next: u64,
    hash: Hash,
}

impl Chains {
    /// Adds an event to its chain. One whose bytes cannot be read cannot say what it follows.
    pub(super) fn follow(
        &mut self,
        under: Under,
        envelope: Option<&Envelope>,
        hash: Hash,
        may_begin_late: bool,
    ) -> Result<(), Flaw> {
        match self.ends.get(&(under.device, under.epoch)) {
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
        self.ends.insert((under.device, under.epoch), end);
        Ok(())
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
