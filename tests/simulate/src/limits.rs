//! Purchase limits, in some worlds: orders come near them, and the rules change in the midst of a day.
//!
//! In: the seed, the state. Out: a shop that has limits, and others later. Must not: throw the world's dice; worlds without
//! limits are what they would be without this.

use std::collections::{BTreeMap, BTreeSet};

use domain::custody::receive::StockImported;
use domain::custody::set_up::StoreConfigured;
use domain::event::Body;
use domain::id::{Hash, OrderId};
use domain::ledger::Ledger;
use domain::limits::{
    Authority, Book, Bucket, Combine, Condition, Figures, Letter, Limit, LimitPack, Measure,
    Offline, Over, Program, Window,
};
use domain::order::{Buyer, Order};
use domain::stock::{Content, Item};

use crate::dice::Dice;
use crate::happening::Happening;
use crate::world::{HEAL, World};

/// Worlds of a thousand that have limits.
const LIMITED: u64 = 300;
/// Everybody who buys here; so few that one person comes twice a day.
const BUYERS: u8 = 2;
/// What one unit weighs.
const UNIT_MG: u64 = 3_500;
/// Units one person may take home in a day: at first, and by the rules that come later.
const UNITS_MAX: [u64; 2] = [4, 2];
/// The product nobody knows the weight of.
const UNKNOWN: u8 = 3;

/// Who buys. The order says it, so that nobody throws dice for it.
#[must_use]
pub fn buyer(order: OrderId) -> Buyer {
    Buyer {
        program: None,
        who: Some(Hash([order.0[0] % BUYERS; 32])),
    }
}

/// Limits of so many units a day. The version says how many, for those who judge without the figures.
fn pack(units: u64) -> LimitPack {
    let max = units * UNIT_MG;
    let flower = Bucket {
        id: "flower".to_owned(),
        measure: Measure::NetMg,
        terms: BTreeMap::from([("flower".to_owned(), Measure::NetMg.term())]),
        max,
        unconfirmed: None,
        is_inside: false,
        condition: Condition::default(),
        source: "a law".to_owned(),
    };
    let limit = Limit {
        id: "limit".to_owned(),
        program: Program::Adult,
        from: None,
        to: None,
        combine: Combine::Independent,
        window: Window::CalendarDay,
        knows_customer: true,
        authority: Authority::Local,
        offline: Offline::Allow,
        letter: Letter::Ignored,
        over: Over::Barred,
        is_advisory: false,
        condition: Condition::default(),
        buckets: vec![flower],
        uncapped: BTreeSet::new(),
    };
    let book = Book {
        id: "us-xx".to_owned(),
        state: "CA".to_owned(),
        limits: vec![limit],
        bars: Vec::new(),
        splits: Vec::new(),
        exempt: BTreeSet::new(),
        age_min: BTreeMap::new(),
    };
    let classes = BTreeMap::from([("Flower".to_owned(), "flower".to_owned())]);
    let hash = Hash::of(&[&units.to_be_bytes()]);
    LimitPack::of(
        "us-xx",
        &units.to_string(),
        hash,
        &Figures { book, classes },
    )
}

/// Milligrams one person may take home in a day by the rules of a shop, read off their name.
#[must_use]
pub fn max_mg(ledger: &Ledger) -> Option<u64> {
    let limits = ledger.store()?.rules.limits.as_ref()?;
    let units: u64 = limits.version.parse().ok()?;
    Some(units * UNIT_MG)
}

/// Milligrams in an order that somebody knows of.
#[must_use]
pub fn known_mg(ledger: &Ledger, order: &Order) -> u64 {
    let weighs = |item: &Item| item.content.and_then(|content| content.net_mg);
    let tags = order.picks.iter().map(|pick| &pick.tag);
    let items = tags.filter_map(|tag| ledger.item_of(tag));
    items.filter_map(weighs).sum()
}

fn given(ledger: &Ledger, units: u64) -> Option<Vec<Body>> {
    let mut store = ledger.store()?.clone();
    store.rules.limits = Some(Box::new(pack(units)));
    let known = ledger.items.values();
    let known = known.filter(|item| item.id.0[0] != UNKNOWN);
    let items = known.map(|item| Item {
        content: Some(Content {
            net_mg: Some(UNIT_MG),
            ..Content::default()
        }),
        ..item.clone()
    });
    let weighed = StockImported {
        file: "weights.csv".to_owned(),
        items: items.collect(),
        locations: Vec::new(),
        packages: Vec::new(),
    };
    let configured = StoreConfigured {
        store,
        locations: Vec::new(),
        slots: Vec::new(),
    };
    Some(vec![weighed.into(), configured.into()])
}

impl World {
    /// Gives a world limits, if it has any, and plans when they change.
    pub(crate) fn add_limits(&mut self) {
        let mut dice = Dice::new(self.seed ^ 0x0011_3175);
        if dice.per_mille(LIMITED) {
            self.plan(0, 0, Happening::Rules(UNITS_MAX[0]));
            if dice.per_mille(500) {
                let at = dice.below(HEAL);
                self.plan(at, 0, Happening::Rules(UNITS_MAX[1]));
            }
        }
    }

    /// Other rules come into force.
    pub(crate) fn rule(&mut self, units: u64) {
        let ledger = self.server.ledger();
        if let Some(facts) = given(&ledger, units) {
            self.server.record(0, facts);
        }
    }
}
