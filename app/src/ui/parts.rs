//! Parts that many screens share: tags, chips, bars, buttons, places.

use std::cell::RefCell;

use domain::custody::raise::NOTE_CHARS_MAX;
use domain::facility::Role;
use domain::id::{OrderId, PackageTag};
use domain::label::code128;
use domain::order::{Channel, Order, Status};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_params_map;

use crate::device::device;
use crate::platform::locale;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::{Lang, Msg, pick, time};

/// Lengths of the groups a 24-character tag is written in.
const GROUPS: [usize; 6] = [4, 4, 4, 4, 3, 5];

type Navigate = Box<dyn Fn(&str)>;

thread_local! {
    static NAVIGATE: RefCell<Option<Navigate>> = const { RefCell::new(None) };
}

/// Keeps the router's way of going somewhere, for scans and buttons.
pub(super) fn keep_navigator(navigate: impl Fn(&str, NavigateOptions) + 'static) {
    NAVIGATE.replace(Some(Box::new(move |path| {
        navigate(path, NavigateOptions::default())
    })));
}

/// Goes to a place of the app.
pub(super) fn go(path: &str) {
    NAVIGATE.with_borrow(|navigate| {
        if let Some(navigate) = navigate {
            navigate(path);
        }
    });
}

/// The first screen of a role.
pub(super) fn home_of(role: Role) -> &'static str {
    match role {
        Role::Associate => "/queue",
        Role::FrontOfHouse => "/counter",
        Role::InventoryManager | Role::ComplianceOfficer | Role::GeneralManager | Role::Auditor => {
            "/orders"
        }
        Role::Driver | Role::DeliveryCoordinator => "/status",
    }
}

/// The order named in the address.
pub(super) fn order_in_address() -> impl Fn() -> Option<OrderId> + Copy + Send + Sync + 'static {
    let params = use_params_map();
    move || OrderId::parse(&params.get().get("order")?).ok()
}

/// A tag in its groups; of a text that is too long or too short, as many characters as there are.
pub(super) fn groups(tag: &str) -> Vec<&str> {
    let mut rest = tag;
    let mut groups = Vec::new();
    for length in GROUPS {
        let (group, behind) = rest.split_at(rest.floor_char_boundary(length));
        groups.push(group);
        rest = behind;
    }
    groups.push(rest);
    groups.retain(|group| !group.is_empty());
    groups
}

fn spelled(tag: &str) -> String {
    tag.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// A tag in its groups, the last one loud.
#[component]
pub(super) fn Tag(tag: PackageTag) -> impl IntoView {
    let text = tag.as_str().to_owned();
    let mut groups: Vec<String> = groups(&text).into_iter().map(str::to_owned).collect();
    let tail = groups.pop().unwrap_or_default();
    view! {
        <span class="tag" role="img" aria-label=spelled(&text)>
            {groups.into_iter().map(|group| view! { <span>{group}</span> }).collect_view()}
            <span class="tag-tail">{tail}</span>
        </span>
    }
}

/// A tag in equal cells, with the characters marked in which it differs from another.
#[component]
pub(super) fn Cells(tag: String, places: Vec<usize>, differs: &'static str) -> impl IntoView {
    let label = spelled(&tag);
    let mut index = 0;
    let groups = groups(&tag)
        .into_iter()
        .map(|group| {
            let cells = group
                .chars()
                .map(|letter| {
                    let marked = places.contains(&index).then_some(differs);
                    index += 1;
                    view! { <i data-differs=marked>{letter.to_string()}</i> }
                })
                .collect_view();
            view! { <span>{cells}</span> }
        })
        .collect_view();
    view! { <span class="cells" role="img" aria-label=label>{groups}</span> }
}

/// Code 128 bars of a text, as wide as their place.
#[component]
pub(super) fn Bars(text: String) -> impl IntoView {
    let widths = code128::widths(&text).unwrap_or_default();
    let (path, modules) = bars_path(&widths, 64);
    view! {
        <svg
            viewBox=format!("0 0 {modules} 64")
            preserveAspectRatio="none"
            shape-rendering="crispEdges"
            fill="#000"
            role="img"
            aria-label=text
        >
            <path d=path/>
        </svg>
    }
}

/// The bars as one path, and how many modules they take.
pub(super) fn bars_path(widths: &[u8], height: u32) -> (String, u32) {
    let mut path = String::new();
    let mut x = 0;
    for (index, width) in widths.iter().enumerate() {
        let width = u32::from(*width);
        if index % 2 == 0 {
            path.push_str(&format!("M{x} 0h{width}v{height}h-{width}z"));
        }
        x += width;
    }
    (path, x)
}

/// A button with an icon and a word.
#[component]
pub(super) fn Button(
    #[prop(optional)] icon: Option<Icon>,
    #[prop(into)] word: Signal<String>,
    #[prop(optional)] primary: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    act: impl Fn() + 'static,
) -> impl IntoView {
    let class = if primary { "btn btn-primary" } else { "btn" };
    let disabled_text = move || disabled.get().then_some("true");
    let press = move |_| {
        if !disabled.get_untracked() {
            act();
        }
    };
    view! {
        <button class=class type="button" aria-disabled=disabled_text on:click=press>
            {icon.map(|icon| view! { <Glyph icon/> })}
            <span>{move || word.get()}</span>
        </button>
    }
}

/// A note in a person's words. Never about a customer, and it says so.
#[component]
pub(super) fn NoteField(note: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="field">
            {move || Msg::Note.say(lang())}
            <textarea
                rows="2"
                maxlength=NOTE_CHARS_MAX.to_string()
                prop:value=note
                on:input=move |event| note.set(event_target_value(&event))
            ></textarea>
            <small>{move || Msg::NoteHow.say(lang())}</small>
        </label>
    }
}

/// The icon of a channel.
pub(super) fn channel_icon(channel: Channel) -> Icon {
    match channel {
        Channel::Pickup => Icon::ShoppingBag,
        Channel::Curbside => Icon::Car,
        Channel::Delivery => Icon::Truck,
        Channel::InStore => Icon::Store,
    }
}

/// The word of a channel.
pub(super) fn channel_word(channel: Channel) -> Msg {
    match channel {
        Channel::Pickup => Msg::Pickup,
        Channel::Curbside => Msg::Curbside,
        Channel::Delivery => Msg::Delivery,
        Channel::InStore => Msg::InStore,
    }
}

/// The fixed word of a status.
pub(super) fn status_word(status: Status) -> Msg {
    match status {
        Status::New => Msg::StatusNew,
        Status::Ready => Msg::StatusReady,
        Status::Claimed | Status::Picking => Msg::StatusPicking,
        Status::Picked => Msg::StatusPicked,
        Status::Verifying | Status::Verified => Msg::StatusVerifying,
        Status::Labelled | Status::Sealed => Msg::StatusPacked,
        Status::Staged => Msg::StatusStaged,
        Status::Out => Msg::StatusOut,
        Status::HandedOver => Msg::StatusHandedOver,
        Status::Returned => Msg::StatusReturned,
        Status::Short | Status::Problem => Msg::StatusProblem,
        Status::Cancelled => Msg::StatusCancelled,
    }
}

/// The locale the browser's tables are asked for.
pub(super) fn locale_of(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en-US",
        Lang::Es => "es-US",
    }
}

/// An instant's time of day in the shop's zone.
pub(super) fn clock_text(at: domain::time::Millis) -> String {
    locale::time("en-US", &device().zone(), at)
}

/// Channel and promise in one: `Pickup 2:20 pm`.
pub(super) fn due_text(lang: Lang, order: &Order) -> String {
    let at = clock_text(order.promise_end);
    match order.channel {
        Channel::Pickup => pick::due_pickup(lang, at),
        Channel::Curbside => pick::due_curbside(lang, at),
        Channel::Delivery => pick::due_delivery(lang, at),
        Channel::InStore => pick::due_in_store(lang, at),
    }
}

/// A tote by number, colour and shape: `3, pink triangle`.
pub(super) fn tote_name(lang: Lang, number: u8) -> String {
    let look = match number % 8 {
        1 => Msg::ToteLook1,
        2 => Msg::ToteLook2,
        3 => Msg::ToteLook3,
        4 => Msg::ToteLook4,
        5 => Msg::ToteLook5,
        6 => Msg::ToteLook6,
        7 => Msg::ToteLook7,
        _ => Msg::ToteLook8,
    };
    pick::tote_named(lang, number, look.say(lang))
}

/// Whole minutes until an instant; negative when it has passed.
pub(super) fn minutes_until(at: domain::time::Millis) -> i64 {
    at.since(device().now()).div_euclid(60_000)
}

/// Whole minutes since an instant.
pub(super) fn minutes_since(at: domain::time::Millis) -> u64 {
    u64::try_from(device().now().since(at) / 60_000).unwrap_or(0)
}

/// `14 min left` in a chip, amber once it is late.
#[component]
pub(super) fn Left(at: domain::time::Millis) -> impl IntoView {
    let tick = super::frame::minute();
    let minutes = move || {
        tick.track();
        minutes_until(at)
    };
    view! {
        <span class="chip" data-tone=move || (minutes() < 0).then_some("attend")>
            <Glyph icon=Icon::Timer/>
            {move || time::left(lang(), minutes())}
        </span>
    }
}

/// Buttons of which one is pressed at a time.
pub(super) fn pressed_one(
    words: impl Iterator<Item = (Msg, Icon)>,
    pressed: impl Fn() -> Option<usize> + Copy + Send + 'static,
    press: impl Fn(usize) + Copy + 'static,
) -> impl IntoView {
    words
        .enumerate()
        .map(|(index, (word, icon))| {
            view! {
                <button
                    class="btn"
                    type="button"
                    aria-pressed=move || (pressed() == Some(index)).to_string()
                    on:click=move |_| press(index)
                >
                    <Glyph icon/>
                    <span>{move || word.say(lang())}</span>
                </button>
            }
        })
        .collect_view()
}

/// One thing the person at the counter answers for.
#[component]
pub(super) fn Answer(word: Msg, given: RwSignal<bool>) -> impl IntoView {
    let tone = move || given.get().then_some("accept");
    view! {
        <li>
            <button
                type="button"
                aria-pressed=move || given.get().to_string()
                on:click=move |_| given.update(|given| *given = !*given)
            >
                <span class="mark" data-tone=tone>
                    {move || given.get().then(|| view! { <Glyph icon=Icon::Check/> })}
                </span>
                {move || word.say(lang())}
            </button>
        </li>
    }
}
