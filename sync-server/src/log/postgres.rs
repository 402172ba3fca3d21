//! PostgreSQL: any number of stores in one database, any number of nodes at each store.
//!
//! In: what the writer decided. Out: rows. Must not: decide anything, or be called from a task; each call waits
//! for the server on the calling thread.
//!
//! Places are given out under the lock of the store's row in `store_head`: nodes that write to one store take
//! turns, and a reader never sees a place whose predecessor is not there yet. A row of another store is neither
//! seen nor written, whatever a query says: the tables' own rules see to that.

use std::cell::{Cell, RefCell};

use domain::id::{Position, StoreId};
use postgres::Row;
use postgres::types::ToSql;

use super::Failed;

/// Where the server is, and how it is spoken to.
mod address;
/// Which errors pass.
pub(super) mod fault;
/// Shapes of the tables, oldest first.
mod schema;
/// One connection.
mod wire;
/// The facts and the state.
mod facts;
/// Sums over the pages of the view.
mod sums;
/// What is gone, and who was told.
mod gone;
/// What never travels.
mod kept;
/// What managers prove with more than a PIN.
mod proofs;
/// What was written in this turn and not sent yet.
mod pending;
/// Word from node to node.
mod news;

pub use address::Address;
pub use news::News;

use pending::Pending;
use wire::Wire;

type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What a connection is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Nothing.
    Idle,
    /// Reading in one moment of the log.
    Reading,
    /// Writing; the newest place so far.
    Writing(Position),
}

/// One store's log. The connection is opened anew when it was lost, but never in the middle of a turn.
pub struct Postgres {
    address: Address,
    store: StoreId,
    wire: RefCell<Option<Wire>>,
    turn: Cell<Turn>,
    pending: RefCell<Pending>,
}

impl core::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Postgres")
            .field("address", &self.address)
            .field("store", &self.store)
            .field("turn", &self.turn)
            .finish_non_exhaustive()
    }
}

impl Postgres {
    /// Connects for writing and brings the tables to the newest shape.
    ///
    /// # Errors
    /// When the server cannot be reached, or the tables are of a later version.
    pub fn open(address: &Address, store: StoreId) -> Result<Self, Failed> {
        let mut wire = Wire::open(address, store)?;
        schema::migrate(&mut wire)?;
        Ok(Self::on(wire, address, store))
    }

    /// Connects for reading.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub fn open_reader(address: &Address, store: StoreId) -> Result<Self, Failed> {
        let wire = Wire::open(address, store)?;
        Ok(Self::on(wire, address, store))
    }

    fn on(wire: Wire, address: &Address, store: StoreId) -> Self {
        Self {
            address: address.clone(),
            store,
            wire: RefCell::new(Some(wire)),
            turn: Cell::new(Turn::Idle),
            pending: RefCell::default(),
        }
    }

    /// Asks over the connection. One that turns out to be lost between two turns is replaced and asked again.
    fn ask<T>(&self, ask: impl Fn(&mut Wire) -> Result<T, Failed>) -> Result<T, Failed> {
        let is_between = self.turn.get() == Turn::Idle;
        let mut slot = self.wire.borrow_mut();
        if let Some(wire) = slot.as_mut() {
            match ask(wire) {
                Err(failed) if wire.is_lost() => {
                    *slot = None;
                    if !is_between {
                        return Err(failed);
                    }
                }
                answer => return answer,
            }
        } else if !is_between {
            return Err(Failed::Lost);
        }
        let mut wire = Wire::open(&self.address, self.store)?;
        let answer = ask(&mut wire);
        if !wire.is_lost() {
            *slot = Some(wire);
        }
        answer
    }

    fn rows(&self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, Failed> {
        self.ask(|wire| wire.rows(sql, params))
    }

    fn row(&self, sql: &'static str, params: Params<'_>) -> Result<Option<Row>, Failed> {
        Ok(self.rows(sql, params)?.pop())
    }

    /// Writes, and says how many rows.
    fn write(&self, sql: &'static str, params: Params<'_>) -> Result<u64, Failed> {
        self.check_turn()?;
        self.ask(|wire| wire.execute(sql, params))
    }

    /// Writes a little later, with others. Whatever reads such rows calls [`Postgres::send_pending`] before.
    fn write_later(&self, add: impl FnOnce(&mut Pending)) -> Result<(), Failed> {
        self.check_turn()?;
        let mut pending = self.pending.borrow_mut();
        add(&mut pending);
        if pending.is_full() {
            drop(pending);
            return self.send_pending();
        }
        Ok(())
    }

    fn send_pending(&self) -> Result<(), Failed> {
        let Turn::Writing(_) = self.turn.get() else {
            return Ok(());
        };
        let pending = Cell::new(Some(self.pending.take()));
        self.ask(|wire| match pending.take() {
            Some(pending) => pending.send(wire, self.store()),
            None => Ok(()),
        })
    }

    /// Outside a turn nothing is written: it could not be taken back.
    fn check_turn(&self) -> Result<(), Failed> {
        match self.turn.get() {
            Turn::Writing(_) => Ok(()),
            Turn::Idle | Turn::Reading => Err(Failed::Lost),
        }
    }

    fn store(&self) -> &[u8] {
        &self.store.0
    }
}

impl Drop for Postgres {
    /// Saying farewell waits for the server, which a task must not; whoever drops may be one.
    fn drop(&mut self) {
        let wire = self.wire.get_mut().take();
        if wire.is_some() && tokio::runtime::Handle::try_current().is_ok() {
            std::thread::spawn(move || drop(wire));
        }
    }
}
