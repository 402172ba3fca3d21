//! Whether a record is whole: links, addresses, and what must still be checked against keys.
//!
//! In: events as they were recorded. Out: the first thing that is wrong, or the signatures to check.
//! Must not: believe anything but the bytes.
//!
//! [`links`] looks at one order's chain of custody. The other rooms are about a store's whole log: a tree over it, heads
//! of that tree that the log signs and devices co-sign, and a file for whoever checks it all far from the shop.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::custody::alarm::DeclaredHole;
use crate::event::{Body, Envelope};
use crate::id::{DeviceId, Epoch, Hash, Position};
use crate::sync::message::{OrderChain, Outcome, Recorded};

/// The tree over the log.
pub mod merkle;
/// Its signed heads, and their witnesses.
pub mod checkpoint;
/// The file for an auditor.
pub mod bundle;
/// Its check.
pub mod verify;
/// When it happened, by the server's clock.
pub mod times;

/// What is wrong with a record, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// The event.
    pub position: Position,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Fault {
    /// Its bytes are no event.
    #[n(0)]
    Unreadable,
    /// It does not point to the event before it.
    #[n(1)]
    BrokenLink,
    /// An event between two others is missing.
    #[n(2)]
    Missing,
    /// The positions are not in order.
    #[n(3)]
    OutOfOrder,
    /// The signature is not the device's, or the device is not known. Found by whoever has the keys.
    #[n(4)]
    Signature,
}

/// One event, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its place in the log.
    pub position: Position,
    /// The server's clock when it was recorded.
    pub recorded_at: i64,
    /// The envelope.
    pub envelope: Envelope,
    /// The body, when its kind is known.
    pub body: Option<Body>,
    /// What was signed.
    pub hash: Hash,
    /// The signature to check.
    pub signature: Vec<u8>,
    /// It was applied.
    pub applied: bool,
    /// About the order that was asked for.
    pub subject: bool,
}

/// Reads a chain of custody and checks every link in it. Numbers may be missing only where an event before says so;
/// whoever checks the signatures has to see that the server signed it.
///
/// # Errors
/// With the first event that breaks it.
pub fn links(chain: &OrderChain) -> Result<Vec<Link>, Break> {
    let mut heads: BTreeMap<(DeviceId, Epoch), (u64, Hash)> = BTreeMap::new();
    let mut holes: BTreeMap<(DeviceId, Epoch), DeclaredHole> = BTreeMap::new();
    let mut last = Position(0);
    let mut links = Vec::new();
    for recorded in &chain.events {
        let broken = |fault| Break {
            position: recorded.position,
            fault,
        };
        if recorded.position <= last {
            return Err(broken(Fault::OutOfOrder));
        }
        last = recorded.position;
        let link = read(recorded).ok_or(broken(Fault::Unreadable))?;
        let name = (link.envelope.device, link.envelope.epoch);
        let hole = holes.remove(&name);
        if let Some((seq, hash)) = heads.get(&name) {
            let is_it =
                |hole: &DeclaredHole| (hole.first, hole.until) == (seq + 1, link.envelope.seq);
            let hole = hole.filter(is_it);
            let (seq, hash) = hole.map_or((*seq, *hash), |hole| (hole.until - 1, hole.link));
            if link.envelope.seq != seq + 1 {
                return Err(broken(Fault::Missing));
            }
            if link.envelope.prev != hash {
                return Err(broken(Fault::BrokenLink));
            }
        } else if link.envelope.seq == 0 && link.envelope.prev != Hash::default() {
            return Err(broken(Fault::BrokenLink));
        }
        heads.insert(name, (link.envelope.seq, link.hash));
        if let Some((chain, hole)) = link.declares() {
            holes.insert(chain, hole);
        }
        links.push(link);
    }
    Ok(links)
}

impl Link {
    /// The hole in another chain this event declares, if it was applied and does.
    #[must_use]
    pub fn declares(&self) -> Option<((DeviceId, Epoch), DeclaredHole)> {
        let Some(Body::AlarmRaised(alarm)) = self.body.as_ref().filter(|_| self.applied) else {
            return None;
        };
        let hole = alarm.hole()?;
        Some(((alarm.device, hole.epoch), hole))
    }
}

fn read(recorded: &Recorded) -> Option<Link> {
    let envelope = Envelope::parse(&recorded.event.bytes).ok()?;
    Some(Link {
        position: recorded.position,
        recorded_at: recorded.recorded_at,
        body: Body::parse(envelope.kind, &envelope.body).ok(),
        hash: recorded.event.hash(),
        signature: recorded.event.signature.clone(),
        applied: !matches!(recorded.outcome, Outcome::Quarantined(_)),
        subject: recorded.subject,
        envelope,
    })
}
