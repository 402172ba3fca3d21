//! The way to a printer: its own port, or a queue of CUPS.
//!
//! In: a printer's kept address, labels. Out: what became of them. Must not: know how either way works.

use core::net::SocketAddr;

use domain::sync::printing::Trouble;

use super::address::CupsQueue;
use super::line::{Came, Patience};
use super::{cups, line};

/// Where labels go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A printer's own port.
    Port(SocketAddr),
    /// A raw queue of CUPS.
    Queue(CupsQueue),
}

impl Way {
    /// Reads what was kept; `None` when a newer program kept it.
    #[must_use]
    pub fn kept(text: &str) -> Option<Self> {
        let port = text.parse().ok().map(Self::Port);
        port.or_else(|| CupsQueue::parse(text).map(Self::Queue))
    }

    /// Gives labels and waits until they are out, as far as anybody says.
    pub async fn print(
        &self,
        labels: &[String],
        title: &str,
        patience: Patience,
        stuck: impl FnMut(Trouble),
    ) -> Came {
        match self {
            Self::Port(socket) => line::print(*socket, labels, patience, stuck).await,
            Self::Queue(queue) => cups::print(queue, labels, title, patience, stuck).await,
        }
    }

    /// What is in the way now.
    ///
    /// # Errors
    /// Why nothing can be said.
    pub async fn look(&self, patience: Patience) -> Result<Option<Trouble>, Trouble> {
        match self {
            Self::Port(socket) => Ok(line::look(*socket, patience).await?.trouble),
            Self::Queue(queue) => cups::look(queue, patience).await,
        }
    }
}

impl core::fmt::Display for Way {
    fn fmt(&self, form: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Port(socket) => socket.fmt(form),
            Self::Queue(queue) => queue.fmt(form),
        }
    }
}
