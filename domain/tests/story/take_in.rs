//! What was newer than the server when it came, and takes effect once the server can read it.

use domain::custody::alarm::AlarmRaised;
use domain::custody::exception::Rule;
use domain::custody::is_for_devices;
use domain::custody::pick::PackagePicked;
use domain::custody::resolve::{Decision, ResolveReason};
use domain::custody::set_up::ActorAdded;
use domain::custody::take_in::{self, EventTakenIn};
use domain::event::{Body, Envelope, event_hash};
use domain::facility::{Actor, LocationCode, Role};
use domain::id::{EventId, Position};
use domain::order::Status;
use domain::stock::Place;

use super::goods::*;
use super::settling::{is_open, open};
use super::shop::{Shop, check};

/// A tablet says something the server cannot read yet: it is told of it, and nothing else happens.
fn too_new(shop: &mut Shop, body: impl Into<Body>) -> EventTakenIn {
    let body = body.into();
    let last = shop.log.last().unwrap().envelope.clone();
    let envelope = Envelope {
        version: 2,
        device: TABLET,
        id: EventId([0xdd; 16]),
        actor: domain::event::ActorRef {
            actor: ANA,
            session: 0,
        },
        kind: body.kind_version(),
        lease: shop.lease(TABLET, FIRST),
        body: body.to_bytes(),
        ..last
    };
    let bytes = envelope.to_bytes();
    let hash = event_hash(&bytes);
    shop.server(AlarmRaised::schema_unknown(&shop.ledger, &envelope, hash));
    EventTakenIn {
        position: Position(1),
        hash,
        exception: open(shop, Rule::SchemaUnknown),
        bytes,
    }
}

fn jar() -> PackagePicked {
    PackagePicked {
        order: FIRST,
        line: 1,
        tag: tag(OLD_JARS),
        unit: Some(7),
        grade: domain::code::Grade::Unit,
        from: LocationCode::new("A-01-1"),
    }
}

fn taken(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 2)]);
    shop.takes(ANA, TABLET, &[FIRST]);
}

#[test]
fn a_pick_too_new_to_read_holds_its_order_and_counts_once_it_is_taken_in() {
    check(
        taken,
        |shop| {
            let done = too_new(shop, jar());
            let before = (shop.order(FIRST).picks.len(), shop.blocks_hand_off(FIRST));
            shop.server(done);
            before
        },
        |shop, before| {
            assert_eq!(before, (0, true));
            let order = shop.order(FIRST);
            assert_eq!((order.picks.len(), order.status), (1, Status::Picking));
            assert_eq!(shop.at(OLD_JARS, &Place::Tote(FIRST)), 1);
            let settled = shop.ledger.exceptions.values().next().unwrap();
            let resolution = settled.resolution.unwrap();
            assert_eq!(
                (resolution.decision, resolution.reason),
                (Decision::Replayed, ResolveReason::Update)
            );
            assert!(!shop.blocks_hand_off(FIRST));
        },
    );
}

#[test]
fn taken_in_twice_it_still_counts_once_and_other_bytes_do_not_count_at_all() {
    check(
        taken,
        |shop| {
            let done = too_new(shop, jar());
            let forged = EventTakenIn {
                hash: event_hash(b"another"),
                ..done.clone()
            };
            let forged_says = forged.read();
            shop.server(done.clone());
            shop.server(done);
            forged_says
        },
        |shop, forged_says| {
            assert_eq!(forged_says, None);
            assert_eq!(shop.order(FIRST).picks.len(), 1);
        },
    );
}

#[test]
fn what_breaks_a_rule_by_now_opens_its_exception_where_it_is_taken_in() {
    check(
        taken,
        |shop| {
            let done = too_new(shop, jar());
            // Somebody else took the very same unit meanwhile.
            shop.record(BEN, PHONE, None, jar());
            shop.server(done);
            shop.log.last().unwrap().position
        },
        |shop, position| {
            let numbers = take_in::opened(&shop.ledger, position);
            let rules: Vec<Rule> = numbers
                .iter()
                .map(|number| shop.ledger.exceptions[number].rule)
                .collect();
            assert!(rules.contains(&Rule::DoublePick), "{rules:?}");
            assert!(!is_open(shop, Rule::SchemaUnknown));
            let one = &shop.ledger.exceptions[&numbers[0]];
            assert_eq!((one.device, one.event), (TABLET, EventId([0xdd; 16])));
        },
    );
}

#[test]
fn a_device_that_says_what_only_the_server_may_is_not_believed_later_either() {
    check(
        taken,
        |shop| {
            let actor = Actor {
                id: domain::id::ActorId(66),
                name: "Mallory".to_owned(),
                role: Role::GeneralManager,
                active: true,
                pin_changes: None,
                shift: None,
                unlocks: None,
            };
            let done = too_new(shop, ActorAdded::from(actor));
            assert_eq!(done.read(), None);
            assert!(!is_for_devices(&done.clone().into()));
            shop.server(done);
        },
        |shop, ()| {
            assert!(!shop.ledger.actors.contains_key(&domain::id::ActorId(66)));
            assert!(!is_open(shop, Rule::SchemaUnknown));
        },
    );
}
