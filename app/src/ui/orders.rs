//! The manager's orders: all of them, with a search.

use domain::custody::draw_map::drawings;
use domain::custody::waiting::waiting_for;
use domain::facility::{Right, Role};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::time::Millis;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::frame::Offers;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::more::{PAGE, ShowMore};
use crate::ui::parts::{channel_icon, channel_word, clock_text, home_of, status_word};
use crate::ui::words::{Msg, queue};

/// The desk around a page: the side, with who works here.
#[component]
pub(super) fn Desk(#[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    let actor = device().actor();
    let counter = actor
        .as_ref()
        .is_some_and(|actor| actor.role == Role::GeneralManager);
    let role = actor.as_ref().map_or(Role::Auditor, |actor| actor.role);
    let name = actor.as_ref().map(|actor| actor.name.clone());
    let waits = Memo::new(move |_| {
        let count = |actor| device().ledger(|ledger| waiting_for(ledger, actor));
        actor.as_ref().map_or(0, count)
    });
    let count =
        move || (waits.get() > 0).then(|| view! { <span class="side-count">{waits}</span> });
    let maps = move || {
        let count = |ledger: &Ledger| drawings(ledger).map_or(0, |known| known.aside.len());
        let maps = device().ledger(count);
        (maps > 0).then(|| view! { <span class="side-count">{maps}</span> })
    };
    let (path, word) = if role.may(Right::ReadChain) {
        ("/orders", Msg::OrdersPage)
    } else {
        (home_of(role), Msg::Queue)
    };
    let shop = move || device().store().map(|store| store.name);
    view! {
        <div class="shell" data-density="desk">
            <nav class="side" aria-label=move || Msg::MainMenu.say(lang())>
                <div class="side-mark"><Glyph icon=Icon::Mark/>"Custody"</div>
                <A href="/exceptions">
                    <Glyph icon=Icon::Inbox/>{move || Msg::NeedsYou.say(lang())}{count}
                </A>
                <A href=path><Glyph icon=Icon::List/>{move || word.say(lang())}</A>
                {counter.then(|| view! {
                    <A href="/counter"><Glyph icon=Icon::Columns/>{move || Msg::FrontOfHouse.say(lang())}</A>
                })}
                {role.may(Right::ReadChain).then(|| view! {
                    <A href="/verify"><Glyph icon=Icon::FileCheck/>{move || Msg::AuditFiles.say(lang())}</A>
                })}
                {role.may(Right::ReadChain).then(|| view! {
                    <A href="/holds"><Glyph icon=Icon::OctagonAlert/>{move || Msg::HoldsPage.say(lang())}</A>
                })}
                {role.may(Right::ReadChain).then(|| view! {
                    <A href="/procedures"><Glyph icon=Icon::ScrollText/>{move || Msg::ProceduresPage.say(lang())}</A>
                })}
                {role.may(Right::DrawMap).then(|| view! {
                    <A href="/map"><Glyph icon=Icon::Map/>{move || Msg::VaultMap.say(lang())}{maps}</A>
                })}
                {role.may(Right::Administer).then(|| view! {
                    <A href="/devices"><Glyph icon=Icon::TabletSmartphone/>{move || Msg::DevicesPage.say(lang())}</A>
                    <A href="/people"><Glyph icon=Icon::Users/>{move || Msg::PeoplePage.say(lang())}</A>
                })}
                <A href="/status"><Glyph icon=Icon::Activity/>{move || Msg::StatusPage.say(lang())}</A>
                <div class="side-who"><b>{name}</b><span class="faint">{shop}</span></div>
            </nav>
            <div class="page">
                <header class="page-head"><h1>{move || title.get()}</h1></header>
                <div class="page-offers"><Offers/></div>
                {children()}
            </div>
        </div>
    }
}

/// The list.
#[component]
pub(super) fn Orders() -> impl IntoView {
    scan::expect(Step::Anything);
    let search = RwSignal::new(String::new());
    let limit = RwSignal::new(PAGE);
    let orders = Memo::new(move |_| {
        let wanted = search.get().to_uppercase();
        device().ledger(|ledger| {
            let fits = |order: &&Order| {
                order.code.to_uppercase().contains(&wanted)
                    || order.external_id.to_uppercase().contains(&wanted)
            };
            let mut orders: Vec<&Order> = ledger.orders.values().filter(fits).collect();
            orders.sort_by(|one, other| by_need(one).cmp(&by_need(other)));
            let shown = orders.iter().take(limit.get());
            let shown: Vec<Order> = shown.map(|order| (*order).clone()).collect();
            let beyond = orders.len() - shown.len();
            (shown, beyond)
        })
    });
    let title = Signal::derive(|| Msg::OrdersPage.say(lang()).to_owned());
    view! {
        <Desk title>
            <main class="page-main" tabindex="0">
                <label class="field">
                    {move || Msg::Search.say(lang())}
                    <input
                        type="search"
                        autocomplete="off"
                        prop:value=search
                        on:input=move |event| search.set(event_target_value(&event))
                    />
                </label>
                <Show
                    when=move || orders.with(|(shown, _)| !shown.is_empty())
                    fallback=|| view! {
                        <div class="empty">
                            <h2>{move || Msg::NoOrders.say(lang())}</h2>
                            <p>{move || Msg::NoOrdersYet.say(lang())}</p>
                        </div>
                    }
                >
                    <table class="table table-flows">
                        <thead>
                            <tr>
                                <th scope="col">{move || Msg::OneOrder.say(lang())}</th>
                                <th scope="col">{move || Msg::ColumnChannel.say(lang())}</th>
                                <th scope="col">{move || Msg::ColumnDue.say(lang())}</th>
                                <th scope="col">{move || Msg::ColumnUnits.say(lang())}</th>
                                <th scope="col">{move || Msg::StatusPage.say(lang())}</th>
                                <th scope="col">{move || Msg::ColumnWho.say(lang())}</th>
                                <th scope="col">{move || Msg::ColumnFrom.say(lang())}</th>
                            </tr>
                        </thead>
                        <tbody>{move || orders.get().0.into_iter().map(row).collect_view()}</tbody>
                    </table>
                    <ShowMore beyond=Signal::derive(move || orders.with(|(_, beyond)| *beyond)) limit/>
                </Show>
            </main>
        </Desk>
    }
}

/// What is open comes first, what is due first before it.
fn by_need(order: &Order) -> (bool, Millis, &str) {
    (order.status.is_closed(), order.promise_end, &order.code)
}

fn row(order: Order) -> impl IntoView {
    let (channel, status, units) = (order.channel, order.status, order.units_due());
    let who = order.claim.as_ref().and_then(|claim| {
        device().ledger_now(|ledger| {
            ledger
                .actors
                .get(&claim.actor)
                .map(|actor| actor.name.clone())
        })
    });
    let code = order.code.clone();
    view! {
        <tr data-code=order.code.clone()>
            <td><A href=format!("/orders/{}", order.id)><b class="code">{code.clone()}</b></A></td>
            <td>
                <Glyph icon=channel_icon(channel)/>" "
                {move || channel_word(channel).say(lang())}
            </td>
            <td>{clock_text(order.promise_end)}</td>
            <td>{move || queue::units(lang(), units)}</td>
            <td><span class="chip">{move || status_word(status).say(lang())}</span></td>
            <td>{who}</td>
            <td class="faint">{format!("{} {}", order.source, order.external_id)}</td>
        </tr>
    }
}
