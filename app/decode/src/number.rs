//! Numbers of pixels, and places between them.
//!
//! In: one kind of number. Out: another. Must not: stop the reader; what is no number becomes the least that may be.

/// A number of pixels or modules.
#[expect(clippy::cast_precision_loss, reason = "no picture has so many")]
pub(crate) fn real(count: usize) -> f32 {
    count as f32
}

/// A place's pixel; 0 for what lies before the first.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "cut to what can be, by the conversion itself"
)]
pub(crate) fn floor(place: f32) -> usize {
    place as usize
}

/// The nearest number between two. The standard library's brings along the words with which it complains of a wrong
/// pair, and with them how numbers are printed: a twentieth of the reader's module.
pub(crate) fn within(value: f32, least: f32, most: f32) -> f32 {
    // Written out, because what is no number takes browsers' own least and most a call each.
    let value = if value > least { value } else { least };
    if value < most { value } else { most }
}

/// How alike two rows of numbers are, whatever their brightness and contrast: 1 the same, 0 nothing in common.
pub(crate) fn alike(pairs: impl Iterator<Item = (f32, f32)>) -> f32 {
    let mut count: f32 = 0.0;
    let mut sums = [0.0; 5];
    for (a, b) in pairs {
        count += 1.0;
        let products = [a, b, a * a, b * b, a * b];
        sums.iter_mut()
            .zip(products)
            .for_each(|(sum, product)| *sum += product);
    }
    let [a, b, aa, bb, ab] = sums.map(|sum| sum / within(count, 1.0, f32::MAX));
    let spread = (aa - a * a) * (bb - b * b);
    (ab - a * b) / within(spread, 1.0, f32::MAX).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_stays_within_too() {
        for (value, kept) in [(-1.0, 2.0), (2.5, 2.5), (9.0, 3.0), (f32::NAN, 2.0)] {
            assert!((within(value, 2.0, 3.0) - kept).abs() < 1e-6, "{value}");
        }
        assert_eq!((floor(-3.0), floor(f32::NAN), floor(7.9)), (0, 0, 7));
    }
}
