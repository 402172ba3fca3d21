//! The vault from above: a tile for each place, a line for each way, an arrow where it is one-way.
//!
//! In: fingers and keys. Out: places added, moved, joined, chosen. Must not: need a drag; every place can be put by
//! typed figures too.

use domain::plan::map::Aisle;
use domain::plan::vault::{SpotAt, Vault};
use leptos::ev::{MouseEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::vault::{Desktop, Tool, place_title};
use crate::ui::words::{Msg, vault};

/// Millimetres of the vault in a pixel of the screen.
const SCALE: u32 = 20;
/// Room around the drawing, in pixels: a tile is drawn around its place.
const EDGE: u32 = 80;
/// Places are put on a grid of this many millimetres.
const GRID: u32 = 100;
/// A finger that moves less, in pixels, has not dragged.
const DRAG_MIN: i32 = 8;

/// A place under a finger.
#[derive(Clone, PartialEq)]
struct Drag {
    name: String,
    from: (i32, i32),
    spot: (u32, u32),
    by: (i32, i32),
}

impl Drag {
    fn is_one(&self) -> bool {
        self.by.0.abs() >= DRAG_MIN || self.by.1.abs() >= DRAG_MIN
    }

    /// Where the place is now, in millimetres.
    fn to(&self) -> (u32, u32) {
        let moved = |at: u32, by: i32| {
            let by = by.saturating_mul(i32::try_from(SCALE).unwrap_or(1));
            snapped(at.saturating_add_signed(by))
        };
        (moved(self.spot.0, self.by.0), moved(self.spot.1, self.by.1))
    }
}

fn snapped(millimetres: u32) -> u32 {
    (millimetres.saturating_add(GRID / 2) / GRID).saturating_mul(GRID)
}

fn pixels(millimetres: u32) -> u32 {
    millimetres / SCALE + EDGE
}

/// The places as they are drawn: one under a finger is where the finger is.
fn places(vault: &Vault, drag: Option<&Drag>) -> Vec<SpotAt> {
    let mut places = vault.places();
    if let Some(drag) = drag.filter(|drag| drag.is_one())
        && let Some(spot) = places.iter_mut().find(|spot| spot.name == drag.name)
    {
        (spot.right, spot.down) = drag.to();
    }
    places
}

/// As large as what is drawn, and there is always room to put another.
fn size_of(places: &[SpotAt]) -> String {
    let right = places.iter().map(|spot| spot.right).max().unwrap_or(0);
    let down = places.iter().map(|spot| spot.down).max().unwrap_or(0);
    let (width, height) = (pixels(right) + 3 * EDGE, pixels(down) + 3 * EDGE);
    format!("width:{width}px;height:{height}px")
}

/// The place under a finger goes with it.
fn follow(drag: RwSignal<Option<Drag>>, event: &PointerEvent) {
    if drag.with_untracked(Option::is_none) {
        return;
    }
    drag.update(|drag| {
        if let Some(drag) = drag {
            let (x, y) = drag.from;
            drag.by = (event.client_x() - x, event.client_y() - y);
        }
    });
}

/// The finger is gone: the place stays where it is now.
fn let_go(desktop: Desktop, drag: RwSignal<Option<Drag>>) {
    if let Some(drag) = drag.try_update(Option::take).flatten()
        && drag.is_one()
    {
        let (right, down) = drag.to();
        desktop.change(|vault| vault.put(&drag.name, right, down));
        desktop.chosen.set(Some(drag.name));
    }
}

/// The drawing.
#[component]
pub(super) fn Floor(desktop: Desktop) -> impl IntoView {
    let drag = RwSignal::new(None::<Drag>);
    let floor = NodeRef::<Div>::new();
    let shown = Memo::new(move |_| {
        let drag = drag.get();
        desktop.vault.with(|vault| places(vault, drag.as_ref()))
    });
    let size = move || shown.with(|places| size_of(places));
    let tap = move |event: MouseEvent| {
        if let Some(floor) = floor.get_untracked()
            && desktop.tool.get_untracked() == Tool::Add
        {
            let (right, down) = under(&floor, &event);
            let added = desktop.change(|vault| vault.add(right, down));
            desktop.chosen.set(added);
        }
    };
    let moved = move |event: PointerEvent| follow(drag, &event);
    let dropped = move |_| let_go(desktop, drag);
    let lines = move || {
        desktop.vault.with(|vault| {
            shown.with(|places| {
                let aisles = vault.drawing.aisles.iter();
                aisles
                    .filter_map(|aisle| line(places, aisle))
                    .collect_view()
            })
        })
    };
    let names = move || {
        let places = shown.get().into_iter();
        places.map(|spot| spot.name).collect::<Vec<_>>()
    };
    view! {
        <div class="vault-scroll">
            <div
                class="vault-floor"
                node_ref=floor
                style=size
                data-adds=move || (desktop.tool.get() == Tool::Add).then_some("")
                on:click=tap
                on:pointermove=moved
                on:pointerup=dropped
                on:pointercancel=move |_| drag.set(None)
                on:pointerleave=dropped
            >
                <svg class="vault-ways" aria-hidden="true">{lines}</svg>
                <For
                    each=names
                    key=Clone::clone
                    let:name
                >
                    <Tile desktop name shown drag/>
                </For>
            </div>
        </div>
    }
}

/// The place under a finger, in millimetres.
fn under(floor: &web_sys::Element, event: &MouseEvent) -> (u32, u32) {
    let corner = floor.get_bounding_client_rect();
    let along = |at: i32, from: f64| {
        let pixels = f64::from(at) - from - f64::from(EDGE);
        snapped(whole(pixels).saturating_mul(SCALE))
    };
    (
        along(event.client_x(), corner.left()),
        along(event.client_y(), corner.top()),
    )
}

/// A whole number of pixels; what is left of the edge is on it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a screen has few pixels, and none of them is negative here"
)]
fn whole(pixels: f64) -> u32 {
    pixels.clamp(0.0, 1_000_000.0) as u32
}

fn line(places: &[SpotAt], aisle: &Aisle) -> Option<impl IntoView + use<>> {
    let at = |name: &str| places.iter().find(|spot| spot.name == name);
    let (from, to) = (at(&aisle.from)?, at(&aisle.to)?);
    let (x1, y1) = (pixels(from.right), pixels(from.down));
    let (x2, y2) = (pixels(to.right), pixels(to.down));
    let arrow = aisle.one_way.then(|| {
        let (x, y) = ((x1 + x2) / 2, (y1 + y2) / 2);
        let turn = direction(from, to);
        view! { <path d="M-9 -8 L9 0 L-9 8Z" transform=format!("translate({x} {y}) rotate({turn})")/> }
    });
    let ends = [x1, y1, x2, y2].map(|at| at.to_string());
    let [x1, y1, x2, y2] = ends;
    Some(view! { <g><line x1=x1 y1=y1 x2=x2 y2=y2/>{arrow}</g> })
}

/// Degrees by which an arrow is turned, clockwise from the right.
fn direction(from: &SpotAt, to: &SpotAt) -> i64 {
    let right = f64::from(to.right) - f64::from(from.right);
    let down = f64::from(to.down) - f64::from(from.down);
    let degrees = down.atan2(right).to_degrees().round();
    #[expect(clippy::cast_possible_truncation, reason = "an angle is at most 180")]
    let degrees = degrees as i64;
    degrees
}

fn kind_of(vault: &Vault, name: &str) -> &'static str {
    if vault.drawing.station == name {
        "station"
    } else if vault.shelves_at(name).next().is_some() {
        "shelf"
    } else {
        "spot"
    }
}

/// A tap on a place: joins it to the one before, or chooses it.
fn pressed(desktop: Desktop, name: String) {
    match (desktop.tool.get_untracked(), desktop.chosen.get_untracked()) {
        (Tool::Join, Some(from)) if from != name => {
            desktop.change(|vault| vault.join(&from, &name));
        }
        (Tool::Join, Some(_)) => desktop.chosen.set(None),
        (Tool::Join, None) | (Tool::Choose, _) => desktop.chosen.set(Some(name)),
        (Tool::Add, _) => {
            desktop.tool.set(Tool::Choose);
            desktop.chosen.set(Some(name));
        }
    }
}

#[component]
fn Tile(
    desktop: Desktop,
    name: String,
    shown: Memo<Vec<SpotAt>>,
    drag: RwSignal<Option<Drag>>,
) -> impl IntoView {
    let key = StoredValue::new(name.clone());
    let spot = Memo::new(move |_| {
        shown.with(|places| {
            places
                .iter()
                .find(|spot| spot.name == key.get_value())
                .cloned()
        })
    });
    let place = move || {
        let place = |spot: SpotAt| {
            let (left, top) = (pixels(spot.right), pixels(spot.down));
            format!("left:{left}px;top:{top}px")
        };
        spot.get().map(place).unwrap_or_default()
    };
    let title = move || {
        let title = desktop
            .vault
            .with(|vault| place_title(vault, &key.get_value()));
        title.unwrap_or_else(|| Msg::PackStation.say(lang()).to_owned())
    };
    let kind = move || desktop.vault.with(|vault| kind_of(vault, &key.get_value()));
    let is_chosen = move || desktop.chosen.get() == Some(key.get_value());
    let press = move |event: MouseEvent| {
        event.stop_propagation();
        pressed(desktop, key.get_value());
    };
    let down = move |event: PointerEvent| {
        if desktop.tool.get_untracked() == Tool::Choose
            && let Some(spot) = spot.get_untracked()
        {
            drag.set(Some(Drag {
                name: spot.name,
                from: (event.client_x(), event.client_y()),
                spot: (spot.right, spot.down),
                by: (0, 0),
            }));
        }
    };
    view! {
        <button
            class="vault-tile"
            type="button"
            style=place
            data-place=name.clone()
            data-kind=kind
            aria-pressed=move || is_chosen().to_string()
            aria-label=move || vault::place_named(lang(), title())
            on:click=press
            on:pointerdown=down
        >
            {title}
        </button>
    }
}
