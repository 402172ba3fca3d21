//! What a device's storage must be able to do, whichever storage it is.
//!
//! In: signed events, receipts, values under a name. Out: the same again, or why not. Must not: say that an event is
//! kept before it lasts, write a place twice, or let a writer go on once another has taken over.

use core::fmt;

use minicbor::{Decode, Encode};

use crate::event::encode;
use crate::id::Epoch;
use crate::sync::device::OutboxEntry;
use crate::sync::own::{Receipts, StoredChain};

/// Events kept after their receipt, per device. A server that was set back to an earlier day asks for them.
pub const RING_MAX: u64 = 50_000;

/// Why the storage did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreFailed {
    /// The disk, or the browser's share of it, is full. Nothing was kept.
    Full,
    /// The connection to the storage is gone; whether the write arrived is not known.
    ConnectionLost(String),
    /// The write was undone: nothing of it was kept.
    Aborted(String),
    /// Another writer has taken over, in another window for instance. Nothing was kept.
    TakenOver,
    /// Everything the storage held was deleted while it was in use. Nothing was kept.
    Wiped,
    /// A newer version of this program has changed the storage. What is in it was left alone.
    Newer,
    /// There is no storage here, or it does not open.
    Unavailable(String),
}

impl StoreFailed {
    /// Whether a new connection may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::ConnectionLost(_))
    }

    /// Whether this writer can never write again: it has to start anew, or leave the storage to another.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::TakenOver | Self::Wiped | Self::Newer)
    }
}

impl fmt::Display for StoreFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the storage is full"),
            Self::ConnectionLost(cause) => write!(f, "the connection was lost: {cause}"),
            Self::Aborted(cause) => write!(f, "the write was undone: {cause}"),
            Self::TakenOver => f.write_str("another writer has taken over"),
            Self::Wiped => f.write_str("the storage was emptied"),
            Self::Newer => f.write_str("a newer version has changed the storage"),
            Self::Unavailable(cause) => write!(f, "there is no storage: {cause}"),
        }
    }
}

/// Names one start of a writer: of all that ever started, the storage lets the last one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct WriterId(#[cbor(with = "minicbor::bytes")] pub [u8; 16]);

impl WriterId {
    /// Whether the writer that the storage names is this one.
    ///
    /// # Errors
    /// When it is another, or the storage names none any more.
    pub fn check(self, named: Option<Self>) -> Result<(), StoreFailed> {
        match named {
            Some(named) if named == self => Ok(()),
            Some(_) => Err(StoreFailed::TakenOver),
            None => Err(StoreFailed::Wiped),
        }
    }
}

/// The chain that is written to, as it was noted before its first event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotedChain {
    /// It.
    pub epoch: Epoch,
    /// The one it follows. Should its writer have died before the first event, that is still the last.
    pub after: Option<Epoch>,
}

impl NotedChain {
    /// The chain that was written to last. Epochs sort by a clock that may have been set back: where a note says
    /// which it was, that is believed.
    #[must_use]
    pub fn last_of(noted: Option<Self>, chains: &[StoredChain]) -> Option<&StoredChain> {
        let find = |epoch: Epoch| chains.iter().find(|chain| chain.epoch == epoch);
        let noted_one = noted.and_then(|noted| find(noted.epoch));
        let before_it = || find(noted?.after?);
        noted_one.or_else(before_it).or_else(|| chains.last())
    }

    /// Whether a chain is the noted one or the one before it.
    #[must_use]
    pub fn names(&self, epoch: Epoch) -> bool {
        self.epoch == epoch || self.after == Some(epoch)
    }

    /// As it is kept. Builds of before kept the epoch alone, and read it in this, too.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        [encode(&self.epoch), encode(&self.after)].concat()
    }

    /// Reads what was kept.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let epoch = decoder.decode().ok()?;
        let after = decoder.decode().ok().flatten();
        Some(Self { epoch, after })
    }
}

/// One connection to the storage of a device's own events: an event is in it once and for certain, or not at all.
#[expect(
    async_fn_in_trait,
    reason = "browsers and simulated worlds have one thread; no future is sent to another"
)]
pub trait Store {
    /// Makes this connection the one writer. From here on every other connection's events, receipts and chains are
    /// refused, also those under way.
    ///
    /// # Errors
    /// When the storage cannot be written.
    async fn take_over(&self, writer: WriterId) -> Result<(), StoreFailed>;

    /// Notes, strictly, the chain that is written to from now on, and which one it follows.
    ///
    /// # Errors
    /// When the storage cannot be written, or another writer has taken over.
    async fn note_chain(&self, noted: NotedChain) -> Result<(), StoreFailed>;

    /// The chain that was noted last.
    ///
    /// # Errors
    /// When the storage cannot be read.
    async fn noted_chain(&self) -> Result<Option<NotedChain>, StoreFailed>;

    /// Writes an event, strictly. Its place must be free: nothing is ever written twice.
    ///
    /// # Errors
    /// [`StoreFailed::ConnectionLost`] when nobody knows whether it was kept; all others mean that it was not.
    async fn add(&self, entry: &OutboxEntry) -> Result<(), StoreFailed>;

    /// The chains in the storage, oldest first.
    ///
    /// # Errors
    /// When the storage cannot be read.
    async fn chains(&self) -> Result<Vec<StoredChain>, StoreFailed>;

    /// Events of a chain from a number on.
    ///
    /// # Errors
    /// When the storage cannot be read.
    async fn events(&self, epoch: Epoch, from: u64) -> Result<Vec<OutboxEntry>, StoreFailed>;

    /// Keeps, strictly, how far some chains are at the server; of all of them or of none.
    ///
    /// # Errors
    /// When the storage cannot be written, or another writer has taken over.
    async fn keep_receipts(&self, all: &[(Epoch, Receipts)]) -> Result<(), StoreFailed>;

    /// Forgets a chain with its receipts.
    ///
    /// # Errors
    /// When the storage cannot be written, or another writer has taken over.
    async fn forget_chain(&self, chain: &StoredChain) -> Result<(), StoreFailed>;

    /// What is kept under a name.
    ///
    /// # Errors
    /// When the storage cannot be read.
    async fn value(&self, name: &str) -> Result<Option<Vec<u8>>, StoreFailed>;

    /// Keeps bytes under a name, strictly.
    ///
    /// # Errors
    /// When the storage cannot be written.
    async fn keep_value(&self, name: &str, bytes: &[u8]) -> Result<(), StoreFailed>;

    /// Forgets what is kept under a name.
    ///
    /// # Errors
    /// When the storage cannot be written.
    async fn forget(&self, name: &str) -> Result<(), StoreFailed>;

    /// Keeps an event, strictly. After a lost connection the storage is read back: what is there is kept, what is
    /// not is [`StoreFailed::Aborted`].
    ///
    /// # Errors
    /// As [`Store::add`], with [`StoreFailed::ConnectionLost`] only when the storage cannot be read back either.
    async fn append(&self, entry: &OutboxEntry) -> Result<(), StoreFailed> {
        let added = self.add(entry).await;
        let Err(StoreFailed::ConnectionLost(cause)) = added else {
            return added;
        };
        let there = self.events(entry.epoch, entry.seq).await?;
        match there.contains(entry) {
            true => Ok(()),
            false => Err(StoreFailed::Aborted(cause)),
        }
    }

    /// Forgets the oldest chains beyond the ring that are whole at the server, never the one written to last: the
    /// next chain names its end.
    ///
    /// # Errors
    /// As [`Store::forget_chain`].
    async fn prune(&self, chains: &[StoredChain]) -> Result<(), StoreFailed> {
        let noted = self.noted_chain().await?;
        let mut kept: u64 = 0;
        for chain in chains.iter().rev() {
            kept = kept.saturating_add(chain.last).saturating_add(1);
            let is_done = chain.is_at_the_server();
            let is_noted = noted.is_some_and(|noted| noted.names(chain.epoch));
            if kept > RING_MAX && is_done && !is_noted {
                self.forget_chain(chain).await?;
            }
        }
        Ok(())
    }
}
