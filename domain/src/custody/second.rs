//! A second person looks at a bag before it closes, where the shop's rules ask for one.
//!
//! In: the shop's figures, an order on the bench, who checked it. Out: why another person is asked for, and that one was there.
//! Must not: hold a figure, or let somebody stand in as the second person for an own bag while another can.
//!
//! Of a shop that asks for nobody only the first bags of each person are counted, from the first one on: a rule that is made later
//! knows who is new.

use minicbor::{Decode, Encode};

use crate::code::gtin::Gtin;
use crate::code::own::{OwnCode, OwnKind};
use crate::custody::label::{is_true, not_of};
use crate::custody::limit::{self, Judgement};
use crate::custody::scan::{Evidence, Scan};
use crate::custody::wrap::BagStock;
use crate::custody::{Fact, Situation, has_authority, passed_over};
use crate::event::words_that_grow;
use crate::facility::{Actor, Right, Store};
use crate::id::{ActorId, Hash, OrderId};
use crate::ledger::Ledger;
use crate::limits::{Customer, Finding};
use crate::order::{Order, Status};
use crate::time::Millis;
use crate::verdict::{Reason, Refusal, Verdict};

/// What a shop asks of its pack stations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BenchRules {
    /// When a second person looks at a bag; `None`: never.
    #[n(0)]
    pub second: Option<SecondPerson>,
    /// People, and how many bags they have closed, as far as anybody can ask.
    #[n(1)]
    pub begun: Vec<Begun>,
    /// The bags the shop has; `None`: nobody has said, and nobody is asked to scan one.
    #[n(2)]
    pub bags: Option<Vec<BagStock>>,
}

/// When a second person looks at a bag before it closes. A figure that is missing asks for nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SecondPerson {
    /// Bags somebody closes before they are no longer new.
    #[n(0)]
    pub new_starter_bags: Option<u32>,
    /// An order worth this much or more, in cents.
    #[n(1)]
    pub value_cents: Option<i64>,
    /// An order that uses this much or more of what one person may buy, in hundredths of a limit.
    #[n(2)]
    pub near_limit_percent: Option<u32>,
    /// An order that was changed after it had come in.
    #[n(3)]
    pub edited: Option<bool>,
    /// So many of a thousand orders, drawn by lot.
    #[n(4)]
    pub sample_permille: Option<u32>,
    /// An order for which an older package was passed over.
    #[n(5)]
    pub passed_over: Option<bool>,
}

/// Bags up to which somebody's are counted: more than that nobody can ask for, so the shop's row is written no more for each bag.
pub const NEW_STARTER_BAGS_MAX: u32 = 200;

/// How many bags somebody has closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Begun {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
    /// Bags closed, [`NEW_STARTER_BAGS_MAX`] at most.
    #[n(1)]
    pub bags: u32,
}

/// Why a second person is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Who packs is new.
    NewStarter,
    /// The order is worth much.
    HighValue,
    /// The order is near what one person may buy.
    NearLimit,
    /// The order was changed after it had come in.
    Edited,
    /// The order was drawn by lot.
    Sample,
    /// An older package was reported missing, and a younger one was taken.
    PassedOver,
    /// A cause this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    Cause:
    NewStarter = 1
    HighValue = 2
    NearLimit = 3
    Edited = 4
    Sample = 5
    PassedOver = 6
}

/// What happened to an order on the bench, where the shop's rules ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bench {
    /// Who scanned its goods or its ticket again.
    #[n(0)]
    pub checked_by: Vec<ActorId>,
    /// The second person.
    #[n(1)]
    pub second: Option<Second>,
    /// When its closed bag went back to the vault; `None`: it did not, or stands in a slot again.
    #[n(2)]
    pub vaulted: Option<Millis>,
    /// The kind of bag it went into; `None`: none was scanned.
    #[n(3)]
    pub bag: Option<Gtin>,
}

/// A second person, and the label they saw on the bag.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Second {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
    /// The label's code. Another label is another bag.
    #[n(1)]
    pub code: String,
    /// It was an own bag, and nobody else here could look; `None`: it was not.
    #[n(2)]
    pub alone: Option<bool>,
}

/// A second person looked at goods and label, and scanned the label.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SecondChecked {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The code on the label.
    #[n(1)]
    pub code: String,
    /// Why a second person was asked for.
    #[n(2)]
    pub causes: Vec<Cause>,
    /// It was an own bag, and nobody else here could look; `None`: it was not.
    #[n(3)]
    pub alone: Option<bool>,
}

fn rules(ledger: &Ledger) -> Option<&SecondPerson> {
    ledger.store()?.bench.as_ref()?.second.as_ref()
}

/// Why a second person looks at this bag, as far as its own rules go; empty: nobody has to.
#[must_use]
pub fn causes(ledger: &Ledger, situation: &Situation, order: &Order) -> Vec<Cause> {
    let Some(rules) = rules(ledger) else {
        return Vec::new();
    };
    let mut causes = certain(ledger, rules, situation.actor, order);
    let judgement = || limit::picked(ledger, situation, order, Customer::default());
    causes.extend(is_edited(rules, order).then_some(Cause::Edited));
    causes.extend(is_near(rules, judgement).then_some(Cause::NearLimit));
    causes.extend(is_younger(ledger, rules, order).then_some(Cause::PassedOver));
    causes.sort_unstable();
    causes
}

fn is_edited(rules: &SecondPerson, order: &Order) -> bool {
    rules.edited == Some(true) && order.version > 1
}

/// Whether the count of the older package's shelf still waits does not matter: whoever closes the bag may not know of it.
fn is_younger(ledger: &Ledger, rules: &SecondPerson, order: &Order) -> bool {
    rules.passed_over == Some(true) && !passed_over::of_order(ledger, order).is_empty()
}

/// The causes that every device and the server see alike, whatever else has happened in the shop.
fn certain(ledger: &Ledger, rules: &SecondPerson, packer: ActorId, order: &Order) -> Vec<Cause> {
    let packers = packers(order, packer);
    let is_new = |bags: u32| packers.iter().any(|one| bags_of(ledger, *one) < bags);
    let is_dear = |cents: i64| order.total_cents() >= cents;
    let is_drawn = |permille: u32| lot(order.id) < permille;
    [
        (
            rules.new_starter_bags.is_some_and(is_new),
            Cause::NewStarter,
        ),
        (rules.value_cents.is_some_and(is_dear), Cause::HighValue),
        (rules.sample_permille.is_some_and(is_drawn), Cause::Sample),
    ]
    .into_iter()
    .filter_map(|(holds, cause)| holds.then_some(cause))
    .collect()
}

/// Who packed: whoever scanned the goods again, or else whoever stands there now.
fn packers(order: &Order, present: ActorId) -> Vec<ActorId> {
    let checked = order.bench.as_ref().map(|bench| &bench.checked_by);
    match checked.filter(|checked| !checked.is_empty()) {
        Some(checked) => checked.clone(),
        None => vec![present],
    }
}

/// Bags somebody has closed here, as far as they are counted.
fn bags_of(ledger: &Ledger, actor: ActorId) -> u32 {
    let bench = ledger.store().and_then(|store| store.bench.as_ref());
    let mut begun = bench.iter().flat_map(|bench| &bench.begun);
    begun
        .find(|begun| begun.actor == actor)
        .map_or(0, |begun| begun.bags)
}

/// The lot of an order, out of a thousand: the same on every device, and nobody's choice, for the server makes the number.
fn lot(order: OrderId) -> u32 {
    let hash = Hash::of(&[b"custody-second-1\n", &order.0]);
    u32::from_be_bytes([hash.0[0], hash.0[1], hash.0[2], hash.0[3]]) % 1_000
}

fn is_near(rules: &SecondPerson, judgement: impl Fn() -> Option<Judgement>) -> bool {
    let Some(percent) = rules.near_limit_percent.map(u128::from) else {
        return false;
    };
    let is_near = |finding: &Finding| {
        let max = finding.max.map(u128::from).filter(|max| *max > 0);
        max.is_some_and(|max| finding.used.saturating_mul(100) >= max * percent)
    };
    let verdict = judgement().and_then(|judgement| judgement.verdict);
    verdict.is_some_and(|verdict| verdict.findings.iter().any(is_near))
}

/// Why somebody still has to look before the bag closes; empty: nobody has to, or somebody did.
#[must_use]
pub fn missing(ledger: &Ledger, situation: &Situation, order: &Order) -> Vec<Cause> {
    let label = order.label.as_ref();
    if label.is_some_and(|label| is_done(order, situation.actor, &label.code)) {
        return Vec::new();
    }
    causes(ledger, situation, order)
}

/// Whether a second person saw the bag under this label.
fn is_done(order: &Order, packer: ActorId, code: &str) -> bool {
    let second = order.bench.as_ref().and_then(|bench| bench.second.as_ref());
    second.is_some_and(|second| {
        let is_another = !packers(order, packer).contains(&second.actor);
        second.code == code && (is_another || second.alone == Some(true))
    })
}

/// Whether somebody else who works here could look at this bag.
fn is_for_another(ledger: &Ledger, order: &Order, person: ActorId) -> bool {
    let packers = packers(order, person);
    let may = |one: &Actor| {
        one.active && one.role.may(Right::Fulfil) && one.id != person && !packers.contains(&one.id)
    };
    packers.contains(&person) && ledger.actors.values().any(may)
}

/// Is this person the second one, and the label in hand the bag's?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, scan: &Scan) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    let label = order.label.as_ref().filter(|label| label.read_back);
    let Some(label) = label.filter(|_| order.status == Status::Labelled) else {
        return Reason::NotYet.into();
    };
    let causes = causes(ledger, situation, order);
    if causes.is_empty() {
        return Reason::NotYet.into();
    }
    let Evidence::Own(OwnKind::Label, id) = scan.evidence() else {
        return scan.unfit().into();
    };
    let code = OwnCode::make(OwnKind::Label, &id).unwrap_or_default();
    if code != label.code || !is_true(ledger, order, label) {
        return Verdict::Refused(not_of(ledger, order, &id));
    }
    if is_for_another(ledger, order, situation.actor) {
        return Reason::SecondPersonNeeded.into();
    }
    let alone = packers(order, situation.actor).contains(&situation.actor);
    let done = SecondChecked {
        order: order.id,
        code,
        causes,
        alone: alone.then_some(true),
    };
    Verdict::Accepted(done.into())
}

/// Refuses to close a bag that somebody else has to look at first.
///
/// # Errors
/// When the shop's rules ask for a second person, and none has looked at it under this label.
pub fn require(ledger: &Ledger, situation: &Situation, order: &Order) -> Result<(), Refusal> {
    let is_missing = !missing(ledger, situation, order).is_empty();
    if is_missing {
        Err(Refusal::because(Reason::SecondPersonNeeded))
    } else {
        Ok(())
    }
}

/// Whether a bag was closed although a second person had to look at it first, by all that is known here: what a device
/// did not know when it closed the bag counts too, and a manager looks at it. A look at another print of the label, which another
/// tablet made meanwhile, was at another bag for all anybody knows.
pub(crate) fn is_closed_alone(ledger: &Ledger, fact: &Fact<'_>, order: &Order, bag: &str) -> bool {
    let packer = fact.envelope.actor.actor;
    let Some(rules) = rules(ledger).filter(|_| !is_done(order, packer, bag)) else {
        return false;
    };
    let judgement = || limit::by_server(ledger, order, limit::day_of(fact, None));
    !certain(ledger, rules, packer, order).is_empty()
        || is_edited(rules, order)
        || is_younger(ledger, rules, order)
        || is_near(rules, judgement)
}

/// Notes who checks an order at the bench, where that is asked for.
pub(crate) fn note_checker(ledger: &mut Ledger, fact: &Fact<'_>, order: OrderId) {
    if rules(ledger).is_none() {
        return;
    }
    let actor = fact.envelope.actor.actor;
    if let Some(order) = ledger.order_mut(&order) {
        let bench = order.bench.get_or_insert_default();
        if let Err(place) = bench.checked_by.binary_search(&actor) {
            bench.checked_by.insert(place, actor);
        }
    }
}

/// Takes a second look in, if whoever took it may, and was not the first or could not be another.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &SecondChecked) {
    let actor = fact.envelope.actor.actor;
    if !has_authority(ledger, fact, Right::Fulfil) {
        return;
    }
    let Some(order) = ledger.orders.get(&done.order) else {
        return;
    };
    let is_own = packers(order, actor).contains(&actor);
    let may = !is_own || !is_for_another(ledger, order, actor);
    if !may || order.status >= Status::Sealed {
        return;
    }
    if let Some(order) = ledger.order_mut(&done.order) {
        order.bench.get_or_insert_default().second = Some(Second {
            actor,
            code: done.code.clone(),
            alone: is_own.then_some(true),
        });
    }
}

/// Counts a bag that was closed, for whoever packed it, whether the shop asks already or not.
pub(crate) fn count_bag(ledger: &mut Ledger, fact: &Fact<'_>, order: OrderId) {
    let packer = fact.envelope.actor.actor;
    let packers = ledger
        .orders
        .get(&order)
        .map(|order| packers(order, packer));
    let counts = |one: &ActorId| bags_of(ledger, *one) < NEW_STARTER_BAGS_MAX;
    let counted: Vec<ActorId> = packers.into_iter().flatten().filter(counts).collect();
    if counted.is_empty() {
        return;
    }
    let Some(store) = ledger.store_mut(&0) else {
        return;
    };
    let begun = &mut store.bench.get_or_insert_default().begun;
    for actor in counted {
        match begun.binary_search_by_key(&actor, |begun| begun.actor) {
            Ok(place) => begun[place].bags += 1,
            Err(place) => begun.insert(place, Begun { actor, bags: 1 }),
        }
    }
}

/// The shop's rules as a fact has them, with the bags that were counted before it.
pub(crate) fn configured(
    before: Option<&Store>,
    now: Option<Box<BenchRules>>,
) -> Option<Box<BenchRules>> {
    let before = before.and_then(|store| store.bench.clone());
    match (before, now) {
        (Some(before), Some(mut now)) => {
            now.begun = before.begun;
            Some(now)
        }
        (before, now) => now.or(before),
    }
}
