//! Messages that nobody honest sends: cut off, nested, declared larger than they are, packed, foreign.

use std::time::{Duration, Instant};

use domain::event::encode;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::{PushAnswer, Signed};

use crate::device::Device;
use crate::flood::resident_bytes;
use crate::server::{Answer, Folder, Server};

/// A body as large as a push may be.
const LARGE: usize = 390_000;
/// No bad message may keep the server longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);
/// What the server may take for a bad message, and the tests beside this one for themselves.
const MEMORY_MAX: u64 = 512 * 1024 * 1024;

struct Stand {
    server: Server,
    device: Device,
    _folder: Folder,
}

impl Stand {
    fn new() -> Self {
        let folder = Folder::new();
        let server = Server::start(&folder);
        let device = Device::enrolled(&server);
        Self {
            server,
            device,
            _folder: folder,
        }
    }

    fn path(&self, what: &str) -> String {
        format!("/v1/stores/{}/{what}", self.device.store)
    }

    /// Sends a body the device signed, and sees that the server is soon done with it.
    fn send(&self, what: &str, body: &[u8]) -> Answer {
        let before = resident_bytes();
        let begun = Instant::now();
        let answer = self
            .device
            .post(self.server.address, &self.path(what), body);
        assert!(begun.elapsed() < PATIENCE, "it took {:?}", begun.elapsed());
        let more = resident_bytes().saturating_sub(before);
        assert!(more < MEMORY_MAX, "it took {more} bytes");
        answer
    }

    #[track_caller]
    fn expect_unreadable(&self, what: &str, body: &[u8]) {
        let answer = self.send(what, body);
        assert_eq!(answer.status, 400, "{what}");
        assert_eq!(answer.cbor::<Denied>().code, DenialCode::Unreadable);
    }

    /// The shop goes on as if nothing had been.
    fn expect_well(mut self) {
        let answer = self.device.push_all(&self.server);
        assert_eq!(answer.chains[0].next, self.device.chain.next());
        self.device.pull(&self.server);
        assert!(self.device.ledger.is_conserved());
    }
}

#[test]
fn a_push_that_is_cut_off_anywhere_is_refused_and_nothing_of_it_is_kept() {
    let mut stand = Stand::new();
    stand.device.write(
        domain::custody::sign_in::ActorSignedOut {
            actor: crate::server::ANA,
        }
        .into(),
    );
    let whole = encode(&stand.device.push_from(0));
    for end in (0..whole.len()).step_by(17).chain([whole.len() - 1]) {
        stand.expect_unreadable("push", &whole[..end]);
    }
    let empty = stand
        .device
        .send(&stand.server, &stand.device.push_of(0, Vec::new()));
    assert_eq!(empty.chains[0].next, 0, "part of a cut-off push was kept");
    stand.expect_well();
}

#[test]
fn lists_within_lists_and_lengths_beyond_all_bounds_are_refused_at_once() {
    let stand = Stand::new();
    for what in ["push", "claim", "sign-in"] {
        let room = match what {
            "push" => LARGE,
            "claim" => 65_000,
            _ => 4_000,
        };
        // An array in an array in an array; the same as maps, as tags, and without an end.
        for opening in [0x81, 0xa1, 0xc1, 0x9f, 0xbf] {
            stand.expect_unreadable(what, &vec![opening; room]);
        }
        // Arrays, maps, bytes and texts that say they have 2^63 and 2^64 - 1 parts.
        for opening in [0x9b, 0xbb, 0x5b, 0x7b] {
            for length in [u64::MAX >> 1, u64::MAX] {
                let mut body = vec![opening];
                body.extend(length.to_be_bytes());
                stand.expect_unreadable(what, &body);
                // As a field: `{0: [...]}`.
                stand.expect_unreadable(what, &[&[0xa1, 0x00][..], &body].concat());
            }
        }
    }
    stand.expect_well();
}

#[test]
fn fields_of_a_later_version_are_passed_over_however_deep_they_are() {
    let stand = Stand::new();
    let push = encode(&stand.device.push_from(0));
    // The map of three fields becomes one of four.
    assert_eq!(push[0], 0xa3);
    let deep = |depth: usize| {
        let later = [&vec![0x81; depth][..], &[0x00]].concat();
        [&[0xa4][..], &push[1..], &[0x18, 99], &later].concat()
    };
    for depth in [0, 1, 1_000, LARGE - push.len()] {
        let answer = stand.send("push", &deep(depth));
        assert_eq!(answer.status, 200, "{depth} deep");
        let signed: Signed = answer.cbor();
        let answer: PushAnswer = minicbor::decode(&signed.bytes).unwrap();
        assert_eq!(answer.chains[0].next, 2);
    }
    // Deep, and never ending.
    let cut = deep(1_000);
    stand.expect_unreadable("push", &cut[..cut.len() - 1]);
    stand.expect_well();
}

#[test]
fn a_packed_body_is_never_unpacked() {
    let stand = Stand::new();
    // Twenty gigabytes of nothing, had anybody unpacked it.
    let bomb = vec![0x1f; LARGE];
    let path = stand.path("push");
    for encoding in ["gzip", "br", "deflate", "zstd"] {
        let mut headers = stand.device.proof("POST", &path, &bomb);
        headers.push(("content-encoding", encoding.to_owned()));
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let before = resident_bytes();
        assert_eq!(stand.server.post(&path, &headers, &bomb).status, 400);
        assert!(resident_bytes().saturating_sub(before) < MEMORY_MAX);
    }
    stand.expect_well();
}

#[test]
fn a_body_that_never_fits_is_refused_whoever_sends_it() {
    let stand = Stand::new();
    let flood = vec![0; 3 * 1024 * 1024];
    for what in ["push", "claim", "sign-in"] {
        let answer = stand.send(what, &flood);
        assert_eq!(answer.status, 413, "{what}");
        assert_eq!(answer.cbor::<Denied>().code, DenialCode::TooLarge);
        assert_eq!(
            stand.server.post(&stand.path(what), &[], &flood).status,
            413
        );
    }
    assert_eq!(stand.server.post("/v1/enrol", &[], &flood).status, 413);
    stand.expect_well();
}
