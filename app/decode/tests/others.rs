//! Symbols of every other kind, drawn and read back, and pictures that are none.

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
use rxing::datamatrix::DataMatrixWriter;
use rxing::oned::{EAN8Writer, EAN13Writer, UPCAWriter, UPCEWriter};
use rxing::pdf417::PDF417Writer;
use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, Writer as _};

use pictures::picture::{Dice, Picture, Pose, label};

#[expect(unreachable_pub, reason = "a test has no outside")]
mod pictures {
    //! What the tests draw.

    /// Labels, poses, and what a camera makes of them.
    pub mod picture;
}

const TAG: &str = "1A4050800002B01144424615";
const UNIT: &str = "HTTPS://1A4.COM/5M41IIT9USEMKBAFU60X";
const OTHER_UNIT: &str = "HTTPS://1A4.COM/5M41IIT9USEMKBAFU64F";
const WIDTH: usize = 900;
const HEIGHT: usize = 600;

fn everything() -> Wanted {
    Wanted::of(u8::MAX)
}

/// Draws a symbol in its own modules around a point, turned by some degrees.
fn stamp(picture: &mut Picture, symbol: &BitMatrix, middle: (f32, f32), scale: f32, turn: f32) {
    let (sin, cos) = turn.to_radians().sin_cos();
    let (across, down) = (symbol.getWidth() as f32, symbol.getHeight() as f32);
    // A quiet zone beside whatever the symbol brings itself.
    let (half_across, half_down) = (across / 2.0 + 3.0, down / 2.0 + 3.0);
    for y in 0..picture.height {
        for x in 0..picture.width {
            let (dx, dy) = ((x as f32 - middle.0) / scale, (y as f32 - middle.1) / scale);
            let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            if u.abs() > half_across || v.abs() > half_down {
                continue;
            }
            let (u, v) = (u + across / 2.0, v + down / 2.0);
            let is_dark =
                u >= 0.0 && v >= 0.0 && symbol.try_get(u as u32, v as u32).unwrap_or_default();
            picture.light[y * picture.width + x] = if is_dark { 30.0 } else { 225.0 };
        }
    }
}

fn square(text: &str, format: BarcodeFormat) -> BitMatrix {
    match format {
        BarcodeFormat::QR_CODE => QRCodeWriter.encode(text, &format, 0, 0),
        BarcodeFormat::DATA_MATRIX => DataMatrixWriter.encode(text, &format, 0, 0),
        BarcodeFormat::PDF_417 => PDF417Writer.encode(text, &format, 0, 0),
        BarcodeFormat::EAN_13 => EAN13Writer.encode(text, &format, 0, 40),
        BarcodeFormat::EAN_8 => EAN8Writer.encode(text, &format, 0, 40),
        BarcodeFormat::UPC_E => UPCEWriter.encode(text, &format, 0, 40),
        _ => UPCAWriter::default().encode(text, &BarcodeFormat::UPC_A, 0, 40),
    }
    .unwrap()
}

fn taken(mut picture: Picture, seed: u64) -> Picture {
    picture = picture.blurred(0.6);
    picture.noisy(&mut Dice(seed), 4.0)
}

fn seen(picture: &Picture, wanted: Wanted) -> Vec<Sighting> {
    read(&picture.luma, picture.width, picture.height, wanted)
}

fn said(picture: &Picture, wanted: Wanted) -> Vec<(String, Symbology)> {
    let mut said: Vec<(String, Symbology)> = seen(picture, wanted)
        .into_iter()
        .map(|sighting| (sighting.text, sighting.symbology))
        .collect();
    said.sort_by(|a, b| a.0.cmp(&b.0));
    said
}

#[test]
fn units_are_read_by_qr_and_by_data_matrix_however_they_are_turned() {
    for (format, symbology) in [
        (BarcodeFormat::QR_CODE, Symbology::Qr),
        (BarcodeFormat::DATA_MATRIX, Symbology::DataMatrix),
    ] {
        for turn in 0..12 {
            let mut picture = Picture::grey(WIDTH, HEIGHT, 90.0);
            let middle = (450.0, 300.0);
            stamp(
                &mut picture,
                &square(UNIT, format),
                middle,
                5.0,
                30.0 * turn as f32,
            );
            let found = said(&taken(picture, turn), Wanted::GOODS);
            assert_eq!(
                found,
                [(UNIT.to_owned(), symbology)],
                "{} degrees",
                30 * turn
            );
        }
    }
}

#[test]
fn products_are_read_by_the_codes_of_shops() {
    for (text, format, symbology) in [
        ("042100005264", BarcodeFormat::UPC_A, Symbology::UpcA),
        ("4006381333931", BarcodeFormat::EAN_13, Symbology::Ean13),
        ("96385074", BarcodeFormat::EAN_8, Symbology::Ean8),
        ("04252614", BarcodeFormat::UPC_E, Symbology::UpcE),
    ] {
        for turn in [0.0, 4.0, 180.0, 176.0] {
            let mut picture = Picture::grey(WIDTH, HEIGHT, 90.0);
            stamp(
                &mut picture,
                &square(text, format),
                (450.0, 300.0),
                3.0,
                turn,
            );
            let found = said(&taken(picture, 1), Wanted::GOODS);
            assert_eq!(found, [(text.to_owned(), symbology)], "{turn} degrees");
        }
    }
}

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

#[test]
fn licences_are_read_letter_by_letter_with_the_characters_that_no_keyboard_has() {
    let cards = cards();
    assert!(cards.len() > 10);
    for (card, turn) in cards.iter().zip([0.0, 0.5, 180.0].into_iter().cycle()) {
        let symbol = square(card, BarcodeFormat::PDF_417);
        let mut picture = Picture::grey(1_280, 720, 90.0);
        let scale = 1_100.0 / symbol.getWidth() as f32;
        stamp(&mut picture, &symbol, (640.0, 360.0), scale, turn);
        let found = said(&taken(picture, 2), Wanted::LICENCE);
        assert_eq!(
            found,
            [(card.clone(), Symbology::Pdf417)],
            "{turn} degrees, {scale} pixels"
        );
    }
}

#[test]
fn a_licence_is_not_read_in_passing() {
    let card = &cards()[0];
    let mut picture = Picture::grey(1_280, 720, 90.0);
    let symbol = square(card, BarcodeFormat::PDF_417);
    let scale = 1_200.0 / symbol.getWidth() as f32;
    stamp(&mut picture, &symbol, (640.0, 360.0), scale, 0.0);
    assert_eq!(said(&taken(picture, 4), Wanted::GOODS), []);
}

#[test]
fn all_codes_of_a_picture_are_told_with_their_places() {
    let mut picture = Picture::grey(1_200, 800, 90.0);
    let pose = Pose {
        pixels_per_module: 1.8,
        turn: 2.0,
        ..Pose::default()
    };
    picture.put_at(&label(TAG), pose, (600.0, 120.0));
    let places = [(250.0, 500.0), (900.0, 520.0)];
    for (unit, place) in [UNIT, OTHER_UNIT].into_iter().zip(places) {
        stamp(
            &mut picture,
            &square(unit, BarcodeFormat::QR_CODE),
            place,
            5.0,
            8.0,
        );
    }
    let found = seen(&taken(picture, 3), Wanted::GOODS);
    let mut texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, [TAG, UNIT, OTHER_UNIT]);
    for (unit, place) in [UNIT, OTHER_UNIT].into_iter().zip(places) {
        let sighting = found.iter().find(|one| one.text == unit).unwrap();
        let sum = |of: fn(&(i32, i32)) -> i32| sighting.corners.iter().map(of).sum::<i32>() as f32;
        let middle = (sum(|corner| corner.0) / 4.0, sum(|corner| corner.1) / 4.0);
        assert!(
            (middle.0 - place.0).hypot(middle.1 - place.1) < 12.0,
            "{middle:?}"
        );
    }
}

#[test]
fn a_text_that_is_no_code_of_ours_is_no_reading() {
    for text in [
        "hello",
        "https://example.com/menu",
        "1A4050800002B0114442461",
    ] {
        let mut picture = Picture::grey(WIDTH, HEIGHT, 90.0);
        stamp(
            &mut picture,
            &square(text, BarcodeFormat::QR_CODE),
            (450.0, 300.0),
            6.0,
            0.0,
        );
        assert_eq!(said(&taken(picture, 5), everything()), [], "{text}");
    }
}

#[test]
fn pictures_without_a_code_give_none_of_any_kind() {
    for seed in 0..120 {
        let found = said(&Picture::clutter(seed), everything());
        assert!(found.is_empty(), "seed {seed}: {found:?}");
    }
}

#[test]
fn sides_that_are_no_picture_give_nothing() {
    for (width, height, bytes) in [
        (0, 0, 0),
        (1, 1, 1),
        (0, 480, 0),
        (640, 480, 640 * 480 + 1),
        (31, 31, 31 * 31),
        (20_000, 32, 20_000 * 32),
        (usize::MAX, 2, 2),
    ] {
        assert_eq!(read(&vec![200; bytes], width, height, everything()), []);
    }
}

#[test]
fn the_smallest_the_longest_and_the_plainest_pictures_do_no_harm() {
    for (width, height) in [(32, 32), (8_192, 32), (32, 8_192), (33, 47)] {
        for light in [0, 127, 255] {
            let luma = vec![light; width * height];
            assert_eq!(read(&luma, width, height, everything()), []);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// A part of a real symbol, torn, stretched and with bytes of chance in it: what breaks readers most.
    #[test]
    fn damaged_symbols_of_every_kind_do_no_harm_and_say_nothing_else(
        kind in 0_usize..4,
        seed in any::<u64>(),
        turn in -180_f32..180.0,
        scale in 1.2_f32..6.0,
        torn in 0_usize..200,
        noise in 0_u8..120,
    ) {
        let (text, format) = [
            (UNIT, BarcodeFormat::QR_CODE),
            (TAG, BarcodeFormat::DATA_MATRIX),
            ("042100005264", BarcodeFormat::UPC_A),
            (TAG, BarcodeFormat::PDF_417),
        ][kind];
        let mut dice = Dice(seed);
        let mut picture = Picture::grey(360, 300, 90.0);
        stamp(&mut picture, &square(text, format), (180.0, 150.0), scale, turn);
        let mut picture = picture.noisy(&mut dice, 0.0);
        let end = picture.luma.len();
        for byte in &mut picture.luma[end - torn * 360..] {
            *byte = dice.byte();
        }
        for byte in &mut picture.luma {
            *byte = byte.wrapping_add(dice.byte() % noise.max(1));
        }
        for sighting in seen(&picture, everything()) {
            prop_assert_eq!(sighting.text, text);
        }
    }
}
