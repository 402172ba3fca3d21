//! `POST /v1/stores/{store}/push`: events that cannot be read or trusted are kept whole, and stop nobody.

use domain::custody::set_up::ActorAdded;
use domain::custody::sign_in::ActorSignedOut;
use domain::event::{Envelope, KindVersion, SignedEvent};
use domain::facility::{Actor, Role};
use domain::id::{ActorId, Position, StoreId};
use domain::sync::message::{ChainAnswer, Outcome, QuarantineReason};

use crate::device::Device;
use crate::server::{ANA, Folder, Server};

fn write(device: &mut Device) -> SignedEvent {
    device.write(ActorSignedOut { actor: ANA }.into())
}

fn reasons(answer: &ChainAnswer) -> Vec<Option<QuarantineReason>> {
    answer
        .receipts
        .iter()
        .map(|receipt| match receipt.outcome {
            Outcome::Quarantined(reason) => Some(reason),
            Outcome::Applied | Outcome::AppliedWithExceptions(_) => None,
        })
        .collect()
}

fn aside(server: &Server) -> u64 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let count = server.shop.ask(|log| log.aside());
    runtime.block_on(count).unwrap()
}

/// The device's third event with a change, and a fourth that follows it.
fn changed_third(device: &mut Device, change: impl FnOnce(&mut Envelope)) -> Vec<SignedEvent> {
    let third = write(device);
    let mut envelope = Envelope::parse(&third.bytes).unwrap();
    change(&mut envelope);
    let third = device.signed(envelope.to_bytes());
    let fourth = write(device);
    let mut envelope = Envelope::parse(&fourth.bytes).unwrap();
    envelope.prev = third.hash();
    let fourth = device.signed(envelope.to_bytes());
    vec![
        device.written[0].clone(),
        device.written[1].clone(),
        third,
        fourth,
    ]
}

#[test]
fn a_body_nobody_can_read_is_kept_in_its_place_and_the_next_event_applies() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let events = changed_third(&mut device, |envelope| envelope.body = vec![0xff, 0x00]);
    let answer = device.send(&server, &device.push_of(0, events.clone()));
    let chain = &answer.chains[0];
    let unreadable = Some(QuarantineReason::Unreadable);
    assert_eq!(reasons(chain), [None, None, unreadable, None]);
    assert_eq!((chain.next, chain.head), (4, events[3].hash()));
    assert!(
        chain
            .receipts
            .iter()
            .all(|receipt| receipt.position > Position(0))
    );
    assert_eq!(aside(&server), 0);
}

#[test]
fn a_kind_newer_than_the_server_is_kept_in_its_place() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let events = changed_third(&mut device, |envelope| {
        envelope.kind = KindVersion {
            kind: 9_999,
            version: 1,
        };
    });
    let answer = device.send(&server, &device.push_of(0, events));
    let unknown = Some(QuarantineReason::UnknownKind);
    assert_eq!(reasons(&answer.chains[0]), [None, None, unknown, None]);
}

#[test]
fn bytes_that_are_no_envelope_are_kept_in_their_place_when_the_device_signed_them() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let garbage = device.signed(b"no envelope at all".to_vec());
    let fourth = write(&mut device);
    let mut envelope = Envelope::parse(&fourth.bytes).unwrap();
    envelope.seq = 3;
    envelope.prev = garbage.hash();
    let fourth = device.signed(envelope.to_bytes());
    let mut events = device.written[..2].to_vec();
    events.extend([garbage, fourth]);
    let answer = device.send(&server, &device.push_of(0, events));
    let unreadable = Some(QuarantineReason::Unreadable);
    assert_eq!(reasons(&answer.chains[0]), [None, None, unreadable, None]);
    assert_eq!(answer.chains[0].next, 4);
}

#[test]
fn an_event_with_a_bad_signature_is_kept_aside_and_the_true_one_still_finds_its_place() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    write(&mut device);
    let mut events = device.written.clone();
    events[2].signature[5] ^= 1;
    let answer = device.send(&server, &device.push_of(0, events.clone()));
    let bad = Some(QuarantineReason::BadSignature);
    assert_eq!(reasons(&answer.chains[0]), [None, None, bad]);
    assert_eq!(answer.chains[0].next, 2);
    assert_eq!(aside(&server), 1);
    // The same again is kept once.
    device.send(&server, &device.push_of(0, events));
    assert_eq!(aside(&server), 1);
    assert_eq!(
        reasons(&device.push_all(&server).chains[0]),
        [None, None, None]
    );
}

#[test]
fn a_good_signature_vouches_for_the_linked_events_before_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    write(&mut device);
    let mut events = device.written.clone();
    events[1].signature = vec![0; 64];
    let answer = device.send(&server, &device.push_of(0, events));
    assert_eq!(reasons(&answer.chains[0]), [None, None, None]);
}

#[test]
fn events_behind_one_that_has_no_place_are_kept_aside_too() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let events = changed_third(&mut device, |envelope| envelope.prev.0[0] ^= 1);
    let answer = device.send(&server, &device.push_of(0, events));
    let broken = Some(QuarantineReason::BrokenChain);
    assert_eq!(reasons(&answer.chains[0]), [None, None, broken, broken]);
    assert_eq!(answer.chains[0].next, 2);
    assert_eq!(aside(&server), 2);
}

#[test]
fn an_event_of_another_shop_cannot_be_played_into_this_one() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let events = changed_third(&mut device, |envelope| envelope.store = StoreId([9; 16]));
    let answer = device.send(&server, &device.push_of(0, events));
    let elsewhere = Some(QuarantineReason::WrongAddress);
    assert_eq!(reasons(&answer.chains[0])[2], elsewhere);
    assert_eq!(answer.chains[0].next, 2);
}

#[test]
fn a_second_event_for_a_place_that_is_taken_is_a_fork_and_the_first_one_stands() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    device.push_all(&server);
    let first = device.chain.clone();
    write(&mut device);
    let stands = device.push_all(&server);
    device.chain = first;
    device.written.truncate(2);
    let other = write(&mut device);
    let answer = device.send(&server, &device.push_of(2, vec![other]));
    assert_eq!(reasons(&answer.chains[0]), [Some(QuarantineReason::Fork)]);
    assert_eq!(answer.chains[0].head, stands.chains[0].head);
    // The device goes on in a new chain.
    device.start_writer();
    assert_eq!(reasons(&device.push_all(&server).chains[0]), [None, None]);
}

#[test]
fn events_of_a_device_nobody_enrolled_are_kept_aside() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let elsewhere = Folder::new();
    let other = Server::start(&elsewhere);
    let stranger = Device::enrolled(&other);
    let carrier = Device::enrolled(&server);
    let answer = carrier.send(&server, &stranger.push_from(0));
    let unknown = Some(QuarantineReason::UnknownDevice);
    assert_eq!(reasons(&answer.chains[0]), [unknown, unknown]);
}

#[test]
fn a_number_beyond_all_numbers_breaks_nothing() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let answer = device.send(
        &server,
        &device.push_of(u64::MAX - 1, device.written.clone()),
    );
    assert!(answer.chains[0].receipts.is_empty());
    assert_eq!(answer.chains[0].next, 0);
    assert_eq!(device.push_all(&server).chains[0].next, 2);
}

#[test]
fn a_device_cannot_make_somebody_a_manager_or_print_stock() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let mallory = Actor {
        id: ActorId(66),
        name: "Mallory".to_owned(),
        role: Role::GeneralManager,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    };
    device.write(ActorAdded::from(mallory).into());
    let mut stock = crate::server::stock();
    stock.packages[0].tag = crate::server::tag("1A4FF0300000C57000000999");
    device.write(stock.into());
    write(&mut device);
    let answer = device.push_all(&server);
    let not_its_own = Some(QuarantineReason::NotTheServers);
    let expected = [None, None, not_its_own, not_its_own, None];
    assert_eq!(reasons(&answer.chains[0]), expected);
    device.pull(&server);
    assert!(!device.ledger.actors.contains_key(&ActorId(66)));
    assert_eq!(device.ledger.packages.len(), 4);
}
