//! Short messages about an order between the vault, the bench and the counter.
//!
//! In: a word about an order, and at the curb the customer's car, sealed. Out: the word on the order, for everybody who has it, until
//! somebody has seen to it. Must not: carry free text in clear; what a customer says stays out of the log.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use crate::custody::{Fact, Situation, car, has_authority, swap};
use crate::event::{Sealed, words_that_grow};
use crate::facility::Right;
use crate::id::{ActorId, EventId, OrderId};
use crate::ledger::Ledger;
use crate::order::{Line, Order, Status};
use crate::time::Millis;
use crate::verdict::{Reason, Verdict};

/// Messages kept on one order at most; the oldest that were seen to go first.
pub const MESSAGES_MAX: usize = 16;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// The customer is here, and waits.
    CustomerHere,
    /// The customer has left again.
    CustomerLeft,
    /// The customer's document is needed, or needed again.
    NeedId,
    /// Something of the order is short: ask the customer.
    ItemShort,
    /// Whoever reads this is asked to call.
    CallMe,
    /// A word this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    Word:
    CustomerHere = 1
    CustomerLeft = 2
    NeedId = 3
    ItemShort = 4
    CallMe = 5
}

/// A message on an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Message {
    /// The event that said it.
    #[n(0)]
    pub event: EventId,
    /// What.
    #[n(1)]
    pub word: Word,
    /// Who said it.
    #[n(2)]
    pub from: ActorId,
    /// When, by that device's clock.
    #[n(3)]
    pub at: Millis,
    /// Who has seen to it; `None`: nobody yet.
    #[n(4)]
    pub seen_by: Option<ActorId>,
}

/// Somebody said a word about an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MessageSent {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The word.
    #[n(1)]
    pub word: Word,
    /// The car a customer who is here waits in, sealed under the key of the customer; `None`: nobody said.
    #[n(2)]
    pub car: Option<Sealed>,
}

impl MessageSent {
    /// A word, and nothing else.
    #[must_use]
    pub fn of(order: OrderId, word: Word) -> Self {
        let car = None;
        Self { order, word, car }
    }
}

/// Somebody sees to what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MessageSeen {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The event that said it.
    #[n(1)]
    pub message: EventId,
}

/// What is on an order, the oldest first.
pub fn messages(order: &Order) -> impl DoubleEndedIterator<Item = &Message> {
    order.messages.iter().flatten()
}

/// What nobody has seen to yet, the oldest first.
pub fn open(order: &Order) -> impl Iterator<Item = &Message> {
    messages(order).filter(|message| message.seen_by.is_none())
}

/// Since when the customer waits; `None`: nobody has said that they are here, or they have left again.
#[must_use]
pub fn waiting_since(order: &Order) -> Option<Millis> {
    if order.status.is_closed() || order.status == Status::Out {
        return None;
    }
    let mut last = messages(order).rev();
    let said = last.find(|message| matches!(message.word, Word::CustomerHere | Word::CustomerLeft));
    said.filter(|message| message.word == Word::CustomerHere)
        .map(|message| message.at)
}

/// Whether a word says something that nobody has said and not seen to yet.
#[must_use]
pub fn is_news(order: &Order, word: Word) -> bool {
    let is_waiting = waiting_since(order).is_some();
    match word {
        Word::CustomerHere => !is_waiting,
        Word::CustomerLeft => is_waiting,
        Word::NeedId | Word::ItemShort | Word::CallMe => {
            !open(order).any(|message| message.word == word)
        }
        Word::Newer(_) => false,
    }
}

/// May this person say this about an order?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, word: Word) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::AskCustomer) {
        return Verdict::Refused(refusal);
    }
    match ledger.orders.get(&order) {
        None => Reason::Unknown.into(),
        Some(order) if order.status == Status::Cancelled => Reason::OrderCancelled.into(),
        Some(order) if order.status.is_closed() || !is_news(order, word) => Reason::NotYet.into(),
        Some(_) => Verdict::Accepted(MessageSent::of(order, word).into()),
    }
}

/// May this person say in which car the customer waits? It is said again when the car is another, or stands elsewhere.
#[must_use]
pub fn decide_car(ledger: &Ledger, situation: &Situation, order: OrderId, car: Sealed) -> Verdict {
    let word = Word::CustomerHere;
    let said = match ledger.orders.get(&order) {
        Some(known) if waiting_since(known).is_some() => {
            match situation.require(ledger, Right::AskCustomer) {
                Ok(_) => Verdict::Accepted(MessageSent::of(order, word).into()),
                Err(refusal) => Verdict::Refused(refusal),
            }
        }
        _ => decide(ledger, situation, order, word),
    };
    match said {
        Verdict::Accepted(_) => {
            let car = Some(car);
            Verdict::Accepted(MessageSent { order, word, car }.into())
        }
        refused @ Verdict::Refused(_) => refused,
    }
}

/// Orders of which units were missed at a shelf and nobody has said yet that the customer has to be asked: those of `among`,
/// or of all where nobody has kept count of them.
#[must_use]
pub fn not_asked(ledger: &Ledger, among: Option<&BTreeSet<OrderId>>) -> BTreeSet<OrderId> {
    let misses = |line: &Line| line.missed() > 0 && line.lacking() > 0;
    let is_said = |message: &Message| message.word == Word::ItemShort;
    let is_one = |order: &&Order| {
        !order.status.is_closed() && order.lines.iter().any(misses) && !messages(order).any(is_said)
    };
    let id = |order: &Order| order.id;
    match among {
        Some(among) => {
            let known = among.iter().filter_map(|one| ledger.orders.get(one));
            known.filter(is_one).map(id).collect()
        }
        None => ledger.orders.values().filter(is_one).map(id).collect(),
    }
}

/// Does the customer have to be asked, and has nobody said so yet? It is said by whoever missed the goods, without being asked.
#[must_use]
pub fn decide_short(ledger: &Ledger, situation: &Situation, order: OrderId) -> Verdict {
    let known = ledger.orders.get(&order);
    let asks = |order| {
        swap::to_ask(ledger, order, situation.today)
            .next()
            .is_some()
    };
    match known.is_some_and(asks) {
        true => decide(ledger, situation, order, Word::ItemShort),
        false => Reason::NotYet.into(),
    }
}

/// Has the customer been asked about everything? Then what was said of it is seen to by whoever has the answer.
#[must_use]
pub fn decide_answered(ledger: &Ledger, situation: &Situation, order: OrderId) -> Verdict {
    let Some(known) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    let asks = swap::to_ask(ledger, known, situation.today)
        .next()
        .is_some();
    let asked = open(known).find(|message| message.word == Word::ItemShort);
    match asked.filter(|_| !asks) {
        Some(message) => decide_seen(ledger, situation, order, message.event),
        None => Reason::NotYet.into(),
    }
}

/// May this person see to what was said?
#[must_use]
pub fn decide_seen(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    message: EventId,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::AskCustomer) {
        return Verdict::Refused(refusal);
    }
    let Some(known) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    if open(known).any(|one| one.event == message) {
        Verdict::Accepted(MessageSeen { order, message }.into())
    } else {
        Reason::NotYet.into()
    }
}

/// Puts the word on the order; one that is there already is not said twice, and whoever may not speak is not heard.
pub fn sent(ledger: &mut Ledger, fact: &Fact<'_>, done: &MessageSent) {
    let may = has_authority(ledger, fact, Right::AskCustomer);
    let hears = |order: &&mut Order| may && !order.status.is_closed();
    let Some(order) = ledger.order_mut(&done.order).filter(hears) else {
        return;
    };
    // Where the car stands is news, also when the customer is known to be here.
    if done.word == Word::CustomerHere && done.car.as_ref().is_some_and(car::is_small) {
        order.car.clone_from(&done.car);
    }
    if !is_news(order, done.word) {
        return;
    }
    let message = Message {
        event: fact.envelope.id,
        word: done.word,
        from: fact.envelope.actor.actor,
        at: Millis(fact.envelope.wall),
        seen_by: None,
    };
    let all = order.messages.get_or_insert_default();
    // Who has left does not wait for anybody.
    if done.word == Word::CustomerLeft {
        order.car = None;
        let is_here = |one: &Message| one.word == Word::CustomerHere;
        all.retain(|one| !is_here(one) || one.seen_by.is_some());
    }
    all.push(message);
    if all.len() > MESSAGES_MAX {
        let oldest = all.iter().position(|one| one.seen_by.is_some());
        all.remove(oldest.unwrap_or(0));
    }
}

/// Marks a message as seen to, by whoever was first.
pub fn seen(ledger: &mut Ledger, fact: &Fact<'_>, done: &MessageSeen) {
    if !has_authority(ledger, fact, Right::AskCustomer) {
        return;
    }
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    let mut all = order.messages.iter_mut().flatten();
    let message = all.find(|message| message.event == done.message && message.seen_by.is_none());
    if let Some(message) = message {
        message.seen_by = Some(fact.envelope.actor.actor);
    }
}
