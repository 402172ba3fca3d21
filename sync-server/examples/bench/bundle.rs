//! An auditor's bundle of any size, without a shop behind it; and the least anybody could do with its bytes.
//!
//! In: how many events. Out: a file such as `custody audit` writes. Must not: leave out a signature, a link or a leaf:
//! the check has as much to do as with a real one.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::num::NonZero;
use std::path::Path;
use std::thread;
use std::time::Instant;

use domain::audit::bundle::{Head, Register, Scope};
use domain::audit::checkpoint::Origin;
use domain::audit::merkle::{Leaf, Tree};
use domain::code::Grade;
use domain::custody::pick::PackagePicked;
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::event::{ActorRef, Body, LeaseRef, SignedEvent, event_hash};
use domain::facility::{Actor, Device, KeyKind, LocationCode, Role, Store};
use domain::id::{
    ActorId, DeviceId, Epoch, EventId, LeaseId, OrderId, PackageTag, Position, StoreId,
};
use domain::rules::{ReportAt, RulePack};
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::message::{Incarnation, Outcome, Recorded};
use domain::sync::server::log::ChainKey;
use domain::time::Day;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sync_server::audit::{export, facts, sign_head};
use sync_server::keys::ServerKeys;
use sync_server::keys::random;
use sync_server::log::Logged;

use crate::device::opened;
use crate::milliseconds;

/// Devices of the shop.
const DEVICES: usize = 50;
/// Events of one device that stand behind each other before another's turn comes.
const TURN: usize = 25;
/// The server's clock at the first event.
const BEGUN: i64 = 1_795_608_000_000;
/// Bytes hashed at a time, as many as the check reads.
const PIECE_BYTES: usize = 256 * 1024;

const ACTOR: ActorId = ActorId(1);

/// Somebody who signs.
enum Pen {
    Server(Box<ServerKeys>),
    Device(Box<SigningKey>),
}

impl Pen {
    fn public(&self) -> Vec<u8> {
        match self {
            Self::Server(keys) => keys.public(),
            Self::Device(key) => key.verifying_key().to_bytes().to_vec(),
        }
    }

    fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let hash = event_hash(bytes);
        match self {
            Self::Server(keys) => keys.sign(&hash),
            Self::Device(key) => key.sign(&hash.0).to_bytes().to_vec(),
        }
    }
}

struct Writer {
    device: Device,
    chain: Chain,
    pen: Pen,
}

impl Writer {
    fn new(store: StoreId, pen: Pen) -> Self {
        let id = DeviceId(random::bytes());
        let device = Device {
            id,
            name: "Bench".to_owned(),
            generation: 1,
            key_kind: KeyKind::Ed25519,
            public_key: pen.public(),
            active: true,
            is_server: matches!(pen, Pen::Server(_)),
            purpose: None,
        };
        let chain = Chain::new(store, id, Epoch(random::bytes()));
        Self { device, chain, pen }
    }
}

/// An event that is not signed yet, and whose it is.
struct Written {
    writer: usize,
    seq: u64,
    bytes: Vec<u8>,
}

/// A log on its way.
struct History {
    writers: Vec<Writer>,
    register: Register,
    events: Vec<Written>,
}

impl History {
    fn new(store: StoreId) -> Self {
        let server = Pen::Server(Box::new(ServerKeys::from_seed([1; 32])));
        let devices = (0..DEVICES).map(|_| SigningKey::from_bytes(&random::bytes()));
        let devices = devices.map(|key| Pen::Device(Box::new(key)));
        let pens = std::iter::once(server).chain(devices);
        Self {
            writers: pens.map(|pen| Writer::new(store, pen)).collect(),
            register: Register::default(),
            events: Vec::new(),
        }
    }

    fn does(&mut self, writer: usize, body: impl Into<Body>) {
        let body = body.into();
        self.register.note(&body);
        let chain = &mut self.writers[writer].chain;
        let seq = chain.next();
        let around = Circumstances {
            id: EventId(random::bytes()),
            wall: BEGUN,
            mono: seq * 2_000,
            actor: ActorRef {
                actor: ACTOR,
                session: 1,
            },
            basis: Position(u64::try_from(self.events.len()).unwrap_or(u64::MAX)),
            lease: (writer > 0).then_some(LeaseRef {
                lease: LeaseId([7; 16]),
                fence: 3,
            }),
            pii: None,
        };
        let bytes = chain.append(&body, around).to_bytes();
        self.events.push(Written { writer, seq, bytes });
    }

    /// The shop is set up, every device starts, and then they pick, turn by turn.
    fn fill(&mut self, store: StoreId, events: usize) -> anyhow::Result<()> {
        self.does(0, opened());
        self.does(0, configured(store));
        let actor = Actor {
            id: ACTOR,
            name: "Ana R.".to_owned(),
            role: Role::Associate,
            active: true,
            pin_changes: None,
            shift: None,
            unlocks: None,
        };
        self.does(0, ActorAdded::from(actor));
        for writer in 0..self.writers.len() {
            let device = self.writers[writer].device.clone();
            self.does(0, DeviceEnrolled::from(device));
        }
        for writer in 1..self.writers.len() {
            self.does(writer, opened());
        }
        while self.events.len() < events {
            let number = self.events.len();
            let picked = PackagePicked {
                order: OrderId(random::bytes()),
                line: 1,
                tag: PackageTag::parse(&format!("1A4FF03000E2E{number:011}"))?,
                unit: None,
                grade: Grade::Package,
                from: LocationCode::new("A-01-1"),
            };
            self.does(1 + number / TURN % DEVICES, picked);
        }
        Ok(())
    }

    /// Signs everything, on all processors.
    fn signed(&self) -> Vec<Logged> {
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        let share = self.events.len().div_ceil(workers).max(1);
        thread::scope(|scope| {
            let shares = self.events.chunks(share).enumerate();
            let shares = shares.map(|(number, events)| {
                scope.spawn(move || {
                    let first = number * share;
                    let events = events.iter().enumerate();
                    events
                        .map(|(offset, written)| self.logged(first + offset + 1, written))
                        .collect::<Vec<_>>()
                })
            });
            let shares: Vec<_> = shares.collect();
            let signed = shares.into_iter().map(thread::ScopedJoinHandle::join);
            signed
                .flat_map(|part| part.expect("BUG: signing cannot fail"))
                .collect()
        })
    }

    fn logged(&self, position: usize, written: &Written) -> Logged {
        let Writer { device, chain, pen } = &self.writers[written.writer];
        let position = u64::try_from(position).unwrap_or(u64::MAX);
        Logged {
            recorded: Recorded {
                position: Position(position),
                recorded_at: BEGUN.saturating_add_unsigned(position),
                event: SignedEvent {
                    signature: pen.sign(&written.bytes),
                    bytes: written.bytes.clone(),
                },
                outcome: Outcome::Applied,
                subject: false,
            },
            chain: ChainKey {
                device: device.id,
                epoch: chain.epoch(),
            },
            seq: written.seq,
        }
    }
}

fn configured(store: StoreId) -> StoreConfigured {
    StoreConfigured {
        store: Store {
            id: store,
            business: "Green Door LLC".to_owned(),
            name: "Green Door".to_owned(),
            license: "C10-0000001-LIC".to_owned(),
            time_zone: "America/Los_Angeles".to_owned(),
            rules: RulePack {
                state: "CA".to_owned(),
                effective: Day(0),
                age_min: 21,
                report_at: ReportAt::HandOff,
                label_sentences: Vec::new(),
                citations: Vec::new(),
                limits: None,
            },
            vault: None,
            checklist: None,
            holds: None,
            swaps: None,
            procedures: None,
            bench: None,
            drawings: None,
        },
        locations: Vec::new(),
        slots: Vec::new(),
    }
}

/// Writes a bundle of so many events.
pub(crate) fn write(file: &Path, events: usize) -> anyhow::Result<Value> {
    let origin = Origin {
        store: StoreId(random::bytes()),
        incarnation: Incarnation(random::bytes()),
    };
    let mut history = History::new(origin.store);
    history.fill(origin.store, events)?;
    let Some(Pen::Server(keys)) = history.writers.first().map(|writer| &writer.pen) else {
        anyhow::bail!("a log without a server");
    };
    let logged = history.signed();
    let leaves = logged
        .iter()
        .map(|logged| Leaf::of(&logged.recorded).hash());
    let tree: Tree = leaves.collect();
    let told = facts(keys, origin, &history.register, Scope::Whole, BEGUN);
    let head = Head {
        note: sign_head(keys, origin, tree.frontier()).render(),
        proof: Vec::new(),
    };
    let mut out = BufWriter::new(File::create(file)?);
    let count = logged.len();
    let logged = logged.into_iter().map(Ok::<_, std::io::Error>);
    export(&mut out, keys, (told, vec![head]), &tree, logged, [])?;
    out.flush()?;
    Ok(json!({ "events": count, "bytes": std::fs::metadata(file)?.len() }))
}

/// SHA-256 of the file, read as the check reads it.
pub(crate) fn hash(file: &Path) -> anyhow::Result<Value> {
    let begun = Instant::now();
    let mut file = File::open(file)?;
    let mut piece = vec![0; PIECE_BYTES];
    let mut hasher = Sha256::new();
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        hasher.update(&piece[..read]);
    }
    let digest = hasher.finalize();
    Ok(json!({ "ms": milliseconds(begun.elapsed()), "sha256": random::hex(&digest) }))
}
