//! How a running server takes commands: a socket on this machine, and a file only its owner reads that says
//! where it is and holds the token for it.
//!
//! In: one line of JSON, then the bytes of a file, then the end of the stream. Out: the report as JSON.
//! Must not: listen on anything but the loopback address, or do anything without the token.
//!
//! It is a socket of its own rather than a route, so that nothing of it can be reached from the network
//! whatever stands in front of the server; and TCP rather than a Unix socket, so that it is the same everywhere.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Command, Report, run};
use crate::config::DataDir;
use crate::import::table::FILE_BYTES_MAX;
use crate::ingest::Shop;
use crate::ingest::secrets::Secret;
use crate::keys::{random, token_hash};

/// Bytes of a command besides its file.
const COMMAND_BYTES_MAX: usize = 65_536;
/// Time a command may take to arrive.
const ARRIVAL_MAX: Duration = Duration::from_secs(60);
/// Time a server on this machine has to take a line.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// What stands in the file.
#[derive(Debug, Serialize, Deserialize)]
struct Address {
    port: u16,
    token: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Request {
    token: String,
    command: Command,
}

/// The server's end of the channel.
#[derive(Debug)]
pub struct Channel {
    listener: TcpListener,
    token: String,
}

/// Whether a server takes commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// It does.
    Yes,
    /// There is none.
    No,
    /// There was one, which has not said that it ended.
    NoMore,
}

/// Whether a server takes commands for a shop. Blocks for a moment.
#[must_use]
pub fn answers(dir: &DataDir) -> Answers {
    let Ok(bytes) = fs::read(dir.admin_file()) else {
        return Answers::No;
    };
    let Ok(address) = serde_json::from_slice::<Address>(&bytes) else {
        return Answers::NoMore;
    };
    let place = (Ipv4Addr::LOCALHOST, address.port).into();
    match TcpStream::connect_timeout(&place, ANSWER_MAX) {
        Ok(_) => Answers::Yes,
        Err(_) => Answers::NoMore,
    }
}

impl Channel {
    /// Opens the channel and says in the data directory where it is.
    ///
    /// # Errors
    /// When there is no free port or the directory cannot be written.
    pub async fn open(dir: &DataDir) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let token = random::hex(&random::bytes::<32>());
        let address = Address {
            port: listener.local_addr()?.port(),
            token: token.clone(),
        };
        write_private(&dir.admin_file(), &serde_json::to_vec(&address)?)?;
        Ok(Self { listener, token })
    }

    /// Takes commands, one after the other, until the server stops.
    pub async fn serve(self, shop: Shop, mut stopping: watch::Receiver<bool>) {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            let Ok((mut stream, _)) = accepted else {
                continue;
            };
            let arrived = tokio::time::timeout(ARRIVAL_MAX, self.read(&mut stream)).await;
            let report = match arrived {
                Ok(Ok((command, arrived, file))) => {
                    match run(&shop, command, &arrived.reveal()[file..]).await {
                        Ok(report) => report,
                        Err(error) => {
                            tracing::error!(%error, "a command failed");
                            Report::refused(error.to_string())
                        }
                    }
                }
                Ok(Err(error)) => Report::refused(error.to_string()),
                Err(_) => Report::refused("The command took too long to arrive."),
            };
            let answer = serde_json::to_vec(&report).unwrap_or_default();
            // Whoever asked may have gone away.
            drop(stream.write_all(&answer).await);
            drop(stream.shutdown().await);
        }
    }

    /// A command, what arrived, and where in it the file begins: it may be a secret, of which nothing stays in the memory.
    async fn read(
        &self,
        stream: &mut tokio::net::TcpStream,
    ) -> io::Result<(Command, Secret, usize)> {
        let limit = u64::try_from(FILE_BYTES_MAX + COMMAND_BYTES_MAX).unwrap_or(u64::MAX);
        // Room for any secret: a list that grows leaves what it was behind.
        let mut bytes = Vec::with_capacity(COMMAND_BYTES_MAX);
        stream.take(limit).read_to_end(&mut bytes).await?;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let end = end.ok_or_else(|| io::Error::other("not a command"))?;
        let bytes = Secret::new(bytes);
        let request: Request = serde_json::from_slice(&bytes.reveal()[..end])?;
        // Hashes are compared, so that the time it takes says nothing about the token.
        if token_hash(request.token.as_bytes()) != token_hash(self.token.as_bytes()) {
            return Err(io::Error::other("the token is wrong"));
        }
        Ok((request.command, bytes, end + 1))
    }
}

/// Sends a command to the server that has a shop open.
///
/// # Errors
/// When it cannot be reached.
pub fn send(dir: &DataDir, command: Command, file: &[u8]) -> io::Result<Report> {
    let address: Address = serde_json::from_slice(&fs::read(dir.admin_file())?)?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, address.port))?;
    let request = Request {
        token: address.token,
        command,
    };
    let mut line = serde_json::to_vec(&request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    stream.write_all(file)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(serde_json::from_slice(&answer)?)
}

/// Writes a file that only this user reads, in place of an earlier one.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(path: &std::path::Path, bytes: &[u8]) -> io::Result<()> {
    // A file that is there keeps its own rights; a new one gets the right ones.
    if path.exists() {
        fs::remove_file(path)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
