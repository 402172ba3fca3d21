//! What the measurement `plan` starts: made-up shops of any size, walks planned for them, and the same by other means.
//!
//! In: the name of a measurement and its words. Out: one line of JSON. The script `tests/bench/plan.mjs` starts it.
//! Must not: count a plan that leaves an order out.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program answers the program that called it"
)]

/// Chance, by seed.
mod dice;
/// A made-up shop.
mod shop;
/// Metres and milliseconds of a plan.
mod walks;
/// Small vaults, and the shortest ways there are.
mod exact;
/// An hour or a day of work.
mod shift;
/// Who works there.
mod staff;
/// The same by the rules, with all that goes wrong.
mod work;
/// What happens outside meanwhile.
mod meanwhile;

use std::process::ExitCode;

const USAGE: &str = "usage: plan walks SEED ORDERS PACKAGES SHELVES
       plan exact SEED VAULTS STOPS
       plan shift SEED PEOPLE ORDERS_OF_CART ORDERS_PER_HOUR HOURS
       plan work SEED ORDERS_OF_CART ORDERS";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Option<Vec<u64>> = words.iter().skip(1).map(|word| word.parse().ok()).collect();
    let name = words.first().map(String::as_str);
    let answer = match (name, numbers.as_deref()) {
        (Some("walks"), Some([seed, orders, packages, shelves])) => {
            walks::measure(*seed, *orders, *packages, *shelves)
        }
        (Some("exact"), Some([seed, vaults, stops])) => exact::measure(*seed, *vaults, *stops),
        (Some("shift"), Some([seed, people, cart, per_hour, hours])) => {
            shift::measure(*seed, *people, *cart, *per_hour, *hours)
        }
        (Some("work"), Some([seed, cart, orders])) => work::measure(*seed, *cart, *orders),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    println!("{answer}");
    ExitCode::SUCCESS
}
