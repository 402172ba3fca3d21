//! One order from the source to the customer's hand, on a device that has no network in between.

use domain::code::Code;
use domain::code::own::{OwnCode, OwnKind};
use domain::custody::limit::CameTo;
use domain::custody::scan::Scan;
use domain::custody::{hand_off, label, seal, stage, verify};
use domain::event::Body;
use domain::id::OrderId;
use domain::identity::Shown;
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::sync::message::Outcome;
use domain::time::Day;
use domain::verdict::Verdict;

use crate::command_line::{custody, said};
use crate::device::{Device, web_order};
use crate::server::{Folder, OLD_JARS, Server, order, tag};

pub(crate) fn own(kind: OwnKind, id: &str) -> Scan {
    let id = id.to_owned();
    Scan {
        code: Code::Own(OwnCode { kind, id }),
    }
}

pub(crate) fn package(text: &str) -> Scan {
    Scan {
        code: Code::Package(tag(text)),
    }
}

/// Decides as the app does, and writes what was decided.
pub(crate) fn act(device: &mut Device, verdict: Verdict) {
    let Verdict::Accepted(body) = verdict else {
        panic!("{verdict:?}");
    };
    let order = web_order("A-1");
    let lease = device.lease_on(order);
    device.write_under(body, lease);
}

pub(crate) fn label_id(device: &Device, order: OrderId) -> String {
    let order = &device.ledger.orders[&order];
    let code = &order.label.as_ref().unwrap().code;
    code[4..code.len() - 1].to_owned()
}

pub(crate) fn pack_and_stage(device: &mut Device, order: OrderId) {
    let around = device.situation();
    device.pick(order, OLD_JARS);
    device.pick(order, OLD_JARS);
    let ticket = device.ledger.orders[&order].ticket_id();
    let scans = [
        own(OwnKind::Ticket, &ticket),
        package(OLD_JARS),
        package(OLD_JARS),
    ];
    for scan in scans {
        let verdict = verify::decide(&device.ledger, &around, order, &scan);
        act(device, verdict);
    }
    let verdict = label::decide_print(&device.ledger, &around, order, label::Printing::default());
    act(device, verdict);
    let scan = own(OwnKind::Label, &label_id(device, order));
    let verdict = label::decide_read_back(&device.ledger, &around, order, &scan);
    act(device, verdict);
    let verdict = seal::decide(&device.ledger, &around, order);
    act(device, verdict);
    let scan = own(OwnKind::Slot, "0P4");
    let verdict = stage::decide(&device.ledger, &around, order, &scan);
    act(device, verdict);
}

#[test]
fn an_order_goes_from_the_source_to_the_customer_and_nothing_needs_a_manager() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let order = web_order("A-1");
    let mut device = Device::enrolled(&server);
    device.take(&server, order);
    pack_and_stage(&mut device, order);
    let answer = device.push_all(&server);
    let applied = |outcome: &Outcome| *outcome == Outcome::Applied;
    assert!(
        answer.chains[0]
            .receipts
            .iter()
            .all(|receipt| applied(&receipt.outcome))
    );
    let standing = server.standing("A-1").json();
    assert_eq!(
        (standing["status"].as_str(), standing["slot"].as_str()),
        (Some("staged"), Some("P4"))
    );

    let mut counter = Device::enrolled(&server);
    counter.pull(&server);
    assert_eq!(counter.ledger.orders[&order], device.ledger.orders[&order]);
    assert_eq!(counter.customers[&order].short_name, "Zoë L.");
    let scan = own(OwnKind::Label, &label_id(&counter, order));
    let shown = Shown::by_eye(Day(0), Day(40_000), true);
    let verdict = hand_off::decide(
        &counter.ledger,
        &counter.situation(),
        &scan,
        Some(&shown),
        false,
        None,
    );
    // The counter judged by the state's own pack, and says so in what it signs.
    let Verdict::Accepted(Body::OrderHandedOff(done)) = &verdict else {
        panic!("{verdict:?}");
    };
    let judged = done.judged.unwrap();
    let pack = sync_server::rules::shelf::open("CA").unwrap();
    assert_eq!((judged.pack, judged.came_to), (pack.hash, CameTo::Within));
    act(&mut counter, verdict);
    counter.push_all(&server);
    counter.pull(&server);
    let known = &counter.ledger.orders[&order];
    assert_eq!(
        (known.status, known.slot.is_none()),
        (Status::HandedOver, true)
    );
    let jars = &counter.ledger.packages[&tag(OLD_JARS)];
    assert_eq!(jars.at(&Place::Customer), Quantity::units(2));
    assert!(counter.ledger.is_conserved());
    assert!(counter.ledger.exceptions.is_empty());
    assert!(counter.customers.is_empty(), "the order is closed");
    assert_eq!(server.standing("A-1").json()["status"], "handed_over");
    judged_by_other_packs(&folder);
}

/// What was handed over, by packs of other states: those in the short form know the categories of the tracking system too, and
/// one that does not says what is missing.
fn judged_by_other_packs(folder: &Folder) {
    let judged = |pack| {
        let words = ["rules", "judge", "--pack", pack, "--rules-of", "2026-11-25"];
        said(&custody(folder, &words))
    };
    for pack in ["us-nj", "us-mi", "us-az", "us-wa"] {
        let judged = judged(pack);
        assert!(
            judged.contains("1 orders: 1 pass, 0 fail, 0 unknown; by"),
            "{judged}"
        );
    }
    let judged = judged("us-co");
    let missing =
        "the pack gives the category \"Flower (packaged - each)\" no class: write it into";
    assert!(judged.contains(missing), "{judged}");
    assert!(
        judged.contains("have a person work those orders out"),
        "{judged}"
    );
}
