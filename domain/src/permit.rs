//! What a person may do on a device that does not reach the server, and for how long.
//!
//! In: the server's signed word, and a time that no clock set back can turn back. Out: yes or no. Must not: hold a
//! figure of its own; how long each thing lasts is in the rules, and travels in the permit.
//!
//! Without the server, capture always goes on: what happens to goods is recorded whoever asks. What ends is deciding
//! over what others did, and looking at customers' data. A device that was never given a permit, for its server is too
//! old to give one, works as if there were none.

use minicbor::{Decode, Encode};

use crate::facility::Role;
use crate::id::{ActorId, DeviceId, Hash, StoreId};
use crate::mutated;
use crate::sync::message::Signed;
use crate::time::{Day, Millis};

/// How long a permit lasts, from a dated file of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermitRules {
    /// First day of these rules.
    pub effective: Day,
    /// Hash of the file they stand in.
    pub file: Hash,
    /// Milliseconds during which a person may decide over what others did.
    pub decisions_ms: i64,
    /// Milliseconds during which customers' data is shown.
    pub customers_ms: i64,
    /// Milliseconds after which what is recorded is marked.
    pub capture_ms: i64,
}

/// Device to server: word about the people who are known on it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PermitAsk {
    /// The people.
    #[n(0)]
    pub actors: Vec<ActorId>,
    /// Made for this question alone; the answer has it in every permit, so that an old answer is none.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: [u8; 16],
}

/// People one question can be about.
pub const PERMIT_ACTORS_MAX: usize = 256;

/// Server to device: permits for those of the people who work here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PermitAnswer {
    /// Signed [`Permit`]s.
    #[n(0)]
    pub permits: Vec<Signed>,
}

/// The server's word that a person may act on a device, and until when it need not be asked again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Permit {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Its enrolment.
    #[n(2)]
    pub generation: u32,
    /// The person.
    #[n(3)]
    pub actor: ActorId,
    /// Employed as.
    #[n(4)]
    pub role: Role,
    /// Rises with every permit of this person on this device, for whoever compares two.
    #[n(5)]
    pub serial: u64,
    /// When it was given, by the server's clock.
    #[n(6)]
    pub issued: Millis,
    /// First day of the rules it was given by.
    #[n(7)]
    pub effective: Day,
    /// Hash of the file they stand in.
    #[n(8)]
    pub rules: Hash,
    /// From then on nothing is decided without the server.
    #[n(9)]
    pub decisions_until: Millis,
    /// From then on no customer's data is shown.
    #[n(10)]
    pub customers_until: Millis,
    /// From then on what is recorded is marked.
    #[n(11)]
    pub capture_until: Millis,
    /// What the device made for its question.
    #[cbor(n(12), with = "minicbor::bytes")]
    pub nonce: [u8; 16],
}

/// The hash the server signs a permit's bytes by.
#[must_use]
pub fn permit_hash(bytes: &[u8]) -> Hash {
    Hash::of(&[b"custody-permit-1\n", bytes])
}

/// For whom a permit has to be given, to count on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The shop.
    pub store: StoreId,
    /// The device.
    pub device: DeviceId,
    /// Its enrolment.
    pub generation: u32,
}

impl Permit {
    /// Reads a permit whose signature was found good; `None` when it is none, or another device's or enrolment's.
    #[must_use]
    pub fn read(bytes: &[u8], holder: Holder) -> Option<Self> {
        let permit: Self = minicbor::decode(bytes).ok()?;
        let of = Holder {
            store: permit.store,
            device: permit.device,
            generation: permit.generation,
        };
        (of == holder || mutated("permit_of_another_device_counts")).then_some(permit)
    }

    /// Whether it is the answer to a question just asked, not one of before that somebody kept back.
    #[must_use]
    pub fn answers(&self, nonce: &[u8; 16]) -> bool {
        self.nonce == *nonce || mutated("permit_takes_an_old_answer")
    }

    /// Whether the person may decide over what others did.
    #[must_use]
    pub fn may_decide(&self, at: Millis) -> bool {
        at < self.decisions_until || mutated("permit_lets_decide_for_ever")
    }

    /// Whether customers' data may be shown.
    #[must_use]
    pub fn may_see_customers(&self, at: Millis) -> bool {
        at < self.customers_until || mutated("permit_shows_customers_for_ever")
    }

    /// Whether what is recorded is marked.
    #[must_use]
    pub fn is_marked(&self, at: Millis) -> bool {
        at >= self.capture_until
    }

    /// Whether it is time to ask again: half of what ends first is over.
    #[must_use]
    pub fn is_due(&self, at: Millis) -> bool {
        let ends = [
            self.decisions_until,
            self.customers_until,
            self.capture_until,
        ];
        let first = ends.into_iter().min().unwrap_or(self.issued);
        at.since(self.issued) >= first.since(self.issued) / 2
    }
}

/// What a person may do on this device now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Decide over what others did.
    pub decisions: bool,
    /// See customers' data.
    pub customers: bool,
    /// Record without its being marked.
    pub unmarked: bool,
}

impl Allowed {
    /// Everything: nobody ever gave this device a permit.
    pub const ALL: Self = Self {
        decisions: true,
        customers: true,
        unmarked: true,
    };

    /// What a person's permit allows at a time. `is_permitted`: the device has permits, if not for this person.
    #[must_use]
    pub fn by(permit: Option<&Permit>, is_permitted: bool, at: Millis) -> Self {
        match permit {
            Some(permit) => Self {
                decisions: permit.may_decide(at),
                customers: permit.may_see_customers(at),
                unmarked: !permit.is_marked(at),
            },
            None => Self {
                decisions: !is_permitted,
                customers: !is_permitted,
                unmarked: !is_permitted,
            },
        }
    }
}

/// A time of the server, and what the device's wall clock said then: as it is kept over restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Mark {
    /// It is no earlier than this, by the server's clock.
    #[n(0)]
    pub server: Millis,
    /// The device's wall clock.
    #[n(1)]
    pub wall: i64,
}

/// The time by the server's clock as far as a device can tell: never earlier than it was, whatever the device's clock
/// is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTime {
    mark: Mark,
    /// The clock that never jumps, at the mark.
    mono: u64,
}

impl ServerTime {
    /// Goes on from what was kept; while the device was off, only its wall clock ran.
    #[must_use]
    pub fn resumed(kept: Mark, mono: u64) -> Self {
        Self { mark: kept, mono }
    }

    /// The server has just said what time it is, in answer to a question nobody else can have asked.
    #[must_use]
    pub fn told(server: Millis, wall: i64, mono: u64) -> Self {
        let mark = Mark { server, wall };
        Self { mark, mono }
    }

    /// The time now. What has passed since the mark is what either clock says, whichever says more: one set back
    /// extends nothing, one set forward shortens. The mark moves on, so that what has passed stays passed.
    pub fn now(&mut self, wall: i64, mono: u64) -> Millis {
        let by_wall = wall.saturating_sub(self.mark.wall).max(0);
        let by_mono = i64::try_from(mono.saturating_sub(self.mono)).unwrap_or(i64::MAX);
        let passed = match mutated("permit_believes_a_clock_set_back") {
            true => wall.saturating_sub(self.mark.wall),
            false => by_wall.max(by_mono),
        };
        let server = self.mark.server.plus(passed);
        *self = Self::told(server, wall, mono);
        server
    }

    /// The server's clock as any answer says it: it may be later than was thought, never earlier.
    pub fn heard(&mut self, server: Millis, wall: i64, mono: u64) {
        let known = self.now(wall, mono);
        self.mark.server = known.max(server);
    }

    /// What has to be kept.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark
    }
}

/// Milliseconds by which a device's clock may differ from the server's without its being told of, from the protocol's
/// table of clocks: so much earlier than a permit an act may seem to be.
const DIFFERENCE_MS_MAX: i64 = 300_000;

/// Most stretches kept of one person on one device; the oldest go.
const STRETCHES_MAX: usize = 16;

/// From when until when permits lasted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Covered(#[n(0)] Vec<Stretch>);

/// A permit, or several of which each was given before the one before it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
struct Stretch {
    #[n(0)]
    from: Millis,
    #[n(1)]
    until: Millis,
}

impl Covered {
    /// Takes another permit in.
    pub fn extend(&mut self, from: Millis, until: Millis) {
        match self.0.last_mut() {
            // The server's clock may have been set back since.
            Some(last) if from <= last.until => {
                last.from = last.from.min(from);
                last.until = last.until.max(until);
            }
            _ => self.0.push(Stretch { from, until }),
        }
        let too_many = self.0.len().saturating_sub(STRETCHES_MAX);
        self.0.drain(..too_many);
    }

    /// Whether an act of that time is to be marked: there had been a permit, and it was over. Before the first one
    /// nobody asked.
    #[must_use]
    pub fn is_over(&self, at: Millis) -> bool {
        let begun = |stretch: &&Stretch| stretch.from <= at.plus(DIFFERENCE_MS_MAX);
        let last = self.0.iter().rev().find(begun);
        last.is_some_and(|stretch| at >= stretch.until || mutated("permit_over_for_nothing"))
    }
}

/// What the server remembers of the permits it gave a person on a device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Permitted {
    /// The serial of the last one.
    #[n(0)]
    pub serial: u64,
    /// When the person's acts needed no mark.
    #[n(1)]
    pub capture: Covered,
    /// When the person could decide over what others did.
    #[n(2)]
    pub decisions: Covered,
    /// The enrolment the last one was given to. `None`: there is none, or it was given before this was noted.
    #[n(3)]
    pub generation: Option<u32>,
    /// When the person last proved to the server to be there. `None`: never, or before this was noted.
    #[n(4)]
    pub proven: Option<Proven>,
}

/// What held when a person last proved to the server, by a PIN, to be on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Proven {
    /// The device's enrolment.
    #[n(0)]
    pub generation: u32,
    /// How often the PIN had been changed.
    #[n(1)]
    pub pin_changes: u32,
}

/// What the server remembers of a device as to whose word counts there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Watch {
    /// Everybody proves to the server to be there: a manager's code let the device in, or its app asked for permits, since
    /// that is noted. `None`: neither; its app may be from before, and is believed about who uses it.
    #[n(0)]
    pub asked: Option<bool>,
    /// It was enrolled since permits say for which enrolment they were given; those that do not are of before.
    #[n(1)]
    pub enrolled: Option<bool>,
}

impl Permitted {
    /// Whether the person was there in an enrolment, by a PIN that had been changed so often or more, as far as the server
    /// has seen. A permit of before proofs were noted stands for one.
    #[must_use]
    pub fn was_there(&self, generation: u32, pin_changes: u32, watch: Watch) -> bool {
        match (self.proven, self.generation) {
            (Some(proven), _) => {
                proven.generation >= generation && proven.pin_changes >= pin_changes
            }
            (None, Some(given)) => given >= generation,
            (None, None) => self.serial > 0 && watch.enrolled != Some(true),
        }
    }

    /// Gives the next permit.
    pub fn give(
        &mut self,
        holder: Holder,
        (actor, role): (ActorId, Role),
        rules: &PermitRules,
        (issued, nonce): (Millis, [u8; 16]),
    ) -> Permit {
        self.serial = self.serial.saturating_add(1);
        self.generation = Some(holder.generation);
        let permit = Permit {
            store: holder.store,
            device: holder.device,
            generation: holder.generation,
            actor,
            role,
            serial: self.serial,
            issued,
            effective: rules.effective,
            rules: rules.file,
            decisions_until: issued.plus(rules.decisions_ms),
            customers_until: issued.plus(rules.customers_ms),
            capture_until: issued.plus(rules.capture_ms),
            nonce,
        };
        self.capture.extend(issued, permit.capture_until);
        self.decisions.extend(issued, permit.decisions_until);
        permit
    }
}
