//! The potency on a label against the certificate of its batch.

use domain::custody::compare::{Figure, LabelCompared, Said, decide};
use domain::custody::exception::Rule;
use domain::custody::hold::{HoldReason, decide_release, holds};
use domain::custody::receive::{LabResult, LabResultsRecorded};
use domain::event::Body;
use domain::id::{ActorId, DeviceId};
use domain::order::Status;
use domain::stock::{Potency, PotencyUnit};
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn percent(thousandths: i64) -> Potency {
    Potency {
        thousandths,
        unit: PotencyUnit::Percent,
    }
}

/// The old jars have 24.13 % THC by their certificate; of CBD it says nothing.
fn certified(shop: &mut Shop) {
    shop.server(LabResultsRecorded {
        results: vec![LabResult {
            tag: tag(OLD_JARS),
            thc: Some(percent(24_130)),
            cbd: None,
            tested: None,
            expires: None,
        }],
        file: "labs.csv".to_owned(),
    });
}

fn figures(thc: &str, cbd: Option<&str>) -> Said {
    Said::Figures {
        thc: Figure::parse(thc),
        cbd: cbd.and_then(Figure::parse),
    }
}

fn says(shop: &Shop, actor: ActorId, device: DeviceId, said: Said) -> Verdict {
    let situation = shop.situation(actor, device);
    decide(&shop.ledger, &situation, Some(FIRST), &tag(OLD_JARS), said)
}

fn compared(verdict: Verdict) -> LabelCompared {
    match accepted(verdict) {
        Body::LabelCompared(done) => done,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_figure_is_read_as_it_stands_on_a_label() {
    let read = |text| Figure::parse(text).map(|figure| (figure.thousandths, figure.decimals));
    assert_eq!(read("24.1"), Some((24_100, 1)));
    assert_eq!(read(" 24,13 "), Some((24_130, 2)));
    assert_eq!(read("100"), Some((100_000, 0)));
    for text in ["", "-1", "24.1.2", "24.1234", "+3", "1e3", "٣", "9999999"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn a_label_agrees_when_it_is_the_certificates_figure_rounded_as_the_label_rounds() {
    check(
        |shop| {
            certified(shop);
            shop.arrives(FIRST, &[(JARS, 1)]);
        },
        |shop| {
            ["24.13", "24.130", "24.1", "24", "24.2", "24.14", "25", "0"]
                .map(|thc| compared(says(shop, ANA, TABLET, figures(thc, None))).agrees)
        },
        |_, agrees| {
            let expected = [true, true, true, true, false, false, false, false];
            assert_eq!(agrees, expected);
        },
    );
}

#[test]
fn a_label_that_agrees_stops_nothing() {
    check(
        |shop| {
            certified(shop);
            shop.arrives(FIRST, &[(JARS, 1)]);
        },
        |shop| {
            let verdict = says(shop, ANA, TABLET, figures("24.1", None));
            shop.does(ANA, TABLET, verdict);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop, ()| assert!(shop.ledger.exceptions.is_empty() && holds(&shop.ledger).is_empty()),
    );
}

#[test]
fn a_label_that_differs_stops_its_package_for_everybody_until_the_compliance_officer_has_looked() {
    check(
        |shop| {
            certified(shop);
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.takes(BEN, PHONE, &[SECOND]);
        },
        |shop| {
            let verdict = says(shop, ANA, TABLET, figures("21.4", None));
            let rules = shop.did(ANA, TABLET, FIRST, accepted(verdict));
            let refused = reason(&shop.picks(BEN, PHONE, SECOND, &package(OLD_JARS)));
            let hold = holds(&shop.ledger)[0].clone();
            (rules, refused, hold)
        },
        |shop, (rules, refused, hold)| {
            assert_eq!(rules, [Rule::HeldOrRecalled]);
            assert_ne!(refused, Reason::LineComplete);
            assert!(shop.package(OLD_JARS).hold && shop.blocks_hand_off(FIRST));
            assert!(!shop.blocks_hand_off(SECOND));
            assert_eq!((shop.reserved(OLD_JARS), hold.actor), (0, ANA));
            assert_eq!(hold.reason, HoldReason::Labelling);
            assert_eq!(hold.note.as_deref(), Some("THC 21.4 % / 24.13 %"));
            let release = |actor| {
                let situation = shop.situation(actor, COUNTER);
                decide_release(&shop.ledger, &situation, hold.event, "misprint")
            };
            assert_eq!(reason(&release(GUS)), Reason::NotYourRole);
            accepted(release(CLEO));
        },
    );
}

#[test]
fn what_the_certificate_does_not_say_is_not_compared_but_a_person_may_see_that_it_differs() {
    check(
        |shop| {
            certified(shop);
            shop.arrives(FIRST, &[(JARS, 1)]);
        },
        |shop| {
            let said = [
                figures("24.1", Some("0.1")),
                Said::Figures {
                    thc: None,
                    cbd: None,
                },
            ];
            let refused = said.map(|said| reason(&says(shop, ANA, TABLET, said)));
            let differs = compared(says(shop, ANA, TABLET, Said::Differs));
            let nobody = reason(&says(shop, AUDRA, TABLET, Said::Differs));
            (refused, differs, nobody)
        },
        |_, (refused, differs, nobody)| {
            assert_eq!(refused, [Reason::NoCertificate, Reason::NotYet]);
            assert!(!differs.agrees && differs.thc.is_none());
            assert_eq!(differs.certified_thc, Some(percent(24_130)));
            assert_eq!(nobody, Reason::NotYourRole);
        },
    );
}

#[test]
fn somebody_who_works_here_no_more_stops_nothing() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 1)]),
        |shop| {
            let done = LabelCompared {
                order: Some(FIRST),
                tag: tag(OLD_JARS),
                agrees: false,
                thc: None,
                cbd: None,
                certified_thc: None,
                certified_cbd: None,
            };
            shop.did(OTTO, TABLET, FIRST, done)
        },
        |shop, rules| {
            assert_eq!(rules, [Rule::HeldOrRecalled, Rule::ActorInvalid]);
            assert!(holds(&shop.ledger).is_empty());
        },
    );
}
