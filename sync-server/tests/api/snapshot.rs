//! `GET /v1/stores/{store}/snapshot` and its chunks.

use std::io::Read as _;

use domain::id::Position;
use domain::ledger::{EntityKind, Ledger};
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::{Cursor, PullAnswer, Signed};
use domain::sync::page::PageName;
use domain::sync::server::snapshot::Limits;
use domain::sync::snapshot::{Chunk, Gone, Manifest, rows_in};
use ed25519_dalek::{Signature, VerifyingKey};
use flate2::read::GzDecoder;

use crate::device::{Device, sums_of};
use crate::server::{At as _, Folder, Server, order};

/// A shop that is large already with a few rows, cut into many chunks.
const LIMITS: Limits = Limits {
    rows: 3,
    chunk_bytes: 700,
    changes: 4,
    age: 900_000,
};

fn large_shop(folder: &Folder) -> Server {
    let server = Server::start(folder);
    server.shop.set_snapshot_limits(LIMITS);
    server.send_order(&order("A-1", 1));
    server
}

fn path(device: &Device, rest: &str) -> String {
    format!("/v1/stores/{}/{rest}", device.store)
}

fn manifest(device: &Device, server: &Server) -> Manifest {
    let signed: Signed = device.get(server.at(), &path(device, "snapshot")).cbor();
    let hash = Manifest::signed_hash(&signed.bytes);
    let key: [u8; 32] = device.server_key.as_slice().try_into().unwrap();
    let key = VerifyingKey::from_bytes(&key).unwrap();
    let signature = Signature::from_slice(&signed.signature).unwrap();
    key.verify_strict(&hash.0, &signature).unwrap();
    // A receipt's signature is never a manifest's.
    assert!(key.verify_strict(&signed.hash().0, &signature).is_err());
    minicbor::decode(&signed.bytes).unwrap()
}

fn chunk(device: &Device, server: &Server, chunk: &Chunk) -> Vec<u8> {
    let target = path(device, &format!("chunks/{}", chunk.hash));
    let answer = device.get(server.at(), &target);
    assert_eq!(answer.status, 200);
    let mut bytes = Vec::new();
    let mut packed = GzDecoder::new(&answer.body[..]);
    packed.read_to_end(&mut bytes).unwrap();
    assert!(chunk.is(&bytes));
    bytes
}

#[test]
fn a_fresh_device_of_a_large_shop_begins_with_a_snapshot_and_misses_nothing() {
    let folder = Folder::new();
    let server = large_shop(&folder);
    let mut device = Device::enrolled(&server);
    let answer = device.get(server.at(), &path(&device, "pull?snapshots=true"));
    assert_eq!(answer.status, 410);
    let gone: Gone = answer.cbor();

    let manifest = manifest(&device, &server);
    assert!(manifest.is_sound(device.store));
    assert_eq!(manifest.at.incarnation, gone.incarnation);
    assert!(manifest.root.is_some());
    assert!(manifest.chunks.len() > 3);
    // What happens meanwhile comes with the pull behind it.
    server.send_order(&order("A-2", 1));
    let mut ledger = Ledger::default();
    for name in &manifest.chunks {
        for row in rows_in(&chunk(&device, &server, name)).unwrap() {
            assert_ne!(row.key.kind, EntityKind::Customer);
            assert!(row.changed <= manifest.at.position);
            ledger.put(&row.key, row.bytes.as_ref().unwrap()).unwrap();
        }
    }
    device.ledger = ledger;
    device.cursor = manifest.at;
    let customers: Vec<PageName> = PageName::all_of(EntityKind::Customer).collect();
    let page = device.pull_whole(&server, manifest.at, &customers);
    assert!(!page.reset && !page.more);
    let cards = page.rows.iter();
    let cards = cards.filter(|row| row.key.kind == EntityKind::Customer && row.bytes.is_some());
    assert!(cards.count() >= 2);
    device.pull(&server);
    assert_eq!(Some(sums_of(&device.ledger).whole()), page.sum);
    assert_eq!(device.ledger.orders.len(), 2);
}

#[test]
fn a_snapshot_stays_the_same_until_much_has_changed() {
    let folder = Folder::new();
    let server = large_shop(&folder);
    let device = Device::enrolled(&server);
    let first = manifest(&device, &server);
    assert_eq!(manifest(&device, &server), first);
    for number in 2..8 {
        server.send_order(&order(&format!("A-{number}"), 1));
    }
    let second = manifest(&device, &server);
    assert!(second.at.position > first.at.position);
    // Whoever is in the middle of the first still gets its chunks.
    for name in &first.chunks {
        chunk(&device, &server, name);
    }
}

#[test]
fn the_folder_of_snapshots_may_be_deleted_at_any_time() {
    let folder = Folder::new();
    let server = large_shop(&folder);
    let device = Device::enrolled(&server);
    let first = manifest(&device, &server);
    std::fs::remove_dir_all(folder.data().snapshots()).unwrap();
    let target = path(&device, &format!("chunks/{}", first.chunks[0].hash));
    let denied = device.get(server.at(), &target);
    assert_eq!(denied.status, 404);
    assert_eq!(denied.cbor::<Denied>().code, DenialCode::NotFound);
    let again = manifest(&device, &server);
    assert_eq!(again.chunks, first.chunks);
    chunk(&device, &server, &again.chunks[0]);
}

#[test]
fn a_small_shop_and_a_device_that_takes_no_snapshot_are_served_page_by_page() {
    let folder = Folder::new();
    let server = large_shop(&folder);
    let device = Device::enrolled(&server);
    let page = device.pull_page(&server, Cursor::default());
    assert!(page.reset);
    server.shop.set_snapshot_limits(Limits::default());
    let answer = device.get(server.at(), &path(&device, "pull?snapshots=true"));
    assert_eq!(answer.status, 200);
    let page: PullAnswer = answer.cbor();
    assert!(page.reset && page.next.position > Position(0));
}

#[test]
fn names_that_are_no_chunk_are_not_looked_for() {
    let folder = Folder::new();
    let server = large_shop(&folder);
    let device = Device::enrolled(&server);
    for name in ["x", "..", "00", &"0".repeat(64), "%2e%2e%2fserver.key"] {
        let target = path(&device, &format!("chunks/{name}"));
        assert_eq!(device.get(server.at(), &target).status, 404, "{name}");
    }
}
