//! What holds of permits whatever the clocks do.

use domain::event::encode;
use domain::facility::Role;
use domain::id::{ActorId, DeviceId, Hash, StoreId};
use domain::permit::{
    Allowed, Covered, Holder, Mark, Permit, PermitRules, Permitted, ServerTime, permit_hash,
};
use domain::sync::message::receipt_hash;
use domain::time::{Day, Millis};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;
const NINE: i64 = 1_795_608_000_000;
const HOLDER: Holder = Holder {
    store: StoreId([9; 16]),
    device: DeviceId([1; 16]),
    generation: 2,
};
const ANA: ActorId = ActorId(1);
const NONCE: [u8; 16] = [7; 16];

/// The figures of a shop that has chosen its own.
const RULES: PermitRules = PermitRules {
    effective: Day(20_786),
    file: Hash([3; 32]),
    decisions_ms: 12 * HOUR,
    customers_ms: 24 * HOUR,
    capture_ms: 14 * 24 * HOUR,
};

fn permit_of(issued: i64) -> Permit {
    let person = (ANA, Role::GeneralManager);
    Permitted::default().give(HOLDER, person, &RULES, (Millis(issued), NONCE))
}

/// What a device does to its clocks: time passes, the wall clock is set, the page is loaded anew, the time is noted.
#[derive(Clone, Debug)]
enum Step {
    Passes(i64),
    SetBack(i64),
    SetForward(i64),
    Restarts,
    Noted,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..40 * HOUR).prop_map(Step::Passes),
        2 => (1..400 * 24 * HOUR).prop_map(Step::SetBack),
        1 => (1..400 * 24 * HOUR).prop_map(Step::SetForward),
        1 => Just(Step::Restarts),
        3 => Just(Step::Noted),
    ];
    prop::collection::vec(step, 0..40)
}

/// A device, and the true time beside it.
struct Device {
    time: ServerTime,
    wall: i64,
    mono: u64,
    truth: i64,
}

impl Device {
    fn told(wall: i64) -> Self {
        let time = ServerTime::told(Millis(NINE), wall, 5_000);
        Self {
            time,
            wall,
            mono: 5_000,
            truth: NINE,
        }
    }

    fn now(&mut self) -> Millis {
        self.time.now(self.wall, self.mono)
    }

    fn does(&mut self, step: &Step) {
        match step {
            Step::Passes(passed) => {
                self.truth += passed;
                self.wall += passed;
                self.mono += passed.unsigned_abs();
            }
            Step::SetBack(by) => self.wall -= by,
            Step::SetForward(by) => self.wall += by,
            Step::Restarts => {
                self.now();
                self.mono = 12;
                self.time = ServerTime::resumed(self.time.mark(), self.mono);
            }
            Step::Noted => {
                self.now();
            }
        }
    }
}

proptest! {
    /// While the page is open, or was closed properly, no clock that is set makes it earlier than it is.
    #[test]
    fn a_clock_set_back_extends_nothing(steps in steps(), wall in -NINE..3 * NINE) {
        let mut device = Device::told(wall);
        let permit = permit_of(NINE);
        let mut before = (Millis(NINE), Allowed::ALL);
        for step in &steps {
            device.does(step);
            let now = device.now();
            prop_assert!(now >= Millis(device.truth), "it is later than that");
            prop_assert!(now >= before.0, "time went back");
            let allowed = Allowed::by(Some(&permit), true, now);
            prop_assert!(before.1.decisions || !allowed.decisions);
            prop_assert!(before.1.customers || !allowed.customers);
            prop_assert!(before.1.unmarked || !allowed.unmarked);
            before = (now, allowed);
        }
    }

    /// Without anybody setting a clock, a permit lasts exactly as long as it says, however wrong the clock is.
    #[test]
    fn a_wrong_clock_that_nobody_sets_shortens_nothing(
        passed in prop::collection::vec((0..HOUR, any::<bool>()), 0..60),
        wall in -NINE..3 * NINE,
    ) {
        let mut device = Device::told(wall);
        for (milliseconds, restarts) in passed {
            device.does(&Step::Passes(milliseconds));
            if restarts {
                device.does(&Step::Restarts);
            }
            prop_assert_eq!(device.now(), Millis(device.truth));
        }
    }

    /// While it is off only the wall clock runs: what was noted before stays passed.
    #[test]
    fn what_was_noted_stays_passed_over_a_restart(
        passed in 0..400 * HOUR,
        wall in -NINE..3 * NINE,
        wall_then in any::<i64>(),
    ) {
        let mut device = Device::told(wall);
        device.does(&Step::Passes(passed));
        device.does(&Step::Noted);
        let bytes = encode(&device.time.mark());
        let mark: Mark = minicbor::decode(&bytes).unwrap();
        let mut resumed = ServerTime::resumed(mark, 3);
        prop_assert!(resumed.now(wall_then, 3) >= Millis(NINE + passed));
    }

    /// An act is marked when it was done in no permit's time, and there had been one.
    #[test]
    fn marked_is_what_was_done_between_permits_and_after_the_last(
        gaps in prop::collection::vec((0..40_i64, 1..20_i64), 1..12),
        at in 0..800_i64,
    ) {
        // In hours, so that the difference of clocks that is let pass does not matter.
        let mut covered = Covered::default();
        let mut permits = Vec::new();
        let mut from = 0;
        for (gap, lasts) in gaps {
            from += gap;
            permits.push((from, from + lasts));
            covered.extend(Millis(from * HOUR), Millis((from + lasts) * HOUR));
        }
        let is_covered = permits.iter().any(|(from, until)| (*from..*until).contains(&at));
        let had_one = permits.iter().any(|(from, _)| *from <= at);
        prop_assert_eq!(covered.is_over(Millis(at * HOUR)), had_one && !is_covered);
        let again: Covered = minicbor::decode(&encode(&covered)).unwrap();
        prop_assert_eq!(again, covered);
    }
}

#[test]
fn decisions_end_first_then_the_sight_of_customers_and_capture_only_gets_a_mark() {
    let permit = permit_of(NINE);
    let at = |hours: i64| Allowed::by(Some(&permit), true, Millis(NINE + hours * HOUR));
    let told = |decisions, customers, unmarked| Allowed {
        decisions,
        customers,
        unmarked,
    };
    assert_eq!(at(0), Allowed::ALL);
    assert_eq!(at(11), Allowed::ALL);
    assert_eq!(at(12), told(false, true, true));
    assert_eq!(at(23), told(false, true, true));
    assert_eq!(at(24), told(false, false, true));
    assert_eq!(at(14 * 24 - 1), told(false, false, true));
    assert_eq!(at(14 * 24), told(false, false, false));
}

#[test]
fn it_is_asked_again_when_half_of_what_ends_first_is_over() {
    let permit = permit_of(NINE);
    assert!(!permit.is_due(Millis(NINE + 6 * HOUR - 1)));
    assert!(permit.is_due(Millis(NINE + 6 * HOUR)));
}

#[test]
fn a_device_that_never_had_a_permit_may_do_all_and_one_that_has_some_nothing_without() {
    assert_eq!(Allowed::by(None, false, Millis(NINE)), Allowed::ALL);
    let none = Allowed::by(None, true, Millis(NINE));
    assert!(!none.decisions && !none.customers && !none.unmarked);
}

#[test]
fn a_permit_counts_for_its_enrolment_and_as_the_answer_to_its_question_only() {
    let permit = permit_of(NINE);
    let bytes = encode(&permit);
    assert_eq!(Permit::read(&bytes, HOLDER), Some(permit.clone()));
    let others = [
        Holder {
            store: StoreId([8; 16]),
            ..HOLDER
        },
        Holder {
            device: DeviceId([2; 16]),
            ..HOLDER
        },
        Holder {
            generation: 3,
            ..HOLDER
        },
    ];
    for other in others {
        assert_eq!(Permit::read(&bytes, other), None);
    }
    assert_eq!(Permit::read(&bytes[1..], HOLDER), None);
    assert!(permit.answers(&NONCE) && !permit.answers(&[8; 16]));
    // A signature on something else the server says is none on a permit.
    assert_ne!(permit_hash(&bytes), receipt_hash(&bytes));
}

#[test]
fn the_servers_word_ends_a_time_that_ran_ahead_and_any_answer_only_moves_it_on() {
    let mut device = Device::told(NINE);
    device.does(&Step::SetForward(9_000 * HOUR));
    let ahead = device.now();
    device
        .time
        .heard(Millis(NINE + HOUR), device.wall, device.mono);
    assert_eq!(device.now(), ahead, "an answer that anybody may have kept");
    device
        .time
        .heard(ahead.plus(HOUR), device.wall, device.mono);
    assert_eq!(device.now(), ahead.plus(HOUR));
    device.time = ServerTime::told(Millis(NINE + HOUR), device.wall, device.mono);
    device.does(&Step::Passes(HOUR));
    assert_eq!(device.now(), Millis(NINE + 2 * HOUR));
}

#[test]
fn a_clock_a_little_slow_is_not_held_against_who_has_just_got_a_permit() {
    let mut covered = Covered::default();
    covered.extend(Millis(NINE), Millis(NINE + HOUR));
    covered.extend(Millis(NINE + 9 * HOUR), Millis(NINE + 10 * HOUR));
    let minutes = |minutes: i64| Millis(NINE + 9 * HOUR - minutes * 60_000);
    assert!(!covered.is_over(minutes(5)));
    assert!(covered.is_over(minutes(6)));
}

#[test]
fn serials_of_a_person_on_a_device_rise() {
    let mut permitted = Permitted::default();
    let person = (ANA, Role::Associate);
    let mut give = |at| permitted.give(HOLDER, person, &RULES, (Millis(at), NONCE));
    let (first, second) = (give(NINE), give(NINE + HOUR));
    assert!(first.serial < second.serial);
    assert_eq!(
        second.decisions_until.since(first.decisions_until),
        HOUR,
        "a permit lasts from when it was given"
    );
}
