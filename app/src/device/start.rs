//! Starting, and opening to a person.

use domain::custody::health::{StorageAlarm, StorageTrouble};
use domain::custody::sign_in::{ActorSignedOut, ChainEnd, OpenCause};
use domain::event::Body;
use domain::facility::KeyKind;
use domain::id::{ActorId, Hash};
use domain::sync::device::store::{NotedChain, Store as _, WriterId};
use domain::sync::device::{DeviceSync, Input};
use domain::sync::enrol::{DenialCode, DevicesAct, DevicesAsk, NewCode, SignInAsk, check_code};
use domain::sync::replica::{Entry, Replica};
use domain::verdict::Verdict;
use leptos::prelude::{GetUntracked as _, Set as _};
use wasm_bindgen_futures::spawn_local;

use crate::access::device_key::{self, KeyFailed, NewKey};
use crate::access::enrol::{self, Certificate, EnrolFailed};
use crate::access::seals::Seals;
use crate::access::sign_in::{self, Known, Opened};
use crate::access::stretch;
use crate::device::{BUILD, Device, Outcome, Phase};
use crate::platform::lock::{self, Writer};
use crate::platform::passkey::PasskeyFailed;
use crate::platform::{random, storage};
use crate::store::idb::StoreFailed;
use crate::store::{beside, journal};
use crate::sync::carry;
use crate::sync::http::{self, HttpFailed};
use crate::sync::{run, witness};

/// Managers' passkeys.
mod passkeys;

/// Why a person is not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInFailed {
    /// The PIN is wrong; so many tries are left.
    Wrong(Option<u32>),
    /// Too soon after the last wrong one: seconds to wait.
    Wait(u32),
    /// Too many wrong PINs.
    Locked,
    /// The first time on this device needs the server, and it cannot be reached.
    NeedsServer,
    /// The server said no for another reason.
    Denied(DenialCode),
    /// A passkey was wanted, and none answered.
    Passkey(PasskeyFailed),
    /// This browser's storage or keys do not work.
    Broken(String),
}

impl From<KeyFailed> for SignInFailed {
    fn from(cause: KeyFailed) -> Self {
        Self::Broken(format!("{cause:?}"))
    }
}

impl From<StoreFailed> for SignInFailed {
    fn from(cause: StoreFailed) -> Self {
        Self::Broken(format!("{cause:?}"))
    }
}

impl From<PasskeyFailed> for SignInFailed {
    fn from(cause: PasskeyFailed) -> Self {
        Self::Passkey(cause)
    }
}

impl From<HttpFailed> for SignInFailed {
    fn from(cause: HttpFailed) -> Self {
        match cause {
            HttpFailed::Denied(denied) => match denied.code {
                DenialCode::WrongPin => Self::Wrong(denied.tries_left),
                DenialCode::Locked => Self::Locked,
                other => Self::Denied(other),
            },
            HttpFailed::Revoked(_) => Self::Denied(DenialCode::RevokedDevice),
            HttpFailed::Unreachable | HttpFailed::NotOurs | HttpFailed::Unsigned => {
                Self::NeedsServer
            }
        }
    }
}

impl Device {
    /// Reads the storage and goes to where the device stood. `steal` takes over from another tab.
    pub async fn start(&'static self, steal: bool) {
        self.phase.set(Phase::Starting);
        if lock::acquire(steal, || self.give_way()).await == Writer::Elsewhere {
            self.phase.set(Phase::OtherTab);
            return;
        }
        if steal {
            self.cause.set(OpenCause::LockTaken);
        }
        let beginning = self.journal.lock().await;
        spawn_local(async move {
            journal::begin_anew().await;
            drop(beginning);
        });
        // Whatever this tab held before another one wrote is old: a new chain, a new look at the storage.
        *self.writer.lock().await = None;
        *self.session.borrow_mut() = None;
        *self.replica.borrow_mut() = Replica::default();
        run::resume(self);
        // Before anything is read: what another tab still had under way is in the storage by now, or never will be.
        match self.core.take_over(WriterId(random::id())).await {
            // A full storage can still be read, and what is in it can still be sent.
            Ok(()) | Err(StoreFailed::Full | StoreFailed::Aborted(_)) => {}
            Err(cause) => return self.broken(cause).await,
        }
        match self.load().await {
            Ok(phase) => {
                beside::note(true);
                self.phase.set(phase);
                self.changed();
                run::start(self);
            }
            Err(cause) => self.broken(cause).await,
        }
    }

    /// Another tab works from now on.
    pub(super) fn give_way(&'static self) {
        self.phase.set(Phase::OtherTab);
        run::stop(self);
    }

    /// Stops at a storage that does not work, and counts whether it opens at all.
    async fn broken(&'static self, cause: StoreFailed) {
        if !cause.is_final() {
            beside::note(self.core.durability().await.is_ok());
        }
        self.phase.set(Phase::Broken(cause));
    }

    async fn load(&'static self) -> Result<Phase, StoreFailed> {
        let is_revoked = self.is_shut_out().await?;
        let Some(certificate) = enrol::certificate(&self.core).await? else {
            return Ok(Phase::NotEnrolled);
        };
        if !certificate.is_sealed() {
            let kind = certificate.device.key_kind;
            match device_key::kept(&self.core, kind).await? {
                Some(signer) => *self.signer.borrow_mut() = Some(signer),
                // The key is gone although the certificate is here: only a new enrolment helps.
                None => return Ok(Phase::NotEnrolled),
            }
        }
        self.use_certificate(certificate);
        self.load_permits().await?;
        self.load_sent_away().await?;
        let loaded = self.view.load().await?;
        self.customers_missing.set(loaded.customers_missing);
        run::kept(self, loaded.cursor);
        *self.sealed_customers.borrow_mut() = loaded.sealed;
        self.replica
            .borrow_mut()
            .load(loaded.cursor, &loaded.entries);
        self.load_own(loaded.cursor).await?;
        Ok(match is_revoked {
            true => Phase::NotEnrolled,
            false => Phase::SignedOut,
        })
    }

    fn use_certificate(&'static self, certificate: Certificate) {
        *self.machine.borrow_mut() = DeviceSync::new(certificate.device.id, BUILD.to_owned());
        let own = certificate.device.id;
        *self.certificate.borrow_mut() = Some(certificate);
        carry::start(self, own);
    }

    /// Puts this device's own events on top of the view, and those without a receipt into the outbox.
    async fn load_own(
        &'static self,
        cursor: domain::sync::message::Cursor,
    ) -> Result<(), StoreFailed> {
        let chains = self.core.chains().await?;
        let mut stored = Vec::with_capacity(chains.len());
        for chain in &chains {
            let from = chain.needed_from(cursor);
            let events = self.core.events(chain.epoch, from).await?;
            stored.push((chain.clone(), events));
        }
        let found = {
            let mut replica = self.replica.borrow_mut();
            let mut receiving = self.run.receiving.borrow_mut();
            receiving.start(&mut replica, cursor, stored)
        };
        let noted = self.core.noted_chain().await?;
        if let Some(last) = NotedChain::last_of(noted, &chains) {
            let events = self.core.events(last.epoch, last.last).await?;
            let hash = events
                .first()
                .map_or(Hash::default(), |entry| entry.event.hash());
            self.epoch_before.set(Some(ChainEnd {
                epoch: last.epoch,
                seq: last.last,
                hash,
            }));
        }
        witness::load(self, cursor.incarnation).await?;
        run::step(self, Input::Acknowledged(found.acknowledged));
        self.set_aside.set(found.set_aside);
        self.core.prune(&chains).await?;
        let outbox = found.outbox;
        run::step(self, Input::Loaded { outbox, cursor });
        Ok(())
    }

    /// Records a fact of the device's own while somebody is signed in. Returns whether it is kept.
    pub(crate) async fn note(&'static self, body: &Body) -> bool {
        let mut writer = self.writer.lock().await;
        self.record(&mut writer, body, None).await.is_ok()
    }

    /// Asks the server to take this device in.
    ///
    /// # Errors
    /// When it says no, or this browser can keep no key.
    pub async fn enrol(&'static self, code: &str, name: &str) -> Result<(), EnrolFailed> {
        if storage::will_be_forgotten().await {
            return Err(EnrolFailed::Forgetful);
        }
        let hello = http::hello().await?;
        // Whoever was signed in signs in again: a new enrolment is a new chain.
        *self.writer.lock().await = None;
        *self.session.borrow_mut() = None;
        let (
            certificate,
            NewKey {
                signer, to_seal, ..
            },
        ) = enrol::enrol(&self.core, &hello, code, name).await?;
        let shown = check_code(code, &certificate.device.public_key);
        self.check_code.set((!code.is_empty()).then_some(shown));
        self.view.forget().await?;
        *self.signer.borrow_mut() = Some(signer);
        *self.to_seal.borrow_mut() = to_seal;
        self.cause.set(OpenCause::Enrolled);
        self.turned_away.set(false);
        self.is_let_in_again().await?;
        self.use_certificate(certificate);
        self.load_permits().await?;
        let cursor = self.replica.borrow().cursor();
        self.load_own(cursor).await?;
        self.phase.set(Phase::SignedOut);
        run::start(self);
        Ok(())
    }

    /// How many digits this person's PIN has, when the person was here before.
    pub async fn pin_digits(&'static self, actor: ActorId) -> Option<usize> {
        sign_in::digits(&self.core, actor).await
    }

    /// Opens the device to a person.
    ///
    /// # Errors
    /// When the PIN does not open anything, or the server is needed and not there.
    pub async fn sign_in(&'static self, actor: ActorId, pin: &str) -> Result<(), SignInFailed> {
        let known = self.ledger_now(|ledger| {
            let known = ledger.actors.get(&actor);
            known.map_or_else(Known::default, |known| Known {
                pin_changes: known.pin_changes,
                unlocks: known.unlocks,
            })
        });
        let opened = sign_in::open(&self.core, actor, pin, known, stretch::in_worker).await?;
        let (unlock, online) = match opened {
            Opened::Unlocked(unlock) => match self.proves_again(actor, pin).await {
                Some(unlock) => (unlock, true),
                None => (unlock, false),
            },
            Opened::Wrong { tries_left } => return Err(SignInFailed::Wrong(Some(tries_left))),
            Opened::Wait { seconds } => return Err(SignInFailed::Wait(seconds)),
            Opened::Locked => return Err(SignInFailed::Locked),
            Opened::Unknown => (self.ask_server(actor, pin, None).await?, true),
        };
        let seals = Seals::of(&unlock).await.map_err(KeyFailed::Crypto)?;
        self.open_device_key(&seals.kept).await?;
        // Nothing is said to be saved before.
        drop(self.journal.lock().await);
        self.open_chain(actor, online, seals.clone()).await?;
        self.permits_for(actor);
        self.open_customers().await;
        self.paused.set(None);
        self.turned_out.set(None);
        self.phase.set(Phase::SignedIn(actor));
        self.changed();
        self.tell_of_old_store().await;
        run::step(self, Input::Wake);
        witness::tell(self).await;
        Ok(())
    }

    /// Proves to the server that a person without a permit is here: it gives none to somebody of whom it knows nothing on
    /// this device, as after it was set back. What this device keeps opens without that.
    async fn proves_again(&'static self, actor: ActorId, pin: &str) -> Option<Vec<u8>> {
        let lacks_permit = !self.permits.allow(actor).customers;
        let may_ask = lacks_permit && self.report.get_untracked().connected;
        if !may_ask {
            return None;
        }
        self.ask_server(actor, pin, None).await.ok()
    }

    /// Does what the manager who is signed in wants done about devices.
    ///
    /// # Errors
    /// When the server is not there, or does not take the PIN.
    pub async fn manage(
        &'static self,
        pin: &str,
        act: DevicesAct,
    ) -> Result<Option<NewCode>, SignInFailed> {
        let signed_in = self.phase.get_untracked();
        let (Phase::SignedIn(actor), Some(caller)) = (signed_in, self.caller()) else {
            return Err(SignInFailed::NeedsServer);
        };
        let ask = DevicesAsk {
            actor,
            pin: pin.to_owned(),
            act,
        };
        let answer = match caller.devices(&ask).await {
            Err(failed) if passkeys::is_wanted(&failed) => {
                self.prove(actor).await?;
                caller.devices(&ask).await
            }
            answer => answer,
        };
        Ok(answer?.code)
    }

    /// Gives the person who is signed in another PIN, at the server and here.
    ///
    /// # Errors
    /// When the server is not there, or takes neither the old one nor the new one.
    pub async fn change_pin(&'static self, old: &str, new: &str) -> Result<(), SignInFailed> {
        let Phase::SignedIn(actor) = self.phase.get_untracked() else {
            return Err(SignInFailed::NeedsServer);
        };
        self.ask_server(actor, old, Some(new)).await.map(drop)
    }

    /// Turns out whoever is signed in and does not work here any more. What this device kept for opening by that
    /// person's PIN is forgotten; what was recorded stays, and is sent.
    pub async fn turn_out(&'static self) {
        if let Phase::SignedIn(actor) = self.phase.get_untracked() {
            self.turned_out.set(Some(self.now()));
            self.sign_out().await;
            let _forgotten = sign_in::forget(&self.core, actor).await;
        }
    }

    /// Puts on record, once, that an earlier database of this device does not open.
    async fn tell_of_old_store(&'static self) {
        if !beside::is_untold() {
            return;
        }
        let alarm = StorageAlarm {
            trouble: StorageTrouble::Damaged,
            unsent: 0,
            used: None,
            quota: None,
        };
        let outcome = self.act(None, |_, _| Verdict::Accepted(alarm.into())).await;
        if matches!(outcome, Outcome::Saved(_)) {
            beside::told();
        }
    }

    /// Lets the server open the person's secret, and seals it here under the PIN that is in force then.
    async fn ask_server(
        &'static self,
        actor: ActorId,
        pin: &str,
        new_pin: Option<&str>,
    ) -> Result<Vec<u8>, SignInFailed> {
        let caller = self.caller().ok_or(SignInFailed::NeedsServer)?;
        let ask = SignInAsk {
            actor,
            pin: pin.to_owned(),
            new_pin: new_pin.map(str::to_owned),
        };
        let answer = match caller.sign_in(&ask).await {
            Err(failed) if passkeys::is_wanted(&failed) => {
                self.prove(actor).await?;
                caller.sign_in(&ask).await
            }
            answer => answer,
        };
        match answer {
            // A server that is too old to change a PIN has changed none.
            Ok(answer) if new_pin.is_some() && answer.pin_changes.is_none() => {
                Err(SignInFailed::Denied(DenialCode::Unavailable))
            }
            Ok(answer) => {
                let (core, changes) = (&self.core, answer.pin_changes);
                let pin = new_pin.unwrap_or(pin);
                sign_in::keep(
                    core,
                    actor,
                    pin,
                    &answer.unlock,
                    changes,
                    stretch::in_worker,
                )
                .await?;
                Ok(answer.unlock)
            }
            Err(cause) => Err(cause.into()),
        }
    }

    /// Where the browser keeps no key: seals a new one, or opens the sealed one.
    async fn open_device_key(&'static self, seal: &web_sys::CryptoKey) -> Result<(), SignInFailed> {
        let fresh = self.to_seal.borrow_mut().take();
        if let Some(bytes) = fresh {
            device_key::keep_sealed(&self.core, seal, &bytes).await?;
        }
        if self.signer.borrow().is_some() {
            return Ok(());
        }
        let kind = self
            .certificate()
            .map_or(KeyKind::Ed25519, |own| own.device.key_kind);
        let signer = device_key::unsealed(&self.core, kind, seal).await?;
        let Some(signer) = signer else {
            return Err(SignInFailed::Broken(
                "this device's key is gone; enrol it again".into(),
            ));
        };
        *self.signer.borrow_mut() = Some(signer);
        Ok(())
    }

    /// Opens what is kept of customers, for somebody who is signed in and may see them now.
    pub(super) async fn open_customers(&'static self) {
        let Some(cards) = self.cards() else {
            return;
        };
        let mut pages = self.sealed_customers.take();
        if pages.is_empty() {
            // Somebody was signed in before: what he saw left the memory with him.
            pages = self.view.sealed().await.unwrap_or_default();
        }
        for sealed in pages {
            let plain = cards.page(&sealed).await;
            if self.cards().is_none() {
                return;
            }
            if let Some(plain) = plain
                && let Ok(entries) = minicbor::decode::<Vec<Entry>>(&plain)
            {
                self.replica.borrow_mut().load_customers(&entries);
            } else {
                self.customers_missing.set(true);
            }
        }
        if self.customers_missing.get() {
            // Their rows were not kept: fetch the whole view again, own events stay on top.
            run::fetch_all_again(self);
        }
    }

    /// Locks the device after a pause. Whoever works on it goes on with a PIN, where the work was left.
    pub async fn pause(&'static self) {
        if let Phase::SignedIn(actor) = self.phase.get_untracked() {
            self.paused.set(Some(actor));
            self.sign_out().await;
        }
    }

    /// Signs the person out. Customers' data leaves the memory; unsent events stay and are still sent.
    pub async fn sign_out(&'static self) {
        let mut writer = self.writer.lock().await;
        let actor = self
            .session
            .borrow()
            .as_ref()
            .map(|session| session.actor.actor);
        if let Some(actor) = actor {
            let _kept = self
                .record(&mut writer, &ActorSignedOut { actor }.into(), None)
                .await;
        }
        *self.session.borrow_mut() = None;
        self.replica.borrow_mut().forget_customers();
        self.phase.set(Phase::SignedOut);
        self.changed();
        if let Some(actor) = actor {
            spawn_local(self.end_session(actor));
        }
    }
}
