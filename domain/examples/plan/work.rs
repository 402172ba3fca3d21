//! A shift worked by the rules of the app itself, in which everything goes wrong that does in one.
//!
//! In: a seed, a cart, orders. Out: lines an hour, what went wrong, and whether a wrong unit left. Must not: help the rules
//! by knowing better; what lies in a tote is what the hand took, whatever was scanned.

use std::collections::{BTreeMap, BTreeSet};

use domain::code::gtin::{Gtin, Scheme};
use domain::code::own::{OwnCode, OwnKind};
use domain::code::{Code, Reason as Unread};
use domain::custody::scan::Scan;
use domain::custody::short::{self, ShortReason};
use domain::custody::{allocate, claim, hand_off, label, pick, seal, tote, verify};
use domain::facility::LocationCode;
use domain::id::{EventId, ItemId, OrderId, PackageTag};
use domain::order::{Order, Status};
use domain::plan::errand::Backlog;
use domain::plan::pace::{Cart, Crew, Pace};
use domain::plan::walk::Walk;
use domain::plan::way::next_order;
use domain::verdict::{Reason, Verdict};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::shop::{MINUTE, NOON, Shop, TODAY};

/// What the crew is told of: many at once, so that walks have company to choose from.
const PEOPLE: u32 = 6;
/// A busy shop.
const PACKAGES: u64 = 4_000;
const SHELVES: u64 = 500;
/// How often something goes wrong, in a thousand cases: figures of product research, 7.3.
const WRONG_BATCH: u64 = 10;
const OTHER_IN_HAND: u64 = 10;
const DAMAGED: u64 = 10;
const MISSING: u64 = 20;
const MISSLOTTED: u64 = 5;
const MISTYPED: u64 = 5;
const WRONG_TOTE: u64 = 10;
/// Of what is on hold in a tote, how often the screen that names it is overlooked.
const OVERLOOKED: u64 = 300;
/// Products whose units have a maker's code only, in a thousand.
const MAKERS_CODE: u64 = 400;
/// Rounds an order may take on the bench before it is left for a person.
const ROUNDS_MAX: u32 = 12;

/// Shelves that somebody stood before on a walk, and for which orders.
type Seen = BTreeSet<(Option<OrderId>, LocationCode)>;

/// What happened.
#[derive(Default)]
pub(crate) struct Told {
    lines: u64,
    orders: u64,
    picking: i64,
    refused: u64,
    caught: u64,
    pub(crate) cancelled: u64,
    pub(crate) edited: u64,
    pub(crate) recalled: u64,
    pub(crate) clocks_off: u64,
    stopped: u64,
    left_wrong: u64,
    stuck: u64,
}

pub(crate) struct Shift {
    pub(crate) shop: Shop,
    pub(crate) dice: Dice,
    pace: Pace,
    /// What really lies in each order's tote.
    pub(crate) really: BTreeMap<OrderId, Vec<PackageTag>>,
    pub(crate) told: Told,
}

fn package(tag: &PackageTag) -> Scan {
    Scan {
        code: Code::Package(tag.clone()),
    }
}

fn own(kind: OwnKind, id: &str) -> Scan {
    let id = id.to_owned();
    Scan {
        code: Code::Own(OwnCode { kind, id }),
    }
}

pub(crate) fn measure(seed: u64, cart: u64, orders: u64) -> Value {
    let mut shop = Shop::open(seed, PACKAGES, SHELVES);
    shop.staffed();
    for number in 0..orders {
        let due = NOON.plus(i64::try_from(30 + number / 3).unwrap_or(0) * MINUTE);
        shop.order(number, NOON, due);
    }
    let crew = Crew {
        people: PEOPLE,
        cart: Cart {
            orders: u32::try_from(cart).unwrap_or(1),
            ..Cart::TYPICAL
        },
        pace: Pace::TYPICAL,
    };
    let backlog = Backlog::waiting(&shop.ledger, &shop.map);
    let walks = backlog.walks(NOON, &crew);
    let mut shift = Shift {
        shop,
        dice: Dice::of(seed ^ 0x0d0e),
        pace: crew.pace,
        really: BTreeMap::new(),
        told: Told::default(),
    };
    for (cart, walk) in walks.iter().enumerate() {
        shift.walks(cart, walk);
    }
    shift.told.said()
}

impl Told {
    fn said(&self) -> Value {
        json!({
            "lines": self.lines,
            "orders": self.orders,
            "picking_ms": self.picking,
            "refused": self.refused,
            "caught_at_the_bench": self.caught,
            "cancelled": self.cancelled,
            "edited": self.edited,
            "recalled": self.recalled,
            "clocks_off": self.clocks_off,
            "stopped_at_the_counter": self.stopped,
            "left_wrong": self.left_wrong,
            "stuck": self.stuck,
        })
    }
}

impl Shift {
    pub(crate) fn happens(&mut self, per_thousand: u64) -> bool {
        self.dice.below(1_000) < per_thousand
    }

    pub(crate) fn order(&self, id: OrderId) -> &Order {
        &self.shop.ledger.orders[&id]
    }

    fn spends(&mut self, milliseconds: u32) {
        self.told.picking += i64::from(milliseconds);
    }

    /// Does what a verdict allows; what it refuses costs a scan.
    pub(crate) fn does(&mut self, verdict: Verdict) -> Result<EventId, Reason> {
        self.spends(self.pace.unit);
        match verdict {
            Verdict::Accepted(body) => Ok(self.shop.record(&body)),
            Verdict::Refused(refusal) => {
                self.told.refused += 1;
                Err(refusal.reason)
            }
        }
    }

    fn scans(&mut self, order: OrderId, scan: &Scan) -> Result<EventId, Reason> {
        let situation = self.shop.situation();
        let verdict = pick::decide(&self.shop.ledger, &situation, order, scan);
        self.does(verdict)
    }

    /// The server finds other packages for what an order lacks.
    pub(crate) fn finds_more(&mut self, order: OrderId) {
        let plan = allocate::plan(&self.shop.ledger, self.order(order), TODAY);
        self.shop.record(&plan.into());
    }

    fn walks(&mut self, cart: usize, walk: &Walk) {
        self.told.picking += self.pace.walking(walk.millimetres);
        let orders: Vec<OrderId> = walk.orders.iter().map(|one| one.order).collect();
        for order in &orders {
            let situation = self.shop.situation();
            let verdict = claim::decide(&self.shop.ledger, &situation, *order);
            self.spends(self.pace.order);
            if let Verdict::Accepted(body) = verdict {
                self.shop.record(&body);
            }
        }
        if orders.len() > 1 {
            for (order, number) in orders.iter().zip(1..) {
                let bound = self.scans(*order, &own(OwnKind::Tote, &tote_code(cart, number)));
                assert!(bound.is_ok(), "an empty tote is bound");
            }
        }
        let mut seen = BTreeSet::new();
        let mut news = self.news(&orders);
        for step in 0.. {
            if let Some(news) = news.remove(&step) {
                self.happened(news);
            }
            let carried: Vec<&Order> = orders.iter().map(|order| self.order(*order)).collect();
            let open: Vec<&Order> = carried
                .into_iter()
                // One that lacks something before anything was taken waits for its customer's word.
                .filter(|order| !order.status.is_closed() && order.status != Status::Short)
                .collect();
            let Some(order) = next_order(&self.shop.ledger, &open) else {
                break;
            };
            self.takes_one(order, &mut seen);
        }
        for (_, news) in news {
            self.happened(news);
        }
        for order in orders {
            self.packs(order);
        }
    }

    /// The next unit of an order, or its tote.
    fn takes_one(&mut self, order: OrderId, seen: &mut Seen) {
        let target = pick::next_target(&self.shop.ledger, self.order(order));
        let target = target.map(|target| {
            let shelf = target.package.stands_at().cloned();
            (target.package.tag.clone(), target.package.item, shelf)
        });
        let next = target.as_ref().map(|(tag, ..)| tag);
        if tote::is_due(self.order(order), next) {
            self.puts_in_tote(order);
            return;
        }
        let Some((tag, item, shelf)) = target else {
            self.puts_in_tote(order);
            return;
        };
        let shelf = shelf.unwrap_or_else(|| LocationCode::new("?"));
        self.told.lines += u64::from(seen.insert((Some(order), shelf.clone())));
        // What two orders want of one shelf is looked for once.
        if seen.insert((None, shelf)) {
            self.spends(self.pace.shelf);
            if self.happens(MISSLOTTED) {
                self.spends(self.pace.shelf);
            }
        }
        if self.happens(MISSING + DAMAGED) {
            let situation = self.shop.situation();
            let reason = ShortReason::NotThere;
            let verdict = short::decide(&self.shop.ledger, &situation, order, &tag, reason);
            let said = self.does(verdict);
            assert!(said.is_ok(), "what is not there can be said: {said:?}");
            self.finds_more(order);
            return;
        }
        self.tries_others(order, &tag, item);
        let taken = self.scans(order, &package(&tag));
        assert!(taken.is_ok(), "the right package is taken: {taken:?}");
        let in_hand = match self.happens(OTHER_IN_HAND) {
            true => self.any_tag(),
            false => tag,
        };
        self.really.entry(order).or_default().push(in_hand);
    }

    /// What is scanned by mistake before the right one.
    fn tries_others(&mut self, order: OrderId, tag: &PackageTag, item: ItemId) {
        if self.happens(WRONG_BATCH) {
            let other = self.any_tag_of(item);
            let targets = pick::targets(&self.shop.ledger, self.order(order));
            let wanted: BTreeSet<PackageTag> = targets.map(|one| one.package.tag.clone()).collect();
            if !wanted.contains(&other) {
                let said = self.scans(order, &package(&other));
                assert!(said.is_err(), "a wrong batch is taken");
            }
        }
        if u64::from(item.0[15]) * 1_000 < MAKERS_CODE * 256
            && let Some(gtin) = Gtin::parse("00012345600012")
        {
            let candidates = vec![(gtin, Scheme::Gtin14)];
            let said = self.scans(
                order,
                &Scan {
                    code: Code::Product { candidates },
                },
            );
            assert!(said.is_err(), "a maker's code fills a line");
        }
        if self.happens(MISTYPED) {
            let mut text = tag.to_string();
            text.truncate(text.len() - 1);
            let reason = Unread::Unknown;
            let code = PackageTag::parse(&format!("{text}Z"));
            let code = code.map_or(Code::Nothing { reason }, Code::Package);
            let said = self.scans(order, &Scan { code });
            assert!(said.is_err(), "a mistyped tag is taken");
        }
    }

    fn puts_in_tote(&mut self, order: OrderId) {
        let Some(code) = self
            .order(order)
            .tote
            .as_ref()
            .map(|tote| tote.code.clone())
        else {
            return;
        };
        if self.happens(WRONG_TOTE) {
            let said = self.scans(order, &own(OwnKind::Tote, "Z08"));
            assert_eq!(said, Err(Reason::WrongTote));
        }
        let read = self.scans(order, &own(OwnKind::Tote, &code));
        assert!(read.is_ok(), "the order's own tote is read: {read:?}");
    }

    fn any_tag(&mut self) -> PackageTag {
        let at = self.dice.place(self.shop.ledger.packages.len());
        let mut tags = self.shop.ledger.packages.keys();
        tags.nth(at)
            .cloned()
            .unwrap_or_else(|| unreachable!("a shop has packages"))
    }

    fn any_tag_of(&mut self, item: ItemId) -> PackageTag {
        let packages = self.shop.ledger.packages.values();
        let of_item: Vec<PackageTag> = packages
            .filter(|package| package.item == item)
            .map(|package| package.tag.clone())
            .collect();
        of_item[self.dice.place(of_item.len())].clone()
    }

    /// Everything that really lies in the tote is scanned again; what does not belong goes back, and its line is picked anew.
    fn packs(&mut self, order: OrderId) {
        for _ in 0..ROUNDS_MAX {
            match self.order(order).status {
                Status::Cancelled => return,
                Status::Verified => return self.leaves(order),
                Status::Claimed | Status::Picking => {
                    let mut seen = BTreeSet::new();
                    while pick::next_target(&self.shop.ledger, self.order(order)).is_some() {
                        self.takes_one(order, &mut seen);
                    }
                }
                _ => {}
            }
            if tote::is_unread(self.order(order)) {
                self.puts_in_tote(order);
            }
            if !self.happens(OVERLOOKED) {
                self.takes_held_out(order);
            }
            self.checks(order);
        }
        self.told.stuck += 1;
    }

    fn checks(&mut self, order: OrderId) {
        let situation = self.shop.situation();
        if !self.order(order).ticket_read {
            let ticket = own(OwnKind::Ticket, &self.order(order).ticket_id());
            let verdict = verify::decide(&self.shop.ledger, &situation, order, &ticket);
            if let Verdict::Accepted(body) = verdict {
                self.shop.record(&body);
            }
        }
        for tag in self.really.get(&order).cloned().unwrap_or_default() {
            let scan = package(&tag);
            match verify::decide(&self.shop.ledger, &situation, order, &scan) {
                Verdict::Accepted(body) => {
                    self.shop.record(&body);
                }
                Verdict::Refused(_) if self.order(order).status == Status::Verified => {}
                Verdict::Refused(_) => {
                    self.told.caught += 1;
                    self.puts_back(order, &tag);
                    return;
                }
            }
        }
    }

    fn puts_back(&mut self, order: OrderId, wrong: &PackageTag) {
        let tote = self.really.entry(order).or_default();
        if let Some(at) = tote.iter().position(|tag| tag == wrong) {
            tote.remove(at);
        }
        let mut left = tote.clone();
        let picks = self.order(order).picks.clone();
        let missing = picks.iter().find(|pick| {
            let at = left.iter().position(|tag| *tag == pick.tag);
            at.map(|at| left.remove(at)).is_none()
        });
        let Some(event) = missing.map(|pick| pick.event) else {
            return;
        };
        let situation = self.shop.situation();
        let verdict = pick::decide_void(&self.shop.ledger, &situation, order, event);
        let said = self.does(verdict);
        assert!(said.is_ok(), "a unit can be put back: {said:?}");
        self.finds_more(order);
    }

    /// What leaves is compared with what was ordered, package by package.
    fn leaves(&mut self, order: OrderId) {
        self.looks_at_changes(order);
        self.seals(order);
        self.waits_for_its_customer(order);
        let manager = self.shop.manager();
        let bag = own(OwnKind::Label, &self.label_of(order));
        if let Err(refusal) = hand_off::bag(&self.shop.ledger, &manager, &bag) {
            let is_held = |tag: &PackageTag| self.shop.ledger.packages[tag].hold;
            let has_held = self
                .order(order)
                .picks
                .iter()
                .any(|pick| is_held(&pick.tag));
            assert_eq!(
                (refusal.reason, has_held),
                (Reason::OnHold, true),
                "a checked bag goes to its customer, unless something in it is on hold"
            );
            self.told.stopped += 1;
            return;
        }
        let standing = self.order(order);
        let mut recorded: Vec<&PackageTag> = standing.picks.iter().map(|pick| &pick.tag).collect();
        let really = self.really.get(&order);
        let mut really: Vec<&PackageTag> = really.into_iter().flatten().collect();
        recorded.sort();
        really.sort();
        let is_right = recorded == really
            && standing.lines.iter().all(|line| {
                let of_item = |tag: &&&PackageTag| {
                    let package = self.shop.ledger.packages.get(**tag);
                    package.is_some_and(|package| package.item == line.item)
                };
                let units = really.iter().filter(of_item).count();
                u32::try_from(units).ok() == Some(line.units - line.short)
            })
            && really.iter().all(|tag| {
                let package = self.shop.ledger.packages.get(*tag);
                package.is_some_and(|package| !package.hold)
            });
        self.told.left_wrong += u64::from(!is_right);
        self.told.orders += 1;
    }

    /// What the code of the order's label carries.
    fn label_of(&self, order: OrderId) -> String {
        let label = self.order(order).label.as_ref();
        let code = label.map(|label| label.code.clone()).unwrap_or_default();
        let bare = code.get(4..code.len().saturating_sub(1));
        bare.unwrap_or_default().to_owned()
    }

    /// The label is printed and read back, and the bag is closed: its tote is free.
    fn seals(&mut self, order: OrderId) {
        let situation = self.shop.situation();
        let printing = label::Printing::default();
        let printed = label::decide_print(&self.shop.ledger, &situation, order, printing);
        self.goes_on(printed);
        let scan = own(OwnKind::Label, &self.label_of(order));
        let read = label::decide_read_back(&self.shop.ledger, &situation, order, &scan);
        self.goes_on(read);
        let sealed = seal::decide(&self.shop.ledger, &situation, order);
        self.goes_on(sealed);
    }

    fn goes_on(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Accepted(body) => {
                self.shop.record(&body);
            }
            Verdict::Refused(refusal) => unreachable!("a checked order goes on: {refusal:?}"),
        }
    }
}

/// A cart of its own for each walk: a tote of an order that waits for a person is not free.
fn tote_code(cart: usize, number: u32) -> String {
    let letter = |place: usize| char::from(b'A' + u8::try_from(place % 26).unwrap_or(0));
    let cart = [cart / 676, cart / 26, cart].map(letter);
    format!("{}{number:02}", String::from_iter(cart))
}
