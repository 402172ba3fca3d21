//! The words of rule packs.
//!
//! In: words. Out: what they stand for. Must not: know a state.

use domain::limits::{Authority, Combine, Figure, Offline, Window};

/// Where label text may stand.
pub(super) const PLACES: [&str; 4] = ["item", "bag", "receipt", "insert"];
/// Languages that captions of labels may be in.
pub(super) const LANGUAGES: [&str; 2] = ["en", "es"];
/// Frames of symbols.
pub(super) const SHAPES: [&str; 3] = ["diamond", "triangle", "square"];
/// When an identity card is looked at.
pub(super) const CHECKS: [&str; 3] = ["entry", "sale", "handoff"];
/// What is kept of an identity card.
pub(super) const RETAINED: [&str; 3] = ["none", "log_only", "fields"];
/// The systems that states follow goods with.
pub(super) const SYSTEMS: [&str; 4] = ["metrc", "biotrack", "ccrs", "none"];
/// How packages are marked.
pub(super) const MARKS: [&str; 4] = ["metrc_tag", "metrc_retailid", "biotrack16", "opaque"];
/// What a discrepancy is measured against.
pub(super) const BASES: [&str; 2] = ["avg_monthly_sales_value", "any"];
/// The days of a week.
const DAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// What labels, receipts and bags can be filled in with.
const TOKENS: [&str; 39] = [
    "store.name",
    "store.license",
    "store.address",
    "store.phone",
    "sale.date",
    "sale.time",
    "order.no",
    "bag.n_of_m",
    "customer.name",
    "customer.first_name",
    "customer.no",
    "patient.name",
    "patient.id",
    "physician.name",
    "item.name",
    "item.class",
    "item.net",
    "item.thc_mg",
    "item.cbd_mg",
    "item.thc_pct",
    "item.uid",
    "item.unit_id",
    "item.batch",
    "item.harvest",
    "item.pack_date",
    "item.expiry",
    "item.dose",
    "employee.picker",
    "employee.packer",
    "employee.driver",
    "seal.no",
    "qr.unit",
    "qr.order",
    // Those of a delivery's receipt.
    "requested_at",
    "address",
    "items",
    "total",
    "delivered_at",
    "signature",
];

/// Whether a word is something that can be filled in. Sentences and symbols are named by the pack itself.
pub(super) fn is_token(word: &str) -> bool {
    let own = word.strip_prefix("warning.");
    let own = own.or_else(|| word.strip_prefix("symbol."));
    let is_name = |name: &str| {
        let mut letters = name.bytes();
        !name.is_empty()
            && letters
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    TOKENS.contains(&word) || own.is_some_and(is_name)
}

/// Whether this is when something is due.
pub(super) fn is_due(word: &str) -> bool {
    let (kind, rest) = word.split_once(':').unwrap_or((word, ""));
    match kind {
        "immediate" | "before_departure" | "end_of_day" => rest.is_empty() && !word.contains(':'),
        "hours" | "days" | "business_days" => {
            (1..=5).contains(&rest.len())
                && rest.bytes().all(|byte| byte.is_ascii_digit())
                && !rest.starts_with('0')
        }
        "next_day" => is_clock(rest) && rest != "24:00",
        "weekly" => DAYS.contains(&rest),
        _ => false,
    }
}

/// Whether this is a time of day, `00:00` to `24:00`.
pub(super) fn is_clock(word: &str) -> bool {
    let Some((hour, minute)) = word.split_once(':') else {
        return false;
    };
    let two = |part: &str| {
        let is_number = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok())?
    };
    match (two(hour), two(minute)) {
        (Some(hour), Some(minute)) => minute < 60 && (hour < 24 || (hour, minute) == (24, 0)),
        _ => false,
    }
}

/// A total is caps by themselves, some of them inside another.
pub(super) fn combine(word: &str) -> Option<Combine> {
    match word {
        "independent" | "total" => Some(Combine::Independent),
        "fraction_sum" => Some(Combine::FractionSum),
        _ => None,
    }
}

/// A window in one word, as compact packs have it.
pub(super) fn window(word: &str) -> Option<Window> {
    match word.split_once(':') {
        None => match word {
            "transaction" => Some(Window::Transaction),
            "calendar_day" => Some(Window::CalendarDay),
            "calendar_month" => Some(Window::CalendarMonth),
            _ => None,
        },
        Some(("rolling", days)) => rolling(days.parse().ok()?),
        Some(_) => None,
    }
}

/// So many days, this one included.
pub(super) fn rolling(days: u64) -> Option<Window> {
    let days = u16::try_from(days)
        .ok()
        .filter(|days| (1..=366).contains(days));
    days.map(Window::RollingDays)
}

pub(super) fn authority(word: &str) -> Option<Authority> {
    match word {
        "local" => Some(Authority::Local),
        "registry" => Some(Authority::Registry),
        _ => None,
    }
}

pub(super) fn offline(word: &str) -> Option<Offline> {
    match word {
        "allow" => Some(Offline::Allow),
        "block" => Some(Offline::Block),
        "allow_with_certificate" => Some(Offline::AllowWithCertificate),
        _ => {
            let minutes = word.strip_prefix("cached:")?.parse().ok();
            minutes
                .filter(|minutes| *minutes <= 100_000)
                .map(Offline::Cached)
        }
    }
}

/// A figure of one unit, by the field of a basket.
pub(super) fn figure(word: &str) -> Option<Figure> {
    let figures = [
        Figure::NetMg,
        Figure::ThcMg,
        Figure::ConcentrateMg,
        Figure::VolumeUl,
        Figure::Units,
        Figure::ServingThcMg,
    ];
    figures.into_iter().find(|figure| figure.field() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_one_of_seven_kinds() {
        for due in [
            "immediate",
            "before_departure",
            "end_of_day",
            "hours:24",
            "next_day:08:00",
            "weekly:SUN",
            "days:30",
            "business_days:5",
        ] {
            assert!(is_due(due), "{due}");
        }
        for due in [
            "",
            "soon",
            "hours",
            "hours:",
            "hours:-1",
            "hours:0",
            "hours:1.5",
            "hours:٣",
            "weekly:sun",
            "next_day:24:00",
            "next_day:8:00",
            "immediate:",
            "days:999999",
        ] {
            assert!(!is_due(due), "{due}");
        }
    }

    #[test]
    fn a_day_ends_at_twenty_four_hours() {
        assert!(is_clock("00:00") && is_clock("23:59") && is_clock("24:00"));
        assert!(
            !is_clock("24:01") && !is_clock("12:60") && !is_clock("+1:00") && !is_clock("7:00")
        );
    }
}
