//! The demo shop, from nothing to an address in the browser.
//!
//! In: a port. Out: the server itself takes over this process.
//! Must not delete a shop unless asked, and never any but the demo's.

use crate::build::{self, Flavour};
use crate::failure::Failure;
use crate::place::Place;
use crate::{process, setup};
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, ExitCode};

pub(crate) fn run(
    place: &Place,
    port: u16,
    fresh: bool,
    flavour: Flavour,
) -> Result<ExitCode, Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // Asked first: nobody wants to wait for a build to learn this.
    refuse_a_taken_port(address)?;
    let toolchain = setup::prepare(place, setup::Purpose::Run)?;
    let built = build::build(place, toolchain, flavour)?;
    let demo = place.demo();
    if fresh {
        println!("Starting the demo shop anew.");
        match fs::remove_dir_all(&demo) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Failure::of_file("removing", &demo, &error));
            }
            _ => {}
        }
    }
    let mut custody = process::command(&built.custody);
    custody
        .current_dir(&place.root)
        .args(["serve", "--demo", "--data"])
        .arg(&demo);
    custody.args(["--listen", &address.to_string()]);
    take_over(custody)
}

fn refuse_a_taken_port(address: SocketAddr) -> Result<(), Failure> {
    TcpListener::bind(address).map(drop).map_err(|error| {
        Failure::new(
            format!("{address} cannot be used: {error}"),
            "Nothing was changed, and whatever listens there goes on.",
            "Stop the other program or choose another port: cargo xtask run --port N",
        )
    })
}

/// The server becomes this process: Ctrl-C reaches it directly and its exit status is ours.
#[cfg(unix)]
fn take_over(mut custody: Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    let error = custody.exec();
    Err(did_not_start(&custody, &error))
}

#[cfg(not(unix))]
fn take_over(mut custody: Command) -> Result<ExitCode, Failure> {
    match custody.status() {
        Ok(status) if status.success() => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::FAILURE),
        Err(error) => Err(did_not_start(&custody, &error)),
    }
}

fn did_not_start(custody: &Command, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("`{}` could not start: {error}", process::line(custody)),
        "The demo shop's data is as it was.",
        "Run the same command again; it builds the server if it is gone.",
    )
}
