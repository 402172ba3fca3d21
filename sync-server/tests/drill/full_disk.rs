//! A disk that takes no more bytes, wherever in a write it says so, and then does again.
//!
//! The limit is the operating system's on the length of files, set from outside on the running program. It stops
//! every write beyond it, as a full disk stops those that need room.

use std::process::Command;

use domain::custody::sign_in::ActorSignedOut;
use domain::event::encode;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::Cursor;

use crate::device::{Device, web_order};
use crate::journal::{Journal, receipts};
use crate::program::Program;
use crate::server::{ANA, Answer, Folder, Server, agent, get, order, post};
use crate::tablet::{ask, believed, patient_agent};

/// Pushes after which a limit that stops nothing is no limit.
const PUSHES_MAX: usize = 3_000;
/// A frame of the write-ahead log, and its header.
const FRAME: u64 = 4_096 + 24;
const HEADER: u64 = 32;

/// The program, told not to end when a file may not grow but to hear of it, as from a full disk.
fn start(folder: &Folder) -> Program {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
    command.arg(env!("CARGO_BIN_EXE_custody"));
    Program::start_by(command, folder, &[])
}

/// Lets the program's files be so long and no longer.
fn limit(program: &Program, bytes: &str) {
    let set = Command::new("prlimit")
        .arg(format!("--pid={}", program.child.id()))
        .arg(format!("--fsize={bytes}:"))
        .status()
        .expect("prlimit of util-linux is wanted");
    assert!(set.success());
}

struct Pushing {
    device: Device,
    agent: ureq::Agent,
    acked: usize,
}

impl Pushing {
    fn push(&mut self, program: &Program, journal: &mut Journal) -> Option<Answer> {
        let path = format!("/v1/stores/{}/push", self.device.store);
        let body = encode(&self.device.push_from(self.acked));
        let answer = ask(
            &self.agent,
            &self.device,
            program.address,
            &path,
            Some(&body),
        )
        .unwrap();
        match believed(&self.device, &answer) {
            Some(answer) => {
                journal.write(&receipts(&answer));
                self.acked = self.device.written.len();
                None
            }
            None => Some(answer),
        }
    }

    /// Pushes one new event after the other until one is refused.
    fn until_full(&mut self, program: &Program, journal: &mut Journal) -> Answer {
        for _ in 0..PUSHES_MAX {
            let order = &self.device.ledger.orders[&web_order("A-1")];
            let next = order.to_pick().next();
            match next.map(|(_, tag, _)| tag.as_str().to_owned()) {
                Some(jars) => self.device.pick(web_order("A-1"), &jars),
                None => self.device.write(ActorSignedOut { actor: ANA }.into()),
            };
            if let Some(answer) = self.push(program, journal) {
                return answer;
            }
        }
        panic!("the limit stops nothing");
    }
}

fn unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::Unavailable);
}

#[test]
fn a_full_disk_loses_nothing_acknowledged_and_the_same_server_goes_on_once_there_is_room() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 8));
    server.send_order(&order("A-2", 5));
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    let token = server.stop();
    let program = start(&folder);
    let mut journal = Journal::new(&folder.path().join("journal"));
    let mut pushing = Pushing {
        device,
        agent: patient_agent(),
        acked: 0,
    };
    assert!(pushing.push(&program, &mut journal).is_none());
    let wal = folder.data().path().join("custody.sqlite-wal");
    let length = |frames: u64, more: u64| {
        let now = std::fs::metadata(&wal).map_or(0, |found| found.len());
        (now + frames * FRAME + more).to_string()
    };
    // No room at all; none for another frame; within a header, a page, a commit of several pages.
    let limits = [
        "0".to_owned(),
        HEADER.to_string(),
        length(0, 0),
        length(0, 10),
    ];
    let limits = limits
        .into_iter()
        .chain([length(1, 100), length(3, 2_000), length(40, 0)]);
    for bytes in limits {
        limit(&program, &bytes);
        let before = pushing.acked;
        unavailable(&pushing.until_full(&program, &mut journal));
        // And again: a refusal leaves nothing behind that makes the next one something else.
        for _ in 0..3 {
            unavailable(&pushing.until_full(&program, &mut journal));
        }
        refuses_everybody(&program, &pushing.device, &token);
        shows_what_there_is(&program, &pushing.device, &journal);
        limit(&program, "unlimited");
        assert!(
            pushing.push(&program, &mut journal).is_none(),
            "limit {bytes}"
        );
        assert!(pushing.acked > before);
        journal.check(&folder.data().database());
    }
    assert_eq!(pushing.device.claim_at(&program, "A-2").status, 200);
    drop(program);
    let server = Server::open(&folder, token, true);
    let answer = pushing.device.push_all(&server);
    assert!(
        receipts(&answer)
            .iter()
            .all(|acked| journal.entries.contains(acked))
    );
    let mut late = Device::enrolled(&server);
    late.pull(&server);
    assert!(late.ledger.is_conserved());
    assert_eq!(late.ledger.orders[&web_order("A-1")].units_picked(), 8);
    assert!(late.ledger.exceptions.is_empty());
    server.stop();
    journal.check(&folder.data().database());
}

impl Device {
    fn claim_at(&self, program: &Program, id: &str) -> Answer {
        let ask_for = domain::sync::message::ClaimAsk {
            actor: ANA,
            orders: vec![web_order(id)],
            device: None,
        };
        let path = format!("/v1/stores/{}/claim", self.store);
        self.post(program.address, &path, &encode(&ask_for))
    }
}

/// Claims and orders are told the same as pushes.
fn refuses_everybody(program: &Program, device: &Device, token: &str) {
    unavailable(&device.claim_at(program, "A-2"));
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let body = order("A-3", 1).to_string();
    let answer = post(
        &agent(),
        program.address,
        "/api/v1/orders",
        &headers,
        body.as_bytes(),
    );
    assert_eq!(answer.status, 503);
}

/// Whoever only wants to look is served as ever, and sees nothing that was not kept.
fn shows_what_there_is(program: &Program, device: &Device, journal: &Journal) {
    assert_eq!(get(&agent(), program.address, "/healthz", &[]).status, 200);
    let cursor = Cursor::default();
    let path = format!(
        "/v1/stores/{}/pull?position={}&schema={}",
        device.store, cursor.position.0, cursor.schema
    );
    let answer = device.get(program.address, &path);
    assert_eq!(answer.status, 200);
    let page: domain::sync::message::PullAnswer = answer.cbor();
    let last = journal.entries.iter().map(|acked| acked.position).max();
    assert!(page.next.position >= last.unwrap());
}

#[test]
fn a_backup_for_which_there_is_no_room_leaves_the_earlier_one_and_nothing_else() {
    let folder = Folder::new();
    Server::start(&folder).stop();
    let file = folder.path().join("backup");
    std::fs::write(&file, "the one of yesterday").unwrap();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_custody"))
        .args(["backup", "--force"])
        .arg(&file)
        .arg("--data")
        .arg(folder.data().path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(errors.contains("there is no new backup"), "{errors}");
    assert_eq!(std::fs::read(&file).unwrap(), b"the one of yesterday");
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(names.count(), 2, "the shop and the file");
}
