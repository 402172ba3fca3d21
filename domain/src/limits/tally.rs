//! Which lines count for a cap, and how much.
//!
//! In: a basket with its history, a cap. Out: what is known of the amount, and the first thing that is not. Must not:
//! depend on the order of lines in anything but which gap it names.

use super::basket::{Basket, Figure, Line, Moment};
use super::book::{Book, Split};
use super::limit::{Bucket, Term, Window};
use super::ratio::Scale;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The earlier visit, from 0; `None` for the basket itself.
    pub visit: Option<usize>,
    /// The line, from 0.
    pub line: usize,
}

/// What is not known of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A figure.
    Figure(Spot, Figure),
    /// How the state counts such goods.
    Equivalence(Spot),
}

/// How much of a cap is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// What is known, in the cap's scale.
    pub(super) amount: u128,
    /// What is not.
    pub(super) gap: Option<Gap>,
    /// Whether the basket itself has to do with the cap.
    pub(super) is_touched: bool,
}

/// The lines within a window, with their places.
pub(super) fn lines_within<'a>(
    basket: &'a Basket,
    window: Window,
    now: Moment,
) -> impl Iterator<Item = (Spot, &'a Line)> {
    let place = |visit| move |(line, found): (usize, &'a Line)| (Spot { visit, line }, found);
    let own = basket.lines.iter().enumerate().map(place(None));
    let visits = basket.history.iter().flatten().enumerate();
    let earlier = visits.filter(move |(_, visit)| window.reaches(visit.when.day, now.day));
    own.chain(
        earlier
            .flat_map(move |(index, visit)| visit.lines.iter().enumerate().map(place(Some(index)))),
    )
}

/// How a line counts for a cap: not at all, by a term, or in a way that is not known.
enum Counts {
    Not,
    By(Term),
    Somehow(Gap),
}

fn counts(book: &Book, bucket: &Bucket, spot: Spot, line: &Line) -> Counts {
    let Some(class) = book.class_of(line) else {
        let counts_either = |split: &&Split| {
            bucket.terms.contains_key(&split.above) || bucket.terms.contains_key(&split.up_to)
        };
        return match book.split_of(line).filter(counts_either) {
            Some(split) => Counts::Somehow(Gap::Figure(spot, split.figure)),
            None => Counts::Not,
        };
    };
    if book.exempt.contains(class) {
        return Counts::Not;
    }
    match bucket.terms.get(class) {
        None => Counts::Not,
        Some(None) => Counts::Somehow(Gap::Equivalence(spot)),
        Some(Some(term)) => Counts::By(*term),
    }
}

/// What a basket and its history use of a cap.
pub(super) fn tally(
    book: &Book,
    bucket: &Bucket,
    (scale, window): (Scale, Window),
    basket: &Basket,
    now: Moment,
) -> Tally {
    let mut sum = Tally::default();
    for (spot, line) in lines_within(basket, window, now) {
        let gap = match counts(book, bucket, spot, line) {
            Counts::Not => continue,
            Counts::Somehow(gap) => Some(gap),
            Counts::By(term) => match line.total(term.figure) {
                Some(figure) => {
                    sum.amount = sum.amount.saturating_add(scale.amount(term, figure));
                    None
                }
                None => Some(Gap::Figure(spot, term.figure)),
            },
        };
        sum.gap = sum.gap.or(gap);
        sum.is_touched |= spot.visit.is_none();
    }
    sum
}
