//! One reading, start to finish: understood, decided, kept, shown, heard.
//!
//! In: readings, one after the other, none dropped. Out: recorded facts and feedback. Must not: own a rule.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use domain::code::own::OwnKind;
use domain::code::sheet::{Ending, Typed};
use domain::code::{Channel, Code, Reading, Settings, TrackingSystem, parse};
use domain::custody::pick::ScanTask;
use domain::custody::scan::{Evidence, Scan};
use domain::custody::short::{self, ShortReason};
use domain::custody::{pick, tell, tote};
use domain::event::Body;
use domain::id::{OrderId, PackageTag};
use domain::identity::Card;
use domain::verdict::{Reason, Refusal};
use gloo_timers::callback::Timeout;
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _, WithUntracked as _};
use wasm_bindgen_futures::spawn_local;

use crate::access::idle;
use crate::capture::wedge::Scanned;
use crate::device::{Outcome, device};
use crate::platform::sound::{self, Sound};
use crate::platform::{clock, vibration};
use crate::ui::choice::choices;

/// The next person's badge.
mod badge;
/// The order on the bench, and its bag.
mod bench;
/// Tags that nearly match.
pub mod closely;
/// Printed commands.
pub mod command;
/// The bag and the customer's ID.
pub mod counter;
/// What was done is taken back.
pub mod undo;
/// What was reported missing is in the hand.
pub mod found;
/// Whether the step in front would accept a code.
mod fits;
/// Codes that lead to places.
mod open;
/// Trying a scanner.
mod tried;

pub use badge::badge_id;
pub use closely::Close;
pub use command::Command;
pub use counter::IdCheck;
pub use fits::fits;
pub use found::Found;
pub use open::{Open, open_with};
pub use tried::Heard;
pub use undo::Undoable;

/// What the screen in front waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing but codes that open something.
    Anything,
    /// A person's badge.
    SignIn,
    /// Units for an order.
    Pick(OrderId),
    /// The tote of an order that joins a walk.
    Tote(OrderId),
    /// Units, the ticket, the label, for an order on the bench.
    Pack(OrderId),
    /// A bag, then its slot.
    Stage(Option<OrderId>),
    /// Bags that go back to the vault.
    Evening,
    /// A bag to hand over.
    Counter,
    /// Anything, to see how the scanner is set up.
    Try,
}

/// What the screen shows of the last reading.
#[derive(Clone, Debug, PartialEq)]
pub enum Feedback {
    /// Waiting for one.
    Waiting,
    /// Accepted and saved.
    Accepted(Box<Body>),
    /// It led somewhere, and nothing was recorded.
    Led(Open),
    /// Refused; the scan that was.
    Refused(Refusal),
    /// Not refused, but not enough.
    Attention(Refusal),
    /// Well read, and of no use before something else is scanned.
    First(First),
    /// Not a tag in stock, but close to one.
    LookClosely(Box<Close>),
    /// It was reported missing, and is in the hand.
    Found(Box<Found>),
    /// Nothing may be called saved.
    NotKept,
}

/// What has to be scanned before what was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// Whose ID it is, only the bag in the hand says.
    Bag,
    /// Nobody works here yet.
    Badge,
    /// This screen is about no order.
    Order,
    /// The same once more: it was cut off on the way.
    Again,
}

/// The signals of the scan path.
#[derive(Clone, Copy)]
pub struct ScanSignals {
    /// What is shown.
    pub feedback: RwSignal<Feedback>,
    /// Readings that wait behind the one being handled.
    pub waiting: RwSignal<usize>,
    /// A bag that was scanned at the counter and may go.
    pub bag: RwSignal<Option<(OrderId, Scan)>>,
    /// The act that can still be undone at one tap, and until when.
    pub undo: RwSignal<Option<(OrderId, Undoable, u64)>>,
    /// A badge that was scanned at the sign-in.
    pub badge: RwSignal<Option<String>>,
    /// The ID of whoever stands at the counter.
    pub id: RwSignal<IdCheck>,
    /// A printed command that a camera sees and nobody has confirmed.
    pub asked: RwSignal<Option<Command>>,
    /// What came while a scanner is tried, the newest first.
    pub tried: RwSignal<Vec<Heard>>,
}

thread_local! {
    static SIGNALS: ScanSignals = ScanSignals {
        feedback: RwSignal::new(Feedback::Waiting),
        waiting: RwSignal::new(0),
        bag: RwSignal::new(None),
        undo: RwSignal::new(None),
        badge: RwSignal::new(None),
        id: RwSignal::new(IdCheck::NONE),
        asked: RwSignal::new(None),
        tried: RwSignal::new(Vec::new()),
    };
    static STEP: Cell<Step> = const { Cell::new(Step::Anything) };
    static QUEUE: RefCell<VecDeque<(Reading, Option<Typed>)>> = const { RefCell::new(VecDeque::new()) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
    static CLEAR: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Readings kept while others are handled; a scanner that empties its own memory sends this many at once.
const QUEUE_MAX: usize = 1_000;
/// How long an accepted scan stays lit, in milliseconds.
const ACCEPTED_FOR: u32 = 900;
/// How long an act can be undone at one tap, in milliseconds.
pub const UNDO_FOR: u64 = 10_000;

/// The signals.
#[must_use]
pub fn signals() -> ScanSignals {
    SIGNALS.with(|signals| *signals)
}

/// Says what the screen in front waits for.
///
/// Where the last code led is said on the screen that it led to.
pub fn expect(step: Step) {
    if STEP.get() != step {
        signals().undo.set(None);
    }
    go_on(step);
    let feedback = signals().feedback;
    if !feedback.with_untracked(|feedback| matches!(feedback, Feedback::Led(_))) {
        clear();
    }
}

/// Says what the screen waits for now, and leaves the last verdict on it: a walk goes on to the next order while the band
/// is still lit.
pub fn go_on(step: Step) {
    STEP.set(step);
    command::unask();
}

/// Back to waiting.
pub fn clear() {
    CLEAR.take();
    let signals = signals();
    if signals.feedback.get_untracked() != Feedback::Waiting {
        signals.feedback.set(Feedback::Waiting);
    }
}

/// Takes a reading, and how it was typed if it was; it is handled after those before it.
pub fn read(reading: Reading, typed: Option<Typed>) {
    idle::touched();
    let waiting = QUEUE.with_borrow_mut(|queue| {
        let has_room = queue.len() < QUEUE_MAX;
        if has_room {
            queue.push_back((reading, typed));
        }
        has_room.then_some(queue.len())
    });
    let Some(waiting) = waiting else {
        first(First::Again);
        return;
    };
    if BUSY.replace(true) {
        signals().waiting.set(waiting);
        return;
    }
    spawn_local(async {
        while let Some((reading, typed)) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
            let left = QUEUE.with_borrow(VecDeque::len);
            if signals().waiting.get_untracked() != left {
                signals().waiting.set(left);
            }
            carry_out(reading, typed).await;
        }
        BUSY.set(false);
    });
}

/// Takes a scan that was typed. A scanner that thinks it types on an American keyboard garbles what it reads on a tablet
/// with another; the places of the keys still say it.
pub fn wedged(scanned: Scanned) {
    let Scanned {
        reading,
        typed,
        american,
    } = scanned;
    let is_code = |reading: &Reading| !matches!(understood(reading).code, Code::Nothing { .. });
    // Whoever tries a scanner wants to see what it does.
    let american = american.filter(|_| STEP.get() != Step::Try && !is_code(&reading));
    let meant = american.map(|text| Reading {
        text,
        ..reading.clone()
    });
    let meant = meant.filter(is_code);
    read(meant.unwrap_or(reading), Some(typed));
}

/// Whether a text that was typed is a code of any kind, or a card: where a scanner's keys come in parts, that tells which
/// of them belong together.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let reading = Reading {
        text: text.to_owned(),
        symbology: None,
        aim: None,
        channel: Channel::Wedge,
    };
    !matches!(understood(&reading).code, Code::Nothing { .. }) || Card::read(text).is_ok()
}

/// What a reading means in this shop.
#[must_use]
pub fn understood(reading: &Reading) -> Scan {
    let stocked =
        |tag: &PackageTag| device().ledger_now(|ledger| ledger.packages.contains_key(tag));
    Scan {
        code: parse(reading, &settings(reading.channel)).settled(stocked),
    }
}

/// What is known of a shop and of whoever delivers a reading: only scanners put anything around a code.
pub(crate) fn settings(channel: Channel) -> Settings {
    let system =
        device().ledger_now(|ledger| ledger.packages.keys().next().map(TrackingSystem::of));
    let plain = Settings::new(system.unwrap_or(TrackingSystem::Metrc));
    match channel {
        Channel::Wedge => choices()
            .around
            .with_untracked(|around| around.settings(plain)),
        Channel::Camera | Channel::Keypad => plain,
    }
}

async fn carry_out(reading: Reading, typed: Option<Typed>) {
    let scan = understood(&reading);
    // Whatever else is read answers the question in its own way.
    command::unask();
    let is_cut = typed.is_some_and(|typed| typed.ending == Ending::Cut);
    if is_cut && STEP.get() != Step::Try {
        first(First::Again);
        return;
    }
    if let Some(command) = command::here(&scan) {
        command::take(command, reading.channel).await;
        return;
    }
    if let Some(badge) = badge::of_somebody(&scan, &reading) {
        badge::make_way(badge).await;
        return;
    }
    match STEP.get() {
        Step::SignIn => badge::asked_for(&scan),
        Step::Anything => open::what(None, &scan, &reading),
        Step::Pick(order) => pick_step(order, &scan, &reading).await,
        Step::Tote(order) => tote_step(order, &scan, &reading).await,
        Step::Pack(order) => bench::pack(order, &scan, &reading).await,
        Step::Stage(order) => bench::stage(order, &scan, &reading).await,
        Step::Evening => bench::evening(&scan, &reading).await,
        Step::Counter => counter::step(&scan, reading).await,
        Step::Try => tried::take(&reading, scan.code, typed),
    }
}

async fn pick_step(order: OrderId, scan: &Scan, reading: &Reading) {
    // The ticket of whatever is picked next, from paper too: it opens its order.
    if let Evidence::Own(OwnKind::Ticket, _) = scan.evidence() {
        open::what(Some(order), scan, reading);
        return;
    }
    if let Evidence::Own(OwnKind::Location, id) = scan.evidence()
        && device().ledger_now(|ledger| pick::is_next_shelf(ledger, order, &id))
    {
        lit(Feedback::Led(Open::Shelf));
        return;
    }
    let outcome = device()
        .act(
            Some((ScanTask::Pick, Some(order), scan)),
            |ledger, situation| pick::decide(ledger, situation, order, scan),
        )
        .await;
    if !found::asks(order, scan, &outcome) {
        closely::shown(order, reading, outcome);
    }
}

async fn tote_step(order: OrderId, scan: &Scan, reading: &Reading) {
    let outcome = device()
        .act(
            Some((ScanTask::Pick, Some(order), scan)),
            |ledger, situation| tote::decide(ledger, situation, order, scan),
        )
        .await;
    closely::shown(order, reading, outcome);
}

/// Shows what an act came to, on all channels at once.
pub fn shown(order: OrderId, outcome: Outcome) {
    match outcome {
        Outcome::Saved(body) => {
            if let Some(what) = undo::of(order, &body) {
                signals()
                    .undo
                    .set(Some((order, what, clock::monotonic() + UNDO_FOR)));
            }
            accepted(*body);
        }
        other => came(other),
    }
}

/// The same of an act that no order was in front for.
fn came(outcome: Outcome) {
    match outcome {
        Outcome::Saved(body) => accepted(*body),
        Outcome::Refused(refusal) => show_refusal(refusal),
        Outcome::NotKept(_) => {
            heard(Sound::Refuse);
            signals().feedback.set(Feedback::NotKept);
        }
    }
}

fn accepted(body: Body) {
    lit(Feedback::Accepted(Box::new(body)));
}

/// Shows for a moment what was good.
fn lit(feedback: Feedback) {
    heard(Sound::Accept);
    signals().feedback.set(feedback);
    CLEAR.set(Some(Timeout::new(ACCEPTED_FOR, clear)));
}

/// Shows a refusal until the next good scan.
pub fn show_refusal(refusal: Refusal) {
    CLEAR.take();
    let attention = matches!(
        refusal.reason,
        Reason::ProductCodeOnly | Reason::NeedsServer | Reason::LimitUnclear
    );
    if attention {
        heard(Sound::Attend);
        signals().feedback.set(Feedback::Attention(refusal));
    } else {
        heard(Sound::Refuse);
        signals().feedback.set(Feedback::Refused(refusal));
    }
}

fn first(what: First) {
    CLEAR.take();
    heard(Sound::Attend);
    signals().feedback.set(Feedback::First(what));
}

fn heard(sound: Sound) {
    if !choices().muted.get_untracked() {
        sound::play(sound);
    }
    vibration::vibrate(match sound {
        Sound::Accept => &[30],
        Sound::Refuse => &[180, 80, 180],
        Sound::Attend => &[40, 60, 40, 60, 40],
    });
}

/// Nothing is left where the order's next unit should be: what the button says at its first choice.
async fn short_here(order: OrderId) {
    let tag = device().ledger_now(|ledger| {
        let target = pick::next_target(ledger, ledger.orders.get(&order)?)?;
        Some(target.package.tag.clone())
    });
    match tag {
        Some(tag) => report_short(order, &tag, ShortReason::NotThere).await,
        None => show_refusal(Refusal::because(Reason::LineComplete)),
    }
}

/// Records that units of a package are not there to be taken, and shows what that came to. When no other package has them,
/// front of house is told, for the customer has to be asked.
pub async fn report_short(order: OrderId, tag: &PackageTag, reason: ShortReason) {
    let outcome = device()
        .act(None, |ledger, situation| {
            short::decide(ledger, situation, order, tag, reason)
        })
        .await;
    let is_saved = matches!(outcome, Outcome::Saved(_));
    shown(order, outcome);
    if is_saved {
        // Nothing to tell is no error: another package was found, or it has been said already.
        let told = device().act(None, |ledger, situation| {
            tell::decide_short(ledger, situation, order)
        });
        told.await;
    }
}

/// Takes text typed on the in-app keypad.
pub fn typed(text: String) {
    read(
        Reading {
            text,
            symbology: None,
            aim: None,
            channel: Channel::Keypad,
        },
        None,
    );
}
