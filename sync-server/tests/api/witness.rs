//! Devices as witnesses: heads at the end of a pull, co-signatures, and what a device holds against a server.

use std::time::{Duration, Instant};

use domain::audit::checkpoint::{Contradiction, KeyRef, Note, Rewritten, Witness};
use domain::audit::merkle::{Tree, consistency_proof};
use domain::custody::exception::Rule;
use domain::facility::KeyKind;
use domain::id::Hash;
use domain::sync::message::{Cursor, Incarnation, PullAnswer, Seen};
use sync_server::audit::sign_head;
use sync_server::keys::signature::verifies;

use crate::audit::{export_by_command, verify};
use crate::device::{Device, Key};
use crate::server::{Folder, Server, order};

/// A device that witnesses.
struct Observer {
    device: Device,
    witness: Witness,
    signature: Option<Vec<u8>>,
}

impl Observer {
    fn enrolled(server: &Server, key: Key) -> Self {
        Self {
            device: Device::enrolled_with(server.address, key, ""),
            witness: Witness::default(),
            signature: None,
        }
    }

    /// The end of a pull by a device that says what it has seen.
    fn ask(&self, server: &Server) -> PullAnswer {
        let seen = Seen {
            size: self.witness.size,
            signature: self.signature.clone(),
        };
        self.device.pull_seeing(server, Cursor::default(), &seen)
    }

    /// Asks until the server's newest head covers the whole log, and co-signs each on the way.
    fn see(&mut self, server: &Server) -> Note {
        let head = server.shop.head().borrow().0;
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until {
            let answer = self.ask(server);
            if let Some(text) = &answer.head {
                let note = Note::parse(text).unwrap();
                self.look(server, &note, &answer.proof.unwrap_or_default());
                let is_on_it = note.witnesses().any(|device| device == self.device.id);
                if self.witness.size >= head && is_on_it {
                    return note;
                }
            }
        }
        panic!("no head covers the log, or the co-signature never came to stand on it");
    }

    fn look(&mut self, server: &Server, note: &Note, proof: &[Hash]) {
        let public = server.shop.keys().public();
        let log = KeyRef {
            kind: KeyKind::Ed25519,
            bytes: &public,
        };
        let vouched = note.clone().verify(log, |key, hash, signature| {
            verifies(key.kind, key.bytes, hash, signature)
        });
        let said = self.witness.advance(&vouched.unwrap(), proof).unwrap();
        self.signature = Some(self.device.key.sign(&said.claim.0));
    }
}

/// A device sees the log's newest head and signs that.
pub(crate) fn seen_by(server: &Server, device: Device) -> Device {
    let mut observer = Observer {
        device,
        witness: Witness::default(),
        signature: None,
    };
    observer.see(server);
    observer.device
}

#[test]
fn a_reader_that_does_not_ask_gets_no_head() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let page = device.pull_page(&server, Cursor::default());
    assert_eq!((page.head, page.proof), (None, None));
}

#[test]
fn each_head_goes_on_from_the_last_and_names_the_devices_that_have_seen_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut tablet = Observer::enrolled(&server, Key::ed25519());
    let mut phone = Observer::enrolled(&server, Key::p256());
    tablet.see(&server);
    let before = tablet.witness.size;
    server.send_order(&order("A-1", 1));
    tablet.see(&server);
    assert!(tablet.witness.size > before);
    let note = phone.see(&server);
    let named: Vec<_> = note.witnesses().collect();
    assert!(named.contains(&tablet.device.id) && named.contains(&phone.device.id));
    let seen = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(server.shop.witnesses())
        .unwrap();
    let size = |device: &Device| seen.iter().find(|one| one.device.id == device.id)?.size;
    assert_eq!(size(&tablet.device), Some(tablet.witness.size));
    assert_eq!(size(&phone.device), Some(phone.witness.size));
}

#[test]
fn the_bundle_names_the_witnesses_of_its_heads() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut tablet = Observer::enrolled(&server, Key::ed25519());
    tablet.see(&server);
    let seen = tablet.witness.size;
    server.send_order(&order("A-1", 1));
    let file = folder.path().join("audit.bundle");
    let (code, said) = export_by_command(&folder, &file);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = verify(&file, &[]);
    assert_eq!(code, Some(0), "{said}");
    let line = said
        .lines()
        .find(|line| line.starts_with(&format!("checkpoint {seen} events")));
    assert!(line.unwrap().contains("co-signed by Tablet 3"), "{said}");
}

#[test]
fn a_signature_that_is_not_the_devices_is_not_put_on_the_sheet() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut tablet = Observer::enrolled(&server, Key::ed25519());
    let mut liar = Observer::enrolled(&server, Key::ed25519());
    tablet.see(&server);
    liar.witness = tablet.witness.clone();
    liar.signature = Some(vec![1; 64]);
    for _ in 0..3 {
        liar.ask(&server);
    }
    // Whoever asks the writer now is answered after the liar's turn.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(server.shop.read(|_| ())).unwrap();
    let note = tablet.see(&server);
    assert!(note.witnesses().all(|device| device != liar.device.id));
    let odd = format!("/v1/stores/{}/pull?seen=1&signed=zz", server.store());
    assert_eq!(liar.device.get(server.address, &odd).status, 400);
}

/// A second sheet over as many events, by the server's own key.
fn other_history(server: &Server, seen: &Note) -> Note {
    let size = seen.checkpoint().size;
    let other: Tree = (0..size).map(|at| Hash::of(&[&at.to_be_bytes()])).collect();
    sign_head(
        server.shop.keys(),
        seen.checkpoint().origin,
        other.frontier(),
    )
}

#[test]
fn a_device_that_holds_a_proof_is_heard_and_a_manager_sees_an_exception() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut tablet = Observer::enrolled(&server, Key::ed25519());
    let seen = tablet.see(&server);
    let proof = |shown: &Note| Rewritten {
        how: Contradiction::TwoRoots,
        seen: seen.render(),
        shown: shown.render(),
        proof: Vec::new(),
    };
    let open = |device: &mut Device| {
        device.push_all(&server);
        device.pull(&server);
        let mut all = device.ledger.exceptions.values();
        let is_it = |one: &&domain::custody::exception::Exception| {
            one.rule == Rule::ServerRollback && one.device == device.id && !one.resolved
        };
        all.find(is_it).is_some()
    };
    // Two sheets that agree accuse nobody.
    tablet.device.write(proof(&seen).into());
    assert!(!open(&mut tablet.device));
    tablet
        .device
        .write(proof(&other_history(&server, &seen)).into());
    assert!(open(&mut tablet.device));
}

#[test]
fn a_head_of_a_life_before_is_not_shown_and_a_longer_reader_gets_no_proof() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut tablet = Observer::enrolled(&server, Key::ed25519());
    let note = tablet.see(&server);
    assert_ne!(note.checkpoint().origin.incarnation, Incarnation::default());
    // A device that has seen more than there is: it sees the shorter head, and that nothing leads to it.
    let seen = Seen {
        size: tablet.witness.size + 50,
        signature: None,
    };
    let answer = tablet.device.pull_seeing(&server, Cursor::default(), &seen);
    assert!(answer.head.is_some());
    assert_eq!(answer.proof, None);
    assert_eq!(consistency_proof(&Tree::default(), 1, 0), None);
}
