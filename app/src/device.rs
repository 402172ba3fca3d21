//! This device at work: its storage, its chain, its replica and its end of the protocol, tied together.
//!
//! In: commands of the person who is signed in. Out: recorded facts, and signals the screens read.
//! Must not: own a rule; `domain` decides.

use std::cell::{Cell, RefCell};

use async_lock::Mutex;
use domain::custody::Situation;
use domain::custody::pick::{ScanRefused, ScanTask};
use domain::custody::scan::Scan;
use domain::custody::sign_in::{ActorSignedIn, ChainEnd, EpochOpened, OpenCause};
use domain::event::{ActorRef, Body, LeaseRef, SignedEvent};
use domain::facility::{Actor, Store};
use domain::id::{ActorId, Epoch, EventId, OrderId};
use domain::ledger::Ledger;
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::clock::ClockWatch;
use domain::sync::device::store::{NotedChain, Store as _, WriterId};
use domain::sync::device::{DeviceSync, Input, OutboxEntry, Report};
use domain::sync::replica::Replica;
use domain::time::Millis;
use domain::verdict::{Refusal, Verdict};
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _, Track as _, Update as _};

use crate::access::device_key::Signer;
use crate::access::enrol::Certificate;
use crate::access::seals::Seals;
use crate::platform::{clock, locale, random, storage};
use crate::store::core::Core;
use crate::store::idb::StoreFailed;
use crate::store::view::View;
use crate::sync::carry::Carrying;
use crate::sync::http::Caller;
use crate::sync::run;
use crate::sync::witness::Standing;

/// Starting, and closing to a person.
mod start;
/// This device's acts as a file.
mod lifeboat;
/// Its clock against the server's.
mod compared;
/// What the server's last word allows here.
mod permit;
/// Revoked.
mod shut_out;
/// Others that were.
mod sent_away;

pub use lifeboat::{UNSENT_ALARM_MIN, UNSENT_LATE_MIN};
pub use start::SignInFailed;

/// Build of the app, as it goes into events and pushes.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

/// Where the device stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading its storage.
    Starting,
    /// Another tab works; this one only says so.
    OtherTab,
    /// The storage does not work: nothing may be called saved.
    Broken(StoreFailed),
    /// Not one of the shop's devices.
    NotEnrolled,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn(ActorId),
}

/// What a person's act came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is kept on this device.
    Saved(Box<Body>),
    /// It was refused before anything happened.
    Refused(Refusal),
    /// It is not kept. Nothing was sent, nothing changed.
    NotKept(StoreFailed),
}

/// Whoever is signed in, and what that opened.
struct Session {
    actor: ActorRef,
    seals: Seals,
}

struct Writer {
    chain: Chain,
    opened_at: u64,
}

/// The device.
pub struct Device {
    /// Where it stands.
    pub phase: RwSignal<Phase>,
    /// The six digits that a device which has just been enrolled by a code shows, until somebody has compared them.
    pub check_code: RwSignal<Option<String>>,
    /// When whoever was signed in was turned out, for not working here any more.
    pub turned_out: RwSignal<Option<Millis>>,
    /// Whoever was signed in before a pause locked the device.
    pub paused: RwSignal<Option<ActorId>>,
    /// How the protocol is getting on.
    pub report: RwSignal<Report>,
    /// The last write failed; nothing may be called saved until one succeeds.
    pub cannot_save: RwSignal<Option<StoreFailed>>,
    /// When the server last answered, by this device's clock.
    pub answered_at: RwSignal<Option<Millis>>,
    /// A newer build waits to be let in.
    pub update_ready: RwSignal<bool>,
    /// Events the server keeps aside.
    pub set_aside: RwSignal<u64>,
    /// The server no longer knows this device, or a manager revoked it.
    pub turned_away: RwSignal<bool>,
    /// A manager revoked it: it holds nothing of the shop any more.
    pub revoked: RwSignal<bool>,
    sent_away: RwSignal<sent_away::Seen>,
    version: RwSignal<u64>,
    pub(crate) core: Core,
    pub(crate) view: View,
    pub(crate) replica: RefCell<Replica>,
    pub(crate) machine: RefCell<DeviceSync>,
    pub(crate) run: run::Running,
    /// What this device carries for others.
    pub carrying: Carrying,
    /// What the server's last word allows the person here.
    pub permits: permit::Permits,
    pub(crate) witness: Standing,
    certificate: RefCell<Option<Certificate>>,
    signer: RefCell<Option<Signer>>,
    session: RefCell<Option<Session>>,
    writer: Mutex<Option<Writer>>,
    /// Held while the browser's journal is begun anew.
    journal: Mutex<()>,
    epoch_before: Cell<Option<ChainEnd>>,
    cause: Cell<OpenCause>,
    clock_offset: Cell<Option<i64>>,
    clock_watch: Cell<ClockWatch>,
    to_seal: RefCell<Option<Vec<u8>>>,
    sealed_customers: RefCell<Vec<Vec<u8>>>,
    pub(crate) customers_missing: Cell<bool>,
    /// Revoked, and all that opens anything is gone.
    is_wiped: Cell<bool>,
}

impl Device {
    fn new() -> Self {
        let report = Report {
            unsent: 0,
            connected: false,
            fresh: false,
            mended: 0,
            differs: false,
        };
        Self {
            phase: RwSignal::new(Phase::Starting),
            check_code: RwSignal::new(None),
            turned_out: RwSignal::new(None),
            paused: RwSignal::new(None),
            report: RwSignal::new(report),
            cannot_save: RwSignal::new(None),
            answered_at: RwSignal::new(None),
            update_ready: RwSignal::new(false),
            set_aside: RwSignal::new(0),
            turned_away: RwSignal::new(false),
            revoked: RwSignal::new(false),
            sent_away: RwSignal::default(),
            version: RwSignal::new(0),
            core: Core::new(),
            view: View::new(),
            replica: RefCell::new(Replica::default()),
            machine: RefCell::new(DeviceSync::new(Default::default(), BUILD.to_owned())),
            run: run::Running::default(),
            carrying: Carrying::default(),
            permits: permit::Permits::new(),
            witness: Standing::new(),
            certificate: RefCell::new(None),
            signer: RefCell::new(None),
            session: RefCell::new(None),
            writer: Mutex::new(None),
            journal: Mutex::new(()),
            epoch_before: Cell::new(None),
            cause: Cell::new(OpenCause::Start),
            clock_offset: Cell::new(None),
            clock_watch: Cell::default(),
            to_seal: RefCell::new(None),
            sealed_customers: RefCell::new(Vec::new()),
            customers_missing: Cell::new(false),
            is_wiped: Cell::new(false),
        }
    }

    /// Reads the ledger; a screen that does so is drawn again when the ledger changes.
    pub fn ledger<R>(&self, read: impl FnOnce(&Ledger) -> R) -> R {
        self.version.track();
        read(self.replica.borrow().ledger())
    }

    /// Reads the ledger once.
    pub fn ledger_now<R>(&self, read: impl FnOnce(&Ledger) -> R) -> R {
        read(self.replica.borrow().ledger())
    }

    /// The shop.
    #[must_use]
    pub fn store(&self) -> Option<Store> {
        self.ledger(|ledger| ledger.store().cloned())
    }

    /// The shop's time zone; the device's own before anything was pulled.
    #[must_use]
    pub fn zone(&self) -> String {
        self.ledger_now(|ledger| ledger.store().map(|store| store.time_zone.clone()))
            .unwrap_or_else(locale::own_zone)
    }

    /// Whoever is signed in.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        let id = self.session.borrow().as_ref()?.actor.actor;
        self.ledger_now(|ledger| ledger.actors.get(&id).cloned())
    }

    /// This device's certificate.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        self.certificate.borrow().clone()
    }

    /// Who signs requests; `None` when the device is not enrolled.
    #[must_use]
    pub fn caller(&self) -> Option<Caller> {
        let certificate = self.certificate.borrow().clone()?;
        Some(Caller {
            certificate,
            signer: self.signer.borrow().clone(),
        })
    }

    /// What opens and seals customers' data, while somebody is signed in.
    pub(crate) fn seals(&self) -> Option<Seals> {
        self.session
            .borrow()
            .as_ref()
            .map(|session| session.seals.clone())
    }

    pub(crate) fn changed(&self) {
        self.version.update(|version| *version += 1);
    }

    /// Carries out a command: decides, and when it is allowed, keeps the fact. A refused scan is kept too.
    pub async fn act(
        &'static self,
        refused_as: Option<(ScanTask, Option<OrderId>, &Scan)>,
        decide: impl FnOnce(&Ledger, &Situation) -> Verdict,
    ) -> Outcome {
        let mut writer = self.writer.lock().await;
        let Some(situation) = self.situation() else {
            return Outcome::NotKept(StoreFailed::Unavailable("nobody is signed in".into()));
        };
        if let Err(cause) = self.go_on_after_doubt(&mut writer).await {
            return Outcome::NotKept(cause);
        }
        let verdict = decide(self.replica.borrow().ledger(), &situation);
        match verdict {
            Verdict::Accepted(body) => {
                let lease = self.lease_for(&body);
                match self.record(&mut writer, &body, lease).await {
                    Ok(()) => Outcome::Saved(Box::new(body)),
                    Err(cause) => Outcome::NotKept(cause),
                }
            }
            Verdict::Refused(refusal) => {
                if let Some((task, order, scan)) = refused_as {
                    let body = Body::from(ScanRefused {
                        task,
                        order,
                        reason: refusal.reason,
                        grade: scan.grade(),
                        scanned: scan.text(),
                        expected: refusal.expected.clone(),
                    });
                    // The refusal stands whether or not its record could be kept; `cannot_save` tells.
                    let _kept = self.record(&mut writer, &body, None).await;
                }
                Outcome::Refused(refusal)
            }
        }
    }

    fn lease_for(&self, body: &Body) -> Option<LeaseRef> {
        let (orders, _) = domain::custody::exception::subjects(body);
        let replica = self.replica.borrow();
        let claim = replica
            .ledger()
            .orders
            .get(orders.first()?)?
            .claim
            .as_ref()?;
        let ours = self.certificate.borrow().as_ref()?.device.id == claim.device;
        let lease = claim.lease.filter(|_| ours)?;
        Some(LeaseRef {
            lease,
            fence: claim.fence,
        })
    }

    /// Signs first, then keeps in one strict transaction, then shows. The chain moves on only when kept.
    async fn record(
        &'static self,
        writer: &mut Option<Writer>,
        body: &Body,
        lease: Option<LeaseRef>,
    ) -> Result<(), StoreFailed> {
        let signer = self.signer.borrow().clone();
        let actor = self.session.borrow().as_ref().map(|session| session.actor);
        let (Some(writing), Some(signer), Some(actor)) = (writer.as_mut(), signer, actor) else {
            return Err(StoreFailed::Unavailable("nobody is signed in".into()));
        };
        let circumstances = Circumstances {
            id: EventId(random::id()),
            wall: clock::wall(),
            mono: clock::monotonic().saturating_sub(writing.opened_at),
            actor,
            basis: self.replica.borrow().cursor().position,
            lease,
            pii: None,
        };
        let envelope = writing.chain.append(body, circumstances);
        let bytes = envelope.to_bytes();
        let signature = signer.sign(&domain::event::event_hash(&bytes).0).await;
        let kept = match signature {
            Ok(signature) => {
                let event = SignedEvent { bytes, signature };
                let entry = OutboxEntry {
                    epoch: envelope.epoch,
                    seq: envelope.seq,
                    event,
                };
                self.core.append(&entry).await.map(|()| entry)
            }
            Err(cause) => Err(StoreFailed::Unavailable(cause.0)),
        };
        match kept {
            Ok(entry) => {
                self.replica
                    .borrow_mut()
                    .push_own(entry.epoch, entry.seq, &entry.event, None);
                if self.cannot_save.get_untracked().is_some() {
                    self.cannot_save.set(None);
                }
                self.changed();
                run::step(self, Input::Kept(entry));
                Ok(())
            }
            Err(StoreFailed::Aborted(_) | StoreFailed::Full) if envelope.seq > 0 => {
                writing.chain.undo_last(&envelope);
                let cause = kept.map_or_else(|cause| cause, |_| StoreFailed::Full);
                self.cannot_save.set(Some(cause.clone()));
                Err(cause)
            }
            Err(cause) => {
                // Nobody knows whether it was kept: this chain ends here, the next act opens another.
                self.cause.set(OpenCause::StorageDoubt);
                *writer = None;
                self.cannot_save.set(Some(cause.clone()));
                self.end_if_final(&cause);
                Err(cause)
            }
        }
    }

    /// Another writer has the storage now, or nobody: this page writes nothing more. Without a writer, what it holds
    /// in memory still goes to the server.
    pub(crate) fn end_if_final(&'static self, cause: &StoreFailed) {
        if *cause == StoreFailed::TakenOver {
            self.give_way();
        } else if cause.is_final() {
            self.phase.set(Phase::Broken(cause.clone()));
        }
    }

    /// Signs a person in: opens a chain where none is open, then records the sign-in.
    async fn open_chain(
        &'static self,
        actor: ActorId,
        online: bool,
        seals: Seals,
    ) -> Result<(), StoreFailed> {
        let mut writer = self.writer.lock().await;
        if writer.is_none() {
            self.begin_chain(&mut writer, seals.clone()).await?;
        }
        self.begin_session(&mut writer, actor, online, seals).await
    }

    /// Notes the chain this writer begins.
    async fn note_chain(&'static self, epoch: Epoch) -> Result<(), StoreFailed> {
        let after = self.epoch_before.get().map(|end| end.epoch);
        if !self.core.has_taken_over() {
            // There was no room for even that at the start.
            self.core.take_over(WriterId(random::id())).await?;
        }
        let noted = self.core.note_chain(NotedChain { epoch, after }).await;
        if let Err(cause) = &noted {
            self.end_if_final(cause);
        }
        noted
    }

    /// The writer's first event: what this device is and what it believes came before.
    async fn begin_chain(
        &'static self,
        writer: &mut Option<Writer>,
        seals: Seals,
    ) -> Result<(), StoreFailed> {
        let Some(certificate) = self.certificate() else {
            return Err(StoreFailed::Unavailable("not enrolled".into()));
        };
        let epoch = Epoch(random::id());
        self.note_chain(epoch).await?;
        let chain = Chain::new(certificate.store, certificate.device.id, epoch);
        *writer = Some(Writer {
            chain,
            opened_at: self.clock_of_a_new_chain(),
        });
        let actor = ActorRef {
            actor: ActorId::SERVER,
            session: 0,
        };
        *self.session.borrow_mut() = Some(Session { actor, seals });
        let opened = EpochOpened {
            generation: certificate.device.generation,
            before: self.epoch_before.get(),
            cause: self.cause.get(),
            build: BUILD.to_owned(),
            durability: self.core.durability().await.unwrap_or_default(),
            persisted: storage::persist().await,
            quota: storage::quota().await,
            time_zone: locale::own_zone(),
            clock_offset: self.clock_offset.get(),
        };
        self.record(writer, &opened.into(), None).await
    }

    async fn begin_session(
        &'static self,
        writer: &mut Option<Writer>,
        actor: ActorId,
        online: bool,
        seals: Seals,
    ) -> Result<(), StoreFailed> {
        let session = writer.as_ref().map_or(0, |writing| writing.chain.next());
        *self.session.borrow_mut() = Some(Session {
            actor: ActorRef { actor, session },
            seals,
        });
        self.record(writer, &ActorSignedIn { actor, online }.into(), None)
            .await
    }

    /// After a doubt about the storage the last chain has ended: the same person goes on in a new one.
    async fn go_on_after_doubt(
        &'static self,
        writer: &mut Option<Writer>,
    ) -> Result<(), StoreFailed> {
        let session = self
            .session
            .borrow()
            .as_ref()
            .map(|own| (own.actor.actor, own.seals.clone()));
        match session.filter(|_| writer.is_none()) {
            Some((actor, seals)) => {
                self.begin_chain(writer, seals.clone()).await?;
                self.begin_session(writer, actor, false, seals).await
            }
            None => Ok(()),
        }
    }
}

thread_local! {
    static DEVICE: &'static Device = Box::leak(Box::new(Device::new()));
}

/// This device. There is one per page.
#[must_use]
pub fn device() -> &'static Device {
    DEVICE.with(|device| *device)
}
