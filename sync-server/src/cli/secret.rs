//! What other systems gave the shop to prove itself to them.
//!
//! In: arguments, and the secret over standard input. Out: what came of it. Must not: take a secret as an argument, or show
//! one.

use anyhow::Context as _;
use clap::Subcommand;
use sync_server::admin::{Command, Report};
use sync_server::ingest::secrets::BYTES_MAX;

use super::{Data, command, operator, typed};

#[derive(Debug, Subcommand)]
pub(super) enum Secret {
    /// Keep a secret, in place of an earlier one of that name; it is read from standard input
    ///
    /// It is sealed under the server's key before it touches a disk, is never shown again, and is opened only by the part of
    /// the server that needs it. A line end behind it is left out.
    Set {
        #[command(flatten)]
        data: Data,
        /// Its name, such as metrc/ca/user-key
        name: String,
    },
    /// List names, since when each is kept, and a mark to compare
    List(Data),
    /// Forget a secret
    Forget {
        #[command(flatten)]
        data: Data,
        /// Its name
        name: String,
    },
}

/// Does what was asked.
pub(super) fn run(secret: Secret) -> anyhow::Result<Report> {
    match secret {
        Secret::Set { data, name } => {
            let bytes = typed::read("secret", BYTES_MAX);
            let bytes = bytes.context("the secret cannot be read from standard input")?;
            let operator = operator::here();
            command(&data, Command::KeepSecret { name, operator }, &bytes)
        }
        Secret::List(data) => command(&data, Command::ListSecrets, &[]),
        Secret::Forget { data, name } => {
            let operator = operator::here();
            command(&data, Command::ForgetSecret { name, operator }, &[])
        }
    }
}
