//! A whole view on its way in: manifests, chunks, and where they wait until the view is whole.
//!
//! In: effects of the protocol's machine. Out: its next inputs. Must not: touch the view there is, or the device's own
//! events.

use domain::sync::device::{Effect, Input};
use domain::sync::page::Sum;
use domain::sync::snapshot::Chunk;

use crate::device::Device;
use crate::sync::http::{Caller, HttpFailed};
use crate::sync::run::failed;

fn caller(device: &Device) -> Option<Caller> {
    device.caller().filter(|caller| caller.signer.is_some())
}

fn told(device: &'static Device, answer: Result<Input, HttpFailed>) -> Input {
    answer.unwrap_or_else(|cause| failed(device, &cause))
}

/// Carries out one step of a snapshot.
pub(super) async fn perform(device: &'static Device, effect: Effect) -> Input {
    match effect {
        Effect::AskSnapshot => ask_snapshot(device).await,
        Effect::LookAtChunks(chunks) => look(device, &chunks).await,
        Effect::FetchChunk(chunk) => fetch(device, chunk).await,
        Effect::KeepChunk(chunk, bytes) => keep(device, chunk, &bytes).await,
        Effect::OpenSnapshot(chunks, sum) => open(device, &chunks, sum).await,
        _ => Input::Failed,
    }
}

async fn ask_snapshot(device: &'static Device) -> Input {
    match caller(device) {
        Some(caller) => told(device, caller.snapshot().await.map(Input::Snapshot)),
        None => Input::Failed,
    }
}

async fn fetch(device: &'static Device, chunk: Chunk) -> Input {
    let hash = chunk.hash;
    let Some(caller) = caller(device) else {
        return Input::ChunkFailed(hash);
    };
    match caller.chunk(&chunk).await {
        Ok(Some(bytes)) => Input::Chunk(hash, bytes),
        Ok(None) => Input::ChunkUnknown(hash),
        Err(cause) => {
            failed(device, &cause);
            Input::ChunkFailed(hash)
        }
    }
}

async fn look(device: &'static Device, chunks: &[Chunk]) -> Input {
    let here = device.view.chunks_here(chunks).await;
    here.map_or(Input::Failed, Input::ChunksHere)
}

async fn keep(device: &'static Device, chunk: Chunk, bytes: &[u8]) -> Input {
    let hash = chunk.hash;
    let kept = device.view.keep_chunk(&chunk, bytes).await;
    kept.map_or(Input::ChunkFailed(hash), |()| Input::ChunkKept(hash))
}

async fn open(device: &'static Device, chunks: &[Chunk], sum: Option<Sum>) -> Input {
    match device.view.rows_of(chunks, sum).await {
        Ok(Some(rows)) => {
            device.replica.borrow_mut().begin_with(rows);
            Input::SnapshotOpened(true)
        }
        Ok(None) => Input::SnapshotOpened(false),
        Err(_) => Input::Failed,
    }
}
