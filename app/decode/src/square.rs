//! Square codes.
//!
//! In: a grey picture. Out: the QR codes and the Data Matrix codes in it. Must not: believe a symbol of which anything
//! disagrees with the rest: its frame, its format, its checks and its padding all have a say.
//!
//! A picture in black and white shows where a symbol may be. What its modules are is then asked of the grey picture,
//! each module where a plane, and at last a net that gives, says it lies: so a module may be less than two pixels.

use crate::frame::Frame;
use crate::order;

/// Bits.
mod bits;
/// Letters.
mod charset;
/// Modules.
mod grid;
/// Data Matrix.
mod matrix;
/// Perspective.
mod plane;
/// QR.
mod qr;
/// Black and white.
mod shade;
/// Repair.
mod solomon;

use grid::Scene;
use plane::Point;
use shade::Shade;
use solomon::Field;

/// The marks of QR codes are looked for in every such row: the smallest cover three.
const ROWS: usize = 2;

/// A kind of square code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Qr,
    Matrix,
}

/// A square code in a picture.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) is_gs1: bool,
    /// Its corners, clockwise in its own order.
    pub(crate) corners: [(f32, f32); 4],
}

/// The square codes of these kinds in a picture, beside what was read in it already.
pub(crate) fn read(frame: &Frame<'_>, kinds: &[Kind], known: &[[Point; 4]]) -> Vec<Symbol> {
    let mut found = Vec::new();
    if kinds.is_empty() {
        return found;
    }
    let shade = Shade::of(frame, known);
    let scene = Scene {
        frame,
        shade: &shade,
    };
    if kinds.contains(&Kind::Qr) {
        let marks = qr::marks::marks(scene, ROWS);
        found.extend(qr::symbols(scene, &marks));
    }
    if kinds.contains(&Kind::Matrix) {
        found.extend(matrix::symbols(scene));
    }
    found
}

/// A block, repaired: from its bytes alone, or else with its least sure bytes in doubt.
fn repaired(field: &Field, part: &[(u8, f32)], checks: usize, most: usize) -> Option<Vec<u8>> {
    let printed: Vec<u8> = part.iter().map(|(byte, _)| *byte).collect();
    let mut order: Vec<usize> = (0..part.len()).collect();
    order::sort(&mut order, |at| part[*at].1);
    // Half of the checks at least must go on guarding, or chance would pass.
    for doubts in [0, most / 4, most / 2] {
        let mut block = printed.clone();
        let most = if doubts == 0 { most } else { most - 1 };
        let doubtful = order.get(..doubts)?;
        if field.repair(&mut block, checks, doubtful, most).is_some() {
            return Some(block);
        }
    }
    None
}
