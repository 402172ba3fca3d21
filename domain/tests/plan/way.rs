//! One order's way through the vault.

use domain::code::Grade;
use domain::custody::pick::next_target;
use domain::facility::{Location, LocationCode};
use domain::id::EventId;
use domain::ledger::Insert as _;
use domain::order::Pick;
use domain::plan::way::Way;

use super::queue::{Queue, Wish, number, wish};
use super::walk::three_aisles;

/// The shelves of an order's way, in its order.
fn walked(queue: &Queue, wanted: &[LocationCode]) -> Vec<LocationCode> {
    let order = &queue.ledger.orders[&number(0)];
    let way = Way::of(&queue.ledger, order);
    let mut shelves = wanted.to_vec();
    shelves.sort_by_key(|shelf| way.place_of(&queue.ledger, Some(shelf)));
    shelves
}

fn three(wishes: &[Wish]) -> (Queue, Vec<LocationCode>) {
    let mut queue = three_aisles(wishes);
    let mut shelves = Vec::new();
    for (walk, package) in (1..).zip(queue.ledger.packages.clone().into_values()) {
        let code = package.shelf().unwrap().clone();
        let location = Location {
            code: code.clone(),
            walk,
        };
        queue.ledger.insert(code.clone(), location);
        shelves.push(code);
    }
    (queue, shelves)
}

#[test]
fn a_way_never_changes_while_its_order_is_picked() {
    let (mut queue, shelves) = three(&[wish(60, &[(25, 1), (2, 1), (14, 1), (0, 1)])]);
    let wanted: Vec<LocationCode> = [25, 2, 14, 0].map(|at| shelves[at].clone()).into();
    let planned = walked(&queue, &wanted);
    let mut gone = Vec::new();
    loop {
        let order = queue.ledger.orders[&number(0)].clone();
        let Some(target) = next_target(&queue.ledger, &order) else {
            break;
        };
        let (line, package) = (target.line.number, target.package.clone());
        let from = package.shelf().unwrap().clone();
        gone.push(from.clone());
        let order = queue.ledger.order_mut(&number(0)).unwrap();
        order.picks.push(Pick {
            event: EventId([u8::try_from(gone.len()).unwrap(); 16]),
            line,
            tag: package.tag,
            unit: None,
            grade: Grade::Package,
            from,
            verified: false,
        });
    }
    assert_eq!(gone, planned);
    assert_eq!(gone.len(), 4);
}

#[test]
fn the_way_is_no_longer_than_that_of_the_ticket_and_says_what_it_saves() {
    let (queue, _) = three(&[wish(60, &[(0, 1), (8, 1), (1, 1), (7, 1)])]);
    let way = Way::of(&queue.ledger, &queue.ledger.orders[&number(0)]);
    assert!(way.millimetres < way.by_ticket);
    assert_eq!(way.saved(), way.by_ticket - way.millimetres);
}

#[test]
fn a_shelf_on_no_map_comes_last() {
    let (mut queue, shelves) = three(&[wish(60, &[(0, 1), (1, 1), (2, 1)])]);
    let lost = shelves[0].clone();
    queue.ledger.locations.remove(&lost);
    let wanted = shelves[..3].to_vec();
    assert_eq!(walked(&queue, &wanted).last(), Some(&lost));
}
