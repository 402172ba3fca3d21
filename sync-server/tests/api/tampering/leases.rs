//! Rights to work an order: who changes one in an order's chain of custody, or makes one up, is found out.

use std::collections::BTreeSet;

use domain::audit::{Link, links};
use domain::custody::claim::LeasedPackage;
use domain::event::{Body, Envelope, Kind, encode};
use domain::id::DeviceId;
use domain::sync::message::{OrderChain, Recorded};
use ed25519_dalek::{Signer as _, SigningKey};

use super::dice::{Dice, SPOILT};
use super::{Evidence, Found};

pub(super) const WAYS: &[&str] = &[
    SPOILT[0],
    SPOILT[1],
    SPOILT[2],
    SPOILT[3],
    SPOILT[4],
    SPOILT[5],
    SPOILT[6],
    SPOILT[7],
    "more units",
    "another device",
    "another person",
    "another fence",
    "another order",
    "a spare put in",
    "an order handed over without asking",
    "signed by a stranger",
    "the signature of another event",
    "left out",
    "doubled",
];

pub(super) fn tamper(evidence: &Evidence, dice: &mut Dice, way: &str) -> Found {
    let mut chain = dice.pick(&evidence.chains).clone();
    let at = granted_at(&chain);
    let before = chain.events.clone();
    let event = &mut chain.events[at].event;
    match way {
        "signed by a stranger" => {
            let stranger = SigningKey::from_bytes(&[dice.pattern(); 32]);
            change(event, dice, "more units");
            event.signature = stranger.sign(&event.hash().0).to_bytes().to_vec();
        }
        "the signature of another event" => {
            event
                .signature
                .clone_from(&dice.pick(&before).event.signature);
        }
        "left out" => drop(chain.events.remove(at)),
        "doubled" => {
            let mut again = chain.events[at].clone();
            let to = dice.below(chain.events.len());
            again.position = chain.events[to].position;
            chain.events.insert(to, again);
        }
        way if SPOILT.contains(&way) => {
            let is_signature = dice.below(4) == 0;
            let bytes = match is_signature {
                true => &mut event.signature,
                false => &mut event.bytes,
            };
            dice.spoil(way, bytes);
        }
        way => change(event, dice, way),
    }
    match chain.events == before {
        true => Found::Same,
        false => Found::when(!is_in_order(evidence, &chain)),
    }
}

/// Where the chain tells of the lease. Another event of the server stands behind it: the last of a chain could be left
/// out of what a server shows of one order, and only the whole log would tell.
fn granted_at(chain: &OrderChain) -> usize {
    let kind = |recorded: &Recorded| Envelope::parse(&recorded.event.bytes).unwrap().kind.kind;
    let is_lease = |recorded: &Recorded| kind(recorded) == Kind::LeaseGranted.number();
    chain.events.iter().position(is_lease).unwrap()
}

/// The same event with another lease in it, under the signature there was.
fn change(event: &mut domain::event::SignedEvent, dice: &mut Dice, way: &str) {
    let mut envelope = Envelope::parse(&event.bytes).unwrap();
    let Ok(Body::LeaseGranted(mut granted)) = Body::parse(envelope.kind, &envelope.body) else {
        unreachable!("the event is a lease");
    };
    let lease = &mut granted.lease;
    let first = lease.packages[0].clone();
    match way {
        "more units" => lease.packages[0].units += u32::from(dice.pattern()),
        "another device" => lease.device.0[dice.below(16)] ^= dice.pattern(),
        "another person" => lease.actor.0 ^= u32::from(dice.pattern()),
        "another fence" => lease.orders[0].fence += u64::from(dice.pattern()),
        "another order" => lease.orders[0].order.0[dice.below(16)] ^= dice.pattern(),
        "a spare put in" => {
            let units = u32::from(dice.pattern());
            lease.spares.push(LeasedPackage::new(first.tag, units));
        }
        "an order handed over without asking" => {
            lease
                .hand_off
                .get_or_insert_default()
                .push(lease.orders[0].order);
        }
        other => unreachable!("{other}"),
    }
    envelope.body = encode(&granted);
    event.bytes = envelope.to_bytes();
}

/// What the app does with a chain of custody before it shows it.
fn is_in_order(evidence: &Evidence, chain: &OrderChain) -> bool {
    let Ok(read) = links(chain) else {
        return false;
    };
    let servers = evidence.facts.devices.iter().filter(|of| of.is_server);
    let servers: BTreeSet<DeviceId> = servers.map(|of| of.id).collect();
    read.iter().all(|link| {
        let is_lease = matches!(link.body, Some(Body::LeaseGranted(_)));
        is_signed(evidence, link) && (!is_lease || servers.contains(&link.envelope.device))
    })
}

fn is_signed(evidence: &Evidence, link: &Link) -> bool {
    let mut keys = evidence.facts.devices.iter();
    keys.any(|of| {
        let key = (of.key_kind, &of.public_key);
        of.id == link.envelope.device
            && evidence
                .known
                .verifies(key.0, key.1, &link.hash, &link.signature)
    })
}
