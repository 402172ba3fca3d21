//! State, page by page: what changed since a reader last looked.
//!
//! In: a cursor. Out: rows and the next cursor. Must not: skip a change, or show a closed order's customer.

use domain::ledger::EntityKind;
use domain::sync::message::{PullAsk, SumsAnswer};
use domain::sync::server::snapshot::Limits;
use domain::sync::server::view;
use domain::sync::server::view::Read;

use crate::clock;
use crate::ingest::customer::open_card;
use crate::ingest::{Shop, Unavailable};
use crate::keys::ServerKeys;
use crate::log::{Failed, Identity, Log};

impl Shop {
    /// The next page behind a cursor.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pull(&self, wanted: PullAsk) -> Result<Read, Unavailable> {
        let identity = self.identity();
        let keys = self.keys().clone();
        let limits = self.snapshot_limits();
        self.ask(move |log| page(log, &keys, identity, wanted, limits))
            .await
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
) -> Result<Read, Failed> {
    let read = view::page(log, identity.incarnation, wanted, limits, clock::now_ms())?;
    let Read::Page(mut answer) = read else {
        return Ok(read);
    };
    for row in &mut answer.rows {
        if row.key.kind == EntityKind::Customer
            && let Some(sealed) = &row.bytes
        {
            row.bytes = open_card(log, keys, &row.key.id, sealed)?;
        }
    }
    Ok(Read::Page(answer))
}
