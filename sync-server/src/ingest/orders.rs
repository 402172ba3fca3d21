//! Orders from outside: arrived, the same again, changed, cancelled.
//!
//! In: checked orders. Out: facts, and what became of each. Must not: keep anything of an order that is
//! refused, or take a product for another that only looks like it.
//!
//! Source and the source's identifier name an order for ever. A repeat is compared with what was accepted
//! last, which is kept sealed under the order's own key. An order is taken also when nothing is in stock for
//! it; then it is short, and somebody sees it before anybody walks.

use domain::custody::arrive::{OrderArrived, OrderCancelled, OrderChanged, OrderedLine};
use domain::event::Body;
use domain::id::{Hash, OrderId};
use domain::limits::{Limit, Window};
use domain::order::{Buyer, Order, Status};
use serde::{Deserialize, Serialize};

use super::customer::{CustomerData, last_input};
use super::stock::name_key;
use super::{ServerFact, Shop, Unavailable, Work};
use crate::import::orders::{
    Comparison, FieldError, OrderContent, OrderInput, OrderKey, OrderRefused, Request, compare,
    read,
};
use crate::log::Failed;

/// The accepted order as a document.
mod document;
/// Which product a line means.
mod product;

use product::Catalogue;

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is new.
    Created,
    /// It was sent before, and is the same.
    Same,
    /// It was sent before, and is different.
    Changed,
    /// It was withdrawn.
    Cancelled,
}

/// An accepted order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The source's identifier.
    pub id: String,
    /// The code people say.
    pub code: String,
    /// What became of it.
    pub action: Action,
}

/// A field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderError {
    /// The source's identifier, when it could be read.
    pub id: Option<String>,
    /// Path of the field, such as `lines[0].sku`.
    pub field: String,
    /// A word that never changes.
    pub code: String,
    /// An English sentence.
    pub reason: String,
}

/// A document as it was read.
pub type Document = Vec<Result<OrderInput, OrderRefused>>;

/// How a document is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taking {
    /// Take the good orders also when others are refused; otherwise all or none.
    pub keep_good: bool,
    /// Add products nobody knows yet to the catalogue; otherwise an order that names one is refused.
    pub add_products: bool,
}

/// What became of a document: per order, in its sequence.
pub type Outcomes = Vec<Result<Accepted, Vec<OrderError>>>;

/// The identifier Custody gives an order, always the same for the same source and identifier there.
#[must_use]
pub fn order_id(key: &OrderKey) -> OrderId {
    let hash = Hash::of(&[
        b"custody-order-1\n",
        key.source.as_bytes(),
        b"\n",
        key.id.as_bytes(),
    ]);
    let (id, _) = hash
        .0
        .split_first_chunk()
        .expect("BUG: a hash has more than sixteen bytes");
    OrderId(*id)
}

impl Shop {
    /// Takes the orders of a document, each for itself.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn accept_orders(&self, orders: Document) -> Result<Outcomes, Unavailable> {
        let taking = Taking {
            keep_good: true,
            add_products: false,
        };
        let (outcomes, _) = self.accept_document(orders, taking).await?;
        Ok(outcomes)
    }

    /// Takes the orders of a document. Returns also whether any were taken.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn accept_document(
        &self,
        orders: Document,
        taking: Taking,
    ) -> Result<(Outcomes, bool), Unavailable> {
        self.change(orders.len(), move |work| {
            let mut catalogue = Catalogue::of(work.ledger());
            if !taking.keep_good {
                let checked: Outcomes = orders
                    .iter()
                    .map(|order| match order {
                        Ok(order) => check(work, &catalogue, order, taking),
                        Err(refused) => Err(unreadable(refused)),
                    })
                    .collect();
                if checked.iter().any(Result::is_err) {
                    return Ok((checked, false));
                }
            }
            let mut outcomes = Vec::with_capacity(orders.len());
            for order in &orders {
                outcomes.push(match order {
                    Ok(order) => {
                        if taking.add_products {
                            catalogue.add_products(work, order)?;
                        }
                        accept(work, &catalogue, order)?
                    }
                    Err(refused) => Err(unreadable(refused)),
                });
            }
            work.settle()?;
            Ok((outcomes, true))
        })
        .await
    }
}

fn unreadable(refused: &OrderRefused) -> Vec<OrderError> {
    let error = |error: &FieldError| OrderError {
        id: refused.key.as_ref().map(|key| key.id.clone()),
        field: error.path.clone(),
        code: error.fault.code().to_owned(),
        reason: error.reason.clone(),
    };
    refused.errors.iter().map(error).collect()
}

/// Whether an order would be taken as things stand before its document.
fn check(
    work: &Work,
    catalogue: &Catalogue,
    input: &OrderInput,
    taking: Taking,
) -> Result<Accepted, Vec<OrderError>> {
    let known = work.ledger().orders.get(&order_id(&input.key));
    match &input.request {
        Request::Fill(content) if !taking.add_products => {
            lines(catalogue, input, content)?;
        }
        // What is to be cancelled may arrive earlier in the same document.
        Request::Fill(_) | Request::Cancel => {}
    }
    let code = known.map(|order| order.code.clone()).unwrap_or_default();
    Ok(accepted(input, code, Action::Same))
}

fn accept(
    work: &mut Work,
    catalogue: &Catalogue,
    input: &OrderInput,
) -> Result<Result<Accepted, Vec<OrderError>>, Failed> {
    let id = order_id(&input.key);
    let Some(known) = work.ledger().orders.get(&id) else {
        return match &input.request {
            Request::Fill(content) => arrive(work, catalogue, id, input, content),
            Request::Cancel => Ok(Err(vec![OrderError {
                id: Some(input.key.id.clone()),
                field: "id".to_owned(),
                code: "order_unknown".to_owned(),
                reason: "There is no such order to cancel.".to_owned(),
            }])),
        };
    };
    let code = known.code.clone();
    let step = next_step(work, known, input)?;
    let action = match (step, &input.request) {
        (Action::Changed | Action::Created, Request::Fill(content)) => {
            return change(work, catalogue, id, code, input, content);
        }
        (Action::Cancelled, _) => {
            let cancelled = OrderCancelled { order: id };
            work.record(ServerFact::plain(cancelled))?;
            super::customer::remember(work, id, &document::of(input))?;
            Action::Cancelled
        }
        (_, _) => Action::Same,
    };
    Ok(Ok(accepted(input, code, action)))
}

/// What a message about a known order asks for.
fn next_step(work: &Work, known: &Order, input: &OrderInput) -> Result<Action, Failed> {
    let last = last_input(work.log(), work.keys(), known.id)?;
    let last = last.and_then(|bytes| read(&bytes).ok()?.pop()?.ok());
    Ok(match last {
        Some(last) => match compare(&last, input) {
            Comparison::Same => Action::Same,
            Comparison::Change { .. } => Action::Changed,
            Comparison::Cancel => Action::Cancelled,
        },
        // Its customer was erased: what is over stays over.
        None if known.status.is_closed() => Action::Same,
        None => match input.request {
            Request::Fill(_) => Action::Changed,
            Request::Cancel if known.status == Status::Cancelled => Action::Same,
            Request::Cancel => Action::Cancelled,
        },
    })
}

fn arrive(
    work: &mut Work,
    catalogue: &Catalogue,
    order: OrderId,
    input: &OrderInput,
    content: &OrderContent,
) -> Result<Result<Accepted, Vec<OrderError>>, Failed> {
    let lines = match lines(catalogue, input, content) {
        Ok(lines) => lines,
        Err(errors) => return Ok(Err(errors)),
    };
    let code = code(work.log().next_number("order", CODE_FIRST)?);
    let arrived = OrderArrived {
        order,
        source: input.key.source.clone(),
        external_id: input.key.id.clone(),
        code: code.clone(),
        channel: content.channel,
        placed_at: content.placed_at.at,
        promise_start: content.promise.start.at,
        promise_end: content.promise.end.at,
        lines,
        buyer: buyer(work, content),
    };
    work.record(fact(order, input, content, arrived.into()))?;
    Ok(Ok(accepted(input, code, Action::Created)))
}

fn change(
    work: &mut Work,
    catalogue: &Catalogue,
    order: OrderId,
    code: String,
    input: &OrderInput,
    content: &OrderContent,
) -> Result<Result<Accepted, Vec<OrderError>>, Failed> {
    let lines = match lines(catalogue, input, content) {
        Ok(lines) => lines,
        Err(errors) => return Ok(Err(errors)),
    };
    let changed = OrderChanged {
        order,
        channel: content.channel,
        promise_start: content.promise.start.at,
        promise_end: content.promise.end.at,
        lines,
        buyer: buyer(work, content),
    };
    work.record(fact(order, input, content, changed.into()))?;
    Ok(Ok(accepted(input, code, Action::Changed)))
}

/// For whom an order is, as far as purchase limits ask. Nothing of it stands in the log where no limit adds up what one
/// person buys; some states do not let a shop keep who bought.
fn buyer(work: &Work, content: &OrderContent) -> Option<Buyer> {
    let limits = work.ledger().store()?.rules.limits.as_ref()?;
    let adds_up = |limit: &Limit| limit.knows_customer && limit.window != Window::Transaction;
    let figures = limits.read();
    let is_asked = figures.is_some_and(|figures| figures.book.limits.iter().any(adds_up));
    let customer = &content.customer;
    // A name alone is shared by too many.
    let born = customer.born.filter(|_| is_asked);
    let who = born.map(|born| work.keys().buyer(&name_key(&customer.name), born));
    let program = content.program;
    (who.is_some() || program.is_some()).then_some(Buyer { program, who })
}

fn fact(order: OrderId, input: &OrderInput, content: &OrderContent, body: Body) -> ServerFact {
    ServerFact {
        body,
        customer: Some(CustomerData {
            order,
            card: document::card(content),
            plain: document::customer(content),
            input: Some(document::of(input)),
        }),
    }
}

fn accepted(input: &OrderInput, code: String, action: Action) -> Accepted {
    Accepted {
        id: input.key.id.clone(),
        code,
        action,
    }
}

fn lines(
    catalogue: &Catalogue,
    input: &OrderInput,
    content: &OrderContent,
) -> Result<Vec<OrderedLine>, Vec<OrderError>> {
    let mut lines = Vec::with_capacity(content.lines.len());
    let mut errors = Vec::new();
    for (index, (number, line)) in (1_u16..).zip(&content.lines).enumerate() {
        match catalogue.find(&line.sku, &line.product) {
            Some(item) => lines.push(OrderedLine {
                number,
                item,
                units: line.quantity,
                unit_price_cents: line.unit_price_cents,
            }),
            None => errors.push(OrderError {
                id: Some(input.key.id.clone()),
                field: format!("lines[{index}].sku"),
                code: "product_unknown".to_owned(),
                reason: "No product here has this article number or this name.".to_owned(),
            }),
        }
    }
    if errors.is_empty() {
        Ok(lines)
    } else {
        Err(errors)
    }
}

/// The first order's number, which makes its code `K7-401`: it looks like any other from the first day on.
const CODE_FIRST: u64 = 97_401;
/// Letters that are not taken for digits.
const CODE_LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The code people say: a letter, a digit, a hyphen and three digits, such as `K7-482`. After 240 000 orders
/// they begin anew; the domain then means the open one.
fn code(number: u64) -> String {
    let series = number / 1_000;
    let letter = usize::try_from(series / 10 % 24).unwrap_or_default();
    format!(
        "{}{}-{:03}",
        char::from(CODE_LETTERS[letter]),
        series % 10,
        number % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_up_and_begin_anew_after_the_last() {
        assert_eq!(code(CODE_FIRST), "K7-401");
        assert_eq!(code(97_999), "K7-999");
        assert_eq!(code(98_000), "K8-000");
        assert_eq!(code(240_000), code(0));
    }

    #[test]
    fn two_sources_may_use_the_same_number_for_two_orders() {
        let key = |source: &str, id: &str| OrderKey {
            source: source.to_owned(),
            id: id.to_owned(),
        };
        assert_eq!(order_id(&key("web", "1")), order_id(&key("web", "1")));
        assert_ne!(order_id(&key("web", "1")), order_id(&key("pos", "1")));
    }
}
