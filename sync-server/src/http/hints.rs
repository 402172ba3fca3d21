//! Word that there is something new: a position, nothing more. Losing one costs time, never truth.
//!
//! In: the newest place after each commit. Out: server-sent events. Must not: carry data, or outlive the
//! server.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use domain::id::Position;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use super::caller::Asking;

/// Commits closer together than this are one hint.
const COALESCE: Duration = Duration::from_millis(50);
/// A comment this often keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(10);

type Hints = Sse<axum::response::sse::KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>>;

/// `GET /v1/stores/{store}/hints`.
pub(super) async fn hints(State(app): State<App>, _: Asking) -> Hints {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(tell(app.shop.head(), app.stopping.clone(), sender));
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

async fn tell(
    mut head: watch::Receiver<Position>,
    mut stopping: watch::Receiver<bool>,
    sender: mpsc::Sender<Result<Event, Infallible>>,
) {
    loop {
        let newest = *head.borrow_and_update();
        let hint = Event::default().event("hint").data(newest.0.to_string());
        if sender.send(Ok(hint)).await.is_err() {
            return;
        }
        tokio::time::sleep(COALESCE).await;
        tokio::select! {
            changed = head.changed() => if changed.is_err() { return },
            _ = stopping.wait_for(|stopping| *stopping) => return,
            () = sender.closed() => return,
        }
    }
}
