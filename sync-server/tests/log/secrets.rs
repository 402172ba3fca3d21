//! What never travels.

use domain::id::{ActorId, DeviceId, Hash, OrderId};
use domain::sync::message::Incarnation;
use sync_server::log::{CustomerKey, Identity, Log, Person};

use crate::home::{Home, STORE};

const ORDER: OrderId = OrderId([9; 16]);
const ANA: ActorId = ActorId(u32::MAX);

fn within<T>(log: &dyn Log, act: impl FnOnce() -> T) -> T {
    log.begin().unwrap();
    let done = act();
    log.commit().unwrap();
    done
}

pub(crate) fn a_customers_key_is_kept_once_and_gone_when_it_is_erased(home: &Home) {
    let log = home.open();
    let first = CustomerKey {
        key: vec![1; 32],
        salt: vec![2; 16],
        input: None,
    };
    assert_eq!(log.customer_key(ORDER).unwrap(), None);
    within(&*log, || log.put_customer_key(ORDER, &first).unwrap());
    assert_eq!(log.customer_key(ORDER).unwrap(), Some(first.clone()));
    let other = CustomerKey {
        key: vec![3; 32],
        salt: vec![4; 16],
        input: Some(vec![5]),
    };
    within(&*log, || log.put_customer_key(ORDER, &other).unwrap());
    // The key opens what was sealed before, so only the order as last accepted changes.
    let kept = CustomerKey {
        input: Some(vec![5]),
        ..first
    };
    assert_eq!(log.customer_key(ORDER).unwrap(), Some(kept));
    assert!(within(&*log, || log.erase_customer(ORDER).unwrap()));
    assert!(!within(&*log, || log.erase_customer(ORDER).unwrap()));
    assert_eq!(log.customer_key(ORDER).unwrap(), None);
}

pub(crate) fn a_person_keeps_the_count_of_wrong_pins(home: &Home) {
    let log = home.open();
    let ana = Person {
        salt: vec![1; 16],
        sealed: vec![2; 48],
        failures: 0,
    };
    within(&*log, || log.put_person(ANA, &ana).unwrap());
    within(&*log, || log.set_failures(ANA, 3).unwrap());
    assert_eq!(log.person(ANA).unwrap().unwrap().failures, 3);
    within(&*log, || log.put_person(ANA, &ana).unwrap());
    assert_eq!(log.person(ANA).unwrap(), Some(ana));
    // Nobody is made by being wrong.
    within(&*log, || log.set_failures(ActorId(5), 1).unwrap());
    assert_eq!(log.person(ActorId(5)).unwrap(), None);
}

pub(crate) fn a_code_is_good_once_and_not_for_ever(home: &Home) {
    let log = home.open();
    let (code, late) = (Hash([1; 32]), Hash([2; 32]));
    within(&*log, || {
        log.put_enrol_code(code, 100).unwrap();
        log.put_enrol_code(late, 100).unwrap();
    });
    assert!(within(&*log, || log.use_enrol_code(code, 100).unwrap()));
    assert!(!within(&*log, || log.use_enrol_code(code, 100).unwrap()));
    assert!(!within(&*log, || log.use_enrol_code(late, 101).unwrap()));
    let device = DeviceId([3; 16]);
    within(&*log, || {
        log.put_boot_token(device, Hash([4; 32])).unwrap();
        log.put_boot_token(device, Hash([5; 32])).unwrap();
        log.put_api_token(Hash([6; 32]), "till", 7).unwrap();
    });
    assert_eq!(log.boot_token(device).unwrap(), Some(Hash([5; 32])));
    assert_eq!(log.boot_token(DeviceId([8; 16])).unwrap(), None);
    let till = log.api_token(Hash([6; 32])).unwrap();
    assert_eq!(till.as_deref(), Some("till"));
    assert_eq!(log.api_token(Hash([7; 32])).unwrap(), None);
}

pub(crate) fn a_log_says_who_it_is_and_counts_on(home: &Home) {
    let log = home.open();
    assert_eq!(log.identity().unwrap(), None);
    let identity = Identity {
        store: STORE,
        incarnation: Incarnation([1; 16]),
        server: DeviceId([2; 16]),
    };
    within(&*log, || log.set_identity(&identity).unwrap());
    let numbers = within(&*log, || {
        let first = log.next_number("order", 97_401).unwrap();
        (first, log.next_number("order", 97_401).unwrap())
    });
    assert_eq!(numbers, (97_401, 97_402));
    drop(log);
    let log = home.open();
    assert_eq!(log.identity().unwrap(), Some(identity));
    let next = within(&*log, || log.next_number("order", 97_401).unwrap());
    assert_eq!(next, 97_403);
}
