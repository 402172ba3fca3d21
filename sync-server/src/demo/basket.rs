//! What is left to sell while orders are made up.
//!
//! In: the ledger before the first order. Out: lines that the vault can fill, and a few that it cannot.
//! Must not: allocate packages; that is the server's task when the orders arrive.

use domain::ledger::Ledger;
use domain::stock::Package;
use domain::time::Day;

use super::catalogue::{Counts, Product};
use super::dice::Dice;
use crate::import::orders::LineInput;

/// One product's sellable units.
struct Left<'a> {
    product: &'a Product,
    /// Units nobody ordered yet.
    units: u32,
    /// Units of the package that goes first.
    first_package: u32,
    /// Kept for a line made on purpose, so that no other line spoils it.
    is_kept: bool,
}

impl Left<'_> {
    /// Whether one customer may buy so many units of it.
    fn may_have(&self, units: u32) -> bool {
        Counts::default()
            .and(units, self.product.counts)
            .is_allowed()
    }
}

/// What is left of every product, what sells best in front.
pub(super) struct Basket<'a> {
    left: Vec<Left<'a>>,
}

/// The first package of a line that needs two has at most this many units.
const NEARLY_EMPTY: u32 = 3;
const THROWS: usize = 4;
/// Products looked at before an order is left as it is.
const TRIES_MAX: usize = 2_000;

impl<'a> Basket<'a> {
    /// All sellable stock; which products sell best is thrown.
    pub(super) fn new(
        dice: &mut Dice,
        products: &'a [Product],
        ledger: &Ledger,
        today: Day,
    ) -> Self {
        let mut left: Vec<Left<'a>> = products
            .iter()
            .map(|product| {
                let mut sellable: Vec<&Package> = ledger
                    .packages
                    .values()
                    .filter(|package| package.item == product.item.id)
                    .filter(|package| package.unsellable(today).is_none())
                    .collect();
                sellable.sort_by(|one, other| one.oldest_first(other));
                let units = |package: &&Package| package.available().whole_units();
                Left {
                    product,
                    units: sellable.iter().map(units).sum(),
                    first_package: sellable.first().map_or(0, units),
                    is_kept: false,
                }
            })
            .collect();
        dice.shuffle(&mut left);
        Self { left }
    }

    /// A line the vault can fill and the customer may buy, of a product that is not on the order yet.
    ///
    /// None when the order is so near to what a customer may buy that nothing fits any more.
    pub(super) fn line(
        &mut self,
        dice: &mut Dice,
        units: u32,
        others: &[LineInput],
    ) -> Option<LineInput> {
        let total = self.counted(others);
        for _ in 0..TRIES_MAX {
            let place = self.popular(dice);
            let left = &mut self.left[place];
            let fits = total.and(units, left.product.counts).is_allowed();
            if !left.is_kept && left.units >= units && fits && !is_on(others, left.product) {
                left.units -= units;
                return Some(line(left.product, units));
            }
        }
        None
    }

    /// The least of several throws: a fifth of the products makes up three fifths of the lines.
    fn popular(&self, dice: &mut Dice) -> usize {
        let throws = (0..THROWS).map(|_| dice.index(self.left.len()));
        throws.min().unwrap_or_default()
    }

    /// A line whose first package holds too little for it, so that a second one is needed.
    pub(super) fn line_of_two_packages(&mut self) -> Option<LineInput> {
        let left = self.left.iter_mut().find(|left| {
            !left.is_kept
                && (1..=NEARLY_EMPTY).contains(&left.first_package)
                && left.units > left.first_package
                && left.may_have(left.first_package + 1)
        })?;
        left.is_kept = true;
        Some(line(left.product, left.first_package + 1))
    }

    /// A line for one unit more than may be sold.
    pub(super) fn line_too_many(&mut self) -> Option<LineInput> {
        let left = self.left.iter_mut().find(|left| {
            !left.is_kept && left.units < NEARLY_EMPTY && left.may_have(left.units + 1)
        })?;
        left.is_kept = true;
        Some(line(left.product, left.units + 1))
    }

    /// Puts one unit more on the first line that may have it.
    pub(super) fn one_more(&mut self, lines: &mut [LineInput]) -> bool {
        let total = self.counted(lines);
        for line in lines {
            let is_it = |left: &&mut Left<'_>| sku(left.product) == line.sku;
            if let Some(left) = self.left.iter_mut().find(is_it)
                && left.units > 0
                && !left.is_kept
                && total.and(1, left.product.counts).is_allowed()
            {
                left.units -= 1;
                line.quantity += 1;
                return true;
            }
        }
        false
    }

    /// What lines count for together.
    fn counted(&self, lines: &[LineInput]) -> Counts {
        let products = lines.iter().filter_map(|line| {
            let found = self.left.iter().find(|left| sku(left.product) == line.sku);
            found.map(|left| (line.quantity, left.product.counts))
        });
        products.fold(Counts::default(), |total, (units, counts)| {
            total.and(units, counts)
        })
    }
}

fn line(product: &Product, units: u32) -> LineInput {
    LineInput {
        sku: sku(product),
        product: product.item.name.clone(),
        quantity: units,
        unit_price_cents: product.unit_price_cents,
    }
}

fn is_on(lines: &[LineInput], product: &Product) -> bool {
    lines.iter().any(|line| line.sku == sku(product))
}

fn sku(product: &Product) -> String {
    product.item.sku.clone().unwrap_or_default()
}
