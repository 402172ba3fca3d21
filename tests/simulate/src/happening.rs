//! What can happen, and what a device asks for.

use domain::custody::hold::Held;
use domain::id::{ActorId, DeviceId, OrderId};
use domain::sync::device::{Effect, Input};
use domain::sync::message::{PullAsk, Push, Seen};
use domain::sync::snapshot::Chunk;

use crate::carrying::Carrying;
use crate::releases::Release;

/// What a device asks of the server.
#[derive(Clone, Debug)]
pub enum Request {
    /// Take these events.
    Push(Push),
    /// Take these events of another device.
    Carry(Push),
    /// What is new? And a head, for a device that says what it has seen.
    Pull(PullAsk, Option<Seen>),
    /// What does each page add up to?
    Sums,
    /// Which snapshot is there?
    Snapshot,
    /// This chunk of it.
    Chunk(Chunk),
    /// This order for this person.
    Claim(ActorId, OrderId),
}

/// What can happen.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A person does something.
    Act,
    /// The app comes to the front.
    Wake,
    /// Somebody takes the device in hand, if it lost something or says that its view cannot be mended.
    Look,
    /// The app starts.
    Start,
    /// A timer runs out.
    Timer(u64),
    /// A request reaches the server.
    Arrival(u64, DeviceId, Request),
    /// What came of an effect: an answer, a failure, a word from the storage.
    Outcome(u64, Input),
    /// The storage does what it was told.
    Storage(u64, Effect),
    /// Something happens to what a device carries for others.
    Carrying(u64, Carrying),
    /// Something happens in the shop.
    Shop,
    /// Somebody loads a driver's phone, or takes an order off it.
    Dispatch,
    /// So many units one person may take home in a day, from now on.
    Rules(u64),
    /// These goods are held from now on; none: what was held longest is let go.
    Hold(Option<Held>),
    /// Somebody means harm.
    Stranger,
    /// The server's disk has room again.
    DiskFreed,
    /// A manager lets devices in again that the server no longer knows.
    LetIn,
    /// A node is upgraded to a release.
    Upgrade(usize, Release),
}

impl Happening {
    /// Whether it happens on a device, which may be frozen or gone.
    #[must_use]
    pub fn is_about_a_tablet(&self) -> bool {
        !matches!(
            self,
            Self::Arrival(..)
                | Self::Shop
                | Self::Dispatch
                | Self::Rules(..)
                | Self::Hold(..)
                | Self::Stranger
                | Self::DiskFreed
                | Self::LetIn
                | Self::Upgrade(..)
        )
    }
}
