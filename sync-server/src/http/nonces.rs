//! Requests this node has seen before. What other nodes saw, `ingest` knows.
//!
//! In: a device and its nonce. Out: whether they are new. Must not: grow without bound; a replay so late that
//! its nonce was forgotten still meets idempotent pushes and fences.

use std::collections::{HashSet, VecDeque};

use domain::id::DeviceId;

/// Nonces remembered.
const NONCES_MAX: usize = 100_000;

type Nonce = (DeviceId, [u8; 16]);

/// The latest nonces.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    known: HashSet<Nonce>,
    oldest_first: VecDeque<Nonce>,
}

impl Nonces {
    /// Remembers a nonce. Returns whether it is new.
    pub(super) fn is_new(&mut self, device: DeviceId, nonce: [u8; 16]) -> bool {
        if !self.known.insert((device, nonce)) {
            return false;
        }
        self.oldest_first.push_back((device, nonce));
        if self.oldest_first.len() > NONCES_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_new_once_and_each_device_counts_for_itself() {
        let mut nonces = Nonces::default();
        assert!(nonces.is_new(DeviceId([1; 16]), [7; 16]));
        assert!(!nonces.is_new(DeviceId([1; 16]), [7; 16]));
        assert!(nonces.is_new(DeviceId([2; 16]), [7; 16]));
    }
}
