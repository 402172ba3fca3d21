//! Everything recorded about an order, with the links in between.
//!
//! In: an order. Out: its events, and of every chain they stand in the events from the first to the last of
//! them, so that anybody can follow hash by hash that nothing was left out. Must not: change a byte.

use std::collections::BTreeMap;

use domain::event::Envelope;
use domain::id::{OrderId, Position};
use domain::sync::message::{OrderChain, Recorded};

use crate::ingest::{Shop, Unavailable};
use crate::log::{ChainKey, Failed, Log, Logged};

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

/// From which number to which each chain is shown.
#[derive(Default)]
struct Stretches(BTreeMap<ChainKey, (u64, u64)>);

impl Stretches {
    fn reach(&mut self, chain: ChainKey, seq: u64) {
        let stretch = self.0.entry(chain).or_insert((seq, seq));
        stretch.0 = stretch.0.min(seq);
        stretch.1 = stretch.1.max(seq);
    }
}

/// What declares the holes in a stretch: each stands right before the event behind its hole.
fn declared(log: &dyn Log, links: &[Recorded]) -> Result<Vec<Logged>, Failed> {
    let seq_of = |link: &Recorded| Envelope::parse(&link.event.bytes).map(|envelope| envelope.seq);
    let mut found = Vec::new();
    for pair in links.windows(2) {
        let [before, behind] = pair else { continue };
        let (Ok(before), Ok(seq)) = (seq_of(before), seq_of(behind)) else {
            continue;
        };
        if seq > before.saturating_add(1) {
            let place = Position(behind.position.0.saturating_sub(2));
            found.extend(log.logged_after(place, 1)?);
        }
    }
    Ok(found)
}

fn chain(log: &dyn Log, order: OrderId) -> Result<Option<OrderChain>, Failed> {
    let places = log.events_about(order, EVENTS_MAX)?;
    if places.is_empty() {
        return Ok(None);
    }
    let mut events: BTreeMap<Position, Recorded> = BTreeMap::new();
    let mut stretches = Stretches::default();
    for place in &places {
        stretches.reach(place.chain, place.seq);
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
    for (chain, (first, last)) in stretches.0.clone() {
        let links = log.stretch(chain, first, last, EVENTS_MAX)?;
        for alarm in declared(log, &links)? {
            stretches.reach(alarm.chain, alarm.seq);
        }
    }
    for (chain, (first, last)) in stretches.0 {
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
