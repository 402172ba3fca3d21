//! Codes of shops before a camera, drawn and read back.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "tests draw with small numbers, and one that cannot go on says so by ending"
)]

use decode::read;
use domain::code::Symbology;
use domain::code::sight::{Sighting, Wanted};
use rxing::common::BitMatrix;
use rxing::oned::{EAN8Writer, EAN13Writer, UPCAWriter, UPCEWriter};
use rxing::{BarcodeFormat, Writer as _};

use pictures::picture::{Dice, Picture, Pose};
use pictures::symbol::lay;

#[expect(unreachable_pub, reason = "a test has no outside")]
#[expect(dead_code, reason = "what is drawn here is not all that is drawn")]
mod pictures {
    //! What the tests draw.

    /// Labels, poses, and what a camera makes of them.
    pub mod picture;
    /// Symbols of modules, laid before a camera.
    pub mod symbol;
}

const PRODUCTS: [(&str, Symbology); 6] = [
    ("042100005264", Symbology::UpcA),
    ("036000291452", Symbology::UpcA),
    ("4006381333931", Symbology::Ean13),
    ("9780201379624", Symbology::Ean13),
    ("96385074", Symbology::Ean8),
    ("04252614", Symbology::UpcE),
];

fn symbol((text, symbology): (&str, Symbology)) -> BitMatrix {
    match symbology {
        Symbology::UpcA => UPCAWriter::default().encode(text, &BarcodeFormat::UPC_A, 0, 60),
        Symbology::UpcE => UPCEWriter.encode(text, &BarcodeFormat::UPC_E, 0, 60),
        Symbology::Ean8 => EAN8Writer.encode(text, &BarcodeFormat::EAN_8, 0, 60),
        _ => EAN13Writer.encode(text, &BarcodeFormat::EAN_13, 0, 60),
    }
    .unwrap()
}

fn taken(symbol: &BitMatrix, pixels_per_module: f32, turn: f32, seed: u64) -> Picture {
    let pose = Pose {
        pixels_per_module,
        turn,
        ..Pose::default()
    };
    let mut picture = Picture::grey(640, 480, 90.0);
    lay(&mut picture, symbol, pose, 1.0, (318.6, 241.2));
    picture.blurred(0.6).noisy(&mut Dice(seed), 4.0)
}

fn seen(picture: &Picture) -> Vec<Sighting> {
    read(&picture.luma, picture.width, picture.height, Wanted::RETAIL)
}

fn check(pixels_per_module: f32, turns: &[f32]) {
    for (text, symbology) in PRODUCTS {
        for (seed, turn) in turns.iter().enumerate() {
            let picture = taken(
                &symbol((text, symbology)),
                pixels_per_module,
                *turn,
                seed as u64,
            );
            let seen = seen(&picture);
            let said: Vec<_> = seen
                .iter()
                .map(|one| (one.text.as_str(), one.symbology))
                .collect();
            assert_eq!(said, [(text, symbology)], "{turn} degrees");
        }
    }
}

#[test]
fn a_bottle_may_stand_lie_or_lean() {
    check(
        2.0,
        &[0.0, 10.0, -15.0, 90.0, 100.0, 171.0, 180.0, 262.0, 270.0],
    );
}

#[test]
fn a_code_of_a_small_thing_is_read() {
    check(1.5, &[0.0, 3.0, 87.0, 180.0]);
}

#[test]
fn the_place_of_a_code_is_told() {
    for turn in [0.0, 90.0, 180.0] {
        let found = seen(&taken(&symbol(PRODUCTS[2]), 2.5, turn, 7));
        let corners = found[0].corners;
        let sum = |of: fn(&(i32, i32)) -> i32| corners.iter().map(of).sum::<i32>() as f32 / 4.0;
        let middle = (sum(|corner| corner.0), sum(|corner| corner.1));
        assert!(
            (middle.0 - 318.6).hypot(middle.1 - 241.2) < 14.0,
            "{middle:?}"
        );
    }
}

#[test]
fn a_code_of_which_only_a_sliver_is_seen_is_not_believed() {
    let mut picture = Picture::grey(640, 480, 90.0);
    let whole = taken(&symbol(PRODUCTS[0]), 2.5, 0.0, 3);
    picture.light = whole.luma.iter().map(|light| f32::from(*light)).collect();
    for (at, light) in picture.light.iter_mut().enumerate() {
        if !(236..242).contains(&(at / 640)) {
            *light = 200.0;
        }
    }
    assert_eq!(seen(&picture.noisy(&mut Dice(2), 3.0)), []);
}

#[test]
fn pictures_without_a_code_give_none() {
    for seed in 0..300 {
        assert_eq!(seen(&Picture::clutter(seed)), [], "seed {seed}");
    }
}
