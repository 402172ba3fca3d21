//! State, page by page: what changed since a reader last looked.
//!
//! In: a cursor. Out: rows and the next cursor. Must not: skip a change, or show a closed order's customer.

use domain::ledger::EntityKind;
use domain::sync::message::{Cursor, PullAnswer};
use domain::sync::server::head::{self, Reader};
use domain::sync::server::view;

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
        from: Cursor,
        reader: Option<Reader>,
    ) -> Result<PullAnswer, Unavailable> {
        let identity = self.identity();
        let keys = self.keys().clone();
        let asked = reader.clone();
        let (answer, is_due) = self
            .ask(move |log| page(log, &keys, identity, from, asked.as_ref()))
            .await?;
        if let Some(reader) = reader.filter(|_| is_due) {
            self.see_to_heads(reader);
        }
        Ok(answer)
    }
}

fn page(
    log: &dyn Log,
    keys: &ServerKeys,
    identity: Identity,
    from: Cursor,
    reader: Option<&Reader>,
) -> Result<(PullAnswer, bool), Failed> {
    let mut answer = view::page(log, identity.incarnation, from, clock::now_ms())?;
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
    Ok((answer, is_due))
}
