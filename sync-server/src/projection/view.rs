//! State, page by page: what changed since a reader last looked.
//!
//! In: a cursor. Out: rows and the next cursor. Must not: skip a change, or show a closed order's customer.

use domain::ledger::EntityKind;
use domain::sync::message::{PullAsk, SumsAnswer};
use domain::sync::server::head::{self, Reader};
use domain::sync::server::snapshot::Limits;
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
    pub async fn pull(&self, wanted: PullAsk, reader: Option<Reader>) -> Result<Read, Unavailable> {
        let identity = self.identity();
        let keys = self.keys().clone();
        let limits = self.snapshot_limits();
        let asked = reader.clone();
        let (read, is_due) = self
            .ask(move |log| page(log, &keys, identity, wanted, limits, asked.as_ref()))
            .await?;
        if let Some(reader) = reader.filter(|_| is_due) {
            self.see_to_heads(reader);
        }
        Ok(read)
    }

    /// The sum of each page of the view.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sums(&self) -> Result<SumsAnswer, Unavailable> {
        let incarnation = self.identity().incarnation;
        self.ask(move |log| view::sums(log, incarnation)).await
    }
}

fn page(
    log: &dyn Log,
    keys: &ServerKeys,
    identity: Identity,
    wanted: PullAsk,
    limits: Limits,
    reader: Option<&Reader>,
) -> Result<(Read, bool), Failed> {
    let read = view::page(log, identity.incarnation, wanted, limits, clock::now_ms())?;
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
