//! Snapshots of the view, and who gets one.
//!
//! In: one moment of the log. Out: chunks and their manifest. Must not: put rows of two moments into one snapshot, or a
//! customer's card into any.

use crate::audit::merkle::Frontier;
use crate::event::encode;
use crate::id::{Position, StoreId};
use crate::ledger::EntityKind;
use crate::mutated;
use crate::sync::message::{Cursor, Incarnation, Row, VIEW_SCHEMA};
use crate::sync::page::PageName;
use crate::sync::server::log::{Kept, Log};
use crate::sync::snapshot::{CHUNK_BYTES_MAX, Chunk, Manifest};

/// When readers get a snapshot, and how it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A view of more rows than this is fetched as a snapshot by whoever begins anew. [`usize::MAX`]: none is.
    pub rows: usize,
    /// Bytes of a chunk, before it is packed; a row alone may be longer.
    pub chunk_bytes: usize,
    /// Changes after which a snapshot is made anew when somebody asks for one.
    pub changes: u64,
    /// Milliseconds after which it is.
    pub age: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 6_000,
            chunk_bytes: CHUNK_BYTES_MAX / 2,
            changes: 5_000,
            age: 900_000,
        }
    }
}

impl Limits {
    /// Whether a snapshot still serves at a moment: what changed since must be cheaper to tell than a new one.
    #[must_use]
    pub fn is_fresh(&self, manifest: &Manifest, incarnation: Incarnation, now: Now) -> bool {
        let at = manifest.at;
        let is_this_life = at.incarnation == incarnation && at.schema == VIEW_SCHEMA;
        let is_servable = at.position >= now.floor && at.position <= now.head;
        let changes = now.head.0.saturating_sub(at.position.0);
        let age = now.time.saturating_sub(manifest.made_at);
        let is_young = changes <= self.changes && (0..=self.age).contains(&age);
        (is_this_life && is_servable && is_young) || mutated("snapshot_is_never_made_anew")
    }
}

/// The moment somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The newest place.
    pub head: Position,
    /// The earliest place from which changes can still be told.
    pub floor: Position,
    /// The server's clock.
    pub time: i64,
}

/// A snapshot that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What it is of.
    pub manifest: Manifest,
    /// Its chunks' bytes, in the manifest's order.
    pub chunks: Vec<Vec<u8>>,
}

/// Makes a snapshot. The log must show one moment all the while.
///
/// # Errors
/// When the log cannot be read.
pub fn make<L: Log + ?Sized>(
    log: &L,
    store: StoreId,
    incarnation: Incarnation,
    limits: Limits,
    now: i64,
) -> Result<Made, L::Failed> {
    let head = log.head()?;
    let mut cutting = Cutting::new(limits.chunk_bytes);
    for kind in EntityKind::ALL {
        if *kind == EntityKind::Customer {
            continue;
        }
        let mut rows = log.rows_of(*kind, &|_| true)?;
        if mutated("snapshot_of_two_moments") {
            rows.retain(|row| row.changed != head);
        }
        // Page by page, so that one chunk touches few pages.
        rows.sort_by_key(|row| PageName::of(&row.key).number);
        for row in rows {
            cutting.add(row);
        }
    }
    let chunks = cutting.finish();
    let early = u64::from(mutated("snapshot_is_dated_too_late"));
    let manifest = Manifest {
        store,
        at: Cursor {
            incarnation,
            position: Position(head.0 + early),
            schema: VIEW_SCHEMA,
            scope: None,
        },
        root: Frontier::of(&Kept(log), head.0).map(|edge| edge.root()),
        chunks: chunks.iter().map(|bytes| Chunk::of(bytes)).collect(),
        made_at: now,
        sum: Some(log.sums()?.whole()),
    };
    Ok(Made { manifest, chunks })
}

/// Rows on their way into chunks.
struct Cutting {
    bytes_max: usize,
    bytes: usize,
    rows: Vec<Row>,
    chunks: Vec<Vec<u8>>,
}

impl Cutting {
    fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            bytes: 0,
            rows: Vec::new(),
            chunks: Vec::new(),
        }
    }

    fn add(&mut self, row: Row) {
        let bytes = encode(&row).len();
        if self.bytes + bytes > self.bytes_max {
            self.cut();
        }
        self.bytes += bytes;
        self.rows.push(row);
    }

    fn cut(&mut self) {
        if !self.rows.is_empty() {
            self.chunks.push(encode(&self.rows));
            self.rows.clear();
        }
        self.bytes = 0;
    }

    fn finish(mut self) -> Vec<Vec<u8>> {
        if !mutated("snapshot_leaves_the_last_chunk_out") {
            self.cut();
        }
        self.chunks
    }
}
