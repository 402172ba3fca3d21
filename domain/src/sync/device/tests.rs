//! The machine step by step, without a network, a storage or a clock.

use super::*;
use crate::id::Hash;
use crate::sync::message::{Outcome, Receipt};

const EPOCH: Epoch = Epoch([7; 16]);
const EARLIER: Epoch = Epoch([6; 16]);

fn entry(seq: u64) -> OutboxEntry {
    entry_of(EPOCH, seq)
}

fn entry_of(epoch: Epoch, seq: u64) -> OutboxEntry {
    let event = SignedEvent {
        bytes: vec![1, 2, 3],
        signature: vec![0; 64],
    };
    OutboxEntry { epoch, seq, event }
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
    answers(vec![chain(EPOCH, next, receipts)])
}

fn chain(epoch: Epoch, next: u64, receipts: std::ops::Range<u64>) -> ChainAnswer {
    let receipt = |seq| Receipt {
        seq,
        position: Position(100 + seq),
        outcome: Outcome::Applied,
        hash: Hash::default(),
    };
    ChainAnswer {
        device: DeviceId([1; 16]),
        epoch,
        next,
        head: Hash::default(),
        receipts: receipts.map(receipt).collect(),
    }
}

fn answers(chains: Vec<ChainAnswer>) -> Input {
    Input::Pushed(PushAnswer {
        store: Default::default(),
        incarnation: Default::default(),
        chains,
        head: Position(0),
        server_wall: 0,
    })
}

/// The server's answer when it does not know the view of whoever asks.
fn reset(from: Cursor, life: u8) -> Input {
    Input::Pulled(PullAnswer {
        from,
        next: cursor(life, 3),
        more: false,
        reset: true,
        rows: Vec::new(),
        server_wall: 0,
    })
}

fn cursor(life: u8, position: u64) -> Cursor {
    Cursor {
        incarnation: Incarnation([life; 16]),
        position: Position(position),
        schema: 1,
    }
}

/// A machine whose chain is at the server up to a number, and whose view is of the log's first life.
fn acknowledged_machine(through: u64) -> DeviceSync {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let done = Acknowledged {
        epoch: EPOCH,
        seq: through,
        position: Position(9),
    };
    machine.step(Input::Acknowledged(vec![done]), 0);
    let outbox = Vec::new();
    let cursor = cursor(1, 9);
    machine.step(Input::Loaded { outbox, cursor }, 0);
    machine
}

fn push(effects: &[Effect]) -> &Push {
    let Some(Effect::Push(push)) = effects.first() else {
        panic!("{effects:?}")
    };
    push
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
    let push = push(&effects);
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
    let push = push(&effects);
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
    let push = push(&effects);
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
    let push = push(&effects);
    assert_eq!(push.chains[0].events.len(), PUSH_EVENTS_MAX);
    assert_eq!(machine.unsent(), 1_234);
}

#[test]
fn what_a_restored_server_lost_is_sent_again_before_the_view_follows_it() {
    let mut machine = acknowledged_machine(5);
    let effects = machine.step(reset(cursor(1, 9), 2), 0);
    let part = &push(&effects).chains[0];
    assert_eq!((part.epoch, part.from, part.events.len()), (EPOCH, 6, 0));
    let effects = machine.step(answer(2, 0..0), 0);
    let (epoch, from) = (EPOCH, 2);
    assert_eq!(effects[0], Effect::Reread { epoch, from });
    let effects = machine.step(Input::Reread((2..6).map(entry).collect()), 0);
    assert_eq!(push(&effects).chains[0].events.len(), 4);
    machine.step(answer(6, 2..6), 0);
    let effects = machine.step(Input::ReceiptsKept, 0);
    assert_eq!(effects[0], Effect::Pull(cursor(1, 9)));
    let effects = machine.step(reset(cursor(1, 9), 2), 0);
    assert!(matches!(effects[0], Effect::KeepView(_)), "{effects:?}");
}

#[test]
fn a_server_that_lost_nothing_is_asked_once_and_then_believed() {
    let mut machine = acknowledged_machine(5);
    for _ in 0..2 {
        let effects = machine.step(reset(cursor(1, 9), 1), 0);
        assert_eq!(pushes(&effects), 1);
        let effects = machine.step(answer(6, 0..0), 0);
        assert_eq!(effects[0], Effect::Pull(cursor(1, 9)));
        let effects = machine.step(reset(cursor(1, 9), 1), 0);
        assert!(matches!(effects[0], Effect::KeepView(_)), "{effects:?}");
        // Next time it says so, it is asked again.
        machine.step(Input::ViewKept(cursor(1, 9)), 0);
        assert_eq!(machine.step(Input::Wake, 0)[0], Effect::Pull(cursor(1, 9)));
    }
}

#[test]
fn more_chains_than_fit_into_one_push_are_asked_for_in_several() {
    let mut machine = acknowledged_machine(5);
    let chains = (0..700_u16).map(|number| {
        let mut epoch = [0; 16];
        epoch[..2].copy_from_slice(&number.to_be_bytes());
        Acknowledged {
            epoch: Epoch(epoch),
            seq: 0,
            position: Position(1),
        }
    });
    machine.step(Input::Acknowledged(chains.collect()), 0);
    let mut effects = machine.step(reset(cursor(1, 9), 2), 0);
    let mut asked = Vec::new();
    while let Some(Effect::Push(push)) = effects.first() {
        assert!(push.chains.len() <= PUSH_EVENTS_MAX);
        asked.push(push.chains.len());
        let chains = push.chains.iter();
        let chains = chains.map(|part| chain(part.epoch, part.from, 0..0));
        let answer = answers(chains.collect());
        effects = machine.step(answer, 0);
    }
    assert_eq!(asked, [500, 201]);
}

#[test]
fn a_chain_that_cannot_go_on_does_not_stop_the_others_and_is_not_asked_for_in_a_circle() {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let outbox = vec![entry_of(EARLIER, 5), entry(0)];
    let cursor = Cursor::default();
    machine.step(Input::Loaded { outbox, cursor }, 0);
    let torn = || chain(EARLIER, 2, 0..0);
    let effects = machine.step(answers(vec![torn(), chain(EPOCH, 1, 0..1)]), 0);
    let Effect::KeepReceipts(done) = &effects[0] else {
        panic!("{effects:?}")
    };
    assert_eq!((done.len(), done[0].epoch), (1, EPOCH));
    let effects = machine.step(Input::ReceiptsKept, 0);
    let (epoch, from) = (EARLIER, 2);
    assert_eq!(effects[0], Effect::Reread { epoch, from });
    // The events before the fifth are no longer on the device.
    let effects = machine.step(Input::Reread(vec![entry_of(EARLIER, 5)]), 0);
    assert_eq!(effects[0], Effect::Pull(Cursor::default()));
    let effects = machine.step(Input::Kept(entry(1)), 0);
    assert_eq!(pushes(&effects), 0);
    let effects = machine.step(Input::Failed, 0);
    assert_eq!((timers(&effects), machine.unsent()), (1, 2));
    let effects = machine.step(Input::Timer, 0);
    assert_eq!(push(&effects).chains.len(), 1);
    machine.step(answer(2, 1..2), 0);
    machine.step(Input::ReceiptsKept, 0);
    machine.step(Input::Failed, 0);
    // When somebody looks, it is tried once more.
    let effects = machine.step(Input::Wake, 0);
    assert_eq!(push(&effects).chains[0].epoch, EARLIER);
}

#[test]
fn rows_kept_while_the_view_was_thrown_away_do_not_count() {
    let (mut machine, _) = machine(0);
    let page = PullAnswer {
        from: Cursor::default(),
        next: cursor(1, 4),
        more: false,
        reset: false,
        rows: Vec::new(),
        server_wall: 0,
    };
    machine.step(Input::Pulled(page), 0);
    machine.step(Input::ViewForgotten(Cursor::default()), 0);
    let effects = machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(effects[0], Effect::Pull(Cursor::default()));
    assert_eq!(machine.cursor(), Cursor::default());
}

#[test]
fn a_hint_that_comes_while_the_view_is_being_read_is_not_lost() {
    let (mut machine, _) = machine(0);
    machine.step(Input::Wake, 0);
    let page = PullAnswer {
        from: Cursor::default(),
        next: cursor(1, 4),
        more: false,
        reset: false,
        rows: Vec::new(),
        server_wall: 0,
    };
    machine.step(Input::Pulled(page), 0);
    let effects = machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(effects[0], Effect::Pull(cursor(1, 4)));
}

#[test]
fn no_wait_is_longer_than_a_minute() {
    let (mut machine, _) = machine(1);
    for round in 0..100 {
        let effects = machine.step(Input::Failed, u32::MAX - round);
        let Effect::SetTimer(wait) = effects[0] else {
            panic!("{effects:?}")
        };
        assert!((RETRY_FIRST / 2..=RETRY_MAX).contains(&wait));
    }
}
