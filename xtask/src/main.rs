//! The commands the README names: set-up, build, run, test, bench, hunt, simulate.
//!
//! In: words from the command line. Out: a machine that can build Custody, a running demo, a verdict.
//! Must not depend on any crate: this is the first thing a bare machine compiles.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks to the person who started it"
)]

mod request;
mod failure;
mod place;
mod process;
mod progress;
mod toolchain;
mod setup;
mod build;
mod run;
mod test;
mod bench;
mod hunt;
mod fuzz;
mod advisories;
mod simulate;

use crate::{failure::Failure, place::Place, request::Request};
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let request = match request::parse(&words) {
        Ok(request) => request,
        Err(problem) => {
            eprintln!("{problem}\n\n{}", request::USAGE);
            return ExitCode::from(2);
        }
    };
    match carry_out(request) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(request: Request) -> Result<ExitCode, Failure> {
    let place = Place::find()?;
    match request {
        Request::Help => println!("{}", request::USAGE),
        Request::Setup { purpose } => {
            setup::prepare(&place, purpose)?;
            println!("Set-up is complete.");
        }
        Request::Build { flavour } => {
            let toolchain = setup::prepare(&place, setup::Purpose::Run)?;
            let built = build::build(&place, toolchain, flavour)?;
            println!("Server with the app inside it: {}", built.custody.display());
        }
        Request::Run {
            port,
            fresh,
            flavour,
        } => return run::run(&place, port, fresh, flavour),
        Request::Test { names, extra } => return test::test(&place, &names, &extra),
        Request::Bench { names, corpus } => bench::bench(&place, &names, corpus.as_deref())?,
        Request::Hunt { name, times } => hunt::hunt(&place, &name, times)?,
        Request::Fuzz(fuzzing) => fuzz::fuzz(&place, &fuzzing)?,
        Request::Simulate { words } => simulate::simulate(&place, &words)?,
    }
    Ok(ExitCode::SUCCESS)
}
