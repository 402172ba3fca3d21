//! Every line of an order beside what to fetch now: where it stands, how much of it is in the tote.
//!
//! In: the order as the ledger has it. Out: its lines along the way. Must not: say what comes next.

use domain::custody::pick::next_target;
use domain::ledger::Ledger;
use domain::order::Order;
use domain::plan::way::Way;
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::{Msg, pick};

/// One line beside it.
#[derive(Clone, PartialEq)]
pub(super) struct LineFacts {
    key: String,
    item: String,
    slot: String,
    picked: u32,
    of: u32,
    here: bool,
    short: bool,
}

pub(super) fn line_facts(ledger: &Ledger, order: &Order) -> Vec<LineFacts> {
    let target =
        next_target(ledger, order).map(|target| (target.line.number, target.package.tag.clone()));
    let way = Way::of(ledger, order);
    let mut lines: Vec<((u32, u32), LineFacts)> = Vec::new();
    for line in &order.lines {
        let item = ledger
            .items
            .get(&line.item)
            .map_or_else(String::new, |item| item.name.clone());
        for allocation in &line.allocations {
            let package = ledger.packages.get(&allocation.tag);
            let picked = order.picked_of(line.number, &allocation.tag);
            let from = order.picks.iter().find(|pick| pick.tag == allocation.tag);
            let shelf = from
                .map(|pick| &pick.from)
                .or(package.and_then(|package| package.stands_at()));
            if allocation.units == 0 && picked == 0 {
                continue;
            }
            let facts = LineFacts {
                key: format!("{}/{}", line.number, allocation.tag),
                item: item.clone(),
                slot: shelf.map_or_else(|| "?".into(), |shelf| shelf.to_string()),
                picked,
                of: allocation.units.max(picked),
                here: target.as_ref() == Some(&(line.number, allocation.tag.clone())),
                short: false,
            };
            lines.push((way.place_of(ledger, shelf), facts));
        }
        if line.short > 0 {
            let facts = LineFacts {
                key: format!("{}/short", line.number),
                item: item.clone(),
                slot: String::new(),
                picked: 0,
                of: line.short,
                here: false,
                short: true,
            };
            lines.push(((u32::MAX, u32::MAX), facts));
        }
    }
    lines.sort_by_key(|(walk, facts)| (*walk, facts.key.clone()));
    lines.into_iter().map(|(_, facts)| facts).collect()
}

#[component]
pub(super) fn Lines(lines: Memo<Vec<LineFacts>>) -> impl IntoView {
    let row = |line: LineFacts| {
        let done = !line.short && line.picked >= line.of;
        let (state, tone) = if line.short {
            ("short", Some("attend"))
        } else if done {
            ("done", Some("accept"))
        } else if line.here {
            ("here", Some("here"))
        } else {
            ("todo", None)
        };
        let (slot, picked, of, short) = (line.slot, line.picked, line.of, line.short);
        let place = move || {
            if short {
                format!("{of} · {}", Msg::LineShort.say(lang()))
            } else {
                pick::line_at(lang(), &slot, picked, of)
            }
        };
        view! {
            <li data-state=state>
                <span class="mark" data-tone=tone>
                    {done.then(|| view! { <Glyph icon=Icon::Check/> })}
                </span>
                <div><b>{line.item}</b><span class="lines-where">{place}</span></div>
            </li>
        }
    };
    view! {
        <ul class="lines" aria-label=move || Msg::Lines.say(lang())>
            {move || lines.get().into_iter().map(row).collect_view()}
        </ul>
    }
}
