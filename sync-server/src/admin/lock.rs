//! One process per shop.
//!
//! In: a data directory. Out: a lock that ends with the process. Must not: outlive a crash; the operating
//! system lets go of it.

use std::fs::{self, File, TryLockError};
use std::io;

use crate::config::DataDir;

/// Held while a process has the shop open.
#[derive(Debug)]
pub struct DirLock(#[expect(dead_code, reason = "held, not read")] File);

impl DirLock {
    /// Takes the lock; `None` when another process has it.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn take(dir: &DataDir) -> io::Result<Option<Self>> {
        fs::create_dir_all(dir.path())?;
        let mut options = fs::OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.lock_file())?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::random;

    #[test]
    fn a_shop_that_is_open_cannot_be_opened_again_until_it_is_closed() {
        let folder = std::env::temp_dir().join(format!("custody-lock-{}", random::id()));
        let dir = DataDir::new(&folder);
        let lock = DirLock::take(&dir).unwrap().unwrap();
        assert!(DirLock::take(&dir).unwrap().is_none());
        drop(lock);
        assert!(DirLock::take(&dir).unwrap().is_some());
        fs::remove_dir_all(&folder).unwrap();
    }
}
