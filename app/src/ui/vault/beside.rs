//! What others drew while this was drawn: said, shown, and settled by whoever looked at both.
//!
//! In: the map in force, what lies beside it. Out: a drawing to look at; one that is let go. Must not: let one go that was
//! not asked about, or change the map in force by looking.

use domain::custody::draw_map::{self, Aside, Stamp};
use domain::facility::Actor;
use domain::id::ActorId;
use leptos::prelude::*;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, clock_text};
use crate::ui::settle::name_of;
use crate::ui::vault::{Desktop, in_force, text};
use crate::ui::words::{Msg, vault};

/// Who kept the map in force, when somebody noted it.
fn last() -> Option<Stamp> {
    device().ledger(|ledger| draw_map::drawings(ledger)?.last)
}

fn who(actor: ActorId) -> String {
    device().ledger(|ledger| name_of(ledger, actor))
}

/// Somebody changed the map while this drawing is not kept yet.
fn meanwhile(desktop: Desktop) -> Option<Stamp> {
    let now = in_force();
    let is_changed = desktop.base.with(|base| *base != now);
    let is_other = desktop.vault.with(|vault| *vault != now);
    last().filter(|_| is_changed && is_other)
}

/// What was drawn at the same time, one under the other.
#[component]
pub(super) fn Beside(desktop: Desktop) -> impl IntoView {
    let all = Memo::new(move |_| {
        device().ledger(|ledger| {
            let known = draw_map::drawings(ledger);
            known.map(|known| known.aside.clone()).unwrap_or_default()
        })
    });
    let changed = move || {
        meanwhile(desktop).map(|by| {
            let words = move || vault::changed_meanwhile(lang(), who(by.by), clock_text(by.at));
            view! {
                <div class="notice" data-tone="attend" data-meanwhile="" role="status">
                    <Glyph icon=Icon::Users/><span class="grow">{words}</span>
                </div>
            }
        })
    };
    let rows = move || {
        let rows = all
            .get()
            .into_iter()
            .map(|one| view! { <One desktop one/> });
        rows.collect_view()
    };
    move || {
        let is_any = !all.with(Vec::is_empty) || meanwhile(desktop).is_some();
        is_any.then(|| view! { <div class="notices">{changed}{rows}</div> })
    }
}

/// One that lies beside the map.
#[component]
fn One(desktop: Desktop, one: Aside) -> impl IntoView {
    let hash = one.vault.hash();
    let drawing = StoredValue::new(one.vault);
    let is_shown = Signal::derive(move || desktop.vault.with(|vault| vault.hash() == hash));
    let own = device().actor().map(|Actor { id, .. }| id);
    let kept = one.kept;
    let words = move || match last().filter(|_| own == Some(kept.by)) {
        Some(last) => vault::yours_beside(lang(), who(last.by), clock_text(last.at)),
        None => vault::theirs_beside(lang(), who(kept.by), clock_text(kept.at)),
    };
    let look = move || {
        if is_shown.get_untracked() {
            let map = untrack(in_force);
            desktop.change(|vault| *vault = map);
        } else {
            desktop.change(|vault| *vault = drawing.get_value());
            desktop.looked_at.set(Some(hash));
        }
        desktop.chosen.set(None);
    };
    let word = Signal::derive(move || {
        let msg = if is_shown.get() {
            Msg::BackToMap
        } else {
            Msg::LookAtDrawing
        };
        msg.say(lang()).to_owned()
    });
    let let_go = move || desktop.let_go(hash);
    view! {
        <div class="notice" data-tone="attend" data-beside="">
            <Glyph icon=Icon::Users/>
            <span class="grow">{words}</span>
            <Button word act=look/>
            <Button word=text(Msg::LetDrawingGo) act=let_go/>
        </div>
    }
}
