//! What happens to the machine, and what it wants done.
//!
//! In: nothing. Out: values. Must not: do anything.

use std::collections::BTreeSet;

use crate::event::SignedEvent;
use crate::id::{Epoch, Hash, Position};
use crate::sync::message::{
    Cursor, Incarnation, PullAnswer, PullAsk, Push, PushAnswer, SumsAnswer,
};
use crate::sync::page::{PageName, PageSum, Sum};
use crate::sync::snapshot::{Chunk, Gone, Manifest};

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
    /// The kept view was summed up: is it what the server says it should be?
    Compared(bool),
    /// The server told the sum of each page.
    Sums(SumsAnswer),
    /// The pages whose sums are others here.
    Differing(Vec<PageName>),
    /// The server answered a pull with the word that there is a snapshot to begin with.
    Gone(Gone),
    /// The server named its snapshot, and its signature is right.
    Snapshot(Manifest),
    /// The chunks that are on the device already, by their hashes.
    ChunksHere(BTreeSet<Hash>),
    /// The chunk that was asked for under this hash came, unpacked.
    Chunk(Hash, Vec<u8>),
    /// The server does not have that chunk.
    ChunkUnknown(Hash),
    /// That chunk is kept beside the view.
    ChunkKept(Hash),
    /// That chunk did not come, or could not be kept.
    ChunkFailed(Hash),
    /// The chunks were read, and what comes next is gathered behind their rows; false when they could not be, or when
    /// their rows are not what the manifest says.
    SnapshotOpened(bool),
    /// A request failed, or its answer could not be believed. Of chunks, [`Input::ChunkFailed`] says so.
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
    /// Ask for state behind a cursor.
    Pull(PullAsk),
    /// Sum the rows here up, and say whether that is the server's sum.
    Compare(Sum),
    /// Ask for the sum of each page.
    AskSums,
    /// Ask which snapshot there is.
    AskSnapshot,
    /// Look which of these chunks are on the device, and let go of all others.
    LookAtChunks(Vec<Chunk>),
    /// Fetch a chunk. Several may be asked for at once, beside whatever else is under way; each reports back under
    /// its hash, in any order.
    FetchChunk(Chunk),
    /// Keep a chunk beside the view, in a transaction of its own. Reports back under its hash, too.
    KeepChunk(Chunk, Vec<u8>),
    /// Read these chunks and, if their rows add up to that, begin to gather a view with them.
    OpenSnapshot(Vec<Chunk>, Option<Sum>),
    /// Find the pages whose rows here have another sum.
    FindDifferences(Vec<PageSum>),
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
    /// The log's life that place is of.
    pub life: Incarnation,
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
    /// How often since the start the view was not what it should have been, and was mended.
    pub mended: u32,
    /// The view is not what it should be, and fetching all of it again did not help.
    pub differs: bool,
}
