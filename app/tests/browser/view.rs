//! `custody-view`: pages of the pulled state and the cursor beside them.

use std::collections::BTreeMap;

use app::store::idb::{Durability, Idb, StoreFailed};
use app::store::view::{Page, View};
use domain::event::encode;
use domain::id::{OrderId, PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::message::{Cursor, Incarnation, VIEW_SCHEMA};
use domain::sync::page::PageName;
use domain::sync::replica::Entry;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::faults;

fn database() -> String {
    format!("custody-view-{VIEW_SCHEMA}-1")
}

async fn fresh() -> View {
    Idb::new(database(), &[]).delete().await.unwrap();
    View::new()
}

fn key(kind: EntityKind, number: u8) -> EntityKey {
    EntityKey {
        kind,
        id: encode(&OrderId([number; 16])),
    }
}

fn entry(number: u8, bytes: &[u8]) -> Entry {
    Entry {
        key: key(EntityKind::Order, number),
        bytes: bytes.to_vec(),
    }
}

fn page(entries: &[Entry]) -> Page {
    Page {
        name: PageName::of(&entries[0].key),
        bytes: encode(&entries.to_vec()),
    }
}

fn cursor(position: u64) -> Cursor {
    Cursor {
        incarnation: Incarnation([9; 16]),
        position: Position(position),
        schema: VIEW_SCHEMA,
        scope: None,
    }
}

fn nothing_read() -> Cursor {
    Cursor {
        schema: VIEW_SCHEMA,
        ..Cursor::default()
    }
}

#[wasm_bindgen_test]
async fn a_device_that_has_read_nothing_begins_at_the_beginning() {
    let loaded = fresh().await.load().await.unwrap();
    assert_eq!(loaded.cursor, nothing_read());
    assert!(loaded.entries.is_empty() && loaded.sealed.is_empty() && !loaded.customers_missing);
}

#[wasm_bindgen_test]
async fn pages_and_cursor_are_there_at_the_next_start() {
    let view = fresh().await;
    let (one, other) = (entry(1, b"new"), entry(2, b"ready"));
    let pages = [
        page(std::slice::from_ref(&one)),
        page(std::slice::from_ref(&other)),
    ];
    view.keep(&cursor(7), &pages, false, false).await.unwrap();
    let loaded = View::new().load().await.unwrap();
    assert_eq!(loaded.cursor, cursor(7));
    let mut entries = loaded.entries;
    entries.sort_by(|one, other| one.key.cmp(&other.key));
    assert_eq!(entries, [one, other]);
}

#[wasm_bindgen_test]
async fn a_page_kept_again_replaces_the_one_before_and_leaves_the_others() {
    let view = fresh().await;
    let kept = [page(&[entry(1, b"new")]), page(&[entry(2, b"new")])];
    view.keep(&cursor(7), &kept, false, false).await.unwrap();
    view.keep(&cursor(8), &[page(&[entry(1, b"ready")])], false, false)
        .await
        .unwrap();
    let mut entries = view.load().await.unwrap().entries;
    entries.sort_by(|one, other| one.key.cmp(&other.key));
    assert_eq!(entries, [entry(1, b"ready"), entry(2, b"new")]);
}

#[wasm_bindgen_test]
async fn the_cursor_never_moves_without_its_pages() {
    let view = fresh().await;
    view.keep(&cursor(7), &[page(&[entry(1, b"new")])], false, false)
        .await
        .unwrap();
    faults::disk_is_full_at_commit();
    let kept = view
        .keep(&cursor(8), &[page(&[entry(1, b"ready")])], true, true)
        .await;
    assert_eq!(kept, Err(StoreFailed::Full));
    let loaded = view.load().await.unwrap();
    assert_eq!(
        (loaded.cursor, loaded.customers_missing),
        (cursor(7), false)
    );
    assert_eq!(loaded.entries, [entry(1, b"new")]);
}

#[wasm_bindgen_test]
async fn a_view_that_was_deleted_underneath_is_built_anew_and_never_half() {
    let view = fresh().await;
    let pages = [page(&[entry(1, b"new")]), page(&[entry(2, b"new")])];
    view.keep(&cursor(7), &pages, false, false).await.unwrap();
    Idb::new(database(), &[]).delete().await.unwrap();
    let change = [page(&[entry(1, b"ready")])];
    for _ in 0..2 {
        let kept = view.keep(&cursor(8), &change, false, false).await;
        assert_eq!(kept, Err(StoreFailed::Wiped));
    }
    assert_eq!(View::new().load().await.unwrap().cursor, nothing_read());
    view.keep(&cursor(8), &pages, true, false).await.unwrap();
    view.keep(&cursor(9), &change, false, false).await.unwrap();
    let loaded = View::new().load().await.unwrap();
    assert_eq!((loaded.cursor, loaded.entries.len()), (cursor(9), 2));
}

#[wasm_bindgen_test]
async fn two_tabs_do_not_mix_their_pages() {
    let one = fresh().await;
    one.keep(&cursor(7), &[page(&[entry(1, b"new")])], false, false)
        .await
        .unwrap();
    let other = View::new();
    other.load().await.unwrap();
    other
        .keep(&cursor(9), &[page(&[entry(2, b"new")])], false, false)
        .await
        .unwrap();
    let late = [page(&[entry(1, b"ready")])];
    let kept = one.keep(&cursor(8), &late, false, false).await;
    assert_eq!(kept, Err(StoreFailed::TakenOver));
    assert_eq!(View::new().load().await.unwrap().cursor, cursor(9));
}

#[wasm_bindgen_test]
async fn a_server_that_begins_anew_clears_what_the_device_knew_before() {
    let view = fresh().await;
    view.keep(&cursor(7), &[page(&[entry(1, b"old life")])], false, false)
        .await
        .unwrap();
    view.keep(&cursor(1), &[page(&[entry(2, b"new life")])], true, false)
        .await
        .unwrap();
    let loaded = view.load().await.unwrap();
    assert_eq!(
        (loaded.cursor, loaded.entries),
        (cursor(1), vec![entry(2, b"new life")])
    );
}

#[wasm_bindgen_test]
async fn a_damaged_page_makes_the_device_fetch_everything_again() {
    let view = fresh().await;
    let good = page(&[entry(1, b"new")]);
    let mut damaged = page(&[entry(2, b"ready")]);
    damaged.bytes.truncate(3);
    view.keep(&cursor(7), &[good, damaged], false, false)
        .await
        .unwrap();
    let loaded = view.load().await.unwrap();
    assert_eq!(loaded.cursor, nothing_read());
    assert_eq!(loaded.entries, [entry(1, b"new")]);
}

#[wasm_bindgen_test]
async fn a_damaged_cursor_makes_the_device_fetch_everything_again() {
    let view = fresh().await;
    view.keep(&cursor(7), &[page(&[entry(1, b"new")])], false, false)
        .await
        .unwrap();
    Idb::new(database(), &["pages", "meta"])
        .write(Durability::Strict, |writing| {
            writing.put_bytes("meta", &"cursor".into(), &[0xff])
        })
        .await
        .unwrap();
    assert_eq!(view.load().await.unwrap().cursor, nothing_read());
}

#[wasm_bindgen_test]
async fn customers_pages_are_handed_on_sealed_as_they_are() {
    let view = fresh().await;
    let name = PageName::of(&key(EntityKind::Customer, 1));
    let sealed = Page {
        name,
        bytes: vec![0xde, 0xad],
    };
    view.keep(
        &cursor(7),
        &[sealed, page(&[entry(1, b"new")])],
        false,
        false,
    )
    .await
    .unwrap();
    let loaded = view.load().await.unwrap();
    assert_eq!(loaded.sealed, [vec![0xde, 0xad]]);
    assert_eq!(loaded.entries, [entry(1, b"new")]);
    assert_eq!(loaded.cursor, cursor(7));
}

#[wasm_bindgen_test]
async fn customers_that_were_not_kept_are_remembered_as_missing_until_all_is_forgotten() {
    let view = fresh().await;
    view.keep(&cursor(7), &[], false, true).await.unwrap();
    view.keep(&cursor(8), &[], false, false).await.unwrap();
    assert!(View::new().load().await.unwrap().customers_missing);
    view.forget().await.unwrap();
    let loaded = view.load().await.unwrap();
    assert_eq!(
        (loaded.cursor, loaded.customers_missing),
        (nothing_read(), false)
    );
}

#[wasm_bindgen_test]
fn packages_spread_over_many_pages_and_each_stays_on_its_own() {
    let page = |number: u32| {
        let tag = PackageTag::parse(&format!("1A4FF03000C0DE5{number:09}")).unwrap();
        PageName::of(&EntityKey {
            kind: EntityKind::Package,
            id: encode(&tag),
        })
        .number
    };
    // Tags come in rows: neighbours differ in their last digits only.
    let mut on_page: BTreeMap<u32, u32> = BTreeMap::new();
    for number in 0..1_200 {
        *on_page.entry(page(number)).or_default() += 1;
    }
    assert_eq!(on_page.len(), 64);
    assert!(
        on_page.values().all(|packages| *packages <= 2 * 1_200 / 64),
        "{on_page:?}"
    );
    assert_eq!(
        [page(0), page(1)],
        [61, 42],
        "as on devices that have such pages already"
    );
}
