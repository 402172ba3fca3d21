//! One connection, told which store it is for.
//!
//! In: statements. Out: rows. Must not: be used before the server knows the store, or by a role that sees past
//! the tables' rules.

use std::collections::HashMap;

use domain::id::StoreId;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, Row, Statement};

use super::{Address, Params, fault};
use crate::log::Failed;

/// How long to wait for another node's turn.
const LOCK_TIMEOUT: &str = "5s";
/// After this long without a word in the middle of a turn the server takes the node for dead and gives its lock
/// to another.
const SILENCE_MAX: &str = "30s";

/// One connection.
pub(super) struct Wire {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    is_lost: bool,
}

impl Wire {
    /// Connects, and says which store it is about.
    pub(super) fn open(address: &Address, store: StoreId) -> Result<Self, Failed> {
        let mut client = address.connect()?;
        let told = client.query_one(
            "SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),
                    current_setting('synchronous_commit'),
                    set_config('custody.store', $1, false),
                    set_config('lock_timeout', $2, false),
                    set_config('idle_in_transaction_session_timeout', $3, false)",
            &[&store.to_string(), &LOCK_TIMEOUT, &SILENCE_MAX],
        )?;
        if told.try_get::<_, Option<bool>>(0)? != Some(false) {
            return Err(Failed::Unwalled);
        }
        // Whatever waits for more than the local disk is left as it is.
        let lasting: String = told.try_get(1)?;
        if matches!(lasting.as_str(), "off" | "local") {
            client.batch_execute("SET synchronous_commit = on")?;
        }
        Ok(Self {
            client,
            statements: HashMap::new(),
            is_lost: false,
        })
    }

    /// Whether the connection can no longer be used.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost || self.client.is_closed()
    }

    /// The client itself, for what only listens.
    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Several statements, without values.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Failed> {
        let done = self.client.batch_execute(sql);
        self.noticed(done)
    }

    pub(super) fn rows(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, Failed> {
        let statement = self.prepared(sql)?;
        let rows = self.client.query(&statement, params);
        self.noticed(rows)
    }

    /// Hands row by row on, without holding all of them.
    pub(super) fn each(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
        mut take: impl FnMut(&Row) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        let statement = self.prepared(sql)?;
        let rows = self.client.query_raw(&statement, params.iter().copied());
        let ended = rows.map_err(Failed::from).and_then(|mut rows| {
            while let Some(row) = rows.next()? {
                take(&row)?;
            }
            Ok(())
        });
        if let Err(Failed::Postgres(error)) = &ended {
            self.is_lost |= fault::is_loss(error);
        }
        ended
    }

    pub(super) fn execute(&mut self, sql: &'static str, params: Params<'_>) -> Result<u64, Failed> {
        let statement = self.prepared(sql)?;
        let done = self.client.execute(&statement, params);
        self.noticed(done)
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, Failed> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql);
        let statement = self.noticed(statement)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    fn noticed<T>(&mut self, done: Result<T, postgres::Error>) -> Result<T, Failed> {
        done.map_err(|error| {
            self.is_lost |= fault::is_loss(&error);
            Failed::Postgres(error)
        })
    }
}
