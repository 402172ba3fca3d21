//! The shop, its shelves in walking order, and its staging slots.
//!
//! In: a seed. Out: one configuration fact. Must not: be taken for a real licence.

use domain::custody::set_up::StoreConfigured;
use domain::facility::{Location, LocationCode, Slot, SlotCode, Store};
use domain::id::{Hash, StoreId};
use domain::order::Channel;

use crate::rules;

const AISLES: [char; 5] = ['A', 'B', 'C', 'D', 'E'];
const BAYS: u32 = 10;
const SHELVES: u32 = 3;

/// Letter, number and channel of the staging slots.
const SLOTS: [(char, u32, Channel); 3] = [
    ('P', 12, Channel::Pickup),
    ('C', 6, Channel::Curbside),
    ('T', 6, Channel::Delivery),
];

/// The shop as it is set up.
pub(super) fn configured(seed: u64) -> StoreConfigured {
    let locations = (1..).zip(shelves());
    StoreConfigured {
        store: Store {
            id: store_id(seed),
            business: "Harborlight".to_owned(),
            name: "Harbor Street".to_owned(),
            license: "C10-0000000-LIC".to_owned(),
            time_zone: "America/Los_Angeles".to_owned(),
            rules: rules::california(),
            vault: None,
            checklist: Some(rules::checklist::usual()),
            holds: None,
            swaps: None,
            procedures: None,
            bench: None,
            drawings: None,
        },
        locations: locations
            .map(|(walk, code)| Location { code, walk })
            .collect(),
        slots: slots(),
    }
}

/// Every shelf in the order of the walk: up one aisle and down the next, each bay from top to bottom.
pub(super) fn shelves() -> Vec<LocationCode> {
    let mut shelves = Vec::new();
    for (place, aisle) in AISLES.iter().enumerate() {
        let mut bays: Vec<u32> = (1..=BAYS).collect();
        if place % 2 == 1 {
            bays.reverse();
        }
        for bay in bays {
            for shelf in 1..=SHELVES {
                shelves.push(LocationCode::new(&format!("{aisle}-{bay:02}-{shelf}")));
            }
        }
    }
    shelves
}

fn slots() -> Vec<Slot> {
    let slot = |letter: char, number: u32, channel| Slot {
        code: SlotCode::new(&format!("{letter}{number}")),
        channel,
        holds: None,
        since: None,
    };
    SLOTS
        .iter()
        .flat_map(|(letter, count, channel)| {
            (1..=*count).map(move |number| slot(*letter, number, *channel))
        })
        .collect()
}

fn store_id(seed: u64) -> StoreId {
    let Hash(hash) = Hash::of(&[b"custody-demo-store-1\n", &seed.to_be_bytes()]);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    StoreId(id)
}
