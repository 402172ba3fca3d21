//! Shapes of the file, oldest first.
//!
//! In: a file of any earlier shape. Out: a file of the newest. Must not: edit a released migration, or
//! touch a file of a later program.

use rusqlite::Connection;

use crate::log::Failed;

/// The migrations; the file's `user_version` says how many it has had.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/0001_first.sql"),
    include_str!("../../../migrations/0002_tree.sql"),
    include_str!("../../../migrations/0003_view.sql"),
    include_str!("../../../migrations/0004_proof.sql"),
    include_str!("../../../migrations/0005_register.sql"),
    include_str!("../../../migrations/0006_register.sql"),
    include_str!("../../../migrations/0007_register.sql"),
];

/// Brings the file to the newest shape, one transaction per step.
pub(super) fn migrate(conn: &Connection) -> Result<(), Failed> {
    let done = done(conn)?;
    for (shape, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        conn.execute_batch(&format!(
            "BEGIN IMMEDIATE; {migration} PRAGMA user_version = {shape}; COMMIT;"
        ))?;
    }
    Ok(())
}

/// How many it has had.
///
/// # Errors
/// When a later program wrote it.
pub(super) fn done(conn: &Connection) -> Result<usize, Failed> {
    let had: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(had).map_err(|_| Failed::Damaged("a negative shape"))?;
    if done > MIGRATIONS.len() {
        return Err(Failed::NewerFile(had));
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_brought_to_the_newest_shape_once_and_a_later_one_is_left_alone() {
        let conn = Connection::open_in_memory().unwrap();
        migrate(&conn).unwrap();
        migrate(&conn).unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(migrate(&conn), Err(Failed::NewerFile(99))));
    }
}
