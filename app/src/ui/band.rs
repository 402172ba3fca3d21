//! The band under the work: waiting, accepted, attention. The refusal lies over the work: what was scanned, what to take, and why.

use domain::code::near_miss::marks;
use domain::event::Body;
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::verdict::{Instead, Reason, Refusal};
use leptos::prelude::*;

use crate::device::{Outcome, device};
use crate::scan::{self, Close, Feedback, First, Open};
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon, ToteToken};
use crate::ui::limits;
use crate::ui::parts::{Cells, tote_name};
use crate::ui::viewfinder::{OpenCamera, Viewfinder};
use crate::ui::words::refuse::{Facts, Refused, words_of};
use crate::ui::words::second::bag_must_be;
use crate::ui::words::{Lang, Msg, acts, pack, pick, shell};

/// The same where no band is.
mod answered;
/// What was reported missing, and is in the hand.
mod found;
/// The text behind a refusal.
mod source;

pub(super) use answered::Answered;
use found::InHand;

/// What became of an act: nothing to say once it is saved, else why it is not.
pub(super) fn answer(outcome: &Outcome) -> Result<(), String> {
    match outcome {
        Outcome::Saved(_) => Ok(()),
        Outcome::Refused(refusal) => Err(words_of(refusal.reason).what(lang()).to_owned()),
        Outcome::NotKept(_) => Err(Msg::CannotSave.say(lang()).to_owned()),
    }
}

/// The same, where "Saved" is said too.
pub(super) fn said(outcome: &Outcome) -> String {
    let answer = answer(outcome);
    answer.map_or_else(|why| why, |()| Msg::Saved.say(lang()).to_owned())
}

/// The words and facts of a refusal, as a screen reader says them.
struct Told {
    word: &'static str,
    what: String,
    act: String,
    why: &'static str,
}

fn told(lang: Lang, refusal: &Refusal) -> Told {
    let refused = words_of(refusal.reason);
    let tail = refusal.expected.as_ref().map_or("", |tag| tag.tail());
    let slot = refusal
        .slot
        .as_ref()
        .map(|slot| slot.as_str())
        .or(refusal.location.as_ref().map(|location| location.as_str()))
        .unwrap_or_default();
    let name = name_of(lang, refusal);
    let facts = Facts {
        tail,
        slot,
        name: &name,
    };
    Told {
        word: refused.word(lang),
        what: match &refusal.limit {
            Some(over) => limits::over(lang, over),
            None => what_of(lang, refused.what(lang), refusal),
        },
        act: match refusal.instead.as_deref() {
            Some(Instead::Bag(bag)) if !bag.fitting.is_empty() => {
                pack::take_one_of(lang, bag.fitting.join(", "))
            }
            _ => refused.act(lang, facts),
        },
        why: refused.why(lang),
    }
}

/// What was scanned and what was wanted, where a bag, a label or a ticket is not the one.
fn papers(lang: Lang, refusal: &Refusal) -> Option<String> {
    let code = |id: &OrderId| {
        device().ledger_now(|ledger| ledger.orders.get(id).map(|order| order.code.clone()))
    };
    match refusal.instead.as_deref()? {
        Instead::Bag(bag) => {
            let name = bag.name.clone();
            let name = name.unwrap_or_else(|| Msg::NoBagOfOurs.say(lang).to_owned());
            let wanted = bag_must_be(lang, bag.needs);
            Some(pack::scanned_not_wanted(lang, name, wanted))
        }
        Instead::PaperOf(order) if refusal.reason == Reason::WrongLabel => {
            Some(pack::label_is_dead(lang, code(order)?))
        }
        Instead::PaperOf(order) => {
            let wanted = code(refusal.order.as_ref()?)?;
            Some(pack::scanned_of_another(lang, code(order)?, wanted))
        }
    }
}

/// What happened, with the product in the hand by its name where that is not the one the order wants.
fn what_of(lang: Lang, what: &str, refusal: &Refusal) -> String {
    if let Some(said) = papers(lang, refusal) {
        return said;
    }
    let is_about_goods = matches!(
        refusal.reason,
        Reason::NotOnThisOrder | Reason::LineComplete
    );
    let scanned = refusal.scanned.as_ref().filter(|_| is_about_goods);
    let named = scanned.and_then(|tag| {
        let item = device().ledger_now(|ledger| ledger.item_of(tag).map(|item| item.name.clone()));
        Some(format!("{}, …{}. {what}", item?, tag.tail()))
    });
    named.unwrap_or_else(|| what.to_owned())
}

fn name_of(lang: Lang, refusal: &Refusal) -> String {
    if let Some(tote) = refusal.tote {
        return tote_name(lang, tote);
    }
    device()
        .ledger_now(|ledger| {
            if let Some(order) = &refusal.order {
                return ledger.orders.get(order).map(|order| order.code.clone());
            }
            if let Some(holder) = refusal.holder {
                return ledger.actors.get(&holder).map(|actor| actor.name.clone());
            }
            ledger
                .item_of(refusal.expected.as_ref()?)
                .map(|item| item.name.clone())
        })
        .unwrap_or_default()
}

/// The band of a task. `word` and `what` say what it waits for; when `refused`, why nothing may go on.
#[component]
pub(super) fn Band(
    #[prop(into)] word: Signal<String>,
    #[prop(into)] what: Signal<String>,
    #[prop(optional)] low: bool,
    #[prop(optional, into)] refused: Signal<bool>,
) -> impl IntoView {
    answered::keep_away();
    let feedback = scan::signals().feedback;
    let low = low.then_some("");
    let said = move || {
        verdict(feedback.get(), low).unwrap_or_else(|| {
            let (verdict, icon, role) = match refused.get() {
                true => ("refused", Icon::Refused, Some("alert")),
                false => ("waiting", Icon::Aim, None),
            };
            view! {
                <section class="band" data-verdict=verdict data-low=low role=role>
                    <Glyph icon/>
                    <div>
                        <p class="band-word">{move || word.get()}</p>
                        <p class="band-what">{move || what.get()}</p>
                    </div>
                    {(!refused.get()).then(|| view! { <Ready/> })}
                </section>
            }
            .into_any()
        })
    };
    view! { <Viewfinder/>{said} }
}

/// What a band says of the last scan; nothing while it waits, or where the refusal says it.
fn verdict(feedback: Feedback, low: Option<&'static str>) -> Option<AnyView> {
    Some(match feedback {
        Feedback::Accepted(body) => view! { <AcceptedBand body=*body low/> }.into_any(),
        Feedback::Led(open) => view! { <LedBand open low/> }.into_any(),
        Feedback::Attention(refusal) => {
            let told = move || told(lang(), &refusal);
            let text = Signal::derive(move || {
                let told = told();
                (told.word.to_owned(), format!("{} {}", told.what, told.act))
            });
            view! { <AttentionBand text low/> }.into_any()
        }
        Feedback::LookClosely(close) => view! { <LookClosely close=*close low/> }.into_any(),
        Feedback::Found(found) => view! { <InHand found=*found low/> }.into_any(),
        Feedback::First(first) => {
            let (word, what) = match first {
                First::Bag => (Msg::BagFirst, Msg::BagFirstHow),
                First::Badge => (Msg::BadgeFirst, Msg::BadgeFirstHow),
                First::Order => (Msg::OrderFirst, Msg::OrderFirstHow),
                First::Again => (Msg::CutOff, Msg::CutOffHow),
            };
            let text =
                Signal::derive(move || (word.say(lang()).to_owned(), what.say(lang()).to_owned()));
            view! { <AttentionBand text low/> }.into_any()
        }
        Feedback::Waiting | Feedback::Refused(_) | Feedback::NotKept => return None,
    })
}

#[component]
fn LookClosely(close: Close, low: Option<&'static str>) -> impl IntoView {
    let Close {
        read,
        to,
        is_of_order,
    } = close;
    let tail = to.tail().to_owned();
    let (words, other_is) = if is_of_order {
        (Refused::LookClosely, Msg::TakeThisOne)
    } else {
        (Refused::NearlyInStock, Msg::InStockIs)
    };
    let text = Signal::derive(move || {
        let facts = Facts {
            tail: &tail,
            ..Facts::default()
        };
        (words.word(lang()).to_owned(), words.act(lang(), facts))
    });
    view! {
        <AttentionBand text low/>
        <section class="refusal" data-verdict="attention" role="alert">
            <Glyph icon=Icon::Attention/>
            <div>
                <p class="refusal-word">{move || text.get().0}</p>
                <p class="refusal-what">{move || words.what(lang())}</p>
            </div>
            <Compare read right=to.to_string() right_is=other_is/>
            <div class="refusal-do"><p><b>{move || text.get().1}</b></p></div>
        </section>
    }
}

#[component]
fn Ready() -> impl IntoView {
    let waiting = scan::signals().waiting;
    view! {
        <div class="band-side">
            <p data-from="portrait">
                <Glyph icon=Icon::CircleCheck/>" "
                {move || match waiting.get() {
                    0 => Msg::ScannerReady.say(lang()).to_owned(),
                    count => shell::scans_wait(lang(), count),
                }}
            </p>
            <OpenCamera/>
        </div>
    }
}

/// Scans that wait behind the one that is shown.
#[component]
fn Waits() -> impl IntoView {
    let waiting = scan::signals().waiting;
    move || match waiting.get() {
        0 => None,
        count => Some(view! { <small data-waiting="">{shell::scans_wait(lang(), count)}</small> }),
    }
}

#[component]
fn AttentionBand(text: Signal<(String, String)>, low: Option<&'static str>) -> impl IntoView {
    view! {
        <section class="band" data-verdict="attention" data-low=low role="alert">
            <Glyph icon=Icon::Attention/>
            <div>
                <p class="band-word">{move || text.get().0}</p>
                <p class="band-what">{move || text.get().1}</p>
            </div>
            <p class="band-side"><Waits/></p>
        </section>
    }
}

#[component]
fn AcceptedBand(body: Body, low: Option<&'static str>) -> impl IntoView {
    let what = move || accepted_text(lang(), &body);
    view! {
        <section class="band" data-verdict="accepted" data-low=low role="status" aria-live="assertive">
            <Glyph icon=Icon::Accepted/>
            <div>
                <p class="band-word">{move || Msg::Accepted.say(lang())}</p>
                <p class="band-what">{what}</p>
            </div>
            <p class="band-side" data-saved="">
                <Glyph icon=Icon::Check/>" "
                {move || Msg::Saved.say(lang())}
                <small data-from="portrait">{move || Msg::OnThisTablet.say(lang())}</small>
                <Waits/>
            </p>
        </section>
        <div class="ring" data-verdict="accepted"></div>
    }
}

/// A code was good, and nothing is recorded of where it led.
#[component]
fn LedBand(open: Open, low: Option<&'static str>) -> impl IntoView {
    let code = move |order| {
        let code = |ledger: &Ledger| ledger.orders.get(&order).map(|order| order.code.clone());
        device().ledger_now(code).unwrap_or_default()
    };
    let what = move || match open {
        Open::Pick(order) | Open::Pack(order) | Open::Stage(order) | Open::HandOver(order) => {
            acts::order_open(lang(), code(order))
        }
        Open::Shelf => Msg::ShelfRight.say(lang()).to_owned(),
        Open::Bench => Msg::CommandDone.say(lang()).to_owned(),
        Open::Print(_) => Msg::CommandPrint.say(lang()).to_owned(),
        Open::Next { .. } => Msg::CommandNext.say(lang()).to_owned(),
    };
    view! {
        <section class="band" data-verdict="accepted" data-low=low role="status" aria-live="assertive">
            <Glyph icon=Icon::Accepted/>
            <div>
                <p class="band-word">{move || Msg::Accepted.say(lang())}</p>
                <p class="band-what">{what}</p>
            </div>
            <p class="band-side"><Waits/></p>
        </section>
        <div class="ring" data-verdict="accepted"></div>
    }
}

/// What was accepted, in a line.
fn accepted_text(lang: Lang, body: &Body) -> String {
    device().ledger_now(|ledger| match body {
        Body::PackagePicked(done) => {
            let item = ledger
                .item_of(&done.tag)
                .map_or("", |item| item.name.as_str());
            let order = ledger.orders.get(&done.order);
            let picked = order.map_or(0, |order| order.picked_of(done.line, &done.tag));
            let of = order
                .and_then(|order| order.line(done.line))
                .and_then(|line| {
                    line.allocations
                        .iter()
                        .find(|allocation| allocation.tag == done.tag)
                })
                .map_or(picked, |allocation| allocation.units);
            format!(
                "{item} · …{} · {}",
                done.tag.tail(),
                pick::unit_of(lang, picked, of)
            )
        }
        Body::UnitVerified(done) => {
            // The count makes two scans of one package look different.
            let counts = ledger.orders.get(&done.order).map(|order| {
                pick::of_units_long(lang, order.units_verified(), order.units_picked())
            });
            let unit = acts::verified_unit(lang, done.tag.tail());
            format!("{unit} · {}", counts.unwrap_or_default())
        }
        Body::TicketRead(done) => acts::ticket_read(lang, done.version),
        Body::LabelReadBack(done) => {
            let code = ledger
                .orders
                .get(&done.order)
                .map_or("", |order| order.code.as_str());
            acts::label_read_back(lang, code)
        }
        Body::BagChosen(_) => Msg::BagNoted.say(lang).to_owned(),
        Body::SecondChecked(_) => Msg::SecondLooked.say(lang).to_owned(),
        Body::BagSealed(_) => Msg::BagClosed.say(lang).to_owned(),
        Body::BagStaged(done) => {
            let code = ledger
                .orders
                .get(&done.order)
                .map_or("", |order| order.code.as_str());
            acts::staged(lang, code, &done.slot)
        }
        Body::MessageSent(_) => Msg::MessageSaid.say(lang).to_owned(),
        Body::MessageSeen(_) => Msg::MessageSeenTo.say(lang).to_owned(),
        Body::BagReturned(done) => {
            let order = ledger.orders.get(&done.order);
            let code = order.map_or("", |order| order.code.as_str());
            acts::bag_returned(lang, code, &done.slot)
        }
        Body::PickVoided(_) => Msg::UndoneSaved.say(lang).to_owned(),
        Body::ToteRead(done) => {
            let order = ledger.orders.get(&done.order);
            let code = order.map_or("", |order| order.code.as_str());
            acts::tote_read(lang, done.number, code)
        }
        Body::ShortPicked(_) => Msg::Reported.say(lang).to_owned(),
        Body::ShortWithdrawn(_) => Msg::ReportUndone.say(lang).to_owned(),
        Body::OrderHandedOff(_) => Msg::HandedOverDone.say(lang).to_owned(),
        _ => String::new(),
    })
}

/// The refusal: fills the work until the next good scan.
#[component]
pub(super) fn Refusing() -> impl IntoView {
    let feedback = scan::signals().feedback;
    move || match feedback.get() {
        Feedback::Refused(refusal) => view! { <RefusalView refusal/> }.into_any(),
        Feedback::NotKept => view! { <NotKept/> }.into_any(),
        Feedback::Waiting
        | Feedback::Accepted(_)
        | Feedback::Led(_)
        | Feedback::Attention(_)
        | Feedback::First(_)
        | Feedback::Found(_)
        | Feedback::LookClosely(_) => ().into_any(),
    }
}

/// What was read above what it should be, marked where they differ.
#[component]
fn Compare(read: String, right: String, right_is: Msg) -> impl IntoView {
    let (in_read, in_right) = marks(&read, &right);
    view! {
        <dl class="refusal-compare">
            <dt>{move || Msg::YouScanned.say(lang())}</dt>
            <dd><Cells tag=read places=in_read differs="yours"/></dd>
            <dt>{move || right_is.say(lang())}</dt>
            <dd><Cells tag=right places=in_right differs="right"/></dd>
        </dl>
    }
}

#[component]
fn RefusalView(refusal: Refusal) -> impl IntoView {
    let compare = refusal.scanned.clone().zip(refusal.expected.clone());
    let why_open = RwSignal::new(false);
    let tote = refusal.tote;
    let said = StoredValue::new(refusal);
    let told = move || said.with_value(|refusal| told(lang(), refusal));
    let reason = said.with_value(|refusal| words_of(refusal.reason).code());
    view! {
        <section class="refusal" role="alert" aria-live="assertive" data-reason=reason>
            <Glyph icon=Icon::Refused/>
            <div>
                <p class="refusal-word">{move || told().word}</p>
                <p class="refusal-what">{move || told().what}</p>
            </div>
            {compare.map(|(scanned, expected)| {
                let (scanned, expected) = (scanned.to_string(), expected.to_string());
                view! { <Compare read=scanned right=expected right_is=Msg::TakeThisOne/> }
            })}
            {tote.map(|tote| view! { <ToteToken number=tote label=pick::tote(lang(), tote)/> })}
            <div class="refusal-do">
                <p>
                    <b>{move || told().act}</b>
                    <span hidden=move || !why_open.get()>{move || told().why}</span>
                    <cite hidden=move || !why_open.get()>{move || said.with_value(|refusal| source::of(lang(), refusal.reason))}</cite>
                </p>
                <button
                    class="btn"
                    type="button"
                    aria-expanded=move || why_open.get().to_string()
                    on:click=move |_| why_open.update(|open| *open = !*open)
                >
                    <Glyph icon=Icon::ScrollText/>
                    <span>{move || Msg::Why.say(lang())}</span>
                </button>
            </div>
        </section>
        <div class="ring" data-verdict="refused"></div>
    }
}

/// The tablet cannot save: stop, nothing of the last scan counts.
#[component]
fn NotKept() -> impl IntoView {
    let words = Refused::NotSaving;
    view! {
        <section class="refusal" role="alert" data-reason="not_saving">
            <Glyph icon=Icon::Refused/>
            <div>
                <p class="refusal-word">{move || words.word(lang())}</p>
                <p class="refusal-what">{move || words.what(lang())}</p>
            </div>
            <div class="refusal-do">
                <p>
                    <b>{move || words.act(lang(), Facts::default())}</b>
                    {move || words.why(lang())}
                </p>
            </div>
        </section>
        <div class="ring" data-verdict="refused"></div>
    }
}
