//! Tags that nearly match what was read: a slip of the finger, a damaged label.
//!
//! In: a reading that named nothing in stock. Out: the stocked tag that it may have been meant for, beside it. Must not:
//! take one for the other; a person looks, and reads again.

use domain::code::Reading;
use domain::code::near_miss::look_alikes;
use domain::id::{OrderId, PackageTag};
use domain::order::Order;
use domain::verdict::{Reason, Refusal};
use leptos::prelude::Set as _;

use super::{Feedback, heard, settings, show_refusal, signals};
use crate::device::{Outcome, device};
use crate::platform::sound::Sound;

/// What was read, and the stocked tag it is close to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// What was read.
    pub read: String,
    /// The stocked tag.
    pub to: PackageTag,
    /// Whether the order in front is about that tag.
    pub is_of_order: bool,
}

/// Shows what an act came to, and beside a tag that is not in stock the one that it may have been meant for.
pub(super) fn shown(order: OrderId, reading: &Reading, outcome: Outcome) {
    match outcome {
        Outcome::Refused(refusal) => refused(Some(order), reading, refusal),
        other => super::shown(order, other),
    }
}

/// The same of what was refused, where an order is in front and where none is.
pub(super) fn refused(order: Option<OrderId>, reading: &Reading, refusal: Refusal) {
    let is_unknown = matches!(refusal.reason, Reason::TagNotKnown | Reason::NotACode);
    match is_unknown.then(|| close(order, reading)).flatten() {
        Some(close) => {
            heard(Sound::Attend);
            signals()
                .feedback
                .set(Feedback::LookClosely(Box::new(close)));
        }
        None => show_refusal(refusal),
    }
}

/// The stocked tag within two characters of what was read: one that the order is about, before any other.
fn close(order: Option<OrderId>, reading: &Reading) -> Option<Close> {
    let read = domain::code::content(reading, &settings(reading.channel)).to_ascii_uppercase();
    let most_alike = device().ledger_now(|ledger| {
        // A stocked tag where none is wanted is no slip, however near the next one's number is.
        if ledger.packages.keys().any(|tag| tag.as_str() == read) {
            return None;
        }
        let order = order.and_then(|order| ledger.orders.get(&order));
        let of_order = order.map(tags).unwrap_or_default();
        let first = |found: Vec<(&PackageTag, _)>| found.first().map(|(tag, _)| (*tag).clone());
        let own = first(look_alikes(&read, of_order)).map(|tag| (tag, true));
        own.or_else(|| first(look_alikes(&read, ledger.packages.keys())).map(|tag| (tag, false)))
    });
    let (to, is_of_order) = most_alike?;
    Some(Close {
        read,
        to,
        is_of_order,
    })
}

/// The tags an order is about: those it still needs, and those it has.
fn tags(order: &Order) -> Vec<&PackageTag> {
    let due = order.to_pick().map(|(_, tag, _)| tag);
    due.chain(order.picks.iter().map(|pick| &pick.tag))
        .collect()
}
