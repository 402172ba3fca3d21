//! `custody restore`: a backup in the place of a shop.
//!
//! In: a backup, and a directory that holds the key it was made with. Out: a shop whose log begins a new life,
//! and what is left to do. Must not: delete a file of the shop, put in place what is damaged or another shop's,
//! or touch a shop that is open.
//!
//! Devices see the new incarnation at their next pull, ask how far each of their chains is here and send again
//! what is missing. What only the server knew is not on any device; the report names it. Whom the replaced log had sent
//! away does not come back with the backup, where that log can be read.

use std::fs;
use std::path::{Path, PathBuf};

use domain::event::encode;
use domain::sync::message::Incarnation;
use minicbor::{Decode, Encode};

use super::backup::{Claim, NotDone, Note, Step, claim, fingerprint, fingerprint_text};
use super::lock::DirLock;
use super::{Report, disk};
use crate::clock::{self, utc_text};
use crate::config::DataDir;
use crate::keys::{ServerKeys, random};
use crate::log::backup::{Copied, Standing};
use crate::log::{Database, Failed, Sqlite};

/// Whom the replaced log had sent away.
mod again;

use again::TakenAway;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What the restored log remembers of where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Origin {
    #[n(0)]
    pub(super) backup: Note,
    #[n(1)]
    pub(super) restored_at: i64,
}

impl Origin {
    /// Under which it is kept.
    pub(super) const NAME: &str = "restored";
}

/// What is in the directory now.
enum Present {
    Nothing,
    Unreadable(Failed),
    Log(Standing),
}

/// Puts a backup in a shop's place.
///
/// # Errors
/// When it is not there now. A shop that was there before is there still, or in a folder beside.
pub fn restore(
    dir: &DataDir,
    file: &Path,
    force: bool,
    tell: &(dyn Fn(Step) + Sync),
) -> Result<Report, NotDone> {
    if !dir.key_file().exists() {
        return Ok(Report::refused(format!(
            "There is no {}. The key is never in a backup: put the copy that was kept apart there, readable \
             only by whoever runs the server, and restore again. Without it nobody can sign in and no customer \
             can be read.",
            dir.key_file().display()
        )));
    }
    let keys =
        ServerKeys::load(&dir.key_file()).map_err(|error| NotDone::File("the key file", error))?;
    let lock = DirLock::take(dir).map_err(|error| NotDone::File("the directory", error))?;
    let Some(_lock) = lock else {
        return Ok(Report::refused(format!(
            "A server or another command has {} open. Stop it first.",
            dir.path().display()
        )));
    };
    let copy = disk::beside(&dir.database(), ".restoring");
    disk::clear_away(&copy);
    let done = prepare_and_place(dir, &keys, file, &copy, force, tell);
    disk::clear_away(&copy);
    done
}

fn prepare_and_place(
    dir: &DataDir,
    keys: &ServerKeys,
    file: &Path,
    copy: &Path,
    force: bool,
    tell: &(dyn Fn(Step) + Sync),
) -> Result<Report, NotDone> {
    bring(file, copy, tell)?;
    let copied = Copied::open(copy)?;
    let note = match claim(&copied, keys) {
        Ok(Claim::Signed(note)) => note,
        Ok(other) => return Ok(Report::refused(wrong(&other, keys, file))),
        Err(failed) => {
            return Ok(Report::refused(format!(
                "{} is not a backup, or is damaged: {failed}.",
                file.display()
            )));
        }
    };
    let present = present(dir);
    if !force && let Some(why) = in_the_way(&present, &note, dir) {
        return Ok(Report::refused(why));
    }
    if let Err(failed) = check(&copied, &note, tell) {
        return Ok(Report::refused(format!(
            "{} is damaged, and nothing was changed: {failed}. Take another backup.",
            file.display()
        )));
    }
    drop(copied);
    // Brings a backup of an earlier version to this one's shape, and refuses that of a later one.
    drop(Sqlite::open(copy)?);
    let now = clock::now_ms();
    let origin = Origin {
        backup: note.clone(),
        restored_at: now,
    };
    let copied = Copied::open(copy)?;
    copied.begin_new_life(Incarnation(random::bytes()), &encode(&origin))?;
    copied.close()?;
    let gone = match &present {
        Present::Log(standing) if standing.store == note.store => {
            TakenAway::of(Database::Sqlite(dir.database()))
        }
        Present::Log(_) | Present::Unreadable(_) | Present::Nothing => TakenAway::default(),
    };
    let aside = put_aside(dir, now)?;
    disk::put_in_place(copy, &dir.database())
        .map_err(|error| NotDone::File("the shop cannot be put in its place", error))?;
    let mut report = report(dir, file, &note, &present, aside.as_deref(), now);
    let at = usize::from(aside.is_some()) + 1;
    match gone.again(dir) {
        Ok(names) if names.is_empty() => {}
        Ok(names) => report.lines.insert(
            at,
            format!("Sent away again, as in the log that was here: {}.", names.join("; ")),
        ),
        Err(error) => report.lines.insert(
            at,
            format!("Whom the log that was here had sent away could not be sent away again ({error}): see 2."),
        ),
    }
    Ok(report)
}

/// Copies the backup beside the shop: what is checked is what will be used.
fn bring(file: &Path, copy: &Path, tell: &(dyn Fn(Step) + Sync)) -> Result<(), NotDone> {
    let failed = |error| NotDone::File("the backup cannot be copied into the directory", error);
    let bytes = fs::metadata(file)
        .map_err(|error| NotDone::File("the backup cannot be read", error))?
        .len();
    let Some(mut own) = disk::own_empty(copy).map_err(failed)? else {
        return Err(failed(std::io::ErrorKind::ResourceBusy.into()));
    };
    disk::copy(file, &mut own, |done| tell(Step::Copying(done, bytes))).map_err(failed)
}

fn check(copied: &Copied, note: &Note, tell: &(dyn Fn(Step) + Sync)) -> Result<(), Failed> {
    copied.check(|rows| tell(Step::Checking(rows)))?;
    if copied.digest(|rows| tell(Step::Checking(rows)))? != note.digest {
        return Err(Failed::Damaged("it is not what was backed up"));
    }
    Ok(())
}

fn wrong(claim: &Claim, keys: &ServerKeys, file: &Path) -> String {
    match claim {
        Claim::OtherKey(key) => format!(
            "{} was made with the key {}, but the key here is {}. Put the right server.key here first; with \
             this one nobody could sign in and no customer be read.",
            file.display(),
            fingerprint_text(key),
            fingerprint_text(&fingerprint(keys))
        ),
        Claim::Forged => format!(
            "What {} says of itself was changed after it was made. Take another backup.",
            file.display()
        ),
        Claim::None | Claim::Signed(_) => format!(
            "{} was not made by `custody backup`. If it is a shop's bare file, put it as custody.sqlite with its \
             server.key into an empty directory, back that up, and restore the backup.",
            file.display()
        ),
    }
}

fn present(dir: &DataDir) -> Present {
    if !dir.database().exists() {
        return Present::Nothing;
    }
    match Copied::open_to_read(&dir.database()).and_then(|there| there.standing()) {
        Ok(standing) => Present::Log(standing),
        Err(failed) => Present::Unreadable(failed),
    }
}

/// Why a backup does not replace what is there, unless somebody insists.
fn in_the_way(present: &Present, note: &Note, dir: &DataDir) -> Option<String> {
    let insist = "--force restores all the same; what is here is kept in a folder beside it.";
    match present {
        Present::Nothing => None,
        Present::Unreadable(failed) => Some(format!(
            "What is in {} cannot be read ({failed}), so nobody knows whether it is newer. {insist}",
            dir.path().display()
        )),
        Present::Log(standing) if standing.store != note.store => Some(format!(
            "{} holds another shop. {insist}",
            dir.path().display()
        )),
        Present::Log(standing) => {
            let is_newer = standing.head > note.head || standing.recorded_at > note.recorded_at;
            is_newer.then(|| {
                format!(
                    "The log in {} is newer: position {} of {}, the backup's is {} of {}. {insist}",
                    dir.path().display(),
                    standing.head.0,
                    utc_text(standing.recorded_at),
                    note.head.0,
                    utc_text(note.recorded_at)
                )
            })
        }
    }
}

/// Moves the database and what belongs to it into a folder named after the time. The write-ahead log goes last:
/// without its database it is of no use to anybody, but beside another database it would be taken for that one's.
fn put_aside(dir: &DataDir, now: i64) -> Result<Option<PathBuf>, NotDone> {
    let failed = |error| NotDone::File("what is there cannot be put aside", error);
    let files: Vec<PathBuf> = ["", "-wal", "-shm"]
        .map(|suffix| disk::beside(&dir.database(), suffix))
        .into_iter()
        .filter(|path| path.exists())
        .collect();
    if files.is_empty() {
        return Ok(None);
    }
    let time = utc_text(now).replace([' ', ':'], "-");
    let folder = dir
        .path()
        .join(format!("replaced-{time}-{}", &random::id()[..4]));
    fs::create_dir(&folder).map_err(failed)?;
    for path in &files {
        if let Some(name) = path.file_name() {
            fs::rename(path, folder.join(name)).map_err(failed)?;
        }
    }
    disk::sync_folder_of(&folder.join("custody.sqlite")).map_err(failed)?;
    disk::sync_folder_of(&dir.database()).map_err(failed)?;
    Ok(Some(folder))
}

fn report(
    dir: &DataDir,
    file: &Path,
    note: &Note,
    present: &Present,
    aside: Option<&Path>,
    now: i64,
) -> Report {
    let data = dir.path().display();
    let mut lines = vec![format!(
        "{} is in place: the log up to position {}, as of {}, {} ago.",
        file.display(),
        note.head.0,
        utc_text(note.made_at),
        age(now - note.made_at)
    )];
    if let Some(aside) = aside {
        let was = match present {
            Present::Log(standing) => format!("up to position {}", standing.head.0),
            Present::Nothing | Present::Unreadable(_) => "unreadable".to_owned(),
        };
        lines.push(format!(
            "What was here ({was}) is kept in {}.",
            aside.display()
        ));
    }
    lines.extend([
        "Next:".to_owned(),
        format!(
            "1. Before tablets reach the server, bring back what only the server knew since then; it is in no \
             tablet. Add people in the same order as then, so that each gets the same number (custody user add), \
             take stock in (custody store import-packages), and have the orders sent again: custody order import, \
             or a server that only this machine reaches (custody serve --listen 127.0.0.1:8765 --data {data})."
        ),
        format!(
            "2. What else was taken away since then is back: revoke devices again (custody device list --data \
             {data}; where a tablet saw it, its page Devices names them), let people go again (custody user \
             disable), give those another PIN who got one, and erase customers again."
        ),
        format!("3. Start the server for everybody: custody serve --data {data}"),
        "4. Leave every tablet on until it says that all is sent: they see that the log began a new life, and \
         send again what it lacks. One that was enrolled since then is refused until it is enrolled again with \
         the key it has; never clear its data before."
            .to_owned(),
        "5. Make tokens of other programs anew if theirs are refused.".to_owned(),
    ]);
    Report {
        is_done: true,
        lines,
    }
}

fn age(ms: i64) -> String {
    let counted = |count: i64, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    match ms.max(0) {
        ms if ms < HOUR => counted(ms / MINUTE, "minute"),
        ms if ms < 2 * DAY => counted(ms / HOUR, "hour"),
        ms => counted(ms / DAY, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_the_largest_unit_that_still_says_something() {
        assert_eq!(age(-5), "0 minutes");
        assert_eq!(age(61_000), "1 minute");
        assert_eq!(age(27 * HOUR), "27 hours");
        assert_eq!(age(8 * DAY + HOUR), "8 days");
    }
}
