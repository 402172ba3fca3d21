//! The storage as the app's own trait has it, and what the next write comes to.
//!
//! In: what a device keeps. Out: the same, or the reason why not. Must not: wait; a disk in memory is always there.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use domain::id::Epoch;
use domain::sync::device::OutboxEntry;
use domain::sync::device::store::{NotedChain, Store, StoreFailed, WriterId};
use domain::sync::own::{Receipts, StoredChain};

use super::Disk;

/// What the next write of an event or of receipts comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NextWrite {
    /// It lasts.
    #[default]
    Lasts,
    /// The disk says that it lasts, and lies.
    Lies,
    /// The disk is full.
    Full,
    /// It is undone.
    Aborted,
    /// The connection is lost, and nothing was written.
    LostBefore,
    /// The connection is lost, and all was written.
    LostAfter,
    /// The connection is lost, nothing was written, and whoever looks does not get in.
    LostAndShut,
}

/// One connection to a storage.
#[derive(Clone, Debug)]
pub struct Connection {
    disk: Rc<RefCell<Disk>>,
    writer: Cell<Option<WriterId>>,
}

impl Connection {
    /// A connection of a writer, or of nobody yet.
    #[must_use]
    pub fn new(disk: &Rc<RefCell<Disk>>, writer: Option<WriterId>) -> Self {
        Self {
            disk: Rc::clone(disk),
            writer: Cell::new(writer),
        }
    }

    /// Writes as the writer, in whatever way the next write ends.
    fn write(
        &self,
        act: impl FnOnce(&mut Disk, bool) -> Result<(), StoreFailed>,
    ) -> Result<(), StoreFailed> {
        let mut disk = self.disk.borrow_mut();
        disk.check_version()?;
        let writer = self.writer.get().ok_or(StoreFailed::TakenOver)?;
        writer.check(disk.writer)?;
        let lost = || Err(StoreFailed::ConnectionLost("on purpose".to_owned()));
        match std::mem::take(&mut disk.next_write) {
            NextWrite::Lasts => act(&mut disk, false),
            NextWrite::Lies => act(&mut disk, true),
            NextWrite::Full => Err(StoreFailed::Full),
            NextWrite::Aborted => Err(StoreFailed::Aborted("on purpose".to_owned())),
            NextWrite::LostBefore => lost(),
            NextWrite::LostAfter => act(&mut disk, false).and_then(|()| lost()),
            NextWrite::LostAndShut => {
                disk.is_shut = true;
                lost()
            }
        }
    }

    fn read<T>(&self, read: impl FnOnce(&Disk) -> T) -> Result<T, StoreFailed> {
        let mut disk = self.disk.borrow_mut();
        disk.check_version()?;
        if std::mem::take(&mut disk.is_shut) {
            return Err(StoreFailed::ConnectionLost("on purpose".to_owned()));
        }
        Ok(read(&disk))
    }
}

impl Store for Connection {
    async fn take_over(&self, writer: WriterId) -> Result<(), StoreFailed> {
        let mut disk = self.disk.borrow_mut();
        disk.check_version()?;
        disk.writer = Some(writer);
        self.writer.set(Some(writer));
        Ok(())
    }

    async fn note_chain(&self, noted: NotedChain) -> Result<(), StoreFailed> {
        self.write(|disk, _| {
            disk.noted = Some(noted);
            Ok(())
        })
    }

    async fn noted_chain(&self) -> Result<Option<NotedChain>, StoreFailed> {
        self.read(|disk| disk.noted)
    }

    async fn add(&self, entry: &OutboxEntry) -> Result<(), StoreFailed> {
        self.write(|disk, lies| disk.keep(entry, lies))
    }

    async fn chains(&self) -> Result<Vec<StoredChain>, StoreFailed> {
        self.read(Disk::stored_chains)
    }

    async fn events(&self, epoch: Epoch, from: u64) -> Result<Vec<OutboxEntry>, StoreFailed> {
        self.read(|disk| disk.events_from(epoch, from))
    }

    async fn keep_receipts(&self, all: &[(Epoch, Receipts)]) -> Result<(), StoreFailed> {
        self.write(|disk, _| {
            disk.keep_receipts(all.to_vec());
            Ok(())
        })
    }

    async fn forget_chain(&self, chain: &StoredChain) -> Result<(), StoreFailed> {
        self.write(|disk, _| {
            disk.forget_chain(chain.epoch);
            Ok(())
        })
    }

    async fn value(&self, name: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        self.read(|disk| disk.values.get(name).cloned())
    }

    async fn keep_value(&self, name: &str, bytes: &[u8]) -> Result<(), StoreFailed> {
        let mut disk = self.disk.borrow_mut();
        disk.check_version()?;
        disk.values.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    async fn forget(&self, name: &str) -> Result<(), StoreFailed> {
        let mut disk = self.disk.borrow_mut();
        disk.check_version()?;
        disk.values.remove(name);
        Ok(())
    }
}

/// What comes of a future that never waits.
///
/// # Panics
/// When it waits all the same, which is a bug.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("BUG: a storage in memory does not wait"),
    }
}
