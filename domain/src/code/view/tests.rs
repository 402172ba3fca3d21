//! What a camera sees while somebody works in front of it.

use super::super::{Channel, Reading, Settings, TrackingSystem, parse};
use super::*;

const TAG: &str = "1A4FF0300000C57000000101";
const OTHER: &str = "1A4FF0300000C57000000999";
/// The unit 1 and 127 of the tag.
const UNIT: &str = "HTTPS://1A4.COM/5M41IIT9USEMKBAFU60X";
const UNIT_127: &str = "HTTPS://1A4.COM/5M41IIT9USEMKBAFU64F";
const PRODUCT: &str = "042100005264";

/// Of the pick ticket.
const SHORT: &str = "CUSCSHORTH";
const UNDO: &str = "CUSCUNDO4";

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
        asks: false,
        is_aimed: true,
    }
}

/// A printed command, where it would be obeyed.
fn command(text: &str) -> InView {
    let command = in_view(text, true);
    assert!(matches!(command.code, Code::Own(_)), "{command:?}");
    InView {
        asks: true,
        ..command
    }
}

/// Whatever is not `Nothing` while the pictures follow one another.
fn due(pictures: &[&[InView]]) -> Vec<Due> {
    let mut view = View::default();
    let dues = pictures.iter().zip((0..).step_by(100));
    let mut dues: Vec<Due> = dues.map(|(codes, now)| view.look(now, codes)).collect();
    dues.dedup();
    dues.retain(|due| *due != Due::Nothing);
    dues
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
fn a_device_that_looks_seldom_does_not_take_one_missed_look_for_an_absence() {
    let tag = [in_view(TAG, true)];
    let mut view = View::default();
    let looks = [
        &tag[..],
        &tag,
        &[],
        &tag,
        &[],
        &[],
        &tag,
        &[],
        &[],
        &[],
        &tag,
    ];
    let dues: Vec<Due> = looks
        .iter()
        .zip((0..).step_by(1_200))
        .map(|(codes, now)| view.look(now, codes))
        .collect();
    let reads = dues.iter().filter(|due| **due == Due::Read(0)).count();
    assert_eq!(reads, 2, "{dues:?}");
    assert_eq!(dues.last(), Some(&Due::Read(0)), "it was away");
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

#[test]
fn a_command_held_alone_into_the_frame_is_asked_about_once_and_never_obeyed_by_itself() {
    let short = [command(SHORT)];
    let pictures: Vec<&[InView]> = vec![&short; 50];
    assert_eq!(due(&pictures), [Due::Ask(0), Due::Counted]);
    // Whoever only moves a ticket past the camera is not asked.
    assert_eq!(due(&pictures[..5]), []);
}

#[test]
fn a_command_that_lies_beside_other_codes_is_not_asked_about() {
    let ticket = [command(SHORT), command(UNDO)];
    let pictures: Vec<&[InView]> = vec![&ticket; 30];
    assert_eq!(due(&pictures), [Due::Several]);
    let with_wrong = [command(SHORT), in_view(OTHER, false)];
    let pictures: Vec<&[InView]> = vec![&with_wrong; 30];
    assert_eq!(due(&pictures), [Due::Several]);
    // The ticket's own code has just left the picture: that is how a ticket lies about.
    let (with_ticket, alone) = (
        [command(SHORT), in_view("CUSKABC126", false)],
        [command(SHORT)],
    );
    let mut pictures: Vec<&[InView]> = Vec::new();
    for _ in 0..5 {
        pictures.extend([&with_ticket[..], &alone, &alone, &alone, &alone, &alone]);
    }
    assert!(!due(&pictures).contains(&Due::Ask(0)));
}

#[test]
fn a_command_at_the_edge_of_the_picture_is_not_asked_about() {
    let edge = [InView {
        is_aimed: false,
        ..command(SHORT)
    }];
    let pictures: Vec<&[InView]> = vec![&edge; 50];
    assert_eq!(due(&pictures), []);
}

#[test]
fn a_tag_is_read_at_once_beside_the_commands_of_a_ticket() {
    let both = [command(SHORT), in_view(TAG, true), command(UNDO)];
    let pictures: Vec<&[InView]> = vec![&both; 30];
    assert_eq!(read(&pictures), [TAG]);
}

#[test]
fn a_command_that_nothing_obeys_here_is_refused_in_words_as_any_code() {
    let idle = [in_view(SHORT, false)];
    let pictures: Vec<&[InView]> = vec![&idle; 30];
    assert_eq!(read(&pictures), [SHORT]);
}
