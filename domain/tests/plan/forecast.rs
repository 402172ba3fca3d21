//! When the queue will be empty, with how many people.

use domain::plan::forecast::{Outlook, PEOPLE_MAX, arrivals_per_hour, people_needed};
use proptest::prelude::*;

use super::queue::{MINUTE, NOON, Queue, Wish, any_crew, any_queue, wish};
use super::walk::{crew, three_aisles};

/// Orders for the same shelf, all due in an hour.
fn rush_hour(orders: i64) -> Queue {
    let wishes: Vec<Wish> = (0..orders).map(|_| wish(60, &[(3, 1)])).collect();
    three_aisles(&wishes)
}

/// One order alone: four bays there and back, a shelf, a unit, a tote, packed.
const ALONE: i64 = 2 * 4 * 900 + 14_000 + 5_000 + 10_000 + 50_000;

#[test]
fn one_person_needs_the_sum_of_all_work_and_three_a_third_of_it() {
    let outlooks = rush_hour(60).backlog().forecast(NOON, &crew(1, 1), 0, 3);
    let clears = |outlook: &Outlook| outlook.clears_at.unwrap().since(NOON);
    assert_eq!(clears(&outlooks[0]), 60 * ALONE);
    assert_eq!(clears(&outlooks[2]), 20 * ALONE);
    let in_time = u32::try_from(60 * MINUTE / ALONE).unwrap();
    assert_eq!(outlooks[0].late, 60 - in_time);
    assert_eq!((outlooks[0].walks, outlooks[2].late), (60, 0));
}

#[test]
fn company_saves_the_work_of_a_person() {
    let backlog = rush_hour(50).backlog();
    let needed = |orders| {
        let outlooks = backlog.forecast(NOON, &crew(1, orders), 0, 8);
        *people_needed(&outlooks).unwrap()
    };
    let (alone, together) = (needed(1), needed(8));
    assert_eq!((alone.people, alone.late), (2, 0));
    assert_eq!((together.people, together.late), (1, 0));
    assert!(together.walks < 10);
}

#[test]
fn when_orders_come_in_faster_than_people_work_the_queue_never_empties() {
    let outlooks = rush_hour(60).backlog().forecast(NOON, &crew(1, 1), 100, 6);
    // A hundred orders an hour keep two people and a half busy.
    let never: Vec<bool> = outlooks.iter().map(|one| one.clears_at.is_none()).collect();
    assert_eq!(never, [true, true, false, false, false, false]);
    assert_eq!(people_needed(&outlooks).unwrap().people, 3);
    assert_eq!(people_needed(&outlooks[..2]), None);
}

#[test]
fn of_a_few_people_more_the_fewest_who_are_in_time_are_named() {
    let backlog = rush_hour(60).backlog();
    let (one, soon) = (crew(1, 1), NOON.plus(60 * MINUTE));
    let enough = |arrivals, by| {
        backlog
            .with_more(NOON, &one, arrivals, by)
            .map(|one| one.people)
    };
    // One misses some promises, two none; and a hundred orders an hour keep more busy.
    assert_eq!(enough(0, soon), Some(2));
    assert!(enough(100, soon) > Some(2));
    assert_eq!(enough(0, NOON.plus(MINUTE)), None);
    let missed = rush_hour(600).backlog();
    let most = missed.with_more(NOON, &one, 0, NOON.plus(600 * MINUTE));
    assert_eq!(
        most.map(|one| one.people),
        Some(7),
        "each of them makes some in time"
    );
}

#[test]
fn an_empty_queue_is_clear_now() {
    let outlooks = three_aisles(&[])
        .backlog()
        .forecast(NOON, &crew(1, 6), 500, 2);
    assert!(
        outlooks
            .iter()
            .all(|one| one.clears_at == Some(NOON) && one.late == 0)
    );
}

#[test]
fn orders_of_the_last_hour_are_counted() {
    let placed = |placed| Wish {
        placed,
        ..wish(60, &[(3, 1)])
    };
    let queue = three_aisles(&[placed(-61), placed(-59), placed(0), placed(5)]);
    assert_eq!(arrivals_per_hour(queue.ledger.orders.values(), NOON), 2);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn more_arrivals_never_clear_a_queue_earlier(
        queue in any_queue(),
        crew in any_crew(),
        arrivals in 0_u32..200,
    ) {
        let backlog = queue.backlog();
        let few = backlog.forecast(NOON, &crew, arrivals, 4);
        let many = backlog.forecast(NOON, &crew, arrivals + 50, 4);
        for (few, many) in few.iter().zip(&many) {
            prop_assert_eq!(few.late, many.late);
            prop_assert!(many.clears_at.is_none() || few.clears_at <= many.clears_at);
            prop_assert!(few.clears_at.is_some() || many.clears_at.is_none());
        }
    }
}

#[test]
fn a_forecast_is_made_for_no_more_people_than_fit() {
    let outlooks = three_aisles(&[])
        .backlog()
        .forecast(NOON, &crew(1, 6), 0, u32::MAX);
    assert_eq!(outlooks.len(), usize::try_from(PEOPLE_MAX).unwrap());
}
