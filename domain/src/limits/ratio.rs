//! Sums of fractions, exactly: everything is multiplied up to one common denominator.
//!
//! In: how classes count. Out: whole numbers that compare as the fractions do. Must not: divide before it compares, or
//! overflow: what is too large for the number stays at its largest, which exceeds every cap.

use super::limit::{Bucket, Term};

/// The largest common denominator: amounts up to some 10^20 times it still fit into 128 bits.
const DENOMINATOR_MAX: u128 = 1_000_000_000_000_000_000;

fn divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The least common multiple; `None` when there is none, or it is too large to count with.
pub(super) fn common(a: u128, b: u128) -> Option<u128> {
    let by = divisor(a, b);
    if by == 0 {
        return None;
    }
    let found = (a / by).checked_mul(b)?;
    (1..=DENOMINATOR_MAX).contains(&found).then_some(found)
}

/// The denominator in which all that counts for one cap is a whole number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale(pub(super) u128);

impl Scale {
    /// The scale of a cap; `None` when it is too large to count with.
    pub(super) fn of(bucket: &Bucket) -> Option<Self> {
        let terms = bucket.terms.values().flatten();
        terms
            .map(|term| {
                let (is, of) = (u128::from(term.is), u128::from(term.of));
                of / divisor(is, of).max(1)
            })
            .try_fold(1, common)
            .map(Self)
    }

    /// An amount by a term, in this scale.
    pub(super) fn amount(self, term: Term, figure: u128) -> u128 {
        let (is, of) = (u128::from(term.is), u128::from(term.of));
        let by = divisor(is, of).max(1);
        let times = (is / by).saturating_mul(self.0 / (of / by).max(1));
        figure.saturating_mul(times)
    }

    /// A cap, in this scale; `None` when it is 0 or too large to count with.
    pub(super) fn whole(self, max: u64) -> Option<u128> {
        let whole = self.0.checked_mul(u128::from(max))?;
        (1..=DENOMINATOR_MAX).contains(&whole).then_some(whole)
    }
}

/// The difference `a - b`, at the edges of the number at most.
pub(super) fn difference(a: u128, b: u128) -> i128 {
    let size = |larger: u128, smaller: u128| i128::try_from(larger - smaller).unwrap_or(i128::MAX);
    if a >= b { size(a, b) } else { -size(b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_denominator_of_colorados_caps_is_small() {
        let found = [28_350, 8_000, 800].into_iter().try_fold(1, common);
        assert_eq!(found, Some(4_536_000));
        assert_eq!(common(0, 4), None);
        assert_eq!(common(u128::MAX, 2), None);
    }

    #[test]
    fn differences_stay_at_the_edge_of_the_number() {
        assert_eq!(difference(3, 5), -2);
        assert_eq!(difference(0, u128::MAX), -i128::MAX);
        assert_eq!(difference(u128::MAX, 0), i128::MAX);
    }
}
