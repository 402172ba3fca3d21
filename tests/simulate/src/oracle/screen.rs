//! What a device shows and lets people do, while it works.
//!
//! In: a device, the log. Out: what a person should not have seen. Must not: look at a device whose view a fault
//! took, or at a log that was restored; both may show less for a while.

use domain::custody::Situation;
use domain::custody::exception::Rule;
use domain::event::{Body, Envelope, SignedEvent};
use domain::id::Position;
use domain::ledger::Ledger;
use domain::sync::server::log::ChainKey;

use crate::memory::Content;
use crate::shop;
use crate::tablet::Tablet;

/// Every own event that the rows do not contain is on top of them, and what is shown is a whole shop.
pub(crate) fn check(tablet: &Tablet, content: &Content) -> Result<(), String> {
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
    let missing = tablet.disk.events.iter().filter(|((epoch, seq), _)| {
        let chain = ChainKey {
            device: tablet.id,
            epoch: *epoch,
        };
        let placed = content.placed(chain, *seq);
        placed.is_none_or(|(position, _)| position > shown)
    });
    let on_top = memory.replica.own_count();
    let is_readable = |event: &SignedEvent| {
        let envelope = Envelope::parse(&event.bytes).ok();
        let body = envelope.and_then(|one| Body::parse(one.kind, &one.body).ok());
        body.is_some_and(|body| !matches!(body, Body::ActorAdded(_)))
    };
    let is_short = missing.clone().count() > on_top
        && missing.filter(|(_, event)| is_readable(event)).count() > on_top;
    match is_short {
        true => Err("a device does not show what it saved".to_owned()),
        false => Ok(()),
    }
}

/// A bag goes to its customer with the server's word, of now or given along, without goods on hold, and while nothing waits.
pub(crate) fn check_act(ledger: &Ledger, body: &Body, situation: &Situation) -> Result<(), String> {
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
    let is_held = |tag| ledger.packages.get(tag).is_some_and(|package| package.hold);
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
