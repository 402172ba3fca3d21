//! Days and times in the shop's zone, as people read them.
//!
//! In: milliseconds. Out: text by the browser's own tables. Must not: compute a zone by itself.

use domain::time::{Day, Millis};
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

fn format(locale: &str, zone: &str, fields: &[(&str, &str)], at: Millis) -> Option<String> {
    let options = Object::new();
    for (name, value) in fields {
        Reflect::set(&options, &(*name).into(), &(*value).into()).ok()?;
    }
    Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    let locales = Array::of1(&locale.into());
    // An unknown zone throws; constructing through Reflect turns that into an error we can answer.
    let maker: js_sys::Function = wasm_bindgen::JsCast::dyn_into(
        Reflect::get(
            &Reflect::get(&js_sys::global(), &"Intl".into()).ok()?,
            &"DateTimeFormat".into(),
        )
        .ok()?,
    )
    .ok()?;
    let made = Reflect::construct(&maker, &Array::of2(&locales, &options)).ok()?;
    let format: Intl::DateTimeFormat = wasm_bindgen::JsCast::unchecked_into(made);
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of this era are exact in a double"
    )]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    format
        .format()
        .call1(&JsValue::UNDEFINED, &date)
        .ok()?
        .as_string()
}

/// The calendar day in a zone.
#[must_use]
pub fn day(zone: &str, at: Millis) -> Option<Day> {
    // One part at a time: how a locale puts a date together differs between browsers.
    let part = |name: &str| {
        let text = format("en-US", zone, &[(name, "numeric")], at)?;
        text.parse::<i32>().ok()
    };
    Day::from_civil(part("year")?, part("month")?, part("day")?)
}

/// The time of day: `2:20 pm`.
#[must_use]
pub fn time(locale: &str, zone: &str, at: Millis) -> String {
    let fields = [("hour", "numeric"), ("minute", "2-digit")];
    quiet(format(locale, zone, &fields, at))
}

/// Time of day with seconds, for records.
#[must_use]
pub fn exact_time(locale: &str, zone: &str, at: Millis) -> String {
    let fields = [
        ("hour", "numeric"),
        ("minute", "2-digit"),
        ("second", "2-digit"),
    ];
    quiet(format(locale, zone, &fields, at))
}

/// Day and time as a label prints it: `11/24/2026 2:12 pm`.
#[must_use]
pub fn stamp(zone: &str, at: Millis) -> String {
    let day = [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
    ];
    let day = format("en-US", zone, &day, at).unwrap_or_default();
    format!("{day} {}", time("en-US", zone, at))
}

/// A day as people say it: `Oct 2`.
#[must_use]
pub fn short_day(locale: &str, zone: &str, at: Millis) -> String {
    quiet(format(
        locale,
        zone,
        &[("month", "short"), ("day", "numeric")],
        at,
    ))
}

/// The device's own zone.
#[must_use]
pub fn own_zone() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_default()
}

/// English clocks say "PM" and put a narrow blank before it; the design says "pm".
fn quiet(text: Option<String>) -> String {
    let text = text
        .unwrap_or_default()
        .replace(['\u{202f}', '\u{a0}'], " ");
    text.replace("AM", "am").replace("PM", "pm")
}
