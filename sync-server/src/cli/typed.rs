//! What nobody else on this machine is to read: it comes over standard input.
//!
//! In: a file, another program, or keys pressed at a terminal that does not show them. Out: bytes. Must not: take any of it
//! as an argument or from the environment, which others on this machine can list.

use std::ffi::OsString;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use sync_server::log::postgres::Address;

/// Reads one: a line where somebody types it, else everything there is. A line end behind it is left out; of what has more
/// bytes than `bytes_max`, one more is taken, so that whoever checks it can say so.
pub(super) fn read(what: &str, bytes_max: usize) -> io::Result<Vec<u8>> {
    let input = io::stdin();
    let mut bytes = Vec::new();
    if input.is_terminal() {
        eprintln!("Type the {what}, then Enter. It is not shown.");
        let shown = unseen::begin()?;
        let read = input.lock().read_until(b'\n', &mut bytes);
        drop(shown);
        read?;
    } else {
        // A line end, of two bytes at most, and one byte more than is taken.
        let most = u64::try_from(bytes_max + 3).unwrap_or(u64::MAX);
        input.lock().take(most).read_to_end(&mut bytes)?;
    }
    for end in [b'\n', b'\r'] {
        if bytes.last() == Some(&end) {
            bytes.pop();
        }
    }
    Ok(bytes)
}

/// What is wrong with arguments that have a database's password in them.
pub(crate) fn password_among(arguments: impl Iterator<Item = OsString>) -> Option<&'static str> {
    let has_one = |argument: OsString| {
        let text = argument.to_string_lossy();
        let address = text.strip_prefix("--database=").unwrap_or(&text);
        Address::parse(address).is_ok_and(|address| address.has_password())
    };
    arguments.skip(1).any(has_one).then_some(
        "others on this machine can read the password in a command line: put the address into the variable \
         CUSTODY_DATABASE, and take another password, for this one was there to be read",
    )
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

/// Elsewhere it comes from a file or another program.
#[cfg(not(unix))]
mod unseen {
    use std::io;

    pub(super) fn begin() -> io::Result<()> {
        Err(io::Error::other(
            "give it from a file: put < FILE behind the command",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_on_the_command_line_is_seen_wherever_it_stands_and_an_address_without_one_is_not()
    {
        let found = |words: &[&str]| password_among(words.iter().map(OsString::from)).is_some();
        assert!(found(&[
            "custody",
            "--database",
            "postgres://ana:plum@db/custody"
        ]));
        assert!(found(&[
            "custody",
            "--database=postgresql://ana:plum@db/custody"
        ]));
        assert!(found(&[
            "custody",
            "--database",
            "host=db user=ana password=plum"
        ]));
        assert!(!found(&[
            "custody",
            "--database",
            "postgres://ana@db/custody"
        ]));
        assert!(!found(&["custody", "user", "add", "--name", "Ana R."]));
    }
}
