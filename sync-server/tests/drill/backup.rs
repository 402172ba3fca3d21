//! What a backup is, what it is not, and when a restore says no.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use sync_server::keys::ServerKeys;

use crate::command::{custody, refused};
use crate::device::{Device, web_order};
use crate::journal::open;
use crate::program::Program;
use crate::server::{ANA_PIN, Folder, NEW_JARS, Server, make_shop, order};

fn bytes_contain(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn litter(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| {
        let name = path.to_string_lossy();
        name.contains(".partial") || name.contains(".restoring")
    });
    names
}

/// A shop with an order, backed up; the server is stopped.
fn backed_up(folder: &Folder) -> PathBuf {
    let server = Server::start(folder);
    server.send_order(&order("A-1", 2));
    server.stop();
    let file = folder.path().join("backup");
    custody(&["backup"], &file, folder);
    file
}

/// Ends the pushing, also when a claim fails.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn backups_made_while_devices_push_are_each_the_log_of_one_moment() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 8));
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    let token = server.stop();
    let program = Program::start(&folder, &[]);
    let file = folder.path().join("busy");
    let (done, pushed) = (
        AtomicBool::new(false),
        std::sync::atomic::AtomicUsize::new(0),
    );
    let path = format!("/v1/stores/{}/push", device.store);
    std::thread::scope(|scope| {
        let _done = Done(&done);
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let actor = crate::server::ANA;
                device.write(domain::custody::sign_in::ActorSignedOut { actor }.into());
                let from = device.written.len() - 1;
                let from = if from < 3 { 0 } else { from };
                let body = domain::event::encode(&device.push_from(from));
                device.believe(&device.post(program.address, &path, &body));
                pushed.fetch_add(1, Ordering::Relaxed);
            }
        });
        let before = pushed.load(Ordering::Relaxed);
        for _ in 0..6 {
            custody(&["backup", "--force"], &file, &folder);
            let copy = open(&file);
            let living = open(&folder.data().database());
            let mut rows = copy.prepare("SELECT position, hash FROM event").unwrap();
            let rows = rows
                .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap();
            let mut last = 0;
            for row in rows {
                let (position, hash): (i64, [u8; 32]) = row.unwrap();
                let there: [u8; 32] = living
                    .query_row(
                        "SELECT hash FROM event WHERE position = ?1",
                        [position],
                        |row| row.get(0),
                    )
                    .unwrap();
                assert_eq!((position, hash), (last + 1, there));
                last = position;
            }
            assert!(last > 4);
        }
        assert!(
            pushed.load(Ordering::Relaxed) > before + 6,
            "nobody was held up"
        );
    });
    drop(program);
    assert_eq!(litter(folder.path()), Vec::<PathBuf>::new());
    // What was killed without being tidied up is in a backup too.
    custody(&["backup", "--force"], &file, &folder);
    let events = |path: &Path| -> i64 {
        open(path)
            .query_row("SELECT count(*) FROM event", (), |row| row.get(0))
            .unwrap()
    };
    assert_eq!(events(&file), events(&folder.data().database()));
    Server::open(&folder, token, false).stop();
}

#[test]
fn a_backup_holds_no_secret_in_clear_and_nothing_of_a_customer_who_was_erased() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let mut cancelled = order("A-1", 2);
    cancelled["status"] = "cancelled".into();
    let answer = server.send_order(&cancelled);
    let token = server.stop();
    let living = Connection::open(folder.data().database()).unwrap();
    let key: Vec<u8> = living
        .query_row("SELECT key FROM customer_key", (), |row| row.get(0))
        .unwrap();
    drop(living);
    let before = folder.path().join("before");
    custody(&["backup"], &before, &folder);
    let seed = std::fs::read(folder.data().key_file()).unwrap();
    let backup = std::fs::read(&before).unwrap();
    for secret in [
        seed.as_slice(),
        "Lanternwright".as_bytes(),
        b"5555550100",
        b"1980-02-29",
        ANA_PIN.as_bytes(),
        token.as_bytes(),
    ] {
        assert!(!bytes_contain(&backup, secret));
    }
    assert!(
        bytes_contain(&backup, &key),
        "without the erasure it is there"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&before).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let erased = web_order("A-1").to_string();
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_custody"))
        .args(["order", "erase-customer", &erased, "--data"])
        .arg(folder.data().path())
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?} {}", answer.json());
    let after = folder.path().join("after");
    custody(&["backup"], &after, &folder);
    assert!(!bytes_contain(&std::fs::read(&after).unwrap(), &key));
}

#[test]
fn a_backup_replaces_an_earlier_one_only_when_told_to_and_never_lies_beside_its_key() {
    let folder = Folder::new();
    let file = backed_up(&folder);
    let first = std::fs::read(&file).unwrap();
    let told = refused(&["backup"], &file, &folder);
    assert!(told.contains("--force"), "{told}");
    assert_eq!(std::fs::read(&file).unwrap(), first);
    custody(&["backup", "--force"], &file, &folder);
    assert_ne!(std::fs::read(&file).unwrap(), first);
    for name in ["custody.sqlite", "server.key", "copy"] {
        let inside = folder.data().path().join(name);
        let told = refused(&["backup", "--force"], &inside, &folder);
        assert!(told.contains("elsewhere"), "{told}");
    }
    let nowhere = folder.path().join("no-such-folder").join("copy");
    assert!(refused(&["backup"], &nowhere, &folder).contains("no folder"));
    Server::open(&folder, String::new(), false).stop();
}

#[test]
fn a_restore_wants_the_key_that_fits_and_says_which_one_it_has() {
    let folder = Folder::new();
    let file = backed_up(&folder);
    let right = std::fs::read(folder.data().key_file()).unwrap();
    std::fs::remove_file(folder.data().key_file()).unwrap();
    let told = refused(&["restore", "--force"], &file, &folder);
    assert!(told.contains("never in a backup"), "{told}");
    ServerKeys::create(&folder.data().key_file()).unwrap();
    let told = refused(&["restore", "--force"], &file, &folder);
    assert!(told.contains("was made with the key"), "{told}");
    assert_eq!(litter(folder.data().path()), Vec::<PathBuf>::new());

    // A new machine: nothing but the key.
    std::fs::remove_dir_all(folder.data().path()).unwrap();
    std::fs::create_dir(folder.data().path()).unwrap();
    std::fs::write(folder.data().key_file(), right).unwrap();
    custody(&["restore"], &file, &folder);
    let server = Server::open(&folder, String::new(), true);
    Device::enrolled(&server).pull(&server);
    server.stop();
}

#[test]
fn what_is_damaged_changed_or_no_backup_is_not_restored() {
    let folder = Folder::new();
    let file = backed_up(&folder);
    let living = std::fs::read(folder.data().database()).unwrap();
    let spoiled = folder.path().join("spoiled");
    let spoil = |statement: &str| {
        std::fs::copy(&file, &spoiled).unwrap();
        Connection::open(&spoiled)
            .unwrap()
            .execute_batch(statement)
            .unwrap();
        refused(&["restore", "--force"], &spoiled, &folder)
    };
    for (statement, word) in [
        (
            "UPDATE entity SET changed = changed + 1 WHERE kind = 7",
            "not what was backed up",
        ),
        (
            "UPDATE event SET bytes = x'00' WHERE position = 3",
            "not the one that was recorded",
        ),
        (
            "DELETE FROM event WHERE position = 2",
            "place in the log is missing",
        ),
        ("DELETE FROM meta WHERE name = 'backup'", "was not made by"),
        (
            "UPDATE meta SET value = x'00' WHERE name = 'backup'",
            "changed after it was made",
        ),
    ] {
        let told = spoil(statement);
        assert!(told.contains(word), "{statement}: {told}");
    }
    // What it says of itself, as plausible as it may be.
    std::fs::copy(&file, &spoiled).unwrap();
    let lying = Connection::open(&spoiled).unwrap();
    let note = "SELECT value FROM meta WHERE name = 'backup'";
    let mut note: Vec<u8> = lying.query_row(note, (), |row| row.get(0)).unwrap();
    let build = env!("CARGO_PKG_VERSION").as_bytes();
    let at = note.windows(build.len()).position(|part| part == build);
    note[at.unwrap()] += 1;
    lying
        .execute("UPDATE meta SET value = ?1 WHERE name = 'backup'", [note])
        .unwrap();
    drop(lying);
    let told = refused(&["restore", "--force"], &spoiled, &folder);
    assert!(told.contains("changed after it was made"), "{told}");
    // A letter on the disk, wherever it stands, that SQLite's own check does not see.
    let mut bytes = std::fs::read(&file).unwrap();
    for at in 0..bytes.len() - 8 {
        if bytes[at..].starts_with(b"Harborli") {
            bytes[at] = b'K';
        }
    }
    std::fs::write(&spoiled, bytes).unwrap();
    let told = refused(&["restore", "--force"], &spoiled, &folder);
    assert!(told.contains("is damaged"), "{told}");
    std::fs::write(&spoiled, b"not a database, whatever its name is").unwrap();
    let told = refused(&["restore", "--force"], &spoiled, &folder);
    assert!(told.contains("not a backup"), "{told}");
    assert_eq!(std::fs::read(folder.data().database()).unwrap(), living);
    assert_eq!(litter(folder.data().path()), Vec::<PathBuf>::new());
    custody(&["restore", "--force"], &file, &folder);
}

#[test]
fn another_shop_or_an_unreadable_one_is_replaced_only_when_told_to() {
    let folder = Folder::new();
    let file = backed_up(&folder);
    let key = std::fs::read(folder.data().key_file()).unwrap();
    std::fs::write(folder.data().database(), b"a disk that died").unwrap();
    let told = refused(&["restore"], &file, &folder);
    assert!(told.contains("nobody knows whether it is newer"), "{told}");
    custody(&["restore", "--force"], &file, &folder);

    let other = Folder::new();
    make_shop(&other.data());
    std::fs::write(other.data().key_file(), key).unwrap();
    let told = refused(&["restore"], &file, &other);
    assert!(told.contains("holds another shop"), "{told}");
    // The same backup again over itself is nothing newer.
    custody(&["restore"], &file, &folder);
    let server = Server::open(&folder, String::new(), true);
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    assert!(
        device
            .ledger
            .packages
            .contains_key(&crate::server::tag(NEW_JARS))
    );
    server.stop();
}

#[test]
fn a_write_ahead_log_whose_database_is_gone_is_not_taken_for_that_of_the_restored_one() {
    let folder = Folder::new();
    let file = backed_up(&folder);
    let server = Server::open(&folder, String::new(), true);
    let mut device = Device::enrolled(&server);
    server.stop();
    let program = Program::start(&folder, &[]);
    let path = format!("/v1/stores/{}/push", device.store);
    let body = domain::event::encode(&device.push_from(0));
    device.believe(&device.post(program.address, &path, &body));
    drop(program);
    // As a restore leaves it that dies between two files.
    let wal = folder.data().path().join("custody.sqlite-wal");
    let tail = std::fs::read(&wal).unwrap();
    assert!(!tail.is_empty());
    std::fs::remove_file(folder.data().database()).unwrap();
    custody(&["restore"], &file, &folder);
    assert!(!wal.exists());
    let events = |path: &Path| -> i64 {
        open(path)
            .query_row("SELECT count(*) FROM event", (), |row| row.get(0))
            .unwrap()
    };
    assert_eq!(events(&folder.data().database()), events(&file));
    let entries = std::fs::read_dir(folder.data().path()).unwrap();
    let kept = entries.map(|entry| entry.unwrap().path().join("custody.sqlite-wal"));
    let kept: Vec<PathBuf> = kept.filter(|path| path.exists()).collect();
    assert_eq!(std::fs::read(&kept[0]).unwrap(), tail);
    let server = Server::open(&folder, String::new(), true);
    device = Device::enrolled(&server);
    device.pull(&server);
    server.stop();
}
