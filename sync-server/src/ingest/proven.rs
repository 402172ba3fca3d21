//! Who has proven to this server, on a device, to be there.
//!
//! In: a PIN that opened, and a passkey where one is asked for. Out: whether a person whom a device names has ever done
//! that on it. Must not: take a device's word for who holds it; its key may be in other hands.

use domain::facility::{Actor, Device};
use domain::id::ActorId;
use domain::sync::server::permit::was_there;

use super::{Shop, Unavailable};

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
        self.ask(move |log| was_there(log, &device, actor, pin_changes))
            .await
    }
}
