//! Three ways must agree: the order, its ticket and the goods in hand, number by number.

use domain::custody::lines;
use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::Order;
use leptos::prelude::*;

use crate::device::device;
use crate::ui::changed::is_changed;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::limits::Limits;
use crate::ui::note::NoteOf;
use crate::ui::words::{Msg, pack, pick};

/// One row of the matrix: a package of a line, or what is missing of it.
#[derive(Clone, PartialEq)]
struct MatrixRow {
    of: lines::Row,
    item: String,
    brand: String,
}

fn matrix(ledger: &Ledger, order: &Order) -> Vec<MatrixRow> {
    let named = |of: lines::Row| {
        let item = of.item.and_then(|item| ledger.items.get(&item));
        MatrixRow {
            item: item.map_or_else(String::new, |item| item.name.clone()),
            brand: item.and_then(|item| item.brand.clone()).unwrap_or_default(),
            of,
        }
    };
    lines::rows(ledger, order).into_iter().map(named).collect()
}

/// The matrix.
#[component]
pub(super) fn Verify(id: OrderId) -> impl IntoView {
    let rows = Memo::new(move |_| {
        device().ledger(|ledger| {
            ledger
                .orders
                .get(&id)
                .map(|order| matrix(ledger, order))
                .unwrap_or_default()
        })
    });
    let facts: Memo<Facts> = Memo::new(move |_| {
        device().ledger(|ledger| {
            let order = ledger.orders.get(&id);
            order.map_or((0, false, 0, 0), |order| {
                (
                    order.version,
                    order.ticket_read,
                    order.units_verified(),
                    order.units_picked(),
                )
            })
        })
    });
    // What was ordered anew is not known to be what lies here before a manager has looked.
    let changed = Memo::new(move |_| {
        device().ledger(|ledger| ledger.orders.get(&id).is_some_and(is_changed))
    });
    let body = move || {
        let (_, ticket, ..) = facts.get();
        let marks = Marks {
            order: if changed.get() { "wait" } else { "accept" },
            ticket: if ticket { "accept" } else { "wait" },
        };
        let rows = rows.get();
        let next = rows.iter().position(|row| row.of.verified < row.of.picked);
        rows.into_iter()
            .enumerate()
            .map(|(index, row)| matrix_row(row, marks, next == Some(index)))
            .collect_view()
    };
    view! {
        <main class="main verify" tabindex="0">
            <table>
                <MatrixHead facts/>
                <tbody>{body}</tbody>
            </table>
            <NoteOf order=id/>
            <Limits id/>
        </main>
    }
}

/// How order and ticket are marked.
#[derive(Clone, Copy)]
struct Marks {
    order: &'static str,
    ticket: &'static str,
}

fn matrix_row(row: MatrixRow, marks: Marks, is_next: bool) -> impl IntoView {
    let lines::Row {
        tag,
        due,
        picked,
        verified,
        ..
    } = row.of;
    let differs = picked != due;
    let state = match differs {
        true => Some("differs"),
        false => is_next.then_some("here"),
    };
    let hand = match (differs, verified == picked) {
        (true, _) => "refuse",
        (false, true) => "accept",
        (false, false) => "here",
    };
    // A number that is not right is the tote's: it says how many lie in it.
    let in_hand = if differs { picked } else { verified };
    let package = tag.as_ref().map(PackageTag::tail);
    let about = [package.map(|tail| format!("…{tail}")), Some(row.brand)];
    let about: Vec<String> = about
        .into_iter()
        .flatten()
        .filter(|one| !one.is_empty())
        .collect();
    view! {
        <tr data-state=state>
            <th scope="row">
                <b>{row.item}</b>
                <span>{about.join(" · ")}</span>
            </th>
            <td><Agree tone=marks.order count=due/></td>
            <td><Agree tone=marks.ticket count=due/></td>
            <td><Agree tone=hand count=in_hand/></td>
        </tr>
    }
}

/// Version of the order, whether its ticket was read, units checked, units picked.
type Facts = (u32, bool, u32, u32);

#[component]
fn MatrixHead(facts: Memo<Facts>) -> impl IntoView {
    let ticket_note = move || {
        let msg = if facts.get().1 {
            Msg::Agrees
        } else {
            Msg::TicketNotRead
        };
        msg.say(lang())
    };
    view! {
                <thead>
                    <tr>
                        <th scope="col">{move || Msg::ThreeWaysMustAgree.say(lang())}</th>
                        <th scope="col">
                            {move || Msg::TheOrder.say(lang())}
                            <span>{move || pack::version(lang(), facts.get().0)}</span>
                        </th>
                        <th scope="col">
                            {move || Msg::TheTicket.say(lang())}<span>{ticket_note}</span>
                        </th>
                        <th scope="col">
                            {move || Msg::InYourHand.say(lang())}
                            <span>{move || pick::of_units_long(lang(), facts.get().2, facts.get().3)}</span>
                        </th>
                    </tr>
                </thead>
    }
}

#[component]
fn Agree(tone: &'static str, count: u32) -> impl IntoView {
    let icon = match tone {
        "accept" => Some(Icon::Check),
        "here" => Some(Icon::ScanBarcode),
        "refuse" => Some(Icon::Attention),
        _ => None,
    };
    let word = match tone {
        "accept" => Msg::Agrees,
        "refuse" => Msg::Differs,
        _ => Msg::Waits,
    };
    let shown_tone = (tone != "wait").then_some(tone);
    view! {
        <span class="agree">
            <span class="mark" data-tone=shown_tone>{icon.map(|icon| view! { <Glyph icon/> })}</span>
            <b>{count}</b>
            <span class="sr">{move || word.say(lang())}</span>
        </span>
    }
}
