//! Who has proven to this server, on a device, to be there.
//!
//! In: a PIN that opened, and a passkey where one is asked for. Out: whether a person whom a device names has ever done
//! that on it. Must not: take a device's word for who holds it; its key may be in other hands.

use domain::event::encode;
use domain::facility::{Actor, Device};
use domain::id::ActorId;
use minicbor::{Decode, Encode};

use super::{Shop, Unavailable, Work};
use crate::log::{Failed, Log, proven_name};

/// What held when the person last did it.
#[derive(Clone, Copy, Debug, Encode, Decode)]
#[cbor(map)]
struct Proven {
    /// The device's enrolment.
    #[n(0)]
    generation: u32,
    /// How often the PIN had been changed.
    #[n(1)]
    pin_changes: u32,
}

/// Notes that a person has just proven to be on a device, by the PIN that is in force.
pub(super) fn note(work: &Work, device: &Device, actor: ActorId) -> Result<(), Failed> {
    let known = work.ledger().actors.get(&actor);
    let proven = Proven {
        generation: device.generation,
        pin_changes: known.and_then(|actor| actor.pin_changes).unwrap_or(0),
    };
    let name = proven_name((device.id, actor));
    work.log().set_meta(&name, &encode(&proven))
}

/// Whether a person has proven to be on a device in its enrolment, by whatever PIN.
pub(super) fn is_known(log: &dyn Log, device: &Device, actor: ActorId) -> Result<bool, Failed> {
    is_proven(log, device, actor, 0)
}

fn is_proven(
    log: &dyn Log,
    device: &Device,
    actor: ActorId,
    pin_changes: u32,
) -> Result<bool, Failed> {
    let whom = (device.id, actor);
    let Some(bytes) = log.meta(&proven_name(whom))? else {
        // Before this was noted a device was given a permit for whoever was known on it; now nobody else gets one.
        return Ok(log.permitted(whom)?.is_some());
    };
    let proven: Proven =
        minicbor::decode(&bytes).map_err(|_| Failed::Damaged("who has proven to be where"))?;
    Ok(proven.generation == device.generation && proven.pin_changes >= pin_changes)
}

impl Shop {
    /// Whether a person whom a device names works here and has proven to be on it, by the PIN that is in force. What
    /// devices keep under a PIN of before proves nothing.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(crate) async fn has_proven(
        &self,
        device: Device,
        actor: ActorId,
    ) -> Result<bool, Unavailable> {
        let works_here = |known: &&Actor| known.active && known.id != ActorId::SERVER;
        let directory = self.directory();
        let known = directory.actors.get(&actor).filter(works_here).cloned();
        let Some(known) = known else {
            return Ok(false);
        };
        let pin_changes = known.pin_changes.unwrap_or(0);
        self.ask(move |log| is_proven(log, &device, actor, pin_changes))
            .await
    }
}
