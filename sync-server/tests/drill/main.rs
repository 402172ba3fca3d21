//! Bad days, played out with the real program: killed, out of disk, restored from yesterday's backup. Whatever
//! happens, what was acknowledged is in the log once and in its place.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

#[expect(dead_code, reason = "shared with the tests of the routes")]
#[path = "../api/device.rs"]
mod device;
#[expect(dead_code, reason = "shared with the tests of the routes")]
#[path = "../api/program.rs"]
mod program;
#[expect(dead_code, reason = "shared with the tests of the routes")]
#[path = "../api/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with the tests of the log")]
#[path = "../log/throwaway.rs"]
mod throwaway;

mod command;
mod journal;
mod tablet;

mod backup;
#[cfg(target_os = "linux")]
mod full_disk;
mod kill;
mod restored;
