//! Does the log go on from a head that was kept?
//!
//! In: a head that somebody has kept since an earlier day, and every leaf of a whole log. Out: whether the log still
//! begins with what that head stands for. Must not: believe a head or a proof of the bundle for it.

use super::report::Broken;
use super::{Flaw, Verifier, Verifies};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::merkle::{Frontier, Leaf};
use crate::id::Hash;

/// The head, and the tree over the events so far.
#[derive(Debug)]
pub(super) struct Kept {
    checkpoint: Checkpoint,
    edge: Frontier,
    is_reached: bool,
}

impl Kept {
    fn new(checkpoint: Checkpoint) -> Self {
        Self {
            is_reached: checkpoint.size == 0,
            edge: Frontier::default(),
            checkpoint,
        }
    }

    /// Takes the next leaf; whether nothing contradicts the head so far.
    fn take(&mut self, leaf: Hash) -> bool {
        if self.is_reached {
            return true;
        }
        self.edge.append(leaf);
        self.is_reached = self.edge.size() == self.checkpoint.size;
        !self.is_reached || self.edge.root() == self.checkpoint.root
    }
}

impl<V: Verifies> Verifier<V> {
    /// Compares the log also with a head that was kept, such as the first of an earlier bundle. Whoever has the log's
    /// key can write its whole past anew and sign it; no bundle shows that by itself, and this does. It takes a bundle
    /// of the whole log: of any other it is not known what it goes on from, and it fails.
    #[must_use]
    pub fn since(self, kept: Checkpoint) -> Self {
        Self {
            kept: Some(Kept::new(kept)),
            ..self
        }
    }

    pub(super) fn kept_is_its_beginning(&mut self, leaf: &Leaf) -> Result<(), Broken> {
        let is_good = match &mut self.kept {
            None => true,
            Some(kept) if Some(kept.checkpoint.origin) != self.origin => {
                return Err(Flaw::HeadOfAnotherLog.into());
            }
            Some(kept) => kept.take(leaf.hash()),
        };
        is_good.then_some(()).ok_or(Flaw::HeadsDisagree.into())
    }

    pub(super) fn kept_was_reached(&self) -> Result<(), Broken> {
        let is_whole = self.scope == super::Scope::Whole;
        let is_good = |kept: &Kept| kept.is_reached && is_whole;
        let is_good = self.kept.as_ref().is_none_or(is_good);
        is_good.then_some(()).ok_or(Flaw::HeadsDisagree.into())
    }
}
