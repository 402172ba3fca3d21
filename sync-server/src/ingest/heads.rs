//! Signed heads of the log: those devices ask for, and their co-signatures.
//!
//! In: what a device has seen. Out: a newer head soon, with the device's signature on the one it has seen. Must not:
//! let a pull wait for it.

use domain::sync::server::head::Reader;

use super::writer::{Job, Verdict};
use super::{Shop, Work};
use crate::keys::signature::verifies;

impl Shop {
    /// Has a head signed over what was recorded last, and puts the device's signature on the one it has seen. Whatever
    /// comes of it, the device's next pull shows.
    pub(crate) fn see_to_heads(&self, reader: Reader) {
        let incarnation = self.identity().incarnation;
        // Every transaction begins with a head, when one is due.
        let act = move |work: &mut Work| Verdict {
            failed: work
                .writer()
                .co_signed(incarnation, &reader, verifies)
                .err(),
            reply: Box::new(|_| ()),
        };
        let job = Job::Change {
            events: 1,
            act: Box::new(act),
        };
        if let Err(why) = self.queue(job) {
            tracing::debug!(%why, "a co-signature waits for the device's next pull");
        }
    }
}
