//! Permits: what people may do on a device while it does not reach the server, what they did after that, and who was ever
//! there to do anything.
//!
//! In: a device's question, its acts, proofs. Out: signed permits; an alarm for what was done after they had ended, or in
//! the name of somebody who was never there. Must not: refuse an act on goods for it, or give a permit to who does not work
//! here.

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::alarm::AlarmRaised;
use crate::custody::exception::{Rule, right_for};
use crate::event::{Body, Envelope, encode};
use crate::facility::{Actor, Device};
use crate::id::{ActorId, DeviceId, Hash};
use crate::mutated;
use crate::permit::{
    Holder, PERMIT_ACTORS_MAX, PermitAnswer, PermitAsk, PermitRules, Permitted, Proven, Watch,
    permit_hash,
};
use crate::sync::chain::said_at;
use crate::sync::message::Signed;
use crate::sync::server::Outside;
use crate::sync::server::log::{ChainKey, Log, Whom};
use crate::sync::server::writer::Writer;
use crate::time::Millis;

/// What a transaction has learnt of permits and of those who were there.
#[derive(Debug, Default)]
pub(super) struct Known {
    permits: BTreeMap<Whom, Option<Permitted>>,
    watches: BTreeMap<DeviceId, Watch>,
}

/// Where a device's [`Watch`] is kept: nobody is permitted anything as the server.
fn watched(device: DeviceId) -> Whom {
    (device, ActorId::SERVER)
}

/// What a log remembers of a device as to whose word counts there.
///
/// # Errors
/// When the log cannot be read.
pub fn watch_of<L: Log + ?Sized>(log: &L, device: DeviceId) -> Result<Watch, L::Failed> {
    let bytes = log.permitted(watched(device))?;
    let watch = bytes.and_then(|bytes| minicbor::decode(&bytes).ok());
    Ok(watch.unwrap_or_default())
}

/// Whether a log remembers that a person proved to be on a device in its enrolment, by a PIN that had been changed so often
/// or more.
///
/// # Errors
/// When the log cannot be read.
pub fn was_there<L: Log + ?Sized>(
    log: &L,
    device: &Device,
    actor: ActorId,
    pin_changes: u32,
) -> Result<bool, L::Failed> {
    let bytes = log.permitted((device.id, actor))?;
    let permitted = bytes.and_then(|bytes| minicbor::decode::<Permitted>(&bytes).ok());
    let watch = watch_of(log, device.id)?;
    let was_there = |known: Permitted| known.was_there(device.generation, pin_changes, watch);
    Ok(permitted.is_some_and(was_there))
}

/// Whether an act is one person's word on what others did. Goods can be counted again, and a word cannot: it counts only
/// from whoever was there to say it.
fn is_word(body: &Body) -> bool {
    matches!(
        body,
        Body::ExceptionResolved(_)
            | Body::LeaseBroken(_)
            | Body::StockReleased(_)
            | Body::SecondChecked(_)
            | Body::ProcedureKept(_)
    )
}

impl<L: Log, O: Outside> Writer<L, O> {
    /// A device was enrolled; `by_code`: a manager's code let it in, and everybody on it proves to be there.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn note_enrolled(&mut self, device: DeviceId, by_code: bool) -> Result<(), L::Failed> {
        let asked = self.watch(device)?.asked.or(by_code.then_some(true));
        let enrolled = Some(true);
        self.put_watch(device, Watch { asked, enrolled })
    }

    /// A device's app has asked for permits: it has everybody prove to be there.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn note_asked(&mut self, device: DeviceId) -> Result<(), L::Failed> {
        let watch = self.watch(device)?;
        let asked = Some(true);
        match watch.asked == asked {
            true => Ok(()),
            false => self.put_watch(device, Watch { asked, ..watch }),
        }
    }

    /// A person has just proven to be on a device, by the PIN that is in force.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn note_proven(&mut self, device: &Device, actor: ActorId) -> Result<(), L::Failed> {
        let known = self.ledger().actors.get(&actor);
        let proven = Proven {
            generation: device.generation,
            pin_changes: known.and_then(|actor| actor.pin_changes).unwrap_or(0),
        };
        let whom = (device.id, actor);
        let mut permitted = self.permitted(whom)?.unwrap_or_default();
        permitted.proven = Some(proven);
        self.log().put_permitted(whom, &encode(&permitted))?;
        self.known_permits().permits.insert(whom, Some(permitted));
        Ok(())
    }

    /// Whether a device is to be believed that a person is there: the person has proven it in this enrolment, or the app may
    /// be from before anybody had to.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn may_be_there(&mut self, device: &Device, actor: ActorId) -> Result<bool, L::Failed> {
        let watch = self.watch(device.id)?;
        if watch.asked != Some(true) {
            return Ok(true);
        }
        let permitted = self.permitted((device.id, actor))?;
        Ok(permitted.is_some_and(|known| known.was_there(device.generation, 0, watch)))
    }

    fn watch(&mut self, device: DeviceId) -> Result<Watch, L::Failed> {
        if let Some(known) = self.known_permits().watches.get(&device) {
            return Ok(*known);
        }
        let watch = watch_of(self.log(), device)?;
        self.known_permits().watches.insert(device, watch);
        Ok(watch)
    }

    fn put_watch(&mut self, device: DeviceId, watch: Watch) -> Result<(), L::Failed> {
        self.log().put_permitted(watched(device), &encode(&watch))?;
        self.known_permits().watches.insert(device, watch);
        Ok(())
    }

    /// Whether an event may take effect as far as it is known who was there to do it. What was done in the name of somebody
    /// who was never there is put on record before it, once, until somebody has looked into it; goods that were moved are
    /// moved all the same, and a word on what others did is nobody's.
    pub(super) fn is_somebodys(
        &mut self,
        envelope: &Envelope,
        hash: Hash,
        body: &Body,
    ) -> Result<bool, L::Failed> {
        let (id, actor) = (envelope.device, envelope.actor.actor);
        let device = self.ledger().devices.get(&id).cloned();
        let Some(device) = device.filter(|device| !device.is_server) else {
            return Ok(true);
        };
        if right_for(body).is_none() || self.was_seen(&device, envelope)? {
            return Ok(true);
        }
        self.raise(AlarmRaised {
            epoch: Some(envelope.epoch),
            seq: Some(envelope.seq),
            hash: Some(hash),
            actor: Some(actor),
            ..AlarmRaised::about(Rule::NeverThere, id)
        })?;
        Ok(!is_word(body))
    }

    /// Whether the person may have been there in the enrolment in which the chain was begun.
    fn was_seen(&mut self, device: &Device, envelope: &Envelope) -> Result<bool, L::Failed> {
        let actor = envelope.actor.actor;
        if self.may_be_there(device, actor)? {
            return Ok(true);
        }
        let Some(permitted) = self.permitted((device.id, actor))? else {
            return Ok(false);
        };
        let opened = self.opening(ChainKey {
            device: device.id,
            epoch: envelope.epoch,
        })?;
        let generation = opened.map_or(device.generation, |opened| opened.generation);
        let watch = self.watch(device.id)?;
        Ok(permitted.was_there(generation, 0, watch))
    }

    /// Gives a device permits for those of the people who work here; none while the device is not enrolled.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn permit(
        &mut self,
        device: DeviceId,
        ask: &PermitAsk,
        rules: &PermitRules,
    ) -> Result<PermitAnswer, L::Failed> {
        let known = self.ledger().devices.get(&device);
        let Some(device) = known.filter(|known| known.active && !known.is_server) else {
            let permits = Vec::new();
            return Ok(PermitAnswer { permits });
        };
        let holder = Holder {
            store: self.who().store,
            device: device.id,
            generation: device.generation,
        };
        let named: BTreeSet<ActorId> = ask.actors.iter().copied().collect();
        let works_here = |actor: &&Actor| {
            (actor.active || mutated("permit_for_who_left")) && actor.id != ActorId::SERVER
        };
        let people: Vec<_> = named
            .iter()
            .take(PERMIT_ACTORS_MAX)
            .filter_map(|id| self.ledger().actors.get(id).filter(works_here))
            .map(|actor| (actor.id, actor.role))
            .collect();
        let mut permits = Vec::with_capacity(people.len());
        for person in people {
            let whom = (holder.device, person.0);
            let mut permitted = self.permitted(whom)?.unwrap_or_default();
            let now = (Millis(self.now()), ask.nonce);
            let bytes = encode(&permitted.give(holder, person, rules, now));
            self.log().put_permitted(whom, &encode(&permitted))?;
            self.known_permits().permits.insert(whom, Some(permitted));
            let signature = self.outside().sign(&permit_hash(&bytes));
            permits.push(Signed { bytes, signature });
        }
        Ok(PermitAnswer { permits })
    }

    /// What a person was permitted on a device; asked for once in a transaction.
    fn permitted(&mut self, whom: Whom) -> Result<Option<Permitted>, L::Failed> {
        if let Some(known) = self.known_permits().permits.get(&whom) {
            return Ok(known.clone());
        }
        let bytes = self.log().permitted(whom)?;
        let permitted = bytes.and_then(|bytes| minicbor::decode::<Permitted>(&bytes).ok());
        self.known_permits().permits.insert(whom, permitted.clone());
        Ok(permitted)
    }

    /// A person did something on a device after what the server had last said of him there had run out. It counts; that
    /// it did without a word of the server is put on record once, until somebody has looked into it.
    pub(super) fn look_into_permit(
        &mut self,
        envelope: &Envelope,
        body: &Body,
    ) -> Result<(), L::Failed> {
        let actor = envelope.actor.actor;
        if actor == ActorId::SERVER || right_for(body).is_none() {
            return Ok(());
        }
        let Some(permitted) = self.permitted((envelope.device, actor))? else {
            return Ok(());
        };
        // A clock may say anything; nothing was done after it was recorded.
        let at = Millis(said_at(envelope).min(self.now()));
        let decided = matches!(body, Body::ExceptionResolved(_) | Body::LeaseBroken(_));
        let is_over = permitted.capture.is_over(at) || (decided && permitted.decisions.is_over(at));
        if !is_over || mutated("permit_over_unseen") {
            return Ok(());
        }
        self.raise(AlarmRaised {
            epoch: Some(envelope.epoch),
            seq: Some(envelope.seq),
            ..AlarmRaised::about(Rule::PermitOver, envelope.device)
        })
    }
}
