//! Installs what is missing, says what and why, and is quick when nothing is.
//!
//! In: what the machine is wanted for. Out: the compiler to use, every tool in its place.
//! Must not change the repository, and must not need the network when everything is there.

mod apt;
mod wasm_target;
mod cargo_tools;
mod node_packages;
mod browsers;
mod lints;
mod postgres;
mod fuzzer;
mod python;

pub(crate) use browsers::{HAS_WEBKIT, chromedriver, chromium};
pub(crate) use python::python;

use crate::failure::Failure;
use crate::place::Place;
use crate::toolchain::Toolchain;
use std::fs::File;
use std::time::Instant;

/// What the machine is wanted for. Each wants more than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    Run,
    Bench,
    Test,
}

/// One thing that may have to be installed.
struct Step {
    what: &'static str,
    why: &'static str,
    takes: &'static str,
    from: Purpose,
    is_ready: fn(&Place) -> bool,
    install: fn(&Place, Toolchain) -> Result<(), Failure>,
}

const POSTGRES: Step = Step {
    what: "PostgreSQL",
    why: "the tests run the log on it too, each on a server of its own that is thrown away",
    takes: "1 minute",
    from: Purpose::Test,
    is_ready: postgres::is_ready,
    install: postgres::install,
};

const PYTHON: Step = Step {
    what: "schemathesis",
    why: "asks the server ten thousand things made up from its own description",
    takes: "1 minute",
    from: Purpose::Test,
    is_ready: python::is_ready,
    install: python::install,
};

const DENY: Step = Step {
    what: "cargo deny",
    why: "says what may come into the build: licences, sources, crates that are not wanted",
    takes: "2 minutes",
    from: Purpose::Test,
    is_ready: cargo_tools::deny_is_ready,
    install: cargo_tools::install_deny,
};

const FUZZER: Step = Step {
    what: "cargo fuzz",
    why: "makes up inputs for everything that reads bytes from outside",
    takes: "2 minutes",
    from: Purpose::Test,
    is_ready: fuzzer::is_ready,
    install: fuzzer::install,
};

const LINTS: Step = Step {
    what: "rustfmt and clippy",
    why: "the sources keep one form, and the lints stay quiet",
    takes: "20 seconds",
    from: Purpose::Test,
    is_ready: lints::are_ready,
    install: lints::install,
};

const STEPS: [Step; 12] = [
    Step {
        what: "wasm-bindgen",
        why: "joins the app's module to the browser; the same version as the crate",
        takes: "1 minute",
        from: Purpose::Run,
        is_ready: cargo_tools::wasm_bindgen_is_ready,
        install: cargo_tools::install_wasm_bindgen,
    },
    Step {
        what: "Trunk",
        why: "bundles the web app",
        takes: "4 to 10 minutes, the longest step",
        from: Purpose::Run,
        is_ready: cargo_tools::trunk_is_ready,
        install: cargo_tools::install_trunk,
    },
    Step {
        what: "Node",
        why: "runs wasm-opt, and the browser tests",
        takes: "1 minute",
        from: Purpose::Run,
        is_ready: node_packages::node_is_ready,
        install: node_packages::install_node,
    },
    Step {
        what: "wasm-opt",
        why: "makes the app's module small",
        takes: "10 seconds",
        from: Purpose::Run,
        is_ready: node_packages::wasm_opt_is_ready,
        install: node_packages::install_wasm_opt,
    },
    Step {
        what: "Chromium and its driver",
        why: "the browser the tests and measurements drive",
        takes: "1 minute",
        from: Purpose::Bench,
        is_ready: browsers::chromium_is_ready,
        install: browsers::install_chromium,
    },
    Step {
        what: "the browser tests' packages",
        why: "Playwright and axe, as pinned in tests/e2e",
        takes: "10 seconds",
        from: Purpose::Bench,
        is_ready: node_packages::e2e_is_ready,
        install: node_packages::install_e2e,
    },
    Step {
        what: "the measurements' packages",
        why: "what Custody is measured against, as pinned in tests/bench",
        takes: "20 seconds",
        from: Purpose::Bench,
        is_ready: node_packages::bench_is_ready,
        install: node_packages::install_bench,
    },
    Step {
        what: "WebKit and its driver",
        why: "the engine of every iPad",
        takes: "1 minute",
        from: Purpose::Test,
        is_ready: browsers::webkit_is_ready,
        install: browsers::install_webkit,
    },
    Step {
        what: "a screen that is not there",
        why: "WebKit's test browser wants one",
        takes: "20 seconds",
        from: Purpose::Test,
        is_ready: browsers::screen_is_ready,
        install: browsers::install_screen,
    },
    POSTGRES,
    DENY,
    PYTHON,
];

/// Makes the machine ready and returns the compiler to build with.
pub(crate) fn prepare(place: &Place, purpose: Purpose) -> Result<Toolchain, Failure> {
    let mut lock = None;
    let toolchain = prepare_toolchain(place, &mut lock)?;
    for step in STEPS.iter().filter(|step| step.from <= purpose) {
        make_ready(place, step, toolchain, &mut lock)?;
    }
    Ok(toolchain)
}

/// A compiler with formatter and lints, and nothing else.
pub(crate) fn prepare_lints(place: &Place) -> Result<Toolchain, Failure> {
    make_ready(place, &LINTS, Toolchain::Active, &mut None)?;
    Toolchain::for_lints(place).ok_or_else(|| {
        Failure::new(
            "rustfmt and clippy were here a moment ago and are gone",
            "Nothing was run; the sources may or may not be fine.",
            "Run the same command again.",
        )
    })
}

/// The compiler and the database, for tests that need no browser.
pub(crate) fn prepare_native(place: &Place) -> Result<Toolchain, Failure> {
    let mut lock = None;
    let toolchain = prepare_toolchain(place, &mut lock)?;
    make_ready(place, &POSTGRES, toolchain, &mut lock)?;
    Ok(toolchain)
}

/// The compiler and what judges the crates it compiles.
pub(crate) fn prepare_deny(place: &Place) -> Result<Toolchain, Failure> {
    let mut lock = None;
    let toolchain = prepare_toolchain(place, &mut lock)?;
    make_ready(place, &DENY, toolchain, &mut lock)?;
    Ok(toolchain)
}

/// The compiler and what makes inputs up.
pub(crate) fn prepare_fuzzer(place: &Place) -> Result<Toolchain, Failure> {
    let mut lock = None;
    let toolchain = prepare_toolchain(place, &mut lock)?;
    make_ready(place, &FUZZER, toolchain, &mut lock)?;
    Ok(toolchain)
}

fn make_ready(
    place: &Place,
    step: &Step,
    toolchain: Toolchain,
    lock: &mut Option<File>,
) -> Result<(), Failure> {
    if (step.is_ready)(place) {
        return Ok(());
    }
    hold(place, lock)?;
    // Another set-up may have finished this step while we waited for its lock.
    if (step.is_ready)(place) {
        return Ok(());
    }
    announce(step.what, step.why, step.takes);
    let started = Instant::now();
    (step.install)(place, toolchain)?;
    if !(step.is_ready)(place) {
        return Err(Failure::new(
            format!(
                "{} was installed but does not answer as expected",
                step.what
            ),
            "Everything installed before it is kept.",
            format!(
                "Delete {} and run the same command again.",
                place.cache.display()
            ),
        ));
    }
    println!("  ready after {} s", started.elapsed().as_secs());
    Ok(())
}

/// Only the compiler, for stages that need nothing else.
pub(crate) fn prepare_compiler(place: &Place) -> Result<Toolchain, Failure> {
    prepare_toolchain(place, &mut None)
}

fn prepare_toolchain(place: &Place, lock: &mut Option<File>) -> Result<Toolchain, Failure> {
    if let Some(toolchain) = Toolchain::for_wasm(place) {
        return Ok(toolchain);
    }
    hold(place, lock)?;
    if let Some(toolchain) = Toolchain::for_wasm(place) {
        return Ok(toolchain);
    }
    let started = Instant::now();
    let toolchain = wasm_target::install(place)?;
    println!("  ready after {} s", started.elapsed().as_secs());
    Ok(toolchain)
}

fn announce(what: &str, why: &str, takes: &str) {
    println!("Installing {what}: {why}. About {takes}.");
}

/// One set-up at a time: two would write the same folders.
fn hold(place: &Place, lock: &mut Option<File>) -> Result<(), Failure> {
    if lock.is_some() {
        return Ok(());
    }
    let path = place.cache.join("setup.lock");
    let taken = std::fs::create_dir_all(&place.cache).and_then(|()| {
        let file = File::create(&path)?;
        if file.try_lock().is_err() {
            println!("Another set-up is running; waiting for it.");
            file.lock()?;
        }
        Ok(file)
    });
    *lock = Some(taken.map_err(|error| Failure::of_file("locking", &path, &error))?);
    Ok(())
}
