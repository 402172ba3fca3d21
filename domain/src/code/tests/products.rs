//! Product numbers and GS1 strings.

use super::*;

#[test]
fn a_gs1_string_of_24_digits_is_not_a_tag() {
    assert_eq!(
        gs1("011728820011792017290915"),
        "01=17288200117920,17=290915"
    );
    assert_eq!(read("011728820011792117290915").grade(), Grade::None);
    assert_eq!(read("011728820011792017291315").grade(), Grade::None);
    let declared = read("]C1011728820011792017291315");
    assert_eq!(declared.settled(|_| true).grade(), Grade::None);
}

#[test]
fn every_spelling_of_the_separator_is_understood() {
    for separator in ["\u{1d}", "<GS>", "{GS}", "^]", "|", "]"] {
        let text = format!("]d20103985152354652{separator}10H2MJC{separator}21Q6DE{separator}");
        assert_eq!(
            gs1(&text),
            "01=03985152354652,10=H2MJC,21=Q6DE",
            "{separator}"
        );
    }
    assert_eq!(
        gs1("\u{1d}010398515235465210H2MJC"),
        "01=03985152354652,10=H2MJC"
    );
    assert_eq!(
        gs1("(01) 03985152354652 (10) H2(MJ)C"),
        "01=03985152354652,10=H2(MJ)C"
    );
}

#[test]
fn where_a_separator_was_lost_only_the_product_is_trusted() {
    for text in [
        "]d2010398515235465210H2MJC21Q6DE1B5RHC62N",
        "]d2010398515235465221Q6DE10H2MJC",
        "]d2010398515235465210H2MJC17261231",
        "]d2010398515235465210ABCDEFGHJKLMNPQRSTUVWXYZ",
        "]d201039851523546528005000123",
    ] {
        assert_eq!(gs1(text), "01=03985152354652,partial");
        assert_eq!(read(text).grade(), Grade::Product);
    }
}

#[test]
fn a_gs1_string_that_breaks_gs1s_rules_is_refused() {
    for (text, reason) in [
        ("]C10103985152354653", Reason::CheckDigit),
        ("]C1010398515235465210A\u{1d}10B", Reason::Malformed),
        ("]C121Q6DE", Reason::Malformed),
        ("]C13712", Reason::Malformed),
        ("]C1010398515235465217261301", Reason::Malformed),
        ("]C1010398515235465217260230", Reason::Malformed),
        ("]C10103985152354652172602", Reason::Malformed),
        ("]C1010398515235465210A B", Reason::Malformed),
        ("]C1010398515235465210\u{e9}", Reason::Malformed),
        ("]C10100000000000000", Reason::Malformed),
        ("]C1XYZ", Reason::Malformed),
        ("(01)0398515235465", Reason::Malformed),
        ("(01", Reason::Malformed),
    ] {
        assert_eq!(read(text), nothing(reason), "{text:?}");
    }
    assert_eq!(
        gs1("]C10103985152354652\u{1d}0103985152354652"),
        "01=03985152354652"
    );
}

#[test]
fn dates_and_weights_are_exact() {
    for (digits, day) in [
        ("260200", "2026-02-28"),
        ("280200", "2028-02-29"),
        ("990430", "1999-04-30"),
    ] {
        let Code::Gs1(found) = read(&format!("]C1010398515235465217{digits}")) else {
            panic!()
        };
        assert_eq!(found.expiry().unwrap().to_string(), day);
    }
    for (element, milligrams) in [
        ("3103003500", Some(3_500_000)),
        ("3100999999", Some(999_999_000_000)),
        ("3105000001", Some(10)),
        ("3203003500", None),
    ] {
        let Code::Gs1(found) = read(&format!("]C10103985152354652{element}")) else {
            panic!()
        };
        assert_eq!(found.net_mg(), milligrams, "{element}");
    }
}

#[test]
fn a_pallets_number_proves_nothing_about_goods() {
    let body = "00612345678901234";
    let pallet = format!("]C100{body}{}", check_digit(body).unwrap());
    assert_eq!(gs1(&pallet), format!("00={}", &pallet[5..]));
    assert_eq!(read(&pallet).grade(), Grade::None);
    let content = format!("{pallet}020398515235465237{}", "12");
    assert_eq!(read(&content).grade(), Grade::None);
}

#[test]
fn eight_digits_are_ean_8_or_upc_e_or_both() {
    let found = |text: &str, symbology| {
        let reading = Reading {
            symbology,
            ..reading(text)
        };
        let code = parse(&reading, &metrc());
        let Code::Product { candidates } = code else {
            return vec![format!("{code:?}")];
        };
        candidates
            .iter()
            .map(|(gtin, how)| format!("{how:?} {gtin}"))
            .collect()
    };
    assert_eq!(
        found("04252614", Some(Symbology::UpcE)),
        ["UpcE 00042100005264"]
    );
    let both = (0..2_000_000)
        .map(|number| format!("{number:07}"))
        .find_map(|body| {
            let text = format!("{body}{}", check_digit(&body)?);
            Gtin::parse_upc_e(&text).is_some().then_some(text)
        });
    let both = both.unwrap();
    assert_eq!(found(&both, None).len(), 2);
    assert_eq!(found(&both, Some(Symbology::Ean8)).len(), 1);
    assert_eq!(
        found(&format!("]E4{both}"), None),
        [format!("Ean8 000000{both}")]
    );
    assert_eq!(
        found(&both, Some(Symbology::Code128)),
        ["Nothing { reason: CheckDigit }"]
    );
    for (short, long) in [
        ("0123450", "01200000345"),
        ("0123451", "01210000345"),
        ("0123453", "01230000045"),
        ("0123454", "01234000005"),
        ("0123459", "01234500009"),
    ] {
        let check = check_digit(long).unwrap();
        assert_eq!(
            Gtin::parse_upc_e(&format!("{short}{check}")),
            Gtin::parse(&format!("{long}{check}"))
        );
    }
}

#[test]
fn a_product_number_is_the_same_in_every_length() {
    let upc = Gtin::parse("649553371559").unwrap();
    assert_eq!(Gtin::parse("0649553371559"), Some(upc));
    assert_eq!(Gtin::parse("00649553371559"), Some(upc));
    assert!(!upc.is_restricted());
    for inside in [
        "2006325633747",
        "2990123456786",
        "400000000015",
        "200000000011",
        "01234565",
        "21234569",
    ] {
        assert!(Gtin::parse(inside).unwrap().is_restricted(), "{inside}");
    }
    for outside in ["1990123456787", "3000123456781", "31234566"] {
        assert!(!Gtin::parse(outside).unwrap().is_restricted(), "{outside}");
    }
    for wrong in [
        "",
        "0",
        "649553371558",
        "00000000",
        "+4955337155",
        "64955337155９",
        "6495533715590",
    ] {
        assert_eq!(Gtin::parse(wrong), None, "{wrong}");
        assert_eq!(Gtin::parse_upc_e(wrong), None, "{wrong}");
    }
    let Code::Product { candidates } = read("649553371559") else {
        panic!()
    };
    assert_eq!(candidates, [(upc, Scheme::UpcA)]);
}
