//! A counter at which baskets are judged.

use serde_json::{Value, json};
use sync_server::rules::pack::Pack;
use sync_server::rules::{basket, shelf, verdict};

/// The noon at which most baskets change hands.
pub(crate) const NOON: &str = "2026-11-25T12:00:00-08:00";

/// One line with the figures it has.
pub(crate) fn line(class: &str, quantity: u32, figures: &[(&str, u64)]) -> Value {
    let mut line = json!({
        "class": class, "quantity": quantity, "net_mg": null, "thc_mg": null, "concentrate_mg": null,
        "volume_ul": null, "units": null
    });
    for (figure, amount) in figures {
        line[*figure] = json!(amount);
    }
    line
}

/// What an adult of thirty-four with a Californian card wants.
pub(crate) fn adult(lines: &[Value]) -> Value {
    json!({
        "program": "adult",
        "customer": {"age": 34, "id_state": "CA", "letter_mg": null, "card_holder": false},
        "lines": lines,
        "history": []
    })
}

/// What a patient of that age wants.
pub(crate) fn patient(lines: &[Value]) -> Value {
    let mut basket = adult(lines);
    basket["program"] = json!("medical");
    basket["customer"]["card_holder"] = json!(true);
    basket
}

/// A basket's verdict by a pack, as other programs see it; a sentence when there is none.
pub(crate) fn answer(pack: &Pack, at: &str, basket: &Value) -> Result<Value, String> {
    let zone = &pack.time_zone;
    let now = basket::moment(at, zone).map_err(|what| format!("at {what}"))?;
    let bytes = basket.to_string().into_bytes();
    let basket = basket::read(&bytes, now, zone).map_err(|refused| refused.to_string())?;
    let verdict = domain::limits::judge(&pack.book, &basket, now);
    Ok(serde_json::to_value(verdict::write(&verdict, &[])).unwrap())
}

/// A basket's verdict by one of the program's packs.
pub(crate) fn judged(state: &str, at: &str, basket: &Value) -> Value {
    let pack = shelf::open(state).unwrap_or_else(|refused| panic!("{refused}"));
    answer(&pack, at, basket).unwrap()
}

/// The row of a cap.
pub(crate) fn row<'a>(verdict: &'a Value, bucket: &str) -> &'a Value {
    let rows = verdict["limits"].as_array().unwrap();
    let found = rows.iter().find(|row| row["bucket"] == bucket);
    found.unwrap_or_else(|| panic!("no row for {bucket} in {verdict}"))
}
