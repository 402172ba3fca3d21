//! An authenticator made of software, and a browser around it: what they say of a challenge, byte for byte as Web
//! Authentication has it, with a way to lie in each place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::sync::proof::{Assertion, Challenge, NewPasskey};
use minicbor::Encoder;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest as _, Sha256};
use sync_server::keys::random;

/// The person was there.
const PRESENT: u8 = 0x01;
/// The person showed a finger, a face or a PIN.
const VERIFIED: u8 = 0x04;
/// What is said of a new passkey follows.
const ATTESTED: u8 = 0x40;

/// An authenticator with one passkey.
#[derive(Clone)]
pub(crate) struct Authenticator {
    pub(crate) id: Vec<u8>,
    pub(crate) key: SigningKey,
    /// How often it has signed.
    pub(crate) counter: u32,
    /// Whether it counts at all; a passkey that several devices share does not.
    pub(crate) counts: bool,
    /// Where its browser has the app open.
    pub(crate) origin: String,
    /// The host name that it signs for.
    pub(crate) rp: String,
    /// What it says of the person.
    pub(crate) flags: u8,
}

impl Authenticator {
    pub(crate) fn new(origin: &str) -> Self {
        let host = origin.split("://").nth(1).unwrap();
        Self {
            id: random::bytes::<32>().to_vec(),
            key: SigningKey::from_slice(&random::bytes::<32>()).unwrap(),
            counter: 0,
            counts: true,
            origin: origin.to_owned(),
            rp: host.split(':').next().unwrap().to_owned(),
            flags: PRESENT | VERIFIED,
        }
    }

    /// One that sees nobody, or does not look who it is.
    pub(crate) fn seeing(self, present: bool, verified: bool) -> Self {
        let flags = (u8::from(present) * PRESENT) | (u8::from(verified) * VERIFIED);
        Self { flags, ..self }
    }

    fn client_data(&self, kind: &str, challenge: &Challenge) -> Vec<u8> {
        let challenge = URL_SAFE_NO_PAD.encode(&challenge.bytes);
        let origin = &self.origin;
        format!(
            r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
        )
        .into_bytes()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.rp.as_bytes()).to_vec();
        data.push(self.flags | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Makes its passkey.
    pub(crate) fn make(&self, challenge: &Challenge) -> NewPasskey {
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes();
        let mut cose = Encoder::new(Vec::new());
        cose.map(5).unwrap();
        for (label, value) in [(1, 2), (3, -7), (-1, 1)] {
            cose.i32(label).unwrap().i32(value).unwrap();
        }
        cose.i32(-2).unwrap().bytes(&point[1..33]).unwrap();
        cose.i32(-3).unwrap().bytes(&point[33..]).unwrap();
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(cose.into_writer());
        let mut said = Encoder::new(Vec::new());
        said.map(3).unwrap();
        said.str("fmt").unwrap().str("none").unwrap();
        said.str("attStmt").unwrap().map(0).unwrap();
        said.str("authData").unwrap().bytes(&data).unwrap();
        NewPasskey {
            id: self.id.clone(),
            client_data: self.client_data("webauthn.create", challenge),
            attestation: said.into_writer(),
        }
    }

    /// Signs a challenge.
    pub(crate) fn sign(&mut self, challenge: &Challenge) -> Assertion {
        self.counter += u32::from(self.counts);
        let client_data = self.client_data("webauthn.get", challenge);
        let authenticator_data = self.data(0);
        let hash = Sha256::digest(&client_data);
        let signed = [authenticator_data.as_slice(), &hash].concat();
        let signature: Signature = self.key.sign(&signed);
        Assertion {
            id: self.id.clone(),
            client_data,
            authenticator_data,
            signature: signature.to_der().as_bytes().to_vec(),
        }
    }
}
