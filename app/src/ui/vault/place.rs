//! One place of the drawing: where it is, what stands there, where one can go from it.
//!
//! In: the place that was chosen, figures and taps. Out: changes. Must not: take a figure that is none.

use domain::facility::LocationCode;
use domain::plan::edit::{metres, metres_text};
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::icons::Icon;
use crate::ui::parts::Button;
use crate::ui::vault::labels::print_labels;
use crate::ui::vault::{Desktop, place_title, shelves, text};
use crate::ui::words::{Msg, vault};

/// The place that was chosen, or nothing.
#[component]
pub(super) fn Place(desktop: Desktop) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let name = desktop.chosen.get()?;
        let is_there = desktop
            .vault
            .with(|vault| vault.places().iter().any(|spot| spot.name == name));
        is_there.then_some(name)
    });
    move || chosen.get().map(|name| view! { <Chosen desktop name/> })
}

#[component]
fn Chosen(desktop: Desktop, name: String) -> impl IntoView {
    let key = StoredValue::new(name);
    let title = move || {
        let title = desktop
            .vault
            .with(|vault| place_title(vault, &key.get_value()));
        title.unwrap_or_else(|| Msg::PackStation.say(lang()).to_owned())
    };
    let is_station = move || {
        desktop
            .vault
            .with(|vault| vault.drawing.station == key.get_value())
    };
    let away = move || {
        desktop.change(|vault| vault.take_away(&key.get_value()));
    };
    view! {
        <section class="card vault-place" data-chosen="">
            <h2>{title}</h2>
            <At desktop key/>
            <Stands desktop key/>
            <Ways desktop key/>
            {move || (!is_station()).then(|| view! { <Button word=text(Msg::TakePlaceAway) act=away/> })}
        </section>
    }
}

/// Where it is, in figures.
#[component]
fn At(desktop: Desktop, key: StoredValue<String>) -> impl IntoView {
    let at = Memo::new(move |_| {
        let places = desktop.vault.with(|vault| vault.places());
        let spot = places.into_iter().find(|spot| spot.name == key.get_value());
        spot.map_or((0, 0), |spot| (spot.right, spot.down))
    });
    let right = RwSignal::new(String::new());
    let down = RwSignal::new(String::new());
    Effect::new(move |_| {
        let at = at.get();
        right.set(metres_text(at.0));
        down.set(metres_text(at.1));
    });
    let is_bad = move |field: RwSignal<String>| field.with(|typed| metres(typed).is_none());
    let put = move || {
        let typed = metres(&right.get_untracked()).zip(metres(&down.get_untracked()));
        if let Some((right, down)) = typed {
            desktop.change(|vault| vault.put(&key.get_value(), right, down));
        }
    };
    let field = move |label: Msg, value: RwSignal<String>| {
        view! {
            <label class="field">
                {move || label.say(lang())}
                <input
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    prop:value=value
                    aria-invalid=move || is_bad(value).to_string()
                    on:input=move |event| value.set(event_target_value(&event))
                    on:keydown=move |event| if event.key() == "Enter" { put() }
                />
            </label>
        }
    };
    let any_bad = Signal::derive(move || is_bad(right) || is_bad(down));
    view! {
        <div class="vault-at">{field(Msg::MetresRight, right)}{field(Msg::MetresDown, down)}</div>
        {move || any_bad.get().then(|| view! {
            <p class="field-answer" role="alert">{move || Msg::NotALength.say(lang())}</p>
        })}
        <Button word=text(Msg::PutHere) disabled=any_bad act=put/>
    }
}

/// The shelves at it.
#[component]
fn Stands(desktop: Desktop, key: StoredValue<String>) -> impl IntoView {
    let here = Memo::new(move |_| {
        let name = key.get_value();
        desktop
            .vault
            .with(|vault| vault.shelves_at(&name).cloned().collect::<Vec<_>>())
    });
    // Those that stand nowhere come first.
    let others = move || {
        let mut others = shelves();
        desktop.vault.with(|vault| {
            let drawn = |code: &LocationCode| {
                let mut shelves = vault.drawing.shelves.iter();
                shelves.any(|(known, _)| known == code)
            };
            let here = here.get();
            others.retain(|code| !here.contains(code));
            others.sort_by_key(|code| (drawn(code), code.clone()));
        });
        others
    };
    let put = move |event: leptos::ev::Event| {
        let code = LocationCode::new(&event_target_value(&event));
        if !code.as_str().is_empty() {
            desktop.change(|vault| vault.shelve(&code, &key.get_value()));
        }
    };
    let row = move |code: LocationCode| {
        let shown = code.to_string();
        let named = shown.clone();
        let away = move |_| desktop.change(|vault| vault.unshelve(&code));
        view! {
            <li>
                <b class="code">{shown}</b>
                <button
                    class="btn btn-small"
                    type="button"
                    aria-label=move || vault::take_shelf_away(lang(), &named)
                    on:click=away
                >
                    <span>{move || Msg::TakeShelfAway.say(lang())}</span>
                </button>
            </li>
        }
    };
    view! {
        <h3>{move || Msg::ShelvesHere.say(lang())}</h3>
        <ul class="vault-list">{move || here.get().into_iter().map(row).collect_view()}</ul>
        <label class="field">
            {move || Msg::PutShelfHere.say(lang())}
            <select on:change=put>
                <option value="" selected>{move || Msg::ChooseShelf.say(lang())}</option>
                {move || {
                    let option = |code: LocationCode| {
                        let code = code.to_string();
                        view! { <option value=code.clone()>{code.clone()}</option> }
                    };
                    others().into_iter().map(option).collect_view()
                }}
            </select>
        </label>
        {move || (!here.with(Vec::is_empty)).then(|| view! {
            <Button
                icon=Icon::Printer
                word=text(Msg::PrintTheseLabels)
                act=move || print_labels(here.get_untracked())
            />
        })}
    }
}

/// The ways from it; a tap changes one.
#[component]
fn Ways(desktop: Desktop, key: StoredValue<String>) -> impl IntoView {
    let ways = move || {
        let name = key.get_value();
        desktop.vault.with(|vault| {
            let aisles = vault.drawing.aisles.iter();
            let touching = aisles.filter(|aisle| aisle.from == name || aisle.to == name);
            let way = |aisle: &domain::plan::map::Aisle| {
                let leaves = aisle.from == name;
                let other = if leaves { &aisle.to } else { &aisle.from };
                let how = match (aisle.one_way, leaves) {
                    (false, _) => Msg::BothWays,
                    (true, true) => Msg::OnlyThere,
                    (true, false) => Msg::OnlyHere,
                };
                (
                    other.clone(),
                    place_title(vault, other),
                    how,
                    metres_text(aisle.millimetres),
                )
            };
            touching.map(way).collect::<Vec<_>>()
        })
    };
    let row = move |(other, title, how, metres): (String, Option<String>, Msg, String)| {
        let turn = move |_| desktop.change(|vault| vault.join(&key.get_value(), &other));
        let words = move || {
            let title = title
                .clone()
                .unwrap_or_else(|| Msg::PackStation.say(lang()).to_owned());
            vault::way_to(lang(), title, how.say(lang()), &metres)
        };
        view! { <li><button class="btn btn-small" type="button" on:click=turn><span>{words}</span></button></li> }
    };
    view! {
        <h3>{move || Msg::WaysFromHere.say(lang())}</h3>
        <ul class="vault-list" data-ways="">{move || ways().into_iter().map(row).collect_view()}</ul>
    }
}
