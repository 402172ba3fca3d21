//! Dice that fall the same way for one seed, on every machine.
//!
//! In: a seed and what the dice are for. Out: numbers, choices, shuffles. Must not: be used for secrets of
//! a real shop.

use domain::id::Hash;

/// SplitMix64: one multiplication-and-shift generator, chosen for being short and the same everywhere.
pub(super) struct Dice {
    state: u64,
}

impl Dice {
    /// Each purpose has dice of its own, so that one more throw here changes nothing there.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        let Hash(hash) = Hash::of(&[b"custody-demo-1\n", &seed.to_be_bytes(), purpose.as_bytes()]);
        let state = hash
            .iter()
            .take(8)
            .fold(0, |state, byte| (state << 8) | u64::from(*byte));
        Self { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to just below `end`; 0 when there is none.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let high = (self.next() >> 32) * u64::from(end);
        u32::try_from(high >> 32).expect("BUG: a product of two 32-bit numbers has a 32-bit half")
    }

    /// A number from `low` to `high`, both possible.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True so many times in a thousand.
    pub(super) fn per_mille(&mut self, times: u32) -> bool {
        self.below(1_000) < times
    }

    /// A place in a list of some length.
    pub(super) fn index(&mut self, length: usize) -> usize {
        let end = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(end)).expect("BUG: a 32-bit number is an index")
    }

    /// One of a list that is not empty.
    pub(super) fn one<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        from.get(self.index(from.len()))
            .expect("BUG: nothing to choose from")
    }

    /// Every order of a list is as likely as any other.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    /// A list of the given values, each as often as it says, shuffled.
    pub(super) fn deck<T: Copy>(&mut self, cards: &[(T, usize)]) -> Vec<T> {
        let mut deck: Vec<T> = cards
            .iter()
            .flat_map(|(card, times)| core::iter::repeat_n(*card, *times))
            .collect();
        self.shuffle(&mut deck);
        deck
    }
}
