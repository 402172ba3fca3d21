//! A manager's session: that a passkey has just proven who is there.
//!
//! In: an opaque number of 256 bits, once. Out: whether it still proves something. Must not: keep the number itself, or let
//! it count on another device than the one that it was given to.

use domain::event::encode;
use domain::facility::Role;
use domain::id::{ActorId, DeviceId};
use domain::sync::proof::{FRESH_MS_MAX, SESSION_IDLE_MS_MAX, SESSION_MS_MAX};
use minicbor::{Decode, Encode};

use super::super::Work;
use crate::keys::{random, token_hash};
use crate::log::{Failed, Proof, ProofKind};

/// Where the shop keeps whom it asks for passkeys.
const ROLES: &str = "passkey_roles";
/// Whom it asks when nobody has said otherwise. Nobody is asked before the first passkey is there, so an update locks nobody
/// out.
const ROLES_USUAL: [Role; 3] = [
    Role::InventoryManager,
    Role::ComplianceOfficer,
    Role::GeneralManager,
];

/// What a browser brings back. It is worth nothing without the key of the device that it was given to.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(pub [u8; 32]);

impl core::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

/// When a session was begun, and when a passkey last proved who is there.
#[derive(Clone, Copy, Debug, Encode, Decode)]
struct Times {
    #[n(0)]
    begun: i64,
    #[n(1)]
    asserted: i64,
}

/// Begins a session, in place of the person's earlier ones on the device.
pub(super) fn begin(work: &Work, device: DeviceId, actor: ActorId) -> Result<SessionToken, Failed> {
    end(work, device, actor)?;
    let token = SessionToken(random::bytes());
    let now = work.now();
    let times = Times {
        begun: now,
        asserted: now,
    };
    work.log().put_proof(&Proof {
        kind: ProofKind::Session,
        id: token_hash(&token.0),
        actor,
        device: Some(device),
        expires: now + SESSION_IDLE_MS_MAX,
        bytes: encode(&times),
    })?;
    Ok(token)
}

/// Ends a person's sessions on a device.
pub(super) fn end(work: &Work, device: DeviceId, actor: ActorId) -> Result<(), Failed> {
    for session in work.log().proofs_of(ProofKind::Session, actor)? {
        if session.device == Some(device) {
            work.log().forget_proof(session.kind, session.id)?;
        }
    }
    Ok(())
}

/// Ends all of a person's sessions.
pub(in crate::ingest) fn end_all(work: &Work, actor: ActorId) -> Result<(), Failed> {
    for session in work.log().proofs_of(ProofKind::Session, actor)? {
        work.log().forget_proof(session.kind, session.id)?;
    }
    Ok(())
}

/// Whether a passkey of this person has just proven something on this device. A session that is used lasts on.
pub(in crate::ingest) fn is_fresh(
    work: &Work,
    device: DeviceId,
    actor: ActorId,
    token: Option<&SessionToken>,
) -> Result<bool, Failed> {
    let Some(token) = token else {
        return Ok(false);
    };
    let id = token_hash(&token.0);
    let Some(session) = work.log().proof(ProofKind::Session, id)? else {
        return Ok(false);
    };
    let now = work.now();
    let is_theirs = session.actor == actor && session.device == Some(device);
    let times: Times =
        minicbor::decode(&session.bytes).map_err(|_| Failed::Damaged("a session"))?;
    let ends = times.begun + SESSION_MS_MAX;
    if !is_theirs || session.expires < now || ends < now {
        return Ok(false);
    }
    work.log().put_proof(&Proof {
        expires: ends.min(now + SESSION_IDLE_MS_MAX),
        ..session
    })?;
    // A clock that was put back proves nothing.
    Ok((0..=FRESH_MS_MAX).contains(&(now - times.asserted)))
}

/// Whether a person is asked for a passkey: the shop asks the role for one, and the person has one.
pub(in crate::ingest) fn is_asked(work: &Work, actor: ActorId) -> Result<bool, Failed> {
    let Some(role) = work.ledger().actors.get(&actor).map(|actor| actor.role) else {
        return Ok(false);
    };
    Ok(roles(work)?.contains(&role) && !work.log().passkeys(actor)?.is_empty())
}

/// Whom the shop asks for passkeys.
pub(super) fn roles(work: &Work) -> Result<Vec<Role>, Failed> {
    match work.log().meta(ROLES)? {
        None => Ok(ROLES_USUAL.to_vec()),
        Some(bytes) => {
            minicbor::decode(&bytes).map_err(|_| Failed::Damaged("whom to ask for passkeys"))
        }
    }
}

/// Says whom the shop asks for passkeys.
pub(super) fn set_roles(work: &Work, roles: &[Role]) -> Result<(), Failed> {
    work.log().set_meta(ROLES, &encode(&roles.to_vec()))
}
