//! A connection that is lost, a server that is somebody else's, two nodes that begin together.

use domain::id::Position;
use sync_server::log::{Failed, Postgres};

use crate::home::{CHAIN, Home, STORE, append, record};
use crate::throwaway::Database;

#[test]
fn a_connection_that_was_cut_between_two_turns_is_opened_again_without_a_word() {
    let server = Database::new();
    let home = Home::on(&server, STORE);
    let log = home.open();
    let reader = home.open_reader();
    record(&*log, CHAIN, 0, "before");
    assert_eq!(reader.head().unwrap(), Position(1));
    assert!(server.cut() >= 2);
    assert_eq!(record(&*log, CHAIN, 1, "after"), Position(2));
    reader.begin_reading().unwrap();
    assert_eq!(reader.head().unwrap(), Position(2));
    reader.rollback();
    assert!(server.cut() >= 2);
    assert_eq!(reader.head().unwrap(), Position(2));
    assert!(log.load_ledger().unwrap().actors.is_empty());
}

#[test]
fn a_transaction_whose_connection_was_cut_fails_for_a_while_and_leaves_nothing() {
    let server = Database::new();
    let log = Home::on(&server, STORE).open();
    record(&*log, CHAIN, 0, "before");
    log.begin().unwrap();
    append(&*log, CHAIN, 1, "lost");
    server.cut();
    let failed = log.commit().unwrap_err();
    assert!(failed.is_transient(), "{failed}");
    // Until it is given up, nothing is asked over another connection: half of a transaction is none.
    let failed = log.chain_head(CHAIN).unwrap_err();
    assert!(matches!(failed, Failed::Lost), "{failed}");
    log.rollback();
    assert_eq!(log.head().unwrap(), Position(1));
    assert_eq!(record(&*log, CHAIN, 1, "again"), Position(2));
}

#[test]
fn a_log_whose_server_is_away_answers_again_when_it_is_back() {
    let server = Database::new();
    let log = Home::on(&server, STORE).open();
    record(&*log, CHAIN, 0, "before");
    server.open_doors(false);
    server.cut();
    assert!(log.begin().is_err());
    assert!(log.begin().is_err());
    assert!(log.head().is_err());
    server.open_doors(true);
    assert_eq!(record(&*log, CHAIN, 1, "after"), Position(2));
}

#[test]
fn a_transaction_in_which_something_failed_cannot_be_committed() {
    let server = Database::new();
    let log = Home::on(&server, STORE).open();
    log.begin().unwrap();
    append(&*log, CHAIN, 0, "kept");
    log.put_enrol_code(domain::id::Hash([1; 32]), 5).unwrap();
    let twice = log.put_enrol_code(domain::id::Hash([1; 32]), 5);
    assert!(!twice.unwrap_err().is_transient());
    assert!(log.commit().is_err());
    log.rollback();
    assert_eq!(log.head().unwrap(), Position(0));
}

#[test]
fn a_commit_waits_for_the_disk_also_where_the_server_would_not() {
    let server = Database::new();
    let lax = "ALTER ROLE custody IN DATABASE %s SET synchronous_commit = off";
    let mut client = server.superuser();
    let name: String = client
        .query_one("SELECT current_database()::TEXT", &[])
        .unwrap()
        .get(0);
    client.batch_execute(&lax.replace("%s", &name)).unwrap();
    let log = Home::on(&server, STORE).open();
    record(&*log, CHAIN, 0, "kept");
    // A column that notes of each row how the one who wrote it waits.
    let telling = "CREATE FUNCTION told() RETURNS TEXT LANGUAGE plpgsql AS $$
                   BEGIN RETURN current_setting('synchronous_commit'); END $$;
                   ALTER TABLE meta ADD COLUMN lasting TEXT DEFAULT told();";
    client.batch_execute(telling).unwrap();
    log.begin().unwrap();
    log.set_meta("name", b"value").unwrap();
    log.commit().unwrap();
    let how: String = client
        .query_one("SELECT lasting FROM meta", &[])
        .unwrap()
        .get(0);
    assert_eq!(how, "on");
}

#[test]
fn nodes_that_begin_together_make_the_tables_once() {
    let server = Database::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Postgres::open(&server.address(), STORE).unwrap());
        }
    });
    let shapes = server
        .superuser()
        .query("SELECT shape FROM custody_shape", &[]);
    let shapes: Vec<i64> = shapes.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(shapes, [7]);
}

#[test]
fn tables_of_a_later_program_are_left_alone() {
    let server = Database::new();
    drop(Home::on(&server, STORE).open());
    let later = "UPDATE custody_shape SET shape = 99";
    server.superuser().batch_execute(later).unwrap();
    let failed = Postgres::open(&server.address(), STORE).unwrap_err();
    assert!(matches!(failed, Failed::NewerFile(99)), "{failed}");
}
