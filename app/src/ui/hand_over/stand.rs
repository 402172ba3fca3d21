//! How far the check at the counter is, and what the band says of it.
//!
//! In: the verdict on a document, what purchase limits say, what a person has answered. Out: go, stop, or what is still open.
//! Must not: decide; the hand-over does, with the same facts.

use domain::custody::limit::is_patients;
use domain::custody::sign_for;
use domain::id::OrderId;
use domain::identity::Expiry;
use domain::limits::Outcome as Came;
use domain::verdict::Reason;
use leptos::prelude::*;

use crate::device::device;
use crate::scan::IdCheck;
use crate::ui::sign::Given;
use crate::ui::words::{Lang, Msg, refuse::words_of};

/// What the person at the counter answers for.
#[derive(Clone, Copy)]
pub(super) struct Answers {
    pub(super) face: RwSignal<bool>,
    pub(super) name: RwSignal<bool>,
    pub(super) limits: RwSignal<bool>,
    /// The patient's card; where no patient buys, nobody asks.
    pub(super) card: RwSignal<bool>,
    /// A patient buys.
    pub(super) wants_card: bool,
    /// The customer's signature; `None` within: not yet. Where nobody wants one, nobody asks.
    pub(super) signed: RwSignal<Option<Given>>,
    /// The state wants a signature.
    pub(super) signs: bool,
}

impl Answers {
    /// Nothing is answered yet.
    pub(super) fn none(order: OrderId) -> Self {
        Self {
            face: RwSignal::new(false),
            name: RwSignal::new(false),
            limits: RwSignal::new(false),
            card: RwSignal::new(false),
            wants_card: device().ledger_now(|ledger| {
                let order = ledger.orders.get(&order);
                order.is_some_and(|order| is_patients(ledger, order))
            }),
            signed: RwSignal::new(None),
            signs: device().ledger_now(|ledger| {
                let order = ledger.orders.get(&order);
                order.is_some_and(|order| sign_for::is_wanted(ledger, order))
            }),
        }
    }

    pub(super) fn forget(self) {
        for answer in [self.face, self.name, self.limits, self.card] {
            answer.set(false);
        }
        self.signed.set(None);
    }
}

/// How far the check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Waits,
    No,
    Open(Left),
    May,
}

/// What is looked at next, in the order in which the screen asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Id,
    Card,
    Limits,
    Signature,
}

/// The first that is still open.
fn first_left(open: [(bool, Left); 4]) -> Option<Left> {
    let mut left = open.into_iter().filter(|(is_open, _)| *is_open);
    left.next().map(|(_, left)| left)
}

pub(super) fn stand(id: &IdCheck, within: Option<Came>, answers: Answers) -> Stand {
    let IdCheck::Checked(checked) = id else {
        return Stand::Waits;
    };
    let is_id_good = checked.judged.is_of_age && checked.judged.expiry != Expiry::Expired;
    if !is_id_good || within == Some(Came::Fail) {
        return Stand::No;
    }
    let is_known = checked.judged.expiry == Expiry::Good;
    let has_name = checked.shown.is_name_clear() || answers.name.get();
    // Each is read, so that any answer is heard.
    let is_seen = answers.face.get() && is_known && has_name;
    let has_card = answers.card.get() || !answers.wants_card;
    let is_within = answers.limits.get() || within != Some(Came::Unknown);
    let is_signed = answers.signed.with(Option::is_some) || !answers.signs;
    let left = first_left([
        (!is_seen, Left::Id),
        (!has_card, Left::Card),
        (!is_within, Left::Limits),
        (!is_signed, Left::Signature),
    ]);
    left.map_or(Stand::May, Stand::Open)
}

/// What the band says.
pub(super) fn what_now(lang: Lang, stand: Stand, stopped: Option<Reason>) -> (String, String) {
    // Another thing than the law stops it then, and whoever stands there is told what.
    if let Some(reason) = stopped {
        let word = Msg::MayNotHandOver.say(lang);
        return (word.to_owned(), words_of(reason).what(lang).to_owned());
    }
    let (word, what) = match stand {
        Stand::Waits => (Msg::ScanTheId, Msg::IdKept),
        Stand::No => (Msg::MayNotHandOver, Msg::SayTheLaw),
        Stand::Open(Left::Id) => (Msg::CheckTheId, Msg::CheckTheIdDo),
        Stand::Open(Left::Card) => (Msg::CheckTheCard, Msg::CheckTheCardDo),
        Stand::Open(Left::Limits) => (Msg::CheckTheLimits, Msg::LimitsOpen),
        Stand::Open(Left::Signature) => (Msg::CustomerSigns, Msg::CheckTheIdDo),
        Stand::May => (Msg::MayHandOver, Msg::IdKept),
    };
    (word.say(lang).to_owned(), what.say(lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_names_what_is_left_to_look_at() {
        let only = |which: Left| {
            let all = [Left::Id, Left::Card, Left::Limits, Left::Signature];
            first_left(all.map(|left| (left == which, left))).unwrap()
        };
        let word = |which| what_now(Lang::En, Stand::Open(only(which)), None).0;
        assert_eq!(word(Left::Id), "Look at the ID");
        assert_eq!(word(Left::Card), "Look at the patient's card");
        assert_eq!(word(Left::Limits), "Work out the limits");
        assert_eq!(word(Left::Signature), "Customer signs");
    }
}
