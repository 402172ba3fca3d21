//! Pictures with bars and with modules, and the values behind them.
//!
//! In: values of a symbol; one line of brightness that is laid out into a picture, straight or slanting; or the modules of
//! a square or stacked symbol, bit by bit. Must not: read anything whose check value is wrong.

use decode::code128::{content, is_checked};
use decode::{Frame, Reader, read};
use domain::code::sight::Wanted;

/// Pixels along a module, where every kind of code is looked for.
const MODULE: usize = 3;
/// Light modules around them.
const QUIET: usize = 4;
/// Modules along a side at most: a licence's, or the largest QR code that the readers take.
const MODULES_MAX: usize = 160;

const SIDE_MIN: usize = 32;
const HEIGHT: usize = 40;

pub(crate) fn run(input: &[u8]) {
    let [how, width, slant, rest @ ..] = input else {
        return;
    };
    if how.is_multiple_of(4) {
        let text = content(rest);
        if is_checked(rest) {
            // Changed by one, no place leaves the check value as it was; two changes may.
            let mut wrong = rest.to_vec();
            let at = usize::from(*slant) % wrong.len();
            wrong[at] = wrong[at].wrapping_add(1);
            assert!(
                !is_checked(&wrong) || at >= 103,
                "a wrong value passes the check"
            );
        }
        assert_eq!(content(rest), text);
        return;
    }
    if rest.is_empty() {
        return;
    }
    if how.is_multiple_of(2) {
        modules(rest, usize::from(*width), *slant);
        return;
    }
    let width = SIDE_MIN + usize::from(*width);
    let at = |x: usize, y: usize| rest[(x + y * usize::from(*slant) / 16) % rest.len()];
    let rows = (0..HEIGHT).flat_map(|y| (0..width).map(move |x| (x, y)));
    let luma: Vec<u8> = rows.map(|(x, y)| at(x, y)).collect();
    let frame = Frame::new(width, HEIGHT, &luma).expect("the sides fit the bytes");
    let reader = Reader::default();
    let found: Vec<_> = reader
        .read(&frame)
        .into_iter()
        .map(|found| found.content.text)
        .collect();
    let again = reader
        .read(&frame)
        .into_iter()
        .map(|found| found.content.text);
    assert!(again.eq(found), "the same picture reads in two ways");
}

/// Every kind of code in a symbol of so many modules across, the first in the highest bit; `light` and what is left of
/// 256 are the two shades.
fn modules(bits: &[u8], across: usize, light: u8) {
    let across = across.clamp(8, MODULES_MAX);
    let down = (bits.len() * 8 / across).clamp(1, MODULES_MAX);
    let dark = |x: usize, y: usize| {
        let at = y * across + x;
        let byte = bits.get(at / 8).copied().unwrap_or(0);
        byte >> (7 - at % 8) & 1 == 1
    };
    let (width, height) = ((across + 2 * QUIET) * MODULE, (down + 2 * QUIET) * MODULE);
    let (light, shade) = (light.max(128), 255 - light.max(128));
    let pixel = |x: usize, y: usize| {
        let place = |at: usize, of: usize| (at / MODULE).checked_sub(QUIET).filter(|at| *at < of);
        let is_dark = place(x, across)
            .zip(place(y, down))
            .is_some_and(|(x, y)| dark(x, y));
        if is_dark { shade } else { light }
    };
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let luma: Vec<u8> = rows.map(|(x, y)| pixel(x, y)).collect();
    let everything = Wanted::of(u8::MAX);
    let found = read(&luma, width, height, everything);
    let again = read(&luma, width, height, everything);
    assert_eq!(found, again, "the same picture reads in two ways");
}
