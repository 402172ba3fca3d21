//! Breaks made by hand: a simulator that misses one is itself broken.
//!
//! In: seeds. Out: for each break the first seed whose world finds it, and with which words. Must not: count a
//! break as found by a world that fails without it; the other runs see to that.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::mutant;

use crate::runs::{self, Telling};
use crate::size::Size;

/// What came of one break.
#[derive(Clone, Debug)]
pub struct Hunted {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    /// The seed and the words by which it was found.
    pub found: Option<(u64, String)>,
}

/// The break with a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static str> {
    let mut all = mutant::ALL.iter().map(|(known, _)| *known);
    all.find(|known| *known == name)
}

fn hunt_one(name: &'static str, what: &'static str, seeds: Range<u64>) -> Hunted {
    mutant::put_to_work(Some(name));
    // Some show themselves in one world of thousands: such a world is kept.
    let kept = runs::kept().into_iter().map(|(seed, ..)| seed);
    let found = kept.chain(seeds).find_map(|seed| {
        let run = runs::run(seed, runs::rates_of(seed), Size::SMALL, Telling::Verdict);
        run.fault.map(|fault| (seed, fault))
    });
    mutant::put_to_work(None);
    Hunted { name, what, found }
}

/// Runs seeds with each break, or with one of them, until one fails, on as many threads as there are processors.
pub fn hunt(
    seeds: &Range<u64>,
    only: Option<&str>,
    progress: impl Fn(&Hunted) + Sync,
) -> Vec<Hunted> {
    let chosen = mutant::ALL.iter();
    let chosen = chosen.filter(|(name, _)| only.is_none_or(|only| only == *name));
    let chosen: Vec<_> = chosen.collect();
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, what)) = chosen.get(index) else {
                        break;
                    };
                    let hunted = hunt_one(name, what, seeds.clone());
                    progress(&hunted);
                    let mut all = all.lock().expect("BUG: a thread died while it added");
                    all.push(hunted);
                }
            });
        }
    });
    all.into_inner().expect("BUG: a thread died while it added")
}
