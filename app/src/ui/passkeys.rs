//! A manager's passkeys: which there are, another one, one less, a code for the day on which all are lost.
//!
//! In: the server's list, a PIN. Out: what was made and forgotten. Must not: show a code twice, or say that a passkey is
//! there before the server has it.

use domain::facility::Actor;
use domain::id::ActorId;
use domain::sync::enrol::DenialCode;
use domain::sync::proof::{APPROVALS_MIN, Passkey, PasskeysAct, PasskeysAnswer};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{SignInFailed, device};
use crate::platform::locale;
use crate::platform::passkey::PasskeyFailed;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::enter::failure_text;
use crate::ui::halted::NotFound;
use crate::ui::icons::Icon;
use crate::ui::label::put_on_paper;
use crate::ui::orders::Desk;
use crate::ui::parts::Button;
use crate::ui::proving::Proving;
use crate::ui::words::{Msg, passkeys};

/// A word after a sign-in of somebody who has none.
pub(super) mod offer;

/// What the sheet is about.
#[derive(Clone, Debug, PartialEq)]
enum About {
    /// The PIN, before this is done.
    Proving(Act),
    /// Whom to let in again?
    Choosing,
    /// It is done; a code to print, where there is a new one.
    Told(Msg, Option<String>),
}

#[derive(Clone, Debug, PartialEq)]
enum Act {
    Add,
    Remove {
        id: Vec<u8>,
        name: String,
        is_last: bool,
    },
    Code,
    Approve(ActorId, String),
}

/// The words for a denial that is about passkeys.
pub(super) fn denied_word(code: DenialCode) -> Option<Msg> {
    match code {
        DenialCode::PasskeyNeeded => Some(Msg::PasskeyWanted),
        DenialCode::WrongPasskey => Some(Msg::PasskeyNotTaken),
        DenialCode::NoPasskey => Some(Msg::PasskeyElsewhere),
        DenialCode::Nameless => Some(Msg::PasskeyNameless),
        DenialCode::NotApproved => Some(Msg::WayBackNotYet),
        DenialCode::WrongCode => Some(Msg::WayBackWrongCode),
        DenialCode::Full => Some(Msg::PasskeysFull),
        DenialCode::Unreadable
        | DenialCode::UnknownDevice
        | DenialCode::RevokedDevice
        | DenialCode::WrongPin
        | DenialCode::Locked
        | DenialCode::UnknownActor
        | DenialCode::TooLarge
        | DenialCode::Replayed
        | DenialCode::NotFound
        | DenialCode::Unavailable
        | DenialCode::OutOfScope => None,
    }
}

/// The words for an authenticator that said nothing.
pub(super) fn failed_word(failed: &PasskeyFailed) -> Msg {
    match failed {
        PasskeyFailed::Unsupported => Msg::PasskeyUnsupported,
        PasskeyFailed::Cancelled => Msg::PasskeyCancelled,
        PasskeyFailed::AlreadyThere => Msg::PasskeyAlreadyThere,
        PasskeyFailed::Nameless => Msg::PasskeyNameless,
        PasskeyFailed::Broken(_) => Msg::PasskeyBroken,
    }
}

/// Whether a sign-in failed for want of a passkey.
pub(super) fn is_about(failed: &SignInFailed) -> bool {
    match failed {
        SignInFailed::Passkey(_) => true,
        SignInFailed::Denied(code) => denied_word(*code).is_some(),
        SignInFailed::Wrong(_)
        | SignInFailed::Wait(_)
        | SignInFailed::Locked
        | SignInFailed::NeedsServer
        | SignInFailed::Broken(_) => false,
    }
}

/// What a new passkey is called: like the device that it was made on.
pub(super) fn usual_name() -> String {
    let own = device().certificate();
    own.map(|own| own.device.name).unwrap_or_default()
}

/// What is known of the person's passkeys.
type Known = RwSignal<Option<Result<Vec<Passkey>, SignInFailed>>>;

/// The page.
#[component]
pub(super) fn Passkeys() -> impl IntoView {
    scan::expect(Step::Anything);
    let actor = device().actor();
    let Some(actor) = actor.filter(|actor| actor.role.has_passkeys()) else {
        return view! { <NotFound/> }.into_any();
    };
    let known: Known = RwSignal::new(None);
    spawn_local(async move {
        let listed = device().own_passkeys(None, PasskeysAct::List).await;
        known.try_set(Some(listed.map(|answer| answer.passkeys)));
    });
    let about = RwSignal::new(None::<About>);
    let title = Signal::derive(|| Msg::YourPasskeys.say(lang()).to_owned());
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let has_some = move || known.with(|known| matches!(known, Some(Ok(all)) if !all.is_empty()));
    let others = move || {
        has_some().then(|| {
            view! {
                <Button
                    word=text(Msg::NewPrintedCode)
                    act=move || about.set(Some(About::Proving(Act::Code)))
                />
                <Button
                    word=text(Msg::LetManagerIn)
                    act=move || about.set(Some(About::Choosing))
                />
            }
        })
    };
    view! {
        <Desk title>
            <main class="page-main" data-passkeys="" tabindex="0">
                <p>{move || Msg::PasskeysHow.say(lang())}</p>
                <div class="page-acts">
                    <Button
                        icon=Icon::ShieldCheck
                        word=text(Msg::AddPasskey)
                        primary=true
                        act=move || about.set(Some(About::Proving(Act::Add)))
                    />
                    {others}
                </div>
                <Table known about/>
            </main>
            <Sheet about known own=actor.id/>
        </Desk>
    }
    .into_any()
}

#[component]
fn Table(known: Known, about: RwSignal<Option<About>>) -> impl IntoView {
    move || match known.get() {
        None => ().into_any(),
        Some(Err(failed)) => {
            let said = move || match &failed {
                SignInFailed::NeedsServer => Msg::EnrolNoServer.say(lang()).to_owned(),
                failed => failure_text(lang(), failed),
            };
            view! { <p role="status">{said}</p> }.into_any()
        }
        Some(Ok(passkeys)) if passkeys.is_empty() => {
            view! { <div class="empty"><h2>{move || Msg::NoPasskeyYet.say(lang())}</h2></div> }
                .into_any()
        }
        Some(Ok(passkeys)) => {
            let is_last = passkeys.len() == 1;
            let rows = passkeys.into_iter().map(|one| row(one, is_last, about));
            view! {
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{move || Msg::ColumnPasskey.say(lang())}</th>
                            <th scope="col">{move || Msg::ColumnAddress.say(lang())}</th>
                            <th scope="col">{move || Msg::ColumnMade.say(lang())}</th>
                            <th scope="col">{move || Msg::ColumnUsed.say(lang())}</th>
                            <th scope="col"><span class="sr">{move || Msg::RemovePasskey.say(lang())}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            }
            .into_any()
        }
    }
}

fn row(passkey: Passkey, is_last: bool, about: RwSignal<Option<About>>) -> impl IntoView {
    let zone = device()
        .store()
        .map_or_else(locale::own_zone, |store| store.time_zone);
    let day = move |at| locale::short_day(lang().tag(), &zone, at);
    let (made, used) = (day.clone(), day);
    let act = Act::Remove {
        id: passkey.id,
        name: passkey.name.clone(),
        is_last,
    };
    let ask = move |_| about.set(Some(About::Proving(act.clone())));
    view! {
        <tr data-passkey="">
            <td><b>{passkey.name}</b></td>
            <td class="code">{passkey.rp}</td>
            <td>{move || made(passkey.made)}</td>
            <td>{move || passkey.used.map(&used)}</td>
            <td>
                <button class="btn btn-small" type="button" on:click=ask>
                    <span>{move || Msg::RemovePasskey.say(lang())}</span>
                </button>
            </td>
        </tr>
    }
}

#[component]
fn Sheet(about: RwSignal<Option<About>>, known: Known, own: ActorId) -> impl IntoView {
    let title = move || match about.get() {
        Some(About::Proving(Act::Add)) => Msg::AddPasskey.say(lang()).to_owned(),
        Some(About::Proving(Act::Code)) => Msg::NewPrintedCode.say(lang()).to_owned(),
        Some(About::Proving(Act::Remove { name, .. })) => passkeys::remove_named(lang(), name),
        Some(About::Proving(Act::Approve(_, name))) => passkeys::let_named_in(lang(), name),
        Some(About::Choosing) => Msg::LetManagerIn.say(lang()).to_owned(),
        Some(About::Told(msg, _)) => msg.say(lang()).to_owned(),
        None => String::new(),
    };
    let body = move || match about.get()? {
        About::Proving(act) => {
            let why = match &act {
                Act::Add => Some(Msg::AddPasskeyWhy),
                Act::Code => Some(Msg::NewPrintedCodeWhy),
                Act::Approve(..) => Some(Msg::LetManagerInWhy),
                Act::Remove { is_last, .. } => is_last.then_some(Msg::RemoveLastPasskey),
            };
            let act = StoredValue::new(act);
            let run = move |pin: String| async move {
                about.set(Some(carry_out(&act.get_value(), &pin, known).await?));
                Ok::<(), SignInFailed>(())
            };
            Some(view! { <Proving run why/> }.into_any())
        }
        About::Choosing => Some(view! { <Managers about own/> }.into_any()),
        About::Told(_, code) => code.map(|code| view! { <Printed code/> }.into_any()),
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    move || {
        about.with(Option::is_some).then(|| {
            view! {
                <section class="sheet" data-passkey-sheet="" role="dialog" aria-modal="false" aria-labelledby="passkeys-title">
                    <header class="sheet-head"><h2 id="passkeys-title">{title}</h2></header>
                    <div class="sheet-body">{body}</div>
                    <footer class="dock">
                        <Button word=text(Msg::Close) act=move || about.set(None)/>
                    </footer>
                </section>
            }
        })
    }
}

async fn carry_out(act: &Act, pin: &str, known: Known) -> Result<About, SignInFailed> {
    let (msg, answer) = match act {
        Act::Add => {
            let answer = device().add_passkey(pin, &usual_name()).await?;
            (Msg::PasskeyAdded, answer)
        }
        Act::Remove { id, .. } => {
            let remove = PasskeysAct::Remove { id: id.clone() };
            let answer = device().own_passkeys(Some(pin), remove).await?;
            (Msg::PasskeyRemoved, answer)
        }
        Act::Code => {
            let code = PasskeysAct::Code;
            (
                Msg::KeepThisCode,
                device().own_passkeys(Some(pin), code).await?,
            )
        }
        Act::Approve(person, _) => {
            let approve = PasskeysAct::Approve { person: *person };
            let answer = device().own_passkeys(Some(pin), approve).await?;
            let approvals = answer
                .approvals
                .and_then(|count| usize::try_from(count).ok());
            let msg = match approvals {
                Some(count) if count >= APPROVALS_MIN => Msg::EnoughApprovals,
                _ => Msg::OneApproval,
            };
            return Ok(About::Told(msg, None));
        }
    };
    let PasskeysAnswer { passkeys, code, .. } = answer;
    known.try_set(Some(Ok(passkeys)));
    offer::done();
    Ok(About::Told(msg, code))
}

/// A code to print, this once.
#[component]
pub(super) fn Printed(code: String) -> impl IntoView {
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let on_paper = StoredValue::new(code.clone());
    view! {
        <div class="new-pin">
            <p><b>{move || Msg::KeepThisCode.say(lang())}</b></p>
            <p class="check-code recovery-code" data-recovery="">{code}</p>
            <p>{move || Msg::KeepThisCodeHow.say(lang())}</p>
            <p class="soft">{move || Msg::KeepThisCodeWhy.say(lang())}</p>
            <Button word=text(Msg::Print) act=move || print(on_paper.get_value())/>
        </div>
    }
}

/// Prints a recovery code, with whose it is and when it was made.
fn print(code: String) {
    let lang = lang();
    let name = device().actor().map(|actor| actor.name);
    let made = locale::stamp(&device().zone(), device().now());
    let whose: Vec<String> = name.into_iter().chain([made]).collect();
    let sheet = view! {
        <div class="ticket">
            <header class="ticket-head"><h1>{Msg::KeepThisCode.say(lang)}</h1></header>
            <p class="check-code recovery-code">{code}</p>
            <p>{whose.join(" · ")}</p>
            <p>{Msg::KeepThisCodeWhy.say(lang)}</p>
        </div>
    };
    spawn_local(put_on_paper("letter", sheet));
}

/// The other managers.
#[component]
fn Managers(about: RwSignal<Option<About>>, own: ActorId) -> impl IntoView {
    let people = device().ledger_now(|ledger| {
        let is_other = |actor: &&Actor| {
            actor.active
                && actor.id != own
                && actor.id != ActorId::SERVER
                && actor.role.has_passkeys()
        };
        let all = ledger.actors.values().filter(is_other);
        all.cloned().collect::<Vec<Actor>>()
    });
    if people.is_empty() {
        return view! { <p>{move || Msg::NoOtherManager.say(lang())}</p> }.into_any();
    }
    let cards = people.into_iter().map(|actor| {
        let name = actor.name.clone();
        let act = Act::Approve(actor.id, actor.name);
        let choose = move |_| about.set(Some(About::Proving(act.clone())));
        view! { <li><button class="person" type="button" on:click=choose><b>{name}</b></button></li> }
    });
    view! {
        <p>{move || Msg::LetManagerInWhy.say(lang())}</p>
        <ul class="people">{cards.collect_view()}</ul>
    }
    .into_any()
}
