//! `custody store import-products`: what a unit holds, and what limits say of orders then.

use std::process::Output;

use domain::custody::limit;
use domain::limits::Outcome;
use domain::order::Concern;
use domain::stock::{Content, Item};
use serde_json::json;
use sync_server::ingest::Shop;
use sync_server::ingest::stock::item_id;

use crate::command_line::{CREATE, custody, said};
use crate::device::web_order;
use crate::server::{Folder, GUMMIES, JAR, Server, make_shop, order};

const JARS: &str = "Night Ferry 3.5g Jar";

/// A shop that was filled from the state's file and has an order for so many jars.
fn filled(folder: &Folder, jars: u32) {
    said(&custody(folder, &CREATE));
    let mut order = order("A-1", jars);
    order["lines"][0]["product"] = json!(JARS);
    let orders = json!({"orders": [order]}).to_string();
    import(folder, "packages.csv", &packages());
    let file = written(folder, "orders.json", &orders);
    said(&custody(folder, &["order", "import", &file]));
}

fn packages() -> String {
    format!(
        "Tag,Item,Category,Quantity,Unit Of Measure,Packaged Date,Lab Test Status,Location\n\
         1A4FF0300000C57000000901,{JARS},Flower (packaged - each),40,ea,06/09/2026,TestPassed,B-04-2\n"
    )
}

fn written(folder: &Folder, name: &str, text: &str) -> String {
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    file.to_string_lossy().into_owned()
}

fn imported(folder: &Folder, name: &str, text: &str) -> Output {
    let file = written(folder, name, text);
    let kind = format!("import-{}", name.trim_end_matches(".csv"));
    custody(folder, &["store", &kind, &file])
}

fn import(folder: &Folder, name: &str, text: &str) -> String {
    said(&imported(folder, name, text))
}

/// What limits say of the order, and what is said on screens without asking.
fn standing(folder: &Folder) -> (Outcome, Vec<Concern>) {
    let shop = Shop::open(&folder.data()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let read = shop.read(|ledger| {
        let order = &ledger.orders[&web_order("A-1")];
        let day = domain::time::Day::parse("2026-11-24").unwrap();
        let judgement = limit::ordered(ledger, order, day).unwrap();
        (judgement.outcome(), order.concerns.clone())
    });
    let standing = runtime.block_on(read).unwrap();
    shop.close();
    standing
}

fn item(shop: &Shop, name: &str) -> Item {
    let id = item_id(name);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let read = shop.read(move |ledger| ledger.items[&id].clone());
    runtime.block_on(read).unwrap()
}

fn item_of(folder: &Folder, name: &str) -> Item {
    let shop = Shop::open(&folder.data()).unwrap();
    let item = item(&shop, name);
    shop.close();
    item
}

#[test]
fn an_order_nobody_could_judge_is_within_the_limits_once_its_products_figures_are_in() {
    let folder = Folder::new();
    filled(&folder, 8);
    assert_eq!(standing(&folder), (Outcome::Unknown, vec![]));
    let report = import(
        &folder,
        "products.csv",
        &format!("Item,Net Weight\n{JARS},3.5 g\n"),
    );
    assert!(report.contains("1 products: 0 new, 1 changed"), "{report}");
    assert_eq!(standing(&folder), (Outcome::Pass, vec![]));
}

#[test]
fn an_order_that_is_over_is_said_to_be_as_soon_as_the_figures_are_in_and_no_longer_when_they_are_right()
 {
    let folder = Folder::new();
    filled(&folder, 9);
    assert_eq!(standing(&folder), (Outcome::Unknown, vec![]));
    import(
        &folder,
        "products.csv",
        &format!("Item,Net Weight\n{JARS},3.5 g\n"),
    );
    assert_eq!(standing(&folder), (Outcome::Fail, vec![Concern::OverLimit]));
    import(
        &folder,
        "products.csv",
        &format!("Item,Net Weight\n{JARS},3 g\n"),
    );
    assert_eq!(standing(&folder), (Outcome::Pass, vec![]));
}

#[test]
fn what_a_later_file_leaves_out_stays_known() {
    let folder = Folder::new();
    filled(&folder, 1);
    let products = format!(
        "Item,SKU,Brand,GTIN,Net Weight,Concentrate mg\n{JARS},SKU-9,Blue Harbor,9521234543213,3.5 g,\nNew Pod,,,,1 g,\n"
    );
    let report = import(&folder, "products.csv", &products);
    assert!(report.contains("2 products: 1 new, 1 changed"), "{report}");
    let known = item_of(&folder, JARS);
    assert_eq!(known.content.unwrap().net_mg, Some(3_500));
    assert_eq!(known.gtin.unwrap().to_string(), "09521234543213");
    import(&folder, "packages.csv", &packages());
    assert_eq!(item_of(&folder, JARS), known);
    let report = import(&folder, "products.csv", &products);
    assert!(report.contains("0 new, 0 changed, 2 as before"), "{report}");

    import(
        &folder,
        "products.csv",
        &format!("Item,Brand,Concentrate mg\n{JARS},,20\n"),
    );
    let more = item_of(&folder, JARS);
    let content = Content {
        concentrate_mg: Some(20),
        ..known.content.unwrap()
    };
    let expected = Item {
        content: Some(content),
        ..known
    };
    assert_eq!(more, expected);

    // The state's file has the category of a product that came in without.
    assert_eq!(item_of(&folder, "New Pod").category, "");
    let pods = packages()
        .replace(JARS, "new pod")
        .replace("0901,", "0902,");
    import(&folder, "packages.csv", &pods);
    let pod = item_of(&folder, "New Pod");
    assert_eq!(pod.category, "Flower (packaged - each)");
    assert_eq!(pod.content.unwrap().net_mg, Some(1_000));
}

#[test]
fn nothing_of_a_file_is_taken_when_one_row_is_wrong_or_has_the_article_number_of_another_product() {
    let folder = Folder::new();
    make_shop(&folder.data());
    for (row, told) in [
        ("Pod,,1 g,9521234543214", "record 2, line 3, GTIN"),
        ("Pod,SKU-1,1 g,", "record 2, line 3, SKU"),
    ] {
        let text = format!("Item,SKU,Net Weight,GTIN\n{GUMMIES},,2 g,\n{row}\n");
        let refused = imported(&folder, "products.csv", &text);
        assert!(!refused.status.success());
        let report = String::from_utf8(refused.stdout).unwrap();
        assert!(
            report.contains(told) && report.contains("Nothing was taken"),
            "{report}"
        );
        assert_eq!(
            item_of(&folder, GUMMIES).content.unwrap().net_mg,
            Some(3_500)
        );
    }
    let file = folder
        .path()
        .join("products.csv")
        .to_string_lossy()
        .into_owned();
    let words = ["store", "import-products", &file, "--keep-good"];
    let report = said(&custody(&folder, &words));
    assert!(
        report.contains("is that of \u{201c}Copper Kettle"),
        "{report}"
    );
    assert!(report.contains("1 products: 0 new, 1 changed"), "{report}");
    assert_eq!(
        item_of(&folder, GUMMIES).content.unwrap().net_mg,
        Some(2_000)
    );
    assert_eq!(item_of(&folder, JAR).sku.as_deref(), Some("SKU-1"));
}

#[test]
fn a_device_has_the_figures_at_its_next_contact() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = crate::device::Device::enrolled(&server);
    device.pull(&server);
    let file = sync_server::import::products::read(
        format!("Item,Units,GTIN\n{JAR},6,9521234543213\n").as_bytes(),
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let import = server
        .shop
        .import_products("products.csv".to_owned(), file.unwrap().rows, false);
    assert!(runtime.block_on(import).unwrap().is_taken);
    device.pull(&server);
    assert_eq!(device.ledger.items[&item_id(JAR)], item(&server.shop, JAR));
    assert_eq!(
        device.ledger.items[&item_id(JAR)].content.unwrap().units,
        Some(6)
    );
    assert_eq!(
        device.ledger.items[&item_id(JAR)].content.unwrap().net_mg,
        Some(3_500)
    );
    server.stop();
}
