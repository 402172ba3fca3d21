//! A device as the browser's app is one: it signs, pushes what it did and pulls what there is.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::code::Code;
use domain::custody::scan::Scan;
use domain::custody::sign_in::{ActorSignedIn, ChainEnd, EpochOpened, OpenCause};
use domain::custody::{Fact, Situation, evolve, pick};
use domain::event::{ActorRef, Body, LeaseRef, SignedEvent, encode};
use domain::facility::KeyKind;
use domain::id::{ActorId, DeviceId, Epoch, OrderId, Position, StoreId};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::enrol::{
    CustomerCard, EnrolAnswer, EnrolAsk, Hello, SignInAsk, enrol_hash, request_hash,
};
use domain::sync::message::{
    ChainPart, ClaimAnswer, ClaimAsk, Cursor, PullAnswer, Push, PushAnswer, Seen, Signed,
};
use domain::sync::page::{PageName, Sums};
use domain::sync::scope::ScopeHash;
use domain::time::Day;
use domain::verdict::Verdict;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sync_server::import::orders::OrderKey;
use sync_server::ingest::orders::order_id;
use sync_server::keys::random::{self, hex};

use crate::server::{ANA, Answer, At, agent, get, post};

static NONCES: AtomicU64 = AtomicU64::new(1);

/// A key of either kind.
pub(crate) enum Key {
    Ed25519(SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl Key {
    pub(crate) fn ed25519() -> Self {
        Self::Ed25519(SigningKey::from_bytes(&random::bytes()))
    }

    pub(crate) fn p256() -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&random::bytes::<32>()).unwrap())
    }

    pub(crate) fn kind(&self) -> KeyKind {
        match self {
            Self::Ed25519(_) => KeyKind::Ed25519,
            Self::P256(_) => KeyKind::P256,
        }
    }

    pub(crate) fn public(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
            Self::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        }
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(bytes).to_bytes().to_vec(),
            Self::P256(key) => {
                use p256::ecdsa::signature::Signer as _;
                let signature: p256::ecdsa::Signature = key.sign(bytes);
                signature.to_bytes().to_vec()
            }
        }
    }
}

/// What a device that wants to be taken in sends.
pub(crate) fn enrol_ask(key: &Key, code: &str) -> EnrolAsk {
    let public_key = key.public();
    let hash = enrol_hash(code, &public_key);
    EnrolAsk {
        code: code.to_owned(),
        name: "Tablet 3".to_owned(),
        key_kind: key.kind(),
        proof: key.sign(&hash.0),
        public_key,
    }
}

pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) key: Key,
    pub(crate) boot_token: Vec<u8>,
    pub(crate) chain: Chain,
    pub(crate) written: Vec<SignedEvent>,
    pub(crate) ledger: Ledger,
    pub(crate) customers: BTreeMap<OrderId, CustomerCard>,
    pub(crate) cursor: Cursor,
    pub(crate) store: StoreId,
    pub(crate) server_key: Vec<u8>,
    agent: ureq::Agent,
}

impl Device {
    /// An enrolled device whose writer has started and on which Ana has signed in.
    pub(crate) fn enrolled(server: &impl At) -> Self {
        Self::enrolled_with(server.at(), Key::ed25519(), "")
    }

    pub(crate) fn enrolled_with(address: SocketAddr, key: Key, code: &str) -> Self {
        let agent = agent();
        let hello: Hello = get(&agent, address, "/v1/hello", &[]).cbor();
        let ask = encode(&enrol_ask(&key, code));
        let answer = post(&agent, address, "/v1/enrol", &[], &ask);
        assert_eq!(answer.status, 200);
        let enrolled: EnrolAnswer = answer.cbor();
        assert_eq!(enrolled.server_key, hello.server_key);
        let mut device = Self {
            id: enrolled.device.id,
            key,
            boot_token: enrolled.boot_token,
            chain: Chain::new(enrolled.store, enrolled.device.id, Epoch(random::bytes())),
            written: Vec::new(),
            ledger: Ledger::default(),
            customers: BTreeMap::new(),
            cursor: Cursor::default(),
            store: enrolled.store,
            server_key: enrolled.server_key,
            agent,
        };
        device.start_writer();
        device
    }

    /// Somebody proves to the server to be here.
    pub(crate) fn proves(&self, server: &impl At, actor: ActorId, pin: &str) {
        let ask = encode(&SignInAsk {
            actor,
            pin: pin.to_owned(),
            new_pin: None,
        });
        let path = format!("/v1/stores/{}/sign-in", self.store);
        assert_eq!(self.post(server.at(), &path, &ask).status, 200);
    }

    /// A new chain: an epoch, and Ana's sign-in.
    pub(crate) fn start_writer(&mut self) {
        let last = self.chain.next().checked_sub(1);
        let before = last.map(|seq| ChainEnd {
            epoch: self.chain.epoch(),
            seq,
            hash: self.chain.head(),
        });
        self.chain = Chain::new(self.store, self.id, Epoch(random::bytes()));
        self.written.clear();
        let opened = EpochOpened {
            generation: 1,
            before,
            cause: OpenCause::Start,
            build: "test".to_owned(),
            durability: "strict".to_owned(),
            persisted: true,
            quota: 0,
            time_zone: "America/Los_Angeles".to_owned(),
            clock_offset: None,
        };
        self.write(opened.into());
        let signed_in = ActorSignedIn {
            actor: ANA,
            online: true,
        };
        self.write(signed_in.into());
    }

    /// Signs a fact and keeps it; it takes effect in the device's own view at once.
    pub(crate) fn write(&mut self, body: Body) -> SignedEvent {
        self.write_under(body, None)
    }

    pub(crate) fn write_under(&mut self, body: Body, lease: Option<LeaseRef>) -> SignedEvent {
        let around = Circumstances {
            id: random::event_id(),
            // A clock that is years behind is nobody's fault.
            wall: 946_684_800_000,
            mono: self.chain.next() * 10,
            actor: ActorRef {
                actor: ANA,
                session: 1,
            },
            basis: self.cursor.position,
            lease,
            pii: None,
        };
        let envelope = self.chain.append(&body, around);
        let fact = Fact {
            envelope: &envelope,
            body: &body,
            position: Position(0),
        };
        evolve(&mut self.ledger, &fact);
        let event = self.signed(envelope.to_bytes());
        self.written.push(event.clone());
        event
    }

    pub(crate) fn signed(&self, bytes: Vec<u8>) -> SignedEvent {
        let hash = domain::event::event_hash(&bytes);
        SignedEvent {
            signature: self.key.sign(&hash.0),
            bytes,
        }
    }

    pub(crate) fn situation(&self) -> Situation {
        Situation {
            actor: ANA,
            device: self.id,
            today: Day::parse("2026-11-24").unwrap(),
            connected: true,
            may_decide: true,
        }
    }

    /// Picks one unit by its package's tag, as the domain allows.
    pub(crate) fn pick(&mut self, order: OrderId, tag: &str) -> SignedEvent {
        let scan = Scan {
            code: Code::Package(crate::server::tag(tag)),
        };
        let verdict = pick::decide(&self.ledger, &self.situation(), order, &scan);
        let Verdict::Accepted(body) = verdict else {
            panic!("{verdict:?}");
        };
        let lease = self.lease_on(order);
        self.write_under(body, lease)
    }

    pub(crate) fn lease_on(&self, order: OrderId) -> Option<LeaseRef> {
        let claim = self.ledger.orders.get(&order)?.claim.as_ref()?;
        Some(LeaseRef {
            lease: claim.lease?,
            fence: claim.fence,
        })
    }

    /// A push of this device's events from a number on.
    pub(crate) fn push_from(&self, from: usize) -> Push {
        self.push_of(u64::try_from(from).unwrap(), self.written[from..].to_vec())
    }

    pub(crate) fn push_of(&self, from: u64, events: Vec<SignedEvent>) -> Push {
        Push {
            chains: vec![ChainPart {
                device: self.id,
                epoch: self.chain.epoch(),
                from,
                events,
                lost: None,
                gone: None,
                after: None,
            }],
            cursor: self.cursor,
            build: "test".to_owned(),
        }
    }

    /// Sends a push and checks the answer's signature against the pinned key.
    pub(crate) fn send(&self, server: &impl At, push: &Push) -> PushAnswer {
        let path = format!("/v1/stores/{}/push", self.store);
        let answer = self.post(server.at(), &path, &encode(push));
        self.believe(&answer)
    }

    pub(crate) fn believe(&self, answer: &Answer) -> PushAnswer {
        assert_eq!(answer.status, 200);
        let signed: Signed = answer.cbor();
        let key = VerifyingKey::from_bytes(self.server_key.as_slice().try_into().unwrap()).unwrap();
        let signature = Signature::from_slice(&signed.signature).unwrap();
        key.verify_strict(&signed.hash().0, &signature).unwrap();
        minicbor::decode(&signed.bytes).unwrap()
    }

    /// Pushes everything there is.
    pub(crate) fn push_all(&self, server: &impl At) -> PushAnswer {
        self.send(server, &self.push_from(0))
    }

    pub(crate) fn pull_page(&self, server: &impl At, cursor: Cursor) -> PullAnswer {
        self.pull_whole(server, cursor, &[])
    }

    pub(crate) fn pull_whole(
        &self,
        server: &impl At,
        cursor: Cursor,
        whole: &[PageName],
    ) -> PullAnswer {
        let name = |page: &PageName| format!("{}.{}", page.kind.number(), page.number);
        let path = format!(
            "/v1/stores/{}/pull?incarnation={}&position={}&schema={}{}&whole={}",
            self.store,
            hex(&cursor.incarnation.0),
            cursor.position.0,
            cursor.schema,
            scope_of(cursor),
            whole.iter().map(name).collect::<Vec<_>>().join(",")
        );
        let answer = self.get(server.at(), &path);
        assert_eq!(answer.status, 200);
        answer.cbor()
    }

    /// A page for a device that says what it has seen of the log.
    pub(crate) fn pull_seeing(&self, server: &impl At, cursor: Cursor, seen: &Seen) -> PullAnswer {
        let signed = seen.signature.as_ref().map(|bytes| hex(bytes));
        let path = format!(
            "/v1/stores/{}/pull?incarnation={}&position={}&schema={}&seen={}{}",
            self.store,
            hex(&cursor.incarnation.0),
            cursor.position.0,
            cursor.schema,
            seen.size,
            signed.map_or_else(String::new, |digits| format!("&signed={digits}")),
        );
        let answer = self.get(server.at(), &path);
        assert_eq!(answer.status, 200);
        answer.cbor()
    }

    /// Pulls until there is no more.
    pub(crate) fn pull(&mut self, server: &impl At) {
        loop {
            let page = self.pull_page(server, self.cursor);
            assert_eq!(page.from, self.cursor);
            if page.reset {
                self.ledger = Ledger::default();
                self.customers.clear();
            }
            self.empty(&page.whole);
            for row in &page.rows {
                match (&row.bytes, row.key.kind) {
                    (bytes, EntityKind::Customer) => {
                        let order: OrderId = minicbor::decode(&row.key.id).unwrap();
                        self.customers.remove(&order);
                        if let Some(bytes) = bytes {
                            let card = minicbor::decode(bytes).unwrap();
                            self.customers.insert(order, card);
                        }
                    }
                    (Some(bytes), _) => self.ledger.put(&row.key, bytes).unwrap(),
                    (None, _) => self.ledger.remove(&row.key),
                }
            }
            self.cursor = page.next;
            assert_eq!(page.sum.is_none(), page.more);
            if let Some(sum) = page.sum {
                assert_eq!(sum, sums_of(&self.ledger).whole());
                break;
            }
        }
        self.ledger.take_touched();
    }

    /// Takes out what stands in pages that come whole.
    fn empty(&mut self, pages: &[PageName]) {
        let is_there = |key: &EntityKey| pages.contains(&PageName::of(key));
        for kind in EntityKind::ALL {
            let keys = self.ledger.keys_of(*kind).into_iter();
            let gone: Vec<EntityKey> = keys.filter(is_there).collect();
            gone.iter().for_each(|key| self.ledger.remove(key));
        }
        self.customers.retain(|order, _| {
            let (kind, id) = (EntityKind::Customer, encode(order));
            !is_there(&EntityKey { kind, id })
        });
    }

    /// Asks for orders for a driver's phone.
    pub(crate) fn load(&self, server: &impl At, phone: DeviceId, orders: &[OrderId]) -> Answer {
        let ask = ClaimAsk {
            actor: ANA,
            orders: orders.to_vec(),
            device: Some(phone),
        };
        let path = format!("/v1/stores/{}/claim", self.store);
        self.post(server.at(), &path, &encode(&ask))
    }

    pub(crate) fn claim(&self, server: &impl At, actor: ActorId, orders: &[OrderId]) -> Answer {
        let ask = ClaimAsk {
            actor,
            orders: orders.to_vec(),
            device: None,
        };
        let path = format!("/v1/stores/{}/claim", self.store);
        self.post(server.at(), &path, &encode(&ask))
    }

    /// Claims an order and pulls the lease.
    pub(crate) fn take(&mut self, server: &impl At, order: OrderId) {
        let answer: ClaimAnswer = self.claim(server, ANA, &[order]).cbor();
        assert_eq!(answer.granted, [order], "{:?}", answer.refused);
        self.pull(server);
        assert!(self.cursor.position >= answer.position);
    }

    pub(crate) fn get(&self, address: SocketAddr, path: &str) -> Answer {
        let headers = self.proof("GET", path, &[]);
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        get(&self.agent, address, path, &headers)
    }

    pub(crate) fn post(&self, address: SocketAddr, path: &str, body: &[u8]) -> Answer {
        let headers = self.proof("POST", path, body);
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        post(&self.agent, address, path, &headers, body)
    }

    /// The headers that prove a request.
    pub(crate) fn proof(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> Vec<(&'static str, String)> {
        let mut nonce = [0; 16];
        let number = NONCES.fetch_add(1, Ordering::Relaxed);
        nonce[..8].copy_from_slice(&number.to_be_bytes());
        let nonce = hex(&nonce);
        let time = "946684800000".to_owned();
        let hash = request_hash(method, path, &time, &nonce, body);
        vec![
            ("custody-device", self.id.to_string()),
            ("custody-time", time),
            ("custody-nonce", nonce),
            ("custody-signature", hex(&self.key.sign(&hash.0))),
        ]
    }
}

/// Custody's identifier of an order of the source `web`.
pub(crate) fn web_order(id: &str) -> OrderId {
    order_id(&OrderKey {
        source: "web".to_owned(),
        id: id.to_owned(),
    })
}

/// A cursor's scope hash, as the query has it.
fn scope_of(cursor: Cursor) -> String {
    let hash = cursor.scope.map(|ScopeHash(hash)| hex(&hash));
    hash.map_or_else(String::new, |digits| format!("&scope={digits}"))
}

/// The sums of a view with these rows.
pub(crate) fn sums_of(ledger: &Ledger) -> Sums {
    let mut sums = Sums::default();
    for kind in EntityKind::ALL {
        for key in ledger.keys_of(*kind) {
            sums.change(&key, None, ledger.bytes(&key).as_deref());
        }
    }
    sums
}
