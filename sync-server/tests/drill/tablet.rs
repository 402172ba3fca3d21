//! A device as the app is one: the domain's machine, a ring of signed events that lasts, and HTTP in between.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use domain::custody::claim::LeaseReturned;
use domain::event::{SignedEvent, encode};
use domain::id::{Epoch, OrderId};
use domain::ledger::{EntityKind, Ledger};
use domain::sync::device::{Acknowledged, DeviceSync, Effect, Input, OutboxEntry};
use domain::sync::message::{ClaimAnswer, ClaimAsk, Cursor, PullAnswer, Push, PushAnswer, Signed};
use sync_server::keys::random::hex;

use crate::device::Device;
use crate::journal::{Acked, receipts};
use crate::server::{ANA, Answer, Server};

/// Rounds after which a device that still has something to do goes in circles.
const ROUNDS_MAX: usize = 50;
/// No answer takes longer, except one that never comes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends a signed request; nothing when there is nobody who answers.
pub(crate) fn ask(
    agent: &ureq::Agent,
    device: &Device,
    address: SocketAddr,
    path: &str,
    body: Option<&[u8]>,
) -> Option<Answer> {
    let url = format!("http://{address}{path}");
    let method = if body.is_some() { "POST" } else { "GET" };
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in device.proof(method, path, body.unwrap_or_default()) {
        request = request.header(name, value);
    }
    let request = request.body(body.unwrap_or_default().to_vec()).unwrap();
    let mut response = agent.run(request).ok()?;
    Some(Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.body_mut().read_to_vec().ok()?,
    })
}

pub(crate) fn patient_agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE));
    config.build().new_agent()
}

pub(crate) struct Tablet {
    pub(crate) device: Device,
    pub(crate) machine: DeviceSync,
    agent: ureq::Agent,
    ring: BTreeMap<(Epoch, u64), SignedEvent>,
    through: BTreeMap<Epoch, Acknowledged>,
    /// Views that were thrown away because the server began anew.
    pub(crate) resets: usize,
    /// Everything the server ever said it has, as it said it.
    pub(crate) acked: Vec<Acked>,
    seen: usize,
}

impl Tablet {
    pub(crate) fn enrolled(server: &Server) -> Self {
        let device = Device::enrolled(server);
        let mut tablet = Self {
            machine: DeviceSync::new(device.id, "test".to_owned()),
            device,
            agent: patient_agent(),
            ring: BTreeMap::new(),
            through: BTreeMap::new(),
            resets: 0,
            acked: Vec::new(),
            seen: 0,
        };
        tablet.load();
        tablet.keep_new();
        tablet.settle(server.address);
        tablet
    }

    /// Switched off and on: the memory is gone, the storage is read, the writer opens a new chain.
    pub(crate) fn restart(&mut self) {
        self.machine = DeviceSync::new(self.device.id, "test".to_owned());
        self.device.start_writer();
        self.seen = 0;
        self.load();
        self.keep_new();
    }

    fn load(&mut self) {
        let unsent = |(epoch, seq): &(Epoch, u64)| {
            let through = self.through.get(epoch);
            through.is_none_or(|through| *seq > through.seq)
        };
        let outbox = self.ring.iter().filter(|(at, _)| unsent(at)).map(entry);
        let inputs = [
            Input::Acknowledged(self.through.values().copied().collect()),
            Input::Loaded {
                outbox: outbox.collect(),
                cursor: self.device.cursor,
            },
        ];
        for input in inputs {
            // Nobody is asked before the first wake.
            drop(self.machine.step(input, 0));
        }
        self.machine.step(Input::Failed, 0);
    }

    /// Puts what the device wrote since into the ring. From here on it is saved.
    fn keep_new(&mut self) {
        let epoch = self.device.chain.epoch();
        for event in &self.device.written[self.seen..] {
            let seq = u64::try_from(self.seen).unwrap();
            self.ring.insert((epoch, seq), event.clone());
            let kept = OutboxEntry {
                epoch,
                seq,
                event: event.clone(),
            };
            // What it wants to send now is sent when the network is there.
            drop(self.machine.step(Input::Kept(kept), 0));
            self.machine.step(Input::Failed, 0);
            self.seen += 1;
        }
    }

    /// Picks units of an order, wherever they are to be taken from.
    pub(crate) fn pick(&mut self, order: OrderId, units: usize) {
        for _ in 0..units {
            let next = self.device.ledger.orders[&order].to_pick().next();
            let tag = next.map(|(_, tag, _)| tag.as_str().to_owned());
            self.device.pick(order, &tag.unwrap());
        }
        self.keep_new();
    }

    pub(crate) fn give_back(&mut self, order: OrderId) {
        let lease = self.device.lease_on(order).unwrap().lease;
        self.device.write(LeaseReturned { lease, order }.into());
        self.keep_new();
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.device.ledger
    }

    /// Every event this device ever wrote.
    pub(crate) fn written(&self) -> impl Iterator<Item = &SignedEvent> {
        self.ring.values()
    }

    pub(crate) fn claim(&self, address: SocketAddr, order: OrderId) -> ClaimAnswer {
        let ask_for = ClaimAsk {
            actor: ANA,
            orders: vec![order],
            device: None,
        };
        let path = format!("/v1/stores/{}/claim", self.device.store);
        let body = encode(&ask_for);
        ask(&self.agent, &self.device, address, &path, Some(&body))
            .unwrap()
            .cbor()
    }

    pub(crate) fn take(&mut self, address: SocketAddr, order: OrderId) {
        let answer = self.claim(address, order);
        assert_eq!(answer.granted, [order], "{:?}", answer.refused);
        self.settle(address);
    }

    /// Comes to the front and does all there is to do while somebody answers.
    pub(crate) fn settle(&mut self, address: SocketAddr) {
        assert!(self.tries(address), "a queue is left");
    }

    /// The same; says whether everything is sent.
    pub(crate) fn tries(&mut self, address: SocketAddr) -> bool {
        for _ in 0..ROUNDS_MAX {
            let effects = self.machine.step(Input::Wake, 0);
            let failed = self.carry_out(effects.into(), address);
            if failed || self.machine.unsent() == 0 {
                break;
            }
        }
        self.machine.unsent() == 0
    }

    fn carry_out(&mut self, mut effects: VecDeque<Effect>, address: SocketAddr) -> bool {
        let mut failed = false;
        while let Some(effect) = effects.pop_front() {
            let Some(input) = self.perform(effect, address) else {
                continue;
            };
            failed |= input == Input::Failed;
            effects.extend(self.machine.step(input, 0));
        }
        failed
    }

    fn perform(&mut self, effect: Effect, address: SocketAddr) -> Option<Input> {
        match effect {
            Effect::Push(push) => Some(self.push(address, &push).unwrap_or(Input::Failed)),
            Effect::Pull(wanted) => {
                Some(self.pull(address, wanted.cursor).unwrap_or(Input::Failed))
            }
            Effect::KeepReceipts(done) => {
                for done in done {
                    self.through.insert(done.epoch, done);
                }
                Some(Input::ReceiptsKept)
            }
            Effect::KeepView(answer) => Some(Input::ViewKept(self.keep_view(answer))),
            Effect::Reread { epoch, from } => {
                let rest = self.ring.range((epoch, from)..=(epoch, u64::MAX));
                Some(Input::Reread(rest.map(entry).collect()))
            }
            // This device keeps a ledger and no pages; the simulator's and the browser's sum theirs up.
            Effect::Compare(_) => Some(Input::Compared(true)),
            // Its shops are small: nobody names a snapshot.
            Effect::AskSums
            | Effect::FindDifferences(_)
            | Effect::AskSnapshot
            | Effect::LookAtChunks(_)
            | Effect::FetchChunk(_)
            | Effect::KeepChunk(..)
            | Effect::OpenSnapshot(..) => Some(Input::Failed),
            Effect::SetTimer(_) | Effect::Report(_) => None,
        }
    }

    fn push(&mut self, address: SocketAddr, push: &Push) -> Option<Input> {
        let path = format!("/v1/stores/{}/push", self.device.store);
        let answer = ask(
            &self.agent,
            &self.device,
            address,
            &path,
            Some(&encode(push)),
        )?;
        if answer.status != 200 {
            return None;
        }
        let answer: PushAnswer = self.device.believe(&answer);
        self.acked.extend(receipts(&answer));
        Some(Input::Pushed(answer))
    }

    fn pull(&self, address: SocketAddr, cursor: Cursor) -> Option<Input> {
        let path = format!(
            "/v1/stores/{}/pull?incarnation={}&position={}&schema={}",
            self.device.store,
            hex(&cursor.incarnation.0),
            cursor.position.0,
            cursor.schema
        );
        let answer = ask(&self.agent, &self.device, address, &path, None)?;
        (answer.status == 200).then(|| Input::Pulled(answer.cbor()))
    }

    fn keep_view(&mut self, answer: PullAnswer) -> Cursor {
        if answer.reset {
            self.resets += 1;
            self.device.ledger = Ledger::default();
        }
        let rows = answer.rows.iter();
        for row in rows.filter(|row| row.key.kind != EntityKind::Customer) {
            match &row.bytes {
                Some(bytes) => self.device.ledger.put(&row.key, bytes).unwrap(),
                None => self.device.ledger.remove(&row.key),
            }
        }
        self.device.ledger.take_touched();
        self.device.cursor = answer.next;
        answer.next
    }
}

fn entry(((epoch, seq), event): (&(Epoch, u64), &SignedEvent)) -> OutboxEntry {
    OutboxEntry {
        epoch: *epoch,
        seq: *seq,
        event: event.clone(),
    }
}

/// What a device says of an answer that is signed; nothing for any other.
pub(crate) fn believed(device: &Device, answer: &Answer) -> Option<PushAnswer> {
    (answer.status == 200 && minicbor::decode::<Signed>(&answer.body).is_ok())
        .then(|| device.believe(answer))
}
