//! A sheet to scan from leads through an order.

use super::*;

#[test]
fn a_scan_sheet_shows_bars_for_every_code_and_a_name_cannot_become_markup() {
    let entries = [
        ScanEntry {
            label: "<script>\"O'Harroway\" & 港野".to_owned(),
            code: "1A4FF03000C0DE5000047218".to_owned(),
        },
        ScanEntry {
            label: "No bars".to_owned(),
            code: "港".to_owned(),
        },
    ];
    let page = scan_sheet_html("Try <it>", &entries);
    assert_eq!(page.matches("<svg").count(), 1);
    assert!(page.contains("&lt;script&gt;&quot;O&#39;Harroway&quot; &amp; 港野"));
    assert!(!page.contains("<script") && !page.contains("<it>"));
    // Bars and gaps of 24 characters, start, check and stop, and ten blank modules on both sides.
    assert!(page.contains("viewBox=\"0 0 319 36\""));
}

#[test]
fn the_sheet_of_an_order_leads_from_shelf_to_shelf_to_a_free_slot() {
    let ledger = after_the_orders(&shop());
    let order = ledger
        .orders
        .values()
        .find(|order| order.channel == Channel::Pickup && order.lines.len() == 3)
        .unwrap();
    let entries = order_entries(&ledger, order);
    let stops = order.to_pick().count();
    // A shelf and a tag for each stop, the ticket, three slots.
    assert_eq!(entries.len(), 2 * stops + 1 + 3);
    let walks: Vec<u32> = entries
        .iter()
        .filter_map(|entry| entry.label.strip_prefix("Shelf "))
        .map(|shelf| ledger.walk_of(Some(&domain::facility::LocationCode::new(shelf))))
        .collect();
    assert!(walks.is_sorted());
}
