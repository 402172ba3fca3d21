//! The shop's label printers, and what became of what they were given.
//!
//! In: who asks. Out: names, stocks, states. Must not: say where a printer is, or take anything to print: that is a signed fact, and
//! comes with the others.

use axum::extract::State;
use axum::response::Response;
use domain::event::encode;

use super::App;
use super::caller::{Asking, sees_everything};
use super::denial::{Denial, answer};
use crate::printing;

/// `GET /v1/stores/{store}/printers`.
pub(super) async fn printers(
    State(app): State<App>,
    Asking { device }: Asking,
) -> Result<Response, Denial> {
    sees_everything(&device)?;
    let shown = app.shop.ask(|log| printing::shown(log)).await?;
    Ok(answer(encode(&shown)))
}
