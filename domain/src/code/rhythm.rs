//! How a scanner that types is told from a hand: by the waits between keys, and by how long each is held down.
//!
//! In: waits and holds, in milliseconds. Out: whether a key goes on with what may be a scan, and what is learnt of a slow
//! scanner. Must not: let a hand pass for a scanner, whatever was learnt.

use super::sheet::Typed;

/// Longest wait between the first keys of a scan, of any scanner. Above the 50 ms of most slow ones, below what two
/// fingers do.
pub const GAP_USUAL_MS: u32 = 60;
/// Longest such wait that is learnt of a slow scanner. A wait behind the keys that make a scan for certain may be longer.
pub const GAP_LEARNT_MAX_MS: u32 = 120;
/// Longest wait behind those, after which a scan without an end key is complete. Radios stutter: a shorter one does not
/// end what is a scan for certain.
pub const SILENCE_MS: u32 = 140;
/// Keys after which a burst is taken for a scan. Not fewer: a quick hand's short word would lose its end.
pub const SURE_AFTER: usize = 5;
/// Longest that a scanner holds a key down where its waits are like a hand's. A hand holds each for 50 and more, and a
/// quick one presses the next before it lets go.
pub const HELD_MAX_MS: u32 = 30;

/// How long the scanners of a device wait between two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rhythm {
    gap_ms: u32,
}

impl Rhythm {
    /// Where nothing was learnt.
    pub const USUAL: Self = Self {
        gap_ms: GAP_USUAL_MS,
    };
    /// While a scanner is tried: as slow as can be learnt.
    pub const TRIED: Self = Self {
        gap_ms: GAP_LEARNT_MAX_MS,
    };

    /// What a device kept of its scanners; what could not have been learnt is the usual.
    #[must_use]
    pub fn kept(gap_ms: &str) -> Self {
        let gap_ms = gap_ms.parse().unwrap_or(GAP_USUAL_MS);
        let is_learnt = (GAP_USUAL_MS..=GAP_LEARNT_MAX_MS).contains(&gap_ms);
        if is_learnt {
            Self { gap_ms }
        } else {
            Self::USUAL
        }
    }

    /// With what a code of the test sheet tells of the scanner that read it: a quarter more than its longest wait. The
    /// same as before when it is quick enough anyhow, or typed like a hand.
    #[must_use]
    pub fn learning(self, typed: &Typed) -> Self {
        let gap_ms = typed.gap_max_ms.saturating_mul(5) / 4;
        if !is_a_scanners(typed.held_max_ms) || typed.gap_max_ms > GAP_LEARNT_MAX_MS {
            return self;
        }
        self.max(Self {
            gap_ms: gap_ms.min(GAP_LEARNT_MAX_MS),
        })
    }

    /// Longest wait between the first keys of a scan, in milliseconds.
    #[must_use]
    pub fn gap_ms(self) -> u32 {
        self.gap_ms
    }

    /// Whether a key belongs to the burst before it: of so many keys, so long ago, each held down for so long at most.
    /// `None` when one was still down as the next was pressed.
    #[must_use]
    pub fn goes_on(self, keys: usize, wait_ms: u32, held_max_ms: Option<u32>) -> bool {
        if keys > SURE_AFTER {
            return wait_ms <= SILENCE_MS;
        }
        wait_ms <= GAP_USUAL_MS || wait_ms <= self.gap_ms && is_a_scanners(held_max_ms)
    }
}

/// Whether keys that were held for so long at most were not pressed by a hand.
pub(super) fn is_a_scanners(held_max_ms: Option<u32>) -> bool {
    held_max_ms.is_some_and(|held| held <= HELD_MAX_MS)
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Ending;
    use super::*;
    use proptest::prelude::*;

    /// A key: the wait before it, and how long it was held.
    type Key = (u32, u32);

    fn typed(gap_max_ms: u32, held_max_ms: Option<u32>) -> Typed {
        Typed {
            ending: Ending::Key,
            took_ms: 2_000,
            gap_max_ms,
            held_max_ms,
        }
    }

    /// The longest run of keys that are taken for one burst.
    fn longest_burst(rhythm: Rhythm, keys: &[Key]) -> usize {
        let (mut longest, mut count, mut held_max, mut last) = (0, 0, Some(0), 0);
        for (wait, held) in keys {
            // The one before is let go in time, or is still down.
            let before: Option<u32> = (last < *wait).then_some(last);
            held_max = held_max.zip(before).map(|(most, held)| most.max(held));
            if count == 0 || !rhythm.goes_on(count, *wait, held_max) {
                (count, held_max) = (0, Some(0));
            }
            count += 1;
            longest = longest.max(count);
            last = *held;
        }
        longest
    }

    fn slow_scan(gap: u32, held: u32) -> Vec<Key> {
        std::iter::repeat_n((gap, held), 24).collect()
    }

    #[test]
    fn a_slow_scanner_is_known_after_it_was_tried() {
        let scan = slow_scan(80, 8);
        assert_eq!(longest_burst(Rhythm::USUAL, &scan), 1);
        assert_eq!(longest_burst(Rhythm::TRIED, &scan), 24);
        let known = Rhythm::USUAL.learning(&typed(80, Some(8)));
        assert_eq!(known.gap_ms(), 100);
        assert_eq!(longest_burst(known, &scan), 24);
        // A quick one tried after it is understood without, and unlearns nothing.
        assert_eq!(known.learning(&typed(20, Some(4))), known);
    }

    #[test]
    fn nothing_is_learnt_of_a_hand_and_nothing_that_is_slower_than_one_may_be() {
        for (gap, held) in [
            (80, None),
            (80, Some(60)),
            (121, Some(5)),
            (u32::MAX, Some(0)),
            (40, Some(5)),
        ] {
            let learnt = Rhythm::USUAL.learning(&typed(gap, held));
            assert_eq!(learnt, Rhythm::USUAL, "{gap} ms, held {held:?}");
        }
        let most = Rhythm::USUAL.learning(&typed(119, Some(5)));
        assert_eq!(most, Rhythm::TRIED);
    }

    #[test]
    fn what_a_device_kept_is_believed_only_if_it_can_have_been_learnt() {
        assert_eq!(Rhythm::kept("100").gap_ms(), 100);
        for nonsense in ["", "59", "121", "-1", "4294967296", "100 ms", "NaN"] {
            assert_eq!(Rhythm::kept(nonsense), Rhythm::USUAL, "{nonsense:?}");
        }
    }

    proptest! {
        /// Whatever a hand does, what was learnt of a scanner makes no scan of it. It holds each key for at least 45 ms, or
        /// presses the next before.
        #[test]
        fn typing_is_no_scan_because_a_slow_scanner_is_known(
            keys in proptest::collection::vec((1_u32..400, 45_u32..250), 1..60),
            gap in 0_u32..500,
            held in proptest::option::of(0_u32..80),
        ) {
            let known = Rhythm::USUAL.learning(&typed(gap, held));
            for rhythm in [known, Rhythm::TRIED] {
                prop_assert_eq!(longest_burst(rhythm, &keys), longest_burst(Rhythm::USUAL, &keys));
            }
        }

        /// A scanner that was tried is understood from then on, as unevenly as it may type.
        #[test]
        fn whoever_was_tried_is_understood(
            keys in proptest::collection::vec((31_u32..=120, 0_u32..=30), 6..60),
        ) {
            let gap = keys.iter().map(|key| key.0).max().unwrap_or_default();
            let held = keys.iter().map(|key| key.1).max();
            let known = Rhythm::USUAL.learning(&typed(gap, held));
            prop_assert_eq!(longest_burst(known, &keys), keys.len());
        }
    }
}
