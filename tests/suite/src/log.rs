//! What a shop's log does.

use core::fmt::Debug;

use domain::event::{SignedEvent, event_hash};
use domain::id::{DeviceId, Epoch, EventId, Position};
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::message::Outcome;
use domain::sync::server::log::{ChainKey, Log, NewEvent};

/// Events, chains, the tree, the state.
pub mod facts;
/// Rows of the view, page by page.
pub mod pages;
/// Transactions that fail.
pub mod failures;

/// What goes wrong until it is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// One event goes in, and the next one, which says [`NO_ROOM`], does not: the write itself fails.
    NoRoom,
    /// Every write goes well, and the commit does not.
    CommitFails,
    /// The connection is lost in the commit, before it lasts. Where there is no connection, the commit fails.
    LostInCommit,
}

/// A log and its bad days. It is empty at first.
pub trait Bench {
    /// What writes and reads it.
    type Log: Log<Failed: Debug> + ?Sized;

    /// Opens it for writing, once.
    fn open(&self) -> Box<Self::Log>;

    /// A reader that sees what was committed, and nothing else.
    fn open_reader(&self) -> Box<Self::Log>;

    /// Makes something go wrong from now on.
    fn break_it(&self, mishap: Mishap);

    /// Puts it right.
    fn mend(&self, mishap: Mishap);
}

/// Calls a macro with the name of every behaviour.
#[macro_export]
macro_rules! every_log_behaviour {
    ($run:ident) => {
        $run! {
            facts::an_event_gets_its_place_its_receipt_and_moves_its_chain_on,
            facts::an_event_that_has_no_place_is_kept_once_however_often_it_comes,
            facts::the_state_comes_back_as_it_was,
            facts::the_chain_a_device_wrote_to_last_is_found,
            facts::the_tree_over_the_log_is_kept,
            facts::what_was_permitted_is_kept_for_each_person_on_each_device,
            facts::numbers_only_a_liar_would_send_do_no_harm,
            pages::a_page_never_splits_a_change_and_never_skips_one,
            pages::what_is_gone_is_told_only_to_those_who_may_have_seen_it,
            failures::a_transaction_that_is_rolled_back_leaves_nothing,
            failures::a_place_that_is_taken_is_not_given_again,
            failures::a_write_that_fails_in_the_middle_leaves_nothing_of_what_came_before_it,
            failures::a_commit_that_fails_leaves_nothing_and_the_next_one_lasts,
            failures::a_commit_that_is_lost_leaves_all_or_nothing,
        }
    };
}

/// What the event says for which there is no room.
pub const NO_ROOM: &str = "no room";

/// The chain of most tests.
pub const CHAIN: ChainKey = chain(1, 1);

/// A chain by two small numbers.
#[must_use]
pub const fn chain(device: u8, epoch: u8) -> ChainKey {
    ChainKey {
        device: DeviceId([device; 16]),
        epoch: Epoch([epoch; 16]),
    }
}

/// An event that says something.
#[must_use]
pub fn event(text: &str) -> SignedEvent {
    SignedEvent {
        bytes: text.as_bytes().to_vec(),
        signature: vec![7; 64],
    }
}

/// An entity's name.
#[must_use]
pub fn key(kind: EntityKind, id: &[u8]) -> EntityKey {
    EntityKey {
        kind,
        id: id.to_vec(),
    }
}

/// Gives an event the next place, inside a transaction, or says why that fails.
///
/// # Errors
/// When the log cannot be written.
pub fn try_append<L: Log + ?Sized>(
    log: &L,
    chain: ChainKey,
    seq: u64,
    text: &str,
) -> Result<Position, L::Failed> {
    let event = event(text);
    let position = log.head()?.next();
    let hash = event_hash(&event.bytes);
    let mut id = [0; 16];
    id.copy_from_slice(&hash.0[..16]);
    log.append(&NewEvent {
        position,
        chain,
        seq,
        label: Some((EventId(id), 50, 1)),
        recorded_at: 1_800_000_000_000,
        event: &event,
        hash,
        outcome: &Outcome::AppliedWithExceptions(vec![7]),
    })?;
    Ok(position)
}

/// The same, where nothing goes wrong.
pub fn append<L: Log<Failed: Debug> + ?Sized>(
    log: &L,
    chain: ChainKey,
    seq: u64,
    text: &str,
) -> Position {
    try_append(log, chain, seq, text).unwrap()
}

/// The same as a transaction of its own.
pub fn record<L: Log<Failed: Debug> + ?Sized>(
    log: &L,
    chain: ChainKey,
    seq: u64,
    text: &str,
) -> Position {
    log.begin().unwrap();
    let position = append(log, chain, seq, text);
    log.commit().unwrap();
    position
}
