//! What the server's last word allows the person here, and for how long.
//!
//! In: signed permits, the device's clocks, what any answer says of the server's. Out: what may be done now. Must not:
//! stop what happens to goods from being recorded, or believe a permit whose signature was not checked.
//!
//! In `custody-core`, under `permits`: the permits as they came, and how late it was by the server's clock when they
//! were last written. A device whose server never gave one has no such thing, and may do all.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use domain::custody::Situation;
use domain::id::{ActorId, OrderId};
use domain::permit::{Allowed, Holder, Mark, Permit, PermitAsk, ServerTime, permit_hash};
use domain::sync::enrol::{CustomerCard, DenialCode};
use domain::sync::message::Signed;
use domain::time::Millis;
use gloo_timers::callback::Interval;
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _, Track as _};
use minicbor::{Decode, Encode};
use wasm_bindgen_futures::spawn_local;

use super::{Device, Phase};
use crate::access::enrol::Certificate;
use crate::access::seals::Cards;
use crate::access::sign_in;
use crate::platform::{clock, random};
use crate::store::idb::StoreFailed;
use crate::sync::http::{Caller, HttpFailed};

const PERMITS: &str = "permits";

/// How often it is looked whether something has ended, in milliseconds.
const LOOK_MS: u32 = 10_000;
/// Milliseconds of the server's time after which it is written down how late it is: by so much a clock set back can gain
/// at a restart.
const KEEP_MS: i64 = 60_000;
/// Wait before the server is asked again, in milliseconds.
const ASK_AGAIN_MS: u64 = 60_000;
/// The same, of a server that is too old to give permits.
const ASK_OLD_SERVER_AGAIN_MS: u64 = 3_600_000;

/// The permits of a device, and what follows from them now.
pub struct Permits {
    /// What the person who is signed in may do.
    pub allowed: RwSignal<Allowed>,
    /// The server answers and gives the person who is signed in no permit: it has not had this person's PIN here, as after
    /// it was set back.
    pub unproven: RwSignal<bool>,
    held: RefCell<BTreeMap<ActorId, (Permit, Signed)>>,
    /// `None` on a device that was never given a permit.
    time: Cell<Option<ServerTime>>,
    /// How late it was when that was last written down.
    kept: Cell<Millis>,
    ask_from: Cell<u64>,
    is_asking: Cell<bool>,
    looking: RefCell<Option<Interval>>,
}

/// As it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Kept {
    #[n(0)]
    mark: Mark,
    #[n(1)]
    permits: Vec<Signed>,
}

impl Permits {
    pub(super) fn new() -> Self {
        Self {
            allowed: RwSignal::new(Allowed::ALL),
            unproven: RwSignal::new(false),
            held: RefCell::default(),
            time: Cell::new(None),
            kept: Cell::new(Millis(0)),
            ask_from: Cell::new(0),
            is_asking: Cell::new(false),
            looking: RefCell::default(),
        }
    }

    /// Forgets every permit. How late it is stays known: a new enrolment makes it no earlier.
    pub(super) fn forget(&self) {
        self.held.borrow_mut().clear();
        self.ask_from.set(0);
        self.allowed.set(Allowed::ALL);
        self.unproven.set(false);
    }

    /// Forgets a person's: the server has not had this person's PIN here, and gives none until it has.
    pub(crate) fn forget_of(&self, actor: ActorId) {
        self.held.borrow_mut().remove(&actor);
        self.unproven.set(true);
        self.ask_from.set(0);
    }

    /// The time by the server's clock; `None` where no permit ever said one.
    fn now(&self) -> Option<Millis> {
        let mut time = self.time.get()?;
        let now = time.now(clock::wall(), clock::monotonic());
        self.time.set(Some(time));
        Some(now)
    }

    pub(super) fn allow(&self, actor: ActorId) -> Allowed {
        let Some(now) = self.now() else {
            return Allowed::ALL;
        };
        let held = self.held.borrow();
        Allowed::by(held.get(&actor).map(|(permit, _)| permit), true, now)
    }

    fn is_due(&self, actor: Option<ActorId>) -> bool {
        let Some(now) = self.now() else {
            return true;
        };
        let held = self.held.borrow();
        let lacks = actor.is_some_and(|actor| !held.contains_key(&actor));
        lacks || held.values().any(|(permit, _)| permit.is_due(now))
    }
}

impl Device {
    /// An open order's customer, while somebody is signed in who may see it.
    #[must_use]
    pub fn customer(&self, order: OrderId) -> Option<CustomerCard> {
        self.version.track();
        self.permits.allowed.track();
        if !self.permits.allow(self.person()?).customers {
            return None;
        }
        self.replica.borrow().customer(order).cloned()
    }

    /// When customers' names are hidden here from the person who is signed in, unless the server is reached before, by this
    /// device's clock as it is shown; `None`: nobody ever said.
    #[must_use]
    pub fn permit_ends(&self) -> Option<Millis> {
        let held = self.permits.held.borrow();
        let (permit, _) = held.get(&self.person()?)?;
        Some(permit.customers_until)
    }

    /// What a decision must know.
    #[must_use]
    pub fn situation(&self) -> Option<Situation> {
        let actor = self.person()?;
        let device = self.certificate.borrow().as_ref()?.device.id;
        let today = self.today();
        let report = self.report.get_untracked();
        Some(Situation {
            actor,
            device,
            today,
            connected: report.connected && report.unsent == 0,
            may_decide: self.permits.allow(actor).decisions,
        })
    }

    /// The way to customers' cards, while somebody is signed in who may see them now.
    pub(crate) fn cards(&self) -> Option<Cards> {
        let allowed = self.permits.allow(self.person()?);
        self.seals()?.cards(allowed)
    }

    fn person(&self) -> Option<ActorId> {
        let session = self.session.borrow();
        session.as_ref().map(|session| session.actor.actor)
    }

    fn holder(&self) -> Option<Holder> {
        let certificate = self.certificate.borrow();
        certificate.as_ref().map(Certificate::holder)
    }

    /// Reads what is kept, and begins to look at the time.
    pub(super) async fn load_permits(&'static self) -> Result<(), StoreFailed> {
        let permits = &self.permits;
        let kept: Option<Kept> = self.core.read(PERMITS).await?;
        if let (Some(kept), Some(holder), Some(caller)) = (kept, self.holder(), self.caller()) {
            let resumed = ServerTime::resumed(kept.mark, clock::monotonic());
            permits.time.set(Some(resumed));
            permits.kept.set(kept.mark.server);
            let mut held = BTreeMap::new();
            for signed in kept.permits {
                if let Some(permit) = believed(&caller, &signed, holder).await {
                    held.insert(permit.actor, (permit, signed));
                }
            }
            permits.held.replace(held);
        }
        let looking = Interval::new(LOOK_MS, || super::device().look_at_permits());
        permits.looking.replace(Some(looking));
        // A clock set ahead and back again while nobody signs in gains nothing either.
        self.look_at_permits();
        Ok(())
    }

    /// Looks what has ended, and now and then writes down how late it is.
    pub(super) fn look_at_permits(&'static self) {
        if matches!(
            self.phase.get_untracked(),
            Phase::OtherTab | Phase::Broken(_)
        ) {
            return;
        }
        let permits = &self.permits;
        let passed = permits.now().map(|now| now.since(permits.kept.get()));
        if passed.is_some_and(|passed| passed >= KEEP_MS) {
            self.keep_permits();
        }
        let person = self.person();
        let allowed = person.map_or(Allowed::ALL, |actor| permits.allow(actor));
        let before = permits.allowed.get_untracked();
        if before == allowed {
            return;
        }
        permits.allowed.set(allowed);
        let is_there = matches!(self.phase.get_untracked(), Phase::SignedIn(_));
        if is_there && before.customers != allowed.customers {
            self.cards_come_and_go(allowed.customers);
        }
    }

    /// In the middle of a session: what may not be seen any more leaves the memory, and comes back with the next permit.
    fn cards_come_and_go(&'static self, may_see: bool) {
        if may_see {
            spawn_local(async move {
                self.open_customers().await;
                self.changed();
            });
        } else {
            self.replica.borrow_mut().forget_customers();
            self.changed();
        }
    }

    fn keep_permits(&'static self) {
        let permits = &self.permits;
        let Some(time) = permits.time.get() else {
            return;
        };
        permits.kept.set(time.mark().server);
        let held = permits.held.borrow();
        let kept = Kept {
            mark: time.mark(),
            permits: held.values().map(|(_, signed)| signed.clone()).collect(),
        };
        drop(held);
        spawn_local(async move {
            // What cannot be written now is written in a minute; the time goes on in the memory.
            let _kept = self.core.keep_relaxed(PERMITS, &kept).await;
        });
    }

    /// Any answer of the server: it says how late it is, and that it can be asked.
    pub(super) fn permits_at_contact(&'static self, server_wall: i64) {
        let permits = &self.permits;
        let (wall, mono) = (clock::wall(), clock::monotonic());
        if let Some(mut time) = permits.time.get() {
            time.heard(Millis(server_wall), wall, mono);
            permits.time.set(Some(time));
        }
        let is_wait = permits.is_asking.get() || mono < permits.ask_from.get();
        let person = self.person().filter(|person| *person != ActorId::SERVER);
        if is_wait || !permits.is_due(person) {
            return;
        }
        permits.is_asking.set(true);
        spawn_local(async move {
            let wait = match self.ask_permits(person).await {
                Err(HttpFailed::Denied(denied)) if denied.code == DenialCode::NotFound => {
                    ASK_OLD_SERVER_AGAIN_MS
                }
                Ok(()) | Err(_) => ASK_AGAIN_MS,
            };
            permits.ask_from.set(clock::monotonic() + wait);
            permits.is_asking.set(false);
        });
    }

    /// Somebody has just signed in: his permit is asked for at the next answer, however short ago another was.
    pub(super) fn permits_for(&'static self, actor: ActorId) {
        if !self.permits.held.borrow().contains_key(&actor) {
            self.permits.ask_from.set(0);
        }
        // Until the next answer nobody knows.
        self.permits.unproven.set(false);
        self.look_at_permits();
    }

    async fn ask_permits(&'static self, person: Option<ActorId>) -> Result<(), HttpFailed> {
        let caller = self.caller().filter(|caller| caller.signer.is_some());
        let (Some(caller), Some(holder)) = (caller, self.holder()) else {
            return Err(HttpFailed::Unsigned);
        };
        let mut actors = sign_in::people(&self.core).await;
        actors.extend(person.filter(|person| !actors.contains(person)));
        if actors.is_empty() {
            return Ok(());
        }
        let nonce = random::bytes::<16>();
        let ask = PermitAsk {
            actors: actors.clone(),
            nonce,
        };
        let answer = caller.permit(&ask).await?;
        let mut fresh = BTreeMap::new();
        for signed in answer.permits {
            let permit = believed(&caller, &signed, holder).await;
            if let Some(permit) = permit.filter(|permit| permit.answers(&nonce)) {
                fresh.insert(permit.actor, (permit, signed));
            }
        }
        let permits = &self.permits;
        let issued = fresh.values().map(|(permit, _)| permit.issued).max();
        if let Some(issued) = issued {
            let told = ServerTime::told(issued, clock::wall(), clock::monotonic());
            permits.time.set(Some(told));
        }
        let mut held = permits.held.borrow_mut();
        // Who was asked for and got none does not work here any more.
        held.retain(|actor, _| !actors.contains(actor));
        held.extend(fresh);
        let lacks = person.is_some_and(|person| !held.contains_key(&person));
        drop(held);
        permits.unproven.set(lacks);
        self.keep_permits();
        self.look_at_permits();
        Ok(())
    }
}

/// A permit for this enrolment that the server signed.
async fn believed(caller: &Caller, signed: &Signed, holder: Holder) -> Option<Permit> {
    let hash = permit_hash(&signed.bytes);
    let is_good = caller.is_servers(&hash, &signed.signature).await;
    Permit::read(&signed.bytes, holder).filter(|_| is_good)
}
