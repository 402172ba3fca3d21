//! `simulate`: worlds by seed.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks to the person who started it"
)]

use std::ops::Range;
use std::process::ExitCode;

use simulate::faults::Fault;
use simulate::runs::{self, Sum, Telling};
use simulate::size::Size;

#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
simulate --seeds A..B [--world small|large]   run worlds; the last line says how many passed
simulate --seed N [--world small|large]       run one world and tell what happens in it
simulate --mutants [--seeds A..B]             run small worlds with each break made by hand until one finds it
simulate --mutant NAME --seeds A..B           run small worlds with one break until one finds it
simulate --mutant NAME --seed N               run one world with a break and tell what happens in it";

/// Failures after which no further world is run.
const FAILURES_MAX: usize = 20;
/// Worlds from which on every class of faults must have struck.
const ALL_STRIKE_FROM: u64 = 2_000;
/// Seeds that are run when none are named.
const SEEDS: Range<u64> = 0..2_000;
/// Seeds a break is given before it counts as missed.
const SEEDS_OF_A_BREAK: Range<u64> = 0..8_000;

struct Asked {
    seeds: Option<Range<u64>>,
    size: Size,
    is_told: bool,
    breaks: bool,
    broken: Option<String>,
}

fn parse(words: &[String]) -> Option<Asked> {
    let mut asked = Asked {
        seeds: None,
        size: Size::SMALL,
        is_told: false,
        breaks: false,
        broken: None,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--mutants" => asked.breaks = true,
            "--mutant" => asked.broken = Some(words.next()?.clone()),
            "--seeds" => {
                let (from, to) = words.next()?.split_once("..")?;
                asked.seeds = Some(from.parse().ok()?..to.parse().ok()?);
            }
            "--seed" => {
                let seed: u64 = words.next()?.parse().ok()?;
                asked.seeds = Some(seed..seed + 1);
                asked.is_told = true;
            }
            "--world" => asked.size = Size::named(words.next()?)?,
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
    if !asked.is_told {
        // A world that ends itself is reported with its seed; its own words would only be in between.
        std::panic::set_hook(Box::new(|_| {}));
    }
    if let Some(name) = &asked.broken
        && !break_it(name)
    {
        eprintln!("there is no break `{name}` in this build");
        return ExitCode::from(2);
    }
    if asked.breaks || (asked.broken.is_some() && !asked.is_told) {
        let seeds = asked.seeds.unwrap_or(SEEDS_OF_A_BREAK);
        return hunt_breaks(&seeds, asked.broken.as_deref());
    }
    let seeds = asked.seeds.unwrap_or(SEEDS);
    if asked.is_told {
        return tell(seeds.start, asked.size);
    }
    let total = seeds.end.saturating_sub(seeds.start);
    let mut sum = Sum::default();
    for (seed, size, found) in runs::kept() {
        println!("seed {seed}, which once found: {found}");
        sum.keep(seed, size, &runs::run_twice(seed, size));
    }
    sum.join(runs::run_many(seeds, asked.size, FAILURES_MAX, |done| {
        println!("{done} of {total} seeds");
    }));
    report(&sum, total)
}

fn tell(seed: u64, size: Size) -> ExitCode {
    let run = runs::run(seed, runs::rates_of(seed), size, Telling::Everything);
    if let Some(fault) = run.fault {
        println!("seed {seed} failed: {fault}");
        return ExitCode::FAILURE;
    }
    println!("seed {seed} passed");
    ExitCode::SUCCESS
}

fn report(sum: &Sum, total: u64) -> ExitCode {
    println!("\nHow often each fault struck:");
    for fault in Fault::ALL {
        println!("{:>12}  {}", sum.struck.of(*fault), fault.name());
    }
    let (saved, destroyed) = (sum.saved, sum.destroyed);
    println!("{saved} events were told to be saved; faults destroyed the storage of {destroyed}.");
    for (seed, size, fault) in &sum.failed {
        let world = size.name();
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

#[cfg(feature = "mutants")]
fn break_it(name: &str) -> bool {
    let known = simulate::mutants::named(name);
    domain::mutant::put_to_work(known);
    known.is_some()
}

#[cfg(not(feature = "mutants"))]
fn break_it(_: &str) -> bool {
    false
}

#[cfg(feature = "mutants")]
fn hunt_breaks(seeds: &Range<u64>, only: Option<&str>) -> ExitCode {
    let all = simulate::mutants::hunt(seeds, only, |hunted| match &hunted.found {
        Some((seed, words)) => println!("{}: seed {seed}: {words}", hunted.name),
        None => println!("{}: MISSED. {}", hunted.name, hunted.what),
    });
    let missed: Vec<_> = all.iter().filter(|one| one.found.is_none()).collect();
    for one in &missed {
        println!("missed: {}. {}", one.name, one.what);
    }
    if let Some(name) = all
        .iter()
        .find(|one| one.found.is_some())
        .map(|one| one.name)
    {
        println!("To see one: cargo xtask simulate --mutant {name} --seed N");
    }
    println!(
        "{} mutants found, {} missed",
        all.len() - missed.len(),
        missed.len()
    );
    if missed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(not(feature = "mutants"))]
fn hunt_breaks(_: &Range<u64>, _: Option<&str>) -> ExitCode {
    eprintln!("This build has no breaks in it: cargo xtask simulate --mutants");
    ExitCode::from(2)
}
