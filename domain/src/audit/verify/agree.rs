//! Do names and keys agree with the log?
//!
//! In: what a bundle says of shop, devices and people, and what the log's own facts say. Out: the first difference.
//! Must not: be asked about less than a whole log.

use super::{Broken, Flaw};
use crate::audit::bundle::{Facts, Register};
use crate::facility::Device;

/// Whether what a bundle says of shop, devices and people is what the log says.
pub(super) fn agrees(facts: &Facts, register: &Register) -> Result<(), Broken> {
    if facts.shop.as_ref() != register.shop() {
        return Err(Flaw::Shop.into());
    }
    if !facts.devices.iter().eq(register.devices()) {
        let is_stranger = |device: &&Device| register.devices().all(|told| told != *device);
        let stranger = facts.devices.iter().find(is_stranger);
        return Err(match stranger {
            Some(device) => Broken::by(device.id, Flaw::Certificate),
            None => Flaw::Certificate.into(),
        });
    }
    if facts.actors.iter().eq(register.actors()) {
        Ok(())
    } else {
        Err(Flaw::Person.into())
    }
}
