//! The file of a shop on SQLite, deleted, moved or replaced while it is open.

use std::fs;
use std::path::{Path, PathBuf};

use domain::id::Position;
use suite::log::try_append;
use sync_server::log::{Database, Failed, Log};

use crate::home::{CHAIN, Home, record};

fn file(home: &Home) -> PathBuf {
    match &home.database {
        Database::Sqlite(path) => path.clone(),
        Database::Postgres { .. } => panic!("a server has no file"),
    }
}

fn wal(file: &Path) -> PathBuf {
    file.with_extension("sqlite-wal")
}

fn is_moved<T>(asked: &Result<T, Failed>) -> bool {
    matches!(asked, Err(failed @ Failed::Moved(_)) if !failed.is_transient())
}

/// Neither begins nor commits, nor lets anybody read as if all were well.
fn takes_nothing_in(log: &dyn Log, reader: &dyn Log) {
    for _ in 0..2 {
        assert!(is_moved(&log.begin()));
        log.rollback();
        assert!(is_moved(&reader.begin_reading()));
        reader.rollback();
    }
}

#[test]
fn a_log_whose_file_was_deleted_takes_nothing_in_and_makes_no_empty_one() {
    let home = Home::sqlite();
    let (log, path) = (home.open(), file(&home));
    record(&*log, CHAIN, 0, "kept");
    let reader = home.open_reader();
    fs::remove_file(&path).unwrap();
    takes_nothing_in(&*log, &*reader);
    assert!(!path.exists());
    assert!(home.database.open_reader().is_err());
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_deleted_in_the_middle_of_a_transaction_is_noticed_at_its_end() {
    for is_wal in [false, true] {
        let home = Home::sqlite();
        let (log, path) = (home.open(), file(&home));
        record(&*log, CHAIN, 0, "kept");
        log.begin().unwrap();
        try_append(&*log, CHAIN, 1, "into a file without a name").unwrap();
        let gone = if is_wal { wal(&path) } else { path };
        fs::remove_file(&gone).unwrap();
        let committed = log.commit();
        assert!(is_moved(&committed), "{committed:?}");
        log.rollback();
        assert!(is_moved(&log.begin()));
        assert!(!gone.exists());
    }
}

#[test]
fn a_file_in_whose_place_another_stands_is_not_taken_for_it() {
    let home = Home::sqlite();
    let (log, path) = (home.open(), file(&home));
    record(&*log, CHAIN, 0, "kept");
    let reader = home.open_reader();
    let other = Home::sqlite();
    let kept_by_other = other.open();
    record(&*kept_by_other, CHAIN, 0, "of a backup");
    record(&*kept_by_other, CHAIN, 1, "of a backup");
    drop(kept_by_other);
    fs::rename(file(&other), &path).unwrap();
    takes_nothing_in(&*log, &*reader);
    // What was put there is as it was put there.
    let bytes = fs::read(&path).unwrap();
    takes_nothing_in(&*log, &*reader);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_file_that_is_put_back_goes_on_where_it_was() {
    let home = Home::sqlite();
    let (log, path) = (home.open(), file(&home));
    record(&*log, CHAIN, 0, "kept");
    let reader = home.open_reader();
    let elsewhere = path.with_extension("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    takes_nothing_in(&*log, &*reader);
    fs::rename(&elsewhere, &path).unwrap();
    assert_eq!(record(&*log, CHAIN, 1, "after"), Position(2));
    assert_eq!(home.open_reader().head().unwrap(), Position(2));
}

#[test]
fn a_reader_writes_nothing() {
    let home = Home::sqlite();
    let log = home.open();
    record(&*log, CHAIN, 0, "kept");
    let reader = home.open_reader();
    let begun = reader
        .begin()
        .and_then(|_| try_append(&*reader, CHAIN, 1, "by a reader"));
    assert!(begun.is_err());
    reader.rollback();
    assert_eq!(record(&*log, CHAIN, 1, "by the writer"), Position(2));
}
