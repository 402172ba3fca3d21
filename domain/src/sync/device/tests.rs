use super::*;
use crate::id::Hash;
use crate::sync::message::{Outcome, Receipt};

const EPOCH: Epoch = Epoch([7; 16]);

fn entry(seq: u64) -> OutboxEntry {
    let event = SignedEvent {
        bytes: vec![1, 2, 3],
        signature: vec![0; 64],
    };
    OutboxEntry {
        epoch: EPOCH,
        seq,
        event,
    }
}

fn machine(unsent: u64) -> (DeviceSync, Vec<Effect>) {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let outbox = (0..unsent).map(entry).collect();
    let effects = machine.step(
        Input::Loaded {
            outbox,
            cursor: Cursor::default(),
        },
        0,
    );
    (machine, effects)
}

fn answer(next: u64, receipts: std::ops::Range<u64>) -> Input {
    let receipt = |seq| Receipt {
        seq,
        position: Position(100 + seq),
        outcome: Outcome::Applied,
        hash: Hash::default(),
    };
    Input::Pushed(PushAnswer {
        store: Default::default(),
        incarnation: Default::default(),
        chains: vec![ChainAnswer {
            device: DeviceId([1; 16]),
            epoch: EPOCH,
            next,
            head: Hash::default(),
            receipts: receipts.map(receipt).collect(),
        }],
        head: Position(0),
        server_wall: 0,
    })
}

fn pushes(effects: &[Effect]) -> usize {
    effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Push(_)))
        .count()
}

fn timers(effects: &[Effect]) -> usize {
    effects
        .iter()
        .filter(|effect| matches!(effect, Effect::SetTimer(_)))
        .count()
}

#[test]
fn what_was_not_sent_before_is_sent_at_the_start() {
    let (_, effects) = machine(3);
    let Some(Effect::Push(push)) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!(push.chains.len(), 1);
    assert_eq!((push.chains[0].from, push.chains[0].events.len()), (0, 3));
}

#[test]
fn an_event_leaves_the_outbox_only_when_its_receipt_is_kept() {
    let (mut machine, _) = machine(2);
    let effects = machine.step(answer(2, 0..2), 0);
    assert!(matches!(effects[0], Effect::KeepReceipts(_)));
    assert_eq!(machine.unsent(), 2);
    machine.step(Input::ReceiptsKept, 0);
    assert_eq!(machine.unsent(), 0);
    assert_eq!(
        machine.acknowledged(EPOCH).map(|done| done.position),
        Some(Position(101))
    );
}

#[test]
fn a_failure_loses_nothing_and_always_sets_a_timer() {
    let (mut machine, _) = machine(2);
    for round in 0..20 {
        let effects = machine.step(Input::Failed, round * 7_919);
        assert_eq!(timers(&effects), 1, "{effects:?}");
        assert_eq!(machine.unsent(), 2);
        assert_eq!(pushes(&machine.step(Input::Timer, 0)), 1);
    }
}

#[test]
fn events_kept_while_a_push_is_under_way_go_with_the_next() {
    let (mut machine, _) = machine(1);
    let effects = machine.step(Input::Kept(entry(1)), 0);
    assert_eq!(pushes(&effects), 0);
    machine.step(answer(1, 0..1), 0);
    let effects = machine.step(Input::ReceiptsKept, 0);
    let Some(Effect::Push(push)) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!(push.chains[0].from, 1);
}

#[test]
fn a_server_set_back_to_yesterday_gets_again_what_it_lost() {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    machine.step(
        Input::Loaded {
            outbox: vec![entry(5)],
            cursor: Cursor::default(),
        },
        0,
    );
    let effects = machine.step(answer(2, 0..0), 0);
    assert_eq!(
        effects[0],
        Effect::Reread {
            epoch: EPOCH,
            from: 2
        }
    );
    let effects = machine.step(Input::Reread((2..6).map(entry).collect()), 0);
    let Some(Effect::Push(push)) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!((push.chains[0].from, push.chains[0].events.len()), (2, 4));
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let (mut machine, _) = machine(0);
    let other = Cursor {
        position: Position(9),
        ..Cursor::default()
    };
    let late = PullAnswer {
        from: other,
        next: Cursor {
            position: Position(12),
            ..other
        },
        more: false,
        reset: false,
        rows: Vec::new(),
        server_wall: 0,
    };
    let effects = machine.step(Input::Pulled(late), 0);
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::KeepView(_)))
    );
    assert_eq!(machine.cursor(), Cursor::default());
}

#[test]
fn a_large_outbox_goes_in_batches() {
    let (machine, effects) = machine(1_234);
    let Some(Effect::Push(push)) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!(push.chains[0].events.len(), PUSH_EVENTS_MAX);
    assert_eq!(machine.unsent(), 1_234);
}
