//! Procedures, kept by the compliance officer and signed off order by order.

use domain::code::own::OwnKind;
use domain::custody::set_up::StoreConfigured;
use domain::custody::shift::ShiftStarted;
use domain::custody::sop::{
    ProcedureKept, Task, at_start, decide_keep, decide_sign, decide_sign_in_shift, in_force, open,
    open_in_shift,
};
use domain::custody::{count, return_to_vault};
use domain::event::Body;
use domain::facility::{LocationCode, SlotCode, StationStep};
use domain::id::{ActorId, DeviceId};
use domain::order::Status;
use domain::quantity::Quantity;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn steps(texts: &[&str]) -> Vec<StationStep> {
    let step = |(text, number): (&&str, u16)| StationStep {
        number,
        english: (*text).to_owned(),
        spanish: format!("{text} (es)"),
    };
    texts.iter().zip(1..).map(step).collect()
}

fn keeps(shop: &Shop, actor: ActorId, task: Task, texts: &[&str]) -> Verdict {
    let situation = shop.situation(actor, COUNTER);
    decide_keep(&shop.ledger, &situation, task, steps(texts))
}

fn kept(shop: &mut Shop, task: Task, texts: &[&str]) {
    let body = accepted(keeps(shop, CLEO, task, texts));
    assert_eq!(shop.record(CLEO, COUNTER, None, body), []);
}

fn signs(shop: &Shop, actor: ActorId, device: DeviceId, task: Task, step: u16) -> Verdict {
    let situation = shop.situation(actor, device);
    decide_sign(&shop.ledger, &situation, FIRST, task, step)
}

/// Ben has read the label back; the bag only has to be closed.
fn to_be_sealed(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1)]);
    shop.bring(FIRST, Status::Labelled);
    let label = label_of(shop.order(FIRST));
    let verdict = shop.reads_back(FIRST, &label);
    shop.does(BEN, COUNTER, verdict);
}

#[test]
fn a_bag_is_closed_only_when_every_step_of_picking_and_packing_is_signed() {
    check(
        |shop| {
            kept(shop, Task::Pack, &["Child-resistant bag", "Receipt inside"]);
            kept(shop, Task::Pick, &["Gloves on"]);
            to_be_sealed(shop);
        },
        |shop| {
            let mut refused = Vec::new();
            for (task, step) in [(Task::Pack, 1), (Task::Pick, 1), (Task::Pack, 2)] {
                refused.push(reason(&shop.seals(FIRST)));
                let verdict = signs(shop, BEN, COUNTER, task, step);
                shop.does(BEN, COUNTER, verdict);
            }
            let again = reason(&signs(shop, BEN, COUNTER, Task::Pack, 2));
            shop.bring(FIRST, Status::HandedOver);
            (refused, again)
        },
        |shop, (refused, again)| {
            assert_eq!(refused, [Reason::StepsOpen; 3]);
            assert_eq!(again, Reason::NotYet);
            let signed = shop.order(FIRST).signed.clone().unwrap();
            assert!(
                signed
                    .iter()
                    .all(|one| one.actor == BEN && one.version == 1)
            );
        },
    );
}

#[test]
fn a_new_version_asks_again_and_none_asks_for_nothing() {
    check(
        |shop| {
            kept(shop, Task::Pack, &["Child-resistant bag"]);
            to_be_sealed(shop);
        },
        |shop| {
            let verdict = signs(shop, BEN, COUNTER, Task::Pack, 1);
            shop.does(BEN, COUNTER, verdict);
            kept(shop, Task::Pack, &["Child-resistant bag, closed twice"]);
            let asks = open(&shop.ledger, shop.order(FIRST), Task::Pack).len();
            let refused = reason(&shop.seals(FIRST));
            kept(shop, Task::Pack, &[]);
            let version = in_force(&shop.ledger, Task::Pack).map(|one| one.version);
            (asks, refused, version, shop.seals(FIRST))
        },
        |_, (asks, refused, version, seals)| {
            assert_eq!((asks, refused, version), (1, Reason::StepsOpen, Some(3)));
            accepted(seals);
        },
    );
}

#[test]
fn only_the_compliance_officer_changes_a_procedure_and_every_step_says_something_in_both_languages()
{
    check(
        |shop| kept(shop, Task::Pack, &["Child-resistant bag"]),
        |shop| {
            let silent = StationStep {
                spanish: " ".to_owned(),
                ..steps(&["Receipt inside"])[0].clone()
            };
            let situation = shop.situation(CLEO, COUNTER);
            let keep = |steps| decide_keep(&shop.ledger, &situation, Task::Pack, steps);
            [
                reason(&keeps(shop, GUS, Task::Pack, &["Anything"])),
                reason(&keeps(shop, ANA, Task::Pack, &["Anything"])),
                reason(&keeps(shop, CLEO, Task::Pack, &["Child-resistant bag"])),
                reason(&keep(vec![silent])),
                reason(&keep(steps(&["x"; 65]))),
                reason(&signs(shop, FAY, COUNTER, Task::Pack, 1)),
            ]
        },
        |_, reasons| {
            use Reason::{NotYet, NotYourRole};
            let expected = [
                NotYourRole,
                NotYourRole,
                NotYet,
                NotYet,
                NotYet,
                NotYourRole,
            ];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn what_somebody_without_the_right_keeps_changes_nothing_and_two_at_once_both_have_their_turn() {
    check(
        |shop| kept(shop, Task::Pack, &["Child-resistant bag"]),
        |shop| {
            let at_once = [
                accepted(keeps(shop, CLEO, Task::Pack, &["One"])),
                accepted(keeps(shop, CLEO, Task::Pack, &["Other"])),
            ];
            let theirs = match &at_once[0] {
                Body::ProcedureKept(done) => ProcedureKept {
                    procedure: done.procedure.clone(),
                },
                other => panic!("{other:?}"),
            };
            shop.record(GUS, COUNTER, None, theirs);
            let before = in_force(&shop.ledger, Task::Pack).map(|one| one.version);
            for body in at_once {
                shop.record(CLEO, COUNTER, None, body);
            }
            before
        },
        |shop, before| {
            assert_eq!(before, Some(1));
            let now = in_force(&shop.ledger, Task::Pack).unwrap();
            assert_eq!((now.version, now.steps[0].english.as_str()), (3, "Other"));
        },
    );
}

fn begins(shop: &mut Shop, actor: ActorId) {
    let begun = ShiftStarted {
        day: day(TODAY),
        checks: Vec::new(),
        steps: Vec::new(),
    };
    shop.record(actor, COUNTER, None, begun);
}

fn stages(shop: &Shop) -> Verdict {
    shop.stages(FIRST, &own(OwnKind::Slot, &SlotCode::new("P1").scan_id()))
}

fn hands_over(shop: &Shop) -> Verdict {
    shop.hands_over(FAY, &label_of(shop.order(FIRST)))
}

#[test]
fn a_bag_is_staged_taken_back_and_handed_over_once_the_steps_of_that_are_signed() {
    check(
        |shop| {
            kept(shop, Task::Stage, &["Label faces out"]);
            kept(shop, Task::Return, &["Bag is whole"]);
            kept(shop, Task::HandOver, &["Say the total"]);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Sealed);
        },
        |shop| {
            let early = reason(&signs(shop, BEN, COUNTER, Task::Return, 1));
            let mut refused = vec![reason(&stages(shop))];
            let verdict = signs(shop, BEN, COUNTER, Task::Stage, 1);
            shop.does(BEN, COUNTER, verdict);
            let verdict = stages(shop);
            shop.does(BEN, COUNTER, verdict);
            let label = label_of(shop.order(FIRST));
            let situation = shop.situation(BEN, COUNTER);
            let back = |shop: &Shop| return_to_vault::decide(&shop.ledger, &situation, &label);
            refused.push(reason(&back(shop)));
            let not_his = reason(&signs(shop, BEN, COUNTER, Task::HandOver, 1));
            let verdict = signs(shop, BEN, COUNTER, Task::Return, 1);
            shop.does(BEN, COUNTER, verdict);
            accepted(back(shop));
            refused.push(reason(&hands_over(shop)));
            let verdict = signs(shop, FAY, COUNTER, Task::HandOver, 1);
            shop.does(FAY, COUNTER, verdict);
            (refused, early, not_his)
        },
        |shop, (refused, early, not_his)| {
            assert_eq!(refused, [Reason::StepsOpen; 3]);
            assert_eq!((early, not_his), (Reason::NotYet, Reason::NotYourRole));
            accepted(hands_over(shop));
        },
    );
}

#[test]
fn steps_of_counting_are_signed_once_in_a_shift_and_nobody_without_one_is_kept_from_it() {
    let counts = |shop: &Shop| {
        let situation = shop.situation(ANA, TABLET);
        let shelf = LocationCode::new("C-01-1");
        count::decide(
            &shop.ledger,
            &situation,
            &tag(PENS),
            &shelf,
            Quantity::units(4),
        )
    };
    let sign = |shop: &Shop| {
        let situation = shop.situation(ANA, TABLET);
        decide_sign_in_shift(&shop.ledger, &situation, Task::Count, 1)
    };
    check(
        |shop| kept(shop, Task::Count, &["Count from the back"]),
        |shop| {
            accepted(counts(shop));
            let before = reason(&sign(shop));
            begins(shop, ANA);
            let refused = reason(&counts(shop));
            let signed = accepted(sign(shop));
            assert_eq!(shop.record(ANA, TABLET, None, signed), []);
            accepted(counts(shop));
            // The next shift asks again.
            begins(shop, ANA);
            (before, refused)
        },
        |shop, (before, refused)| {
            assert_eq!((before, refused), (Reason::NotYet, Reason::StepsOpen));
            let situation = shop.situation(ANA, TABLET);
            assert_eq!(
                open_in_shift(&shop.ledger, &situation, Task::Count).len(),
                1
            );
        },
    );
}

#[test]
fn what_the_procedure_asks_before_the_first_order_stands_behind_the_shops_checklist() {
    check(
        |shop| {
            let mut store = shop.ledger.store().unwrap().clone();
            store.checklist = Some(steps(&["Label stock", "Bag stock"]));
            shop.server(StoreConfigured {
                store,
                locations: Vec::new(),
                slots: Vec::new(),
            });
        },
        |shop| kept(shop, Task::Begin, &["Scale is calibrated"]),
        |shop, ()| {
            let all = at_start(&shop.ledger);
            let told: Vec<_> = all
                .iter()
                .map(|one| (one.number, one.english.as_str()))
                .collect();
            let expected = [
                (1, "Label stock"),
                (2, "Bag stock"),
                (3, "Scale is calibrated"),
            ];
            assert_eq!(told, expected);
        },
    );
}
