//! What managers prove with more than a PIN: their passkeys, and what holds for a while because of them.
//!
//! In: public keys, hashes, instants. Out: the same. Must not: hold a session, a printed code or a private key.

use domain::id::{ActorId, DeviceId, Hash};

use super::Failed;

/// A person's passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its identifier, no other's in the shop.
    pub id: Vec<u8>,
    /// Whose it is.
    pub actor: ActorId,
    /// The host name that it is for.
    pub rp: String,
    /// What the person calls it.
    pub name: String,
    /// When it was made.
    pub made: i64,
    /// When it last proved something.
    pub used: Option<i64>,
    /// How often it has signed, by its own word; zero for those that do not count.
    pub counter: u32,
    /// The public key and what belongs to it.
    pub bytes: Vec<u8>,
}

/// What something proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofKind {
    /// A number that a passkey is to sign.
    Challenge,
    /// A number that a new passkey is to sign.
    NewPasskey,
    /// A person's session on a device.
    Session,
    /// One manager's word for another who has lost all passkeys.
    Approval,
    /// A printed code.
    Code,
}

impl ProofKind {
    /// Its number in the tables; never given to another.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::Challenge => 1,
            Self::NewPasskey => 2,
            Self::Session => 3,
            Self::Approval => 4,
            Self::Code => 5,
        }
    }
}

/// What proves something for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What it proves.
    pub kind: ProofKind,
    /// What it is found by.
    pub id: Hash,
    /// For whom.
    pub actor: ActorId,
    /// On which device; `None`: on any.
    pub device: Option<DeviceId>,
    /// From when on it proves nothing any more.
    pub expires: i64,
    /// What belongs to it.
    pub bytes: Vec<u8>,
}

/// Keeps them.
pub trait Proofs {
    /// Keeps a passkey. Returns whether it did: a passkey that is somebody's is nobody else's.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_passkey(&self, passkey: &Passkey) -> Result<bool, Failed>;

    /// A person's passkeys, oldest first.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn passkeys(&self, actor: ActorId) -> Result<Vec<Passkey>, Failed>;

    /// Notes that a passkey has proven something.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn note_passkey(&self, id: &[u8], used: i64, counter: u32, bytes: &[u8]) -> Result<(), Failed>;

    /// Forgets a person's passkey. Returns whether there was one.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn forget_passkey(&self, actor: ActorId, id: &[u8]) -> Result<bool, Failed>;

    /// Keeps a proof, in place of one with the same identifier.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_proof(&self, proof: &Proof) -> Result<(), Failed>;

    /// A proof by what it is found by, also one that has run out.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn proof(&self, kind: ProofKind, id: Hash) -> Result<Option<Proof>, Failed>;

    /// A person's proofs of one kind, also those that have run out.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn proofs_of(&self, kind: ProofKind, actor: ActorId) -> Result<Vec<Proof>, Failed>;

    /// Forgets a proof. Returns whether there was one.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn forget_proof(&self, kind: ProofKind, id: Hash) -> Result<bool, Failed>;

    /// Forgets all of one kind on a device.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn forget_proofs_on(&self, kind: ProofKind, device: DeviceId) -> Result<(), Failed>;

    /// Forgets what has run out.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn forget_expired(&self, now: i64) -> Result<(), Failed>;
}
