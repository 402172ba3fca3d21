//! Some devices and one server, over a network that loses, doubles and delays, for many seeds.
//!
//! Whatever the network, the storage and the server go through: each event a person was told is saved comes to
//! the server's log once and in its place, no device ever stops trying, and once all is well again every queue
//! is empty and every view is the server's.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

#[expect(unreachable_pub, reason = "a test has no outside")]
mod sync_world {
    //! The parts of that world.

    /// Chance, from a seed.
    pub mod dice;
    /// The server's end: positions, receipts, pages.
    pub mod server;
    /// A device: a storage that lasts and a memory that does not.
    pub mod tablet;
    /// Time, messages on their way, and faults.
    pub mod world;
}

use sync_world::dice::Dice;
use sync_world::world::{Faults, World};

/// Runs a world to its end; a failure names the seed.
fn run(seed: u64, faults: Faults) -> World {
    let mut world = World::new(seed, faults);
    world.run();
    world
}

#[test]
fn two_thousand_bad_days_lose_nothing_and_leave_no_queue() {
    let (mut dropped, mut doubled, mut set_back, mut restarts, mut saved) = (0, 0, 0, 0, 0);
    for seed in 0..2_000 {
        let faults = Faults::drawn(&mut Dice::new(seed ^ 0x5eed));
        let world = run(seed, faults);
        dropped += world.seen.dropped;
        doubled += world.seen.doubled;
        set_back += world.seen.set_back;
        restarts += world.seen.restarts;
        saved += world.saved();
    }
    // A world in which nothing happens would prove nothing.
    assert!(dropped > 20_000, "{dropped}");
    assert!(doubled > 10_000, "{doubled}");
    assert!(set_back > 1_000, "{set_back}");
    assert!(restarts > 2_000, "{restarts}");
    assert!(saved > 40_000, "{saved}");
}

#[test]
fn the_same_seed_is_the_same_day() {
    for seed in 0..20 {
        let faults = || Faults::drawn(&mut Dice::new(seed));
        assert_eq!(run(seed, faults()).trace(), run(seed, faults()).trace());
    }
}

#[test]
fn on_a_good_day_nothing_is_sent_twice() {
    for seed in 0..50 {
        let world = run(seed, Faults::none());
        assert_eq!(world.seen.sent_again, 0, "seed {seed}");
    }
}

#[test]
fn a_server_that_is_set_back_again_and_again_gets_everything_again_each_time() {
    let faults = Faults {
        set_backs: 4,
        ..Faults::none()
    };
    let mut lost = 0;
    for seed in 0..100 {
        lost += run(seed, faults.clone()).seen.lost;
    }
    assert!(lost > 1_000, "{lost}");
}
