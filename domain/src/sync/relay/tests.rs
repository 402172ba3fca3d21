//! A carrier on its way, told as stories.

use super::*;
use crate::id::{Hash, Position, StoreId};
use crate::sync::device::OutboxEntry;
use crate::sync::message::{Incarnation, Lack, Receipt};

const OWN: DeviceId = DeviceId([1; 16]);
const OTHER: DeviceId = DeviceId([2; 16]);

fn act(epoch: u8, seq: u64) -> Carried {
    Carried {
        device: OTHER,
        entry: OutboxEntry {
            epoch: Epoch([epoch; 16]),
            seq,
            event: SignedEvent {
                bytes: vec![epoch, u8::try_from(seq % 256).unwrap_or(0)],
                signature: vec![9; 64],
            },
        },
    }
}

fn acts(epoch: u8, numbers: std::ops::Range<u64>) -> Vec<Carried> {
    numbers.map(|seq| act(epoch, seq)).collect()
}

struct Story {
    carrier: Carrier,
}

impl Story {
    fn new() -> Self {
        Self {
            carrier: Carrier::new(OWN, "test".to_owned()),
        }
    }

    fn step(&mut self, input: Input) -> Vec<Effect> {
        self.carrier.step(input, Cursor::default(), 0)
    }

    /// The push a step comes to: chain, first number, how many.
    fn push(&mut self, input: Input) -> Vec<(u8, u64, usize)> {
        let effects = self.step(input);
        let [Effect::Push(push)] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        let part = |part: &ChainPart| {
            assert_eq!(part.device, OTHER);
            (part.epoch.0[0], part.from, part.events.len())
        };
        push.chains.iter().map(part).collect()
    }

    fn note(&mut self, input: Input) -> Vec<(u64, Fate)> {
        let effects = self.step(input);
        let [Effect::Note(done)] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        done.iter().map(|one| (one.seq, one.fate)).collect()
    }
}

/// An answer about one chain: what comes next, the numbers that have receipts, what is lacking.
fn answer(epoch: u8, next: u64, receipts: std::ops::Range<u64>, lacks: Option<Lack>) -> Input {
    let receipt = |seq| Receipt {
        seq,
        position: Position(seq + 10),
        outcome: Outcome::Applied,
        hash: act(epoch, seq).entry.event.hash(),
    };
    Input::Pushed(PushAnswer {
        store: StoreId([0; 16]),
        incarnation: Incarnation::default(),
        chains: vec![ChainAnswer {
            device: OTHER,
            epoch: Epoch([epoch; 16]),
            next,
            head: Hash::default(),
            receipts: receipts.map(receipt).collect(),
            lacks,
        }],
        head: Position(99),
        server_wall: 0,
    })
}

#[test]
fn acts_are_carried_there_and_let_go_once_their_receipts_are_noted() {
    let mut story = Story::new();
    // First only asked: two of them are there already.
    assert_eq!(story.push(Input::Kept(acts(7, 0..4))), [(7, 0, 0)]);
    assert_eq!(story.push(answer(7, 2, 0..0, None)), [(7, 0, 4)]);
    let fates = story.note(answer(7, 4, 0..4, None));
    let (known, arrived) = (Fate::Known, Fate::Arrived);
    assert_eq!(fates, [(0, known), (1, known), (2, arrived), (3, arrived)]);
    assert_eq!(story.carrier.carries(), 4);
    assert_eq!(story.step(Input::Noted), []);
    assert_eq!(story.carrier.carries(), 0);
}

#[test]
fn what_could_not_be_noted_is_carried_again() {
    let mut story = Story::new();
    story.push(Input::Kept(acts(7, 0..2)));
    story.push(answer(7, 0, 0..0, None));
    story.note(answer(7, 2, 0..2, None));
    let effects = story.step(Input::Failed);
    assert!(matches!(effects.as_slice(), [Effect::SetTimer(_)]));
    assert_eq!(story.carrier.carries(), 2);
    assert_eq!(story.push(Input::Timer), [(7, 0, 2)]);
}

#[test]
fn without_a_network_it_tries_again_and_again() {
    let mut story = Story::new();
    story.push(Input::Kept(acts(7, 0..1)));
    for _ in 0..9 {
        let effects = story.step(Input::Failed);
        let [Effect::SetTimer(wait)] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        assert!(*wait <= RETRY_MAX);
        assert_eq!(story.push(Input::Timer), [(7, 0, 0)]);
    }
}

#[test]
fn a_receipt_for_another_act_under_the_same_number_lets_nothing_go() {
    let mut story = Story::new();
    story.push(Input::Kept(acts(7, 0..1)));
    story.push(answer(7, 0, 0..0, None));
    let mut forged = answer(7, 1, 0..1, None);
    if let Input::Pushed(answer) = &mut forged {
        answer.chains[0].receipts[0].hash = Hash([5; 32]);
    }
    assert_eq!(story.step(forged), [Effect::SetTimer(RETRY_MAX)]);
    assert_eq!(story.carrier.carries(), 1);
}

#[test]
fn a_chain_that_lacks_what_comes_before_waits_and_holds_up_no_other() {
    let mut story = Story::new();
    let both = [acts(7, 3..5), acts(8, 0..1)].concat();
    assert_eq!(story.push(Input::Kept(both)), [(7, 3, 0), (8, 0, 0)]);
    let mut asked = answer(7, 0, 0..0, None);
    let (Input::Pushed(first), Input::Pushed(second)) = (&mut asked, answer(8, 0, 0..0, None))
    else {
        panic!("an answer");
    };
    first.chains.extend(second.chains);
    assert_eq!(story.push(asked), [(7, 3, 2), (8, 0, 1)]);
    // The server takes neither: it lacks 0 to 2 of the one, and the one before the other.
    let epoch = Epoch([6; 16]);
    let mut nothing = answer(7, 0, 0..0, None);
    if let (Input::Pushed(all), Input::Pushed(second)) = (
        &mut nothing,
        answer(8, 0, 0..0, Some(Lack { epoch, from: 1 })),
    ) {
        all.chains.extend(second.chains);
    }
    assert_eq!(story.step(nothing), [Effect::SetTimer(RETRY_MAX)]);
    assert!(story.carrier.chains().all(|(_, _, waits)| waits));
    // Somebody brings what lacked; the others go along again.
    assert_eq!(story.push(Input::Kept(acts(7, 0..3))), [(7, 0, 5)]);
    story.note(answer(7, 5, 0..5, None));
    assert_eq!(story.push(Input::Noted), [(8, 0, 1)]);
}

#[test]
fn its_own_devices_acts_are_left_to_the_devices_own_machine() {
    let mut story = Story::new();
    let mut own = act(7, 0);
    own.device = OWN;
    assert_eq!(story.step(Input::Kept(vec![own])), []);
    assert_eq!(story.carrier.carries(), 0);
}

#[test]
fn a_long_tail_goes_in_pushes_of_the_usual_size_one_at_a_time() {
    let mut story = Story::new();
    let count = u64::try_from(PUSH_EVENTS_MAX).unwrap_or(0);
    story.push(Input::Kept(acts(7, 0..count + 1)));
    let first = story.push(answer(7, 0, 0..0, None));
    assert_eq!(first, [(7, 0, PUSH_EVENTS_MAX)]);
    assert_eq!(story.step(Input::Wake), []);
    story.note(answer(7, count, 0..count, None));
    assert_eq!(story.push(Input::Noted), [(7, count, 1)]);
}

#[test]
fn what_the_server_keeps_aside_is_told_and_carried_no_further() {
    let mut story = Story::new();
    story.push(Input::Kept(acts(7, 0..1)));
    story.push(answer(7, 0, 0..0, None));
    let reason = QuarantineReason::UnknownDevice;
    let mut aside = answer(7, 0, 0..1, None);
    if let Input::Pushed(answer) = &mut aside {
        answer.chains[0].receipts[0].outcome = Outcome::Quarantined(reason);
    }
    assert_eq!(story.note(aside), [(0, Fate::Aside(reason))]);
    assert_eq!(story.step(Input::Noted), []);
    assert_eq!(story.carrier.carries(), 0);
}
