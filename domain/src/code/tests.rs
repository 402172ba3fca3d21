//! Stories and laws of reading codes; the samples are run in `domain/tests/codes.rs`.

use super::gtin::{Gtin, Scheme, check_digit};
use super::near_miss::{differing_places, look_alikes, marks, mistaken, near_miss};
use super::own::{OwnCode, OwnKind};
use super::retail_id::{Encoding, link};
use super::{
    Channel, Code, Grade, Reading, Reason, Settings, Symbology, TEXT_LENGTH_MAX, TrackingSystem,
    content, parse,
};
use crate::id::PackageTag;

mod hostile;
mod laws;
mod links;
mod look_alikes;
mod products;

const TAG: &str = "1A4FF0300000C57000000101";

fn tag(text: &str) -> PackageTag {
    PackageTag::parse(text).unwrap()
}

fn reading(text: &str) -> Reading {
    Reading {
        text: text.to_owned(),
        symbology: None,
        aim: None,
        channel: Channel::Wedge,
    }
}

fn metrc() -> Settings {
    Settings::new(TrackingSystem::Metrc)
}

fn biotrack() -> Settings {
    Settings::new(TrackingSystem::BioTrack)
}

/// A reading of an unknown symbol in a METRC shop.
fn read(text: &str) -> Code {
    parse(&reading(text), &metrc())
}

fn nothing(reason: Reason) -> Code {
    Code::Nothing { reason }
}

fn unit(tag_text: &str, index: u64, encoding: Encoding, host: &str) -> Code {
    Code::Unit {
        tag: tag(tag_text),
        index,
        encoding,
        host: host.to_owned(),
    }
}

/// The elements of a GS1 reading as `01=…,10=…`, with `partial` behind when a part was dropped.
fn gs1(text: &str) -> String {
    let code = read(text);
    let Code::Gs1(found) = code else {
        return format!("{code:?}");
    };
    let elements = found
        .elements
        .iter()
        .map(|element| format!("{}={}", element.ai, element.value));
    let mut parts: Vec<_> = elements.collect();
    parts.extend(found.is_partial.then(|| "partial".to_owned()));
    parts.join(",")
}

#[test]
fn a_tag_is_read_in_any_case_and_with_any_wrapping() {
    for text in [
        TAG,
        "1a4ff0300000c57000000101",
        " \t1A4FF0300000C57000000101\r\n",
        "\u{2}1A4FF0300000C57000000101\u{3}",
        "]C01A4FF0300000C57000000101",
        "]c01a4ff0300000c57000000101",
        "]C11A4FF0300000C57000000101",
        "]d2\u{1d}1A4FF0300000C57000000101\r",
        "<GS>1A4FF0300000C57000000101",
        "]1A4FF0300000C57000000101",
    ] {
        assert_eq!(read(text), Code::Package(tag(TAG)), "{text:?}");
    }
    for start in ["ABC", "AAA"] {
        assert_eq!(
            read(&format!("{start}{}", &TAG[3..])).grade(),
            Grade::Package
        );
    }
}

#[test]
fn a_scanners_own_prefix_and_suffix_are_taken_off_once() {
    let settings = Settings {
        prefix: "\u{2}~".to_owned(),
        suffix: "#\r".to_owned(),
        ..metrc()
    };
    for text in [
        "\u{2}~]C01A4FF0300000C57000000101#\r",
        "~1A4FF0300000C57000000101#",
        TAG,
    ] {
        assert_eq!(
            parse(&reading(text), &settings),
            Code::Package(tag(TAG)),
            "{text:?}"
        );
        assert_eq!(content(&reading(text), &settings), TAG);
    }
    let twice = reading("~~1A4FF0300000C57000000101##");
    assert_eq!(parse(&twice, &settings).grade(), Grade::None);
}

#[test]
fn a_code_whose_text_imitates_an_identifier_is_not_believed() {
    let imitation = Reading {
        text: "]C01A4FF0300000C57000000101".to_owned(),
        symbology: Some(Symbology::Qr),
        aim: Some("]Q1".to_owned()),
        channel: Channel::Camera,
    };
    assert_eq!(parse(&imitation, &metrc()).grade(), Grade::None);
}

#[test]
fn a_damaged_tag_proves_nothing() {
    for (text, reason) in [
        ("1A4FF0300000C5700000010", Reason::Length),
        ("1A4FF0300000C570000001011", Reason::Length),
        ("1A4FF0300000C570000001O1", Reason::NotHex),
        ("1A4FF0300000 C57000000101", Reason::Length),
        ("1A4FF0300000\u{0}C57000000101", Reason::Control),
        ("\u{feff}1A4FF0300000C57000000101", Reason::Control),
        ("1A4FF0300000C57000000101\u{200b}", Reason::Control),
        ("1\u{410}4FF0300000C57000000101", Reason::Unknown),
        ("１Ａ４FF0300000C57000000101", Reason::Unknown),
        ("1A4F\u{1d}F0300000C57000000101", Reason::Length),
        ("\"1A4FF0300000C57000000101\"", Reason::Unknown),
        ("", Reason::Empty),
        ("]C0\r", Reason::Empty),
    ] {
        assert_eq!(read(text), nothing(reason), "{text:?}");
    }
}

#[test]
fn what_only_looks_like_a_tag_counts_when_the_shop_has_it() {
    let odd = "0F4FF0300000C57000000101";
    assert_eq!(read(odd), Code::TagShaped(tag(odd)));
    assert_eq!(read(odd).grade(), Grade::None);
    assert_eq!(read(odd).settled(|_| false).grade(), Grade::None);
    assert_eq!(
        read(odd).settled(|stocked| stocked.as_str() == odd),
        Code::Package(tag(odd))
    );
    let own = read("CUSCUNDO4");
    assert_eq!(own.clone().settled(|_| true), own);
}

#[test]
fn a_shops_own_tags_tell_which_system_it_reports_to() {
    assert_eq!(TrackingSystem::of(&tag(TAG)), TrackingSystem::Metrc);
    let digits = tag("6853296789574116");
    assert_eq!(TrackingSystem::of(&digits), TrackingSystem::BioTrack);
}

#[test]
fn sixteen_digits_are_what_the_symbol_or_else_the_shop_says() {
    let digits = "0117288200117920";
    let product = "01=17288200117920";
    assert_eq!(gs1(digits), product);
    assert_eq!(gs1(&format!("]C1{digits}")), product);
    assert_eq!(
        parse(&reading(digits), &biotrack()),
        Code::Package(tag(digits))
    );
    let declared = parse(&reading(&format!("]C1{digits}")), &biotrack());
    assert_eq!(declared.grade(), Grade::Product);
    assert_eq!(read("8041220026452037"), nothing(Reason::Length));
    assert_eq!(
        parse(&reading("8041220026452037"), &biotrack()).grade(),
        Grade::Package
    );
    for damaged in ["804122002645203", "80412200264520377", "804122002645203A"] {
        assert_eq!(
            parse(&reading(damaged), &biotrack()).grade(),
            Grade::None,
            "{damaged}"
        );
    }
}

#[test]
fn a_driving_licence_is_recognised_whole_or_damaged() {
    for card in [
        "@\n\u{1e}\rANSI 636000100001DL00310061DLDAQT00000000",
        "@6MANSI636000100001DL00310061DLDAQT00000000",
        "\u{80}@\n\nAAMVA6360000101DL00310061",
        "@ansi 636000100001dl",
    ] {
        assert_eq!(read(card), nothing(Reason::IdCard), "{card:?}");
    }
    assert_eq!(read("]L0@\n\u{1e}\rA"), nothing(Reason::IdCard));
    assert_eq!(read("ANSI C78.81"), nothing(Reason::Unknown));
}

#[test]
fn our_own_codes_carry_a_check_character() {
    assert_eq!(
        OwnCode::make(OwnKind::Command, "UNDO").as_deref(),
        Some("CUSCUNDO4")
    );
    assert_eq!(
        OwnCode::make(OwnKind::Command, "next").as_deref(),
        Some("CUSCNEXTC")
    );
    let undo = OwnCode {
        kind: OwnKind::Command,
        id: "UNDO".to_owned(),
    };
    assert_eq!(read("]C0cuscundo4\r"), Code::Own(undo));
    for unfit in ["", "AB", "A-B", "ÄÖÜ", "ABCDEFGHIJKLMNOPQRSTUVWXY"] {
        assert_eq!(OwnCode::make(OwnKind::Tote, unfit), None, "{unfit}");
    }
    for (wrong, reason) in [
        ("CUSCUNDO5", Reason::CheckDigit),
        ("CUSTOMER", Reason::CheckDigit),
        ("CUS", Reason::CheckDigit),
        ("CUSÄ", Reason::CheckDigit),
        ("CUSCUNDO4CUSCUNDO4", Reason::CheckDigit),
        ("CUSTABP", Reason::Length),
        ("CUSTAAAAAAAAAAAAAAAAAAAAAAAAAL", Reason::Length),
        ("CUSQ1234U", Reason::Unknown),
    ] {
        assert_eq!(read(wrong), nothing(reason), "{wrong}");
    }
}

#[test]
fn grades_are_stored_under_fixed_numbers_and_ordered_by_proof() {
    let grades = [
        Grade::None,
        Grade::Internal,
        Grade::Product,
        Grade::Package,
        Grade::Unit,
    ];
    assert!(grades.is_sorted());
    for (number, grade) in (0_u8..).zip(grades) {
        assert_eq!(minicbor::to_vec(grade).unwrap(), [number]);
        assert_eq!(minicbor::decode::<Grade>(&[number]).unwrap(), grade);
    }
    let channels = [Channel::Wedge, Channel::Camera, Channel::Keypad];
    assert_eq!(
        channels.map(|channel| minicbor::to_vec(channel).unwrap()),
        [[0], [1], [2]]
    );
    assert_eq!(minicbor::to_vec(TrackingSystem::BioTrack).unwrap(), [1]);
}

#[test]
fn a_reading_without_end_is_not_looked_at() {
    assert_eq!(
        read(&"A".repeat(TEXT_LENGTH_MAX + 1)),
        nothing(Reason::TooLong)
    );
    assert_eq!(read(&"漢".repeat(1_000_000)), nothing(Reason::TooLong));
    for part in [
        "(01)",
        "(",
        "]C110",
        "https://1a4.com/",
        "/01",
        "%",
        "<GS>",
        "10",
        "ANSI",
    ] {
        let _ = read(&part.repeat(TEXT_LENGTH_MAX / part.len()));
    }
}
