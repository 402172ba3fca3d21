//! Readings, and the small texts inside.
//!
//! In: which symbol, shop and scanner, and a text. Must not: fail, change its mind, or let two schemes claim one text.

use domain::code::gtin::Gtin;
use domain::code::near_miss::{differing_places, look_alikes, near_miss};
use domain::code::own::OwnCode;
use domain::code::retail_id::link;
use domain::code::{
    Channel, Code, Grade, Reading, Settings, Symbology, TEXT_LENGTH_MAX, TrackingSystem, content,
    parse,
};
use domain::id::{DeviceId, PackageTag};
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::time::Day;
use sync_server::import::calendar::{DateForm, iso_day};

const SYMBOLS: [Option<Symbology>; 10] = [
    None,
    Some(Symbology::Code128),
    Some(Symbology::Gs1Code128),
    Some(Symbology::UpcE),
    Some(Symbology::Ean8),
    Some(Symbology::Ean13),
    Some(Symbology::Qr),
    Some(Symbology::Gs1DataMatrix),
    Some(Symbology::Pdf417),
    Some(Symbology::Aztec),
];
/// Stands between what the scanner adds and the reading, and between two readings.
const BETWEEN: char = '\u{1}';

pub(crate) fn run(input: &[u8]) {
    let [symbol, system, bytes @ ..] = input else {
        return;
    };
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split(BETWEEN);
    let text = parts.next().unwrap_or_default();
    let mut more = || parts.next().unwrap_or_default().to_owned();
    let system = match system & 1 {
        0 => TrackingSystem::Metrc,
        _ => TrackingSystem::BioTrack,
    };
    let settings = Settings {
        prefix: more(),
        suffix: more(),
        retail_id_hosts: vec![more()],
        ..Settings::new(system)
    };
    let aim = Some(more()).filter(|aim| !aim.is_empty());
    let reading = Reading {
        text: text.to_owned(),
        symbology: SYMBOLS[usize::from(*symbol) % SYMBOLS.len()],
        aim,
        channel: Channel::Wedge,
    };
    let code = parse(&reading, &settings);
    assert_eq!(code, parse(&reading, &settings));
    let inside = content(&reading, &settings);
    claimed_once(&code, inside);
    small_texts(text);
    small_texts(inside);
    let other = more();
    let _ = (near_miss(inside, &other), differing_places(inside, &other));
}

/// What a code says stands in the text it was read from, and no other scheme reads the same.
fn claimed_once(code: &Code, text: &str) {
    let upper = text.to_ascii_uppercase();
    let as_tag = PackageTag::parse(text).ok();
    match code {
        Code::Own(own) => {
            let made = OwnCode::make(own.kind, &own.id).expect("it was read");
            assert!(upper.contains(&made), "{text:?} is not {made}");
            assert_eq!((as_tag, Gtin::parse(text)), (None, None), "{text:?}");
        }
        Code::Package(tag) | Code::TagShaped(tag) => {
            assert!(upper.contains(tag.as_str()), "{text:?} is not {tag}");
            assert_eq!(Gtin::parse(text), None, "{text:?}");
        }
        Code::Unit { tag, index, .. } => {
            assert_eq!(code.grade(), Grade::Unit);
            if let Some(link) = link(tag, *index) {
                let plain = Reading {
                    text: link,
                    symbology: None,
                    aim: None,
                    channel: Channel::Camera,
                };
                let again = parse(&plain, &Settings::new(TrackingSystem::Metrc));
                let Code::Unit { tag: same, .. } = again else {
                    panic!("{text:?}: its link reads as {again:?}");
                };
                assert_eq!(same, *tag);
            }
        }
        Code::Product { candidates } => {
            assert!(!candidates.is_empty(), "{text:?}");
            assert_eq!(as_tag, None, "{text:?}");
        }
        Code::Gs1(gs1) => {
            let _ = (
                gs1.gtin(),
                gs1.lot(),
                gs1.serial(),
                gs1.expiry(),
                gs1.net_mg(),
            );
        }
        Code::Nothing { .. } => {}
    }
    if text.len() > TEXT_LENGTH_MAX {
        assert_eq!(code.grade(), Grade::None);
    }
}

fn small_texts(text: &str) {
    if let Ok(tag) = PackageTag::parse(text) {
        assert_eq!(PackageTag::parse(tag.as_str()).as_ref(), Ok(&tag));
        let _ = look_alikes(text, [&tag]);
    }
    if let Ok(id) = DeviceId::parse(text) {
        assert_eq!(DeviceId::parse(&id.to_string()), Ok(id));
    }
    if let Some(quantity) = Quantity::parse(text) {
        assert_eq!(Quantity::parse(&quantity.to_string()), Some(quantity));
    }
    let _ = (UnitOfMeasure::parse(text), Gtin::parse_upc_e(text));
    for day in [Day::parse(text), iso_day(text)].into_iter().flatten() {
        assert_eq!(Day::parse(&day.to_string()), Some(day));
    }
    for form in [DateForm::MonthFirst, DateForm::Iso, DateForm::Serial] {
        if let Some(time) = form.time(text) {
            assert!(time.second < 86_400, "{text:?} is {time}");
            assert_eq!(
                DateForm::Iso.time(&time.to_string()),
                Some(time),
                "{text:?}"
            );
        }
    }
}
