//! The way back for whoever has lost every passkey: two other managers, or one and a printed code.
//!
//! In: managers' words, a code. Out: whether they are enough. Must not: let anybody vouch for himself, or a code count twice.

use domain::custody::passkeys::PasskeyChange;
use domain::custody::tokens::{TokenChanged, TokenScope};
use domain::id::{ActorId, Hash};
use domain::sync::enrol::{DenialCode, bare_code};
use domain::sync::proof::{APPROVAL_MS_MAX, APPROVALS_MIN};

use serde::{Deserialize, Serialize};

use super::super::Work;
use super::super::tokens::{self, Doer};
use super::turn::is_manager;
use crate::keys::{random, token_hash};
use crate::log::{Failed, Proof, ProofKind};

/// Groups of four characters in a printed code: a hundred bits, so that a plain hash of it can be kept.
const CODE_GROUPS: usize = 5;

/// What a new passkey rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Ground {
    /// The person has none yet: the PIN.
    First,
    /// One that the person has.
    Another,
    /// Two managers.
    Managers,
    /// A manager and the printed code with this hash.
    Code([u8; 32]),
}

impl Ground {
    /// What a passkey on this ground is in the log.
    pub(super) fn change(self) -> PasskeyChange {
        match self {
            Self::First | Self::Another => PasskeyChange::Made,
            Self::Managers | Self::Code(_) => PasskeyChange::MadeAnew,
        }
    }
}

fn code_hash(actor: ActorId, code: &str) -> Hash {
    let code = bare_code(code);
    token_hash(format!("passkey\n{}\n{code}", actor.0).as_bytes())
}

/// Makes a code to print, in place of the one before.
pub(super) fn new_code(work: &mut Work, actor: ActorId, by: Doer) -> Result<String, Failed> {
    forget(work, ProofKind::Code, actor)?;
    let code = random::code(CODE_GROUPS);
    work.log().put_proof(&Proof {
        kind: ProofKind::Code,
        id: code_hash(actor, &code),
        actor,
        device: None,
        expires: i64::MAX,
        bytes: Vec::new(),
    })?;
    let made = TokenChanged {
        whose: Some(actor),
        ..TokenChanged::made("", TokenScope::Recovery)
    };
    tokens::tell(work, by, made)?;
    Ok(code)
}

/// Whether the person has a code to print somewhere.
pub(super) fn has_code(work: &Work, actor: ActorId) -> Result<bool, Failed> {
    Ok(!work.log().proofs_of(ProofKind::Code, actor)?.is_empty())
}

/// Forgets all of one kind that a person has.
pub(super) fn forget(work: &Work, kind: ProofKind, actor: ActorId) -> Result<(), Failed> {
    for proof in work.log().proofs_of(kind, actor)? {
        work.log().forget_proof(kind, proof.id)?;
    }
    Ok(())
}

/// One manager vouches for another. Returns how many have by now.
pub(super) fn approve(work: &Work, approver: ActorId, person: ActorId) -> Result<usize, Failed> {
    let names = [approver.0.to_be_bytes(), person.0.to_be_bytes()].concat();
    work.log().put_proof(&Proof {
        kind: ProofKind::Approval,
        id: Hash::of(&[b"custody-passkey-approval-1\n", names.as_slice()]),
        actor: person,
        device: None,
        expires: work.now() + APPROVAL_MS_MAX,
        bytes: approver.0.to_be_bytes().to_vec(),
    })?;
    Ok(approvers(work, person)?.len())
}

/// The managers whose word still counts.
pub(super) fn approvers(work: &Work, person: ActorId) -> Result<Vec<ActorId>, Failed> {
    let now = work.now();
    let mut approvers = Vec::new();
    for approval in work.log().proofs_of(ProofKind::Approval, person)? {
        let bytes = <[u8; 4]>::try_from(approval.bytes.as_slice())
            .map_err(|_| Failed::Damaged("an approval"))?;
        let approver = ActorId(u32::from_be_bytes(bytes));
        if approval.expires >= now && approver != person && is_manager(work, approver) {
            approvers.push(approver);
        }
    }
    Ok(approvers)
}

/// What a way back can rest on; if on nothing, why.
pub(super) fn ground(
    work: &Work,
    actor: ActorId,
    code: Option<&str>,
) -> Result<Result<Ground, DenialCode>, Failed> {
    let approvals = approvers(work, actor)?.len();
    let Some(code) = code else {
        return Ok(match approvals {
            0 => Err(DenialCode::PasskeyNeeded),
            few if few < APPROVALS_MIN => Err(DenialCode::NotApproved),
            _ => Ok(Ground::Managers),
        });
    };
    let hash = code_hash(actor, code);
    if work.log().proof(ProofKind::Code, hash)?.is_none() {
        return Ok(Err(DenialCode::WrongCode));
    }
    Ok(match approvals {
        0 => Err(DenialCode::NotApproved),
        _ => Ok(Ground::Code(hash.0)),
    })
}

/// Whether what a new passkey was begun on still counts.
pub(super) fn counts(work: &Work, actor: ActorId, ground: Ground) -> Result<bool, Failed> {
    let approvals = approvers(work, actor)?.len();
    Ok(match ground {
        // One that was begun twice would be a second one with nothing but a PIN.
        Ground::First => work.log().passkeys(actor)?.is_empty(),
        Ground::Another => true,
        Ground::Managers => approvals >= APPROVALS_MIN,
        Ground::Code(hash) => {
            let code = work.log().proof(ProofKind::Code, Hash(hash))?;
            approvals > 0 && code.is_some()
        }
    })
}

/// Uses a way back up: what was lost proves nothing any more, nor does what led back.
pub(super) fn use_up(
    work: &Work,
    actor: ActorId,
    ground: Ground,
    new: &[u8],
) -> Result<(), Failed> {
    match ground {
        Ground::First | Ground::Another => Ok(()),
        Ground::Managers | Ground::Code(_) => forget_all(work, actor, Some(new)).map(drop),
    }
}

/// Forgets every passkey of a person but one, and all that hangs on them. Returns how many there were.
pub(super) fn forget_all(work: &Work, actor: ActorId, but: Option<&[u8]>) -> Result<usize, Failed> {
    let mut forgotten = 0;
    for passkey in work.log().passkeys(actor)? {
        if but != Some(passkey.id.as_slice()) {
            work.log().forget_passkey(actor, &passkey.id)?;
            forgotten += 1;
        }
    }
    for kind in [
        ProofKind::Challenge,
        ProofKind::NewPasskey,
        ProofKind::Session,
        ProofKind::Approval,
        ProofKind::Code,
    ] {
        forget(work, kind, actor)?;
    }
    Ok(forgotten)
}
