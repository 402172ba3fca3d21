//! Every sample reading is understood as the samples say.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

use domain::code::gtin::Scheme;
use domain::code::own::OwnKind;
use domain::code::retail_id::Encoding;
use domain::code::{
    Channel, Code, Grade, Reading, Reason, Settings, Symbology, TrackingSystem, parse,
};
use serde_json::{Map, Value, json};

const SAMPLES: &str = include_str!("../../tests/fixtures/codes.json");

fn text(sample: &Value, field: &str) -> String {
    sample[field].as_str().unwrap_or_default().to_owned()
}

fn symbology(name: &str) -> Symbology {
    match name {
        "code128" => Symbology::Code128,
        "gs1-128" => Symbology::Gs1Code128,
        "qr" => Symbology::Qr,
        "gs1-qr" => Symbology::Gs1Qr,
        "datamatrix" => Symbology::DataMatrix,
        "gs1-datamatrix" => Symbology::Gs1DataMatrix,
        "upc-a" => Symbology::UpcA,
        "upc-e" => Symbology::UpcE,
        "ean-13" => Symbology::Ean13,
        "ean-8" => Symbology::Ean8,
        "itf-14" => Symbology::Itf,
        "pdf417" => Symbology::Pdf417,
        other => panic!("a symbology no sample had before: {other}"),
    }
}

fn reading(sample: &Value) -> (Reading, Settings) {
    let system = match sample["system"].as_str().unwrap() {
        "metrc" => TrackingSystem::Metrc,
        "biotrack" => TrackingSystem::BioTrack,
        other => panic!("an unknown system: {other}"),
    };
    let channel = match sample["channel"].as_str().unwrap() {
        "wedge" => Channel::Wedge,
        "camera" => Channel::Camera,
        "keypad" => Channel::Keypad,
        other => panic!("an unknown channel: {other}"),
    };
    let settings = Settings {
        prefix: text(sample, "prefix"),
        suffix: text(sample, "suffix"),
        ..Settings::new(system)
    };
    let reading = Reading {
        text: text(sample, "raw"),
        symbology: sample["symbology"].as_str().map(symbology),
        aim: sample["aim"].as_str().map(str::to_owned),
        channel,
    };
    (reading, settings)
}

fn grade(code: &Code) -> &'static str {
    match code.grade() {
        Grade::Unit => "unit",
        Grade::Package => "package",
        Grade::Product => "product",
        Grade::Internal => "internal",
        Grade::None => "none",
    }
}

fn kind(kind: OwnKind) -> &'static str {
    match kind {
        OwnKind::Location => "location",
        OwnKind::Tote => "tote",
        OwnKind::Bag => "bag",
        OwnKind::Ticket => "ticket",
        OwnKind::Label => "label",
        OwnKind::Slot => "slot",
        OwnKind::Badge => "badge",
        OwnKind::Device => "device",
        OwnKind::Command => "command",
    }
}

fn scheme(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Ean8 => "ean-8",
        Scheme::UpcE => "upc-e",
        Scheme::UpcA => "upc-a",
        Scheme::Ean13 => "ean-13",
        Scheme::Gtin14 => "gtin-14",
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Empty => "empty",
        Reason::TooLong => "too_long",
        Reason::Control => "control",
        Reason::Length => "length",
        Reason::NotHex => "not_hex",
        Reason::CheckDigit => "check_digit",
        Reason::Malformed => "malformed",
        Reason::RetailId => "retail_id",
        Reason::Opaque => "opaque",
        Reason::IdCard => "identity",
        Reason::Unknown => "unknown",
    }
}

/// A code in the samples' own words.
fn described(code: &Code, system: TrackingSystem) -> Map<String, Value> {
    let mut words = match code {
        Code::Package(tag) if system == TrackingSystem::BioTrack => json!({"id": tag.as_str()}),
        Code::Package(tag) => json!({"tag": tag.as_str()}),
        Code::TagShaped(_) => json!({}),
        Code::Unit {
            tag,
            index,
            encoding,
            host,
        } => {
            let encoding = match encoding {
                Encoding::Base36 => "base36",
                Encoding::Base64Url => "base64url",
            };
            json!({"tag": tag.as_str(), "index": index, "encoding": encoding, "host": host})
        }
        Code::Product { candidates } => match candidates.as_slice() {
            [(gtin, how)] => json!({
                "gtin14": gtin.to_string(),
                "scheme": scheme(*how),
                "restricted": gtin.is_restricted(),
            }),
            several => {
                let gtins = several.iter().map(|(gtin, _)| gtin.to_string());
                json!({"candidates": gtins.collect::<Vec<_>>()})
            }
        },
        Code::Gs1(gs1) => {
            let pairs = gs1
                .elements
                .iter()
                .map(|element| [&element.ai, &element.value]);
            json!({
                "gtin14": gs1.gtin().map(|gtin| gtin.to_string()),
                "lot": gs1.lot(),
                "serial": gs1.serial(),
                "expiry": gs1.expiry().map(|day| day.to_string()),
                "net_mg": gs1.net_mg(),
                "elements": pairs.collect::<Vec<_>>(),
            })
        }
        Code::Own(own) => json!({"type": kind(own.kind), "id": own.id}),
        Code::Nothing { reason: why } => json!({"reason": reason(*why)}),
    };
    words["grade"] = json!(grade(code));
    words.as_object().unwrap().clone()
}

#[test]
fn every_sample_reading_is_understood_as_the_samples_say() {
    let samples: Value = serde_json::from_str(SAMPLES).unwrap();
    let codes = samples["codes"].as_array().unwrap();
    assert_eq!(codes.len(), 120);
    let mut wrong = Vec::new();
    for sample in codes {
        let (reading, settings) = reading(sample);
        let code = parse(&reading, &settings);
        let found = described(&code, settings.system);
        // `kind` only sorts the samples; `scheme`, `restricted` and `reason` are advice, and taken.
        let expected = sample["expect"].as_object().unwrap().iter();
        for (field, value) in expected.filter(|(field, _)| *field != "kind") {
            if found.get(field) != Some(value) {
                wrong.push(format!("{} {field}: {value} is not {code:?}", sample["id"]));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
