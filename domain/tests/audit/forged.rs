//! Who tampers with a bundle is found out, and at which event. In most of these stories he even has the log's key.

use domain::audit::Fault;
use domain::audit::bundle::{Entry, Record, Spine, Tile, Under};
use domain::audit::merkle::Tree;
use domain::audit::verify::{Depth, Flaw};
use domain::custody::sign_in::ChainEnd;
use domain::event::Envelope;
use domain::id::{DeviceId, Epoch, Hash, StoreId};
use domain::sync::chain::Chain;
use domain::sync::message::{Outcome, QuarantineReason};

use super::history::{History, NOON, PHONE, STORE, Secret, TABLET, arrives, leaves, opened};
use super::workshop::{broken, bundle, check, entry_at, records, sealed};

const BOTH: [Depth; 2] = [Depth::EveryEvent, Depth::Runs];

fn at(position: u64, flaw: Flaw) -> Option<(Option<u64>, Flaw)> {
    Some((Some(position), flaw))
}

/// Tampers with a morning's bundle, seals it anew, and says what is found.
#[track_caller]
fn is_found(tamper: impl Fn(&mut Vec<Record>), expected: Option<(Option<u64>, Flaw)>) {
    let history = History::morning();
    let mut records = records(&bundle(&history));
    tamper(&mut records);
    let file = sealed(&history, &records);
    for depth in BOTH {
        assert_eq!(broken(depth, &file), expected, "{depth:?}");
    }
}

fn index_of(records: &[Record], position: u64) -> usize {
    let is_it = |record: &Record| matches!(record, Record::Entry(of) if of.position.0 == position);
    records.iter().position(is_it).unwrap()
}

#[test]
fn an_event_that_was_dropped_is_missed_where_it_was() {
    for position in 1..=15 {
        is_found(
            |records| drop(records.remove(index_of(records, position))),
            at(position, Flaw::Event(Fault::Missing)),
        );
    }
}

#[test]
fn an_event_that_was_dropped_is_missed_even_if_those_behind_it_move_up() {
    is_found(
        |records| {
            records.remove(index_of(records, 8));
            for position in 9..=15 {
                entry_at(records, position).position.0 -= 1;
            }
        },
        at(8, Flaw::Leaf),
    );
}

#[test]
fn two_events_that_changed_places_are_found_at_the_first() {
    is_found(
        |records| {
            let (one, other) = (index_of(records, 5), index_of(records, 9));
            records.swap(one, other);
        },
        at(5, Flaw::Event(Fault::Missing)),
    );
    is_found(
        |records| {
            let (one, other) = (index_of(records, 5), index_of(records, 9));
            records.swap(one, other);
            entry_at(records, 5).position.0 = 90;
            entry_at(records, 9).position.0 = 5;
            entry_at(records, 90).position.0 = 9;
        },
        at(5, Flaw::Leaf),
    );
}

#[test]
fn an_event_that_was_put_in_is_found() {
    is_found(
        |records| {
            let index = index_of(records, 9);
            records.insert(index, records[index].clone());
        },
        at(10, Flaw::Event(Fault::OutOfOrder)),
    );
    is_found(
        |records| {
            let mut put_in = entry_at(records, 15).clone();
            put_in.position.0 = 16;
            let index = index_of(records, 15) + 1;
            records.insert(index, Record::Entry(Box::new(put_in)));
        },
        at(16, Flaw::Leaf),
    );
}

#[test]
fn another_time_or_outcome_is_found_at_its_event() {
    is_found(
        |records| entry_at(records, 8).recorded_at += 60_000,
        at(8, Flaw::Leaf),
    );
    is_found(
        |records| entry_at(records, 10).outcome = Outcome::Applied,
        at(10, Flaw::Leaf),
    );
    is_found(
        |records| entry_at(records, 11).event.bytes = b"no envelope!".to_vec(),
        at(11, Flaw::Leaf),
    );
}

#[test]
fn an_event_signed_with_another_key_is_found() {
    for (position, secret) in [(8, Secret::p256(77)), (15, Secret::ed25519(77))] {
        let history = History::morning();
        let mut records = records(&bundle(&history));
        let entry = entry_at(&mut records, position);
        entry.event.signature = secret.sign(&entry.event.hash());
        let file = sealed(&history, &records);
        let expected = at(position, Flaw::Event(Fault::Signature));
        assert_eq!(broken(Depth::EveryEvent, &file), expected);
    }
    // The last event of a run is the one whose signature counts there.
    is_found(
        |records| {
            let entry = entry_at(records, 15);
            entry.event.signature = Secret::ed25519(77).sign(&entry.event.hash());
        },
        at(15, Flaw::Event(Fault::Signature)),
    );
}

/// A server that changes what a device recorded, and makes tree, head and seal anew.
fn rewritten(changed: u64, relink: bool) -> (History, Vec<u8>) {
    let mut history = History::morning();
    let mut heads: Vec<((DeviceId, Epoch), Hash)> = Vec::new();
    let mut tree = Tree::default();
    for entry in &mut history.entries {
        if let Ok(mut envelope) = Envelope::parse(&entry.event.bytes) {
            let chain = (envelope.device, envelope.epoch);
            let before = heads.iter().rev().find(|(of, _)| *of == chain);
            if let Some((_, hash)) = before.filter(|_| relink) {
                envelope.prev = *hash;
            }
            if entry.position.0 == changed {
                envelope.wall += 1;
            }
            entry.event.bytes = envelope.to_bytes();
            heads.push((chain, entry.event.hash()));
        } else if let Some(Under { device, epoch, .. }) = entry.under {
            heads.push(((device, epoch), entry.event.hash()));
        }
        tree.append(entry.leaf().hash());
    }
    history.tree = tree;
    history.notes.clear();
    history.co_signs(&[]);
    let file = bundle(&history);
    (history, file)
}

#[test]
fn a_server_that_makes_everything_anew_still_lacks_the_devices_signatures() {
    for relink in [false, true] {
        for changed in [8, 10, 12, 15] {
            let (_, file) = rewritten(changed, relink);
            for depth in BOTH {
                let expected = at(changed, Flaw::Event(Fault::Signature));
                let found = broken(depth, &file);
                assert_eq!(found, expected, "{changed} {relink} {depth:?}");
            }
        }
    }
}

#[test]
fn a_server_that_changes_its_own_past_cannot_show_the_heads_devices_co_signed() {
    let honest = History::morning();
    let mut other = History::new();
    other.sets_up();
    other.does(0, leaves(), Outcome::Applied);
    while other.entries.len() < 20 {
        other.does(0, arrives(), Outcome::Applied);
    }
    other.notes.push(honest.notes[0].clone());
    other.co_signs(&[]);
    assert_eq!(
        broken(Depth::Runs, &bundle(&other)),
        Some((None, Flaw::HeadsDisagree))
    );
}

#[test]
fn a_co_signature_that_is_not_the_devices_names_the_device() {
    let mut history = History::morning();
    let phone = history.writers[PHONE].device.clone();
    history.writers[PHONE].secret = Secret::ed25519(77);
    history.notes.pop();
    history.co_signs(&[PHONE]);
    let report = check(Depth::Runs, &bundle(&history));
    let bad = report.first_bad.unwrap();
    assert_eq!((bad.flaw, bad.device), (Flaw::CoSignature, Some(phone.id)));
}

#[test]
fn names_and_keys_are_those_the_log_tells_of() {
    let facts = |records: &mut Vec<Record>, change: fn(&mut domain::audit::bundle::Facts)| {
        let facts = records.iter_mut().find_map(|record| match record {
            Record::Facts(facts) => Some(facts),
            _ => None,
        });
        change(facts.unwrap());
    };
    is_found(
        |records| facts(records, |of| of.actors[0].name = "Ben S.".to_owned()),
        Some((None, Flaw::Person)),
    );
    is_found(
        |records| facts(records, |of| of.actors.clear()),
        Some((None, Flaw::Person)),
    );
    is_found(
        |records| facts(records, |of| of.devices[0].name = "Tablet 2".to_owned()),
        Some((None, Flaw::Certificate)),
    );
    is_found(
        |records| facts(records, |of| of.shop.as_mut().unwrap().license.push('0')),
        Some((None, Flaw::Shop)),
    );
    is_found(
        |records| facts(records, |of| drop(of.devices.remove(1))),
        // The phone also stands on the second head.
        Some((None, Flaw::CoSignature)),
    );
    is_found(
        |records| facts(records, |of| of.incarnation.0[0] ^= 1),
        Some((None, Flaw::HeadOfAnotherLog)),
    );
}

#[test]
fn exceptions_are_those_the_events_opened() {
    let is_exception = |record: &Record| matches!(record, Record::Exception(_));
    is_found(
        |records| records.retain(|record| !is_exception(record)),
        at(10, Flaw::MissingException),
    );
    is_found(
        |records| {
            let index = records.iter().position(is_exception).unwrap();
            records.insert(index, records[index].clone());
        },
        at(10, Flaw::UnknownException),
    );
}

#[test]
fn hashes_that_do_not_lead_to_the_head_are_found() {
    is_found(
        |records| {
            for record in records {
                if let Record::Spine(Spine { rest, .. }) = record {
                    rest[3].0[0] ^= 1;
                }
            }
        },
        Some((None, Flaw::Tree)),
    );
    is_found(
        |records| {
            for record in records {
                if let Record::Tile(Tile(leaves)) = record {
                    leaves.pop();
                }
            }
        },
        at(1, Flaw::Tree),
    );
    let is_tile = |record: &Record| matches!(record, Record::Tile(_));
    is_found(
        |records| records.retain(|record| !is_tile(record)),
        at(1, Flaw::Leaf),
    );
}

#[test]
fn a_time_that_was_changed_together_with_its_hash_is_found_in_its_tile() {
    let mut history = History::new();
    history.sets_up();
    history.opens(PHONE);
    while history.entries.len() < 600 {
        history.does(PHONE, arrives(), Outcome::Applied);
    }
    history.co_signs(&[]);
    let good = records(&bundle(&history));
    // The third tile is not full; its leaves stand in the spine itself.
    for (position, first) in [
        (7, 1),
        (256, 1),
        (257, 257),
        (512, 257),
        (513, 513),
        (600, 513),
    ] {
        let mut records = good.clone();
        let entry = entry_at(&mut records, position);
        entry.recorded_at += 1;
        let hash = entry.leaf().hash();
        assert_eq!(
            broken(Depth::Runs, &sealed(&history, &records)),
            at(position, Flaw::Leaf)
        );
        let tiles = records.iter_mut().filter_map(|record| match record {
            Record::Tile(Tile(leaves)) => Some(leaves),
            _ => None,
        });
        let mut leaves = tiles.flatten();
        *leaves.nth(usize::try_from(position).unwrap() - 1).unwrap() = hash;
        assert_eq!(
            broken(Depth::Runs, &sealed(&history, &records)),
            at(first, Flaw::Tree)
        );
    }
}

/// What a log could hold if its server were not as careful as it is.
#[track_caller]
fn is_noticed(record: impl Fn(&mut History), expected: Flaw) {
    let mut history = History::morning();
    let position = history.next().0;
    record(&mut history);
    history.co_signs(&[]);
    let file = bundle(&history);
    for depth in BOTH {
        assert_eq!(broken(depth, &file), at(position, expected), "{depth:?}");
    }
}

#[test]
fn what_no_honest_server_records_is_noticed_although_everybody_signed() {
    let new_chain = |store, device| Chain::new(store, device, Epoch([0x55; 16]));
    is_noticed(
        |history| {
            let id = history.writers[PHONE].device.id;
            history.writers[PHONE].chain = new_chain(STORE, id);
            history.does(PHONE, arrives(), Outcome::Applied);
        },
        Flaw::NotOpened,
    );
    is_noticed(
        |history| {
            let id = history.writers[PHONE].device.id;
            history.writers[PHONE].chain = new_chain(StoreId([8; 16]), id);
            history.opens(PHONE);
        },
        Flaw::OtherStore,
    );
    is_noticed(
        |history| {
            history.writers[PHONE].chain = new_chain(STORE, DeviceId([0x99; 16]));
            history.opens(PHONE);
        },
        Flaw::UnknownDevice,
    );
    is_noticed(
        |history| {
            drop(history.envelope(TABLET, leaves()));
            history.does(TABLET, leaves(), Outcome::Applied);
        },
        Flaw::Event(Fault::Missing),
    );
    is_noticed(
        |history| {
            let Under { device, epoch, seq } = history.writers[TABLET].under();
            history.writers[TABLET].chain =
                Chain::resumed(STORE, device, epoch, seq, Hash([1; 32]));
            history.does(TABLET, leaves(), Outcome::Applied);
        },
        Flaw::Event(Fault::BrokenLink),
    );
    is_noticed(
        |history| {
            let Under { device, epoch, seq } = history.writers[TABLET].under();
            history.writers[TABLET].chain = new_chain(STORE, device);
            let before = ChainEnd {
                epoch,
                seq: seq - 1,
                hash: Hash([1; 32]),
            };
            history.does(TABLET, opened(Some(before)), Outcome::Applied);
        },
        Flaw::Event(Fault::BrokenLink),
    );
}

#[test]
fn bytes_that_cannot_be_read_are_only_in_order_when_they_were_kept_aside() {
    is_noticed(
        |history| {
            let under = history.writers[PHONE].under();
            history.records(PHONE, b"x".to_vec(), Some(under), Outcome::Applied);
        },
        Flaw::Event(Fault::Unreadable),
    );
    let aside = Outcome::Quarantined(QuarantineReason::Unreadable);
    is_noticed(
        |history| history.records(PHONE, b"x".to_vec(), None, aside.clone()),
        Flaw::Event(Fault::Unreadable),
    );
    is_noticed(
        |history| {
            let under = history.writers[PHONE].under();
            let bytes = history.envelope(PHONE, leaves()).to_bytes();
            history.records(PHONE, bytes, Some(under), Outcome::Applied);
        },
        Flaw::Event(Fault::Unreadable),
    );
}

#[test]
fn a_stranger_without_the_logs_key_cannot_seal_anything() {
    let history = History::morning();
    let mut stranger = history.clone();
    stranger.writers[0].secret = Secret::ed25519(66);
    let file = sealed(&stranger, &records(&bundle(&history)));
    assert_eq!(broken(Depth::EveryEvent, &file), Some((None, Flaw::Seal)));
    let mut history = history;
    history.writers[0].secret = Secret::ed25519(66);
    let records = records(&bundle(&history));
    assert!(
        records
            .iter()
            .any(|record| matches!(record, Record::Facts(facts) if facts.made_at == NOON))
    );
    assert_eq!(
        broken(Depth::EveryEvent, &sealed(&history, &records)),
        Some((None, Flaw::HeadSignature))
    );
}

#[test]
fn a_proof_of_another_event_proves_nothing() {
    use domain::audit::bundle::Scope;
    let history = History::morning();
    let file = super::workshop::bundle_of(&history, Scope::Chosen, &history.entries[6..8]);
    let mut records = records(&file);
    let other = entry_at(&mut records, 8).proof.clone();
    let entry: &mut Entry = entry_at(&mut records, 7);
    entry.proof = other;
    assert_eq!(
        broken(Depth::EveryEvent, &sealed(&history, &records)),
        at(7, Flaw::Leaf)
    );
}
