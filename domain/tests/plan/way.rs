//! One order's way through the vault.

use domain::code::Grade;
use domain::custody::pick::next_target;
use domain::facility::{Location, LocationCode};
use domain::id::{ActorId, DeviceId, EventId};
use domain::ledger::Insert as _;
use domain::order::{Claim, Pick, Status};
use domain::plan::way::{Way, next_order};

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

/// Takes the next thing for one of some orders, in the order of their totes. Says for which, and from where.
fn takes(queue: &mut Queue, totes: &[usize]) -> Option<(usize, LocationCode)> {
    let ledger = &queue.ledger;
    let orders: Vec<_> = totes
        .iter()
        .map(|at| &ledger.orders[&number(*at)])
        .collect();
    let next = next_order(ledger, &orders)?;
    let order = &ledger.orders[&next];
    let target = next_target(ledger, order)?;
    let (line, package) = (target.line.number, target.package.clone());
    let from = package.shelf().unwrap().clone();
    let order = queue.ledger.order_mut(&next).unwrap();
    let taken = u8::try_from(order.picks.len()).unwrap();
    order.picks.push(Pick {
        event: EventId([taken; 16]),
        line,
        tag: package.tag,
        unit: None,
        grade: Grade::Package,
        from: from.clone(),
        verified: false,
    });
    let tote = totes.iter().position(|at| number(*at) == next)?;
    Some((tote, from))
}

#[test]
fn what_is_on_one_cart_is_fetched_on_one_way_and_no_shelf_is_gone_to_twice() {
    let wishes = [
        wish(60, &[(25, 2), (2, 1)]),
        wish(50, &[(14, 1), (2, 2), (0, 1)]),
        wish(40, &[(25, 1), (8, 1)]),
    ];
    let (mut queue, _) = three(&wishes);
    for at in 0..3 {
        let order = queue.ledger.order_mut(&number(at)).unwrap();
        order.status = Status::Claimed;
        order.claim = Some(Claim {
            actor: ActorId(1),
            device: DeviceId([1; 16]),
            lease: None,
            fence: 1,
        });
    }
    let way = Way::of(&queue.ledger, &queue.ledger.orders[&number(0)]);
    let mut gone: Vec<(usize, LocationCode)> = Vec::new();
    while let Some(one) = takes(&mut queue, &[0, 1, 2]) {
        gone.push(one);
    }
    assert_eq!(gone.len(), 9, "every unit of every order");
    let mut shelves: Vec<&LocationCode> = gone.iter().map(|(_, shelf)| shelf).collect();
    shelves.dedup();
    let mut once = shelves.clone();
    once.sort();
    once.dedup();
    assert_eq!(shelves.len(), once.len(), "{gone:?}");
    // At one shelf the totes come in their order.
    for pair in gone.windows(2) {
        assert!(pair[0].1 != pair[1].1 || pair[0].0 <= pair[1].0, "{gone:?}");
    }
    assert!(way.millimetres < way.by_ticket);
}

#[test]
fn a_way_never_changes_while_its_order_is_picked() {
    let (mut queue, shelves) = three(&[wish(60, &[(25, 1), (2, 1), (14, 1), (0, 1)])]);
    let wanted: Vec<LocationCode> = [25, 2, 14, 0].map(|at| shelves[at].clone()).into();
    let planned = walked(&queue, &wanted);
    let mut gone = Vec::new();
    while let Some((_, from)) = takes(&mut queue, &[0]) {
        gone.push(from);
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
