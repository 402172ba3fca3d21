//! Rows of the view, into a ledger and a replica.
//!
//! In: a kind and a row of it, or any other number and a whole answer to a pull. Must not: let a row change when it is
//! kept and read again.

use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::message::PullAnswer;
use domain::sync::page::PageName;
use domain::sync::replica::{Entry, Replica};

pub(crate) fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    match EntityKind::ALL.get(usize::from(*first)) {
        Some(kind) => row(*kind, rest),
        None => answer(rest),
    }
}

/// One byte says how many the identifier has.
fn row(kind: EntityKind, bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first() else {
        return;
    };
    let (id, bytes) = rest.split_at(usize::from(*length).min(rest.len()));
    let key = EntityKey {
        kind,
        id: id.to_vec(),
    };
    let mut ledger = Ledger::default();
    if ledger.put(&key, bytes).is_err() {
        assert_eq!(
            ledger,
            Ledger::default(),
            "a row that was refused left something"
        );
        return;
    }
    let mut again = Ledger::default();
    for key in ledger.keys_of(kind) {
        let bytes = ledger.bytes(&key).expect("what has a key has bytes");
        assert_eq!(again.put(&key, &bytes), Ok(()));
        assert_eq!(again.bytes(&key), Some(bytes));
    }
    assert_eq!(again, ledger);
    let _ = ledger.is_conserved();
    ledger.remove(&key);
    assert!(ledger.keys_of(kind).is_empty());
}

fn answer(bytes: &[u8]) {
    let Ok(answer) = minicbor::decode::<PullAnswer>(bytes) else {
        return;
    };
    let next = answer.next;
    let mut replica = Replica::default();
    let Some(taking) = replica.gather(answer) else {
        return;
    };
    replica.take_rows(next, &taking.rows, taking.reset, true);
    let pages = taking.rows.iter().map(|row| PageName::of(&row.key));
    let kept: Vec<Entry> = pages.flat_map(|name| replica.page(name)).collect();
    let (customers, entries): (Vec<Entry>, Vec<Entry>) = kept
        .into_iter()
        .partition(|entry| entry.key.kind == EntityKind::Customer);
    let mut again = Replica::default();
    again.load(next, &entries);
    again.load_customers(&customers);
    for kind in EntityKind::ALL {
        let keys = replica.ledger().keys_of(*kind);
        assert_eq!(again.ledger().keys_of(*kind), keys);
        for key in keys {
            assert_eq!(again.ledger().bytes(&key), replica.ledger().bytes(&key));
        }
    }
}
