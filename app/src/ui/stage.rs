//! Staging: a bag, then its slot.

use domain::custody::sop::Task;
use domain::custody::stage::free_slot;
use domain::facility::Slot;
use domain::id::OrderId;
use domain::order::{Channel, Order, Status};
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::choice::lang;
use crate::ui::frame::{Offers, Rail, Strip, minute};
use crate::ui::icons::{Glyph, Icon};
use crate::ui::keypad::{Keypad, TypeIt};
use crate::ui::messages::News;
use crate::ui::parts::{
    Button, channel_icon, channel_word, due_text, go, minutes_since, order_in_address,
};
use crate::ui::sop::NextStep;
use crate::ui::words::{Msg, pack, time};

/// Bags nobody came for.
mod evening;

pub(super) use evening::Evening;
use evening::Side;

/// Minutes after which a bag in a slot is old, and shown so.
const OLD_AFTER: u64 = 240;

/// The staging screen, with or without a bag in hand.
#[component]
pub(super) fn Stage() -> impl IntoView {
    let in_address = order_in_address();
    let order = Memo::new(move |_| {
        let id = in_address()?;
        device().ledger(|ledger| ledger.orders.get(&id).cloned())
    });
    Effect::new(move |_| {
        let id = order.with(|order| order.as_ref().map(|order| order.id));
        scan::expect(Step::Stage(id));
    });
    // A bag that has just been put into its slot: the hand is free for the next one.
    let in_hand = Memo::new(move |_| order.get().filter(|order| order.status == Status::Sealed));
    let better = Memo::new(move |_| {
        let channel = in_hand.get()?.channel;
        device().ledger(|ledger| free_slot(ledger, channel).map(|slot| slot.code.clone()))
    });
    let keypad = RwSignal::new(false);
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let word = Signal::derive(move || match better.get() {
        Some(slot) => pack::put_bag_in(lang(), slot),
        None => Msg::ScanABag.say(lang()).to_owned(),
    });
    let what = Signal::derive(move || {
        let msg = match in_hand.get().map(|order| order.channel) {
            None => Msg::ScanABagHow,
            Some(Channel::Pickup | Channel::InStore) => Msg::AnyFreePickupSlot,
            Some(Channel::Curbside) => Msg::AnyFreeCurbsideSlot,
            Some(Channel::Delivery) => Msg::AnyFreeTripSlot,
        };
        msg.say(lang()).to_owned()
    });
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <StageHead order=in_hand/>
            <Rail/>
            <main class="main staging" tabindex="0">
                <News/>
                <section>
                    <Zone channel=Channel::Pickup better/>
                    <Zone channel=Channel::Curbside better/>
                    <Zone channel=Channel::Delivery better/>
                </section>
                <Side/>
            </main>
            <Band word what low=true/>
            <Refusing/>
            <footer class="dock dock-steps">
                {move || in_hand.get().map(|order| {
                    view! { <NextStep order=Some(order.id) tasks=&[Task::Stage]/> }
                })}
                <Button icon=Icon::List word=text(Msg::GoToQueue) act=|| go("/queue")/>
                <Button icon=Icon::Search word=text(Msg::FindABag) act=|| go("/bags")/>
                <TypeIt keypad primary=true/>
            </footer>
            <Keypad open=keypad/>
        </div>
    }
}

#[component]
fn StageHead(order: Memo<Option<Order>>) -> impl IntoView {
    view! {
        <header class="head">
            <h1>{move || Msg::Staging.say(lang())}</h1>
            {move || order.get().map(|order| {
                let code = order.code.clone();
                view! {
                    <span class="chip" data-tone="accept">
                        <Glyph icon=Icon::Check/>
                        {move || pack::bag_read(lang(), &code)}
                    </span>
                    <span class="chip" data-tone="attend" data-from="portrait">
                        {move || Msg::ReadyNotTold.say(lang())}
                    </span>
                    <span class="head-note">{move || due_text(lang(), &order)}</span>
                }
            })}
        </header>
    }
}

#[derive(Clone, PartialEq)]
struct TileFacts {
    slot: Slot,
    tail: Option<String>,
}

#[component]
fn Zone(channel: Channel, better: Memo<Option<domain::facility::SlotCode>>) -> impl IntoView {
    let tiles = Memo::new(move |_| {
        device().ledger(|ledger| {
            let mut slots: Vec<&Slot> = ledger
                .slots
                .values()
                .filter(|slot| slot.channel == channel)
                .collect();
            slots.sort_by_key(|slot| (slot.code.as_str().len(), slot.code.clone()));
            let tail = |slot: &Slot| {
                let id: OrderId = slot.holds?;
                let code = &ledger.orders.get(&id)?.code;
                code.rsplit('-').next().map(str::to_owned)
            };
            slots
                .into_iter()
                .map(|slot| TileFacts {
                    slot: slot.clone(),
                    tail: tail(slot),
                })
                .collect::<Vec<_>>()
        })
    });
    let full = move || {
        tiles.with(|tiles| {
            let full = tiles.iter().filter(|tile| tile.tail.is_some()).count();
            pack::slots_full(lang(), full, tiles.len())
        })
    };
    let tile = move |tile: TileFacts| {
        let since = tile.slot.since;
        let code = tile.slot.code.clone();
        let here = {
            let code = code.clone();
            Memo::new(move |_| better.get().is_some_and(|slot| slot == code))
        };
        let taken = tile.tail.is_some();
        let age = move || {
            minute().track();
            since.map_or(0, minutes_since)
        };
        let state = move || {
            if here.get() {
                Some("here")
            } else if !taken {
                Some("free")
            } else {
                (age() >= OLD_AFTER).then_some("old")
            }
        };
        let note = move || {
            if here.get() {
                Msg::PutItHere.say(lang()).to_owned()
            } else if taken {
                time::age(lang(), age())
            } else {
                Msg::Free.say(lang()).to_owned()
            }
        };
        view! {
            <li class="tile" data-state=state data-slot=code.to_string()>
                <b>{code.to_string()}</b>
                <span class="code">{tile.tail}</span>
                <span class="tile-age">{note}</span>
            </li>
        }
    };
    view! {
        <div class="zone">
            <h2>
                <Glyph icon=channel_icon(channel)/>
                {move || channel_word(channel).say(lang())}" "
                <small>{full}</small>
            </h2>
            <ul class="tiles">{move || tiles.get().into_iter().map(tile).collect_view()}</ul>
        </div>
    }
}
