//! Views that come as snapshots, and what is forgotten at the server.

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

    /// The server forgets what is gone: not before its time, and not before every device was told.
    pub(crate) fn sweep(&mut self, mishap: Mishap) {
        let before = self.server.forgotten_at();
        let known = self.server.ledger();
        let active = known.devices.values();
        let active = active.filter(|device| device.active && !device.is_server);
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
