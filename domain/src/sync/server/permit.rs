//! Permits: what people may do on a device while it does not reach the server, and what they did after that.
//!
//! In: a device's question, its acts. Out: signed permits; an alarm for what was done after they had ended. Must not:
//! refuse an act for it, or give a permit to who does not work here.

use std::collections::BTreeSet;

use crate::custody::alarm::AlarmRaised;
use crate::custody::exception::{Rule, right_for};
use crate::event::{Body, Envelope, encode};
use crate::facility::Actor;
use crate::id::{ActorId, DeviceId};
use crate::mutated;
use crate::permit::{
    Holder, PERMIT_ACTORS_MAX, PermitAnswer, PermitAsk, PermitRules, Permitted, permit_hash,
};
use crate::sync::chain::said_at;
use crate::sync::message::Signed;
use crate::sync::server::Outside;
use crate::sync::server::log::{Log, Whom};
use crate::sync::server::writer::Writer;
use crate::time::Millis;

impl<L: Log, O: Outside> Writer<L, O> {
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
            self.known_permits().insert(whom, Some(permitted));
            let signature = self.outside().sign(&permit_hash(&bytes));
            permits.push(Signed { bytes, signature });
        }
        Ok(PermitAnswer { permits })
    }

    /// What a person was permitted on a device; asked for once in a transaction.
    fn permitted(&mut self, whom: Whom) -> Result<Option<Permitted>, L::Failed> {
        if let Some(known) = self.known_permits().get(&whom) {
            return Ok(known.clone());
        }
        let bytes = self.log().permitted(whom)?;
        let permitted = bytes.and_then(|bytes| minicbor::decode::<Permitted>(&bytes).ok());
        self.known_permits().insert(whom, permitted.clone());
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
