//! The judgement: pass, fail or unknown for each cap, with the figures.
//!
//! In: a state's caps, a basket, the moment it changes hands. Out: one finding for each cap in force, and the worst of
//! them. Must not: let what is missing make a basket pass, or what is missing save one that is over already.
//!
//! The order of lines changes nothing, nor does splitting one. More goods never make a finding better, fewer never
//! worse. Two orders of one day come to the same as one.

use super::basket::{Basket, Figure, Line, Moment};
use super::book::{Bar, Barred, Book};
use super::limit::{Bucket, Combine, Limit, Measure, Offline, Over, Window};
use super::ratio::{Scale, common, difference};
use super::tally::{Gap, Tally, lines_within, tally};

/// Classes that no limit knows, named in one verdict.
const CLASSES_NAMED_MAX: usize = 50;

/// What a judgement comes to, the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Within the cap.
    Pass,
    /// Something is not known that decides it. The goods stay until it is.
    Unknown,
    /// Over the cap, or barred.
    Fail,
}

/// Why a finding is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Within the cap.
    Within,
    /// Over the cap.
    Over,
    /// The shares of the caps add up to more than one.
    OverSum,
    /// Over, which this state allows and taxes.
    Taxed,
    /// Over a figure that nobody has confirmed.
    OverUnconfirmed,
    /// Something about a line is not known.
    Gap(Gap),
    /// No limit says how this class is to be counted.
    ClassNotListed(String),
    /// No limit of this program is in force on that day.
    NoLimit,
    /// It depends on the customer's age or home, which is not known.
    CustomerNotKnown,
    /// Nobody knows what the customer took home before.
    HistoryNotKnown,
    /// What is known of it is this many milliseconds old, which is too old to decide.
    HistoryOld(i64),
    /// The customer is too young for the program.
    TooYoung,
    /// A holder of a patient's card may not buy so.
    CardHolder,
    /// Whether the customer holds a patient's card is not known.
    CardNotKnown,
    /// One unit has more than a unit may have.
    UnitOver,
    /// The caps cannot be added up exactly.
    TooFine,
}

impl Why {
    /// Whether all that is used of the cap is known.
    fn is_measured(&self) -> bool {
        matches!(
            self,
            Self::Within | Self::Over | Self::OverSum | Self::Taxed | Self::OverUnconfirmed
        )
    }
}

/// What one cap comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The limit or bar.
    pub limit: String,
    /// The cap in it.
    pub bucket: String,
    /// What the figures are in, when the finding has any.
    pub measure: Option<&'static str>,
    /// Whether it passes.
    pub outcome: Outcome,
    /// What is known to be used, fractions rounded up.
    pub used: u128,
    /// The cap.
    pub max: Option<u64>,
    /// What may still be added, or by how much it is over when negative; `None` when it is not known.
    pub margin: Option<i128>,
    /// Why.
    pub why: Why,
    /// The figure nobody has confirmed, when `max` is a stricter one in its place.
    pub unconfirmed: Option<u64>,
    /// Where the figure stands.
    pub source: String,
}

/// What a basket comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The worst of the findings.
    pub outcome: Outcome,
    /// One for each cap in force, in the order of the pack.
    pub findings: Vec<Finding>,
}

/// Judges a basket that changes hands at a moment.
#[must_use]
pub fn judge(book: &Book, basket: &Basket, now: Moment) -> Verdict {
    let of_program = |limit: &&Limit| limit.program == basket.program;
    let limits: Vec<&Limit> = book
        .limits
        .iter()
        .filter(of_program)
        .filter(|limit| limit.is_in_force(now.day))
        .collect();
    let mut findings = Vec::new();
    findings.extend(too_young(book, basket));
    if limits.is_empty() {
        findings.push(unknown(book, "program", Why::NoLimit));
    }
    for limit in &limits {
        let caps = Caps {
            book,
            limit,
            basket,
            now,
        };
        caps.judge(&mut findings);
    }
    let bars = book.bars.iter().filter(|bar| bar.program == basket.program);
    for bar in bars.filter(|bar| bar.is_in_force(now.day)) {
        findings.extend(barred(book, bar, basket));
    }
    findings.extend(not_listed(book, &limits, basket, now));
    let worst = findings.iter().map(|finding| finding.outcome).max();
    Verdict {
        outcome: worst.unwrap_or(Outcome::Pass),
        findings,
    }
}

/// A finding that has no figures.
fn unknown(book: &Book, bucket: &str, why: Why) -> Finding {
    Finding {
        limit: book.id.clone(),
        bucket: bucket.to_owned(),
        measure: None,
        outcome: Outcome::Unknown,
        used: 0,
        max: None,
        margin: None,
        why,
        unconfirmed: None,
        source: book.id.clone(),
    }
}

fn too_young(book: &Book, basket: &Basket) -> Option<Finding> {
    let min = book.age_min.get(&basket.program)?;
    // An age nobody knows yet is for the door to check; it has no part in how much one may buy.
    let age = basket.customer.age.filter(|age| *age < min.years)?;
    let outcome = if min.is_advisory {
        Outcome::Unknown
    } else {
        Outcome::Fail
    };
    Some(Finding {
        outcome,
        measure: Some("years"),
        used: u128::from(age),
        margin: Some(i128::from(age) - i128::from(min.years)),
        source: min.source.clone(),
        ..unknown(book, "age", Why::TooYoung)
    })
}

/// The classes of the basket and its history that no limit knows; some of them, when there are many.
fn not_listed(book: &Book, limits: &[&Limit], basket: &Basket, now: Moment) -> Vec<Finding> {
    let mut classes: Vec<&str> = Vec::new();
    let windows = limits.iter().map(|limit| limit.window);
    for window in windows.chain([Window::Transaction]) {
        let lines = lines_within(basket, window, now);
        classes.extend(lines.filter_map(|(_, line)| unlisted(book, limits, line)));
        classes.sort_unstable();
        classes.dedup();
    }
    let named = |class: &str| unknown(book, "class", Why::ClassNotListed(class.to_owned()));
    let first = classes.into_iter().take(CLASSES_NAMED_MAX);
    first.map(named).collect()
}

/// The class of a line, when no limit knows it.
fn unlisted<'a>(book: &'a Book, limits: &[&Limit], line: &'a Line) -> Option<&'a str> {
    let is_listed = |class: &str| {
        let counts = |limit: &&Limit| {
            let mut buckets = limit.buckets.iter();
            buckets.any(|bucket| bucket.terms.contains_key(class)) || limit.uncapped.contains(class)
        };
        book.exempt.contains(class) || limits.iter().any(counts)
    };
    match book.class_of(line) {
        Some(class) => (!is_listed(class)).then_some(class),
        // Either class may be meant: the caps on them name what is not known.
        None => {
            let split = book.split_of(line)?;
            let is_either = is_listed(&split.above) || is_listed(&split.up_to);
            (!is_either).then_some(line.class.as_str())
        }
    }
}

fn barred(book: &Book, bar: &Bar, basket: &Basket) -> Option<Finding> {
    let blank = Finding {
        limit: bar.id.clone(),
        source: bar.source.clone(),
        ..unknown(book, "card", Why::CardNotKnown)
    };
    let fails = if bar.is_advisory {
        Outcome::Unknown
    } else {
        Outcome::Fail
    };
    let Barred::Unit { figure, max } = bar.barred else {
        return match basket.customer.card_holder {
            Some(false) => None,
            None => Some(blank),
            Some(true) => Some(Finding {
                outcome: fails,
                why: Why::CardHolder,
                ..blank
            }),
        };
    };
    let lines = basket.lines.iter().enumerate();
    let mut lines = lines
        .filter(|(_, line)| {
            book.class_of(line)
                .is_some_and(|class| bar.classes.contains(class))
        })
        .peekable();
    lines.peek()?;
    let (mut largest, mut gap) = (0, None);
    for (index, line) in lines {
        match of_one(line, figure, max) {
            Some(one) => largest = largest.max(one),
            None => {
                gap = gap.or(Some(super::tally::Spot {
                    visit: None,
                    line: index,
                }))
            }
        }
    }
    let (outcome, why) = match gap {
        _ if largest > max => (fails, Why::UnitOver),
        Some(spot) => (Outcome::Unknown, Why::Gap(Gap::Figure(spot, figure))),
        None => (Outcome::Pass, Why::Within),
    };
    let is_known = largest > max || gap.is_none();
    Some(Finding {
        bucket: "unit".to_owned(),
        measure: Some(figure.field()),
        outcome,
        used: u128::from(largest),
        max: Some(max),
        margin: is_known.then(|| i128::from(max) - i128::from(largest)),
        why,
        ..blank
    })
}

/// A figure of one unit. No serving has more THC than the unit it is part of.
fn of_one(line: &Line, figure: Figure, max: u64) -> Option<u64> {
    let whole = line.thc_mg.filter(|thc_mg| *thc_mg <= max);
    let stands_in = if figure == Figure::ServingThcMg {
        whole
    } else {
        None
    };
    line.figure(figure).or(stands_in)
}

/// The caps of one limit, and what is put to them.
struct Caps<'a> {
    book: &'a Book,
    limit: &'a Limit,
    basket: &'a Basket,
    now: Moment,
}

/// One cap, and what the basket uses of it.
struct Used<'a> {
    bucket: &'a Bucket,
    scale: Scale,
    tally: Tally,
    max: u64,
    /// `false` when it is not known whether the cap holds for this customer.
    is_sure: bool,
}

impl<'a> Caps<'a> {
    fn judge(&self, findings: &mut Vec<Finding>) {
        let of_all = self
            .limit
            .condition
            .holds(&self.basket.customer, &self.book.state);
        let is_summed = self.limit.combine == Combine::FractionSum;
        let mut shares = Vec::new();
        for bucket in &self.limit.buckets {
            let of_this = bucket
                .condition
                .holds(&self.basket.customer, &self.book.state);
            let is_sure = match (of_all, of_this) {
                (Some(false), _) | (_, Some(false)) => continue,
                (Some(true), Some(true)) => true,
                (None, _) | (_, None) => false,
            };
            let Some(used) = self.used(bucket, is_sure) else {
                findings.push(self.finding(bucket, self.limit_max(bucket), Why::TooFine));
                continue;
            };
            if is_summed && !bucket.is_inside {
                shares.push(used);
            } else {
                findings.push(self.by_itself(&used));
            }
        }
        self.summed(&shares, findings);
    }

    fn limit_max(&self, bucket: &Bucket) -> u64 {
        bucket.max_for(&self.basket.customer, self.limit.letter)
    }

    fn used(&self, bucket: &'a Bucket, is_sure: bool) -> Option<Used<'a>> {
        let scale = Scale::of(bucket)?;
        let measured = (scale, self.limit.window);
        Some(Used {
            bucket,
            scale,
            tally: tally(self.book, bucket, measured, self.basket, self.now),
            max: self.limit_max(bucket),
            is_sure,
        })
    }

    fn by_itself(&self, used: &Used<'a>) -> Finding {
        let whole = used.scale.0.saturating_mul(u128::from(used.max));
        let room = difference(whole, used.tally.amount);
        let one = i128::try_from(used.scale.0).unwrap_or(i128::MAX);
        let (outcome, why) = self.weigh(room < 0, Why::Over, &[used]);
        self.with_figures(used, (outcome, why), room.div_euclid(one))
    }

    /// The caps whose shares are added.
    fn summed(&self, shares: &[Used<'a>], findings: &mut Vec<Finding>) {
        let wholes: Option<Vec<u128>> = shares
            .iter()
            .map(|used| used.scale.whole(used.max))
            .collect();
        let all =
            wholes.and_then(|wholes| Some((wholes.iter().copied().try_fold(1, common)?, wholes)));
        let Some((all, wholes)) = all else {
            let too_fine = |used: &Used<'a>| self.finding(used.bucket, used.max, Why::TooFine);
            findings.extend(shares.iter().map(too_fine));
            return;
        };
        let parts = shares.iter().zip(&wholes);
        let sum = parts
            .map(|(used, whole)| used.tally.amount.saturating_mul(all / whole))
            .fold(0, u128::saturating_add);
        let room = difference(all, sum);
        let every: Vec<&Used<'a>> = shares.iter().collect();
        for used in shares {
            let (outcome, why) = self.weigh(room < 0, Why::OverSum, &every);
            // A multiple of every cap, so this divides without a rest.
            let one = i128::try_from(all / u128::from(used.max).max(1)).unwrap_or(i128::MAX);
            findings.push(self.with_figures(used, (outcome, why), room.div_euclid(one.max(1))));
        }
    }

    /// What caps that are judged together come to.
    fn weigh(&self, is_over: bool, over: Why, together: &[&Used<'a>]) -> (Outcome, Why) {
        match self.limit.over {
            Over::Barred => self.weigh_barred(is_over, over, together),
            // Nothing about such a cap keeps goods back, so what is not known of it does not either.
            Over::Taxed if is_over => (Outcome::Pass, Why::Taxed),
            Over::Taxed => (Outcome::Pass, self.weigh_barred(false, over, together).1),
        }
    }

    fn weigh_barred(&self, is_over: bool, over: Why, together: &[&Used<'a>]) -> (Outcome, Why) {
        if is_over {
            return if together.iter().any(|used| !used.is_sure) {
                (Outcome::Unknown, Why::CustomerNotKnown)
            } else if self.limit.is_advisory {
                (Outcome::Unknown, Why::OverUnconfirmed)
            } else {
                (Outcome::Fail, over)
            };
        }
        if let Some(gap) = together.iter().find_map(|used| used.tally.gap) {
            return (Outcome::Unknown, Why::Gap(gap));
        }
        let is_touched = together.iter().any(|used| used.tally.is_touched);
        match self.history_flaw() {
            Some(why) if is_touched => (Outcome::Unknown, why),
            _ => (Outcome::Pass, Why::Within),
        }
    }

    /// Why the record of earlier purchases does not decide, if it does not.
    fn history_flaw(&self) -> Option<Why> {
        let limit = self.limit;
        if limit.window == Window::Transaction || !limit.knows_customer {
            return None;
        }
        if self.basket.history.is_none() {
            return Some(Why::HistoryNotKnown);
        }
        let age = self.now.at.since(self.basket.known_to?);
        let is_good = match limit.offline {
            Offline::Allow => true,
            Offline::Block => age <= 0,
            Offline::Cached(minutes) => age <= i64::from(minutes).saturating_mul(60_000),
            Offline::AllowWithCertificate => {
                age <= 0 || self.basket.customer.certificate == Some(true)
            }
        };
        (!is_good).then_some(Why::HistoryOld(age))
    }

    fn with_figures(
        &self,
        used: &Used<'a>,
        (outcome, why): (Outcome, Why),
        margin: i128,
    ) -> Finding {
        let is_known = why.is_measured();
        Finding {
            outcome,
            used: used.tally.amount.div_ceil(used.scale.0.max(1)),
            margin: is_known.then_some(margin),
            ..self.finding(used.bucket, used.max, why)
        }
    }

    fn finding(&self, bucket: &Bucket, max: u64, why: Why) -> Finding {
        Finding {
            limit: self.limit.id.clone(),
            bucket: bucket.id.clone(),
            measure: Some(Measure::word(bucket.measure)),
            max: Some(max),
            unconfirmed: bucket.unconfirmed,
            source: bucket.source.clone(),
            ..unknown(self.book, &bucket.id, why)
        }
    }
}
