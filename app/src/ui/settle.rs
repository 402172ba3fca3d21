//! One recorded breach: what happened, what it holds up, and the decisions that settle it.
//!
//! In: an exception's number. Out: one signed decision, or why there is none. Must not: decide what is allowed,
//! or take a word about a customer.

use domain::custody::exception::{Exception, Resolver, Rule, resolver};
use domain::custody::resolve::{Decision, ResolveReason, is_for_another};
use domain::facility::Right;
use domain::id::{ActorId, DeviceId, EventId};
use domain::ledger::Ledger;
use domain::time::Millis;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::device::device;
use crate::platform::locale;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Tag, locale_of};
use crate::ui::words::{Lang, Msg, settle};

/// The decision itself.
mod decide;

use decide::Decide;

pub(super) use decide::{Figure, Shelf};

/// What a breach of a rule is called.
pub(super) fn rule_word(rule: Rule) -> Msg {
    match rule {
        Rule::DoublePick => Msg::ExDoublePick,
        Rule::Overdraw => Msg::ExOverdraw,
        Rule::LineFilledTwice => Msg::ExLineFilledTwice,
        Rule::CancelledOrderPick => Msg::ExCancelledOrderPick,
        Rule::HeldOrRecalled => Msg::ExHeld,
        Rule::LeaseBrokenPick => Msg::ExLeaseBroken,
        Rule::UnleasedPick => Msg::ExUnleased,
        Rule::LimitExceeded => Msg::ExLimit,
        Rule::ActorInvalid => Msg::ExActor,
        Rule::UnknownReference => Msg::ExUnknown,
        Rule::ChainGap => Msg::ExChainGap,
        Rule::DeviceRollback => Msg::ExDeviceRollback,
        Rule::ServerRollback => Msg::ExServerRollback,
        Rule::Fork => Msg::ExFork,
        Rule::BadSignature => Msg::ExBadSignature,
        Rule::LateFromClosedDevice => Msg::ExOldDevice,
        Rule::SchemaUnknown => Msg::ExSchema,
        Rule::ClockSuspect => Msg::ExClock,
        Rule::PermitOver => Msg::ExPermit,
        Rule::CountDiffers => Msg::ExCount,
        Rule::NeverThere => Msg::ExNeverThere,
        Rule::Newer(_) => Msg::ExNewer,
    }
}

/// What a breach of a rule means, and what to look at.
fn rule_means(rule: Rule) -> Msg {
    match rule {
        Rule::DoublePick => Msg::DoublePickMeans,
        Rule::Overdraw => Msg::OverdrawMeans,
        Rule::LineFilledTwice => Msg::LineFilledTwiceMeans,
        Rule::CancelledOrderPick => Msg::CancelledOrderPickMeans,
        Rule::HeldOrRecalled => Msg::HeldMeans,
        Rule::LeaseBrokenPick => Msg::LeaseBrokenMeans,
        Rule::UnleasedPick => Msg::UnleasedMeans,
        Rule::LimitExceeded => Msg::LimitMeans,
        Rule::ActorInvalid => Msg::ActorMeans,
        Rule::UnknownReference => Msg::UnknownMeans,
        Rule::ChainGap => Msg::ChainGapMeans,
        Rule::DeviceRollback => Msg::DeviceRollbackMeans,
        Rule::ServerRollback => Msg::ServerRollbackMeans,
        Rule::Fork => Msg::ForkMeans,
        Rule::BadSignature => Msg::BadSignatureMeans,
        Rule::LateFromClosedDevice => Msg::OldDeviceMeans,
        Rule::SchemaUnknown => Msg::SchemaMeans,
        Rule::ClockSuspect => Msg::ClockMeans,
        Rule::PermitOver => Msg::PermitMeans,
        Rule::CountDiffers => Msg::CountMeans,
        Rule::NeverThere => Msg::NeverThereMeans,
        Rule::Newer(_) => Msg::NewerMeans,
    }
}

/// Why whoever is signed in is not asked for a decision.
fn not_asked(one: &Exception) -> Msg {
    match resolver(one.rule) {
        Resolver::Person(_) if has_right(one) => Msg::OwnActIsOthers,
        Resolver::Person(_) => Msg::NotYoursToSettle,
        Resolver::Server => Msg::ServerSettlesIt,
        Resolver::Nobody => Msg::ForTheRecordOnly,
    }
}

/// The word of a decision, and what it does.
fn decision_words(rule: Rule, decision: Decision) -> (Msg, Msg) {
    match decision {
        Decision::KeepFirst => (Msg::KeepFirst, Msg::KeepFirstDoes),
        Decision::KeepThis if rule == Rule::Overdraw => (Msg::KeepTaken, Msg::KeepTakenDoes),
        Decision::KeepThis => (Msg::KeepThis, Msg::KeepThisDoes),
        Decision::Recounted if rule == Rule::CountDiffers => {
            (Msg::CountedAgain, Msg::CountedAgainDoes)
        }
        Decision::Recounted => (Msg::BothHaveOne, Msg::BothHaveOneDoes),
        Decision::ReturnToStock => (Msg::ToStock, Msg::ToStockDoes),
        Decision::Quarantine => (Msg::ToQuarantine, Msg::ToQuarantineDoes),
        Decision::Accept if rule == Rule::CountDiffers => (Msg::CountStands, Msg::CountStandsDoes),
        Decision::Accept => (Msg::NothingMoves, Msg::NothingMovesDoes),
        Decision::Replayed => (Msg::ServerCaughtUp, Msg::ServerCaughtUpDoes),
        Decision::Newer(_) => (Msg::DecidedNewer, Msg::UpdateAppFirst),
    }
}

/// The word of what was decided.
pub(super) fn decided_word(one: &Exception) -> Option<Msg> {
    let decision = one.resolution?.decision;
    Some(decision_words(one.rule, decision).0)
}

fn reason_word(reason: ResolveReason) -> Msg {
    match reason {
        ResolveReason::Misscan => Msg::WhyMisscan,
        ResolveReason::TwoAtOnce => Msg::WhyTwoAtOnce,
        ResolveReason::OutOfContact => Msg::WhyOutOfContact,
        ResolveReason::Counted => Msg::WhyCounted,
        ResolveReason::Upstream => Msg::WhyUpstream,
        ResolveReason::Device => Msg::WhyDevice,
        ResolveReason::Other => Msg::WhyOther,
        ResolveReason::Update => Msg::WhyUpdate,
        ResolveReason::Newer(_) => Msg::WhyNewer,
    }
}

fn settler_word(rule: Rule) -> Msg {
    match resolver(rule) {
        Resolver::Person(Right::Fulfil) => Msg::WhoeverPicks,
        Resolver::Person(Right::ReleaseHold) => Msg::ComplianceOnly,
        Resolver::Person(Right::OverrideLimit | Right::Administer) => Msg::GeneralOrCompliance,
        Resolver::Person(_) => Msg::AnyManager,
        Resolver::Server => Msg::ServerItself,
        Resolver::Nobody => Msg::NobodyHasTo,
    }
}

/// A person's name; what nobody did, Custody did.
pub(super) fn name_of(ledger: &Ledger, actor: ActorId) -> String {
    let known = ledger.actors.get(&actor);
    known.map_or_else(|| "Custody".to_owned(), |actor| actor.name.clone())
}

/// A device's name.
pub(super) fn device_name(ledger: &Ledger, id: DeviceId) -> String {
    let known = ledger.devices.get(&id);
    known.map_or_else(|| id.to_string(), |device| device.name.clone())
}

/// Day and time at which an event was made, by its device's clock; nothing where its name does not say.
pub(super) fn when(lang: Lang, event: EventId) -> String {
    let EventId(bytes) = event;
    if bytes[6] >> 4 != 7 {
        return String::new();
    }
    let millis = bytes[..6]
        .iter()
        .fold(0_i64, |sum, byte| sum << 8 | i64::from(*byte));
    let (zone, at, locale) = (device().zone(), Millis(millis), locale_of(lang));
    let day = locale::short_day(locale, &zone, at);
    // Never broken in the middle of a time.
    format!("{day}, {}", locale::time("en-US", &zone, at)).replace(' ', "\u{a0}")
}

/// Codes of the orders that wait for an exception to be settled.
fn waiting(ledger: &Ledger, one: &Exception) -> Vec<String> {
    let orders = ledger.orders.values();
    orders
        .filter(|order| !order.status.is_closed() && one.concerns(ledger, order))
        .map(|order| order.code.clone())
        .collect()
}

/// The detail of one exception. `mine` names the one that was settled here a moment ago.
#[component]
pub(super) fn Detail(number: u64, mine: RwSignal<Option<u64>>) -> impl IntoView {
    let one = Memo::new(move |_| device().ledger(|ledger| ledger.exceptions.get(&number).cloned()));
    move || match one.get() {
        Some(one) => view! { <Known one mine/> }.into_any(),
        None => view! {
            <div class="empty"><h2>{move || Msg::NoSuchException.say(lang())}</h2></div>
        }
        .into_any(),
    }
}

#[component]
fn Known(one: Exception, mine: RwSignal<Option<u64>>) -> impl IntoView {
    let (rule, tag) = (one.rule, one.tag.clone());
    let item = tag.as_ref().and_then(|tag| {
        device().ledger_now(|ledger| ledger.item_of(tag).map(|item| item.name.clone()))
    });
    let waits = {
        let one = one.clone();
        move || {
            let codes = device().ledger(|ledger| waiting(ledger, &one)).join(", ");
            if one.blocks_hand_off() && !codes.is_empty() {
                settle::what_waits(lang(), codes)
            } else {
                Msg::HoldsNothingUp.say(lang()).to_owned()
            }
        }
    };
    let tone = one.blocks_hand_off().then_some("attend");
    let why_not = not_asked(&one);
    let body = if one.resolved {
        view! { <Settled one=one.clone() mine/> }.into_any()
    } else if may_settle(&one) {
        view! { <Decide one=one.clone() mine/> }.into_any()
    } else {
        view! { <p class="notice">{move || why_not.say(lang())}</p> }.into_any()
    };
    view! {
        <A href="/exceptions" attr:class="btn btn-quiet detail-back">
            <Glyph icon=Icon::ChevronLeft/>
            <span>{move || Msg::BackToList.say(lang())}</span>
        </A>
        <div>
            <h2><span class="code">{rule.code()}</span>" "{move || rule_word(rule).say(lang())}</h2>
            <p class="text-18" data-means="">{move || rule_means(rule).say(lang())}</p>
            {item.map(|item| view! { <p class="text-18">{item}</p> })}
            {tag.map(|tag| view! { <Tag tag/> })}
        </div>
        <Facts one=one.clone()/>
        <p class="notice" data-tone=tone>{waits}</p>
        {body}
        <Orders one/>
    }
}

/// Whether the person who is signed in has the right to settle such things.
fn has_right(one: &Exception) -> bool {
    let role = device().actor().map(|actor| actor.role);
    matches!((resolver(one.rule), role), (Resolver::Person(right), Some(role)) if role.may(right))
}

/// Whether the person who is signed in may settle this.
fn may_settle(one: &Exception) -> bool {
    let is_others = |ledger: &Ledger| {
        let person = device().actor().map(|actor| actor.id);
        person.is_none_or(|person| is_for_another(ledger, one, person))
    };
    has_right(one) && !device().ledger_now(is_others)
}

#[component]
fn Facts(one: Exception) -> impl IntoView {
    let (who, on) =
        device().ledger_now(|ledger| (name_of(ledger, one.actor), device_name(ledger, one.device)));
    let (rule, event, is_open) = (one.rule, one.event, !one.resolved);
    let count = one.count.map(|count| {
        let said = move || settle::count_off(lang(), &count.shelf, count.counted, count.recorded);
        view! { <div data-count=""><dt>{move || Msg::CountedWhere.say(lang())}</dt><dd>{said}</dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>{move || Msg::WhoActed.say(lang())}</dt><dd>{who}</dd></div>
            <div><dt>{move || Msg::WhichDevice.say(lang())}</dt><dd>{on}</dd></div>
            <div>
                <dt>{move || Msg::WhenActed.say(lang())}</dt>
                <dd>{move || when(lang(), event)}</dd>
            </div>
            {count}
            {is_open.then(|| view! {
                <div>
                    <dt>{move || Msg::WhoSettles.say(lang())}</dt>
                    <dd>{move || settler_word(rule).say(lang())}</dd>
                </div>
            })}
        </dl>
    }
}

/// The ways to the orders it is about.
#[component]
fn Orders(one: Exception) -> impl IntoView {
    let reads = device()
        .actor()
        .is_some_and(|actor| actor.role.may(Right::ReadChain));
    let links = device().ledger_now(|ledger| {
        let orders = ledger.orders.values();
        orders
            .filter(|order| reads && one.concerns(ledger, order))
            .map(|order| (format!("/orders/{}", order.id), order.code.clone()))
            .collect::<Vec<_>>()
    });
    let links = links
        .into_iter()
        .map(|(path, code)| {
            view! {
                <A href=path attr:class="btn">
                    <Glyph icon=Icon::ScrollText/>
                    <span>{move || settle::see_order(lang(), &code)}</span>
                </A>
            }
        })
        .collect_view();
    view! { <div class="acts">{links}</div> }
}

/// How it was settled. What this device settled says how far that has come.
#[component]
fn Settled(one: Exception, mine: RwSignal<Option<u64>>) -> impl IntoView {
    let number = one.number;
    let fate = move || {
        (mine.get() == Some(number)).then(|| {
            let sent = device().report.get().unsent == 0;
            let place = if sent {
                Msg::AtTheServer
            } else {
                Msg::OnThisTablet
            };
            view! {
                <span data-saved="" data-sent=sent.then_some("")>
                    <Glyph icon=Icon::Check/>" "
                    <b>{move || Msg::Saved.say(lang())}</b>" "
                    {move || place.say(lang())}
                </span>
            }
        })
    };
    let facts = one.resolution.map(|done| {
        let who = device().ledger_now(|ledger| name_of(ledger, done.actor));
        let (word, does) = decision_words(one.rule, done.decision);
        view! {
            <dl class="facts">
                <div><dt>{move || Msg::Decided.say(lang())}</dt><dd>{move || word.say(lang())}</dd></div>
                <div><dt>{move || Msg::WhoSettles.say(lang())}</dt><dd>{who}</dd></div>
                <div>
                    <dt>{move || Msg::WhenActed.say(lang())}</dt>
                    <dd>{move || when(lang(), done.event)}</dd>
                </div>
                <div>
                    <dt>{move || Msg::WhyItCame.say(lang())}</dt>
                    <dd>{move || reason_word(done.reason).say(lang())}</dd>
                </div>
            </dl>
            <p class="text-18">{move || does.say(lang())}</p>
            {done.alone.map(|_| view! {
                <p class="notice" data-alone="">{move || Msg::SettledAlone.say(lang())}</p>
            })}
        }
    });
    view! {
        <section class="card settled" data-settled="">
            {facts}
            <p class="saved" role="status">{fate}</p>
        </section>
    }
}
