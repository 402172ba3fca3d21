//! A device as the browser's app is one, without a browser.
//!
//! In: a server that lets devices in without a code. Out: a queue of signed acts, and what the server says
//! to them. Must not: record an act that the domain would refuse.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::code::Code;
use domain::custody::scan::Scan;
use domain::custody::sign_in::{ActorSignedIn, EpochOpened, OpenCause};
use domain::custody::{Fact, Situation, evolve, pick};
use domain::event::{ActorRef, Body, LeaseRef, SignedEvent, encode};
use domain::facility::{KeyKind, Right};
use domain::id::{ActorId, DeviceId, Epoch, OrderId, Position, StoreId};
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::enrol::{EnrolAnswer, EnrolAsk, enrol_hash, request_hash};
use domain::sync::message::{
    ChainPart, ClaimAnswer, ClaimAsk, Cursor, Outcome, PUSH_EVENTS_MAX, PullAnswer, Push,
    PushAnswer, Signed,
};
use domain::verdict::Verdict;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sync_server::clock::{day_at, now_ms};
use sync_server::keys::random::{self, hex};

/// Orders that a server leases at once.
const CLAIM_MAX: usize = 50;
/// The system the orders come from.
const SOURCE: &str = "bench";
/// Where the picker's sign-in stands in the chain.
const SESSION: u64 = 1;
/// Milliseconds between two picks, as the device's clock has it.
const PACE: u64 = 2_000;

/// What came of a queue that was sent. Everything in it was applied.
#[derive(Default)]
pub(crate) struct Sent {
    /// How long each push took, up to its checked receipts.
    pub(crate) took: Vec<Duration>,
    /// Events with an exception.
    pub(crate) flagged: usize,
}

/// The device.
pub(crate) struct Device {
    address: String,
    agent: ureq::Agent,
    key: SigningKey,
    server_key: VerifyingKey,
    id: DeviceId,
    store: StoreId,
    chain: Chain,
    ledger: Ledger,
    cursor: Cursor,
    actor: ActorId,
}

impl Device {
    /// Makes a key and becomes one of the shop's.
    pub(crate) fn enrol(address: &str) -> anyhow::Result<Self> {
        let agent = ureq::Agent::config_builder().build().new_agent();
        let key = SigningKey::from_bytes(&random::bytes());
        let public_key = key.verifying_key().to_bytes().to_vec();
        let ask = EnrolAsk {
            code: String::new(),
            name: "Bench".to_owned(),
            key_kind: KeyKind::Ed25519,
            proof: key.sign(&enrol_hash("", &public_key).0).to_bytes().to_vec(),
            public_key,
        };
        let mut response = agent
            .post(format!("{address}/v1/enrol"))
            .send(&encode(&ask)[..])?;
        let enrolled: EnrolAnswer = minicbor::decode(&response.body_mut().read_to_vec()?)?;
        let server_key = VerifyingKey::from_bytes(enrolled.server_key.as_slice().try_into()?)?;
        Ok(Self {
            address: address.to_owned(),
            agent,
            key,
            server_key,
            id: enrolled.device.id,
            store: enrolled.store,
            chain: Chain::new(enrolled.store, enrolled.device.id, Epoch(random::bytes())),
            ledger: Ledger::default(),
            cursor: Cursor::default(),
            actor: ActorId::SERVER,
        })
    }

    /// What its signatures are checked with.
    pub(crate) fn public_key(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// Reads everything there is, and finds somebody who may pick.
    pub(crate) fn pull(&mut self) -> anyhow::Result<()> {
        loop {
            let Cursor {
                incarnation,
                position,
                schema,
                scope: _,
            } = self.cursor;
            let path = format!(
                "/v1/stores/{}/pull?incarnation={}&position={}&schema={schema}",
                self.store,
                hex(&incarnation.0),
                position.0
            );
            let page: PullAnswer = minicbor::decode(&self.send("GET", &path, &[])?)?;
            for row in &page.rows {
                match &row.bytes {
                    Some(bytes) => drop(self.ledger.put(&row.key, bytes)),
                    None => self.ledger.remove(&row.key),
                }
            }
            self.cursor = page.next;
            if !page.more {
                break;
            }
        }
        let mut actors = self.ledger.actors.values();
        let picker = actors.find(|actor| actor.active && actor.role.may(Right::Fulfil));
        self.actor = picker.context("nobody in this shop may pick")?.id;
        Ok(())
    }

    /// The number its next event will have.
    pub(crate) fn next(&self) -> u64 {
        self.chain.next()
    }

    /// Takes orders with at least so many units to pick.
    pub(crate) fn claim(&mut self, picks: usize) -> anyhow::Result<()> {
        let mut units = 0;
        let mut orders = Vec::new();
        for order in self.ledger.orders.values() {
            if order.source == SOURCE && order.status == Status::Ready && units < picks {
                units += usize::try_from(order.units_due())?;
                orders.push(order.id);
            }
        }
        anyhow::ensure!(
            units >= picks,
            "there are {units} units to pick, not {picks}"
        );
        let path = format!("/v1/stores/{}/claim", self.store);
        for some in orders.chunks(CLAIM_MAX) {
            let ask = ClaimAsk {
                actor: self.actor,
                orders: some.to_vec(),
                device: None,
            };
            let answer: ClaimAnswer =
                minicbor::decode(&self.send("POST", &path, &encode(&ask))?)?;
            anyhow::ensure!(answer.refused.is_empty(), "{:?}", answer.refused);
        }
        self.pull()
    }

    /// A start of the writer, a sign-in, and so many picks, signed one after the other.
    pub(crate) fn queue(&mut self, picks: usize) -> anyhow::Result<Vec<SignedEvent>> {
        let mut queue = self.begin();
        let last = picks + queue.len();
        for order in self.ours() {
            while queue.len() < last
                && let Some(event) = self.pick_next(order)?
            {
                queue.push(event);
            }
        }
        anyhow::ensure!(queue.len() == last, "{} events, not {last}", queue.len());
        Ok(queue)
    }

    /// So many events, however few orders there are: their units are picked, put back and picked again.
    pub(crate) fn busy(&mut self, events: usize) -> anyhow::Result<Vec<SignedEvent>> {
        let mut queue = match self.chain.next() {
            0 => self.begin(),
            _ => Vec::new(),
        };
        let orders = self.ours();
        anyhow::ensure!(!orders.is_empty(), "no order to pick for");
        for order in orders.into_iter().cycle() {
            let mut puts_back = false;
            loop {
                if queue.len() >= events {
                    return Ok(queue);
                }
                let next = match puts_back {
                    false => self.pick_next(order)?,
                    true => self.put_back_last(order)?,
                };
                match next {
                    Some(event) => queue.push(event),
                    None if puts_back => break,
                    None => puts_back = true,
                }
            }
        }
        Ok(queue)
    }

    fn begin(&mut self) -> Vec<SignedEvent> {
        let signed_in = ActorSignedIn {
            actor: self.actor,
            online: true,
        };
        vec![
            self.write(opened().into(), None),
            self.write(signed_in.into(), None),
        ]
    }

    /// The orders this device has.
    fn ours(&self) -> Vec<OrderId> {
        let orders = self.ledger.orders.values();
        let is_ours = |order: &&Order| {
            let claim = order.claim.as_ref();
            claim.is_some_and(|claim| claim.device == self.id)
        };
        orders.filter(is_ours).map(|order| order.id).collect()
    }

    fn pick_next(&mut self, id: OrderId) -> anyhow::Result<Option<SignedEvent>> {
        let order = self.order(id)?;
        let lease = lease_of(order);
        let Some(target) = pick::next_target(&self.ledger, order) else {
            return Ok(None);
        };
        let scan = Scan {
            code: Code::Package(target.package.tag.clone()),
        };
        let verdict = pick::decide(&self.ledger, &self.situation()?, id, &scan);
        self.carry_out(verdict, lease).map(Some)
    }

    fn put_back_last(&mut self, id: OrderId) -> anyhow::Result<Option<SignedEvent>> {
        let order = self.order(id)?;
        let lease = lease_of(order);
        let Some(last) = order.picks.last() else {
            return Ok(None);
        };
        let verdict = pick::decide_void(&self.ledger, &self.situation()?, id, last.event);
        self.carry_out(verdict, lease).map(Some)
    }

    fn order(&self, id: OrderId) -> anyhow::Result<&Order> {
        let order = self.ledger.orders.get(&id);
        order.context("an order that is not there")
    }

    fn situation(&self) -> anyhow::Result<Situation> {
        let store = self.ledger.store().context("a shop without a name")?;
        Ok(Situation {
            actor: self.actor,
            device: self.id,
            today: day_at(&store.time_zone, now_ms()),
            connected: false,
            may_decide: true,
        })
    }

    fn carry_out(
        &mut self,
        verdict: Verdict,
        lease: Option<LeaseRef>,
    ) -> anyhow::Result<SignedEvent> {
        match verdict {
            Verdict::Accepted(body) => Ok(self.write(body, lease)),
            Verdict::Refused(refusal) => anyhow::bail!("{refusal:?}"),
        }
    }

    fn write(&mut self, body: Body, lease: Option<LeaseRef>) -> SignedEvent {
        let around = Circumstances {
            id: random::event_id(),
            wall: now_ms(),
            mono: self.chain.next() * PACE,
            actor: ActorRef {
                actor: self.actor,
                session: SESSION,
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
        let bytes = envelope.to_bytes();
        let signature = self.key.sign(&domain::event::event_hash(&bytes).0);
        SignedEvent {
            bytes,
            signature: signature.to_bytes().to_vec(),
        }
    }

    /// Sends the queue in batches as large as a push may be, until the last receipt was checked. `from` is the number
    /// of its first event.
    pub(crate) fn send_all(&self, from: u64, queue: &[SignedEvent]) -> anyhow::Result<Sent> {
        let mut sent = Sent::default();
        let mut from = from;
        for batch in queue.chunks(PUSH_EVENTS_MAX) {
            let begun = Instant::now();
            let answer = self.push(from, batch)?;
            sent.took.push(begun.elapsed());
            let chain = answer.chains.first().context("no answer for the chain")?;
            anyhow::ensure!(
                chain.receipts.len() == batch.len(),
                "{} receipts for {} events",
                chain.receipts.len(),
                batch.len()
            );
            for receipt in &chain.receipts {
                match receipt.outcome {
                    Outcome::Applied => {}
                    Outcome::AppliedWithExceptions(_) => sent.flagged += 1,
                    Outcome::Quarantined(reason) => anyhow::bail!("{}: {reason:?}", receipt.seq),
                }
            }
            from = chain.next;
        }
        Ok(sent)
    }

    /// Asks how far the server has the chain, and makes sure that it is all of it, in its order: the last event's hash
    /// covers every one before it.
    pub(crate) fn is_all_there(&self) -> anyhow::Result<bool> {
        let answer = self.push(self.chain.next(), &[])?;
        let chain = answer.chains.first().context("no answer for the chain")?;
        Ok((chain.next, chain.head) == (self.chain.next(), self.chain.head()))
    }

    /// The answer is believed when the server's key signed it.
    fn push(&self, from: u64, batch: &[SignedEvent]) -> anyhow::Result<PushAnswer> {
        let push = Push {
            chains: vec![ChainPart {
                device: self.id,
                epoch: self.chain.epoch(),
                from,
                events: batch.to_vec(),
                lost: None,
                gone: None,
                after: None,
            }],
            cursor: self.cursor,
            build: "bench".to_owned(),
        };
        let path = format!("/v1/stores/{}/push", self.store);
        let signed: Signed = minicbor::decode(&self.send("POST", &path, &encode(&push))?)?;
        let signature = Signature::from_slice(&signed.signature)?;
        self.server_key
            .verify_strict(&signed.hash().0, &signature)?;
        Ok(minicbor::decode(&signed.bytes)?)
    }

    /// A request with its proof.
    fn send(&self, method: &str, path: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (time, nonce) = (now_ms().to_string(), hex(&random::bytes::<16>()));
        let proof = self
            .key
            .sign(&request_hash(method, path, &time, &nonce, body).0);
        let url = format!("{}{path}", self.address);
        let headers = [
            ("custody-device", self.id.to_string()),
            ("custody-time", time),
            ("custody-nonce", nonce),
            ("custody-signature", hex(&proof.to_bytes())),
        ];
        let mut response = if method == "GET" {
            let mut request = self.agent.get(url);
            for (name, value) in &headers {
                request = request.header(*name, value);
            }
            request.call()?
        } else {
            let mut request = self.agent.post(url);
            for (name, value) in &headers {
                request = request.header(*name, value);
            }
            request.send(body)?
        };
        Ok(response.body_mut().read_to_vec()?)
    }
}

fn lease_of(order: &Order) -> Option<LeaseRef> {
    let claim = order.claim.as_ref()?;
    Some(LeaseRef {
        lease: claim.lease?,
        fence: claim.fence,
    })
}

pub(crate) fn opened() -> EpochOpened {
    EpochOpened {
        generation: 1,
        before: None,
        cause: OpenCause::Start,
        build: "bench".to_owned(),
        durability: "strict".to_owned(),
        persisted: true,
        quota: 0,
        time_zone: "America/Los_Angeles".to_owned(),
        clock_offset: None,
    }
}
