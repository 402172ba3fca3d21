//! How a device becomes one of the shop's, and how a person is known on it for the first time.
//!
//! Both need the server. Must not: carry a PIN anywhere but inside the one request that proves it.

use minicbor::{Decode, Encode};

use crate::facility::{Device, KeyKind};
use crate::id::{ActorId, DeviceId, Hash, StoreId};
use crate::sync::message::{Incarnation, Signed};

/// Server to anybody: who it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hello {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// Its name, for the enrolment page.
    #[n(1)]
    pub name: String,
    /// The log's life.
    #[n(2)]
    pub incarnation: Incarnation,
    /// The key the server signs receipts with, Ed25519.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub server_key: Vec<u8>,
    /// Devices are enrolled without a code: a demo shop only.
    #[n(4)]
    pub open_enrolment: bool,
    /// Build of the server.
    #[n(5)]
    pub build: String,
    /// The server's clock, milliseconds since 1970.
    #[n(6)]
    pub server_wall: i64,
}

/// Device to server: take me in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolAsk {
    /// The one-time code a manager showed; empty where enrolment is open.
    #[n(0)]
    pub code: String,
    /// What people call the device.
    #[n(1)]
    pub name: String,
    /// Kind of its key.
    #[n(2)]
    pub key_kind: KeyKind,
    /// Its public key.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub public_key: Vec<u8>,
    /// Signature of [`enrol_hash`] by that key.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub proof: Vec<u8>,
}

/// What a device signs to prove that it holds the key it brings.
#[must_use]
pub fn enrol_hash(code: &str, public_key: &[u8]) -> Hash {
    Hash::of(&[b"custody-enrol-1\n", code.as_bytes(), b"\n", public_key])
}

/// Server to device: you are in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolAnswer {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The device as the directory has it.
    #[n(1)]
    pub device: Device,
    /// The key the server signs receipts with, Ed25519; pinned from now on.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub server_key: Vec<u8>,
    /// Proves the device at a sign-in before its own key is open. Only devices whose browser cannot keep
    /// a key keep this.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub boot_token: Vec<u8>,
}

/// Device to server: this person wants to act here for the first time, or wants another PIN.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignInAsk {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
    /// The PIN.
    #[n(1)]
    pub pin: String,
    /// The PIN that the person wants from now on.
    #[n(2)]
    pub new_pin: Option<String>,
}

/// Server to device: the PIN opened the person's key; with this the device opens its own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignInAnswer {
    /// 32 bytes, the same for everybody on this enrolment of the device.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub unlock: Vec<u8>,
    /// How often the person's PIN was changed by now, this time included; `None`: never, or the server is too old to
    /// change one.
    #[n(1)]
    pub pin_changes: Option<u32>,
}

/// Six digits that a new device and the manager who made its code both show. They are the same only when the device
/// that used the code is the one in front of the manager.
#[must_use]
pub fn check_code(code: &str, public_key: &[u8]) -> String {
    let hash = Hash::of(&[
        b"custody-check-1\n",
        bare_code(code).as_bytes(),
        b"\n",
        public_key,
    ]);
    let [a, b, c, d, ..] = hash.0;
    format!("{:06}", u32::from_be_bytes([a, b, c, d]) % 1_000_000)
}

/// A typed code as it was made: upper case, no blanks or hyphens.
#[must_use]
pub fn bare_code(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_uppercase()).collect()
}

/// Device to server: a manager wants something done about devices, and proves with the PIN to be there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DevicesAsk {
    /// The manager.
    #[n(0)]
    pub actor: ActorId,
    /// The manager's PIN.
    #[n(1)]
    pub pin: String,
    /// What is to be done.
    #[n(2)]
    pub act: DevicesAct,
}

/// What a manager can do about devices.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum DevicesAct {
    /// Make a code with which one device can enrol.
    #[n(0)]
    Code {
        /// For a driver's phone, which has its trip and nothing else.
        #[n(0)]
        drivers_phone: bool,
        /// What stands before the code in the picture that the new device's camera reads: the app's address.
        #[n(1)]
        address: String,
    },
    /// Let a device do nothing any more.
    #[n(1)]
    Revoke {
        /// The device.
        #[n(0)]
        device: DeviceId,
    },
    /// Change what a person may do.
    #[n(2)]
    Person {
        /// The person; not the manager.
        #[n(0)]
        person: ActorId,
        /// What becomes different.
        #[n(1)]
        change: PersonChange,
    },
}

/// What a manager can do about a person. Whoever lets people in does that where the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum PersonChange {
    /// The person may try PINs again, also where a device has locked.
    #[n(0)]
    Unlock,
    /// The person does not work here any more. Whoever may do this is not sent away like that.
    #[n(1)]
    Leave,
}

/// Server to device: it is done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DevicesAnswer {
    /// The code that was made.
    #[n(0)]
    pub code: Option<NewCode>,
}

/// A code with which one device can enrol.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewCode {
    /// The code.
    #[n(0)]
    pub code: String,
    /// Milliseconds that it can be used.
    #[n(1)]
    pub lasts: u32,
    /// Modules along a side of its picture, a QR code without its quiet zone; 0 when the address is too long for one.
    #[n(2)]
    pub side: u8,
    /// The modules, row by row, eight in a byte, the first in its highest bit; 1 is dark.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub dark: Vec<u8>,
}

impl NewCode {
    /// Whether a module is dark; outside the picture none is.
    #[must_use]
    pub fn is_dark(&self, across: u8, down: u8) -> bool {
        let at = usize::from(down) * usize::from(self.side) + usize::from(across);
        let byte = self.dark.get(at / 8).copied().unwrap_or(0);
        across < self.side && byte >> (7 - at % 8) & 1 == 1
    }
}

/// Server to device: why not. Devices match the code, never prose.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Denied {
    /// Why.
    #[n(0)]
    pub code: DenialCode,
    /// Tries left before the person is locked, where that applies.
    #[n(1)]
    pub tries_left: Option<u32>,
    /// Where the device was revoked and proved its request: the signed [`WipeOrder`]. Without one, or with one that is
    /// not good, nothing is wiped.
    ///
    /// [`WipeOrder`]: crate::sync::wipe::WipeOrder
    #[n(2)]
    pub wipe: Option<Signed>,
}

impl From<DenialCode> for Denied {
    fn from(code: DenialCode) -> Self {
        Self {
            code,
            tries_left: None,
            wipe: None,
        }
    }
}

/// Why a request was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum DenialCode {
    /// The message could not be read.
    #[n(0)]
    Unreadable,
    /// The device is not enrolled here, or its signature is wrong.
    #[n(1)]
    UnknownDevice,
    /// The device was revoked.
    #[n(2)]
    RevokedDevice,
    /// The enrolment code is wrong, used or too old.
    #[n(3)]
    WrongCode,
    /// The PIN is wrong.
    #[n(4)]
    WrongPin,
    /// Too many wrong PINs.
    #[n(5)]
    Locked,
    /// The person is not known, or no longer works here.
    #[n(6)]
    UnknownActor,
    /// The message is too large.
    #[n(7)]
    TooLarge,
    /// The same request was sent before.
    #[n(8)]
    Replayed,
    /// There is no such thing.
    #[n(9)]
    NotFound,
    /// The server cannot do it now.
    #[n(10)]
    Unavailable,
    /// Not for what the device was enrolled for.
    #[n(11)]
    OutOfScope,
    /// The person has a passkey, and it has proven nothing in the last minute.
    #[n(12)]
    PasskeyNeeded,
    /// What the authenticator said is not good: another person's passkey or another address, a challenge that was
    /// answered before or is too old, a copy of a passkey.
    #[n(13)]
    WrongPasskey,
    /// The person has no passkey for the address at which the app is open.
    #[n(14)]
    NoPasskey,
    /// The app is open at an address that is a number, or none; passkeys need a name.
    #[n(15)]
    Nameless,
    /// The way back needs two other managers, or one and the printed code.
    #[n(16)]
    NotApproved,
    /// The person has as many as one can have.
    #[n(17)]
    Full,
}

/// What a device signs to prove a request. `target` is path and query as sent.
#[must_use]
pub fn request_hash(method: &str, target: &str, time: &str, nonce: &str, body: &[u8]) -> Hash {
    let body = Hash::of(&[body]);
    let head = format!("custody-request-1\n{method}\n{target}\n{time}\n{nonce}\n{body}");
    Hash::of(&[head.as_bytes()])
}

/// What the exit label says of an order's customer. Travels to the shop's devices while the order is open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CustomerCard {
    /// First name and initial of the last, as the counter calls it.
    #[n(0)]
    pub short_name: String,
    /// The name as the exit label must print it.
    #[n(1)]
    pub label_name: String,
    /// What the customer wrote to the shop.
    #[n(2)]
    pub note: Option<String>,
    /// The key that seals the customer's signature; `None` from a server of before that was asked for.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub seal: Option<Vec<u8>>,
}
