//! The map of the vault, for those who answer for it: drawn, mended, kept; and labels for its shelves.
//!
//! In: the shop's drawing, or a guess; fingers. Out: the drawing as a fact. Must not: keep anything before somebody says
//! so, or lose what was drawn when another manager keeps a drawing meanwhile.

use domain::custody::draw_map::{self, MapDrawn};
use domain::facility::{LocationCode, Right};
use domain::id::Hash;
use domain::plan::map::Map;
use domain::plan::vault::{Vault, drawn, guessed};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::halted::NotFound;
use crate::ui::icons::Icon;
use crate::ui::orders::Desk;
use crate::ui::parts::Button;
use crate::ui::vault::beside::Beside;
use crate::ui::vault::findings::Findings;
use crate::ui::vault::floor::Floor;
use crate::ui::vault::labels::{ToteLabels, print_labels};
use crate::ui::vault::place::Place;
use crate::ui::vault::stock::{PutAway, Strays};
use crate::ui::words::Msg;

/// The drawing itself.
mod floor;
/// One place of it.
mod place;
/// What others drew at the same time.
mod beside;
/// What is wrong with it.
mod findings;
/// Labels for shelves.
mod labels;
/// What stands where.
mod stock;

/// Changes that can be undone.
const UNDO_MAX: usize = 100;

/// What a tap on the floor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    /// Chooses a place.
    Choose,
    /// Adds one.
    Add,
    /// Joins two.
    Join,
}

/// The drawing at work.
#[derive(Clone, Copy)]
struct Desktop {
    vault: RwSignal<Vault>,
    /// The map in force when this drawing was begun.
    base: RwSignal<Vault>,
    past: RwSignal<Vec<Vault>>,
    /// A drawing beside the map that was looked at: what is kept next settles it.
    looked_at: RwSignal<Option<Hash>>,
    chosen: RwSignal<Option<String>>,
    tool: RwSignal<Tool>,
    said: RwSignal<Option<Msg>>,
}

/// The map in force; empty where nobody drew one.
fn in_force() -> Vault {
    device().ledger(|ledger| drawn(ledger).cloned().unwrap_or_default())
}

impl Desktop {
    fn new() -> Self {
        let kept = untrack(in_force);
        Self {
            vault: RwSignal::new(kept.clone()),
            base: RwSignal::new(kept),
            past: RwSignal::new(Vec::new()),
            looked_at: RwSignal::new(None),
            chosen: RwSignal::new(None),
            tool: RwSignal::new(Tool::Choose),
            said: RwSignal::new(None),
        }
    }

    /// Changes the drawing, so that it can be undone.
    fn change<R>(self, change: impl FnOnce(&mut Vault) -> R) -> R {
        let before = self.vault.get_untracked();
        let mut vault = before.clone();
        let result = change(&mut vault);
        if vault != before {
            self.past.update(|past| {
                past.push(before);
                let too_many = past.len().saturating_sub(UNDO_MAX);
                past.drain(..too_many);
            });
            self.vault.set(vault);
            self.said.set(None);
        }
        result
    }

    fn undo(self) {
        if let Some(before) = self.past.try_update(Vec::pop).flatten() {
            self.vault.set(before);
            self.said.set(None);
        }
    }

    fn is_kept(self) -> bool {
        self.vault.with(|vault| *vault == in_force())
    }

    /// Begins again with the map in force.
    fn begin(self, kept: Vault) {
        self.base.set(kept.clone());
        self.past.update(Vec::clear);
        self.looked_at.set(None);
        self.vault.set(kept);
    }

    /// Keeps what is on the screen.
    fn keep(self) {
        let done = MapDrawn {
            vault: self.vault.get_untracked(),
            over: Some(self.base.with_untracked(Vault::hash)),
            settles: self.looked_at.get_untracked(),
        };
        if !done.vault.fits() {
            self.said.set(Some(Msg::MapTooLarge));
            return;
        }
        let vault = done.vault.clone();
        spawn_local(async move {
            if !self.record(done).await {
                return;
            }
            let now = untrack(in_force);
            if now == vault {
                self.base.set(now);
                self.looked_at.set(None);
                self.said.set(Some(Msg::MapKept));
            } else {
                self.begin(now);
                self.said.set(Some(Msg::MapKeptBeside));
            }
        });
    }

    /// Has done with a drawing beside the map. The map stays, and so does what is not kept yet.
    fn let_go(self, beside: Hash) {
        let map = untrack(in_force);
        let is_shown = self.vault.with_untracked(|vault| vault.hash() == beside);
        if is_shown {
            self.begin(map.clone());
        }
        let done = MapDrawn {
            over: Some(map.hash()),
            settles: Some(beside),
            vault: map,
        };
        spawn_local(async move {
            let was_looked_at = self.looked_at.get_untracked() == Some(beside);
            if self.record(done).await && was_looked_at {
                self.looked_at.set(None);
            }
        });
    }

    async fn record(self, done: MapDrawn) -> bool {
        let outcome = device()
            .act(None, |ledger, situation| {
                draw_map::decide(ledger, situation, done)
            })
            .await;
        let is_saved = matches!(outcome, Outcome::Saved(_));
        if !is_saved {
            self.said.set(Some(Msg::MapNotKept));
        }
        is_saved
    }
}

fn text(msg: Msg) -> Signal<String> {
    Signal::derive(move || msg.say(lang()).to_owned())
}

fn shelves() -> Vec<LocationCode> {
    device().ledger(|ledger| ledger.locations.keys().cloned().collect())
}

/// What a place is called on the screen: by its shelves where it has some, as `B-04`.
fn place_title(vault: &Vault, name: &str) -> Option<String> {
    if vault.drawing.station == name {
        return None;
    }
    let first = vault.shelves_at(name).next();
    let bay = first.map(|code| match code.as_str().rsplit_once('-') {
        Some((bay, _)) if bay.contains('-') => bay.to_owned(),
        _ => code.to_string(),
    });
    Some(bay.unwrap_or_else(|| name.to_owned()))
}

/// The page.
#[component]
pub(super) fn VaultMap() -> impl IntoView {
    scan::expect(Step::Anything);
    let may = device()
        .actor()
        .is_some_and(|actor| actor.role.may(Right::DrawMap));
    if !may {
        return view! { <NotFound/> }.into_any();
    }
    let desktop = Desktop::new();
    // What another manager keeps meanwhile is shown, unless something here is not kept yet.
    Effect::new(move |_| {
        let kept = in_force();
        let begun = desktop.base.get_untracked();
        if kept != begun && desktop.vault.with_untracked(|vault| *vault == begun) {
            desktop.begin(kept);
        }
    });
    let is_empty = Memo::new(move |_| desktop.vault.with(Vault::is_empty));
    view! {
        <Desk title=text(Msg::VaultMap)>
            <main class="page-main" data-vault="" tabindex="0">
                <Beside desktop/>
                <Show when=move || !is_empty.get() fallback=move || view! { <Nothing desktop/> }>
                    <Tools desktop/>
                    <p class="vault-hint" role="status">{move || hint(desktop)}</p>
                    <div class="vault">
                        <Floor desktop/>
                        <aside class="vault-side"><Place desktop/><Findings desktop/><Strays/><PutAway/></aside>
                    </div>
                </Show>
            </main>
        </Desk>
    }
    .into_any()
}

fn hint(desktop: Desktop) -> &'static str {
    let said = desktop.said.get();
    let msg =
        said.unwrap_or_else(
            || match (desktop.tool.get(), desktop.chosen.with(Option::is_some)) {
                (Tool::Choose, _) => Msg::TapPlace,
                (Tool::Add, _) => Msg::TapFloor,
                (Tool::Join, false) => Msg::TapFirst,
                (Tool::Join, true) => Msg::TapSecond,
            },
        );
    msg.say(lang())
}

/// No drawing yet: the guess is offered.
#[component]
fn Nothing(desktop: Desktop) -> impl IntoView {
    let guess = move || {
        let guess = device().ledger_now(guessed);
        desktop.change(|vault| *vault = guess);
    };
    let blank = move || {
        desktop.change(|vault| vault.add(2_400, 1_200));
        desktop.tool.set(Tool::Add);
    };
    view! {
        <div class="empty">
            <h2>{move || Msg::NoMapYet.say(lang())}</h2>
            <p>{move || Msg::NoMapYetDo.say(lang())}</p>
            <div class="page-acts">
                <Button word=text(Msg::StartFromGuess) primary=true act=guess/>
                <Button word=text(Msg::StartFromNothing) act=blank/>
                <Button icon=Icon::Printer word=text(Msg::PrintAllLabels) act=move || print_labels(untrack(shelves))/>
                <ToteLabels/>
            </div>
        </div>
    }
}

#[component]
fn Tools(desktop: Desktop) -> impl IntoView {
    let tool = move |tool: Tool, msg: Msg| {
        let press = move |_| {
            let next = if desktop.tool.get_untracked() == tool {
                Tool::Choose
            } else {
                tool
            };
            desktop.chosen.set(None);
            desktop.said.set(None);
            desktop.tool.set(next);
        };
        let pressed = move || (desktop.tool.get() == tool).to_string();
        view! {
            <button class="btn" type="button" aria-pressed=pressed on:click=press>
                <span>{move || msg.say(lang())}</span>
            </button>
        }
    };
    let is_kept = Signal::derive(move || desktop.is_kept());
    let has_no_past = Signal::derive(move || desktop.past.with(Vec::is_empty));
    view! {
        <div class="page-acts">
            {tool(Tool::Add, Msg::AddPlace)}
            {tool(Tool::Join, Msg::JoinPlaces)}
            <Button word=text(Msg::UndoLast) disabled=has_no_past act=move || desktop.undo()/>
            <Button word=text(Msg::KeepMap) primary=true disabled=is_kept act=move || desktop.keep()/>
            <Button
                icon=Icon::Printer
                word=text(Msg::PrintAllLabels)
                act=move || print_labels(untrack(shelves))
            />
            <ToteLabels/>
            {move || (!is_kept.get()).then(|| view! {
                <span class="chip" data-tone="attend">{move || Msg::NotSavedYet.say(lang())}</span>
            })}
        </div>
    }
}

/// The drawing as walks would see it.
fn checked(desktop: Desktop) -> (Map, Vec<domain::plan::map::Finding>) {
    let shelves = shelves();
    desktop
        .vault
        .with(|vault| Map::check(&vault.drawing, &shelves))
}
