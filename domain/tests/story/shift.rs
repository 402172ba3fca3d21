//! A person begins a shift.

use domain::custody::set_up::{ActorAdded, StoreConfigured};
use domain::custody::shift::{
    self, Checked, Condition, PARTS_MAX, Part, STEP_CHARS_MAX, ShiftStarted, Ticked, has_begun,
};
use domain::facility::{Role, StationStep};
use domain::id::ActorId;
use domain::time::Day;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn says(part: Part, condition: Condition) -> Checked {
    Checked {
        part,
        condition,
        minutes: Some(3),
        figure: None,
    }
}

fn step(number: u16) -> StationStep {
    StationStep {
        number,
        english: "Scanner charged".to_owned(),
        spanish: "Escáner cargado".to_owned(),
    }
}

fn begins(shop: &Shop, actor: ActorId, checks: Vec<Checked>) -> Verdict {
    let steps = [(1, true), (2, false)].map(|(number, done)| Ticked {
        step: step(number),
        done,
    });
    let situation = shop.situation(actor, TABLET);
    shift::decide(&shop.ledger, &situation, checks, steps.into())
}

fn began(shop: &mut Shop, actor: ActorId) {
    let checks = vec![
        says(Part::Server, Condition::Well),
        says(Part::Printer, Condition::Bad),
        says(Part::Newer(99), Condition::Newer(7)),
    ];
    let verdict = begins(shop, actor, checks);
    assert_eq!(shop.record(actor, TABLET, None, accepted(verdict)), []);
}

fn has(shop: &Shop, actor: ActorId) -> bool {
    has_begun(shop.ledger.actors[&actor].shift.as_deref(), day(TODAY))
}

#[test]
fn a_shift_is_begun_once_a_day_with_what_was_wrong_and_what_was_left_out() {
    check(
        |_| {},
        |shop| began(shop, ANA),
        |shop, ()| {
            let shift = shop.ledger.actors[&ANA].shift.clone().unwrap();
            assert_eq!((shift.troubled, shift.left_out), (2, 1));
            assert_eq!((shift.day, shift.device), (day(TODAY), TABLET));
            assert!(has(shop, ANA) && !has(shop, BEN));
            assert!(!has_begun(Some(&*shift), Day(day(TODAY).0 + 1)));
        },
    );
}

#[test]
fn whoever_works_here_begins_shifts_and_an_auditor_and_who_left_do_not() {
    for actor in [ANA, FAY, DAN, DEE, IVY, CLEO, GUS] {
        check(
            |_| {},
            |shop| began(shop, actor),
            |shop, ()| assert!(has(shop, actor)),
        );
    }
    for actor in [AUDRA, OTTO] {
        check(
            |_| {},
            |shop| {
                let refused = begins(shop, actor, Vec::new());
                let fact = ShiftStarted {
                    day: day(TODAY),
                    checks: Vec::new(),
                    steps: Vec::new(),
                };
                shop.record(actor, TABLET, None, fact);
                refused
            },
            |shop, refused| {
                assert_eq!(reason(&refused), Reason::NotYourRole);
                assert!(!has(shop, actor));
            },
        );
    }
}

#[test]
fn what_no_device_can_have_said_is_on_record_and_begins_nothing() {
    let many = vec![says(Part::Server, Condition::Well); PARTS_MAX + 1];
    let long = Ticked {
        step: StationStep {
            english: "x".repeat(STEP_CHARS_MAX + 1),
            ..step(1)
        },
        done: true,
    };
    check(
        |_| {},
        |shop| {
            let refused = begins(shop, ANA, many.clone());
            for (checks, steps) in [(many, Vec::new()), (Vec::new(), vec![long])] {
                let day = day(TODAY);
                let fact = ShiftStarted { day, checks, steps };
                shop.record(ANA, TABLET, None, fact);
            }
            refused
        },
        |shop, refused| {
            assert_eq!(reason(&refused), Reason::Unknown);
            assert!(!has(shop, ANA));
        },
    );
}

#[test]
fn a_stolen_device_begins_no_shift() {
    check(
        |_| {},
        |shop| {
            let verdict = begins(shop, ANA, Vec::new());
            shop.record(ANA, STOLEN, None, accepted(verdict));
        },
        |shop, ()| assert!(!has(shop, ANA)),
    );
}

#[test]
fn another_pin_keeps_the_shift_and_setting_the_shop_up_anew_keeps_the_checklist() {
    check(
        |shop| began(shop, ANA),
        |shop| {
            let actor = actor(ANA, Role::Associate);
            shop.server(ActorAdded::from(actor));
            for checklist in [Some(vec![step(1), step(2)]), None] {
                shop.server(StoreConfigured {
                    store: domain::facility::Store {
                        checklist,
                        ..store()
                    },
                    locations: Vec::new(),
                    slots: Vec::new(),
                });
            }
        },
        |shop, ()| {
            assert!(has(shop, ANA));
            let steps = shop.ledger.store().unwrap().checklist.clone();
            assert_eq!(steps.unwrap().len(), 2);
        },
    );
}
