//! Which compiler builds Custody on this machine.
//!
//! In: what is installed. Out: one compiler for host and browser, so that nothing is compiled twice.
//! Must not install anything: `setup::wasm_target` does.

use crate::place::Place;
use crate::process;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name under which Debian's compiler is linked into rustup.
pub(crate) const LINK_NAME: &str = "custody";
/// Where Debian's packages put the compiler.
pub(crate) const DEBIAN_BIN: &str = "/usr/bin";
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A compiler together with its cargo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one that runs this program: rustup's default or whatever is on the search path.
    Active,
    /// rustup's `stable`, wanted only for its formatter and its lints.
    Stable,
    /// Debian's, linked into rustup.
    Linked,
    /// Debian's, on a machine without rustup.
    Debian,
}

impl Toolchain {
    /// A compiler that makes browser modules now, tried by making one.
    pub(crate) fn for_wasm(place: &Place) -> Option<Self> {
        let candidates = if has_rustup() {
            [is_linked().then_some(Self::Linked), Some(Self::Active)]
        } else {
            let debian = Path::new(DEBIAN_BIN).join("rustc").is_file();
            [Some(Self::Active), debian.then_some(Self::Debian)]
        };
        candidates
            .into_iter()
            .flatten()
            .find(|toolchain| toolchain.makes_wasm(place, &[]))
    }

    /// A compiler with formatter and lints. Debian has them in packages of their own.
    pub(crate) fn for_lints(place: &Place) -> Option<Self> {
        let candidates: &[Self] = if has_rustup() {
            &[Self::Active, Self::Stable]
        } else {
            &[Self::Active, Self::Debian]
        };
        candidates.iter().copied().find(|toolchain| {
            ["fmt", "clippy"]
                .iter()
                .all(|tool| process::succeeds(toolchain.cargo(place).args([tool, "--version"])))
        })
    }

    pub(crate) fn cargo(self, place: &Place) -> Command {
        self.program(place, "cargo")
    }

    pub(crate) fn rustc(self, place: &Place) -> Command {
        self.program(place, "rustc")
    }

    fn program(self, place: &Place, name: &str) -> Command {
        let mut command = match self {
            Self::Debian => process::command(Path::new(DEBIAN_BIN).join(name)),
            Self::Active | Self::Stable | Self::Linked => process::command(name),
        };
        self.equip(place, &mut command);
        command
    }

    /// Makes a program that starts cargo by itself, such as Trunk, start this one.
    pub(crate) fn equip(self, place: &Place, command: &mut Command) {
        let first: &[PathBuf] = match self {
            Self::Debian => &[PathBuf::from(DEBIAN_BIN)],
            Self::Active | Self::Stable | Self::Linked => &[],
        };
        command
            .env("PATH", place.search_path(first))
            .env("CARGO_TARGET_DIR", &place.target)
            .current_dir(&place.root);
        match self {
            Self::Active | Self::Debian => {}
            Self::Stable => drop(command.env("RUSTUP_TOOLCHAIN", "stable")),
            Self::Linked => drop(command.env("RUSTUP_TOOLCHAIN", LINK_NAME)),
        }
    }

    /// Compiles and links a module that does nothing but allocate. A marker file would go stale when
    /// the compiler is upgraded under its standard library; this cannot.
    pub(crate) fn makes_wasm(self, place: &Place, flags: &[&str]) -> bool {
        let folder = place.cache.join("probe");
        let source = folder.join("probe.rs");
        let module = folder.join(format!("probe-{}.wasm", std::process::id()));
        let text = "#[unsafe(no_mangle)]\npub extern \"C\" fn probe(n: usize) -> usize {\n    \
                    vec![1u8; n].len()\n}\n";
        let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&source, text));
        if written.is_err() {
            return false;
        }
        let mut rustc = self.rustc(place);
        rustc
            .args([
                "--edition",
                "2024",
                "--crate-type",
                "cdylib",
                "--target",
                WASM,
            ])
            .args(["-Cpanic=abort", "-Cstrip=symbols"])
            .args(flags)
            .arg("-o")
            .arg(&module)
            .arg(&source);
        let made = process::succeeds(&mut rustc);
        // What is left behind is a few kilobytes in the cache, overwritten next time.
        let _ = std::fs::remove_file(&module);
        made
    }
}

pub(crate) fn has_rustup() -> bool {
    process::find_program("rustup").is_some()
}

fn is_linked() -> bool {
    let home = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".rustup")));
    home.is_some_and(|home| {
        home.join("toolchains")
            .join(LINK_NAME)
            .join("bin/rustc")
            .is_file()
    })
}
