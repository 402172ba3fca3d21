//! `custody audit`: the whole log in one file that anybody can check without us.
//!
//! In: a shop's directory and where the file is to be. Out: the bundle, with a head signed for it. Must not: change
//! the shop; it reads one moment of the log, also while the server runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use domain::audit::bundle::{Head, Register, Scope};
use domain::audit::checkpoint::{Note, Origin};
use domain::audit::merkle::{Frontier, consistency_proof};
use domain::custody::exception::Exception;
use domain::event::{Body, Envelope};
use domain::id::Position;
use domain::sync::message::Outcome;
use domain::sync::server::head;

use super::backup::NotDone;
use super::{Report, disk};
use crate::audit::{ExportFailed, export, facts, sign_head};
use crate::clock;
use crate::config::DataDir;
use crate::ingest::database_of;
use crate::keys::ServerKeys;
use crate::log::{Failed, Identity, Kept, Log, Logged};

/// Events read at once.
const PAGE: usize = 500;
/// Older heads in one bundle at most; each shows that the log only grew since.
const OLDER_HEADS_MAX: usize = 100;

/// Writes the bundle of the whole log.
///
/// # Errors
/// When there is none now; what was there before is untouched.
pub fn make(
    dir: &DataDir,
    file: &Path,
    force: bool,
    tell: &dyn Fn(u64),
) -> Result<Report, NotDone> {
    if file.exists() && !force {
        return Ok(Report::refused(format!(
            "{} is there already; --force writes over it once the new one is complete.",
            file.display()
        )));
    }
    let keys =
        ServerKeys::load(&dir.key_file()).map_err(|error| NotDone::File("the key file", error))?;
    let log = database_of(dir)?.open_reader()?;
    let log = &*log;
    log.begin_reading()?;
    let identity = log
        .identity()?
        .ok_or(Failed::Damaged("it names no store"))?;
    let head = log.head()?;
    let Some(edge) = Frontier::of(&Kept(log), head.0) else {
        return Ok(Report::refused(
            "The log is older than its tree. Start the server once; it grows the tree over the log.",
        ));
    };
    let partial = disk::beside(file, ".partial");
    let own = disk::own_empty(&partial).map_err(unwritten)?;
    let Some(own) = own else {
        return Ok(Report::refused(format!(
            "Another bundle into {} is under way.",
            file.display()
        )));
    };
    let done = write(log, &keys, identity, &edge, &own, tell);
    let done = done.and_then(|()| {
        disk::put_in_place(&partial, file)
            .map_err(|error| NotDone::File("the bundle cannot be put in its place", error))
    });
    if done.is_err() {
        disk::clear_away(&partial);
    }
    log.rollback();
    done.map(|()| {
        Report::done(format!(
            "{} holds the log up to position {}. Check it anywhere: custody verify {0}",
            file.display(),
            head.0
        ))
    })
}

fn unwritten(error: io::Error) -> NotDone {
    NotDone::File("the bundle cannot be written", error)
}

fn write(
    log: &dyn Log,
    keys: &ServerKeys,
    identity: Identity,
    edge: &Frontier,
    file: &File,
    tell: &dyn Fn(u64),
) -> Result<(), NotDone> {
    let origin = identity.origin();
    let register = register(log)?;
    let told = facts(keys, origin, &register, Scope::Whole, clock::now_ms());
    let heads = heads(log, keys, origin, &register, edge)?;
    let exceptions = log.load_ledger()?.exceptions;
    let exceptions = exceptions.into_values().map(Ok::<Exception, Failed>);
    let mut out = BufWriter::new(file);
    let events = Pages::new(log, tell);
    export(
        &mut out,
        keys,
        (told, heads),
        &Kept(log),
        events,
        exceptions,
    )
    .map_err(|failed| match failed {
        ExportFailed::Log(failed) => NotDone::Log(failed),
        ExportFailed::Tree => NotDone::Log(Failed::Damaged("its tree is not complete")),
        ExportFailed::File(error) => unwritten(error),
    })?;
    out.flush().map_err(unwritten)
}

/// Shop, devices and people as the log's own facts tell of them.
fn register(log: &dyn Log) -> Result<Register, Failed> {
    let mut register = Register::default();
    for logged in Pages::new(log, &|_| {}) {
        let recorded = logged?.recorded;
        if matches!(recorded.outcome, Outcome::Quarantined(_)) {
            continue;
        }
        let envelope = Envelope::parse(&recorded.event.bytes).ok();
        let body = envelope.and_then(|own| Body::parse(own.kind, &own.body).ok());
        if let Some(body) = body {
            register.note(&body);
        }
    }
    Ok(register)
}

/// A head for this bundle, and older ones of the same log: the newest each device has co-signed, then the newest.
fn heads(
    log: &dyn Log,
    keys: &ServerKeys,
    origin: Origin,
    register: &Register,
    edge: &Frontier,
) -> Result<Vec<Head>, Failed> {
    let size = edge.size();
    let mut older = BTreeMap::new();
    for device in register.devices() {
        let note = head::witnessed(log, origin, device.id)?;
        older.extend(note.map(|note| (note.checkpoint().size, note)));
    }
    // The sheet the log keeps may name more witnesses than the one kept for a device.
    for (_, text) in log.tree_heads(size.saturating_add(1), OLDER_HEADS_MAX)? {
        let note = Note::parse(&text).ok();
        let note = note.filter(|note| note.checkpoint().origin == origin);
        let note = note.filter(|note| {
            let is_known = older.contains_key(&note.checkpoint().size);
            is_known || older.len() < OLDER_HEADS_MAX
        });
        older.extend(note.map(|note| (note.checkpoint().size, note)));
    }
    let newest = older.remove(&size);
    let newest = newest.unwrap_or_else(|| sign_head(keys, origin, edge));
    let mut heads = vec![Head {
        note: newest.render(),
        proof: Vec::new(),
    }];
    for (older, note) in older.into_iter().rev() {
        if let Some(proof) = consistency_proof(&Kept(log), older, size) {
            let note = note.render();
            heads.push(Head { note, proof });
        }
    }
    Ok(heads)
}

/// The log's events, some at a time.
struct Pages<'a> {
    log: &'a dyn Log,
    tell: &'a dyn Fn(u64),
    after: Position,
    page: std::vec::IntoIter<Logged>,
}

impl<'a> Pages<'a> {
    fn new(log: &'a dyn Log, tell: &'a dyn Fn(u64)) -> Self {
        Self {
            log,
            tell,
            after: Position(0),
            page: Vec::new().into_iter(),
        }
    }
}

impl Iterator for Pages<'_> {
    type Item = Result<Logged, Failed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 {
            match self.log.logged_after(self.after, PAGE) {
                Ok(page) => self.page = page.into_iter(),
                Err(failed) => return Some(Err(failed)),
            }
            (self.tell)(self.after.0);
        }
        let logged = self.page.next()?;
        self.after = logged.recorded.position;
        Some(Ok(logged))
    }
}
