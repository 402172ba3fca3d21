//! The log: does it open, does what it signed last still fit, and is the clock behind it?
//!
//! In: a directory and the time. Out: findings. Must not: read more of the log than a few dozen events; `custody audit`
//! and `custody verify` read all of it.

use std::time::UNIX_EPOCH;

use domain::audit::checkpoint::{KeyRef, Note};
use domain::audit::merkle::{Frontier, Leaf};
use domain::facility::KeyKind;
use domain::id::Position;
use domain::sync::server::log::Kept;

use super::Finding;
use crate::clock::utc_text;
use crate::config::DataDir;
use crate::ingest::database_of;
use crate::keys::ServerKeys;
use crate::keys::signature::verifies;
use crate::log::sqlite::{SQLITE_VERSION_MIN, durability};
use crate::log::{Database, Failed, Log};

/// Events that are compared with the tree over the log.
const EVENTS_LOOKED_AT: u64 = 32;
/// Clocks of one machine do not differ by more, in milliseconds.
const CLOCK_SLACK: i64 = 60_000;
/// 1 November 2026: no clock that goes is before the day this was written.
const WRITTEN: i64 = 1_793_491_200_000;

const RESTORE: &str = "stop the server, keep a copy of the directory, and restore the last backup with \
    `custody restore`; tablets send again what it lacks";

/// The database keeps what it says it keeps.
pub(super) fn database(dir: &DataDir) -> Finding {
    const CHECK: &str = "database";
    let found = match database_of(dir) {
        Ok(Database::Sqlite(path)) => durability(&path),
        Ok(Database::Postgres { .. }) => {
            return Finding::ok(CHECK, "a PostgreSQL server; it has its own tools");
        }
        Err(_) => return Finding::bad(CHECK, "there is none to look at", "see `configuration`"),
    };
    match found {
        Err(error @ Failed::NewerFile(_)) => Finding::bad(
            CHECK,
            error.to_string(),
            "install the version of Custody that wrote it, or a later one; nothing is lost, and no backup is needed",
        ),
        Err(error) => Finding::bad(CHECK, error.to_string(), RESTORE),
        Ok(found) if found.version < SQLITE_VERSION_MIN || !found.is_full => Finding::bad(
            CHECK,
            format!(
                "this program's SQLite {} can lose a commit",
                found.version_text
            ),
            "install a later version of Custody",
        ),
        Ok(found) if !found.is_wal => Finding::warn(
            CHECK,
            "the file is not in WAL mode; another program has changed it",
            "start the server, which sees to it, and let no other program at the file",
        ),
        Ok(found) => {
            let said = format!("SQLite {}, WAL, synchronous FULL", found.version_text);
            Finding::ok(CHECK, said)
        }
    }
}

/// What the log is, as far as was looked.
struct Looked {
    head: Position,
    recorded_at: i64,
    /// What the newest signed head covers, and how many events were compared with it.
    vouched: Option<(u64, u64)>,
}

/// Why a log is no good.
enum Flaw {
    Failed(Failed),
    NoIdentity,
    OtherKey,
    Unsigned,
    Tree,
    Event(u64),
}

impl From<Failed> for Flaw {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

/// The log, and the clock beside it.
pub(super) fn log(dir: &DataDir, now: i64) -> [Finding; 2] {
    const CHECK: &str = "log";
    let Ok(database) = database_of(dir) else {
        let none = Finding::bad(CHECK, "there is none to look at", "see `configuration`");
        return [none, clock(dir, None, now)];
    };
    let looked = database
        .open_reader()
        .map_err(Flaw::from)
        .and_then(|log| look(&*log, ServerKeys::load(&dir.key_file()).ok().as_ref()));
    let recorded_at = looked.as_ref().ok().map(|looked| looked.recorded_at);
    let found = match looked {
        Ok(looked) => Finding::ok(CHECK, told(&looked)),
        Err(flaw) => flawed(CHECK, &flaw),
    };
    [found, clock(dir, recorded_at, now)]
}

fn told(looked: &Looked) -> String {
    let facts = looked.head.0;
    match looked.vouched {
        None => format!("{facts} facts; no head was signed yet"),
        Some((size, compared)) => format!(
            "{facts} facts; the head signed at {size} fits, and so do {compared} facts that were compared with it"
        ),
    }
}

fn flawed(check: &'static str, flaw: &Flaw) -> Finding {
    match flaw {
        Flaw::Failed(error) if error.is_transient() => Finding::bad(
            check,
            error.to_string(),
            "see that the database can be reached, and look again",
        ),
        Flaw::Failed(error) => Finding::bad(check, error.to_string(), RESTORE),
        Flaw::NoIdentity => Finding::bad(check, "it names no shop", RESTORE),
        Flaw::OtherKey => Finding::bad(
            check,
            "its newest head was signed with another key than server.key",
            "put back the server.key this shop was made with",
        ),
        Flaw::Unsigned => Finding::bad(
            check,
            "its newest head was not signed by this server",
            RESTORE,
        ),
        Flaw::Tree => Finding::bad(
            check,
            "it is not what its newest head was signed over",
            RESTORE,
        ),
        Flaw::Event(position) => {
            let said = format!("the fact at {position} is not the one that was recorded");
            Finding::bad(check, said, RESTORE)
        }
    }
}

fn look(log: &dyn Log, keys: Option<&ServerKeys>) -> Result<Looked, Flaw> {
    // All of one moment, also while a server writes.
    log.begin_reading()?;
    let looked = look_here(log, keys);
    log.rollback();
    looked
}

fn look_here(log: &dyn Log, keys: Option<&ServerKeys>) -> Result<Looked, Flaw> {
    log.identity()?.ok_or(Flaw::NoIdentity)?;
    let head = log.head()?;
    let newest = log.at(head)?;
    let recorded_at = newest.map_or(0, |recorded| recorded.recorded_at);
    let sheet = log.tree_heads(u64::MAX, 1)?.pop();
    let vouched = match sheet {
        None => None,
        Some((size, text)) => Some((size, compare(log, keys, size, &text)?)),
    };
    Ok(Looked {
        head,
        recorded_at,
        vouched,
    })
}

/// Compares a signed head with the tree, and some events with its leaves. How many there were.
fn compare(log: &dyn Log, keys: Option<&ServerKeys>, size: u64, text: &str) -> Result<u64, Flaw> {
    let note = Note::parse(text).map_err(|_| Flaw::Unsigned)?;
    let checkpoint = note.checkpoint();
    if let Some(keys) = keys {
        let public = keys.public();
        let key = KeyRef {
            kind: KeyKind::Ed25519,
            bytes: &public,
        };
        note.log_signature(key).ok_or(Flaw::OtherKey)?;
        let signed = |key: KeyRef<'_>, claim: &_, signature: &[u8]| {
            verifies(key.kind, key.bytes, claim, signature)
        };
        note.verify(key, signed).ok_or(Flaw::Unsigned)?;
    }
    let tree = Frontier::of(&Kept(log), size).ok_or(Flaw::Tree)?;
    if checkpoint.size != size || tree.root() != checkpoint.root {
        return Err(Flaw::Tree);
    }
    let step = (size / EVENTS_LOOKED_AT).max(1);
    let mut compared = 0;
    // From the newest backwards: what was changed lately matters most.
    let mut left = size;
    while left > 0 && compared <= EVENTS_LOOKED_AT {
        let recorded = log.at(Position(left))?.ok_or(Flaw::Event(left))?;
        if log.node(0, left - 1)? != Some(Leaf::of(&recorded).hash()) {
            return Err(Flaw::Event(left));
        }
        compared += 1;
        left = left.saturating_sub(step);
    }
    Ok(compared)
}

/// The clock is not before what has already happened.
fn clock(dir: &DataDir, recorded_at: Option<i64>, now: i64) -> Finding {
    const CHECK: &str = "clock";
    const NEXT: &str = "set it, best by the network's time; nothing is lost, but what is recorded \
        meanwhile bears a wrong time";
    let said = utc_text(now);
    if now < WRITTEN {
        let said = format!("it says {said}, which is long ago");
        return Finding::bad(CHECK, said, NEXT);
    }
    if let Some(recorded_at) = recorded_at.filter(|at| *at > now + CLOCK_SLACK) {
        let newest = utc_text(recorded_at);
        let said = format!("it says {said}, and the newest fact was recorded at {newest}");
        return Finding::bad(CHECK, said, NEXT);
    }
    if let Some(changed) = newest_change(dir).filter(|at| *at > now + CLOCK_SLACK) {
        let said = format!(
            "it says {said}, and files were changed at {}",
            utc_text(changed)
        );
        return Finding::warn(CHECK, said, NEXT);
    }
    Finding::ok(CHECK, said)
}

/// When a file of the shop was last changed.
fn newest_change(dir: &DataDir) -> Option<i64> {
    let files = std::fs::read_dir(dir.path()).ok()?.flatten();
    let changed = files.filter_map(|file| {
        let at = file.metadata().ok()?.modified().ok()?;
        i64::try_from(at.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
    });
    changed.max()
}
