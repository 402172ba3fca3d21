//! Others at the same storage: another tab, a newer program, somebody who deletes it.

use domain::sync::device::store::{Store as _, StoreFailed};

use super::{Bench, append_all, both, entry, epoch, noted, numbers, through, writer, writing};

pub async fn a_second_connection_sees_what_the_first_has_saved(bench: &impl Bench) {
    let other = bench.connect();
    let store = writing(bench).await;
    for seq in 0..3 {
        let event = entry(epoch(1), seq, "a jar");
        store.append(&event).await.unwrap();
        assert_eq!(other.events(epoch(1), seq).await.unwrap(), [event]);
    }
    store.note_chain(noted(1, None)).await.unwrap();
    let kept = other.noted_chain().await.unwrap();
    assert_eq!(kept, Some(noted(1, None)));
    store.note_chain(noted(3, Some(1))).await.unwrap();
    let kept = other.noted_chain().await.unwrap();
    assert_eq!(kept, Some(noted(3, Some(1))));
}

pub async fn nobody_writes_who_has_not_taken_over(bench: &impl Bench) {
    let store = bench.connect();
    let event = entry(epoch(1), 0, "a jar");
    assert_eq!(store.append(&event).await, Err(StoreFailed::TakenOver));
    assert!(numbers(bench, epoch(1)).await.is_empty());
    store.take_over(writer(1)).await.unwrap();
    store.append(&event).await.unwrap();
}

pub async fn a_writer_that_was_taken_over_writes_nothing_more(bench: &impl Bench) {
    let old = writing(bench).await;
    append_all(&old, epoch(1), 1).await;
    old.keep_receipts(&[(epoch(1), through(0))]).await.unwrap();
    let thief = bench.connect();
    thief.take_over(writer(2)).await.unwrap();
    let gone = Err(StoreFailed::TakenOver);
    for _ in 0..2 {
        assert_eq!(old.append(&entry(epoch(1), 2, "late")).await, gone);
        assert_eq!(old.note_chain(noted(7, None)).await, gone);
        // It knows less than the thief: what it has to say of receipts would set them back.
        thief
            .keep_receipts(&[(epoch(1), through(1))])
            .await
            .unwrap();
        assert_eq!(old.keep_receipts(&[(epoch(1), through(0))]).await, gone);
        let chains = old.chains().await.unwrap();
        assert_eq!(old.forget_chain(&chains[0]).await, gone);
        assert_eq!(chains[0].receipts, Some(through(1)));
    }
    assert!(StoreFailed::TakenOver.is_final());
    assert_eq!(thief.noted_chain().await.unwrap(), None);
    append_all(&thief, epoch(2), 0).await;
    assert_eq!(numbers(bench, epoch(1)).await, [0, 1]);
    // And back again, as a person who goes from window to window does.
    old.take_over(writer(3)).await.unwrap();
    append_all(&old, epoch(3), 0).await;
    assert_eq!(
        thief.append(&entry(epoch(2), 1, "late")).await,
        Err(StoreFailed::TakenOver)
    );
}

pub async fn a_take_over_in_the_middle_of_a_write_saves_it_or_refuses_it(bench: &impl Bench) {
    let mut old = writing(bench).await;
    for number in 2..12 {
        let thief = bench.connect();
        let event = entry(epoch(number), 0, "picked as the window changed");
        let seen_by_thief = async {
            thief.take_over(writer(number)).await.unwrap();
            thief.events(epoch(number), 0).await.unwrap()
        };
        // Which of them is first is left to the storage; each comes to ask first in every other round.
        let (saved, seen) = if number % 2 == 0 {
            both(old.append(&event), seen_by_thief).await
        } else {
            let (seen, saved) = both(seen_by_thief, old.append(&event)).await;
            (saved, seen)
        };
        // What was called saved is there when the thief looks, which it does once; what was refused never comes.
        match saved {
            Ok(()) => assert_eq!(seen, [event]),
            Err(cause) => {
                assert_eq!(cause, StoreFailed::TakenOver);
                assert!(seen.is_empty());
                assert!(numbers(bench, epoch(number)).await.is_empty());
            }
        }
        old = thief;
    }
}

pub async fn a_storage_that_was_deleted_says_so_and_saves_nothing_more(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 2).await;
    store.keep_value("certificate", &[1]).await.unwrap();
    bench.delete().await;
    for _ in 0..2 {
        let written = store.append(&entry(epoch(1), 3, "event 3")).await;
        assert_eq!(written, Err(StoreFailed::Wiped));
        assert_eq!(
            store.note_chain(noted(2, None)).await,
            Err(StoreFailed::Wiped)
        );
        let receipts = [(epoch(1), through(2))];
        assert_eq!(
            store.keep_receipts(&receipts).await,
            Err(StoreFailed::Wiped)
        );
    }
    assert!(StoreFailed::Wiped.is_final() && !StoreFailed::Wiped.is_transient());
    assert!(store.chains().await.unwrap().is_empty());
    assert_eq!(store.value("certificate").await.unwrap(), None);
    // The next start begins with nothing.
    let next_start = bench.connect();
    next_start.take_over(writer(2)).await.unwrap();
    append_all(&next_start, epoch(2), 0).await;
}

pub async fn a_storage_that_a_newer_program_has_taken_is_left_alone(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 2).await;
    // This ends only when the connection above gives way.
    assert_eq!(bench.open_as_newer().await, 3);
    for _ in 0..2 {
        let written = store.append(&entry(epoch(1), 3, "event 3")).await;
        assert_eq!(written, Err(StoreFailed::Newer));
        assert_eq!(store.events(epoch(1), 0).await, Err(StoreFailed::Newer));
        let taken = bench.connect().take_over(writer(2)).await;
        assert_eq!(taken, Err(StoreFailed::Newer));
    }
    assert!(StoreFailed::Newer.is_final());
    assert_eq!(bench.open_as_newer().await, 3, "nothing was touched");
}
