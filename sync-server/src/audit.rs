//! The proof for people outside: the log's signed heads, and the file an auditor checks without us.
//!
//! In: the log's events, its tree, the server's key; or such a file. Out: the file; or what is in it. Must not: need a
//! database to check one, or the whole log in memory to make one.

use std::io::{self, Read, Write};

use domain::audit::bundle::{Entry, Facts, Head, MissingNode, Register, Scope, Under, Writer};
use domain::audit::checkpoint::{Checkpoint, KeyRef, Note, Origin};
use domain::audit::merkle::{Frontier, Nodes};
use domain::audit::verify::{Depth, Report, Verifier};
use domain::custody::exception::Exception;
use domain::event::Envelope;
use domain::facility::KeyKind;

use crate::keys::ServerKeys;
use crate::keys::together::Together;
use crate::log::Logged;

/// What a bundle comes to, for people and for programs.
pub mod words;

/// Bytes read at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// Signs the log's head as it is now.
#[must_use]
pub fn sign_head(keys: &ServerKeys, origin: Origin, edge: &Frontier) -> Note {
    let checkpoint = Checkpoint {
        origin,
        size: edge.size(),
        root: edge.root(),
    };
    let key = keys.public();
    let key = KeyRef {
        kind: KeyKind::Ed25519,
        bytes: &key,
    };
    checkpoint.signed(key, &keys.sign(&checkpoint.log_claim()))
}

/// What a bundle says of itself. `register` has been told every fact of the kinds `StoreConfigured`, `ActorAdded` and
/// `DeviceEnrolled` up to the head's size, in the order of the log, and no later one.
#[must_use]
pub fn facts(
    keys: &ServerKeys,
    origin: Origin,
    register: &Register,
    scope: Scope,
    made_at: i64,
) -> Facts {
    Facts {
        store: origin.store,
        incarnation: origin.incarnation,
        shop: register.shop().cloned(),
        log_key_kind: KeyKind::Ed25519,
        log_key: keys.public(),
        scope,
        made_at,
        devices: register.devices().cloned().collect(),
        actors: register.actors().cloned().collect(),
    }
}

/// Why a bundle could not be made.
#[derive(Debug)]
pub enum ExportFailed<E> {
    /// The log could not be read.
    Log(E),
    /// The log's tree is not complete, or the first head is none.
    Tree,
    /// The file could not be written.
    File(io::Error),
}

impl<E: core::fmt::Display> core::fmt::Display for ExportFailed<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Log(error) => write!(f, "{error}"),
            Self::Tree => f.write_str("the log's tree is not complete"),
            Self::File(error) => write!(f, "{error}"),
        }
    }
}

impl<E: core::fmt::Debug + core::fmt::Display> core::error::Error for ExportFailed<E> {}

impl<E> From<MissingNode> for ExportFailed<E> {
    fn from(MissingNode: MissingNode) -> Self {
        Self::Tree
    }
}

/// Writes a bundle: the events of its scope by position, and the exceptions they opened by number. The first head is the
/// one everything is measured by; the others are older, newest first, each with its consistency proof.
///
/// # Errors
/// When the log cannot be read, nodes of its tree are missing, or the file cannot be written.
pub fn export<E>(
    out: &mut impl Write,
    keys: &ServerKeys,
    (facts, heads): (Facts, Vec<Head>),
    nodes: &impl Nodes,
    events: impl IntoIterator<Item = Result<Logged, E>>,
    exceptions: impl IntoIterator<Item = Result<Exception, E>>,
) -> Result<(), ExportFailed<E>> {
    let mut writer = Writer::begin(facts, heads, nodes)?;
    for logged in events {
        let logged = logged.map_err(ExportFailed::Log)?;
        let is_readable = Envelope::parse(&logged.recorded.event.bytes).is_ok();
        // Said only where the event's own bytes cannot.
        let under = (!is_readable).then_some(Under {
            device: logged.chain.device,
            epoch: logged.chain.epoch,
            seq: logged.seq,
        });
        writer.entry(Entry::new(logged.recorded, under))?;
        out.write_all(&writer.take()).map_err(ExportFailed::File)?;
    }
    for exception in exceptions {
        writer.exception(exception.map_err(ExportFailed::Log)?);
        out.write_all(&writer.take()).map_err(ExportFailed::File)?;
    }
    let end = writer.finish(|hash| keys.sign(hash));
    out.write_all(&end).map_err(ExportFailed::File)
}

/// Checks a bundle; `progress` hears of it now and then. `kept`: a head of this log that was kept since an earlier day,
/// which the log has to go on from.
///
/// # Errors
/// When the file cannot be read. What is wrong with a bundle is in the report.
pub fn verify(
    mut file: impl Read,
    depth: Depth,
    kept: Option<Checkpoint>,
    mut progress: impl FnMut(&Report),
) -> io::Result<Report> {
    let verifier = Verifier::new(depth, Together);
    let mut verifier = match kept {
        Some(kept) => verifier.since(kept),
        None => verifier,
    };
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = match file.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 || !verifier.push(&piece[..read]) {
            return Ok(verifier.finish());
        }
        progress(verifier.report());
    }
}
