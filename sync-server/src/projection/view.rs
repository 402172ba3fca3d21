//! State, page by page: what changed since a reader last looked.
//!
//! In: a cursor. Out: rows and the next cursor. Must not: skip a change, or show a closed order's customer.

use domain::id::Position;
use domain::ledger::EntityKind;
use domain::sync::message::{Cursor, PULL_ROWS_MAX, PullAnswer, VIEW_SCHEMA};

use crate::clock;
use crate::ingest::customer::open_card;
use crate::ingest::{Shop, Unavailable};
use crate::keys::ServerKeys;
use crate::log::meta::Identity;
use crate::log::{Failed, Log};

impl Shop {
    /// The next page behind a cursor.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pull(&self, from: Cursor) -> Result<PullAnswer, Unavailable> {
        let identity = self.identity();
        let keys = self.keys().clone();
        self.ask(move |log| page(log, &keys, identity, from)).await
    }
}

fn page(
    log: &Log,
    keys: &ServerKeys,
    identity: Identity,
    from: Cursor,
) -> Result<PullAnswer, Failed> {
    let head = log.head()?;
    let knows_us = from.incarnation == identity.incarnation
        && from.schema == VIEW_SCHEMA
        && from.position <= head;
    let after = if knows_us { from.position } else { Position(0) };
    let page = log.rows_after(after, PULL_ROWS_MAX)?;
    let reached = match page.rows.last() {
        Some(last) if page.more => last.changed,
        Some(_) | None => head,
    };
    let mut rows = page.rows;
    for row in &mut rows {
        if row.key.kind == EntityKind::Customer
            && let Some(sealed) = &row.bytes
        {
            row.bytes = open_card(log, keys, &row.key.id, sealed)?;
        }
    }
    Ok(PullAnswer {
        from,
        next: Cursor {
            incarnation: identity.incarnation,
            position: reached,
            schema: VIEW_SCHEMA,
        },
        more: page.more,
        reset: !knows_us,
        rows,
        server_wall: clock::now_ms(),
    })
}
