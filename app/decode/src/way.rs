//! Directions, as a step along each.
//!
//! In: steps. Out: steps turned. Must not: measure an angle. Sines and their kind are long code, and half of it is for
//! angles nobody has; a fiftieth of the reader's module.

use crate::number::within;

/// A step across and down.
pub(crate) type Way = (f32, f32);

/// A step turned by as much as another is turned, and as many times as long as that is.
pub(crate) fn turned(a: Way, b: Way) -> Way {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// A step turned twice as far. Opposite steps become the same: it stands for a direction that has no front.
pub(crate) fn doubled(a: Way) -> Way {
    turned(a, a)
}

/// A step of length 1 that is turned half as far, and never backwards.
pub(crate) fn halved(a: Way) -> Way {
    let length = a.0.hypot(a.1);
    let forward = if length > 0.0 { a.0 / length } else { 1.0 };
    let part = |of: f32| within((1.0 + of) / 2.0, 0.0, 1.0).sqrt();
    (part(forward), part(-forward).copysign(a.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_twice_is_the_same_direction() {
        for degrees in -89_i16..=90 {
            let angle = f32::from(degrees).to_radians();
            let way = halved(doubled((3.0 * angle.cos(), 3.0 * angle.sin())));
            assert!((way.0 - angle.cos()).abs() < 1e-3, "{degrees}");
            // Straight up and straight down are the same direction.
            let aside = (way.1 - angle.sin()).abs();
            assert!(aside < 1e-3 || degrees == 90 && aside > 1.9, "{degrees}");
        }
        assert_eq!(halved((0.0, 0.0)), (1.0, 0.0));
    }
}
