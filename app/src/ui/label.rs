//! The exit label on screen and on paper: the same marks, in the same dots.

use std::cell::RefCell;

use domain::custody::label;
use domain::id::OrderId;
use domain::label::{ExitLabel, HEIGHT, LabelRow, Mark, Page, WIDTH, Weight, compose};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::stock::Potency;
use domain::time::Millis;
use gloo_timers::future::TimeoutFuture;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::device::{Outcome, device};
use crate::platform::locale;
use crate::scan;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::bars_path;
use crate::ui::words::{Msg, pack};

/// What the label of an order says now.
fn exit_label(ledger: &Ledger, order: &Order, customer: String, sold: Millis) -> Option<ExitLabel> {
    let store = ledger.store()?;
    let mut rows: Vec<(u16, LabelRow)> = Vec::new();
    for pick in &order.picks {
        let known = rows
            .iter_mut()
            .find(|(line, row)| *line == pick.line && row.tag == pick.tag.as_str());
        if let Some((_, row)) = known {
            row.units += 1;
            continue;
        }
        let package = ledger.packages.get(&pick.tag)?;
        let text = |potency: Option<Potency>| potency.map_or_else(|| "—".into(), Potency::text);
        let row = LabelRow {
            product: ledger.items.get(&package.item)?.name.clone(),
            tag: pick.tag.to_string(),
            thc: text(package.thc),
            cbd: text(package.cbd),
            units: 1,
        };
        rows.push((pick.line, row));
    }
    rows.sort_by_key(|(line, _)| *line);
    Some(ExitLabel {
        seller: format!("{} · {}", store.business, store.name),
        license: store.license.clone(),
        customer,
        sold: locale::stamp(&store.time_zone, sold),
        order: order.code.clone(),
        code: label::label_code(ledger, order),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        sentences: store.rules.label_sentences.clone(),
    })
}

fn pages_of(id: OrderId) -> Option<Vec<Page>> {
    let customer = device()
        .customer(id)
        .map(|card| card.label_name)
        .unwrap_or_default();
    let now = device().now();
    device().ledger(|ledger| {
        let label = exit_label(ledger, ledger.orders.get(&id)?, customer, now)?;
        Some(compose(&label))
    })
}

/// A page as a drawing: one unit is one dot of the printer.
fn drawing(page: &Page) -> impl IntoView + use<> {
    let marks = page.marks.iter().map(mark_view).collect_view();
    view! {
        <svg
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            xmlns="http://www.w3.org/2000/svg"
            font-family="'Atkinson Hyperlegible Next Variable', sans-serif"
            fill="#000"
        >
            <rect width=WIDTH.to_string() height=HEIGHT.to_string() fill="#fff"/>
            {marks}
        </svg>
    }
}

fn mark_view(mark: &Mark) -> AnyView {
    match mark {
        Mark::Text {
            x,
            baseline,
            size,
            weight,
            to_the_left,
            text,
        } => {
            let anchor = if *to_the_left { "end" } else { "start" };
            let weight = match weight {
                Weight::Text => "450",
                Weight::Strong => "700",
            };
            view! {
                <text
                    x=x.to_string()
                    y=baseline.to_string()
                    font-size=size.to_string()
                    font-weight=weight
                    text-anchor=anchor
                    direction="ltr"
                    unicode-bidi="plaintext"
                >
                    {text.clone()}
                </text>
            }
            .into_any()
        }
        Mark::Rule {
            x,
            y,
            length,
            thickness,
        } => view! {
            <rect
                x=x.to_string()
                y=y.to_string()
                width=length.to_string()
                height=thickness.to_string()
            />
        }
        .into_any(),
        Mark::Bars {
            x,
            y,
            height,
            module,
            widths,
        } => {
            let (path, _) = bars_path(widths, *height);
            let place = format!("translate({x} {y}) scale({module} 1)");
            view! { <path d=path transform=place shape-rendering="crispEdges"/> }.into_any()
        }
    }
}

/// The label bench: the preview, and what was checked.
#[component]
pub(super) fn LabelBench(id: OrderId) -> impl IntoView {
    let pages = Memo::new(move |_| pages_of(id).map(|pages| pages.len()));
    let preview = move || {
        pages.track();
        pages_of(id)
            .unwrap_or_default()
            .iter()
            .map(|page| view! { <div class="paper" data-fit="" role="img" aria-label=move || Msg::LabelPreview.say(lang())>{drawing(page)}</div> })
            .collect_view()
    };
    let facts = Memo::new(move |_| {
        device().ledger(|ledger| {
            let order = ledger.orders.get(&id)?;
            let mut tags: Vec<_> = order.picks.iter().map(|pick| &pick.tag).collect();
            tags.sort();
            tags.dedup();
            let lab = order.picks.iter().all(|pick| {
                ledger
                    .packages
                    .get(&pick.tag)
                    .is_some_and(|package| package.thc.is_some())
            });
            let store = ledger.store()?;
            let rules = (store.rules.state.clone(), store.rules.effective.to_string());
            let copies = order.label.as_ref().map_or(0, |label| label.copies);
            Some((tags.len(), order.units_picked(), lab, rules, copies))
        })
    });
    let proofs = move || {
        let (products, units, lab, (state, date), _) = facts.get()?;
        let mut lines = vec![
            pack::all_on_label(lang(), products, units),
            Msg::NothingIsCutOff.say(lang()).to_owned(),
        ];
        if lab {
            lines.push(Msg::PotencyMatchesLab.say(lang()).to_owned());
        }
        lines.push(pack::rules_of(lang(), state, date));
        let rows = lines
            .into_iter()
            .map(|line| view! { <li><Glyph icon=Icon::CircleCheck/><span>{line}</span></li> })
            .collect_view();
        Some(view! { <ul class="card proofs">{rows}</ul> })
    };
    let printed = move || {
        let copies = facts.get().map_or(0, |facts| facts.4);
        (copies > 0).then(|| {
            view! {
                <div class="card printer">
                    <Glyph icon=Icon::Printer/>
                    <div>
                        <h3>{move || Msg::SentNotProven.say(lang())}</h3>
                    </div>
                </div>
            }
        })
    };
    view! {
        <main class="main label" tabindex="0">
            <section class="bench">
                {preview}
                <p>{move || pack::exactly_as_printed(lang(), "4 × 3 in")}</p>
            </section>
            <section class="col">{printed}{proofs}</section>
        </main>
    }
}

thread_local! {
    static PAPER: RefCell<Option<web_sys::Element>> = const { RefCell::new(None) };
}

/// Puts something onto paper: only it is printed, in its own paper size.
pub(super) async fn put_on_paper<V: IntoView + 'static>(paper: &'static str, content: V) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let Some(document) = window.document() else {
        return;
    };
    let (Some(root), Some(body)) = (document.document_element(), document.body()) else {
        return;
    };
    if let Some(before) = PAPER.take() {
        before.remove();
    }
    let Ok(sheet) = document.create_element("section") else {
        return;
    };
    sheet.set_class_name("printout");
    let set = sheet.set_attribute("data-paper", paper);
    let appended = body.append_child(&sheet);
    debug_assert!(set.is_ok() && appended.is_ok());
    let mounted = mount_to(sheet.clone().unchecked_into(), move || content);
    mounted.forget();
    PAPER.set(Some(sheet));
    let marked = root.set_attribute("data-printing", "");
    debug_assert!(marked.is_ok());
    // One turn, so that the sheet is laid out before the dialog reads it.
    TimeoutFuture::new(50).await;
    let _closed = window.print();
    let unmarked = root.remove_attribute("data-printing");
    debug_assert!(unmarked.is_ok());
}

/// Prints the label through the browser, and records that it was sent.
pub(super) async fn print_label(id: OrderId, reason: Option<label::ReprintReason>) {
    let outcome = device()
        .act(None, |ledger, situation| {
            label::decide_print(ledger, situation, id, reason)
        })
        .await;
    match outcome {
        Outcome::Saved(_) => {
            let pages = untrack(|| pages_of(id)).unwrap_or_default();
            let sheets = pages
                .iter()
                .map(|page| view! { <div class="exit-label">{drawing(page)}</div> })
                .collect_view();
            put_on_paper("exit-label", sheets).await;
        }
        other => scan::shown(id, other),
    }
}
