//! `custody-view`: the pulled state in pages, and the cursor in the same transaction. Disposable.
//!
//! In: rows. Out: the rows again at the next start. Must not: hold anything that exists nowhere else.

use domain::event::encode;
use domain::ledger::EntityKind;
use domain::sync::message::{Cursor, VIEW_SCHEMA};
use domain::sync::page::PageName;
use domain::sync::replica::Entry;
use wasm_bindgen::JsValue;

use crate::store::idb::{Durability, Idb, StoreFailed, bytes_in};

const PAGES: &str = "pages";
const META: &str = "meta";
const CURSOR: &str = "cursor";
const STALE: &str = "customers-missing";

/// The database.
pub struct View {
    idb: Idb,
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
        }
    }

    /// Reads everything.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn load(&self) -> Result<Loaded, StoreFailed> {
        let cursor = bytes_in(&self.idb.value(META, &CURSOR.into()).await?)
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

    /// Keeps pages and the cursor in one transaction. `clear` drops what was there before.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn keep(
        &self,
        cursor: &Cursor,
        pages: &[Page],
        clear: bool,
        customers_missing: bool,
    ) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Relaxed, |writing| {
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
                writing.put_bytes(META, &CURSOR.into(), &encode(cursor))
            })
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
            .await
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
