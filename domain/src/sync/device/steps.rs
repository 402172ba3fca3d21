//! What happens to the machine, and what it wants done.
//!
//! In: nothing. Out: values. Must not: do anything.

use crate::event::SignedEvent;
use crate::id::{Epoch, Position};
use crate::sync::message::{Cursor, PullAnswer, Push, PushAnswer};

/// One event that is kept on the device and not yet known to be at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its chain.
    pub epoch: Epoch,
    /// Its number there.
    pub seq: u64,
    /// The event.
    pub event: SignedEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The storage was read: up to where each chain is at the server. Comes before `Loaded`; without it, what a
    /// server set back to an earlier day has lost of chains of earlier starts is not sent again.
    Acknowledged(Vec<Acknowledged>),
    /// The storage was read: events without a receipt, older chains first, and the view's cursor.
    Loaded {
        /// The events.
        outbox: Vec<OutboxEntry>,
        /// The view's cursor.
        cursor: Cursor,
    },
    /// An event was kept under strict durability.
    Kept(OutboxEntry),
    /// A reason to try now: the app came to the front, the network came back, a hint arrived.
    Wake,
    /// The timer ran out.
    Timer,
    /// The server answered a push, and its signature is right.
    Pushed(PushAnswer),
    /// The receipts of the last answer are kept.
    ReceiptsKept,
    /// The server answered a pull.
    Pulled(PullAnswer),
    /// The rows of the last answer are kept, and the cursor with them.
    ViewKept(Cursor),
    /// The view was thrown away; it is fetched from this cursor on.
    ViewForgotten(Cursor),
    /// A request failed, or its answer could not be believed.
    Failed,
    /// A head of the log is shorter than one this device has seen: it may have been set back, and lack events.
    Doubted,
    /// Events of a chain were read again from the device's ring.
    Reread(Vec<OutboxEntry>),
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send events.
    Push(Push),
    /// Ask for state behind this cursor.
    Pull(Cursor),
    /// Keep, strictly, that a chain's events up to and including one are at the server.
    KeepReceipts(Vec<Acknowledged>),
    /// Keep these rows and then the cursor, in one transaction.
    KeepView(PullAnswer),
    /// Read a chain's events from this number on: the server has lost them.
    Reread {
        /// The chain.
        epoch: Epoch,
        /// The first number to read.
        from: u64,
    },
    /// Come back after so many milliseconds.
    SetTimer(u32),
    /// Tell the interface.
    Report(Report),
}

/// Events of a chain up to and including `seq` are at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// The chain.
    pub epoch: Epoch,
    /// The last number.
    pub seq: u64,
    /// Place of that event in the store's log.
    pub position: Position,
}

/// What the interface shows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Events not yet at the server.
    pub unsent: usize,
    /// The last request was answered.
    pub connected: bool,
    /// The view is the server's latest word.
    pub fresh: bool,
}
