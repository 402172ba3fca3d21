//! A view that comes as a snapshot.

use std::collections::BTreeSet;

use super::*;
use crate::id::StoreId;
use crate::sync::message::{PullAnswer, PullAsk};
use crate::sync::page::Sum;
use crate::sync::snapshot::{Chunk, Gone, Manifest};

const BYTES: [&[u8]; 6] = [b"one", b"two", b"three", b"four", b"five", b"six"];

fn chunk(number: usize) -> Chunk {
    Chunk::of(BYTES[number])
}

fn manifest() -> Manifest {
    Manifest {
        store: StoreId([1; 16]),
        at: cursor(1, 50),
        root: None,
        chunks: (0..6).map(chunk).collect(),
        made_at: 0,
        sum: Some(Sum::of_bytes([7; 16])),
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

/// Bytes come for a chunk and are kept. Returns what is done next.
fn came(machine: &mut DeviceSync, number: usize) -> Vec<Effect> {
    let effects = machine.step(bytes_of(number), 0);
    assert_eq!(
        effects[0],
        Effect::KeepChunk(chunk(number), BYTES[number].to_vec())
    );
    machine.step(Input::ChunkKept(chunk(number).hash), 0)
}

fn bytes_of(number: usize) -> Input {
    Input::Chunk(chunk(number).hash, BYTES[number].to_vec())
}

fn other_bytes_for(number: usize) -> Input {
    Input::Chunk(chunk(number).hash, b"onE".to_vec())
}

/// The chunks that are asked for.
fn fetched(effects: &[Effect]) -> Vec<Chunk> {
    let fetched = effects.iter().filter_map(|effect| {
        let Effect::FetchChunk(chunk) = effect else {
            return None;
        };
        Some(*chunk)
    });
    fetched.collect()
}

fn chunks(numbers: &[usize]) -> Vec<Chunk> {
    numbers.iter().map(|number| chunk(*number)).collect()
}

fn open() -> Effect {
    Effect::OpenSnapshot(manifest().chunks, manifest().sum)
}

#[test]
fn four_chunks_are_fetched_at_once_in_any_order_and_then_what_changed_since() {
    let (mut machine, effects) = fetching(&[]);
    assert_eq!(fetched(&effects), chunks(&[0, 1, 2, 3]));
    assert_eq!(fetched(&came(&mut machine, 2)), chunks(&[4]));
    assert_eq!(fetched(&came(&mut machine, 0)), chunks(&[5]));
    for number in [5, 1, 4] {
        assert_eq!(fetched(&came(&mut machine, number)), []);
    }
    let effects = came(&mut machine, 3);
    assert_eq!(effects[0], open());
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
    let (mut machine, effects) = fetching(&[0, 2, 3, 4, 5]);
    assert_eq!(fetched(&effects), chunks(&[1]));
    assert_eq!(came(&mut machine, 1)[0], open());
}

#[test]
fn a_chunk_that_fails_is_asked_for_again_alone() {
    let (mut machine, _) = fetching(&[4, 5]);
    let effects = machine.step(Input::ChunkFailed(chunk(1).hash), 0);
    assert_eq!(fetched(&effects), []);
    // Not at once, but with the next one that comes.
    assert_eq!(fetched(&machine.step(bytes_of(0), 0)), chunks(&[1]));
    machine.step(Input::ChunkKept(chunk(0).hash), 0);
    came(&mut machine, 2);
    came(&mut machine, 3);
    // The last one waits a while.
    let effects = machine.step(Input::ChunkFailed(chunk(1).hash), 0);
    assert!(matches!(effects[0], Effect::SetTimer(_)));
    assert_eq!(fetched(&machine.step(Input::Timer, 0)), chunks(&[1]));
    assert_eq!(came(&mut machine, 1)[0], open());
}

#[test]
fn a_chunk_that_cannot_be_kept_is_asked_for_again() {
    let (mut machine, _) = fetching(&[1, 2, 3, 4, 5]);
    machine.step(bytes_of(0), 0);
    machine.step(Input::ChunkFailed(chunk(0).hash), 0);
    assert_eq!(fetched(&machine.step(Input::Timer, 0)), chunks(&[0]));
}

#[test]
fn other_bytes_than_the_chunks_are_not_kept() {
    let (mut machine, _) = fetching(&[1, 2, 3, 4, 5]);
    for _ in 0..3 {
        let effects = machine.step(other_bytes_for(0), 0);
        assert!(matches!(effects[0], Effect::SetTimer(_)));
        assert_eq!(fetched(&machine.step(Input::Timer, 0)), chunks(&[0]));
    }
    // The server's own file may be damaged.
    machine.step(other_bytes_for(0), 0);
    assert_eq!(machine.step(Input::Timer, 0)[0], Effect::AskSnapshot);
}

#[test]
fn a_chunk_the_server_does_not_have_has_the_manifest_asked_for_once_the_others_reported() {
    let (mut machine, _) = fetching(&[0, 1, 2]);
    let effects = machine.step(Input::ChunkUnknown(chunk(3).hash), 0);
    assert!(matches!(effects[..], [Effect::Report(_)]));
    // What came meanwhile is of a snapshot that was given up.
    let effects = machine.step(bytes_of(4), 0);
    assert!(matches!(effects[..], [Effect::Report(_)]));
    let effects = machine.step(Input::ChunkUnknown(chunk(5).hash), 0);
    assert_eq!(effects[0], Effect::AskSnapshot);
}

#[test]
fn a_chunk_nobody_asked_for_changes_nothing() {
    let (mut machine, _) = fetching(&[]);
    for input in [
        bytes_of(5),
        Input::ChunkKept(chunk(5).hash),
        Input::ChunkUnknown(chunk(5).hash),
        Input::ChunkFailed(chunk(5).hash),
    ] {
        let effects = machine.step(input, 0);
        let is_idle = |effect: &Effect| matches!(effect, Effect::SetTimer(_) | Effect::Report(_));
        assert!(effects.iter().all(is_idle));
    }
    assert_eq!(fetched(&came(&mut machine, 0)), chunks(&[4]));
}

#[test]
fn rows_that_are_not_those_of_the_manifest_are_not_opened() {
    let (mut machine, _) = fetching(&[0, 1, 2, 3, 4, 5]);
    let effects = machine.step(Input::SnapshotOpened(false), 0);
    assert_eq!(effects[0], Effect::AskSnapshot);
    assert_eq!(machine.cursor().position, Position(0));
}

#[test]
fn a_snapshot_that_never_comes_whole_gives_way_to_pages() {
    let (mut machine, _) = fetching(&[0, 1, 2, 3, 4]);
    for _ in 0..20 {
        let effects = machine.step(Input::ChunkUnknown(chunk(5).hash), 0);
        if effects[0] != Effect::AskSnapshot {
            assert!(!pull(&effects[0]).snapshots);
            return;
        }
        machine.step(Input::Snapshot(manifest()), 0);
        let here = (0..5).map(|number| chunk(number).hash).collect();
        machine.step(Input::ChunksHere(here), 0);
    }
    panic!("it goes on for ever");
}

#[test]
fn a_snapshot_too_old_to_go_on_from_is_not_gone_on_from() {
    let (mut machine, _) = fetching(&[0, 1, 2, 3, 4, 5]);
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
    let effects = machine.step(Input::Kept(entry(0)), 0);
    assert_eq!(push(&effects).chains.len(), 1);
    // A chunk comes while they are on their way.
    assert_eq!(fetched(&came(&mut machine, 1)), []);
    machine.step(answer(1, 0..1), 0);
    let effects = machine.step(Input::ReceiptsKept, 0);
    assert_eq!(fetched(&effects), chunks(&[4]));
}
