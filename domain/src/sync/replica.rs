//! The ledger people look at: the server's state, and this device's own events on top.
//!
//! In: rows and own events. Out: a ledger to decide on and to draw. Must not: count an event twice; one
//! that the rows already contain is taken off the top.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use crate::custody::{Fact, evolve, is_for_devices};
use crate::event::{Body, Envelope, SignedEvent, encode};
use crate::id::{Epoch, OrderId, Position};
use crate::ledger::{EntityKey, EntityKind, Ledger};
use crate::mutated;
use crate::sync::enrol::CustomerCard;
use crate::sync::message::{Cursor, Incarnation, PullAnswer, Row};
use crate::sync::page::{PageName, Sums};

/// One entity in a page.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// Which.
    #[n(0)]
    pub key: EntityKey,
    /// Its bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// Where an event stands in the store's log. Of a place in one life of the log nothing follows for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The log's life.
    pub life: Incarnation,
    /// The place in it.
    pub position: Position,
}

impl Place {
    /// Whether rows of that moment contain what stands here.
    #[must_use]
    pub fn is_shown_at(self, cursor: Cursor) -> bool {
        self.life == cursor.incarnation && self.position <= cursor.position
    }
}

/// One of this device's events that the rows do not contain yet.
#[derive(Clone, Debug)]
struct Pending {
    epoch: Epoch,
    seq: u64,
    envelope: Envelope,
    body: Body,
    place: Option<Place>,
}

/// Server state and own events.
#[derive(Clone, Debug, Default)]
pub struct Replica {
    base: Ledger,
    /// Rows this build does not write as they came: of a newer server, or damaged.
    as_they_came: BTreeMap<EntityKey, Vec<u8>>,
    sums: Sums,
    current: Ledger,
    cursor: Cursor,
    pending: Vec<Pending>,
    touched: BTreeSet<EntityKey>,
    customers: BTreeMap<OrderId, CustomerCard>,
    /// Rows of a view that begins anew and is not whole yet.
    anew: Option<Vec<Row>>,
    /// Pages that have changed since the storage last kept all of them.
    unkept: BTreeSet<PageName>,
}

/// Rows to be taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taking {
    /// They replace whatever was there.
    pub reset: bool,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Replica {
    /// The ledger to decide on and to draw.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.current
    }

    /// How far the rows go.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// An open order's customer, while somebody is signed in.
    #[must_use]
    pub fn customer(&self, order: OrderId) -> Option<&CustomerCard> {
        self.customers.get(&order)
    }

    /// How many of this device's own events are still on top of the rows.
    #[must_use]
    pub fn own_count(&self) -> usize {
        self.pending.len()
    }

    /// Which ones.
    pub fn own(&self) -> impl Iterator<Item = (Epoch, u64)> {
        self.pending.iter().map(|own| (own.epoch, own.seq))
    }

    /// Whether any of this device's own events is still on top of the rows.
    #[must_use]
    pub fn own_position_max(&self) -> Option<Position> {
        self.pending
            .iter()
            .filter_map(|pending| Some(pending.place?.position))
            .max()
    }

    /// Fills an empty replica from the pages of the last start.
    pub fn load(&mut self, cursor: Cursor, entries: &[Entry]) {
        self.cursor = cursor;
        let summed = |entry: &&Entry| entry.key.kind != EntityKind::Customer;
        for entry in entries.iter().filter(summed) {
            self.put_row(&entry.key, Some(&entry.bytes));
        }
        self.current = self.base.clone();
    }

    /// Sums over the rows as they are here.
    #[must_use]
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    /// A row's bytes as they came.
    fn row(&self, key: &EntityKey) -> Option<Vec<u8>> {
        let as_it_came = self.as_they_came.get(key).cloned();
        as_it_came.or_else(|| self.base.bytes(key))
    }

    fn put_row(&mut self, key: &EntityKey, bytes: Option<&[u8]>) {
        let before = self.row(key);
        self.sums.change(key, before.as_deref(), bytes);
        let Some(bytes) = bytes else {
            self.base.remove(key);
            self.as_they_came.remove(key);
            return;
        };
        // A row of a shape this build cannot read shows nothing new, and is kept for a build that can.
        let _read = self.base.put(key, bytes);
        match self.base.bytes(key).as_deref() == Some(bytes) {
            true => self.as_they_came.remove(key),
            false => self.as_they_came.insert(key.clone(), bytes.to_vec()),
        };
    }

    /// The keys of a page's rows.
    fn keys_in(&self, name: PageName) -> Vec<EntityKey> {
        let odd = self.as_they_came.keys();
        let odd = odd.filter(|key| key.kind == name.kind).cloned();
        let mut keys = self.base.keys_of(name.kind);
        if name.kind == EntityKind::Customer {
            let key = |order| EntityKey {
                kind: name.kind,
                id: encode(order),
            };
            keys.extend(self.customers.keys().map(key));
        }
        keys.extend(odd);
        keys.retain(|key| PageName::of(key) == name);
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Takes customers' cards, opened with the key of whoever signed in.
    pub fn load_customers(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.put_customer(&entry.key, Some(&entry.bytes));
        }
    }

    /// Forgets every customer: nobody is signed in.
    pub fn forget_customers(&mut self) {
        self.customers.clear();
    }

    fn put_customer(&mut self, key: &EntityKey, bytes: Option<&[u8]>) {
        let Ok(order) = minicbor::decode::<OrderId>(&key.id) else {
            return;
        };
        match bytes.and_then(|bytes| minicbor::decode(bytes).ok()) {
            Some(card) => self.customers.insert(order, card),
            None => self.customers.remove(&order),
        };
    }

    /// Puts one of this device's events on top. Its place is known when its receipt came.
    pub fn push_own(&mut self, epoch: Epoch, seq: u64, event: &SignedEvent, place: Option<Place>) {
        let Ok(envelope) = Envelope::parse(&event.bytes) else {
            return;
        };
        let Ok(body) = Body::parse(envelope.kind, &envelope.body) else {
            return;
        };
        if !is_for_devices(&body) {
            // The server never applies it, so it is nothing to look at here either.
            return;
        }
        let pending = Pending {
            epoch,
            seq,
            envelope,
            body,
            place,
        };
        self.apply(&pending);
        self.pending.push(pending);
    }

    fn apply(&mut self, pending: &Pending) {
        let fact = Fact {
            envelope: &pending.envelope,
            body: &pending.body,
            position: Position(0),
        };
        evolve(&mut self.current, &fact);
        let touched = self.current.take_touched();
        if !mutated("replica_leaves_own_effects_behind") {
            self.touched.extend(touched);
        }
    }

    /// Learns an event's place in the store's log. Rows may have brought it before its receipt came; then it leaves
    /// the top at once, for no later rows need come.
    pub fn placed(&mut self, epoch: Epoch, seq: u64, place: Place) {
        let same = |pending: &&mut Pending| pending.epoch == epoch && pending.seq == seq;
        if let Some(pending) = self.pending.iter_mut().find(same) {
            pending.place = Some(place);
            if place.is_shown_at(self.cursor) && !mutated("replica_keeps_what_rows_brought") {
                self.drop_contained();
                self.rebuild();
            }
        }
    }

    /// Takes off the top what the rows contain.
    fn drop_contained(&mut self) {
        let shown = self.cursor;
        let is_contained =
            |pending: &Pending| pending.place.is_some_and(|place| place.is_shown_at(shown));
        if mutated("replica_drops_too_early") {
            self.pending.retain(|pending| pending.place.is_none());
        }
        if !mutated("replica_never_drops") {
            self.pending.retain(|pending| !is_contained(pending));
        }
    }

    /// Begins a view anew with the rows of a snapshot; what changed since is gathered behind them.
    pub fn begin_with(&mut self, rows: Vec<Row>) {
        self.anew = Some(rows);
    }

    /// Takes an answer in hand. A view that begins anew is gathered whole first: the old one stays, on screen and
    /// in the storage, until the new one is there. `None` while it is not.
    pub fn gather(&mut self, answer: PullAnswer) -> Option<Taking> {
        if answer.reset {
            self.anew = Some(Vec::new());
        }
        let whole = answer.whole;
        let is_in_whole = |key: &EntityKey| whole.contains(&PageName::of(key));
        let Some(gathered) = &mut self.anew else {
            let mut rows = answer.rows;
            let there: BTreeSet<EntityKey> = rows.iter().map(|row| row.key.clone()).collect();
            let here = whole.iter().flat_map(|name| self.keys_in(*name));
            let gone = here
                .into_iter()
                .filter(|key| !there.contains(key))
                .map(|key| Row {
                    key,
                    changed: answer.next.position,
                    bytes: None,
                });
            rows.extend(gone);
            return Some(Taking { reset: false, rows });
        };
        if mutated("replica_loses_earlier_pages") {
            gathered.clear();
        }
        gathered.retain(|row| !is_in_whole(&row.key));
        gathered.extend(answer.rows);
        if answer.more && !mutated("replica_shows_half_a_view") {
            return None;
        }
        let rows = self.anew.take()?;
        Some(Taking { reset: true, rows })
    }

    /// Takes back a beginning that could not be kept: the rest of it must not come without it.
    pub fn put_back(&mut self, taking: Taking) {
        if taking.reset && !mutated("replica_forgets_a_beginning") {
            self.anew = Some(taking.rows);
        }
    }

    /// The storage has the pages that the last rows changed, and the cursor.
    pub fn kept(&mut self) {
        self.unkept.clear();
    }

    /// Takes rows in. What they contain of this device's own events leaves the top; the rest is applied
    /// again. `keep_customers` is false while nobody is signed in.
    ///
    /// Gives the pages to keep, together with [`Self::cursor`]: those that could not be kept before are among them. After
    /// a write that failed the storage is behind, and its rows come once more; they take nothing back of what is here.
    pub fn take_rows(
        &mut self,
        next: Cursor,
        rows: &[Row],
        reset: bool,
        keep_customers: bool,
    ) -> BTreeSet<PageName> {
        let mut dirty = BTreeSet::new();
        if reset && !mutated("replica_ignores_a_reset") {
            self.base = Ledger::default();
            self.as_they_came.clear();
            self.sums = Sums::default();
        }
        if reset && !mutated("replica_keeps_customers_of_another_life") {
            self.customers.clear();
        }
        for row in rows {
            if row.key.kind == EntityKind::Customer {
                let is_kept =
                    row.bytes.is_none() && mutated("replica_keeps_a_closed_orders_customer");
                if keep_customers && !is_kept {
                    self.put_customer(&row.key, row.bytes.as_deref());
                    dirty.insert(PageName::of(&row.key));
                }
                continue;
            }
            self.put_row(&row.key, row.bytes.as_deref());
            self.touched.insert(row.key.clone());
            dirty.insert(PageName::of(&row.key));
        }
        let same_view = Cursor {
            position: self.cursor.position,
            ..next
        };
        let is_behind = !reset && next.position < self.cursor.position && same_view == self.cursor;
        if !is_behind || mutated("replica_goes_back") {
            self.cursor = next;
        }
        self.drop_contained();
        if reset {
            self.current = self.base.clone();
            self.touched.clear();
        }
        self.rebuild();
        if reset {
            self.unkept.clear();
        }
        self.unkept.extend(dirty);
        self.unkept.clone()
    }

    /// Sets everything own events or rows touched back to the rows, and applies the own events again.
    fn rebuild(&mut self) {
        for key in std::mem::take(&mut self.touched) {
            match self.base.bytes(&key) {
                Some(bytes) => {
                    let _read = self.current.put(&key, &bytes);
                }
                None => self.current.remove(&key),
            }
        }
        let pending = std::mem::take(&mut self.pending);
        for own in &pending {
            self.apply(own);
        }
        self.pending = pending;
    }

    /// The entries of a page as the rows have them.
    #[must_use]
    pub fn page(&self, name: PageName) -> Vec<Entry> {
        let bytes = |key: &EntityKey| {
            if key.kind != EntityKind::Customer {
                return self.row(key);
            }
            let order = minicbor::decode::<OrderId>(&key.id).ok()?;
            self.customers.get(&order).map(encode)
        };
        let keys = self.keys_in(name).into_iter();
        keys.filter_map(|key| {
            Some(Entry {
                bytes: bytes(&key)?,
                key,
            })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests;
