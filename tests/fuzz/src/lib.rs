//! Any bytes at all, into everything that reads bytes from outside.
//!
//! In: an input, made up by a fuzzer or kept from an earlier day. Out: nothing, or the end of the process. Must not: use
//! anything but the input for chance.
//!
//! `cargo xtask hunt fuzz [TARGET] [--minutes N]` makes inputs up with libFuzzer, which is in `libfuzzer`, a workspace of
//! its own. `tests/corpus.rs` runs every input that was kept in `corpus` through the same functions, on any compiler. A
//! first byte mostly chooses what the rest is read as.

/// Facts: envelopes, and bodies of every kind.
mod facts;
/// What devices and server say to each other.
mod messages;
/// Rows of the view, into a ledger and a replica.
mod rows;
/// Tree heads, witnesses, proofs.
mod heads;
/// The auditor's bundle, in pieces.
mod bundle;
/// Readings, and the small texts inside.
mod codes;
/// Driving licences and identity cards.
mod cards;
/// Pictures with bars.
mod pictures;
/// Files from outside.
mod files;
/// Workbooks, whole or part by part.
mod workbooks;
/// Rule packs and baskets.
mod limits;
/// Two devices that say anything to a server.
mod pushes;
/// What a device writes down, likely and unlikely.
mod acts;

/// Something that reads an input.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, and that of its folder in the corpus.
    pub name: &'static str,
    /// Reads one. Panics when something does not hold.
    pub run: fn(&[u8]),
}

/// All there are.
pub const TARGETS: [Target; 13] = [
    Target {
        name: "facts",
        run: facts::run,
    },
    Target {
        name: "messages",
        run: messages::run,
    },
    Target {
        name: "rows",
        run: rows::run,
    },
    Target {
        name: "heads",
        run: heads::run,
    },
    Target {
        name: "bundle",
        run: bundle::run,
    },
    Target {
        name: "codes",
        run: codes::run,
    },
    Target {
        name: "cards",
        run: cards::run,
    },
    Target {
        name: "pictures",
        run: pictures::run,
    },
    Target {
        name: "files",
        run: files::run,
    },
    Target {
        name: "workbooks",
        run: workbooks::run,
    },
    Target {
        name: "pushes",
        run: pushes::run,
    },
    Target {
        name: "packs",
        run: limits::packs,
    },
    Target {
        name: "baskets",
        run: limits::baskets,
    },
];

/// Runs the target of a name.
///
/// # Panics
/// When there is none of that name, or something does not hold.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("BUG: no such target").run)(input);
}
