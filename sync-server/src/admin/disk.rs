//! Files that have to last: only this user reads them, and a power cut leaves the old one or the new one whole.
//!
//! In: paths. Out: files. Must not: put a file in its place before its bytes are on the disk.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Bytes copied between two words about how far it is.
const PIECE_BYTES: usize = 1 << 20;

/// Opens an empty file that only this user reads, in place of what an earlier try left there; `None` when another
/// process is at it. It stays this process's until the file is dropped.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn own_empty(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    file.set_len(0)?;
    Ok(Some(file))
}

/// Copies a file's bytes, and sees them onto the disk.
///
/// # Errors
/// When one cannot be read or the other not be written.
pub(crate) fn copy(from: &Path, to: &mut File, mut word: impl FnMut(u64)) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut piece = vec![0; PIECE_BYTES];
    let mut done = 0;
    loop {
        let length = source.read(&mut piece)?;
        if length == 0 {
            break;
        }
        to.write_all(&piece[..length])?;
        done += u64::try_from(length).unwrap_or_default();
        word(done);
    }
    to.sync_all()
}

/// Puts a finished file in its place, instead of one that may be there.
///
/// # Errors
/// When it is not certain that it lasts.
pub(crate) fn put_in_place(file: &Path, place: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(file)?.sync_all()?;
    fs::rename(file, place)?;
    sync_folder_of(place)
}

/// Makes what happened to the names in a file's folder last.
///
/// # Errors
/// When it is not certain that it does.
pub(crate) fn sync_folder_of(file: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened, and the system sees to its names itself.
    #[cfg(unix)]
    if let Some(folder) = file.parent() {
        let here = folder.as_os_str().is_empty();
        File::open(if here { Path::new(".") } else { folder })?.sync_all()?;
    }
    Ok(())
}

/// Removes a file and what SQLite may have left beside it; what is not there need not be removed.
pub(crate) fn clear_away(file: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let path = beside(file, suffix);
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %path.display(), "a file was left behind");
        }
    }
}

/// The file whose name is this one's with something behind it.
#[must_use]
pub(crate) fn beside(file: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cannot_write_the_same_file_at_once_and_what_an_earlier_try_left_is_gone() {
        let path = std::env::temp_dir().join(format!("custody-{}", crate::keys::random::id()));
        fs::write(&path, "half of something").unwrap();
        let own = own_empty(&path).unwrap().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
        assert!(own_empty(&path).unwrap().is_none());
        drop(own);
        assert!(own_empty(&path).unwrap().is_some());
        clear_away(&path);
        assert!(!path.exists());
    }
}
