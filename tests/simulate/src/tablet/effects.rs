//! Effects on the storage, carried out.

use std::collections::BTreeSet;

use domain::id::Hash;
use domain::sync::device::store::Store as _;
use domain::sync::device::{Effect, Input};
use domain::sync::message::{Cursor, PullAnswer};
use domain::sync::page::{Sum, Sums};
use domain::sync::replica::Taking;
use domain::sync::snapshot::{Chunk, adds_up, rows_in, sum_of};

use super::Tablet;

impl Tablet {
    /// Carries out an effect on the storage.
    pub fn perform(&mut self, effect: Effect) -> Option<Input> {
        let memory = self.memory.as_mut()?;
        match effect {
            Effect::KeepReceipts(done) => {
                let all = memory.receiving.to_keep(&done, memory.shown);
                if self
                    .at_disk(async |disk| disk.keep_receipts(&all).await)
                    .is_err()
                {
                    return Some(Input::Failed);
                }
                let memory = self.memory.as_mut()?;
                memory.receiving.kept(&mut memory.replica);
                Some(Input::ReceiptsKept)
            }
            Effect::KeepView(answer) => {
                self.answered = true;
                let next = answer.next;
                let mut kept = next;
                if let Some(taking) = memory.replica.gather(answer) {
                    memory
                        .replica
                        .take_rows(next, &taking.rows, taking.reset, true);
                    kept = memory.replica.cursor();
                    // What was not kept before goes with it, as whole pages do.
                    let late = std::mem::take(&mut memory.late);
                    let late = late.into_iter().filter(|_| !taking.reset);
                    let all = Taking {
                        reset: taking.reset,
                        rows: late.chain(taking.rows).collect(),
                    };
                    self.disk.keep_view(kept, &all);
                    memory.replica.kept();
                    memory.shown = kept;
                    memory.unkept = None;
                } else if let Some(unkept) = &mut memory.unkept {
                    *unkept = next;
                }
                Some(Input::ViewKept(kept))
            }
            Effect::Reread { epoch, from } => {
                let read = self.at_disk(async |disk| disk.events(epoch, from).await);
                Some(read.map_or(Input::Failed, Input::Reread))
            }
            Effect::Compare(sum) => {
                let is_same = memory.replica.sums().whole() == sum;
                Some(Input::Compared(is_same))
            }
            Effect::FindDifferences(pages) => {
                let theirs = Sums::of(pages);
                Some(Input::Differing(memory.replica.sums().differing(&theirs)))
            }
            Effect::LookAtChunks(chunks) => {
                let named: BTreeSet<Hash> = chunks.iter().map(|chunk| chunk.hash).collect();
                let arriving = &mut self.disk.arriving;
                arriving.retain(|hash, _| named.contains(hash));
                Some(Input::ChunksHere(arriving.keys().copied().collect()))
            }
            Effect::KeepChunk(chunk, bytes) => {
                self.disk.arriving.insert(chunk.hash, bytes);
                Some(Input::ChunkKept(chunk.hash))
            }
            Effect::OpenSnapshot(chunks, sum) => self.open_snapshot(&chunks, sum),
            Effect::Push(_)
            | Effect::Pull(_)
            | Effect::AskSnapshot
            | Effect::FetchChunk(_)
            | Effect::AskSums
            | Effect::SetTimer(_)
            | Effect::Report(_) => None,
        }
    }

    /// Puts chunks together, when all are there and add up.
    fn open_snapshot(&mut self, chunks: &[Chunk], sum: Option<Sum>) -> Option<Input> {
        let memory = self.memory.as_mut()?;
        let kept = chunks.iter();
        let kept = kept.map(|chunk| self.disk.arriving.get(&chunk.hash));
        let rows: Option<Vec<_>> = kept.map(|bytes| rows_in(bytes?)).collect();
        let Some(rows) = rows.map(|rows| rows.concat()) else {
            self.disk.arriving.clear();
            return Some(Input::SnapshotOpened(false));
        };
        let is_it = adds_up(sum_of(&rows), sum);
        if is_it {
            memory.unkept = None;
            memory.replica.begin_with(rows);
        }
        Some(Input::SnapshotOpened(is_it))
    }

    /// Shows rows that the storage then does not keep.
    pub fn take_without_keeping(&mut self, answer: PullAnswer) {
        let Some(memory) = &mut self.memory else {
            return;
        };
        let next = answer.next;
        if let Some(taking) = memory.replica.gather(answer) {
            memory
                .replica
                .take_rows(next, &taking.rows, taking.reset, true);
            if taking.reset {
                memory.unkept = Some(next);
                memory.late.clear();
            } else {
                memory.late.extend(taking.rows.iter().cloned());
            }
            memory.replica.put_back(taking);
        }
    }

    /// The view is gone; it is fetched again.
    pub fn evict_view(&mut self) -> Input {
        self.disk.evict_view();
        self.view_was_evicted = true;
        if let Some(memory) = &mut self.memory {
            memory.shown = Cursor::default();
        }
        Input::ViewForgotten(self.disk.view.cursor)
    }

    /// Whether it says that its view cannot be mended.
    #[must_use]
    pub fn has_given_up(&self) -> bool {
        let memory = self.memory.as_ref();
        memory.is_some_and(|memory| memory.machine.differs())
    }
}
