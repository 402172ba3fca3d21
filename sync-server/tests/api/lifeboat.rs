//! Acts that come in a file: by `custody lifeboat`, and in the hands of another device.

use std::process::{Command, Output};

use domain::event::SignedEvent;
use domain::id::Epoch;
use domain::sync::device::OutboxEntry;
use domain::sync::lifeboat::{Carried, Lifeboat};
use domain::sync::message::Cursor;
use domain::sync::relay::{Carrier, Effect, Fate, Input};
use sync_server::admin::channel::Channel;
use sync_server::admin::lock::DirLock;
use tokio::sync::watch;

use crate::device::{Device, web_order};
use crate::server::{Folder, OLD_JARS, Server, order};

/// A server that takes commands, and a device with two picks nobody else has seen.
fn with_picks(folder: &Folder) -> (Server, Device) {
    let server = Server::start(folder);
    server.send_order(&order("A-1", 2));
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    device.pick(web_order("A-1"), OLD_JARS);
    device.pick(web_order("A-1"), OLD_JARS);
    (server, device)
}

fn entries(epoch: Epoch, from: u64, events: &[SignedEvent]) -> Vec<OutboxEntry> {
    let numbered = (from..).zip(events);
    numbered
        .map(|(seq, event)| OutboxEntry {
            epoch,
            seq,
            event: event.clone(),
        })
        .collect()
}

/// The file a device would save, of its acts from a number on.
fn boat(device: &Device, from: usize) -> Lifeboat {
    let first = u64::try_from(from).unwrap();
    let acts = entries(device.chain.epoch(), first, &device.written[from..]);
    Lifeboat::of(device.store, device.id, 0, acts).named("Tablet 3")
}

/// Says `custody lifeboat` to a running server.
fn take(folder: &Folder, server: &Server, bytes: &[u8]) -> Output {
    let file = folder.path().join("tablet.lifeboat");
    std::fs::write(&file, bytes).unwrap();
    let dir = folder.data();
    let lock = DirLock::take(&dir).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (stop, stopping) = watch::channel(false);
    let channel = runtime.block_on(Channel::open(&dir)).unwrap();
    let serving = runtime.spawn(channel.serve(server.shop.clone(), stopping));
    let output = Command::new(env!("CARGO_BIN_EXE_custody"))
        .arg("lifeboat")
        .arg(&file)
        .arg("--data")
        .arg(dir.path())
        .output()
        .unwrap();
    stop.send_replace(true);
    runtime.block_on(serving).unwrap();
    drop(lock);
    output
}

fn lines(output: &Output) -> String {
    let told = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8(told).unwrap()
}

#[test]
fn a_file_brings_the_acts_of_a_tablet_that_never_came_back_and_brings_them_once() {
    let folder = Folder::new();
    let (server, device) = with_picks(&folder);
    let bytes = boat(&device, 0).to_bytes();
    let first = take(&folder, &server, &bytes);
    assert!(first.status.success(), "{}", lines(&first));
    let told = lines(&first);
    assert!(told.starts_with("4 acts of Tablet 3"), "{told}");
    assert!(told.contains("4 taken, 0 already there"), "{told}");
    assert_eq!(server.standing("A-1").json()["units_picked"], 2);
    let again = take(&folder, &server, &bytes);
    assert!(lines(&again).contains("0 taken, 4 already there"));
    assert_eq!(server.standing("A-1").json()["units_picked"], 2);
    // The tablet comes back after all: its receipts are those of before, and it may let its acts go.
    let answer = device.push_all(&server);
    assert_eq!(answer.chains[0].receipts.len(), 4);
    assert_eq!(server.standing("A-1").json()["units_picked"], 2);
}

#[test]
fn a_file_that_lacks_what_comes_before_is_not_taken_and_says_what_to_do() {
    let folder = Folder::new();
    let (server, device) = with_picks(&folder);
    let late = take(&folder, &server, &boat(&device, 2).to_bytes());
    assert!(!late.status.success());
    assert!(lines(&late).contains("2 not taken"), "{}", lines(&late));
    assert_eq!(server.standing("A-1").json()["units_picked"], 0);
    device.send(&server, &device.push_of(0, device.written[..2].to_vec()));
    let again = take(&folder, &server, &boat(&device, 2).to_bytes());
    assert!(again.status.success(), "{}", lines(&again));
    assert_eq!(server.standing("A-1").json()["units_picked"], 2);
}

#[test]
fn a_damaged_file_another_shops_and_a_changed_act_are_told_apart() {
    let folder = Folder::new();
    let (server, device) = with_picks(&folder);
    let bytes = boat(&device, 0).to_bytes();
    let cut = take(&folder, &server, &bytes[..bytes.len() - 9]);
    assert!(!cut.status.success());
    assert!(lines(&cut).contains("damaged"), "{}", lines(&cut));
    let elsewhere = Lifeboat {
        store: domain::id::StoreId([9; 16]),
        ..boat(&device, 0)
    };
    let refused = take(&folder, &server, &elsewhere.to_bytes());
    assert!(lines(&refused).contains("another shop's"));
    let head = *server.shop.head().borrow();
    // Whoever changes an act and makes the file whole again is found by the signature; what is before it counts.
    let mut changed = boat(&device, 0);
    let last = changed.parts[0].events.last_mut().unwrap();
    let end = last.bytes.len() - 1;
    last.bytes[end] ^= 1;
    let taken = take(&folder, &server, &changed.to_bytes());
    let told = lines(&taken);
    assert!(told.contains("3 taken"), "{told}");
    assert!(
        told.contains("1 kept aside (the signature is not the device's)"),
        "{told}"
    );
    assert!(*server.shop.head().borrow() > head);
    assert_eq!(server.standing("A-1").json()["units_picked"], 1);
    // The true act still finds its place.
    device.push_all(&server);
    assert_eq!(server.standing("A-1").json()["units_picked"], 2);
}

#[test]
fn another_device_carries_the_file_and_learns_what_became_of_each_act() {
    let folder = Folder::new();
    let (server, device) = with_picks(&folder);
    device.send(&server, &device.push_of(0, device.written[..1].to_vec()));
    let carrying = Device::enrolled(&server);
    let acts = Lifeboat::parse(&boat(&device, 0).to_bytes(), carrying.store)
        .unwrap()
        .into_acts();
    assert!(acts.iter().all(|act: &Carried| act.device == device.id));
    let mut carrier = Carrier::new(carrying.id, "test".to_owned());
    let mut fates = Vec::new();
    let mut next = Some(Input::Kept(acts));
    while let Some(input) = next.take() {
        for effect in carrier.step(input, Cursor::default(), 0) {
            match effect {
                Effect::Push(push) => next = Some(Input::Pushed(carrying.send(&server, &push))),
                Effect::Note(done) => {
                    fates.extend(done.into_iter().map(|one| one.fate));
                    next = Some(Input::Noted);
                }
                Effect::SetTimer(_) => {}
            }
        }
    }
    let (known, arrived) = (Fate::Known, Fate::Arrived);
    assert_eq!(fates, [known, arrived, arrived, arrived]);
    assert_eq!(carrier.carries(), 0);
    assert_eq!(server.standing("A-1").json()["units_picked"], 2);
}
