//! Managers' passkeys over HTTP.
//!
//! In: what a device asks about a person's passkeys, and the page's address as the browser names it. Out: an answer, and
//! the session's cookie. Must not: take an address from anywhere but `Origin`, which no page can change.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use domain::event::encode;
use domain::pin;
use domain::sync::enrol::{DenialCode, bare_code};
use domain::sync::proof::{PasskeysAct, PasskeysAsk};

use super::App;
use super::caller::{Booting, Message, sees_everything};
use super::denial::{Denial, answer};
use super::rates::too_many;
use crate::ingest::passkeys::{Asking, SessionToken, Site};
use crate::keys::random::{hex, unhex};

/// The cookie that carries a manager's session. Browsers take one of this name only with `Secure`, for this host and for
/// every path, and no page of another host can set it.
const COOKIE: &str = "__Host-custody";
/// What goes with it: no script reads it, and no page of another site has it sent.
const RULES: &str = "; Path=/; Secure; HttpOnly; SameSite=Strict";
/// Characters of a printed code.
const CODE_CHARS_MAX: usize = 40;

impl Message for PasskeysAsk {
    // An attestation brings certificates; the longest seen have some 6 KiB.
    const BYTES_MAX: usize = 32_768;
}

/// The session that a browser brings, where it brings one.
pub(super) fn session(headers: &HeaderMap) -> Option<SessionToken> {
    let lines = headers.get_all(header::COOKIE).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';'));
    let value = cookies.find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    unhex(value)?.try_into().ok().map(SessionToken)
}

/// Where the app is open. Browsers send it with every request that changes something.
fn site(headers: &HeaderMap) -> Option<Site> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = origins.next()?.to_str().ok()?;
    match origins.next() {
        None => Site::parse(origin),
        Some(_) => None,
    }
}

/// `POST /v1/stores/{store}/passkeys`.
pub(super) async fn passkeys(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Booting { device, message }: Booting<PasskeysAsk>,
) -> Result<Response, Denial> {
    match &message.act {
        PasskeysAct::Challenge | PasskeysAct::Prove { .. } | PasskeysAct::End => {}
        // A driver's phone has its trip, and nothing about managers.
        _ => sees_everything(&device)?,
    }
    let has_pin = message.pin.is_some();
    let is_long = |text: &Option<String>, max| text.as_ref().is_some_and(|text| text.len() > max);
    if is_long(&message.pin, *pin::DIGITS.end()) {
        return Err(DenialCode::Unreadable.into());
    }
    if let PasskeysAct::Begin { code } = &message.act
        && (is_long(code, CODE_CHARS_MAX) || code.as_deref().map(bare_code) == Some(String::new()))
    {
        return Err(DenialCode::Unreadable.into());
    }
    let (actor, id) = (message.actor, device.id);
    if let Err(wait) = app.gauge.person(actor) {
        tracing::warn!(device = %id, actor = actor.0, "too many proofs");
        return Ok(too_many(&uri, wait));
    }
    let turn = match has_pin {
        true => Some(app.pin_tries.acquire().await),
        false => None,
    };
    let _turn = turn.transpose().map_err(|_| DenialCode::Unavailable)?;
    let asking = Asking {
        device,
        site: site(&headers),
        session: session(&headers),
    };
    let done = app.shop.passkeys(asking, message).await;
    let done = done.inspect_err(|stopped| {
        tracing::warn!(device = %id, actor = actor.0, ?stopped, "nothing was proven");
    })?;
    let mut response = answer(encode(&done.answer));
    let cookie = match (done.begun, done.ended) {
        (Some(token), _) => Some(format!("{COOKIE}={}{RULES}", hex(&token.0))),
        (None, true) => Some(format!("{COOKIE}={RULES}; Max-Age=0")),
        (None, false) => None,
    };
    if let Some(cookie) = cookie {
        let cookie = HeaderValue::try_from(cookie).map_err(|_| DenialCode::Unavailable)?;
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cookies: &[&'static str], expected: Option<u8>) {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_static(cookie));
        }
        let found = session(&headers).map(|token| token.0);
        assert_eq!(found, expected.map(|byte| [byte; 32]), "{cookies:?}");
    }

    #[test]
    fn a_session_is_read_from_its_cookie_and_from_nothing_that_looks_like_it() {
        const GOOD: &str =
            "__Host-custody=0707070707070707070707070707070707070707070707070707070707070707";
        const AMONG: &str = "a=b; __Host-custody=0707070707070707070707070707070707070707070707070707070707070707; c=d";
        check(&[GOOD], Some(7));
        check(&[AMONG], Some(7));
        check(&["a=b", GOOD], Some(7));
        for wrong in [
            "__Host-custody=07",
            "__Host-custody=",
            "__Host-custody",
            "__Host-custody2=0707070707070707070707070707070707070707070707070707070707070707",
            "custody=0707070707070707070707070707070707070707070707070707070707070707",
        ] {
            check(&[wrong], None);
        }
        check(&[], None);
    }
}
