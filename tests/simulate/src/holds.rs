//! Goods the shop itself holds, in some worlds: a package or a product, for a while or for good.
//!
//! In: the seed. Out: holds laid and lifted in the midst of a day, with some of it picked already and some on devices that
//! do not know yet. Must not: throw the world's dice; worlds without holds are what they would be without this.

use domain::custody::hold::{Held, HoldReason, StockHeld, StockReleased, holds};

use crate::dice::Dice;
use crate::happening::Happening;
use crate::shop;
use crate::world::{HEAL, World};

/// Worlds of a thousand in which something is held.
const HOLDING: u64 = 250;
/// Holds of such a world at most.
const HOLDS_MAX: u64 = 3;
/// Of a thousand holds, those that are lifted before the day is over.
const LIFTED: u64 = 600;

impl World {
    /// Plans what is held, and until when.
    pub(crate) fn add_holds(&mut self) {
        let mut dice = Dice::new(self.seed ^ 0x0048_01d5);
        if !dice.per_mille(HOLDING) {
            return;
        }
        for _ in 0..=dice.below(HOLDS_MAX) {
            let tag = shop::tag(dice.index(shop::package_count()));
            let what = match dice.per_mille(700) {
                true => Held::Package(tag),
                false => Held::Product(shop::item_of(&tag)),
            };
            let from = dice.below(HEAL);
            self.plan(from, 0, Happening::Hold(Some(what)));
            if dice.per_mille(LIFTED) {
                let until = from + dice.below(HEAL - from);
                self.plan(until, 0, Happening::Hold(None));
            }
        }
    }

    /// Goods are held, or what was held longest is let go.
    pub(crate) fn hold(&mut self, what: Option<Held>) {
        let fact = match what {
            Some(what) => StockHeld {
                what,
                reason: HoldReason::Recall,
                note: None,
            }
            .into(),
            None => {
                let ledger = self.server.ledger();
                let Some(first) = holds(&ledger).first() else {
                    return;
                };
                StockReleased {
                    hold: first.event,
                    what: first.what.clone(),
                    note: None,
                }
                .into()
            }
        };
        self.server.record(0, vec![fact]);
    }
}
