//! The carrier's effects, carried out: another device's acts to the server.
//!
//! In: a lifeboat file somebody chose. Out: its acts at the server, and what became of them. Must not: show anything
//! of them on this device but that; what they changed comes with the pull.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use domain::id::DeviceId;
use domain::sync::lifeboat::{Carried, Lifeboat, NotTaken};
use domain::sync::relay::{CarriedChain, Carrier, Delivered, Effect, Fate, Input};
use gloo_timers::callback::Timeout;
use leptos::prelude::{RwSignal, Set as _};
use wasm_bindgen_futures::spawn_local;

use crate::device::{BUILD, Device};
use crate::platform::random;
use crate::store::carried::{CarriedActs, Told};
use crate::store::idb::StoreFailed;

/// One chain of another device, as the screen tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnTheWay {
    /// Which.
    pub chain: CarriedChain,
    /// What became of its acts so far.
    pub told: Told,
    /// Acts still carried.
    pub left: usize,
    /// The server lacks what comes before them.
    pub waits: bool,
}

/// Why a file is not carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotCarried {
    /// It is not one this shop can take.
    File(NotTaken),
    /// Its acts are this very device's, which sends them itself.
    Own,
    /// This device could not keep it.
    Store(StoreFailed),
    /// This device is not one of the shop's yet.
    NotEnrolled,
}

/// What is under way.
pub struct Carrying {
    /// What is carried and what became of it, for the screen.
    pub shown: RwSignal<Vec<OnTheWay>>,
    store: CarriedActs,
    machine: RefCell<Option<Carrier>>,
    told: RefCell<BTreeMap<CarriedChain, Told>>,
    timer: RefCell<Option<Timeout>>,
    /// Rises with every start: what was under way before belongs to nobody.
    life: Cell<u32>,
}

impl Default for Carrying {
    fn default() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            store: CarriedActs::new(),
            machine: RefCell::new(None),
            told: RefCell::default(),
            timer: RefCell::default(),
            life: Cell::new(0),
        }
    }
}

/// Begins: reads what is still carried, and goes on with it. A storage that does not open is tried at the next start;
/// this device's own work needs nothing of it.
pub fn start(device: &'static Device, own: DeviceId) {
    stop(device);
    let life = device.carrying.life.get();
    spawn_local(async move {
        let Ok(loaded) = device.carrying.store.load().await else {
            return;
        };
        if device.carrying.life.get() != life {
            return;
        }
        *device.carrying.told.borrow_mut() = loaded.told;
        let carrier = Carrier::new(own, BUILD.to_owned());
        *device.carrying.machine.borrow_mut() = Some(carrier);
        step(device, life, Input::Kept(loaded.acts));
    });
}

/// Stops: another tab has taken over.
pub fn stop(device: &'static Device) {
    let carrying = &device.carrying;
    carrying.life.set(carrying.life.get() + 1);
    carrying.machine.take();
    carrying.timer.take();
}

/// A reason to try now.
pub fn wake(device: &'static Device) {
    step(device, device.carrying.life.get(), Input::Wake);
}

/// Reads a file, without keeping anything of it.
///
/// # Errors
/// When it is not one to carry here.
pub fn look(device: &Device, bytes: &[u8]) -> Result<Lifeboat, NotCarried> {
    let own = device.certificate().ok_or(NotCarried::NotEnrolled)?;
    let boat = Lifeboat::parse(bytes, own.store).map_err(NotCarried::File)?;
    if boat.device == own.device.id {
        return Err(NotCarried::Own);
    }
    Ok(boat)
}

/// Takes a file's acts along. They are this device's to deliver once this returns.
///
/// # Errors
/// When they could not be kept; nothing is carried then.
pub async fn take(device: &'static Device, boat: Lifeboat) -> Result<(), NotCarried> {
    let life = device.carrying.life.get();
    let name = boat.name.clone();
    let acts = boat.into_acts();
    let mut told = BTreeMap::new();
    for Carried { device: of, entry } in &acts {
        let chain = (*of, entry.epoch);
        let known = device.carrying.told.borrow().get(&chain).cloned();
        let row = told.entry(chain).or_insert(known.unwrap_or_default());
        row.name.clone_from(&name);
    }
    let kept = device.carrying.store.take(&acts, &told).await;
    kept.map_err(NotCarried::Store)?;
    for (chain, row) in told {
        device
            .carrying
            .told
            .borrow_mut()
            .entry(chain)
            .or_insert(row);
    }
    step(device, life, Input::Kept(acts));
    Ok(())
}

/// Takes what is over off the list.
pub async fn clear(device: &'static Device) {
    let all = device.carrying.shown;
    let over = leptos::prelude::GetUntracked::get_untracked(&all).into_iter();
    let over: Vec<CarriedChain> = over
        .filter(|row| row.left == 0)
        .map(|row| row.chain)
        .collect();
    if device.carrying.store.forget(&over).await.is_ok() {
        let mut told = device.carrying.told.borrow_mut();
        told.retain(|chain, _| !over.contains(chain));
        drop(told);
        show(device);
    }
}

fn step(device: &'static Device, life: u32, input: Input) {
    if device.carrying.life.get() != life {
        return;
    }
    let cursor = device.machine.borrow().cursor();
    let effects = match device.carrying.machine.borrow_mut().as_mut() {
        Some(carrier) => carrier.step(input, cursor, random::number()),
        None => return,
    };
    for effect in effects {
        perform(device, life, effect);
    }
    show(device);
}

fn perform(device: &'static Device, life: u32, effect: Effect) {
    match effect {
        Effect::Push(push) => spawn_local(async move {
            let caller = device.caller().filter(|caller| caller.signer.is_some());
            let answer = match caller {
                Some(caller) => caller.push(&push).await.ok(),
                None => None,
            };
            step(device, life, answer.map_or(Input::Failed, Input::Pushed));
        }),
        Effect::Note(delivered) => spawn_local(async move {
            let told = told_after(device, &delivered);
            let next = match device.carrying.store.note(&delivered, &told).await {
                Ok(()) => {
                    device.carrying.told.borrow_mut().extend(told);
                    Input::Noted
                }
                Err(_) => Input::Failed,
            };
            step(device, life, next);
        }),
        Effect::SetTimer(milliseconds) => {
            let again = move || step(device, life, Input::Timer);
            let timer = Timeout::new(milliseconds, again);
            device.carrying.timer.replace(Some(timer));
        }
    }
}

fn told_after(device: &Device, delivered: &[Delivered]) -> BTreeMap<CarriedChain, Told> {
    let known = device.carrying.told.borrow();
    let mut told: BTreeMap<CarriedChain, Told> = BTreeMap::new();
    for done in delivered {
        let row = told
            .entry(done.chain)
            .or_insert_with(|| known.get(&done.chain).cloned().unwrap_or_default());
        let count = match done.fate {
            Fate::Arrived => &mut row.arrived,
            Fate::Known => &mut row.known,
            Fate::Aside(_) => &mut row.aside,
        };
        *count = count.saturating_add(1);
    }
    told
}

fn show(device: &Device) {
    let machine = device.carrying.machine.borrow();
    let mut left: BTreeMap<CarriedChain, (usize, bool)> = BTreeMap::new();
    if let Some(carrier) = machine.as_ref() {
        let chains = carrier.chains();
        left.extend(chains.map(|(chain, count, waits)| (chain, (count, waits))));
    }
    let told = device.carrying.told.borrow();
    let row = |(chain, told): (&CarriedChain, &Told)| {
        let (left, waits) = left.get(chain).copied().unwrap_or_default();
        OnTheWay {
            chain: *chain,
            told: told.clone(),
            left,
            waits,
        }
    };
    device.carrying.shown.set(told.iter().map(row).collect());
}
