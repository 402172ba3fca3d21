//! The same seed is the same world natively and in the browser: every answer, every hash, every place.
//!
//! When the protocol changes on purpose, the test says the new trace; it goes below, once it has been looked at
//! that both say the same.

use simulate::runs::{Telling, rates_of, run};
use simulate::size::Size;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Worlds.
const SEEDS: u64 = 60;

/// All their traces in one.
const TRACE: &str = "5c80efae7a944032cb33f5b5b9e8e52006f61585ad7350f73c0e0423803ecfd7";

fn trace() -> String {
    let mut traces = Vec::new();
    for seed in 0..SEEDS {
        let run = run(seed, rates_of(seed), Size::SMALL, Telling::Verdict);
        assert_eq!(run.fault, None, "seed {seed}");
        traces.extend(run.trace.0);
    }
    domain::id::Hash::of(&[&traces]).to_string()
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_seed_is_the_same_world_on_this_machine() {
    assert_eq!(trace(), TRACE);
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test::wasm_bindgen_test]
fn a_seed_is_the_same_world_in_the_browser() {
    assert_eq!(trace(), TRACE);
}
