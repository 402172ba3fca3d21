//! Views that come as snapshots, and what is forgotten at the server.

use domain::id::Position;
use domain::sync::device::{Effect, Input};
use domain::sync::message::Cursor;
use domain::sync::page::Sum;
use domain::sync::server::log::Log as _;
use domain::sync::snapshot::Chunk;

use crate::faults::Fault;
use crate::server::Mishap;
use crate::world::World;

/// Chunks a device may fetch at once: the protocol's number, said here once more.
const FETCHED_AT_ONCE_MAX: usize = 4;

impl World {
    /// A number for a chunk that is fetched or kept, beside whatever else is under way.
    pub(crate) fn begin_chunk(&mut self, index: usize, chunk: Chunk) -> u64 {
        let number = self.number();
        let under_way = &mut self.tablets[index].chunks_under_way;
        under_way.insert(number, chunk.hash);
        number
    }

    /// A chunk that is on the device or on its way already is not fetched again, and few are fetched at once.
    pub(crate) fn fetches(&mut self, index: usize, chunk: Chunk) {
        let tablet = &self.tablets[index];
        let mut under_way = tablet.chunks_under_way.values();
        let wrong = if tablet.disk.arriving.contains_key(&chunk.hash) {
            "fetches what it has"
        } else if under_way.any(|hash| *hash == chunk.hash) {
            "fetches what is on its way"
        } else if tablet.chunks_under_way.len() >= FETCHED_AT_ONCE_MAX {
            "fetches too much at once"
        } else {
            return;
        };
        self.blame(Err(format!("device {index} {wrong}")));
    }

    /// A snapshot is opened once all of it is there, unless its storage was taken from the device; and then only if its
    /// rows are those the server has signed for.
    pub(crate) fn open_snapshot(
        &mut self,
        index: usize,
        chunks: Vec<Chunk>,
        sum: Option<Sum>,
    ) -> Option<Input> {
        let tablet = &mut self.tablets[index];
        let here = &tablet.disk.arriving;
        let is_here = chunks.iter().all(|chunk| here.contains_key(&chunk.hash));
        let is_cut_short = sum.is_some_and(|sum| {
            let named = (sum, chunks.len());
            self.oracle.cut_short.contains(&named)
        });
        let opened = tablet.perform(Effect::OpenSnapshot(chunks, sum));
        let is_open = opened == Some(Input::SnapshotOpened(true));
        let wrong = if !(is_here || tablet.view_was_lost || tablet.view_was_evicted) {
            "opens what is not whole"
        } else if is_open && is_cut_short {
            "opens a snapshot of which a part is missing"
        } else if is_here && !is_open && !is_cut_short {
            "is told of a snapshot that is another"
        } else {
            return opened;
        };
        self.blame(Err(format!("device {index} {wrong}")));
        opened
    }

    /// Who read before what was forgotten had gone begins anew: nobody can tell any more what is gone.
    pub(crate) fn serves(&mut self, (from, began): (Cursor, Option<Position>), is_reset: bool) {
        let floor = self.server.log.floor().unwrap_or_default();
        let is_before = from.position.max(began.unwrap_or_default()) < floor;
        if is_before && !is_reset {
            self.blame(Err("a reader was not told what is gone".to_owned()));
        }
    }

    /// The server names its snapshot: of this life, and one from which changes can still be told.
    pub(crate) fn snapshot(&mut self, node: usize) -> Option<Input> {
        let mut manifest = self.server.snapshot(node)?;
        let at = manifest.at;
        let is_told = at.position >= self.server.log.floor().ok()?;
        if !self.server.is_this_life(at.incarnation) || !is_told {
            self.blame(Err("a snapshot nobody can go on from was named".to_owned()));
        }
        if !manifest.chunks.is_empty() && self.strikes(Fault::ManifestCutShort) {
            manifest.chunks.pop();
            let named = manifest.sum.map(|sum| (sum, manifest.chunks.len()));
            self.oracle.cut_short.extend(named);
        }
        Some(Input::Snapshot(manifest))
    }

    /// The server forgets what is gone: not before its time, and not before every device was told.
    pub(crate) fn sweep(&mut self, mishap: Mishap) {
        let before = self.server.forgotten_at();
        let read = self.server.log.look_at_state(|known| {
            let active = known.devices.values();
            // Drivers' phones are told what they have, not what is gone.
            let active = active
                .filter(|device| device.active && !device.is_server && device.purpose.is_none());
            active.map(|device| self.server.read_by(device.id)).min()
        });
        let read = read.ok().flatten();
        let Some(floor) = self.server.sweep(0, mishap) else {
            return;
        };
        let at = self.server.forgotten_at();
        if at == before {
            return;
        }
        if read.is_some_and(|read| floor > read) {
            self.blame(Err(
                "what is gone was forgotten before all were told".to_owned()
            ));
        }
        if at.is_some_and(|at| !self.server.told_long_enough(at)) {
            self.blame(Err("what is gone was forgotten before its time".to_owned()));
        }
    }
}
