//! A server that was set back to an earlier day, as one that is restored from a backup.

use super::*;

/// A machine whose chain is at the server up to a number, and whose view is of the log's first life.
fn acknowledged_machine(through: u64) -> DeviceSync {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let done = Acknowledged {
        epoch: EPOCH,
        seq: through,
        position: Position(9),
        life: Incarnation::default(),
    };
    machine.step(Input::Acknowledged(vec![done]), 0);
    let outbox = Vec::new();
    let cursor = cursor(1, 9);
    machine.step(Input::Loaded { outbox, cursor }, 0);
    machine
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
        head: None,
        proof: None,
        sum: None,
        whole: Vec::new(),
        began: None,
    })
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
    assert_eq!(effects[0], Effect::Pull(cursor(1, 9).into()));
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
        assert_eq!(effects[0], Effect::Pull(cursor(1, 9).into()));
        let effects = machine.step(reset(cursor(1, 9), 1), 0);
        assert!(matches!(effects[0], Effect::KeepView(_)), "{effects:?}");
        // Next time it says so, it is asked again.
        machine.step(Input::ViewKept(cursor(1, 9)), 0);
        assert_eq!(
            machine.step(Input::Wake, 0)[0],
            Effect::Pull(cursor(1, 9).into())
        );
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
            life: Incarnation::default(),
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
fn a_chain_with_a_hole_goes_on_behind_it_and_is_not_asked_for_in_a_circle() {
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
    let part = &push(&effects).chains[0];
    assert_eq!((part.epoch, part.from, part.gone), (EARLIER, 5, Some(2)));
    // A server that does not know what to do with it is asked again later, and what is behind it still goes.
    let effects = machine.step(answers(vec![torn()]), 0);
    assert_eq!((pushes(&effects), timers(&effects)), (0, 1));
    machine.step(Input::Kept(entry(1)), 0);
    let effects = machine.step(Input::Failed, 0);
    assert_eq!((timers(&effects), machine.unsent()), (1, 2));
    let effects = machine.step(Input::Timer, 0);
    assert_eq!(push(&effects).chains.len(), 2);
    let taken = vec![chain(EARLIER, 6, 5..6), chain(EPOCH, 2, 1..2)];
    machine.step(answers(taken), 0);
    machine.step(Input::ReceiptsKept, 0);
    assert_eq!(machine.unsent(), 0);
}

#[test]
fn a_hole_is_declared_once_and_what_follows_it_is_not_called_lost_again() {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let outbox = vec![entry(5), entry(6), entry(9)];
    let cursor = Cursor::default();
    machine.step(Input::Loaded { outbox, cursor }, 0);
    machine.step(answer(2, 0..0), 0);
    let effects = machine.step(Input::Reread(vec![entry(5), entry(6)]), 0);
    let chains = &push(&effects).chains;
    let said: Vec<_> = chains.iter().map(|part| (part.from, part.gone)).collect();
    assert_eq!(said, [(5, Some(2)), (9, None)]);
    machine.step(answer(7, 5..7), 0);
    let effects = machine.step(Input::ReceiptsKept, 0);
    assert_eq!(push(&effects).chains[0].gone, None);
    let effects = machine.step(answer(7, 0..0), 0);
    assert_eq!(
        effects[0],
        Effect::Reread {
            epoch: EPOCH,
            from: 7
        }
    );
    let effects = machine.step(Input::Reread(Vec::new()), 0);
    let part = &push(&effects).chains[0];
    assert_eq!((part.from, part.gone), (9, Some(7)));
}

#[test]
fn what_is_known_of_a_chain_shrinks_with_what_the_server_lost() {
    let mut machine = acknowledged_machine(5);
    machine.step(reset(cursor(1, 9), 2), 0);
    let lost = PushAnswer {
        store: Default::default(),
        incarnation: Default::default(),
        chains: vec![chain(EPOCH, 2, 0..0)],
        head: Position(4),
        server_wall: 0,
    };
    machine.step(Input::Pushed(lost), 0);
    let end = machine.acknowledged(EPOCH).unwrap();
    assert_eq!((end.seq, end.position), (1, Position(4)));
}

/// The server's answer to a chain that followed one it does not have whole.
fn lacking(epoch: Epoch, of: Epoch, from: u64) -> ChainAnswer {
    ChainAnswer {
        lacks: Some(Lack { epoch: of, from }),
        ..chain(epoch, 0, 0..0)
    }
}

#[test]
fn what_came_before_a_new_chain_is_sent_first_when_the_server_lacks_it() {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let outbox = vec![entry(0)];
    let cursor = Cursor::default();
    machine.step(Input::Loaded { outbox, cursor }, 0);
    let effects = machine.step(answers(vec![lacking(EPOCH, EARLIER, 3)]), 0);
    let (epoch, from) = (EARLIER, 3);
    assert_eq!(effects[0], Effect::Reread { epoch, from });
    let reread = vec![entry_of(EARLIER, 3), entry_of(EARLIER, 4)];
    let effects = machine.step(Input::Reread(reread), 0);
    let chains = &push(&effects).chains;
    assert_eq!((chains[0].epoch, chains[0].from), (EARLIER, 3));
    assert_eq!((chains[1].epoch, chains[1].lost), (EPOCH, None));
}

#[test]
fn what_the_device_no_longer_has_is_declared_lost_and_the_new_chain_goes_on() {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let outbox = vec![entry(0)];
    let cursor = Cursor::default();
    machine.step(Input::Loaded { outbox, cursor }, 0);
    machine.step(answers(vec![lacking(EPOCH, EARLIER, 3)]), 0);
    let effects = machine.step(Input::Reread(Vec::new()), 0);
    assert_eq!(push(&effects).chains[0].lost, None);
    let effects = machine.step(answers(vec![lacking(EPOCH, EARLIER, 3)]), 0);
    let chains = &push(&effects).chains;
    assert_eq!((chains[0].epoch, chains[0].lost), (EPOCH, Some(true)));
}

#[test]
fn what_came_before_goes_first_even_if_the_chain_that_follows_it_fills_a_push() {
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let follows = (0..PUSH_EVENTS_MAX as u64).map(entry);
    let outbox = follows.chain([entry_of(EARLIER, 3)]).collect();
    let cursor = Cursor::default();
    machine.step(Input::Loaded { outbox, cursor }, 0);
    machine.step(answers(vec![lacking(EPOCH, EARLIER, 3)]), 0);
    let effects = machine.step(Input::Reread(vec![entry_of(EARLIER, 3)]), 0);
    let chains = &push(&effects).chains;
    assert_eq!((chains[0].epoch, chains[1].epoch), (EARLIER, EPOCH));
    assert_eq!(machine.unsent(), PUSH_EVENTS_MAX + 1);
}

#[test]
fn a_place_in_an_earlier_life_of_the_log_is_kept_as_one_in_this() {
    let mut machine = acknowledged_machine(5);
    machine.step(reset(cursor(1, 9), 2), 0);
    let Input::Pushed(known) = answer(6, 0..0) else {
        unreachable!()
    };
    // The log has grown past the old place since: that tells nothing.
    let (head, incarnation) = (Position(30), Incarnation([2; 16]));
    let known = PushAnswer {
        head,
        incarnation,
        ..known
    };
    let effects = machine.step(Input::Pushed(known), 0);
    let moved = Acknowledged {
        epoch: EPOCH,
        seq: 5,
        position: head,
        life: incarnation,
    };
    assert_eq!(effects[0], Effect::KeepReceipts(vec![moved]));
    // It could not be kept: the server is asked once more before anything else.
    machine.step(Input::Failed, 0);
    let effects = machine.step(Input::Timer, 0);
    assert_eq!(push(&effects).chains[0].from, 6);
}

#[test]
fn what_waits_behind_a_hole_goes_before_the_chain_that_follows_it() {
    let large = |epoch| OutboxEntry {
        event: SignedEvent {
            bytes: vec![0; PUSH_BYTES_MAX],
            signature: Vec::new(),
        },
        ..entry_of(epoch, 0)
    };
    let mut machine = DeviceSync::new(DeviceId([1; 16]), "test".into());
    let outbox = vec![large(EPOCH), entry_of(EARLIER, 3)];
    let cursor = Cursor::default();
    machine.step(Input::Loaded { outbox, cursor }, 0);
    machine.torn.insert(EARLIER, 2);
    let lacking = ChainAnswer {
        lacks: Some(Lack {
            epoch: EARLIER,
            from: 2,
        }),
        ..chain(EPOCH, 0, 0..0)
    };
    let effects = machine.step(answers(vec![lacking]), 0);
    let part = &push(&effects).chains[0];
    assert_eq!((part.epoch, part.from, part.gone), (EARLIER, 3, Some(2)));
}

#[test]
fn a_beginning_that_could_not_be_kept_is_asked_for_whole() {
    let (mut machine, _) = machine(0);
    machine.step(reset(Cursor::default(), 1), 0);
    machine.step(Input::ViewKept(cursor(1, 9)), 0);
    assert_eq!(
        machine.step(Input::Wake, 0)[0],
        Effect::Pull(cursor(1, 9).into())
    );
    machine.step(reset(cursor(1, 9), 1), 0);
    machine.step(Input::Failed, 0);
    assert_eq!(
        machine.step(Input::Timer, 0)[0],
        Effect::Pull(Cursor::default().into())
    );
}
