//! `custody doctor`: each thing it looks at, broken once.

use std::fs;
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;
use sync_server::admin::channel::Channel;
use sync_server::admin::doctor::{Around, Finding, Verdict, examine, whole, worst};
use sync_server::clock;
use sync_server::config::DataDir;
use sync_server::tls::Files;
use sync_server::tls::authority::create;
use tokio::sync::watch;

use crate::device::Device;
use crate::server::{Folder, Server, make_shop};

const DAY: i64 = 86_400_000;
const ROOM: u64 = 100_000_000_000;

/// A shop with an authority, of which a backup was made, and whose server does not run.
struct Shop {
    folder: Folder,
    dir: DataDir,
    around: Around,
}

impl Shop {
    fn new() -> Self {
        let folder = Folder::new();
        let dir = folder.data();
        let token = make_shop(&dir);
        // Some facts, and a device that asks for a signed head.
        let server = Server::open_in(&dir, token, true);
        let mut device = Device::enrolled(&server);
        device.push_all(&server);
        device.pull(&server);
        server.stop();
        let now = clock::now_ms();
        create(&Files::of(&dir), &["shop.lan".parse().unwrap()], false, now).unwrap();
        let backup = folder.path().join("backup");
        let made = sync_server::admin::backup::make(&dir, &backup, false, &|_| ()).unwrap();
        assert!(made.is_done);
        let around = Around {
            now: clock::now_ms(),
            free: Some(ROOM),
        };
        Self {
            folder,
            dir,
            around,
        }
    }

    fn examined(&self) -> Vec<Finding> {
        examine(&self.dir, self.around)
    }

    /// What is said of one thing.
    fn found(&self, check: &str) -> Finding {
        let mut found = self.examined().into_iter();
        found.find(|finding| finding.check == check).unwrap()
    }

    #[track_caller]
    fn expect(&self, check: &str, verdict: Verdict, said: &str) {
        let found = self.found(check);
        assert_eq!(found.verdict, verdict, "{found:?}");
        assert!(found.said.contains(said), "{found:?}");
        assert_eq!(found.next.is_empty(), verdict == Verdict::Ok, "{found:?}");
    }

    fn change(&self, sql: &str) {
        let file = Connection::open(self.dir.database()).unwrap();
        file.execute_batch(sql).unwrap();
    }

    /// Runs the command; what it ends with, and what it prints.
    fn doctor(&self, words: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_custody"));
        command
            .arg("doctor")
            .args(words)
            .arg("--data")
            .arg(self.dir.path());
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), said)
    }
}

#[test]
fn of_a_good_shop_only_that_nobody_serves_it_is_found() {
    let shop = Shop::new();
    for finding in shop.examined() {
        let expected = match finding.check {
            "server" => Verdict::Warn,
            _ => Verdict::Ok,
        };
        assert_eq!(finding.verdict, expected, "{finding:?}");
    }
    shop.expect("database", Verdict::Ok, "synchronous FULL");
    shop.expect("log", Verdict::Ok, "the head signed at");
    shop.expect("certificate", Verdict::Ok, "shop.lan, until ");
    shop.expect("server", Verdict::Warn, "none runs");
}

#[test]
fn it_looks_while_the_server_runs_and_changes_nothing() {
    let shop = Shop::new();
    let server = Server::open_in(&shop.dir, String::new(), true);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (stop, stopping) = watch::channel(false);
    let channel = runtime.block_on(Channel::open(&shop.dir)).unwrap();
    let serving = runtime.spawn(channel.serve(server.shop.clone(), stopping));
    let device = Device::enrolled(&server);
    for _ in 0..3 {
        shop.expect("server", Verdict::Ok, "takes commands");
        shop.expect("log", Verdict::Ok, "facts");
    }
    assert_eq!(device.push_all(&server).chains[0].next, 2);
    stop.send_replace(true);
    runtime.block_on(serving).unwrap();
    // As after a power cut: the word where it was is still there.
    shop.expect("server", Verdict::Warn, "without being asked");
}

#[test]
fn the_command_ends_with_how_bad_it_is() {
    let shop = Shop::new();
    let (code, said) = shop.doctor(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.lines().count() > 9, "{said}");
    assert!(
        said.contains("\nwarn  server           none runs. Do: "),
        "{said}"
    );
    let (code, json) = shop.doctor(&["--json"]);
    assert_eq!(code, 1);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "warn");
    assert_eq!(json["checks"][0]["check"], "configuration");
    assert_eq!(json["checks"][0]["verdict"], "ok");

    fs::remove_file(shop.dir.key_file()).unwrap();
    let (code, said) = shop.doctor(&[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("bad   server key"), "{said}");
}

#[test]
fn a_directory_without_a_shop_is_bad_and_nothing_is_made_in_it() {
    let folder = Folder::new();
    let around = Around {
        now: clock::now_ms(),
        free: None,
    };
    let found = examine(&folder.data(), around);
    assert_eq!(worst(&found), Verdict::Bad);
    assert!(!folder.data().path().exists());
}

#[test]
fn a_directory_and_a_command_line_that_do_not_agree_are_named() {
    let shop = Shop::new();
    fs::write(shop.dir.store_file(), "0".repeat(32)).unwrap();
    shop.expect("configuration", Verdict::Bad, "PostgreSQL");
    fs::write(shop.dir.store_file(), "no identifier").unwrap();
    shop.expect("configuration", Verdict::Bad, "store.id");
}

#[cfg(unix)]
#[test]
fn files_that_others_can_read_are_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::new();
    let set = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set(shop.dir.path(), 0o755);
    shop.expect("directory", Verdict::Warn, "can read");
    set(shop.dir.path(), 0o770);
    shop.expect("directory", Verdict::Bad, "can change");
    set(shop.dir.path(), 0o700);
    shop.expect("directory", Verdict::Ok, "only its own user");
    let tls = Files::of(&shop.dir);
    for (check, path) in [
        ("server key", shop.dir.key_file()),
        ("authority key", tls.authority_key()),
        ("certificate key", tls.server()),
    ] {
        set(&path, 0o640);
        shop.expect(check, Verdict::Bad, "can read");
        assert!(shop.found(check).next.contains("chmod 600"));
        set(&path, 0o600);
        shop.expect(check, Verdict::Ok, "");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_belongs_to_another_user_is_named() {
    let shop = Shop::new();
    let key = shop.dir.key_file();
    // Only root gives files away.
    if std::os::unix::fs::chown(&key, Some(12_345), None).is_err() {
        return;
    }
    shop.expect("server key", Verdict::Bad, "another user");
    assert!(shop.found("server key").next.contains("chown"));
}

#[test]
fn a_file_of_a_later_version_is_named_and_no_backup_asked_for() {
    let shop = Shop::new();
    shop.change("PRAGMA user_version = 9999");
    shop.expect("database", Verdict::Bad, "shape 9999");
    let next = shop.found("database").next;
    assert!(
        next.contains("install") && !next.contains("custody restore"),
        "{next}"
    );
}

#[test]
fn a_key_that_is_broken_or_anothers_is_named() {
    let (shop, other) = (Shop::new(), Shop::new());
    fs::copy(other.dir.key_file(), shop.dir.key_file()).unwrap();
    shop.expect("server key", Verdict::Ok, "");
    shop.expect("log", Verdict::Bad, "another key");
    fs::write(shop.dir.key_file(), "short").unwrap();
    shop.expect("server key", Verdict::Bad, "not a server key");
}

#[test]
fn a_log_that_was_changed_is_named() {
    let shop = Shop::new();
    shop.change("UPDATE event SET recorded_at = recorded_at - 1 WHERE position = 3");
    shop.expect("log", Verdict::Bad, "the fact at 3");
    let shop = Shop::new();
    shop.change("UPDATE tree_node SET hash = zeroblob(32) WHERE level > 0");
    shop.expect("log", Verdict::Bad, "signed over");
    let shop = Shop::new();
    shop.change("DELETE FROM event WHERE position = 2");
    shop.expect("log", Verdict::Bad, "the fact at 2");
    let shop = Shop::new();
    shop.change("UPDATE tree_head SET note = 'x'");
    shop.expect("log", Verdict::Bad, "not signed by this server");
}

#[test]
fn a_database_that_is_damaged_or_does_not_keep_its_word_is_named() {
    let shop = Shop::new();
    shop.change("PRAGMA journal_mode = DELETE");
    shop.expect("database", Verdict::Warn, "WAL");
    fs::write(shop.dir.database(), vec![7; 9_000]).unwrap();
    shop.expect("database", Verdict::Bad, "");
    shop.expect("log", Verdict::Bad, "");
}

#[test]
fn a_certificate_that_ends_is_missing_or_names_nobody_the_tablets_believe_is_named() {
    let mut shop = Shop::new();
    let now = shop.around.now;
    for (days, verdict, said) in [
        (360, Verdict::Ok, "shop.lan"),
        (370, Verdict::Warn, "it ends at"),
        (400, Verdict::Bad, "it ended at"),
        (4_000, Verdict::Bad, "the authority ended"),
        (-5, Verdict::Bad, "begins to hold"),
    ] {
        shop.around.now = now + days * DAY;
        shop.expect("certificate", verdict, said);
    }
    shop.around.now = now;
    // Of an authority that was made for another shop.
    let other = Folder::new();
    let files = Files::of(&other.data());
    create(&files, &["shop.example".parse().unwrap()], false, now).unwrap();
    let own = Files::of(&shop.dir);
    fs::copy(files.server(), own.server()).unwrap();
    shop.expect("certificate", Verdict::Bad, "not made for shop.example");
    fs::write(own.server(), "half").unwrap();
    shop.expect("certificate", Verdict::Bad, "holds no certificate");
    fs::remove_dir_all(shop.dir.tls()).unwrap();
    shop.expect("certificate", Verdict::Ok, "none of its own");
}

#[test]
fn a_clock_that_went_back_is_named() {
    let mut shop = Shop::new();
    let now = shop.around.now;
    shop.around.now = now - 3_600_000;
    shop.expect("clock", Verdict::Bad, "the newest fact was recorded at");
    shop.around.now = 946_684_800_000;
    shop.expect("clock", Verdict::Bad, "long ago");
    shop.around.now = now;
    let hour = std::time::Duration::from_secs(3_600);
    let file = fs::File::create(shop.dir.path().join("notes")).unwrap();
    file.set_modified(std::time::SystemTime::now() + hour)
        .unwrap();
    shop.expect("clock", Verdict::Warn, "files were changed at");
}

#[test]
fn a_disk_that_fills_up_is_named() {
    let mut shop = Shop::new();
    shop.around.free = Some(1_500_000_000);
    shop.expect("disk", Verdict::Warn, "1500 MB");
    shop.around.free = Some(100_000_000);
    shop.expect("disk", Verdict::Bad, "100 MB");
    shop.around.free = None;
    shop.expect("disk", Verdict::Ok, "does not say");
    assert!(Around::here(&shop.dir).free.is_some());
}

#[test]
fn a_backup_that_is_old_or_was_never_made_is_named() {
    let mut shop = Shop::new();
    let now = shop.around.now;
    let file = shop.folder.path().join("backup");
    shop.expect("backup", Verdict::Ok, file.to_str().unwrap());
    shop.around.now = now + 2 * DAY;
    shop.expect("backup", Verdict::Warn, "was made at");
    shop.around.now = now + 8 * DAY;
    shop.expect("backup", Verdict::Bad, "was made at");
    fs::remove_file(shop.dir.last_backup()).unwrap();
    shop.expect("backup", Verdict::Warn, "none was made");
}

#[test]
fn a_row_that_the_log_does_not_come_to_is_found_and_named() {
    let shop = Shop::new();
    let found = whole(&shop.dir);
    assert_eq!(found.verdict, Verdict::Ok, "{found:?}");
    assert!(found.said.contains("rows are as the"), "{found:?}");
    for (sql, named) in [
        // A package gets the row of another one.
        (
            "UPDATE entity SET bytes = (SELECT bytes FROM entity WHERE kind = 7 ORDER BY id LIMIT 1 OFFSET 1)
             WHERE kind = 7 AND id = (SELECT min(id) FROM entity WHERE kind = 7)",
            "package 1A4",
        ),
        // A person has never been there.
        (
            "UPDATE entity SET bytes = NULL WHERE kind = 2 AND id = (SELECT max(id) FROM entity WHERE kind = 2)",
            "person ",
        ),
        // A shelf is there that nobody ever put up.
        (
            "INSERT INTO entity (kind, id, changed, bytes)
             SELECT 5, x'6358583d', changed, bytes FROM entity WHERE kind = 5 LIMIT 1",
            "shelf XX=",
        ),
    ] {
        let kept = fs::read(shop.dir.database()).unwrap();
        shop.change(sql);
        shop.change("PRAGMA wal_checkpoint(TRUNCATE)");
        let found = whole(&shop.dir);
        assert_eq!(found.verdict, Verdict::Bad, "{sql}: {found:?}");
        assert!(found.said.starts_with("1 of the rows"), "{found:?}");
        assert!(found.said.contains(named), "{found:?}");
        fs::write(shop.dir.database(), kept).unwrap();
        assert_eq!(whole(&shop.dir).verdict, Verdict::Ok);
    }
    let (code, said) = shop.doctor(&["--whole"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("\nok    state "), "{said}");
}
