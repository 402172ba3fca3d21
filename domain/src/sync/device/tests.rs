//! The machine step by step, without a network, a storage or a clock.

use super::*;
use crate::event::SignedEvent;
use crate::id::{Hash, Position};
use crate::sync::message::{
    ChainAnswer, Lack, Outcome, PUSH_BYTES_MAX, PUSH_EVENTS_MAX, PullAnswer, Push, PushAnswer,
    Receipt,
};

/// A server that was set back to an earlier day.
mod restored;
/// A view that is not what it should be.
mod mending;
/// A view that comes as a snapshot.
mod arriving;

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
        lacks: None,
    }
}

fn answers(chains: Vec<ChainAnswer>) -> Input {
    Input::Pushed(PushAnswer {
        store: Default::default(),
        incarnation: Default::default(),
        chains,
        head: Position(200),
        server_wall: 0,
    })
}

fn cursor(life: u8, position: u64) -> Cursor {
    Cursor {
        incarnation: Incarnation([life; 16]),
        position: Position(position),
        schema: 1,
        scope: None,
    }
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
        head: None,
        proof: None,
        sum: None,
        whole: Vec::new(),
        began: None,
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
fn rows_kept_while_the_view_was_thrown_away_do_not_count() {
    let (mut machine, _) = machine(0);
    let page = PullAnswer {
        from: Cursor::default(),
        next: cursor(1, 4),
        more: false,
        reset: false,
        rows: Vec::new(),
        server_wall: 0,
        head: None,
        proof: None,
        sum: None,
        whole: Vec::new(),
        began: None,
    };
    machine.step(Input::Pulled(page), 0);
    machine.step(Input::ViewForgotten(Cursor::default()), 0);
    let effects = machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(effects[0], Effect::Pull(Cursor::default().into()));
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
        head: None,
        proof: None,
        sum: None,
        whole: Vec::new(),
        began: None,
    };
    machine.step(Input::Pulled(page), 0);
    let effects = machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(effects[0], Effect::Pull(cursor(1, 4).into()));
}

#[test]
fn rows_that_could_not_be_kept_while_the_view_was_thrown_away_are_asked_for_again_and_then_count() {
    let (mut machine, _) = machine(0);
    let page = || {
        Input::Pulled(PullAnswer {
            from: Cursor::default(),
            next: cursor(1, 4),
            more: false,
            reset: false,
            rows: Vec::new(),
            server_wall: 0,
            head: None,
            proof: None,
            sum: None,
            whole: Vec::new(),
            began: None,
        })
    };
    machine.step(page(), 0);
    machine.step(Input::ViewForgotten(Cursor::default()), 0);
    machine.step(Input::Failed, 0);
    machine.step(Input::Timer, 0);
    machine.step(page(), 0);
    machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(machine.cursor(), cursor(1, 4));
}

#[test]
fn people_are_told_whether_the_server_answered_and_whether_they_see_its_latest_word() {
    let told = |effects: &[Effect]| {
        let Some(Effect::Report(report)) = effects.last() else {
            panic!("{effects:?}")
        };
        (report.unsent, report.connected, report.fresh)
    };
    let page = |from, more| {
        Input::Pulled(PullAnswer {
            from,
            next: cursor(1, from.position.0 + 4),
            more,
            reset: false,
            rows: Vec::new(),
            server_wall: 0,
            head: None,
            proof: None,
            sum: None,
            whole: Vec::new(),
            began: None,
        })
    };
    let (mut machine, effects) = machine(1);
    assert_eq!(told(&effects), (1, false, false));
    assert_eq!(told(&machine.step(answer(1, 0..1), 0)), (1, true, false));
    assert_eq!(
        told(&machine.step(Input::ReceiptsKept, 0)),
        (0, true, false)
    );
    machine.step(page(Cursor::default(), true), 0);
    let effects = machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(told(&effects), (0, true, false));
    machine.step(page(cursor(1, 4), false), 0);
    let effects = machine.step(Input::ViewKept(cursor(1, 8)), 0);
    assert_eq!(told(&effects), (0, true, true));
    assert_eq!(told(&machine.step(Input::Failed, 0)), (0, false, false));
    // An answer to a question about the view is an answer too.
    machine.step(Input::Timer, 0);
    let effects = machine.step(page(cursor(1, 8), false), 0);
    assert_eq!(told(&effects), (0, true, false));
}

#[test]
fn a_server_that_takes_nothing_is_asked_again_later_and_not_in_a_circle() {
    let (mut machine, _) = machine(2);
    let effects = machine.step(answer(0, 0..0), 0);
    assert_eq!((pushes(&effects), timers(&effects)), (0, 1));
    assert_eq!(pushes(&machine.step(Input::Kept(entry(2)), 0)), 0);
    let page = Input::Pulled(PullAnswer {
        from: Cursor::default(),
        next: Cursor::default(),
        more: false,
        reset: false,
        rows: Vec::new(),
        server_wall: 0,
        head: None,
        proof: None,
        sum: None,
        whole: Vec::new(),
        began: None,
    });
    let effects = machine.step(page, 0);
    assert_eq!((pushes(&effects), timers(&effects)), (0, 1));
    assert_eq!(pushes(&machine.step(Input::Timer, 0)), 1);
}

#[test]
fn a_push_is_never_larger_than_the_server_takes_unless_one_event_is() {
    let large = |seq, bytes| OutboxEntry {
        event: SignedEvent {
            bytes: vec![0; bytes],
            signature: Vec::new(),
        },
        ..entry(seq)
    };
    let half = PUSH_BYTES_MAX / 2;
    for (sizes, expected) in [
        (vec![half, half, 1], 2),
        (vec![half, half + 1], 1),
        (vec![PUSH_BYTES_MAX + 1, 1], 1),
    ] {
        let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
        let entries = (0..).zip(sizes);
        let outbox = entries.map(|(seq, bytes)| large(seq, bytes)).collect();
        let cursor = Cursor::default();
        let effects = machine.step(Input::Loaded { outbox, cursor }, 0);
        assert_eq!(push(&effects).chains[0].events.len(), expected);
    }
}

#[test]
fn an_answer_about_a_chain_that_is_not_this_devices_is_nothing_to_it() {
    let (mut machine, _) = machine(1);
    let mut theirs = chain(EPOCH, 0, 0..0);
    theirs.device = DeviceId([2; 16]);
    let unheard_of = chain(EARLIER, 0, 0..0);
    let answer = answers(vec![theirs, unheard_of, chain(EPOCH, 1, 0..1)]);
    let effects = machine.step(answer, 0);
    assert!(matches!(effects[0], Effect::KeepReceipts(_)));
    let effects = machine.step(Input::ReceiptsKept, 0);
    assert_eq!(effects[0], Effect::Pull(Cursor::default().into()));
}

#[test]
fn waits_grow_from_try_to_try() {
    let (mut machine, _) = machine(1);
    let longest: Vec<u32> = (0..8)
        .map(|_| {
            // The same throw each time: just below the longest wait there is.
            let effects = machine.step(Input::Failed, RETRY_MAX - 1);
            let Effect::SetTimer(wait) = effects[0] else {
                panic!("{effects:?}")
            };
            wait
        })
        .collect();
    let expected = [2_499, 4_499, 4_499, 12_499, 28_499, 60_000, 60_000, 60_000];
    assert_eq!(longest, expected);
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
