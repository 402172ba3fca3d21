//! Who may do what to whose: every role, every act, on what is one's own, another's, or another shop's.
//!
//! The table is the file beside this one. When the rules change on purpose, the test says what it should be now; it
//! goes there once somebody has looked at every letter that changed.

use domain::custody::exception::{Exception, Rule, breaches};
use domain::custody::resolve::{self, Decision, ExceptionResolved, ResolveReason, decisions};
use domain::custody::set_up::ActorAdded;
use domain::custody::{Fact, evolve, is_for_devices};
use domain::event::{Body, Kind, KindVersion, SignedEvent, event_hash};
use domain::facility::Actor;
use domain::id::{ActorId, Epoch, EventId, Position, StoreId};
use domain::ledger::{Insert as _, Ledger};
use domain::order::Claim;
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::message::{ChainPart, QuarantineReason};
use domain::sync::server::check::check;

use super::goods::*;
use super::roles;
use super::settling::settlement;
use super::shop::{Recorded, Shop};

const TABLE: &str = include_str!("authority.txt");
const NUMBER: u64 = 16_000;
const STORE: StoreId = StoreId([9; 16]);
const ELSEWHERE: StoreId = StoreId([8; 16]);
/// Somebody else of the same role works here too.
const TWIN: u32 = 50;

/// Every rule of the protocol's list.
fn rules() -> Vec<Rule> {
    let known = |number: u32| minicbor_rule(number);
    (1..).map_while(known).collect()
}

fn minicbor_rule(number: u32) -> Option<Rule> {
    let bytes = domain::event::encode(&number);
    let rule: Rule = minicbor::decode(&bytes).unwrap();
    (!matches!(rule, Rule::Newer(_))).then_some(rule)
}

/// The shop, with an order and two people of every role.
fn shop() -> Shop {
    let mut shop = Shop::open();
    shop.arrives(FIRST, &[(JARS, 1)]);
    for (id, role) in PEOPLE {
        let twin = ActorId(id.0 + TWIN);
        let actor = actor(twin, role);
        shop.server(ActorAdded::from(actor));
    }
    shop
}

fn twin(person: ActorId) -> ActorId {
    ActorId(person.0 + TWIN)
}

/// An open breach that somebody's act is.
fn breach(rule: Rule, author: ActorId) -> Exception {
    Exception {
        number: NUMBER,
        rule,
        event: EventId([1; 16]),
        position: Position(1_000),
        order: Some(FIRST),
        tag: None,
        actor: author,
        device: TABLET,
        resolved: false,
        collides: None,
        pick: None,
        unit: None,
        orders: None,
        resolution: None,
        orphan: None,
        author: Some(author),
        count: None,
    }
}

/// A fact of a kind as it was released. Every kind has one; see `domain/tests/wire/known.rs`.
fn released(kind: Kind) -> Body {
    let shelf = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire");
    let file = format!("{shelf}/event-{:03}-{kind:?}.hex", kind.number());
    let digits = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let digits: String = digits.split_whitespace().collect();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    let version = KindVersion {
        kind: kind.number(),
        version: 1,
    };
    Body::parse(version, &bytes).unwrap()
}

fn settles(rule: Rule) -> Body {
    let decision = decisions(rule).last().copied();
    ExceptionResolved {
        exception: NUMBER,
        order: Some(FIRST),
        tag: None,
        decision: decision.unwrap_or(Decision::Accept),
        reason: ResolveReason::Other,
        note: None,
        shelf: None,
        counted: None,
    }
    .into()
}

/// Whether an act of a person counts as one that person may do, on what `whose` did, has or took.
fn may(shop: &Shop, person: ActorId, whose: ActorId, act: &Body, rule: Option<Rule>) -> bool {
    let mut ledger = shop.ledger.clone();
    ledger.order_mut(&FIRST).unwrap().claim = Some(Claim {
        actor: whose,
        device: TABLET,
        lease: None,
        fence: 0,
    });
    if let Some(rule) = rule {
        ledger.insert(NUMBER, breach(rule, whose));
    }
    let recorded = recorded(shop, person, act);
    let fact = Fact {
        envelope: &recorded.envelope,
        body: &recorded.body,
        position: recorded.position,
    };
    let may = is_taken(shop, person, act, STORE)
        && !breaches(&ledger, &fact).contains(&Rule::ActorInvalid);
    if let Some(rule) = rule {
        // Before the act, after it, and in what it comes to: three times the same.
        let decided = decides(shop, &ledger, person, rule);
        evolve(&mut ledger, &fact);
        let is_settled = ledger.exceptions[&NUMBER].resolved;
        assert_eq!(is_settled, decided, "{person:?} {rule:?} of {whose:?}");
        assert!(may || !decided, "{person:?} {rule:?} of {whose:?}");
    }
    may
}

fn decides(shop: &Shop, ledger: &Ledger, person: ActorId, rule: Rule) -> bool {
    let situation = shop.situation(person, COUNTER);
    let last = decisions(rule).last().copied();
    let wanted = settlement(last.unwrap_or(Decision::Accept));
    let verdict = resolve::decide(ledger, &situation, NUMBER, &wanted);
    matches!(verdict, domain::verdict::Verdict::Accepted(_))
}

fn recorded(shop: &Shop, person: ActorId, act: &Body) -> Recorded {
    let mut shop = shop.clone();
    shop.record(person, COUNTER, None, act.clone());
    shop.log.pop().unwrap()
}

/// Whether an act made for a shop has any place in this one's log.
fn is_taken(shop: &Shop, person: ActorId, act: &Body, made_for: StoreId) -> bool {
    let mut chain = Chain::new(made_for, COUNTER, Epoch([5; 16]));
    let around = recorded(shop, person, act).envelope;
    let envelope = chain.append(
        act,
        Circumstances {
            id: around.id,
            wall: around.wall,
            mono: 0,
            actor: around.actor,
            basis: Position(0),
            lease: None,
            pii: None,
        },
    );
    let bytes = envelope.to_bytes();
    assert_eq!(event_hash(&bytes), chain.head());
    let part = ChainPart {
        device: COUNTER,
        epoch: chain.epoch(),
        from: 0,
        events: vec![SignedEvent {
            bytes,
            signature: Vec::new(),
        }],
        lost: None,
        gone: None,
        after: None,
    };
    let checked = check(&shop.ledger.devices, STORE, part, |_, _, _, _| true);
    let untrusted = checked.events[0].untrusted;
    let is_elsewhere = made_for != STORE;
    let expected = is_elsewhere.then_some(QuarantineReason::WrongAddress);
    assert_eq!(untrusted, expected, "{act:?}");
    // What only the server says is kept aside when a device says it, whoever was at it.
    untrusted.is_none() && is_for_devices(act)
}

fn row(shop: &Shop, name: &str, act: &Body, rule: Option<Rule>) -> String {
    let letter = |may| if may { 'Y' } else { '-' };
    let cell = |(person, _)| {
        let own = may(shop, person, person, act, rule);
        let others = may(shop, person, twin(person), act, rule);
        let elsewhere = is_taken(shop, person, act, ELSEWHERE);
        [own, others, elsewhere].map(letter).iter().collect()
    };
    let cells: Vec<String> = PEOPLE.into_iter().map(cell).collect();
    format!("{name:<26}{}\n", cells.join("  "))
}

#[test]
fn the_table_says_who_may_do_what_to_whose() {
    let shop = shop();
    let mut table = String::from("Own, another's, another shop's.\n\n");
    let heads: Vec<String> = PEOPLE
        .iter()
        .map(|(id, role)| match shop.ledger.actors[id].active {
            true => format!("{role:?}"),
            false => format!("{role:?} who left"),
        })
        .collect();
    for (column, head) in heads.iter().enumerate() {
        table.push_str(&format!(
            "{}{head}\n",
            "     ".repeat(column) + &" ".repeat(26)
        ));
    }
    for kind in Kind::ALL {
        let acts = roles::acts().into_iter().map(|(act, _)| act);
        let act = acts.into_iter().find(|act| act.kind() == *kind);
        let act = act.unwrap_or_else(|| released(*kind));
        table.push_str(&row(&shop, &format!("{kind:?}"), &act, None));
    }
    for rule in rules() {
        let name = format!("{} {rule:?}", rule.code());
        table.push_str(&row(&shop, &name, &settles(rule), Some(rule)));
    }
    assert!(
        table == TABLE,
        "the table is another one now; look at it, then keep it:\n{table}"
    );
}

#[test]
fn alone_in_a_role_nobody_is_stopped_but_by_that_role() {
    let mut shop = shop();
    let others: Vec<Actor> = shop.ledger.actors.values().cloned().collect();
    for actor in others.into_iter().filter(|actor| actor.id != GUS) {
        let actor = Actor {
            active: false,
            ..actor
        };
        shop.server(ActorAdded::from(actor));
    }
    for rule in rules() {
        let of_nobody = may(&shop, GUS, ActorId(99), &settles(rule), Some(rule));
        let of_himself = may(&shop, GUS, GUS, &settles(rule), Some(rule));
        assert_eq!(of_nobody, of_himself, "{rule:?}");
    }
}
