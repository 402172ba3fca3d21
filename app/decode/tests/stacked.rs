//! Driving licences before a camera, drawn and read back.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "tests draw with small numbers, and one that cannot go on says so by ending"
)]

use std::fs;
use std::path::Path;

use decode::read;
use domain::code::Symbology;
use domain::code::sight::{Sighting, Wanted};
use domain::identity::Card;
use proptest::prelude::*;
use rxing::common::BitMatrix;
use rxing::pdf417::PDF417Writer;
use rxing::pdf417::encoder::Dimensions;
use rxing::{BarcodeFormat, EncodeHints, Writer as _};

use pictures::picture::{Dice, Picture, Pose, label};
use pictures::symbol::lay;

#[expect(unreachable_pub, reason = "a test has no outside")]
mod pictures {
    //! What the tests draw.

    /// Labels, poses, and what a camera makes of them.
    pub mod picture;
    /// Symbols of modules, laid before a camera.
    pub mod symbol;
}

const WIDTH: usize = 1_280;
const HEIGHT: usize = 720;
/// Rows are three modules high on licences; the writer draws four.
const TALL: f32 = 0.75;

/// Cards that the identity rules read, as their symbols say them.
fn cards() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/aamva");
    let mut cards: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .filter(|text| text.is_ascii() && Card::read(text).is_ok())
        .collect();
    cards.sort();
    cards
}

/// A symbol of so many columns and a level of error correction.
fn symbol(card: &str, columns: usize, level: usize) -> BitMatrix {
    let hints = EncodeHints {
        Pdf417Dimensions: Some(Dimensions::new(columns, columns, 3, 90)),
        ErrorCorrection: Some(level.to_string()),
        Margin: Some("4".to_owned()),
        ..EncodeHints::default()
    };
    let format = BarcodeFormat::PDF_417;
    let symbol = PDF417Writer.encode_with_hints(card, &format, 0, 0, &hints);
    symbol.unwrap()
}

fn at(pixels_per_module: f32, turn: f32, tilt: (f32, f32)) -> Pose {
    Pose {
        pixels_per_module,
        turn,
        tilt,
        ..Pose::default()
    }
}

fn laid(symbol: &BitMatrix, pose: Pose) -> Picture {
    let mut picture = Picture::grey(WIDTH, HEIGHT, 90.0);
    lay(&mut picture, symbol, pose, TALL, (641.3, 358.8));
    picture
}

fn seen(picture: &Picture) -> Vec<Sighting> {
    read(
        &picture.luma,
        picture.width,
        picture.height,
        Wanted::LICENCE,
    )
}

fn said(picture: &Picture) -> Vec<(String, Symbology)> {
    let seen = seen(picture).into_iter();
    seen.map(|sighting| (sighting.text, sighting.symbology))
        .collect()
}

/// Every card of some pose is read, letter by letter.
fn check(poses: &[Pose], blur: f32, noise: f32) {
    let cards = cards();
    for (seed, pose) in poses.iter().enumerate() {
        let card = &cards[seed * 7 % cards.len()];
        let symbol = symbol(card, 10 + seed * 3 % 9, 3 + seed % 3);
        let picture = laid(&symbol, *pose).blurred(blur);
        let picture = picture.noisy(&mut Dice(seed as u64), noise);
        let expected = (card.clone(), Symbology::Pdf417);
        let Pose { turn, tilt, .. } = pose;
        assert_eq!(said(&picture), [expected], "{turn} degrees, tilt {tilt:?}");
    }
}

#[test]
fn a_licence_is_read_when_it_is_held_askew() {
    let turns = [-10.0, -6.0, -3.0, 3.0, 6.0, 10.0, 170.0, 177.0, 183.0];
    check(&turns.map(|turn| at(2.0, turn, (0.0, 0.0))), 0.6, 4.0);
}

#[test]
fn a_licence_is_read_when_it_is_tilted() {
    let tilts = [(0.3, 0.0), (-0.3, 0.0), (0.0, 0.3), (0.0, -0.3)];
    check(&tilts.map(|tilt| at(2.1, 4.0, tilt)), 0.6, 4.0);
    check(&tilts.map(|tilt| at(2.1, 178.0, tilt)), 0.6, 4.0);
}

#[test]
fn a_licence_is_read_in_dim_light_and_out_of_focus() {
    let turns = [0.0, 2.0, -5.0, 181.0];
    check(&turns.map(|turn| at(2.0, turn, (0.0, 0.0))), 1.0, 5.0);
    check(&turns.map(|turn| at(2.0, turn, (0.1, 0.1))), 0.6, 12.0);
}

#[test]
fn a_licence_is_read_when_its_modules_are_small() {
    let sizes = [1.5, 1.6, 1.8];
    check(&sizes.map(|size| at(size, 1.5, (0.0, 0.0))), 0.5, 4.0);
}

#[test]
fn the_place_of_a_licence_is_told() {
    let symbol = symbol(&cards()[3], 12, 4);
    let picture = laid(&symbol, at(2.0, 0.0, (0.0, 0.0))).noisy(&mut Dice(1), 3.0);
    let half = (
        (symbol.getWidth() - 8) as f32,
        (symbol.getHeight() - 8) as f32 * TALL,
    );
    let expected = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    for (corner, (across, down)) in seen(&picture)[0].corners.iter().zip(expected) {
        let (x, y) = (641.3 + across * half.0, 358.8 + down * half.1);
        let off = (corner.0 as f32 - x).hypot(corner.1 as f32 - y);
        assert!(off < 6.0, "{corner:?} is not at {x} {y}");
    }
}

#[test]
fn a_licence_under_thumbs_and_glare_is_read_until_too_little_is_left() {
    let card = &cards()[5];
    let symbol = symbol(card, 12, 5);
    for (reach, is_read) in [(12.0, true), (24.0, true), (34.0, true), (400.0, false)] {
        let mut picture = laid(&symbol, at(2.4, 2.0, (0.0, 0.0)));
        for (at, light) in picture.light.iter_mut().enumerate() {
            let (x, y) = ((at % WIDTH) as f32, (at / WIDTH) as f32);
            let thumb = (x - 560.0).hypot(y - 380.0);
            let glare = (x - 760.0).hypot(y - 340.0);
            if thumb < reach {
                *light = 120.0;
            } else if glare < reach {
                *light = 255.0;
            }
        }
        let found = said(&picture.blurred(0.6).noisy(&mut Dice(8), 4.0));
        let texts: Vec<&String> = found.iter().map(|one| &one.0).collect();
        assert_eq!(texts.len(), usize::from(is_read), "{reach} pixels");
        assert!(texts.iter().all(|text| *text == card));
    }
}

#[test]
fn a_thumb_may_cover_half_of_an_edge() {
    let card = &cards()[2];
    let symbol = symbol(card, 12, 4);
    for turn in [0.0, 5.0, 180.0] {
        let mut picture = laid(&symbol, at(2.2, turn, (0.0, 0.0)));
        for (at, light) in picture.light.iter_mut().enumerate() {
            let (x, y) = (at % WIDTH, at / WIDTH);
            if x < 380 && y > 360 {
                *light = 130.0;
            }
        }
        let found = said(&picture.blurred(0.6).noisy(&mut Dice(6), 4.0));
        assert_eq!(found, [(card.clone(), Symbology::Pdf417)], "{turn} degrees");
    }
}

#[test]
fn pictures_without_a_licence_give_none() {
    for seed in 0..300 {
        assert_eq!(said(&Picture::clutter(seed)), [], "seed {seed}");
    }
}

/// Row after row of what a licence begins and ends with, and nothing or nonsense between.
#[test]
fn a_picture_full_of_beginnings_says_nothing() {
    let start = [8, 1, 1, 1, 1, 1, 1, 3];
    let stop = [7, 1, 1, 3, 1, 1, 1, 2, 1];
    for between in [0, 40, 200] {
        let mut dice = Dice(between);
        let mut row = Vec::new();
        while row.len() < WIDTH {
            for (place, width) in start.iter().chain(&stop).enumerate() {
                let is_light = place % 2 == 1;
                row.extend(vec![if is_light { 230 } else { 20 }; 2 * width]);
                if place + 1 == start.len() {
                    row.extend((0..between).map(|_| dice.byte()));
                }
            }
            row.extend([230; 8]);
        }
        let luma = row[..WIDTH].repeat(HEIGHT);
        assert_eq!(read(&luma, WIDTH, HEIGHT, Wanted::LICENCE), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn torn_licences_do_no_harm_and_say_nothing_else(
        which in 0_usize..10,
        seed in any::<u64>(),
        turn in -180_f32..180.0,
        size in 0.8_f32..2.5,
        tilt in (-0.5_f32..0.5, -0.5_f32..0.5),
        torn in 0_usize..400,
        noise in 0_u8..120,
    ) {
        let card = &cards()[which];
        let mut dice = Dice(seed);
        let mut picture = Picture::grey(700, 420, 90.0);
        let symbol = symbol(card, 10 + which % 9, 2 + which % 4);
        lay(&mut picture, &symbol, at(size, turn, tilt), TALL, (350.0, 210.0));
        let mut picture = picture.noisy(&mut dice, 0.0);
        let end = picture.luma.len();
        for byte in &mut picture.luma[end - torn * 700..] {
            *byte = dice.byte();
        }
        for byte in &mut picture.luma {
            *byte = byte.wrapping_add(dice.byte() % noise.max(1));
        }
        for (text, _) in said(&picture) {
            prop_assert_eq!(&text, card);
        }
    }

    #[test]
    fn any_bytes_of_any_size_do_no_harm(
        width in 32_usize..300,
        height in 32_usize..120,
        seed in any::<u64>(),
        coarse in 1_usize..12,
        wanted in 0_u8..4,
    ) {
        let mut dice = Dice(seed);
        let noise: Vec<u8> = (0..97).map(|_| if dice.byte() < 128 { 10 } else { 240 }).collect();
        let luma: Vec<u8> = (0..width * height)
            .map(|at| if coarse == 1 { dice.byte() } else { noise[(at % width / coarse + at / width / 16) % 97] })
            .collect();
        let wanted = [Wanted::LICENCE, Wanted::RETAIL, Wanted::of(24), Wanted::of(u8::MAX)][usize::from(wanted)];
        prop_assert!(read(&luma, width, height, wanted).len() < 3);
    }
}

/// A label is of another kind, and no licence may be seen in it.
#[test]
fn a_tag_is_no_licence() {
    let mut picture = Picture::grey(900, 400, 90.0);
    picture.put(&label("1A4050800002B01144424615"), at(2.4, 1.0, (0.0, 0.0)));
    assert_eq!(said(&picture.noisy(&mut Dice(4), 4.0)), []);
}
