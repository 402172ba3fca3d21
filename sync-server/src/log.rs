//! The shop's log: the facts, the state they amount to, and the secrets that stay here.
//!
//! In: what the writer decided. Out: rows. Must not: decide anything, or commit part of a batch.
//!
//! One trait, a database each behind it. What the protocol needs of a log is the domain's; beside that a
//! server keeps what never travels.

use core::fmt;
use std::path::PathBuf;

use domain::audit::checkpoint::Origin;
use domain::id::{ActorId, DeviceId, Hash, OrderId, Position, StoreId};
use domain::sync::message::{Incarnation, Recorded};
pub use domain::sync::server::log::{
    Aside, ChainHead, ChainKey, Gone, Kept, LastChain, Log as Facts, Logged, NewEvent, Page,
    Wanted, Whom,
};

/// SQLite, one file per shop.
pub mod sqlite;
/// PostgreSQL, for several nodes and several shops.
pub mod postgres;
/// Which of them keeps a shop's log.
pub mod database;
/// A copy of a shop's file.
pub mod backup;
/// What managers prove with more than a PIN.
pub mod proofs;

pub use database::Database;
pub use postgres::Postgres;
pub use proofs::{Passkey, Proof, ProofKind, Proofs};
pub use sqlite::Sqlite;

/// Why the log could not be asked.
#[derive(Debug)]
pub enum Failed {
    /// SQLite said no.
    Database(rusqlite::Error),
    /// PostgreSQL said no, or nothing.
    Postgres(::postgres::Error),
    /// The connection was lost in the middle of a turn, or the turn is over.
    Lost,
    /// PostgreSQL would show this role the rows of every store.
    Unwalled,
    /// The system's list of certificates cannot be read.
    Certificates(String),
    /// The bundled SQLite is older than the file may be trusted to.
    OldSqlite(String),
    /// The file was deleted, moved or replaced while it was open.
    Moved(PathBuf),
    /// The file is of a later version of this program.
    NewerFile(i64),
    /// What stands in the file is not what was written there.
    Damaged(&'static str),
    /// Something that cannot happen did.
    Bug,
}

impl Failed {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => matches!(
                error.sqlite_error_code(),
                Some(
                    rusqlite::ErrorCode::DatabaseBusy
                        | rusqlite::ErrorCode::DatabaseLocked
                        | rusqlite::ErrorCode::DiskFull
                        | rusqlite::ErrorCode::SystemIoFailure
                )
            ),
            Self::Postgres(error) => postgres::fault::is_transient(error),
            Self::Lost => true,
            Self::Unwalled
            | Self::Certificates(_)
            | Self::OldSqlite(_)
            | Self::Moved(_)
            | Self::NewerFile(_)
            | Self::Damaged(_)
            | Self::Bug => false,
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => write!(f, "the database: {error}"),
            Self::Postgres(error) => write!(f, "PostgreSQL: {}", postgres::fault::told(error)),
            Self::Lost => f.write_str("the connection to PostgreSQL was lost"),
            Self::Unwalled => f.write_str(
                "the PostgreSQL role is a superuser or has BYPASSRLS, so no row of another shop \
                 would be hidden from it; make a role without either",
            ),
            Self::Certificates(why) => write!(f, "the system's certificates: {why}"),
            Self::OldSqlite(version) => write!(f, "SQLite {version} is too old"),
            Self::Moved(path) => write!(
                f,
                "{} was deleted, moved or replaced while it was open, so nothing more is taken in; put it \
                 back, or stop the server and restore the last backup",
                path.display()
            ),
            Self::NewerFile(version) => {
                write!(
                    f,
                    "the file has shape {version}, which this program does not know"
                )
            }
            Self::Damaged(what) => write!(f, "the file is damaged: {what}"),
            Self::Bug => f.write_str("a bug; see the message before this one"),
        }
    }
}

impl core::error::Error for Failed {}

impl From<::postgres::Error> for Failed {
    fn from(error: ::postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// Who a log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The shop.
    pub store: StoreId,
    /// The log's life.
    pub incarnation: Incarnation,
    /// The server as a device that signs.
    pub server: DeviceId,
}

impl Identity {
    /// The log's name on its sheets.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            store: self.store,
            incarnation: self.incarnation,
        }
    }
}

/// Where an event stands, in the log and in its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// In the log.
    pub position: Position,
    /// Its chain.
    pub chain: ChainKey,
    /// Its number there.
    pub seq: u64,
}

/// What opens an order's customer data. Deleting it makes all that was ever said of the customer, in the log
/// and in backups of the log, unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerKey {
    /// The random part of the key; the server's secret is the other.
    pub key: Vec<u8>,
    /// Put before the plain text in its commitment.
    pub salt: Vec<u8>,
    /// The order as it was last accepted, sealed.
    pub input: Option<Vec<u8>>,
}

/// A person's sealed secret: what a PIN opens, never anything it could be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Salt of the PIN's key.
    pub salt: Vec<u8>,
    /// What the PIN's key opens.
    pub sealed: Vec<u8>,
    /// Wrong PINs since the last right one.
    pub failures: u32,
}

/// A log as a server needs it: the facts, ways to find them again, and what stays here: sealed customers'
/// data, sealed secrets of people, hashes of tokens that were given away once.
pub trait Log: Facts<Failed = Failed> + Proofs + fmt::Debug + Send {
    /// Begins to read: everything until [`Facts::rollback`] is of one moment.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn begin_reading(&self) -> Result<(), Failed>;

    /// Brings the database into its best shape before it is left alone.
    ///
    /// # Errors
    /// When a reader is in the way.
    fn tidy(&self) -> Result<(), Failed>;

    /// Where the events about an order stand, oldest first.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn events_about(&self, order: OrderId, limit: usize) -> Result<Vec<Place>, Failed>;

    /// A stretch of a chain, both ends included, at most so many events.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn stretch(
        &self,
        chain: ChainKey,
        first: u64,
        last: u64,
        limit: usize,
    ) -> Result<Vec<Recorded>, Failed>;

    /// The event at a place.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn at(&self, position: Position) -> Result<Option<Recorded>, Failed>;

    /// The newest facts about people, devices and passkeys, newest first.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn register(&self, limit: usize) -> Result<Vec<Recorded>, Failed>;

    /// How many are kept aside.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn aside(&self) -> Result<u64, Failed>;

    /// A value by its name.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, Failed>;

    /// Keeps a value under a name.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), Failed>;

    /// What opens an order's customer data; `None` when there never was any, or it was erased.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn customer_key(&self, order: OrderId) -> Result<Option<CustomerKey>, Failed>;

    /// Keeps what opens an order's customer data.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_customer_key(&self, order: OrderId, key: &CustomerKey) -> Result<(), Failed>;

    /// Destroys what opens an order's customer data. Returns whether there was any.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn erase_customer(&self, order: OrderId) -> Result<bool, Failed>;

    /// A person's sealed secret.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn person(&self, actor: ActorId) -> Result<Option<Person>, Failed>;

    /// Keeps a person's sealed secret.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_person(&self, actor: ActorId, person: &Person) -> Result<(), Failed>;

    /// Sets how often in a row the PIN was wrong.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn set_failures(&self, actor: ActorId, failures: u32) -> Result<(), Failed>;

    /// Keeps the hash of a device's boot token, in place of an earlier one.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_boot_token(&self, device: DeviceId, token: Hash) -> Result<(), Failed>;

    /// The hash of a device's boot token.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn boot_token(&self, device: DeviceId) -> Result<Option<Hash>, Failed>;

    /// Keeps the hash of an enrolment code until it runs out.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_enrol_code(&self, code: Hash, expires: i64) -> Result<(), Failed>;

    /// Uses an enrolment code up. Returns whether it was good.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn use_enrol_code(&self, code: Hash, now: i64) -> Result<bool, Failed>;

    /// Keeps the hash of another program's token.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_api_token(&self, token: Hash, name: &str, now: i64) -> Result<(), Failed>;

    /// The name of the program a token was made for.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn api_token(&self, token: Hash) -> Result<Option<String>, Failed>;

    /// Other programs by name, with the instant at which each one's token was made.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn api_tokens(&self) -> Result<Vec<(String, i64)>, Failed>;

    /// Forgets the tokens of a name. Returns how many there were.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn forget_api_tokens(&self, name: &str) -> Result<u64, Failed>;

    /// Notes a request of a device where other nodes look too, outside of any turn, at `now`. Returns whether it is new
    /// to all of them. A log that only one process has open has nobody to ask: that process remembers by itself.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn is_new_request(&self, device: DeviceId, nonce: [u8; 16], now: i64) -> Result<bool, Failed>;

    /// Forgets the requests noted before an instant.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn forget_requests(&self, before: i64) -> Result<(), Failed>;

    /// Who this log is; `None` for one nobody has set up.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn identity(&self) -> Result<Option<Identity>, Failed> {
        let (Some(store), Some(incarnation), Some(server)) = (
            self.meta("store")?,
            self.meta("incarnation")?,
            self.meta("server")?,
        ) else {
            return Ok(None);
        };
        Ok(Some(Identity {
            store: StoreId(array(&store)?),
            incarnation: Incarnation(array(&incarnation)?),
            server: DeviceId(array(&server)?),
        }))
    }

    /// Says who this log is, once.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn set_identity(&self, identity: &Identity) -> Result<(), Failed> {
        self.set_meta("store", &identity.store.0)?;
        self.set_meta("incarnation", &identity.incarnation.0)?;
        self.set_meta("server", &identity.server.0)
    }

    /// Takes the next number of a counter that begins at `first`.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn next_number(&self, counter: &str, first: u64) -> Result<u64, Failed> {
        let number = match self.meta(counter)? {
            Some(bytes) => u64::from_be_bytes(array(&bytes)?),
            None => first,
        };
        self.set_meta(counter, &(number + 1).to_be_bytes())?;
        Ok(number)
    }
}

/// The name under which the newest head a device has co-signed is kept.
pub(crate) fn witness_name(device: DeviceId) -> String {
    format!("witness/{device}")
}
/// The name under which is kept what a person was permitted on a device.
pub(crate) fn permit_name((device, actor): Whom) -> String {
    format!("permit/{device}/{}", actor.0)
}
/// The name under which is kept when a device was last heard of.
pub(crate) fn contact_name(device: DeviceId) -> String {
    format!("contact/{device}")
}
/// The name of the place before which what is gone can no longer be told.
pub(crate) const FLOOR: &str = "view_floor";

/// A number as databases keep it. Numbers beyond that range come from nobody but a liar; they all
/// become the largest.
pub(crate) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number from a database.
pub(crate) fn number(stored: i64) -> Result<u64, Failed> {
    u64::try_from(stored).map_err(|_| Failed::Damaged("a negative number"))
}

pub(crate) fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Failed> {
    bytes
        .try_into()
        .map_err(|_| Failed::Damaged("an identifier of another length"))
}
