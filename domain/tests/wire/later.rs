//! What was added to a kind of event after it was released.

use domain::custody::hand_off::{IdCheck, IdSeen, OrderHandedOff};
use domain::event::Body;
use domain::identity::CheckedBy;

use super::events::{HASH, ORDER};

/// Facts with what was added to their kind after it was released.
pub fn ones() -> Vec<Body> {
    let check = IdCheck {
        by: CheckedBy::Eye,
        likeness: Some(1_000),
        name_seen: true,
        under_21_format: true,
        card: Some(HASH),
    };
    let handed_off = OrderHandedOff {
        order: ORDER,
        bag: "CUSX0D482X7".to_owned(),
        id: IdSeen {
            seen: true,
            age_min: 21,
            check: Some(check),
        },
    };
    vec![handed_off.into()]
}
