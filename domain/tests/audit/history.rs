//! A morning in a shop, signed by everybody in it: a server, a tablet that signs by P-256, a phone that signs by
//! Ed25519.

use domain::audit::bundle::{Entry, Facts, Head, Register, Scope, Under};
use domain::audit::checkpoint::{Checkpoint, KeyRef, Note, Origin};
use domain::audit::merkle::{Tree, consistency_proof};
use domain::custody::exception::{Exception, Rule};
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::custody::sign_in::{ActorSignedIn, ActorSignedOut, ChainEnd, EpochOpened, OpenCause};
use domain::event::{ActorRef, Body, Envelope, SignedEvent, event_hash};
use domain::facility::{Actor, Device, KeyKind, Role, Store};
use domain::id::{ActorId, DeviceId, Epoch, EventId, Hash, Position, StoreId};
use domain::rules::{ReportAt, RulePack};
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::message::{Incarnation, Outcome, QuarantineReason};
use domain::time::Day;
use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::Verifier as _;

pub const STORE: StoreId = StoreId([9; 16]);
pub const ORIGIN: Origin = Origin {
    store: STORE,
    incarnation: Incarnation([7; 16]),
};
pub const NOON: i64 = 1_795_608_000_000;
pub const ANA: ActorId = ActorId(1);

pub const SERVER: usize = 0;
pub const TABLET: usize = 1;
pub const PHONE: usize = 2;

/// A private key of either kind.
#[derive(Clone, Debug)]
pub enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
}

impl Secret {
    pub fn ed25519(seed: u8) -> Self {
        Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&[seed; 32])))
    }

    pub fn p256(seed: u8) -> Self {
        Self::P256(Box::new(
            p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap(),
        ))
    }

    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Ed25519(_) => KeyKind::Ed25519,
            Self::P256(_) => KeyKind::P256,
        }
    }

    pub fn public(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
            Self::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        }
    }

    pub fn sign(&self, hash: &Hash) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(&hash.0).to_bytes().to_vec(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(&hash.0);
                signature.to_bytes().to_vec()
            }
        }
    }
}

/// What the server's own program does with a signature.
pub fn verifies(kind: KeyKind, key: &[u8], hash: &Hash, signature: &[u8]) -> bool {
    match kind {
        KeyKind::Ed25519 => {
            let key = key.try_into().ok();
            let key = key.and_then(|key| ed25519_dalek::VerifyingKey::from_bytes(key).ok());
            let signature = ed25519_dalek::Signature::from_slice(signature);
            key.is_some_and(|key| {
                signature.is_ok_and(|signature| key.verify_strict(&hash.0, &signature).is_ok())
            })
        }
        KeyKind::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok();
            let signature = p256::ecdsa::Signature::from_slice(signature);
            key.is_some_and(|key| {
                signature.is_ok_and(|signature| key.verify(&hash.0, &signature).is_ok())
            })
        }
    }
}

#[derive(Clone, Debug)]
pub struct Writer {
    pub device: Device,
    pub secret: Secret,
    pub chain: Chain,
}

impl Writer {
    fn new(number: u8, name: &str, secret: Secret) -> Self {
        let id = DeviceId([number; 16]);
        Self {
            device: Device {
                id,
                name: name.to_owned(),
                generation: 1,
                key_kind: secret.kind(),
                public_key: secret.public(),
                active: true,
                is_server: number == 0xf0,
                purpose: None,
            },
            chain: Chain::new(STORE, id, Epoch([number; 16])),
            secret,
        }
    }

    pub fn under(&self) -> Under {
        Under {
            device: self.device.id,
            epoch: self.chain.epoch(),
            seq: self.chain.next(),
        }
    }
}

/// A log and everybody who wrote it.
#[derive(Clone, Debug)]
pub struct History {
    pub writers: Vec<Writer>,
    pub entries: Vec<Entry>,
    pub exceptions: Vec<Exception>,
    pub register: Register,
    pub tree: Tree,
    /// Heads as they were signed, oldest first.
    pub notes: Vec<Note>,
}

impl History {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self {
            writers: vec![
                Writer::new(0xf0, "Server", Secret::ed25519(1)),
                Writer::new(0x0a, "Tablet 1", Secret::p256(2)),
                Writer::new(0x0b, "Phone", Secret::ed25519(3)),
            ],
            entries: Vec::new(),
            exceptions: Vec::new(),
            register: Register::default(),
            tree: Tree::default(),
            notes: Vec::new(),
        }
    }

    /// The shop opens, two devices start, Ana comes and goes, one event is flagged, one cannot be read.
    pub fn morning() -> Self {
        let mut history = Self::new();
        history.sets_up();
        history.opens(TABLET);
        history.does(TABLET, arrives(), Outcome::Applied);
        history.opens(PHONE);
        history.co_signs(&[TABLET, PHONE]);
        history.breaks_a_rule(PHONE, leaves());
        history.gibberish(TABLET);
        history.does(TABLET, leaves(), Outcome::Applied);
        history.starts_again(TABLET);
        history.does(TABLET, arrives(), Outcome::Applied);
        history.co_signs(&[PHONE]);
        history.does(PHONE, arrives(), Outcome::Applied);
        history.co_signs(&[]);
        history
    }

    pub fn sets_up(&mut self) {
        self.opens(SERVER);
        for writer in [SERVER, TABLET, PHONE] {
            let device = self.writers[writer].device.clone();
            self.does(SERVER, DeviceEnrolled::from(device), Outcome::Applied);
        }
        self.does(SERVER, shop(), Outcome::Applied);
        self.does(SERVER, ana(), Outcome::Applied);
    }

    pub fn opens(&mut self, writer: usize) {
        self.does(writer, opened(None), Outcome::Applied);
    }

    /// A device's app is started once more.
    pub fn starts_again(&mut self, writer: usize) {
        let Writer { device, chain, .. } = &mut self.writers[writer];
        let before = ChainEnd {
            epoch: chain.epoch(),
            seq: chain.next() - 1,
            hash: chain.head(),
        };
        let mut epoch = chain.epoch();
        epoch.0[15] += 1;
        *chain = Chain::new(STORE, device.id, epoch);
        self.does(writer, opened(Some(before)), Outcome::Applied);
    }

    pub fn envelope(&mut self, writer: usize, body: impl Into<Body>) -> Envelope {
        let body = body.into();
        let number = u8::try_from(self.entries.len() % 251).unwrap();
        let wall = NOON + i64::from(number);
        let around = Circumstances {
            id: EventId([number; 16]),
            wall,
            mono: 0,
            actor: ActorRef {
                actor: ANA,
                session: 0,
            },
            basis: Position(0),
            lease: None,
            pii: None,
        };
        self.writers[writer].chain.append(&body, around)
    }

    pub fn does(&mut self, writer: usize, body: impl Into<Body>, outcome: Outcome) {
        let body = body.into();
        let envelope = self.envelope(writer, body.clone());
        self.register.note(&body);
        self.records(writer, envelope.to_bytes(), None, outcome);
    }

    /// Gives bytes a place in the log.
    pub fn records(
        &mut self,
        writer: usize,
        bytes: Vec<u8>,
        under: Option<Under>,
        outcome: Outcome,
    ) {
        let position = self.next();
        let signature = self.writers[writer].secret.sign(&event_hash(&bytes));
        let entry = Entry {
            position,
            recorded_at: NOON + i64::try_from(position.0).unwrap(),
            event: SignedEvent { bytes, signature },
            outcome,
            under,
            proof: Vec::new(),
        };
        self.tree.append(entry.leaf().hash());
        self.entries.push(entry);
    }

    pub fn next(&self) -> Position {
        Position(u64::try_from(self.entries.len()).unwrap() + 1)
    }

    fn breaks_a_rule(&mut self, writer: usize, body: impl Into<Body>) {
        let position = self.next();
        let number = position.0 * 16;
        self.exceptions.push(Exception {
            number,
            rule: Rule::ActorInvalid,
            event: EventId([1; 16]),
            position,
            order: None,
            tag: None,
            actor: ANA,
            device: self.writers[writer].device.id,
            resolved: false,
            collides: None,
            pick: None,
            unit: None,
            orders: None,
            resolution: None,
            orphan: None,
            author: None,
            count: None,
        });
        self.does(writer, body, Outcome::AppliedWithExceptions(vec![number]));
    }

    fn gibberish(&mut self, writer: usize) {
        let bytes = b"no envelope".to_vec();
        let under = self.writers[writer].under();
        let Under { device, epoch, seq } = under;
        let head = event_hash(&bytes);
        self.writers[writer].chain = Chain::resumed(STORE, device, epoch, seq + 1, head);
        let outcome = Outcome::Quarantined(QuarantineReason::Unreadable);
        self.records(writer, bytes, Some(under), outcome);
    }

    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: ORIGIN,
            size: self.tree.frontier().size(),
            root: self.tree.frontier().root(),
        }
    }

    /// The log signs its head, and devices co-sign it.
    pub fn co_signs(&mut self, witnesses: &[usize]) {
        let checkpoint = self.checkpoint();
        let server = &self.writers[SERVER];
        let public = server.secret.public();
        let key = KeyRef {
            kind: server.secret.kind(),
            bytes: &public,
        };
        let mut note = checkpoint.signed(key, &server.secret.sign(&checkpoint.log_claim()));
        for writer in witnesses.iter().map(|writer| &self.writers[*writer]) {
            let key = KeyRef {
                kind: writer.device.key_kind,
                bytes: &writer.device.public_key,
            };
            let signature = writer.secret.sign(&checkpoint.witness_claim());
            note.add_witness(writer.device.id, key, &signature);
        }
        self.notes.push(note);
    }

    /// What a bundle of this log says of itself.
    pub fn facts(&self, scope: Scope) -> Facts {
        let log = &self.writers[SERVER].secret;
        Facts {
            store: STORE,
            incarnation: ORIGIN.incarnation,
            shop: self.register.shop().cloned(),
            log_key_kind: log.kind(),
            log_key: log.public(),
            scope,
            made_at: NOON,
            devices: self.register.devices().cloned().collect(),
            actors: self.register.actors().cloned().collect(),
        }
    }

    /// Heads as a bundle carries them, newest first.
    pub fn heads(&self) -> Vec<Head> {
        let newest = self.notes.last().unwrap().checkpoint().size;
        let head = |note: &Note| Head {
            note: note.render(),
            proof: match note.checkpoint().size {
                size if size == newest => Vec::new(),
                size => consistency_proof(&self.tree, size, newest).unwrap(),
            },
        };
        self.notes.iter().rev().map(head).collect()
    }
}

pub fn opened(before: Option<ChainEnd>) -> EpochOpened {
    EpochOpened {
        generation: 1,
        before,
        cause: OpenCause::Start,
        build: "1".to_owned(),
        durability: "strict".to_owned(),
        persisted: true,
        quota: 0,
        time_zone: "UTC".to_owned(),
        clock_offset: None,
    }
}

pub fn arrives() -> ActorSignedIn {
    ActorSignedIn {
        actor: ANA,
        online: true,
    }
}

pub fn leaves() -> ActorSignedOut {
    ActorSignedOut { actor: ANA }
}

fn ana() -> ActorAdded {
    ActorAdded::from(Actor {
        id: ANA,
        name: "Ana R.".to_owned(),
        role: Role::Associate,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    })
}

fn shop() -> StoreConfigured {
    StoreConfigured {
        store: Store {
            id: STORE,
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
