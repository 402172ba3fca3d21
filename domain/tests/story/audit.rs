//! Whether the record of an order is whole.

use domain::audit::{Break, Fault, links};
use domain::event::{Body, Envelope, SignedEvent};
use domain::id::Position;
use domain::order::Status;
use domain::quantity::Quantity;
use domain::sync::message::{OrderChain, Outcome, Recorded};

use super::goods::*;
use super::shop::{Shop, check};

/// The record of everything, as an auditor gets it.
fn chain(shop: &Shop) -> OrderChain {
    let recorded = |one: &super::shop::Recorded| Recorded {
        position: one.position,
        recorded_at: NOON,
        event: SignedEvent {
            bytes: one.envelope.to_bytes(),
            signature: vec![0; 64],
        },
        outcome: Outcome::Applied,
        subject: true,
    };
    OrderChain {
        order: FIRST,
        events: shop.log.iter().map(recorded).collect(),
    }
}

/// Takes the record of an order that was handed over, damages it, and says what an auditor finds.
#[track_caller]
fn an_auditor_finds(damage: impl FnOnce(&mut OrderChain), expected: Break) {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::HandedOver);
            one_chain_per_device(shop);
        },
        |shop| {
            let mut chain = chain(shop);
            damage(&mut chain);
            links(&chain)
        },
        |_, found| assert_eq!(found.unwrap_err(), expected),
    );
}

/// Numbers and links the events as if one device had written them all.
fn one_chain_per_device(shop: &mut Shop) {
    let mut last: Option<Envelope> = None;
    let mut ledgerless = std::mem::take(&mut shop.log);
    for one in &mut ledgerless {
        one.envelope.device = TABLET;
        one.envelope.prev = last.as_ref().map_or_else(Default::default, |last| {
            domain::event::event_hash(&last.to_bytes())
        });
        last = Some(one.envelope.clone());
    }
    shop.ledger = Default::default();
    for one in &ledgerless {
        one.replay(&mut shop.ledger);
    }
    shop.log = ledgerless;
}

fn fault(position: u64, fault: Fault) -> Break {
    let position = Position(position);
    Break { position, fault }
}

#[test]
fn an_untouched_record_is_whole() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::HandedOver);
            one_chain_per_device(shop);
        },
        |shop| links(&chain(shop)).unwrap(),
        |shop, links| {
            assert_eq!(links.len(), shop.log.len());
            let last = links.last().unwrap();
            assert!(matches!(last.body, Some(Body::OrderHandedOff(_))));
            assert_eq!(last.envelope.actor.actor, FAY);
        },
    );
}

#[test]
fn an_event_that_was_changed_no_longer_fits_to_the_next() {
    let damage = |chain: &mut OrderChain| {
        let event = &mut chain.events[4].event;
        let mut envelope = Envelope::parse(&event.bytes).unwrap();
        envelope.wall += 1;
        event.bytes = envelope.to_bytes();
    };
    an_auditor_finds(damage, fault(6, Fault::BrokenLink));
}

#[test]
fn an_event_that_was_taken_out_is_missed() {
    let damage = |chain: &mut OrderChain| {
        chain.events.remove(4);
    };
    an_auditor_finds(damage, fault(6, Fault::Missing));
}

#[test]
fn two_events_that_changed_places_are_noticed() {
    let damage = |chain: &mut OrderChain| chain.events.swap(4, 5);
    an_auditor_finds(damage, fault(6, Fault::Missing));
    let damage = |chain: &mut OrderChain| chain.events[4].position = Position(7);
    an_auditor_finds(damage, fault(6, Fault::OutOfOrder));
    let damage = |chain: &mut OrderChain| chain.events[4].position = Position(4);
    an_auditor_finds(damage, fault(4, Fault::OutOfOrder));
}

#[test]
fn bytes_that_are_no_event_are_noticed() {
    let damage = |chain: &mut OrderChain| chain.events[3].event.bytes.truncate(20);
    an_auditor_finds(damage, fault(4, Fault::Unreadable));
}

#[test]
fn a_chain_does_not_begin_in_the_middle() {
    let damage = |chain: &mut OrderChain| {
        let event = &mut chain.events[0].event;
        let mut envelope = Envelope::parse(&event.bytes).unwrap();
        envelope.prev.0[0] = 1;
        event.bytes = envelope.to_bytes();
    };
    an_auditor_finds(damage, fault(1, Fault::BrokenLink));
}

#[test]
fn a_unit_made_out_of_nothing_in_one_package_of_many_is_noticed() {
    check(
        |_| {},
        |shop| {
            let mut ledger = shop.ledger.clone();
            ledger.package_mut(&tag(GUMS)).unwrap().received_total += Quantity::ONE;
            (shop.ledger.is_conserved(), ledger.is_conserved())
        },
        |_, found| assert_eq!(found, (true, false)),
    );
}
