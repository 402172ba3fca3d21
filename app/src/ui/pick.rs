//! Directed picking: where to go, what to take, unit by unit.

use domain::custody::pick::next_target;
use domain::custody::sop::Task;
use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::plan::vault::drawn;
use domain::plan::way::Way;
use domain::stock::Potency;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::platform::clock;
use crate::scan::{self, Feedback, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::changed::WhatChanged;
use crate::ui::choice::lang;
use crate::ui::frame::{Back, Strip};
use crate::ui::halted::NotFound;
use crate::ui::icons::Icon;
use crate::ui::keypad::{Keypad, TypeIt};
use crate::ui::parts::{Button, Left, Tag, due_text, go, order_in_address};
use crate::ui::pick::about::{category_word, way_text};
use crate::ui::pick::alike::LookAlike;
use crate::ui::pick::ask::HowManyLeft;
use crate::ui::pick::coa::{Coa, CoaButton};
use crate::ui::pick::history::{History, HistoryButton};
use crate::ui::pick::lines::{Lines, line_facts};
use crate::ui::pick::tote::{Due, PutIn};
use crate::ui::problem::Problem;
use crate::ui::short_order::{CannotBeHad, ShortOrder};
use crate::ui::sop::NextStep;
use crate::ui::unfit::{self, Notice, Unfit};
use crate::ui::walk::Cart;
use crate::ui::walk::joining::{Joining, NewForWalk, OnWalk};
use crate::ui::words::{Msg, pick, shell};

/// What is easily taken instead.
mod alike;
/// What the laboratory said.
mod coa;
/// Category and way in words.
mod about;
/// Every line of the order.
mod lines;
/// What is in the tote.
mod history;
/// How many are left?
mod ask;
/// The tote that comes next.
mod tote;

/// What to fetch now.
#[derive(Clone, PartialEq)]
struct TargetFacts {
    slot: String,
    item: String,
    brand: Option<String>,
    category: Msg,
    thc: Option<Potency>,
    cbd: Option<Potency>,
    tag: PackageTag,
    units: u32,
}

fn target_facts(ledger: &Ledger, order: &Order) -> Option<TargetFacts> {
    let target = next_target(ledger, order)?;
    let item = ledger.items.get(&target.line.item)?;
    Some(TargetFacts {
        slot: target
            .package
            .stands_at()
            .map_or_else(|| "?".into(), |shelf| shelf.to_string()),
        item: item.name.clone(),
        brand: item.brand.clone(),
        category: category_word(&item.category),
        thc: target.package.thc,
        cbd: target.package.cbd,
        tag: target.package.tag.clone(),
        units: target.units,
    })
}

/// The pick screen.
#[component]
pub(super) fn Pick() -> impl IntoView {
    let order = order_in_address();
    move || match order() {
        Some(id) if device().ledger_now(|ledger| ledger.orders.contains_key(&id)) => {
            view! { <PickOrder id walk=None/> }.into_any()
        }
        _ => view! { <NotFound/> }.into_any(),
    }
}

/// What is said of an order of which nothing is left to take.
fn done_word(order: Option<&Order>) -> Msg {
    match order {
        Some(order) if order.units_picked() < order.units_due() => Msg::PickDoneShort,
        _ => Msg::PickDone,
    }
}

/// What the band waits for: a tote, a package, or nothing more.
fn waits_for(
    order: Memo<Option<Order>>,
    target: Memo<Option<TargetFacts>>,
    due: Memo<Option<Due>>,
    unfit: Memo<Vec<Unfit>>,
) -> (Signal<String>, Signal<String>) {
    let words = Memo::new(move |_| {
        if let Some(due) = due.get() {
            return tote::words(&due);
        }
        // There is no going to the bench with it.
        if let Some(words) = unfit.with(|unfit| unfit::words(lang(), unfit))
            && target.with(Option::is_none)
        {
            return words;
        }
        let say = |msg: Msg| msg.say(lang()).to_owned();
        match target.get() {
            Some(target) => (
                say(Msg::ScanThePackage),
                format!("{} {}", say(Msg::ItsTagEndsIn), target.tag.tail()),
            ),
            None => {
                let word = order.with(|order| done_word(order.as_ref()));
                (say(word), say(Msg::PickDoneDo))
            }
        }
    });
    (
        Signal::derive(move || words.get().0),
        Signal::derive(move || words.get().1),
    )
}

/// One order, on its own or as the next of a walk.
#[component]
pub(super) fn PickOrder(id: OrderId, walk: Option<OnWalk>) -> impl IntoView {
    match walk {
        Some(_) => scan::go_on(Step::Pick(id)),
        None => scan::expect(Step::Pick(id)),
    }
    let tote = Memo::new(move |_| {
        let carried = walk?.carried.get();
        carried
            .iter()
            .find(|one| one.order == id)
            .map(|one| one.tote)
    });
    let order = Memo::new(move |_| device().ledger(|ledger| ledger.orders.get(&id).cloned()));
    let target =
        Memo::new(move |_| device().ledger(|ledger| target_facts(ledger, ledger.orders.get(&id)?)));
    let lines = Memo::new(move |_| {
        device().ledger(|ledger| {
            ledger
                .orders
                .get(&id)
                .map(|order| line_facts(ledger, order))
                .unwrap_or_default()
        })
    });
    let keypad = RwSignal::new(false);
    let problem = RwSignal::new(false);
    let history = RwSignal::new(false);
    let lab = RwSignal::new(None);
    let lacking = RwSignal::new(None);
    let asked = Signal::derive(move || match walk {
        Some(on) => on
            .carried
            .with(|all| all.iter().map(|one| one.order).collect()),
        None => vec![id],
    });
    let units = Memo::new(move |_| {
        order.with(|order| {
            order
                .as_ref()
                .map_or((0, 0), |order| (order.units_picked(), order.units_due()))
        })
    });
    let due = Memo::new(move |_| device().ledger(|ledger| tote::due(ledger, id)));
    let unfit = unfit::of(id);
    let (waiting_word, waiting_what) = waits_for(order, target, due, unfit);
    let is_done = move || target.with(Option::is_none) && due.with(Option::is_none);
    let is_stopped = Signal::derive(move || is_done() && !unfit.with(Vec::is_empty));
    view! {
        <div class="frame">
            <Strip/>
            <PickHead order units history walk/>
            <CannotBeHad orders=asked lacking/>
            <main class="pick">
                <Stage id order target tote due lab unfit/>
                {match walk {
                    Some(on) => view! { <Cart carried=on.carried now=Some(id)/> }.into_any(),
                    None => view! { <Lines lines/> }.into_any(),
                }}
            </main>
            <Band word=waiting_word what=waiting_what refused=is_stopped/>
            <Refusing/>
            <PickDock id target due keypad problem out=(is_stopped, history)/>
            <Keypad open=keypad/>
            <Problem order=id open=problem/>
            <History order=id open=history/>
            <Coa order=id open=lab/>
            <ShortOrder open=lacking back=Msg::BackToPick/>
            {walk.map(|on| view! { <Joining on/> })}
        </div>
    }
}

#[component]
fn PickHead(
    order: Memo<Option<Order>>,
    units: Memo<(u32, u32)>,
    history: RwSignal<bool>,
    walk: Option<OnWalk>,
) -> impl IntoView {
    let code = move || order.with(|order| order.as_ref().map(|order| order.code.clone()));
    let due = move || order.with(|order| order.as_ref().map(|order| due_text(lang(), order)));
    let end = Memo::new(move |_| order.with(|order| order.as_ref().map(|order| order.promise_end)));
    // Metres of a guess would be a guess; those of the shop's own map are said.
    let saved = Memo::new(move |_| {
        order.with(|order| {
            let order = order.as_ref()?;
            let way = device().ledger_now(|ledger| {
                let is_drawn = drawn(ledger).is_some();
                is_drawn.then(|| Way::of(ledger, order))
            })?;
            let metres = |millimetres: u64| millimetres.saturating_add(500) / 1_000;
            let saved = metres(way.saved());
            (saved > 0).then(|| (metres(way.millimetres), saved))
        })
    });
    let pills = move || {
        let (picked, of) = units.get();
        let pill = |index| view! { <i data-on=(index < picked).then_some("")></i> };
        // More than ten pills say nothing that the figure does not.
        (of <= 10).then(|| (0..of).map(pill).collect_view())
    };
    view! {
        <header class="head" data-task="">
            <Back path="/queue" word=Msg::Queue/>
            <h1>
                <span class="code">{code}</span>" "
                <span class="head-more" data-from="portrait">"· "{due}</span>
            </h1>
            {move || end.get().map(|at| view! { <Left at/> })}
            {move || saved.get().map(|(metres, saved)| view! {
                <span class="soft" data-from="landscape">
                    {move || pick::walk_and_saved(lang(), metres, saved)}
                </span>
            })}
            <span class="grow"></span>
            <span class="meter" data-from="portrait" aria-hidden="true">{pills}</span>
            {walk.map(|on| view! { <NewForWalk on/> })}
            <HistoryButton open=history/>
            <b class="head-count">
                {move || { let (picked, of) = units.get(); pick::of_units(lang(), picked, of) }}
                " "
                <span data-from="landscape">{move || Msg::Units.say(lang())}</span>
            </b>
        </header>
    }
}

#[component]
fn Stage(
    id: OrderId,
    order: Memo<Option<Order>>,
    target: Memo<Option<TargetFacts>>,
    tote: Memo<Option<u8>>,
    due: Memo<Option<Due>>,
    lab: RwSignal<Option<PackageTag>>,
    unfit: Memo<Vec<Unfit>>,
) -> impl IntoView {
    let begun =
        move || order.with(|order| order.as_ref().is_some_and(|order| !order.picks.is_empty()));
    let done = move || order.with(|order| done_word(order.as_ref()));
    let work = move || match target.get() {
        _ if due.with(Option::is_some) => due.get().map(|due| view! { <PutIn due/> }).into_any(),
        Some(facts) => view! { <Target facts begun=begun() tote lab/> }.into_any(),
        None => {
            let words = move || {
                let stopped = unfit.with(|unfit| unfit::words(lang(), unfit));
                let say = |msg: Msg| msg.say(lang()).to_owned();
                stopped.unwrap_or_else(|| (say(done()), say(Msg::PickDoneDo)))
            };
            view! {
                <p class="target-say">{move || words().0}</p>
                <p class="target-way">{move || words().1}</p>
            }
            .into_any()
        }
    };
    view! { <section class="target"><WhatChanged order/><Notice unfit/><NextStep order=Some(id) tasks=&[Task::Pick]/>{work}<HowManyLeft order=id/></section> }
}

#[component]
fn Target(
    facts: TargetFacts,
    begun: bool,
    tote: Memo<Option<u8>>,
    lab: RwSignal<Option<PackageTag>>,
) -> impl IntoView {
    let slot = facts.slot.clone();
    let potency = facts.thc.zip(facts.cbd);
    let (brand, category) = (facts.brand.clone(), facts.category);
    let about = move || {
        let kind = category.say(lang());
        brand
            .as_ref()
            .map_or_else(|| kind.to_owned(), |brand| format!("{brand} · {kind}"))
    };
    let take = move || match tote.get() {
        Some(tote) => pick::for_tote(lang(), tote),
        None => Msg::ToTake.say(lang()).to_owned(),
    };
    let go_word = if begun { Msg::NextGoTo } else { Msg::GoTo };
    view! {
        <p class="target-go">{move || go_word.say(lang())}</p>
        <p class="slot">{facts.slot.clone()}</p>
        <p class="target-way">{move || way_text(lang(), &slot)}</p>
        <div class="item">
            <div>
                <h2>{facts.item.clone()}</h2>
                <p>
                    {about}
                    {move || potency.map(|(thc, cbd)| {
                        format!(" · {}", pick::thc_cbd(lang(), thc.text(), cbd.text()))
                    })}
                </p>
                <Tag tag=facts.tag.clone()/>
                <CoaButton tag=facts.tag.clone() open=lab/>
                <LookAlike tag=facts.tag.clone()/>
            </div>
            <div class="take">
                <b>{facts.units}</b>
                <span>{take}</span>
            </div>
        </div>
    }
}

#[component]
fn PickDock(
    id: OrderId,
    target: Memo<Option<TargetFacts>>,
    due: Memo<Option<Due>>,
    keypad: RwSignal<bool>,
    problem: RwSignal<bool>,
    /// Whether something has to come out again first, and the list where that is done.
    out: (Signal<bool>, RwSignal<bool>),
) -> impl IntoView {
    let signals = scan::signals();
    let refused = move || {
        matches!(
            signals.feedback.get(),
            Feedback::Refused(_) | Feedback::NotKept
        )
    };
    let seconds = RwSignal::new(0_u64);
    let count_down = move || {
        let until = signals.undo.get_untracked();
        let left = until.map_or(0, |(.., until)| until.saturating_sub(clock::monotonic()));
        seconds.set(left.div_ceil(1_000));
    };
    let ticking =
        StoredValue::new_local(Some(gloo_timers::callback::Interval::new(250, count_down)));
    on_cleanup(move || drop(ticking.try_update_value(Option::take)));
    let undo_word = Signal::derive(move || match seconds.get() {
        0 => Msg::Undo.say(lang()).to_owned(),
        left => shell::undo_seconds(lang(), left),
    });
    let no_picks = Memo::new(move |_| {
        device().ledger(|ledger| {
            let order = ledger.orders.get(&id);
            order.is_none_or(|order| order.picks.is_empty())
        })
    });
    let no_undo = Signal::derive(move || no_picks.get() && seconds.get() == 0);
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let primary = move || {
        if refused() {
            view! {
                <Button icon=Icon::ScanBarcode word=text(Msg::ScanAgain) primary=true act=scan::clear/>
            }
            .into_any()
        } else if out.0.get() {
            let list = out.1;
            view! {
                <Button icon=Icon::List word=text(Msg::InTheTote) primary=true act=move || list.set(true)/>
            }
            .into_any()
        } else if target.get().is_none() && due.with(Option::is_none) {
            view! {
                <Button
                    icon=Icon::PackageCheck
                    word=text(Msg::ToPacking)
                    primary=true
                    act=move || go(&format!("/pack/{id}"))
                />
            }
            .into_any()
        } else {
            view! {
                <TypeIt keypad primary=true/>
            }
            .into_any()
        }
    };
    view! {
        <footer class="dock">
            <Button icon=Icon::Flag word=text(Msg::ProblemButton) act=move || problem.set(true)/>
            <Button
                icon=Icon::Undo
                word=undo_word
                disabled=no_undo
                act=|| spawn_local(scan::undo::last())
            />
            {primary}
        </footer>
    }
}
