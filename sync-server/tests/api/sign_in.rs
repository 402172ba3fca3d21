//! `POST /v1/stores/{store}/sign-in`.

use domain::custody::set_up::Doer;
use domain::event::encode;
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied, SignInAnswer, SignInAsk};
use sync_server::keys::random::hex;

use crate::device::Device;
use crate::server::{ANA, ANA_PIN, AVERY, Answer, Folder, Server};

fn ask(actor: ActorId, pin: &str) -> Vec<u8> {
    encode(&SignInAsk {
        actor,
        pin: pin.to_owned(),
        new_pin: None,
    })
}

fn sign_in(device: &Device, server: &Server, actor: ActorId, pin: &str) -> Answer {
    let path = format!("/v1/stores/{}/sign-in", device.store);
    device.post(server.address, &path, &ask(actor, pin))
}

fn unlocked(answer: &Answer) -> Vec<u8> {
    assert_eq!(answer.status, 200);
    answer.cbor::<SignInAnswer>().unlock
}

#[test]
fn the_right_pin_opens_the_same_secret_each_time_and_another_on_another_device() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let other = Device::enrolled(&server);
    let secret = unlocked(&sign_in(&device, &server, ANA, ANA_PIN));
    assert_eq!(secret.len(), 32);
    assert_eq!(secret, unlocked(&sign_in(&device, &server, ANA, ANA_PIN)));
    assert_ne!(secret, unlocked(&sign_in(&other, &server, ANA, ANA_PIN)));
    let token = server.stop();
    let server = Server::open(&folder, token, false);
    assert_eq!(secret, unlocked(&sign_in(&device, &server, ANA, ANA_PIN)));
}

#[test]
fn ten_wrong_pins_in_a_row_lock_a_person_until_somebody_unlocks_them() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let wrong = |left: u32| {
        let answer = sign_in(&device, &server, ANA, "000001");
        assert_eq!(answer.status, 403);
        let denied: Denied = answer.cbor();
        assert_eq!(
            (denied.code, denied.tries_left),
            (DenialCode::WrongPin, Some(left))
        );
    };
    wrong(9);
    // The right one in between makes up for the wrong ones before it.
    unlocked(&sign_in(&device, &server, ANA, ANA_PIN));
    (0..10).rev().for_each(wrong);
    let answer = sign_in(&device, &server, ANA, ANA_PIN);
    assert_eq!(answer.status, 423);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::Locked);

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let unlock = server.shop.unlock_person(ANA, Doer::default());
    assert!(runtime.block_on(unlock).unwrap());
    unlocked(&sign_in(&device, &server, ANA, ANA_PIN));
}

#[test]
fn a_person_without_a_pin_or_of_another_shop_is_not_known() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    for actor in [AVERY, ActorId(99), ActorId::SERVER] {
        let denied: Denied = sign_in(&device, &server, actor, ANA_PIN).cbor();
        assert_eq!(denied.code, DenialCode::UnknownActor);
    }
}

#[test]
fn before_its_key_is_open_a_device_proves_itself_by_its_boot_token() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let path = format!("/v1/stores/{}/sign-in", device.store);
    let id = device.id.to_string();
    let boot = |token: &[u8]| {
        let token = hex(token);
        let headers = [("custody-device", id.as_str()), ("custody-boot", &token)];
        server.post(&path, &headers, &ask(ANA, ANA_PIN))
    };
    let secret = unlocked(&boot(&device.boot_token));
    assert_eq!(secret, unlocked(&sign_in(&device, &server, ANA, ANA_PIN)));
    let answer = boot(&[7; 32]);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::UnknownDevice);
}

#[test]
fn a_person_who_knows_the_pin_chooses_another_and_the_old_one_opens_nothing_any_more() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let path = format!("/v1/stores/{}/sign-in", device.store);
    let change = |pin: &str, new: &str| {
        let ask = SignInAsk {
            actor: ANA,
            pin: pin.to_owned(),
            new_pin: Some(new.to_owned()),
        };
        device.post(server.address, &path, &encode(&ask))
    };
    let secret = unlocked(&sign_in(&device, &server, ANA, ANA_PIN));
    // Whoever does not know the old one changes nothing, and nobody takes an easy one.
    let denied: Denied = change("000001", "80514297").cbor();
    assert_eq!(denied.code, DenialCode::WrongPin);
    for easy in ["123456", "12345", "80514297000000"] {
        assert_eq!(change(ANA_PIN, easy).status, 400, "{easy}");
    }
    let answer: SignInAnswer = change(ANA_PIN, "80514297").cbor();
    assert_eq!(
        (answer.unlock, answer.pin_changes),
        (secret.clone(), Some(1))
    );
    let denied: Denied = sign_in(&device, &server, ANA, ANA_PIN).cbor();
    assert_eq!(denied.code, DenialCode::WrongPin);
    assert_eq!(
        unlocked(&sign_in(&device, &server, ANA, "80514297")),
        secret
    );
    let known = server.shop.directory().actors[&ANA].pin_changes;
    assert_eq!(known, Some(1));
}

#[test]
fn whoever_does_not_work_here_any_more_opens_nothing() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(
        runtime
            .block_on(server.shop.set_active(ANA, false, Doer::default()))
            .unwrap()
    );
    let denied: Denied = sign_in(&device, &server, ANA, ANA_PIN).cbor();
    assert_eq!(denied.code, DenialCode::UnknownActor);
    assert!(
        runtime
            .block_on(server.shop.set_active(ANA, true, Doer::default()))
            .unwrap()
    );
    unlocked(&sign_in(&device, &server, ANA, ANA_PIN));
    // There is nobody of that number, and the server itself is no person.
    for nobody in [ActorId(99), ActorId::SERVER] {
        let done = server.shop.set_active(nobody, false, Doer::default());
        assert!(!runtime.block_on(done).unwrap());
    }
}
