//! The accepted order as a document in Custody's own form, and what of it the facts carry.
//!
//! In: a checked order. Out: JSON that reads back as the same order; the customer apart. Must not: leave out
//! anything two orders are compared by.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use domain::order::Channel;
use domain::sync::enrol::CustomerCard;
use serde_json::{Map, Value, json};

use crate::import::orders::{Address, Moment, OrderContent, OrderInput, Request};

/// Characters of a first name that a counter calls; longer ones are cut.
const CALLED_CHARS_MAX: usize = 24;

/// The order as JSON.
pub(super) fn of(input: &OrderInput) -> Vec<u8> {
    let mut order = match &input.request {
        Request::Cancel => {
            let mut order = Map::new();
            order.insert("status".to_owned(), json!("cancelled"));
            order
        }
        Request::Fill(content) => filled(content),
    };
    order.insert("id".to_owned(), json!(input.key.id));
    order.insert("source".to_owned(), json!(input.key.source));
    if !input.aside.fields.is_empty() {
        let aside: Map<String, Value> = input.aside.fields.iter().cloned().collect();
        order.insert("aside".to_owned(), Value::Object(aside));
    }
    Value::Object(order).to_string().into_bytes()
}

fn filled(content: &OrderContent) -> Map<String, Value> {
    let lines: Vec<Value> = content
        .lines
        .iter()
        .map(|line| {
            json!({
                "sku": line.sku,
                "product": line.product,
                "quantity": line.quantity,
                "unit_price_cents": line.unit_price_cents,
            })
        })
        .collect();
    let mut order = Map::new();
    order.insert("channel".to_owned(), json!(channel(content.channel)));
    order.insert("placed_at".to_owned(), json!(time(content.placed_at)));
    let promise = json!({
        "start": time(content.promise.start),
        "end": time(content.promise.end),
    });
    order.insert("promise".to_owned(), promise);
    order.insert("customer".to_owned(), person(content));
    order.insert("lines".to_owned(), Value::Array(lines));
    order.insert("notes".to_owned(), json!(content.notes));
    if let Some(program) = content.program {
        order.insert("program".to_owned(), json!(program.word()));
    }
    order
}

fn person(content: &OrderContent) -> Value {
    let customer = &content.customer;
    json!({
        "name": customer.name,
        "dob": customer.born.map(|day| day.to_string()),
        "phone": customer.phone,
        "address": customer.address.as_ref().map(address),
    })
}

fn address(address: &Address) -> Value {
    json!({
        "street": address.street,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
    })
}

/// Everything about the customer, as JSON, for the fact.
pub(super) fn customer(content: &OrderContent) -> Vec<u8> {
    let mut person = person(content);
    if !content.notes.is_empty() {
        person["note"] = json!(content.notes);
    }
    person.to_string().into_bytes()
}

/// What devices show while the order is open.
pub(super) fn card(content: &OrderContent) -> CustomerCard {
    let note = content.notes.trim();
    CustomerCard {
        short_name: called(&content.customer.name),
        label_name: content.customer.name.clone(),
        note: (!note.is_empty()).then(|| note.to_owned()),
        seal: None,
    }
}

/// First name and initial of the last.
fn called(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first: String = words
        .next()
        .unwrap_or("?")
        .chars()
        .take(CALLED_CHARS_MAX)
        .collect();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(initial) => format!("{first} {initial}."),
        None => first,
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Pickup => "pickup",
        Channel::Curbside => "curbside",
        Channel::Delivery => "delivery",
        Channel::InStore => "in_store",
    }
}

fn time(moment: Moment) -> String {
    let offset = FixedOffset::east_opt(i32::from(moment.offset_minutes) * 60);
    let offset = offset.unwrap_or(FixedOffset::east_opt(0).expect("BUG: UTC is an offset"));
    DateTime::<Utc>::from_timestamp_millis(moment.at.0)
        .unwrap_or_default()
        .with_timezone(&offset)
        .to_rfc3339_opts(SecondsFormat::Millis, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::orders::{Comparison, compare, read};

    const SAMPLES: &[u8] = include_bytes!("../../../../tests/fixtures/orders.json");

    #[test]
    fn every_order_reads_back_from_its_document_as_the_same_order() {
        let orders = read(SAMPLES).unwrap();
        let mut kept = 0;
        for order in orders.into_iter().flatten() {
            let again = read(&of(&order)).unwrap().pop().unwrap().unwrap();
            assert_eq!(compare(&order, &again), Comparison::Same, "{:?}", order.key);
            assert_eq!(compare(&again, &order), Comparison::Same, "{:?}", order.key);
            kept += 1;
        }
        assert!(kept > 30);
    }

    #[test]
    fn the_counter_calls_a_first_name_and_an_initial() {
        assert_eq!(called("Zoë Lanternwright"), "Zoë L.");
        assert_eq!(called("Ana Maria de la Cruz"), "Ana C.");
        assert_eq!(called("Cher"), "Cher");
        assert_eq!(called(&"x".repeat(900)).chars().count(), CALLED_CHARS_MAX);
    }
}
