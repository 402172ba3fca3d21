//! Codes to scan from a screen or from paper, for whoever tries the shop without labelled goods.
//!
//! In: names and code texts. Out: one page of HTML that needs nothing else. Must not: let a name become markup.

use core::fmt::Write as _;

use domain::code::own::{OwnCode, OwnKind};
use domain::label::code128;
use domain::ledger::Ledger;
use domain::order::Order;

/// One code on the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanEntry {
    /// What it is, for people.
    pub label: String,
    /// What a scanner reads.
    pub code: String,
}

/// Screen pixels in a module; two are read by every camera and still fit a tag onto a sheet of paper.
const PIXELS: u32 = 2;
/// Blank modules on both sides, as Code 128 demands.
const QUIET: u32 = 10;
/// Height of the bars in modules.
const HEIGHT: u32 = 36;
/// Any free slot will do; a few leave a choice.
const FREE_SLOTS_SHOWN: usize = 3;

const STYLE: &str = "body{margin:24px;background:#fff;color:#000;font:16px system-ui,sans-serif}\
    li{list-style:none;margin:0 0 28px;break-inside:avoid}ol{padding:0}\
    p{margin:0 0 6px;overflow-wrap:anywhere}code{font:14px ui-monospace,monospace}";

/// The sheet. A text that Code 128 cannot carry is printed without bars.
#[must_use]
pub fn scan_sheet_html(title: &str, entries: &[ScanEntry]) -> String {
    let title = escaped(title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<h1>{title}</h1>\n<ol>\n"
    );
    for entry in entries {
        page.push_str("<li><p>");
        page.push_str(&escaped(&entry.label));
        page.push_str("</p>\n");
        if let Some(widths) = code128::widths(&entry.code) {
            page.push_str(&bars(&widths, &entry.label));
        }
        page.push_str(&format!(
            "<p><code>{}</code></p></li>\n",
            escaped(&entry.code)
        ));
    }
    page.push_str("</ol>\n</html>\n");
    page
}

/// Everything that is scanned for one order: shelves and tags in the order of the walk, ticket, label, and
/// a few free slots.
#[must_use]
pub fn order_entries(ledger: &Ledger, order: &Order) -> Vec<ScanEntry> {
    let mut entries = Vec::new();
    let mut stops: Vec<_> = order
        .to_pick()
        .filter_map(|(line, tag, units)| {
            let package = ledger.packages.get(tag)?;
            Some((ledger.walk_of(package.shelf()), line.number, package, units))
        })
        .collect();
    stops.sort_by_key(|(walk, line, ..)| (*walk, *line));
    for (_, _, package, units) in stops {
        if let Some(shelf) = package.shelf() {
            let label = format!("Shelf {shelf}");
            entries.extend(own_entry(label, OwnKind::Location, &shelf.scan_id()));
        }
        let item = ledger.items.get(&package.item);
        let name = item.map_or("Unknown product", |item| item.name.as_str());
        entries.push(ScanEntry {
            label: format!(
                "{name}, {units} to take, tag ends in {}",
                package.tag.tail()
            ),
            code: package.tag.to_string(),
        });
    }
    let ticket = format!("Ticket of {}", order.code);
    entries.extend(own_entry(ticket, OwnKind::Ticket, &order.ticket_id()));
    if let Some(printed) = &order.label {
        entries.push(ScanEntry {
            label: format!("Exit label of {}", order.code),
            code: printed.code.clone(),
        });
    }
    let mut free: Vec<_> = ledger
        .slots
        .values()
        .filter(|slot| slot.channel == order.channel && slot.holds.is_none())
        .collect();
    free.sort_by_key(|slot| (slot.code.as_str().len(), &slot.code));
    for slot in free.into_iter().take(FREE_SLOTS_SHOWN) {
        let label = format!("Slot {}", slot.code);
        entries.extend(own_entry(label, OwnKind::Slot, &slot.code.scan_id()));
    }
    entries
}

fn own_entry(label: String, kind: OwnKind, id: &str) -> Option<ScanEntry> {
    OwnCode::make(kind, id).map(|code| ScanEntry { label, code })
}

/// Bars as one path of a drawing, dark on light.
fn bars(widths: &[u8], label: &str) -> String {
    let mut path = String::new();
    let mut x = QUIET;
    for (place, width) in widths.iter().enumerate() {
        if place % 2 == 0 {
            let drawn = write!(path, "M{x} 0h{width}v{HEIGHT}h-{width}z");
            drawn.expect("BUG: writing into memory cannot fail");
        }
        x += u32::from(*width);
    }
    let width = x + QUIET;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\" \
         width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {HEIGHT}\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>\n",
        escaped(label),
        width * PIXELS,
        HEIGHT * PIXELS,
    )
}

/// Text as it may stand in HTML, between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
