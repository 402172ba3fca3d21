//! The bag in hand and the ID of whoever it is for: what the ID says, what to do next.
//!
//! In: the bag that was scanned, the verdict on a document. Out: the act of handing over, or the way back. Must not:
//! decide, or show more of a card than the name on it.

use std::sync::Arc;

use domain::custody::hand_off;
use domain::custody::limit::Judgement;
use domain::custody::sign_for::SignedFor;
use domain::custody::sop::Task;
use domain::facility::SlotCode;
use domain::id::OrderId;
use domain::identity::{CheckedBy, Expiry, Likeness};
use domain::limits::Outcome as Came;
use domain::order::Channel;
use domain::verdict::{Reason, Verdict};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::scan::counter::{self, Checked};
use crate::scan::{self, Feedback, IdCheck};
use crate::ui::band::{Band, Refusing};
use crate::ui::by_eye::ByEye;
use crate::ui::car::CarOf;
use crate::ui::choice::lang;
use crate::ui::frame::Strip;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::limits::GateFor;
use crate::ui::note::NoteOf;
use crate::ui::parts::{Answer, Button, channel_word};
use crate::ui::permit::hidden_name;
use crate::ui::sign::{Asked, Given, Sign};
use crate::ui::sop::NextStep;
use crate::ui::words::{Lang, Msg, identity};

/// How far the check is.
mod stand;

use stand::{Answers, Stand, stand, what_now};

/// Reads that fail before more help is offered.
const FAILED_MIN: u32 = 3;

/// The screen.
#[component]
pub(super) fn HandOver(order: OrderId) -> impl IntoView {
    let signals = scan::signals();
    let answers = Answers::none(order);
    let signing = RwSignal::new(false);
    // Another document asks for other answers.
    Effect::new(move |_| {
        signals.id.track();
        answers.forget();
    });
    on_cleanup(counter::forget_card);
    let typing = RwSignal::new(false);
    let facts = device().ledger_now(|ledger| ledger.orders.get(&order).cloned());
    let code = facts
        .as_ref()
        .map(|order| order.code.clone())
        .unwrap_or_default();
    let tail = code.rsplit('-').next().unwrap_or_default().to_owned();
    let channel = facts.as_ref().map(|order| order.channel);
    let stood = facts.and_then(|order| order.slot);
    let name = move || {
        let card = device().customer(order);
        card.map(|card| card.label_name).or_else(hidden_name)
    };
    let found = Memo::new(move |_| signals.id.with(|id| judged(order, id)));
    let within = Memo::new(move |_| found.with(|found| found.as_ref().map(Judgement::outcome)));
    let stopped = Memo::new(move |_| stopped());
    let stand = Memo::new(move |_| match stopped.get() {
        Some(_) => Stand::No,
        None => signals.id.with(|id| stand(id, within.get(), answers)),
    });
    let band = Signal::derive(move || what_now(lang(), stand.get(), stopped.get()));
    view! {
        <div class="frame">
            <Strip/>
            <Whose code channel stood/>
            <main class="main handing" tabindex="0">
                <div>
                    <p class="handing-tail">{tail}</p>
                    <h2><bdi>{name}</bdi></h2>
                    <CarOf order/><NoteOf order/>
                </div>
                {move || match signals.id.get() {
                    IdCheck::Waiting { failed, why } => {
                        let why = why.map(identity::unread);
                        view! { <Waiting failed why/> }.into_any()
                    }
                    IdCheck::Checked(checked) => {
                        let shown = checked.shown.clone();
                        view! {
                            <Verdict order checked within answers signing/>
                            <GateFor id=order shown card=answers.card/>
                        }
                        .into_any()
                    }
                }}
            </main>
            <Band
                word=Signal::derive(move || band.get().0)
                what=Signal::derive(move || band.get().1)
                refused=Signal::derive(move || stand.get() == Stand::No)
                low=true
            />
            <Refusing/>
            <Dock order answers stand typing/>
            <ByEye order open=typing/>
            <Sign order given=answers.signed open=signing/>
        </div>
    }
}

/// Whose bag it is, and where it stood.
#[component]
fn Whose(code: String, channel: Option<Channel>, stood: Option<SlotCode>) -> impl IntoView {
    let where_it_stood = stood.map(|slot| format!(" · {slot}"));
    view! {
        <header class="head" data-task="">
            <button class="btn btn-small btn-quiet back" type="button" on:click=|_| counter::keep_bag()>
                <Glyph icon=Icon::ChevronLeft/>
                <span>{move || Msg::Counter.say(lang())}</span>
            </button>
            <h1>
                <span class="code">{code}</span>" "
                <span class="head-more" data-from="portrait">
                    "· "{move || channel.map(|channel| channel_word(channel).say(lang()))}
                    {where_it_stood}
                </span>
            </h1>
        </header>
    }
}

/// Nobody has shown a card yet, or it could not be read.
#[component]
fn Waiting(failed: u32, why: Option<Msg>) -> impl IntoView {
    let notice = why.map(|why| {
        let is_seen = why == Msg::IdNotACard || why == Msg::IdIncomplete;
        let more = (failed >= FAILED_MIN && is_seen).then_some(Msg::IdStillNot);
        view! {
            <div class="notice" data-tone="attend" role="alert" data-failed=failed>
                <Glyph icon=Icon::TriangleAlert/>
                <span class="grow">
                    {move || why.say(lang())}" "{move || more.map(|more| more.say(lang()))}
                </span>
            </div>
        }
    });
    view! {
        <section class="id-ask">
            <Glyph icon=Icon::IdCard/>
            <div>
                <h3>{move || Msg::ScanTheId.say(lang())}</h3>
                <p class="text-18">{move || Msg::ScanTheIdHow.say(lang())}</p>
            </div>
            {notice}
        </section>
    }
}

/// A fact about the document: a shape, a colour, a word.
fn fact(tone: &'static str, icon: Icon, words: impl Fn() -> String + Send + 'static) -> AnyView {
    view! {
        <li data-fact=tone>
            <div>
                <span class="mark" data-tone=tone><Glyph icon/></span>
                <span>{words}</span>
            </div>
        </li>
    }
    .into_any()
}

fn good(words: impl Fn() -> String + Send + 'static) -> AnyView {
    fact("accept", Icon::Check, words)
}

fn bad(words: impl Fn() -> String + Send + 'static) -> AnyView {
    fact("refuse", Icon::Close, words)
}

fn odd(word: Msg) -> AnyView {
    fact("attend", Icon::TriangleAlert, move || {
        word.say(lang()).to_owned()
    })
}

/// What the document says, and what a person answers for beside it.
#[component]
fn Verdict(
    order: OrderId,
    checked: Arc<Checked>,
    within: Memo<Option<Came>>,
    answers: Answers,
    signing: RwSignal<bool>,
) -> impl IntoView {
    let (judged, years) = (checked.judged, checked.age_min);
    let age = if judged.is_of_age {
        good(move || identity::of_age(lang(), years))
    } else {
        bad(move || identity::under_age(lang(), years))
    };
    let expiry = match judged.expiry {
        Expiry::Good => good(|| Msg::IdInDate.say(lang()).to_owned()),
        Expiry::Expired => bad(|| Msg::IdOutOfDate.say(lang()).to_owned()),
        Expiry::Unknown => odd(Msg::IdWithoutEnd),
    };
    let is_no = !judged.is_of_age || judged.expiry == Expiry::Expired;
    let upright = (judged.is_under_21_format && judged.is_of_age).then(|| odd(Msg::Under21Card));
    let oddities = checked.oddities.iter().copied();
    let oddities: Vec<AnyView> = oddities.filter_map(identity::odd).map(odd).collect();
    let by_eye = (checked.shown.by == CheckedBy::Eye).then(|| {
        fact("here", Icon::User, || {
            Msg::CheckedByEye.say(lang()).to_owned()
        })
    });
    let name = (!is_no).then(|| view! { <Name order checked answers/> });
    let face = (!is_no).then(|| view! { <Answer word=Msg::FaceFits given=answers.face/> });
    let card = (!is_no && answers.wants_card)
        .then(|| view! { <Answer word=Msg::PatientCardSeen given=answers.card/> });
    let limits = (!is_no).then(|| view! { <Within within answers/> });
    let signs =
        (!is_no && answers.signs).then(|| view! { <Asked given=answers.signed open=signing/> });
    view! {
        <ul class="facts-list" data-id="">
            {age}{expiry}{name}{upright}{oddities}{by_eye}{limits}{face}{card}{signs}
        </ul>
    }
}

/// Why the bag in hand may not go to anybody now: held, changed or cancelled since it was scanned.
fn stopped() -> Option<Reason> {
    let situation = device().situation()?;
    let (_, bag) = scan::signals().bag.get()?;
    device().ledger(|ledger| {
        let found = hand_off::bag(ledger, &situation, &bag);
        found.err().map(|refusal| refusal.reason)
    })
}

/// What purchase limits say of the bag for whoever showed this document.
fn judged(order: OrderId, id: &IdCheck) -> Option<Judgement> {
    let situation = device().situation()?;
    let shown = match id {
        IdCheck::Waiting { .. } => None,
        IdCheck::Checked(checked) => Some(&checked.shown),
    };
    device().ledger(|ledger| {
        let order = ledger.orders.get(&order)?;
        hand_off::limits(ledger, &situation, order, shown)
    })
}

/// Whether the bag is within what this customer may buy; where that is not known, the person answers for it.
#[component]
fn Within(within: Memo<Option<Came>>, answers: Answers) -> impl IntoView {
    move || match within.get() {
        None => ().into_any(),
        Some(Came::Pass) => good(|| Msg::LimitsFit.say(lang()).to_owned()),
        Some(Came::Fail) => bad(|| Msg::LimitsOver.say(lang()).to_owned()),
        Some(Came::Unknown) => view! {
            {odd(Msg::LimitsOpen)}
            <Answer word=Msg::WorkedOut given=answers.limits/>
        }
        .into_any(),
    }
}

/// Whether the names fit: found by the program, or asked of the person with both in front.
#[component]
fn Name(order: OrderId, checked: Arc<Checked>, answers: Answers) -> impl IntoView {
    let percent = |likeness: Likeness| likeness.score() / 10;
    let likeness = checked.shown.likeness;
    if checked.shown.is_name_clear() {
        return good(move || {
            let fits = Msg::NameFits.say(lang());
            let alike = likeness.map(|likeness| identity::alike(lang(), percent(likeness)));
            alike.map_or_else(|| fits.to_owned(), |alike| format!("{fits} · {alike}"))
        });
    }
    let said = match likeness {
        Some(Likeness::Alike(_) | Likeness::Same(_)) => Msg::NameClose,
        Some(Likeness::Different(_)) => Msg::NameDiffers,
        None => Msg::NameUnknown,
    };
    let on_order = move || device().customer(order).map(|card| card.label_name);
    let both = move |lang: Lang| {
        let on_id = checked.name.as_ref();
        let on_id = on_id.map(|name| identity::name_on_id(lang, name.as_str()));
        let on_order = on_order().map(|name| identity::name_on_order(lang, name));
        // How unlike two names are helps nobody.
        let close = likeness.filter(|likeness| !matches!(likeness, Likeness::Different(_)));
        let alike = close.map(|likeness| identity::alike(lang, percent(likeness)));
        let lines = [on_id, on_order, alike].into_iter().flatten();
        lines
            .map(|line| view! { <span class="id-name">{line}</span> })
            .collect_view()
    };
    view! {
        <li data-fact="attend">
            <div>
                <span class="mark" data-tone="attend"><Glyph icon=Icon::TriangleAlert/></span>
                <span>{move || said.say(lang())}{move || both(lang())}</span>
            </div>
        </li>
        <Answer word=Msg::NameFitsAsk given=answers.name/>
    }
    .into_any()
}

#[component]
fn Dock(
    order: OrderId,
    answers: Answers,
    stand: Memo<Stand>,
    typing: RwSignal<bool>,
) -> impl IntoView {
    let signals = scan::signals();
    let busy = RwSignal::new(false);
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let missing = Signal::derive(move || {
        let is_kept = signals.feedback.get() != Feedback::NotKept;
        stand.get() != Stand::May || busy.get() || !is_kept
    });
    let hand_over = move || {
        let (Some((_, bag)), IdCheck::Checked(checked)) =
            (signals.bag.get_untracked(), signals.id.get_untracked())
        else {
            return;
        };
        let mut shown = checked.shown.clone();
        shown.name_fits |= answers.name.get_untracked();
        shown.patient_card = answers.card.get_untracked();
        let by_hand = answers.limits.get_untracked();
        let given = answers.signed.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let (is_drawn, signed) = match given {
                None => (false, None),
                Some(Given::Paper) => (false, Some(SignedFor { drawn: None })),
                Some(Given::Drawn(lines)) => (true, counter::sealed(order, &lines).await),
            };
            // Who signed is told why that does not count, not that they have not.
            if is_drawn && signed.is_none() {
                answers.signed.set(None);
                busy.set(false);
                let refused = |_: &_, _: &_| Verdict::from(Reason::SignatureNotKept);
                scan::shown(order, device().act(None, refused).await);
                return;
            }
            let outcome = device()
                .act(None, |ledger, situation| {
                    hand_off::decide(ledger, situation, &bag, Some(&shown), by_hand, signed)
                })
                .await;
            busy.set(false);
            if !matches!(outcome, Outcome::NotKept(_)) {
                signals.bag.set(None);
            }
            scan::shown(order, outcome);
        });
    };
    let other_way = move || match stand.get() {
        Stand::Waits => view! {
            <Button icon=Icon::User word=text(Msg::CheckByEye) act=move || typing.set(true)/>
        }
        .into_any(),
        Stand::No | Stand::Open(_) | Stand::May => view! {
            <Button icon=Icon::IdCard word=text(Msg::AnotherId) act=counter::forget/>
        }
        .into_any(),
    };
    let step = move || {
        let is_checked = matches!(signals.id.get(), IdCheck::Checked(_));
        is_checked.then(|| view! { <NextStep order=Some(order) tasks=&[Task::HandOver]/> })
    };
    // A refusal lies over what it asks for: a finger puts it away. That of a person asks for another ID.
    let is_refused = Memo::new(move |_| {
        stand.get() != Stand::No && matches!(signals.feedback.get(), Feedback::Refused(_))
    });
    let primary = move || {
        match is_refused.get() {
        true => view! {
            <Button icon=Icon::ScanBarcode word=text(Msg::ScanAgain) primary=true act=scan::clear/>
        }
        .into_any(),
        false => view! {
            <Button icon=Icon::UserCheck word=text(Msg::HandOver) primary=true disabled=missing act=hand_over/>
        }
        .into_any(),
    }
    };
    view! {
        <footer class="dock dock-steps">
            {step}
            <Button word=text(Msg::CannotHandOver) act=counter::keep_bag/>
            {other_way}
            {primary}
        </footer>
    }
}
