//! The decision itself: what is decided, why it came to it, where the unit goes, and the one press that records it.
//!
//! In: an open exception. Out: `resolve::decide` through `Device::act`. Must not: allow what the rule does not.

use domain::custody::exception::{Exception, Rule};
use domain::custody::resolve::{self, Decision, ResolveReason, Settlement};
use domain::facility::LocationCode;
use domain::quantity::Quantity;
use domain::verdict::{Reason, Verdict};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band::answer;
use crate::ui::choice::lang;
use crate::ui::icons::Icon;
use crate::ui::parts::{Button, NoteField};
use crate::ui::settle::{decision_words, reason_word};
use crate::ui::words::Msg;

/// What a person can name as the reason.
const REASONS: [ResolveReason; 7] = [
    ResolveReason::TwoAtOnce,
    ResolveReason::OutOfContact,
    ResolveReason::Misscan,
    ResolveReason::Counted,
    ResolveReason::Upstream,
    ResolveReason::Device,
    ResolveReason::Other,
];

/// What it most often is. Nobody has to change what is right already; nobody finds a story told that cannot be.
fn usual_reason(rule: Rule) -> ResolveReason {
    match rule {
        Rule::DoublePick | Rule::Overdraw | Rule::LineFilledTwice | Rule::LimitExceeded => {
            ResolveReason::TwoAtOnce
        }
        Rule::CancelledOrderPick | Rule::HeldOrRecalled | Rule::UnknownReference => {
            ResolveReason::Upstream
        }
        Rule::LeaseBrokenPick
        | Rule::UnleasedPick
        | Rule::ActorInvalid
        | Rule::LateFromClosedDevice
        | Rule::PermitOver => ResolveReason::OutOfContact,
        Rule::ChainGap
        | Rule::DeviceRollback
        | Rule::Fork
        | Rule::BadSignature
        | Rule::NeverThere
        | Rule::ClockSuspect => ResolveReason::Device,
        Rule::CountDiffers => ResolveReason::Counted,
        Rule::ServerRollback | Rule::SchemaUnknown | Rule::Newer(_) => ResolveReason::Other,
    }
}

/// What a person has entered so far.
#[derive(Clone, Copy)]
struct Form {
    decision: RwSignal<Option<Decision>>,
    reason: RwSignal<ResolveReason>,
    note: RwSignal<String>,
    shelf: RwSignal<String>,
    counted: RwSignal<String>,
}

impl Form {
    fn new(one: &Exception) -> Self {
        let shelf = device().ledger_now(|ledger| {
            let picked = resolve::pick_of(ledger, one).map(|pick| pick.from.clone());
            let package = one.tag.as_ref().and_then(|tag| ledger.packages.get(tag));
            picked
                .or_else(|| one.orphan.as_ref().map(|orphan| orphan.from.clone()))
                .or_else(|| package?.stands_at().cloned())
        });
        Self {
            decision: RwSignal::new(None),
            reason: RwSignal::new(usual_reason(one.rule)),
            note: RwSignal::new(String::new()),
            shelf: RwSignal::new(shelf.map(|shelf| shelf.to_string()).unwrap_or_default()),
            counted: RwSignal::new(String::new()),
        }
    }

    /// Whether a unit may go to a shelf by this decision, so that one has to be named.
    fn names_shelf(rule: Rule, decision: Decision) -> bool {
        // What was counted once is counted again where it was.
        if rule == Rule::CountDiffers {
            return false;
        }
        match decision {
            Decision::KeepFirst
            | Decision::KeepThis
            | Decision::Recounted
            | Decision::ReturnToStock => true,
            Decision::Quarantine | Decision::Accept | Decision::Replayed | Decision::Newer(_) => {
                false
            }
        }
    }

    /// Whether the shelf is counted with this decision.
    fn takes_count(rule: Rule, decision: Decision) -> bool {
        rule == Rule::Overdraw && Self::names_shelf(rule, decision)
            || decision == Decision::Recounted
    }

    /// What would be recorded, or what is missing.
    fn settlement(self, rule: Rule) -> Result<Settlement, Msg> {
        if matches!(rule, Rule::Newer(_)) {
            return Err(Msg::UpdateAppFirst);
        }
        let decision = self.decision.get().ok_or(Msg::ChooseADecision)?;
        let text = self.counted.get();
        let counted = match text.trim() {
            "" => None,
            _ if !Self::takes_count(rule, decision) => None,
            text => Some(Quantity::parse(text).ok_or(Msg::NoSuchFigure)?),
        };
        let shelf = self.shelf.get();
        let names = Self::names_shelf(rule, decision) && !shelf.is_empty();
        Ok(Settlement {
            decision,
            reason: self.reason.get(),
            note: self.note.get(),
            shelf: names.then(|| LocationCode::new(&shelf)),
            counted,
        })
    }

    /// Why it cannot be settled in this way now.
    fn obstacle(self, one: &Exception) -> Option<Msg> {
        let settlement = match self.settlement(one.rule) {
            Ok(settlement) => settlement,
            Err(missing) => return Some(missing),
        };
        device().permits.allowed.track();
        let Some(situation) = device().situation() else {
            return Some(Msg::NotYoursToSettle);
        };
        let verdict =
            device().ledger(|ledger| resolve::decide(ledger, &situation, one.number, &settlement));
        match verdict {
            Verdict::Accepted(_) => None,
            Verdict::Refused(refusal) => Some(match refusal.reason {
                Reason::NotYourRole => Msg::NotYoursToSettle,
                Reason::OwnAct => Msg::OwnActIsOthers,
                Reason::PermitOver => Msg::DecisionsWait,
                Reason::OnHold => Msg::StillOnHold,
                _ => Msg::CountFirst,
            }),
        }
    }
}

/// The decisions, the reason, the note, and the one press that records them.
#[component]
pub(super) fn Decide(one: Exception, mine: RwSignal<Option<u64>>) -> impl IntoView {
    let form = Form::new(&one);
    let refused = RwSignal::new(None::<String>);
    let one = StoredValue::new(one);
    let obstacle =
        Memo::new(move |_| one.with_value(|one| form.obstacle(one).map(|msg| msg.say(lang()))));
    let missing = move || obstacle.get().map(str::to_owned).or_else(|| refused.get());
    let settle = move || {
        let (number, rule) = one.with_value(|one| (one.number, one.rule));
        let Ok(settlement) = untrack(|| form.settlement(rule)) else {
            return;
        };
        spawn_local(async move {
            // Said before, so that the screen which shows the outcome finds it.
            mine.set(Some(number));
            let outcome = device()
                .act(None, |ledger, situation| {
                    resolve::decide(ledger, situation, number, &settlement)
                })
                .await;
            if let Err(why) = answer(&outcome) {
                mine.set(None);
                refused.set(Some(why));
            }
        });
    };
    view! {
        <form class="settle" on:submit=|event| event.prevent_default()>
            <Choices one form/>
            <div class="settle-side"><Particulars one form/></div>
            <div class="acts">
                <Button
                    icon=Icon::Check
                    word=Signal::derive(|| Msg::SettleIt.say(lang()).to_owned())
                    primary=true
                    disabled=Signal::derive(move || obstacle.get().is_some())
                    act=settle
                />
                <span role="status">{missing}</span>
            </div>
        </form>
    }
}

#[component]
fn Choices(one: StoredValue<Exception>, form: Form) -> impl IntoView {
    let moot = one.with_value(|one| device().ledger_now(|ledger| resolve::is_moot(ledger, one)));
    let rule = one.with_value(|one| one.rule);
    let mut ways: Vec<Decision> = resolve::decisions(rule).to_vec();
    if moot {
        ways = vec![Decision::Accept];
        form.decision.set(Some(Decision::Accept));
    }
    let options = ways
        .into_iter()
        .map(|way| {
            let (word, does) = decision_words(rule, way);
            view! {
                <label class="way">
                    <input
                        type="radio"
                        name="decision"
                        prop:checked=move || form.decision.get() == Some(way)
                        on:change=move |_| form.decision.set(Some(way))
                    />
                    <span>
                        <b>{move || word.say(lang())}</b>
                        {move || does.say(lang())}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>{move || Msg::WhatIsDecided.say(lang())}</legend>
            {moot.then(|| view! { <p>{move || Msg::PickIsGone.say(lang())}</p> })}
            {options}
        </fieldset>
    }
}

#[component]
fn Particulars(one: StoredValue<Exception>, form: Form) -> impl IntoView {
    let rule = one.with_value(|one| one.rule);
    let shelf = move || {
        let decision = form.decision.get();
        decision.is_some_and(|decision| Form::names_shelf(rule, decision))
    };
    let count = move || {
        let decision = form.decision.get();
        decision.is_some_and(|decision| Form::takes_count(rule, decision))
    };
    let reasons = REASONS
        .iter()
        .enumerate()
        .map(|(index, reason)| {
            let word = reason_word(*reason);
            let is_usual = *reason == usual_reason(rule);
            view! { <option value=index.to_string() selected=is_usual>{move || word.say(lang())}</option> }
        })
        .collect_view();
    let choose = move |text: String| {
        let chosen = text
            .parse()
            .ok()
            .and_then(|index: usize| REASONS.get(index));
        if let Some(reason) = chosen {
            form.reason.set(*reason);
        }
    };
    view! {
        <label class="field">
            {move || Msg::WhyItCame.say(lang())}
            <select on:change=move |event| choose(event_target_value(&event))>{reasons}</select>
        </label>
        <Show when=shelf>
            <Shelf chosen=form.shelf/>
        </Show>
        <Show when=count>
            <Figure word=Msg::CountedThere text=form.counted/>
        </Show>
        <NoteField note=form.note/>
    }
}

/// A shelf of the vault.
#[component]
pub(in crate::ui) fn Shelf(chosen: RwSignal<String>) -> impl IntoView {
    let shelves: Vec<String> =
        device().ledger_now(|ledger| ledger.locations.keys().map(ToString::to_string).collect());
    if chosen.with_untracked(String::is_empty)
        && let Some(first) = shelves.first()
    {
        chosen.set(first.clone());
    }
    let options = shelves
        .into_iter()
        .map(|shelf| {
            let is_chosen = shelf == chosen.get_untracked();
            view! { <option selected=is_chosen>{shelf.clone()}</option> }
        })
        .collect_view();
    view! {
        <label class="field">
            {move || Msg::WhichShelf.say(lang())}
            <select on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
        </label>
    }
}

/// A figure that was counted.
#[component]
pub(in crate::ui) fn Figure(word: Msg, text: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="field">
            {move || word.say(lang())}
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            />
        </label>
    }
}
