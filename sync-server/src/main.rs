//! The program `custody`: the server of one shop and the commands of whoever runs it.
//!
//! In: arguments. Out: what was done, on standard output; what went wrong, on standard error. Must not: do
//! anything the library cannot do.

use std::process::ExitCode;

use clap::Parser as _;

/// The commands.
mod cli;

fn main() -> ExitCode {
    cli::run(cli::Arguments::parse())
}
