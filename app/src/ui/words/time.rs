//! Times and ages as people say them: "2:20 pm", "14 min left", "2 min ago".
//!
//! In: numbers that a caller took from a clock of its choice. Out: text by the rules of the US.
//! Must not: ask what time it is.

use super::{Lang, Msg};

messages! {
    Now: text "now", "ahora";
    Today: text "Today", "Hoy";
    Yesterday: text "Yesterday", "Ayer";
    Late: text "late", "tarde";
    Monday: text "Monday", "lunes";
    Tuesday: text "Tuesday", "martes";
    Wednesday: text "Wednesday", "miércoles";
    Thursday: text "Thursday", "jueves";
    Friday: text "Friday", "viernes";
    Saturday: text "Saturday", "sábado";
    Sunday: text "Sunday", "domingo";
}

const MONTHS: [[&str; 2]; 12] = [
    ["Jan", "ene"],
    ["Feb", "feb"],
    ["Mar", "mar"],
    ["Apr", "abr"],
    ["May", "may"],
    ["Jun", "jun"],
    ["Jul", "jul"],
    ["Aug", "ago"],
    ["Sep", "sep"],
    ["Oct", "oct"],
    ["Nov", "nov"],
    ["Dec", "dic"],
];

const MINUTES_PER_HOUR: u64 = 60;
const MINUTES_PER_DAY: u64 = 24 * MINUTES_PER_HOUR;

/// "2:20 pm": the same in both languages, as clocks in the US show it.
pub fn clock(hour: u32, minute: u32) -> String {
    let half = if hour % 24 < 12 { "am" } else { "pm" };
    let shown = match hour % 12 {
        0 => 12,
        other => other,
    };
    format!("{shown}:{minute:02} {half}")
}

/// "Nov 20" or "20 nov"; `month` counts from 1, and one that does not exist is left out.
pub fn day(lang: Lang, month: u32, day: u32) -> String {
    let names = month
        .checked_sub(1)
        .and_then(|at| usize::try_from(at).ok())
        .and_then(|at| MONTHS.get(at));
    match (lang, names) {
        (Lang::En, Some([en, _])) => format!("{en} {day}"),
        (Lang::Es, Some([_, es])) => format!("{day} {es}"),
        (_, None) => day.to_string(),
    }
}

/// "Nov 20, 4:12 pm".
pub fn day_and_clock(lang: Lang, month: u32, date: u32, hour: u32, minute: u32) -> String {
    format!("{}, {}", day(lang, month, date), clock(hour, minute))
}

/// A length of time without a direction: "now", "38 min", "4 h 10", "3 days".
pub fn age(lang: Lang, minutes: u64) -> String {
    match (lang, minutes) {
        (_, 0) => Msg::Now.say(lang).to_owned(),
        (_, 1..MINUTES_PER_HOUR) => format!("{minutes} min"),
        (_, MINUTES_PER_HOUR..MINUTES_PER_DAY) => hours(minutes),
        (Lang::En, _) => match minutes / MINUTES_PER_DAY {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        },
        (Lang::Es, _) => match minutes / MINUTES_PER_DAY {
            1 => "1 día".to_owned(),
            days => format!("{days} días"),
        },
    }
}

fn hours(minutes: u64) -> String {
    match (minutes / MINUTES_PER_HOUR, minutes % MINUTES_PER_HOUR) {
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest:02}"),
    }
}

/// "2 min ago", "hace 2 min"; under a minute it is now.
pub fn ago(lang: Lang, minutes: u64) -> String {
    match (lang, minutes) {
        (_, 0) => Msg::Now.say(lang).to_owned(),
        (Lang::En, _) => format!("{} ago", age(lang, minutes)),
        (Lang::Es, _) => format!("hace {}", age(lang, minutes)),
    }
}

/// Time to a promise: "14 min left", and once it has passed "5 min late".
pub fn left(lang: Lang, minutes: i64) -> String {
    let length = age(lang, minutes.unsigned_abs());
    match (lang, minutes) {
        (_, 0) => Msg::Now.say(lang).to_owned(),
        (Lang::En, 1..) => format!("{length} left"),
        (Lang::Es, 1..) => format!("faltan {length}"),
        (Lang::En, _) => format!("{length} late"),
        (Lang::Es, _) => format!("{length} tarde"),
    }
}

/// A length of time within a sentence, where nothing is "0 min" and not "now".
pub fn length(lang: Lang, minutes: i64) -> String {
    match u64::try_from(minutes) {
        Ok(minutes @ 1..) => age(lang, minutes),
        _ => "0 min".to_owned(),
    }
}

/// The whole reason of a rank: "due 2:20 pm · Promise in 14 min · about 3 min of work".
pub fn rank_reason(lang: Lang, due: &str, reason: &str, minutes_work: i64) -> String {
    format!(
        "{} · {reason} · {}",
        super::queue::due(lang, due),
        super::queue::about_minutes_work(lang, minutes_work)
    )
}
