//! Devices that do the same again and again.

use domain::sync::message::Push;

use crate::world::World;

/// A push within so many milliseconds of the last is one made at once.
const AT_ONCE: u64 = 1_000;
/// How often a device may push the same again at once: by chance, or because somebody woke it.
const REPEATS_MAX: u32 = 12;

impl World {
    /// The same push again, at once, and again: nobody gains by it.
    pub(crate) fn look_for_circles(&mut self, index: usize, push: &Push) {
        let parts = push.chains.iter();
        let parts: Vec<_> = parts
            .map(|part| (part.epoch, part.from, part.events.len()))
            .collect();
        let (last, at, times) = &self.tablets[index].pushed_last;
        let is_at_once = *last == parts && self.now - at < AT_ONCE;
        let times = if is_at_once { times + 1 } else { 0 };
        self.tablets[index].pushed_last = (parts, self.now, times);
        if times > REPEATS_MAX {
            self.blame(Err(format!("device {index} goes in circles")));
        }
    }
}
