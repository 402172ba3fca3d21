//! The exit label on screen and on paper: the same marks, in the same dots.

use std::cell::RefCell;

use domain::custody::label::{self, Printing, ReprintReason};
use domain::id::OrderId;
use domain::label::facts::{Print, wanted};
use domain::label::{Facts, Language, Page, by_hand, compose, lines, missing, zpl};
use domain::order::Order;
use gloo_timers::future::TimeoutFuture;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;

use crate::device::{Outcome, device};
use crate::platform::usb::{self, Came};
use crate::platform::{face, locale};
use crate::scan;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::{Msg, pack, queue};

/// A label as a drawing.
mod drawn;
/// How this device prints labels.
mod setting;
/// Why a label is printed again.
pub(super) mod again;
/// The shop's printers.
mod printers;

use drawn::drawing;
use setting::{Settings, setting};

/// The day and time that stand on a label printed now.
fn sold() -> String {
    let zone = device().ledger_now(|ledger| ledger.store().map(|store| store.time_zone.clone()));
    locale::stamp(&zone.unwrap_or_default(), device().now())
}

/// What an order's labels say: as they were printed last, or as they would be printed first.
fn facts_of(id: OrderId, sold: String) -> Option<Facts> {
    let customer = device().customer(id).map(|card| card.label_name);
    let chosen = setting().language();
    device().ledger(|ledger| {
        let order = ledger.orders.get(&id)?;
        let print = Print {
            customer,
            sold,
            copy: order.label.as_ref().map_or(1, |label| label.copies),
            language: language_of(order).unwrap_or(chosen),
        };
        Facts::of(ledger, order, print)
    })
}

/// The language an order's label was printed in.
fn language_of(order: &Order) -> Option<Language> {
    let label = order.label.as_ref()?;
    Some(label.language.unwrap_or_default())
}

/// An order's labels, once the typeface is here.
fn pages_of(id: OrderId, sold: String) -> Option<Vec<Page>> {
    let face = face::face()?;
    let facts = facts_of(id, sold)?;
    let rules = device().ledger(wanted);
    Some(compose(face, &rules, &facts, setting().media()))
}

/// What the bench says of a label beside its picture.
#[derive(Clone, PartialEq)]
struct Checked {
    products: u32,
    units: u32,
    lab: bool,
    rules: String,
    /// What the state wants and nobody knows.
    unknown: Vec<String>,
    copies: u32,
}

fn checked(id: OrderId) -> Option<Checked> {
    let facts = facts_of(id, String::new())?;
    let labels = device().ledger(|ledger| wanted(ledger).labels());
    let mut unknown: Vec<String> = labels
        .iter()
        .flat_map(|template| lines::unknown(template, &facts))
        .collect();
    unknown.dedup();
    let units = facts.rows.iter().map(|row| row.units);
    Some(Checked {
        products: u32::try_from(facts.rows.len()).unwrap_or(u32::MAX),
        units: units.fold(0, u32::saturating_add),
        lab: facts.rows.iter().all(|row| row.thc.is_some()),
        rules: facts.rules.clone(),
        unknown,
        copies: device()
            .ledger(|ledger| {
                let label = ledger.orders.get(&id)?.label.as_ref()?;
                Some(label.copies)
            })
            .unwrap_or(0),
    })
}

/// What the typeface cannot print.
#[derive(Clone, PartialEq)]
pub(super) struct Lacking {
    letters: String,
    texts: Vec<String>,
}

fn lacking(id: OrderId) -> Option<Lacking> {
    let face = face::face()?;
    let pages = pages_of(id, String::new())?;
    let letters = missing(face, &pages);
    let facts = facts_of(id, String::new())?;
    let texts = by_hand(face, &facts, &pages);
    (!letters.is_empty()).then(|| Lacking {
        letters,
        texts: texts.into_iter().map(str::to_owned).collect(),
    })
}

/// The label bench: the preview, and what was checked. What the typeface lacks is told to whoever shows the bench, too.
#[component]
pub(super) fn LabelBench(id: OrderId, lacks: RwSignal<Option<Lacking>>) -> impl IntoView {
    let ready = RwSignal::new(face::face().is_some());
    spawn_local(async move {
        ready.set(face::load().await.is_some());
    });
    printers::follow();
    let shown = sold();
    let pages = move || {
        ready
            .get()
            .then(|| pages_of(id, shown.clone()))
            .flatten()
            .unwrap_or_default()
    };
    let preview = move || {
        let pages = pages();
        let face = face::face();
        let page = |page: &Page| {
            view! {
                <div
                    class="paper"
                    data-fit=""
                    data-stock=page.media.stock()
                    role="img"
                    aria-label=move || Msg::LabelPreview.say(lang())
                >
                    {face.map(|face| drawing(page, face))}
                </div>
            }
        };
        pages.iter().map(page).collect_view()
    };
    let checked = Memo::new(move |_| checked(id));
    let lacking = Memo::new(move |_| ready.get().then(|| lacking(id)).flatten());
    Effect::new(move |_| lacks.set(lacking.get()));
    let size = move || {
        let (across, down) = setting().media().sides();
        format!("{across} × {down} in")
    };
    view! {
        <main class="main label" tabindex="0">
            <section class="bench">
                {preview}
                <p>{move || pack::exactly_as_printed(lang(), size())}</p>
            </section>
            <section class="col">
                <ToSeeTo checked lacking/>
                <Printed id checked/>
                <Settings checked=Signal::derive(move || checked.with(|now| now.as_ref().is_some_and(|now| now.copies > 0)))/>
                <Proofs checked/>
            </section>
        </main>
    }
}

#[component]
fn Printed(id: OrderId, checked: Memo<Option<Checked>>) -> impl IntoView {
    move || {
        let copies = checked.with(|now| now.as_ref().map_or(0, |now| now.copies));
        (copies > 0).then(|| {
            let dead = (copies > 1).then(|| {
                view! { <p>{move || Msg::OldLabelIsDead.say(lang())}</p> }
            });
            let (word, trouble, name) = became(id, copies);
            let trouble = trouble.map(|trouble| {
                view! { <p data-tone="attend">{move || trouble.say(lang())}</p> }
            });
            view! {
                <div class="card printer">
                    <Glyph icon=Icon::Printer/>
                    <div>
                        <h3>{move || word.say(lang())}</h3>
                        <p>{name}</p>
                        {trouble}
                        {dead}
                    </div>
                </div>
            }
        })
    }
}

/// What became of an order's newest print, what is in its way, and where.
fn became(id: OrderId, copies: u32) -> (Msg, Option<Msg>, String) {
    match at_usb().get().filter(|(order, _)| *order == id) {
        Some((_, came)) if setting().is_usb() => (usb_word(came), None, String::new()),
        _ => printers::of(id, copies).unwrap_or((Msg::SentNotProven, None, String::new())),
    }
}

/// Why no label is in anybody's hand yet, and what is in its way. `None`: one is, or comes out in a moment.
pub(super) fn held_up(id: OrderId) -> Option<(Msg, Msg)> {
    let copies = device().ledger(|ledger| Some(ledger.orders.get(&id)?.label.as_ref()?.copies))?;
    let (word, trouble, _) = became(id, copies);
    match (word, trouble) {
        (Msg::PrintQueued | Msg::PrintStuck, Some(trouble)) => Some((word, trouble)),
        (Msg::PrintFailed, trouble) => Some((Msg::NotPrinted, trouble.unwrap_or(Msg::PrintFailed))),
        _ => None,
    }
}

/// What a person has to do about the label or to know of it, before everything else.
#[component]
fn ToSeeTo(checked: Memo<Option<Checked>>, lacking: Memo<Option<Lacking>>) -> impl IntoView {
    let attend = |name: &'static str, said: String| {
        view! {
            <li data-tone="attend" data-attend=name>
                <Glyph icon=Icon::TriangleAlert/>
                <span>{said}</span>
            </li>
        }
    };
    move || {
        let boxes = lacking.get().map(|lacking| {
            let texts = lacking.texts.iter();
            let texts = texts.map(|text| view! { <bdi>{text.clone()}</bdi> });
            view! {
                <li data-tone="attend" data-attend="boxes">
                    <Glyph icon=Icon::TriangleAlert/>
                    <div>
                        <p>{pack::letters_missing(lang(), lacking.letters)}</p>
                        {texts.collect_view()}
                    </div>
                </li>
            }
        });
        let unknown = checked.with(|now| now.as_ref().map(|now| now.unknown.join(", ")));
        let blanks = unknown.filter(|names| !names.is_empty());
        let blanks = blanks.map(|names| attend("blanks", pack::write_in(lang(), names)));
        let is_unsure = device().ledger(|ledger| wanted(ledger).is_unsure());
        let unsure = is_unsure.then(|| attend("unsure", Msg::LabelUnsure.say(lang()).to_owned()));
        let any = boxes.is_some() || blanks.is_some() || unsure.is_some();
        any.then(|| view! { <ul class="card proofs">{boxes}{blanks}{unsure}</ul> })
    }
}

#[component]
fn Proofs(checked: Memo<Option<Checked>>) -> impl IntoView {
    move || {
        let now = checked.get()?;
        let mut lines = vec![
            pack::all_on_label(
                lang(),
                pack::products(lang(), now.products),
                queue::units(lang(), now.units),
            ),
            Msg::NothingIsCutOff.say(lang()).to_owned(),
        ];
        if now.lab {
            lines.push(Msg::PotencyMatchesLab.say(lang()).to_owned());
        }
        lines.push(pack::rules_named(lang(), now.rules));
        let rows = lines
            .into_iter()
            .map(|line| view! { <li><Glyph icon=Icon::CircleCheck/><span>{line}</span></li> })
            .collect_view();
        Some(view! { <ul class="card proofs">{rows}</ul> })
    }
}

/// What became of an order's labels at the tablet's own printer.
type AtUsb = ArcRwSignal<Option<(OrderId, Came)>>;

/// The last of them. Counted, not owned by the page that printed: it outlasts it.
fn at_usb() -> AtUsb {
    thread_local! {
        static LAST: AtUsb = ArcRwSignal::new(None);
    }
    LAST.with(Clone::clone)
}

fn usb_word(came: Came) -> Msg {
    match came {
        Came::Taken => Msg::SentNotProven,
        Came::Nothing => Msg::PrintFailed,
        Came::Unproven => Msg::PrintUnproven,
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

/// Prints the label, and records that it was sent.
pub(super) async fn print_label(id: OrderId, reason: Option<ReprintReason>) {
    let sold = sold();
    let chosen = untrack(|| setting().printing(reason, sold.clone()));
    let printer = chosen.printer.is_some();
    // Before the act: what cannot be drawn is not printed.
    if face::load().await.is_none() {
        return;
    }
    let outcome = device()
        .act(None, |ledger, situation| {
            let printing: Printing = chosen.clone();
            label::decide_print(ledger, situation, id, printing)
        })
        .await;
    match outcome {
        // The server prints it, as soon as it has the fact.
        Outcome::Saved(_) if printer => {}
        Outcome::Saved(_) if untrack(|| setting().is_usb()) => {
            let pages = untrack(|| pages_of(id, sold)).unwrap_or_default();
            let Some(face) = face::face() else { return };
            let labels: Vec<String> = pages.iter().map(|page| zpl::encode(page, face)).collect();
            let came = usb::print(&labels, zpl::END).await;
            at_usb().set(Some((id, came)));
        }
        Outcome::Saved(_) => {
            let pages = untrack(|| pages_of(id, sold)).unwrap_or_default();
            let Some(face) = face::face() else { return };
            let sheets = pages
                .iter()
                .map(|page| {
                    view! {
                        <div class="exit-label" data-stock=page.media.stock()>
                            {drawing(page, face)}
                        </div>
                    }
                })
                .collect_view();
            put_on_paper(untrack(|| setting().paper()), sheets).await;
        }
        other => scan::shown(id, other),
    }
}
