//! A manager's devices and people: codes for new devices, an end for lost ones, and what those say of it; who is unlocked,
//! or works here no longer.
//!
//! In: a manager's device, the manager's PIN. Out: a one-time code with its picture, or a device revoked, a person changed. Must not: take
//! a device's word for who holds it; whoever may make codes may let anybody in.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use domain::event::encode;
use domain::facility::{Purpose, Right};
use domain::id::ActorId;
use domain::pin;
use domain::sync::enrol::{
    DenialCode, DevicesAct, DevicesAnswer, DevicesAsk, NewCode, PersonChange, SignInAsk,
};
use domain::sync::message::Signed;
use qrcodegen::{QrCode, QrCodeEcc};

use super::App;
use super::caller::{Booting, FromDevice, Message, sees_everything};
use super::denial::{Denial, answer};
use super::passkeys::session;
use super::rates::too_many;
use crate::ingest::devices::CODE_MS_MAX;
use crate::ingest::tokens::Doer;
use crate::ingest::{Directory, Unavailable};

/// Characters of an address that goes before a code.
const ADDRESS_CHARS_MAX: usize = 200;

impl Message for DevicesAsk {
    const BYTES_MAX: usize = 4_096;
}

/// `POST /v1/stores/{store}/devices`.
pub(super) async fn devices(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    FromDevice { device, message }: FromDevice<DevicesAsk>,
) -> Result<Response, Denial> {
    sees_everything(&device)?;
    let DevicesAsk { actor, pin, act } = message;
    if pin.len() > *pin::DIGITS.end() {
        return Err(DenialCode::Unreadable.into());
    }
    let may = |directory: &Directory| directory.may(actor, Right::Administer);
    let directory = app.shop.directory_with(may).await;
    if !may(&directory) {
        return Err(DenialCode::UnknownActor.into());
    }
    let id = device.id;
    if let Err(wait) = app.gauge.person(actor) {
        tracing::warn!(device = %id, actor = actor.0, "too many PINs");
        return Ok(too_many(&uri, wait));
    }
    let turn = app.pin_tries.acquire().await;
    let turn = turn.map_err(|_| DenialCode::Unavailable)?;
    let proof = SignInAsk {
        actor,
        pin,
        new_pin: None,
    };
    let session = session(&headers);
    if let Err(denied) = app.shop.sign_in(device, proof, session).await? {
        tracing::warn!(device = %id, actor = actor.0, code = ?denied.code, "devices are not changed");
        return Err(denied.into());
    }
    drop(turn);
    let code = match act {
        DevicesAct::Code {
            drivers_phone,
            address,
        } => {
            let purpose = drivers_phone.then_some(Purpose::DriversPhone);
            let code = app
                .shop
                .enrolment_code(purpose, Doer::person(actor))
                .await?;
            tracing::info!(device = %id, actor = actor.0, "a code for a device was made");
            Some(with_picture(code, &address))
        }
        DevicesAct::Revoke { device } => {
            if !app.shop.revoke(device, Doer::person(actor)).await? {
                return Err(DenialCode::NotFound.into());
            }
            tracing::info!(device = %id, actor = actor.0, revoked = %device, "a device was revoked");
            None
        }
        DevicesAct::Person { person, change } => {
            if !change_person(&app, actor, person, change).await? {
                return Err(DenialCode::NotFound.into());
            }
            tracing::info!(device = %id, actor = actor.0, person = person.0, ?change, "a person was changed");
            None
        }
    };
    Ok(answer(encode(&DevicesAnswer { code })))
}

/// Changes another person. Returns whether it may be done: nobody unlocks himself, and whoever may answer for people is
/// not sent away by another.
async fn change_person(
    app: &App,
    actor: ActorId,
    person: ActorId,
    change: PersonChange,
) -> Result<bool, Unavailable> {
    let by = Doer::person(actor);
    if person == actor {
        return Ok(false);
    }
    match change {
        PersonChange::Unlock => app.shop.unlock_person(person, by).await,
        PersonChange::Leave => {
            let directory = app.shop.directory();
            if directory.may(person, Right::Administer) {
                return Ok(false);
            }
            app.shop.set_active(person, false, by).await
        }
    }
}

impl Message for Signed {
    const BYTES_MAX: usize = 4_096;
    // Only who was revoked has anything to say.
    const LATE: bool = true;
}

/// `POST /v1/stores/{store}/wiped`: a revoked device's signed word that it forgot what it held.
pub(super) async fn wiped(
    State(app): State<App>,
    Booting { device, message }: Booting<Signed>,
) -> Result<Response, Denial> {
    let id = device.id;
    if !app.shop.was_wiped(device, message).await? {
        return Err(DenialCode::Unreadable.into());
    }
    tracing::info!(device = %id, "a revoked device says that it wiped itself");
    Ok(answer(encode(&true)))
}

fn with_picture(code: String, address: &str) -> NewCode {
    let is_fit = address.len() <= ADDRESS_CHARS_MAX && address.is_ascii();
    let text = format!("{address}{code}");
    let picture = is_fit.then(|| QrCode::encode_text(&text, QrCodeEcc::Medium).ok());
    let (side, dark) = picture
        .flatten()
        .map(|picture| modules(&picture))
        .unwrap_or_default();
    NewCode {
        code,
        lasts: CODE_MS_MAX,
        side,
        dark,
    }
}

/// Its modules as they travel.
fn modules(picture: &QrCode) -> (u8, Vec<u8>) {
    let side = picture.size();
    let rows = 0..side;
    let modules: Vec<bool> = rows
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .map(|(x, y)| picture.get_module(x, y))
        .collect();
    let byte = |eight: &[bool]| {
        let bits = eight.iter().enumerate();
        bits.fold(0, |byte, (place, dark)| {
            byte | u8::from(*dark) << (7 - place)
        })
    };
    let dark = modules.chunks(8).map(byte).collect();
    (u8::try_from(side).unwrap_or(0), dark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_the_codes_own_module_by_module() {
        let made = with_picture("ABCD-EFGH-JKLM".to_owned(), "https://shop.example/#enrol=");
        let text = "https://shop.example/#enrol=ABCD-EFGH-JKLM";
        let picture = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        assert_eq!(i32::from(made.side), picture.size());
        for y in 0..made.side {
            for x in 0..made.side {
                let is_dark = picture.get_module(x.into(), y.into());
                assert_eq!(made.is_dark(x, y), is_dark, "{x} {y}");
            }
        }
        assert!(!made.is_dark(made.side, 0) && !made.is_dark(0, made.side));
    }

    #[test]
    fn an_address_that_is_none_gives_a_code_without_a_picture() {
        for address in ["ä".to_owned(), "a".repeat(ADDRESS_CHARS_MAX + 1)] {
            let made = with_picture("ABCD".to_owned(), &address);
            assert_eq!((made.side, made.dark.len()), (0, 0));
        }
    }
}
