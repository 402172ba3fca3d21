//! What a device shows and lets people do, while it works.
//!
//! In: a device, the log. Out: what a person should not have seen. Must not: look at a device whose view a fault
//! took, or at a log that was restored; both may show less for a while.

use domain::custody::Situation;
use domain::custody::exception::Rule;
use domain::event::{Body, Envelope, SignedEvent};
use domain::id::{Epoch, Position};
use domain::ledger::{EntityKind, Ledger};
use domain::sync::device::{Acknowledged, Effect};
use domain::sync::message::Cursor;
use domain::sync::server::log::ChainKey;

use super::declared;
use crate::memory::Content;
use crate::shop;
use crate::tablet::Tablet;
use crate::world::World;

impl World {
    /// What a device shows, after it started or kept something.
    pub(crate) fn check_screen(&mut self, index: usize) {
        let left = self.left_the_top(index);
        let tablet = &self.tablets[index];
        if tablet.view_was_lost || tablet.is_gone || self.operator.has_struck() {
            return;
        }
        let cursor = tablet.memory.as_ref().map(|own| own.replica.cursor());
        let is_of_this_life = cursor.is_some_and(|at| self.server.is_this_life(at.incarnation));
        let is_first_life = self.server.is_in_its_first_life();
        let checked = self.server.log.look(|content| {
            check_kept(tablet)?;
            if is_first_life && !tablet.view_was_evicted {
                check(tablet, content)?;
            }
            if !is_of_this_life {
                return Ok(());
            }
            let shown = cursor.map_or(Position(0), |at| at.position);
            let has = |(epoch, seq): &(Epoch, u64)| {
                contains(content, tablet, *epoch, *seq, shown)
                    || is_given_up(content, tablet, *epoch, *seq, shown)
            };
            match left.iter().all(has) {
                true => check_once(tablet, content),
                false => Err("an event left the top before the rows had it".to_owned()),
            }
        });
        self.blame(checked);
    }
}

impl World {
    /// Own events that were on top of the rows at the last look, and are no longer.
    fn left_the_top(&mut self, index: usize) -> Vec<(Epoch, u64)> {
        let Some(memory) = &mut self.tablets[index].memory else {
            return Vec::new();
        };
        let on_top = memory.replica.own().collect();
        let before = std::mem::replace(&mut memory.was_on_top, on_top);
        let left = before.difference(&memory.was_on_top);
        left.copied().collect()
    }
}

/// The receipts an effect has kept.
pub(crate) fn receipts_in(effect: &Effect) -> Vec<Acknowledged> {
    match effect {
        Effect::KeepReceipts(done) => done.clone(),
        _ => Vec::new(),
    }
}

impl World {
    /// No place that is kept of an event lies behind the end of the log.
    pub(crate) fn check_places(&mut self, index: usize, done: &[Acknowledged]) {
        let tablet = &self.tablets[index];
        let Some(end) = tablet.memory.as_ref().map(|memory| memory.end) else {
            return;
        };
        let chains = tablet.disk.chains(Cursor::default());
        let is_behind = chains.iter().any(|(chain, _)| {
            let done = done.iter().find(|done| done.epoch == chain.epoch);
            let places = chain.receipts.iter().flat_map(|receipts| &receipts.places);
            let of_these = |seq| done.is_some_and(|done| seq <= done.seq);
            places
                .filter(|(seq, _)| of_these(*seq))
                .any(|(_, place)| *place > end && place.0 != u64::MAX)
        });
        if is_behind {
            self.blame(Err("a device keeps a place no event has".to_owned()));
        }
    }

    /// What could not be kept of a beginning is asked for again, and not what follows it.
    pub(crate) fn check_asked(&mut self, index: usize, cursor: Cursor) {
        let memory = self.tablets[index].memory.as_ref();
        let unkept = memory.and_then(|memory| memory.unkept);
        let skips = unkept.is_some_and(|unkept| {
            unkept.incarnation == cursor.incarnation && cursor.position > unkept.position
        });
        if skips {
            self.blame(Err("a device asks past what it could not keep".to_owned()));
        }
    }
}

/// Every own event that the rows do not contain is on top of them, and what is shown is a whole shop.
fn check(tablet: &Tablet, content: &Content) -> Result<(), String> {
    let Some(memory) = &tablet.memory else {
        return Ok(());
    };
    let shown = memory.replica.cursor().position;
    if shown == Position(0) {
        return Ok(());
    }
    let is_half = memory.replica.ledger().packages.len() < shop::package_count();
    if is_half && !shop::is_phone(tablet.id) {
        return Err("a device shows half a shop".to_owned());
    }
    let missing = missing(tablet, content, shown);
    let on_top = memory.replica.own_count();
    let is_readable = |event: &SignedEvent| {
        let envelope = Envelope::parse(&event.bytes).ok();
        let body = envelope.and_then(|one| Body::parse(one.kind, &one.body).ok());
        body.is_some_and(|body| !matches!(body, Body::ActorAdded(_)))
    };
    let is_short = missing.len() > on_top
        && missing.iter().filter(|event| is_readable(event)).count() > on_top;
    match is_short {
        true => Err("a device does not show what it saved".to_owned()),
        false => Ok(()),
    }
}

/// Whether rows up to a place contain an event.
fn contains(content: &Content, tablet: &Tablet, epoch: Epoch, seq: u64, shown: Position) -> bool {
    let chain = ChainKey {
        device: tablet.id,
        epoch,
    };
    let placed = content.placed(chain, seq);
    placed.is_some_and(|(position, _)| position <= shown)
}

/// Whether the log says, up to a place, that an event is lost for good. Of a tablet and its copy one may have lost an event
/// and say so, and the other has it still: people are told of the hole, and the tablet shows what the log has.
fn is_given_up(
    content: &Content,
    tablet: &Tablet,
    epoch: Epoch,
    seq: u64,
    shown: Position,
) -> bool {
    let shown = usize::try_from(shown.0).unwrap_or(usize::MAX);
    let mut holes = content.events.iter().take(shown).filter_map(declared);
    holes.any(|(chain, (first, until), _)| {
        chain == (tablet.id, epoch) && (first..until).contains(&seq)
    })
}

/// Own events that rows up to a place do not contain. In each chain they are the last ones.
fn missing<'a>(tablet: &'a Tablet, content: &Content, shown: Position) -> Vec<&'a SignedEvent> {
    let mut missing = Vec::new();
    let mut contained = None;
    for ((epoch, seq), event) in tablet.disk.events.iter().rev() {
        if contained == Some(*epoch) {
            continue;
        }
        if contains(content, tablet, *epoch, *seq, shown) {
            contained = Some(*epoch);
        } else {
            missing.push(event);
        }
    }
    missing
}

/// What a storage says is a view holds a whole shop, too: rows are kept on top of those they were asked for.
fn check_kept(tablet: &Tablet) -> Result<(), String> {
    let view = &tablet.disk.view;
    let is_begun = view.cursor.position > Position(0);
    let is_half = view.count(EntityKind::Package) < shop::package_count();
    match is_begun && is_half && !shop::is_phone(tablet.id) {
        true => Err("a device keeps half a shop".to_owned()),
        false => Ok(()),
    }
}

/// No own event is on top of rows that contain it, once the device knows its place.
fn check_once(tablet: &Tablet, content: &Content) -> Result<(), String> {
    let Some(memory) = &tablet.memory else {
        return Ok(());
    };
    let on_top = memory.replica.own_count();
    if on_top == 0 {
        return Ok(());
    }
    let shown = memory.replica.cursor().position;
    let unsure = memory.machine.waiting();
    let unsure = unsure.filter(|entry| contains(content, tablet, entry.epoch, entry.seq, shown));
    let unsure = unsure.count();
    match on_top > missing(tablet, content, shown).len() + unsure {
        true => Err("a device shows twice what it did once".to_owned()),
        false => Ok(()),
    }
}

/// A bag goes to its customer with the server's word, of now or given along, without goods on hold, and while nothing waits.
pub(crate) fn check_act(ledger: &Ledger, body: &Body, situation: &Situation) -> Result<(), String> {
    let is_held = |tag| ledger.packages.get(tag).is_some_and(|package| package.hold);
    if let Body::PackagePicked(done) = body
        && is_held(&done.tag)
    {
        return Err("a package on hold was picked by who could see it".to_owned());
    }
    let Body::OrderHandedOff(done) = body else {
        return Ok(());
    };
    let order = done.order;
    let device = situation.device;
    let mut leases = ledger.leases.values().filter(|one| one.device == device);
    let is_granted = leases.any(|one| one.hand_off.iter().flatten().any(|one| *one == order));
    if !situation.connected && !is_granted {
        return Err("a bag was handed over without the server".to_owned());
    }
    let mut picks = ledger
        .orders
        .get(&order)
        .into_iter()
        .flat_map(|one| &one.picks);
    if picks.any(|pick| is_held(&pick.tag)) {
        return Err("a bag with a package on hold was handed over".to_owned());
    }
    let mut open = ledger.exceptions.values().filter(|one| !one.resolved);
    let blocks = |rule| {
        matches!(
            rule,
            Rule::DoublePick
                | Rule::Overdraw
                | Rule::LineFilledTwice
                | Rule::HeldOrRecalled
                | Rule::LimitExceeded
                | Rule::ActorInvalid
                | Rule::UnknownReference
                | Rule::SchemaUnknown
        )
    };
    match open.any(|one| one.order == Some(order) && blocks(one.rule)) {
        true => Err("a bag was handed over while a manager had to decide".to_owned()),
        false => Ok(()),
    }
}
