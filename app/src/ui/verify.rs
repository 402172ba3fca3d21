//! Three ways must agree: the order, its ticket and the goods in hand, number by number.

use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::Order;
use leptos::prelude::*;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::limits::Limits;
use crate::ui::words::{Msg, pack, pick};

/// One row of the matrix: a package of a line.
#[derive(Clone, PartialEq)]
struct MatrixRow {
    key: (u16, PackageTag),
    item: String,
    brand: String,
    ordered: u32,
    in_hand: u32,
}

fn matrix(ledger: &Ledger, order: &Order) -> Vec<MatrixRow> {
    let mut rows: Vec<MatrixRow> = Vec::new();
    for pick in &order.picks {
        let key = (pick.line, pick.tag.clone());
        let item = ledger.item_of(&pick.tag);
        let index = rows
            .iter()
            .position(|row| row.key == key)
            .unwrap_or_else(|| {
                rows.push(MatrixRow {
                    key,
                    item: item.map_or_else(String::new, |item| item.name.clone()),
                    brand: item.and_then(|item| item.brand.clone()).unwrap_or_default(),
                    ordered: 0,
                    in_hand: 0,
                });
                rows.len() - 1
            });
        rows[index].ordered += 1;
        rows[index].in_hand += u32::from(pick.verified);
    }
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    rows
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
    let body = move || {
        let (_, ticket, ..) = facts.get();
        let rows = rows.get();
        let next = rows.iter().position(|row| row.in_hand < row.ordered);
        rows.into_iter()
            .enumerate()
            .map(|(index, row)| {
                let whole = row.in_hand == row.ordered;
                let here = (next == Some(index)).then_some("here");
                view! {
                    <tr data-state=here>
                        <th scope="row">
                            <b>{row.item}</b>
                            <span>{format!("…{} · {}", row.key.1.tail(), row.brand)}</span>
                        </th>
                        <td><Agree tone="accept" count=row.ordered/></td>
                        <td><Agree tone=if ticket { "accept" } else { "wait" } count=row.ordered/></td>
                        <td><Agree tone=if whole { "accept" } else { "here" } count=row.in_hand/></td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <main class="main verify" tabindex="0">
            <table>
                <MatrixHead facts/>
                <tbody>{body}</tbody>
            </table>
            <Limits id/>
        </main>
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
        _ => None,
    };
    let word = match tone {
        "accept" => Msg::Agrees,
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
