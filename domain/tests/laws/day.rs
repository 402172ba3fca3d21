//! What a throw stands for: one step of a day, read against the shop as it stands.

use domain::code::own::OwnKind;
use domain::custody::alarm::AlarmRaised;
use domain::custody::arrive::{OrderCancelled, OrderChanged};
use domain::custody::claim::{self, LeaseGranted};
use domain::custody::exception::{Exception, Rule, subjects};
use domain::custody::pick::decide_void;
use domain::custody::receive::PackageListed;
use domain::custody::resolve::{Decision, ResolveReason, Settlement};
use domain::custody::scan::Scan;
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::custody::short::{self, ShortReason};
use domain::custody::{
    break_lease, count, escrow, found, hand_off, label, pick, recount, resolve, seal, stage, verify,
};
use domain::event::Body;
use domain::facility::{LocationCode, SlotCode};
use domain::id::{ActorId, DeviceId, Epoch, EventId, ItemId, LeaseId, OrderId, PackageTag};
use domain::identity::Shown;
use domain::order::{Channel, Status};
use domain::quantity::Quantity;
use domain::stock::LabStatus;
use domain::time::{Day, Millis};
use domain::verdict::Verdict;

use super::goods::*;
use super::mad;
use super::shop::Shop;

/// Eight throws of a die with 256 sides.
pub type Throw = [u8; 8];

/// What became of a throw.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A person was allowed to do something, and did it.
    Allowed {
        device: DeviceId,
        /// The package it was about.
        tag: Option<PackageTag>,
        /// It needed no lease, or had one in force.
        covered: bool,
    },
    /// A person was refused.
    Refused,
    /// A device recorded what nobody would allow.
    Mad,
    /// The server recorded something.
    Server,
    /// Nothing.
    Nothing,
}

pub const ORDERS: [OrderId; 4] = [FIRST, SECOND, THIRD, OrderId([0x44; 16])];
pub const TAGS: [&str; 5] = [OLD_JARS, NEW_JARS, GUMS, PENS, STRANGE];
pub const ITEMS: [ItemId; 4] = [JARS, GUMMIES, VAPES, ItemId([9; 16])];
pub const SHELVES: [&str; 5] = ["A-01-1", "B-04-2", "A-02-1", "C-01-1", "Z-99-9"];
pub const SLOTS: [&str; 6] = ["P1", "P2", "P10", "C1", "D1", "X9"];
pub const DEVICES: [DeviceId; 5] = [TABLET, PHONE, COUNTER, STOLEN, DeviceId([0x77; 16])];
pub const CHANNELS: [Channel; 4] = [
    Channel::Pickup,
    Channel::Curbside,
    Channel::Delivery,
    Channel::InStore,
];

/// The shop of the stories with forty jars more, so that leases can have spares.
pub fn open_shop() -> Shop {
    let mut shop = Shop::open();
    let late = PackageListed {
        received: Day::parse("2026-10-01"),
        ..listed(LATE_JARS, JARS, 40, "C-01-1")
    };
    shop.server(imported(vec![late]));
    shop
}

/// Younger than all others.
const LATE_JARS: &str = "1A4FF0300000C57000000103";

pub fn one_of<T: Clone>(all: &[T], throw: u8) -> T {
    all[usize::from(throw) % all.len()].clone()
}

pub fn somebody(throw: u8) -> ActorId {
    one_of(&PEOPLE, throw).0
}

/// Does what a throw says. Returns also the rules that were broken.
pub fn act(shop: &mut Shop, throw: Throw) -> (Act, Vec<Rule>) {
    shop.offline = throw[7].is_multiple_of(4);
    match throw[0] % 17 {
        16.. => settles(shop, throw),
        0..=3 => server(shop, throw),
        4..=8 => goes_on(shop, throw),
        9..=12 => tries(shop, throw),
        _ => {
            let rules = mad::device(shop, throw);
            (Act::Mad, rules)
        }
    }
}

/// The server does what a server does.
fn server(shop: &mut Shop, throw: Throw) -> (Act, Vec<Rule>) {
    let order = one_of(&ORDERS[..3], throw[2]);
    let lines: Vec<(ItemId, u32)> = (0..1 + throw[3] % 3)
        .map(|line| {
            let die = throw[4].rotate_left(u32::from(line) * 3);
            (one_of(&ITEMS[..3], die), u32::from(die >> 5) % 4 + 1)
        })
        .collect();
    match throw[1] % 10 {
        0 | 1 => {
            shop.server(arrival(order, one_of(&CHANNELS, throw[5]), &lines));
        }
        2 => {
            shop.server(OrderChanged {
                order,
                channel: one_of(&CHANNELS, throw[5]),
                promise_start: Millis(0),
                promise_end: Millis(0),
                lines: super::goods::lines(&lines),
                buyer: None,
            });
        }
        3 if throw[3] < 96 => {
            shop.server(OrderCancelled { order });
        }
        4 if throw[3] < 128 => listed_again(shop, throw),
        5 if throw[3] < 64 => configured(shop, throw),
        6 => grants(shop, throw, order),
        8 if throw[3] < 64 => recounts(shop, throw),
        _ => {}
    }
    if shop.ledger.orders.contains_key(&order) && throw[6] < 200 {
        shop.allocates(order);
    }
    refills(shop);
    (Act::Server, Vec::new())
}

fn listed_again(shop: &mut Shop, throw: Throw) {
    let text = one_of(&TAGS[..4], throw[4]);
    let Some(known) = shop.ledger.packages.get(&tag(text)) else {
        return;
    };
    let again = PackageListed {
        hold: throw[5].is_multiple_of(3),
        lab: if throw[6].is_multiple_of(5) {
            LabStatus::Pending
        } else {
            LabStatus::Passed
        },
        ..listed(text, known.item, u32::from(throw[7]), "C-01-1")
    };
    shop.server(imported(vec![again]));
}

/// People leave and come back; devices are enrolled anew and revoked; slots are set up again.
fn configured(shop: &mut Shop, throw: Throw) {
    let (id, role) = one_of(&PEOPLE, throw[4]);
    let mut person = actor(id, role);
    person.active = !throw[5].is_multiple_of(3);
    let mut enrolled = shop.ledger.devices[&one_of(&DEVICES[..4], throw[4])].clone();
    enrolled.active = !throw[5].is_multiple_of(5);
    enrolled.generation += u32::from(throw[5] % 2);
    match throw[6] % 3 {
        0 => shop.server(ActorAdded::from(person)),
        1 => shop.server(DeviceEnrolled::from(enrolled)),
        _ => shop.server(StoreConfigured {
            store: store(),
            locations: Vec::new(),
            slots: vec![free(one_of(&SLOTS, throw[4]), one_of(&CHANNELS, throw[5]))],
        }),
    };
}

fn grants(shop: &mut Shop, throw: Throw, order: OrderId) {
    let device = one_of(&DEVICES[..3], throw[4]);
    let situation = shop.situation(somebody(throw[5] % 2), device);
    let mut id = [throw[6]; 16];
    id[8..].copy_from_slice(&shop.log.len().to_be_bytes());
    let other = one_of(&ORDERS, throw[7]);
    let orders = if other == order {
        vec![order]
    } else {
        vec![order, other]
    };
    let (lease, _) = claim::lease_for(&shop.ledger, &situation, LeaseId(id), &orders);
    if let Some(lease) = lease {
        shop.server(LeaseGranted { lease });
    }
}

/// The server looks after the leases.
fn refills(shop: &mut Shop) {
    let leases = shop.ledger.leases.keys();
    let refill = |lease: &LeaseId| escrow::refill_for(&shop.ledger, *lease, day(TODAY));
    let refills: Vec<_> = leases.filter_map(refill).collect();
    if let Some(refill) = refills.into_iter().next() {
        shop.server(refill);
    }
}

/// The server has lost sight of a device.
fn recounts(shop: &mut Shop, throw: Throw) {
    let device = one_of(&DEVICES, throw[4]);
    let epoch = Epoch([throw[5]; 16]);
    let alarm = AlarmRaised::chain_gap(&shop.ledger, device, epoch, 0);
    shop.server(alarm);
    for opened in recount::due(&shop.ledger, device) {
        shop.server(opened);
    }
}

/// Somebody does the next thing there is to do on an order.
fn goes_on(shop: &mut Shop, throw: Throw) -> (Act, Vec<Rule>) {
    let order = one_of(&ORDERS[..3], throw[1]);
    let Some(standing) = shop.ledger.orders.get(&order) else {
        shop.arrives(order, &[(one_of(&ITEMS[..3], throw[2]), 1)]);
        return (Act::Server, Vec::new());
    };
    if standing.status == Status::Ready {
        grants(shop, [0, 0, 0, 0, throw[2] % 2, throw[3], 0, 0], order);
        return (Act::Server, Vec::new());
    }
    let is_missed = throw[3] < 30 && pick::next_target(&shop.ledger, standing).is_some();
    if let Some(claim) = standing.claim.clone().filter(|_| is_missed) {
        let target = pick::next_target(&shop.ledger, standing);
        let tag = target.map_or_else(|| tag(STRANGE), |target| target.package.tag.clone());
        let situation = shop.situation(claim.actor, claim.device);
        let reason = ShortReason::NotThere;
        let verdict = short::decide(&shop.ledger, &situation, order, &tag, reason);
        return comes_of(shop, claim.actor, claim.device, verdict);
    }
    match shop.next_step(order) {
        Some((actor, device, verdict)) => comes_of(shop, actor, device, verdict),
        None => (Act::Nothing, Vec::new()),
    }
}

/// A manager settles what is most urgent, in one of the ways there are.
fn settles(shop: &mut Shop, throw: Throw) -> (Act, Vec<Rule>) {
    let settleable = |one: &&Exception| !one.resolved && !resolve::decisions(one.rule).is_empty();
    let all = || shop.ledger.exceptions.values().filter(settleable);
    // Units in two hands and recalls are few, and worth the most.
    let urgent = |one: &&Exception| matches!(one.rule, Rule::DoublePick | Rule::HeldOrRecalled);
    let Some(open) = all().find(urgent).or_else(|| all().next()) else {
        return (Act::Nothing, Vec::new());
    };
    let actor = one_of(&[CLEO, GUS], throw[3]);
    let decision = one_of(resolve::decisions(open.rule), throw[4]);
    let is_blind = open.rule == Rule::Overdraw && decision == Decision::KeepThis;
    let settlement = Settlement {
        decision,
        reason: ResolveReason::Other,
        note: String::new(),
        shelf: None,
        counted: Some(Quantity::units(u32::from(throw[5] % 4))).filter(|_| is_blind),
    };
    let situation = shop.situation(actor, COUNTER);
    let verdict = resolve::decide(&shop.ledger, &situation, open.number, &settlement);
    let moot = Settlement {
        decision: Decision::Accept,
        ..settlement
    };
    let verdict = match verdict {
        Verdict::Accepted(_) => verdict,
        Verdict::Refused(_) => resolve::decide(&shop.ledger, &situation, open.number, &moot),
    };
    comes_of(shop, actor, COUNTER, verdict)
}

/// Somebody tries something, wherever the order stands and whatever is in reach.
fn tries(shop: &mut Shop, throw: Throw) -> (Act, Vec<Rule>) {
    let order = one_of(&ORDERS, throw[1]);
    let device = one_of(&DEVICES[..4], throw[2] % 8);
    let actor = match throw[3] {
        0..100 => ANA,
        100..160 => one_of(&[IVY, CLEO, GUS], throw[3]),
        _ => somebody(throw[3]),
    };
    let situation = shop.situation(actor, device);
    let ledger = &shop.ledger;
    let scan = reading(shop, order, throw);
    let event = an_event(shop, order, throw[6]);
    let verdict = match throw[5] % 15 {
        0 => claim::decide(ledger, &situation, order),
        1 | 2 => pick::decide(ledger, &situation, order, &scan),
        3 => decide_void(ledger, &situation, order, event),
        4 => {
            let tag = tag(one_of(&TAGS, throw[6]));
            let reason = ShortReason::NotThere;
            short::decide(ledger, &situation, order, &tag, reason)
        }
        14 => found::decide(
            ledger,
            &situation,
            order,
            mad::a_report(shop, order, throw[6]),
        ),
        5 => verify::decide(ledger, &situation, order, &scan),
        6 => label::decide_print(ledger, &situation, order, label::Printing::default()),
        7 => label::decide_read_back(ledger, &situation, order, &scan),
        8 => stage::decide(ledger, &situation, order, &scan),
        9 if throw[6] < 128 => seal::decide(ledger, &situation, order),
        9 => {
            let shown = shown(throw[6] % 16);
            hand_off::decide(ledger, &situation, &scan, shown.as_ref(), false, None)
        }
        10 => break_lease::decide(ledger, &situation, order),
        11 => {
            let (tag, shelf) = (tag(one_of(&TAGS, throw[6])), one_of(&SHELVES, throw[7]));
            let counted = Quantity::units(u32::from(throw[4] % 8));
            count::decide(ledger, &situation, &tag, &LocationCode::new(shelf), counted)
        }
        _ => {
            let settlement = Settlement {
                decision: one_of(&mad::DECISIONS, throw[4]),
                reason: ResolveReason::Other,
                note: String::new(),
                shelf: None,
                counted: Some(Quantity::units(2)).filter(|_| throw[7] < 128),
            };
            let exception = mad::an_exception(shop, throw[6]);
            resolve::decide(ledger, &situation, exception, &settlement)
        }
    };
    comes_of(shop, actor, device, verdict)
}

/// The order's own nth pick, or an event nobody knows.
pub fn an_event(shop: &Shop, order: OrderId, throw: u8) -> EventId {
    let standing = shop.ledger.orders.get(&order);
    let picks = standing.map_or(&[][..], |standing| &standing.picks);
    match picks.get(usize::from(throw) % (picks.len() + 1)) {
        Some(pick) => pick.event,
        None => EventId([throw; 16]),
    }
}

/// Something that can be scanned.
/// A document now and then; mostly one that is good.
fn shown(throw: u8) -> Option<Shown> {
    let born = if throw == 1 { Day(20_000) } else { Day(0) };
    let last = if throw == 2 { Day(0) } else { Day(30_000) };
    (throw != 3).then(|| Shown::by_eye(born, last, throw != 4))
}

fn reading(shop: &Shop, order: OrderId, throw: Throw) -> Scan {
    let text = one_of(&TAGS, throw[6]);
    let standing = shop.ledger.orders.get(&order);
    match (throw[4] % 8, standing) {
        (0 | 1, _) => package(text),
        (2 | 3, _) => unit(text, u64::from(throw[7] % 4)),
        (4, Some(standing)) => own(OwnKind::Ticket, &standing.ticket_id()),
        (5, Some(standing)) if standing.label.is_some() => label_of(standing),
        (6, _) => own(
            OwnKind::Slot,
            &SlotCode::new(one_of(&SLOTS, throw[7])).scan_id(),
        ),
        (7, _) => product(JARS_GTIN),
        _ => nonsense(),
    }
}

fn comes_of(
    shop: &mut Shop,
    actor: ActorId,
    device: DeviceId,
    verdict: Verdict,
) -> (Act, Vec<Rule>) {
    let Verdict::Accepted(body) = verdict else {
        return (Act::Refused, Vec::new());
    };
    let (orders, mut tags) = subjects(&body);
    let order = orders.first().copied().unwrap_or_default();
    let lease = shop.lease(device, order);
    let generation = shop
        .ledger
        .devices
        .get(&device)
        .map(|known| known.generation);
    let in_force = lease.is_some_and(|lease| {
        let known = shop.ledger.leases.get(&lease.lease);
        known.map(|known| known.generation) == generation
    });
    let covered = in_force || !matches!(body, Body::PackagePicked(_));
    let rules = shop.did(actor, device, order, body);
    let tag = tags.pop();
    let act = Act::Allowed {
        device,
        tag,
        covered,
    };
    (act, rules)
}
