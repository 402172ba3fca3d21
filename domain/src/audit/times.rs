//! When an event of a device happened, by the server's clock: never a moment, always between two.
//!
//! In: comparisons of clocks within one start of a writer. Out: the earliest and the latest it can have been. Must not:
//! believe a wall clock; between two comparisons only the clock that never jumps counts.

use crate::custody::health::ClockObserved;
use crate::event::Body;
use crate::id::{DeviceId, Epoch};

use super::Link;

/// Parts of a million by which a device's quartz may run wrong.
const DRIFT_PPM: u64 = 500;

/// Between two moments, by the server's clock, milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// No earlier than this.
    pub earliest: i64,
    /// No later than this.
    pub latest: i64,
}

impl Between {
    /// What is in both; when nothing is, the more exact of the two: one of the comparisons was wrong.
    fn and(self, other: Self) -> Self {
        let both = Self {
            earliest: self.earliest.max(other.earliest),
            latest: self.latest.min(other.latest),
        };
        let width = |one: &Self| one.latest.abs_diff(one.earliest);
        if both.earliest <= both.latest {
            both
        } else if width(&self) <= width(&other) {
            self
        } else {
            other
        }
    }

    /// The middle, and by how much that may be wrong either way.
    #[must_use]
    pub fn middle(self) -> (i64, u64) {
        let half = self.latest.abs_diff(self.earliest).div_ceil(2);
        (self.earliest.saturating_add_unsigned(half), half)
    }
}

/// One comparison: where in its start of the writer, by which wall clock, what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Compared {
    device: DeviceId,
    epoch: Epoch,
    mono: u64,
    wall: i64,
    observed: ClockObserved,
}

/// All comparisons of clocks in a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times(Vec<Compared>);

impl Times {
    /// Finds the comparisons in a record.
    #[must_use]
    pub fn of(links: &[Link]) -> Self {
        let compared = |link: &Link| {
            let Some(Body::ClockObserved(observed)) = link.body else {
                return None;
            };
            Some(Compared {
                device: link.envelope.device,
                epoch: link.envelope.epoch,
                mono: link.envelope.mono,
                wall: link.envelope.wall,
                observed,
            })
        };
        Self(links.iter().filter_map(compared).collect())
    }

    /// When an event happened; `None` when its start of the writer was never compared. It was no later than it was
    /// recorded.
    #[must_use]
    pub fn corrected(&self, link: &Link) -> Option<Between> {
        let of_chain = self
            .0
            .iter()
            .filter(|one| (one.device, one.epoch) == (link.envelope.device, link.envelope.epoch));
        let all = of_chain.map(|one| one.place(link.envelope.mono));
        let between = all.reduce(Between::and)?;
        Some(Between {
            latest: between.latest.min(link.recorded_at).max(between.earliest),
            ..between
        })
    }
}

impl Compared {
    fn place(&self, mono: u64) -> Between {
        let passed = mono.abs_diff(self.mono);
        let drift = passed.saturating_mul(DRIFT_PPM).div_ceil(1_000_000);
        let doubt = self.observed.error.saturating_add(drift);
        let compared_at = self.wall.saturating_add(self.observed.offset);
        let middle = if mono >= self.mono {
            compared_at.saturating_add_unsigned(passed)
        } else {
            compared_at.saturating_sub_unsigned(passed)
        };
        Between {
            earliest: middle.saturating_sub_unsigned(doubt),
            latest: middle.saturating_add_unsigned(doubt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ActorRef, Envelope};
    use crate::id::{ActorId, EventId, Hash, Position, StoreId};

    const NINE: i64 = 1_795_608_000_000;

    fn link(epoch: u8, mono: u64, wall: i64, observed: Option<ClockObserved>) -> Link {
        let observed = observed.map(Body::from);
        let body = observed.clone().unwrap_or_else(|| {
            crate::custody::sign_in::ActorSignedOut { actor: ActorId(1) }.into()
        });
        Link {
            position: Position(1),
            recorded_at: NINE + 86_400_000,
            envelope: Envelope {
                version: 1,
                store: StoreId([1; 16]),
                device: DeviceId([2; 16]),
                epoch: Epoch([epoch; 16]),
                seq: 0,
                prev: Hash::default(),
                id: EventId([3; 16]),
                hlc: 0,
                mono,
                wall,
                actor: ActorRef {
                    actor: ActorId(1),
                    session: 0,
                },
                basis: Position(0),
                kind: body.kind_version(),
                lease: None,
                body: body.to_bytes(),
                pii: None,
            },
            body: observed,
            hash: Hash::default(),
            signature: Vec::new(),
            applied: true,
            subject: true,
        }
    }

    fn compared(mono: u64, wall: i64, offset: i64, error: u64) -> Link {
        let observed = ClockObserved {
            offset,
            error,
            jump: 0,
        };
        link(1, mono, wall, Some(observed))
    }

    #[test]
    fn an_act_is_placed_by_the_clock_that_never_jumps_whatever_the_wall_clock_said() {
        let links = [compared(60_000, NINE - 3_600_000, 3_600_000, 100)];
        let times = Times::of(&links);
        let act = link(1, 50_000, i64::MAX, None);
        let between = times.corrected(&act).unwrap();
        assert_eq!(between.middle(), (NINE - 10_000, 105));
        // Another start of the writer has other clocks.
        assert_eq!(times.corrected(&link(2, 50_000, NINE, None)), None);
    }

    #[test]
    fn two_comparisons_say_more_than_one_and_one_that_was_wrong_does_not_count() {
        let links = [
            compared(0, NINE, 0, 1_000),
            compared(10_000, NINE + 10_900, 0, 100),
        ];
        let between = Times::of(&links)
            .corrected(&link(1, 5_000, 0, None))
            .unwrap();
        assert_eq!(
            (between.earliest, between.latest),
            (NINE + 5_797, NINE + 6_003)
        );
        let links = [
            compared(0, NINE, 0, 10),
            compared(10_000, NINE, 90_000, 5_000),
        ];
        let between = Times::of(&links)
            .corrected(&link(1, 5_000, 0, None))
            .unwrap();
        assert_eq!(between.middle(), (NINE + 5_000, 13));
    }

    #[test]
    fn nothing_happened_after_it_was_recorded() {
        let times = Times::of(&[compared(0, NINE, 0, 90_000_000)]);
        let between = times.corrected(&link(1, 0, 0, None)).unwrap();
        assert_eq!(between.latest, NINE + 86_400_000);
    }
}
