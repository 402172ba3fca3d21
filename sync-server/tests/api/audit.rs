//! `custody verify`: the bundle of a real shop's log, checked by the real program with nothing but the file.

use std::convert::Infallible;
use std::path::Path;
use std::process::{Command, Output};

use domain::audit::bundle::{Head, Register, Scope};
use domain::audit::checkpoint::{KeyRef, Note, Origin, Witness};
use domain::audit::merkle::{Leaf, Tree, consistency_proof};
use domain::code::Grade;
use domain::custody::exception::Exception;
use domain::custody::pick::PackagePicked;
use domain::event::{Body, Envelope, Kind};
use domain::facility::{KeyKind, LocationCode};
use domain::id::{Hash, Position};
use domain::sync::message::Recorded;
use serde_json::Value;
use sync_server::audit::{ExportFailed, export, facts, sign_head};
use sync_server::keys::signature::verifies;
use sync_server::log::{ChainKey, Logged};

use crate::device::{Device, Key, web_order};
use crate::server::{Folder, NEW_JARS, OLD_JARS, Server, order, tag};

/// What the server's log holds, and the tree over it.
struct Record {
    origin: Origin,
    events: Vec<Recorded>,
    exceptions: Vec<Exception>,
    tree: Tree,
    register: Register,
}

impl Record {
    fn of(server: &Server) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let head = server.shop.head().borrow().0;
        let events = runtime.block_on(server.shop.ask(move |log| {
            let at = |position| Ok(log.at(Position(position))?.unwrap());
            (1..=head).map(at).collect()
        }));
        let events: Vec<Recorded> = events.unwrap();
        let exceptions = server
            .shop
            .read(|ledger| ledger.exceptions.values().cloned().collect());
        let mut register = Register::default();
        for recorded in &events {
            let envelope = Envelope::parse(&recorded.event.bytes).unwrap();
            register.note(&Body::parse(envelope.kind, &envelope.body).unwrap());
        }
        let identity = server.shop.identity();
        Self {
            origin: Origin {
                store: identity.store,
                incarnation: identity.incarnation,
            },
            tree: events.iter().map(|event| Leaf::of(event).hash()).collect(),
            events,
            exceptions: runtime.block_on(exceptions).unwrap(),
            register,
        }
    }

    fn size(&self) -> u64 {
        self.tree.frontier().size()
    }

    /// Writes the bundle of everything, measured by the newest of some heads.
    fn write(&self, server: &Server, heads: &[&Note], file: &Path) {
        let heads = heads.iter().map(|note| Head {
            note: note.render(),
            proof: consistency_proof(&self.tree, note.checkpoint().size, self.size()).unwrap(),
        });
        let keys = server.shop.keys();
        let facts = facts(keys, self.origin, &self.register, Scope::Whole, 0);
        let events = self.events.iter().map(|recorded| {
            let envelope = Envelope::parse(&recorded.event.bytes).unwrap();
            Ok(Logged {
                recorded: recorded.clone(),
                chain: ChainKey {
                    device: envelope.device,
                    epoch: envelope.epoch,
                },
                seq: envelope.seq,
            })
        });
        let exceptions = self.exceptions.iter().cloned().map(Ok);
        let mut out = std::fs::File::create(file).unwrap();
        let contents = (facts, heads.collect());
        let done: Result<(), ExportFailed<Infallible>> =
            export(&mut out, keys, contents, &self.tree, events, exceptions);
        done.unwrap();
    }
}

/// A device sees a head, finds it in order and says so on it.
fn co_sign(
    device: &Device,
    witness: &mut Witness,
    note: &mut Note,
    server_key: &[u8],
    proof: &[Hash],
) {
    let log = KeyRef {
        kind: KeyKind::Ed25519,
        bytes: server_key,
    };
    let is_good = |key: KeyRef<'_>, hash: &Hash, signature: &[u8]| {
        verifies(key.kind, key.bytes, hash, signature)
    };
    let vouched = note.clone().verify(log, is_good).unwrap();
    let said = witness.advance(&vouched, proof).unwrap();
    let public = device.key.public();
    let key = KeyRef {
        kind: device.key.kind(),
        bytes: &public,
    };
    note.add_witness(device.id, key, &device.key.sign(&said.claim.0));
}

/// A shop in which two devices, one of either kind, picked an order; a head in between and one at the end.
fn shop_with_a_bundle(folder: &Folder, file: &Path) -> (Server, Record) {
    let server = Server::start(folder);
    let server_key = server.shop.keys().public();
    server.send_order(&order("A-1", 2));
    let mut tablet = Device::enrolled_with(server.address, Key::p256(), "");
    let mut phone = Device::enrolled(&server);
    tablet.take(&server, web_order("A-1"));
    tablet.pick(web_order("A-1"), OLD_JARS);
    tablet.push_all(&server);

    let before = Record::of(&server);
    let mut earlier = sign_head(server.shop.keys(), before.origin, before.tree.frontier());
    let mut seen = Witness::default();
    co_sign(&tablet, &mut seen, &mut earlier, &server_key, &[]);
    co_sign(
        &phone,
        &mut Witness::default(),
        &mut earlier,
        &server_key,
        &[],
    );

    tablet.pick(web_order("A-1"), OLD_JARS);
    // The phone has no lease; what it picks all the same is recorded with an exception.
    phone.pull(&server);
    phone.write(
        PackagePicked {
            order: web_order("A-1"),
            line: 1,
            tag: tag(NEW_JARS),
            unit: None,
            grade: Grade::Package,
            from: LocationCode::new("B-04-2"),
        }
        .into(),
    );
    phone.push_all(&server);
    tablet.push_all(&server);

    let record = Record::of(&server);
    let mut newest = sign_head(server.shop.keys(), record.origin, record.tree.frontier());
    let proof = consistency_proof(&record.tree, seen.size, record.size()).unwrap();
    co_sign(&tablet, &mut seen, &mut newest, &server_key, &proof);
    record.write(&server, &[&newest, &earlier], file);
    (server, record)
}

pub(crate) fn verify(file: &Path, more: &[&str]) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_custody"))
        .arg("verify")
        .arg(file)
        .args(more)
        .output()
        .unwrap();
    let said = [stdout, stderr].concat();
    (status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn a_real_shops_bundle_is_in_order_for_somebody_who_has_nothing_but_the_file() {
    let folder = Folder::new();
    let file = folder.path().join("audit.bundle");
    let (server, record) = shop_with_a_bundle(&folder, &file);
    server.stop();
    std::fs::remove_dir_all(folder.data().path()).unwrap();
    assert!(!record.exceptions.is_empty());
    let (code, said) = verify(&file, &[]);
    assert_eq!(code, Some(0), "{said}");
    for expected in [
        "Harbor Street, Harborlight Collective, license C10-0000000-LIC",
        "(whole log), by 3 devices",
        "Everything is in order.",
        &format!("checkpoint {} events", record.size()),
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    for more in [&["--json"][..], &["--json", "--runs"]] {
        let (code, said) = verify(&file, more);
        let found: Value = serde_json::from_str(&said).unwrap();
        assert_eq!((code, &found["ok"]), (Some(0), &Value::Bool(true)));
        assert_eq!(found["events"], record.size());
        assert_eq!(
            found["heads"][0]["co_signed_by"].as_array().unwrap().len(),
            1
        );
        assert_eq!(
            found["heads"][1]["co_signed_by"].as_array().unwrap().len(),
            2
        );
        assert_eq!(found["exceptions"], record.exceptions.len());
        assert_eq!(found["first_bad"], Value::Null);
    }
}

#[test]
fn the_event_that_breaks_a_bundle_is_named_and_the_program_ends_with_one() {
    let folder = Folder::new();
    let file = folder.path().join("audit.bundle");
    let (_server, record) = shop_with_a_bundle(&folder, &file);
    let good = std::fs::read(&file).unwrap();
    let picked = record.events.iter().rev().find(|recorded| {
        let envelope = Envelope::parse(&recorded.event.bytes).unwrap();
        envelope.kind.kind == Kind::PackagePicked.number()
    });
    let picked = picked.unwrap();
    let bytes = &picked.event.bytes;
    let at = good.windows(bytes.len()).position(|window| window == bytes);
    let mut bad = good.clone();
    bad[at.unwrap() + bytes.len() - 3] ^= 1;
    std::fs::write(&file, &bad).unwrap();
    let (code, said) = verify(&file, &["--json"]);
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(found["first_bad"]["position"], picked.position.0);
    assert_eq!(found["events"], picked.position.0 - 1);
    let (code, said) = verify(&file, &[]);
    let expected = format!("BROKEN at position {}", picked.position.0);
    assert!(code == Some(1) && said.contains(&expected), "{said}");

    std::fs::write(&file, &good[..good.len() / 2]).unwrap();
    let (code, said) = verify(&file, &[]);
    assert!(
        code == Some(1) && said.contains("the file ends early"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_no_bundle_or_is_not_there_ends_the_program_with_two() {
    let folder = Folder::new();
    let file = folder.path().join("orders.json");
    let (code, said) = verify(&file, &[]);
    assert!(code == Some(2) && said.contains("cannot be read"), "{said}");
    std::fs::write(&file, "{}").unwrap();
    for more in [&[][..], &["--json"], &["--runs"]] {
        let (code, said) = verify(&file, more);
        assert!(
            code == Some(2) && said.contains("no audit bundle"),
            "{said}"
        );
    }
}

/// Writes the bundle with the command, as whoever answers the auditor does.
pub(crate) fn export_by_command(folder: &Folder, file: &Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_custody"))
        .arg("audit")
        .arg("--data")
        .arg(folder.data().path())
        .arg(file)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn the_bundle_of_a_running_server_is_in_order_and_any_byte_turned_over_in_it_is_found() {
    let folder = Folder::new();
    let (_server, record) = shop_with_a_bundle(&folder, &folder.path().join("made-by-hand"));
    let file = folder.path().join("by-command.bundle");
    let (code, said) = export_by_command(&folder, &file);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = verify(&file, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains(&format!("checkpoint {} events", record.size())),
        "{said}"
    );
    let (code, said) = export_by_command(&folder, &file);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("--force"), "{said}");

    let good = std::fs::read(&file).unwrap();
    let spoilt = folder.path().join("spoilt.bundle");
    for byte in (0..good.len()).step_by(good.len() / 12) {
        let mut bytes = good.clone();
        bytes[byte] ^= 0x10;
        std::fs::write(&spoilt, bytes).unwrap();
        let (code, said) = verify(&spoilt, &[]);
        assert_ne!(code, Some(0), "byte {byte}: {said}");
    }
}

#[test]
fn a_log_older_than_its_tree_grows_one_when_the_server_starts() {
    let folder = Folder::new();
    let (server, record) = shop_with_a_bundle(&folder, &folder.path().join("made-by-hand"));
    let token = server.stop();
    let database = rusqlite::Connection::open(folder.data().database()).unwrap();
    database.execute("DELETE FROM tree_node", ()).unwrap();
    drop(database);
    let file = folder.path().join("audit.bundle");
    let (code, said) = export_by_command(&folder, &file);
    assert_eq!(code, Some(1), "{said}");
    let _server = Server::open(&folder, token, true);
    let (code, said) = export_by_command(&folder, &file);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = verify(&file, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains(&format!("checkpoint {} events", record.size())),
        "{said}"
    );
}

#[test]
fn a_bundle_is_held_against_an_earlier_one_that_was_kept() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let (server, _) = shop_with_a_bundle(&folder, &folder.path().join("made-by-hand"));
    let [earlier, later] = ["earlier", "later"].map(|name| folder.path().join(name));
    assert_eq!(export_by_command(&folder, &earlier).0, Some(0));
    server.send_order(&order("A-9", 1));
    assert_eq!(export_by_command(&folder, &later).0, Some(0));
    let since = |file: &Path, kept: &Path| verify(file, &["--since", kept.to_str().unwrap()]);
    let (code, said) = since(&later, &earlier);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("The log goes on from the"), "{said}");
    // A log that is shorter than it was, or another shop's.
    let (code, said) = since(&earlier, &later);
    assert!(code == Some(1) && said.contains("BROKEN"), "{said}");
    let other = elsewhere.path().join("other");
    shop_with_a_bundle(&elsewhere, &other);
    let (code, said) = since(&other, &earlier);
    assert!(code == Some(1) && said.contains("BROKEN"), "{said}");
    // An earlier bundle that is none, or not in order, proves nothing.
    std::fs::write(&other, &std::fs::read(&earlier).unwrap()[..9_000]).unwrap();
    let (code, said) = since(&later, &other);
    assert!(code == Some(1) && said.contains("not in order"), "{said}");
    std::fs::write(&other, "{}").unwrap();
    assert_eq!(since(&later, &other).0, Some(2));
}
