//! Things in order.
//!
//! In: things, and a figure of each. Out: the same, the least figure first. Must not: be compiled anew for every kind of
//! thing. Sorting is long code, and the standard library's made up a quarter of the reader's module.

use std::collections::BinaryHeap;

/// Puts things in order by a figure of each. Of equals the one that was first stays first.
pub(crate) fn sort<T>(things: &mut Vec<T>, figure: impl Fn(&T) -> f32) {
    by_rank(things, |thing| rank(figure(thing)));
}

/// The same by a whole number of each.
pub(crate) fn by_rank<T>(things: &mut Vec<T>, rank: impl Fn(&T) -> u32) {
    let ranks = things.iter().map(|thing| u64::from(rank(thing)));
    let keys = ranks.zip(0..).map(|(rank, place)| rank << 32 | place);
    let order = sorted(keys.collect());
    let mut before: Vec<Option<T>> = things.drain(..).map(Some).collect();
    things.extend(
        order
            .into_iter()
            .filter_map(|key| before.get_mut(place(key)).and_then(Option::take)),
    );
}

/// Keys in order, the least first. A picture has fewer than four thousand million of anything, so a key has room for
/// two numbers.
pub(crate) fn sorted(keys: Vec<u64>) -> Vec<u64> {
    BinaryHeap::from(keys).into_sorted_vec()
}

/// The lower half of a key.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the lower half is what is wanted"
)]
pub(crate) fn place(key: u64) -> usize {
    key as u32 as usize
}

/// A number that is greater when a figure is, as `f32::total_cmp` says.
fn rank(figure: f32) -> u32 {
    let bits = figure.to_bits();
    let is_negative = bits >> 31 == 1;
    if is_negative { !bits } else { bits | 1 << 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn things_stand_as_the_standard_library_would_have_them(
            figures in proptest::collection::vec(prop_oneof![any::<f32>(), (-3_i8..3).prop_map(f32::from)], 0..60)
        ) {
            let mut ours: Vec<(f32, usize)> = figures.iter().copied().zip(0..).collect();
            let mut theirs = ours.clone();
            sort(&mut ours, |thing| thing.0);
            theirs.sort_by(|a, b| a.0.total_cmp(&b.0));
            let places = |things: &[(f32, usize)]| -> Vec<usize> { things.iter().map(|thing| thing.1).collect() };
            prop_assert_eq!(places(&ours), places(&theirs));
        }
    }
}
