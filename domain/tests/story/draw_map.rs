//! The vault is drawn.

use domain::custody::draw_map::{self, ASIDE_MAX, Aside, MapDrawn, drawings};
use domain::custody::set_up::StoreConfigured;
use domain::facility::LocationCode;
use domain::id::{ActorId, Hash};
use domain::ledger::{EntityKey, EntityKind};
use domain::plan::map::{Aisle, Drawing, Finding};
use domain::plan::vault::{SpotAt, Vault, checked, drawn, guessed, map_of};
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn aisle(from: &str, to: &str, millimetres: u32) -> Aisle {
    Aisle {
        from: from.to_owned(),
        to: to.to_owned(),
        millimetres,
        one_way: false,
    }
}

/// A vault in which the last shelf of the walk is the first behind the door.
fn vault() -> Vault {
    let at = |code: &str| (LocationCode::new(code), code.to_owned());
    Vault {
        drawing: Drawing {
            station: "door".to_owned(),
            aisles: vec![
                aisle("door", "C-01-1", 100),
                aisle("C-01-1", "A-01-1", 9_000),
            ],
            shelves: vec![at("C-01-1"), at("A-01-1")],
        },
        spots: vec![SpotAt {
            name: "door".to_owned(),
            right: 0,
            down: 0,
        }],
    }
}

fn draws(shop: &Shop, actor: ActorId, vault: Vault) -> Verdict {
    let over = draw_map::in_force(&shop.ledger);
    draws_over(shop, actor, over, vault)
}

fn draws_over(shop: &Shop, actor: ActorId, over: Hash, vault: Vault) -> Verdict {
    let done = MapDrawn {
        vault,
        over: Some(over),
        settles: None,
    };
    draw_map::decide(&shop.ledger, &shop.situation(actor, COUNTER), done)
}

/// As an app draws that does not say over which map.
fn unsaid(vault: Vault) -> MapDrawn {
    MapDrawn {
        vault,
        over: None,
        settles: None,
    }
}

/// The vault with a place more, so far from the door.
fn with_a_place(right: u32) -> Vault {
    let mut vault = vault();
    vault.add(right, 0);
    vault
}

/// Who keeps a drawing over a map that another may have replaced meanwhile.
fn keeps_over(shop: &mut Shop, actor: ActorId, over: &Vault, vault: Vault) {
    let verdict = draws_over(shop, actor, over.hash(), vault);
    let rules = shop.record(actor, COUNTER, None, accepted(verdict));
    assert_eq!(rules, []);
}

/// What lies beside the map, and whose it is.
fn aside(shop: &Shop) -> Vec<(Vault, ActorId)> {
    let all = drawings(&shop.ledger).map(|known| known.aside.clone());
    let one = |one: Aside| (one.vault, one.kept.by);
    all.unwrap_or_default().into_iter().map(one).collect()
}

fn keeps(shop: &mut Shop, actor: ActorId, vault: Vault) {
    let verdict = draws(shop, actor, vault);
    let rules = shop.record(actor, COUNTER, None, accepted(verdict));
    assert_eq!(rules, []);
}

#[test]
fn a_shop_has_the_map_its_manager_drew_and_hears_what_to_mend() {
    check(
        |_| {},
        |shop| {
            assert_eq!(drawn(&shop.ledger), None);
            assert_eq!(checked(&shop.ledger).1, [], "nobody drew anything wrong");
            keeps(shop, GUS, vault());
        },
        |shop, ()| {
            assert_eq!(drawn(&shop.ledger), Some(&vault()));
            let (map, findings) = checked(&shop.ledger);
            assert_eq!(map.shelves(), 2);
            let missing = |finding: &Finding| matches!(finding, Finding::NotDrawn { .. });
            assert!(findings.iter().any(missing) && findings.iter().all(missing));
        },
    );
}

#[test]
fn an_empty_drawing_takes_the_map_away_and_the_guess_counts_again() {
    check(
        |shop| keeps(shop, GUS, vault()),
        |shop| keeps(shop, IVY, Vault::default()),
        |shop, ()| {
            assert_eq!(drawn(&shop.ledger), None);
            let shelves = guessed(&shop.ledger).drawing.shelves.len();
            assert_eq!(map_of(&shop.ledger).shelves(), shelves);
        },
    );
}

#[test]
fn who_only_picks_draws_no_map_and_one_drawn_all_the_same_is_on_record_and_changes_nothing() {
    check(
        |shop| keeps(shop, GUS, vault()),
        |shop| {
            let verdict = draws(shop, ANA, Vault::default());
            shop.record(ANA, TABLET, None, unsaid(Vault::default()));
            verdict
        },
        |shop, verdict| {
            assert_eq!(reason(&verdict), Reason::NotYourRole);
            assert_eq!(drawn(&shop.ledger), Some(&vault()));
        },
    );
}

#[test]
fn a_drawing_too_large_for_anybody_to_have_drawn_is_not_kept() {
    let mut large = vault();
    for number in 0..20_000 {
        large
            .drawing
            .aisles
            .push(aisle("door", &number.to_string(), 900));
    }
    check(
        |_| {},
        |shop| {
            let verdict = draws(shop, GUS, large.clone());
            let vault = large.clone();
            shop.record(GUS, COUNTER, None, unsaid(vault));
            verdict
        },
        |shop, verdict| {
            assert_eq!(reason(&verdict), Reason::Unknown);
            assert_eq!(drawn(&shop.ledger), None);
        },
    );
}

#[test]
fn setting_the_shop_up_anew_keeps_its_map_and_the_map_travels_in_the_shops_row() {
    check(
        |shop| keeps(shop, GUS, vault()),
        |shop| {
            shop.server(StoreConfigured {
                store: store(),
                locations: Vec::new(),
                slots: Vec::new(),
            });
        },
        |shop, ()| {
            assert_eq!(drawn(&shop.ledger), Some(&vault()));
            let key = EntityKey {
                kind: EntityKind::Store,
                id: domain::event::encode(&0_u8),
            };
            let row = shop.ledger.bytes(&key).unwrap();
            let mut other = domain::ledger::Ledger::default();
            other.put(&key, &row).unwrap();
            assert_eq!(drawn(&other), Some(&vault()));
        },
    );
}

#[test]
fn of_two_who_draw_at_once_the_first_map_counts_and_the_second_lies_beside_it() {
    check(
        |shop| keeps(shop, GUS, vault()),
        |shop| {
            keeps_over(shop, IVY, &vault(), with_a_place(3_000));
            keeps_over(shop, GUS, &vault(), with_a_place(6_000));
        },
        |shop, ()| {
            assert_eq!(drawn(&shop.ledger), Some(&with_a_place(3_000)));
            assert_eq!(aside(shop), [(with_a_place(6_000), GUS)]);
            let last = drawings(&shop.ledger).unwrap().last.unwrap();
            assert_eq!(last.by, IVY);
        },
    );
}

#[test]
fn who_looked_at_both_settles_it_by_either_map_or_by_a_third() {
    let other = with_a_place(6_000);
    for (took, counts) in [
        (with_a_place(3_000), with_a_place(3_000)),
        (other.clone(), other.clone()),
        (with_a_place(8_000), with_a_place(8_000)),
    ] {
        check(
            |shop| {
                keeps(shop, GUS, vault());
                keeps_over(shop, IVY, &vault(), with_a_place(3_000));
                keeps_over(shop, GUS, &vault(), other.clone());
            },
            |shop| {
                let done = MapDrawn {
                    vault: took,
                    over: Some(draw_map::in_force(&shop.ledger)),
                    settles: Some(other.hash()),
                };
                shop.record(GUS, COUNTER, None, done);
            },
            |shop, ()| {
                assert_eq!(drawn(&shop.ledger), Some(&counts));
                assert_eq!(aside(shop), []);
            },
        );
    }
}

#[test]
fn who_draws_on_without_the_server_has_the_last_drawing_beside_the_map_and_another_has_their_own() {
    check(
        |shop| {
            keeps(shop, GUS, vault());
            keeps_over(shop, IVY, &vault(), with_a_place(3_000));
        },
        |shop| {
            keeps_over(shop, GUS, &vault(), with_a_place(5_000));
            keeps_over(shop, GUS, &with_a_place(5_000), with_a_place(6_000));
            keeps_over(shop, IVY, &vault(), with_a_place(7_000));
            // What both drew alike is one.
            keeps_over(shop, IVY, &vault(), with_a_place(6_000));
        },
        |shop, ()| {
            let beside = [(with_a_place(7_000), IVY), (with_a_place(6_000), IVY)];
            assert_eq!(aside(shop), beside);
            assert_eq!(drawn(&shop.ledger), Some(&with_a_place(3_000)));
        },
    );
}

#[test]
fn the_map_of_an_app_that_does_not_say_over_which_counts_and_few_lie_beside_one() {
    check(
        |shop| keeps(shop, GUS, vault()),
        |shop| {
            shop.record(IVY, COUNTER, None, unsaid(with_a_place(100)));
            for right in 1..9 {
                keeps_over(shop, GUS, &vault(), with_a_place(right * 1_000));
            }
        },
        |shop, ()| {
            assert_eq!(drawn(&shop.ledger), Some(&with_a_place(100)));
            let aside = aside(shop);
            assert_eq!(aside.len(), ASIDE_MAX);
            assert_eq!(aside[0], (with_a_place(5_000), GUS));
        },
    );
}
