//! What never travels, and ways to find facts again, in PostgreSQL.
//!
//! In: sealed bytes, hashes, names. Out: the same. Must not: hold a PIN, a token or a customer in clear.

use std::cell::Cell;

use domain::event::SignedEvent;
use domain::id::{ActorId, DeviceId, Epoch, Hash, OrderId, Position};
use domain::sync::message::{Outcome, Recorded};
use postgres::Row;

use super::facts::SUBJECT_ORDER;
use super::{Postgres, Turn};
use crate::log::{ChainKey, CustomerKey, Failed, Log, Person, Place, array, number, stored};

impl Log for Postgres {
    fn begin_reading(&self) -> Result<(), Failed> {
        self.ask(|wire| wire.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))?;
        self.turn.set(Turn::Reading);
        Ok(())
    }

    /// The server tidies up by itself.
    fn tidy(&self) -> Result<(), Failed> {
        Ok(())
    }

    fn events_about(&self, order: OrderId, limit: usize) -> Result<Vec<Place>, Failed> {
        self.send_pending()?;
        let rows = self.rows(
            "SELECT event.position, event.device, event.epoch, event.seq FROM subject
             JOIN event ON event.store = subject.store AND event.position = subject.position
             WHERE subject.store = $1 AND subject.kind = $2 AND subject.id = $3
             ORDER BY event.position LIMIT $4",
            &[
                &self.store(),
                &SUBJECT_ORDER,
                &&order.0[..],
                &at_most(limit),
            ],
        )?;
        rows.iter()
            .map(|row| {
                Ok(Place {
                    position: Position(number(row.try_get(0)?)?),
                    chain: ChainKey {
                        device: DeviceId(array(row.try_get(1)?)?),
                        epoch: Epoch(array(row.try_get(2)?)?),
                    },
                    seq: number(row.try_get(3)?)?,
                })
            })
            .collect()
    }

    fn stretch(
        &self,
        chain: ChainKey,
        first: u64,
        last: u64,
        limit: usize,
    ) -> Result<Vec<Recorded>, Failed> {
        self.send_pending()?;
        let rows = self.rows(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE store = $1 AND device = $2 AND epoch = $3 AND seq BETWEEN $4 AND $5
             ORDER BY seq LIMIT $6",
            &[
                &self.store(),
                &&chain.device.0[..],
                &&chain.epoch.0[..],
                &stored(first),
                &stored(last),
                &at_most(limit),
            ],
        )?;
        rows.iter().map(recorded).collect()
    }

    fn at(&self, position: Position) -> Result<Option<Recorded>, Failed> {
        self.send_pending()?;
        let found = self.row(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE store = $1 AND position = $2",
            &[&self.store(), &stored(position.0)],
        )?;
        found.as_ref().map(recorded).transpose()
    }

    fn register(&self, limit: usize) -> Result<Vec<Recorded>, Failed> {
        self.send_pending()?;
        let rows = self.rows(
            "SELECT position, recorded_at, bytes, signature, outcome FROM event
             WHERE store = $1 AND kind IN (11, 12, 14, 15, 16, 17) ORDER BY position DESC LIMIT $2",
            &[&self.store(), &at_most(limit)],
        )?;
        rows.iter().map(recorded).collect()
    }

    fn aside(&self) -> Result<u64, Failed> {
        let found = self.row(
            "SELECT count(*) FROM quarantine WHERE store = $1",
            &[&self.store()],
        )?;
        found.map_or(Ok(0), |row| number(row.try_get(0)?))
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, Failed> {
        let found = self.row(
            "SELECT value FROM meta WHERE store = $1 AND name = $2",
            &[&self.store(), &name],
        )?;
        Ok(found.map(|row| row.try_get(0)).transpose()?)
    }

    fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), Failed> {
        self.write(
            "INSERT INTO meta (store, name, value) VALUES ($1, $2, $3)
             ON CONFLICT (store, name) DO UPDATE SET value = excluded.value",
            &[&self.store(), &name, &value],
        )?;
        Ok(())
    }

    fn customer_key(&self, order: OrderId) -> Result<Option<CustomerKey>, Failed> {
        let found = self.row(
            "SELECT key, salt, input FROM customer_key WHERE store = $1 AND order_id = $2",
            &[&self.store(), &&order.0[..]],
        )?;
        found
            .map(|row| {
                Ok(CustomerKey {
                    key: row.try_get(0)?,
                    salt: row.try_get(1)?,
                    input: row.try_get(2)?,
                })
            })
            .transpose()
    }

    fn put_customer_key(&self, order: OrderId, key: &CustomerKey) -> Result<(), Failed> {
        self.write(
            "INSERT INTO customer_key (store, order_id, key, salt, input) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (store, order_id) DO UPDATE SET input = excluded.input",
            &[&self.store(), &&order.0[..], &key.key, &key.salt, &key.input],
        )?;
        Ok(())
    }

    fn erase_customer(&self, order: OrderId) -> Result<bool, Failed> {
        let erased = self.write(
            "DELETE FROM customer_key WHERE store = $1 AND order_id = $2",
            &[&self.store(), &&order.0[..]],
        )?;
        Ok(erased > 0)
    }

    fn person(&self, actor: ActorId) -> Result<Option<Person>, Failed> {
        let found = self.row(
            "SELECT salt, sealed, failures FROM person WHERE store = $1 AND actor = $2",
            &[&self.store(), &i64::from(actor.0)],
        )?;
        found
            .map(|row| {
                let failures: i64 = row.try_get(2)?;
                Ok(Person {
                    salt: row.try_get(0)?,
                    sealed: row.try_get(1)?,
                    failures: u32::try_from(failures)
                        .map_err(|_| Failed::Damaged("a count of wrong PINs"))?,
                })
            })
            .transpose()
    }

    fn put_person(&self, actor: ActorId, person: &Person) -> Result<(), Failed> {
        self.write(
            "INSERT INTO person (store, actor, salt, sealed, failures) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (store, actor) DO UPDATE SET
                salt = excluded.salt, sealed = excluded.sealed, failures = excluded.failures",
            &[
                &self.store(),
                &i64::from(actor.0),
                &person.salt,
                &person.sealed,
                &i64::from(person.failures),
            ],
        )?;
        Ok(())
    }

    fn set_failures(&self, actor: ActorId, failures: u32) -> Result<(), Failed> {
        self.write(
            "UPDATE person SET failures = $3 WHERE store = $1 AND actor = $2",
            &[&self.store(), &i64::from(actor.0), &i64::from(failures)],
        )?;
        Ok(())
    }

    fn put_boot_token(&self, device: DeviceId, token: Hash) -> Result<(), Failed> {
        self.write(
            "INSERT INTO device_secret (store, device, boot_token_hash) VALUES ($1, $2, $3)
             ON CONFLICT (store, device) DO UPDATE SET boot_token_hash = excluded.boot_token_hash",
            &[&self.store(), &&device.0[..], &&token.0[..]],
        )?;
        Ok(())
    }

    fn boot_token(&self, device: DeviceId) -> Result<Option<Hash>, Failed> {
        let found = self.row(
            "SELECT boot_token_hash FROM device_secret WHERE store = $1 AND device = $2",
            &[&self.store(), &&device.0[..]],
        )?;
        found
            .map(|row| Ok(Hash(array(row.try_get(0)?)?)))
            .transpose()
    }

    fn put_enrol_code(&self, code: Hash, expires: i64) -> Result<(), Failed> {
        self.write(
            "INSERT INTO enrol_code (store, hash, expires, used) VALUES ($1, $2, $3, false)",
            &[&self.store(), &&code.0[..], &expires],
        )?;
        Ok(())
    }

    fn use_enrol_code(&self, code: Hash, now: i64) -> Result<bool, Failed> {
        let used = self.write(
            "UPDATE enrol_code SET used = true
             WHERE store = $1 AND hash = $2 AND NOT used AND expires >= $3",
            &[&self.store(), &&code.0[..], &now],
        )?;
        Ok(used == 1)
    }

    fn put_api_token(&self, token: Hash, name: &str, now: i64) -> Result<(), Failed> {
        self.write(
            "INSERT INTO api_token (store, hash, name, created) VALUES ($1, $2, $3, $4)",
            &[&self.store(), &&token.0[..], &name, &now],
        )?;
        Ok(())
    }

    fn api_token(&self, token: Hash) -> Result<Option<String>, Failed> {
        let found = self.row(
            "SELECT name FROM api_token WHERE store = $1 AND hash = $2",
            &[&self.store(), &&token.0[..]],
        )?;
        Ok(found.map(|row| row.try_get(0)).transpose()?)
    }

    fn api_tokens(&self) -> Result<Vec<(String, i64)>, Failed> {
        let rows = self.rows(
            "SELECT name, created FROM api_token WHERE store = $1 ORDER BY name, created",
            &[&self.store()],
        )?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect()
    }

    fn forget_api_tokens(&self, name: &str) -> Result<u64, Failed> {
        self.write(
            "DELETE FROM api_token WHERE store = $1 AND name = $2",
            &[&self.store(), &name],
        )
    }

    /// One statement by itself. Sent again because the connection was lost, it may find its own row: then nobody can tell,
    /// and the device is told to come again.
    fn is_new_request(&self, device: DeviceId, nonce: [u8; 16], now: i64) -> Result<bool, Failed> {
        let tries = Cell::new(0);
        let noted = self.ask(|wire| {
            tries.set(tries.get() + 1);
            wire.execute(
                "INSERT INTO seen_request (store, device, nonce, seen) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (store, device, nonce) DO NOTHING",
                &[&self.store(), &&device.0[..], &&nonce[..], &now],
            )
        })?;
        match noted {
            0 if tries.get() > 1 => Err(Failed::Lost),
            noted => Ok(noted == 1),
        }
    }

    fn forget_requests(&self, before: i64) -> Result<(), Failed> {
        self.ask(|wire| {
            wire.execute(
                "DELETE FROM seen_request WHERE store = $1 AND seen < $2",
                &[&self.store(), &before],
            )
        })?;
        Ok(())
    }
}

pub(super) fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn recorded(row: &Row) -> Result<Recorded, Failed> {
    Ok(Recorded {
        position: Position(number(row.try_get(0)?)?),
        recorded_at: row.try_get(1)?,
        event: SignedEvent {
            bytes: row.try_get(2)?,
            signature: row.try_get(3)?,
        },
        outcome: outcome_of(row.try_get(4)?)?,
        subject: false,
    })
}

pub(super) fn outcome_of(bytes: &[u8]) -> Result<Outcome, Failed> {
    minicbor::decode(bytes).map_err(|_| Failed::Damaged("an outcome"))
}
