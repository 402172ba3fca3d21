//! The queue's order, and the reasons for it.

use std::collections::BTreeSet;

use domain::plan::pace::Pace;
use domain::plan::rank::{PATIENCE, Reason, queue, rank};
use domain::time::Millis;
use proptest::prelude::*;

use super::queue::{MINUTE, NOON, Queue, Wish, any_queue, number, wish};
use super::walk::three_aisles;

fn places(queue: &Queue) -> Vec<usize> {
    let backlog = queue.backlog();
    let ranked = backlog.ranked(NOON, &Pace::TYPICAL);
    let orders = ranked.iter().map(|one| one.errand.order);
    let known = |order| (0..100).find(|at| number(*at) == order).unwrap();
    orders.map(known).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn once_an_order_has_waited_long_no_newer_one_stands_before_it_whatever_it_was_promised(
        queue in any_queue(),
    ) {
        let backlog = queue.backlog();
        let ranked = backlog.ranked(NOON, &Pace::TYPICAL);
        for (place, ahead) in ranked.iter().enumerate() {
            for behind in &ranked[place + 1..] {
                let old = behind.errand;
                let since = old.placed_at.max(old.promise_start);
                prop_assert!(ahead.errand.placed_at <= since.plus(PATIENCE));
            }
        }
    }

    #[test]
    fn the_queue_has_every_order_once_also_those_for_which_nothing_stands_on_a_shelf(
        wanted in any_queue(),
    ) {
        let orders = || wanted.ledger.orders.values();
        let standing = queue(&wanted.ledger, &wanted.map, orders(), &Pace::TYPICAL);
        prop_assert!(standing.is_sorted_by_key(|one| one.begin_by));
        let named: BTreeSet<_> = standing.iter().map(|one| one.order).collect();
        prop_assert_eq!(named.len(), standing.len());
        prop_assert!(orders().all(|order| named.contains(&order.id)));
        // What can be fetched stands as the plan has it.
        let backlog = wanted.backlog();
        let planned = backlog.ranked(NOON, &Pace::TYPICAL);
        let planned = planned.iter().map(|one| (one.errand.order, one.begin_by, one.reason));
        let fetched = standing.iter().filter(|one| backlog.errands.contains_key(&one.order));
        let fetched = fetched.map(|one| (one.order, one.begin_by, one.reason(NOON)));
        prop_assert!(planned.eq(fetched));
    }

    #[test]
    fn among_orders_nobody_waits_long_for_the_one_with_least_time_to_spare_is_first(
        queue in any_queue(),
    ) {
        let backlog = queue.backlog();
        let ranked = backlog.ranked(NOON, &Pace::TYPICAL);
        let spare = |reason| match reason {
            Reason::Due { spare, .. } => Some(spare),
            Reason::Late { .. } | Reason::Waiting { .. } => None,
        };
        let is_plain = |one: &&domain::plan::rank::Ranked<'_>| {
            let (errand, start) = (one.errand, one.errand.due.plus(-one.work));
            start == one.begin_by && spare(one.reason).is_some() && errand.placed_at < NOON
        };
        let plain: Vec<i64> = ranked.iter().filter(is_plain).filter_map(|one| spare(one.reason)).collect();
        prop_assert!(plain.is_sorted());
    }
}

/// A shop that is never done: every minute two orders come in that are due at once, and one is served.
#[test]
fn an_old_order_is_served_although_more_urgent_ones_never_stop_coming() {
    let mut wishes = vec![Wish {
        placed: 0,
        opens: 0,
        due: 600,
        lines: vec![(3, 1)],
    }];
    let rush = |placed| Wish {
        placed,
        opens: placed,
        due: placed + 1,
        lines: vec![(4, 1)],
    };
    let mut waiting = vec![0_usize];
    for minute in 0_i64.. {
        for _ in 0..2 {
            waiting.push(wishes.len());
            wishes.push(rush(minute));
        }
        let queue = three_aisles(&wishes);
        let backlog = queue.backlog();
        let now = NOON.plus(minute * MINUTE);
        let first = *waiting
            .iter()
            .min_by_key(|at| {
                let ranked = rank(&backlog.errands[&number(**at)], now, &Pace::TYPICAL);
                (ranked.begin_by, **at)
            })
            .unwrap();
        if first == 0 {
            return;
        }
        assert!(minute < 130, "it starves");
        waiting.retain(|at| *at != first);
    }
}

#[test]
fn more_work_is_begun_earlier_and_a_promise_for_tomorrow_can_wait() {
    let tomorrow = Wish {
        placed: -500,
        opens: 1_300,
        due: 1_320,
        lines: vec![(3, 1)],
    };
    let wishes = [
        tomorrow,
        wish(60, &[(3, 1)]),
        wish(61, &[(3, 90)]),
        wish(40, &[(3, 1)]),
    ];
    assert_eq!(places(&three_aisles(&wishes)), [3, 2, 1, 0]);
}

#[test]
fn the_reason_says_what_is_due_what_is_late_and_what_has_waited() {
    let all_day = Wish {
        placed: -90,
        opens: -90,
        due: 600,
        lines: vec![(3, 1)],
    };
    let queue = three_aisles(&[wish(30, &[(3, 1)]), wish(-5, &[(3, 1)]), all_day]);
    let backlog = queue.backlog();
    // Four bays there and back, one shelf, one unit, one tote; then it is packed.
    let work = 2 * 4 * 900 + 14_000 + 5_000 + 10_000 + 50_000;
    let said = |at: usize| {
        let ranked = rank(&backlog.errands[&number(at)], NOON, &Pace::TYPICAL);
        assert_eq!(ranked.work, work);
        ranked.reason
    };
    let minutes = |minutes: i64| NOON.plus(minutes * MINUTE);
    let due = Reason::Due {
        at: minutes(30),
        spare: 30 * MINUTE - work,
    };
    let late = Reason::Late {
        due: minutes(-5),
        by: 5 * MINUTE + work,
    };
    let waiting = Reason::Waiting {
        since: minutes(-90),
    };
    assert_eq!([said(0), said(1), said(2)], [due, late, waiting]);
}

#[test]
fn dates_no_clock_ever_showed_do_not_break_the_queue() {
    let mad = |placed, due| Wish {
        placed,
        opens: placed,
        due,
        lines: vec![(3, 1)],
    };
    let (least, most) = (i64::MIN / 2, i64::MAX / 2);
    let wishes = [
        mad(most, least),
        mad(least, most),
        mad(least, least),
        mad(most, most),
        wish(30, &[(3, 1)]),
    ];
    let queue = three_aisles(&wishes);
    let backlog = queue.backlog();
    for now in [Millis(i64::MIN), NOON, Millis(i64::MAX)] {
        assert_eq!(backlog.ranked(now, &Pace::TYPICAL).len(), 5);
        let walks = backlog.walks(now, &super::walk::crew(2, 3));
        assert_eq!(walks.iter().map(|walk| walk.orders.len()).sum::<usize>(), 5);
    }
}
