//! How the vault is drawn.
//!
//! In: a shop and dice. Out: a drawing a manager keeps, or one that was kept by nobody's leave. Must not: always be of the map in
//! force; people begin to draw and keep it a day later.

use domain::custody::Situation;
use domain::custody::draw_map::{self, MapDrawn};
use domain::event::Body;
use domain::ledger::Ledger;
use domain::plan::vault::{Vault, guessed};

use super::{Wish, wish};
use crate::dice::Dice;

/// A manager keeps a drawing.
pub(super) fn kept(ledger: &Ledger, situation: &Situation, dice: &mut Dice) -> Wish {
    let beside = draw_map::drawings(ledger).and_then(|known| known.aside.first());
    // Some began to draw before anybody had, and keep it now.
    let over = match dice.per_mille(300) {
        true => Vault::default().hash(),
        false => draw_map::in_force(ledger),
    };
    let done = MapDrawn {
        over: Some(over),
        settles: beside.map(|one| one.vault.hash()),
        vault: drawing(ledger, dice),
    };
    wish(draw_map::decide(ledger, situation, done))
}

/// Somebody keeps one who may not.
pub(super) fn overreach(ledger: &Ledger, dice: &mut Dice) -> Body {
    let vault = drawing(ledger, dice);
    // Half of all drew over a map of long ago.
    let over = dice.per_mille(500).then(|| Vault::default().hash());
    let settles = None;
    let done = MapDrawn {
        vault,
        over,
        settles,
    };
    done.into()
}

/// A drawing of the vault, mostly with something wrong about it.
fn drawing(ledger: &Ledger, dice: &mut Dice) -> Vault {
    let mut vault = guessed(ledger);
    let drawing = &mut vault.drawing;
    if !drawing.aisles.is_empty() && dice.per_mille(500) {
        let aisle = dice.index(drawing.aisles.len());
        drawing.aisles[aisle].one_way = true;
    }
    if !drawing.shelves.is_empty() && dice.per_mille(500) {
        drawing.shelves.remove(dice.index(drawing.shelves.len()));
    }
    vault
}
