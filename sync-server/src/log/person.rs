//! What people's PINs open, and how often in a row they did not.
//!
//! In: salts and sealed secrets. Out: the same. Must not: hold a PIN or anything it could be compared with.

use domain::id::ActorId;
use rusqlite::OptionalExtension as _;

use super::{Failed, Log};

/// A person's sealed secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Salt of the PIN's key.
    pub salt: Vec<u8>,
    /// What the PIN's key opens.
    pub sealed: Vec<u8>,
    /// Wrong PINs since the last right one.
    pub failures: u32,
}

impl Log {
    /// A person's sealed secret.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn person(&self, actor: ActorId) -> Result<Option<Person>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT salt, sealed, failures FROM person WHERE actor = ?1")?;
        Ok(statement
            .query_row([actor.0], |row| {
                Ok(Person {
                    salt: row.get(0)?,
                    sealed: row.get(1)?,
                    failures: row.get(2)?,
                })
            })
            .optional()?)
    }

    /// Keeps a person's sealed secret.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_person(&self, actor: ActorId, person: &Person) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO person (actor, salt, sealed, failures) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (actor) DO UPDATE SET
                salt = excluded.salt, sealed = excluded.sealed, failures = excluded.failures",
        )?;
        statement.execute((actor.0, &person.salt, &person.sealed, person.failures))?;
        Ok(())
    }

    /// Sets how often in a row the PIN was wrong.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_failures(&self, actor: ActorId, failures: u32) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE person SET failures = ?2 WHERE actor = ?1")?;
        statement.execute((actor.0, failures))?;
        Ok(())
    }
}
