//! Managers' passkeys: made, asked, listed, lost and made anew.
//!
//! In: what a person wants, with what was proven. Out: challenges, sessions, lists. Must not: take an assertion for another
//! device, person or address than the one it was asked for, or let one answer count twice.

use domain::custody::passkeys::{PasskeyChange, PasskeysChanged};
use domain::facility::{Device, Role};
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::proof::{
    Assertion, NAME_CHARS_MAX, NewPasskey, PASSKEYS_MAX, PasskeysAct, PasskeysAnswer, PasskeysAsk,
};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{Passkey as Key, WebauthnError};

use super::tokens::Doer;
use super::{Shop, Unavailable, Work};
use crate::log::{Failed, Passkey, ProofKind};

/// The address, and what passkeys of it say.
mod site;
/// That somebody was just there.
pub(super) mod session;
/// Two managers, or one and a code.
mod way_back;
/// What the writer does.
mod turn;

pub use session::SessionToken;
pub use site::Site;

use turn::{Turn, is_manager, key, manager, owner, remember, take};
use way_back::Ground;

/// Who asks, from where.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The device.
    pub device: Device,
    /// The address at which it has the app open; `None`: one that can have no passkeys.
    pub site: Option<Site>,
    /// The session that its browser brought.
    pub session: Option<SessionToken>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Done {
    /// What to tell the device.
    pub answer: PasskeysAnswer,
    /// A session that has begun.
    pub begun: Option<SessionToken>,
    /// The session has ended.
    pub ended: bool,
}

/// Why nothing came of it.
#[derive(Debug)]
pub enum Stopped {
    /// It may not be.
    Denied(Denied),
    /// It could not be tried.
    Unavailable(Unavailable),
}

impl From<DenialCode> for Stopped {
    fn from(code: DenialCode) -> Self {
        Self::Denied(code.into())
    }
}

impl From<Denied> for Stopped {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Unavailable> for Stopped {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

/// What is remembered while a new passkey is being made.
#[derive(Serialize, Deserialize)]
struct Begun {
    ground: Ground,
    given: Vec<u8>,
}

impl Shop {
    /// Something about a person's passkeys.
    ///
    /// # Errors
    /// When it may not be, or could not be tried.
    pub async fn passkeys(&self, asking: Asking, ask: PasskeysAsk) -> Result<Done, Stopped> {
        let PasskeysAsk { actor, pin, act } = ask;
        let answer = match act {
            PasskeysAct::Challenge => self.ask_passkey(asking, actor).await?,
            PasskeysAct::Prove { assertion } => {
                return self.prove_by_passkey(asking, actor, assertion).await;
            }
            PasskeysAct::Begin { code } => {
                self.open_pin(actor, pin).await?;
                self.ask_new_passkey(asking, actor, code).await?
            }
            PasskeysAct::Register { name, made } => {
                return self.keep_passkey(asking, actor, &name, made).await;
            }
            PasskeysAct::List => {
                if !self.has_proven(asking.device, actor).await? {
                    return Err(DenialCode::UnknownActor.into());
                }
                let list =
                    move |work: &mut Work| manager(work, actor, |work| turn::list(work, actor));
                self.change(1, list).await??
            }
            PasskeysAct::Remove { id } => {
                self.open_pin(actor, pin).await?;
                let device = asking.device.id;
                let remove = move |work: &mut Work| turn::remove(work, device, actor, &id);
                self.step_up(asking, actor, remove).await?
            }
            PasskeysAct::Code => {
                self.open_pin(actor, pin).await?;
                let code = move |work: &mut Work| Ok(Ok(turn::with_code(work, actor)?));
                self.step_up(asking, actor, code).await?
            }
            PasskeysAct::Approve { person } => {
                self.open_pin(actor, pin).await?;
                let approve = move |work: &mut Work| turn::approve(work, actor, person);
                self.step_up(asking, actor, approve).await?
            }
            PasskeysAct::End => {
                let device = asking.device.id;
                self.change(1, move |work| session::end(work, device, actor))
                    .await?;
                return Ok(Done {
                    ended: true,
                    ..Done::default()
                });
            }
        };
        Ok(Done {
            answer,
            ..Done::default()
        })
    }

    async fn open_pin(&self, actor: ActorId, pin: Option<String>) -> Result<(), Stopped> {
        let pin = pin.ok_or(DenialCode::Unreadable)?;
        self.pin_opens(actor, pin).await??;
        self.change(1, move |work| work.log().set_failures(actor, 0))
            .await?;
        Ok(())
    }

    /// Does what needs a passkey's assertion of the last minute, whatever the shop asks of the role. The PIN was proven.
    async fn step_up(
        &self,
        asking: Asking,
        actor: ActorId,
        act: impl FnOnce(&mut Work) -> Turn<PasskeysAnswer> + Send + 'static,
    ) -> Result<PasskeysAnswer, Stopped> {
        let step_up = move |work: &mut Work| {
            let session = asking.session.as_ref();
            if !session::is_fresh(work, asking.device.id, actor, session)? {
                return Ok(Err(DenialCode::PasskeyNeeded));
            }
            manager(work, actor, act)
        };
        Ok(self.change(1, step_up).await??)
    }

    async fn ask_passkey(&self, asking: Asking, actor: ActorId) -> Result<PasskeysAnswer, Stopped> {
        let site = asking.site.ok_or(DenialCode::Nameless)?;
        let device = asking.device.id;
        let ask = move |work: &mut Work| {
            let kept = work.log().passkeys(actor)?;
            let here = kept.iter().filter(|passkey| passkey.rp == site.rp());
            let keys: Vec<Key> = here.map(key).collect::<Result<_, _>>()?;
            if keys.is_empty() {
                return Ok(Err(DenialCode::NoPasskey));
            }
            let (challenge, given) = match site.ask(&keys) {
                Ok(asked) => asked,
                Err(error) => return Ok(Err(impossible(&error))),
            };
            remember(work, ProofKind::Challenge, device, actor, given)?;
            Ok(Ok(PasskeysAnswer {
                challenge: Some(challenge),
                ..PasskeysAnswer::default()
            }))
        };
        let ask = move |work: &mut Work| manager(work, actor, ask);
        Ok(self.change(1, ask).await??)
    }

    async fn prove_by_passkey(
        &self,
        asking: Asking,
        actor: ActorId,
        assertion: Assertion,
    ) -> Result<Done, Stopped> {
        let site = asking.site.ok_or(DenialCode::Nameless)?;
        let device = asking.device.id;
        let take = move |work: &mut Work| take(work, ProofKind::Challenge, device, actor);
        let given = self.change(1, take).await??;
        let verify = move || site.verified(&given, assertion);
        let verified = tokio::task::spawn_blocking(verify).await;
        let verified = verified.map_err(|_| Unavailable::Closed)?;
        let verified = verified.map_err(|error| wrong(&error, actor))?;
        let note = move |work: &mut Work| {
            let note = |work: &mut Work| turn::note(work, device, actor, &verified);
            manager(work, actor, note)
        };
        let begun = self.change(1, note).await??;
        tracing::info!(%device, actor = actor.0, "a passkey proved who is there");
        Ok(Done {
            begun: Some(begun),
            ..Done::default()
        })
    }

    async fn ask_new_passkey(
        &self,
        asking: Asking,
        actor: ActorId,
        code: Option<String>,
    ) -> Result<PasskeysAnswer, Stopped> {
        let Asking {
            device,
            site,
            session,
        } = asking;
        let site = site.ok_or(DenialCode::Nameless)?;
        let ask = move |work: &mut Work| {
            let kept = work.log().passkeys(actor)?;
            let ground = if kept.is_empty() {
                Ground::First
            } else if session::is_fresh(work, device.id, actor, session.as_ref())? {
                Ground::Another
            } else {
                match way_back::ground(work, actor, code.as_deref())? {
                    Ok(ground) => ground,
                    Err(code) => return Ok(Err(code)),
                }
            };
            if ground == Ground::Another && kept.len() >= PASSKEYS_MAX {
                return Ok(Err(DenialCode::Full));
            }
            let there = match ground {
                Ground::First | Ground::Another => kept.into_iter().map(|kept| kept.id).collect(),
                // What was lost may well have been found again by then.
                Ground::Managers | Ground::Code(_) => Vec::new(),
            };
            let (challenge, given) = match site.ask_new(&owner(work, actor), there) {
                Ok(asked) => asked,
                Err(error) => return Ok(Err(impossible(&error))),
            };
            let begun = serde_json::to_vec(&Begun { ground, given });
            let begun = begun.map_err(|_| Failed::Bug)?;
            remember(work, ProofKind::NewPasskey, device.id, actor, begun)?;
            Ok(Ok(PasskeysAnswer {
                challenge: Some(challenge),
                ..PasskeysAnswer::default()
            }))
        };
        let ask = move |work: &mut Work| manager(work, actor, ask);
        Ok(self.change(1, ask).await??)
    }

    async fn keep_passkey(
        &self,
        asking: Asking,
        actor: ActorId,
        name: &str,
        made: NewPasskey,
    ) -> Result<Done, Stopped> {
        let site = asking.site.ok_or(DenialCode::Nameless)?;
        let device = asking.device.id;
        let rp = site.rp().to_owned();
        let take = move |work: &mut Work| take(work, ProofKind::NewPasskey, device, actor);
        let begun = self.change(1, take).await??;
        let verify = move || -> Result<(Ground, Key), WebauthnError> {
            let begun: Begun =
                serde_json::from_slice(&begun).map_err(|_| WebauthnError::Configuration)?;
            Ok((begun.ground, site.made(&begun.given, made)?))
        };
        let verified = tokio::task::spawn_blocking(verify).await;
        let verified = verified.map_err(|_| Unavailable::Closed)?;
        let (ground, key) = verified.map_err(|error| wrong(&error, actor))?;
        let name = visible(name);
        let keep = move |work: &mut Work| {
            let passkey = Passkey {
                id: key.cred_id().clone(),
                actor,
                rp,
                name,
                made: work.now(),
                used: None,
                counter: 0,
                bytes: serde_json::to_vec(&key).map_err(|_| Failed::Bug)?,
            };
            manager(work, actor, |work| {
                turn::keep(work, device, ground, &passkey)
            })
        };
        let (answer, begun) = self.change(1, keep).await??;
        tracing::info!(%device, actor = actor.0, ?ground, "a passkey was registered");
        Ok(Done {
            answer,
            begun: Some(begun),
            ended: false,
        })
    }

    /// A person's passkeys. `None`: there is no such person.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn passkeys_of(&self, actor: ActorId) -> Result<Option<Vec<Passkey>>, Unavailable> {
        self.change(1, move |work| {
            let is_known = work.ledger().actors.contains_key(&actor);
            let passkeys = work.log().passkeys(actor)?;
            Ok(is_known.then_some(passkeys))
        })
        .await
    }

    /// Forgets every passkey of a person, and what hangs on them. Returns how many there were.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn forget_passkeys(&self, actor: ActorId) -> Result<usize, Unavailable> {
        self.change(1, move |work| {
            let forgotten = way_back::forget_all(work, actor, None)?;
            if forgotten > 0 {
                let changed = PasskeysChanged {
                    actor,
                    change: PasskeyChange::Forgotten,
                    device: None,
                    passkey: None,
                    vouched: Vec::new(),
                    by_code: None,
                };
                turn::tell(work, changed)?;
            }
            Ok(forgotten)
        })
        .await
    }

    /// Makes a code that a manager can print, in place of the one before. `None`: the person is no manager.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn recovery_code(
        &self,
        actor: ActorId,
        by: Doer,
    ) -> Result<Option<String>, Unavailable> {
        self.change(1, move |work| {
            if !is_manager(work, actor) {
                return Ok(None);
            }
            way_back::new_code(work, actor, by).map(Some)
        })
        .await
    }

    /// Asks a role for passkeys, or no longer. Returns all that are asked. Only people who have a passkey are.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn demand_passkeys(
        &self,
        role: Role,
        is_asked: bool,
    ) -> Result<Vec<Role>, Unavailable> {
        self.change(1, move |work| {
            let mut roles = session::roles(work)?;
            roles.retain(|known| *known != role);
            if is_asked {
                roles.push(role);
            }
            roles.sort();
            session::set_roles(work, &roles)?;
            Ok(roles)
        })
        .await
    }
}

fn visible(name: &str) -> String {
    let visible = name.chars().filter(|character| !character.is_control());
    let name: String = visible.take(NAME_CHARS_MAX).collect();
    match name.trim() {
        "" => "Passkey".to_owned(),
        name => name.to_owned(),
    }
}

fn wrong(error: &WebauthnError, actor: ActorId) -> DenialCode {
    tracing::warn!(%error, actor = actor.0, "a passkey's answer is not good");
    DenialCode::WrongPasskey
}

fn impossible(error: &WebauthnError) -> DenialCode {
    tracing::error!(%error, "no challenge could be made");
    DenialCode::Unavailable
}
