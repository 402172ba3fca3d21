//! Where things live: the repository, the cache, the build output.
//!
//! In: the environment. Out: paths.
//! Must not create or delete anything.

use crate::failure::Failure;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folders every command works with, all absolute.
pub(crate) struct Place {
    /// The repository.
    pub(crate) root: PathBuf,
    /// What set-up installs and keeps between runs. Always safe to delete.
    pub(crate) cache: PathBuf,
    /// Cargo's output; outside the repository, so that a fresh clone on a warm machine is quick.
    pub(crate) target: PathBuf,
}

impl Place {
    pub(crate) fn find() -> Result<Self, Failure> {
        // Cargo tells the running program where its package is; the path known to the compiler may be
        // that of another clone which shares the build output.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().map(Path::to_path_buf).unwrap_or(package);
        let cache = cache_home()?.join("custody");
        let target = match env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
            Some(chosen) => std::path::absolute(&chosen)
                .map_err(|error| Failure::of_file("resolving", Path::new(&chosen), &error))?,
            None => cache.join("target"),
        };
        Ok(Self {
            root,
            cache,
            target,
        })
    }

    /// Programs that set-up builds with cargo.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// Packages that set-up installs with npm.
    pub(crate) fn npm(&self) -> PathBuf {
        self.cache.join("npm")
    }

    /// The browser tests.
    pub(crate) fn e2e(&self) -> PathBuf {
        self.root.join("tests").join("e2e")
    }

    /// Requests made up from the server's description.
    pub(crate) fn openapi(&self) -> PathBuf {
        self.root.join("tests").join("openapi")
    }

    /// The measurements.
    pub(crate) fn bench(&self) -> PathBuf {
        self.root.join("tests").join("bench")
    }

    /// The web app as the browser gets it.
    pub(crate) fn web_dist(&self) -> PathBuf {
        self.target.join("web-dist")
    }

    /// What the web app was last built from and came out as.
    pub(crate) fn web_stamp(&self) -> PathBuf {
        self.target.join("web-dist.stamp")
    }

    /// The demo shop's store.
    pub(crate) fn demo(&self) -> PathBuf {
        self.cache.join("demo")
    }

    /// A program that set-up built.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.tools().join("bin").join(program_file(name))
    }

    /// The search path with our pinned tools before whatever the machine has.
    pub(crate) fn search_path(&self, first: &[PathBuf]) -> OsString {
        let mut folders = vec![
            self.tools().join("bin"),
            self.npm().join("node_modules/.bin"),
        ];
        folders.extend_from_slice(first);
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        // A folder name with a colon cannot be on a search path; ours have none unless the home has.
        env::join_paths(folders).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
    }
}

/// The file name of a program on this system.
pub(crate) fn program_file(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

fn cache_home() -> Result<PathBuf, Failure> {
    let named = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    named.or_else(|| env::home_dir().map(|home| home.join(".cache"))).ok_or_else(|| {
        Failure::new(
            "there is no home folder and XDG_CACHE_HOME is not set, so there is no place for tools",
            "Nothing was changed.",
            "Set XDG_CACHE_HOME to a folder you own and run the same command again.",
        )
    })
}
