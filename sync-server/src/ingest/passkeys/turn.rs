//! What the writer does about passkeys while it is its turn.
//!
//! In: what was verified. Out: what is kept and told. Must not: verify anything; that takes longer than a turn may.

use domain::custody::passkeys::{PasskeyChange, PasskeysChanged, passkey_hash};
use domain::id::{ActorId, DeviceId, Hash};
use domain::sync::enrol::DenialCode;
use domain::sync::proof::{CHALLENGE_MS_MAX, PasskeysAnswer};
use domain::time::Millis;
use webauthn_rs::prelude::{AuthenticationResult, Passkey as Key};

use super::super::tokens::Doer;
use super::super::{ServerFact, Work};
use super::session::{self, SessionToken};
use super::site::Owner;
use super::way_back::{self, Ground};
use crate::log::{Failed, Passkey, Proof, ProofKind};

/// What a turn of the writer comes to: a denial is no failure, and what was used up for it stays used up.
pub(super) type Turn<T> = Result<Result<T, DenialCode>, Failed>;

/// Whether a person works here and has passkeys by role.
pub(super) fn is_manager(work: &Work, actor: ActorId) -> bool {
    let known = work.ledger().actors.get(&actor);
    actor != ActorId::SERVER && known.is_some_and(|one| one.active && one.role.has_passkeys())
}

/// Does something for a manager, and nothing for anybody else.
pub(super) fn manager<T>(
    work: &mut Work,
    actor: ActorId,
    act: impl FnOnce(&mut Work) -> Turn<T>,
) -> Turn<T> {
    if is_manager(work, actor) {
        act(work)
    } else {
        Ok(Err(DenialCode::UnknownActor))
    }
}

/// There is one challenge of a kind for each person on each device; a new one takes the place of the one before.
pub(super) fn challenge_id(device: DeviceId, actor: ActorId) -> Hash {
    Hash::of(&[
        b"custody-passkey-challenge-1\n",
        &device.0,
        &actor.0.to_be_bytes(),
    ])
}

pub(super) fn remember(
    work: &Work,
    kind: ProofKind,
    device: DeviceId,
    actor: ActorId,
    bytes: Vec<u8>,
) -> Result<(), Failed> {
    work.log().forget_expired(work.now())?;
    work.log().put_proof(&Proof {
        kind,
        id: challenge_id(device, actor),
        actor,
        device: Some(device),
        expires: work.now() + CHALLENGE_MS_MAX,
        bytes,
    })
}

/// Takes a challenge away, whatever the answer to it is worth.
pub(super) fn take(
    work: &Work,
    kind: ProofKind,
    device: DeviceId,
    actor: ActorId,
) -> Turn<Vec<u8>> {
    let id = challenge_id(device, actor);
    let given = work.log().proof(kind, id)?;
    work.log().forget_proof(kind, id)?;
    let given = given.filter(|given| given.expires >= work.now());
    Ok(given
        .map(|given| given.bytes)
        .ok_or(DenialCode::WrongPasskey))
}

/// Notes what a passkey has proven, and begins a session.
pub(super) fn note(
    work: &Work,
    device: DeviceId,
    actor: ActorId,
    verified: &AuthenticationResult,
) -> Turn<SessionToken> {
    let kept = work.log().passkeys(actor)?;
    let Some(passkey) = kept.iter().find(|kept| &kept.id == verified.cred_id()) else {
        return Ok(Err(DenialCode::WrongPasskey));
    };
    let counter = verified.counter();
    let counts = counter > 0 || passkey.counter > 0;
    if counts && counter <= passkey.counter {
        tracing::error!(actor = actor.0, passkey = %passkey.name, "a passkey counts backwards: there is a copy of it");
        return Ok(Err(DenialCode::WrongPasskey));
    }
    let mut key = key(passkey)?;
    key.update_credential(verified);
    let bytes = serde_json::to_vec(&key).map_err(|_| Failed::Bug)?;
    work.log()
        .note_passkey(&passkey.id, work.now(), counter, &bytes)?;
    session::begin(work, device, actor).map(Ok)
}

pub(super) fn keep(
    work: &mut Work,
    device: DeviceId,
    ground: Ground,
    passkey: &Passkey,
) -> Turn<(PasskeysAnswer, SessionToken)> {
    let actor = passkey.actor;
    if !way_back::counts(work, actor, ground)? {
        return Ok(Err(match ground {
            Ground::First | Ground::Another => DenialCode::PasskeyNeeded,
            Ground::Managers | Ground::Code(_) => DenialCode::NotApproved,
        }));
    }
    if !work.log().put_passkey(passkey)? {
        return Ok(Err(DenialCode::WrongPasskey));
    }
    let mut vouched = match ground {
        Ground::First | Ground::Another => Vec::new(),
        Ground::Managers | Ground::Code(_) => way_back::approvers(work, actor)?,
    };
    vouched.sort_unstable();
    way_back::use_up(work, actor, ground, &passkey.id)?;
    tell(
        work,
        PasskeysChanged {
            actor,
            change: ground.change(),
            device: Some(device),
            passkey: Some(passkey_hash(&passkey.id)),
            vouched,
            by_code: matches!(ground, Ground::Code(_)).then_some(true),
        },
    )?;
    let begun = session::begin(work, device, actor)?;
    let mut answer = listed(work, actor)?;
    if !way_back::has_code(work, actor)? {
        answer.code = Some(way_back::new_code(work, actor, Doer::person(actor))?);
    }
    Ok(Ok((answer, begun)))
}

pub(super) fn list(work: &Work, actor: ActorId) -> Turn<PasskeysAnswer> {
    listed(work, actor).map(Ok)
}

pub(super) fn listed(work: &Work, actor: ActorId) -> Result<PasskeysAnswer, Failed> {
    let kept = work.log().passkeys(actor)?.into_iter();
    let told = kept.map(|passkey| domain::sync::proof::Passkey {
        id: passkey.id,
        name: passkey.name,
        rp: passkey.rp,
        made: Millis(passkey.made),
        used: passkey.used.map(Millis),
    });
    Ok(PasskeysAnswer {
        passkeys: told.collect(),
        ..PasskeysAnswer::default()
    })
}

pub(super) fn with_code(work: &mut Work, actor: ActorId) -> Result<PasskeysAnswer, Failed> {
    Ok(PasskeysAnswer {
        code: Some(way_back::new_code(work, actor, Doer::person(actor))?),
        ..listed(work, actor)?
    })
}

/// Puts on record what became of a person's passkeys.
pub(super) fn tell(work: &mut Work, changed: PasskeysChanged) -> Result<(), Failed> {
    work.record(ServerFact::plain(changed)).map(drop)
}

pub(super) fn remove(
    work: &mut Work,
    device: DeviceId,
    actor: ActorId,
    id: &[u8],
) -> Turn<PasskeysAnswer> {
    if !work.log().forget_passkey(actor, id)? {
        return Ok(Err(DenialCode::NotFound));
    }
    tell(
        work,
        PasskeysChanged {
            actor,
            change: PasskeyChange::Removed,
            device: Some(device),
            passkey: Some(passkey_hash(id)),
            vouched: Vec::new(),
            by_code: None,
        },
    )?;
    tracing::info!(actor = actor.0, "a passkey was removed");
    list(work, actor)
}

pub(super) fn approve(work: &Work, actor: ActorId, person: ActorId) -> Turn<PasskeysAnswer> {
    if actor == person {
        return Ok(Err(DenialCode::NotApproved));
    }
    if !is_manager(work, person) || work.log().passkeys(person)?.is_empty() {
        return Ok(Err(DenialCode::NotFound));
    }
    let approvals = way_back::approve(work, actor, person)?;
    tracing::info!(
        actor = actor.0,
        person = person.0,
        approvals,
        "a way back was approved"
    );
    Ok(Ok(PasskeysAnswer {
        approvals: u32::try_from(approvals).ok(),
        ..PasskeysAnswer::default()
    }))
}

/// Who a new passkey is for. The number is the same for the same person, so that an authenticator that keeps one passkey
/// a person keeps no two.
pub(super) fn owner(work: &Work, actor: ActorId) -> Owner {
    let store = work.identity().store;
    let number = actor.0.to_be_bytes();
    let hash = Hash::of(&[b"custody-passkey-person-1\n", &store.0, &number]);
    let mut id = [0; 16];
    id.copy_from_slice(&hash.0[..16]);
    let known = work.ledger().actors.get(&actor);
    let name = known.map(|known| known.name.clone()).unwrap_or_default();
    Owner { id, name }
}

pub(super) fn key(passkey: &Passkey) -> Result<Key, Failed> {
    serde_json::from_slice(&passkey.bytes).map_err(|_| Failed::Damaged("a passkey"))
}
