//! Error correction.
//!
//! In: the codewords of a symbol and which of them are unknown. Out: the codewords as they were written. Must not: use
//! up every check codeword, for then anything could be corrected into something.
//!
//! A Reed-Solomon code over the numbers modulo 929, in which 3 makes all others, as ISO/IEC 15438 has it.

/// The numbers there are.
const PRIME: u32 = 929;
/// What makes all of them but 0.
const ROOT: u32 = 3;
/// Check codewords that stay unused: what they say must fit what was corrected.
const SPARE: usize = 2;

/// Corrects codewords, the last `checks` of which are check codewords. Unknown ones may have any value. `None` when too
/// many are wrong or unknown.
pub(super) fn correct(words: &mut [u16], checks: usize, unknown: &[usize]) -> Option<()> {
    let spare = SPARE.min(checks / 4);
    if checks >= words.len() || unknown.len() + spare > checks {
        return None;
    }
    let sums = sums(words, checks);
    if sums.iter().all(|sum| *sum == 0) {
        return Some(());
    }
    let locator = locator(&sums, unknown, words.len());
    let degree = locator.len() - 1;
    if 2 * degree.saturating_sub(unknown.len()) + unknown.len() + spare > checks {
        return None;
    }
    let values = product(&sums, &locator, checks);
    let mut found = 0;
    for (place, word) in words.iter_mut().rev().enumerate() {
        let back = inverse(power(ROOT, place));
        if at(&locator, back) != 0 {
            continue;
        }
        found += 1;
        let slope = slope(&locator, back);
        if slope == 0 {
            return None;
        }
        // What was added to the codeword is minus this quotient, so it is added once more.
        let error = at(&values, back) * inverse(slope) % PRIME;
        *word = u16::try_from((u32::from(*word) + error) % PRIME).ok()?;
    }
    let is_right = found == degree && self::sums(words, checks).iter().all(|sum| *sum == 0);
    is_right.then_some(())
}

/// The codewords as a polynomial, at each of the places where it is 0 when all are right.
fn sums(words: &[u16], checks: usize) -> Vec<u32> {
    let mut point = 1;
    let sum = |_| {
        point = point * ROOT % PRIME;
        let add = |sum: u32, word: &u16| (sum * point + u32::from(*word)) % PRIME;
        words.iter().fold(0, add)
    };
    (0..checks).map(sum).collect()
}

/// The polynomial that is 0 at the inverse of every wrong place, lowest power first (Berlekamp, Massey; begun with the
/// places known to be wrong).
fn locator(sums: &[u32], unknown: &[usize], count: usize) -> Vec<u32> {
    let mut current = vec![1];
    for place in unknown {
        let point = power(ROOT, count.saturating_sub(place + 1));
        current.push(0);
        for at in (1..current.len()).rev() {
            current[at] = (current[at] + (PRIME - point) * current[at - 1]) % PRIME;
        }
    }
    let mut earlier = current.clone();
    let mut length = unknown.len();
    for step in unknown.len()..sums.len() {
        let seen = current.iter().zip(sums[..=step].iter().rev());
        let off = seen.fold(0, |off, (a, b)| (off + a * b) % PRIME);
        earlier.insert(0, 0);
        if off == 0 {
            continue;
        }
        let mut next = current.clone();
        next.resize(current.len().max(earlier.len()), 0);
        for (term, old) in next.iter_mut().zip(&earlier) {
            *term = (*term + (PRIME - off) * old) % PRIME;
        }
        if 2 * length <= step + unknown.len() {
            length = step + 1 + unknown.len() - length;
            let back = inverse(off);
            earlier = current.iter().map(|term| term * back % PRIME).collect();
        }
        current = next;
    }
    while current.len() > 1 && current.last() == Some(&0) {
        current.pop();
    }
    current
}

/// The first terms of a product.
fn product(a: &[u32], b: &[u32], terms: usize) -> Vec<u32> {
    let mut out = vec![0; terms];
    for (i, x) in a.iter().enumerate() {
        for (sum, y) in out.iter_mut().skip(i).zip(b) {
            *sum = (*sum + x * y) % PRIME;
        }
    }
    out
}

/// A polynomial's value.
fn at(terms: &[u32], point: u32) -> u32 {
    let add = |sum: u32, term: &u32| (sum * point + term) % PRIME;
    terms.iter().rev().fold(0, add)
}

/// The value of its derivative.
fn slope(terms: &[u32], point: u32) -> u32 {
    let mut sum = 0;
    let mut of = 0;
    for term in terms.iter().rev() {
        sum = (sum * point + of) % PRIME;
        of = (of * point + term) % PRIME;
    }
    sum
}

fn power(base: u32, exponent: usize) -> u32 {
    let (mut result, mut square, mut left) = (1, base % PRIME, exponent);
    while left > 0 {
        if left % 2 == 1 {
            result = result * square % PRIME;
        }
        square = square * square % PRIME;
        left /= 2;
    }
    result
}

fn inverse(number: u32) -> u32 {
    power(number, 927)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Appends check codewords.
    pub(in crate::stacked) fn protected(data: &[u16], checks: usize) -> Vec<u16> {
        let mut generator = vec![1_u32];
        for root in 1..=checks {
            let minus = PRIME - power(ROOT, root);
            generator.push(0);
            for at in (1..generator.len()).rev() {
                generator[at] = (generator[at] + minus * generator[at - 1]) % PRIME;
            }
        }
        let mut rest = vec![0_u32; checks];
        for word in data {
            let first = (u32::from(*word) + rest[0]) % PRIME;
            rest.rotate_left(1);
            rest[checks - 1] = 0;
            for (term, factor) in rest.iter_mut().zip(&generator[1..]) {
                *term = (*term + (PRIME - first) * factor) % PRIME;
            }
        }
        let checks = rest
            .iter()
            .map(|term| u16::try_from((PRIME - term) % PRIME).unwrap());
        data.iter().copied().chain(checks).collect()
    }

    fn data() -> Vec<u16> {
        (0..60_u16).map(|at| at * at * 7 % 929).collect()
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        let right = protected(&data(), 16);
        let mut words = right.clone();
        assert_eq!(correct(&mut words, 16, &[]), Some(()));
        assert_eq!(words, right);
    }

    #[test]
    fn wrong_and_unknown_codewords_are_corrected_up_to_the_spare_ones() {
        for checks in [8, 16, 32, 64] {
            let right = protected(&data(), checks);
            for unknown in 0..=checks - SPARE {
                let wrong = (checks - SPARE - unknown) / 2;
                let mut words = right.clone();
                let places: Vec<usize> = (0..unknown).map(|at| at * 59 % right.len()).collect();
                let mut free = (0..right.len()).filter(|at| !places.contains(at));
                places.iter().for_each(|at| words[*at] = 0);
                for _ in 0..wrong {
                    let at = free.next_back().unwrap();
                    words[at] = (words[at] + 1 + u16::try_from(at).unwrap()) % 929;
                }
                assert_eq!(
                    correct(&mut words, checks, &places),
                    Some(()),
                    "{checks} {unknown}"
                );
                assert_eq!(words, right);
            }
        }
    }

    #[test]
    fn too_many_are_not_corrected_into_something_else() {
        let right = protected(&data(), 16);
        for wrong in 8..40 {
            let mut words = right.clone();
            for (word, more) in words.iter_mut().zip(300..).take(wrong) {
                *word = (*word + more) % 929;
            }
            assert_eq!(correct(&mut words, 16, &[]), None, "{wrong}");
        }
        let places: Vec<usize> = (0..15).collect();
        assert_eq!(correct(&mut right.clone(), 16, &places), None);
        assert_eq!(correct(&mut [1, 2, 3], 3, &[]), None);
        assert_eq!(correct(&mut [], 0, &[]), None);
    }
}
