//! A device's clock against the server's: what is worth a fact.
//!
//! In: when a question left, when its answer came, what the server's clock said in between. Out: a comparison, when it
//! says something new. Must not: set a clock, or decide anything by one.

use crate::custody::health::ClockObserved;

/// A movement of a clock that is worth a fact, in milliseconds.
pub const MOVED_MS_MAX: u64 = 2_000;

/// One question and its answer, by the clocks of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The device's clock that never jumps when it asked, in milliseconds.
    pub asked: u64,
    /// The same when the answer came.
    pub answered: u64,
    /// The device's wall clock when the answer came, milliseconds since 1970.
    pub wall: i64,
    /// The server's clock when it answered, milliseconds since 1970.
    pub server_wall: i64,
}

/// What is known of a device's clock since the page was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockWatch {
    /// The clock that never jumps and the wall clock, at the last answer.
    last: Option<(u64, i64)>,
    told: Option<ClockObserved>,
}

impl ClockWatch {
    /// Compares the clocks. Returns what is worth a fact: the first comparison, one that differs from the last that was
    /// told by more than both may be wrong, a wall clock that jumped, or one known far more exactly than before.
    pub fn compare(&mut self, exchange: &Exchange) -> Option<ClockObserved> {
        let around = exchange.answered.saturating_sub(exchange.asked);
        // The answer was on its way for no longer than all of it took; half is the best guess, and as much the error.
        let error = around.div_ceil(2);
        let server_now = exchange.server_wall.saturating_add_unsigned(error);
        let offset = server_now.saturating_sub(exchange.wall);
        let observed = ClockObserved {
            offset,
            error,
            jump: self.jump(exchange),
        };
        let is_news = observed.jump.unsigned_abs() > MOVED_MS_MAX || self.differs(&observed);
        if is_news {
            self.told = Some(observed);
        }
        is_news.then_some(observed)
    }

    fn differs(&self, observed: &ClockObserved) -> bool {
        let Some(told) = self.told else {
            return true;
        };
        let moved = observed.offset.abs_diff(told.offset);
        let doubt = observed.error.saturating_add(told.error);
        let is_clearer = told.error > MOVED_MS_MAX && observed.error < told.error / 2;
        moved > MOVED_MS_MAX.saturating_add(doubt) || is_clearer
    }

    /// By how much more the wall clock went on than the one that never jumps, since the last answer.
    fn jump(&mut self, exchange: &Exchange) -> i64 {
        let now = (exchange.answered, exchange.wall);
        let Some((mono, wall)) = self.last.replace(now) else {
            return 0;
        };
        let passed = exchange.answered.saturating_sub(mono);
        let went_on = exchange.wall.saturating_sub(wall);
        went_on.saturating_sub(i64::try_from(passed).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: i64 = 1_795_608_000_000;

    /// An exchange of 200 ms that ends at a moment, by a device whose clock is `slow` behind.
    fn at(moment: u64, slow: i64) -> Exchange {
        let now = NINE.saturating_add_unsigned(moment);
        Exchange {
            asked: moment - 200,
            answered: moment,
            wall: now - slow,
            server_wall: now - 100,
        }
    }

    #[test]
    fn the_first_comparison_is_told_and_the_same_again_is_not() {
        let mut watch = ClockWatch::default();
        let first = watch.compare(&at(1_000, 5_000));
        let expected = ClockObserved {
            offset: 5_000,
            error: 100,
            jump: 0,
        };
        assert_eq!(first, Some(expected));
        assert_eq!(watch.compare(&at(16_000, 5_000)), None);
        // Two seconds and what both comparisons may be wrong are not enough; a little more is.
        assert_eq!(watch.compare(&at(31_000, 7_000)), None);
        let moved = watch.compare(&at(46_000, 7_201)).map(|told| told.offset);
        assert_eq!(moved, Some(7_201));
    }

    #[test]
    fn a_wall_clock_that_jumps_is_told_with_the_jump() {
        let mut watch = ClockWatch::default();
        watch.compare(&at(1_000, 0));
        let told = watch.compare(&at(16_000, -3_600_000)).unwrap();
        assert_eq!((told.offset, told.jump), (-3_600_000, 3_600_000));
        let back = watch.compare(&at(31_000, 0)).unwrap();
        assert_eq!((back.offset, back.jump), (0, -3_600_000));
    }

    #[test]
    fn a_slow_answer_says_little_and_a_quick_one_afterwards_says_more() {
        let mut watch = ClockWatch::default();
        let slow = Exchange {
            asked: 0,
            answered: 70_000,
            wall: NINE + 70_000,
            server_wall: NINE + 35_000,
        };
        let told = watch.compare(&slow).unwrap();
        assert_eq!((told.offset, told.error), (0, 35_000));
        assert!(told.is_suspect());
        let told = watch.compare(&at(90_000, 0)).unwrap();
        assert_eq!((told.offset, told.error), (0, 100));
    }

    #[test]
    fn clocks_beyond_all_reason_are_compared_all_the_same() {
        let mut watch = ClockWatch::default();
        for (wall, server_wall) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN)] {
            let exchange = Exchange {
                asked: u64::MAX,
                answered: 0,
                wall,
                server_wall,
            };
            assert!(watch.compare(&exchange).is_some());
        }
    }
}
