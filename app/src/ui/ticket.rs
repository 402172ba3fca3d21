//! The pick ticket on paper: slots in walking order, tags, and a code of this version of the order.

use domain::code::own::{OwnCode, OwnKind};
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::Order;
use domain::plan::way::Way;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::platform::choice::{read, write};
use crate::ui::choice::{choices, lang};
use crate::ui::icons::Icon;
use crate::ui::label::put_on_paper;
use crate::ui::parts::{Bars, Button, clock_text, due_text};
use crate::ui::words::Msg;

/// What a scanner can do instead of a finger, in the order of the work.
const COMMANDS: [(&str, Msg); 5] = [
    ("UNDO", Msg::Undo),
    ("SHORT", Msg::NotHere),
    ("DONE", Msg::ToPacking),
    ("PRINT", Msg::PrintLabel),
    ("NEXT", Msg::NextOrder),
];

struct Row {
    walk: (u32, u32),
    slot: String,
    item: String,
    tag: String,
    units: u32,
}

fn rows(ledger: &Ledger, order: &Order) -> Vec<Row> {
    let way = Way::of(ledger, order);
    let mut rows = Vec::new();
    for line in &order.lines {
        let item = ledger
            .items
            .get(&line.item)
            .map_or_else(String::new, |item| item.name.clone());
        for allocation in line
            .allocations
            .iter()
            .filter(|allocation| allocation.units > 0)
        {
            let from = order.picks.iter().find(|pick| pick.tag == allocation.tag);
            let package = ledger.packages.get(&allocation.tag);
            let shelf = from
                .map(|pick| &pick.from)
                .or(package.and_then(|package| package.stands_at()));
            rows.push(Row {
                walk: way.place_of(ledger, shelf),
                slot: shelf.map(|shelf| shelf.to_string()).unwrap_or_default(),
                item: item.clone(),
                tag: allocation.tag.to_string(),
                units: allocation.units,
            });
        }
    }
    rows.sort_by(|one, other| (one.walk, &one.slot).cmp(&(other.walk, &other.slot)));
    rows
}

/// Prints the ticket of an order through the browser.
pub(super) fn print_ticket(id: OrderId) {
    let lang = choices().lang.get_untracked();
    let who = device().actor().map(|actor| actor.name).unwrap_or_default();
    let now = clock_text(device().now());
    let found = device().ledger_now(|ledger| {
        let order = ledger.orders.get(&id)?.clone();
        let rows = rows(ledger, &order);
        let shop = ledger
            .store()
            .map(|store| store.name.clone())
            .unwrap_or_default();
        Some((order, rows, shop))
    });
    let Some((order, rows, shop)) = found else {
        return;
    };
    let code = OwnCode::make(OwnKind::Ticket, &order.ticket_id()).unwrap_or_default();
    let lines = rows.len();
    let units: u32 = rows.iter().map(|row| row.units).sum();
    let body = rows
        .into_iter()
        .map(|row| {
            let (head, tail) = row.tag.split_at(row.tag.len().saturating_sub(5));
            let (head, tail) = (head.to_owned(), tail.to_owned());
            view! {
                <tr>
                    <td class="ticket-box"><i></i></td>
                    <td class="ticket-slot">{row.slot}</td>
                    <td><b>{row.item}</b><br/>{head}" "<b class="ticket-tail">{tail}</b></td>
                    <td class="ticket-take">{row.units}</td>
                </tr>
            }
        })
        .collect_view();
    let commands = COMMANDS
        .iter()
        .map(|(id, word)| {
            let code = OwnCode::make(OwnKind::Command, id).unwrap_or_default();
            view! { <div><p>{word.say(lang)}</p><Bars text=code/></div> }
        })
        .collect_view();
    let ticket = view! {
        <div class="ticket">
            <header class="ticket-head">
                <div><h1>{order.code.clone()}</h1><p>{due_text(lang, &order)}</p></div>
                <div class="ticket-code"><Bars text=code.clone()/><p>{code}</p></div>
            </header>
            <p class="ticket-version">
                <b>{crate::ui::words::pack::version(lang, order.version)}</b>
                {format!(" · {now} · {who} · {shop}")}
            </p>
            <table>
                <thead>
                    <tr><th></th><th></th><th>{Msg::Lines.say(lang)}</th><th class="ticket-take">{Msg::ToTake.say(lang)}</th></tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
            <p class="ticket-sum">
                <b>{format!("{} · {}", crate::ui::words::queue::items(lang, u32::try_from(lines).unwrap_or(0)), crate::ui::words::queue::units(lang, units))}</b>
            </p>
            <div class="ticket-commands">{commands}</div>
        </div>
    };
    spawn_local(put_on_paper(paper(), ticket));
}

/// Paper a ticket is printed on, by the name its page has, with the words for it.
const PAPERS: [(&str, Msg); 3] = [
    ("letter", Msg::PaperLetter),
    ("a4", Msg::PaperA4),
    ("roll", Msg::PaperRoll),
];

/// Where the choice is kept on this device.
const PAPER: &str = "ticket-paper";

/// The paper chosen on this device.
fn paper() -> &'static str {
    let chosen = read(PAPER);
    let known = PAPERS.iter().map(|(name, _)| *name);
    let mut known = known.filter(|name| Some(*name) == chosen.as_deref());
    known.next().unwrap_or(PAPERS[0].0)
}

/// The paper to choose, and the button.
#[component]
pub(super) fn PrintTicket(order: OrderId) -> impl IntoView {
    let word = Signal::derive(move || Msg::PrintTicket.say(lang()).to_owned());
    let now = paper();
    let option = move |(name, msg): (&'static str, Msg)| {
        view! { <option value=name selected=name == now>{move || msg.say(lang())}</option> }
    };
    view! {
        <label class="field ticket-paper">
            {move || Msg::TicketPaper.say(lang())}
            <select data-choice="ticket-paper" on:change=move |event| write(PAPER, &event_target_value(&event))>
                {PAPERS.map(option).collect_view()}
            </select>
        </label>
        <Button icon=Icon::Printer word act=move || print_ticket(order)/>
    }
}
