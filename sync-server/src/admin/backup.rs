//! `custody backup`: the shop in one file, also while the server runs.
//!
//! In: a shop's directory and where the file is to be. Out: the file, checked, with a signed word about itself.
//! Must not: put a secret into the file, stop the server, or put an unfinished file in a finished one's place.
//!
//! The file is the database and nothing else. What in it concerns customers and people's PINs is sealed under
//! keys that need `server.key` as well, so a backup alone opens nothing; and for the same reason the key must
//! be kept elsewhere than the backups. The file says which key it needs.

use core::fmt;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use domain::event::encode;
use domain::id::{Hash, Position, StoreId};
use domain::sync::message::Incarnation;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{Report, disk};
use crate::clock;
use crate::config::DataDir;
use crate::ingest::OpenFailed;
use crate::keys::ServerKeys;
use crate::keys::signature::verifies;
use crate::log::Failed;
use crate::log::backup::Copied;

/// How often the length of the growing file is looked at.
const LOOK: Duration = Duration::from_millis(250);
/// Digits of a key's fingerprint that a person compares.
const FINGERPRINT_DIGITS: usize = 16;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Note {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The log's life.
    #[n(1)]
    pub incarnation: Incarnation,
    /// The newest place in it.
    #[n(2)]
    pub head: Position,
    /// When the newest event was recorded.
    #[n(3)]
    pub recorded_at: i64,
    /// When the backup was made.
    #[n(4)]
    pub made_at: i64,
    /// What made it.
    #[n(5)]
    pub build: String,
    /// Which key it needs.
    #[n(6)]
    pub key: Hash,
    /// Hash over every other value in it.
    #[n(7)]
    pub digest: Hash,
}

/// A note as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct SignedNote {
    #[cbor(n(0), with = "minicbor::bytes")]
    bytes: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    signature: Vec<u8>,
}

/// What the shop remembers of its last backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// When it was made.
    pub made_at: i64,
    /// The newest place in it.
    pub head: u64,
    /// Where it went.
    pub file: String,
}

/// The last backup of the shop in a directory; `None` when there was none.
#[must_use]
pub fn last(dir: &DataDir) -> Option<Last> {
    serde_json::from_slice(&std::fs::read(dir.last_backup()).ok()?).ok()
}

/// Remembers a backup. One that is not remembered is as good: it only looks to `custody doctor` as if it were late.
fn remember(dir: &DataDir, file: &Path, note: &Note) -> io::Result<()> {
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let last = Last {
        made_at: note.made_at,
        head: note.head.0,
        file: file.display().to_string(),
    };
    let partial = disk::beside(&dir.last_backup(), ".new");
    let Some(mut own) = disk::own_empty(&partial)? else {
        return Ok(());
    };
    own.write_all(&serde_json::to_vec(&last)?)?;
    disk::put_in_place(&partial, &dir.last_backup())
}

/// How far a long work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bytes copied, of about so many.
    Copying(u64, u64),
    /// Rows looked at.
    Checking(u64),
}

/// Why nothing came of it.
#[derive(Debug)]
pub enum NotDone {
    /// A file could not be read or written; which, or what was to be done.
    File(&'static str, io::Error),
    /// A database could not be asked.
    Log(Failed),
    /// The directory and the command line do not agree where the log is.
    Open(OpenFailed),
}

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(what, error) => write!(f, "{what}: {error}"),
            Self::Log(failed) => write!(f, "{failed}"),
            Self::Open(failed) => write!(f, "{failed}"),
        }
    }
}

impl core::error::Error for NotDone {}

impl From<OpenFailed> for NotDone {
    fn from(failed: OpenFailed) -> Self {
        Self::Open(failed)
    }
}

impl From<Failed> for NotDone {
    fn from(failed: Failed) -> Self {
        Self::Log(failed)
    }
}

/// Which key this is, without saying anything of the secret.
#[must_use]
pub fn fingerprint(keys: &ServerKeys) -> Hash {
    Hash::of(&[b"custody-key-fingerprint-1\n", &keys.public()])
}

/// A fingerprint as people compare it.
#[must_use]
pub fn fingerprint_text(key: &Hash) -> String {
    key.to_string().chars().take(FINGERPRINT_DIGITS).collect()
}

fn note_hash(bytes: &[u8]) -> Hash {
    Hash::of(&[b"custody-backup-1\n", bytes])
}

/// Makes a backup.
///
/// # Errors
/// When there is none now; what was there before is untouched.
pub fn make(
    dir: &DataDir,
    file: &Path,
    force: bool,
    tell: &(dyn Fn(Step) + Sync),
) -> Result<Report, NotDone> {
    if let Some(refused) = refusal(dir, file, force) {
        return Ok(refused);
    }
    let keys =
        ServerKeys::load(&dir.key_file()).map_err(|error| NotDone::File("the key file", error))?;
    let partial = disk::beside(file, ".partial");
    let own = disk::own_empty(&partial)
        .map_err(|error| NotDone::File("the backup cannot be written", error))?;
    // Held until the end: only one process at a time writes there.
    let Some(_own) = own else {
        return Ok(Report::refused(format!(
            "Another backup into {} is under way.",
            file.display()
        )));
    };
    let done = write(dir, &keys, &partial, tell).and_then(|note| {
        disk::put_in_place(&partial, file)
            .map_err(|error| NotDone::File("the backup cannot be put in its place", error))?;
        Ok(note)
    });
    if done.is_err() {
        disk::clear_away(&partial);
    }
    let note = done?;
    if let Err(error) = remember(dir, file, &note) {
        tracing::warn!(%error, "the backup is good, but `custody doctor` will not know of it");
    }
    let bytes = std::fs::metadata(file).map_or(0, |found| found.len());
    Ok(report(dir, file, &note, bytes))
}

/// Why a backup does not go there.
fn refusal(dir: &DataDir, file: &Path, force: bool) -> Option<Report> {
    let here = Path::new(".");
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(here).canonicalize();
    let Ok(folder) = folder else {
        return Some(Report::refused(format!(
            "There is no folder for {}; make it first.",
            file.display()
        )));
    };
    if dir
        .path()
        .canonicalize()
        .is_ok_and(|shop| folder.starts_with(shop))
    {
        return Some(Report::refused(
            "That is in the shop's own directory. A backup there is lost together with the shop, and lies \
             beside its key; name a file elsewhere, best on another disk.",
        ));
    }
    if file.is_dir() {
        return Some(Report::refused(format!("{} is a folder.", file.display())));
    }
    (file.exists() && !force).then(|| {
        Report::refused(format!(
            "{} is there already; --force writes over it once the new one is complete.",
            file.display()
        ))
    })
}

fn write(
    dir: &DataDir,
    keys: &ServerKeys,
    partial: &Path,
    tell: &(dyn Fn(Step) + Sync),
) -> Result<Note, NotDone> {
    let living = Copied::open_to_read(&dir.database())?;
    let before = living.standing()?;
    copy(dir, partial, living.bytes()?, tell)?;
    let copied = Copied::open(partial)?;
    copied.check(|rows| tell(Step::Checking(rows)))?;
    let standing = copied.standing()?;
    let is_prefix = standing.store == before.store && standing.head >= before.head;
    if !is_prefix || standing.head > living.standing()?.head {
        return Err(Failed::Damaged("the copy is not of the log it was made from").into());
    }
    let note = Note {
        store: standing.store,
        incarnation: standing.incarnation,
        head: standing.head,
        recorded_at: standing.recorded_at,
        made_at: clock::now_ms(),
        build: crate::BUILD.to_owned(),
        key: fingerprint(keys),
        digest: copied.digest(|rows| tell(Step::Checking(rows)))?,
    };
    let bytes = encode(&note);
    let signature = keys.sign(&note_hash(&bytes));
    copied.set_note(&encode(&SignedNote { bytes, signature }))?;
    copied.close()?;
    Ok(note)
}

/// Copies, and says meanwhile how far the copy has come.
fn copy(
    dir: &DataDir,
    partial: &Path,
    bytes: u64,
    tell: &(dyn Fn(Step) + Sync),
) -> Result<(), Failed> {
    let (done, waiting) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Err(mpsc::RecvTimeoutError::Timeout) = waiting.recv_timeout(LOOK) {
                let length = std::fs::metadata(partial).map_or(0, |found| found.len());
                tell(Step::Copying(length, bytes));
            }
        });
        let copied = Copied::make(&dir.database(), partial);
        drop(done);
        copied
    })
}

fn report(dir: &DataDir, file: &Path, note: &Note, bytes: u64) -> Report {
    Report {
        is_done: true,
        lines: vec![
            format!(
                "{} holds the log up to position {}, {bytes} bytes, checked.",
                file.display(),
                note.head.0
            ),
            format!(
                "It opens nothing without the key {}: keep a copy of {} safe, and apart from backups.",
                fingerprint_text(&note.key),
                dir.key_file().display()
            ),
        ],
    }
}

/// What a file says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It is no backup.
    None,
    /// It was made with another key.
    OtherKey(Hash),
    /// What it says was not signed with the key it names.
    Forged,
    /// It is a backup that the key fits.
    Signed(Note),
}

/// Reads what a file says of itself.
///
/// # Errors
/// When it cannot be read.
pub(super) fn claim(copied: &Copied, keys: &ServerKeys) -> Result<Claim, Failed> {
    let Some(found) = copied.note()? else {
        return Ok(Claim::None);
    };
    let signed = minicbor::decode::<SignedNote>(&found);
    let Ok((signed, note)) = signed.and_then(|signed| {
        let note = minicbor::decode::<Note>(&signed.bytes)?;
        Ok((signed, note))
    }) else {
        return Ok(Claim::Forged);
    };
    if note.key != fingerprint(keys) {
        return Ok(Claim::OtherKey(note.key));
    }
    let is_ours = verifies(
        domain::facility::KeyKind::Ed25519,
        &keys.public(),
        &note_hash(&signed.bytes),
        &signed.signature,
    );
    Ok(if is_ours {
        Claim::Signed(note)
    } else {
        Claim::Forged
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::random::{hex, unhex};

    /// As the first release wrote it. It is never edited.
    const SAMPLE: &str = concat!(
        "a200588aa80050010101010101010101010101010101010150020202020202020202020202020202",
        "020219012c031b000001a2119c84c0041b000001a2119d6f200565302e312e300658200303030303",
        "03030303030303030303030303030303030303030303030303030307582004040404040404040404",
        "0404040404040404040404040404040404040404040401420505",
    );

    #[test]
    fn what_a_backup_says_of_itself_is_read_by_every_later_program() {
        let note = Note {
            store: StoreId([1; 16]),
            incarnation: Incarnation([2; 16]),
            head: Position(300),
            recorded_at: 1_795_591_800_000,
            made_at: 1_795_591_860_000,
            build: "0.1.0".to_owned(),
            key: Hash([3; 32]),
            digest: Hash([4; 32]),
        };
        let bytes = encode(&SignedNote {
            bytes: encode(&note),
            signature: vec![5; 2],
        });
        assert_eq!(hex(&bytes), SAMPLE);
        let sample = unhex(SAMPLE).unwrap();
        let signed: SignedNote = minicbor::decode(&sample).unwrap();
        assert_eq!(minicbor::decode(&signed.bytes).ok(), Some(note));
    }
}
