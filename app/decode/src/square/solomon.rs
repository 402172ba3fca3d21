//! Reed-Solomon's repair.
//!
//! In: a block of bytes, how many of them are checks, and which are doubtful. Out: the block as it was printed. Must not:
//! repair more than it may; a block of chance must stay broken.

/// Elements but zero.
const ORDER: usize = 255;

/// The field of 256 elements, and at which power the roots of its checks begin.
pub(crate) struct Field {
    powers: [u8; ORDER],
    logarithms: [u8; 256],
    first: usize,
}

impl Field {
    /// QR's.
    pub(crate) fn qr() -> Self {
        Self::new(0x1d, 0)
    }

    /// Data Matrix's.
    pub(crate) fn matrix() -> Self {
        Self::new(0x2d, 1)
    }

    /// The field of a polynomial, without its highest term.
    fn new(polynomial: u8, first: usize) -> Self {
        let mut powers = [0; ORDER];
        let mut logarithms = [0; 256];
        let mut value = 1_u8;
        for (place, power) in (0..=u8::MAX).zip(&mut powers) {
            *power = value;
            logarithms[usize::from(value)] = place;
            let is_over = value & 0x80 != 0;
            value <<= 1;
            if is_over {
                value ^= polynomial;
            }
        }
        Self {
            powers,
            logarithms,
            first,
        }
    }

    fn power(&self, exponent: usize) -> u8 {
        self.powers[exponent % ORDER]
    }

    fn log(&self, value: u8) -> usize {
        usize::from(self.logarithms[usize::from(value)])
    }

    fn times(&self, a: u8, b: u8) -> u8 {
        if a == 0 || b == 0 {
            return 0;
        }
        self.power(self.log(a) + self.log(b))
    }

    /// A quotient; nothing is divided by zero.
    fn over(&self, a: u8, b: u8) -> u8 {
        if a == 0 || b == 0 {
            return 0;
        }
        self.power(self.log(a) + ORDER - self.log(b))
    }

    /// A polynomial's value, lowest term first, at a power of the generator.
    fn value(&self, polynomial: &[u8], exponent: usize) -> u8 {
        let x = self.power(exponent);
        let terms = polynomial.iter().rev();
        terms.fold(0, |sum, term| self.times(sum, x) ^ term)
    }

    fn syndromes(&self, block: &[u8], checks: usize) -> Vec<u8> {
        (0..checks)
            .map(|root| {
                let x = self.power(self.first + root);
                block.iter().fold(0, |sum, byte| self.times(sum, x) ^ byte)
            })
            .collect()
    }

    /// Repairs a block whose last bytes are its checks. An error costs two, a byte that is known to be doubtful one; what
    /// would cost more than `most` is not repaired. Says what it cost.
    pub(crate) fn repair(
        &self,
        block: &mut [u8],
        checks: usize,
        doubtful: &[usize],
        most: usize,
    ) -> Option<usize> {
        let length = block.len();
        if length > ORDER || checks >= length || doubtful.len() > most.min(checks) {
            return None;
        }
        let syndromes = self.syndromes(block, checks);
        if syndromes.iter().all(|syndrome| *syndrome == 0) {
            return Some(0);
        }
        let mut locator = vec![1_u8];
        for place in doubtful {
            let root = self.power(length.checked_sub(place + 1)?);
            locator.push(0);
            for at in (1..locator.len()).rev() {
                locator[at] ^= self.times(locator[at - 1], root);
            }
        }
        let locator = self.located(&syndromes, locator, doubtful.len());
        let degree = locator.iter().rposition(|term| *term != 0)?;
        let errors = degree.checked_sub(doubtful.len())?;
        let cost = 2 * errors + doubtful.len();
        if cost > most {
            return None;
        }
        self.correct(block, &syndromes, &locator[..=degree])?;
        let is_whole = self
            .syndromes(block, checks)
            .iter()
            .all(|syndrome| *syndrome == 0);
        is_whole.then_some(cost)
    }

    /// Berlekamp's and Massey's shortest recurrence that explains the syndromes, from what the doubtful places say.
    fn located(&self, syndromes: &[u8], doubtful: Vec<u8>, known: usize) -> Vec<u8> {
        let mut length = known;
        let mut before = doubtful.clone();
        let mut locator = doubtful;
        for step in known..syndromes.len() {
            let terms = locator.iter().zip(syndromes[..=step].iter().rev());
            let surprise = terms.fold(0, |sum, (a, b)| sum ^ self.times(*a, *b));
            before.insert(0, 0);
            if surprise == 0 {
                continue;
            }
            let mut better = locator.clone();
            better.resize(better.len().max(before.len()), 0);
            for (term, other) in better.iter_mut().zip(&before) {
                *term ^= self.times(surprise, *other);
            }
            if 2 * length <= step + known {
                length = step + 1 + known - length;
                before = locator
                    .iter()
                    .map(|term| self.over(*term, surprise))
                    .collect();
            }
            locator = better;
        }
        locator
    }

    /// Chien's search for the places and Forney's rule for what is wrong there.
    fn correct(&self, block: &mut [u8], syndromes: &[u8], locator: &[u8]) -> Option<()> {
        let mut evaluator = vec![0; syndromes.len()];
        for (low, term) in locator.iter().enumerate() {
            for (value, syndrome) in evaluator.iter_mut().skip(low).zip(syndromes) {
                *value ^= self.times(*term, *syndrome);
            }
        }
        let odd: Vec<u8> = locator
            .iter()
            .enumerate()
            .skip(1)
            .map(|(at, term)| if at % 2 == 1 { *term } else { 0 })
            .collect();
        let length = block.len();
        let mut roots = 0;
        for (place, byte) in block.iter_mut().enumerate() {
            let log = length - 1 - place;
            let inverse = ORDER - log;
            if self.value(locator, inverse) != 0 {
                continue;
            }
            roots += 1;
            let slope = self.value(&odd, inverse);
            if slope == 0 {
                return None;
            }
            let wrong = self.over(self.value(&evaluator, inverse), slope);
            // The roots of the checks begin at a power of their own.
            let shift = log * (ORDER + 1 - self.first);
            *byte ^= self.times(wrong, self.power(shift));
        }
        (roots + 1 == locator.len()).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with its checks: the remainder that makes all roots vanish, found by trying none but solving.
    fn printed(field: &Field, data: &[u8], checks: usize) -> Vec<u8> {
        let mut generator = vec![1_u8];
        for root in 0..checks {
            let x = field.power(field.first + root);
            generator.push(0);
            for at in (1..generator.len()).rev() {
                generator[at] ^= field.times(generator[at - 1], x);
            }
        }
        let mut rest = data.to_vec();
        rest.resize(data.len() + checks, 0);
        for at in 0..data.len() {
            let lead = rest[at];
            for (place, term) in generator.iter().enumerate() {
                rest[at + place] ^= field.times(lead, *term);
            }
        }
        let mut block = data.to_vec();
        block.extend(&rest[data.len()..]);
        block
    }

    fn chance(seed: &mut u32) -> usize {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*seed >> 16) as usize
    }

    #[test]
    fn as_many_errors_and_doubts_as_the_checks_allow_are_repaired() {
        let mut seed = 7;
        for field in [Field::qr(), Field::matrix()] {
            for checks in [5, 7, 10, 18, 30, 68] {
                let data: Vec<u8> = (0..20_u8).map(|at| at.wrapping_mul(37) ^ 11).collect();
                let block = printed(&field, &data, checks);
                for doubts in 0..=checks {
                    let errors = (checks - doubts) / 2;
                    let mut places: Vec<usize> = Vec::new();
                    while places.len() < (errors + doubts).min(block.len()) {
                        let place = chance(&mut seed) % block.len();
                        if !places.contains(&place) {
                            places.push(place);
                        }
                    }
                    let mut damaged = block.clone();
                    for place in &places {
                        damaged[*place] ^= u8::try_from(chance(&mut seed) % 255 + 1).unwrap();
                    }
                    let doubtful = &places[..doubts.min(places.len())];
                    let cost = field.repair(&mut damaged, checks, doubtful, checks);
                    assert!(cost.is_some(), "{checks} checks, {doubts} doubts");
                    assert_eq!(damaged, block);
                }
            }
        }
    }

    #[test]
    fn more_errors_than_allowed_are_left_alone() {
        let field = Field::qr();
        let block = printed(&field, b"HTTPS://1A4.COM/", 10);
        let mut seed = 3;
        for round in 0..2_000 {
            let mut damaged = block.clone();
            for at in 0..6 {
                damaged[(at * 4 + round) % 26] ^=
                    u8::try_from(chance(&mut seed) % 255 + 1).unwrap();
            }
            let cost = field.repair(&mut damaged, 10, &[], 6);
            assert!(cost.is_none(), "round {round}");
        }
    }

    #[test]
    fn blocks_of_no_sense_do_no_harm() {
        let field = Field::matrix();
        assert!(field.repair(&mut [], 0, &[], 0).is_none());
        assert!(field.repair(&mut [1, 2], 2, &[], 2).is_none());
        assert!(field.repair(&mut [9; 300], 10, &[], 10).is_none());
        assert!(field.repair(&mut [9; 20], 10, &[77], 10).is_none());
        assert!(field.repair(&mut [0; 20], 10, &[], 10).is_some());
    }
}
