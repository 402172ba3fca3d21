//! Requests that were answered, by whichever node.
//!
//! In: a device and the nonce of its request. Out: whether it is new to every node. Must not: ask anybody where one
//! process serves the shop, or remember for ever.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::id::DeviceId;

use super::{Shop, Unavailable};
use crate::clock;

/// How long nodes tell each other of requests. A replay that is later still meets idempotent pushes and fences.
const REMEMBERED_MS: i64 = 2 * 3_600_000;
/// Requests of one node between two times it forgets the old ones of all.
const FORGETS_EVERY: u32 = 1_000;

/// Requests noted by this process.
static NOTED: AtomicU32 = AtomicU32::new(0);

impl Shop {
    /// Whether no node has answered this request yet; from now on one has.
    ///
    /// # Errors
    /// When the other nodes cannot be asked.
    pub async fn is_new_request(
        &self,
        device: DeviceId,
        nonce: [u8; 16],
    ) -> Result<bool, Unavailable> {
        if !self.inner.database.is_shared() {
            return Ok(true);
        }
        let turn = self.inner.reading.acquire().await;
        let _turn = turn.map_err(|_| Unavailable::Closed)?;
        let shop = self.clone();
        let note = move || {
            shop.with_connection(|log| {
                let now = clock::now_ms();
                let is_new = log.is_new_request(device, nonce, now)?;
                if NOTED
                    .fetch_add(1, Ordering::Relaxed)
                    .is_multiple_of(FORGETS_EVERY)
                {
                    log.forget_requests(now - REMEMBERED_MS)?;
                }
                Ok(is_new)
            })
        };
        let noted = tokio::task::spawn_blocking(note).await;
        Ok(noted.map_err(|_| Unavailable::Closed)??)
    }
}
