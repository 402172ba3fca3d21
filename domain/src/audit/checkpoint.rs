//! A signed tree head: what the store's log was at one moment, on one sheet.
//!
//! In: size and root of the tree, signatures made elsewhere. Out: the sheet; whether a signature on it is good.
//! Must not: sign, or read a sheet that is written in any other way than this module writes it.
//!
//! The form is that of C2SP `tlog-checkpoint` and `signed-note`:
//!
//! ```text
//! custody/<store>/<incarnation>
//! <leaves>
//! <root, base64>
//!
//! — custody/<store>/<incarnation> <base64: key id ‖ signature by the log>
//! — custody/device/<device> <base64: key id ‖ signature by a witness>
//! ```
//!
//! The signatures are *not* of a type C2SP has a byte for. It signs the text itself, by Ed25519; Custody's keys
//! sign a SHA-256 hash, and browsers that lack Ed25519 sign by ECDSA on P-256. So the type is the byte `0xff`, which
//! C2SP leaves to others, followed by a name: [`KeyKind::Ed25519`] is `custody-ed25519-sha256`, [`KeyKind::P256`]
//! is `custody-p256-sha256`. A key's id is made the way C2SP recommends, with that type and the public key as the
//! directory has it. A C2SP client reads the sheet, and passes over the signatures as of unknown keys.
//!
//! What is signed is [`Checkpoint::log_claim`] or [`Checkpoint::witness_claim`]: the text's hash behind a word that
//! tells the log's signature from a witness's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minicbor::{Decode, Encode};

use crate::facility::KeyKind;
use crate::id::{DeviceId, Hash, StoreId};
use crate::sync::message::Incarnation;

/// What a device does with the heads it is shown.
mod witness;

pub use witness::{CoSign, Contradiction, Rewritten, Witness};

/// Bytes of a sheet at most.
pub const NOTE_BYTES_MAX: usize = 65_536;

const LOG_DOMAIN: &[u8] = b"custody-log-head-1\n";
const WITNESS_DOMAIN: &[u8] = b"custody-witness-1\n";
const WITNESS_NAME: &str = "custody/device/";
const ED25519_TYPE: &[u8] = b"\xffcustody-ed25519-sha256";
const P256_TYPE: &[u8] = b"\xffcustody-p256-sha256";
const DASH: &str = "\u{2014} ";
const KEY_ID_BYTES: usize = 4;
const LINE_BYTES: usize = KEY_ID_BYTES + 64;

/// A sheet that is not written as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNote;

/// Which log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Origin {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The log's life: a restored backup is another log.
    #[n(1)]
    pub incarnation: Incarnation,
}

impl Origin {
    /// The log's name, and the name of its key.
    #[must_use]
    pub fn name(&self) -> String {
        // Both are sixteen bytes and print alike.
        let life = StoreId(self.incarnation.0);
        format!("custody/{}/{life}", self.store)
    }

    fn parse(name: &str) -> Option<Self> {
        let (store, life) = name.strip_prefix("custody/")?.split_once('/')?;
        Some(Self {
            store: StoreId::parse(as_written(store)?).ok()?,
            incarnation: Incarnation(StoreId::parse(as_written(life)?).ok()?.0),
        })
    }
}

/// An id as it stands on a sheet: other spellings of it, which people may type, do not.
fn as_written(id: &str) -> Option<&str> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    id.bytes().all(is_digit).then_some(id)
}

/// A tree head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Checkpoint {
    /// Which log.
    #[n(0)]
    pub origin: Origin,
    /// How many events.
    #[n(1)]
    pub size: u64,
    /// What stands for them.
    #[n(2)]
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed, line feed at the end.
    #[must_use]
    pub fn text(&self) -> String {
        let root = BASE64.encode(self.root.0);
        format!("{}\n{}\n{root}\n", self.origin.name(), self.size)
    }

    /// What the log signs.
    #[must_use]
    pub fn log_claim(&self) -> Hash {
        Hash::of(&[LOG_DOMAIN, self.text().as_bytes()])
    }

    /// What a witness signs.
    #[must_use]
    pub fn witness_claim(&self) -> Hash {
        Hash::of(&[WITNESS_DOMAIN, self.text().as_bytes()])
    }

    /// The sheet with the log's signature of [`Checkpoint::log_claim`] on it.
    #[must_use]
    pub fn signed(self, key: KeyRef<'_>, signature: &[u8]) -> Note {
        Note {
            log: Line::new(&self.origin.name(), key, signature),
            witnesses: Vec::new(),
            checkpoint: self,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let origin = Origin::parse(lines.next()?)?;
        let size = lines.next().filter(|digits| {
            let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
            is_plain && (*digits == "0" || !digits.starts_with('0'))
        });
        let size = size?.parse().ok()?;
        let root = BASE64.decode(lines.next()?).ok()?;
        let root = Hash(root.try_into().ok()?);
        lines
            .next()
            .is_none()
            .then_some(Self { origin, size, root })
    }
}

/// A public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRef<'a> {
    /// How it signs.
    pub kind: KeyKind,
    /// The key as the directory has it.
    pub bytes: &'a [u8],
}

impl KeyRef<'_> {
    fn id(&self, name: &str) -> [u8; KEY_ID_BYTES] {
        let kind = match self.kind {
            KeyKind::Ed25519 => ED25519_TYPE,
            KeyKind::P256 => P256_TYPE,
        };
        let hash = Hash::of(&[name.as_bytes(), b"\n", kind, self.bytes]);
        let [a, b, c, d, ..] = hash.0;
        [a, b, c, d]
    }
}

/// A key's id and a signature, as they stand on a line of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line([u8; LINE_BYTES]);

impl Line {
    /// All signatures have 64 bytes; what a shorter one lacks is zero, and it is no good.
    fn new(name: &str, key: KeyRef<'_>, signature: &[u8]) -> Self {
        let id = key.id(name);
        let mut bytes = [0; LINE_BYTES];
        for (to, from) in bytes.iter_mut().zip(id.iter().chain(signature)) {
            *to = *from;
        }
        Self(bytes)
    }

    fn key(&self) -> &[u8] {
        &self.0[..KEY_ID_BYTES]
    }

    fn signature(&self) -> &[u8] {
        &self.0[KEY_ID_BYTES..]
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; LINE_BYTES];
        let length = BASE64.decode_slice(text, &mut bytes).ok()?;
        (length == LINE_BYTES).then_some(Self(bytes))
    }

    fn render(&self, name: &str, text: &mut String) {
        for part in [DASH, name, " "] {
            text.push_str(part);
        }
        BASE64.encode_string(self.0, text);
        text.push('\n');
    }
}

/// A sheet: a tree head, the log's signature, and those of witnesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    checkpoint: Checkpoint,
    log: Line,
    /// By device, each once.
    witnesses: Vec<(DeviceId, Line)>,
}

impl Note {
    /// Reads a sheet. There is one way to write it, and no other is read.
    ///
    /// # Errors
    /// When it is too large or anything in it is not as this module writes it.
    pub fn parse(text: &str) -> Result<Self, NoNote> {
        if text.len() > NOTE_BYTES_MAX {
            return Err(NoNote);
        }
        Self::read(text).ok_or(NoNote)
    }

    fn read<'a>(text: &'a str) -> Option<Self> {
        let (head, signatures) = text.split_once("\n\n")?;
        let checkpoint = Checkpoint::parse(head)?;
        let mut lines = signatures.strip_suffix('\n')?.split('\n');
        let name_and_signature = |line: &'a str| -> Option<(&'a str, Line)> {
            let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
            Some((name, Line::parse(signature)?))
        };
        let (name, log) = name_and_signature(lines.next()?)?;
        if !head.starts_with(name) || head.as_bytes().get(name.len()) != Some(&b'\n') {
            return None;
        }
        let mut witnesses: Vec<(DeviceId, Line)> = Vec::new();
        for line in lines {
            let (name, signature) = name_and_signature(line)?;
            let device = as_written(name.strip_prefix(WITNESS_NAME)?)?;
            let device = DeviceId::parse(device).ok()?;
            if witnesses.last().is_some_and(|(last, _)| *last >= device) {
                return None;
            }
            witnesses.push((device, signature));
        }
        Some(Self {
            checkpoint,
            log,
            witnesses,
        })
    }

    /// The sheet as text.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = self.checkpoint.text();
        text.push('\n');
        self.log.render(&self.checkpoint.origin.name(), &mut text);
        for (device, line) in &self.witnesses {
            line.render(&witness_name(*device), &mut text);
        }
        text
    }

    /// The tree head. Worth nothing before a signature was checked.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// The devices that say they have seen it.
    pub fn witnesses(&self) -> impl Iterator<Item = DeviceId> {
        self.witnesses.iter().map(|(device, _)| *device)
    }

    /// A device's signature of [`Checkpoint::witness_claim`], when the sheet has one by this key. It was not checked.
    #[must_use]
    pub fn witness_signature(&self, device: DeviceId, key: KeyRef<'_>) -> Option<&[u8]> {
        let at = self.line_of(device).ok()?;
        let line = &self.witnesses.get(at)?.1;
        (line.key() == key.id(&witness_name(device))).then_some(line.signature())
    }

    /// Takes all witnesses off the sheet but so many, a certain one among those that stay.
    pub fn shorten(&mut self, stays: DeviceId, witnesses_max: usize) {
        let mut left = witnesses_max.saturating_sub(usize::from(self.line_of(stays).is_ok()));
        self.witnesses.retain(|(device, _)| {
            let is_other = *device != stays;
            let has_room = left > 0;
            left -= usize::from(is_other && has_room);
            has_room || !is_other
        });
    }

    fn line_of(&self, device: DeviceId) -> Result<usize, usize> {
        self.witnesses.binary_search_by_key(&device, |(by, _)| *by)
    }

    /// Adds a device's signature of [`Checkpoint::witness_claim`]; a later one takes the place of an earlier.
    pub fn add_witness(&mut self, device: DeviceId, key: KeyRef<'_>, signature: &[u8]) {
        let line = Line::new(&witness_name(device), key, signature);
        match self.line_of(device) {
            Ok(at) => self.witnesses[at].1 = line,
            Err(at) => self.witnesses.insert(at, (device, line)),
        }
    }

    /// The log's signature, when it names this key: what a caller that checks signatures later has to check
    /// against [`Checkpoint::log_claim`].
    #[must_use]
    pub fn log_signature(&self, key: KeyRef<'_>) -> Option<&[u8]> {
        let is_named = self.log.key() == key.id(&self.checkpoint.origin.name());
        is_named.then_some(self.log.signature())
    }

    /// The sheet as one that can be relied on, if the log signed it with this key.
    #[must_use]
    pub fn verify(
        self,
        key: KeyRef<'_>,
        verifies: impl FnOnce(KeyRef<'_>, &Hash, &[u8]) -> bool,
    ) -> Option<Vouched> {
        let claim = self.checkpoint.log_claim();
        let signature = self.log_signature(key)?;
        verifies(key, &claim, signature).then_some(Vouched { note: self })
    }

    /// Whether a device signed it with this key.
    #[must_use]
    pub fn is_witnessed(
        &self,
        device: DeviceId,
        key: KeyRef<'_>,
        verifies: impl FnOnce(KeyRef<'_>, &Hash, &[u8]) -> bool,
    ) -> bool {
        let claim = self.checkpoint.witness_claim();
        let line = self.witnesses.iter().find(|(by, _)| *by == device);
        line.is_some_and(|(_, line)| {
            line.key() == key.id(&witness_name(device)) && verifies(key, &claim, line.signature())
        })
    }
}

/// A sheet the log's signature was checked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    note: Note,
}

impl Vouched {
    /// The sheet.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The tree head.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.note.checkpoint
    }
}

fn witness_name(device: DeviceId) -> String {
    format!("{WITNESS_NAME}{device}")
}
