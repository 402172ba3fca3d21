//! What other systems gave the shop to prove itself to them.
//!
//! In: arguments, and the secret over standard input. Out: what came of it. Must not: take a secret as an argument or from
//! the environment, where others on this machine read it; nor show one.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use anyhow::Context as _;
use clap::Subcommand;
use sync_server::admin::{Command, Report};
use sync_server::ingest::secrets::BYTES_MAX;

use super::{Data, command};

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
            let bytes = read().context("the secret cannot be read from standard input")?;
            command(&data, Command::KeepSecret { name }, &bytes)
        }
        Secret::List(data) => command(&data, Command::ListSecrets, &[]),
        Secret::Forget { data, name } => command(&data, Command::ForgetSecret { name }, &[]),
    }
}

/// Reads a secret: one line where somebody types it, else everything there is.
fn read() -> io::Result<Vec<u8>> {
    let input = io::stdin();
    let mut bytes = Vec::new();
    if input.is_terminal() {
        eprintln!("Type the secret, then Enter. It is not shown.");
        let shown = unseen::begin()?;
        let read = input.lock().read_until(b'\n', &mut bytes);
        drop(shown);
        read?;
    } else {
        // One byte more than is taken, so that what is too long is said to be.
        let most = u64::try_from(BYTES_MAX + 3).unwrap_or(u64::MAX);
        input.lock().take(most).read_to_end(&mut bytes)?;
    }
    for end in [b'\n', b'\r'] {
        if bytes.last() == Some(&end) {
            bytes.pop();
        }
    }
    Ok(bytes)
}

/// A terminal that does not show what is typed.
#[cfg(unix)]
mod unseen {
    use std::io;

    use rustix::stdio::stdin;
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Until this goes.
    pub(super) struct Unseen(Termios);

    pub(super) fn begin() -> io::Result<Unseen> {
        let before = tcgetattr(stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Unseen(before))
    }

    impl Drop for Unseen {
        fn drop(&mut self) {
            // A terminal that is gone shows nothing any more.
            let _ended = tcsetattr(stdin(), OptionalActions::Flush, &self.0);
        }
    }
}

/// Elsewhere a secret comes from a file or another program.
#[cfg(not(unix))]
mod unseen {
    use std::io;

    pub(super) fn begin() -> io::Result<()> {
        Err(io::Error::other(
            "give it from a file: custody secret set NAME < FILE",
        ))
    }
}
