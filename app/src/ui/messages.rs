//! Short messages about an order: what was said, and saying something.
//!
//! In: an order. Out: words from a short list, through `tell::decide`, and that somebody sees to them. Must not: take free text.

use domain::custody::tell::{self, Word};
use domain::id::{EventId, OrderId};
use domain::time::Millis;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan;
use crate::ui::choice::lang;
use crate::ui::frame::minute;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, minutes_since};
use crate::ui::settle::name_of;
use crate::ui::short_order::ShortOrder;
use crate::ui::words::{Lang, Msg, messages, time};

/// Messages shown at once above a list; the rest is a number.
const SHOWN_MAX: usize = 3;

/// What can be said, in the order of the sheet.
const WORDS: [Word; 5] = [
    Word::CustomerHere,
    Word::CustomerLeft,
    Word::NeedId,
    Word::ItemShort,
    Word::CallMe,
];

/// The words of a word.
pub(super) fn word_of(word: Word) -> Msg {
    match word {
        Word::CustomerHere => Msg::CustomerIsHere,
        Word::CustomerLeft => Msg::CustomerHasLeft,
        Word::NeedId => Msg::NeedTheId,
        Word::ItemShort => Msg::ItemIsShort,
        Word::CallMe => Msg::CallMe,
        Word::Newer(_) => Msg::NewerMessage,
    }
}

fn icon_of(word: Word) -> Icon {
    match word {
        Word::CustomerHere => Icon::UserCheck,
        Word::CustomerLeft => Icon::LogOut,
        Word::NeedId => Icon::IdCard,
        Word::ItemShort => Icon::PackageX,
        Word::CallMe => Icon::Phone,
        Word::Newer(_) => Icon::MessageSquare,
    }
}

/// A message nobody has seen to.
#[derive(Clone, PartialEq)]
struct Said {
    order: OrderId,
    code: String,
    event: EventId,
    word: Word,
    who: String,
    at: Millis,
    mine: bool,
}

fn said(only: Option<OrderId>) -> Vec<Said> {
    let me = device().actor().map(|actor| actor.id);
    device().ledger(|ledger| {
        let is_asked = |id: &OrderId| only.is_none_or(|only| only == *id);
        let orders = ledger.orders.values().filter(|order| is_asked(&order.id));
        let open = orders
            .filter(|order| !order.status.is_closed())
            .flat_map(|order| {
                tell::open(order).map(|message| Said {
                    order: order.id,
                    code: order.code.clone(),
                    event: message.event,
                    word: message.word,
                    who: name_of(ledger, message.from),
                    at: message.at,
                    mine: Some(message.from) == me,
                })
            });
        let mut all: Vec<Said> = open.collect();
        // Whoever stands there waits for somebody, whatever was said before.
        all.sort_by_key(|one| (one.word != Word::CustomerHere, one.at));
        all
    })
}

/// Says a word about an order.
pub(super) fn say(order: OrderId, word: Word) {
    spawn_local(async move {
        let decide = |ledger: &_, here: &_| tell::decide(ledger, here, order, word);
        scan::shown(order, device().act(None, decide).await);
    });
}

fn see(order: OrderId, message: EventId) {
    spawn_local(async move {
        let decide = |ledger: &_, here: &_| tell::decide_seen(ledger, here, order, message);
        scan::shown(order, device().act(None, decide).await);
    });
}

fn line(lang: Lang, one: &Said) -> String {
    minute().track();
    let age = time::age(lang, minutes_since(one.at));
    messages::said_by(lang, word_of(one.word).say(lang), &one.who, age)
}

fn row(one: Said, lacking: Option<RwSignal<Option<OrderId>>>) -> impl IntoView {
    let (order, event, word) = (one.order, one.event, one.word);
    let code = one.code.clone();
    // What is short is answered where the customer's word is kept.
    let answer = lacking.filter(|_| word == Word::ItemShort).map(|lacking| {
        view! {
            <button class="btn btn-small" type="button" on:click=move |_| lacking.set(Some(order))>
                <span>{move || Msg::WhatToDo.say(lang())}</span>
            </button>
        }
    });
    view! {
        <li data-word=format!("{word:?}")>
            <Glyph icon=icon_of(word)/>
            <span class="grow"><b class="code">{code}</b>" "{move || line(lang(), &one)}</span>
            {answer}
            <button class="btn btn-small" type="button" on:click=move |_| see(order, event)>
                <span>{move || Msg::SeeToIt.say(lang())}</span>
            </button>
        </li>
    }
}

/// What others said and nobody has seen to, above a list.
#[component]
pub(super) fn News() -> impl IntoView {
    let all = Memo::new(|_| {
        let mut all = said(None);
        all.retain(|one| !one.mine);
        all
    });
    let lacking = RwSignal::new(None);
    let list = move || {
        let mut all = all.get();
        let more = u32::try_from(all.len().saturating_sub(SHOWN_MAX)).unwrap_or(u32::MAX);
        all.truncate(SHOWN_MAX);
        (!all.is_empty()).then(|| {
            view! {
                <ul class="news" role="status">
                    {all.into_iter().map(|one| row(one, Some(lacking))).collect_view()}
                    {(more > 0).then(|| view! {
                        <li class="soft">{move || messages::more_messages(lang(), more)}</li>
                    })}
                </ul>
            }
        })
    };
    view! {
        {list}
        <ShortOrder open=lacking back=Msg::Close/>
    }
}

/// The sheet on which something is said about an order.
#[component]
pub(super) fn Say(about: RwSignal<Option<OrderId>>) -> impl IntoView {
    move || {
        let id = about.get()?;
        let (code, news) = device().ledger(|ledger| {
            let order = ledger.orders.get(&id)?;
            let news = WORDS.into_iter().filter(|word| tell::is_news(order, *word));
            Some((order.code.clone(), news.collect::<Vec<_>>()))
        })?;
        let choose = move |word| {
            about.set(None);
            say(id, word);
        };
        let words = news.into_iter().map(|word| {
            view! {
                <button class="btn" type="button" data-word=format!("{word:?}") on:click=move |_| choose(word)>
                    <Glyph icon=icon_of(word)/>
                    <span>{move || word_of(word).say(lang())}</span>
                </button>
            }
        });
        let open = said(Some(id))
            .into_iter()
            .map(|one| row(one, None))
            .collect_view();
        Some(view! {
            <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="say-title">
                <header class="sheet-head">
                    <h2 id="say-title">{move || messages::about(lang(), &code)}</h2>
                </header>
                <div class="sheet-body">
                    <ul class="news">{open}</ul>
                    <div class="kinds">{words.collect_view()}</div>
                </div>
                <footer class="dock">
                    <Button
                        word=Signal::derive(|| Msg::Close.say(lang()).to_owned())
                        act=move || about.set(None)
                    />
                </footer>
            </section>
        })
    }
}

/// That a customer waits for this order, in a chip.
#[component]
pub(super) fn WaitsChip(id: OrderId) -> impl IntoView {
    let since =
        Memo::new(move |_| device().ledger(|ledger| tell::waiting_since(ledger.orders.get(&id)?)));
    move || {
        since.get().map(|since| {
            let text = move || {
                minute().track();
                messages::here_for(lang(), time::age(lang(), minutes_since(since)))
            };
            view! {
                <span class="chip" data-tone="attend"><Glyph icon=Icon::UserCheck/>{text}</span>
            }
        })
    }
}
