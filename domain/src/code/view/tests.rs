//! What a camera sees while somebody works in front of it.

use super::super::{Channel, Reading, Settings, TrackingSystem, parse};
use super::*;

const TAG: &str = "1A4FF0300000C57000000101";
const OTHER: &str = "1A4FF0300000C57000000999";
/// The unit 1 and 127 of the tag.
const UNIT: &str = "HTTPS://1A4.COM/5M41IIT9USEMKBAFU60X";
const UNIT_127: &str = "HTTPS://1A4.COM/5M41IIT9USEMKBAFU64F";
const PRODUCT: &str = "042100005264";

fn in_view(text: &str, fits: bool) -> InView {
    let reading = Reading {
        text: text.to_owned(),
        symbology: None,
        aim: None,
        channel: Channel::Camera,
    };
    InView {
        text: text.to_owned(),
        code: parse(&reading, &Settings::new(TrackingSystem::Metrc)),
        fits,
    }
}

/// What is read while the pictures follow one another, a tenth of a second apart.
fn read(pictures: &[&[InView]]) -> Vec<String> {
    let mut view = View::default();
    let mut read = Vec::new();
    for (codes, now) in pictures.iter().zip((0..).step_by(100)) {
        if let Due::Read(at) = view.look(now, codes) {
            read.push(codes[at].text.clone());
        }
    }
    read
}

#[test]
fn a_code_is_read_at_once_and_not_again_while_it_stays() {
    let tag = [in_view(TAG, true)];
    let pictures: Vec<&[InView]> = vec![&tag; 50];
    assert_eq!(read(&pictures), [TAG]);
}

#[test]
fn a_code_that_blinks_is_one_and_a_code_that_was_away_is_another() {
    let tag = [in_view(TAG, true)];
    let mut pictures: Vec<&[InView]> = Vec::new();
    for _ in 0..4 {
        pictures.extend([&tag[..], &[], &[], &[], &[]]);
    }
    assert_eq!(read(&pictures), [TAG]);
    pictures.extend([&[][..]; 10]);
    pictures.push(&tag);
    assert_eq!(read(&pictures), [TAG, TAG]);
}

#[test]
fn of_several_codes_the_one_the_step_wants_is_read() {
    let both = [
        in_view(OTHER, false),
        in_view(TAG, true),
        in_view(PRODUCT, false),
    ];
    let pictures: Vec<&[InView]> = vec![&both; 30];
    assert_eq!(read(&pictures), [TAG]);
}

#[test]
fn two_packages_that_are_both_wanted_are_not_chosen_between() {
    let both = [in_view(TAG, true), in_view(OTHER, true)];
    let mut view = View::default();
    for now in 0..30 {
        assert_eq!(view.look(now * 100, &both), Due::Several);
    }
}

#[test]
fn several_codes_of_which_none_is_wanted_are_not_chosen_between() {
    let both = [in_view(TAG, false), in_view(OTHER, false)];
    let pictures: Vec<&[InView]> = vec![&both; 30];
    assert!(read(&pictures).is_empty());
    let mut view = View::default();
    view.look(0, &both);
    assert_eq!(view.look(900, &both), Due::Several);
}

#[test]
fn the_codes_of_one_unit_are_one_unit_and_the_stronger_is_read() {
    let label = [in_view(TAG, true), in_view(UNIT, true)];
    let pictures: Vec<&[InView]> = vec![&label; 30];
    assert_eq!(read(&pictures), [UNIT]);
}

#[test]
fn a_tag_that_is_read_a_moment_after_its_units_code_is_not_another_unit() {
    let (unit, tag) = ([in_view(UNIT, true)], [in_view(TAG, true)]);
    assert_eq!(read(&[&unit, &unit, &tag, &tag, &unit, &tag]), [UNIT]);
    assert_eq!(read(&[&tag, &tag, &unit, &unit, &tag]), [TAG]);
}

#[test]
fn another_unit_of_the_package_is_read_at_once() {
    let (one, two) = ([in_view(UNIT, true)], [in_view(UNIT_127, true)]);
    assert_eq!(read(&[&one, &one, &two, &two]), [UNIT, UNIT_127]);
}

#[test]
fn a_wrong_tag_alone_is_read_so_that_it_is_refused_in_words() {
    let wrong = [in_view(OTHER, false)];
    assert!(read(&[&wrong]).is_empty());
    assert_eq!(read(&[&wrong, &wrong, &wrong]), [OTHER]);
}

#[test]
fn a_makers_code_waits_for_the_tag_beside_it() {
    let product = [in_view(PRODUCT, false)];
    let with_tag = [in_view(PRODUCT, false), in_view(TAG, true)];
    let mut pictures: Vec<&[InView]> = vec![&product; 5];
    pictures.push(&with_tag);
    // What stays of the label in view afterwards says nothing either.
    pictures.extend([&product[..]; 8]);
    assert_eq!(read(&pictures), [TAG]);
    let alone: Vec<&[InView]> = vec![&product; 20];
    assert_eq!(read(&alone), [PRODUCT]);
}

#[test]
fn what_was_read_and_still_lies_there_is_said_to_be_counted() {
    let tag = [in_view(TAG, true)];
    let mut view = View::default();
    assert_eq!(view.look(0, &tag), Due::Read(0));
    assert_eq!(view.look(100, &tag), Due::Counted);
    assert_eq!(view.look(200, &[]), Due::Nothing);
}
