//! A view that comes as a snapshot.

use std::collections::BTreeSet;

use super::*;
use crate::id::StoreId;
use crate::sync::message::{PullAnswer, PullAsk};
use crate::sync::snapshot::{Chunk, Gone, Manifest};

const BYTES: [&[u8]; 3] = [b"one", b"two", b"three"];

fn chunk(number: usize) -> Chunk {
    Chunk::of(BYTES[number])
}

fn manifest() -> Manifest {
    Manifest {
        store: StoreId([1; 16]),
        at: cursor(1, 50),
        root: None,
        chunks: (0..3).map(chunk).collect(),
        made_at: 0,
    }
}

fn gone() -> Input {
    Input::Gone(Gone {
        incarnation: Incarnation([1; 16]),
    })
}

fn pull(effect: &Effect) -> &PullAsk {
    let Effect::Pull(ask) = effect else {
        panic!("no pull: {effect:?}")
    };
    ask
}

/// A machine that was told which snapshot there is, with some of its chunks here.
fn fetching(here: &[usize]) -> (DeviceSync, Vec<Effect>) {
    let (mut machine, effects) = machine(0);
    assert!(pull(&effects[0]).snapshots);
    assert_eq!(machine.step(gone(), 0)[0], Effect::AskSnapshot);
    let effects = machine.step(Input::Snapshot(manifest()), 0);
    assert_eq!(effects[0], Effect::LookAtChunks(manifest().chunks));
    let here: BTreeSet<Hash> = here.iter().map(|number| chunk(*number).hash).collect();
    let effects = machine.step(Input::ChunksHere(here), 0);
    (machine, effects)
}

fn came(machine: &mut DeviceSync, number: usize) -> Vec<Effect> {
    let effects = machine.step(Input::Chunk(BYTES[number].to_vec()), 0);
    assert_eq!(
        effects[0],
        Effect::KeepChunk(chunk(number), BYTES[number].to_vec())
    );
    machine.step(Input::ChunkKept, 0)
}

#[test]
fn chunks_are_fetched_one_after_the_other_and_then_what_changed_since() {
    let (mut machine, effects) = fetching(&[]);
    assert_eq!(effects[0], Effect::FetchChunk(chunk(0)));
    for number in 0..2 {
        let effects = came(&mut machine, number);
        assert_eq!(effects[0], Effect::FetchChunk(chunk(number + 1)));
    }
    let effects = came(&mut machine, 2);
    assert_eq!(effects[0], Effect::OpenSnapshot(manifest().chunks));
    let effects = machine.step(Input::SnapshotOpened(true), 0);
    let ask = pull(&effects[0]);
    assert_eq!(ask.cursor, cursor(1, 50));
    assert_eq!(ask.whole.len(), 64);
    // Not before that pull is kept is anything but the old view shown, or the next one asked for without customers.
    machine.step(Input::Failed, 0);
    let effects = machine.step(Input::Timer, 0);
    assert_eq!(pull(&effects[0]).whole.len(), 64);
    let page = PullAnswer {
        from: cursor(1, 50),
        next: cursor(1, 51),
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
    let effects = machine.step(Input::Pulled(page.clone()), 0);
    assert_eq!(effects[0], Effect::KeepView(page));
    machine.step(Input::ViewKept(cursor(1, 51)), 0);
    assert_eq!(pull(&machine.step(Input::Timer, 0)[0]).whole, []);
}

#[test]
fn after_a_start_only_missing_chunks_are_fetched() {
    let (mut machine, effects) = fetching(&[0, 2]);
    assert_eq!(effects[0], Effect::FetchChunk(chunk(1)));
    let effects = came(&mut machine, 1);
    assert_eq!(effects[0], Effect::OpenSnapshot(manifest().chunks));
}

#[test]
fn other_bytes_than_the_chunks_are_not_kept() {
    let (mut machine, _) = fetching(&[]);
    let effects = machine.step(Input::Chunk(b"onE".to_vec()), 0);
    assert!(matches!(effects[0], Effect::SetTimer(_)));
    assert_eq!(machine.step(Input::Timer, 0)[0], Effect::AskSnapshot);
}

#[test]
fn a_chunk_the_server_does_not_have_has_the_manifest_asked_for_again() {
    let (mut machine, _) = fetching(&[]);
    let effects = machine.step(Input::ChunkUnknown, 0);
    assert_eq!(effects[0], Effect::AskSnapshot);
}

#[test]
fn a_snapshot_that_never_comes_whole_gives_way_to_pages() {
    let (mut machine, _) = fetching(&[]);
    for _ in 0..20 {
        let effects = machine.step(Input::ChunkUnknown, 0);
        if effects[0] != Effect::AskSnapshot {
            assert!(!pull(&effects[0]).snapshots);
            return;
        }
        machine.step(Input::Snapshot(manifest()), 0);
        machine.step(Input::ChunksHere(BTreeSet::new()), 0);
    }
    panic!("it goes on for ever");
}

#[test]
fn a_snapshot_too_old_to_go_on_from_is_not_gone_on_from() {
    let (mut machine, _) = fetching(&[0, 1, 2]);
    let effects = machine.step(Input::SnapshotOpened(true), 0);
    assert_eq!(pull(&effects[0]).cursor, cursor(1, 50));
    assert_eq!(machine.step(gone(), 0)[0], Effect::AskSnapshot);
    machine.step(Input::Failed, 0);
    let effects = machine.step(Input::Timer, 0);
    assert_eq!(pull(&effects[0]).cursor.position, Position(0));
}

#[test]
fn own_events_are_sent_while_a_view_is_on_its_way() {
    let (mut machine, _) = fetching(&[]);
    machine.step(Input::Kept(entry(0)), 0);
    let effects = came(&mut machine, 0);
    assert_eq!(push(&effects).chains.len(), 1);
    machine.step(answer(1, 0..1), 0);
    let effects = machine.step(Input::ReceiptsKept, 0);
    assert_eq!(effects[0], Effect::FetchChunk(chunk(1)));
}
