//! Views that come as snapshots, and what is forgotten at the server.

use domain::id::Position;
use domain::sync::device::Input;
use domain::sync::message::Cursor;
use domain::sync::server::log::Log as _;
use domain::sync::snapshot::Chunk;

use crate::server::Mishap;
use crate::world::World;

impl World {
    /// A chunk that is on the device already is not fetched again.
    pub(crate) fn fetches(&mut self, index: usize, chunk: Chunk) {
        let is_here = self.tablets[index].disk.arriving.contains_key(&chunk.hash);
        if is_here {
            self.blame(Err(format!("device {index} fetches what it has")));
        }
    }

    /// A snapshot is opened once all of it is there, unless its storage was taken from the device.
    pub(crate) fn opens(&mut self, index: usize, chunks: &[Chunk]) {
        let tablet = &self.tablets[index];
        let here = &tablet.disk.arriving;
        let is_whole = chunks.iter().all(|chunk| here.contains_key(&chunk.hash));
        if !is_whole && !tablet.view_was_lost {
            self.blame(Err(format!("device {index} opens what is not whole")));
        }
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
        let manifest = self.server.snapshot(node)?;
        let at = manifest.at;
        let is_told = at.position >= self.server.log.floor().ok()?;
        if !self.server.is_this_life(at.incarnation) || !is_told {
            self.blame(Err("a snapshot nobody can go on from was named".to_owned()));
        }
        Some(Input::Snapshot(manifest))
    }

    /// The server forgets what is gone: not before its time, and not before every device was told.
    pub(crate) fn sweep(&mut self, mishap: Mishap) {
        let before = self.server.forgotten_at();
        let known = self.server.ledger();
        let active = known.devices.values();
        // Drivers' phones are told what they have, not what is gone.
        let active =
            active.filter(|device| device.active && !device.is_server && device.purpose.is_none());
        let read = active.map(|device| self.server.read_by(device.id)).min();
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
