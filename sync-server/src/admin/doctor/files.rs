//! The shop's files: are they there, do they fit together, and who may read them?
//!
//! In: a directory. Out: findings. Must not: open the log.

use std::fs;
use std::path::Path;

use super::Finding;
use crate::config::DataDir;
use crate::ingest::{database_of, is_set_up};
use crate::keys::ServerKeys;
use crate::log::Database;
use crate::tls::Files;

/// Below this a shop soon stops: each commit needs room.
const ROOM_MIN: u64 = 256 * 1024 * 1024;
/// Below this somebody should make room; the write-ahead log grows while a backup is made.
const ROOM_WANTED: u64 = 2 * 1024 * 1024 * 1024;
const MEGABYTE: u64 = 1_000_000;

/// Directory and command line agree where the log is.
pub(super) fn configuration(dir: &DataDir) -> Finding {
    const CHECK: &str = "configuration";
    if !is_set_up(dir) {
        let said = format!("there is no whole shop in {}", dir.path().display());
        let next = "name its directory with --data, make a shop with `custody store create`, or restore a backup";
        return Finding::bad(CHECK, said, next);
    }
    match database_of(dir) {
        Ok(Database::Sqlite(path)) => Finding::ok(CHECK, format!("the log is {}", path.display())),
        Ok(Database::Postgres { store, .. }) => Finding::ok(
            CHECK,
            format!("the log is store {store} on a PostgreSQL server"),
        ),
        Err(error) => Finding::bad(CHECK, error.to_string(), "say it as the shop was made"),
    }
}

/// Only the server's own user gets into the directory.
pub(super) fn directory(dir: &DataDir) -> Finding {
    const CHECK: &str = "directory";
    let path = dir.path();
    let next = format!("chmod 700 {}", path.display());
    match mode(path) {
        Mode::Missing(error) => Finding::bad(CHECK, error, "name the shop's directory with --data"),
        Mode::Unknown => Finding::ok(
            CHECK,
            "this system keeps rights in another way; look yourself",
        ),
        Mode::Bits(bits) if bits & 0o022 != 0 => Finding::bad(
            CHECK,
            "other users of this machine can change the shop's files",
            next,
        ),
        Mode::Bits(bits) if bits & 0o055 != 0 => Finding::warn(
            CHECK,
            "other users of this machine can read the shop's files",
            next,
        ),
        Mode::Bits(_) => Finding::ok(CHECK, "only its own user gets in"),
    }
}

/// The keys are whole, and only the server's own user reads them.
pub(super) fn keys(dir: &DataDir) -> Vec<Finding> {
    let tls = Files::of(dir);
    let mut found = vec![server_key(dir)];
    for (check, path) in [
        ("authority key", tls.authority_key()),
        ("certificate key", tls.server()),
    ] {
        if path.exists() {
            found.push(private(check, &path, dir));
        }
    }
    found
}

fn server_key(dir: &DataDir) -> Finding {
    const CHECK: &str = "server key";
    let path = &dir.key_file();
    match ServerKeys::load(path) {
        Ok(_) => private(CHECK, path, dir),
        Err(error) => Finding::bad(
            CHECK,
            format!("{}: {error}", path.display()),
            "put back the copy you kept; without it no backup opens and no device believes this server",
        ),
    }
}

fn private(check: &'static str, path: &Path, dir: &DataDir) -> Finding {
    match mode(path) {
        Mode::Missing(error) => {
            Finding::bad(check, error, "put it back from where you keep a copy")
        }
        Mode::Unknown => Finding::ok(
            check,
            "this system keeps rights in another way; look yourself",
        ),
        Mode::Bits(bits) if bits & 0o077 != 0 => Finding::bad(
            check,
            format!("other users of this machine can read {}", path.display()),
            format!("chmod 600 {}", path.display()),
        ),
        Mode::Bits(_) if owner(path) != owner(dir.path()) => Finding::bad(
            check,
            format!(
                "{} belongs to another user than the shop's directory",
                path.display()
            ),
            format!(
                "give it to the user the server runs as: chown --reference={} {}",
                dir.path().display(),
                path.display()
            ),
        ),
        Mode::Bits(_) => Finding::ok(check, "only its own user reads it"),
    }
}

/// There is room on the disk.
pub(super) fn room(free: Option<u64>) -> Finding {
    const CHECK: &str = "disk";
    let Some(free) = free else {
        return Finding::ok(
            CHECK,
            "the system does not say how much is free; look yourself",
        );
    };
    let said = format!("{} MB are free", free / MEGABYTE);
    let next = "make room; nothing can be taken in when the disk is full, and tablets keep what they have until then";
    if free < ROOM_MIN {
        Finding::bad(CHECK, said, next)
    } else if free < ROOM_WANTED {
        Finding::warn(CHECK, said, next)
    } else {
        Finding::ok(CHECK, said)
    }
}

/// Who may do what with a file.
enum Mode {
    Missing(String),
    #[cfg_attr(unix, expect(dead_code, reason = "elsewhere there are no such bits"))]
    Unknown,
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has such bits"))]
    Bits(u32),
}

/// Whose it is.
fn owner(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).ok().map(|found| found.uid())
    }
    #[cfg(not(unix))]
    {
        let _same_everywhere = path;
        None
    }
}

fn mode(path: &Path) -> Mode {
    match fs::metadata(path) {
        Err(error) => Mode::Missing(format!("{}: {error}", path.display())),
        #[cfg(unix)]
        Ok(found) => {
            use std::os::unix::fs::PermissionsExt as _;
            Mode::Bits(found.permissions().mode())
        }
        #[cfg(not(unix))]
        Ok(_) => Mode::Unknown,
    }
}
