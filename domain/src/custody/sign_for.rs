//! The customer signs for a bag, where the state wants it.
//!
//! In: an order, what a finger drew, or that a paper was signed. Out: whether a signature is missing; the drawing, to be sealed.
//! Must not: keep a drawing in clear in a fact, or take a tap for a signature.
//!
//! What was drawn stands in the fact under a key of the order's customer: whoever erases the customer erases it. Its commitment stays, and
//! says nothing without the drawing, for that begins with chance.

use core::fmt::Write as _;

use minicbor::{Decode, Encode};

use crate::event::{Sealed, decode, encode};
use crate::id::Hash;
use crate::ledger::Ledger;
use crate::order::Order;
use crate::verdict::{Reason, Refusal};

/// The drawing's width, in its own units.
pub const WIDTH: u16 = 1_000;
/// Its height.
pub const HEIGHT: u16 = 400;
/// Points of all its lines at most.
pub const POINTS_MAX: usize = 1_200;
/// Points at least: fewer are a tap.
const POINTS_MIN: usize = 8;
/// It is so wide or so high at least: less is a dot.
const REACH_MIN: u16 = 60;
/// Bytes of chance before it.
pub const SALT_BYTES: usize = 16;

/// The customer signed for the bag.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedFor {
    /// What was drawn on the screen, sealed; `None`: a paper was signed, which the shop keeps.
    #[n(0)]
    pub drawn: Option<Sealed>,
}

/// A place on the drawing, from its upper left corner.
pub type Point = (u16, u16);

/// What a finger drew.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Drawing {
    /// Chance: two drawings that are alike have commitments that are not.
    #[cbor(n(0), with = "minicbor::bytes")]
    salt: Vec<u8>,
    /// Its lines.
    #[n(1)]
    lines: Vec<Vec<Point>>,
}

impl Drawing {
    /// Takes what was drawn, whatever lies outside brought to the edge; `None` when it is too little to be a signature, or more
    /// than anybody draws.
    #[must_use]
    pub fn take(salt: [u8; SALT_BYTES], lines: &[Vec<Point>]) -> Option<Self> {
        let inside = |(x, y): &Point| ((*x).min(WIDTH), (*y).min(HEIGHT));
        let lines: Vec<Vec<Point>> = lines
            .iter()
            .map(|line| line.iter().map(inside).collect())
            .collect();
        is_signature(&lines).then(|| Self {
            salt: salt.to_vec(),
            lines,
        })
    }

    /// Reads what was sealed; `None` when it is no drawing.
    #[must_use]
    pub fn parse(plain: &[u8]) -> Option<Self> {
        let drawing: Self = decode(plain).ok()?;
        let mut points = drawing.lines.iter().flatten();
        let is_inside = points.all(|(x, y)| *x <= WIDTH && *y <= HEIGHT);
        (is_inside && is_signature(&drawing.lines)).then_some(drawing)
    }

    /// What is sealed.
    #[must_use]
    pub fn plain(&self) -> Vec<u8> {
        encode(self)
    }

    /// What stays when nobody can open it any more.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        Hash::of(&[b"custody-signature-1\n", &self.plain()])
    }

    /// Its lines as a path of SVG, on a sheet of [`WIDTH`] by [`HEIGHT`].
    #[must_use]
    pub fn path(&self) -> String {
        path(&self.lines)
    }
}

/// Lines as a path of SVG.
#[must_use]
pub fn path(lines: &[Vec<Point>]) -> String {
    let mut path = String::new();
    for line in lines {
        for (index, (x, y)) in line.iter().enumerate() {
            let to = if index == 0 { 'M' } else { 'L' };
            let _written = write!(path, "{to}{x} {y}");
        }
    }
    path
}

/// Whether lines can be somebody's signature.
#[must_use]
pub fn is_signature(lines: &[Vec<Point>]) -> bool {
    let points = lines.iter().map(Vec::len).sum::<usize>();
    let reach = |of: fn(&Point) -> u16| {
        let mut all = lines.iter().flatten().map(of);
        let first = all.next().unwrap_or(0);
        let (least, most) = all.fold((first, first), |(least, most), at| {
            (least.min(at), most.max(at))
        });
        most - least
    };
    (POINTS_MIN..=POINTS_MAX).contains(&points)
        && reach(|point| point.0).max(reach(|point| point.1)) >= REACH_MIN
}

/// The key that seals the drawing for an order, out of the key of its customer's data.
#[must_use]
pub fn key(customer: &[u8; 32]) -> [u8; 32] {
    Hash::of(&[b"custody-signature-key-1\n", customer]).0
}

/// Whether the shop's state wants the customer of an order to sign.
#[must_use]
pub fn is_wanted(ledger: &Ledger, order: &Order) -> bool {
    let limits = ledger.store().and_then(|store| store.rules.limits.as_ref());
    let channels = limits.and_then(|limits| limits.signature.as_ref());
    channels.is_some_and(|channels| channels.contains(&order.channel))
}

/// Refuses to hand over a bag that nobody has signed for, where that is wanted.
///
/// # Errors
/// When the signature is missing.
pub fn require(ledger: &Ledger, order: &Order, signed: Option<&SignedFor>) -> Result<(), Refusal> {
    if is_wanted(ledger, order) && signed.is_none() {
        return Err(Refusal::because(Reason::SignatureNeeded));
    }
    Ok(())
}
