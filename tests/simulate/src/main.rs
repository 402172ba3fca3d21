//! `simulate`: worlds by seed.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks to the person who started it"
)]

use std::process::ExitCode;

use simulate::faults::Fault;
use simulate::runs::{self, Sum};
use simulate::world::Size;

const USAGE: &str = "\
simulate --seeds A..B [--world small|large]   run worlds; the last line says how many passed
simulate --seed N [--world small|large]       run one world and tell what happens in it";

/// Failures after which no further world is run.
const FAILURES_MAX: usize = 20;
/// Worlds from which on every class of faults must have struck.
const ALL_STRIKE_FROM: u64 = 2_000;

struct Asked {
    seeds: std::ops::Range<u64>,
    size: Size,
    told: bool,
}

fn parse(words: &[String]) -> Option<Asked> {
    let mut asked = Asked {
        seeds: 0..2_000,
        size: Size::SMALL,
        told: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--seeds" => {
                let (from, to) = value.split_once("..")?;
                asked.seeds = from.parse().ok()?..to.parse().ok()?;
            }
            "--seed" => {
                let seed: u64 = value.parse().ok()?;
                asked.seeds = seed..seed + 1;
                asked.told = true;
            }
            "--world" => {
                asked.size = match value.as_str() {
                    "small" => Size::SMALL,
                    "large" => Size::LARGE,
                    _ => return None,
                };
            }
            _ => return None,
        }
    }
    Some(asked)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(asked) = parse(&words) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    if asked.told {
        let seed = asked.seeds.start;
        let run = runs::run(seed, runs::rates_of(seed), asked.size, true);
        if let Some(fault) = run.fault {
            println!("seed {seed} failed: {fault}");
            return ExitCode::FAILURE;
        }
        println!("seed {seed} passed");
        return ExitCode::SUCCESS;
    }
    // A world that ends itself is reported with its seed; its own words would only be in between.
    std::panic::set_hook(Box::new(|_| {}));
    let total = asked.seeds.end - asked.seeds.start;
    let sum = runs::run_many(asked.seeds, asked.size, FAILURES_MAX, |done| {
        println!("{done} of {total} seeds");
    });
    report(&sum, asked.size, total)
}

fn report(sum: &Sum, size: Size, total: u64) -> ExitCode {
    println!("\nHow often each fault struck:");
    for fault in Fault::ALL {
        println!("{:>12}  {}", sum.struck.of(*fault), fault.name());
    }
    let (saved, destroyed) = (sum.saved, sum.destroyed);
    println!("{saved} events were told to be saved; faults destroyed the storage of {destroyed}.");
    let world = if size == Size::LARGE {
        "large"
    } else {
        "small"
    };
    for (seed, fault) in &sum.failed {
        println!("seed {seed}: {fault}");
        println!("  again: cargo xtask simulate --seed {seed} --world {world}");
    }
    let never = Fault::ALL
        .iter()
        .filter(|fault| sum.struck.of(**fault) == 0);
    let never: Vec<&str> = never.map(|fault| fault.name()).collect();
    let is_silent = total >= ALL_STRIKE_FROM && !never.is_empty();
    if is_silent {
        println!("never struck: {}", never.join(", "));
    }
    println!("{} seeds passed, {} failed", sum.passed, sum.failed.len());
    if sum.failed.is_empty() && !is_silent {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
