//! Effects, carried out: requests, kept rows, timers.
//!
//! In: effects of the protocol's machine. Out: its next inputs. Must not: hold two requests at once, but for a
//! snapshot's chunks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use domain::event::encode;
use domain::id::Position;
use domain::ledger::EntityKind;
use domain::sync::card::sealed_in;
use domain::sync::device::store::Store as _;
use domain::sync::device::{Acknowledged, Effect, Input};
use domain::sync::enrol::DenialCode;
use domain::sync::message::{Cursor, PullAnswer, PullAsk, Push, Row, VIEW_SCHEMA};
use domain::sync::own::Receiving;
use domain::sync::page::{PageName, Sums};
use gloo_timers::callback::Timeout;
use leptos::prelude::{GetUntracked as _, Set as _, Update as _};
use wasm_bindgen_futures::spawn_local;

use crate::access::seals::Cards;
use crate::device::Device;
use crate::platform::{clock, random};
use crate::store::idb::StoreFailed;
use crate::store::view::Page;
use crate::sync::http::{Caller, HttpFailed, Pulled};
use crate::sync::{arrive, carry, live, witness};

/// What is under way.
#[derive(Default)]
pub struct Running {
    timer: RefCell<Option<Timeout>>,
    stopped: Cell<bool>,
    started: Cell<bool>,
    /// What is known of receipts.
    pub(crate) receiving: RefCell<Receiving>,
    /// How far the kept view goes.
    kept: Cell<Cursor>,
}

/// Begins: hints, and the browser's own signs that the network may be back.
pub fn start(device: &'static Device) {
    if device.run.started.replace(true) {
        live::open(device);
    } else {
        live::start(device);
    }
    step(device, Input::Wake);
}

/// Lets the machine run, with nothing remembered of another life of this page.
pub fn resume(device: &'static Device) {
    device.run.stopped.set(false);
    device.run.receiving.take();
}

/// Learns how far the kept view goes.
pub fn kept(device: &'static Device, cursor: Cursor) {
    device.run.kept.set(cursor);
}

/// Stops: another tab has taken over.
pub fn stop(device: &'static Device) {
    device.run.stopped.set(true);
    device.run.timer.take();
    live::stop();
    carry::stop(device);
}

/// Feeds the machine and carries out what it says.
pub fn step(device: &'static Device, input: Input) {
    if device.run.stopped.get() {
        return;
    }
    let effects = device.machine.borrow_mut().step(input, random::number());
    for effect in effects {
        perform(device, effect);
    }
}

fn perform(device: &'static Device, effect: Effect) {
    match effect {
        Effect::Push(push) => spawn_local(async move {
            let answer = send(device, &push).await;
            step(device, answer);
        }),
        Effect::Pull(wanted) => spawn_local(async move {
            let answer = ask(device, &wanted).await;
            step(device, answer);
        }),
        Effect::AskSums => spawn_local(async move {
            let answer = ask_sums(device).await;
            step(device, answer);
        }),
        Effect::AskSnapshot
        | Effect::LookAtChunks(_)
        | Effect::FetchChunk(_)
        | Effect::KeepChunk(..)
        | Effect::OpenSnapshot(..) => spawn_local(async move {
            step(device, arrive::perform(device, effect).await);
        }),
        Effect::Compare(sum) => {
            let is_same = device.replica.borrow().sums().whole() == sum;
            step(device, Input::Compared(is_same));
        }
        Effect::FindDifferences(pages) => {
            let theirs = Sums::of(pages);
            let differing = device.replica.borrow().sums().differing(&theirs);
            step(device, Input::Differing(differing));
        }
        Effect::KeepReceipts(done) => spawn_local(async move {
            let next = match keep_receipts(device, &done).await {
                Ok(()) => Input::ReceiptsKept,
                Err(cause) => {
                    device.end_if_final(&cause);
                    Input::Failed
                }
            };
            step(device, next);
        }),
        Effect::KeepView(answer) => spawn_local(async move {
            let next = match keep_view(device, answer).await {
                Ok(cursor) => Input::ViewKept(cursor),
                Err(StoreFailed::Wiped | StoreFailed::TakenOver) => {
                    // What the pages were to lie on top of is gone: no part of a view is a view.
                    step(device, Input::Failed);
                    return fetch_all_again(device);
                }
                Err(_) => Input::Failed,
            };
            step(device, next);
        }),
        Effect::Reread { epoch, from } => spawn_local(async move {
            let next = match device.core.events(epoch, from).await {
                Ok(entries) => Input::Reread(entries),
                Err(_) => Input::Failed,
            };
            step(device, next);
        }),
        Effect::SetTimer(milliseconds) => {
            let timer = Timeout::new(milliseconds, move || step(device, Input::Timer));
            device.run.timer.replace(Some(timer));
        }
        Effect::Report(report) => {
            if device.report.get_untracked() != report {
                device.report.set(report);
            }
            if report.unsent == 0 && device.revoked.get_untracked() {
                spawn_local(device.end_if_all_is_sent());
            }
        }
    }
}

async fn send(device: &'static Device, push: &Push) -> Input {
    // Nobody opens a revoked device's sealed key any more: what it signed goes under the token that it starts with.
    let may_send = |caller: &Caller| caller.signer.is_some() || device.revoked.get_untracked();
    let Some(caller) = device.caller().filter(may_send) else {
        return Input::Failed;
    };
    let asked = clock::monotonic();
    match caller.push(push).await {
        Ok(answer) => {
            device.server_said(asked, answer.server_wall);
            let aside = device.run.receiving.borrow_mut().answered(&answer);
            device.set_aside.update(|count| *count += aside);
            witness::pushed(device, &answer).await;
            Input::Pushed(answer)
        }
        Err(cause) => failed(device, &cause),
    }
}

async fn keep_receipts(device: &'static Device, done: &[Acknowledged]) -> Result<(), StoreFailed> {
    // What the kept view contains, not what the memory already shows: a write may still fail.
    let shown = device.run.kept.get();
    let all = device.run.receiving.borrow_mut().to_keep(done, shown);
    device.core.keep_receipts(&all).await?;
    let mut replica = device.replica.borrow_mut();
    device.run.receiving.borrow_mut().kept(&mut replica);
    drop(replica);
    device.changed();
    Ok(())
}

async fn ask_sums(device: &'static Device) -> Input {
    let Some(caller) = device.caller().filter(|caller| caller.signer.is_some()) else {
        return Input::Failed;
    };
    match caller.sums().await {
        Ok(answer) => Input::Sums(answer),
        Err(cause) => failed(device, &cause),
    }
}

async fn ask(device: &'static Device, wanted: &PullAsk) -> Input {
    let Some(caller) = device.caller().filter(|caller| caller.signer.is_some()) else {
        return Input::Failed;
    };
    let asked = clock::monotonic();
    let seen = device.witness.ask();
    match caller.pull(wanted, seen.as_ref()).await {
        Ok(Pulled::Page(answer)) => {
            device.server_said(asked, answer.server_wall);
            device.turned_away.set(false);
            if witness::pulled(device, &caller, &answer).await {
                step(device, Input::Doubted);
            }
            Input::Pulled(*answer)
        }
        Ok(Pulled::Gone(gone)) => Input::Gone(gone),
        Err(cause) => failed(device, &cause),
    }
}

/// Nothing came of a request. A device that is turned away keeps all it has until it is set up again, also where it is
/// said to be revoked; one that was, by its server's own order, keeps what it recorded.
pub(super) fn failed(device: &'static Device, cause: &HttpFailed) -> Input {
    match cause {
        HttpFailed::Revoked(order) => {
            device.turned_away.set(true);
            device.shut_out(*order);
        }
        HttpFailed::Denied(denied) => device.turned_away.set(matches!(
            denied.code,
            DenialCode::UnknownDevice | DenialCode::RevokedDevice
        )),
        HttpFailed::Unreachable | HttpFailed::NotOurs | HttpFailed::Unsigned => {}
    }
    Input::Failed
}

/// Takes an answer's rows in and keeps them with the cursor.
async fn keep_view(device: &'static Device, mut answer: PullAnswer) -> Result<Cursor, StoreFailed> {
    let next = answer.next;
    // One and the same to the end, also where the permit runs out meanwhile.
    let opener = device.cards();
    open_cards(opener.as_ref(), &mut answer.rows).await;
    // A page of theirs that comes whole may take some away, and says so by what is not in it.
    let whole_customers = answer.whole.iter().any(is_of_customers);
    let Some(taking) = device.replica.borrow_mut().gather(answer) else {
        return Ok(next);
    };
    let mut cards = taking.rows.iter().filter(|row| is_card(row));
    let has_customers = whole_customers || cards.clone().next().is_some();
    let is_shut = |row: &Row| sealed_in(row.bytes.as_deref().unwrap_or(&[])).is_some();
    let (mut dirty, shown) = {
        let mut replica = device.replica.borrow_mut();
        let dirty = replica.take_rows(next, &taking.rows, taking.reset, opener.is_some());
        (dirty, replica.cursor())
    };
    // Of a card that is still sealed nothing can be shown; nor does anybody seal one while nobody is signed in.
    let has_customers = has_customers || dirty.iter().any(is_of_customers);
    let missing = cards.any(is_shut) || opener.is_none() && has_customers;
    if opener.is_none() {
        dirty.retain(|page| !is_of_customers(page));
    }
    if taking.reset || missing {
        device.customers_missing.set(missing);
    }
    device.changed();
    let kept = keep_pages(
        device,
        opener.as_ref(),
        dirty,
        &shown,
        taking.reset,
        missing,
    )
    .await;
    match kept {
        Ok(()) => {
            device.replica.borrow_mut().kept();
            device.run.kept.set(shown);
            device.note_sent_away().await;
        }
        // The storage still has the old view, which the rest of this one must not be added to.
        Err(_) => device.replica.borrow_mut().put_back(taking),
    }
    kept.map(|()| shown)
}

fn is_card(row: &Row) -> bool {
    row.key.kind == EntityKind::Customer
}

/// Opens the cards among rows, as far as somebody is there who may see them and they open; the others stay as they came.
async fn open_cards(opener: Option<&Cards>, rows: &mut [Row]) {
    let Some(opener) = opener else {
        return;
    };
    for row in rows.iter_mut().filter(|row| is_card(row)) {
        if let Some(bytes) = &row.bytes
            && let Some(card) = opener.card(&row.key.id, bytes).await
        {
            row.bytes = Some(card);
        }
    }
}

fn is_of_customers(page: &PageName) -> bool {
    page.kind == EntityKind::Customer
}

async fn keep_pages(
    device: &'static Device,
    seal: Option<&Cards>,
    dirty: BTreeSet<PageName>,
    next: &Cursor,
    reset: bool,
    missing: bool,
) -> Result<(), StoreFailed> {
    let mut pages = Vec::new();
    for name in dirty {
        let bytes = encode(&device.replica.borrow().page(name));
        pages.push(Page {
            name,
            bytes: sealed(seal, name, bytes).await?,
        });
    }
    device.view.keep(next, &pages, reset, missing).await
}

async fn sealed(
    seal: Option<&Cards>,
    name: PageName,
    bytes: Vec<u8>,
) -> Result<Vec<u8>, StoreFailed> {
    match seal.filter(|_| name.kind == EntityKind::Customer) {
        Some(seal) => seal
            .sealed(&bytes)
            .await
            .map_err(|cause| StoreFailed::Unavailable(format!("{cause:?}"))),
        None => Ok(bytes),
    }
}

/// Fetches the whole view again. Own events and the view there is stay until the new one is whole.
pub fn fetch_all_again(device: &'static Device) {
    let cursor = Cursor {
        schema: VIEW_SCHEMA,
        ..Cursor::default()
    };
    step(device, Input::ViewForgotten(cursor));
}

/// Longest wait for a position to be read, in turns of [`TURN`].
const TURNS_MAX: u32 = 200;
/// Wait between two looks, in milliseconds.
const TURN: u32 = 25;

/// Waits until the view contains a position, or a few seconds have passed.
pub async fn until_read(device: &'static Device, position: Position) {
    for _ in 0..TURNS_MAX {
        if device.replica.borrow().cursor().position >= position {
            return;
        }
        gloo_timers::future::TimeoutFuture::new(TURN).await;
    }
}
