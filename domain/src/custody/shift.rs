//! A person begins a shift: what the device could do then, and what was seen to at the station.
//!
//! In: what each part of the device said, and the shop's checklist. Out: the day's start, signed. Must not: keep anybody
//! from work; a check that is red is on record, and the work goes on as far as it can.

use minicbor::{Decode, Encode};

use crate::custody::sop::Signed;
use crate::custody::{Fact, Situation, has_authority};
use crate::event::words_that_grow;
use crate::facility::{Right, StationStep};
use crate::id::DeviceId;
use crate::ledger::Ledger;
use crate::time::Day;
use crate::verdict::{Reason, Verdict};

/// Parts told of at most; there are fewer.
pub const PARTS_MAX: usize = 32;
/// Steps of a checklist at most.
pub const STEPS_MAX: usize = 64;
/// Characters of a step's text at most, in either language.
pub const STEP_CHARS_MAX: usize = 160;

/// A part of what a device needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The shop's server. The figure is how many orders wait.
    Server,
    /// Acts the server does not have yet. The figure is how many.
    Unsent,
    /// The label printer. The figure is 1 when a test label came out well, 0 when it did not.
    Printer,
    /// The scanner. The figure is the longest gap between two characters, in milliseconds.
    Scanner,
    /// The camera.
    Camera,
    /// The clock. The figure is the server's minus the device's, in milliseconds.
    Clock,
    /// The storage. The figure is what is left, in bytes.
    Storage,
    /// A part this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    Part:
    Server = 1
    Unsent = 2
    Printer = 3
    Scanner = 4
    Camera = 5
    Clock = 6
    Storage = 7
}

impl Part {
    /// All that are known, in the order of the screen.
    pub const ALL: [Self; 7] = [
        Self::Server,
        Self::Unsent,
        Self::Printer,
        Self::Scanner,
        Self::Camera,
        Self::Clock,
        Self::Storage,
    ];
}

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// As it should be.
    Well,
    /// It can be worked with, and somebody should see to it.
    Late,
    /// Something cannot be done.
    Bad,
    /// A condition this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    Condition:
    Well = 0
    Late = 1
    Bad = 2
}

/// What one part said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Checked {
    /// The part.
    #[n(0)]
    pub part: Part,
    /// How it is.
    #[n(1)]
    pub condition: Condition,
    /// Minutes since that was last known; `None`: it never was.
    #[n(2)]
    pub minutes: Option<u32>,
    /// Its figure, as the part has one.
    #[n(3)]
    pub figure: Option<i64>,
}

/// One step of the checklist, and whether it was done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ticked {
    /// The step, as it was asked for.
    #[n(0)]
    pub step: StationStep,
    /// Somebody saw to it.
    #[n(1)]
    pub done: bool,
}

/// A person began a shift on a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShiftStarted {
    /// The day in the shop's zone, as the device had it.
    #[n(0)]
    pub day: Day,
    /// What each part said.
    #[n(1)]
    pub checks: Vec<Checked>,
    /// The checklist.
    #[n(2)]
    pub steps: Vec<Ticked>,
}

impl ShiftStarted {
    /// Whether it is no longer than a device makes it.
    #[must_use]
    pub fn fits(&self) -> bool {
        let is_short = |text: &str| text.chars().count() <= STEP_CHARS_MAX;
        let mut steps = self.steps.iter().map(|ticked| &ticked.step);
        self.checks.len() <= PARTS_MAX
            && self.steps.len() <= STEPS_MAX
            && steps.all(|step| is_short(&step.english) && is_short(&step.spanish))
    }

    /// Parts that are not as they should be.
    #[must_use]
    pub fn troubled(&self) -> u32 {
        let is_troubled = |checked: &&Checked| checked.condition != Condition::Well;
        count(self.checks.iter().filter(is_troubled))
    }

    /// Steps nobody saw to.
    #[must_use]
    pub fn left_out(&self) -> u32 {
        count(self.steps.iter().filter(|ticked| !ticked.done))
    }
}

fn count<T>(of: impl Iterator<Item = T>) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}

/// The last shift a person began.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Shift {
    /// The day in the shop's zone.
    #[n(0)]
    pub day: Day,
    /// On which device.
    #[n(1)]
    pub device: DeviceId,
    /// Parts that were not as they should be.
    #[n(2)]
    pub troubled: u32,
    /// Steps nobody saw to.
    #[n(3)]
    pub left_out: u32,
    /// Steps of procedures that the person has signed off in it, of tasks that have no order; `None`: none.
    #[n(4)]
    pub signed: Option<Vec<Signed>>,
}

/// May this person begin a shift so?
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    checks: Vec<Checked>,
    steps: Vec<Ticked>,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::StartShift) {
        return Verdict::Refused(refusal);
    }
    let started = ShiftStarted {
        day: situation.today,
        checks,
        steps,
    };
    if started.fits() {
        Verdict::Accepted(started.into())
    } else {
        Reason::Unknown.into()
    }
}

/// Whether a person has begun the shift of a day, on whichever device.
#[must_use]
pub fn has_begun(shift: Option<&Shift>, today: Day) -> bool {
    shift.is_some_and(|shift| shift.day == today)
}

/// The person has begun a shift. What somebody cannot have sent changes nothing.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &ShiftStarted) {
    if !done.fits() || !has_authority(ledger, fact, Right::StartShift) {
        return;
    }
    if let Some(actor) = ledger.actor_mut(&fact.envelope.actor.actor) {
        actor.shift = Some(Box::new(Shift {
            day: done.day,
            device: fact.envelope.device,
            troubled: done.troubled(),
            left_out: done.left_out(),
            signed: None,
        }));
    }
}
