//! Whether the file that is open is still the one that stands under its name.
//!
//! In: a path. Out: yes, or that it was moved. Must not: open or make any file.
//!
//! An operating system that lets an open file be deleted lets a program write on into it: every commit succeeds, and
//! all of it is gone when the program ends. Nothing of that may be acknowledged.

use std::cell::Cell;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::Failed;

/// What tells a file from every other, also from one that takes its name later.
type FileId = (u64, u64);

/// The shop's file and its write-ahead log, as they were when they were first seen.
#[derive(Debug)]
pub(super) struct Watch {
    database: (PathBuf, FileId),
    wal: (PathBuf, Cell<Option<FileId>>),
}

impl Watch {
    /// Begins, right after the file was opened.
    pub(super) fn begin(path: &Path) -> Result<Self, Failed> {
        let mut wal: OsString = path.into();
        wal.push("-wal");
        Ok(Self {
            database: (path.to_owned(), look(path)?),
            wal: (wal.into(), Cell::new(None)),
        })
    }

    /// Fails when another file stands there by now, or none.
    pub(super) fn check(&self) -> Result<(), Failed> {
        let (path, first) = &self.database;
        let (wal, first_wal) = &self.wal;
        let is_there = look(path)? == *first;
        match (is_there, first_wal.get()) {
            (false, _) => Err(Failed::Moved(path.clone())),
            (true, None) => Ok(()),
            (true, Some(first)) if look(wal)? == first => Ok(()),
            (true, Some(_)) => Err(Failed::Moved(wal.clone())),
        }
    }

    /// The same after a commit of this connection, which wrote to the write-ahead log that is there now.
    pub(super) fn check_commit(&self) -> Result<(), Failed> {
        let (wal, first) = &self.wal;
        if first.get().is_none() {
            first.set(Some(look(wal)?));
        }
        self.check()
    }
}

fn look(path: &Path) -> Result<FileId, Failed> {
    let found = fs::metadata(path).map_err(|_| Failed::Moved(path.to_owned()))?;
    Ok(id_of(&found))
}

#[cfg(unix)]
fn id_of(found: &Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

/// Elsewhere an open file can neither be deleted nor replaced.
#[cfg(not(unix))]
fn id_of(_: &Metadata) -> FileId {
    (0, 0)
}
