//! The invented people and their PINs.
//!
//! In: a seed. Out: people as facts, and the PINs to tell whoever tries the shop. Must not: be used in a
//! real shop, because the PINs follow from the seed.

use domain::custody::set_up::ActorAdded;
use domain::facility::{Actor, Role};
use domain::id::ActorId;

use super::dice::Dice;

/// A person, and the PIN the person signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub added: ActorAdded,
    /// Six digits.
    pub pin: String,
}

const ROSTER: [(&str, Role); 8] = [
    ("Ana R.", Role::Associate),
    ("Marcus T.", Role::Associate),
    ("Imani K.", Role::FrontOfHouse),
    ("Dana W.", Role::InventoryManager),
    ("Leo P.", Role::Driver),
    ("Gwen S.", Role::GeneralManager),
    ("Cora M.", Role::ComplianceOfficer),
    ("Avery N.", Role::Auditor),
];

/// Different digits a PIN has at least.
const DIFFERENT_DIGITS_MIN: usize = 4;

/// Everybody who works here.
pub(super) fn people(seed: u64) -> Vec<Person> {
    let mut dice = Dice::new(seed, "people");
    let mut people: Vec<Person> = Vec::new();
    for (number, (name, role)) in (1..).zip(ROSTER) {
        let pin = loop {
            let pin = format!("{:06}", dice.below(1_000_000));
            if !is_easy(&pin) && people.iter().all(|person| person.pin != pin) {
                break pin;
            }
        };
        let actor = Actor {
            id: ActorId(number),
            name: name.to_owned(),
            role,
            active: true,
            pin_changes: None,
            shift: None,
            unlocks: None,
        };
        people.push(Person {
            added: ActorAdded::from(actor),
            pin,
        });
    }
    people
}

/// Whether somebody would try it early: few digits, steps up or down, a year in front.
pub(super) fn is_easy(pin: &str) -> bool {
    let digits: Vec<u8> = pin.bytes().collect();
    let mut different = digits.clone();
    different.sort_unstable();
    different.dedup();
    let is_step = |three: &[u8]| {
        let (first, second, third) = (three[0], three[1], three[2]);
        (second == first + 1 && third == second + 1) || (first == second + 1 && second == third + 1)
    };
    different.len() < DIFFERENT_DIGITS_MIN
        || digits.windows(3).any(is_step)
        || pin.starts_with("19")
        || pin.starts_with("20")
}
