//! What each part of the device says of itself, as the start of a shift records it.
//!
//! In: the device's signals, what was measured, what was tried. Out: conditions with their ages, and the words for them. Must
//! not: say anything is well that nobody looked at.

use domain::custody::shift::{Checked, Condition, Part};
use leptos::prelude::*;

use crate::device::device;
use crate::platform::{camera, storage};
use crate::ui::frame::minute;
use crate::ui::lifeboat::lateness;
use crate::ui::parts::minutes_since;
use crate::ui::shift::tried::{Tried, tried};
use crate::ui::words::{Lang, Msg, shell, shift};

/// A clock this far off is not worth a word, in milliseconds: what a signed time is rounded to on every screen is a minute.
const CLOCK_WELL_MS: i64 = 30_000;
/// From here on times on labels would be wrong to whoever reads them, in milliseconds.
const CLOCK_BAD_MS: i64 = 600_000;
/// Bytes one busy day writes on one tablet: 450 for an event, 37 000 events on a busy shop's peak day, over eight tablets,
/// doubled for its pages.
const DAY_BYTES: u64 = 4_200_000;
/// More days of work than these are not counted.
const DAYS_COUNTED: u32 = 365;

/// Less than these days of work left is nearly full.
const DAYS_LOW: u64 = 3;
/// Minutes after which what was tried is not news any more: a shift and a night.
const TRIED_GOOD_MIN: u32 = 24 * 60;

/// What has to be asked of the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measured {
    asked: bool,
    /// The browser promises to keep the storage.
    persisted: bool,
    /// Bytes left; 0: it does not say.
    room: u64,
    cameras: Option<u32>,
    /// Rises when something was tried.
    pub(super) tries: u32,
}

/// Asks the browser.
pub(super) async fn measure() -> Measured {
    Measured {
        asked: true,
        persisted: storage::persist().await,
        room: storage::room().await,
        cameras: camera::count().await,
        tries: 0,
    }
}

/// All parts.
pub(super) fn checks(measured: &Measured) -> Vec<Checked> {
    minute().track();
    Part::ALL
        .into_iter()
        .map(|part| check(part, measured))
        .collect()
}

fn check(part: Part, measured: &Measured) -> Checked {
    let (condition, minutes, figure) = match part {
        Part::Server => server(),
        Part::Unsent => unsent(),
        Part::Printer => was_tried(tried("printer")),
        Part::Scanner => was_tried(tried("scanner")),
        Part::Camera => match measured.cameras {
            Some(1..) => (Condition::Well, Some(0), None),
            Some(0) | None => (Condition::Late, None, None),
        },
        Part::Clock => clock(),
        Part::Storage => stored(measured),
        Part::Newer(_) => (Condition::Late, None, None),
    };
    Checked {
        part,
        condition,
        minutes,
        figure,
    }
}

type Said = (Condition, Option<u32>, Option<i64>);

fn short(minutes: u64) -> u32 {
    u32::try_from(minutes).unwrap_or(u32::MAX)
}

fn server() -> Said {
    let minutes = device()
        .answered_at
        .get()
        .map(|at| short(minutes_since(at)));
    let orders = device().ledger(|ledger| {
        let open = ledger.orders.values();
        open.filter(|order| !order.status.is_closed()).count()
    });
    let condition = match device().report.get().connected {
        true => Condition::Well,
        false => Condition::Late,
    };
    (condition, minutes, i64::try_from(orders).ok())
}

fn unsent() -> Said {
    let condition = match lateness() {
        "ok" => Condition::Well,
        "late" => Condition::Late,
        _ => Condition::Bad,
    };
    let count = i64::try_from(device().report.get().unsent).ok();
    (condition, device().unsent_minutes().map(short), count)
}

fn was_tried(tried: Option<Tried>) -> Said {
    match tried {
        None => (Condition::Late, None, None),
        Some(tried) => {
            let condition = match (tried.was_good, tried.minutes) {
                (false, _) => Condition::Bad,
                (true, ..=TRIED_GOOD_MIN) => Condition::Well,
                (true, _) => Condition::Late,
            };
            (
                condition,
                Some(tried.minutes),
                Some(i64::from(tried.was_good)),
            )
        }
    }
}

fn clock() -> Said {
    let minutes = device()
        .answered_at
        .get()
        .map(|at| short(minutes_since(at)));
    let Some(off) = device().clock_difference() else {
        return (Condition::Late, None, None);
    };
    let off_by = off.abs();
    let condition = if off_by <= CLOCK_WELL_MS {
        Condition::Well
    } else if off_by < CLOCK_BAD_MS {
        Condition::Late
    } else {
        Condition::Bad
    };
    (condition, minutes, Some(off))
}

fn stored(measured: &Measured) -> Said {
    if device().cannot_save.get().is_some() {
        return (Condition::Bad, Some(0), None);
    }
    if !measured.asked {
        return (Condition::Late, None, None);
    }
    let is_low = measured.room > 0 && measured.room / DAY_BYTES < DAYS_LOW;
    let condition = match measured.persisted && !is_low {
        true => Condition::Well,
        false => Condition::Late,
    };
    let room = i64::try_from(measured.room).ok();
    (condition, Some(0), room.filter(|room| *room > 0))
}

/// What one part says, and what can still be done.
pub(super) fn said(lang: Lang, one: &Checked) -> String {
    let figure = one.figure.unwrap_or(0);
    let count = u32::try_from(figure).unwrap_or(u32::MAX);
    let is_well = one.condition == Condition::Well;
    let msg = match (one.part, one.condition) {
        (Part::Server, Condition::Well) => return shift::orders_here(lang, count),
        (Part::Server, _) => Msg::ServerAway,
        (Part::Unsent, _) if figure == 0 => Msg::AllSent,
        (Part::Unsent, Condition::Bad) => Msg::UnsentBad,
        (Part::Unsent, _) => return shell::not_sent(lang, count),
        (Part::Printer, Condition::Well) => Msg::PrinterWell,
        (Part::Printer, Condition::Bad) => Msg::PrinterBad,
        (Part::Printer, _) => Msg::PrinterNotTried,
        (Part::Scanner, Condition::Well) => Msg::ScannerReadWell,
        (Part::Scanner, _) => Msg::ScannerNotTried,
        (Part::Camera, _) => match is_well {
            true => Msg::CameraThere,
            false => Msg::CameraNone,
        },
        (Part::Clock, _) if one.figure.is_none() => Msg::ClockNotKnown,
        (Part::Clock, condition) => {
            let seconds = figure.abs() / 1_000;
            return match condition {
                Condition::Well => shift::clock_well(lang, seconds),
                _ => shift::clock_off(lang, seconds),
            };
        }
        (Part::Storage, Condition::Bad) => Msg::CannotSave,
        (Part::Storage, _) => return room(lang, one),
        (Part::Newer(_), _) => Msg::PartOther,
    };
    msg.say(lang).to_owned()
}

fn room(lang: Lang, one: &Checked) -> String {
    let days = one.figure.and_then(|bytes| {
        let bytes = u64::try_from(bytes).ok()?;
        u32::try_from(bytes / DAY_BYTES).ok()
    });
    let kept = match one.condition {
        Condition::Well => Msg::KeptSafe,
        _ => Msg::StorageMayBeCleared,
    };
    let kept = kept.say(lang);
    match days {
        Some(days) if days < DAYS_COUNTED => {
            format!("{kept}. {}", shell::space_for_days(lang, days))
        }
        Some(_) => format!("{kept}. {}", Msg::SpaceForLong.say(lang)),
        None => kept.to_owned(),
    }
}
