//! Hashes of what was given away once: devices' boot tokens, enrolment codes, other programs' tokens.
//!
//! In: hashes. Out: whether one is known. Must not: hold a token itself.

use domain::id::{DeviceId, Hash};
use rusqlite::OptionalExtension as _;

use super::{Failed, Log};

impl Log {
    /// Keeps the hash of a device's boot token, in place of an earlier one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_boot_token(&self, device: DeviceId, token: Hash) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO device_secret (device, boot_token_hash) VALUES (?1, ?2)
             ON CONFLICT (device) DO UPDATE SET boot_token_hash = excluded.boot_token_hash",
        )?;
        statement.execute((device.0, token.0))?;
        Ok(())
    }

    /// The hash of a device's boot token.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn boot_token(&self, device: DeviceId) -> Result<Option<Hash>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT boot_token_hash FROM device_secret WHERE device = ?1")?;
        Ok(statement
            .query_row([device.0], |row| row.get(0).map(Hash))
            .optional()?)
    }

    /// Keeps the hash of an enrolment code until it runs out.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_enrol_code(&self, code: Hash, expires: i64) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO enrol_code (hash, expires, used) VALUES (?1, ?2, 0)")?;
        statement.execute((code.0, expires))?;
        Ok(())
    }

    /// Uses an enrolment code up. Returns whether it was good.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn use_enrol_code(&self, code: Hash, now: i64) -> Result<bool, Failed> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE enrol_code SET used = 1 WHERE hash = ?1 AND used = 0 AND expires >= ?2",
        )?;
        Ok(statement.execute((code.0, now))? == 1)
    }

    /// Keeps the hash of another program's token.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_api_token(&self, token: Hash, name: &str, now: i64) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO api_token (hash, name, created) VALUES (?1, ?2, ?3)")?;
        statement.execute((token.0, name, now))?;
        Ok(())
    }

    /// The name of the program a token was made for.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn api_token(&self, token: Hash) -> Result<Option<String>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT name FROM api_token WHERE hash = ?1")?;
        Ok(statement
            .query_row([token.0], |row| row.get(0))
            .optional()?)
    }
}
