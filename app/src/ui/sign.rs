//! The customer signs for the bag with a finger, or on a paper.
//!
//! In: what a finger draws. Out: its lines, or that a paper was signed. Must not: send or keep a line; who hands over the bag does.

use domain::custody::sign_for::{HEIGHT, POINTS_MAX, Point, WIDTH, is_signature, path};
use domain::id::OrderId;
use leptos::ev::keydown;
use leptos::prelude::*;
use web_sys::PointerEvent;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::Button;
use crate::ui::words::Msg;

/// Units that a finger moves before there is another point: what is nearer is its trembling.
const STEP: u16 = 4;

/// What the customer signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// On the screen.
    Drawn(Vec<Vec<Point>>),
    /// On a paper that the shop keeps.
    Paper,
}

/// What is asked of the customer: a row that opens the sheet, and says what came of it.
#[component]
pub(super) fn Asked(given: RwSignal<Option<Given>>, open: RwSignal<bool>) -> impl IntoView {
    let tone = move || given.with(Option::is_some).then_some("accept");
    let word = move || match given.get() {
        None => Msg::CustomerSigns,
        Some(Given::Drawn(_)) => Msg::SignedOnScreen,
        Some(Given::Paper) => Msg::SignedOnPaper,
    };
    view! {
        <li>
            <button
                type="button"
                aria-pressed=move || given.with(Option::is_some).to_string()
                on:click=move |_| open.set(true)
            >
                <span class="mark" data-tone=tone>
                    {move || given.with(Option::is_some).then(|| view! { <Glyph icon=Icon::Check/> })}
                </span>
                {move || word().say(lang())}
            </button>
        </li>
    }
}

/// The sheet on which they sign.
#[component]
pub(super) fn Sign(
    order: OrderId,
    given: RwSignal<Option<Given>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    move || open.get().then(|| view! { <Sheet order given open/> })
}

#[component]
fn Sheet(order: OrderId, given: RwSignal<Option<Given>>, open: RwSignal<bool>) -> impl IntoView {
    let lines = RwSignal::new(Vec::<Vec<Point>>::new());
    let keys = window_event_listener(keydown, move |event| {
        if event.key() == "Escape" {
            open.set(false);
        }
    });
    on_cleanup(move || keys.remove());
    let signed = move |what: Given| {
        given.set(Some(what));
        open.set(false);
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    // Without the order's own key a drawing could not be sealed: a server of before gives none.
    let can_draw = move || {
        device()
            .customer(order)
            .is_some_and(|card| card.seal.is_some())
    };
    let missing = Signal::derive(move || !lines.with(|lines| is_signature(lines)));
    // Whoever will not sign leaves no false word behind: the way out is where there is nothing to clear.
    let is_blank = move || lines.with(Vec::is_empty);
    let back = Signal::derive(move || {
        let word = if is_blank() { Msg::Cancel } else { Msg::Clear };
        word.say(lang()).to_owned()
    });
    let go_back = move || match is_blank() {
        true => open.set(false),
        false => lines.set(Vec::new()),
    };
    let pad = move || {
        if can_draw() {
            view! { <Pad lines/> }.into_any()
        } else {
            view! { <p class="text-24">{move || Msg::SignPaperOnly.say(lang())}</p> }.into_any()
        }
    };
    view! {
        <section class="sheet" data-sign="" role="dialog" aria-modal="false" aria-labelledby="sign-title">
            <header class="sheet-head">
                <h2 id="sign-title">{move || Msg::SignHere.say(lang())}</h2>
                <span class="grow"></span>
                <span class="soft text-18">{move || Msg::SignKept.say(lang())}</span>
            </header>
            <div class="sheet-body" data-single="">{pad}</div>
            <footer class="dock">
                <Button word=back act=go_back/>
                <Button word=text(Msg::OnPaper) act=move || signed(Given::Paper)/>
                <Button
                    word=text(Msg::Done)
                    primary=true
                    disabled=missing
                    act=move || signed(Given::Drawn(lines.get_untracked()))
                />
            </footer>
        </section>
    }
}

/// The field under the finger.
#[component]
fn Pad(lines: RwSignal<Vec<Vec<Point>>>) -> impl IntoView {
    let field = NodeRef::<leptos::html::Div>::new();
    let drawing = RwSignal::new(false);
    let at = move |event: &PointerEvent| {
        let field = field.get_untracked()?;
        let corner = field.get_bounding_client_rect();
        let along = |at: i32, from: f64, length: f64, units: u16| {
            whole((f64::from(at) - from) / length.max(1.0) * f64::from(units)).min(units)
        };
        Some((
            along(event.client_x(), corner.left(), corner.width(), WIDTH),
            along(event.client_y(), corner.top(), corner.height(), HEIGHT),
        ))
    };
    let down = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            // A finger that leaves the field still draws along its edge.
            drop(field.set_pointer_capture(event.pointer_id()));
        }
        drawing.set(true);
        if let Some(point) = at(&event) {
            lines.update(|lines| lines.push(vec![point]));
        }
    };
    let moved = move |event: PointerEvent| {
        if let Some(point) = at(&event).filter(|_| drawing.get_untracked()) {
            lines.update(|lines| draw(lines, point));
        }
    };
    view! {
        <div
            class="sign-pad"
            node_ref=field
            role="img"
            aria-label=move || Msg::SignHere.say(lang())
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| drawing.set(false)
            on:pointercancel=move |_| drawing.set(false)
        >
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                <path d=move || lines.with(|lines| path(lines))/>
            </svg>
        </div>
    }
}

/// Goes on with the line that is being drawn, while there is room.
fn draw(lines: &mut [Vec<Point>], to: Point) {
    let points: usize = lines.iter().map(Vec::len).sum();
    let Some(line) = lines.last_mut().filter(|_| points < POINTS_MAX) else {
        return;
    };
    let is_far = |from: &Point| from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)) >= STEP;
    if line.last().is_none_or(is_far) {
        line.push(to);
    }
}

/// A whole number of units; what lies before the edge is on it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a field has few units, and none of them is negative here"
)]
fn whole(units: f64) -> u16 {
    units.clamp(0.0, 10_000.0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finger_that_trembles_makes_no_points_and_one_that_never_stops_makes_so_many_at_most() {
        let mut lines = vec![vec![(10, 10)]];
        draw(&mut lines, (12, 11));
        assert_eq!(lines, [[(10, 10)]]);
        for at in 0..2 * u16::try_from(POINTS_MAX).unwrap() {
            draw(&mut lines, ((at % 2) * 100, 50));
        }
        assert_eq!(lines[0].len(), POINTS_MAX);
    }
}
