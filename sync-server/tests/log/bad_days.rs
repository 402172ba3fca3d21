//! The bench of the databases: bad days made with what the databases themselves can be told to do.
//!
//! A trigger refuses a write in the middle of a transaction, a deferred constraint refuses the commit when every
//! statement has gone well, and a deferred trigger ends its own connection inside the commit.

use suite::log::{Bench, Mishap};
use sync_server::log::{Database, Log};

use crate::home::Home;

const SQLITE_NO_ROOM: &str = "CREATE TRIGGER bad_day BEFORE INSERT ON event
    WHEN NEW.bytes = CAST('no room' AS BLOB)
    BEGIN SELECT RAISE(FAIL, 'no room, on purpose'); END";
const SQLITE_COMMIT: &str = "CREATE TABLE bad_parent (id INTEGER PRIMARY KEY);
    CREATE TABLE bad_child (id INTEGER REFERENCES bad_parent (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER bad_day AFTER INSERT ON event BEGIN INSERT INTO bad_child VALUES (1); END";
const SQLITE_MEND: &str = "DROP TRIGGER bad_day; DROP TABLE IF EXISTS bad_child; \
    DROP TABLE IF EXISTS bad_parent";

const POSTGRES_NO_ROOM: &str = "CREATE FUNCTION bad_day() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no room, on purpose'; END $$;
    CREATE TRIGGER bad_day BEFORE INSERT ON event FOR EACH ROW
        WHEN (NEW.bytes = 'no room'::BYTEA) EXECUTE FUNCTION bad_day()";
const POSTGRES_COMMIT: &str = "CREATE FUNCTION bad_day() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no commit, on purpose'; END $$;
    CREATE CONSTRAINT TRIGGER bad_day AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION bad_day()";
const POSTGRES_LOST: &str = "CREATE FUNCTION bad_day() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER bad_day AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION bad_day()";
const POSTGRES_MEND: &str = "DROP TRIGGER bad_day ON event; DROP FUNCTION bad_day";

impl Home {
    fn tell(&self, sqlite: &str, postgres: &str) {
        match (&self.database, &self.server) {
            (Database::Sqlite(path), _) => {
                let beside = rusqlite::Connection::open(path).unwrap();
                beside.execute_batch(sqlite).unwrap();
            }
            (Database::Postgres { .. }, server) => {
                let mut superuser = server.as_ref().unwrap().superuser();
                superuser.batch_execute(postgres).unwrap();
            }
        }
    }
}

impl Bench for Home {
    type Log = dyn Log;

    fn open(&self) -> Box<dyn Log> {
        self.database.open().unwrap()
    }

    fn open_reader(&self) -> Box<dyn Log> {
        self.database.open_reader().unwrap()
    }

    fn break_it(&self, mishap: Mishap) {
        match mishap {
            Mishap::NoRoom => self.tell(SQLITE_NO_ROOM, POSTGRES_NO_ROOM),
            Mishap::CommitFails => self.tell(SQLITE_COMMIT, POSTGRES_COMMIT),
            Mishap::LostInCommit => self.tell(SQLITE_COMMIT, POSTGRES_LOST),
        }
    }

    fn mend(&self, _: Mishap) {
        self.tell(SQLITE_MEND, POSTGRES_MEND);
    }
}
