//! The lifeboat: one device's own acts in a file, for a carrier who can reach the server.
//!
//! In: signed events as the device keeps them. Out: a file, and from a file the same events. Must not: change a
//! byte of an event, leave one out, or take in a file that is not whole.
//!
//! The file is not encrypted, on purpose. Every act in it is signed by its device and points to the act before it, so
//! no carrier can change, insert or reorder one unseen; at worst it loses its copy, and the device keeps its own until
//! the server's receipt. What stands in it is what every device of the shop sees anyway: packages, orders by their
//! identifiers, people by their numbers. A customer's data is in an act only as ciphertext whose key never leaves the
//! server. A passphrase would add the one way of losing acts that the lifeboat exists to prevent: nobody knows it any
//! more when the tablet is gone. Whoever writes a free note must name no customer there; that holds for the log too.
//!
//! Form: [`MAGIC`], one CBOR value, and the hash of both. The hash finds what a bad stick or a broken download did;
//! it proves nothing about who wrote the file, and need not.

use std::collections::BTreeSet;

use minicbor::data::Type;
use minicbor::decode::Error;
use minicbor::{Decode, Decoder, Encode};

use crate::event::{Envelope, SignedEvent, encode};
use crate::id::{DeviceId, Epoch, Hash, StoreId};
use crate::mutated;
use crate::sync::device::OutboxEntry;

/// What every file begins with. The number rises when a reader of before could not read what follows.
pub const MAGIC: &[u8] = b"custody-lifeboat-1\n";
/// Acts in one file at most: a device's whole ring, and as many unsent ones again.
pub const ACTS_MAX: usize = 100_000;
/// Bytes of one file at most: twice what so many acts of the usual size take.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Chains in one file at most; a device opens one at every start.
pub const CHAINS_MAX: usize = 20_000;
/// Bytes of a device's name at most.
pub const NAME_BYTES_MAX: usize = 200;

/// Bytes of the hash at the end.
const HASH_BYTES: usize = 32;

/// Consecutive acts of one chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Part {
    /// The chain.
    #[n(0)]
    pub epoch: Epoch,
    /// Number of the first.
    #[n(1)]
    pub from: u64,
    /// The acts.
    #[n(2)]
    pub events: Vec<SignedEvent>,
}

/// One device's acts on their way.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Lifeboat {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The device that signed the acts.
    #[n(1)]
    pub device: DeviceId,
    /// What people call it.
    #[n(2)]
    pub name: String,
    /// When the file was made, by the device's own clock, milliseconds since 1970.
    #[n(3)]
    pub made_at: i64,
    /// Its acts, older chains first.
    #[n(4)]
    pub parts: Vec<Part>,
}

/// One act of another device, as a carrier keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The device that signed it.
    pub device: DeviceId,
    /// Its chain and number, and the act itself.
    pub entry: OutboxEntry,
}

/// Why a file is not taken in. Nothing of it was kept; the file is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It is no lifeboat, or one of a newer program.
    OtherFile,
    /// It is cut off or changed.
    Damaged,
    /// It holds more than a device ever does.
    TooLarge,
    /// It is another shop's.
    OtherShop,
    /// It holds no act.
    Empty,
}

impl Lifeboat {
    /// A device's acts, in the order in which they are given.
    #[must_use]
    pub fn of(store: StoreId, device: DeviceId, made_at: i64, acts: Vec<OutboxEntry>) -> Self {
        let skipped = usize::from(mutated("lifeboat_leaves_out_the_oldest"));
        let mut parts: Vec<Part> = Vec::new();
        for act in acts.into_iter().skip(skipped) {
            let follows = |part: &&mut Part| {
                let count = u64::try_from(part.events.len()).unwrap_or(u64::MAX);
                part.epoch == act.epoch && part.from.saturating_add(count) == act.seq
            };
            match parts.last_mut().filter(follows) {
                Some(part) => part.events.push(act.event),
                None => parts.push(Part {
                    epoch: act.epoch,
                    from: act.seq,
                    events: vec![act.event],
                }),
            }
        }
        Self {
            store,
            device,
            name: String::new(),
            made_at,
            parts,
        }
    }

    /// The same, with what people call the device.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        let end = (0..=name.len().min(NAME_BYTES_MAX))
            .rev()
            .find(|end| name.is_char_boundary(*end));
        self.name = name[..end.unwrap_or(0)].to_owned();
        self
    }

    /// How many acts it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.events.len()).sum()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [MAGIC, &encode(self)].concat();
        let hash = Hash::of(&[&bytes]);
        bytes.extend(hash.0);
        bytes
    }

    /// Reads a file for a shop. What is wrong with a single act is the server's to say: it keeps also that.
    ///
    /// # Errors
    /// When it is no lifeboat, not whole, another shop's, or beyond what a device can hold.
    pub fn parse(bytes: &[u8], store: StoreId) -> Result<Self, NotTaken> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(NotTaken::TooLarge);
        }
        if !bytes.starts_with(MAGIC) {
            // A file that ends within its first line is a cut one.
            let is_cut = !bytes.is_empty() && MAGIC.starts_with(bytes);
            return Err(if is_cut {
                NotTaken::Damaged
            } else {
                NotTaken::OtherFile
            });
        }
        let (told, hash) = bytes
            .split_last_chunk::<HASH_BYTES>()
            .ok_or(NotTaken::Damaged)?;
        let is_whole = Hash::of(&[told]).0 == *hash || mutated("lifeboat_takes_a_changed_file");
        let body = told.get(MAGIC.len()..).filter(|_| is_whole);
        let read = Reader::read(body.ok_or(NotTaken::Damaged)?)?;
        if read.store != store && !mutated("lifeboat_takes_another_shops_file") {
            return Err(NotTaken::OtherShop);
        }
        if read.is_empty() {
            return Err(NotTaken::Empty);
        }
        Ok(read)
    }

    /// Its acts one by one, in their order.
    #[must_use]
    pub fn into_acts(self) -> Vec<Carried> {
        let device = self.device;
        let of_part = |part: Part| {
            let Part {
                epoch,
                from,
                events,
            } = part;
            (from..).zip(events).map(move |(seq, event)| Carried {
                device,
                entry: OutboxEntry { epoch, seq, event },
            })
        };
        self.parts.into_iter().flat_map(of_part).collect()
    }
}

/// When the person acted, by the device's own clock, milliseconds since 1970; none when the act cannot be read.
#[must_use]
pub fn acted_at(event: &SignedEvent) -> Option<i64> {
    Envelope::parse(&event.bytes)
        .ok()
        .map(|envelope| envelope.wall)
}

/// Reads a file's value and counts what it takes in, so that no number in it can ask for more memory than its bytes.
struct Reader<'b> {
    decoder: Decoder<'b>,
    acts: usize,
    seen: BTreeSet<(Epoch, u64)>,
}

impl From<Error> for NotTaken {
    fn from(_: Error) -> Self {
        Self::Damaged
    }
}

impl<'b> Reader<'b> {
    fn read(body: &'b [u8]) -> Result<Lifeboat, NotTaken> {
        let mut reader = Self {
            decoder: Decoder::new(body),
            acts: 0,
            seen: BTreeSet::new(),
        };
        let fields = reader.array(usize::MAX)?;
        let store = reader.field(fields, 1)?;
        let device = reader.field(fields, 2)?;
        let name: &str = reader.field(fields, 3)?;
        if name.len() > NAME_BYTES_MAX {
            return Err(NotTaken::TooLarge);
        }
        let made_at = reader.field(fields, 4)?;
        let count = reader.array(CHAINS_MAX)?;
        let mut parts = Vec::new();
        for _ in 0..count {
            parts.push(reader.part()?);
        }
        reader.skip(fields, 5)?;
        if reader.decoder.position() != body.len() {
            return Err(NotTaken::Damaged);
        }
        Ok(Lifeboat {
            store,
            device,
            name: name.to_owned(),
            made_at,
            parts,
        })
    }

    fn part(&mut self) -> Result<Part, NotTaken> {
        let fields = self.array(usize::MAX)?;
        let epoch = self.field(fields, 1)?;
        let from: u64 = self.field(fields, 2)?;
        let count = self.array(ACTS_MAX - self.acts)?;
        self.acts += count;
        let mut events = Vec::new();
        for offset in 0..count {
            let offset = u64::try_from(offset).unwrap_or(u64::MAX);
            let seq = from.checked_add(offset).ok_or(NotTaken::Damaged)?;
            if !self.seen.insert((epoch, seq)) {
                // No program of ours writes one number of a chain twice.
                return Err(NotTaken::Damaged);
            }
            events.push(self.decoder.decode()?);
        }
        self.skip(fields, 3)?;
        Ok(Part {
            epoch,
            from,
            events,
        })
    }

    /// The count in front of a list, which must be told and within a limit.
    fn array(&mut self, count_max: usize) -> Result<usize, NotTaken> {
        if self.decoder.datatype()? != Type::Array {
            return Err(NotTaken::Damaged);
        }
        let count = self.decoder.array()?.ok_or(NotTaken::Damaged)?;
        let count = usize::try_from(count).map_err(|_| NotTaken::TooLarge)?;
        if count > count_max {
            return Err(NotTaken::TooLarge);
        }
        Ok(count)
    }

    fn field<T: Decode<'b, ()>>(&mut self, fields: usize, number: usize) -> Result<T, NotTaken> {
        if number > fields {
            return Err(NotTaken::Damaged);
        }
        Ok(self.decoder.decode()?)
    }

    /// Passes over what a newer program added behind the fields this one knows.
    fn skip(&mut self, fields: usize, known: usize) -> Result<(), NotTaken> {
        if fields < known {
            return Err(NotTaken::Damaged);
        }
        for _ in known..fields {
            self.decoder.skip()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
