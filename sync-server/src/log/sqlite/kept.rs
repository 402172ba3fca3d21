//! What never travels, and ways to find facts again, in SQLite.
//!
//! In: sealed bytes, hashes, names. Out: the same. Must not: hold a PIN, a token or a customer in clear.

use domain::event::SignedEvent;
use domain::id::{ActorId, DeviceId, Epoch, Hash, OrderId, Position};
use domain::sync::message::{Outcome, Recorded};
use rusqlite::{OptionalExtension as _, Row};

use super::facts::SUBJECT_ORDER;
use super::{Failed, Sqlite};
use crate::log::{ChainKey, CustomerKey, Log, Person, Place, number, stored};

impl Log for Sqlite {
    fn begin_reading(&self) -> Result<(), Failed> {
        self.watch.check()?;
        Ok(self.conn.execute_batch("BEGIN DEFERRED")?)
    }

    /// Moves the write-ahead log into the file and empties it.
    fn tidy(&self) -> Result<(), Failed> {
        Ok(self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?)
    }

    fn events_about(&self, order: OrderId, limit: usize) -> Result<Vec<Place>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT event.position, device, epoch, seq FROM subject
             JOIN event ON event.position = subject.position
             WHERE subject.kind = ?1 AND subject.id = ?2
             ORDER BY event.position LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((SUBJECT_ORDER, order.0, limit))?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            places.push(Place {
                position: Position(number(row.get(0)?)?),
                chain: ChainKey {
                    device: DeviceId(row.get(1)?),
                    epoch: Epoch(row.get(2)?),
                },
                seq: number(row.get(3)?)?,
            });
        }
        Ok(places)
    }

    fn stretch(
        &self,
        chain: ChainKey,
        first: u64,
        last: u64,
        limit: usize,
    ) -> Result<Vec<Recorded>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE device = ?1 AND epoch = ?2 AND seq BETWEEN ?3 AND ?4
             ORDER BY seq LIMIT ?5",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((
            chain.device.0,
            chain.epoch.0,
            stored(first),
            stored(last),
            limit,
        ))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(recorded(row)?);
        }
        Ok(events)
    }

    fn at(&self, position: Position) -> Result<Option<Recorded>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE position = ?1",
        )?;
        let mut rows = statement.query([stored(position.0)])?;
        rows.next()?.map(recorded).transpose()
    }

    fn register(&self, limit: usize) -> Result<Vec<Recorded>, Failed> {
        // In the words of the index `event_of_register`, or the whole log is read.
        let mut statement = self.conn.prepare_cached(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE kind IN (11, 12, 14, 15, 16, 17) ORDER BY position DESC LIMIT ?1",
        )?;
        let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(recorded(row)?);
        }
        Ok(events)
    }

    fn aside(&self) -> Result<u64, Failed> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM quarantine")?
            .query_row((), |row| row.get(0))?;
        number(count)
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?;
        statement.execute((name, value))?;
        Ok(())
    }

    fn customer_key(&self, order: OrderId) -> Result<Option<CustomerKey>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT key, salt, input FROM customer_key WHERE order_id = ?1")?;
        Ok(statement
            .query_row([order.0], |row| {
                Ok(CustomerKey {
                    key: row.get(0)?,
                    salt: row.get(1)?,
                    input: row.get(2)?,
                })
            })
            .optional()?)
    }

    fn put_customer_key(&self, order: OrderId, key: &CustomerKey) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO customer_key (order_id, key, salt, input) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (order_id) DO UPDATE SET input = excluded.input",
        )?;
        statement.execute((order.0, &key.key, &key.salt, &key.input))?;
        Ok(())
    }

    fn erase_customer(&self, order: OrderId) -> Result<bool, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM customer_key WHERE order_id = ?1")?;
        Ok(statement.execute([order.0])? > 0)
    }

    fn person(&self, actor: ActorId) -> Result<Option<Person>, Failed> {
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

    fn put_person(&self, actor: ActorId, person: &Person) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO person (actor, salt, sealed, failures) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (actor) DO UPDATE SET
                salt = excluded.salt, sealed = excluded.sealed, failures = excluded.failures",
        )?;
        statement.execute((actor.0, &person.salt, &person.sealed, person.failures))?;
        Ok(())
    }

    fn set_failures(&self, actor: ActorId, failures: u32) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE person SET failures = ?2 WHERE actor = ?1")?;
        statement.execute((actor.0, failures))?;
        Ok(())
    }

    fn put_boot_token(&self, device: DeviceId, token: Hash) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO device_secret (device, boot_token_hash) VALUES (?1, ?2)
             ON CONFLICT (device) DO UPDATE SET boot_token_hash = excluded.boot_token_hash",
        )?;
        statement.execute((device.0, token.0))?;
        Ok(())
    }

    fn boot_token(&self, device: DeviceId) -> Result<Option<Hash>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT boot_token_hash FROM device_secret WHERE device = ?1")?;
        Ok(statement
            .query_row([device.0], |row| row.get(0).map(Hash))
            .optional()?)
    }

    fn put_enrol_code(&self, code: Hash, expires: i64) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO enrol_code (hash, expires, used) VALUES (?1, ?2, 0)")?;
        statement.execute((code.0, expires))?;
        Ok(())
    }

    fn use_enrol_code(&self, code: Hash, now: i64) -> Result<bool, Failed> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE enrol_code SET used = 1 WHERE hash = ?1 AND used = 0 AND expires >= ?2",
        )?;
        Ok(statement.execute((code.0, now))? == 1)
    }

    fn put_api_token(&self, token: Hash, name: &str, now: i64) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO api_token (hash, name, created) VALUES (?1, ?2, ?3)")?;
        statement.execute((token.0, name, now))?;
        Ok(())
    }

    fn api_token(&self, token: Hash) -> Result<Option<String>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT name FROM api_token WHERE hash = ?1")?;
        Ok(statement
            .query_row([token.0], |row| row.get(0))
            .optional()?)
    }

    fn api_tokens(&self) -> Result<Vec<(String, i64)>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT name, created FROM api_token ORDER BY name, created")?;
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn forget_api_tokens(&self, name: &str) -> Result<u64, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM api_token WHERE name = ?1")?;
        Ok(u64::try_from(statement.execute([name])?).unwrap_or(u64::MAX))
    }

    /// One process has the file open, and remembers by itself.
    fn is_new_request(&self, _: DeviceId, _: [u8; 16], _: i64) -> Result<bool, Failed> {
        Ok(true)
    }

    fn forget_requests(&self, _: i64) -> Result<(), Failed> {
        Ok(())
    }
}

pub(super) fn recorded(row: &Row<'_>) -> Result<Recorded, Failed> {
    Ok(Recorded {
        position: Position(number(row.get(0)?)?),
        recorded_at: row.get(1)?,
        event: SignedEvent {
            bytes: row.get(2)?,
            signature: row.get(3)?,
        },
        outcome: outcome_of(&row.get::<_, Vec<u8>>(4)?)?,
        subject: false,
    })
}

pub(super) fn outcome_of(bytes: &[u8]) -> Result<Outcome, Failed> {
    minicbor::decode(bytes).map_err(|_| Failed::Damaged("an outcome"))
}
