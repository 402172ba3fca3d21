//! What somebody sees to at the server: upgrades, devices let in again, orders sent again.

use domain::event::Body;

use crate::faults::Fault;
use crate::happening::Happening;
use crate::releases::{self, Release};
use crate::shop;
use crate::world::{HEAL, World};

impl World {
    pub(crate) fn is_of_several_ages(&self) -> bool {
        self.rates.of(Fault::ServerUpgraded) > 0
    }

    /// Each node gets each release at a moment of its own; what is missing at the end comes then.
    pub(crate) fn plan_upgrades(&mut self) {
        if !self.is_of_several_ages() {
            return;
        }
        for node in 0..2 {
            for release in 1..=releases::NEWEST {
                let at = self.dice.below(HEAL);
                self.plan(at, 0, Happening::Upgrade(node, release));
                self.plan(HEAL + 1, 0, Happening::Upgrade(node, release));
            }
        }
    }

    pub(crate) fn upgrade(&mut self, node: usize, release: Release) {
        if self.is_healed() {
            self.server.log.set_full(false);
        } else if self.server.release_of(node) >= release {
            return;
        } else {
            self.struck.count(Fault::ServerUpgraded);
        }
        self.server.upgrade(node, release);
    }

    /// Lets in again whom a restored server no longer knows.
    pub(crate) fn let_in(&mut self) {
        for tablet in &self.tablets {
            if !tablet.is_gone && !self.server.knows(tablet.id) {
                let fact = shop::device(tablet.id, tablet.generation, true);
                self.server.record(0, vec![fact]);
            }
        }
    }

    /// The point of sale sends again what a restored server no longer has.
    pub(crate) fn sell_again(&mut self) {
        for body in &self.sold {
            let Body::OrderArrived(sold) = body else {
                continue;
            };
            if !self.server.has_order(sold.order) {
                self.server.record(0, vec![body.clone()]);
            }
        }
    }
}
