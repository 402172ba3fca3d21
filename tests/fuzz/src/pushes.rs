//! Two devices that say anything to a server.
//!
//! In: what they write, damage and send, and what the server does in between. Must not: let the server stop, lose what
//! it took, give two answers to one question, or make a unit.

use std::cell::RefCell;
use std::collections::BTreeMap;

use arbitrary::{Result, Unstructured};
use domain::custody::arrive::OrderCancelled;
use domain::custody::sign_in::{ChainEnd, EpochOpened, OpenCause};
use domain::event::{ActorRef, Body, Envelope, KindVersion, SignedEvent, event_hash};
use domain::id::{DeviceId, Epoch, EventId, Hash, Position};
use domain::ledger::{EntityKind, Ledger};
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::message::PullAsk;
use domain::sync::message::{
    ChainPart, ClaimAsk, Cursor, Outcome, Push, PushAnswer, QuarantineReason, Receipt,
};
use domain::sync::replica::Replica;
use domain::sync::scope::Scope;
use domain::sync::server::log::ChainKey;
use domain::sync::server::view::Read;
use simulate::dice::Dice;
use simulate::keys;
use simulate::memory::Content;
use simulate::server::{Mishap, Reading, Server};
use simulate::shop::{self, MORNING, OTHER_STORE, STORE};

use crate::acts::{Shop, actor, number};

const STEPS_MAX: usize = 60;
const ORDERS: u32 = 4;
const DEVICES: [DeviceId; 2] = [DeviceId([1; 16]), DeviceId([2; 16])];

pub(crate) fn run(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let mut world = World::new();
    for _ in 0..STEPS_MAX {
        if input.is_empty() || world.step(&mut input).is_err() {
            break;
        }
    }
    world.look_back();
}

/// A device: the chain it writes, and everything it signed in it.
struct Hand {
    device: DeviceId,
    chain: Chain,
    written: Vec<SignedEvent>,
    before: Option<ChainEnd>,
}

struct World {
    server: Server,
    ledger: Ledger,
    hands: Vec<Hand>,
    events: Vec<EventId>,
    /// What the server said it has.
    told: BTreeMap<(ChainKey, u64), Receipt>,
    numbers: Dice,
}

impl World {
    fn new() -> Self {
        let server = Server::new(1);
        server.log.restore(morning());
        let mut world = Self {
            ledger: server.ledger(),
            server,
            hands: Vec::new(),
            events: Vec::new(),
            told: BTreeMap::new(),
            numbers: Dice::new(2),
        };
        for device in DEVICES {
            let hand = world.opened(device, None);
            world.hands.push(hand);
        }
        world
    }

    fn step(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let which = input.choose_index(self.hands.len())?;
        match input.int_in_range(0..=15_u8)? {
            0..=7 => self.write(which, input),
            8..=11 => self.push(which, input),
            12 => self.claim(which, input),
            13 => {
                let hand = &self.hands[which];
                let before = hand.before.filter(|_| !hand.written.is_empty());
                self.hands[which] = self.opened(self.hands[which].device, before);
                Ok(())
            }
            14 => self.decree(input),
            _ => {
                self.server.restart();
                Ok(())
            }
        }
    }

    /// A device that starts its writer.
    fn opened(&mut self, device: DeviceId, before: Option<ChainEnd>) -> Hand {
        let epoch = Epoch(self.numbers.id());
        let mut hand = Hand {
            device,
            chain: Chain::new(STORE, device, epoch),
            written: Vec::new(),
            before: None,
        };
        let opened = EpochOpened {
            generation: 1,
            before,
            cause: OpenCause::Start,
            build: "fuzzed".to_owned(),
            durability: "strict".to_owned(),
            persisted: true,
            quota: 0,
            time_zone: "UTC".to_owned(),
            clock_offset: None,
        };
        let id = EventId(self.numbers.id());
        hand.append(&opened.into(), circumstances(id), |_| ());
        hand
    }

    fn write(&mut self, which: usize, input: &mut Unstructured<'_>) -> Result<()> {
        let shop = Shop {
            ledger: &self.ledger,
            events: &self.events,
        };
        let body = shop.body(input)?;
        let id = EventId(self.numbers.id());
        let mut around = circumstances(id);
        around.actor = ActorRef {
            actor: actor(input)?,
            session: number(input)?,
        };
        around.basis = Position(number(input)?);
        if input.ratio(7, 8)? {
            around.lease = Some(shop.lease_ref(input)?);
        }
        if input.ratio(1, 8)? {
            around.wall = input.arbitrary()?;
        }
        let change = Change::of(input)?;
        self.hands[which].append(&body, around, |envelope| change.make(envelope));
        if matches!(body, Body::PackagePicked(_)) {
            self.events.push(id);
        }
        Ok(())
    }

    fn push(&mut self, which: usize, input: &mut Unstructured<'_>) -> Result<()> {
        let hand = &self.hands[which];
        let mut part = hand.part(0);
        if input.ratio(1, 2)? {
            part = hand.part(input.choose_index(hand.written.len())?);
        }
        if input.ratio(1, 4)? {
            damage(&mut part, input)?;
        }
        let mut chains = vec![part];
        if input.ratio(1, 8)? {
            chains.push(self.hands[1 - which].part(0));
        }
        let push = Push {
            chains,
            cursor: Cursor::default(),
            build: "fuzzed".to_owned(),
        };
        let node = usize::from(input.arbitrary::<bool>()?);
        let answer = self.take(node, &push);
        self.check(&push, &answer);
        let again = self.take(1 - node, &push);
        let first: Vec<_> = answer.chains.iter().map(|chain| chain.next).collect();
        let second: Vec<_> = again.chains.iter().map(|chain| chain.next).collect();
        assert!(first <= second, "the server went back");
        self.check(&push, &again);
        self.ledger = self.server.ledger();
        Ok(())
    }

    fn take(&mut self, node: usize, push: &Push) -> PushAnswer {
        let carrier = push.chains.first().map(|part| part.device);
        let answer = self.server.push(node, carrier, push.clone(), Mishap::None);
        answer.expect("a push is always answered")
    }

    /// Every receipt says what the log says, and what was said before.
    fn check(&mut self, push: &Push, answer: &PushAnswer) {
        assert!(self.server.is_conserved(), "a unit was made or lost");
        assert_eq!(answer.chains.len(), push.chains.len());
        for (part, chain) in push.chains.iter().zip(&answer.chains) {
            let key = ChainKey {
                device: chain.device,
                epoch: chain.epoch,
            };
            assert!(chain.receipts.len() <= part.events.len());
            for receipt in &chain.receipts {
                let index = usize::try_from(receipt.seq.saturating_sub(part.from));
                let index = index.expect("a part is short");
                // Numbers at the very end of what there is do not rise any more.
                let is_counted = receipt.seq < u64::MAX;
                let event = part.events.get(index).filter(|_| is_counted);
                if let Some(event) = event {
                    assert_eq!(receipt.hash, event.hash(), "a receipt for something else");
                }
                self.check_one(key, receipt);
            }
        }
    }

    fn check_one(&mut self, key: ChainKey, receipt: &Receipt) {
        let name = (key, receipt.seq);
        if receipt.position == Position(0) {
            assert!(matches!(receipt.outcome, Outcome::Quarantined(_)));
            let aside = (key, receipt.seq, receipt.hash);
            let is_kept = self
                .server
                .log
                .look(|content| content.aside.contains_key(&aside));
            assert!(is_kept, "what has no place was thrown away");
            return;
        }
        let told = self.told.entry(name).or_insert_with(|| receipt.clone());
        assert_eq!(told, receipt, "two answers to one question");
        let event = self.server.log.look(|content| {
            let (position, entry) = content.placed(key, receipt.seq).expect("it has a place");
            assert_eq!(position, receipt.position);
            assert_eq!(
                (&entry.outcome, entry.hash),
                (&receipt.outcome, receipt.hash)
            );
            entry.event.clone()
        });
        // The server catches a panic in its rules and keeps the event unread. There is to be none.
        if receipt.outcome == Outcome::Quarantined(QuarantineReason::Unreadable)
            && let Ok(envelope) = Envelope::parse(&event.bytes)
        {
            let body = Body::parse(envelope.kind, &envelope.body);
            assert!(body.is_err(), "this fact stopped the rules: {body:?}");
        }
    }

    fn claim(&mut self, which: usize, input: &mut Unstructured<'_>) -> Result<()> {
        let shop = Shop {
            ledger: &self.ledger,
            events: &self.events,
        };
        let mut orders = Vec::new();
        for _ in 0..input.int_in_range(0..=3)? {
            orders.push(shop.order(input)?);
        }
        let ask = ClaimAsk {
            actor: actor(input)?,
            orders,
            device: None,
        };
        let device = self.hands[which].device;
        let answer = self.server.claim(0, device, &ask, Mishap::None);
        let answer = answer.expect("a claim is always answered");
        assert!(
            answer
                .granted
                .iter()
                .all(|order| ask.orders.contains(order))
        );
        assert!(self.server.is_conserved(), "a unit was made or lost");
        self.ledger = self.server.ledger();
        Ok(())
    }

    /// Something that only the server records.
    fn decree(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let shop = Shop {
            ledger: &self.ledger,
            events: &self.events,
        };
        let order = shop.order(input)?;
        let mut dice = Dice::new(input.arbitrary::<u8>()?.into());
        let fact = match input.int_in_range(0..=5_u8)? {
            0 => OrderCancelled { order }.into(),
            1 => shop::changed(&mut dice, order, MORNING),
            2 => shop::held(
                input.choose_index(shop::package_count())?,
                input.arbitrary()?,
            ),
            3 => shop::person(input.choose_index(shop::PEOPLE.len())?, input.arbitrary()?),
            4 => {
                let device = *input.choose(&DEVICES)?;
                shop::device(device, input.int_in_range(1..=3)?, input.arbitrary()?)
            }
            _ => shop::order(&mut dice, 9, MORNING),
        };
        assert!(
            self.server.record(1, vec![fact]),
            "a fact of the server's own was not recorded"
        );
        assert!(self.server.is_conserved(), "a unit was made or lost");
        self.ledger = self.server.ledger();
        Ok(())
    }

    /// All that was said holds to the end, and a device that begins anew sees what the log says.
    fn look_back(&mut self) {
        for ((chain, seq), receipt) in &self.told {
            let hash = self.server.log.look(|content| {
                let placed = content.placed(*chain, *seq);
                placed.map(|(_, entry)| entry.hash)
            });
            assert_eq!(hash, Some(receipt.hash), "an event was lost");
        }
        let mut replica = Replica::default();
        let mut cursor = Cursor::default();
        loop {
            let ask = PullAsk {
                snapshots: false,
                ..PullAsk::from(cursor)
            };
            let read = self
                .server
                .pull(0, Scope::Everything, ask, None, Reading::Fresh);
            let Some(Read::Page(page)) = read else {
                panic!("a pull is always answered");
            };
            let more = page.more;
            assert!(
                !more || page.next != cursor,
                "a reader goes round in circles"
            );
            cursor = page.next;
            if let Some(taking) = replica.gather(*page) {
                replica.take_rows(cursor, &taking.rows, taking.reset, true);
            }
            if !more {
                break;
            }
        }
        for kind in EntityKind::ALL {
            for key in self.ledger.keys_of(*kind) {
                assert_eq!(replica.ledger().bytes(&key), self.ledger.bytes(&key));
            }
        }
    }
}

impl Hand {
    /// Writes a fact, perhaps changes its envelope, and signs what it then is.
    fn append(&mut self, body: &Body, around: Circumstances, change: impl FnOnce(&mut Envelope)) {
        let mut envelope = self.chain.append(body, around);
        change(&mut envelope);
        let bytes = envelope.to_bytes();
        let hash = event_hash(&bytes);
        self.chain.go_back_to(self.chain.next(), hash);
        self.before = Some(ChainEnd {
            epoch: self.chain.epoch(),
            seq: self.chain.next() - 1,
            hash,
        });
        let signature = keys::sign(&keys::public(self.device.0), &hash);
        self.written.push(SignedEvent { bytes, signature });
    }

    fn part(&self, from: usize) -> ChainPart {
        ChainPart {
            device: self.device,
            epoch: self.chain.epoch(),
            from: u64::try_from(from).unwrap_or(0),
            events: self.written[from..].to_vec(),
            lost: None,
            gone: None,
            after: None,
        }
    }
}

fn circumstances(id: EventId) -> Circumstances {
    Circumstances {
        id,
        wall: MORNING,
        mono: 0,
        actor: ActorRef {
            actor: shop::PEOPLE[0].0,
            session: 1,
        },
        basis: Position(0),
        lease: None,
        pii: None,
    }
}

/// What a device says of itself that is not so, in an event it signs all the same.
enum Change {
    Nothing,
    Store,
    Device(DeviceId),
    Number(u64),
    Link,
    Version(u8),
    Kind(KindVersion),
    Body(KindVersion, Vec<u8>),
}

impl Change {
    fn of(input: &mut Unstructured<'_>) -> Result<Self> {
        Ok(match input.int_in_range(0..=23_u8)? {
            0 => Self::Store,
            1 => Self::Device(*input.choose(&[DEVICES[0], DEVICES[1], shop::SERVER])?),
            2 => Self::Number(number(input)?),
            3 => Self::Link,
            4 => Self::Version(input.arbitrary()?),
            5 => Self::Kind(KindVersion {
                kind: input.int_in_range(0..=130)?,
                version: input.int_in_range(0..=2)?,
            }),
            6 => Self::Body(
                KindVersion {
                    kind: input.int_in_range(0..=130)?,
                    version: 1,
                },
                input.arbitrary()?,
            ),
            _ => Self::Nothing,
        })
    }

    fn make(self, envelope: &mut Envelope) {
        match self {
            Self::Nothing => {}
            Self::Store => envelope.store = OTHER_STORE,
            Self::Device(device) => envelope.device = device,
            Self::Number(seq) => envelope.seq = seq,
            Self::Link => envelope.prev = Hash::of(&[b"elsewhere"]),
            Self::Version(version) => envelope.version = version,
            Self::Kind(kind) => envelope.kind = kind,
            Self::Body(kind, body) => (envelope.kind, envelope.body) = (kind, body),
        }
    }
}

/// What happens to events on their way, or is done to them.
fn damage(part: &mut ChainPart, input: &mut Unstructured<'_>) -> Result<()> {
    let at = input.choose_index(part.events.len())?;
    match input.int_in_range(0..=9_u8)? {
        0 => drop(part.events.remove(at)),
        1 => part.events.insert(at, part.events[at].clone()),
        2 => {
            let other = input.choose_index(part.events.len())?;
            part.events.swap(at, other);
        }
        3 => part.events[at].signature = input.arbitrary()?,
        4 => part.from = number(input)?,
        5 => {
            part.device =
                *input.choose(&[DEVICES[0], DEVICES[1], shop::SERVER, DeviceId([3; 16])])?
        }
        6 => part.epoch = Epoch([input.arbitrary()?; 16]),
        7 => part.lost = input.arbitrary()?,
        8 => {
            let event = &mut part.events[at];
            let place = input.choose_index(event.bytes.len().max(1))?;
            if let Some(byte) = event.bytes.get_mut(place) {
                *byte ^= 1 << input.int_in_range(0..=7_u8)?;
            }
        }
        // Signed again: a device that means it.
        _ => {
            let bytes: Vec<u8> = input.arbitrary()?;
            let signature = keys::sign(&keys::public(part.device.0), &event_hash(&bytes));
            part.events[at] = SignedEvent { bytes, signature };
        }
    }
    Ok(())
}

/// The shop before the first input: people, stock, orders, both devices.
fn morning() -> Content {
    thread_local! {
        static MADE: RefCell<Option<Content>> = const { RefCell::new(None) };
    }
    MADE.with_borrow_mut(|made| {
        made.get_or_insert_with(|| {
            let mut server = Server::new(0);
            let mut facts = shop::first_facts();
            facts.extend(DEVICES.map(|device| shop::device(device, 1, true)));
            let mut dice = Dice::new(7);
            facts.extend((0..ORDERS).map(|number| shop::order(&mut dice, number, MORNING)));
            assert!(server.record(0, facts), "a shop of its own is recorded");
            server.log.backup()
        })
        .clone()
    })
}
