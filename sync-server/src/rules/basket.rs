//! Baskets from files, to judge.
//!
//! In: JSON. Out: a basket for the domain, in the shop's days; or a sentence about what is wrong. Must not: take what is
//! left out for zero, or a time without a zone for a time.
//!
//! ```json
//! {"program": "adult",
//!  "customer": {"age": 34, "id_state": "CA", "letter_mg": null, "card_holder": false},
//!  "lines": [{"class": "flower", "quantity": 1, "net_mg": 28500, "thc_mg": null, "concentrate_mg": null,
//!             "volume_ul": null, "units": null}],
//!  "history": [{"at": "2026-11-01T10:00:00-08:00", "lines": []}]}
//! ```
//!
//! Figures are those of one unit; `quantity` says how many. What is null or left out is not known. `history` is what the
//! customer took home before, without what came back; null when nobody knows. Three fields may be added:
//! `history_known_to`, an instant, when the history is complete only up to then; `customer.certificate`, whether a
//! physician's certification was seen; `serving_thc_mg` of a line.

use core::fmt;

use chrono::DateTime;
use domain::limits::{Basket, Customer, Line, Moment, Program, Visit};
use domain::time::Millis;
use serde::Deserialize;

use crate::clock::day_at;

/// One basket, in bytes.
pub const BASKET_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Lines of a basket and its history together.
pub const LINES_MAX: usize = 100_000;
/// Units on one line.
pub const QUANTITY_MAX: u32 = 10_000;
/// A figure of one unit: a tonne in milligrams.
pub const FIGURE_MAX: u64 = 1_000_000_000;
/// A class, in bytes.
const CLASS_BYTES_MAX: usize = 200;
/// Nobody is older.
const AGE_MAX: u32 = 150;
/// 1 January 2000 and 1 January 2200: a time outside is a typing error.
const TIMES: core::ops::Range<i64> = 946_684_800_000..7_258_118_400_000;

/// What is wrong with a basket.
#[derive(Debug)]
pub enum BasketRefused {
    /// Too large, or no JSON of this form.
    Unreadable(String),
    /// A field holds what it may not.
    Field {
        /// The field, such as `lines[3].quantity`.
        field: String,
        /// What is wrong with it.
        what: String,
    },
}

impl fmt::Display for BasketRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(what) => write!(f, "the basket cannot be read: {what}"),
            Self::Field { field, what } => write!(f, "the basket's {field} {what}"),
        }
    }
}

impl core::error::Error for BasketRefused {}

fn field(field: impl Into<String>, what: impl Into<String>) -> BasketRefused {
    BasketRefused::Field {
        field: field.into(),
        what: what.into(),
    }
}

/// A basket as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    program: String,
    customer: WrittenCustomer,
    lines: Vec<WrittenLine>,
    history: Option<Vec<WrittenVisit>>,
    history_known_to: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCustomer {
    age: Option<u32>,
    id_state: Option<String>,
    letter_mg: Option<u64>,
    card_holder: Option<bool>,
    certificate: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLine {
    class: String,
    quantity: u32,
    net_mg: Option<u64>,
    thc_mg: Option<u64>,
    concentrate_mg: Option<u64>,
    volume_ul: Option<u64>,
    units: Option<u64>,
    serving_thc_mg: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVisit {
    at: String,
    lines: Vec<WrittenLine>,
}

/// An instant with its offset, such as `2026-11-01T10:00:00-08:00`, as a moment of the shop.
///
/// # Errors
/// When it is none, or has no offset.
pub fn moment(text: &str, time_zone: &str) -> Result<Moment, String> {
    let shown: String = text.chars().take(60).collect();
    let read = DateTime::parse_from_rfc3339(text);
    let at = read.map_err(|error| {
        format!("must be a time with its offset, such as 2026-11-01T10:00:00-08:00; {shown:?} is not: {error}")
    })?;
    let at = at.timestamp_millis();
    if !TIMES.contains(&at) {
        return Err(format!(
            "must lie in the years 2000 to 2199; {shown:?} does not"
        ));
    }
    Ok(Moment {
        at: Millis(at),
        day: day_at(time_zone, at),
    })
}

/// Reads a basket that changes hands at `now`, in a shop of this zone.
///
/// # Errors
/// When it is none, or a field is wrong; the first that is.
pub fn read(bytes: &[u8], now: Moment, time_zone: &str) -> Result<Basket, BasketRefused> {
    if bytes.len() > BASKET_BYTES_MAX {
        let what = format!("it has more than {BASKET_BYTES_MAX} bytes");
        return Err(BasketRefused::Unreadable(what));
    }
    let written: Written = serde_json::from_slice(bytes)
        .map_err(|error| BasketRefused::Unreadable(error.to_string()))?;
    written.check(now, time_zone)
}

impl Written {
    /// The basket, with everything in it checked.
    ///
    /// # Errors
    /// When a field is wrong.
    pub fn check(self, now: Moment, time_zone: &str) -> Result<Basket, BasketRefused> {
        let program = Program::parse(&self.program)
            .ok_or_else(|| field("program", "must be adult or medical"))?;
        let earlier = self.history.iter().flatten();
        let lines = self.lines.len() + earlier.map(|visit| visit.lines.len()).sum::<usize>();
        if lines > LINES_MAX {
            let what = format!("and its history have {lines} lines; {LINES_MAX} is the most");
            return Err(field("lines", what));
        }
        let known_to = self.history_known_to.map(|text| {
            let moment = moment(&text, time_zone);
            moment.map_err(|what| field("history_known_to", what))
        });
        let history = self.history.map(|visits| {
            let visits = visits.into_iter().enumerate();
            visits
                .map(|(index, visit)| visit.check(index, now, time_zone))
                .collect()
        });
        Ok(Basket {
            program,
            customer: self.customer.check()?,
            lines: check_lines(self.lines, "lines")?,
            history: history.transpose()?,
            known_to: known_to.transpose()?.map(|moment| moment.at),
        })
    }
}

impl WrittenCustomer {
    fn check(self) -> Result<Customer, BasketRefused> {
        if self.age.is_some_and(|age| age > AGE_MAX) {
            return Err(field("customer.age", format!("must be at most {AGE_MAX}")));
        }
        if self
            .letter_mg
            .is_some_and(|letter| letter == 0 || letter > FIGURE_MAX)
        {
            let what = format!("must be from 1 to {FIGURE_MAX}, or null");
            return Err(field("customer.letter_mg", what));
        }
        let is_state = |state: &String| {
            state.len() == 2 && state.bytes().all(|byte| byte.is_ascii_uppercase())
        };
        if !self.id_state.iter().all(is_state) {
            let what = "must be two capital letters such as CA, or null";
            return Err(field("customer.id_state", what));
        }
        Ok(Customer {
            age: self.age,
            id_state: self.id_state,
            letter_mg: self.letter_mg,
            card_holder: self.card_holder,
            certificate: self.certificate,
        })
    }
}

impl WrittenVisit {
    fn check(self, index: usize, now: Moment, time_zone: &str) -> Result<Visit, BasketRefused> {
        let name = format!("history[{index}]");
        let when = moment(&self.at, time_zone).map_err(|what| field(format!("{name}.at"), what))?;
        if when.at > now.at {
            let what = "lies after the time that is judged; history is what came before";
            return Err(field(format!("{name}.at"), what));
        }
        Ok(Visit {
            when,
            lines: check_lines(self.lines, &format!("{name}.lines"))?,
        })
    }
}

fn check_lines(lines: Vec<WrittenLine>, name: &str) -> Result<Vec<Line>, BasketRefused> {
    let lines = lines.into_iter().enumerate();
    lines
        .map(|(index, line)| {
            line.check()
                .map_err(|(key, what)| field(format!("{name}[{index}].{key}"), what))
        })
        .collect()
}

impl WrittenLine {
    fn check(self) -> Result<Line, (&'static str, String)> {
        let is_class = !self.class.trim().is_empty()
            && self.class.len() <= CLASS_BYTES_MAX
            && !self.class.contains(char::is_control);
        if !is_class {
            return Err(("class", "must be the name of a class".to_owned()));
        }
        if !(1..=QUANTITY_MAX).contains(&self.quantity) {
            return Err(("quantity", format!("must be from 1 to {QUANTITY_MAX}")));
        }
        let figures = [
            ("net_mg", self.net_mg),
            ("thc_mg", self.thc_mg),
            ("concentrate_mg", self.concentrate_mg),
            ("volume_ul", self.volume_ul),
            ("units", self.units),
            ("serving_thc_mg", self.serving_thc_mg),
        ];
        let large = figures
            .iter()
            .find(|(_, figure)| figure.is_some_and(|figure| figure > FIGURE_MAX));
        if let Some((key, _)) = large {
            return Err((key, format!("must be at most {FIGURE_MAX}, or null")));
        }
        Ok(Line {
            class: self.class,
            quantity: self.quantity,
            net_mg: self.net_mg,
            thc_mg: self.thc_mg,
            concentrate_mg: self.concentrate_mg,
            volume_ul: self.volume_ul,
            units: self.units,
            serving_thc_mg: self.serving_thc_mg,
        })
    }
}
