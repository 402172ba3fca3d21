//! The day's orders have the mix and the trouble they are said to have.

use super::*;
use crate::demo::later::{CHANGES, REPEATS, WITHDRAWALS};
use crate::demo::orders::{LINES_OF_TWO_PACKAGES, SHORT_LINES};

#[test]
fn an_hour_later_the_goods_are_the_same_and_only_the_orders_are_new() {
    let (now, later) = (shop(), generate(42, NOW + 60 * MINUTE));
    assert_eq!(now.stock, later.stock);
    assert_eq!(now.people, later.people);
    assert_ne!(now.orders, later.orders);
}

#[test]
fn the_orders_have_the_mix_of_a_typical_day() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        let contents: Vec<&OrderContent> = shop.orders.iter().map(content).collect();
        let channel = |channel| {
            contents
                .iter()
                .filter(|order| order.channel == channel)
                .count()
        };
        assert_eq!(channel(Channel::Pickup) * 100 / ORDERS, 55);
        assert_eq!(channel(Channel::Curbside) * 100 / ORDERS, 15);
        assert_eq!(channel(Channel::Delivery) * 100 / ORDERS, 30);
        let lines: usize = contents.iter().map(|order| order.lines.len()).sum();
        assert!(
            (ORDERS * 22..=ORDERS * 30).contains(&(lines * 10)),
            "{lines} lines"
        );
        assert_eq!(
            contents.iter().map(|order| order.lines.len()).max(),
            Some(12)
        );
        let units: u32 = contents.iter().map(|order| order.units()).sum();
        let tenths = usize::try_from(units).unwrap() * 10 / lines;
        assert!(
            (11..=13).contains(&tenths),
            "{units} units on {lines} lines"
        );
    }
}

#[test]
fn promised_windows_lie_between_twenty_minutes_ago_and_six_hours_ahead() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        for order in shop.orders.iter().map(content) {
            assert!(order.promise.start.at.0 >= NOW - 20 * MINUTE);
            assert!(order.promise.end.at.0 <= NOW + 360 * MINUTE);
            assert!(order.promise.start.at < order.promise.end.at);
            assert!(order.placed_at.at.0 < NOW);
            assert!(order.age_on_promise_day() >= Some(21));
            let has_address = order.customer.address.is_some();
            assert_eq!(has_address, order.channel == Channel::Delivery);
        }
        let placed: Vec<_> = shop
            .orders
            .iter()
            .map(|order| content(order).placed_at.at)
            .collect();
        assert!(placed.is_sorted());
    }
}

#[test]
fn every_ordered_product_exists_at_its_price_and_stands_once_on_an_order() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        let sent = shop.later.iter().map(|message| &message.order);
        for order in shop.orders.iter().chain(sent) {
            let Request::Fill(content) = &order.request else {
                continue;
            };
            let skus: BTreeSet<&str> = content.lines.iter().map(|line| line.sku.as_str()).collect();
            assert_eq!(skus.len(), content.lines.len());
            for line in &content.lines {
                let is_it = |product: &&Product| product.item.sku.as_ref() == Some(&line.sku);
                let product = shop.products.iter().find(is_it).unwrap();
                assert_eq!(product.item.name, line.product);
                assert_eq!(product.unit_price_cents, line.unit_price_cents);
            }
        }
    }
}

#[test]
fn no_order_asks_for_more_than_one_adult_may_buy_in_a_day() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        let sent = shop.later.iter().map(|message| &message.order);
        for order in shop.orders.iter().chain(sent) {
            let Request::Fill(content) = &order.request else {
                continue;
            };
            let mut total = catalogue::Counts::default();
            for line in &content.lines {
                let is_it = |product: &&Product| product.item.sku.as_ref() == Some(&line.sku);
                let product = shop.products.iter().find(is_it).unwrap();
                total = total.and(line.quantity, product.counts);
            }
            assert!(total.is_allowed(), "{total:?} on {:?}", order.key);
        }
    }
}

#[test]
fn a_few_lines_cannot_be_filled_a_few_need_two_packages_and_the_rest_is_there() {
    for seed in SEEDS {
        let ledger = after_the_orders(&generate(seed, NOW));
        let lines: Vec<_> = ledger
            .orders
            .values()
            .flat_map(|order| &order.lines)
            .collect();
        let short = lines.iter().filter(|line| line.unallocated() > 0).count();
        assert_eq!(short, SHORT_LINES, "seed {seed}");
        let spanning = lines
            .iter()
            .filter(|line| line.allocations.len() > 1)
            .count();
        assert!(
            spanning >= LINES_OF_TWO_PACKAGES,
            "{spanning} for seed {seed}"
        );
        let stuck = ledger
            .orders
            .values()
            .filter(|order| order.status == Status::Short)
            .count();
        assert_eq!(stuck, SHORT_LINES);
        let ready = ledger
            .orders
            .values()
            .filter(|order| order.status == Status::Ready)
            .count();
        assert_eq!(ready, ORDERS - SHORT_LINES);
        assert!(ledger.is_conserved());
    }
}

#[test]
fn afterwards_some_orders_are_changed_some_withdrawn_and_one_comes_twice() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        let (mut changed, mut withdrawn, mut repeated) = (0, 0, 0);
        for message in &shop.later {
            assert!(message.at > shop.now);
            let same_key = |order: &&OrderInput| order.key == message.order.key;
            let before = shop.orders.iter().find(same_key).unwrap();
            match compare(before, &message.order) {
                Comparison::Same => repeated += 1,
                Comparison::Change { .. } => changed += 1,
                Comparison::Cancel => withdrawn += 1,
            }
        }
        assert_eq!(
            (changed, withdrawn, repeated),
            (CHANGES, WITHDRAWALS, REPEATS)
        );
    }
}

#[test]
fn names_that_break_careless_programs_are_among_the_customers() {
    let shop = shop();
    let names: Vec<&str> = shop
        .orders
        .iter()
        .map(|order| content(order).customer.name.as_str())
        .collect();
    for name in customers::AWKWARD {
        assert!(names.contains(&name), "{name}");
    }
}
