//! The vault is drawn.

use domain::custody::draw_map::{self, MapDrawn};
use domain::custody::set_up::StoreConfigured;
use domain::facility::LocationCode;
use domain::id::ActorId;
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
    draw_map::decide(&shop.ledger, &shop.situation(actor, COUNTER), vault)
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
            shop.record(
                ANA,
                TABLET,
                None,
                MapDrawn {
                    vault: Vault::default(),
                },
            );
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
            shop.record(GUS, COUNTER, None, MapDrawn { vault });
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
