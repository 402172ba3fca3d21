//! Whoever asks too often is told when to come again.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use domain::event::encode;
use domain::sync::enrol::{DenialCode, Denied, SignInAsk};
use sync_server::http::{Rate, Rates};

use crate::device::Device;
use crate::server::{ANA, ANA_PIN, Answer, Folder, Server, make_shop, order};

/// So many, and none more while a test lasts.
fn only(at_once: u32) -> Rate {
    Rate {
        at_once,
        each: Duration::from_secs(600),
    }
}

fn open(folder: &Folder, rates: Rates) -> Server {
    let token = make_shop(&folder.data());
    Server::open_at(&folder.data(), token, rates)
}

#[track_caller]
fn expect_too_many(answer: &Answer) {
    assert_eq!(answer.status, 429);
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=601).contains(&seconds), "{seconds}");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn a_device_that_asks_without_end_is_told_to_wait_and_the_others_are_not() {
    let folder = Folder::new();
    let rates = Rates {
        device: only(5),
        ..Rates::endless()
    };
    let server = open(
        &folder,
        Rates {
            remembered: 100,
            ..rates
        },
    );
    let (noisy, quiet) = (Device::enrolled(&server), Device::enrolled(&server));
    let pull = format!("/v1/stores/{}/pull", noisy.store);
    for _ in 0..5 {
        assert_eq!(noisy.get(server.address, &pull).status, 200);
    }
    let answer = noisy.get(server.address, &pull);
    expect_too_many(&answer);
    // Apps take this for a server that cannot do it now, and come again.
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::Unavailable);
    assert_eq!(quiet.get(server.address, &pull).status, 200);
}

#[test]
fn an_address_that_opens_lines_without_end_finds_them_closed_before_a_word_is_said() {
    let folder = Folder::new();
    let rates = Rates {
        line: only(5),
        remembered: 100,
        ..Rates::endless()
    };
    let server = open(&folder, rates);
    let ask = || {
        let mut line = TcpStream::connect(server.address).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        drop(line.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        let mut answer = Vec::new();
        // A line that is closed with something unread on it looks broken.
        drop(line.read_to_end(&mut answer));
        answer
    };
    for _ in 0..5 {
        assert!(ask().starts_with(b"HTTP/1.1 200"));
    }
    for _ in 0..3 {
        assert_eq!(ask(), b"");
    }
}

#[test]
fn strangers_use_up_their_address_and_devices_and_programs_there_go_on() {
    let folder = Folder::new();
    let rates = Rates {
        address: only(20),
        ..Rates::default()
    };
    let server = open(&folder, rates);
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    assert_eq!(server.send_order(&order("PUB-1", 1)).status, 201);
    let mut statuses = (0..30).map(|_| server.get("/v1/hello", &[]).status);
    assert!(statuses.any(|status| status == 429));
    expect_too_many(&server.get("/", &[]));
    let refused = server.post("/api/v1/orders", &[], b"{}");
    expect_too_many(&refused);
    assert_eq!(refused.json()["errors"][0]["code"], "too_many");

    device.pull(&server);
    assert_eq!(device.push_all(&server).chains[0].next, 2);
    assert_eq!(server.send_order(&order("PUB-2", 1)).status, 201);
    // A name that proves nothing is a stranger's.
    let pull = format!("/v1/stores/{}/pull", device.store);
    let named = [("custody-device", "00112233445566778899aabbccddeeff")];
    expect_too_many(&server.get(&pull, &named));
}

#[test]
fn a_person_who_signs_in_without_end_is_told_to_wait_whatever_the_pin() {
    let folder = Folder::new();
    let rates = Rates {
        person: only(2),
        ..Rates::default()
    };
    let server = open(&folder, rates);
    let device = Device::enrolled(&server);
    let path = format!("/v1/stores/{}/sign-in", device.store);
    let ask = encode(&SignInAsk {
        actor: ANA,
        pin: ANA_PIN.to_owned(),
        new_pin: None,
    });
    for _ in 0..2 {
        assert_eq!(device.post(server.address, &path, &ask).status, 200);
    }
    expect_too_many(&device.post(server.address, &path, &ask));
}
