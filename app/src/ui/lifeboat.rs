//! The lifeboat: this device's acts into a file, another's acts out of one.
//!
//! In: what waits to be sent, a file. Out: a file, and what became of the acts. Must not: say that an act is with the
//! carrier before its storage said so.

use domain::id::Epoch;
use domain::sync::lifeboat::{FILE_BYTES_MAX, Lifeboat, NotTaken};
use domain::time::Millis;
use leptos::html::Input as Field;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{UNSENT_ALARM_MIN, UNSENT_LATE_MIN, device};
use crate::platform::{clock, file, locale};
use crate::sync::carry::{self, NotCarried, OnTheWay};
use crate::ui::choice::lang;
use crate::ui::frame::minute;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, clock_text};
use crate::ui::words::{Lang, Msg, lifeboat as words, time};

/// How late what is not sent is: "ok", "late" or "bad".
pub(super) fn lateness() -> &'static str {
    minute().track();
    match device().unsent_minutes() {
        Some(minutes) if minutes >= UNSENT_ALARM_MIN => "bad",
        Some(minutes) if minutes >= UNSENT_LATE_MIN => "late",
        _ => "ok",
    }
}

/// How old the oldest act is that is not sent; nothing when all is sent.
pub(super) fn unsent_age() -> String {
    minute().track();
    let minutes = device().unsent_minutes();
    minutes.map_or_else(String::new, |minutes| time::age(lang(), minutes))
}

fn count(acts: usize) -> u32 {
    u32::try_from(acts).unwrap_or(u32::MAX)
}

/// The file's name: whose, and of which day and minute.
fn file_name(boat: &Lifeboat) -> String {
    let keep = |letter: char| match letter.is_alphanumeric() {
        true => letter,
        false => '-',
    };
    let name: String = boat.name.chars().map(keep).collect();
    let at = Millis(boat.made_at);
    let zone = locale::own_zone();
    let day = locale::day(&zone, at).map_or_else(String::new, |day| day.to_string());
    let minute = locale::time("en-US", &zone, at).replace([':', ' ', '\u{202f}'], "-");
    format!("custody-{name}-{day}-{minute}.lifeboat")
}

/// Saves a lifeboat; what to say of it.
fn save(boat: Option<Lifeboat>) -> String {
    let Some(boat) = boat else {
        return Msg::BoatNothing.say(lang()).to_owned();
    };
    let name = file_name(&boat);
    match file::save(&name, &boat.to_bytes()) {
        Some(()) => words::saved_acts(lang(), count(boat.len()), name),
        None => Msg::BoatNotSaved.say(lang()).to_owned(),
    }
}

/// The button that takes what is not sent along. `said` learns what became of it.
#[component]
pub(super) fn TakeAlong(said: RwSignal<String>) -> impl IntoView {
    let unsent = Memo::new(|_| device().report.get().unsent);
    move || {
        let acts = unsent.get();
        (acts > 0).then(|| {
            let word = Signal::derive(move || words::take_along(lang(), count(acts)));
            let act = move || said.set(save(device().lifeboat()));
            view! { <Button icon=Icon::Download word act/> }
        })
    }
}

/// This device's own acts, and those of others.
#[component]
pub(super) fn Boats() -> impl IntoView {
    let said = RwSignal::new(String::new());
    let all = move || {
        spawn_local(async move {
            let boat = device().whole_lifeboat().await;
            said.set(boat.map_or_else(|_| Msg::BoatNotRead.say(lang()).to_owned(), save));
        });
    };
    view! {
        <section class="boats" aria-labelledby="boats">
            <h2 id="boats">{move || Msg::BoatTitle.say(lang())}</h2>
            <p class="soft">{move || Msg::BoatWhy.say(lang())}</p>
            <div class="boat-do">
                <TakeAlong said/>
                <Button
                    icon=Icon::Download
                    word=Signal::derive(|| Msg::BoatWhole.say(lang()).to_owned())
                    act=all
                />
            </div>
            <p class="boat-said" role="status">{move || said.get()}</p>
            <Carry/>
        </section>
    }
}

fn refusal(why: &NotCarried) -> Msg {
    match why {
        NotCarried::File(NotTaken::OtherFile) => Msg::BoatOtherFile,
        NotCarried::File(NotTaken::Damaged) => Msg::BoatDamaged,
        NotCarried::File(NotTaken::TooLarge) => Msg::BoatTooLarge,
        NotCarried::File(NotTaken::OtherShop) => Msg::BoatOtherShop,
        NotCarried::File(NotTaken::Empty) => Msg::BoatEmpty,
        NotCarried::Own => Msg::BoatOwn,
        NotCarried::Store(_) => Msg::BoatNotKept,
        NotCarried::NotEnrolled => Msg::BoatNotEnrolled,
    }
}

/// What a chosen file holds, in words.
fn told(boat: &Lifeboat) -> String {
    let made = minutes_between(boat.made_at, clock::wall());
    words::file_holds(
        lang(),
        count(boat.len()),
        boat.name.clone(),
        time::ago(lang(), made),
    )
}

fn minutes_between(from: i64, to: i64) -> u64 {
    u64::try_from(to.saturating_sub(from) / 60_000).unwrap_or(0)
}

/// Chooses a file, looks at it, takes it along, and tells what became of its acts.
#[component]
fn Carry() -> impl IntoView {
    let field = NodeRef::<Field>::new();
    let chosen = RwSignal::new(None::<Lifeboat>);
    let said = RwSignal::new(String::new());
    let look = move |_| {
        spawn_local(async move {
            let Some(field) = field.get_untracked() else {
                return;
            };
            let bytes = file::chosen(&field, FILE_BYTES_MAX).await;
            let looked = match bytes {
                Some(bytes) => carry::look(device(), &bytes),
                None => Err(NotCarried::File(NotTaken::TooLarge)),
            };
            match looked {
                Ok(boat) => {
                    said.set(told(&boat));
                    chosen.set(Some(boat));
                }
                Err(why) => {
                    said.set(refusal(&why).say(lang()).to_owned());
                    chosen.set(None);
                }
            }
        });
    };
    let take = move || {
        let Some(boat) = chosen.get_untracked() else {
            return;
        };
        chosen.set(None);
        spawn_local(async move {
            let acts = count(boat.len());
            said.set(match carry::take(device(), boat).await {
                Ok(()) => words::carries_acts(lang(), acts),
                Err(why) => refusal(&why).say(lang()).to_owned(),
            });
        });
    };
    view! {
        <label class="btn boat-choose">
            <Glyph icon=Icon::CloudUpload/>
            <span>{move || Msg::BoatChoose.say(lang())}</span>
            <input class="sr" type="file" accept=".lifeboat,application/octet-stream" node_ref=field on:change=look/>
        </label>
        <p class="boat-said" role="status">{move || said.get()}</p>
        {move || {
            chosen.get().map(|boat| {
                let acts = count(boat.len());
                let word = Signal::derive(move || words::carry_acts(lang(), acts));
                view! { <Button icon=Icon::CloudUpload word primary=true act=take/> }
            })
        }}
        <OnTheWayList/>
    }
}

/// When a chain's writer started: a chain's name begins with that moment.
fn began(epoch: Epoch) -> String {
    let mut bytes = [0; 8];
    bytes[2..].copy_from_slice(&epoch.0[..6]);
    clock_text(Millis(i64::from_be_bytes(bytes)))
}

/// What became of a chain's acts so far, in words.
fn fates(lang: Lang, row: &OnTheWay) -> String {
    let mut parts = Vec::new();
    let told = &row.told;
    if row.left > 0 {
        parts.push(words::acts_left(lang, count(row.left)));
    }
    if told.arrived > 0 {
        parts.push(words::acts_arrived(lang, told.arrived));
    }
    if told.known > 0 {
        parts.push(words::acts_known(lang, told.known));
    }
    if told.aside > 0 {
        parts.push(words::acts_aside(lang, told.aside));
    }
    parts.join(" · ")
}

#[component]
fn OnTheWayList() -> impl IntoView {
    let rows = device().carrying.shown;
    let is_over = Memo::new(move |_| {
        rows.with(|rows| !rows.is_empty() && rows.iter().all(|row| row.left == 0))
    });
    let shown = move |row: OnTheWay| {
        let state = if row.waits || row.told.aside > 0 {
            "late"
        } else {
            "ok"
        };
        let icon = if row.left > 0 {
            Icon::CloudUpload
        } else {
            Icon::Check
        };
        let head = words::chain_of(lang(), row.told.name.clone(), began(row.chain.1));
        let waits = row.waits.then(|| Msg::BoatWaits.say(lang()));
        view! {
            <li data-state=state data-left=row.left>
                <Glyph icon/>
                <span class="boat-of">{head}</span>
                <span class="boat-fate">{fates(lang(), &row)} {waits.map(|text| view! { <br/>{text} })}</span>
            </li>
        }
    };
    view! {
        <ul class="boat-list" data-carried="">
            {move || rows.get().into_iter().map(shown).collect_view()}
        </ul>
        {move || {
            is_over.get().then(|| view! {
                <button class="btn btn-small" type="button" on:click=|_| spawn_local(carry::clear(device()))>
                    <span>{move || Msg::BoatClear.say(lang())}</span>
                </button>
            })
        }}
    }
}

/// Signing out while something is not sent: what that means, and the lifeboat first.
#[component]
pub(super) fn LeavingUnsent(asked: RwSignal<bool>) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let unsent = Memo::new(|_| device().report.get().unsent);
    move || {
        (asked.get() && unsent.get() > 0).then(|| {
            view! {
                <div class="notice" data-tone="attend" role="alert">
                    <Glyph icon=Icon::TriangleAlert/>
                    <span class="grow">
                        {move || words::unsent_stay(lang(), count(unsent.get()))} " " {move || said.get()}
                    </span>
                    <TakeAlong said/>
                </div>
            }
        })
    }
}
