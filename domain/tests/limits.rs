//! What holds of every state's limits, and of every basket.
//!
//! Books and baskets are made up by chance, from few classes and small figures, so that edges are met often.

use std::collections::{BTreeMap, BTreeSet};

use domain::limits::{
    Authority, Basket, Book, Bucket, Combine, Condition, Customer, Figure, Finding, Letter, Limit,
    Line, Measure, Moment, Offline, Outcome, Over, Program, Term, Verdict, Visit, Why, Window,
    judge,
};
use domain::time::{Day, Millis};
use proptest::prelude::*;

const CLASSES: [&str; 4] = ["flower", "extract", "edible", "nobody knows"];
const TODAY: Day = Day(20_785);

fn moment(day: i32) -> Moment {
    let at = Millis(i64::from(day) * 86_400_000 + 43_200_000);
    Moment { at, day: Day(day) }
}

fn now() -> Moment {
    moment(TODAY.0)
}

/// A cap on the net mass of some classes, each of which counts as it says.
fn cap(id: &str, max: u64, terms: &[(&str, Option<Term>)]) -> Bucket {
    let terms = terms
        .iter()
        .map(|(class, term)| ((*class).to_owned(), *term));
    Bucket {
        id: id.to_owned(),
        measure: Measure::NetMg,
        terms: terms.collect(),
        max,
        unconfirmed: None,
        is_inside: false,
        condition: Condition::default(),
        source: "a law".to_owned(),
    }
}

fn limit(combine: Combine, window: Window, buckets: Vec<Bucket>) -> Limit {
    Limit {
        id: "limit".to_owned(),
        program: Program::Adult,
        from: None,
        to: None,
        combine,
        window,
        knows_customer: true,
        authority: Authority::Local,
        offline: Offline::Block,
        letter: Letter::Ignored,
        over: Over::Barred,
        is_advisory: false,
        condition: Condition::default(),
        buckets,
        uncapped: BTreeSet::new(),
    }
}

fn book(limits: Vec<Limit>) -> Book {
    Book {
        id: "us-xx".to_owned(),
        state: "XX".to_owned(),
        limits,
        bars: Vec::new(),
        splits: Vec::new(),
        exempt: BTreeSet::new(),
        age_min: BTreeMap::new(),
    }
}

fn basket(lines: Vec<Line>, history: Vec<Visit>) -> Basket {
    Basket {
        program: Program::Adult,
        customer: Customer::default(),
        lines,
        history: Some(history),
        known_to: None,
    }
}

fn line(class: &str, quantity: u32, net_mg: Option<u64>) -> Line {
    Line {
        class: class.to_owned(),
        quantity,
        net_mg,
        thc_mg: net_mg.map(|net_mg| net_mg / 3),
        ..Line::default()
    }
}

/// What a verdict comes to, without the lines it names.
fn sums(verdict: &Verdict) -> Vec<(String, Outcome, u128, Option<i128>)> {
    let sum = |finding: &Finding| {
        let cap = format!("{}/{}", finding.limit, finding.bucket);
        (cap, finding.outcome, finding.used, finding.margin)
    };
    verdict.findings.iter().map(sum).collect()
}

fn some_term() -> impl Strategy<Value = Option<Term>> {
    let figure = prop_oneof![Just(Figure::NetMg), Just(Figure::ThcMg)];
    let term = (figure, 0_u64..9, 1_u64..9).prop_map(|(figure, is, of)| Term { figure, is, of });
    prop_oneof![9 => term.prop_map(Some), 1 => Just(None)]
}

fn some_limit() -> impl Strategy<Value = Limit> {
    let window = prop_oneof![
        Just(Window::CalendarDay),
        Just(Window::CalendarMonth),
        (1_u16..40).prop_map(Window::RollingDays)
    ];
    let combine = prop_oneof![Just(Combine::Independent), Just(Combine::FractionSum)];
    let caps = prop::collection::vec(
        (
            1_u64..60,
            [some_term(), some_term(), some_term()],
            any::<bool>(),
        ),
        1..4,
    );
    (combine, window, caps, any::<bool>(), any::<bool>()).prop_map(
        |(combine, window, caps, is_advisory, is_taxed)| {
            let bucket =
                |(index, (max, terms, is_inside)): (usize, (u64, [Option<Term>; 3], bool))| {
                    let terms: Vec<_> = CLASSES.into_iter().zip(terms).skip(index % 2).collect();
                    Bucket {
                        is_inside,
                        ..cap(&format!("cap {index}"), max, &terms)
                    }
                };
            Limit {
                is_advisory,
                over: if is_taxed { Over::Taxed } else { Over::Barred },
                ..limit(
                    combine,
                    window,
                    caps.into_iter().enumerate().map(bucket).collect(),
                )
            }
        },
    )
}

fn some_book() -> impl Strategy<Value = Book> {
    prop::collection::vec(some_limit(), 1..3).prop_map(book)
}

fn some_line() -> impl Strategy<Value = Line> {
    let class = prop_oneof![12 => 0_usize..3, 1 => Just(3)];
    let net_mg = prop_oneof![9 => (0_u64..20).prop_map(Some), 1 => Just(None)];
    (class, 1_u32..4, net_mg)
        .prop_map(|(class, quantity, net_mg)| line(CLASSES[class], quantity, net_mg))
}

fn some_lines() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(some_line(), 0..6)
}

fn some_visits() -> impl Strategy<Value = Vec<Visit>> {
    let visit = (0_i32..45, some_lines()).prop_map(|(ago, lines)| Visit {
        when: moment(TODAY.0 - ago),
        lines,
    });
    prop::collection::vec(visit, 0..4)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 1_500,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_order_of_lines_and_of_visits_changes_nothing(
        (book, (lines, shuffled)) in (some_book(), some_lines().prop_flat_map(|lines| {
            (Just(lines.clone()), Just(lines).prop_shuffle())
        })),
        (visits, turned) in some_visits().prop_flat_map(|visits| {
            (Just(visits.clone()), Just(visits).prop_shuffle())
        }),
    ) {
        let one = judge(&book, &basket(lines, visits), now());
        let other = judge(&book, &basket(shuffled, turned), now());
        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert_eq!(sums(&one), sums(&other));
    }

    #[test]
    fn less_in_the_basket_is_never_worse(
        book in some_book(), lines in some_lines(), visits in some_visits(), which in any::<prop::sample::Index>(),
    ) {
        prop_assume!(!lines.is_empty());
        let all = judge(&book, &basket(lines.clone(), visits.clone()), now());
        let mut fewer = lines;
        fewer.remove(which.index(fewer.len()));
        let less = judge(&book, &basket(fewer, visits), now());
        prop_assert!(less.outcome <= all.outcome);
        let outcomes = |verdict: &Verdict| -> BTreeMap<String, Outcome> {
            sums(verdict).into_iter().map(|(cap, outcome, ..)| (cap, outcome)).collect()
        };
        let all = outcomes(&all);
        for (cap, outcome) in outcomes(&less) {
            prop_assert!(all.get(&cap).is_some_and(|before| outcome <= *before), "{}", cap);
        }
    }

    #[test]
    fn a_visit_that_is_taken_back_gives_its_allowance_back(
        book in some_book(), lines in some_lines(), visits in some_visits(),
    ) {
        let with = judge(&book, &basket(lines.clone(), visits), now());
        let without = judge(&book, &basket(lines, Vec::new()), now());
        prop_assert!(without.outcome <= with.outcome);
    }

    #[test]
    fn one_line_of_many_units_is_as_many_lines_of_one(
        book in some_book(), lines in some_lines(), visits in some_visits(),
    ) {
        let single = |line: &Line| {
            let one = Line { quantity: 1, ..line.clone() };
            std::iter::repeat_n(one, usize::try_from(line.quantity).unwrap_or(0))
        };
        let split: Vec<Line> = lines.iter().flat_map(single).collect();
        let one = judge(&book, &basket(lines, visits.clone()), now());
        let other = judge(&book, &basket(split, visits), now());
        prop_assert_eq!(sums(&one), sums(&other));
    }

    #[test]
    fn two_orders_of_one_day_are_as_one(
        book in some_book(), first in some_lines(), second in some_lines(), visits in some_visits(),
    ) {
        let together: Vec<Line> = first.iter().chain(&second).cloned().collect();
        let one = judge(&book, &basket(together, visits.clone()), now());
        let mut visits = visits;
        visits.push(Visit { when: now(), lines: first });
        let other = judge(&book, &basket(second, visits), now());
        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert_eq!(sums(&one), sums(&other));
    }

    #[test]
    fn the_margin_may_be_used_up_to_the_last_milligram_and_no_further(
        maxes in prop::collection::vec(1_u64..400, 1..4),
        is_summed in any::<bool>(),
        amounts in prop::collection::vec((0_usize..3, 0_u64..120), 0..5),
        of in 1_u64..7,
    ) {
        let combine = if is_summed { Combine::FractionSum } else { Combine::Independent };
        let term = Some(Term { figure: Figure::NetMg, is: 1, of });
        let buckets: Vec<Bucket> = maxes
            .iter()
            .zip(CLASSES)
            .map(|(max, class)| cap(class, *max, &[(class, term)]))
            .collect();
        let count = buckets.len();
        let book = book(vec![limit(combine, Window::CalendarDay, buckets)]);
        let lines: Vec<Line> = amounts
            .iter()
            .map(|(class, net_mg)| line(CLASSES[class % count], 1, Some(*net_mg)))
            .collect();
        let verdict = judge(&book, &basket(lines.clone(), Vec::new()), now());
        prop_assume!(verdict.outcome == Outcome::Pass);
        for finding in &verdict.findings {
            let margin = u64::try_from(finding.margin.unwrap_or(-1)).unwrap_or(u64::MAX);
            let with = |net_mg: u64| {
                let mut more = lines.clone();
                more.push(line(&finding.bucket, 1, Some(net_mg)));
                judge(&book, &basket(more, Vec::new()), now()).outcome
            };
            prop_assert_eq!(with(margin * of), Outcome::Pass);
            prop_assert_eq!(with((margin + 1) * of), Outcome::Fail);
        }
    }

    #[test]
    fn a_sum_of_shares_is_over_exactly_when_the_fractions_add_up_to_more_than_one(
        shares in prop::collection::vec((1_u64..500, 0_u64..500), 1..4),
    ) {
        let term = Some(Term { figure: Figure::NetMg, is: 1, of: 1 });
        let cap_of = |((max, _), class): (&(u64, u64), &str)| cap(class, *max, &[(class, term)]);
        let buckets = shares.iter().zip(CLASSES).map(cap_of).collect();
        let book = book(vec![limit(Combine::FractionSum, Window::Transaction, buckets)]);
        let lines = shares.iter().zip(CLASSES).map(|((_, net_mg), class)| line(class, 1, Some(*net_mg)));
        let verdict = judge(&book, &basket(lines.collect(), Vec::new()), now());
        // The same, by the product of all caps.
        let all: u128 = shares.iter().map(|(max, _)| u128::from(*max)).product();
        let sum: u128 = shares.iter().map(|(max, net_mg)| u128::from(*net_mg) * all / u128::from(*max)).sum();
        prop_assert_eq!(verdict.outcome == Outcome::Fail, sum > all);
    }
}

fn only_cap(max: u64) -> Book {
    let whole = Some(Term {
        figure: Figure::NetMg,
        is: 1,
        of: 1,
    });
    book(vec![limit(
        Combine::Independent,
        Window::RollingDays(14),
        vec![cap("flower", max, &[("flower", whole)])],
    )])
}

#[test]
fn what_is_missing_does_not_save_a_basket_that_is_over_already() {
    let lines = vec![line("flower", 1, Some(101)), line("flower", 1, None)];
    let verdict = judge(&only_cap(100), &basket(lines, Vec::new()), now());
    assert_eq!(verdict.outcome, Outcome::Fail);
    let lines = vec![line("flower", 1, Some(100)), line("flower", 1, None)];
    let verdict = judge(&only_cap(100), &basket(lines, Vec::new()), now());
    assert_eq!(verdict.outcome, Outcome::Unknown);
    assert_eq!(verdict.findings[0].margin, None);
}

#[test]
fn amounts_no_number_can_hold_are_over_and_nothing_overflows() {
    let lines = vec![line("flower", u32::MAX, Some(u64::MAX)); 50];
    let verdict = judge(&only_cap(u64::MAX), &basket(lines, Vec::new()), now());
    assert_eq!(verdict.outcome, Outcome::Fail);
    let far = Visit {
        when: Moment {
            at: Millis(i64::MIN),
            day: Day(i32::MIN),
        },
        lines: vec![line("flower", 1, Some(1))],
    };
    let verdict = judge(&only_cap(1), &basket(Vec::new(), vec![far]), now());
    assert_eq!(verdict.outcome, Outcome::Pass);
}

#[test]
fn caps_too_fine_to_add_up_decide_nothing() {
    let whole = Some(Term {
        figure: Figure::NetMg,
        is: 1,
        of: 1,
    });
    let primes = [999_999_999_989, 999_999_999_961];
    let caps = primes.iter().zip(CLASSES);
    let caps = caps.map(|(max, class)| cap(class, *max, &[(class, whole)]));
    let limit = limit(Combine::FractionSum, Window::Transaction, caps.collect());
    assert!(!Book::is_exact(&limit));
    let verdict = judge(&book(vec![limit]), &basket(Vec::new(), Vec::new()), now());
    assert_eq!(verdict.outcome, Outcome::Unknown);
    assert_eq!(verdict.findings[0].why, Why::TooFine);
}

#[test]
fn a_record_that_is_too_old_decides_nothing_about_goods_it_counts() {
    let judged = |offline, minutes: i64, certificate, lines: Vec<Line>| {
        let mut book = only_cap(100);
        book.limits[0].offline = offline;
        let mut asked = basket(lines, Vec::new());
        asked.customer.certificate = certificate;
        asked.known_to = Some(now().at.plus(-minutes * 60_000));
        judge(&book, &asked, now())
    };
    let flower = || vec![line("flower", 1, Some(1))];
    let old = judged(Offline::Block, 35, None, flower());
    assert_eq!(old.outcome, Outcome::Unknown);
    assert_eq!(old.findings[0].why, Why::HistoryOld(35 * 60_000));
    assert_eq!(
        judged(Offline::Block, 0, None, flower()).outcome,
        Outcome::Pass
    );
    assert_eq!(
        judged(Offline::Block, 35, None, Vec::new()).outcome,
        Outcome::Pass
    );
    assert_eq!(
        judged(Offline::Cached(35), 35, None, flower()).outcome,
        Outcome::Pass
    );
    assert_eq!(
        judged(Offline::Cached(34), 35, None, flower()).outcome,
        Outcome::Unknown
    );
    assert_eq!(
        judged(Offline::Allow, 35, None, flower()).outcome,
        Outcome::Pass
    );
    let by_certificate = Offline::AllowWithCertificate;
    assert_eq!(
        judged(by_certificate, 35, None, flower()).outcome,
        Outcome::Unknown
    );
    assert_eq!(
        judged(by_certificate, 35, Some(true), flower()).outcome,
        Outcome::Pass
    );
    let over = vec![line("flower", 1, Some(101))];
    assert_eq!(
        judged(Offline::Block, 35, None, over).outcome,
        Outcome::Fail
    );
}

#[test]
fn somebody_whose_earlier_purchases_nobody_knows_waits_unless_the_state_forbids_to_know() {
    let mut asked = basket(vec![line("flower", 1, Some(1))], Vec::new());
    asked.history = None;
    let mut book = only_cap(100);
    assert_eq!(
        judge(&book, &asked, now()).findings[0].why,
        Why::HistoryNotKnown
    );
    book.limits[0].knows_customer = false;
    assert_eq!(judge(&book, &asked, now()).outcome, Outcome::Pass);
}
