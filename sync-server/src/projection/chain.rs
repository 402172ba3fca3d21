//! Everything recorded about an order, with the links in between.
//!
//! In: an order. Out: its events, and of every chain they stand in the events from the first to the last of
//! them, so that anybody can follow hash by hash that nothing was left out. Must not: change a byte.

use std::collections::BTreeMap;

use domain::id::{OrderId, Position};
use domain::sync::message::{OrderChain, Recorded};

use crate::ingest::{Shop, Unavailable};
use crate::log::{ChainKey, Failed, Log};

/// Events in one answer at most. The order's own events come before the links between them.
pub const EVENTS_MAX: usize = 2_000;

impl Shop {
    /// An order's chain of custody; `None` when nothing is recorded about it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn order_chain(&self, order: OrderId) -> Result<Option<OrderChain>, Unavailable> {
        self.ask(move |log| chain(log, order)).await
    }
}

fn chain(log: &dyn Log, order: OrderId) -> Result<Option<OrderChain>, Failed> {
    let places = log.events_about(order, EVENTS_MAX)?;
    if places.is_empty() {
        return Ok(None);
    }
    let mut events: BTreeMap<Position, Recorded> = BTreeMap::new();
    let mut stretches: BTreeMap<ChainKey, (u64, u64)> = BTreeMap::new();
    for place in &places {
        let stretch = stretches
            .entry(place.chain)
            .or_insert((place.seq, place.seq));
        stretch.0 = stretch.0.min(place.seq);
        stretch.1 = stretch.1.max(place.seq);
        if let Some(event) = log.at(place.position)? {
            events.insert(
                place.position,
                Recorded {
                    subject: true,
                    ..event
                },
            );
        }
    }
    for (chain, (first, last)) in stretches {
        for link in log.stretch(chain, first, last, EVENTS_MAX)? {
            if events.len() >= EVENTS_MAX {
                break;
            }
            events.entry(link.position).or_insert(link);
        }
    }
    Ok(Some(OrderChain {
        order,
        events: events.into_values().collect(),
    }))
}
