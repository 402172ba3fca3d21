//! Two real programs on one database, now one of them killed in the middle of its work, now the other.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use domain::custody::sign_in::ActorSignedOut;
use domain::event::encode;
use domain::id::Position;
use domain::sync::message::{ChainPart, Cursor, Outcome, Push, PushAnswer, Receipt, Signed};
use sync_server::log::Database;

use crate::device::{Device, Key};
use crate::nodes::Chain;
use crate::program::Program;
use crate::server::ANA;

const DEVICES: usize = 4;
/// Pushes of each device.
const ROUNDS: usize = 50;
/// Events in a push.
const EVENTS: usize = 3;
/// Time for all of the pushing; nobody waits for ever.
const LIMIT: Duration = Duration::from_secs(25);

/// Where the nodes listen just now, and how much was acknowledged.
struct Town {
    nodes: Mutex<[SocketAddr; 2]>,
    acknowledged: AtomicUsize,
    progress: (Mutex<()>, Condvar),
    until: Instant,
}

impl Town {
    fn node(&self, number: usize) -> SocketAddr {
        self.nodes.lock().unwrap()[number % 2]
    }

    fn acknowledge(&self, events: usize) {
        self.acknowledged.fetch_add(events, Ordering::SeqCst);
        let _held = self.progress.0.lock().unwrap();
        self.progress.1.notify_all();
    }

    /// Waits until so many events were acknowledged.
    fn wait_for(&self, events: usize) {
        let mut held = self.progress.0.lock().unwrap();
        while self.acknowledged.load(Ordering::SeqCst) < events {
            let left = self.until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "nothing goes on");
            held = self.progress.1.wait_timeout(held, left).unwrap().0;
        }
    }
}

/// A device at its work, and what it was told of it.
struct Worker {
    device: Device,
    receipts: Vec<Receipt>,
    agent: ureq::Agent,
}

impl Worker {
    /// Enrols at one node.
    fn hired(chain: &Chain, node: usize, address: SocketAddr) -> Self {
        let told = Command::new(env!("CARGO_BIN_EXE_custody"))
            .args(["device", "code", "--data"])
            .arg(chain.dir(node).path())
            .env("CUSTODY_DATABASE", chain.database.url())
            .output()
            .unwrap();
        assert!(told.status.success(), "{told:?}");
        let told = String::from_utf8(told.stdout).unwrap();
        let code = told.lines().next().unwrap();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(5)));
        Self {
            device: Device::enrolled_with(address, Key::ed25519(), code),
            receipts: Vec::new(),
            agent: config.build().new_agent(),
        }
    }

    /// Sends what was not acknowledged yet, unless the node is gone or busy.
    fn push(&mut self, address: SocketAddr) -> Option<PushAnswer> {
        let device = &self.device;
        let from = self.receipts.len();
        let body = encode(&Push {
            chains: vec![ChainPart {
                device: device.id,
                epoch: device.chain.epoch(),
                from: u64::try_from(from).unwrap(),
                events: device.written[from..].to_vec(),
                lost: None,
                gone: None,
                after: None,
            }],
            cursor: device.cursor,
            build: "test".to_owned(),
        });
        let path = format!("/v1/stores/{}/push", device.store);
        let mut request = self.agent.post(format!("http://{address}{path}"));
        for (name, value) in device.proof("POST", &path, &body) {
            request = request.header(name, value);
        }
        let mut answer = request.send(&body[..]).ok()?;
        let status = answer.status().as_u16();
        assert!(matches!(status, 200 | 503), "status {status}");
        let bytes = answer.body_mut().read_to_vec().ok()?;
        let signed: Signed = (status == 200).then(|| minicbor::decode(&bytes).unwrap())?;
        Some(minicbor::decode(&signed.bytes).unwrap())
    }

    /// Works and pushes, now at one node, now at the other, and at the other again when one is away.
    fn work(&mut self, town: &Town, number: usize) {
        for round in number..number + ROUNDS {
            for _ in 0..EVENTS {
                self.device.write(ActorSignedOut { actor: ANA }.into());
            }
            let mut tries = round;
            let answer = loop {
                assert!(Instant::now() < town.until, "device {number} was not heard");
                if let Some(answer) = self.push(town.node(tries)) {
                    break answer;
                }
                tries += 1;
            };
            let receipts = &answer.chains[0].receipts;
            town.acknowledge(receipts.len());
            self.receipts.extend(receipts.iter().cloned());
            assert_eq!(self.receipts.len(), self.device.written.len());
        }
    }
}

#[test]
fn a_node_that_is_killed_under_load_loses_nothing_it_acknowledged_and_doubles_nothing() {
    let chain = Chain::new();
    let url = chain.database.url();
    let start = |node: usize| Program::start(&chain.folders[node], &["--database", &url]);
    let mut nodes = [start(0), start(1)];
    let addresses = [nodes[0].address, nodes[1].address];
    let mut workers: Vec<Worker> = (0..DEVICES)
        .map(|number| Worker::hired(&chain, number % 2, addresses[number % 2]))
        .collect();
    let town = Town {
        nodes: Mutex::new(addresses),
        acknowledged: AtomicUsize::new(0),
        progress: (Mutex::new(()), Condvar::new()),
        until: Instant::now() + LIMIT,
    };
    let all = DEVICES * ROUNDS * EVENTS;
    std::thread::scope(|scope| {
        for (number, worker) in workers.iter_mut().enumerate() {
            let town = &town;
            scope.spawn(move || worker.work(town, number));
        }
        for part in 1..=3 {
            town.wait_for(all * part / 5);
            let node = part % 2;
            nodes[node].kill();
            town.wait_for(all * part / 5 + all / 10);
            nodes[node] = start(node);
            town.nodes.lock().unwrap()[node] = nodes[node].address;
        }
    });
    let head = check_log(&chain, &workers);
    check_bundle(&chain);
    for worker in &mut workers {
        check_views(worker, [nodes[0].address, nodes[1].address], head);
    }
}

/// Every event has exactly the place it was told, and the log has no other events of these devices.
fn check_log(chain: &Chain, workers: &[Worker]) -> Position {
    let database = Database::Postgres {
        address: chain.database.address(),
        store: workers[0].device.store,
    };
    let log = database.open_reader().unwrap();
    let head = log.head().unwrap();
    let written: usize = workers
        .iter()
        .map(|worker| worker.device.written.len())
        .sum();
    let mut places = Vec::new();
    for worker in workers {
        for (event, receipt) in worker.device.written.iter().zip(&worker.receipts) {
            assert_eq!(receipt.outcome, Outcome::Applied);
            let kept = log.at(receipt.position).unwrap().unwrap();
            assert_eq!(kept.event, *event);
            places.push(receipt.position);
        }
    }
    places.sort();
    places.dedup();
    assert_eq!(places.len(), written);
    let is_a_devices = |position: u64| {
        let event = log.at(Position(position)).unwrap().expect("no gap");
        workers
            .iter()
            .any(|worker| worker.device.written.contains(&event.event))
    };
    let found = (1..=head.0)
        .filter(|position| is_a_devices(*position))
        .count();
    assert_eq!(found, written);
    assert_eq!(log.aside().unwrap(), 0);
    head
}

/// The tree both nodes grew, and the heads they signed, are in order for an auditor.
fn check_bundle(chain: &Chain) {
    let file = chain.folders[0].path().join("log.bundle");
    let custody = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_custody"));
        let ended = command.args(words).arg(&file).output().unwrap();
        assert!(ended.status.success(), "{ended:?}");
    };
    let dir = chain.dir(0);
    let data = dir.path().to_str().unwrap();
    custody(&["audit", "--data", data, "--database", &chain.database.url()]);
    custody(&["verify"]);
}

/// Both nodes show the device the same, and say the same of what it pushed.
fn check_views(worker: &mut Worker, nodes: [SocketAddr; 2], head: Position) {
    let device = &mut worker.device;
    let pages = nodes.map(|node| device.pull_page(&node, Cursor::default()));
    assert_eq!(pages[0].next.position, head);
    assert_eq!(
        (&pages[0].rows, pages[0].next),
        (&pages[1].rows, pages[1].next)
    );
    device.pull(&nodes[0]);
    assert_eq!(device.ledger.devices.len(), DEVICES + 1);
    let answers = nodes.map(|node| device.push_all(&node));
    for answer in answers {
        assert_eq!(
            (answer.head, &answer.chains[0].receipts),
            (head, &worker.receipts)
        );
    }
}
