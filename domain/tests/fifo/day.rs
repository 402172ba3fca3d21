//! What a throw stands for: one step of a schedule, read against the shop as it stands.

use std::collections::BTreeMap;

use domain::custody::arrive::OrderCancelled;
use domain::custody::claim::{self, Lease, LeaseGranted};
use domain::custody::pick::decide_void;
use domain::custody::receive::PackageListed;
use domain::custody::short::{self, ShortReason};
use domain::custody::{allocate, count, escrow, pick};
use domain::facility::LocationCode;
use domain::id::{ActorId, DeviceId, ItemId, LeaseId, OrderId};
use domain::order::{Channel, Order, Status};
use domain::quantity::Quantity;
use domain::stock::{LabStatus, Package};
use domain::time::Day;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::model;
use super::shop::Shop;

/// What a throw came to, and what it was judged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Did {
    Nothing,
    Arrived,
    Listed,
    Ordered,
    Taken,
    Picked,
    WrongBatch,
    Short,
    PutBack,
    Cancelled,
    Counted,
    NextDay,
    /// A promise was judged.
    Promised,
    /// A spare was judged.
    Spared,
    /// A picker was sent to a spare.
    Substituted,
}

impl Did {
    pub const ALL: [Self; 14] = [
        Self::Arrived,
        Self::Listed,
        Self::Ordered,
        Self::Taken,
        Self::Picked,
        Self::WrongBatch,
        Self::Short,
        Self::PutBack,
        Self::Cancelled,
        Self::Counted,
        Self::NextDay,
        Self::Promised,
        Self::Spared,
        Self::Substituted,
    ];
}

const PRODUCTS: [ItemId; 2] = [JARS, GUMMIES];
const SHELVES: [&str; 4] = ["A-01-1", "A-02-1", "B-04-2", "C-01-1"];
const PICKERS: [(ActorId, DeviceId); 2] = [(ANA, TABLET), (BEN, PHONE)];
const PACKAGES_MAX: usize = 24;

pub struct Schedule {
    pub shop: Shop,
    /// What was judged on the way.
    pub seen: BTreeMap<Did, usize>,
    today: Day,
    orders: u8,
}

impl Schedule {
    /// The shop of the stories with much that came late, so that leases can have spares.
    pub fn open() -> Self {
        let mut shop = Shop::open();
        let late = |text, product| PackageListed {
            received: Day::parse("2026-11-01"),
            ..listed(text, product, 30, "C-01-1")
        };
        shop.server(imported(vec![
            late("1A4FF0300000C57000000498", JARS),
            late("1A4FF0300000C57000000499", GUMMIES),
        ]));
        Self {
            shop,
            seen: BTreeMap::new(),
            today: day(TODAY),
            orders: 0,
        }
    }

    pub fn act(&mut self, throw: [u8; 6]) -> Did {
        match throw[0] % 16 {
            0 => self.arrives(throw),
            1 => self.listed_again(throw),
            2 | 3 => self.ordered(throw),
            4 | 5 => self.taken(throw),
            6..=9 => self.picked(throw),
            10 => self.tries_a_younger(throw),
            11 => self.comes_short(throw),
            12 => self.put_back(throw),
            13 => self.cancelled(throw),
            14 => self.counted(throw),
            _ => {
                self.today = Day(self.today.0 + i32::from(throw[1] % 3));
                self.promises_all();
                Did::NextDay
            }
        }
    }

    fn saw(&mut self, what: Did, times: usize) {
        *self.seen.entry(what).or_default() += times;
    }

    /// The server gives every order that lacks something what there is.
    fn promises_all(&mut self) {
        let orders: Vec<OrderId> = self.shop.ledger.orders.keys().copied().collect();
        for order in orders {
            self.promises(order);
        }
        let leases: Vec<LeaseId> = self.shop.ledger.leases.keys().copied().collect();
        for lease in leases {
            if let Some(refill) = escrow::refill_for(&self.shop.ledger, lease, self.today) {
                let more = Lease {
                    spares: refill.spares.clone(),
                    ..self.shop.ledger.leases[&lease].clone()
                };
                let spares = model::judge_spares(&self.shop.ledger, &more, self.today);
                self.saw(Did::Spared, spares);
                self.shop.server(refill);
            }
        }
    }

    fn promises(&mut self, order: OrderId) {
        let standing = self.shop.order(order).clone();
        if standing.status.is_closed() {
            return;
        }
        let given = allocate::plan(&self.shop.ledger, &standing, self.today);
        let promises = model::judge_promise(&self.shop.ledger, &standing, &given, self.today);
        self.saw(Did::Promised, promises);
        if promises > 0 {
            self.shop.server(given);
        }
    }

    fn arrives(&mut self, throw: [u8; 6]) -> Did {
        let known = self.shop.ledger.packages.len();
        if known >= PACKAGES_MAX {
            return Did::Nothing;
        }
        let text = format!("1A4FF0300000C57{:09}", 500 + known);
        let units = u32::from(throw[1] % 7) + 1;
        let came = day(TODAY).0 - i32::from(throw[2] % 120);
        let product = PRODUCTS[usize::from(throw[3] % 2)];
        let package = PackageListed {
            received: Some(Day(came)),
            expires: (throw[4] < 100).then(|| Day(day(TODAY).0 + i32::from(throw[4] % 20))),
            hold: throw[5] < 30,
            lab: if throw[5] > 230 {
                LabStatus::Pending
            } else {
                LabStatus::Passed
            },
            ..listed(&text, product, units, SHELVES[usize::from(throw[3] % 4)])
        };
        // Some files have a package twice.
        let twice = 1 + usize::from(throw[1] > 200);
        self.shop.server(imported(vec![package; twice]));
        self.promises_all();
        Did::Arrived
    }

    /// Holds come and go, laboratories answer.
    fn listed_again(&mut self, throw: [u8; 6]) -> Did {
        let packages: Vec<_> = self.shop.ledger.packages.values().cloned().collect();
        let known = &packages[usize::from(throw[1]) % packages.len()];
        let again = PackageListed {
            hold: throw[2] < 100,
            lab: if throw[3] < 40 {
                LabStatus::Failed
            } else {
                LabStatus::Passed
            },
            ..listed(known.tag.as_str(), known.item, 3, "C-01-1")
        };
        self.shop.server(imported(vec![again]));
        self.promises_all();
        Did::Listed
    }

    fn ordered(&mut self, throw: [u8; 6]) -> Did {
        if self.orders >= 40 {
            return Did::Nothing;
        }
        self.orders += 1;
        let order = OrderId([self.orders; 16]);
        let line = |at: usize| {
            let product = PRODUCTS[usize::from(throw[at] % 2)];
            (product, u32::from(throw[at] >> 5) + 1)
        };
        let lines = [line(1), line(2)];
        let lines = &lines[..1 + usize::from(throw[3] % 2)];
        self.shop.server(arrival(order, Channel::Pickup, lines));
        self.promises(order);
        Did::Ordered
    }

    fn taken(&mut self, throw: [u8; 6]) -> Did {
        let (actor, device) = PICKERS[usize::from(throw[1] % 2)];
        let ready = self.shop.ledger.orders.values();
        let ready = ready.filter(|order| order.status == Status::Ready && order.claim.is_none());
        let batch: Vec<OrderId> = ready
            .map(|order| order.id)
            .take(1 + usize::from(throw[2] % 4))
            .collect();
        let mut id = [0xaa; 16];
        id[8..].copy_from_slice(&self.shop.log.len().to_be_bytes());
        let situation = domain::custody::Situation {
            today: self.today,
            ..self.shop.situation(actor, device)
        };
        let (lease, refused) = claim::lease_for(&self.shop.ledger, &situation, LeaseId(id), &batch);
        assert_eq!(refused, [], "a free order is given");
        let Some(lease) = lease else {
            return Did::Nothing;
        };
        let spares = model::judge_spares(&self.shop.ledger, &lease, self.today);
        self.saw(Did::Spared, spares);
        self.shop.server(LeaseGranted { lease });
        Did::Taken
    }

    /// One of the orders that somebody has taken.
    fn one_taken(&self, throw: u8) -> Option<Order> {
        let taken = self.shop.ledger.orders.values().filter(|order| {
            let is_open = matches!(
                order.status,
                Status::Claimed | Status::Picking | Status::Short
            );
            order.claim.is_some() && is_open
        });
        let taken: Vec<&Order> = taken.collect();
        let place = usize::from(throw).checked_rem(taken.len())?;
        Some(taken[place].clone())
    }

    fn decides(&self, order: &Order, scan: &str) -> Verdict {
        let claim = order.claim.as_ref().unwrap();
        let situation = domain::custody::Situation {
            today: self.today,
            ..self.shop.situation(claim.actor, claim.device)
        };
        pick::decide(&self.shop.ledger, &situation, order.id, &package(scan))
    }

    fn picked(&mut self, throw: [u8; 6]) -> Did {
        match self.one_taken(throw[1]) {
            Some(order) => self.goes_on(&order),
            None => Did::Nothing,
        }
    }

    /// The picker goes where he is sent.
    fn goes_on(&mut self, order: &Order) -> Did {
        let ledger = &self.shop.ledger;
        let Some(target) = pick::next_target(ledger, order) else {
            return Did::Nothing;
        };
        let sent = target.package.tag.clone();
        let is_promised = order
            .to_pick()
            .any(|(line, tag, _)| line.number == target.line.number && *tag == sent);
        if !is_promised {
            model::judge_substitute(ledger, order, target.line, &sent);
        }
        let verdict = self.decides(order, sent.as_str());
        if !is_promised {
            self.saw(Did::Substituted, 1);
        }
        self.comes_of(order, verdict, Did::Picked)
    }

    /// A picker grabs another package of the product, one he was not sent to.
    fn tries_a_younger(&mut self, throw: [u8; 6]) -> Did {
        let Some(order) = self.one_taken(throw[1]) else {
            return Did::Nothing;
        };
        let ledger = &self.shop.ledger;
        let sent: Vec<_> = pick::targets(ledger, &order).collect();
        let grabbed = ledger.packages.values().find(|package| {
            let is_product = sent
                .iter()
                .any(|target| target.package.item == package.item);
            is_product && sent.iter().all(|target| target.package.tag != package.tag)
        });
        let Some(grabbed) = grabbed else {
            return Did::Nothing;
        };
        match self.decides(&order, grabbed.tag.as_str()) {
            Verdict::Refused(refusal) if refusal.reason == Reason::WrongBatch => Did::WrongBatch,
            Verdict::Refused(_) => Did::Nothing,
            Verdict::Accepted(body) => panic!("nobody was sent to it: {body:?}"),
        }
    }

    fn comes_short(&mut self, throw: [u8; 6]) -> Did {
        let Some(order) = self.one_taken(throw[1]) else {
            return Did::Nothing;
        };
        let Some(target) = pick::next_target(&self.shop.ledger, &order) else {
            return Did::Nothing;
        };
        let tag = target.package.tag.clone();
        let claim = order.claim.as_ref().unwrap();
        let situation = self.shop.situation(claim.actor, claim.device);
        let verdict = short::decide(
            &self.shop.ledger,
            &situation,
            order.id,
            &tag,
            ShortReason::NotThere,
        );
        let did = self.comes_of(&order, verdict, Did::Short);
        // A device out of contact goes on with its spares before the server hears of it.
        if throw[2] < 160 {
            let order = self.shop.order(order.id).clone();
            self.goes_on(&order);
        }
        self.promises_all();
        did
    }

    fn put_back(&mut self, throw: [u8; 6]) -> Did {
        let picked = self.shop.ledger.orders.values();
        let picked: Vec<Order> = picked
            .filter(|order| !order.picks.is_empty() && order.claim.is_some())
            .cloned()
            .collect();
        let Some(place) = usize::from(throw[1]).checked_rem(picked.len()) else {
            return Did::Nothing;
        };
        let order = &picked[place];
        let event = order.picks[usize::from(throw[2]) % order.picks.len()].event;
        let claim = order.claim.as_ref().unwrap();
        let situation = self.shop.situation(claim.actor, claim.device);
        let verdict = decide_void(&self.shop.ledger, &situation, order.id, event);
        let did = self.comes_of(order, verdict, Did::PutBack);
        self.promises_all();
        did
    }

    fn cancelled(&mut self, throw: [u8; 6]) -> Did {
        let open = self
            .shop
            .ledger
            .orders
            .values()
            .filter(|order| !order.status.is_closed());
        let open: Vec<OrderId> = open.map(|order| order.id).collect();
        let Some(place) = usize::from(throw[1]).checked_rem(open.len()) else {
            return Did::Nothing;
        };
        self.shop.server(OrderCancelled { order: open[place] });
        self.promises_all();
        Did::Cancelled
    }

    /// Somebody counts a shelf, and it is not what was thought.
    fn counted(&mut self, throw: [u8; 6]) -> Did {
        let stands = |one: &&Package| one.shelf().is_some();
        let stocked = self.shop.ledger.packages.values();
        let stocked: Vec<&Package> = stocked.filter(stands).collect();
        let Some(place) = usize::from(throw[1]).checked_rem(stocked.len()) else {
            return Did::Nothing;
        };
        let tag = stocked[place].tag.clone();
        let shelf: LocationCode = stocked[place].shelf().unwrap().clone();
        let counted = Quantity::units(u32::from(throw[2] % 9));
        let situation = self.shop.situation(ANA, TABLET);
        let verdict = count::decide(&self.shop.ledger, &situation, &tag, &shelf, counted);
        self.shop.record(ANA, TABLET, None, accepted(verdict));
        self.promises_all();
        Did::Counted
    }

    fn comes_of(&mut self, order: &Order, verdict: Verdict, did: Did) -> Did {
        let Verdict::Accepted(body) = verdict else {
            return Did::Nothing;
        };
        let claim = order.claim.as_ref().unwrap();
        self.shop.did(claim.actor, claim.device, order.id, body);
        did
    }
}
