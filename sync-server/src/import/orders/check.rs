//! One order, field by field.
//!
//! In: a JSON value. Out: a checked order, or every field that is wrong. Must not: stop at the first error;
//! whoever connects a shop's site repairs them in one go.

use chrono::{DateTime, Datelike as _};
use domain::limits::Program;
use domain::order::Channel;
use domain::time::{Day, Millis};
use serde_json::Value;

use super::fault::Fault;
use super::fields::{Checker, Fields};
use super::number::{QUANTITY, UNIT_PRICE};
use super::{
    ADDRESS_BYTES_MAX, Address, Customer, ID_BYTES_MAX, LINES_MAX, LineInput, Moment,
    NAME_BYTES_MAX, NOTE_BYTES_MAX, OrderContent, OrderInput, OrderKey, OrderRefused,
    PHONE_BYTES_MAX, PRODUCT_BYTES_MAX, Promise, Request, SOURCE_BYTES_MAX, flagged,
};

/// Years an order can be of. Outside them a clock or a unit is wrong.
const YEARS: core::ops::RangeInclusive<i32> = 2000..=2199;
/// Bytes of a refused word that an error quotes.
const QUOTED_CHARS_MAX: usize = 40;

/// The fields that say what is ordered.
const CONTENT_FIELDS: [&str; 7] = [
    "channel",
    "placed_at",
    "promise",
    "customer",
    "lines",
    "notes",
    "program",
];

/// Checks one order.
pub(super) fn check(value: Value) -> Result<OrderInput, OrderRefused> {
    let mut checker = Checker::default();
    let Value::Object(mut map) = value else {
        checker.error(
            "",
            Fault::NotAnObject,
            "An order is a JSON object.".to_owned(),
        );
        return Err(OrderRefused {
            key: None,
            errors: checker.errors,
        });
    };
    flagged::to_canonical(&mut map);
    let mut order = Fields {
        path: String::new(),
        map,
    };
    let source = checker.identifier(&mut order, "source", SOURCE_BYTES_MAX);
    let id = checker.identifier(&mut order, "id", ID_BYTES_MAX);
    let request = match checker.status(&mut order) {
        Some(Status::Cancelled) => {
            // What was ordered no longer matters, and its customer's data need not be kept.
            CONTENT_FIELDS
                .iter()
                .for_each(|name| drop(order.take(name)));
            Some(Request::Cancel)
        }
        Some(Status::Open) => checker
            .content(&mut order)
            .map(|content| Request::Fill(Box::new(content))),
        None => None,
    };
    checker.set_aside(order);
    let key = source.zip(id).map(|(source, id)| OrderKey { source, id });
    match (key, request) {
        (Some(key), Some(request)) if checker.errors.is_empty() => Ok(OrderInput {
            key,
            request,
            aside: checker.aside,
        }),
        (key, _) => Err(OrderRefused {
            key,
            errors: checker.errors,
        }),
    }
}

enum Status {
    Open,
    Cancelled,
}

impl Checker {
    fn status(&mut self, order: &mut Fields) -> Option<Status> {
        let errors_before = self.errors.len();
        let word = self.text(order, "status", ID_BYTES_MAX);
        match word.as_deref() {
            None if self.errors.len() == errors_before => Some(Status::Open),
            None => None,
            Some("open") => Some(Status::Open),
            Some("cancelled") => Some(Status::Cancelled),
            Some(word) => {
                let reason = format!("{} is neither open nor cancelled.", quoted(word));
                self.error("status", Fault::StatusUnknown, reason);
                None
            }
        }
    }

    fn content(&mut self, order: &mut Fields) -> Option<OrderContent> {
        let channel = self.channel(order);
        let placed_at = self.moment(order, "placed_at");
        let promise = self.promise(order);
        let due = promise.map(|promise| promise.start.local_day());
        let customer = self.customer(order, channel == Some(Channel::Delivery), due);
        let lines = self.lines(order);
        let notes = self
            .text(order, "notes", NOTE_BYTES_MAX)
            .unwrap_or_default();
        let program = self.program(order);
        Some(OrderContent {
            channel: channel?,
            placed_at: placed_at?,
            promise: promise?,
            customer: customer?,
            lines: lines?,
            notes,
            program,
        })
    }

    fn channel(&mut self, order: &mut Fields) -> Option<Channel> {
        let word = self.needed(order, "channel", ID_BYTES_MAX, Fault::Blank)?;
        match word.as_str() {
            "pickup" => Some(Channel::Pickup),
            "curbside" => Some(Channel::Curbside),
            "delivery" => Some(Channel::Delivery),
            "in_store" => Some(Channel::InStore),
            _ => {
                let reason = format!(
                    "{} is none of pickup, curbside, delivery, in_store.",
                    quoted(&word)
                );
                self.error("channel", Fault::ChannelUnknown, reason);
                None
            }
        }
    }

    fn program(&mut self, order: &mut Fields) -> Option<Program> {
        let word = self.text(order, "program", ID_BYTES_MAX)?;
        let program = Program::parse(&word);
        if program.is_none() {
            let reason = format!("{} is neither adult nor medical.", quoted(&word));
            self.error("program", Fault::ProgramUnknown, reason);
        }
        program
    }

    fn moment(&mut self, fields: &mut Fields, name: &str) -> Option<Moment> {
        let text = self.needed(fields, name, ID_BYTES_MAX, Fault::Blank)?;
        let time = DateTime::parse_from_rfc3339(&text).ok();
        let moment = time
            .filter(|time| YEARS.contains(&time.year()))
            .and_then(|time| {
                let offset_minutes = i16::try_from(time.offset().local_minus_utc() / 60).ok()?;
                Some(Moment {
                    at: Millis(time.timestamp_millis()),
                    offset_minutes,
                })
            });
        if moment.is_none() {
            let reason = format!(
                "{} is no time with an offset, like 2026-11-23T15:30:34-08:00.",
                quoted(&text)
            );
            self.error(&fields.path_of(name), Fault::TimeUnreadable, reason);
        }
        moment
    }

    fn promise(&mut self, order: &mut Fields) -> Option<Promise> {
        let mut fields = self.needed_object(order, "promise")?;
        let start = self.moment(&mut fields, "start");
        let end = self.moment(&mut fields, "end");
        self.set_aside(fields);
        let promise = Promise {
            start: start?,
            end: end?,
        };
        if promise.end.at < promise.start.at {
            let reason = "The promised window ends before it begins.".to_owned();
            self.error("promise.end", Fault::PromiseReversed, reason);
            return None;
        }
        Some(promise)
    }

    fn customer(
        &mut self,
        order: &mut Fields,
        is_delivery: bool,
        due: Option<Day>,
    ) -> Option<Customer> {
        let mut fields = self.needed_object(order, "customer")?;
        let name = self.needed(&mut fields, "name", NAME_BYTES_MAX, Fault::NameMissing);
        let born = self.born(&mut fields, due);
        let phone = self.text(&mut fields, "phone", PHONE_BYTES_MAX);
        let errors_before = self.errors.len();
        let address = self.address(&mut fields);
        if is_delivery && address.is_none() && self.errors.len() == errors_before {
            let reason = "A delivery needs an address.".to_owned();
            self.error("customer.address", Fault::AddressMissing, reason);
        }
        self.set_aside(fields);
        let phone = phone.filter(|phone| !phone.is_empty());
        Some(Customer {
            name: name?,
            born,
            phone,
            address,
        })
    }

    fn born(&mut self, customer: &mut Fields, due: Option<Day>) -> Option<Day> {
        let text = self
            .text(customer, "dob", ID_BYTES_MAX)
            .filter(|text| !text.is_empty())?;
        let path = customer.path_of("dob");
        let Some(born) = Day::parse(&text) else {
            let reason = "The date of birth is no calendar day like 1980-02-29.".to_owned();
            self.error(&path, Fault::DateUnreadable, reason);
            return None;
        };
        if due.is_some_and(|due| born > due) {
            let reason = "The date of birth lies behind the promised day.".to_owned();
            self.error(&path, Fault::DateFuture, reason);
        }
        Some(born)
    }

    fn address(&mut self, customer: &mut Fields) -> Option<Address> {
        let mut fields = self.object(customer, "address")?;
        let street = self.needed(&mut fields, "street", ADDRESS_BYTES_MAX, Fault::Blank);
        let city = self.needed(&mut fields, "city", ADDRESS_BYTES_MAX, Fault::Blank);
        let [line2, state, postal_code] = ["line2", "state", "postal_code"].map(|name| {
            self.text(&mut fields, name, ADDRESS_BYTES_MAX)
                .unwrap_or_default()
        });
        self.set_aside(fields);
        Some(Address {
            street: street?,
            line2,
            city: city?,
            state,
            postal_code,
        })
    }

    fn lines(&mut self, order: &mut Fields) -> Option<Vec<LineInput>> {
        let lines = match order.take("lines") {
            Some(Value::Array(lines)) => lines,
            Some(_) => {
                self.error(
                    "lines",
                    Fault::NotAList,
                    "The field must be a list.".to_owned(),
                );
                return None;
            }
            None => Vec::new(),
        };
        if lines.is_empty() {
            self.error(
                "lines",
                Fault::NoLines,
                "The order has no lines.".to_owned(),
            );
            return None;
        }
        if lines.len() > LINES_MAX {
            let reason = format!(
                "The order has {} lines; {LINES_MAX} are the most allowed.",
                lines.len()
            );
            self.error("lines", Fault::TooManyLines, reason);
            return None;
        }
        let checked: Vec<_> = lines
            .into_iter()
            .enumerate()
            .map(|(index, line)| self.line(index, line))
            .collect();
        checked.into_iter().collect()
    }

    fn line(&mut self, index: usize, value: Value) -> Option<LineInput> {
        let path = format!("lines[{index}]");
        let Value::Object(map) = value else {
            self.error(
                &path,
                Fault::NotAnObject,
                "A line is a JSON object.".to_owned(),
            );
            return None;
        };
        let mut fields = Fields { path, map };
        let sku = self.identifier(&mut fields, "sku", ID_BYTES_MAX);
        let product = self.needed(&mut fields, "product", PRODUCT_BYTES_MAX, Fault::Blank);
        let quantity = self.number(&mut fields, "quantity", &QUANTITY);
        let price = self.number(&mut fields, "unit_price_cents", &UNIT_PRICE);
        self.set_aside(fields);
        Some(LineInput {
            sku: sku?,
            product: product?,
            quantity: u32::try_from(quantity?).ok()?,
            unit_price_cents: price?,
        })
    }
}

fn quoted(word: &str) -> String {
    format!(
        "\u{201c}{}\u{201d}",
        word.chars().take(QUOTED_CHARS_MAX).collect::<String>()
    )
}
