//! The shop the stories are about: two associates, everybody else, five devices, three products.

use domain::code::own::OwnKind;
use domain::custody::claim::{self, LeaseGranted};
use domain::custody::exception::Rule;
use domain::custody::receive::{PackageListed, StockImported};
use domain::custody::scan::Scan;
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::custody::{
    Fact, Situation, admit, allocate, evolve, hand_off, label, pick, seal, stage, verify,
};
use domain::event::{
    ActorRef, Body, ENVELOPE_VERSION, Envelope, KindVersion, LeaseRef, event_hash,
};
use domain::id::{
    ActorId, DeviceId, Epoch, EventId, Hash, ItemId, LeaseId, OrderId, Position, StoreId,
};
use domain::ledger::Ledger;
use domain::order::{Channel, Order, Status};
use domain::stock::{Package, Place};
use domain::time::Day;
use domain::verdict::Verdict;

use super::goods::*;
use super::whole::assert_whole;

/// A fact as the log has it.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub envelope: Envelope,
    pub body: Body,
    pub position: Position,
}

/// Who does what on which device, as far as he is allowed to.
pub type Step = (ActorId, DeviceId, Verdict);

#[derive(Clone, Debug, Default)]
pub struct Shop {
    pub ledger: Ledger,
    pub log: Vec<Recorded>,
    /// The next decisions are made without the server.
    pub offline: bool,
    /// The next decisions are made by people whose permit is over.
    pub permit_over: bool,
}

/// Tells a story: builds the shop, lets `given` happen, then `when`, and asks `then` what came of it.
#[track_caller]
pub fn check<T>(
    given: impl FnOnce(&mut Shop),
    when: impl FnOnce(&mut Shop) -> T,
    then: impl FnOnce(&Shop, T),
) {
    let mut shop = Shop::open();
    given(&mut shop);
    shop.assert_whole();
    let came = when(&mut shop);
    shop.assert_whole();
    then(&shop, came);
}

impl Shop {
    /// A shop on its first morning.
    pub fn open() -> Self {
        let mut shop = Self::default();
        for id in [SERVER, TABLET, PHONE, COUNTER, STOLEN] {
            shop.server(DeviceEnrolled::from(device(id)));
        }
        shop.server(StoreConfigured {
            store: store(),
            locations: vec![
                location("A-01-1", 1),
                location("A-02-1", 2),
                location("B-04-2", 3),
                location("C-01-1", 4),
            ],
            slots: vec![
                free("P1", Channel::Pickup),
                free("P2", Channel::Pickup),
                free("P10", Channel::Pickup),
                free("C1", Channel::Curbside),
                free("D1", Channel::Delivery),
            ],
        });
        for (id, role) in PEOPLE {
            let actor = actor(id, role);
            shop.server(ActorAdded::from(actor));
        }
        shop.server(StockImported {
            items: vec![
                item(JARS, "Blue Dream 3.5 g", Some(JARS_GTIN)),
                item(GUMMIES, "Gummies 100 mg", Some(GUMS_GTIN)),
                item(VAPES, "Vape 1 g", None),
            ],
            ..imported(vec![
                listed(OLD_JARS, JARS, 3, "A-01-1"),
                PackageListed {
                    received: Day::parse("2026-09-01"),
                    ..listed(NEW_JARS, JARS, 10, "B-04-2")
                },
                listed(GUMS, GUMMIES, 6, "A-02-1"),
                listed(PENS, VAPES, 4, "C-01-1"),
            ])
        });
        shop
    }

    /// Checks what must be true of every ledger, and that the log tells the same story again.
    #[track_caller]
    pub fn assert_whole(&self) {
        assert_whole(&self.ledger);
        let mut ledger = Ledger::default();
        for recorded in &self.log {
            recorded.replay(&mut ledger);
        }
        ledger.take_touched();
        let mut now = self.ledger.clone();
        now.take_touched();
        assert!(ledger == now, "the log does not tell how it came");
    }

    pub fn order(&self, order: OrderId) -> &Order {
        &self.ledger.orders[&order]
    }

    pub fn package(&self, text: &str) -> &Package {
        &self.ledger.packages[&tag(text)]
    }

    /// Whole units of a package at a place.
    pub fn at(&self, text: &str, place: &Place) -> u32 {
        self.package(text).at(place).whole_units()
    }

    pub fn reserved(&self, text: &str) -> u32 {
        self.package(text).reserved.whole_units()
    }

    /// Which packages an order's first line comes from.
    pub fn allocated(&self, order: OrderId) -> Vec<(String, u32)> {
        self.order(order).lines[0]
            .allocations
            .iter()
            .map(|allocation| (allocation.tag.to_string(), allocation.units))
            .collect()
    }

    /// Exceptions on an order, oldest first.
    pub fn exceptions(&self, order: OrderId) -> Vec<Rule> {
        self.ledger
            .exceptions
            .values()
            .filter(|exception| exception.order == Some(order))
            .map(|exception| exception.rule)
            .collect()
    }

    pub fn blocks_hand_off(&self, order: OrderId) -> bool {
        self.ledger
            .exceptions
            .values()
            .any(|exception| exception.order == Some(order) && exception.blocks_hand_off())
    }

    pub fn situation(&self, actor: ActorId, device: DeviceId) -> Situation {
        Situation {
            actor,
            device,
            today: day(TODAY),
            connected: !self.offline,
            may_decide: !self.permit_over,
        }
    }

    pub fn next_event(&self) -> EventId {
        let mut id = [0xee; 16];
        id[8..].copy_from_slice(&self.log.len().to_be_bytes());
        EventId(id)
    }

    /// Records a fact under the lease it came with. Returns the rules it broke.
    pub fn record(
        &mut self,
        actor: ActorId,
        device: DeviceId,
        lease: Option<LeaseRef>,
        body: impl Into<Body>,
    ) -> Vec<Rule> {
        let body = body.into();
        let seq = u64::try_from(self.log.len()).unwrap();
        let last = self.log.last();
        let envelope = Envelope {
            version: ENVELOPE_VERSION,
            store: StoreId([9; 16]),
            device,
            epoch: Epoch([5; 16]),
            seq,
            prev: last.map_or(Hash::default(), |last| {
                event_hash(&last.envelope.to_bytes())
            }),
            id: self.next_event(),
            hlc: 0,
            mono: seq,
            wall: NOON + i64::try_from(seq).unwrap(),
            actor: ActorRef { actor, session: 0 },
            basis: Position(seq),
            kind: KindVersion {
                kind: body.kind().number(),
                version: 1,
            },
            lease,
            body: body.to_bytes(),
            pii: None,
        };
        let recorded = Recorded {
            envelope,
            body,
            position: Position(seq + 1),
        };
        let numbers = recorded.replay(&mut self.ledger);
        self.log.push(recorded);
        let rule = |number| self.ledger.exceptions[&number].rule;
        numbers.into_iter().map(rule).collect()
    }

    /// The server records a fact of its own.
    pub fn server(&mut self, body: impl Into<Body>) -> Vec<Rule> {
        self.record(ActorId::SERVER, SERVER, None, body)
    }

    /// A person did something on a device that may have known better: under the lease the device has on the
    /// order, if it has one.
    pub fn did(
        &mut self,
        actor: ActorId,
        device: DeviceId,
        order: OrderId,
        body: impl Into<Body>,
    ) -> Vec<Rule> {
        let lease = self.lease(device, order);
        self.record(actor, device, lease, body)
    }

    /// A person did what a verdict allowed. Returns the event.
    #[track_caller]
    pub fn does(&mut self, actor: ActorId, device: DeviceId, verdict: Verdict) -> EventId {
        let body = accepted(verdict);
        let (orders, _) = domain::custody::exception::subjects(&body);
        let event = self.next_event();
        let rules = self.did(actor, device, orders[0], body);
        assert_eq!(rules, [], "an allowed act broke a rule");
        event
    }

    pub fn lease(&self, device: DeviceId, order: OrderId) -> Option<LeaseRef> {
        let claim = self.ledger.orders.get(&order)?.claim.as_ref()?;
        let lease = claim.lease.filter(|_| claim.device == device)?;
        let fence = claim.fence;
        Some(LeaseRef { lease, fence })
    }

    /// An order comes in and gets its packages.
    pub fn arrives(&mut self, order: OrderId, ordered: &[(ItemId, u32)]) {
        self.server(arrival(order, Channel::Pickup, ordered));
        self.allocates(order);
    }

    pub fn allocates(&mut self, order: OrderId) {
        let plan = allocate::plan(&self.ledger, self.order(order), day(TODAY));
        self.server(plan);
    }

    /// A person takes orders while connected.
    pub fn takes(&mut self, actor: ActorId, device: DeviceId, orders: &[OrderId]) -> LeaseId {
        let mut id = [0xaa; 16];
        id[8..].copy_from_slice(&self.log.len().to_be_bytes());
        let id = LeaseId(id);
        let situation = self.situation(actor, device);
        let (lease, refused) = claim::lease_for(&self.ledger, &situation, id, orders);
        assert_eq!(refused, [], "not granted");
        let lease = lease.unwrap();
        self.server(LeaseGranted { lease });
        id
    }

    pub fn picks(&self, actor: ActorId, device: DeviceId, order: OrderId, scan: &Scan) -> Verdict {
        pick::decide(&self.ledger, &self.situation(actor, device), order, scan)
    }

    pub fn verifies(&self, order: OrderId, scan: &Scan) -> Verdict {
        verify::decide(&self.ledger, &self.situation(BEN, COUNTER), order, scan)
    }

    pub fn reads_back(&self, order: OrderId, scan: &Scan) -> Verdict {
        label::decide_read_back(&self.ledger, &self.situation(BEN, COUNTER), order, scan)
    }

    pub fn prints(&self, order: OrderId) -> Verdict {
        let printing = label::Printing::default();
        label::decide_print(&self.ledger, &self.situation(BEN, COUNTER), order, printing)
    }

    pub fn seals(&self, order: OrderId) -> Verdict {
        seal::decide(&self.ledger, &self.situation(BEN, COUNTER), order)
    }

    pub fn stages(&self, order: OrderId, scan: &Scan) -> Verdict {
        stage::decide(&self.ledger, &self.situation(BEN, COUNTER), order, scan)
    }

    pub fn hands_over(&self, actor: ActorId, scan: &Scan) -> Verdict {
        let shown = grown_up();
        let situation = self.situation(actor, COUNTER);
        hand_off::decide(&self.ledger, &situation, scan, Some(&shown), false, None)
    }

    /// Ana picks the next unit the screen names.
    pub fn picks_next(&mut self, order: OrderId) -> EventId {
        let (actor, device, verdict) = self.next_pick(order).unwrap();
        self.does(actor, device, verdict)
    }

    /// Ben reads the ticket and scans every unit again.
    pub fn verifies_all(&mut self, order: OrderId) {
        while let Some((actor, device, verdict)) = self.next_check(order) {
            self.does(actor, device, verdict);
        }
    }

    /// Everybody does his part until the order stands where it should.
    pub fn bring(&mut self, order: OrderId, to: Status) {
        while self.order(order).status != to {
            if self.order(order).status == Status::Ready {
                self.takes(ANA, TABLET, &[order]);
            } else {
                let (actor, device, verdict) = self.next_step(order).unwrap();
                self.does(actor, device, verdict);
            }
        }
    }

    fn next_pick(&self, order: OrderId) -> Option<Step> {
        let standing = self.order(order);
        let target = pick::next_target(&self.ledger, standing)?;
        let scan = package(target.package.tag.as_str());
        let claim = standing.claim.as_ref()?;
        let (actor, device) = (claim.actor, claim.device);
        Some((actor, device, self.picks(actor, device, order, &scan)))
    }

    fn next_check(&self, order: OrderId) -> Option<Step> {
        let standing = self.order(order);
        let scan = if standing.ticket_read {
            let unchecked = standing.picks.iter().find(|pick| !pick.verified)?;
            package(unchecked.tag.as_str())
        } else {
            own(OwnKind::Ticket, &standing.ticket_id())
        };
        Some((BEN, COUNTER, self.verifies(order, &scan)))
    }

    /// What somebody would do next on an order that was taken, and what he would be told.
    pub fn next_step(&self, order: OrderId) -> Option<Step> {
        let standing = self.order(order);
        let label = standing.label.as_ref().map(|_| label_of(standing));
        let is_read_back = standing.label.as_ref().is_some_and(|label| label.read_back);
        let (actor, verdict) = match standing.status {
            Status::Claimed | Status::Picking | Status::Short => return self.next_pick(order),
            Status::Picked | Status::Verifying => return self.next_check(order),
            Status::Verified => (BEN, self.prints(order)),
            Status::Labelled if !is_read_back => (BEN, self.reads_back(order, &label?)),
            Status::Labelled => (BEN, self.seals(order)),
            Status::Sealed => {
                let free = stage::free_slot(&self.ledger, standing.channel)?;
                (BEN, self.stages(order, &slot(free.code.as_str())))
            }
            Status::Staged => (FAY, self.hands_over(FAY, &label?)),
            _ => return None,
        };
        Some((actor, COUNTER, verdict))
    }
}

impl Recorded {
    /// Takes the fact in as the server does: its own facts are not judged.
    pub fn replay(&self, ledger: &mut Ledger) -> Vec<u64> {
        let fact = Fact {
            envelope: &self.envelope,
            body: &self.body,
            position: self.position,
        };
        if self.envelope.device == SERVER {
            evolve(ledger, &fact);
            Vec::new()
        } else {
            admit(ledger, &fact)
        }
    }
}
