//! Rows into the ledger people look at.

use super::*;
use crate::facility::{Location, LocationCode};
use crate::sync::page::Sum;

fn key(code: &str) -> EntityKey {
    EntityKey {
        kind: EntityKind::Location,
        id: encode(&LocationCode::new(code)),
    }
}

fn row(code: &str) -> Row {
    let location = Location {
        code: LocationCode::new(code),
        walk: 7,
    };
    Row {
        key: key(code),
        changed: Position(1),
        bytes: Some(encode(&location)),
    }
}

fn answer(rows: Vec<Row>, whole: Vec<PageName>) -> PullAnswer {
    PullAnswer {
        from: Cursor::default(),
        next: Cursor::default(),
        more: false,
        reset: false,
        rows,
        server_wall: 0,
        head: None,
        proof: None,
        sum: None,
        whole,
        began: None,
    }
}

fn take(replica: &mut Replica, answer: PullAnswer) {
    let next = answer.next;
    let taking = replica.gather(answer).unwrap();
    replica.take_rows(next, &taking.rows, taking.reset, true);
}

#[test]
fn a_row_that_a_whole_page_lacks_is_gone_and_those_of_other_pages_stay() {
    let mut replica = Replica::default();
    take(
        &mut replica,
        answer(vec![row("A-1"), row("B-2")], Vec::new()),
    );
    let (one, two) = (PageName::of(&key("A-1")), PageName::of(&key("B-2")));
    assert_ne!(one, two);
    take(&mut replica, answer(Vec::new(), vec![one]));
    let left: Vec<_> = replica.ledger().locations.keys().cloned().collect();
    assert_eq!(left, [LocationCode::new("B-2")]);
    assert_eq!(replica.sums().of_page(one), Sum::default());
    assert_ne!(replica.sums().of_page(two), Sum::default());
}

#[test]
fn a_row_of_a_newer_server_is_kept_and_summed_up_as_it_came() {
    let mut newer = row("A-1");
    let bytes = newer.bytes.as_mut().unwrap();
    // A map of one entry more than this program writes: field 99, value 1.
    bytes[0] += 1;
    bytes.extend([0x18, 0x63, 0x01]);
    let bytes = bytes.clone();
    let mut replica = Replica::default();
    take(&mut replica, answer(vec![newer], Vec::new()));
    assert_eq!(replica.ledger().locations.len(), 1);
    let entries = replica.page(PageName::of(&key("A-1")));
    assert_eq!(entries[0].bytes, bytes);
    assert_eq!(replica.sums().whole(), Sum::of_row(&key("A-1"), &bytes));
    let mut again = Replica::default();
    again.load(Cursor::default(), &entries);
    assert_eq!(again.sums(), replica.sums());
}

#[test]
fn what_is_not_in_a_whole_page_is_gone_and_what_is_in_it_stays() {
    let mut replica = Replica::default();
    take(&mut replica, answer(vec![row("A-1")], Vec::new()));
    let page = PageName::of(&key("A-1"));
    let gone = replica.gather(answer(Vec::new(), vec![page])).unwrap();
    assert_eq!(gone.rows.len(), 1);
    assert_eq!(gone.rows[0].bytes, None);
    // Nothing is taken away that is in the page.
    let there = replica
        .gather(answer(vec![row("A-1")], vec![page]))
        .unwrap();
    assert_eq!(there.rows, [row("A-1")]);
}

#[test]
fn a_view_that_could_not_be_kept_is_kept_with_what_comes_next_and_goes_back_only_with_another_life()
{
    let at = |position| Cursor {
        position: Position(position),
        ..Cursor::default()
    };
    let mut replica = Replica::default();
    let (one, two) = (PageName::of(&key("A-1")), PageName::of(&key("B-2")));
    assert_eq!(
        replica.take_rows(at(95), &[row("A-1")], false, true),
        BTreeSet::from([one])
    );
    // That write failed. The storage is behind, and its rows come again from there.
    assert_eq!(
        replica.take_rows(at(92), &[row("B-2")], false, true),
        BTreeSet::from([one, two])
    );
    assert_eq!(replica.cursor(), at(95));
    replica.kept();
    assert_eq!(
        replica.take_rows(at(96), &[row("B-2")], false, true),
        BTreeSet::from([two])
    );
    let other_life = Cursor {
        incarnation: Incarnation([7; 16]),
        ..at(10)
    };
    replica.take_rows(other_life, &[row("A-1")], true, true);
    assert_eq!(replica.cursor(), other_life);
}
