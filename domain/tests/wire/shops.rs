//! Shops with what was added to their rows later.

use domain::code::gtin::Gtin;
use domain::custody::draw_map::{Aside, Drawings, Stamp};
use domain::custody::hold::{Hold, HoldReason};
use domain::custody::second::{Begun, BenchRules, SecondPerson};
use domain::custody::swap::SwapRule;
use domain::custody::wrap::BagStock;
use domain::facility::Store;
use domain::limits::{BagNeeds, LimitPack};
use domain::order::Channel;
use domain::time::Millis;

use super::events::{ACTOR, EVENT, HASH, store};
use super::trouble::{batch, procedure, step, vault};

/// A shop whose vault somebody drew.
fn store_with_a_map() -> Store {
    Store {
        vault: Some(Box::new(vault())),
        ..store()
    }
}

/// A shop that was given purchase limits. The figures are bytes here: what they mean is not the row's business.
fn store_with_limits() -> Store {
    let mut store = store();
    store.rules.limits = Some(Box::new(LimitPack {
        id: "us-ca".to_owned(),
        version: "2026.11.0".to_owned(),
        hash: HASH,
        figures: vec![0xa0, 0xff],
        labels: None,
        bag: None,
        signature: None,
    }));
    store
}

/// A shop with a checklist for its stations.
fn store_with_a_checklist() -> Store {
    Store {
        checklist: Some(vec![step(1), step(2)]),
        ..store()
    }
}

/// A shop that recalls a batch.
fn store_with_a_recall() -> Store {
    Store {
        holds: Some(vec![Hold {
            event: EVENT,
            what: batch(),
            reason: HoldReason::Recall,
            note: Some("by the maker's letter".to_owned()),
            actor: ACTOR,
            at: Millis(1_795_608_000_000),
        }]),
        ..store()
    }
}

/// A shop that lets other products stand in.
fn store_with_swaps() -> Store {
    Store {
        swaps: Some(SwapRule {
            allowed: true,
            price_within: 100,
        }),
        ..store()
    }
}

/// A shop with a procedure.
fn store_with_a_procedure() -> Store {
    Store {
        procedures: Some(vec![procedure()]),
        ..store()
    }
}

/// A shop whose bags are looked at by a second person.
fn store_that_asks_for_a_second() -> Store {
    Store {
        bench: Some(Box::new(BenchRules {
            second: Some(SecondPerson {
                new_starter_bags: Some(20),
                value_cents: Some(30_000),
                near_limit_percent: Some(90),
                edited: Some(true),
                sample_permille: Some(50),
                passed_over: None,
            }),
            begun: vec![Begun {
                actor: ACTOR,
                bags: 3,
            }],
            bags: None,
        })),
        ..store()
    }
}

/// A shop whose bags are looked at by a second person where an older package was passed over.
fn store_that_asks_about_the_older() -> Store {
    let second = SecondPerson {
        passed_over: Some(true),
        ..SecondPerson::default()
    };
    Store {
        bench: Some(Box::new(BenchRules {
            second: Some(second),
            ..BenchRules::default()
        })),
        ..store()
    }
}

/// A shop whose state wants an opaque bag, and that has one.
fn store_with_bags() -> Store {
    let opaque = BagNeeds {
        opaque: true,
        ..BagNeeds::default()
    };
    let mut store = store_with_limits();
    if let Some(limits) = &mut store.rules.limits {
        limits.bag = Some(opaque);
    }
    store.bench = Some(Box::new(BenchRules {
        bags: Some(vec![BagStock {
            gtin: Gtin::parse("012345678905").unwrap(),
            name: "Black pouch".to_owned(),
            is: opaque,
        }]),
        ..BenchRules::default()
    }));
    store
}

/// A shop in which two drew the vault at once.
fn store_with_two_maps() -> Store {
    let kept = Stamp {
        by: ACTOR,
        at: Millis(1_795_608_000_000),
    };
    Store {
        drawings: Some(Box::new(Drawings {
            last: Some(kept),
            aside: vec![Aside {
                vault: vault(),
                kept,
            }],
        })),
        ..store_with_a_map()
    }
}

/// A shop whose state wants the customer to sign.
fn store_that_wants_signatures() -> Store {
    let mut store = store_with_limits();
    if let Some(limits) = &mut store.rules.limits {
        limits.signature = Some(vec![Channel::Pickup, Channel::Curbside, Channel::Delivery]);
    }
    store
}

/// In the order in which they came.
pub fn later() -> [Store; 11] {
    [
        store_with_a_map(),
        store_with_limits(),
        store_with_a_checklist(),
        store_with_a_recall(),
        store_with_swaps(),
        store_with_a_procedure(),
        store_that_asks_for_a_second(),
        store_with_bags(),
        store_with_two_maps(),
        store_that_wants_signatures(),
        store_that_asks_about_the_older(),
    ]
}
