//! A device that a manager revoked: what it holds of the shop goes, what it recorded stays until the server has it.
//!
//! In: the server's order, whose signature was found good. Out: a device that shows, knows and opens nothing. Must not:
//! touch an act that is not sent, in whatever order things fail; nor do any of this for a server that merely does not
//! know the device, for that may be one restored from a backup, or for anybody's unsigned word.
//!
//! First goes what opens anything: PINs. Then what they opened: customers, the view. The device's own key is the last,
//! for acts that are not sent yet are sent with it, and with it the device signs that the rest is gone. Where only a PIN
//! opens that key, it goes with the page: such a device signs its word before it begins, and gives it when it is done.

use domain::permit::Holder;
use domain::sync::device::store::Store as _;
use domain::sync::message::Signed;
use domain::sync::own::StoredChain;
use domain::sync::replica::Replica;
use domain::sync::wipe::{WipeOrder, Wiped, wiped_hash};
use leptos::prelude::{GetUntracked as _, Set as _};
use minicbor::{Decode, Encode};
use wasm_bindgen_futures::spawn_local;

use super::{Device, Phase};
use crate::access::{device_key, enrol, sign_in};
use crate::store::idb::StoreFailed;

/// The note that this device was revoked, until it is enrolled again.
const REVOKED: &str = "revoked";

/// It was.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Revoked {
    /// When it heard of it, by its own clock.
    #[n(0)]
    heard: i64,
    /// The order. Devices that heard of it before there were orders have none.
    #[n(1)]
    order: Option<WipeOrder>,
    /// The device's word that it wiped itself, where nothing opens its key any more once it has.
    #[n(2)]
    word: Option<Signed>,
}

impl Device {
    /// The server's order to this device came, because it was revoked.
    pub(crate) fn shut_out(&'static self, order: WipeOrder) {
        if self.revoked.get_untracked() {
            return;
        }
        self.revoked.set(true);
        let heard = self.now().0;
        spawn_local(async move {
            // Whoever is in the midst of an act has it kept, or refused, before: the word counts it.
            *self.writer.lock().await = None;
            let is_sealed = self.certificate().is_some_and(|own| own.is_sealed());
            let word = match is_sealed {
                true => self.word(Some(order)).await,
                false => None,
            };
            let order = Some(order);
            let revoked = Revoked { heard, order, word };
            // Noted first: a page that is closed in the midst of it goes on at its next start.
            let _noted = self.core.keep(REVOKED, &revoked).await;
            self.wipe().await;
            self.phase.set(Phase::NotEnrolled);
            self.changed();
            self.end_if_all_is_sent().await;
        });
    }

    /// At a start: whether this device was revoked. What is still here of the shop goes before anything is shown.
    pub(super) async fn is_shut_out(&'static self) -> Result<bool, StoreFailed> {
        let noted: Option<Revoked> = self.core.read(REVOKED).await?;
        self.revoked.set(noted.is_some());
        if noted.is_some() {
            self.wipe().await;
        }
        Ok(noted.is_some())
    }

    /// A new enrolment: the device is the shop's again.
    pub(super) async fn is_let_in_again(&'static self) -> Result<(), StoreFailed> {
        self.core.forget(REVOKED).await?;
        self.revoked.set(false);
        Ok(())
    }

    /// Wipes all but what was recorded here and what it takes to send it. What cannot be deleted now is tried again at
    /// the next start.
    async fn wipe(&'static self) {
        // Whoever is in the midst of an act has it kept, or refused, before.
        *self.writer.lock().await = None;
        *self.session.borrow_mut() = None;
        self.sealed_customers.borrow_mut().clear();
        *self.replica.borrow_mut() = Replica::default();
        self.permits.forget();
        self.paused.set(None);
        let mut is_gone = device_key::forget_pepper(&self.core).await.is_ok();
        for person in sign_in::people(&self.core).await {
            is_gone &= sign_in::forget(&self.core, person).await.is_ok();
        }
        is_gone &= self.forget_sent_away().await.is_ok();
        is_gone &= self.view.forget().await.is_ok();
        self.is_wiped.set(is_gone);
    }

    /// Its word that all is gone, as its key signs it; `None` while nobody has opened that.
    async fn word(&'static self, order: Option<WipeOrder>) -> Option<Signed> {
        let signer = self.signer.borrow().clone()?;
        let Holder {
            store,
            device,
            generation,
        } = self.certificate()?.holder();
        let chains = self.core.chains().await.ok()?;
        let acts = chains.iter().map(|chain| chain.last.saturating_add(1));
        let told = Wiped {
            store,
            device,
            generation,
            ordered: order.map(|order| order.given),
            wiped: self.now(),
            acts: acts.sum(),
        };
        let bytes = told.to_bytes();
        let signature = signer.sign(&wiped_hash(&bytes).0).await.ok()?;
        Some(Signed { bytes, signature })
    }

    /// Says, signed, that all is gone, once. Returns whether the server has it, or will never want it: a server of before
    /// does not know the question, and one that says no says it again.
    async fn has_told(&'static self, noted: Option<Revoked>) -> bool {
        let order = noted.as_ref().and_then(|noted| noted.order);
        let word = match self.word(order).await {
            Some(word) => Some(word),
            None => noted.and_then(|noted| noted.word),
        };
        let (Some(caller), Some(word)) = (self.caller(), word) else {
            // Nobody can open this device's key any more, and nobody else can sign for it.
            return true;
        };
        match caller.wiped(&word).await {
            Ok(_) => true,
            Err(cause) => !cause.is_transient(),
        }
    }

    /// The last step, once the storage says that the server has every act of this device: its key is of no more use to
    /// anybody but a thief.
    pub(crate) async fn end_if_all_is_sent(&'static self) {
        if !self.revoked.get_untracked() {
            return;
        }
        let Ok(chains) = self.core.chains().await else {
            return;
        };
        if !chains.iter().all(StoredChain::is_at_the_server) {
            return;
        }
        let Ok(noted) = self.core.read(REVOKED).await else {
            return;
        };
        // What could not be deleted is tried again at the next start, and until then nothing is said of it.
        if !self.is_wiped.get() || !self.has_told(noted).await {
            return;
        }
        if enrol::forget(&self.core).await.is_ok() {
            let _key = device_key::forget(&self.core).await;
            *self.signer.borrow_mut() = None;
        }
    }
}
