//! Managers' passkeys on this device: asked for when the server wants one, made, listed, lost.
//!
//! In: a person, a PIN. Out: a session that the browser keeps, what the server said. Must not: ask an authenticator for
//! anything that the server did not.

use domain::id::ActorId;
use domain::sync::enrol::DenialCode;
use domain::sync::proof::{PasskeysAct, PasskeysAnswer, PasskeysAsk};
use leptos::prelude::GetUntracked as _;

use super::SignInFailed;
use crate::device::{Device, Phase};
use crate::platform::passkey;
use crate::sync::http::HttpFailed;

/// Whether the server wants a passkey first.
pub(super) fn is_wanted(failed: &HttpFailed) -> bool {
    matches!(failed, HttpFailed::Denied(denied) if denied.code == DenialCode::PasskeyNeeded)
}

impl Device {
    async fn passkeys(
        &'static self,
        actor: ActorId,
        pin: Option<&str>,
        act: PasskeysAct,
    ) -> Result<PasskeysAnswer, HttpFailed> {
        let caller = self.caller().ok_or(HttpFailed::Unsigned)?;
        let pin = pin.map(str::to_owned);
        caller.passkeys(&PasskeysAsk { actor, pin, act }).await
    }

    /// Has a passkey prove that a person is there. The browser keeps the session that the server gives for it.
    ///
    /// # Errors
    /// When the person has none here, none answers, or the server does not take it.
    pub(super) async fn prove(&'static self, actor: ActorId) -> Result<(), SignInFailed> {
        let asked = self.passkeys(actor, None, PasskeysAct::Challenge).await?;
        let challenge = asked.challenge.ok_or(SignInFailed::NeedsServer)?;
        let assertion = passkey::sign(&challenge).await?;
        self.passkeys(actor, None, PasskeysAct::Prove { assertion })
            .await?;
        Ok(())
    }

    /// Something about the passkeys of whoever is signed in. Where the server wants a passkey for it, one is asked.
    ///
    /// # Errors
    /// When the server is not there, or says no.
    pub async fn own_passkeys(
        &'static self,
        pin: Option<&str>,
        act: PasskeysAct,
    ) -> Result<PasskeysAnswer, SignInFailed> {
        let Phase::SignedIn(actor) = self.phase.get_untracked() else {
            return Err(SignInFailed::NeedsServer);
        };
        match self.passkeys(actor, pin, act.clone()).await {
            Err(failed) if is_wanted(&failed) => {
                self.prove(actor).await?;
                Ok(self.passkeys(actor, pin, act).await?)
            }
            answer => Ok(answer?),
        }
    }

    /// Makes a passkey for whoever is signed in. Returns the code to print, where there is a new one.
    ///
    /// # Errors
    /// When none was made.
    pub async fn add_passkey(
        &'static self,
        pin: &str,
        name: &str,
    ) -> Result<PasskeysAnswer, SignInFailed> {
        let Phase::SignedIn(actor) = self.phase.get_untracked() else {
            return Err(SignInFailed::NeedsServer);
        };
        let begin = PasskeysAct::Begin { code: None };
        let begun = self.own_passkeys(Some(pin), begin).await?;
        self.make_passkey(actor, begun, name).await
    }

    /// The way back of a person who has lost every passkey. Returns the code to print.
    ///
    /// # Errors
    /// When the server lets nobody back in on these grounds, or no passkey was made.
    pub async fn come_back(
        &'static self,
        actor: ActorId,
        pin: &str,
        code: &str,
        name: &str,
    ) -> Result<PasskeysAnswer, SignInFailed> {
        let code = Some(code.to_owned()).filter(|code| !code.trim().is_empty());
        let begin = PasskeysAct::Begin { code };
        let begun = self.passkeys(actor, Some(pin), begin).await?;
        self.make_passkey(actor, begun, name).await
    }

    async fn make_passkey(
        &'static self,
        actor: ActorId,
        begun: PasskeysAnswer,
        name: &str,
    ) -> Result<PasskeysAnswer, SignInFailed> {
        let challenge = begun.challenge.ok_or(SignInFailed::NeedsServer)?;
        let made = passkey::make(&challenge).await?;
        let name = name.to_owned();
        let register = PasskeysAct::Register { name, made };
        Ok(self.passkeys(actor, None, register).await?)
    }

    /// Ends a manager's session at the server, where it can be reached.
    pub(super) async fn end_session(&'static self, actor: ActorId) {
        let is_manager = self.ledger_now(|ledger| {
            let actor = ledger.actors.get(&actor);
            actor.is_some_and(|actor| actor.role.has_passkeys())
        });
        if is_manager {
            // Without a network it ends by itself within a quarter of an hour.
            let _ended = self.passkeys(actor, None, PasskeysAct::End).await;
        }
    }
}
