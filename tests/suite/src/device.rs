//! What the storage of a device's own events does.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use domain::event::SignedEvent;
use domain::id::Epoch;
use domain::sync::device::OutboxEntry;
use domain::sync::device::store::{NotedChain, Store, StoreFailed, WriterId};
use domain::sync::own::Receipts;

/// Keeping events and reading them.
pub mod events;
/// Writes that fail, and writes nobody knows about.
pub mod failures;
/// Others at the same storage: another tab, a newer program, somebody who deletes it.
pub mod others;
/// Receipts, values, and what may be forgotten.
pub mod receipts;

/// What happens to the next write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The storage is full.
    Full,
    /// The write is undone, and nobody says why.
    Aborted,
    /// The connection is lost before the write lasts.
    LostBefore,
    /// The connection is lost when the write has lasted.
    LostAfter,
    /// The connection is lost before the write lasts, and the storage does not open for whoever looks.
    LostBeforeAndShut,
}

/// A storage and its bad days. It is empty at first.
#[expect(async_fn_in_trait, reason = "browsers have one thread")]
pub trait Bench {
    /// A connection to it.
    type Store: Store;

    /// One more connection: another tab, or the next start.
    fn connect(&self) -> Self::Store;

    /// Says what happens to the next write of an event or of receipts.
    fn next_write(&self, mishap: Mishap);

    /// Deletes everything, as from the browser's settings, whoever is connected.
    async fn delete(&self);

    /// A program of a later version takes the storage for itself. Returns how many events it finds.
    async fn open_as_newer(&self) -> usize;

    /// From now on an event comes back as nothing, although it is there.
    async fn hollow(&self, epoch: Epoch, seq: u64);
}

/// Calls a macro with the name of every behaviour.
#[macro_export]
macro_rules! every_device_behaviour {
    ($run:ident) => {
        $run! {
            events::an_event_that_was_saved_comes_back_byte_for_byte,
            events::a_place_in_the_chain_that_is_taken_keeps_its_first_event,
            events::events_are_read_from_a_number_on_and_of_one_chain_only,
            events::chains_are_found_oldest_first_with_their_receipts,
            events::what_comes_back_as_nothing_is_no_event_and_moves_no_other,
            failures::a_full_storage_loses_nothing_that_was_saved_before,
            failures::an_aborted_write_leaves_nothing_and_says_so,
            failures::an_event_whose_yes_got_lost_is_looked_up_and_counts_as_saved,
            failures::an_event_that_never_arrived_is_looked_up_and_does_not_count_as_saved,
            failures::a_lost_yes_is_not_taken_from_another_event_at_the_same_place,
            failures::an_event_that_cannot_be_looked_up_is_neither_saved_nor_refused,
            receipts::receipts_move_on_for_all_chains_or_for_none,
            receipts::only_old_chains_that_the_server_has_whole_are_forgotten,
            receipts::the_chain_that_was_written_to_last_is_never_forgotten,
            receipts::what_is_kept_under_a_name_is_there_until_it_is_forgotten,
            others::a_second_connection_sees_what_the_first_has_saved,
            others::nobody_writes_who_has_not_taken_over,
            others::a_writer_that_was_taken_over_writes_nothing_more,
            others::a_take_over_in_the_middle_of_a_write_saves_it_or_refuses_it,
            others::a_storage_that_was_deleted_says_so_and_saves_nothing_more,
            others::a_storage_that_a_newer_program_has_taken_is_left_alone,
        }
    };
}

fn epoch(number: u8) -> Epoch {
    Epoch([number; 16])
}

fn writer(number: u8) -> WriterId {
    WriterId([number; 16])
}

fn entry(epoch: Epoch, seq: u64, text: &str) -> OutboxEntry {
    let event = SignedEvent {
        bytes: text.as_bytes().to_vec(),
        signature: vec![7; 64],
    };
    OutboxEntry { epoch, seq, event }
}

fn noted(epoch_number: u8, after: Option<u8>) -> NotedChain {
    NotedChain {
        epoch: epoch(epoch_number),
        after: after.map(epoch),
    }
}

fn through(through: u64) -> Receipts {
    Receipts {
        through,
        ..Receipts::default()
    }
}

/// A connection that has taken over.
async fn writing<B: Bench>(bench: &B) -> B::Store {
    let store = bench.connect();
    store.take_over(writer(1)).await.unwrap();
    store
}

async fn append_all(store: &impl Store, epoch: Epoch, last: u64) {
    for seq in 0..=last {
        let event = entry(epoch, seq, &format!("event {seq}"));
        store.append(&event).await.unwrap();
    }
}

/// The numbers of a chain's events, as somebody sees them who comes along now.
async fn numbers(bench: &impl Bench, epoch: Epoch) -> Vec<u64> {
    let events = bench.connect().events(epoch, 0).await.unwrap();
    events.iter().map(|entry| entry.seq).collect()
}

fn is_aborted(written: &Result<(), StoreFailed>) -> bool {
    matches!(written, Err(StoreFailed::Aborted(_)))
}

/// Does two things at once, a turn each.
async fn both<A: Future, B: Future>(one: A, other: B) -> (A::Output, B::Output) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut of_one, mut of_other) = (None, None);
    poll_fn(move |context| {
        if of_one.is_none()
            && let Poll::Ready(output) = one.as_mut().poll(context)
        {
            of_one = Some(output);
        }
        if of_other.is_none()
            && let Poll::Ready(output) = other.as_mut().poll(context)
        {
            of_other = Some(output);
        }
        match (of_one.take(), of_other.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (one, other) => {
                (of_one, of_other) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}
