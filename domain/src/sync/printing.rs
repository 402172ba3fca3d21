//! The shop's label printers, and what became of what they were given.
//!
//! In: what the server's print queue knows. Out: what a pack station shows. Must not: carry a name or an address; a device
//! names a printer, and only the server knows where it is.

use minicbor::{Decode, Encode};

use crate::event::words_that_grow;
use crate::id::OrderId;
use crate::label::Media;

/// What a device hears about printers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PrintersAnswer {
    /// The shop's printers, by name.
    #[n(0)]
    pub printers: Vec<Printer>,
    /// What they were given lately, oldest first.
    #[n(1)]
    pub jobs: Vec<PrintJob>,
}

/// A printer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Printer {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// The stock in it, and its head.
    #[n(1)]
    pub media: Media,
}

/// The labels of one print of an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PrintJob {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Which print of it: 1 for the first.
    #[n(1)]
    pub copy: u32,
    /// The printer's name.
    #[n(2)]
    pub printer: String,
    /// What became of it.
    #[n(3)]
    pub state: PrintState,
    /// What is in the way, where something is.
    #[n(4)]
    pub trouble: Option<Trouble>,
}

/// What became of a print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrintState {
    /// It waits for its turn or for the printer. Nothing of it was printed.
    Queued,
    /// The printer is being given it.
    Sending,
    /// The printer has it, and lacks paper or somebody's hand.
    OutOfPaper,
    /// The printer said that nothing is left of it to print; behind a queue, the queue said that the printer took it.
    Printed,
    /// The printer was given it and then said nothing: it may have come out. It is never sent again by itself.
    Unproven,
    /// It cannot be printed: what is in the bag changed, or the printer is gone.
    Failed,
    /// Another print of the order took its place.
    Replaced,
    /// Something this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    PrintState:
    Queued = 0
    Sending = 1
    OutOfPaper = 2
    Printed = 3
    Unproven = 4
    Failed = 5
    Replaced = 6
}

/// What is in a printer's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Nobody answers at its address.
    Unreached,
    /// It takes the line and says nothing: paper, ribbon or cover, by its maker's word.
    Silent,
    /// No paper.
    Paper,
    /// No ribbon.
    Ribbon,
    /// Its head is open.
    Open,
    /// Somebody paused it.
    Paused,
    /// It is busy with somebody else's labels.
    Busy,
    /// Too hot, too cold, or its memory is lost.
    Sick,
    /// The goods or the rules changed after the print was asked for.
    Changed,
    /// No printer has that name any more.
    Gone,
    /// The server was stopped in the middle.
    Stopped,
    /// Its queue takes no labels now.
    Refusing,
    /// Somebody cancelled it in the printer's queue, or the queue gave up.
    Cancelled,
    /// The printer is one of the shop's, and the server that ran its queue knows no such queue any more.
    QueueGone,
    /// Something this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    Trouble:
    Unreached = 0
    Silent = 1
    Paper = 2
    Ribbon = 3
    Open = 4
    Paused = 5
    Busy = 6
    Sick = 7
    Changed = 8
    Gone = 9
    Stopped = 10
    Refusing = 11
    Cancelled = 12
    QueueGone = 13
}
