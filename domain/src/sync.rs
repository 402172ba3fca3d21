//! Both ends of the protocol, without input or output.
//!
//! Facts are pushed, state is pulled. In: messages and wake-ups. Out: messages and what to keep.
//! Must not: advance a cursor before its rows, or forget an event before its receipt.

/// What devices and server say to each other.
pub mod message;
/// Pages of a view, and sums over them.
pub mod page;
/// What a device may see of the shop.
pub mod scope;
/// A whole view as a few files.
pub mod snapshot;
/// The device's end: when to push, when to pull, what to keep.
pub mod device;
/// Customers' cards on their way to a device.
pub mod card;
/// Enrolment of devices, first sign-in of people, signed requests.
pub mod enrol;
/// The order to a revoked device to wipe itself.
pub mod wipe;
/// Passkeys of managers, and the way back without them.
pub mod proof;
/// What changed about people, devices and passkeys.
pub mod register;
/// The shop's label printers.
pub mod printing;
/// The chain a device writes.
pub mod chain;
/// A device's clock against the server's.
pub mod clock;
/// A device's own chains and their receipts.
pub mod own;
/// A device's acts in a file, for whoever can carry them.
pub mod lifeboat;
/// The carrier's end: another device's acts on their way to the server.
pub mod relay;
/// The ledger people look at: the server's state, and own events on top.
pub mod replica;
/// A device as a witness of the log.
pub mod witness;
/// The server's end: facts into the log, state out of it.
pub mod server;
