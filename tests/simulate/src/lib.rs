//! Whole worlds: devices, people, a server, storage that lies, a network, clocks, an adversary.
//!
//! In: a seed. Out: what happened, and whether everything that must hold did. Must not: use anything but the
//! seed for chance or time; the same seed is the same world on every machine.

/// Chance, from a seed.
pub mod dice;
/// Everything that can go wrong, and how often it did.
pub mod faults;
/// Keys that cost nothing.
pub mod keys;
/// A store's log in memory.
pub mod memory;
/// Apps and servers of several releases.
pub mod releases;
/// The shop everything happens in.
pub mod shop;
/// A device's storage.
pub mod disk;
/// A device.
pub mod tablet;
/// What people do.
pub mod people;
/// The server: nodes over one log.
pub mod server;
/// Snapshots a node has at hand, and what it has forgotten.
mod snapshots;
/// How large a world is.
pub mod size;
/// Time, messages on their way, and faults.
pub mod world;
/// What can happen.
pub mod happening;
/// What the world does at each moment.
mod happenings;
/// Files of acts, and those who carry them.
pub mod carrying;
/// What happens to devices.
mod mishaps;
/// Drivers' phones, and whoever loads them.
mod dispatch;
/// Purchase limits, in some worlds.
pub mod limits;
/// What the shop holds, in some worlds.
pub mod holds;
/// Permits, in some worlds.
pub mod office;
/// What somebody sees to at the server.
mod upkeep;
/// Devices as witnesses, and an operator they catch.
mod witnesses;
/// Those who mean harm, and devices of another age.
mod strangers;
/// What must hold.
pub mod oracle;
/// Many seeds.
pub mod runs;
/// Breaks made by hand.
#[cfg(feature = "mutants")]
pub mod mutants;
