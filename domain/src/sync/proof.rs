//! How a manager proves with more than a PIN to be there: by a passkey, and what happens when it is lost.
//!
//! The server asks for a signature over a number that it made up; the browser has the person's authenticator give it
//! (W3C Web Authentication, Level 2). Must not: carry a PIN anywhere but inside the one request that it proves.

use minicbor::{Decode, Encode};

use crate::facility::{Right, Role};
use crate::id::ActorId;
use crate::time::Millis;

/// Milliseconds for which an assertion proves that the person is there.
pub const FRESH_MS_MAX: i64 = 60_000;
/// Milliseconds for which a challenge can be answered.
pub const CHALLENGE_MS_MAX: i64 = 5 * 60_000;
/// Milliseconds that a server session lasts without being used.
pub const SESSION_IDLE_MS_MAX: i64 = 15 * 60_000;
/// Milliseconds that a server session lasts at all.
pub const SESSION_MS_MAX: i64 = 12 * 3_600_000;
/// Milliseconds for which a manager's approval of another's way back counts.
pub const APPROVAL_MS_MAX: i64 = 3_600_000;
/// Passkeys one person can have.
pub const PASSKEYS_MAX: usize = 10;
/// Characters of a passkey's name.
pub const NAME_CHARS_MAX: usize = 60;
/// Managers who have to approve a way back without a printed code; with one, a single manager is enough.
pub const APPROVALS_MIN: usize = 2;

impl Role {
    /// Has passkeys, and approves the way back of others who do: whoever settles what others did.
    #[must_use]
    pub fn has_passkeys(self) -> bool {
        self.may(Right::Resolve)
    }
}

/// Device to server: something about a person's passkeys.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PasskeysAsk {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
    /// The person's PIN, where the act needs it.
    #[n(1)]
    pub pin: Option<String>,
    /// What is to be done.
    #[n(2)]
    pub act: PasskeysAct,
}

/// What can be done about a person's passkeys. Acts that need a PIN say so; those that need an assertion take one of the
/// last [`FRESH_MS_MAX`] on the same device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum PasskeysAct {
    /// Give me a challenge for a passkey of mine.
    #[n(0)]
    Challenge,
    /// A passkey has signed it. The answer carries the session's cookie.
    #[n(1)]
    Prove {
        /// What the authenticator said.
        #[n(0)]
        assertion: Assertion,
    },
    /// Give me a challenge for a new passkey. Needs the PIN and, once the person has a passkey, an assertion; without one
    /// it is a way back, which needs two other managers' approval, or one's and the printed code.
    #[n(2)]
    Begin {
        /// The printed code, for a way back.
        #[n(0)]
        code: Option<String>,
    },
    /// An authenticator has made a new passkey.
    #[n(3)]
    Register {
        /// What the person calls it.
        #[n(0)]
        name: String,
        /// What the authenticator said.
        #[n(1)]
        made: NewPasskey,
    },
    /// Which passkeys do I have?
    #[n(4)]
    List,
    /// Forget one of mine. Needs the PIN and an assertion.
    #[n(5)]
    Remove {
        /// Its identifier.
        #[cbor(n(0), with = "minicbor::bytes")]
        id: Vec<u8>,
    },
    /// Make a new code to print, in place of the one before. Needs the PIN and an assertion.
    #[n(6)]
    Code,
    /// Another manager has lost all passkeys and is known to me. Needs the PIN and an assertion.
    #[n(7)]
    Approve {
        /// Who.
        #[n(0)]
        person: ActorId,
    },
    /// End the session on this device.
    #[n(8)]
    End,
}

/// What an authenticator says to a challenge (`AuthenticatorAssertionResponse`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Assertion {
    /// The passkey's identifier.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: Vec<u8>,
    /// `clientDataJSON`, byte for byte.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub client_data: Vec<u8>,
    /// `authenticatorData`, byte for byte.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub authenticator_data: Vec<u8>,
    /// The signature.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

/// What an authenticator says of a passkey that it made (`AuthenticatorAttestationResponse`).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewPasskey {
    /// The passkey's identifier.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: Vec<u8>,
    /// `clientDataJSON`, byte for byte.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub client_data: Vec<u8>,
    /// `attestationObject`, byte for byte.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub attestation: Vec<u8>,
}

/// Server to device: what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PasskeysAnswer {
    /// What an authenticator is to answer.
    #[n(0)]
    pub challenge: Option<Challenge>,
    /// The person's passkeys after the act, oldest first.
    #[n(1)]
    pub passkeys: Vec<Passkey>,
    /// The code to print. It is said this once.
    #[n(2)]
    pub code: Option<String>,
    /// How many managers have approved by now.
    #[n(3)]
    pub approvals: Option<u32>,
}

/// What an authenticator is to answer. Which of the two options of Web Authentication it becomes, the act says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Challenge {
    /// The number that was made up.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
    /// The relying party's identifier: the host name of the app's address.
    #[n(1)]
    pub rp: String,
    /// Who the passkey is for: what the authenticator keeps of the person.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub user: Vec<u8>,
    /// The same in words.
    #[n(3)]
    pub user_name: String,
    /// Identifiers of the person's passkeys: those that may answer, or those that are there already.
    #[n(4)]
    pub passkeys: Vec<minicbor::bytes::ByteVec>,
    /// COSE numbers of the algorithms a new passkey may have, the best first.
    #[n(5)]
    pub algorithms: Vec<i32>,
    /// Milliseconds that it can be answered.
    #[n(6)]
    pub lasts: u32,
}

/// A passkey, for the person whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Passkey {
    /// Its identifier.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: Vec<u8>,
    /// What the person calls it.
    #[n(1)]
    pub name: String,
    /// The host name it is for.
    #[n(2)]
    pub rp: String,
    /// When it was made, by the server's clock.
    #[n(3)]
    pub made: Millis,
    /// When it last proved something, by the server's clock.
    #[n(4)]
    pub used: Option<Millis>,
}
