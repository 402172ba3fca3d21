//! Acts of people, on orders and with packages nobody knows.

use domain::code::Grade;
use domain::custody::exception::Rule;
use domain::custody::pick::{ScanRefused, ScanTask, decide_void};
use domain::custody::short::{ShortPicked, ShortReason};
use domain::event::Body;
use domain::id::ActorId;
use domain::order::Status;
use domain::stock::Place;
use domain::verdict::Reason;

use super::exceptions::{pick, two_orders};
use super::goods::*;
use super::shop::check;

#[test]
fn an_act_of_somebody_nobody_knows_blocks_the_bag() {
    check(
        two_orders,
        |shop| {
            shop.did(
                ActorId(77),
                TABLET,
                FIRST,
                pick(FIRST, OLD_JARS, "A-01-1", None),
            )
        },
        |shop, rules| {
            assert_eq!(rules, [Rule::ActorInvalid]);
            assert!(shop.blocks_hand_off(FIRST));
        },
    );
}

#[test]
fn what_nobody_knows_fills_no_line_and_can_be_put_back() {
    check(
        |shop| {
            two_orders(shop);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, STRANGE, "A-01-1", None));
        },
        |shop| {
            let pick = shop.order(FIRST).picks[0].event;
            shop.picks_next(FIRST);
            let unknown = shop.verifies(FIRST, &package(STRANGE));
            let other_batch = shop.verifies(FIRST, &package(GUMS));
            let situation = shop.situation(ANA, TABLET);
            let verdict = decide_void(&shop.ledger, &situation, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
            [reason(&unknown), reason(&other_batch)]
        },
        |shop, reasons| {
            assert_eq!(reasons, [Reason::TagNotKnown, Reason::NotOnThisOrder]);
            let order = shop.order(FIRST);
            assert_eq!((order.units_picked(), order.picked_of_line(1)), (1, 1));
            assert_eq!((order.status, order.picked_of_line(2)), (Status::Picked, 0));
        },
    );
}

#[test]
fn what_nobody_knows_is_kept_until_somebody_does() {
    check(
        two_orders,
        |shop| {
            let short = ShortPicked {
                order: FIRST,
                line: 1,
                tag: tag(STRANGE),
                units: 1,
                reason: ShortReason::NotThere,
            };
            let refused = ScanRefused {
                task: ScanTask::Pick,
                order: Some(THIRD),
                reason: Reason::NotACode,
                grade: Grade::None,
                scanned: String::new(),
                expected: None,
            };
            let acts: [Body; 4] = [
                pick(FIRST, STRANGE, "A-01-1", None).into(),
                pick(THIRD, OLD_JARS, "A-01-1", Some(4)).into(),
                short.into(),
                refused.into(),
            ];
            acts.map(|act| shop.did(ANA, TABLET, FIRST, act))
        },
        |shop, rules| {
            assert_eq!(rules, [(); 4].map(|()| vec![Rule::UnknownReference]));
            assert!(shop.blocks_hand_off(FIRST) && shop.blocks_hand_off(THIRD));
            // The unit is off its shelf, whoever it was for.
            assert_eq!(shop.at(OLD_JARS, &Place::Tote(THIRD)), 1);
        },
    );
}
