//! `kill -9` at random moments, under load: what was acknowledged is in the log, at the place the receipt names.
//!
//! `CUSTODY_KILLS` says how often (12), `CUSTODY_KILL_SEED` when. The same seed is the same plan; what the machine
//! does between two moments is its own.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use domain::custody::sign_in::{ActorSignedIn, ActorSignedOut};
use domain::event::encode;
use domain::id::OrderId;

use crate::device::{Device, web_order};
use crate::journal::{Acked, Journal, open, receipts, times};
use crate::program::Program;
use crate::server::{ANA, Folder, Server, order, tag};
use crate::tablet::{ask, believed, patient_agent};

const KILLS: usize = 12;
const DEVICES: usize = 4;
/// Acknowledgements after which the server dies, at most, and how much later, in microseconds.
const ACKED_MAX: u64 = 60;
const LATER_MAX: u64 = 30_000;
/// A server that acknowledges nothing for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(60);
/// Rounds after which a device opens a new chain.
const CHAIN_ROUNDS: usize = 40;

/// Throws that are the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

/// Where the server is, as everybody knows: nowhere while it is down.
#[derive(Default)]
struct Whereabouts {
    now: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Down,
    At(SocketAddr),
    Over,
}

impl Whereabouts {
    fn set(&self, state: State) {
        *self.now.lock().unwrap() = state;
        self.changed.notify_all();
    }

    /// Waits for a server that is not the one that just failed; nothing when the day is over.
    fn other_than(&self, failed: Option<SocketAddr>) -> Option<SocketAddr> {
        let waits = |state: &mut State| match state {
            State::Down => true,
            State::At(address) => Some(*address) == failed,
            State::Over => false,
        };
        let state = self
            .changed
            .wait_while(self.now.lock().unwrap(), waits)
            .unwrap();
        match *state {
            State::At(address) => Some(address),
            State::Down | State::Over => None,
        }
    }

    fn is_over(&self) -> bool {
        *self.now.lock().unwrap() == State::Over
    }
}

/// A device that pushes without a pause, and asks again for what it got no answer to.
struct Pusher {
    device: Device,
    order: OrderId,
    /// Events of the chain that are acknowledged.
    acked: usize,
    last: Option<Acked>,
    /// Hashes of every event of chains that are complete, and of this one.
    written: Vec<domain::id::Hash>,
}

impl Pusher {
    fn work(&mut self, whereabouts: &Whereabouts, acked: &Sender<Vec<Acked>>) {
        let agent = patient_agent();
        let path = format!("/v1/stores/{}/push", self.device.store);
        let mut failed = None;
        for round in 0.. {
            if whereabouts.is_over() {
                return;
            }
            if round % CHAIN_ROUNDS == CHAIN_ROUNDS - 1 && self.acked == self.device.written.len() {
                self.device.start_writer();
                (self.acked, self.last) = (0, None);
                self.note_from(0);
            }
            self.write(round);
            // One event before what is new: its receipt has to be the one of before.
            let from = self.acked.saturating_sub(1);
            let body = encode(&self.device.push_from(from));
            let Some(address) = whereabouts.other_than(failed) else {
                return;
            };
            let answer = ask(&agent, &self.device, address, &path, Some(&body));
            let answer = answer.and_then(|answer| believed(&self.device, &answer));
            let Some(answer) = answer else {
                failed = Some(address);
                continue;
            };
            let got = receipts(&answer);
            assert_eq!(got.len(), self.device.written.len() - from);
            if let Some(last) = self.last {
                assert_eq!(got[0], last, "a receipt changed");
            }
            self.last = got.last().copied();
            self.acked = self.device.written.len();
            acked.send(got).unwrap();
        }
    }

    fn write(&mut self, round: usize) {
        let before = self.device.written.len();
        let next = self.device.ledger.orders[&self.order].to_pick().next();
        let next = next.map(|(_, tag, _)| tag.as_str().to_owned());
        match next {
            Some(jars) if round.is_multiple_of(5) => drop(self.device.pick(self.order, &jars)),
            Some(_) | None => {
                let out = ActorSignedOut { actor: ANA };
                self.device.write(out.into());
                let back = ActorSignedIn {
                    actor: ANA,
                    online: false,
                };
                self.device.write(back.into());
            }
        }
        self.note_from(before);
    }

    fn note_from(&mut self, from: usize) {
        let new = self.device.written[from..].iter();
        self.written
            .extend(new.map(domain::event::SignedEvent::hash));
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

fn pushers(server: &Server) -> Vec<Pusher> {
    (0..DEVICES)
        .map(|number| {
            let id = format!("A-{number}");
            server.send_order(&order(&id, 8));
            let mut device = Device::enrolled(server);
            device.take(server, web_order(&id));
            let mut pusher = Pusher {
                device,
                order: web_order(&id),
                acked: 0,
                last: None,
                written: Vec::new(),
            };
            pusher.note_from(0);
            pusher
        })
        .collect()
}

/// Writes down what is acknowledged until it is time to kill; returns how many that were.
fn until_killed(journal: &mut Journal, acked: &Receiver<Vec<Acked>>, dice: &mut Dice) -> usize {
    let enough = usize::try_from(1 + dice.below(ACKED_MAX)).unwrap();
    let mut count = 0;
    while count < enough {
        let got = acked.recv_timeout(PATIENCE).expect("the server is stuck");
        count += got.len();
        journal.write(&got);
    }
    let later = Duration::from_micros(dice.below(LATER_MAX));
    let moment = std::time::Instant::now() + later;
    while let Some(left) = moment.checked_duration_since(std::time::Instant::now()) {
        match acked.recv_timeout(left) {
            Ok(got) => {
                count += got.len();
                journal.write(&got);
            }
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => panic!("every device stopped"),
        }
    }
    count
}

#[test]
fn what_was_acknowledged_is_in_the_log_however_often_the_server_is_killed() {
    let kills = number("CUSTODY_KILLS").map_or(KILLS, |kills| usize::try_from(kills).unwrap());
    let seed = number("CUSTODY_KILL_SEED")
        .unwrap_or_else(|| u64::from_be_bytes(sync_server::keys::random::bytes()));
    // Past the test's own capture: whoever wants the same plan again needs it.
    writeln!(
        std::io::stderr(),
        "kill: {kills} times, CUSTODY_KILL_SEED={seed}"
    )
    .unwrap();
    let mut dice = Dice(seed);
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut pushers = pushers(&server);
    let token = server.stop();
    let mut journal = Journal::new(&folder.path().join("journal"));
    let whereabouts = Whereabouts::default();
    let (sender, acked) = mpsc::channel();
    std::thread::scope(|scope| {
        for pusher in &mut pushers {
            let (sender, whereabouts) = (sender.clone(), &whereabouts);
            scope.spawn(move || pusher.work(whereabouts, &sender));
        }
        // A claim that fails ends the day for the devices too.
        let _over = Over(&whereabouts);
        for _ in 0..kills {
            let program = Program::start(&folder, &[]);
            journal.check(&folder.data().database());
            whereabouts.set(State::At(program.address));
            until_killed(&mut journal, &acked, &mut dice);
            drop(program);
            whereabouts.set(State::Down);
        }
    });
    drop(sender);
    acked.iter().for_each(|got| journal.write(&got));
    settle(&folder, &token, &mut journal, &pushers);
    let count = journal.entries.len();
    assert!(count >= kills, "{count}");
    writeln!(std::io::stderr(), "kill: {count} acknowledged, all there").unwrap();
}

struct Over<'a>(&'a Whereabouts);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.set(State::Over);
    }
}

/// Once all is well, every event that was ever written is in the log, once, and every unit is somewhere.
fn settle(folder: &Folder, token: &str, journal: &mut Journal, pushers: &[Pusher]) {
    let server = Server::open(folder, token.to_owned(), true);
    for pusher in pushers {
        let answer = pusher.device.push_all(&server);
        journal.write(&receipts(&answer));
    }
    let database = folder.data().database();
    let before = journal.check(&database);
    let log = open(&database);
    for hash in pushers.iter().flat_map(|pusher| &pusher.written) {
        assert_eq!(times(&log, *hash), 1);
    }
    let mut late = Device::enrolled(&server);
    late.pull(&server);
    assert!(late.ledger.is_conserved());
    for pusher in pushers {
        let ours = pusher.device.ledger.orders[&pusher.order].units_picked();
        assert_eq!(late.ledger.orders[&pusher.order].units_picked(), ours);
    }
    assert!(
        late.ledger
            .packages
            .contains_key(&tag(crate::server::OLD_JARS))
    );
    assert!(late.ledger.exceptions.is_empty());
    drop(log);
    server.stop();
    assert!(journal.check(&database) > before);
}
