//! What a unit of each product holds, in Custody's own CSV and METRC's list of items.

use domain::code::gtin::Gtin;
use domain::stock::Content;
use sync_server::import::products::{ProductFile, read};

const HEADINGS: &str =
    "Item,SKU,Brand,Category,GTIN,Net Weight,Volume,THC mg,Concentrate mg,Units,Serving THC mg\n";

fn import(lines: &str) -> ProductFile {
    read(format!("{HEADINGS}{lines}").as_bytes()).unwrap()
}

fn codes(file: &ProductFile) -> Vec<(u32, u64, Option<&str>, &'static str)> {
    let findings = file.findings.iter();
    findings
        .map(|one| {
            assert!(one.reason.ends_with('.'), "no sentence: {}", one.reason);
            (one.record, one.line, one.field.as_deref(), one.kind.code())
        })
        .collect()
}

fn code_of(bytes: &[u8]) -> &'static str {
    read(bytes).unwrap_err().code()
}

#[test]
fn every_figure_arrives_as_the_whole_number_that_limits_count() {
    let file = import(
        "Static Melon 3.5g Jar,SKU-1,Blue Harbor,Flower (packaged - each),,3.5 g,,,,,\n\
         Salted Plum Gummies,SKU-2,,,09521234543213,,,100 mg,150,,10\n\
         Tide Soda,,,,,,12 fl oz,2.5,,,2.5\n\
         Clones,,,,,,,,,6 ea,\n\
         Known by name,,,,,,,,,,\n",
    );
    assert_eq!(codes(&file), []);
    let content: Vec<_> = file.rows.iter().map(|row| row.product.content).collect();
    let nothing = Content::default();
    let expected = [
        Content {
            net_mg: Some(3_500),
            ..nothing
        },
        Content {
            thc_mg: Some(100),
            concentrate_mg: Some(150),
            serving_thc_mg: Some(10),
            ..nothing
        },
        Content {
            volume_ul: Some(354_882),
            thc_mg: Some(3),
            serving_thc_mg: Some(3),
            ..nothing
        },
        Content {
            units: Some(6),
            ..nothing
        },
        nothing,
    ];
    assert_eq!(content, expected);
    let [jar, gummies, ..] = &file.rows[..] else {
        panic!("five rows")
    };
    assert_eq!(jar.product.brand.as_deref(), Some("Blue Harbor"));
    let category = jar.product.category.as_deref();
    assert_eq!(category, Some("Flower (packaged - each)"));
    assert_eq!(gummies.product.sku.as_deref(), Some("SKU-2"));
    assert_eq!(gummies.product.gtin, Gtin::parse("9521234543213"));
}

#[test]
fn metrcs_own_headings_mean_the_same_and_a_number_of_doses_is_no_number_of_units() {
    let text = "\u{feff}Number of Doses;Unit Weight Unit of Measure;unit weight;ITEM;Unit Volume;\
                Unit Volume Unit of Measure;Unit THC Content;Unit THC Content Unit of Measure;UPC\n\
                10;Grams;\"3.5\";\"Jar; large\";355;Milliliters;100;Milligrams;952123454321\n";
    let file = read(text.as_bytes()).unwrap();
    assert_eq!(codes(&file), [(1, 2, Some("UPC"), "gtin_invalid")]);
    let file = read(text.replace("952123454321", "").as_bytes()).unwrap();
    assert_eq!(codes(&file), []);
    let product = &file.rows[0].product;
    assert_eq!(product.item, "Jar; large");
    let expected = Content {
        net_mg: Some(3_500),
        thc_mg: Some(100),
        volume_ul: Some(355_000),
        ..Content::default()
    };
    assert_eq!(product.content, expected);
    let tabs = read(b"Item\tNet Weight\tNet Weight Unit\nJar\t0.125\toz\n").unwrap();
    assert_eq!(tabs.rows[0].product.content.net_mg, Some(3_543));
}

#[test]
fn a_file_that_is_something_else_is_refused_as_a_whole() {
    for (text, code) in [
        ("", "file_empty"),
        ("SKU,Net Weight\nx,1 g\n", "headings_missing"),
        ("Tag,Item,Category,Quantity\n", "headings_missing"),
        ("Item,Net Weight,Unit Weight\n", "heading_twice"),
        ("PK\u{3}\u{4}Item,SKU\n", "workbook_damaged"),
    ] {
        assert_eq!(code_of(text.as_bytes()), code, "{text}");
    }
}

#[test]
fn every_wrong_cell_refuses_its_row_under_its_heading() {
    for (heading, cell, code) in [
        ("Item", "---", "item_missing"),
        ("Item", "Jar\u{7}", "text_control_character"),
        ("Brand", "a\u{1b}[2J", "text_control_character"),
        ("GTIN", "9521234543214", "gtin_invalid"),
        ("GTIN", "9.52123E+12", "gtin_invalid"),
        (
            "GTIN",
            "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}\u{668}",
            "gtin_invalid",
        ),
        ("GTIN", "0000000000000", "gtin_invalid"),
        ("Net Weight", "3.5", "unit_missing"),
        ("Net Weight", "3.5 ml", "unit_unknown"),
        ("Net Weight", "3.5 stone", "unit_unknown"),
        ("Net Weight", "0 g", "quantity_zero"),
        ("Net Weight", "-3.5 g", "quantity_negative"),
        ("Net Weight", "=3.5+1 g", "quantity_not_number"),
        ("Net Weight", "\u{663}.\u{665} g", "quantity_not_number"),
        ("Net Weight", "3.5 \u{433}", "quantity_not_number"),
        ("Net Weight", "\"3,5 g\"", "quantity_decimal_comma"),
        ("Net Weight", "1e3 g", "quantity_not_number"),
        ("Net Weight", "0.00001 g", "quantity_not_number"),
        ("Net Weight", "10.0001 kg", "quantity_too_large"),
        (
            "Net Weight",
            "99999999999999999999999999 g",
            "quantity_too_large",
        ),
        ("Volume", "12 oz", "unit_unknown"),
        ("Volume", "12", "unit_missing"),
        ("Volume", "0 ml", "quantity_zero"),
        ("Volume", "11 l", "quantity_too_large"),
        ("THC mg", "0.1 g", "unit_unknown"),
        ("THC mg", "22.4%", "quantity_not_number"),
        ("THC mg", "1000001", "quantity_too_large"),
        ("Concentrate mg", "NaN", "quantity_not_number"),
        ("Units", "6.5", "quantity_fraction_of_each"),
        ("Units", "0", "quantity_zero"),
        ("Units", "10001", "quantity_too_large"),
        ("Serving THC mg", "ten", "quantity_not_number"),
    ] {
        let name = if heading == "Item" { "" } else { "Jar" };
        let cells = HEADINGS.trim_end().split(',').map(|known| match known {
            known if known == heading => cell,
            "Item" => name,
            _ => "",
        });
        let line: Vec<_> = cells.collect();
        let file = import(&format!("{}\nGood,,,,,1 g,,,,,\n", line.join(",")));
        let expected = (1, 2, Some(heading), code);
        assert_eq!(codes(&file), [expected], "{heading}: {cell}");
        assert_eq!(file.rows.len(), 1, "{heading}: {cell}");
    }
    let nameless = import(",SKU-1,,,,,,,,,\n");
    assert_eq!(codes(&nameless), [(1, 2, Some("Item"), "item_missing")]);
}

#[test]
fn figures_that_cannot_both_be_true_are_refused() {
    for (cells, heading) in [
        ("1 g,,1001,,,", "THC mg"),
        ("1 g,,,1001,,", "Concentrate mg"),
        (",,100,,,101", "Serving THC mg"),
    ] {
        let file = import(&format!("Jar,,,,,{cells}\n"));
        let expected = [(1, 2, Some(heading), "figures_contradict")];
        assert_eq!(codes(&file), expected, "{cells}");
        assert!(file.rows.is_empty(), "{cells}");
    }
    assert_eq!(codes(&import("Jar,,,,,1 g,,1000,1000,,1000\n")), []);
    let twice = read(b"Item,Net Weight,Net Weight Unit\nJar,3.5 g,oz\nPod,1 g,Grams\n").unwrap();
    assert_eq!(codes(&twice), [(1, 2, Some("Net Weight"), "unit_unknown")]);
    let unit = read(b"Item,Net Weight,Net Weight Unit\nJar,3.5,ml\n").unwrap();
    assert_eq!(
        codes(&unit),
        [(1, 2, Some("Net Weight Unit"), "unit_unknown")]
    );
}

#[test]
fn a_product_that_is_named_twice_has_to_be_the_same_and_an_article_number_is_of_one() {
    let file = import(
        "Night Ferry 1g,SKU-1,,,,1 g,,,,,\n\
         night-ferry 1G,SKU-1,,,,2 g,,,,,\n\
         Night Ferry 1g,SKU-1,,,,1 g,,,,,\n\
         Night Ferry 2g,SKU-1,,,,2 g,,,,,\n\
         Night Ferry 3g,SKU-3,,,,3 g,,,,,\n",
    );
    let expected = [
        (2, 3, Some("Item"), "product_duplicate_conflict"),
        (3, 4, Some("Item"), "product_duplicate_same"),
        (4, 5, Some("SKU"), "sku_of_another"),
    ];
    assert_eq!(codes(&file), expected);
    assert_eq!((file.rows.len(), file.records), (2, 5));
}

#[test]
fn a_broken_record_costs_nothing_else_and_a_formula_in_a_name_is_only_a_name() {
    let good = "=HYPERLINK(A1),,,,,1 g,,,,,\n";
    let file = import(&format!("{HEADINGS}{good}Jar,1\n\"Pod,,,,"));
    let expected = [
        (1, 2, None, "not_a_record"),
        (3, 4, None, "field_count"),
        (4, 5, None, "quote_unterminated"),
    ];
    assert_eq!(codes(&file), expected);
    assert_eq!(file.rows[0].product.item, "=HYPERLINK(A1)");
    let mut bytes = format!("{HEADINGS}Jar,,,,,1 g,,,,,\n").into_bytes();
    bytes.extend_from_slice(b"\xff,,,,,1 g,,,,,\n");
    let file = read(&bytes).unwrap();
    assert_eq!(codes(&file), [(2, 3, None, "encoding_invalid")]);
    assert_eq!(file.rows.len(), 1);
}

#[test]
fn where_a_comma_may_be_a_point_no_thousands_are_read() {
    let file = read(b"Item;Net Weight\nJar;1,250 g\nPod;1250 mg\n").unwrap();
    let expected = [(1, 2, Some("Net Weight"), "quantity_decimal_comma")];
    assert_eq!(codes(&file), expected);
    assert_eq!(file.rows[0].product.content.net_mg, Some(1_250));
}
