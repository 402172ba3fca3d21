//! Invented customers.
//!
//! In: dice. Out: names, birthdays, numbers and addresses. Must not: hold anybody real. Telephone numbers
//! are in the range kept for stories, and no post office has the postal code.

use domain::time::Day;

use super::dice::Dice;
use crate::import::orders::{Address, Customer};

const GIVEN: [&str; 24] = [
    "Jordan", "Noor", "Casey", "Ari", "Theo", "Riley", "Mina", "Sasha", "Drew", "Pat", "Lee",
    "Robin", "Maren", "Ulric", "Tamsin", "Odette", "Ivo", "Perpetua", "Lucan", "Wren", "Bastian",
    "Calla", "Emeric", "Saskia",
];
const FAMILY: [&str; 20] = [
    "Lanternwright",
    "Harroway",
    "Vanterpoole",
    "Quillfeather",
    "Brackenshaw",
    "Merrowby",
    "Tidewell",
    "Ashgrove-Pell",
    "Saltonby",
    "Windlemere",
    "Foxley-Dunn",
    "Hollowell",
    "Ketterby",
    "Marchbanke",
    "Oakenthorpe",
    "Pellworth",
    "Ravensby",
    "Stillwater-Ruhl",
    "Thornquist",
    "Underhay",
];

/// Names that break what is built carelessly. Every one of them stands on an order.
pub(super) const AWKWARD: [&str; 7] = [
    "Zoë Señorán-Łukaszowa",
    "مريم بنت الميناء",
    "港野 さくら",
    "Juniper 🌿 Bellweather",
    "Siobhán O'Harroway",
    "=HYPERLINK(\"http://x.example\",\"Refund\") ^XZ~JR",
    "Maximiliana Theodora Wilhelmina von und zu Quillfeather-Brackenshaw-Vanterpoole the Younger",
];

const STREETS: [&str; 10] = [
    "Alder St",
    "Fern Ct",
    "Mill Ln",
    "Bay Ave",
    "Quay Rd",
    "Foghorn Way",
    "Iron Lantern Way",
    "Juniper Bell Ct",
    "Ropewalk",
    "Breakwater Dr",
];
const CITIES: [&str; 3] = ["Salt Harbor", "Windle", "Low Point"];
const SECOND_LINES: [&str; 4] = ["Apt 3", "Unit 12B", "Floor 2", "c/o the harbor office"];

/// A customer of at least 21 years, with an address when one is needed.
pub(super) fn customer(
    dice: &mut Dice,
    awkward: Option<&str>,
    today: Day,
    has_address: bool,
) -> Customer {
    let name = match awkward {
        Some(name) => name.to_owned(),
        None => format!("{} {}", dice.one(&GIVEN), dice.one(&FAMILY)),
    };
    let (year, _, _) = today.civil();
    let years = i32::try_from(dice.between(22, 74)).unwrap_or(22);
    let month = i32::try_from(dice.between(1, 12)).unwrap_or(1);
    let day = i32::try_from(dice.between(1, 28)).unwrap_or(1);
    Customer {
        name,
        born: Day::from_civil(year - years, month, day),
        phone: Some(format!("+1555555{:04}", dice.between(100, 199))),
        address: has_address.then(|| address(dice)),
    }
}

fn address(dice: &mut Dice) -> Address {
    let line2 = if dice.per_mille(400) {
        *dice.one(&SECOND_LINES)
    } else {
        ""
    };
    Address {
        street: format!("{} {}", dice.between(3, 1_980), dice.one(&STREETS)),
        line2: line2.to_owned(),
        city: (*dice.one(&CITIES)).to_owned(),
        state: "CA".to_owned(),
        postal_code: "90000".to_owned(),
    }
}
