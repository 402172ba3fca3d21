//! The customer signs for a bag, where the state wants it.

use domain::custody::exception::Rule;
use domain::custody::hand_off::{self, OrderHandedOff};
use domain::custody::set_up::StoreConfigured;
use domain::custody::sign_for::{Drawing, HEIGHT, POINTS_MAX, SALT_BYTES, SignedFor, WIDTH};
use domain::event::Body;
use domain::id::Hash;
use domain::limits::book::Book;
use domain::limits::pack::{Figures, LimitPack};
use domain::order::{Channel, Status};
use domain::time::Day;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

const SALT: [u8; SALT_BYTES] = [7; SALT_BYTES];

/// The state wants a signature on these ways to a customer.
fn wants(shop: &mut Shop, channels: &[Channel]) {
    let mut store = store();
    let figures = Figures {
        book: Book {
            id: "us-xx".to_owned(),
            state: "CA".to_owned(),
            limits: Vec::new(),
            bars: Vec::new(),
            splits: Vec::new(),
            exempt: Default::default(),
            age_min: Default::default(),
        },
        classes: Default::default(),
    };
    let pack = LimitPack::of("us-xx", "1", Hash([1; 32]), &figures);
    store.rules.limits = Some(Box::new(pack.with_signature(Some(channels.to_vec()))));
    shop.server(StoreConfigured {
        store,
        locations: Vec::new(),
        slots: Vec::new(),
    });
}

fn staged(shop: &mut Shop, channel: Channel) {
    shop.server(arrival(FIRST, channel, &[(JARS, 1)]));
    shop.allocates(FIRST);
    shop.bring(FIRST, Status::Sealed);
}

fn hands_over(shop: &Shop, signed: Option<SignedFor>) -> Verdict {
    let situation = shop.situation(FAY, COUNTER);
    let bag = label_of(shop.order(FIRST));
    let shown = domain::identity::Shown::by_eye(Day(0), Day(40_000), true);
    hand_off::decide(&shop.ledger, &situation, &bag, Some(&shown), true, signed)
}

fn on_paper() -> Option<SignedFor> {
    Some(SignedFor { drawn: None })
}

fn wave() -> Vec<Vec<(u16, u16)>> {
    vec![
        (0..20)
            .map(|at| (100 + at * 20, 200 + (at % 5) * 9))
            .collect(),
    ]
}

#[test]
fn where_the_state_wants_a_signature_no_bag_goes_without_one_at_the_counter_and_at_the_curb() {
    for channel in [Channel::Pickup, Channel::Curbside] {
        check(
            |shop| {
                wants(shop, &[channel]);
                staged(shop, channel);
            },
            |shop| {
                let without = reason(&hands_over(shop, None));
                let verdict = hands_over(shop, on_paper());
                shop.does(FAY, COUNTER, verdict);
                without
            },
            |shop, without| {
                assert_eq!(without, Reason::SignatureNeeded);
                assert_eq!(shop.order(FIRST).status, Status::HandedOver);
            },
        );
    }
}

#[test]
fn where_the_state_wants_one_at_the_curb_alone_nobody_signs_at_the_counter() {
    check(
        |shop| {
            wants(shop, &[Channel::Curbside]);
            staged(shop, Channel::Pickup);
        },
        |shop| hands_over(shop, None),
        |_, verdict| assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:?}"),
    );
}

#[test]
fn a_bag_that_an_app_of_before_gave_away_unsigned_is_for_a_manager() {
    check(
        |shop| {
            wants(shop, &[Channel::Pickup]);
            staged(shop, Channel::Pickup);
        },
        |shop| {
            let Verdict::Accepted(Body::OrderHandedOff(done)) = hands_over(shop, on_paper()) else {
                panic!("it may go");
            };
            let signed = None;
            shop.did(FAY, COUNTER, FIRST, OrderHandedOff { signed, ..done })
        },
        |shop, rules| {
            assert_eq!(rules, [Rule::ActorInvalid]);
            assert_eq!(shop.order(FIRST).status, Status::HandedOver);
        },
    );
}

#[test]
fn a_tap_a_dot_and_a_scribble_without_end_are_no_signature() {
    let tap = vec![vec![(10, 10); 3]];
    let dot = vec![vec![(500, 200); 40]];
    let endless = vec![vec![(0, 0), (900, 300)]; POINTS_MAX];
    for drawn in [Vec::new(), tap, dot, endless] {
        assert_eq!(Drawing::take(SALT, &drawn), None);
    }
    assert!(Drawing::take(SALT, &wave()).is_some());
}

#[test]
fn what_was_drawn_is_read_back_inside_its_sheet_and_its_commitment_says_nothing_of_it() {
    let mut drawn = wave();
    drawn[0].push((u16::MAX, u16::MAX));
    let drawing = Drawing::take(SALT, &drawn).unwrap();
    let plain = drawing.plain();
    assert_eq!(Drawing::parse(&plain), Some(drawing.clone()));
    assert!(drawing.path().ends_with(&format!("L{WIDTH} {HEIGHT}")));
    let other = Drawing::take([8; SALT_BYTES], &drawn).unwrap();
    assert_ne!(drawing.commitment(), other.commitment());
    for end in 0..plain.len() {
        assert_eq!(Drawing::parse(&plain[..end]), None);
    }
}
