//! What people report by hand.

use domain::custody::exception::Rule;
use domain::custody::raise::{self, ExceptionRaised, NOTE_CHARS_MAX};
use domain::custody::resolve::Decision;
use domain::event::Body;
use domain::id::{ActorId, OrderId};
use domain::order::Status;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::settling::{is_open, only, settles};
use super::shop::{Shop, check};

fn reports(shop: &Shop, actor: ActorId, rule: Rule, order: Option<OrderId>) -> Verdict {
    let situation = shop.situation(actor, COUNTER);
    raise::decide(&shop.ledger, &situation, rule, (order, None), "Seen.")
}

fn staged(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1)]);
    shop.bring(FIRST, Status::Staged);
}

#[test]
fn a_reported_limit_holds_the_bag_until_it_was_looked_into() {
    check(
        staged,
        |shop| {
            let before = is_open(shop, Rule::LimitExceeded);
            let body = accepted(reports(shop, FAY, Rule::LimitExceeded, Some(FIRST)));
            let rules = shop.record(FAY, COUNTER, None, body);
            let held = shop.hands_over(FAY, &label_of(shop.order(FIRST)));
            only(shop, &[CLEO, GUS], Rule::LimitExceeded, Decision::Accept);
            settles(shop, CLEO, Rule::LimitExceeded, Decision::Accept);
            (before, rules, held)
        },
        |shop, (before, rules, held)| {
            // Nothing finds it by itself yet.
            assert!(!before);
            assert_eq!(rules, [Rule::LimitExceeded]);
            assert_eq!(reason(&held), Reason::WaitsForManager);
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}

#[test]
fn a_recall_somebody_reports_of_a_package_holds_every_bag_with_it() {
    check(
        |shop| {
            staged(shop);
            shop.arrives(SECOND, &[(GUMMIES, 1)]);
            shop.bring(SECOND, Status::Staged);
        },
        |shop| {
            let done = ExceptionRaised {
                rule: Rule::HeldOrRecalled,
                order: None,
                tag: Some(tag(OLD_JARS)),
                note: "The maker called.".to_owned(),
            };
            shop.record(DAN, PHONE, None, done);
            [FIRST, SECOND].map(|order| shop.hands_over(FAY, &label_of(shop.order(order))))
        },
        |_, [jars, gummies]| {
            assert_eq!(reason(&jars), Reason::WaitsForManager);
            accepted(gummies);
        },
    );
}

#[test]
fn everybody_who_works_here_may_report_and_an_auditor_only_reads() {
    check(
        staged,
        |_| {},
        |shop, ()| {
            for (person, _) in PEOPLE {
                let verdict = reports(shop, person, Rule::Overdraw, Some(FIRST));
                match person {
                    AUDRA | OTTO => assert_eq!(reason(&verdict), Reason::NotYourRole),
                    _ => drop(accepted(verdict)),
                }
            }
        },
    );
}

#[test]
fn nobody_reports_what_only_signatures_show_or_about_nothing() {
    check(
        staged,
        |shop| {
            let forged = ExceptionRaised {
                rule: Rule::Fork,
                order: Some(FIRST),
                tag: None,
                note: String::new(),
            };
            shop.record(ANA, TABLET, None, forged)
        },
        |shop, rules| {
            assert_eq!(rules, []);
            let fork = reports(shop, FAY, Rule::Fork, Some(FIRST));
            let nothing = reports(shop, FAY, Rule::Overdraw, None);
            let unknown = reports(shop, FAY, Rule::Overdraw, Some(THIRD));
            for verdict in [fork, nothing, unknown] {
                assert_eq!(reason(&verdict), Reason::Unknown);
            }
        },
    );
}

#[test]
fn a_report_is_not_a_novel() {
    check(
        staged,
        |shop| {
            let situation = shop.situation(FAY, COUNTER);
            let novel = "é".repeat(NOTE_CHARS_MAX + 1);
            let about = (Some(FIRST), None);
            raise::decide(&shop.ledger, &situation, Rule::Overdraw, about, &novel)
        },
        |_, verdict| {
            let Body::ExceptionRaised(done) = accepted(verdict) else {
                panic!("something else")
            };
            assert_eq!(done.note.chars().count(), NOTE_CHARS_MAX);
        },
    );
}
