//! One act of a chain in a sentence.
//!
//! In: a link of a chain, the shop as this device knows it. Out: who did what, in the reader's language. Must not: hide an
//! act it has no words for.

use domain::audit::Link;
use domain::custody::alarm::AlarmRaised;
use domain::custody::allocate::LinesAllocated;
use domain::custody::claim::Lease;
use domain::custody::hand_off::OrderHandedOff;
use domain::custody::label::LabelPrinted;
use domain::custody::passed_over;
use domain::custody::passkeys::{PasskeyChange, PasskeysChanged};
use domain::custody::secrets::{SecretChange, SecretChanged};
use domain::custody::set_up::Doer;
use domain::custody::short::ShortPicked;
use domain::custody::swap::Substituted;
use domain::custody::tokens::{TokenChange, TokenChanged, TokenScope};
use domain::custody::wiped::DeviceWiped;
use domain::event::Body;
use domain::id::{ActorId, OrderId};
use domain::identity::CheckedBy;
use domain::ledger::Ledger;

use crate::device::device;
use crate::ui::holds::held_word;
use crate::ui::label::again;
use crate::ui::messages::word_of;
use crate::ui::passed_over::missed_word;
use crate::ui::settle::name_of;
use crate::ui::sop::step_text;
use crate::ui::words::refuse::words_of;
use crate::ui::words::{Lang, Msg, acts, messages, settle};

fn code_of(ledger: &Ledger, order: &OrderId) -> String {
    let order = ledger.orders.get(order);
    order.map(|order| order.code.clone()).unwrap_or_default()
}

fn granted_text(lang: Lang, ledger: &Ledger, lease: &Lease) -> String {
    let units = lease.packages.iter().map(|package| package.units).sum();
    let device = ledger.devices.get(&lease.device);
    acts::lease_granted(
        lang,
        units,
        device.map_or("", |device| device.name.as_str()),
    )
}

fn handed_over_text(lang: Lang, code: String, done: &OrderHandedOff) -> String {
    let signed = done.signed.as_ref().map(|signed| match signed.drawn {
        Some(_) => Msg::SignedOnScreen.say(lang),
        None => Msg::SignedOnPaper.say(lang),
    });
    let given = match done.id.check.map(|check| check.by) {
        Some(CheckedBy::Code) => acts::handed_over_read(lang, code),
        Some(CheckedBy::Eye) => acts::handed_over_by_eye(lang, code),
        Some(CheckedBy::Newer(_)) | None => acts::handed_over(lang, code),
    };
    let card = done.id.check.and_then(|check| check.patient_card);
    let card = card
        .filter(|seen| *seen)
        .map(|_| Msg::PatientCardWasSeen.say(lang));
    let more = [signed, card].into_iter().flatten();
    more.fold(given, |said, more| format!("{said} · {more}"))
}

fn doer_of(ledger: &Ledger, link: &Link) -> String {
    let actor = ledger.actors.get(&link.envelope.actor.actor);
    actor.map_or_else(|| "Custody".to_owned(), |actor| actor.name.clone())
}

pub(in crate::ui) fn passkeys_text(lang: Lang, ledger: &Ledger, done: &PasskeysChanged) -> String {
    let whose = name_of(ledger, done.actor);
    let vouched = done.vouched.iter().map(|one| name_of(ledger, *one));
    let vouched = vouched.collect::<Vec<_>>().join(", ");
    match done.change {
        PasskeyChange::Made => acts::passkey_made(lang, whose),
        PasskeyChange::Removed => acts::passkey_removed(lang, whose),
        PasskeyChange::MadeAnew if done.by_code.is_some() => {
            acts::passkey_made_anew_by_code(lang, whose, vouched)
        }
        PasskeyChange::MadeAnew => acts::passkey_made_anew(lang, whose, vouched),
        PasskeyChange::Forgotten => acts::passkeys_forgotten(lang, whose),
        PasskeyChange::Newer(_) => acts::unknown_act(lang, "PasskeysChanged"),
    }
}

pub(in crate::ui) fn secret_text(lang: Lang, done: &SecretChanged) -> String {
    let name = &done.name;
    let by = done.operator.as_deref();
    let by = by.unwrap_or_else(|| Msg::WhoeverItWas.say(lang));
    match done.change {
        SecretChange::Kept => acts::secret_kept(lang, name, by),
        SecretChange::Replaced => acts::secret_replaced(lang, name, by),
        SecretChange::Forgotten => acts::secret_forgotten(lang, name, by),
        SecretChange::Newer(_) => acts::unknown_act(lang, "SecretChanged"),
    }
}

pub(in crate::ui) fn token_text(lang: Lang, ledger: &Ledger, done: &TokenChanged) -> String {
    let by = doer_named(lang, ledger, (done.actor, done.operator.as_deref()));
    let whose = done.whose.map(|whose| name_of(ledger, whose));
    match (done.change, done.scope) {
        (TokenChange::Made, TokenScope::Orders) => acts::token_made(lang, &done.name, by),
        (TokenChange::Made, TokenScope::Device) => acts::device_code_made(lang, by),
        (TokenChange::Made, TokenScope::DriversPhone) => acts::phone_code_made(lang, by),
        (TokenChange::Made, TokenScope::Recovery) => {
            acts::recovery_code_made(lang, whose.unwrap_or_default(), by)
        }
        (TokenChange::Withdrawn, _) => acts::token_withdrawn(lang, &done.name, by),
        (TokenChange::Made, TokenScope::Newer(_)) | (TokenChange::Newer(_), _) => {
            acts::unknown_act(lang, "TokenChanged")
        }
    }
}

/// Who had something done at the server, in words.
pub(in crate::ui) fn doer_text(lang: Lang, by: &Doer) -> String {
    device().ledger_now(|ledger| doer_named(lang, ledger, (by.actor, by.operator.as_deref())))
}

fn doer_named(lang: Lang, ledger: &Ledger, by: (Option<ActorId>, Option<&str>)) -> String {
    match by {
        (Some(actor), _) => name_of(ledger, actor),
        (None, Some(operator)) => acts::at_the_server(lang, operator),
        (None, None) => acts::at_the_server(lang, Msg::WhoeverItWas.say(lang)),
    }
}

pub(in crate::ui) fn wiped_text(lang: Lang, ledger: &Ledger, done: &DeviceWiped) -> String {
    let known = ledger.devices.get(&done.device);
    acts::device_wiped(lang, known.map_or("", |known| known.name.as_str()))
}

/// Units of the packages an order was promised.
fn promised(done: &LinesAllocated) -> u32 {
    let packages = done.lines.iter().flat_map(|line| &line.packages);
    packages.map(|one| one.units).sum()
}

fn printed_text(lang: Lang, done: &LabelPrinted, code: String) -> String {
    match done.reason {
        Some(reason) => acts::label_reprinted(lang, done.copy, again::word(reason).say(lang)),
        None => acts::label_printed(lang, code),
    }
}

fn substituted_text(lang: Lang, ledger: &Ledger, done: &Substituted) -> String {
    let item = ledger.items.get(&done.item);
    let item = item.map_or("", |item| item.name.as_str());
    acts::substituted(lang, done.units, item, code_of(ledger, &done.order))
}

/// What was reported missing, why, and what was taken in its place.
fn short_text(lang: Lang, ledger: &Ledger, link: &Link, done: &ShortPicked) -> String {
    let short = acts::short_for(lang, done.units, code_of(ledger, &done.order));
    let why = missed_word(done.reason).say(lang);
    let order = ledger.orders.get(&done.order);
    let all = order.map(|order| passed_over::of_order(ledger, order));
    let of_this = all.into_iter().flatten().filter(|one| {
        let event = one.missed.map(|missed| missed.event);
        event == Some(link.envelope.id)
    });
    of_this.fold(format!("{short} · {why}"), |said, one| {
        let instead = settle::taken_instead(lang, one.units, one.younger.tag.tail());
        format!("{said} · {instead}")
    })
}

fn alarm_text(lang: Lang, done: &AlarmRaised) -> String {
    match done.hole() {
        Some(hole) => acts::numbers_lost(lang, hole.first, hole.until - 1),
        None => acts::alarm_raised(lang, done.rule.code()),
    }
}

/// What was done to the shop and its stock rather than for an order.
fn shop_text(lang: Lang, ledger: &Ledger, name: String, body: &Body) -> String {
    match body {
        Body::ProcedureKept(done) => acts::procedure_kept(lang, name, done.procedure.version),
        Body::StepSigned(done) => acts::step_signed(lang, name, step_text(lang, &done.step)),
        Body::TaskSigned(done) => acts::step_signed(lang, name, step_text(lang, &done.step)),
        Body::MapDrawn(_) => acts::map_drawn(lang, name),
        Body::StockHeld(done) => acts::stock_held(lang, name, held_word(lang, ledger, &done.what)),
        Body::StockReleased(done) => {
            acts::stock_released(lang, name, held_word(lang, ledger, &done.what))
        }
        Body::ShiftStarted(done) => {
            acts::shift_started(lang, name, done.troubled(), done.left_out())
        }
        Body::CountObserved(done) => {
            acts::counted(lang, done.counted, done.tag.tail(), &done.location)
        }
        Body::MessageSent(done) => {
            let word = word_of(done.word).say(lang);
            messages::message_sent(lang, name, word, code_of(ledger, &done.order))
        }
        _ => acts::unknown_act(lang, format!("{:?}", body.kind())),
    }
}

fn changed_text(lang: Lang, ledger: &Ledger, order: &OrderId) -> String {
    let version = ledger.orders.get(order).map_or(0, |order| order.version);
    acts::order_changed(lang, code_of(ledger, order), version)
}

/// One act in a sentence.
pub(super) fn act_text(lang: Lang, ledger: &Ledger, link: &Link) -> String {
    let code = |order: &OrderId| code_of(ledger, order);
    let name = doer_of(ledger, link);
    let Some(body) = link.body.as_ref() else {
        return acts::unknown_act(lang, link.envelope.kind.kind);
    };
    match body {
        Body::OrderArrived(done) => acts::order_arrived(lang, &done.code, &done.source),
        Body::OrderChanged(done) => changed_text(lang, ledger, &done.order),
        Body::PasskeysChanged(done) => passkeys_text(lang, ledger, done),
        Body::SecretChanged(done) => secret_text(lang, done),
        Body::DeviceWiped(done) => wiped_text(lang, ledger, done),
        Body::TokenChanged(done) => token_text(lang, ledger, done),
        Body::OrderCancelled(done) => acts::order_cancelled(lang, code(&done.order)),
        Body::ChangeAcknowledged(done) => acts::change_acknowledged(lang, name, code(&done.order)),
        Body::LinesAllocated(done) => acts::allocated(lang, promised(done), code(&done.order)),
        Body::LeaseGranted(done) => granted_text(lang, ledger, &done.lease),
        Body::LeaseReturned(done) => acts::claim_returned(lang, name, code(&done.order)),
        Body::OrderClaimed(done) => acts::claimed(lang, name, code(&done.order)),
        Body::PackagePicked(done) => acts::picked_for(lang, 1, code(&done.order)),
        Body::PickVoided(_) => Msg::UndoneSaved.say(lang).to_owned(),
        Body::ScanRefused(done) => acts::scan_refused(lang, words_of(done.reason).word(lang)),
        Body::ShortPicked(done) => short_text(lang, ledger, link, done),
        Body::ShortWithdrawn(done) => {
            acts::found_after_all(lang, name, done.tag.tail(), code(&done.order))
        }
        Body::ShortAgreed(done) => acts::agreed_short(lang, done.units(), code(&done.order)),
        Body::Substituted(done) => substituted_text(lang, ledger, done),
        Body::ToteRead(done) => acts::tote_read(lang, done.number, code(&done.order)),
        Body::LabelCompared(done) if done.agrees => acts::label_agrees(lang, name, done.tag.tail()),
        Body::LabelCompared(done) => acts::label_differs(lang, name, done.tag.tail()),
        Body::TicketRead(done) => acts::ticket_read(lang, done.version),
        Body::UnitVerified(done) => acts::verified_unit(lang, done.tag.tail()),
        Body::LabelPrinted(done) => printed_text(lang, done, code(&done.order)),
        Body::LabelReadBack(done) => acts::label_read_back(lang, code(&done.order)),
        Body::BagChosen(done) => acts::bag_chosen(lang, code(&done.order), done.bag),
        Body::SecondChecked(done) => acts::second_checked(lang, name, code(&done.order)),
        Body::BagSealed(done) => acts::bag_sealed(lang, code(&done.order)),
        Body::BagStaged(done) => acts::staged(lang, code(&done.order), &done.slot),
        Body::MessageSeen(done) => messages::message_seen(lang, name, code(&done.order)),
        Body::BagReturned(done) => acts::bag_returned(lang, code(&done.order), &done.slot),
        Body::OrderHandedOff(done) => handed_over_text(lang, code(&done.order), done),
        Body::LeaseBroken(done) => acts::claim_broken(lang, name, code(&done.order)),
        Body::MapDrawn(_)
        | Body::StockHeld(_)
        | Body::StockReleased(_)
        | Body::ShiftStarted(_)
        | Body::CountObserved(_)
        | Body::ProcedureKept(_)
        | Body::StepSigned(_)
        | Body::TaskSigned(_)
        | Body::MessageSent(_) => shop_text(lang, ledger, name, body),
        Body::ExceptionRaised(done) => acts::exception_raised(lang, name, done.rule.code()),
        Body::ExceptionResolved(done) => acts::exception_resolved(lang, name, done.exception),
        Body::AlarmRaised(done) => alarm_text(lang, done),
        Body::EventTakenIn(done) => acts::taken_in(lang, done.position.0),
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::StockImported(_)
        | Body::LabResultsRecorded(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::RecountOpened(_)
        | Body::LeaseRefilled(_) => acts::unknown_act(lang, format!("{:?}", body.kind())),
    }
}
