//! The log told again from its beginning, to see whether the rows people look at are what it comes to.
//!
//! In: one moment of a log. Out: the rows that are something else, and which builds of the server have written any. Must
//! not: believe a row, or know customers' cards; those are sealed under keys of their own, and one that was changed does
//! not open.
//!
//! A build may make other rows of the same facts than the one before it did. While one build has written all of them,
//! nothing but a change of the rows explains a difference.

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::{Fact, admit, evolve};
use crate::event::{Body, Envelope};
use crate::id::{DeviceId, Position};
use crate::ledger::{EntityKey, EntityKind, Ledger};
use crate::sync::message::Outcome;
use crate::sync::server::log::{Log, Logged};

/// Events read at once.
const AT_ONCE: usize = 1_000;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retold {
    /// Events that were told.
    pub events: u64,
    /// Rows as the log has them.
    pub rows: u64,
    /// Builds of the server that were at work.
    pub builds: BTreeSet<String>,
    /// Rows that are something else, or should be there and are not, or should not be and are.
    pub other: Vec<EntityKey>,
}

/// Tells the log again and compares. The log must show one moment all the while.
///
/// # Errors
/// When the log cannot be read.
pub fn retell<L: Log + ?Sized>(log: &L) -> Result<Retold, L::Failed> {
    let mut ledger = Ledger::default();
    let mut builds = BTreeSet::new();
    let mut at = Position(0);
    let mut server = None;
    loop {
        let events = log.logged_after(at, AT_ONCE)?;
        let Some(last) = events.last() else {
            break;
        };
        at = last.recorded.position;
        for logged in &events {
            // A log begins with its server's own word.
            let server = *server.get_or_insert(logged.chain.device);
            let told = tell(&mut ledger, server, logged);
            if let Some(Body::EpochOpened(opened)) = told.filter(|_| logged.chain.device == server)
            {
                builds.insert(opened.build);
            }
        }
    }
    ledger.take_touched();
    let mut retold = Retold {
        events: at.0,
        builds,
        ..Retold::default()
    };
    for kind in EntityKind::ALL {
        if *kind != EntityKind::Customer {
            let rows = log.rows_of(*kind, &|_| true)?;
            let rows = rows
                .into_iter()
                .filter_map(|row| Some((row.key, row.bytes?)));
            compare(&ledger, *kind, rows.collect(), &mut retold);
        }
    }
    Ok(retold)
}

/// Tells one event; what it says, when it had an effect.
fn tell(ledger: &mut Ledger, server: DeviceId, logged: &Logged) -> Option<Body> {
    let recorded = &logged.recorded;
    let event = Envelope::parse(&recorded.event.bytes).ok();
    let read = event.and_then(|envelope| {
        let body = Body::parse(envelope.kind, &envelope.body).ok()?;
        Some((envelope, body))
    });
    let had_effect = !matches!(recorded.outcome, Outcome::Quarantined(_));
    let (envelope, body) = read.filter(|_| had_effect)?;
    let fact = Fact {
        envelope: &envelope,
        body: &body,
        position: recorded.position,
    };
    if logged.chain.device == server {
        evolve(ledger, &fact);
    } else {
        admit(ledger, &fact);
    }
    Some(body)
}

fn compare(
    ledger: &Ledger,
    kind: EntityKind,
    mut rows: BTreeMap<EntityKey, Vec<u8>>,
    retold: &mut Retold,
) {
    for key in ledger.keys_of(kind) {
        if rows.remove(&key) == ledger.bytes(&key) {
            retold.rows += 1;
        } else {
            retold.other.push(key);
        }
    }
    retold.other.extend(rows.into_keys());
}
