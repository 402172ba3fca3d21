//! Pictures with bars, and the values behind them.
//!
//! In: values of a symbol, or one line of brightness that is laid out into a picture, straight or slanting. Must not: read
//! anything whose check value is wrong.

use decode::code128::{content, is_checked};
use decode::{Frame, Reader};

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
