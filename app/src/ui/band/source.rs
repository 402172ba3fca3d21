//! The text behind a refusal: the state's, as the rule pack on this device cites it, or the shop's own.
//!
//! In: a reason. Out: where its rule is written. Must not: cite what no pack on this device does; a rule of the house is
//! called one.

use domain::limits::LimitPack;
use domain::verdict::Reason;

use crate::device::device;
use crate::ui::words::{Lang, Msg};

/// The field of the rule pack that a reason rests on.
fn field(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::UnderAge | Reason::IdExpired | Reason::IdUnclear => Some("age_min"),
        Reason::WrongLabel => Some("label_sentences"),
        Reason::OverLimit | Reason::LimitUnclear => Some("limits"),
        _ => None,
    }
}

/// Where the rule is written.
pub(super) fn of(lang: Lang, reason: Reason) -> String {
    let house = || Msg::HouseRule.say(lang).to_owned();
    let Some(field) = field(reason) else {
        return house();
    };
    let store = device().store();
    let Some(rules) = store.map(|store| store.rules) else {
        return house();
    };
    let pack = |pack: &LimitPack| format!("{} {}", pack.id, pack.version);
    let cited = match field {
        "limits" => rules.limits.as_deref().map(pack),
        _ => rules.citations.iter().find_map(|one| {
            one.strip_prefix(field)?
                .strip_prefix(": ")
                .map(str::to_owned)
        }),
    };
    cited.map_or_else(house, |cited| format!("{}: {cited}", rules.state))
}
