//! What the device's unlock secret opens while somebody is signed in.
//!
//! In: the secret a PIN gave, what the person may see now. Out: customers' data in clear, and sealed again for the storage.
//! Must not: outlive the session, be written anywhere, or open a card for somebody who may not see names.

use domain::permit::Allowed;
use domain::sync::card::{CardKeys, sealed_in};
use web_sys::CryptoKey;

use crate::platform::crypto::{self, CryptoFailed};

/// Keys of one session.
#[derive(Clone)]
pub struct Seals {
    /// Seals and opens what is kept on this device.
    pub kept: CryptoKey,
    /// Opens customers' cards as the server sends them.
    cards: CardKeys,
}

impl Seals {
    /// Those of an unlock secret.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn of(unlock: &[u8]) -> Result<Self, CryptoFailed> {
        Ok(Self {
            kept: crypto::sealing_key(unlock).await?,
            cards: CardKeys::of(unlock),
        })
    }

    /// The way to customers' cards; there is none for whoever may not see them now.
    #[must_use]
    pub fn cards(&self, allowed: Allowed) -> Option<Cards> {
        allowed.customers.then(|| Cards {
            kept: self.kept.clone(),
            keys: self.cards,
        })
    }
}

/// Opens customers' cards, and seals them again.
#[derive(Clone)]
pub struct Cards {
    kept: CryptoKey,
    keys: CardKeys,
}

impl Cards {
    /// A card as it came, in clear. `None` when it is sealed and does not open: it was changed on the way, or belongs to
    /// another card's row or another enrolment.
    pub async fn card(&self, row_id: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
        let Some(sealed) = sealed_in(bytes) else {
            return Some(bytes.to_vec());
        };
        let key = crypto::sealing_key(&self.keys.key(row_id)).await.ok()?;
        crypto::open(&key, sealed).await.ok()?
    }

    /// A page of cards as this device keeps it, in clear. `None` when it does not open.
    pub async fn page(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        crypto::open(&self.kept, sealed).await.ok()?
    }

    /// A page of cards, sealed to be kept.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn sealed(&self, page: &[u8]) -> Result<Vec<u8>, CryptoFailed> {
        crypto::seal(&self.kept, page).await
    }
}
