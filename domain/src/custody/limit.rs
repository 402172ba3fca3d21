//! An order against the state's purchase limits: when its packages are promised, at the pack station, at the counter.
//!
//! In: the ledger, an order, what is known of whoever buys, the day. Out: a verdict, and the little of it that goes into
//! facts. Must not: hold a figure, take for known what is not, or keep anything of the customer.
//!
//! A shop that was given no limits judges nothing, and says nothing about them in its facts.

use minicbor::{Decode, Encode};

use crate::custody::label::rules_in_force;
use crate::custody::{Fact, Situation};
use crate::event::words_that_grow;
use crate::id::{EventId, Hash, ItemId, PackageTag};
use crate::ledger::Ledger;
use crate::limits::{
    Authority, Basket, Customer, Figures, Finding, Limit, Line, Moment, Outcome, Program, Verdict,
    Visit, Window, judge,
};
use crate::order::Order;
use crate::stock::{Content, Item, Package, Potency, PotencyUnit};
use crate::time::{Day, Millis};
use crate::verdict::{Reason, Refusal};

/// What a purchase came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CameTo {
    /// Within every limit.
    Within,
    /// Something was not known that decides it.
    Unknown,
    /// Over a limit.
    Over,
    /// Something this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    CameTo:
    Within = 0
    Unknown = 1
    Over = 2
}

/// What stands in a fact that limits decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Judged {
    /// The hash of the rule pack's text.
    #[n(0)]
    pub pack: Hash,
    /// The day whose figures counted, in the shop's zone.
    #[n(1)]
    pub day: Day,
    /// What it came to.
    #[n(2)]
    pub came_to: CameTo,
    /// A person worked out by hand what could not be known here, and answers for it.
    #[n(3)]
    pub by_hand: Option<bool>,
}

/// A judgement with all that screens say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The pack's name, such as `us-ca`.
    pub id: String,
    /// The hash of the pack's text.
    pub pack: Hash,
    /// The day whose figures counted.
    pub day: Day,
    /// The verdict; `None` when the pack holds something this program does not know.
    pub verdict: Option<Verdict>,
    /// Which product each line of the basket is.
    pub products: Vec<ItemId>,
}

impl Judgement {
    /// What it came to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.verdict
            .as_ref()
            .map_or(Outcome::Unknown, |verdict| verdict.outcome)
    }

    /// What goes into the fact.
    #[must_use]
    pub fn told(&self, by_hand: bool) -> Judged {
        let came_to = match self.outcome() {
            Outcome::Pass => CameTo::Within,
            Outcome::Unknown => CameTo::Unknown,
            Outcome::Fail => CameTo::Over,
        };
        Judged {
            pack: self.pack,
            day: self.day,
            came_to,
            by_hand: (by_hand && came_to == CameTo::Unknown).then_some(true),
        }
    }

    /// The first limit that the purchase is over.
    #[must_use]
    pub fn over(&self) -> Option<&Finding> {
        let mut findings = self.verdict.iter().flat_map(|verdict| &verdict.findings);
        findings.find(|finding| finding.outcome == Outcome::Fail)
    }

    /// Refuses what is over a limit.
    ///
    /// # Errors
    /// When it is, with the limit, by how much and where it stands.
    pub fn require_within(&self) -> Result<(), Refusal> {
        match self.over() {
            None => Ok(()),
            Some(finding) => Err(Refusal {
                limit: Some(Box::new(finding.clone())),
                ..Refusal::because(Reason::OverLimit)
            }),
        }
    }
}

/// What is in the tote or bag, for whoever is known to buy it, as one device knows it.
#[must_use]
pub fn picked(
    ledger: &Ledger,
    situation: &Situation,
    order: &Order,
    customer: Customer,
) -> Option<Judgement> {
    let device = ledger.devices.get(&situation.device);
    let basis = Basis {
        // A driver's phone has its trip, and so not what anybody took home before.
        has_all_orders: device.is_some_and(|device| device.purpose.is_none()),
        is_latest: situation.connected,
        is_past: false,
    };
    of(
        ledger,
        order,
        picks_of(order),
        (customer, situation.today),
        basis,
    )
}

/// The unit to take off first so that a purchase comes nearer to the limit it is over: the last that was picked of those
/// that count there.
#[must_use]
pub fn to_take_off(ledger: &Ledger, situation: &Situation, order: &Order) -> Option<EventId> {
    let margin_of = |order: &Order, of: &Finding| {
        let judgement = picked(ledger, situation, order, Customer::default())?;
        let mut findings = judgement.verdict?.findings.into_iter();
        let same = findings.find(|found| found.limit == of.limit && found.bucket == of.bucket);
        Some(same.map_or(i128::MAX, |found| found.margin.unwrap_or(i128::MIN)))
    };
    let judgement = picked(ledger, situation, order, Customer::default())?;
    let over = judgement.over()?;
    let before = margin_of(order, over)?;
    let mut last_first = (0..order.picks.len()).rev();
    let counts = |at: &usize| {
        let mut less = order.clone();
        less.picks.remove(*at);
        margin_of(&less, over) > Some(before)
    };
    let at = last_first.find(counts)?;
    order.picks.get(at).map(|pick| pick.event)
}

/// What was ordered, before anybody has it in hand: as the server knows it.
#[must_use]
pub fn ordered(ledger: &Ledger, order: &Order, on: Day) -> Option<Judgement> {
    let of_line = |line: &crate::order::Line| {
        let tag = line
            .allocations
            .first()
            .map(|promised| promised.tag.clone());
        (line.item, tag, line.units)
    };
    let goods = order.lines.iter().map(of_line).collect();
    of(
        ledger,
        order,
        goods,
        (Customer::default(), on),
        Basis::SERVER,
    )
}

/// Whether a bag that was handed over was over a limit by what the server knows, whatever the device knew.
#[must_use]
pub fn is_over(ledger: &Ledger, order: &Order, on: Day) -> bool {
    let judgement = by_server(ledger, order, on);
    judgement.is_some_and(|judgement| judgement.outcome() == Outcome::Fail)
}

/// What is in the tote or bag, by what the server knows, whatever a device knew.
#[must_use]
pub fn by_server(ledger: &Ledger, order: &Order, on: Day) -> Option<Judgement> {
    let who = (Customer::default(), on);
    of(ledger, order, picks_of(order), who, Basis::SERVER)
}

/// What a bag that was handed over comes to by the figures of any pack: also by one that is not in force. What the same
/// person took home later does not count.
#[must_use]
pub fn past(ledger: &Ledger, figures: &Figures, order: &Order, on: Day) -> Verdict {
    let basis = Basis {
        is_past: true,
        ..Basis::SERVER
    };
    let goods = picks_of(order);
    by(
        ledger,
        figures,
        order,
        &goods,
        (Customer::default(), on),
        basis,
    )
}

/// Which product each line of such a bag is, in the order of the lines that findings name.
#[must_use]
pub fn past_products(ledger: &Ledger, order: &Order) -> Vec<ItemId> {
    basket_products(ledger, &picks_of(order))
}

/// The day of a hand-over in the shop's zone: as the device said, if its clock agrees; a program that did not say it yet is
/// taken to mean the day of Greenwich, which is one off at most.
#[must_use]
pub fn day_of(fact: &Fact<'_>, judged: Option<&Judged>) -> Day {
    let days = fact.envelope.wall.div_euclid(86_400_000);
    let of_clock = Day(i32::try_from(days).unwrap_or(i32::MAX));
    let said = judged.map(|judged| judged.day);
    let agrees = |day: &Day| i64::from(day.0).abs_diff(i64::from(of_clock.0)) <= 1;
    said.filter(agrees).unwrap_or(of_clock)
}

/// How much of what was taken home before whoever judges can see.
#[derive(Clone, Copy)]
struct Basis {
    has_all_orders: bool,
    is_latest: bool,
    /// The order was handed over, and others after it.
    is_past: bool,
}

impl Basis {
    const SERVER: Self = Self {
        has_all_orders: true,
        is_latest: true,
        is_past: false,
    };
}

/// A product, the package it is from, units.
type Goods = (ItemId, Option<PackageTag>, u32);

/// What an order has in hand. Of a package nobody knows it knows no product.
fn picks_of(order: &Order) -> Vec<Goods> {
    let mut goods: Vec<Goods> = Vec::new();
    for pick in &order.picks {
        let item = order
            .line(pick.line)
            .map_or(ItemId([0; 16]), |line| line.item);
        let same = goods
            .iter_mut()
            .find(|(of, tag, _)| *of == item && tag.as_ref() == Some(&pick.tag));
        match same {
            Some((_, _, units)) => *units = units.saturating_add(1),
            None => goods.push((item, Some(pick.tag.clone()), 1)),
        }
    }
    goods
}

fn of(
    ledger: &Ledger,
    order: &Order,
    goods: Vec<Goods>,
    (customer, day): (Customer, Day),
    basis: Basis,
) -> Option<Judgement> {
    let pack = ledger.store()?.rules.limits.as_ref()?;
    let mut judgement = Judgement {
        id: pack.id.clone(),
        pack: pack.hash,
        day,
        verdict: None,
        products: Vec::new(),
    };
    let Some(figures) = pack.read() else {
        return Some(judgement);
    };
    let verdict = by(ledger, &figures, order, &goods, (customer, day), basis);
    judgement.products = basket_products(ledger, &goods);
    judgement.verdict = Some(verdict);
    Some(judgement)
}

fn by(
    ledger: &Ledger,
    figures: &Figures,
    order: &Order,
    goods: &[Goods],
    (customer, day): (Customer, Day),
    basis: Basis,
) -> Verdict {
    let program = program_of(figures, order);
    let line = |(item, tag, units): &Goods| line_of(ledger, figures, *item, tag.as_ref(), *units);
    let basket = Basket {
        program,
        customer,
        lines: goods.iter().map(line).collect(),
        history: history(ledger, figures, order, (program, day), basis),
        known_to: (!basis.is_latest).then_some(Millis(i64::MIN)),
    };
    let now = Moment { at: Millis(0), day };
    judge(&figures.book, &basket, now)
}

fn basket_products(ledger: &Ledger, goods: &[Goods]) -> Vec<ItemId> {
    let product = |(item, tag, _): &Goods| {
        let package = tag.as_ref().and_then(|tag| ledger.packages.get(tag));
        package.map_or(*item, |package| package.item)
    };
    goods.iter().map(product).collect()
}

/// By which right somebody buys. An order that does not say is judged as an adult's, where the state sells to adults:
/// what adults may buy is less.
fn program_of(figures: &Figures, order: &Order) -> Program {
    let said = order.buyer.as_ref().and_then(|buyer| buyer.program);
    let mut limits = figures.book.limits.iter();
    let is_for_adults = limits.any(|limit| limit.program == Program::Adult);
    said.unwrap_or(if is_for_adults {
        Program::Adult
    } else {
        Program::Medical
    })
}

/// Whether a patient buys: the order says so, or the state sells to nobody else.
#[must_use]
pub fn is_patients(ledger: &Ledger, order: &Order) -> bool {
    let said = order.buyer.as_ref().and_then(|buyer| buyer.program);
    let figures = || rules_in_force(ledger).and_then(|pack| pack.read());
    let is_for_patients_alone = |figures: Figures| {
        let is_limited = !figures.book.limits.is_empty();
        is_limited && program_of(&figures, order) == Program::Medical
    };
    match said {
        Some(program) => program == Program::Medical,
        None => figures().is_some_and(is_for_patients_alone),
    }
}

/// What the buyer took home before; `None` when that is not known here.
fn history(
    ledger: &Ledger,
    figures: &Figures,
    order: &Order,
    (program, day): (Program, Day),
    basis: Basis,
) -> Option<Vec<Visit>> {
    let asks = |limit: &&Limit| {
        let is_asked = limit.window != Window::Transaction && limit.knows_customer;
        limit.program == program && limit.is_in_force(day) && is_asked
    };
    let mut asked = figures.book.limits.iter().filter(asks).peekable();
    if asked.peek().is_none() {
        return Some(Vec::new());
    }
    let is_local = asked.all(|limit| limit.authority == Authority::Local);
    let who = order.buyer.as_ref()?.who?;
    if !is_local || !basis.has_all_orders {
        return None;
    }
    let of_buyer = |other: &&Order| {
        let buyer = other.buyer.as_ref().and_then(|buyer| buyer.who);
        other.id != order.id && buyer == Some(who)
    };
    // Of two bags of one day, the order that was placed first counts as the first.
    let place = |order: &Order| (order.handed_on, order.placed_at, order.id);
    let is_before = |other: &&Order| !basis.is_past || place(other) < place(order);
    let visit = |other: &Order| {
        let day = other.handed_on?;
        let line = |(item, tag, units): Goods| line_of(ledger, figures, item, tag.as_ref(), units);
        Some(Visit {
            when: Moment { at: Millis(0), day },
            lines: picks_of(other).into_iter().map(line).collect(),
        })
    };
    let others = ledger.orders.values().filter(of_buyer).filter(is_before);
    Some(others.filter_map(visit).collect())
}

/// Units of a product as limits count them: by what the package says, and else its product.
fn line_of(
    ledger: &Ledger,
    figures: &Figures,
    item: ItemId,
    tag: Option<&PackageTag>,
    units: u32,
) -> Line {
    let package = tag.and_then(|tag| ledger.packages.get(tag));
    let item = package.map_or(item, |package| package.item);
    let item = ledger.items.get(&item);
    let class = class_of(figures, item);
    let content = item.and_then(|item| item.content).unwrap_or_default();
    // A concentrate is nothing but concentrate.
    let all_of_it = content.net_mg.filter(|_| class == "concentrate");
    Line {
        quantity: units,
        net_mg: content.net_mg,
        thc_mg: package
            .and_then(|package| thc_mg(package, content))
            .or(content.thc_mg),
        concentrate_mg: content.concentrate_mg.or(all_of_it),
        volume_ul: content.volume_ul,
        units: content.units,
        serving_thc_mg: content.serving_thc_mg,
        class,
    }
}

/// The class of a product. A category the pack does not know is no class: it is named in quotation marks, which no class has.
fn class_of(figures: &Figures, item: Option<&Item>) -> String {
    let category = item.map_or("", |item| item.category.as_str());
    match figures.class_of(category) {
        Some(class) => class.to_owned(),
        None => format!("\u{201c}{category}\u{201d}"),
    }
}

/// The product's category, where a finding names one for want of a class; empty when nobody knows the product.
#[must_use]
pub fn category_in(class: &str) -> Option<&str> {
    class.strip_prefix('\u{201c}')?.strip_suffix('\u{201d}')
}

/// THC of one unit, in milligrams and rounded up: never in the customer's favour.
fn thc_mg(package: &Package, content: Content) -> Option<u64> {
    let Potency { thousandths, unit } = package.thc?;
    let thousandths = u128::try_from(thousandths).ok()?;
    let net_mg = || content.net_mg.map(u128::from);
    let (amount, of) = match unit {
        PotencyUnit::MilligramsPerUnit => (thousandths, 1_000),
        PotencyUnit::MilligramsPerGram => (thousandths * net_mg()?, 1_000_000),
        PotencyUnit::Percent => (thousandths * net_mg()?, 100_000),
    };
    u64::try_from(amount.div_ceil(of)).ok()
}
