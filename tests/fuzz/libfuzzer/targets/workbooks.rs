#![no_main]

use std::sync::Once;

// The fuzzer ends the process as soon as anything panics. What the import catches itself, it may; the rest ends it still.
static QUIET: Once = Once::new();

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    fuzz::run("workbooks", input);
});
