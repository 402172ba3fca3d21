//! What holds for every reading.

use proptest::prelude::*;

use super::*;

/// An edit distance with swaps computed by table, to hold the search against.
fn slips_by_table(left: &[u8], right: &[u8]) -> usize {
    let mut table = vec![vec![0; right.len() + 1]; left.len() + 1];
    for row in 0..=left.len() {
        for column in 0..=right.len() {
            table[row][column] = if row == 0 || column == 0 {
                row + column
            } else {
                let wrong = usize::from(left[row - 1] != right[column - 1]);
                let mut best = table[row - 1][column - 1] + wrong;
                best = best
                    .min(table[row - 1][column] + 1)
                    .min(table[row][column - 1] + 1);
                if row > 1
                    && column > 1
                    && left[row - 1] == right[column - 2]
                    && left[row - 2] == right[column - 1]
                {
                    best = best.min(table[row - 2][column - 2] + 1);
                }
                best
            };
        }
    }
    table[left.len()][right.len()]
}

fn own_kinds() -> impl Strategy<Value = OwnKind> {
    prop::sample::select(vec![
        OwnKind::Location,
        OwnKind::Tote,
        OwnKind::Bag,
        OwnKind::Ticket,
        OwnKind::Label,
        OwnKind::Slot,
        OwnKind::Badge,
        OwnKind::Device,
        OwnKind::Command,
    ])
}

/// Without the blanks and separators that readers put around the data.
fn unwrapped(text: &str) -> String {
    let text = content(&reading(text), &metrc()).to_owned();
    crate::code::gs1::with_plain_separators(&text)
        .trim_matches('\u{1d}')
        .to_owned()
}

/// Text made of the pieces that steer the reader into every corner.
fn code_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "1A4",
            "ABC",
            "CUS",
            "]C1",
            "]d2",
            "]E0",
            "https://",
            "1a4.com/",
            "/01/",
            "01",
            "10",
            "17",
            "21",
            "00",
            "310",
            "(01)",
            "(",
            ")",
            "%",
            "%2F",
            "?",
            "&",
            "=",
            "#",
            "<GS>",
            "\u{1d}",
            "|",
            "ANSI ",
            "AAMVA",
            "636000",
            "@",
            "\u{202e}",
            "é",
            "漢",
            "🌿",
            "\0",
            " ",
            "03985152354652",
            "5M41IIT9USEMKBAFU60X",
            "Gk_wMAAAxXAAAAEBAQ",
        ])
        .prop_map(str::to_owned),
        "[0-9A-Z]{0,12}",
        ".{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn readings() -> impl Strategy<Value = (Reading, Settings)> {
    let text = prop_oneof![code_like(), any::<String>()];
    let symbology = prop::sample::select(vec![
        None,
        Some(Symbology::Gs1Code128),
        Some(Symbology::Code128),
        Some(Symbology::UpcE),
        Some(Symbology::Ean8),
        Some(Symbology::Pdf417),
        Some(Symbology::Qr),
    ]);
    let wrapping = (
        prop::option::of(".{0,3}"),
        ".{0,2}",
        ".{0,2}",
        any::<bool>(),
    );
    (text, symbology, wrapping).prop_map(|(text, symbology, (aim, prefix, suffix, is_metrc))| {
        let system = if is_metrc {
            TrackingSystem::Metrc
        } else {
            TrackingSystem::BioTrack
        };
        let retail_id_hosts = vec![suffix.clone()];
        let reading = Reading {
            text,
            symbology,
            aim,
            channel: Channel::Wedge,
        };
        (
            reading,
            Settings {
                system,
                retail_id_hosts,
                prefix,
                suffix,
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_reading_whatever_stops_the_shop((reading, settings) in readings()) {
        let code = parse(&reading, &settings);
        prop_assert_eq!(&code, &parse(&reading, &settings));
        let text = content(&reading, &settings);
        if let Code::Package(tag) = &code {
            prop_assert!(text.to_ascii_uppercase().contains(tag.as_str()));
        }
        let _ = (near_miss(text, TAG), differing_places(text, TAG), Gtin::parse_upc_e(text));
        let _ = (check_digit(text), OwnCode::make(OwnKind::Bag, text));
    }

    #[test]
    fn our_own_codes_come_back_as_they_were_made(kind in own_kinds(), id in "[0-9A-Z]{3,24}") {
        let text = OwnCode::make(kind, &id).unwrap();
        prop_assert_eq!(read(&text.to_lowercase()), Code::Own(OwnCode { kind, id: id.clone() }));
        prop_assert_eq!(read(&text), Code::Own(OwnCode { kind, id }));
    }

    #[test]
    fn no_single_wrong_character_turns_one_of_our_codes_into_another(
        kind in own_kinds(), id in "[0-9A-Z]{3,24}", place in any::<prop::sample::Index>(),
        wrong in any::<char>(), letter in "[0-9A-Z]",
    ) {
        let text = OwnCode::make(kind, &id).unwrap();
        let place = place.index(text.len());
        for wrong in [wrong.to_string(), letter] {
            let damaged = format!("{}{wrong}{}", &text[..place], &text[place + 1..]);
            // A blank or separator at the end is no character of the code: that is one lost.
            let is_lost = place + 1 == text.len() && !unwrapped(&damaged).ends_with(&wrong);
            let is_same = damaged.eq_ignore_ascii_case(&text);
            if !(is_same || is_lost) {
                prop_assert_ne!(read(&damaged).grade(), Grade::Internal, "{}", damaged);
            }
        }
    }

    #[test]
    fn every_unit_link_comes_back_as_it_was_made(
        start in prop::sample::select(vec!["1A4", "ABC"]), rest in "[0-9A-F]{21}",
        index in prop_oneof![any::<u64>(), 0_u64..20_000, Just(u64::MAX)],
    ) {
        let text = format!("{start}{rest}");
        let link = link(&tag(&text), index).unwrap();
        let expected = unit(&text, index, Encoding::Base36, "d.1a4.com");
        prop_assert_eq!(read(&link), expected.clone());
        prop_assert_eq!(read(&link.to_lowercase()), expected);
    }

    #[test]
    fn a_unit_link_that_is_understood_has_no_other_spelling(
        rest in "[0-9A-F]{21}", index in prop_oneof![any::<u64>(), 0_u64..20_000],
        place in any::<prop::sample::Index>(), letter in "[0-9A-Z]", change in 0..3,
    ) {
        let link = link(&tag(&format!("1A4{rest}")), index).unwrap();
        let (host, code) = link.split_at("HTTPS://D.1A4.COM/".len());
        let (before, after) = code.split_at(place.index(code.len()));
        let code = match change {
            0 => format!("{before}{letter}{}", &after[1..]),
            1 => format!("{before}{letter}{after}"),
            _ => format!("{before}{}", &after[1..]),
        };
        if let Code::Unit { tag, index, .. } = read(&format!("{host}{code}")) {
            prop_assert_eq!(super::link(&tag, index), Some(format!("{host}{code}")));
        }
    }

    #[test]
    fn no_single_wrong_digit_turns_a_product_number_into_another(
        body in "[0-9]{11,13}", place in any::<prop::sample::Index>(), digit in "[0-9]",
    ) {
        let text = format!("{body}{}", check_digit(&body).unwrap());
        let place = place.index(text.len());
        if text[place..=place] != digit {
            let damaged = format!("{}{digit}{}", &text[..place], &text[place + 1..]);
            prop_assert_eq!(Gtin::parse(&damaged), None);
        }
    }

    #[test]
    fn slips_are_found_as_a_full_table_finds_them(left in "[01A]{0,7}", right in "[01A]{0,7}") {
        let slips = slips_by_table(left.as_bytes(), right.as_bytes());
        let found = near_miss(&left, &right);
        let expected = (1..=2).contains(&slips).then_some(slips);
        prop_assert_eq!(found.as_ref().map(|miss| miss.slips), expected);
        if let Some(miss) = found {
            let unmarked = |text: &str, marks: &[usize]| -> String {
                let is_kept = |(place, _): &(usize, char)| !marks.contains(place);
                text.chars().enumerate().filter(is_kept).map(|(_, kept)| kept).collect()
            };
            prop_assert_eq!(unmarked(&left, &miss.in_read), unmarked(&right, &miss.in_stocked));
        }
    }
}
