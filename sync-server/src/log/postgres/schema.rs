//! Shapes of the tables, oldest first.
//!
//! In: a database of any earlier shape. Out: one of the newest. Must not: edit a released migration, touch the
//! tables of a later program, or trip over another node that does the same at the same moment.

use std::time::Duration;

use super::wire::Wire;
use crate::log::{Failed, number};

/// The migrations; the row in `custody_shape` says how many the tables have had.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/postgres/0001_first.sql"),
    include_str!("../../../migrations/postgres/0002_seen_request.sql"),
    include_str!("../../../migrations/postgres/0003_view.sql"),
    include_str!("../../../migrations/postgres/0004_proof.sql"),
    include_str!("../../../migrations/postgres/0005_register.sql"),
    include_str!("../../../migrations/postgres/0006_register.sql"),
    include_str!("../../../migrations/postgres/0007_register.sql"),
];

/// Tries while other nodes make the same tables. `IF NOT EXISTS` alone can still fail between two that begin
/// together.
const TRIES_MAX: u32 = 5;
/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// The one table that is about no store.
const SHAPE: &str = "CREATE TABLE IF NOT EXISTS custody_shape
                        (one INTEGER NOT NULL PRIMARY KEY, shape BIGINT NOT NULL);
                     INSERT INTO custody_shape (one, shape) VALUES (1, 0) ON CONFLICT DO NOTHING;";

/// Brings the tables to the newest shape, in one transaction.
pub(super) fn migrate(wire: &mut Wire) -> Result<(), Failed> {
    let mut tries = 1;
    loop {
        match try_to(wire) {
            Err(Failed::Postgres(error)) if tries < TRIES_MAX && !wire.is_lost() => {
                tracing::debug!(%error, "the tables could not be brought to their newest shape");
                wire.batch("ROLLBACK")?;
                std::thread::sleep(PAUSE);
                tries += 1;
            }
            done => return done,
        }
    }
}

fn try_to(wire: &mut Wire) -> Result<(), Failed> {
    if is_newest(wire)? {
        return Ok(());
    }
    wire.batch("BEGIN")?;
    wire.batch(SHAPE)?;
    let had = shape(
        wire,
        "SELECT shape FROM custody_shape WHERE one = 1 FOR UPDATE",
    )?;
    let done = done(had)?;
    for migration in &MIGRATIONS[done..] {
        wire.batch(migration)?;
    }
    let newest = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    wire.execute(
        "UPDATE custody_shape SET shape = $1 WHERE one = 1",
        &[&newest],
    )?;
    wire.batch("COMMIT")
}

/// Whether there is nothing to do; nothing is locked for that.
fn is_newest(wire: &mut Wire) -> Result<bool, Failed> {
    let known = wire.rows("SELECT to_regclass('custody_shape') IS NOT NULL", &[])?;
    let is_there = known.first().map(|row| row.try_get(0)).transpose()?;
    if is_there != Some(true) {
        return Ok(false);
    }
    let had = shape(wire, "SELECT shape FROM custody_shape WHERE one = 1")?;
    Ok(done(had)? == MIGRATIONS.len())
}

fn shape(wire: &mut Wire, sql: &'static str) -> Result<i64, Failed> {
    let row = wire.rows(sql, &[])?.pop();
    Ok(row.map_or(Ok(0), |row| row.try_get(0))?)
}

fn done(had: i64) -> Result<usize, Failed> {
    let done = usize::try_from(number(had)?).unwrap_or(usize::MAX);
    if done > MIGRATIONS.len() {
        return Err(Failed::NewerFile(had));
    }
    Ok(done)
}
