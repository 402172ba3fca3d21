//! The pack bench: three ways must agree, then the label, then the seal, then the slot.

use domain::custody::second::{self, Cause};
use domain::custody::sop::Task;
use domain::custody::{seal, wrap};
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::changed::WhatChanged;
use crate::ui::choice::lang;
use crate::ui::frame::{Back, Offers, Rail, Strip};
use crate::ui::halted::NotFound;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::keypad::{Keypad, TypeIt};
use crate::ui::label::again::Again;
use crate::ui::label::{LabelBench, held_up, print_label};
use crate::ui::messages::{News, Say, WaitsChip};
use crate::ui::parts::{Button, due_text, go, order_in_address, status_word};
use crate::ui::sop::NextStep;
use crate::ui::ticket::print_ticket;
use crate::ui::unfit::{self, Notice, Unfit};
use crate::ui::verify::Verify;
use crate::ui::words::second::{bag_must_be, second_why};
use crate::ui::words::{Msg, pack, pick};

/// Orders that are on their way over the bench.
fn is_on_bench(order: &Order) -> bool {
    matches!(
        order.status,
        Status::Picked | Status::Verifying | Status::Verified | Status::Labelled | Status::Sealed
    )
}

/// Orders to pack.
#[component]
pub(super) fn PackList() -> impl IntoView {
    scan::expect(Step::Anything);
    let orders = Memo::new(|_| {
        device().ledger(|ledger| {
            let mut orders: Vec<Order> = ledger
                .orders
                .values()
                .filter(|order| is_on_bench(order))
                .cloned()
                .collect();
            orders.sort_by_key(|order| (order.promise_end, order.code.clone()));
            orders
        })
    });
    let keypad = RwSignal::new(false);
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <header class="head"><h1>{move || Msg::Pack.say(lang())}</h1></header>
            <Rail/>
            <main class="main" data-queue="" tabindex="0">
                <News/>
                <Show
                    when=move || !orders.get().is_empty()
                    fallback=|| view! {
                        <div class="empty">
                            <h2>{move || Msg::NothingToPack.say(lang())}</h2>
                            <p>{move || Msg::NothingToPackYet.say(lang())}</p>
                        </div>
                    }
                >
                    <ul>{move || orders.get().into_iter().map(pack_row).collect_view()}</ul>
                </Show>
            </main>
            <Band word=text(Msg::ScanToOpenOrder) what=text(Msg::ScanToOpenOrderHow) low=true/>
            <Refusing/>
            <footer class="dock">
                <TypeIt keypad primary=true/>
            </footer>
            <Keypad open=keypad/>
        </div>
    }
}

fn pack_row(order: Order) -> impl IntoView {
    let id = order.id;
    let status = order.status;
    let units = order.units_picked();
    let bench = order.bench.as_ref();
    let is_vaulted = bench.is_some_and(|bench| bench.vaulted.is_some());
    let due = {
        let order = order.clone();
        move || due_text(lang(), &order)
    };
    view! {
        <li>
            <button class="order" type="button" data-code=order.code.clone() on:click=move |_| go(&format!("/pack/{id}"))>
                <span class="order-rank"><Glyph icon=Icon::PackageCheck/></span>
                <span class="code">{order.code.clone()}</span>
                <span class="order-channel">{due}</span>
                <span class="order-due"></span>
                <span class="order-work"><span>{move || pick::of_units_long(lang(), units, units)}</span></span>
                <span class="order-state">
                    <span class="chip">{move || match is_vaulted {
                        true => Msg::InTheVault.say(lang()),
                        false => status_word(status).say(lang()),
                    }}</span>
                </span>
            </button>
        </li>
    }
}

/// One order on the bench.
#[component]
pub(super) fn Pack() -> impl IntoView {
    let order = order_in_address();
    move || match order() {
        Some(id) if device().ledger_now(|ledger| ledger.orders.contains_key(&id)) => {
            view! { <PackOrder id/> }.into_any()
        }
        _ => view! { <NotFound/> }.into_any(),
    }
}

/// What the bench waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    NotPicked,
    Unfit,
    Units,
    Ticket,
    ToPrint,
    ToReadBack,
    ToWrap,
    ToSecond,
    ToSeal,
    Sealed,
    Over,
}

impl Stand {
    /// Whether the order is on the bench and its bag not closed.
    fn is_open(self) -> bool {
        !matches!(self, Self::NotPicked | Self::Sealed | Self::Over)
    }
}

fn stand(order: &Order) -> Stand {
    match order.status {
        Status::Picked | Status::Verifying => {
            if order.units_verified() < order.units_picked() {
                Stand::Units
            } else {
                Stand::Ticket
            }
        }
        Status::Verified => Stand::ToPrint,
        Status::Labelled => {
            let back = order.label.as_ref().is_some_and(|label| label.read_back);
            if back {
                Stand::ToSeal
            } else {
                Stand::ToReadBack
            }
        }
        Status::Sealed => Stand::Sealed,
        Status::New
        | Status::Ready
        | Status::Claimed
        | Status::Picking
        | Status::Short
        | Status::Problem => Stand::NotPicked,
        Status::Staged
        | Status::Out
        | Status::HandedOver
        | Status::Returned
        | Status::Cancelled => Stand::Over,
    }
}

#[component]
fn PackOrder(id: OrderId) -> impl IntoView {
    scan::expect(Step::Pack(id));
    let order = Memo::new(move |_| device().ledger(|ledger| ledger.orders.get(&id).cloned()));
    let causes = Memo::new(move |_| why_a_second(id));
    let bare = Memo::new(move |_| {
        let order = |ledger: &Ledger| ledger.orders.get(&id).cloned();
        device().ledger(|ledger| order(ledger).is_some_and(|one| wrap::is_missing(ledger, &one)))
    });
    let unfit = unfit::of(id);
    let stand = Memo::new(move |_| {
        let stand = order.with(|order| order.as_ref().map_or(Stand::Over, stand));
        match stand {
            open if open.is_open() && unfit.with(|unfit| !unfit.is_empty()) => Stand::Unfit,
            Stand::ToSeal if bare.get() => Stand::ToWrap,
            Stand::ToSeal if causes.with(|causes| !causes.is_empty()) => Stand::ToSecond,
            other => other,
        }
    });
    let (keypad, again) = (RwSignal::new(false), RwSignal::new(false));
    let about = RwSignal::new(None);
    Effect::new(move |_| {
        // A closed bag goes to its slot: the same code path, another picture.
        if stand.get() == Stand::Sealed {
            go(&format!("/stage/{id}"));
        }
    });
    let shows_label = move || {
        matches!(
            stand.get(),
            Stand::ToPrint | Stand::ToReadBack | Stand::ToWrap | Stand::ToSecond | Stand::ToSeal
        )
    };
    let lacks = RwSignal::new(None);
    let lacking = Signal::derive(move || lacks.with(Option::is_some));
    let held = Memo::new(move |_| {
        (stand.get() == Stand::ToReadBack)
            .then(|| held_up(id))
            .flatten()
    });
    let (word, what) = waiting(order, stand, (causes, held), lacking, unfit);
    view! {
        <div class="frame">
            <Strip/>
            <div class="notices"><WhatChanged order packs=true/><Notice unfit packs=true/></div>
            <PackHead id order about/>
            {move || if shows_label() {
                view! { <LabelBench id lacks/> }.into_any()
            } else {
                view! { <Verify id/> }.into_any()
            }}
            <Band word what refused=Signal::derive(move || stand.get() == Stand::Unfit) low=true/>
            <Refusing/>
            <PackDock id stand keypad again/>
            <Keypad open=keypad/>
            <Again order=id open=again/>
            <Say about/>
        </div>
    }
}

/// Why another person has to look at a bag before it closes.
fn why_a_second(id: OrderId) -> Vec<Cause> {
    let Some(situation) = device().situation() else {
        return Vec::new();
    };
    device().ledger(|ledger| {
        let order = ledger.orders.get(&id);
        order.map_or_else(Vec::new, |order| second::missing(ledger, &situation, order))
    })
}

/// Why there is no label to stick on yet, and what is in its way.
type HeldUp = Memo<Option<(Msg, Msg)>>;

fn waiting(
    order: Memo<Option<Order>>,
    stand: Memo<Stand>,
    (causes, held): (Memo<Vec<Cause>>, HeldUp),
    lacking: Signal<bool>,
    unfit: Memo<Vec<Unfit>>,
) -> (Signal<String>, Signal<String>) {
    let named = move || {
        unfit
            .with(|unfit| unfit::words(lang(), unfit))
            .unwrap_or_default()
    };
    let word = Signal::derive(move || {
        let msg = match stand.get() {
            Stand::Unfit => return named().0,
            Stand::NotPicked => Msg::NotAllPicked,
            Stand::Units => {
                let left = order.with(|order| {
                    let order = order.as_ref()?;
                    let mut left = order.picks.iter().filter(|pick| !pick.verified);
                    let (first, second) = (left.next()?.tag.clone(), left.next());
                    second.is_none().then_some(first)
                });
                let item = left.and_then(|tag| {
                    device().ledger_now(|ledger| ledger.item_of(&tag).map(|item| item.name.clone()))
                });
                if let Some(item) = item {
                    return pack::scan_the_last(lang(), item);
                }
                Msg::ScanEachUnitAgain
            }
            Stand::Ticket => Msg::ScanTheTicket,
            Stand::ToPrint => Msg::AllThreeAgree,
            // Nobody sticks on what has not come out.
            Stand::ToReadBack => held.get().map_or(Msg::StickThenScan, |held| held.0),
            Stand::ToWrap => Msg::ScanTheBagStock,
            Stand::ToSecond => Msg::SecondScansLabel,
            Stand::ToSeal => Msg::SealTheBag,
            Stand::Sealed | Stand::Over => Msg::BagClosed,
        };
        msg.say(lang()).to_owned()
    });
    let what = Signal::derive(move || {
        let trouble = held.get().map(|held| held.1);
        let msg = match stand.get() {
            Stand::ToReadBack if trouble.is_some() => trouble.unwrap_or(Msg::BagClosesOnMatch),
            Stand::ToWrap => {
                let needs = device().ledger(wrap::needs).unwrap_or_default();
                return bag_must_be(lang(), needs);
            }
            Stand::ToSecond => return causes.with(|causes| second_why(lang(), causes)),
            Stand::Unfit => return named().1,
            Stand::NotPicked => Msg::NotAllPickedDo,
            Stand::Units => Msg::EachUnitThenTicket,
            Stand::Ticket => Msg::ScanTheTicketWhy,
            Stand::ToPrint | Stand::ToReadBack if lacking.get() => Msg::WriteByHand,
            Stand::ToPrint => Msg::BagClosesOnMatch,
            Stand::ToReadBack => Msg::BagClosesOnMatch,
            Stand::ToSeal => Msg::SealIsFinal,
            Stand::Sealed | Stand::Over => Msg::ScanABagHow,
        };
        msg.say(lang()).to_owned()
    });
    (word, what)
}

#[component]
fn PackHead(
    id: OrderId,
    order: Memo<Option<Order>>,
    about: RwSignal<Option<OrderId>>,
) -> impl IntoView {
    let code = move || order.with(|order| order.as_ref().map(|order| order.code.clone()));
    let due = move || order.with(|order| order.as_ref().map(|order| due_text(lang(), order)));
    let reached = Memo::new(move |_| {
        order.with(|order| match order.as_ref().map(|order| order.status) {
            Some(Status::Verified | Status::Labelled) => 2,
            Some(Status::Sealed | Status::Staged | Status::HandedOver) => 3,
            Some(Status::Picked | Status::Verifying) => 1,
            _ => 0,
        })
    });
    let steps = [
        Msg::StepPicked,
        Msg::StatusVerifying,
        Msg::StepLabel,
        Msg::StepStaged,
    ];
    let list = steps
        .into_iter()
        .enumerate()
        .map(|(index, word)| {
            let done = move || (index < reached.get()).then_some("done");
            let now = move || (index == reached.get()).then_some("step");
            view! {
                <li data-state=done aria-current=now>
                    {move || done().map(|_| view! { <Glyph icon=Icon::Check/> })}
                    <span>{move || word.say(lang())}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <header class="head" data-task="">
            <Back path="/pack" word=Msg::Pack/>
            <h1>
                <span class="code">{code}</span>" "
                <span class="head-more" data-from="portrait">"· "{due}</span>
            </h1>
            <WaitsChip id/>
            <button class="btn btn-small btn-quiet" type="button" on:click=move |_| about.set(Some(id))>
                <Glyph icon=Icon::MessageSquare/>
                <span data-from="portrait">{move || Msg::Message.say(lang())}</span>
                <span class="sr">{move || Msg::Message.say(lang())}</span>
            </button>
            <span class="grow"></span>
            <ol class="steps">{list}</ol>
        </header>
    }
}

#[component]
fn PackDock(
    id: OrderId,
    stand: Memo<Stand>,
    keypad: RwSignal<bool>,
    again: RwSignal<bool>,
) -> impl IntoView {
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let print = move || spawn_local(async move { print_label(id, None).await });
    let close = move || {
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    seal::decide(ledger, situation, id)
                })
                .await;
            scan::shown(id, outcome);
        });
    };
    let primary = move || match stand.get() {
        Stand::ToPrint => view! {
            <Button icon=Icon::Printer word=text(Msg::PrintLabel) primary=true act=print/>
        }
        .into_any(),
        Stand::ToSeal => view! {
            <Button icon=Icon::ShieldCheck word=text(Msg::CloseBag) primary=true act=close/>
        }
        .into_any(),
        Stand::NotPicked | Stand::Unfit => view! {
            <Button
                icon=Icon::ShoppingBasket
                word=text(Msg::BackToPick)
                primary=true
                act=move || go(&format!("/pick/{id}"))
            />
        }
        .into_any(),
        Stand::Units | Stand::Ticket => view! {
            <Button
                icon=Icon::Printer
                word=text(Msg::PrintAfterLastScan)
                primary=true
                disabled=Signal::derive(|| true)
                act=|| {}
            />
        }
        .into_any(),
        Stand::ToReadBack | Stand::ToWrap | Stand::ToSecond | Stand::Sealed | Stand::Over => {
            view! {
                <TypeIt keypad primary=true/>
            }
            .into_any()
        }
    };
    let second = move || match stand.get() {
        Stand::ToReadBack | Stand::ToWrap | Stand::ToSecond | Stand::ToSeal => view! {
            <Button
                icon=Icon::Printer
                word=text(Msg::PrintAgain)
                act=move || again.set(true)
            />
        }
        .into_any(),
        _ => view! {
            <Button icon=Icon::Printer word=text(Msg::PrintTicket) act=move || print_ticket(id)/>
        }
        .into_any(),
    };
    // Where typing is the main button already, it does not stand twice.
    let types = move || {
        (!matches!(
            stand.get(),
            Stand::ToReadBack | Stand::ToWrap | Stand::ToSecond
        ))
        .then(|| {
            view! {
                <TypeIt keypad/>
            }
        })
    };
    view! {
        <footer class="dock dock-steps">
            <NextStep order=Some(id) tasks=&[Task::Pick, Task::Pack]/>
            {types}
            {second}
            {primary}
        </footer>
    }
}
