//! State, page by page: what changed since a reader last looked.
//!
//! In: a cursor, and what its reader may see. Out: rows and the next cursor. Must not: skip a change, or show a closed
//! order's customer.

use domain::ledger::EntityKind;
use domain::sync::message::{PullAsk, SumsAnswer};
use domain::sync::scope::Scope;
use domain::sync::server::head::{self, Reader};
use domain::sync::server::view;
use domain::sync::server::view::Read;

use crate::clock;
use crate::ingest::customer::open_card;
use crate::ingest::{Shop, Unavailable};
use crate::keys::ServerKeys;
use crate::log::{Failed, Identity, Log};

impl Shop {
    /// The next page behind a cursor; at the end, for a reader that says what it has seen, the log's newest head.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pull(
        &self,
        scope: Scope,
        wanted: PullAsk,
        reader: Option<Reader>,
    ) -> Result<Read, Unavailable> {
        let identity = self.identity();
        let keys = self.keys().clone();
        let limits = self.snapshot_limits();
        let asked = reader.clone();
        let (read, is_due) = self
            .ask(move |log| {
                let now = clock::now_ms();
                let read = view::page(log, identity.incarnation, &scope, wanted, limits, now)?;
                finished(log, &keys, identity, read, asked.as_ref())
            })
            .await?;
        if let Some(reader) = reader.filter(|_| is_due) {
            self.see_to_heads(reader);
        }
        Ok(read)
    }

    /// The sum of each page of what a device sees.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sums(&self, scope: Scope) -> Result<SumsAnswer, Unavailable> {
        let incarnation = self.identity().incarnation;
        self.ask(move |log| view::sums(log, incarnation, &scope))
            .await
    }
}

/// A page with readable cards and, at the end, the newest head; and whether a writer has something to do about heads.
fn finished(
    log: &dyn Log,
    keys: &ServerKeys,
    identity: Identity,
    read: Read,
    reader: Option<&Reader>,
) -> Result<(Read, bool), Failed> {
    let Read::Page(mut answer) = read else {
        return Ok((read, false));
    };
    for row in &mut answer.rows {
        if row.key.kind == EntityKind::Customer
            && let Some(sealed) = &row.bytes
        {
            row.bytes = open_card(log, keys, &row.key.id, sealed)?;
        }
    }
    let is_due = match reader {
        Some(reader) => head::show(log, identity.origin(), reader, &mut answer)?,
        None => false,
    };
    Ok((Read::Page(answer), is_due))
}
