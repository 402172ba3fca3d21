//! `POST /v1/stores/{store}/wiped`: a revoked device's signed word that it forgot what it held.

use domain::custody::set_up::Doer;
use domain::event::encode;
use domain::signature::verifies;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::{Outcome, PushAnswer, Signed};
use domain::sync::register::{Changed, Register};
use domain::sync::wipe::{Wiped, wiped_hash};
use domain::time::Millis;
use sync_server::keys::random::hex;

use crate::device::{Device, Key, enrol_ask};
use crate::server::{ANA, ANA_PIN, Answer, Folder, Server};

fn word(device: &Device, generation: u32, key: &Key) -> Signed {
    let told = Wiped {
        store: device.store,
        device: device.id,
        generation,
        ordered: Some(Millis(1_795_608_000_000)),
        wiped: Millis(1_795_608_001_000),
        acts: 2,
    };
    let bytes = told.to_bytes();
    let signature = key.sign(&wiped_hash(&bytes).0);
    Signed { bytes, signature }
}

fn says(device: &Device, server: &Server, word: &Signed) -> u16 {
    let path = format!("/v1/stores/{}/wiped", device.store);
    device.post(server.address, &path, &encode(word)).status
}

/// What a device sends that starts anew and whose key nobody opens any more.
fn boots(device: &Device, server: &Server, path: &str, token: &[u8], body: &[u8]) -> Answer {
    let (id, token) = (device.id.to_string(), hex(token));
    let headers = [
        ("custody-device", id.as_str()),
        ("custody-boot", token.as_str()),
    ];
    let path = format!("/v1/stores/{}/{path}", device.store);
    server.post(&path, &headers, body)
}

/// What the log tells a manager of wipes.
fn told(server: &Server) -> Vec<Signed> {
    let device = Device::enrolled(server);
    device.proves(server, ANA, ANA_PIN);
    let path = format!("/v1/stores/{}/register?actor={}", device.store, ANA.0);
    let register: Register = device.get(server.address, &path).cbor();
    let words = register.changes().into_iter();
    let words = words.filter_map(|change| match change.what {
        Changed::Wiped(done) => Some(Signed {
            bytes: done.statement,
            signature: done.signature,
        }),
        _ => None,
    });
    words.collect()
}

fn revoke(device: &Device, server: &Server) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(
        runtime
            .block_on(server.shop.revoke(device.id, Doer::default()))
            .unwrap()
    );
}

#[test]
fn a_revoked_devices_word_that_it_wiped_itself_is_kept_once_and_anybody_can_check_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let lost = Device::enrolled(&server);
    let word_of_it = word(&lost, 1, &lost.key);
    // Who works here has nothing to say of it.
    assert_eq!(says(&lost, &server, &word_of_it), 400);
    revoke(&lost, &server);
    assert_eq!(says(&lost, &server, &word_of_it), 200);
    // The answer was lost on its way, or somebody says it without end.
    assert_eq!(says(&lost, &server, &word(&lost, 1, &lost.key)), 200);
    let told = told(&server);
    assert_eq!(told, [word_of_it]);
    let (kind, key) = (lost.key.kind(), lost.key.public());
    let hash = wiped_hash(&told[0].bytes);
    assert!(verifies(kind, &key, &hash, &told[0].signature));
}

#[test]
fn a_revoked_device_whose_key_no_pin_opens_any_more_still_gives_what_it_signed_before() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let lost = Device::enrolled(&server);
    let (acts, said) = (encode(&lost.push_from(0)), word(&lost, 1, &lost.key));
    let token = &lost.boot_token;
    let denied = |path: &str, token: &[u8], body: &[u8]| {
        let denied: Denied = boots(&lost, &server, path, token, body).cbor();
        denied.code
    };
    // Whoever can still open the key signs with it.
    for (path, body) in [("push", &acts), ("wiped", &encode(&said))] {
        assert_eq!(denied(path, token, body), DenialCode::UnknownDevice);
    }
    revoke(&lost, &server);
    for (path, body) in [("push", &acts), ("wiped", &encode(&said))] {
        assert_eq!(denied(path, &[7; 32], body), DenialCode::UnknownDevice);
    }
    let answer: PushAnswer = lost.believe(&boots(&lost, &server, "push", token, &acts));
    let receipts = &answer.chains[0].receipts;
    assert_eq!(receipts.len(), lost.written.len());
    let is_aside = |outcome: &Outcome| matches!(outcome, Outcome::Quarantined(_));
    assert!(!receipts.iter().any(|receipt| is_aside(&receipt.outcome)));
    assert_eq!(
        boots(&lost, &server, "wiped", token, &encode(&said)).status,
        200
    );
    assert_eq!(told(&server), [said]);
}

#[test]
fn nobody_says_for_another_device_or_enrolment_that_it_was_wiped() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let (lost, other) = (Device::enrolled(&server), Device::enrolled(&server));
    revoke(&lost, &server);
    revoke(&other, &server);
    for word in [
        word(&other, 1, &other.key),
        word(&other, 1, &lost.key),
        word(&lost, 1, &other.key),
        word(&lost, 2, &lost.key),
    ] {
        assert_eq!(says(&lost, &server, &word), 400);
    }
    assert_eq!(told(&server), []);
}

#[test]
fn a_device_that_was_let_in_again_and_lost_again_says_so_again() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let lost = Device::enrolled(&server);
    revoke(&lost, &server);
    assert_eq!(says(&lost, &server, &word(&lost, 1, &lost.key)), 200);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let by = Doer::default();
    let code = runtime.block_on(server.shop.enrolment_code(None, by));
    let ask = encode(&enrol_ask(&lost.key, &code.unwrap()));
    assert_eq!(server.post("/v1/enrol", &[], &ask).status, 200);
    assert_eq!(says(&lost, &server, &word(&lost, 1, &lost.key)), 400);
    revoke(&lost, &server);
    assert_eq!(says(&lost, &server, &word(&lost, 1, &lost.key)), 400);
    assert_eq!(says(&lost, &server, &word(&lost, 2, &lost.key)), 200);
    assert_eq!(told(&server).len(), 2);
}
