//! The real program, started and killed.

use std::io::{BufRead as _, BufReader, Lines};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::server::{At, Folder};

pub(crate) struct Program {
    pub(crate) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Serves the shop in a folder on a free port.
    pub(crate) fn start(folder: &Folder, more: &[&str]) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_custody")), folder, more)
    }

    /// The same by a command that becomes the program.
    pub(crate) fn start_by(mut command: Command, folder: &Folder, more: &[&str]) -> Self {
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.data().path())
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.strip_prefix("Custody is at http://").unwrap();
        Self {
            address: address.trim_end_matches('/').parse().unwrap(),
            lines,
            child,
        }
    }

    /// What it prints, up to and including a line that begins like this.
    pub(crate) fn said_until(&mut self, start: &str) -> Vec<String> {
        let mut said = Vec::new();
        for line in self.lines.by_ref().map(Result::unwrap) {
            said.push(line);
            if said.last().is_some_and(|line| line.starts_with(start)) {
                break;
            }
        }
        said
    }
}

impl At for Program {
    fn at(&self) -> SocketAddr {
        self.address
    }
}

impl Program {
    /// Kills it: nothing is finished, nothing tidied up.
    pub(crate) fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
