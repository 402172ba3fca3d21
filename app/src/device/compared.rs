//! The device's clock against the server's.
//!
//! In: answers of the server, with its clock. Out: the time shown, and a fact whenever the comparison says something new.
//! Must not: set a clock.

use domain::sync::clock::Exchange;
use domain::time::{Day, Millis};
use domain::verdict::Verdict;
use leptos::prelude::Set as _;
use wasm_bindgen_futures::spawn_local;

use super::Device;
use crate::platform::{clock, locale};

impl Device {
    /// Now, corrected by what the server last said of this device's clock.
    #[must_use]
    pub fn now(&self) -> Millis {
        Millis(clock::wall()).plus(self.clock_offset.get().unwrap_or(0))
    }

    /// The server's clock minus this device's, in milliseconds; `None`: not compared yet.
    #[must_use]
    pub fn clock_difference(&self) -> Option<i64> {
        self.clock_offset.get()
    }

    /// What the server's clock said.
    pub(crate) fn server_said(&'static self, asked: u64, server_wall: i64) {
        let exchange = Exchange {
            asked,
            answered: clock::monotonic(),
            wall: clock::wall(),
            server_wall,
        };
        self.clock_offset.set(Some(server_wall - exchange.wall));
        self.answered_at.set(Some(Millis(exchange.wall)));
        self.permits_at_contact(server_wall);
        if self.session.borrow().is_none() {
            // Nobody's fact is nobody's; the next answer is compared once somebody is there.
            return;
        }
        let mut watch = self.clock_watch.get();
        let news = watch.compare(&exchange);
        self.clock_watch.set(watch);
        if let Some(observed) = news {
            spawn_local(async move {
                // What cannot be kept now is found out again at the next start.
                let _kept = self
                    .act(None, |_, _| Verdict::Accepted(observed.into()))
                    .await;
            });
        }
    }

    /// The day in the shop's zone; by Greenwich where the browser does not know the zone.
    pub(crate) fn today(&self) -> Day {
        let now = self.now();
        let greenwich = || Day(i32::try_from(now.0.div_euclid(86_400_000)).unwrap_or(i32::MAX));
        locale::day(&self.zone(), now).unwrap_or_else(greenwich)
    }

    /// The clock a new chain counts from; what was told of it in another chain is told again.
    pub(super) fn clock_of_a_new_chain(&self) -> u64 {
        self.clock_watch.take();
        clock::monotonic()
    }
}
