//! Shop, devices and people as the log tells of them.
//!
//! In: the server's facts, in the order of the log. Out: what they amount to. Must not: forget a key a device once had.

use std::collections::BTreeMap;

use super::Shop;
use crate::event::Body;
use crate::facility::{Actor, Device};
use crate::id::{ActorId, DeviceId};

/// The shop, its devices and its people as the facts of the log tell them one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    shop: Option<Shop>,
    devices: BTreeMap<(DeviceId, u32), Device>,
    actors: BTreeMap<ActorId, Actor>,
}

impl Register {
    /// Takes a fact of the server's in. Most are about other things.
    pub fn note(&mut self, body: &Body) {
        if let Body::StoreConfigured(configured) = body {
            self.shop = Some((&configured.store).into());
        }
        if let Body::ActorAdded(added) = body {
            self.actors.insert(added.actor.id, added.actor.clone());
        }
        if let Body::DeviceEnrolled(enrolled) = body {
            let device = &enrolled.device;
            self.devices
                .insert((device.id, device.generation), device.clone());
        }
    }

    /// The shop.
    #[must_use]
    pub fn shop(&self) -> Option<&Shop> {
        self.shop.as_ref()
    }

    /// Every enrolment of every device, by device and generation.
    pub fn devices(&self) -> impl Iterator<Item = &Device> {
        self.devices.values()
    }

    /// The people, by number.
    pub fn actors(&self) -> impl Iterator<Item = &Actor> {
        self.actors.values()
    }
}
