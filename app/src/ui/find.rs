//! Finding a bag: by its order's code, its slot, or the beginning of the customer's name.
//!
//! In: what somebody types, or a code in the address. Out: the slot, in the largest letters of the screen. Must not: put what is
//! typed into the address; it may be a name, and browsers keep where they have been.

use domain::id::OrderId;
use domain::order::{Order, Status};
use domain::time::Millis;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::choice::lang;
use crate::ui::frame::{Offers, Rail, Strip, minute};
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{channel_icon, channel_word, minutes_since};
use crate::ui::permit::hidden_name;
use crate::ui::words::{Msg, pack, time};

/// Bags shown at most: whoever sees more types another letter.
const SHOWN_MAX: usize = 40;

/// A closed bag in the shop.
#[derive(Clone, PartialEq)]
struct Bag {
    id: OrderId,
    order: Order,
    since: Option<Millis>,
}

/// Whether a bag is meant by what was typed: a part of its code, the beginning of its slot, or of a name.
fn is_meant(code: &str, slot: Option<&str>, name: Option<&str>, typed: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let typed = plain(typed);
    let begins = |text: &str| plain(text).starts_with(&typed);
    typed.is_empty()
        || plain(code).contains(&typed)
        || slot.is_some_and(begins)
        || name.is_some_and(|name| name.split_whitespace().any(begins))
}

fn bags(typed: &str) -> Vec<Bag> {
    device().ledger(|ledger| {
        let is_bag = |order: &&Order| matches!(order.status, Status::Sealed | Status::Staged);
        let fits = |order: &&Order| {
            let name = device().customer(order.id).map(|card| card.label_name);
            let slot = order.slot.as_ref().map(|slot| slot.as_str());
            is_meant(&order.code, slot, name.as_deref(), typed)
        };
        let found = ledger.orders.values().filter(is_bag).filter(fits);
        let mut found: Vec<Bag> = found
            .map(|order| {
                let slot = order.slot.as_ref().and_then(|slot| ledger.slots.get(slot));
                Bag {
                    id: order.id,
                    since: slot.and_then(|slot| slot.since),
                    order: order.clone(),
                }
            })
            .collect();
        found.sort_by_key(|bag| (bag.order.promise_end, bag.order.code.clone()));
        found.truncate(SHOWN_MAX);
        found
    })
}

/// The screen.
#[component]
pub(super) fn Find() -> impl IntoView {
    scan::expect(Step::Anything);
    let asked = use_query_map().read_untracked().get("q");
    let typed = RwSignal::new(asked.unwrap_or_default());
    let found = Memo::new(move |_| bags(&typed.get()));
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <header class="head"><h1>{move || Msg::FindABag.say(lang())}</h1></header>
            <Rail/>
            <main class="main find" tabindex="0">
                <label class="field">
                    {move || Msg::FindBy.say(lang())}
                    <input
                        type="search"
                        autocomplete="off"
                        autofocus
                        prop:value=typed
                        on:input=move |event| typed.set(event_target_value(&event))
                    />
                </label>
                <p class="sr" role="status">
                    {move || pack::bags(lang(), u32::try_from(found.with(Vec::len)).unwrap_or(u32::MAX))}
                </p>
                <Show
                    when=move || found.with(|found| !found.is_empty())
                    fallback=|| view! {
                        <div class="empty">
                            <h2>{move || Msg::NoSuchBag.say(lang())}</h2>
                            <p>{move || Msg::NoSuchBagDo.say(lang())}</p>
                        </div>
                    }
                >
                    <ul>{move || found.get().into_iter().map(row).collect_view()}</ul>
                </Show>
            </main>
            <Band word=text(Msg::ScanABag) what=text(Msg::FindHow) low=true/>
            <Refusing/>
        </div>
    }
}

fn row(bag: Bag) -> impl IntoView {
    let Bag { id, order, since } = bag;
    let channel = order.channel;
    let is_vaulted = order
        .bench
        .as_ref()
        .is_some_and(|bench| bench.vaulted.is_some());
    let name = move || {
        let card = device().customer(id);
        card.map(|card| card.short_name).or_else(hidden_name)
    };
    let slot = order.slot.as_ref().map(ToString::to_string);
    let place = {
        let slot = slot.clone();
        move || match &slot {
            Some(slot) => slot.clone(),
            None if is_vaulted => Msg::InTheVault.say(lang()).to_owned(),
            None => Msg::NoSlotYet.say(lang()).to_owned(),
        }
    };
    let (at, code) = (order.code.clone(), order.code.clone());
    let age = move || {
        minute().track();
        since.map(|since| time::age(lang(), minutes_since(since)))
    };
    view! {
        <li class="found" data-code=at data-slot=slot>
            <A href=format!("/stage/{id}")>
                <b class="found-place">{place}</b>
                <span class="found-who">
                    <b class="code">{code}</b>" "<bdi>{name}</bdi>
                    <span>
                        <Glyph icon=channel_icon(channel)/>" "
                        {move || channel_word(channel).say(lang())}
                        {move || age().map(|age| format!(" · {age}"))}
                    </span>
                </span>
                <Glyph icon=Icon::ChevronRight/>
            </A>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::is_meant;

    #[test]
    fn a_bag_is_found_by_code_slot_or_the_beginning_of_a_name_however_it_is_typed() {
        let meant = |typed| is_meant("K7-482", Some("P4"), Some("Jordan Peña"), typed);
        for typed in ["", "482", "k7482", "K7-4", "p4", "P", "jor", "PEÑ", " 482 "] {
            assert!(meant(typed), "{typed}");
        }
        for typed in ["483", "C4", "ordan", "ña", "x"] {
            assert!(!meant(typed), "{typed}");
        }
    }
}
