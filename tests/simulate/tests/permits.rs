//! The server's end of permits, over days that no test of a real server can wait for.

#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

use std::cell::Cell;
use std::rc::Rc;

use domain::custody::count::CountObserved;
use domain::custody::exception::{Exception, Rule};
use domain::custody::resolve::{Decision, ExceptionResolved, ResolveReason};
use domain::custody::sign_in::{ActorSignedIn, ActorSignedOut};
use domain::event::{ActorRef, Body, SignedEvent, event_hash};
use domain::facility::{LocationCode, Role};
use domain::id::{ActorId, DeviceId, Epoch, EventId, Hash, Position};
use domain::permit::{Holder, Permit, PermitAsk, PermitRules, permit_hash};
use domain::quantity::Quantity;
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::message::ChainPart;
use domain::sync::server::Outside;
use domain::sync::server::check::check;
use domain::sync::server::log::Log as _;
use domain::sync::server::writer::{Signatory, Writer};
use domain::time::{Day, Millis};
use simulate::keys;
use simulate::memory::MemoryLog;
use simulate::shop::{self, MORNING, PEOPLE, SERVER, STORE};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const TABLET: DeviceId = DeviceId([1; 16]);
const ANA: ActorId = PEOPLE[0].0;
const GUS: ActorId = PEOPLE[4].0;
const NONCE: [u8; 16] = [4; 16];

const RULES: PermitRules = PermitRules {
    effective: Day(20_786),
    file: Hash([3; 32]),
    decisions_ms: 12 * HOUR,
    customers_ms: 24 * HOUR,
    capture_ms: 14 * DAY,
};

#[derive(Clone, Debug, Default)]
struct Around {
    now: Rc<Cell<i64>>,
    ids: Rc<Cell<u8>>,
}

impl Outside for Around {
    fn now(&self) -> i64 {
        self.now.get()
    }

    fn mono(&self) -> u64 {
        0
    }

    fn day(&self, _: &str, _: i64) -> Day {
        RULES.effective
    }

    fn event_id(&self) -> EventId {
        EventId(self.random_id())
    }

    fn random_id(&self) -> [u8; 16] {
        self.ids.set(self.ids.get() + 1);
        [self.ids.get(); 16]
    }

    fn sign(&self, hash: &Hash) -> Vec<u8> {
        keys::sign(&keys::public(SERVER.0), hash)
    }
}

/// A server and one tablet of its shop.
struct Shop {
    around: Around,
    log: MemoryLog,
    writer: Writer<MemoryLog, Around>,
    chain: Chain,
}

impl Shop {
    fn open() -> Self {
        let around = Around::default();
        around.now.set(MORNING);
        let log = MemoryLog::default();
        let who = Signatory {
            store: STORE,
            server: SERVER,
        };
        let writer = Writer::open(log.clone(), around.clone(), who, "test").unwrap();
        let mut shop = Self {
            around,
            log,
            writer,
            chain: Chain::new(STORE, TABLET, Epoch([2; 16])),
        };
        let mut facts = shop::first_facts();
        facts.push(shop::device(TABLET, 2, true));
        shop.records(facts);
        shop
    }

    fn records(&mut self, facts: Vec<Body>) {
        self.writer.start().unwrap();
        for fact in facts {
            self.writer.record(fact, None).unwrap();
        }
        self.writer.finish().unwrap();
    }

    /// The server's clock, in hours after the morning.
    fn at(&self, hours: i64) {
        self.around.now.set(MORNING + hours * HOUR);
    }

    fn gives(&mut self, actors: &[ActorId]) -> Vec<Permit> {
        let ask = PermitAsk {
            actors: actors.to_vec(),
            nonce: NONCE,
        };
        self.writer.start().unwrap();
        let answer = self.writer.permit(TABLET, &ask, &RULES).unwrap();
        self.writer.finish().unwrap();
        let holder = Holder {
            store: STORE,
            device: TABLET,
            generation: 2,
        };
        let server = keys::public(SERVER.0);
        let read = |signed: &domain::sync::message::Signed| {
            assert_eq!(
                signed.signature,
                keys::sign(&server, &permit_hash(&signed.bytes))
            );
            Permit::read(&signed.bytes, holder).unwrap()
        };
        answer.permits.iter().map(read).collect()
    }

    /// Somebody does something at an hour by the tablet's clock; it is sent at once, whenever the server says that is.
    fn does(&mut self, actor: ActorId, hours: i64, body: impl Into<Body>) {
        let from = self.chain.next();
        let mut id = [0xe; 16];
        id[0] = u8::try_from(from).unwrap();
        let around = Circumstances {
            id: EventId(id),
            wall: MORNING + hours * HOUR,
            mono: 0,
            actor: ActorRef { actor, session: 0 },
            basis: Position(0),
            lease: None,
            pii: None,
        };
        let bytes = self.chain.append(&body.into(), around).to_bytes();
        let signature = keys::sign(&keys::public(TABLET.0), &event_hash(&bytes));
        let part = ChainPart {
            device: TABLET,
            epoch: self.chain.epoch(),
            from,
            events: vec![SignedEvent { bytes, signature }],
            lost: None,
            gone: None,
            after: None,
        };
        let devices = self.writer.ledger().devices.clone();
        let checked = check(&devices, STORE, part, keys::verifies);
        self.writer.start().unwrap();
        let answer = self.writer.push(&checked).unwrap();
        self.writer.finish().unwrap();
        assert_eq!(answer.receipts.len(), 1, "it was taken");
    }

    fn counts(&mut self, actor: ActorId, hours: i64) {
        let done = CountObserved {
            tag: shop::tag(0),
            location: LocationCode::new("A-01-1"),
            counted: Quantity::units(3),
        };
        self.does(actor, hours, done);
    }

    fn marks(&self) -> Vec<Exception> {
        let all = self.writer.ledger().exceptions.values();
        all.filter(|one| one.rule == Rule::PermitOver)
            .cloned()
            .collect()
    }
}

#[test]
fn everybody_who_works_here_gets_a_permit_and_nobody_else() {
    let mut shop = Shop::open();
    shop.records(vec![shop::person(1, false)]);
    let [ana, ben] = [PEOPLE[0].0, PEOPLE[1].0];
    let given = shop.gives(&[ana, ben, ActorId::SERVER, ActorId(66), ana]);
    let [permit] = given.as_slice() else {
        panic!("{given:?}");
    };
    assert_eq!((permit.actor, permit.role), (ana, Role::Associate));
    assert_eq!(permit.issued, Millis(MORNING));
    assert_eq!(permit.decisions_until, Millis(MORNING + 12 * HOUR));
    assert_eq!(permit.customers_until, Millis(MORNING + 24 * HOUR));
    assert_eq!(permit.capture_until, Millis(MORNING + 14 * DAY));
    assert_eq!(
        (permit.nonce, permit.rules),
        (NONCE, RULES.file),
        "it says to which question it is the answer, and by which rules"
    );
    shop.at(1);
    assert!(shop.gives(&[ana])[0].serial > permit.serial);
    shop.records(vec![shop::device(TABLET, 2, false)]);
    assert_eq!(shop.gives(&[ana]), [], "a revoked device gets none");
}

#[test]
fn capture_goes_on_and_what_was_done_after_two_weeks_is_marked_once() {
    let mut shop = Shop::open();
    shop.gives(&[ANA, GUS]);
    shop.at(20 * 24);
    // Two weeks less an hour, and two weeks and an hour, sent on the twentieth day.
    shop.counts(ANA, 14 * 24 - 1);
    assert_eq!(shop.marks(), []);
    shop.counts(ANA, 14 * 24 + 1);
    shop.counts(ANA, 14 * 24 + 2);
    let marks = shop.marks();
    let [mark] = marks.as_slice() else {
        panic!("{marks:?}");
    };
    assert_eq!(
        (mark.device, mark.order, mark.resolved),
        (TABLET, None, false)
    );
    assert!(!mark.blocks_hand_off(), "it holds nothing up");
    // Contact, and all is as before.
    shop.gives(&[ANA, GUS]);
    let (number, tag) = (mark.number, mark.tag.clone());
    let settled = ExceptionResolved {
        exception: number,
        order: None,
        tag,
        decision: Decision::Accept,
        reason: ResolveReason::OutOfContact,
        note: None,
        shelf: None,
        counted: None,
    };
    shop.does(GUS, 20 * 24, settled);
    assert!(shop.marks()[0].resolved);
    shop.counts(ANA, 20 * 24);
    assert_eq!(shop.marks().len(), 1);
    // What was done before the contact and comes only now is marked all the same.
    shop.counts(ANA, 19 * 24);
    assert_eq!(shop.marks().len(), 1, "its chain had shown a later time");
}

#[test]
fn an_act_of_the_gap_that_comes_after_the_next_permit_is_marked() {
    let mut shop = Shop::open();
    shop.gives(&[ANA]);
    shop.at(20 * 24);
    shop.gives(&[ANA]);
    shop.counts(ANA, 15 * 24);
    assert_eq!(shop.marks().len(), 1);
}

#[test]
fn a_decision_after_its_time_is_marked_although_no_device_of_ours_would_take_it() {
    let mut shop = Shop::open();
    shop.gives(&[GUS]);
    let decided = |exception| ExceptionResolved {
        exception,
        order: None,
        tag: None,
        decision: Decision::Accept,
        reason: ResolveReason::Other,
        note: None,
        shelf: None,
        counted: None,
    };
    shop.at(11);
    shop.does(GUS, 11, decided(1));
    assert_eq!(shop.marks(), []);
    shop.at(13);
    shop.does(GUS, 13, decided(1));
    assert_eq!(shop.marks().len(), 1);
}

#[test]
fn a_clock_years_ahead_is_no_act_after_its_time() {
    let mut shop = Shop::open();
    shop.gives(&[ANA]);
    shop.at(1);
    shop.counts(ANA, 10_000);
    assert_eq!(shop.marks(), []);
}

#[test]
fn who_only_comes_and_goes_is_not_marked_nor_who_never_had_a_permit() {
    let mut shop = Shop::open();
    shop.gives(&[ANA]);
    shop.at(30 * 24);
    let online = false;
    shop.does(ANA, 30 * 24, ActorSignedIn { actor: ANA, online });
    shop.does(ANA, 30 * 24, ActorSignedOut { actor: ANA });
    shop.counts(GUS, 30 * 24);
    assert_eq!(shop.marks(), []);
}

#[test]
fn permits_of_a_transaction_that_did_not_last_were_never_given() {
    let mut shop = Shop::open();
    let ask = PermitAsk {
        actors: vec![ANA],
        nonce: NONCE,
    };
    shop.writer.start().unwrap();
    shop.writer.permit(TABLET, &ask, &RULES).unwrap();
    shop.writer.give_up().unwrap();
    assert_eq!(shop.log.permitted((TABLET, ANA)).unwrap(), None);
    shop.at(30 * 24);
    shop.counts(ANA, 30 * 24);
    assert_eq!(shop.marks(), []);
}
