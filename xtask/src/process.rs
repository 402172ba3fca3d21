//! Starting other programs.
//!
//! In: a program and its arguments. Out: its answer, or a sentence about how it ended.
//! Must not leak what cargo set for this very program: another compiler would read it as its own.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What `cargo run` adds to the environment; none of it is meant for the programs we start.
const FROM_CARGO: [&str; 4] = [
    "CARGO",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
];
const LIBRARY_PATHS: [&str; 2] = ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];

/// A program to start, in the environment the person had before cargo started us.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in FROM_CARGO {
        command.env_remove(name);
    }
    for (name, _) in env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_"))
        {
            command.env_remove(name);
        }
    }
    for name in LIBRARY_PATHS {
        if let Some(value) = env::var_os(name) {
            match without_compiler_folders(&value) {
                Some(rest) => command.env(name, rest),
                None => command.env_remove(name),
            };
        }
    }
    command
}

/// Cargo prepends the compiler's and our own folders to the library path; the rest is the person's.
fn without_compiler_folders(value: &OsStr) -> Option<OsString> {
    let own = env::current_exe()
        .ok()
        .and_then(|path| path.parent().map(Path::to_path_buf));
    let kept: Vec<PathBuf> = env::split_paths(value)
        .filter(|path| !path.as_os_str().is_empty())
        .filter(|path| !own.as_ref().is_some_and(|own| path.starts_with(own)))
        .filter(|path| {
            !path
                .iter()
                .any(|part| part == "toolchains" || part == "rustlib")
        })
        .collect();
    if kept.is_empty() {
        None
    } else {
        env::join_paths(kept).ok()
    }
}

/// The first program of that name on the search path.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let file = crate::place::program_file(name);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| {
            // A folder on the path may hold a dangling link or a sub-folder of that name.
            path.is_file()
        })
}

/// What the program printed, when it succeeded. Its complaints are not shown.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Whether the program succeeds, silently.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs the program in the open: the person sees its output as it comes.
pub(crate) fn show(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` ended with {status}", line(command))),
        Err(error) => Err(format!("`{}` could not start: {error}", line(command))),
    }
}

/// The command as a person would type it, without its environment.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compilers_own_library_folders_are_not_handed_on() {
        let joined = env::join_paths(["/u/.rustup/toolchains/x/lib", "/opt/vendor/lib"]).unwrap();
        assert_eq!(
            without_compiler_folders(&joined),
            Some(OsString::from("/opt/vendor/lib"))
        );
        let only_ours = OsString::from("/u/.rustup/toolchains/x/lib");
        assert_eq!(without_compiler_folders(&only_ours), None);
    }

    #[test]
    fn a_command_is_shown_the_way_a_person_would_type_it() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["test", "--workspace"]);
        assert_eq!(line(&command), "cargo test --workspace");
    }
}
