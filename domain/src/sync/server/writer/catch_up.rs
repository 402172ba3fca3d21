//! What the log says, whatever this writer believed.
//!
//! In: the log. Out: a ledger, a chain and an edge that are the log's. Must not: go on from what the log no longer has.

use super::Writer;
use crate::audit::merkle::{Frontier, Leaf};
use crate::id::Position;
use crate::mutated;
use crate::sync::message::PULL_ROWS_MAX;
use crate::sync::server::Outside;
use crate::sync::server::log::{ChainKey, Kept, Log};

/// Events whose leaves are read at once when a tree is grown over an older log.
const GROWN_AT_ONCE: usize = 1_000;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Goes back to what the log says. That may be more than before the transaction: a commit that failed can
    /// have lasted all the same.
    ///
    /// # Errors
    /// When the log cannot be read. Going on from a ledger that is not the log's would record lies, so the next
    /// transaction begins with another try.
    pub fn give_up(&mut self) -> Result<(), L::Failed> {
        self.is_lost = true;
        self.log.rollback();
        self.directory_changed = true;
        self.retry_short = false;
        self.missed = None;
        self.signed = None;
        self.refill_due.clear();
        self.unkept.clear();
        let head = self.log.head()?;
        if !mutated("writer_goes_on_after_a_failed_commit") {
            self.ledger = self.log.load_ledger()?;
        }
        self.head = head;
        self.edge = whole_edge(&self.log, head)?;
        self.find_own_end()?;
        self.is_lost = false;
        Ok(())
    }

    /// Goes on with its own chain from where the log has it.
    fn find_own_end(&mut self) -> Result<(), L::Failed> {
        self.may_be_behind = true;
        self.looked_through = 0;
        let epoch = self.chain.epoch();
        let device = self.who.server;
        let end = self.log.chain_head(ChainKey { device, epoch })?;
        if !mutated("writer_goes_on_with_a_lost_chain") {
            self.chain.go_back_to(end.next, end.hash);
        }
        Ok(())
    }

    /// Reads the state again, before anything was written in this transaction.
    fn go_back_to_the_log(&mut self) -> Result<(), L::Failed> {
        self.ledger = self.log.load_ledger()?;
        self.find_own_end()
    }

    /// Makes the state anew from what this transaction has made of the log so far: a panic left it half changed.
    pub(in crate::sync::server) fn retrace(&mut self) -> Result<(), L::Failed> {
        self.ledger = self.retraced()?;
        self.find_own_end()
    }

    /// Takes in what others recorded. A log that is not the one this writer knew, with more behind it, was set back:
    /// another copy of it serves now, that had less.
    pub(super) fn catch_up(&mut self, head: Position) -> Result<(), L::Failed> {
        self.directory_changed = true;
        self.may_be_behind = true;
        self.missed = None;
        let goes_on = head >= self.head && self.edge.still_ends(&Kept(&self.log));
        if !goes_on && !mutated("writer_keeps_what_the_log_lost") {
            self.head = head;
            return self.go_back_to_the_log();
        }
        loop {
            let page = self.log.rows_after(self.head, PULL_ROWS_MAX)?;
            for row in &page.rows {
                let taken = match &row.bytes {
                    Some(bytes) => self.ledger.put(&row.key, bytes),
                    None => {
                        self.ledger.remove(&row.key);
                        Ok(())
                    }
                };
                if taken.is_err() {
                    // A row this program cannot read: the whole state says more clearly what is wrong.
                    self.head = head;
                    return self.go_back_to_the_log();
                }
                self.head = row.changed;
            }
            if !page.more {
                break;
            }
        }
        self.ledger.take_touched();
        self.head = head;
        Ok(())
    }
}

/// The right edge of the tree over a log. Where the log is older than its tree, the tree is grown first.
pub(super) fn whole_edge<L: Log>(log: &L, head: Position) -> Result<Frontier, L::Failed> {
    if let Some(edge) = Frontier::of(&Kept(log), head.0) {
        return Ok(edge);
    }
    let mut edge = Frontier::default();
    while edge.size() < head.0 {
        let after = Position(edge.size());
        let events = log.logged_after(after, GROWN_AT_ONCE)?;
        if events.is_empty() {
            break;
        }
        for logged in events {
            for node in edge.append(Leaf::of(&logged.recorded).hash()) {
                log.put_node(&node)?;
            }
        }
    }
    Ok(edge)
}
