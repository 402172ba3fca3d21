//! What the device's unlock secret opens while somebody is signed in.
//!
//! In: the secret a PIN gave. Out: customers' data in clear, and sealed again for the storage. Must not: outlive the
//! session, or be written anywhere.

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

    /// A card as it came, in clear. `None` when it is sealed and does not open: it was changed on the way, or belongs to
    /// another card's row or another enrolment.
    pub async fn card(&self, row_id: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
        let Some(sealed) = sealed_in(bytes) else {
            return Some(bytes.to_vec());
        };
        let key = crypto::sealing_key(&self.cards.key(row_id)).await.ok()?;
        crypto::open(&key, sealed).await.ok()?
    }
}
