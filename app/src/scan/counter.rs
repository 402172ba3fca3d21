//! The counter: a bag in the hand, and the ID of whoever it is for: read, judged, forgotten.
//!
//! In: a bag's label; the text of a card, or what a person read off one. Out: the verdict, and what the hand-over asks.
//! Must not: keep the text, show more of a card than the name on it, or hand anything over.

use std::sync::Arc;

use domain::code::sight::Wanted;
use domain::code::{Code, Reading, Reason as Unread, Symbology};
use domain::custody::car::Car;
use domain::custody::hand_off;
use domain::custody::pick::ScanTask;
use domain::custody::scan::Scan;
use domain::custody::sign_for::{Drawing, Point, SALT_BYTES, SignedFor};
use domain::event::Sealed;
use domain::id::OrderId;
use domain::identity::{Card, CardName, Judged, Oddity, RefusedReason, Shown};
use domain::time::Day;
use domain::verdict::{Instead, Reason, Refusal, Verdict};
use leptos::prelude::{GetUntracked as _, Set as _, WithUntracked as _};

use super::open::Open;
use super::{
    Feedback, First, STEP, Step, clear, closely, first, heard, lit, show_refusal, shown, signals,
};
use crate::access::device_key;
use crate::device::device;
use crate::platform::sound::Sound;
use crate::platform::{crypto, random};

/// Put before an order's number when the key for a card's commitment is made: another key for every order, so that
/// nobody who reads the record can tell that one customer came twice.
const KEY_DOMAIN: &[u8] = b"custody-card-key-1\n";

/// What is known of the ID of whoever stands at the counter.
#[derive(Clone, Debug, PartialEq)]
pub enum IdCheck {
    /// Nobody has shown one that could be read.
    Waiting {
        /// Times that one could not be read.
        failed: u32,
        /// Why the last could not.
        why: Option<RefusedReason>,
    },
    /// One was read.
    Checked(Arc<Checked>),
}

impl IdCheck {
    /// Nothing yet.
    pub const NONE: Self = Self::Waiting {
        failed: 0,
        why: None,
    };
}

/// A document that was read.
#[derive(Debug, PartialEq)]
pub struct Checked {
    /// What the hand-over asks of it.
    pub shown: Shown,
    /// The verdict today.
    pub judged: Judged,
    /// Full years that the law asks for.
    pub age_min: u32,
    /// The name on it, when a reader read it.
    pub name: Option<CardName>,
    /// What was odd about it.
    pub oddities: Vec<Oddity>,
}

/// What a camera looks for. Nobody's ID is read in passing, and no goods while one is asked for.
#[must_use]
pub fn wanted() -> Wanted {
    let waits = matches!(signals().id.get_untracked(), IdCheck::Waiting { .. });
    let has_bag = signals().bag.with_untracked(Option::is_some);
    if STEP.get() == Step::Counter && has_bag && waits {
        Wanted::LICENCE
    } else {
        Wanted::GOODS
    }
}

/// A bag that is scanned comes into the hand; an ID is for the bag that is.
pub(super) async fn step(scan: &Scan, reading: Reading) {
    if is_card(scan, &reading) {
        match signals().bag.get_untracked() {
            Some((order, bag)) => take(order, &bag, reading).await,
            None => first(First::Bag),
        }
        return;
    }
    let Some(situation) = device().situation() else {
        return;
    };
    let found =
        device().ledger_now(|ledger| hand_off::bag(ledger, &situation, scan).map(|order| order.id));
    match found {
        // Whoever stands there has shown an ID for one bag: another one does not take its place by itself.
        Ok(order) if is_checked_for_another(order) => show_refusal(not_in_hand(order)),
        Ok(order) => {
            forget();
            lit(Feedback::Led(Open::HandOver(order)));
            signals().bag.set(Some((order, scan.clone())));
        }
        Err(refusal) => closely::refused(None, &reading, refusal),
    }
}

/// Whether an ID was read for a bag in hand that is not this order's.
fn is_checked_for_another(order: OrderId) -> bool {
    let is_other = |bag: &Option<(OrderId, Scan)>| bag.as_ref().is_some_and(|(of, _)| *of != order);
    let is_checked = |id: &IdCheck| matches!(id, IdCheck::Checked(_));
    signals().bag.with_untracked(is_other) && signals().id.with_untracked(is_checked)
}

/// Says whose bag was scanned, whose is wanted, and where that stood.
fn not_in_hand(scanned: OrderId) -> Refusal {
    let wanted = signals().bag.get_untracked().map(|(wanted, _)| wanted);
    let slot = device().ledger_now(|ledger| ledger.orders.get(&wanted?)?.slot.clone());
    Refusal {
        order: wanted.map(Box::new),
        instead: Some(Box::new(Instead::PaperOf(scanned))),
        slot: slot.map(Box::new),
        ..Refusal::because(Reason::OtherOrder)
    }
}

/// Whether a reading is a card's, or means to be one.
pub(super) fn is_card(scan: &Scan, reading: &Reading) -> bool {
    let is_too_much =
        |reason: &Unread| matches!(reason, Unread::IdCard | Unread::TooLong | Unread::Control);
    let is_stripe = reading.text.starts_with('%');
    is_stripe
        || reading.symbology == Some(Symbology::Pdf417)
        || matches!(&scan.code, Code::Nothing { reason } if is_too_much(reason))
}

/// Forgets whatever was shown, and what was said of it.
pub fn forget() {
    forget_card();
    clear();
}

/// Forgets whatever was shown. What became of the bag stays on the screen that comes next.
pub fn forget_card() {
    if signals().id.get_untracked() != IdCheck::NONE {
        signals().id.set(IdCheck::NONE);
    }
}

/// The bag stays here.
pub fn keep_bag() {
    forget();
    signals().bag.set(None);
}

/// Takes a card's text for the bag in hand. Nothing of it is left but the verdict.
pub(super) async fn take(order: OrderId, bag: &Scan, reading: Reading) {
    match Card::take(reading.text) {
        Err(refused) => {
            let failed = match signals().id.get_untracked() {
                IdCheck::Waiting { failed, .. } => failed,
                IdCheck::Checked(_) => 0,
            };
            heard(Sound::Attend);
            clear();
            signals().id.set(IdCheck::Waiting {
                failed: failed + 1,
                why: Some(refused.reason),
            });
        }
        Ok(card) => {
            let key = key_for(order).await;
            let name = device().customer(order).map(|known| known.label_name);
            let shown = Shown::of_card(&card, name.as_deref(), key.as_ref());
            let (name, oddities) = (card.whole_name(), card.oddities.clone());
            drop(card);
            judge(order, bag, shown, Some(name), oddities).await;
        }
    }
}

/// Takes what a person read off a document and typed.
pub async fn by_eye(birth: Day, expiry: Day, name_fits: bool) {
    let Some((order, bag)) = signals().bag.get_untracked() else {
        return;
    };
    let shown = Shown::by_eye(birth, expiry, name_fits);
    judge(order, &bag, shown, None, Vec::new()).await;
}

async fn judge(
    order: OrderId,
    bag: &Scan,
    shown_id: Shown,
    name: Option<CardName>,
    oddities: Vec<Oddity>,
) {
    let Some(today) = device().situation().map(|situation| situation.today) else {
        return;
    };
    let Some(rule) = device().ledger_now(hand_off::age_rule) else {
        return;
    };
    let objection = hand_off::objection(&shown_id, today, rule);
    clear();
    signals().id.set(IdCheck::Checked(Arc::new(Checked {
        judged: shown_id.judge(today, rule),
        shown: shown_id,
        age_min: rule.age_min,
        name,
        oddities,
    })));
    match objection {
        None => heard(Sound::Accept),
        // The document is good, and a person has to look at it once more.
        Some(Reason::IdUnclear) => heard(Sound::Attend),
        Some(reason) => {
            let task = Some((ScanTask::HandOff, Some(order), bag));
            let outcome = device().act(task, |_, _| Verdict::from(reason)).await;
            shown(order, outcome);
        }
    }
}

/// What a customer drew, sealed under the order's own key; `None` when there is no such key here, or nothing that is a signature.
pub async fn sealed(order: OrderId, lines: &[Vec<Point>]) -> Option<SignedFor> {
    let seal = device().customer(order)?.seal?;
    let drawing = Drawing::take(random::bytes::<SALT_BYTES>(), lines)?;
    let key = crypto::sealing_key(&seal).await.ok()?;
    let ciphertext = crypto::seal(&key, &drawing.plain()).await.ok()?;
    Some(SignedFor {
        drawn: Some(Sealed {
            commitment: drawing.commitment(),
            ciphertext,
        }),
    })
}

/// Which car a customer waits in, sealed under the order's own key; `None` when there is no such key here, or nothing was typed.
pub async fn sealed_car(order: OrderId, car: &str, space: &str) -> Option<Sealed> {
    let seal = device().customer(order)?.seal?;
    let car = Car::take(random::bytes::<SALT_BYTES>(), car, space)?;
    let key = crypto::sealing_key(&seal).await.ok()?;
    Some(Sealed {
        commitment: car.commitment(),
        ciphertext: crypto::seal(&key, &car.plain()).await.ok()?,
    })
}

/// The car that was sealed so; `None` where whoever is signed in may not see it, or it is not of this order.
pub async fn opened(order: OrderId, sealed: &Sealed) -> Option<Car> {
    let seal = device().customer(order)?.seal?;
    let key = crypto::sealing_key(&seal).await.ok()?;
    let plain = crypto::open(&key, &sealed.ciphertext).await.ok()??;
    let car = Car::parse(&plain)?;
    (car.commitment() == sealed.commitment).then_some(car)
}

/// The key under which it is kept which card it was; `None` where the browser keeps no keys.
async fn key_for(order: OrderId) -> Option<[u8; 32]> {
    let pepper = device_key::pepper(&device().core).await.ok()??;
    let message = [KEY_DOMAIN, &order.0].concat();
    let key = crypto::pepper(&pepper, &message).await.ok()?;
    key.try_into().ok()
}
