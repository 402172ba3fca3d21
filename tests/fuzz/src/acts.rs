//! What a device writes down, likely and unlikely.
//!
//! In: an input, and what there is in the shop. Out: one fact. Must not: keep to what an honest device would say.

use arbitrary::{Result, Unstructured};
use domain::code::Grade;
use domain::custody::break_lease::LeaseBroken;
use domain::custody::claim::{LeaseReturned, OrderClaimed};
use domain::custody::count::CountObserved;
use domain::custody::exception::Rule;
use domain::custody::hand_off::{IdSeen, OrderHandedOff};
use domain::custody::health::{ClockObserved, StorageAlarm, StorageTrouble};
use domain::custody::label::{LabelPrinted, LabelReadBack};
use domain::custody::pick::{PackagePicked, PickVoided, ScanRefused, ScanTask};
use domain::custody::raise::ExceptionRaised;
use domain::custody::resolve::{Decision, ExceptionResolved, ResolveReason};
use domain::custody::seal::BagSealed;
use domain::custody::short::{ShortPicked, ShortReason};
use domain::custody::sign_in::{ActorSignedIn, ActorSignedOut};
use domain::custody::stage::BagStaged;
use domain::custody::verify::{TicketRead, UnitVerified};
use domain::event::{Body, LeaseRef};
use domain::facility::{LocationCode, SlotCode};
use domain::id::{ActorId, EventId, Hash, LeaseId, OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::quantity::Quantity;
use domain::verdict::Reason;
use simulate::shop;

const SHELVES: [&str; 5] = ["A-01-1", "B-04-2", "C-01-1", "Z-99-9", ""];
const SLOTS: [&str; 4] = ["P1", "P2", "C1", "Z9"];
const TEXTS: [&str; 6] = ["", "CUSB1234X", "bag", "\u{202e}gab", "=1+1", "漢"];

/// What there is to speak of.
pub(crate) struct Shop<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) events: &'a [EventId],
}

impl Shop<'_> {
    /// A fact of a device.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm per kind, none of which decides anything"
    )]
    pub(crate) fn body(&self, input: &mut Unstructured<'_>) -> Result<Body> {
        Ok(match input.int_in_range(0..=20_u8)? {
            0 | 1 => PackagePicked {
                order: self.order(input)?,
                line: input.int_in_range(0..=3)?,
                tag: tag(input)?,
                unit: number_or_none(input)?,
                grade: grade(input)?,
                from: LocationCode::new(input.choose(&SHELVES)?),
            }
            .into(),
            2 => PickVoided {
                order: self.order(input)?,
                pick: self.event(input)?,
                judged: None,
            }
            .into(),
            3 => ScanRefused {
                task: ScanTask::Pick,
                order: maybe(input, |input| self.order(input))?,
                reason: *input.choose(&[Reason::WrongBatch, Reason::OnHold])?,
                grade: grade(input)?,
                scanned: text(input)?,
                expected: maybe(input, tag)?,
            }
            .into(),
            4 => ShortPicked {
                order: self.order(input)?,
                line: input.int_in_range(0..=3)?,
                tag: tag(input)?,
                units: small_or_huge(input)?,
                reason: *input.choose(&[ShortReason::NotThere, ShortReason::Damaged])?,
            }
            .into(),
            5 => TicketRead {
                order: self.order(input)?,
                version: small_or_huge(input)?,
                content: Hash::default(),
                judged: None,
            }
            .into(),
            6 => UnitVerified {
                order: self.order(input)?,
                pick: self.event(input)?,
                tag: tag(input)?,
                unit: number_or_none(input)?,
                grade: grade(input)?,
                judged: None,
            }
            .into(),
            7 => LabelPrinted {
                order: self.order(input)?,
                code: text(input)?,
                content: Hash::default(),
                copy: small_or_huge(input)?,
                reason: None,
                rules: None,
                language: None,
                media: None,
                printer: None,
                sold: None,
            }
            .into(),
            8 => LabelReadBack {
                order: self.order(input)?,
                code: text(input)?,
            }
            .into(),
            9 => BagSealed {
                order: self.order(input)?,
                bag: text(input)?,
            }
            .into(),
            10 => BagStaged {
                order: self.order(input)?,
                slot: SlotCode::new(input.choose(&SLOTS)?),
            }
            .into(),
            11 => OrderHandedOff {
                order: self.order(input)?,
                bag: text(input)?,
                id: IdSeen {
                    seen: input.arbitrary()?,
                    age_min: small_or_huge(input)?,
                    check: None,
                },
                judged: None,
                signed: None,
            }
            .into(),
            12 => OrderClaimed {
                order: self.order(input)?,
            }
            .into(),
            13 => LeaseReturned {
                lease: self.lease(input)?,
                order: self.order(input)?,
            }
            .into(),
            14 => LeaseBroken {
                order: self.order(input)?,
                lease: maybe(input, |input| self.lease(input))?,
                fence: number(input)?,
            }
            .into(),
            15 => CountObserved {
                tag: tag(input)?,
                location: LocationCode::new(input.choose(&SHELVES)?),
                counted: quantity(input)?,
            }
            .into(),
            16 => ExceptionRaised {
                rule: *input.choose(&RULES)?,
                order: maybe(input, |input| self.order(input))?,
                tag: maybe(input, tag)?,
                note: text(input)?,
            }
            .into(),
            17 | 18 => self.resolved(input)?,
            19 => self.of_the_device(input)?,
            _ => ActorSignedIn {
                actor: actor(input)?,
                online: input.arbitrary()?,
            }
            .into(),
        })
    }

    fn resolved(&self, input: &mut Unstructured<'_>) -> Result<Body> {
        let decisions = [
            Decision::KeepFirst,
            Decision::KeepThis,
            Decision::Recounted,
            Decision::ReturnToStock,
            Decision::Quarantine,
            Decision::Accept,
            Decision::Replayed,
        ];
        let numbers: Vec<u64> = self.ledger.exceptions.keys().copied().collect();
        let exception = match numbers.is_empty() || input.ratio(1, 8)? {
            true => number(input)?,
            false => *input.choose(&numbers)?,
        };
        Ok(ExceptionResolved {
            exception,
            order: maybe(input, |input| self.order(input))?,
            tag: maybe(input, tag)?,
            decision: *input.choose(&decisions)?,
            reason: *input.choose(&[ResolveReason::Misscan, ResolveReason::Other])?,
            note: maybe(input, text)?,
            shelf: maybe(input, |input| {
                Ok(LocationCode::new(input.choose(&SHELVES)?))
            })?,
            counted: maybe(input, quantity)?,
        }
        .into())
    }

    fn of_the_device(&self, input: &mut Unstructured<'_>) -> Result<Body> {
        Ok(match input.int_in_range(0..=2_u8)? {
            0 => ClockObserved {
                offset: input.arbitrary()?,
                error: number(input)?,
                jump: input.arbitrary()?,
            }
            .into(),
            1 => StorageAlarm {
                trouble: StorageTrouble::Damaged,
                unsent: number(input)?,
                used: number_or_none(input)?,
                quota: number_or_none(input)?,
            }
            .into(),
            _ => ActorSignedOut {
                actor: actor(input)?,
            }
            .into(),
        })
    }

    pub(crate) fn order(&self, input: &mut Unstructured<'_>) -> Result<OrderId> {
        let known: Vec<OrderId> = self.ledger.orders.keys().copied().collect();
        match known.is_empty() || input.ratio(1, 16)? {
            true => Ok(OrderId([input.arbitrary()?; 16])),
            false => Ok(*input.choose(&known)?),
        }
    }

    fn event(&self, input: &mut Unstructured<'_>) -> Result<EventId> {
        match self.events.is_empty() || input.ratio(1, 16)? {
            true => Ok(EventId([input.arbitrary()?; 16])),
            false => Ok(*input.choose(self.events)?),
        }
    }

    fn lease(&self, input: &mut Unstructured<'_>) -> Result<LeaseId> {
        let known: Vec<LeaseId> = self.ledger.leases.keys().copied().collect();
        match known.is_empty() || input.ratio(1, 16)? {
            true => Ok(LeaseId([input.arbitrary()?; 16])),
            false => Ok(*input.choose(&known)?),
        }
    }

    /// The lease an event is written under, with its fence or another.
    pub(crate) fn lease_ref(&self, input: &mut Unstructured<'_>) -> Result<LeaseRef> {
        let lease = self.lease(input)?;
        let known = self.ledger.leases.get(&lease);
        let fences: Vec<u64> = known
            .iter()
            .flat_map(|lease| lease.orders.iter().map(|order| order.fence))
            .collect();
        let fence = match fences.is_empty() || input.ratio(1, 16)? {
            true => number(input)?,
            false => *input.choose(&fences)?,
        };
        Ok(LeaseRef { lease, fence })
    }
}

const RULES: [Rule; 6] = [
    Rule::DoublePick,
    Rule::Overdraw,
    Rule::LineFilledTwice,
    Rule::HeldOrRecalled,
    Rule::Fork,
    Rule::ServerRollback,
];

pub(crate) fn actor(input: &mut Unstructured<'_>) -> Result<ActorId> {
    Ok(ActorId(input.int_in_range(0..=6)?))
}

fn tag(input: &mut Unstructured<'_>) -> Result<PackageTag> {
    Ok(shop::tag(input.int_in_range(0..=shop::package_count())?))
}

fn grade(input: &mut Unstructured<'_>) -> Result<Grade> {
    Ok(*input.choose(&[Grade::Unit, Grade::Package, Grade::Product, Grade::None])?)
}

fn text(input: &mut Unstructured<'_>) -> Result<String> {
    match input.ratio(7, 8)? {
        true => Ok((*input.choose(&TEXTS)?).to_owned()),
        false => input.arbitrary(),
    }
}

/// Small, or as large as it gets.
pub(crate) fn number(input: &mut Unstructured<'_>) -> Result<u64> {
    match input.ratio(1, 8)? {
        true => Ok(u64::MAX - u64::from(input.int_in_range(0..=2_u8)?)),
        false => input.int_in_range(0..=5),
    }
}

fn number_or_none(input: &mut Unstructured<'_>) -> Result<Option<u64>> {
    maybe(input, number)
}

fn small_or_huge(input: &mut Unstructured<'_>) -> Result<u32> {
    Ok(u32::try_from(number(input)?).unwrap_or(u32::MAX))
}

fn quantity(input: &mut Unstructured<'_>) -> Result<Quantity> {
    Ok(match input.int_in_range(0..=9_u8)? {
        0 => Quantity(i64::MAX),
        1 => Quantity(i64::MIN),
        2 => Quantity(input.arbitrary()?),
        3 => Quantity(-10_000),
        _ => Quantity::units(input.int_in_range(0..=30)?),
    })
}

fn maybe<T>(
    input: &mut Unstructured<'_>,
    make: impl FnOnce(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Option<T>> {
    match input.arbitrary()? {
        true => make(input).map(Some),
        false => Ok(None),
    }
}
