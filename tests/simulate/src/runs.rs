//! Many seeds.
//!
//! In: seeds. Out: which failed, and how often each fault struck. Must not: count a seed that was not run twice.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::id::Hash;

use crate::dice::Dice;
use crate::faults::{Fault, Rates, Struck};
use crate::size::Size;
use crate::world::World;

/// In one of so many worlds the server is set back again and again.
const RESTORED_EVERY: u64 = 8;
/// The first of them; with it the two that once left a queue behind.
const RESTORED_FROM: u64 = 3;

/// How much a world tells of itself. What happens in it is the same either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Its trace, to be held against that of another run. Its end is not judged again.
    Trace,
    /// Whether all held.
    Verdict,
    /// That, and every step.
    Everything,
}

impl Telling {
    /// Whether every step is told.
    #[must_use]
    pub fn of_steps(self) -> bool {
        self == Self::Everything
    }
}

/// What came of one world.
#[derive(Clone, Debug)]
pub struct Run {
    /// What is wrong; none when all holds.
    pub fault: Option<String>,
    /// The trace of all that was said.
    pub trace: Hash,
    /// How often each fault struck.
    pub struck: Struck,
    /// Events people were told are saved.
    pub saved: u64,
    /// Those of them a fault destroyed on the device.
    pub destroyed: u64,
}

/// The rates of a seed's world.
#[must_use]
pub fn rates_of(seed: u64) -> Rates {
    let rates = Rates::drawn(&mut Dice::new(seed ^ 0x5eed_0001));
    // A server that is set back again and again, and devices that start as often, need each other to be seen.
    match seed % RESTORED_EVERY == RESTORED_FROM {
        true => rates
            .with(Fault::ServerRestored, 400)
            .with(Fault::RebootLoop, 40)
            .with(Fault::Killed, 120),
        false => rates,
    }
}

/// Runs a seed's world once. A world that ends itself has failed.
#[must_use]
pub fn run(seed: u64, rates: Rates, size: Size, telling: Telling) -> Run {
    let world = std::panic::catch_unwind(move || {
        let mut world = World::new(seed, rates, size);
        world.telling = telling;
        let fault = world.run().err();
        if telling.of_steps() {
            world.tell_log();
        }
        Run {
            fault,
            trace: world.trace(),
            struck: world.struck.clone(),
            saved: u64::try_from(world.oracle.saved_count()).unwrap_or(0),
            destroyed: u64::try_from(world.oracle.destroyed_count()).unwrap_or(0),
        }
    });
    world.unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().cloned();
        let text = text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Run {
            fault: Some(text.unwrap_or_else(|| "it ended itself".to_owned())),
            trace: Hash::default(),
            struck: Struck::default(),
            saved: 0,
            destroyed: 0,
        }
    })
}

/// Runs a seed's world twice: the same seed must leave the same trace.
#[must_use]
pub fn run_twice(seed: u64, size: Size) -> Run {
    let first = run(seed, rates_of(seed), size, Telling::Verdict);
    let second = run(seed, rates_of(seed), size, Telling::Trace);
    if first.fault.is_none() && first.trace != second.trace {
        let fault = Some("the same seed left another trace".to_owned());
        return Run { fault, ..first };
    }
    first
}

/// Seeds of worlds that once failed, with their worlds and what they found.
#[must_use]
pub fn kept() -> Vec<(u64, Size, &'static str)> {
    let lines = include_str!("../seeds.txt").lines();
    let kept = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    kept.map(|line| {
        let parsed = parse_kept(line);
        parsed.unwrap_or_else(|| panic!("BUG: seeds.txt has a line that is none: {line}"))
    })
    .collect()
}

fn parse_kept(line: &'static str) -> Option<(u64, Size, &'static str)> {
    let (seed, rest) = line.split_once(' ')?;
    let (world, found) = rest.split_once(' ')?;
    Some((seed.parse().ok()?, Size::named(world)?, found))
}

/// What came of many.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// Worlds in which all held.
    pub passed: u64,
    /// The others, with what is wrong.
    pub failed: Vec<(u64, Size, String)>,
    /// How often each fault struck.
    pub struck: Struck,
    /// Events people were told are saved.
    pub saved: u64,
    /// Those of them a fault destroyed on the device.
    pub destroyed: u64,
}

impl Sum {
    /// Adds what came of one world.
    pub fn keep(&mut self, seed: u64, size: Size, run: &Run) {
        match &run.fault {
            None => self.passed += 1,
            Some(fault) => self.failed.push((seed, size, fault.clone())),
        }
        self.struck.add(&run.struck);
        self.saved += run.saved;
        self.destroyed += run.destroyed;
    }

    /// Adds what came of many others.
    pub fn join(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        self.struck.add(&other.struck);
        self.saved += other.saved;
        self.destroyed += other.destroyed;
    }
}

/// Runs seeds on as many threads as there are processors; `progress` hears of each hundredth.
pub fn run_many(
    seeds: std::ops::Range<u64>,
    size: Size,
    failures_max: usize,
    progress: impl Fn(u64) + Sync,
) -> Sum {
    let next = AtomicU64::new(seeds.start);
    let sum = Mutex::new(Sum::default());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    let run = run_twice(seed, size);
                    let mut sum = sum.lock().expect("BUG: a thread died while it added");
                    sum.keep(seed, size, &run);
                    let done = sum.passed + u64::try_from(sum.failed.len()).unwrap_or(0);
                    let is_enough = sum.failed.len() >= failures_max;
                    drop(sum);
                    if done.is_multiple_of(1_000) {
                        progress(done);
                    }
                    if is_enough {
                        break;
                    }
                }
            });
        }
    });
    let mut sum = sum.into_inner().expect("BUG: a thread died while it added");
    sum.failed.sort_by_key(|(seed, _, _)| *seed);
    sum
}
