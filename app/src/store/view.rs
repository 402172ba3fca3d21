//! `custody-view`: the pulled state in pages, and the cursor in the same transaction. Disposable.
//!
//! In: rows. Out: the rows again at the next start. Must not: hold anything that exists nowhere else.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::event::encode;
use domain::id::Hash;
use domain::ledger::EntityKind;
use domain::sync::message::{Cursor, Row, VIEW_SCHEMA};
use domain::sync::page::{PageName, Sum};
use domain::sync::replica::Entry;
use domain::sync::snapshot::{Chunk, adds_up, rows_in, sum_of};
use wasm_bindgen::JsValue;

use crate::store::idb::{Durability, Idb, StoreFailed, bytes_in, failed};

const CHUNKS: &str = "chunks";
const PAGES: &str = "pages";
const META: &str = "meta";
const CURSOR: &str = "cursor";
const STALE: &str = "customers-missing";

/// The database, over one connection.
pub struct View {
    idb: Idb,
    /// The cursor as this connection last saw or wrote it.
    seen: RefCell<Option<Vec<u8>>>,
    /// Chunks of a view on its way in. Beside the view there is, which stays until the new one is whole.
    arriving: Idb,
}

/// A page as it goes to the disk.
pub struct Page {
    /// Its name.
    pub name: PageName,
    /// Its bytes: entries, sealed when they are about customers.
    pub bytes: Vec<u8>,
}

/// Everything the database held.
pub struct Loaded {
    /// How far it had read.
    pub cursor: Cursor,
    /// Entries of all pages that need no key.
    pub entries: Vec<Entry>,
    /// Sealed pages.
    pub sealed: Vec<Vec<u8>>,
    /// Customers' rows came while nobody was signed in, and were not kept.
    pub customers_missing: bool,
}

impl View {
    /// The database of this shape of rows.
    #[must_use]
    pub fn new() -> Self {
        Self {
            idb: Idb::new(format!("custody-view-{VIEW_SCHEMA}-1"), &[PAGES, META]),
            seen: RefCell::default(),
            arriving: Idb::new(format!("custody-view-{VIEW_SCHEMA}-arriving"), &[CHUNKS]),
        }
    }

    /// Reads everything.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn load(&self) -> Result<Loaded, StoreFailed> {
        let seen = bytes_in(&self.idb.value(META, &CURSOR.into()).await?);
        self.seen.replace(seen.clone());
        let cursor = seen
            .and_then(|bytes| minicbor::decode(&bytes).ok())
            .unwrap_or(Cursor {
                schema: VIEW_SCHEMA,
                ..Cursor::default()
            });
        let customers_missing = self.idb.value(META, &STALE.into()).await?.is_truthy();
        let customers = format!("{:02}/", EntityKind::Customer.number());
        let mut loaded = Loaded {
            cursor,
            entries: Vec::new(),
            sealed: Vec::new(),
            customers_missing,
        };
        for (key, value) in self.idb.entries(PAGES, &JsValue::UNDEFINED).await? {
            let Some(bytes) = bytes_in(&value) else {
                continue;
            };
            if key
                .as_string()
                .is_some_and(|name| name.starts_with(&customers))
            {
                loaded.sealed.push(bytes);
            } else if let Ok(entries) = minicbor::decode::<Vec<Entry>>(&bytes) {
                loaded.entries.extend(entries);
            } else {
                // A damaged page: the whole view is fetched again.
                loaded.cursor = Cursor {
                    schema: VIEW_SCHEMA,
                    ..Cursor::default()
                };
            }
        }
        Ok(loaded)
    }

    /// The sealed pages alone.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn sealed(&self) -> Result<Vec<Vec<u8>>, StoreFailed> {
        let first = format!("{:02}/", EntityKind::Customer.number());
        let last = format!("{first}\u{ffff}");
        let range = web_sys::IdbKeyRange::bound(&first.into(), &last.into());
        let range = range.map_err(|cause| failed(&cause))?;
        let pages = self.idb.entries(PAGES, &range).await?;
        Ok(pages
            .iter()
            .filter_map(|(_, value)| bytes_in(value))
            .collect())
    }

    /// Keeps pages and the cursor in one transaction. `clear` drops what was there before. Without it the pages only
    /// make sense on top of what this connection last saw there.
    ///
    /// # Errors
    /// As [`Idb::write`]; [`StoreFailed::Wiped`] and [`StoreFailed::TakenOver`] when something else is there by now:
    /// the view has to be fetched again.
    pub async fn keep(
        &self,
        cursor: &Cursor,
        pages: &[Page],
        clear: bool,
        customers_missing: bool,
    ) -> Result<(), StoreFailed> {
        let (seen, next) = (self.seen.borrow().clone(), encode(cursor));
        let is_as_seen = move |found: &JsValue| match bytes_in(found) {
            found if clear || found == seen => Ok(()),
            Some(_) => Err(StoreFailed::TakenOver),
            None => Err(StoreFailed::Wiped),
        };
        self.idb
            .write(Durability::Relaxed, |writing| {
                writing.only_if(META, &CURSOR.into(), is_as_seen)?;
                if clear {
                    writing.clear(PAGES)?;
                    writing.clear(META)?;
                }
                for page in pages {
                    writing.put_bytes(PAGES, &key(page.name), &page.bytes)?;
                }
                if customers_missing {
                    writing.put(META, &STALE.into(), &true.into())?;
                }
                writing.put_bytes(META, &CURSOR.into(), &next)
            })
            .await?;
        self.seen.replace(Some(next));
        if clear {
            // The chunks are in the view now. What cannot be cleared is let go of before the next snapshot.
            let _cleared = self.drop_chunks().await;
        }
        Ok(())
    }

    /// Which of these chunks are here; all others are let go of.
    ///
    /// # Errors
    /// When the storage cannot be read or written.
    pub async fn chunks_here(&self, wanted: &[Chunk]) -> Result<BTreeSet<Hash>, StoreFailed> {
        let names: BTreeMap<String, Hash> = wanted
            .iter()
            .map(|chunk| (chunk.hash.to_string(), chunk.hash))
            .collect();
        let keys = self.arriving.keys(CHUNKS).await?;
        let name = |key: &JsValue| names.get(&key.as_string()?).copied();
        let others: Vec<&JsValue> = keys.iter().filter(|key| name(key).is_none()).collect();
        if !others.is_empty() {
            self.arriving
                .write(Durability::Relaxed, |writing| {
                    others
                        .iter()
                        .try_for_each(|key| writing.delete(CHUNKS, key))
                })
                .await?;
        }
        Ok(keys.iter().filter_map(name).collect())
    }

    /// Keeps a chunk.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn keep_chunk(&self, chunk: &Chunk, bytes: &[u8]) -> Result<(), StoreFailed> {
        let key = JsValue::from(chunk.hash.to_string());
        self.arriving
            .write(Durability::Relaxed, |writing| {
                writing.put_bytes(CHUNKS, &key, bytes)
            })
            .await
    }

    /// The rows in kept chunks; `None` when one is missing or damaged, and then all are let go of. `None`, too, when
    /// they do not add up to what the manifest says: the chunks are what they should be, and stay.
    ///
    /// # Errors
    /// When the storage cannot be read or written.
    pub async fn rows_of(
        &self,
        chunks: &[Chunk],
        named: Option<Sum>,
    ) -> Result<Option<Vec<Row>>, StoreFailed> {
        let mut all = Vec::new();
        let mut sum = Sum::default();
        for chunk in chunks {
            let key = JsValue::from(chunk.hash.to_string());
            let bytes = bytes_in(&self.arriving.value(CHUNKS, &key).await?);
            let rows = bytes.filter(|bytes| chunk.is(bytes));
            let Some(rows) = rows.and_then(|bytes| rows_in(&bytes)) else {
                self.drop_chunks().await?;
                return Ok(None);
            };
            sum = sum.plus(sum_of(&rows));
            all.extend(rows);
        }
        Ok(adds_up(sum, named).then_some(all))
    }

    async fn drop_chunks(&self) -> Result<(), StoreFailed> {
        self.arriving
            .write(Durability::Relaxed, |writing| writing.clear(CHUNKS))
            .await
    }

    /// Forgets the whole view; the next pull fetches it again.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn forget(&self) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Relaxed, |writing| {
                writing.clear(PAGES)?;
                writing.clear(META)
            })
            .await?;
        self.seen.replace(None);
        Ok(())
    }
}

fn key(name: PageName) -> JsValue {
    JsValue::from(format!("{:02}/{:02}", name.kind.number(), name.number))
}

impl Default for View {
    fn default() -> Self {
        Self::new()
    }
}
