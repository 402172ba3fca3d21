//! Labels to look at.

use domain::code::own::{OwnCode, OwnKind};
use domain::label::rules::{Sentence, Shape, Symbol};
use domain::label::{Face, Facts, LabelRules, Language, Place, Row, Template};

/// The typeface as shops have it.
pub(crate) fn face() -> Face<'static> {
    let text = include_bytes!("../../../public/fonts/label-text.ttf");
    let strong = include_bytes!("../../../public/fonts/label-strong.ttf");
    Face::parse(text, strong).unwrap()
}

/// A label of an order of these products.
pub(crate) fn facts(products: &[&str], customer: &str) -> Facts {
    let row = |product: &&str| Row {
        product: (*product).to_owned(),
        category: "Flower (packaged - each)".into(),
        class: Some("flower".into()),
        tag: "1A4FF0300000C57000000101".into(),
        thc: Some("24.1 %".into()),
        cbd: Some("0.1 %".into()),
        net: Some("3.5 g".into()),
        batch: Some("TW-0419".into()),
        units: 2,
        ..Row::default()
    };
    Facts {
        seller: "Harborlight · Harbor Street".into(),
        license: "C10-0000000-LIC".into(),
        customer: Some(customer.into()),
        sold: "11/24/2026 2:12 pm".into(),
        order: "K7-482".into(),
        code: OwnCode::make(OwnKind::Label, "K7482AB12CD").unwrap(),
        copy: 1,
        rules: "us-ca 2026.11.0".into(),
        language: Language::English,
        sentences: vec!["Keep in this bag until you are home.".into()],
        rows: products.iter().map(row).collect(),
    }
}

/// Rules of a state that wants a label on each unit, with a sentence and a symbol.
pub(crate) fn strict() -> LabelRules {
    let tokens = [
        "store.name",
        "patient.name",
        "physician.name",
        "sale.date",
        "item.name",
        "item.class",
        "item.batch",
        "item.harvest",
        "item.uid",
        "item.thc_mg",
        "item.cbd_mg",
        "warning.care",
        "symbol.thc",
        "something.new",
    ];
    LabelRules {
        templates: vec![Template {
            id: "us-xx.item".into(),
            place: Place::Item,
            tokens: tokens.map(str::to_owned).to_vec(),
            height_um_min: 1_588,
            languages: vec![Language::Spanish],
            classes: Vec::new(),
        }],
        sentences: vec![Sentence {
            id: "care".into(),
            english: "Keep out of reach of children.".into(),
            spanish: Some("Mantenga fuera del alcance de los niños.".into()),
            classes: Vec::new(),
            unsure: None,
        }],
        symbols: vec![Symbol {
            id: "thc".into(),
            shape: Shape::Diamond,
            letters: vec!["!".into(), "THC".into()],
            classes: vec!["flower".into()],
            unsure: None,
        }],
        never_on: Vec::new(),
    }
}

/// Names that try to be something else.
pub(crate) const HOSTILE: [&str; 8] = [
    "^XZ~JR^XA^FDstolen^FS",
    "~HS~JA^CC!^CT!",
    "_5EXZ_7EJR",
    "مريم النجار الدمشقية",
    "Dvořák Ñandú Șerban Žižka",
    "李明 王芳 🌿",
    "\u{202e}gnp.exe Jordan\u{202c}",
    "WolfeschlegelsteinhausenWolfeschlegelsteinhausenWolfeschlegelsteinhausenWolfeschlegelsteinhausen",
];
