//! Which bytes, and how: the same number always tampers in the same way.

/// SplitMix64.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(number: u64) -> Self {
        Self(number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap();
        usize::try_from(self.next() % limit).unwrap()
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Anything but zero.
    pub(super) fn pattern(&mut self) -> u8 {
        u8::try_from(self.below(255)).unwrap() + 1
    }

    /// Bytes that are not what they were, in one of the ways below.
    pub(super) fn spoil(&mut self, way: &str, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        match way {
            "a bit turned over" => bytes[at] ^= 1 << self.below(8),
            "a byte changed" => bytes[at] ^= self.pattern(),
            "a byte removed" => drop(bytes.remove(at)),
            "a byte doubled" => bytes.insert(at, bytes[at]),
            "two bytes exchanged" => {
                let other = self.below(bytes.len());
                bytes.swap(at, other);
            }
            "cut short" => bytes.truncate(at),
            "a stretch made zero" => {
                let end = bytes.len().min(at + 1 + self.below(64));
                bytes[at..end].fill(0);
            }
            "a stretch from elsewhere" => {
                let length = 1 + self.below(64.min(bytes.len()));
                let from = self.below(bytes.len() - length + 1);
                let to = self.below(bytes.len() - length + 1);
                bytes.copy_within(from..from + length, to);
            }
            other => unreachable!("{other}"),
        }
    }
}

/// Ways to tamper with bytes.
pub(super) const SPOILT: [&str; 8] = [
    "a bit turned over",
    "a byte changed",
    "a byte removed",
    "a byte doubled",
    "two bytes exchanged",
    "cut short",
    "a stretch made zero",
    "a stretch from elsewhere",
];
