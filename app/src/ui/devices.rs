//! The shop's devices, for those who answer for them.
//!
//! In: the directory, a manager's PIN. Out: a one-time code for a new device, a lost one revoked. Must not: believe that
//! the right device came in before somebody has compared the six digits on both.

use domain::facility::{Device, Purpose, Right};
use domain::id::{DeviceId, OrderId};
use domain::order::Order;
use domain::sync::enrol::{DevicesAct, NewCode, check_code};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::device::{SignInFailed, device};
use crate::platform::clock;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::halted::NotFound;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::orders::Desk;
use crate::ui::parts::{Button, go};
use crate::ui::proving::Proving;
use crate::ui::register::{Changes, Of, Told, asked, heard_of, wiped};
use crate::ui::words::{Msg, devices};

/// What stands in the address before a code: a new device's camera opens it, and nothing of it goes to the server.
pub(super) const ENROL_MARK: &str = "/#enrol=";
/// Light modules around a code's picture, as the standard asks for.
const QUIET: u8 = 4;

/// What the sheet is about.
#[derive(Clone, Debug, PartialEq)]
enum About {
    /// The PIN, before this is done.
    Proving(Act),
    /// A code that waits for its device, those that were here before, and until when it can be used.
    Waiting(NewCode, Vec<Known>, u64),
    /// A device that used the code, and what it should show.
    Comparing(Device, String),
    /// It is done, and these orders' customers were known on the device.
    Told(Msg, Vec<(String, String)>),
}

/// A device at one of its enrolments.
type Known = (DeviceId, u32);

#[derive(Clone, Debug, PartialEq)]
enum Act {
    Code { drivers_phone: bool },
    Revoke { device: Device, says: Msg },
}

/// The page.
#[component]
pub(super) fn Devices() -> impl IntoView {
    scan::expect(Step::Anything);
    let may = device()
        .actor()
        .is_some_and(|actor| actor.role.may(Right::Administer));
    if !may {
        return view! { <NotFound/> }.into_any();
    }
    let about = RwSignal::new(None::<About>);
    let title = Signal::derive(|| Msg::DevicesPage.say(lang()).to_owned());
    let told = asked();
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let add = move |drivers_phone| about.set(Some(About::Proving(Act::Code { drivers_phone })));
    view! {
        <Desk title>
            <main class="page-main" tabindex="0">
                <div class="page-acts">
                    <Button
                        icon=Icon::TabletSmartphone
                        word=text(Msg::AddTablet)
                        primary=true
                        act=move || add(false)
                    />
                    <Button word=text(Msg::AddPhone) act=move || add(true)/>
                </div>
                <Table about told/>
                <Changes told of=Of::Devices/>
            </main>
            <Sheet about/>
        </Desk>
    }
    .into_any()
}

/// What a restored server forgot, for those who can do something about it.
#[component]
pub(super) fn InAgain() -> impl IntoView {
    let back = Memo::new(|_| {
        let may = device().actor();
        let may = may.is_some_and(|actor| actor.role.may(Right::Administer));
        if !may {
            return String::new();
        }
        let names = device().in_again().into_iter().map(|known| known.name);
        names.collect::<Vec<_>>().join(", ")
    });
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    let is_here = path.as_deref() == Some("/devices");
    move || {
        let names = back.get();
        (!names.is_empty()).then(|| {
            view! {
                <div class="notice" data-tone="attend" data-in-again="" role="alert">
                    <Glyph icon=Icon::TriangleAlert/>
                    <span class="grow">
                        <b>{move || devices::in_again(lang(), &names)}</b>
                        " "
                        {move || Msg::InAgainHow.say(lang())}
                    </span>
                    {(!is_here).then(|| view! {
                        <button class="btn btn-small" type="button" on:click=|_| go("/devices")>
                            <span>{move || Msg::SeeDevices.say(lang())}</span>
                        </button>
                    })}
                </div>
            }
        })
    }
}

#[component]
fn Table(about: RwSignal<Option<About>>, told: Told) -> impl IntoView {
    let rows = Memo::new(|_| {
        device().ledger(|ledger| {
            let own = |known: &&Device| !known.is_server;
            let mut rows: Vec<Device> = ledger.devices.values().filter(own).cloned().collect();
            rows.sort_by_key(|known| (!known.active, known.name.to_lowercase(), known.id));
            rows
        })
    });
    view! {
        <table class="table table-folds">
            <thead>
                <tr>
                    <th scope="col">{move || Msg::ColumnDevice.say(lang())}</th>
                    <th scope="col">{move || Msg::ColumnFor.say(lang())}</th>
                    <th scope="col">{move || Msg::StatusPage.say(lang())}</th>
                    <th scope="col">{move || Msg::LastHeardOf.say(lang())}</th>
                    <th scope="col"><span class="sr">{move || Msg::Revoke.say(lang())}</span></th>
                </tr>
            </thead>
            <tbody>
                {move || rows.get().into_iter().map(|known| row(known, about, told)).collect_view()}
            </tbody>
        </table>
    }
}

fn row(known: Device, about: RwSignal<Option<About>>, told: Told) -> impl IntoView {
    let who = known.id;
    let own = device().certificate().map(|own| own.device.id);
    let is_this = own == Some(known.id);
    let purpose = match known.purpose {
        None => Msg::ForTheShop,
        Some(Purpose::DriversPhone) => Msg::ForATrip,
        Some(Purpose::Newer(_)) => Msg::ForSomethingNewer,
    };
    let (state, tone) = if known.active {
        (Msg::DeviceActive, "accept")
    } else {
        (Msg::DeviceRevoked, "quiet")
    };
    let (id, name) = (known.id.to_string(), known.name.clone());
    let is_out = !known.active;
    let can_go = known.active && !is_this;
    let act = Act::Revoke {
        device: known,
        says: Msg::DeviceIsRevoked,
    };
    let ask = move |_| about.set(Some(About::Proving(act.clone())));
    view! {
        <tr data-device=id.clone()>
            <td>
                <b>{name}</b>" "<span class="faint code">{id.get(..8).unwrap_or_default().to_owned()}</span>
                {is_this.then(|| view! { " "<span class="chip">{move || Msg::ThisDevice.say(lang())}</span> })}
            </td>
            <td>{move || purpose.say(lang())}</td>
            <td>
                <span class="chip" data-tone=tone>{move || state.say(lang())}</span>
            </td>
            <td data-heard="">
                {move || heard_of(told, who)}
                {is_out.then(|| view! { <div class="faint" data-wiped="">{move || wiped(told, who)}</div> })}
            </td>
            <td>
                {can_go.then(|| view! {
                    <button class="btn btn-small" type="button" on:click=ask>
                        <span>{move || Msg::Revoke.say(lang())}</span>
                    </button>
                })}
            </td>
        </tr>
    }
}

#[component]
fn Sheet(about: RwSignal<Option<About>>) -> impl IntoView {
    let title = move || match about.get() {
        Some(About::Proving(Act::Revoke { device, .. })) => {
            devices::revoke_named(lang(), device.name)
        }
        Some(About::Proving(Act::Code {
            drivers_phone: true,
        })) => Msg::AddPhone.say(lang()).to_owned(),
        Some(About::Proving(Act::Code { .. }) | About::Waiting(..)) => {
            Msg::AddTablet.say(lang()).to_owned()
        }
        Some(About::Comparing(..)) => Msg::CheckCode.say(lang()).to_owned(),
        Some(About::Told(msg, _)) => msg.say(lang()).to_owned(),
        None => String::new(),
    };
    let body = move || match about.get()? {
        About::Proving(act) => {
            let is_end = matches!(act, Act::Revoke { .. });
            let act = StoredValue::new(act);
            let run = move |pin: String| async move {
                about.set(Some(carry_out(&act.get_value(), &pin).await?));
                Ok::<(), SignInFailed>(())
            };
            Some(view! { <Proving run why=is_end.then_some(Msg::RevokeWhy)/> }.into_any())
        }
        About::Waiting(code, before, until) => {
            Some(view! { <Waiting about code before until/> }.into_any())
        }
        About::Comparing(known, check) => Some(view! { <Comparing about known check/> }.into_any()),
        About::Told(_, held) => Some(view! { <Held held/> }.into_any()),
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    move || {
        about.with(Option::is_some).then(|| {
            view! {
                <section class="sheet" data-devices="" role="dialog" aria-modal="false" aria-labelledby="devices-title">
                    <header class="sheet-head"><h2 id="devices-title">{title}</h2></header>
                    <div class="sheet-body">{body}</div>
                    <footer class="dock">
                        <Button word=text(Msg::Close) act=move || about.set(None)/>
                    </footer>
                </section>
            }
        })
    }
}

async fn carry_out(act: &Act, pin: &str) -> Result<About, SignInFailed> {
    match act {
        Act::Code { drivers_phone } => {
            let before = known();
            let origin = web_sys::window().and_then(|window| window.location().origin().ok());
            let ask = DevicesAct::Code {
                drivers_phone: *drivers_phone,
                address: format!("{}{ENROL_MARK}", origin.unwrap_or_default()),
            };
            let code = device().manage(pin, ask).await?;
            let code = code.ok_or(SignInFailed::NeedsServer)?;
            let until = clock::monotonic() + u64::from(code.lasts);
            Ok(About::Waiting(code, before, until))
        }
        Act::Revoke { device: gone, says } => {
            let ask = DevicesAct::Revoke { device: gone.id };
            device().manage(pin, ask).await?;
            Ok(About::Told(*says, held_by(gone)))
        }
    }
}

/// The orders whose customers are known on a device, each with the customer's name as far as it is known here: those that
/// are open, and on a driver's phone those it has taken.
fn held_by(gone: &Device) -> Vec<(String, String)> {
    let orders: Vec<(OrderId, String)> = device().ledger_now(|ledger| {
        let has = |order: &&Order| {
            let claim = order.claim.as_ref();
            let is_its = || claim.is_some_and(|claim| claim.device == gone.id);
            !order.status.is_closed() && (gone.purpose.is_none() || is_its())
        };
        let orders = ledger.orders.values().filter(has);
        orders.map(|order| (order.id, order.code.clone())).collect()
    });
    let named = |(id, code)| {
        let card = device().customer(id);
        (code, card.map(|card| card.label_name).unwrap_or_default())
    };
    untrack(|| orders.into_iter().map(named).collect())
}

#[component]
fn Held(held: Vec<(String, String)>) -> impl IntoView {
    (!held.is_empty()).then(|| {
        view! {
            <div class="new-pin">
                <p>{move || Msg::HeldCustomersOf.say(lang())}</p>
                <ul class="held" data-held="">
                    {held
                        .into_iter()
                        .map(|(code, name)| view! { <li><span class="code">{code}</span>" "<bdi>{name}</bdi></li> })
                        .collect_view()}
                </ul>
            </div>
        }
    })
}

/// Every device at its enrolment of now.
fn known() -> Vec<Known> {
    device().ledger_now(|ledger| {
        let all = ledger.devices.values();
        all.map(|known| (known.id, known.generation)).collect()
    })
}

#[component]
fn Waiting(
    about: RwSignal<Option<About>>,
    code: NewCode,
    before: Vec<Known>,
    until: u64,
) -> impl IntoView {
    let left = RwSignal::new(u64::from(code.lasts) / 1_000);
    let ticking = Interval::new(1_000, move || {
        left.set(until.saturating_sub(clock::monotonic()) / 1_000);
    });
    let ticking = StoredValue::new_local(Some(ticking));
    on_cleanup(move || drop(ticking.try_update_value(Option::take)));
    let made = code.code.clone();
    Effect::new(move |_| {
        let new = device().ledger(|ledger| {
            let is_new =
                |known: &&Device| known.active && !before.contains(&(known.id, known.generation));
            ledger.devices.values().find(is_new).cloned()
        });
        if let Some(known) = new {
            let check = check_code(&made, &known.public_key);
            about.set(Some(About::Comparing(known, check)));
        }
    });
    let lasts = move || match left.get() {
        0 => Msg::NewCodeOver.say(lang()).to_owned(),
        seconds => devices::code_lasts(lang(), format!("{}:{:02}", seconds / 60, seconds % 60)),
    };
    view! {
        <div class="new-code">
            <Picture code=code.clone()/>
            <div>
                <p>{move || Msg::NewCodeHow.say(lang())}</p>
                <p class="check-code" data-code="">{code.code}</p>
                <p role="status">{lasts}</p>
                <p>{move || Msg::NobodyUsedIt.say(lang())}</p>
            </div>
        </div>
    }
}

#[component]
fn Picture(code: NewCode) -> impl IntoView {
    let side = code.side + 2 * QUIET;
    let mut path = String::new();
    for down in 0..code.side {
        for across in (0..code.side).filter(|across| code.is_dark(*across, down)) {
            path += &format!("M{} {}h1v1h-1z", across + QUIET, down + QUIET);
        }
    }
    (code.side > 0).then(|| {
        view! {
            <svg
                class="qr"
                viewBox=format!("0 0 {side} {side}")
                shape-rendering="crispEdges"
                role="img"
                aria-label=code.code
            >
                <rect width=side height=side fill="#fff"></rect>
                <path d=path fill="#000"></path>
            </svg>
        }
    })
}

#[component]
fn Comparing(about: RwSignal<Option<About>>, known: Device, check: String) -> impl IntoView {
    let name = known.name.clone();
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let differs = move || {
        about.set(Some(About::Proving(Act::Revoke {
            device: known.clone(),
            says: Msg::DeviceIsOut,
        })));
    };
    view! {
        <div class="new-pin">
            <p>{move || devices::named_device_is_in(lang(), &name)}</p>
            <p><b>{move || Msg::CompareHow.say(lang())}</b></p>
            <p class="check-code" data-check="">{check}</p>
            <div class="page-acts">
                <Button
                    word=text(Msg::ItIsTheSame)
                    primary=true
                    act=move || about.set(Some(About::Told(Msg::DeviceIsIn, Vec::new())))
                />
                <Button word=text(Msg::ItDiffers) act=differs/>
            </div>
        </div>
    }
}
