//! The server's own database, changed by its administrator, who has the server's key and may make everything anew that
//! it signed. What he cannot make anew is what others keep: a head, and the keys of their devices.

use std::collections::BTreeMap;

use domain::audit::merkle::{Frontier, Leaf};
use domain::event::{Envelope, SignedEvent, encode, event_hash};
use domain::id::Position;
use domain::sync::message::{Outcome, Recorded};
use rusqlite::{Connection, Row};
use sync_server::admin::bundle;

use super::dice::Dice;
use super::{Evidence, Found};

pub(super) const WAYS: &[&str] = &[
    "a byte of an event",
    "a byte of a signature",
    "a byte of an outcome",
    "another time",
    "an event deleted",
    "two events exchanged",
    "the end cut off",
    "an event put in behind",
    "an exception deleted",
    "a byte of the tree",
    "another time, and the tree made anew",
    "two events exchanged, and the tree made anew",
    "another outcome, and the tree made anew",
    "the end cut off, and the tree made anew",
    "a device's event changed, and the tree made anew",
    "the server's own events changed and signed anew",
];

pub(super) fn tamper(evidence: &Evidence, dice: &mut Dice, way: &str) -> Found {
    let path = evidence.dir.database();
    std::fs::write(&path, &evidence.database).unwrap();
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; BEGIN")
        .unwrap();
    let is_changed = change(&database, evidence, dice, way);
    database.execute_batch("COMMIT").unwrap();
    drop(database);
    if !is_changed {
        return Found::Same;
    }
    let file = evidence.folder.path().join("tampered.bundle");
    let made = bundle::make(&evidence.dir, &file, true, &|_| {});
    // A log the program cannot even write a bundle of is found out too.
    let is_made = made.is_ok_and(|report| report.is_done);
    let found = !is_made || {
        let bundle = std::fs::read(&file).unwrap();
        let report = evidence.known.check(&bundle, Some(evidence.kept));
        if way == "the server's own events changed and signed anew" {
            // Nothing in the file tells; only the head that was kept does.
            let alone = evidence.known.check(&bundle, None);
            assert_eq!(alone.first_bad, None, "a forgery that is none");
        }
        report.first_bad.is_some()
    };
    Found::when(found)
}

fn change(database: &Connection, evidence: &Evidence, dice: &mut Dice, way: &str) -> bool {
    let size = evidence.kept.size;
    let limit = usize::try_from(size).unwrap();
    let mut place = || i64::try_from(dice.below(limit) + 1).unwrap();
    let (one, other) = (place(), place());
    let run = |text: &str, position: i64| database.execute(text, [position]).unwrap() > 0;
    match way {
        "a byte of an event" => spoil(database, dice, "event", "bytes", one),
        "a byte of a signature" => spoil(database, dice, "event", "signature", one),
        // A byte in which the outcome is the same to every reader changes nothing that the log says.
        "a byte of an outcome" => {
            let before = outcome(database, one);
            spoil(database, dice, "event", "outcome", one) && outcome(database, one) != before
        }
        "a byte of the tree" => spoil(database, dice, "tree_node", "hash", one),
        "another time" => run(
            "UPDATE event SET recorded_at = recorded_at + 60000 WHERE position = ?1",
            one,
        ),
        "an event deleted" => run("DELETE FROM event WHERE position = ?1", one),
        "two events exchanged" => exchange(database, one, other),
        "the end cut off" => run("DELETE FROM event WHERE position >= ?1", one),
        "an event put in behind" => run(
            "INSERT INTO event SELECT (SELECT max(position) + 1 FROM event), device, epoch, seq + 1000, event_id,
                kind, version, recorded_at, bytes, signature, hash, outcome FROM event WHERE position = ?1",
            one,
        ),
        "an exception deleted" => run("DELETE FROM entity WHERE kind = ?1", exceptions()),
        anew => {
            let mut events = read(database);
            forge(evidence, dice, anew, &mut events) && write(database, &events)
        }
    }
}

fn exceptions() -> i64 {
    i64::from(domain::ledger::EntityKind::Exception.number())
}

fn outcome(database: &Connection, position: i64) -> Option<Outcome> {
    let text = "SELECT outcome FROM event WHERE position = ?1";
    let read = |row: &Row<'_>| row.get::<_, Vec<u8>>(0);
    let bytes = database.query_row(text, [position], read).unwrap();
    minicbor::decode(&bytes).ok()
}

/// Changes one byte of one column.
fn spoil(database: &Connection, dice: &mut Dice, table: &str, column: &str, at: i64) -> bool {
    let text = format!("SELECT rowid, {column} FROM {table} WHERE position = ?1");
    let all = "SELECT level, idx, hash FROM tree_node ORDER BY level, idx LIMIT 1 OFFSET ?1 - 1";
    if table == "tree_node" {
        let row = database.query_row(all, [at], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, Vec<u8>>(2)?,
            ))
        });
        let (level, index, mut hash) = row.unwrap();
        hash[dice.below(32)] ^= dice.pattern();
        let set = "UPDATE tree_node SET hash = ?3 WHERE level = ?1 AND idx = ?2";
        return database.execute(set, (level, index, hash)).unwrap() > 0;
    }
    let (id, mut bytes): (i64, Vec<u8>) = database
        .query_row(&text, [at], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let byte = dice.below(bytes.len());
    bytes[byte] ^= dice.pattern();
    let set = format!("UPDATE {table} SET {column} = ?2 WHERE rowid = ?1");
    database.execute(&set, (id, bytes)).unwrap() > 0
}

fn exchange(database: &Connection, one: i64, other: i64) -> bool {
    let set = "UPDATE event SET position = ?2 WHERE position = ?1";
    for (from, to) in [(one, -1), (other, one), (-1, other)] {
        database.execute(set, (from, to)).unwrap();
    }
    one != other
}

/// A row of the log.
struct Event {
    recorded: Recorded,
    row: Vec<u8>,
}

fn read(database: &Connection) -> Vec<Event> {
    let columns =
        "SELECT position, recorded_at, bytes, signature, outcome FROM event ORDER BY position";
    let event = |row: &Row<'_>| {
        let outcome: Vec<u8> = row.get(4)?;
        let recorded = Recorded {
            position: Position(u64::try_from(row.get::<_, i64>(0)?).unwrap()),
            recorded_at: row.get(1)?,
            event: SignedEvent {
                bytes: row.get(2)?,
                signature: row.get(3)?,
            },
            outcome: minicbor::decode(&outcome).unwrap(),
            subject: false,
        };
        Ok(Event {
            row: recorded.event.bytes.clone(),
            recorded,
        })
    };
    let mut statement = database.prepare(columns).unwrap();
    let events = statement.query_map((), event).unwrap();
    events.map(Result::unwrap).collect()
}

/// Changes what happened, as far as the server's key goes. Whether anything is another.
fn forge(evidence: &Evidence, dice: &mut Dice, way: &str, events: &mut Vec<Event>) -> bool {
    let at = dice.below(events.len());
    let server = evidence.facts.devices.iter().find(|of| of.is_server);
    let server = server.unwrap().id;
    let writer = |event: &Event| Envelope::parse(&event.recorded.event.bytes).unwrap().device;
    match way {
        "another time, and the tree made anew" => {
            events[at].recorded.recorded_at += i64::from(dice.pattern());
        }
        "two events exchanged, and the tree made anew" => {
            let Some(next) = events
                .get(at + 1)
                .filter(|next| writer(next) != writer(&events[at]))
            else {
                return false;
            };
            let (one, two) = (events[at].recorded.position, next.recorded.position);
            events.swap(at, at + 1);
            events[at].recorded.position = one;
            events[at + 1].recorded.position = two;
        }
        "another outcome, and the tree made anew" => {
            let other = Outcome::Applied;
            if events[at].recorded.outcome == other {
                return false;
            }
            events[at].recorded.outcome = other;
        }
        "the end cut off, and the tree made anew" => events.truncate(at.max(1)),
        "a device's event changed, and the tree made anew" => {
            if writer(&events[at]) == server {
                return false;
            }
            let event = &mut events[at].recorded.event;
            let mut envelope = Envelope::parse(&event.bytes).unwrap();
            envelope.wall ^= i64::from(dice.pattern());
            event.bytes = envelope.to_bytes();
        }
        "the server's own events changed and signed anew" => {
            // Of the last start of the server's writer: the next start would name the end of the one before.
            let last = events.iter().rev().find(|event| writer(event) == server);
            let epoch = |event: &Event| Envelope::parse(&event.recorded.event.bytes).unwrap().epoch;
            let last = last.map(epoch);
            if writer(&events[at]) != server || Some(epoch(&events[at])) != last {
                return false;
            }
            sign_anew(evidence, dice, at, events);
        }
        other => unreachable!("{other}"),
    }
    true
}

/// Changes an event of the server, links all of its chains to what comes of it, and signs them.
fn sign_anew(evidence: &Evidence, dice: &mut Dice, at: usize, events: &mut [Event]) {
    let of = Envelope::parse(&events[at].recorded.event.bytes).unwrap();
    let mut head = None;
    for (index, event) in events.iter_mut().enumerate().skip(at) {
        let event = &mut event.recorded.event;
        let mut envelope = Envelope::parse(&event.bytes).unwrap();
        if (envelope.device, envelope.epoch) != (of.device, of.epoch) {
            continue;
        }
        if let Some(head) = head {
            envelope.prev = head;
        }
        if index == at {
            envelope.wall ^= i64::from(dice.pattern());
        }
        event.bytes = envelope.to_bytes();
        let hash = event_hash(&event.bytes);
        event.signature = evidence.keys.sign(&hash);
        head = Some(hash);
    }
}

/// Puts events in the place of those there were, with a tree over them and no head that says otherwise.
fn write(database: &Connection, events: &[Event]) -> bool {
    let names = "SELECT bytes, device, epoch, seq, event_id, kind, version FROM event";
    let mut statement = database.prepare(names).unwrap();
    type Name = (
        Vec<u8>,
        Vec<u8>,
        i64,
        Option<Vec<u8>>,
        Option<i64>,
        Option<i64>,
    );
    let name = |row: &Row<'_>| {
        let name: Name = (
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
            row.get(6)?,
        );
        Ok((row.get(0)?, name))
    };
    let named = statement.query_map((), name).unwrap();
    let named: BTreeMap<Vec<u8>, Name> = named.map(Result::unwrap).collect();
    database
        .execute_batch("DELETE FROM event; DELETE FROM tree_node; DELETE FROM tree_head; DELETE FROM meta WHERE name LIKE 'witness/%'")
        .unwrap();
    let mut edge = Frontier::default();
    for Event { recorded, row } in events {
        let (device, epoch, seq, id, kind, version) = &named[row];
        let SignedEvent { bytes, signature } = &recorded.event;
        let (position, outcome) = (
            i64::try_from(recorded.position.0).unwrap(),
            encode(&recorded.outcome),
        );
        let values = (
            position,
            device,
            epoch,
            seq,
            id,
            kind,
            version,
            recorded.recorded_at,
            bytes,
            signature,
            recorded.event.hash().0,
            outcome,
        );
        let insert = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        database.execute(insert, values).unwrap();
        for node in edge.append(Leaf::of(recorded).hash()) {
            let values = (node.level, i64::try_from(node.index).unwrap(), node.hash.0);
            database
                .execute("INSERT INTO tree_node VALUES (?1, ?2, ?3)", values)
                .unwrap();
        }
    }
    true
}
