//! The ledger people look at: the server's rows, and this device's own picks on top.

use domain::event::encode;
use domain::id::{OrderId, Position};
use domain::ledger::{EntityKind, Ledger};
use domain::sync::enrol::CustomerCard;
use domain::sync::message::Row;
use domain::sync::page::PageName;
use domain::sync::replica::{Entry, Place, Replica};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::shop::{OURS, Pen, THEIRS, Written, all_rows, changed_rows, cursor, jars, key, stocked};

/// A replica that has read everything up to a position.
fn place(position: u64) -> Place {
    Place {
        life: cursor(position).incarnation,
        position: Position(position),
    }
}

fn up_to_date(server: &mut Ledger, position: u64) -> Replica {
    let mut replica = Replica::default();
    replica.take_rows(cursor(position), &all_rows(server), false, true);
    replica.kept();
    server.take_touched();
    replica
}

fn own(replica: &mut Replica, written: &Written) {
    replica.push_own(written.envelope.epoch, written.seq, &written.event, None);
}

fn picked(replica: &Replica, order: OrderId) -> u32 {
    replica.ledger().orders[&order].units_picked()
}

#[wasm_bindgen_test]
fn a_pick_shows_at_once_without_a_word_from_the_server() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let mut pen = Pen::new(7);
    own(&mut replica, &pen.pick(OURS));
    own(&mut replica, &pen.pick(OURS));
    assert_eq!((picked(&replica, OURS), picked(&replica, THEIRS)), (2, 0));
    assert_eq!(
        replica.ledger().packages[&jars()]
            .on_shelves()
            .whole_units(),
        38
    );
    assert!(replica.ledger().is_conserved());
}

#[wasm_bindgen_test]
fn a_pick_that_the_servers_rows_contain_counts_once() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let mut pen = Pen::new(7);
    let pick = pen.pick(OURS);
    own(&mut replica, &pick);
    replica.placed(pen.epoch, pick.seq, place(11));
    assert_eq!(replica.own_position_max(), Some(Position(11)));
    pick.apply(&mut server, 11);
    replica.take_rows(cursor(11), &changed_rows(&mut server), false, true);
    assert_eq!(picked(&replica, OURS), 1);
    assert_eq!(replica.own_position_max(), None);
    assert_eq!(replica.cursor(), cursor(11));
    assert_eq!(*replica.ledger(), server);
}

#[wasm_bindgen_test]
fn a_pick_that_the_rows_do_not_reach_yet_stays_visible() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let (mut ours, mut theirs) = (Pen::new(7), Pen::new(8));
    let pick = ours.pick(OURS);
    own(&mut replica, &pick);
    replica.placed(ours.epoch, pick.seq, place(12));
    theirs.pick(THEIRS).apply(&mut server, 11);
    replica.take_rows(cursor(11), &changed_rows(&mut server), false, true);
    assert_eq!((picked(&replica, OURS), picked(&replica, THEIRS)), (1, 1));
    assert_eq!(
        replica.ledger().packages[&jars()]
            .on_shelves()
            .whole_units(),
        38
    );
    pick.apply(&mut server, 12);
    replica.take_rows(cursor(12), &changed_rows(&mut server), false, true);
    assert_eq!(*replica.ledger(), server);
}

#[wasm_bindgen_test]
fn somebody_elses_picks_come_in_under_my_unsent_ones() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let (mut ours, mut theirs) = (Pen::new(7), Pen::new(8));
    for _ in 0..3 {
        own(&mut replica, &ours.pick(OURS));
        theirs.pick(THEIRS).apply(&mut server, 11);
    }
    replica.take_rows(cursor(11), &changed_rows(&mut server), false, true);
    assert_eq!((picked(&replica, OURS), picked(&replica, THEIRS)), (3, 3));
    assert_eq!(
        replica.ledger().packages[&jars()]
            .on_shelves()
            .whole_units(),
        34
    );
    assert!(replica.ledger().is_conserved());
}

#[wasm_bindgen_test]
fn the_servers_word_and_my_picks_come_to_the_same_whatever_the_order_of_receipts() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let mut pen = Pen::new(7);
    let picks: Vec<Written> = (0..4).map(|_| pen.pick(OURS)).collect();
    for pick in &picks {
        own(&mut replica, pick);
    }
    for (pick, position) in picks.iter().zip(11..).take(2) {
        pick.apply(&mut server, position);
        replica.placed(pen.epoch, pick.seq, place(position));
    }
    replica.take_rows(cursor(12), &changed_rows(&mut server), false, true);
    assert_eq!(picked(&replica, OURS), 4);
    for (pick, position) in picks.iter().zip(11..).skip(2) {
        pick.apply(&mut server, position);
        replica.placed(pen.epoch, pick.seq, place(position));
    }
    replica.take_rows(cursor(14), &changed_rows(&mut server), false, true);
    assert_eq!(*replica.ledger(), server);
}

#[wasm_bindgen_test]
fn a_restored_server_replaces_the_rows_and_leaves_my_unsent_picks() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let mut pen = Pen::new(7);
    own(&mut replica, &pen.pick(OURS));
    server.remove(&key(EntityKind::Order, &THEIRS));
    replica.take_rows(cursor(3), &all_rows(&server), true, true);
    assert!(!replica.ledger().orders.contains_key(&THEIRS));
    assert_eq!(picked(&replica, OURS), 1);
    assert_eq!(replica.cursor(), cursor(3));
}

#[wasm_bindgen_test]
fn an_order_that_is_gone_at_the_server_is_gone_here() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let gone = Row {
        key: key(EntityKind::Order, &THEIRS),
        changed: Position(11),
        bytes: None,
    };
    replica.take_rows(cursor(11), &[gone], false, true);
    assert!(!replica.ledger().orders.contains_key(&THEIRS));
    assert!(replica.ledger().orders.contains_key(&OURS));
}

#[wasm_bindgen_test]
fn what_goes_to_the_disk_is_the_servers_word_without_my_picks() {
    let mut server = stocked();
    let mut replica = Replica::default();
    let dirty = replica.take_rows(cursor(10), &all_rows(&server), false, true);
    let mut pen = Pen::new(7);
    own(&mut replica, &pen.pick(OURS));
    let entries: Vec<Entry> = dirty
        .into_iter()
        .flat_map(|name| replica.page(name))
        .collect();
    let mut again = Replica::default();
    again.load(cursor(10), &entries);
    server.take_touched();
    assert_eq!(*again.ledger(), server);
    assert_eq!(again.cursor(), cursor(10));
}

#[wasm_bindgen_test]
fn a_start_puts_the_picks_that_the_rows_lack_back_on_top() {
    let server = stocked();
    let mut first = Replica::default();
    let dirty = first.take_rows(cursor(10), &all_rows(&server), false, true);
    let entries: Vec<Entry> = dirty
        .into_iter()
        .flat_map(|name| first.page(name))
        .collect();
    let mut pen = Pen::new(7);
    let (sent, unsent) = (pen.pick(OURS), pen.pick(OURS));
    let mut again = Replica::default();
    again.load(cursor(10), &entries);
    again.push_own(pen.epoch, sent.seq, &sent.event, Some(place(11)));
    again.push_own(pen.epoch, unsent.seq, &unsent.event, None);
    assert_eq!(picked(&again, OURS), 2);
    let mut server = server;
    sent.apply(&mut server, 11);
    again.take_rows(cursor(11), &changed_rows(&mut server), false, true);
    assert_eq!(picked(&again, OURS), 2);
    assert_eq!(again.own_position_max(), None);
}

#[wasm_bindgen_test]
fn an_event_or_a_row_that_this_build_cannot_read_changes_nothing() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let mut pen = Pen::new(7);
    let mut pick = pen.pick(OURS);
    pick.event.bytes.truncate(20);
    own(&mut replica, &pick);
    let key = key(EntityKind::Order, &OURS);
    let unreadable = Row {
        key,
        changed: Position(11),
        bytes: Some(vec![0xff]),
    };
    replica.take_rows(cursor(11), &[unreadable], false, true);
    assert_eq!(*replica.ledger(), server);
}

fn card() -> CustomerCard {
    CustomerCard {
        short_name: "Zoë L.".to_owned(),
        label_name: "Zoë Lanternwright".to_owned(),
        note: Some("Ring twice".to_owned()),
        seal: None,
    }
}

fn customer_row(card: Option<&CustomerCard>) -> Row {
    let bytes = card.map(encode);
    Row {
        key: key(EntityKind::Customer, &OURS),
        changed: Position(11),
        bytes,
    }
}

#[wasm_bindgen_test]
fn customers_are_known_while_somebody_is_signed_in_and_forgotten_afterwards() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let dirty = replica.take_rows(cursor(11), &[customer_row(Some(&card()))], false, true);
    assert_eq!(replica.customer(OURS), Some(&card()));
    assert_eq!(replica.customer(THEIRS), None);
    let name = PageName::of(&key(EntityKind::Customer, &OURS));
    assert_eq!(dirty.into_iter().collect::<Vec<_>>(), [name]);
    let page = replica.page(name);
    replica.forget_customers();
    assert_eq!(replica.customer(OURS), None);
    assert!(replica.page(name).is_empty());
    replica.load_customers(&page);
    assert_eq!(replica.customer(OURS), Some(&card()));
    let dirty = replica.take_rows(cursor(12), &[customer_row(None)], false, true);
    assert_eq!(replica.customer(OURS), None);
    assert!(
        dirty.contains(&name),
        "the page on the disk forgets the customer too"
    );
}

#[wasm_bindgen_test]
fn customers_that_come_while_nobody_is_signed_in_are_not_taken_in() {
    let mut server = stocked();
    let mut replica = up_to_date(&mut server, 10);
    let dirty = replica.take_rows(cursor(11), &[customer_row(Some(&card()))], false, false);
    assert_eq!(replica.customer(OURS), None);
    assert!(dirty.is_empty());
}
