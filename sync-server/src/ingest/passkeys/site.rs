//! The address at which a browser has the app open, and what passkeys of that address say.
//!
//! In: an origin, what an authenticator said. Out: whether it is good. Must not: know who asks, or take a passkey of another
//! address.

use domain::sync::proof::{Assertion, CHALLENGE_MS_MAX, Challenge, NewPasskey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{
    AuthenticationResult, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};
use webauthn_rs_proto::{AuthenticatorAssertionResponseRaw, AuthenticatorAttestationResponseRaw};

/// The one type of credential there is.
const PUBLIC_KEY: &str = "public-key";

/// The address of the app as a browser names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    rp: String,
    origin: Url,
}

/// What is remembered of a challenge: where it was given, and what the library needs.
#[derive(Serialize, Deserialize)]
pub(super) struct Given<T> {
    origin: String,
    state: T,
}

/// For whom a new passkey is.
pub(super) struct Owner {
    pub(super) id: [u8; 16],
    pub(super) name: String,
}

impl Site {
    /// Reads an origin, such as `https://shop.lan:8765`. `None`: passkeys need a name, and a line that nobody else reads;
    /// browsers take this very machine for one too.
    #[must_use]
    pub fn parse(origin: &str) -> Option<Self> {
        let url = Url::parse(origin).ok()?;
        let rp = url.domain()?.to_owned();
        let is_here = rp == "localhost" || rp.ends_with(".localhost");
        let is_secure = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        let is_exact = url.origin().ascii_serialization() == origin;
        (is_secure && is_exact).then_some(Self { rp, origin: url })
    }

    /// Its host name.
    #[must_use]
    pub fn rp(&self) -> &str {
        &self.rp
    }

    fn webauthn(&self) -> Result<Webauthn, WebauthnError> {
        WebauthnBuilder::new(&self.rp, &self.origin)?
            .rp_name("Custody")
            .build()
    }

    fn given<T: Serialize>(&self, state: T) -> Result<Vec<u8>, WebauthnError> {
        let origin = self.origin.as_str().to_owned();
        serde_json::to_vec(&Given { origin, state }).map_err(|_| WebauthnError::Configuration)
    }

    /// What was remembered, when it was given at this address.
    fn read<T: DeserializeOwned>(&self, given: &[u8]) -> Result<T, WebauthnError> {
        let given: Given<T> =
            serde_json::from_slice(given).map_err(|_| WebauthnError::Configuration)?;
        if given.origin != self.origin.as_str() {
            return Err(WebauthnError::InvalidRPOrigin);
        }
        Ok(given.state)
    }

    fn challenge(&self, bytes: &[u8], ids: &[Vec<u8>]) -> Challenge {
        Challenge {
            bytes: bytes.to_vec(),
            rp: self.rp.clone(),
            user: Vec::new(),
            user_name: String::new(),
            passkeys: ids.iter().cloned().map(Into::into).collect(),
            algorithms: Vec::new(),
            lasts: u32::try_from(CHALLENGE_MS_MAX).unwrap_or(u32::MAX),
        }
    }

    /// A number for one of these passkeys to sign, and what to remember of it.
    pub(super) fn ask(&self, keys: &[Passkey]) -> Result<(Challenge, Vec<u8>), WebauthnError> {
        let (options, state) = self.webauthn()?.start_passkey_authentication(keys)?;
        let ids: Vec<Vec<u8>> = keys.iter().map(|key| key.cred_id().clone()).collect();
        let challenge = self.challenge(&options.public_key.challenge, &ids);
        Ok((challenge, self.given(state)?))
    }

    /// What an authenticator said to it.
    pub(super) fn verified(
        &self,
        given: &[u8],
        said: Assertion,
    ) -> Result<AuthenticationResult, WebauthnError> {
        let state: PasskeyAuthentication = self.read(given)?;
        let credential = PublicKeyCredential {
            id: String::new(),
            raw_id: said.id,
            response: AuthenticatorAssertionResponseRaw {
                authenticator_data: said.authenticator_data,
                client_data_json: said.client_data,
                signature: said.signature,
                user_handle: None,
            },
            extensions: Default::default(),
            type_: PUBLIC_KEY.to_owned(),
        };
        self.webauthn()?
            .finish_passkey_authentication(&credential, &state)
    }

    /// A number for a new passkey to sign, and what to remember of it.
    pub(super) fn ask_new(
        &self,
        owner: &Owner,
        there: Vec<Vec<u8>>,
    ) -> Result<(Challenge, Vec<u8>), WebauthnError> {
        let user = Uuid::from_bytes(owner.id);
        let (options, state) = self.webauthn()?.start_passkey_registration(
            user,
            &owner.name,
            &owner.name,
            Some(there.clone()),
        )?;
        let numbers = options.public_key.pub_key_cred_params.iter();
        let algorithms = numbers.filter_map(|params| i32::try_from(params.alg).ok());
        let challenge = Challenge {
            user: owner.id.to_vec(),
            user_name: owner.name.clone(),
            algorithms: algorithms.collect(),
            ..self.challenge(&options.public_key.challenge, &there)
        };
        Ok((challenge, self.given(state)?))
    }

    /// The passkey that an authenticator made.
    pub(super) fn made(&self, given: &[u8], said: NewPasskey) -> Result<Passkey, WebauthnError> {
        let state: PasskeyRegistration = self.read(given)?;
        let credential = RegisterPublicKeyCredential {
            id: String::new(),
            raw_id: said.id,
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: said.attestation,
                client_data_json: said.client_data,
                transports: None,
            },
            type_: PUBLIC_KEY.to_owned(),
            extensions: Default::default(),
        };
        self.webauthn()?
            .finish_passkey_registration(&credential, &state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_a_line_that_nobody_else_reads() {
        for (origin, rp) in [
            ("https://shop.lan:8765", "shop.lan"),
            ("https://custody.example", "custody.example"),
            ("http://localhost:8765", "localhost"),
            ("http://tablet.localhost", "tablet.localhost"),
        ] {
            assert_eq!(Site::parse(origin).unwrap().rp(), rp);
        }
        for origin in [
            "https://192.168.1.20:8765",
            "https://[::1]:8765",
            "http://127.0.0.1:8765",
            "http://shop.lan",
            "https://shop.lan/",
            "https://shop.lan:443",
            "https://shop.lan/path",
            "https://evil@shop.lan",
            "https://SHOP.lan",
            "ftp://shop.lan",
            "null",
            "",
        ] {
            assert_eq!(Site::parse(origin), None, "{origin}");
        }
    }
}
