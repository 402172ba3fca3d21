//! State, page by page: what changed since a reader last looked.
//!
//! In: a cursor, and what its reader may see. Out: rows and the next cursor. Must not: skip a change, or show a closed
//! order's customer.

use domain::facility::Device;
use domain::ledger::EntityKind;
use domain::sync::card::{CardKeys, wrapped};
use domain::sync::message::{PullAsk, SumsAnswer};
use domain::sync::scope::Scope;
use domain::sync::server::head::{self, Reader};
use domain::sync::server::view;
use domain::sync::server::view::Read;

use crate::clock;
use crate::ingest::customer::open_card;
use crate::ingest::{Shop, Unavailable};
use crate::keys::{ServerKeys, sealing, unlock_secret};
use crate::log::{Failed, Identity, Log};

impl Shop {
    /// The next page behind a cursor; at the end, for a reader that says what it has seen, the log's newest head.
    /// Customers' cards are sealed with `cards`, when the device can open such ones.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pull(
        &self,
        scope: Scope,
        wanted: PullAsk,
        reader: Option<Reader>,
        cards: Option<CardKeys>,
    ) -> Result<Read, Unavailable> {
        let identity = self.identity();
        let keys = self.keys().clone();
        let limits = self.snapshot_limits();
        let asked = reader.clone();
        let (read, is_due) = self
            .ask(move |log| {
                let now = clock::now_ms();
                let read = view::page(log, identity.incarnation, &scope, wanted, limits, now)?;
                let opener = Opener { keys: &keys, cards };
                finished(log, &opener, identity, read, asked.as_ref())
            })
            .await?;
        if let Some(reader) = reader.filter(|_| is_due) {
            self.see_to_heads(reader);
        }
        Ok(read)
    }

    /// The keys of the cards that are sent to a device, the same that its own unlock secret gives it.
    #[must_use]
    pub fn card_keys(&self, device: &Device) -> CardKeys {
        let root = self.keys().unlock_root();
        CardKeys::of(&unlock_secret(&root, device.id, device.generation))
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

/// Opens cards as they are kept here, and seals them for their reader.
struct Opener<'a> {
    keys: &'a ServerKeys,
    cards: Option<CardKeys>,
}

impl Opener<'_> {
    fn for_reader(
        &self,
        log: &dyn Log,
        row_id: &[u8],
        kept: &[u8],
    ) -> Result<Option<Vec<u8>>, Failed> {
        let card = open_card(log, self.keys, row_id, kept)?;
        let seal = |card: Vec<u8>| match self.cards {
            Some(cards) => wrapped(&sealing::seal(&cards.key(row_id), &card)),
            None => card,
        };
        Ok(card.map(seal))
    }
}

/// A page with cards that its reader can open and, at the end, the newest head; and whether a writer has something to do about heads.
fn finished(
    log: &dyn Log,
    opener: &Opener<'_>,
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
            row.bytes = opener.for_reader(log, &row.key.id, sealed)?;
        }
    }
    let is_due = match reader {
        Some(reader) => head::show(log, identity.origin(), reader, &mut answer)?,
        None => false,
    };
    Ok((Read::Page(answer), is_due))
}
