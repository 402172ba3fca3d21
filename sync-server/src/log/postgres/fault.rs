//! Which errors pass.
//!
//! In: what the server or the network said. Out: whether trying again may help. Must not: read prose; it is
//! translated.

use std::error::Error as _;
use std::io;

use postgres::Error;

/// Classes of SQLSTATE that pass: connection, turned back because of others, no room, asked to stop, the server's
/// own trouble.
const PASSING: [&str; 5] = ["08", "40", "53", "57", "58"];
/// Another holds a lock for too long.
const LOCK_NOT_AVAILABLE: &str = "55P03";
/// Whoever was silent for too long in the middle of a turn.
const SILENT_TOO_LONG: &str = "25P03";
/// Errors after which the server has hung up.
const HUNG_UP: [&str; 5] = ["57P01", "57P02", "57P03", "57P05", SILENT_TOO_LONG];

/// Whether trying again may help.
pub(in crate::log) fn is_transient(error: &Error) -> bool {
    match error.code() {
        Some(code) => {
            let code = code.code();
            PASSING.iter().any(|class| code.starts_with(class))
                || [LOCK_NOT_AVAILABLE, SILENT_TOO_LONG].contains(&code)
        }
        None => is_loss(error),
    }
}

/// Whether the connection is gone.
pub(super) fn is_loss(error: &Error) -> bool {
    match error.code() {
        Some(code) => HUNG_UP.contains(&code.code()) || code.code().starts_with("08"),
        None => {
            let cause = error.source();
            error.is_closed() || cause.is_some_and(|cause| cause.is::<io::Error>())
        }
    }
}

/// An error with its causes; its own words alone are "db error".
pub(in crate::log) fn told(error: &Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(because) = cause {
        told = format!("{told}: {because}");
        cause = because.source();
    }
    told
}
