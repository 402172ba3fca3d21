//! Recorded acts that broke a rule: kept, applied as far as they can be, and shown to a manager.

use domain::code::Grade;
use domain::custody::arrive::OrderCancelled;
use domain::custody::exception::Rule;
use domain::custody::pick::{
    PackagePicked, PickVoided, ScanRefused, ScanTask, decide_void, next_target,
};
use domain::custody::receive::PackageListed;
use domain::custody::seal::BagSealed;
use domain::custody::short::{ShortPicked, ShortReason};
use domain::custody::verify::UnitVerified;
use domain::event::LeaseRef;
use domain::facility::LocationCode;
use domain::id::OrderId;
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::verdict::Reason;

use super::goods::*;
use super::shop::{Shop, check};

/// A pick as it is recorded: a unit of the old jars from their shelf.
pub fn pick(order: OrderId, text: &str, from: &str, unit: Option<u64>) -> PackagePicked {
    PackagePicked {
        order,
        line: 1,
        tag: tag(text),
        unit,
        grade: Grade::Package,
        from: LocationCode::new(from),
    }
}

pub fn two_orders(shop: &mut Shop) {
    for (order, actor, device) in [(FIRST, ANA, TABLET), (SECOND, BEN, PHONE)] {
        shop.arrives(order, &[(JARS, 1)]);
        shop.takes(actor, device, &[order]);
    }
}

/// Records a pick for the first order on Ana's tablet and says which rules it broke.
#[track_caller]
fn ana_picked(given: impl FnOnce(&mut Shop), done: PackagePicked, expected: &[Rule], blocks: bool) {
    check(
        given,
        |shop| shop.did(ANA, TABLET, FIRST, done),
        |shop, rules| {
            assert_eq!(rules, expected);
            assert_eq!(shop.exceptions(FIRST), expected);
            assert_eq!(shop.blocks_hand_off(FIRST), blocks);
        },
    );
}

#[test]
fn an_act_that_breaks_no_rule_opens_nothing() {
    ana_picked(
        two_orders,
        pick(FIRST, OLD_JARS, "A-01-1", Some(1)),
        &[],
        false,
    );
}

#[test]
fn a_unit_in_two_hands_is_a_double_pick_and_both_orders_wait() {
    check(
        |shop| {
            two_orders(shop);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", Some(7)));
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let rules = shop.did(
                BEN,
                PHONE,
                SECOND,
                pick(SECOND, OLD_JARS, "A-01-1", Some(7)),
            );
            (rules, shop.hands_over(FAY, &label_of(shop.order(FIRST))))
        },
        |shop, (rules, hand_off)| {
            assert_eq!(rules, [Rule::DoublePick]);
            assert!(shop.blocks_hand_off(SECOND));
            // The one that was first keeps the unit, but its bag waits as well.
            assert_eq!(reason(&hand_off), Reason::WaitsForManager);
        },
    );
}

#[test]
fn a_unit_found_at_the_pack_station_that_another_order_has_is_a_double_pick() {
    check(
        |shop| {
            two_orders(shop);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", Some(7)));
            shop.did(BEN, PHONE, SECOND, pick(SECOND, OLD_JARS, "A-01-1", None));
        },
        |shop| {
            let done = UnitVerified {
                order: SECOND,
                pick: shop.order(SECOND).picks[0].event,
                tag: tag(OLD_JARS),
                unit: Some(7),
                grade: Grade::Unit,
                judged: None,
            };
            // Reading it again says nothing new.
            [done.clone(), done].map(|done| shop.did(BEN, COUNTER, SECOND, done))
        },
        |shop, rules| {
            assert_eq!(rules, [vec![Rule::DoublePick], vec![]]);
            assert!(shop.blocks_hand_off(SECOND));
        },
    );
}

#[test]
fn more_than_the_shelf_had_is_in_dispute() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 4)]);
            shop.bring(FIRST, Status::Picked);
            shop.arrives(SECOND, &[(VAPES, 1)]);
        },
        |shop| shop.did(BEN, PHONE, SECOND, pick(SECOND, PENS, "C-01-1", None)),
        |shop, rules| {
            assert_eq!(rules, [Rule::Overdraw, Rule::UnleasedPick]);
            assert!(shop.blocks_hand_off(SECOND) && !shop.blocks_hand_off(FIRST));
            let package = shop.package(PENS);
            assert_eq!(package.at(&Place::Disputed), -Quantity::ONE);
            assert_eq!(shop.at(PENS, &Place::Tote(SECOND)), 1);
        },
    );
}

#[test]
fn a_unit_from_a_shelf_where_the_package_does_not_stand_is_in_dispute() {
    let done = pick(FIRST, OLD_JARS, "Z-99-9", None);
    ana_picked(two_orders, done, &[Rule::Overdraw], true);
}

#[test]
fn a_unit_that_was_promised_to_somebody_else_is_an_overdraw() {
    let given = |shop: &mut Shop| {
        shop.arrives(SECOND, &[(JARS, 3)]);
        shop.arrives(FIRST, &[(JARS, 1)]);
        shop.takes(ANA, TABLET, &[FIRST]);
        assert_eq!(shop.allocated(FIRST), [(NEW_JARS.to_owned(), 1)]);
    };
    let done = pick(FIRST, OLD_JARS, "A-01-1", None);
    ana_picked(given, done, &[Rule::Overdraw], true);
}

#[test]
fn another_batch_of_which_enough_is_free_breaks_no_rule() {
    let done = pick(FIRST, NEW_JARS, "B-04-2", None);
    ana_picked(two_orders, done, &[], false);
}

#[test]
fn a_line_that_two_devices_filled_has_a_unit_too_many() {
    let given = |shop: &mut Shop| {
        two_orders(shop);
        shop.bring(FIRST, Status::Picked);
    };
    let done = pick(FIRST, NEW_JARS, "B-04-2", None);
    ana_picked(given, done, &[Rule::LineFilledTwice], true);
}

#[test]
fn a_unit_of_another_product_fills_no_line() {
    let done = pick(FIRST, GUMS, "A-02-1", None);
    ana_picked(two_orders, done, &[Rule::LineFilledTwice], true);
}

#[test]
fn after_a_unit_of_another_product_the_right_one_is_still_wanted() {
    check(
        |shop| {
            two_orders(shop);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, GUMS, "A-02-1", None));
        },
        |shop| shop.picks_next(FIRST),
        |shop, _| assert_eq!(shop.at(OLD_JARS, &Place::Tote(FIRST)), 1),
    );
}

#[test]
fn after_another_batch_has_filled_the_line_nothing_more_is_wanted() {
    check(
        |shop| {
            two_orders(shop);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, NEW_JARS, "B-04-2", None));
        },
        |shop| shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS)),
        |shop, verdict| {
            assert_eq!(reason(&verdict), Reason::LineComplete);
            assert_eq!(next_target(&shop.ledger, shop.order(FIRST)), None);
        },
    );
}

#[test]
fn a_line_the_order_does_not_have_is_filled_by_nothing() {
    let mut done = pick(FIRST, NEW_JARS, "B-04-2", None);
    done.line = 9;
    ana_picked(two_orders, done, &[Rule::LineFilledTwice], true);
}

#[test]
fn a_unit_picked_for_a_bag_that_is_closed_stays_in_its_tote() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            let missing = ShortPicked {
                order: FIRST,
                line: 1,
                tag: tag(PENS),
                units: 1,
                reason: ShortReason::NotThere,
            };
            shop.did(ANA, TABLET, FIRST, missing);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| shop.did(ANA, TABLET, FIRST, pick(FIRST, PENS, "C-01-1", None)),
        |shop, rules| {
            assert_eq!(rules, [Rule::LineFilledTwice]);
            assert!(shop.blocks_hand_off(FIRST));
            assert_eq!(shop.at(PENS, &Place::Tote(FIRST)), 1);
        },
    );
}

#[test]
fn neither_undoing_nor_sealing_again_opens_a_sealed_bag() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Sealed);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
        },
        |shop| {
            let (order, bag) = (FIRST, String::new());
            shop.did(BEN, COUNTER, FIRST, BagSealed { order, bag });
            let in_tote = shop.at(OLD_JARS, &Place::Tote(FIRST));
            let pick = shop.order(FIRST).picks[1].event;
            let situation = shop.situation(ANA, TABLET);
            let verdict = decide_void(&shop.ledger, &situation, FIRST, pick);
            shop.did(
                ANA,
                TABLET,
                FIRST,
                PickVoided {
                    order,
                    pick,
                    judged: None,
                },
            );
            (in_tote, verdict)
        },
        |shop, (in_tote, verdict)| {
            assert_eq!((in_tote, reason(&verdict)), (1, Reason::NotYet));
            assert_eq!(shop.order(FIRST).status, Status::Sealed);
            assert_eq!(shop.at(OLD_JARS, &Place::Bag(FIRST)), 1);
        },
    );
}

#[test]
fn a_unit_picked_while_the_order_is_being_packed_has_to_be_checked_too() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            let missing = ShortPicked {
                order: FIRST,
                line: 1,
                tag: tag(PENS),
                units: 1,
                reason: ShortReason::NotThere,
            };
            shop.did(ANA, TABLET, FIRST, missing);
            shop.bring(FIRST, Status::Labelled);
        },
        |shop| shop.did(ANA, TABLET, FIRST, pick(FIRST, PENS, "C-01-1", None)),
        |shop, rules| {
            assert_eq!(rules, []);
            assert_eq!(shop.order(FIRST).status, Status::Verifying);
            assert_eq!(reason(&shop.seals(FIRST)), Reason::NotYet);
        },
    );
}

#[test]
fn a_pick_for_a_cancelled_order_is_kept_and_goes_back_to_stock_later() {
    let given = |shop: &mut Shop| {
        two_orders(shop);
        let order = FIRST;
        shop.server(OrderCancelled { order });
    };
    let done = pick(FIRST, OLD_JARS, "A-01-1", None);
    ana_picked(given, done, &[Rule::CancelledOrderPick], false);
}

#[test]
fn a_pick_of_a_recalled_package_blocks_the_bag() {
    let given = |shop: &mut Shop| {
        two_orders(shop);
        shop.server(imported(vec![PackageListed {
            hold: true,
            ..listed(OLD_JARS, JARS, 3, "A-01-1")
        }]));
    };
    let done = pick(FIRST, OLD_JARS, "A-01-1", None);
    ana_picked(given, done, &[Rule::HeldOrRecalled], true);
}

#[test]
fn a_pick_without_a_lease_is_only_counted() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| shop.record(ANA, TABLET, None, pick(FIRST, OLD_JARS, "A-01-1", None)),
        |shop, rules| {
            assert_eq!(rules, [Rule::UnleasedPick]);
            assert!(!shop.blocks_hand_off(FIRST));
            assert_eq!(shop.order(FIRST).status, Status::Picked);
        },
    );
}

#[test]
fn an_act_of_somebody_who_left_or_has_no_right_to_it_blocks_the_bag() {
    check(
        |shop| {
            for order in [FIRST, SECOND] {
                shop.arrives(order, &[(JARS, 1)]);
                shop.takes(ANA, TABLET, &[order]);
            }
            shop.bring(SECOND, Status::Labelled);
        },
        |shop| {
            let by_otto = shop.did(OTTO, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
            let (order, bag) = (SECOND, String::new());
            let by_fay = shop.did(FAY, COUNTER, SECOND, BagSealed { order, bag });
            (by_otto, by_fay)
        },
        |shop, (by_otto, by_fay)| {
            assert_eq!(
                (by_otto, by_fay),
                (vec![Rule::ActorInvalid], vec![Rule::ActorInvalid])
            );
            assert!(shop.blocks_hand_off(FIRST) && shop.blocks_hand_off(SECOND));
            // It happened all the same.
            assert_eq!(shop.order(SECOND).status, Status::Sealed);
        },
    );
}

#[test]
fn a_record_of_a_refused_scan_is_no_breach() {
    check(
        two_orders,
        |shop| {
            let refused = ScanRefused {
                task: ScanTask::Verify,
                order: Some(FIRST),
                reason: Reason::WrongBatch,
                grade: Grade::Package,
                scanned: NEW_JARS.to_owned(),
                expected: Some(tag(OLD_JARS)),
            };
            shop.did(ANA, TABLET, FIRST, refused)
        },
        |_, rules| assert_eq!(rules, []),
    );
}

#[test]
fn an_act_can_break_several_rules_and_each_is_shown() {
    let lease = None::<LeaseRef>;
    check(
        |shop| {
            two_orders(shop);
            shop.bring(FIRST, Status::Picked);
            let order = FIRST;
            shop.server(OrderCancelled { order });
            shop.server(imported(vec![PackageListed {
                hold: true,
                ..listed(OLD_JARS, JARS, 3, "A-01-1")
            }]));
        },
        |shop| shop.record(OTTO, STOLEN, lease, pick(FIRST, OLD_JARS, "Z-99-9", None)),
        |shop, rules| {
            let expected = [
                Rule::Overdraw,
                Rule::LineFilledTwice,
                Rule::CancelledOrderPick,
                Rule::HeldOrRecalled,
                Rule::UnleasedPick,
                Rule::ActorInvalid,
                Rule::LateFromClosedDevice,
            ];
            assert_eq!(rules, expected);
            let last = shop.log.last().unwrap();
            for (index, exception) in (0..).zip(shop.ledger.exceptions.values()) {
                assert_eq!(exception.number, last.position.0 * 16 + index);
                assert_eq!(exception.event, last.envelope.id);
                assert_eq!((exception.actor, exception.device), (OTTO, STOLEN));
                assert_eq!(exception.order, Some(FIRST));
                assert_eq!(exception.tag, Some(tag(OLD_JARS)));
                assert!(!exception.resolved);
            }
        },
    );
}
