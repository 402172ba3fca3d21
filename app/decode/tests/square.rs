//! Square codes of every size, seen from all sides, and pictures that only look like them.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "tests draw with small numbers, and one that cannot go on says so by ending"
)]

use std::time::{Duration, Instant};

use decode::read;
use domain::code::Symbology;
use domain::code::sight::{Sighting, Wanted};
use proptest::prelude::*;
use rxing::common::BitMatrix;
use rxing::datamatrix::DataMatrixWriter;
use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, EncodeHints, Writer as _};

use pictures::picture::{Dice, Picture, Pose, label};

#[expect(unreachable_pub, reason = "a test has no outside")]
mod pictures {
    //! What the tests draw.

    /// Labels, poses, and what a camera makes of them.
    pub mod picture;
}

const TAG: &str = "1A4050800002B01144424615";
const UNIT: &str = "HTTPS://1A4.COM/5M41IIT9USEMKBAFU60X";
/// Two elements of GS1: a trade item and its lot.
const ITEM: &str = "0109501101530003";

fn square() -> Wanted {
    Wanted::of(Wanted::QR.bits() | Wanted::DATA_MATRIX.bits())
}

/// How a symbol lies before the camera.
#[derive(Clone, Copy, Debug)]
struct Lying {
    /// Pixels per module.
    scale: f32,
    /// In degrees.
    turn: f32,
    /// In radians, around both of its sides.
    tilt: (f32, f32),
    is_mirrored: bool,
}

impl Lying {
    fn flat(scale: f32, turn: f32) -> Self {
        Self {
            scale,
            turn,
            tilt: (0.0, 0.0),
            is_mirrored: false,
        }
    }
}

fn drawn(symbol: &BitMatrix, lying: Lying, seed: u64) -> Picture {
    let (width, height) = (640, 560);
    let mut picture = Picture::grey(width, height, 110.0);
    let (sin, cos) = lying.turn.to_radians().sin_cos();
    let (a, b) = lying.tilt;
    let (across, down) = (symbol.getWidth() as f32, symbol.getHeight() as f32);
    for at in 0..width * height {
        let mut sum = 0.0;
        for fine in 0..9 {
            let inside = |n: usize| (n as f32 + 0.5) / 3.0;
            let x = (at % width) as f32 + inside(fine % 3) - width as f32 / 2.0;
            let y = (at / width) as f32 + inside(fine / 3) - height as f32 / 2.0;
            let (x, y) = (x * cos + y * sin, y * cos - x * sin);
            let near = 1.0 / (1.0 - (x * a.tan() + y * b.tan()) / 1_300.0);
            let u = x * near / a.cos() / lying.scale;
            let v = y * near / b.cos() / lying.scale;
            let u = if lying.is_mirrored { -u } else { u };
            let is_on = u.abs() < across / 2.0 + 3.0 && v.abs() < down / 2.0 + 3.0;
            let (u, v) = (u + across / 2.0, v + down / 2.0);
            let is_dark =
                u >= 0.0 && v >= 0.0 && symbol.try_get(u as u32, v as u32).unwrap_or_default();
            sum += match (is_on, is_dark) {
                (false, _) => 110.0,
                (true, true) => 35.0,
                (true, false) => 215.0,
            };
        }
        picture.light[at] = sum / 9.0;
    }
    picture.blurred(0.6).noisy(&mut Dice(seed), 4.0)
}

fn seen(picture: &Picture) -> Vec<Sighting> {
    read(&picture.luma, picture.width, picture.height, square())
}

fn said(picture: &Picture) -> Vec<(String, Symbology)> {
    let sightings = seen(picture).into_iter();
    sightings
        .map(|sighting| (sighting.text, sighting.symbology))
        .collect()
}

fn qr(text: &str, hints: &EncodeHints) -> BitMatrix {
    QRCodeWriter
        .encode_with_hints(text, &BarcodeFormat::QR_CODE, 0, 0, hints)
        .unwrap()
}

fn version(version: usize, level: &str) -> EncodeHints {
    EncodeHints {
        QrVersion: Some(version.to_string()),
        ErrorCorrection: Some(level.to_owned()),
        Margin: Some("0".to_owned()),
        ..EncodeHints::default()
    }
}

#[test]
fn qr_codes_of_every_version_in_use_are_read_at_every_level_of_repair() {
    let mut seed = 0;
    for level in ["L", "M", "Q", "H"] {
        for number in 1..=10 {
            // The smallest hold little.
            let text = match (number, level) {
                (1, _) | (2, "Q" | "H") => "CUSCUNDO4",
                _ => TAG,
            };
            let lying = Lying::flat(3.4, 17.0 * seed as f32);
            let picture = drawn(&qr(text, &version(number, level)), lying, seed);
            let found = said(&picture);
            assert_eq!(
                found,
                [(text.to_owned(), Symbology::Qr)],
                "{number} {level}"
            );
            seed += 1;
        }
    }
}

#[test]
fn qr_codes_are_read_from_all_sides_and_from_behind() {
    let symbol = qr(UNIT, &version(3, "M"));
    for seed in 0..24 {
        let tilt = [(0.0, 0.0), (0.5, 0.0), (0.0, -0.5), (-0.4, 0.3)][seed as usize % 4];
        let lying = Lying {
            scale: 2.4 + seed as f32 / 8.0,
            turn: 15.0 * seed as f32,
            tilt,
            is_mirrored: seed % 3 == 0,
        };
        let found = said(&drawn(&symbol, lying, seed));
        assert_eq!(found, [(UNIT.to_owned(), Symbology::Qr)], "{lying:?}");
    }
}

#[test]
fn a_module_may_be_less_than_two_pixels() {
    let symbol = qr(UNIT, &version(3, "M"));
    for (seed, scale) in [(0, 1.7), (1, 1.85), (2, 2.0)] {
        let found = said(&drawn(&symbol, Lying::flat(scale, 11.0), seed));
        assert_eq!(found, [(UNIT.to_owned(), Symbology::Qr)], "{scale}");
    }
}

#[test]
fn data_matrix_codes_of_many_sizes_are_read_from_all_sides() {
    let mut sizes = Vec::new();
    let texts = ["CUSCUNDO4", TAG, UNIT];
    for (seed, text) in (0..).zip(texts) {
        let symbol = DataMatrixWriter
            .encode(text, &BarcodeFormat::DATA_MATRIX, 0, 0)
            .unwrap();
        sizes.push(symbol.getWidth());
        for turn in 0..8 {
            let tilt = [(0.0, 0.0), (0.4, 0.0), (0.0, -0.4)][turn % 3];
            let lying = Lying {
                tilt,
                ..Lying::flat(3.6, 45.0 * turn as f32 + 8.0)
            };
            let found = said(&drawn(&symbol, lying, seed));
            let expected = [(text.to_owned(), Symbology::DataMatrix)];
            assert_eq!(found, expected, "{text} {lying:?}");
        }
    }
    sizes.dedup();
    assert!(sizes.len() > 2, "{sizes:?}");
}

#[test]
fn clutter_of_many_kinds_gives_no_square_code() {
    for seed in 0..400 {
        let found = said(&Picture::clutter(seed));
        assert!(found.is_empty(), "seed {seed}: {found:?}");
    }
}

#[test]
fn a_symbol_with_too_much_damage_says_nothing_rather_than_something_else() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let symbol = if seed % 2 == 0 {
            qr(UNIT, &version(3, "L"))
        } else {
            DataMatrixWriter
                .encode(UNIT, &BarcodeFormat::DATA_MATRIX, 0, 0)
                .unwrap()
        };
        let mut picture = drawn(&symbol, Lying::flat(4.0, 3.0 * seed as f32), seed);
        // Blots over a tenth to a third of it.
        for _ in 0..8 + seed / 4 {
            let (x, y) = (
                270 + usize::from(dice.byte()) * 100 / 256,
                230 + usize::from(dice.byte()) * 100 / 256,
            );
            let light = if dice.byte() < 128 { 30 } else { 220 };
            for row in y..y + 12 {
                picture.luma[row * 640 + x..row * 640 + x + 12].fill(light);
            }
        }
        for (text, _) in said(&picture) {
            assert_eq!(text, UNIT, "seed {seed}");
        }
    }
}

#[test]
fn a_code_as_near_to_a_tag_as_may_be_is_read_beside_it() {
    let symbol = qr(UNIT, &version(2, "M"));
    let scale = 2.5;
    let side = symbol.getWidth() as f32 * scale;
    // The tag's bars, and a blank of four modules of the other code around them.
    let (left, top, right, bottom) = (101.0, 146.0, 699.0, 230.0);
    let blank = 4.0 * scale;
    for (x, y) in [
        (right + blank, 150.0),
        (left - blank - side, 160.0),
        (300.0, bottom + blank),
        (300.0, top - blank - side),
    ] {
        let mut picture = Picture::grey(800, 400, 110.0);
        picture.put_at(&label(TAG), Pose::default(), (400.0, 200.0));
        for (at, light) in picture.light.iter_mut().enumerate() {
            let (u, v) = (
                ((at % 800) as f32 + 0.5 - x) / scale,
                ((at / 800) as f32 + 0.5 - y) / scale,
            );
            let across = symbol.getWidth() as f32;
            if (-3.0..across + 3.0).contains(&u) && (-3.0..across + 3.0).contains(&v) {
                let is_dark =
                    u >= 0.0 && v >= 0.0 && symbol.try_get(u as u32, v as u32).unwrap_or_default();
                *light = if is_dark { 35.0 } else { 215.0 };
            }
        }
        let picture = picture.blurred(0.6).noisy(&mut Dice(7), 3.0);
        let both = Wanted::of(Wanted::CODE_128.bits() | Wanted::QR.bits());
        let found = read(&picture.luma, picture.width, picture.height, both);
        let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, [TAG, UNIT], "at {x}, {y}");
        // The corners are those of the bars, whatever the patch took in.
        let tag = &found[0].corners;
        for (corner, expected) in
            tag.iter()
                .zip([(left, top), (right, top), (right, bottom), (left, bottom)])
        {
            let far = (corner.0 as f32 - expected.0).hypot(corner.1 as f32 - expected.1);
            assert!(far < 9.0, "{tag:?} at {x}, {y}");
        }
    }
}

#[test]
fn gs1_codes_say_so() {
    let hints = EncodeHints {
        Gs1Format: Some(true),
        Margin: Some("0".to_owned()),
        ..EncodeHints::default()
    };
    let found = said(&drawn(&qr(ITEM, &hints), Lying::flat(4.0, 20.0), 1));
    assert_eq!(found, [(ITEM.to_owned(), Symbology::Gs1Qr)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Bytes of chance, coarse or fine, of any size: nothing breaks, and nothing takes long.
    #[test]
    fn any_bytes_of_any_size_do_no_harm_and_take_no_time(
        width in 32_usize..900,
        height in 32_usize..500,
        seed in any::<u64>(),
        coarse in 1_usize..12,
        depth in 1_u8..255,
    ) {
        let mut dice = Dice(seed);
        let noise: Vec<u8> = (0..4_096).map(|_| dice.byte() % depth).collect();
        let luma: Vec<u8> = (0..width * height)
            .map(|at| noise[(at % width / coarse + at / width / coarse * 67) % 4_096])
            .collect();
        let from = Instant::now();
        prop_assert_eq!(read(&luma, width, height, square()), []);
        prop_assert!(from.elapsed() < Duration::from_secs(5));
    }
}
