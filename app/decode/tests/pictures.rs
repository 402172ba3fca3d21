//! Pictures drawn for the purpose: codes turned, tilted, blurred and noisy, and pictures without any.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "tests draw with small numbers, and one that cannot go on says so by ending"
)]

use decode::code128::{content, is_checked};
use decode::{Frame, Reader, Symbol};
use domain::code::sight::Wanted;
use proptest::prelude::*;

use pictures::picture::{self, Dice, Picture, Pose, label};

#[expect(unreachable_pub, reason = "a test has no outside")]
mod pictures {
    //! What the tests draw.

    /// Labels, poses, and what a camera makes of them.
    pub mod picture;
}

const TAG: &str = "1A4050800002B01144424615";

fn read(picture: &Picture) -> Vec<String> {
    let frame = Frame::new(picture.width, picture.height, &picture.luma).unwrap();
    let symbols = Reader::default().read(&frame);
    symbols
        .into_iter()
        .map(|symbol: Symbol| symbol.content.text)
        .collect()
}

fn drawn(text: &str, pose: Pose, seed: u64) -> Picture {
    let mut dice = Dice(seed);
    let mut picture = Picture::grey(560, 560, 90.0);
    picture.put(&label(text), pose);
    picture.blurred(0.6).noisy(&mut dice, 4.0)
}

#[test]
fn a_tag_is_read_however_it_is_turned() {
    for turn in 0..24 {
        let pose = Pose {
            pixels_per_module: 1.5,
            turn: 15.0 * turn as f32,
            ..Pose::default()
        };
        assert_eq!(
            read(&drawn(TAG, pose, turn)),
            [TAG],
            "{} degrees",
            pose.turn
        );
    }
}

#[test]
fn a_tag_is_read_however_it_is_tilted() {
    for (seed, (across, along)) in [
        (0.35, 0.0),
        (-0.35, 0.0),
        (0.0, 0.4),
        (0.0, -0.4),
        (0.3, 0.3),
        (-0.3, 0.3),
    ]
    .into_iter()
    .enumerate()
    {
        let pose = Pose {
            pixels_per_module: 1.5,
            turn: 8.0,
            tilt: (across, along),
            ..Pose::default()
        };
        assert_eq!(
            read(&drawn(TAG, pose, seed as u64)),
            [TAG],
            "tilt {across} {along}"
        );
    }
}

#[test]
fn a_module_may_be_little_more_than_a_pixel() {
    let sizes = [1.1, 1.2, 1.3, 1.45, 1.6];
    for (seed, pixels_per_module) in sizes.into_iter().enumerate() {
        let pose = Pose {
            pixels_per_module,
            turn: 6.0,
            ..Pose::default()
        };
        assert_eq!(
            read(&drawn(TAG, pose, seed as u64)),
            [TAG],
            "{pixels_per_module}"
        );
    }
}

#[test]
fn a_crumpled_tag_is_read() {
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let mut picture = Picture::grey(560, 560, 90.0);
        let pose = Pose {
            pixels_per_module: 1.8,
            turn: 30.0 * seed as f32,
            wave: 1.4,
            ..Pose::default()
        };
        picture.put(&label(TAG), pose);
        let picture = picture.blurred(0.7).noisy(&mut dice, 4.0);
        assert_eq!(read(&picture), [TAG], "{} degrees", pose.turn);
    }
}

#[test]
fn a_tag_is_read_in_the_noise_of_a_dark_room() {
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let mut picture = Picture::grey(640, 640, 90.0);
        let pose = Pose {
            pixels_per_module: 1.6,
            turn: 30.0 * seed as f32,
            ..Pose::default()
        };
        picture.put(&label(TAG), pose);
        picture.light.iter_mut().for_each(|light| *light *= 0.4);
        let picture = picture.blurred(1.1).noisy(&mut dice, 12.0);
        assert_eq!(read(&picture), [TAG], "{} degrees", pose.turn);
    }
}

#[test]
fn custodys_own_codes_and_small_letters_are_read_too() {
    for text in ["CUSCUNDO4", "CUSLA01B02X", "Custody-7/b", "20261128"] {
        let pose = Pose {
            pixels_per_module: 2.2,
            turn: -9.0,
            ..Pose::default()
        };
        assert_eq!(read(&drawn(text, pose, 3)), [text]);
    }
}

#[test]
fn two_tags_in_one_picture_are_both_read() {
    let other = "1A4096500002FF4978113414";
    let mut dice = Dice(1);
    let mut picture = Picture::grey(900, 600, 90.0);
    let pose = Pose {
        pixels_per_module: 1.7,
        turn: 3.0,
        ..Pose::default()
    };
    picture.put_at(&label(TAG), pose, (450.0, 150.0));
    picture.put_at(&label(other), pose, (450.0, 450.0));
    let mut found = read(&picture.blurred(0.6).noisy(&mut dice, 3.0));
    found.sort();
    assert_eq!(found, [TAG, other]);
}

#[test]
fn a_torn_or_covered_tag_is_not_read() {
    for (seed, kept) in (3..10).enumerate() {
        let mut torn = label(TAG);
        torn.cover(kept as f32 / 10.0);
        let mut dice = Dice(seed as u64);
        let mut picture = Picture::grey(640, 480, 90.0);
        let pose = Pose {
            pixels_per_module: 2.0,
            turn: 4.0,
            ..Pose::default()
        };
        picture.put(&torn, pose);
        let found = read(&picture.blurred(0.5).noisy(&mut dice, 3.0));
        assert!(found.is_empty(), "{kept} tenths: {found:?}");
    }
}

/// The dots and lines of a screen lie over what it shows, in other steps than the camera's.
#[test]
fn a_screen_that_shows_a_tag_says_the_tag_or_nothing() {
    let mut read_count = 0;
    for seed in 0..24 {
        let mut dice = Dice(seed);
        let mut picture = Picture::grey(560, 420, 60.0);
        let pose = Pose {
            pixels_per_module: 1.3 + dice.part(),
            turn: 20.0 * dice.part() - 10.0,
            ..Pose::default()
        };
        picture.put(&label(TAG), pose);
        let (across, down) = (2.0 + 3.0 * dice.part(), 2.0 + 3.0 * dice.part());
        let depth = 0.2 + 0.6 * dice.part();
        for at in 0..picture.light.len() {
            let (x, y) = ((at % 560) as f32, (at / 560) as f32);
            let is_gap = x % across < 0.8 || y % down < 0.8;
            picture.light[at] *= if is_gap { 1.0 - depth } else { 1.0 };
        }
        let found = read(&picture.blurred(0.6).noisy(&mut dice, 4.0));
        assert!(found.iter().all(|text| text == TAG), "{seed}: {found:?}");
        read_count += found.len();
    }
    assert!(read_count > 0);
}

#[test]
fn pictures_without_a_code_give_none() {
    let times = std::env::var("CUSTODY_PICTURES").ok();
    let times = times.and_then(|times| times.parse().ok());
    for seed in 0..times.unwrap_or(240) {
        let picture = Picture::clutter(seed);
        let found = read(&picture);
        assert!(found.is_empty(), "seed {seed}: {found:?}");
    }
}

/// Bars of chance widths between quiet zones, upright and as close as a label is held.
fn bars_of_chance(seed: u64) -> Picture {
    const QUIET: usize = 12;
    let mut dice = Dice(seed);
    let (width, height) = (320 + (seed % 7) as usize * 40, 200);
    let mut picture = Picture::grey(width, height, 120.0);
    let mut from = 0;
    while from < width {
        let end = from + 1 + usize::from(dice.byte() % 5);
        let is_dark = dice.byte().is_multiple_of(2);
        for x in from..end.min(width) {
            let is_quiet = x <= QUIET || x + QUIET >= width;
            for y in 0..height {
                let light = &mut picture.light[y * width + x];
                if is_quiet {
                    *light = 225.0;
                } else if (20..180).contains(&y) {
                    *light = if is_dark { 30.0 } else { 220.0 };
                }
            }
        }
        from = end;
    }
    picture.blurred(0.6).noisy(&mut dice, 5.0)
}

/// Two pictures without a code in which symbols were once read: bars of chance that went on well enough for as long as a
/// check value and a stop needed. No scheme knows what they said, so nobody was told of them.
#[test]
fn bars_of_chance_that_were_once_taken_for_symbols_say_nothing() {
    for picture in [Picture::clutter(5_844), bars_of_chance(5_846)] {
        assert_eq!(read(&picture), [""; 0]);
        let seen = decode::read(
            &picture.luma,
            picture.width,
            picture.height,
            Wanted::of(u8::MAX),
        );
        assert_eq!(seen, []);
    }
    for seed in 0..60 {
        let found = read(&bars_of_chance(seed));
        assert!(found.is_empty(), "seed {seed}: {found:?}");
    }
}

#[test]
fn bytes_that_are_no_picture_are_refused() {
    for (width, height, bytes) in [
        (0, 0, 0),
        (640, 480, 640 * 480 - 1),
        (31, 480, 31 * 480),
        (9_000, 32, 9_000 * 32),
        (usize::MAX, 2, 64),
    ] {
        assert!(Frame::new(width, height, &vec![0; bytes]).is_none());
    }
}

#[test]
fn a_symbol_whose_check_value_does_not_fit_says_nothing() {
    let values = picture::values(TAG);
    assert!(is_checked(&values));
    for at in 1..values.len() {
        for wrong in 0..103 {
            let mut damaged = values.clone();
            damaged[at] = wrong;
            assert_eq!(is_checked(&damaged), values == damaged);
        }
    }
    assert!(
        !is_checked(&[])
            && !is_checked(&[104])
            && !is_checked(&[104, 104])
            && !is_checked(&[9, 1, 10])
    );
}

#[test]
fn the_functions_between_the_characters_are_understood() {
    let said = |values: &[u8]| content(values).map(|content| (content.text, content.is_gs1));
    // FNC1 first: GS1's elements; later: the separator between two.
    assert_eq!(
        said(&[105, 102, 1, 23, 102, 45]),
        Some(("0123\u{1d}45".to_owned(), true))
    );
    // Shift for one character, then back.
    assert_eq!(
        said(&[104, 33, 98, 65, 34]),
        Some(("A\u{1}B".to_owned(), false))
    );
    // FNC4 once: one character of the upper half; twice: all, until twice again.
    assert_eq!(
        said(&[104, 100, 73, 73]),
        Some(("\u{e9}i".to_owned(), false))
    );
    let on_and_off = [104, 100, 100, 73, 100, 73, 100, 100, 73];
    assert_eq!(said(&on_and_off), Some(("\u{e9}ii".to_owned(), false)));
    assert_eq!(said(&[1, 2]), None);
    assert_eq!(said(&[104, 103]), None);
    assert_eq!(said(&[]), None);
}

proptest! {
    #[test]
    fn every_text_is_what_its_values_say(text in "[ -~]{1,30}") {
        let values = picture::values(&text);
        prop_assert!(is_checked(&values));
        let said = content(&values[..values.len() - 1]).unwrap();
        prop_assert_eq!(said.text, text);
    }

    #[test]
    fn any_bytes_of_any_size_do_no_harm(
        width in 32_usize..200,
        height in 32_usize..120,
        seed in any::<u64>(),
        coarse in 1_usize..9,
    ) {
        let mut dice = Dice(seed);
        let noise: Vec<u8> = (0..64).map(|_| dice.byte()).collect();
        let luma: Vec<u8> = (0..width * height)
            .map(|at| if coarse == 1 { dice.byte() } else { noise[(at % width / coarse + at / width / 16) % 64] })
            .collect();
        let frame = Frame::new(width, height, &luma).unwrap();
        prop_assert!(Reader::default().read(&frame).len() < 4);
    }
}
