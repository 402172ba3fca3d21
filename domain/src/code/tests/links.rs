//! Links that name units and products.

use super::*;

#[test]
fn a_unit_code_names_the_same_unit_in_both_spellings() {
    let vectors = [
        (TAG, 0, "5M41IIT9USEMKBAFU60W", "Gk_wMAAAxXAAAAEBAA"),
        (TAG, 1, "5M41IIT9USEMKBAFU60X", "Gk_wMAAAxXAAAAEBAQ"),
        (TAG, 127, "5M41IIT9USEMKBAFU64F", "Gk_wMAAAxXAAAAEBfw"),
        (TAG, 128, "13X8QRPS62Y00GGA8MJJLT", "Gk_wMAAAxXAAAAEBgAE"),
        (TAG, 16_383, "13X8QRPS62Y00GGA8MK8SF", "Gk_wMAAAxXAAAAEB_38"),
        (
            TAG,
            16_384,
            "7VWE6D3CB8XS38ZSTCB045D",
            "Gk_wMAAAxXAAAAEBgIAB",
        ),
        (
            TAG,
            2_097_151,
            "7VWE6D3CB8XS38ZSTCFZ7GF",
            "Gk_wMAAAxXAAAAEB__9_",
        ),
        (
            TAG,
            268_435_455,
            "1K2UCT93RJZK7R3YKWOHMDQ4F",
            "Gk_wMAAAxXAAAAEB____fw",
        ),
        (
            TAG,
            268_435_456,
            "B2S7V40QRY4VR4S5WO75QURZ0H",
            "Gk_wMAAAxXAAAAEBgICAgAE",
        ),
        (
            "ABCDEF012345670000010041",
            8,
            "10NOIEYKAJDG6CF00IPE0",
            "q83vASNFZwAAAQBBCA",
        ),
        (
            "ABCDEF012345670000010041",
            128,
            "78OEAYDSAXRN14AO3P179D",
            "q83vASNFZwAAAQBBgAE",
        ),
        (
            "1A4FF0100000022000000123",
            300,
            "13X8QMUSJJF9QQM5DITSLE",
            "Gk_wEAAAAiAAAAEjrAI",
        ),
    ];
    for (text, index, base36, base64) in vectors {
        assert_eq!(
            link(&tag(text), index),
            Some(format!("HTTPS://D.1A4.COM/{base36}"))
        );
        let expected = unit(text, index, Encoding::Base36, "1a4.com");
        assert_eq!(read(&format!("HTTPS://1A4.COM/{base36}")), expected);
        assert_eq!(
            read(&format!("https://1a4.com/{}", base36.to_lowercase())),
            expected
        );
        let older = read(&format!("https://1a4.com/{base64}"));
        assert_eq!(older, unit(text, index, Encoding::Base64Url, "1a4.com"));
    }
}

#[test]
fn the_same_unit_cannot_be_written_in_a_second_way() {
    for (code, why) in [
        ("Gk_wMAAAxXAAAAEBgQA", "a padded index"),
        ("Gk_wMAAAxXAAAAEBgA", "an unfinished index"),
        ("Gk_wMAAAxXAAAAEBAQA", "a byte behind the index"),
        ("Gk_wMAAAxXAAAAEBAR", "bits behind the last byte"),
        ("Gk_wMAAAxXAAAAEBAQ==", "padding"),
        ("Gk_wMAAAxXAAAAEBgIABA", "a character too many"),
        ("05M41IIT9USEMKBAFU60X", "a zero in front"),
        ("5M41IIT9USEMkbafu60x", "mixed case"),
        ("5M41IIT9 USEMKBAFU60X", "a blank inside"),
        (
            "Gk_wMAAAxXAAAAEB____________Ag",
            "an index of more than 64 bits",
        ),
        (
            "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "a number without end",
        ),
        ("AAAAAAAAAAAAAAAAAA", "no tag's beginning"),
    ] {
        assert_eq!(
            read(&format!("HTTPS://1A4.COM/{code}")),
            nothing(Reason::RetailId),
            "{why}"
        );
    }
    assert_eq!(link(&tag("1234567890123456"), 1), None);
    assert_eq!(link(&tag("FF4FF0300000C57000000101"), 1), None);
}

#[test]
fn only_the_states_own_hosts_name_units() {
    let code = "5M41IIT9USEMKBAFU60X";
    for host in ["1a4.com", "d.1a4.com", "id.1a4.com"] {
        assert_eq!(
            read(&format!("http://{host}/{code}/?a=b#c")).grade(),
            Grade::Unit,
            "{host}"
        );
    }
    for host in [
        "1a4.com.example.net",
        "not1a4.com",
        "user@1a4.com",
        "1a4.com:444",
        "1a4.com.",
        ".1a4.com",
        "a..1a4.com",
        "1a4.com\\",
        "example.com",
        "",
    ] {
        assert_eq!(
            read(&format!("https://{host}/{code}")).grade(),
            Grade::None,
            "{host}"
        );
    }
    assert_eq!(read(&format!("1a4.com/{code}")).grade(), Grade::None);
    assert_eq!(read(&format!("ftp://1a4.com/{code}")).grade(), Grade::None);
    let brand = Settings {
        retail_id_hosts: vec!["QR.Brand.example".to_owned()],
        ..metrc()
    };
    let link = reading(&format!("https://qr.brand.example/{code}"));
    assert_eq!(
        parse(&link, &brand),
        unit(TAG, 1, Encoding::Base36, "qr.brand.example")
    );
    assert_eq!(parse(&link, &metrc()).grade(), Grade::None);
    let unset = Settings {
        retail_id_hosts: vec![String::new()],
        ..metrc()
    };
    assert_eq!(parse(&link, &unset).grade(), Grade::None);
}

#[test]
fn a_short_link_waits_for_the_states_service() {
    for link in [
        "https://id.14a.com/HEVAW333PXR1I",
        "https://id.1a4.com/HEVAW333PXR1I",
    ] {
        assert_eq!(read(link), nothing(Reason::Opaque));
    }
}

#[test]
fn a_product_link_may_stand_on_any_host() {
    let gtin = "05008965726374";
    for (link, elements) in [
        (
            format!("https://a.example/x/01/{gtin}/22/2A/10/L%2f1/21/S?17=271130&utm=1#x"),
            format!("01={gtin},22=2A,10=L/1,21=S,17=271130"),
        ),
        (
            format!("http://a.example/01/{gtin}?3103=003500&99=z&linkType=all"),
            format!("01={gtin},3103=003500,99=z"),
        ),
        (
            "https://1a4.com/01/649553371559/".to_owned(),
            "01=00649553371559".to_owned(),
        ),
    ] {
        assert_eq!(gs1(&link), elements);
    }
    for path in [
        format!("01/{gtin}/x"),
        format!("01/{gtin}/10"),
        format!("01/{gtin}/10/%"),
        format!("01/{gtin}/10/%+1"),
        format!("01/{gtin}/10/%FF"),
        format!("01/{gtin}/10/a%20b"),
        format!("01/{gtin}?17=271301"),
        format!("01/{gtin}/01/{}", "00649553371559"),
        "01/05008965726375".to_owned(),
        "2024/01/page".to_owned(),
    ] {
        assert_eq!(
            read(&format!("https://a.example/{path}")).grade(),
            Grade::None,
            "{path}"
        );
    }
}
