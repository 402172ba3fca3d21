//! The screens.
//!
//! In: signals of the device and of the scan path. Out: what people see. Must not: decide, keep or send.

#![expect(
    unreachable_pub,
    reason = "the component macro makes a component's properties public whatever the component is"
)]

use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::hooks::use_navigate;
use leptos_router::path;

use crate::access::idle;
use crate::device::{Phase, device};
use crate::scan::{self, Open};

/// What people chose on this device.
pub mod choice;
/// Every word, in both languages.
pub mod words;
/// Icons.
pub mod icons;
/// Parts that many screens share.
mod parts;
/// The pad of ten figures.
mod figures;
/// The strip, the rail, the frame.
mod frame;
/// The band under the work, and the refusal over it.
mod band;
/// A document that no reader reads.
mod by_eye;
/// The customer signs.
mod sign;
/// The camera's picture, and what it says.
mod viewfinder;
/// The in-app keypad.
mod keypad;
/// Who is working?
mod enter;
/// The server said no: the words for each reason.
mod denied;
/// The pad on which a PIN is typed.
mod pin_pad;
/// A person chooses another PIN.
mod new_pin;
/// The shop's devices.
mod devices;
/// Who works here.
mod people;
/// What changed about people and devices.
mod register;
/// Setting up this device.
mod enrol;
/// Orders to pick.
mod queue;
/// Directed picking.
mod pick;
/// The car of whoever waits at the curb.
mod car;
/// What a customer wrote to the shop.
mod note;
/// What has become of an order meanwhile.
mod changed;
/// What is wrong at a slot.
mod problem;
/// The pack bench: verify, label, seal.
mod pack;
/// Order, ticket and hand, side by side.
mod verify;
/// What one person may buy.
mod limits;
/// The exit label, on screen and on paper.
mod label;
/// The next step of a procedure.
mod sop;
/// How tasks are done here.
mod procedures;
/// The pick ticket, on paper.
mod ticket;
/// Staging slots.
mod stage;
/// Finding a bag.
mod find;
/// The counter.
mod front;
/// Short messages about an order.
mod messages;
/// Long lists, a page at a time.
mod more;
/// The bag in hand, and the ID of whoever it is for.
mod hand_over;
/// The manager's orders.
mod orders;
/// An auditor's file.
pub mod audit;
/// An order's chain of custody.
mod chain;
/// What the shop holds or recalls.
mod holds;
/// What of an order may not be sold any more.
mod unfit;
/// Several orders in one walk.
mod walk;
/// The map of the vault.
mod vault;
/// What waits for a decision.
mod exceptions;
/// One recorded breach, and how it is settled.
mod settle;
/// What an order lacks, and going on without it.
mod short_order;
/// What has to wait without the server.
mod permit;
/// Older packages that were passed over.
mod passed_over;
/// What a lost device may have taken.
mod recount;
/// An order is taken away from a device.
mod take_back;
/// What no rule can see is reported by hand.
mod report;
/// Acts that cannot be sent, into a file and out of one.
mod lifeboat;
/// A change upstream was looked at.
mod seen;
/// A PIN, before something is done.
mod proving;
/// Managers' passkeys.
mod passkeys;
/// In again without any passkey.
mod way_back;
/// Status and choices.
mod status;
/// Trying a scanner.
mod scanner;
/// The start of a shift.
mod shift;
/// What this device has seen of the log, and holds against the server.
mod witness;
/// Screens for when the device cannot be worked on.
mod halted;

use parts::home_of;

pub use frame::minute as ticking;

/// How often it is looked whether anybody is there, in milliseconds.
const IDLE_LOOK: u32 = 2_000;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    choice::follow();
    lock_when_idle();
    turn_out_who_left();
    passkeys::offer::follow();
    let phase = device().phase;
    let shown = Memo::new(move |_| match phase.get() {
        Phase::Starting => Shown::Starting,
        Phase::OtherTab => Shown::OtherTab,
        Phase::Broken(_) => Shown::Broken,
        Phase::NotEnrolled => Shown::NotEnrolled,
        Phase::SignedOut if device().check_code.with(Option::is_some) => Shown::Compares,
        Phase::SignedOut => Shown::SignedOut,
        Phase::SignedIn(actor) => Shown::SignedIn(actor.0),
    });
    move || match shown.get() {
        _ if audit::is_alone() => view! { <audit::Alone/> }.into_any(),
        Shown::Starting => view! { <halted::Starting/> }.into_any(),
        Shown::OtherTab => view! { <halted::OtherTab/> }.into_any(),
        Shown::Broken => view! { <halted::Broken/> }.into_any(),
        Shown::NotEnrolled => view! { <enrol::Enrol/> }.into_any(),
        Shown::Compares => view! { <enrol::Compare/> }.into_any(),
        Shown::SignedOut => view! { <band::Answered/><enter::Enter/> }.into_any(),
        Shown::SignedIn(_) => view! { <Places/> }.into_any(),
    }
}

/// Turns out a person whom the server does not let work here any more, as soon as the device hears of it.
fn turn_out_who_left() {
    let has_left = Memo::new(|_| match device().phase.get() {
        Phase::SignedIn(id) => device().ledger(|ledger| {
            let actor = ledger.actors.get(&id);
            actor.is_some_and(|actor| !actor.active)
        }),
        Phase::Starting
        | Phase::OtherTab
        | Phase::Broken(_)
        | Phase::NotEnrolled
        | Phase::SignedOut => false,
    });
    Effect::new(move |_| {
        if has_left.get() {
            scan::counter::forget();
            leptos::task::spawn_local(device().turn_out());
        }
    });
}

/// Locks the device when nobody has touched it for as long as people chose.
fn lock_when_idle() {
    Interval::new(IDLE_LOOK, || {
        let longest = 60 * choice::choices().lock_after.get_untracked();
        if idle::seconds() >= longest
            && matches!(device().phase.get_untracked(), Phase::SignedIn(_))
        {
            scan::counter::forget();
            leptos::task::spawn_local(device().pause());
        }
    })
    .forget();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Starting,
    OtherTab,
    Broken,
    NotEnrolled,
    Compares,
    SignedOut,
    SignedIn(u32),
}

#[component]
fn Places() -> impl IntoView {
    view! {
        <band::Answered/>
        <Router>
            <Leading/>
            <Routes fallback=|| view! { <halted::NotFound/> }>
                <Route path=path!("/") view=Home/>
                <Route path=path!("/queue") view=queue::Queue/>
                <Route path=path!("/pick/:order") view=pick::Pick/>
                <Route path=path!("/walk") view=walk::Walk/>
                <Route path=path!("/pack") view=pack::PackList/>
                <Route path=path!("/pack/:order") view=pack::Pack/>
                <Route path=path!("/stage") view=stage::Stage/>
                <Route path=path!("/stage/:order") view=stage::Stage/>
                <Route path=path!("/evening") view=stage::Evening/>
                <Route path=path!("/bags") view=find::Find/>
                <Route path=path!("/counter") view=front::Counter/>
                <Route path=path!("/orders") view=orders::Orders/>
                <Route path=path!("/orders/:order") view=chain::Chain/>
                <Route path=path!("/exceptions") view=exceptions::Exceptions/>
                <Route path=path!("/exceptions/:number") view=exceptions::Exceptions/>
                <Route path=path!("/verify") view=audit::InDesk/>
                <Route path=path!("/map") view=vault::VaultMap/>
                <Route path=path!("/holds") view=holds::Holds/>
                <Route path=path!("/holds/:event") view=holds::Holds/>
                <Route path=path!("/procedures") view=procedures::Procedures/>
                <Route path=path!("/devices") view=devices::Devices/>
                <Route path=path!("/people") view=people::People/>
                <Route path=path!("/passkeys") view=passkeys::Passkeys/>
                <Route path=path!("/shift") view=shift::Shift/>
                <Route path=path!("/status") view=status::Status/>
                <Route path=path!("/scanner") view=scanner::Scanner/>
            </Routes>
        </Router>
    }
}

/// Lets scanned codes lead to places.
#[component]
fn Leading() -> impl IntoView {
    let navigate = use_navigate();
    parts::keep_navigator(navigate);
    scan::open_with(|open| {
        let address = match open {
            Open::Pick(order) => format!("/pick/{order}"),
            Open::Pack(order) => format!("/pack/{order}"),
            Open::Shelf => return,
            Open::Bench => "/pack".to_owned(),
            Open::Stage(order) => format!("/stage/{order}"),
            Open::HandOver(_) => "/counter".to_owned(),
            Open::Print(order) => {
                leptos::task::spawn_local(label::print_label(order, None));
                return;
            }
            Open::Next { besides } => match queue::next_of_ours(besides) {
                Some(order) => format!("/pick/{order}"),
                None => "/queue".to_owned(),
            },
        };
        parts::go(&address);
    });
}

/// Everybody's own first screen.
#[component]
fn Home() -> impl IntoView {
    let path = device()
        .actor()
        .map_or("/status", |actor| home_of(actor.role));
    view! { <Redirect path=path/> }
}
