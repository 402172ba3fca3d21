//! Scanners that type: a burst of keys too fast for a hand, whichever element has the focus.
//!
//! In: key events, and whole strings some devices insert. Out: readings. Must not: let a scan run into a
//! text field or press the focused button, nor take typing for a scan.

use std::cell::{Cell, RefCell};

use domain::code::rhythm::{Rhythm, SILENCE_MS, SURE_AFTER};
use domain::code::sheet::{Ending, Typed};
use domain::code::{Channel, Reading};
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::{Event, HtmlInputElement, InputEvent, KeyboardEvent};

use crate::platform::clock;

/// Keys by their places.
mod american;

/// Shortest scan; anything shorter is typing.
const LENGTH_MIN: usize = SURE_AFTER + 1;
/// How far into a scan a card says that it is one, in bytes; noise may stand before it.
const CARD_HEADER_MAX: usize = 64;
/// What comes before that: a compliance mark, and three control characters as whatever they arrive as.
const CARD_FRAME_MAX: usize = 12;
/// Longest scan kept, in bytes.
const LENGTH_MAX: usize = 4_096;

/// A scan that was typed.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// What it says by the device's own keyboard.
    pub reading: Reading,
    /// How it was typed.
    pub typed: Typed,
    /// What the same keys say on an American keyboard, which is what a scanner thinks it is, when that is something else.
    pub american: Option<String>,
}

struct Burst {
    text: String,
    /// The same keys by their places on an American keyboard; `None` once one of them has no place.
    american: Option<String>,
    keys: usize,
    /// When its first key was pressed, and the longest wait since.
    first: f64,
    gap_max: f64,
    /// When its last key was pressed, not when the page got round to it: a page that is busy for a moment
    /// must not tear a scan apart.
    last: f64,
    /// That key, while it is down, and how long one was held at most; `None` once one was still down as the next came.
    down: Option<String>,
    held_max: Option<f64>,
    /// The text field that had the focus, and what stood in it before the burst.
    field: Option<(HtmlInputElement, String)>,
}

struct Wedge {
    burst: Option<Burst>,
    silence: Option<Timeout>,
}

thread_local! {
    static WEDGE: RefCell<Wedge> = const { RefCell::new(Wedge { burst: None, silence: None }) };
    static RHYTHM: Cell<Rhythm> = const { Cell::new(Rhythm::USUAL) };
}

/// Says how slow a scanner may be from now on.
pub fn heed(rhythm: Rhythm) {
    RHYTHM.set(rhythm);
}

/// Takes a scan.
type Read = fn(Scanned);

/// Begins to listen. `read` is called once per scan.
pub fn listen(read: Read) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let keys = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| key(&event, read));
    let listening = window.add_event_listener_with_callback_and_bool(
        "keydown",
        keys.as_ref().unchecked_ref(),
        true,
    );
    debug_assert!(listening.is_ok());
    keys.forget();
    let released = Closure::<dyn Fn(KeyboardEvent)>::new(|event: KeyboardEvent| let_go(&event));
    let listening = window.add_event_listener_with_callback_and_bool(
        "keyup",
        released.as_ref().unchecked_ref(),
        true,
    );
    debug_assert!(listening.is_ok());
    released.forget();
    let inserted = Closure::<dyn Fn(InputEvent)>::new(move |event: InputEvent| whole(&event, read));
    let listening = window.add_event_listener_with_callback_and_bool(
        "beforeinput",
        inserted.as_ref().unchecked_ref(),
        true,
    );
    debug_assert!(listening.is_ok());
    inserted.forget();
}

fn key(event: &KeyboardEvent, read: Read) {
    if event.repeat() || event.is_composing() {
        return;
    }
    let name = event.key();
    let now = event.time_stamp();
    if name == "Enter" && goes_on_as_card(now, read) {
        keep_from_page(event);
        return;
    }
    if let "Enter" | "Tab" = name.as_str() {
        // However late: some scanners take a breath before it, and a burst is gone after the silence.
        let burst = WEDGE.with_borrow_mut(|wedge| wedge.burst.take());
        if burst.is_some_and(|burst| finish(burst, Ending::Key, read)) {
            keep_from_page(event);
        }
        return;
    }
    let Some(letter) = letter(event, &name) else {
        return;
    };
    let before = WEDGE.with_borrow_mut(|wedge| {
        let burst = wedge.burst.as_mut();
        if let Some(burst) = burst.filter(|burst| burst.down.is_some()) {
            burst.held_max = None;
        }
        wedge.burst.take_if(|burst| !fast(burst, now))
    });
    if let Some(burst) = before {
        finish(burst, Ending::Silence, read);
    }
    let sure = WEDGE.with_borrow_mut(|wedge| {
        let burst = wedge.burst.get_or_insert_with(|| Burst {
            text: String::new(),
            american: Some(String::new()),
            keys: 0,
            first: now,
            gap_max: 0.0,
            last: now,
            down: None,
            held_max: Some(0.0),
            field: focused_field(),
        });
        if burst.text.len() < LENGTH_MAX {
            burst.text.push(letter);
            add_american(burst, event);
        }
        burst.keys += 1;
        burst.gap_max = burst.gap_max.max(now - burst.last);
        burst.last = now;
        burst.down = Some(place(event));
        wedge.silence = Some(await_silence(read));
        // A chord in the middle of a burst is a control character; the browser would open its downloads.
        burst.keys > SURE_AFTER || (event.ctrl_key() && burst.keys > 1)
    });
    if sure {
        keep_from_page(event);
    }
}

/// A key is let go: how long it was down tells a hand from a scanner that is as slow as one.
fn let_go(event: &KeyboardEvent) {
    let released = place(event);
    WEDGE.with_borrow_mut(|wedge| {
        let burst = wedge.burst.as_mut();
        if let Some(burst) = burst.filter(|burst| burst.down.as_ref() == Some(&released)) {
            burst.down = None;
            let held = event.time_stamp() - burst.last;
            burst.held_max = burst.held_max.map(|longest| longest.max(held));
        }
    });
}

/// A key's place; where a keyboard has no places, what it says.
fn place(event: &KeyboardEvent) -> String {
    let place = event.code();
    if place.is_empty() { event.key() } else { place }
}

/// An ID card is many lines: where a line ends, some scanners press Enter. The silence behind the last line ends it.
fn goes_on_as_card(now: f64, read: Read) -> bool {
    WEDGE.with_borrow_mut(|wedge| {
        let card = wedge.burst.as_mut();
        let Some(burst) = card.filter(|burst| begins_like_a_card(&burst.text) && fast(burst, now))
        else {
            return false;
        };
        if burst.text.len() < LENGTH_MAX {
            burst.text.push('\n');
            // A card is no code; how its letters would stand elsewhere is of no use.
            burst.american = None;
        }
        burst.gap_max = burst.gap_max.max(now - burst.last);
        burst.last = now;
        wedge.silence = Some(await_silence(read));
        true
    })
}

/// Whether this is the beginning of a card's text, at the latest when its second line ends.
fn begins_like_a_card(text: &str) -> bool {
    let start = text[..text.floor_char_boundary(CARD_HEADER_MAX)].to_ascii_uppercase();
    let is_marked = |mark: &str| {
        let after = start.split_once(mark).map(|(_, after)| after.trim_start());
        // Its issuer's number.
        after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_frame = text.starts_with('@') && text.len() <= CARD_FRAME_MAX;
    is_frame || is_marked("ANSI") || is_marked("AAMVA")
}

/// Goes on with what the keys say on an American keyboard.
fn add_american(burst: &mut Burst, event: &KeyboardEvent) {
    let place = american::letter(&event.code(), event.shift_key());
    match (&mut burst.american, place) {
        (Some(american), Some(letter)) => american.push(letter),
        _ => burst.american = None,
    }
}

fn await_silence(read: Read) -> Timeout {
    let since = clock::monotonic();
    Timeout::new(SILENCE_MS, move || {
        let waited = clock::monotonic().saturating_sub(since);
        if waited > 2 * u64::from(SILENCE_MS) {
            // The page was busy, and keys may still stand in line behind this call.
            WEDGE.with_borrow_mut(|wedge| wedge.silence = Some(await_silence(read)));
            return;
        }
        let burst = WEDGE.with_borrow_mut(|wedge| wedge.burst.take());
        if let Some(burst) = burst {
            finish(burst, Ending::Silence, read);
        }
    })
}

fn fast(burst: &Burst, now: f64) -> bool {
    let held_max = burst.held_max.map(whole_ms);
    let wait = whole_ms(now - burst.last);
    RHYTHM.get().goes_on(burst.keys, wait, held_max)
}

/// The character a key stands for; control characters come as chords with Ctrl.
fn letter(event: &KeyboardEvent, name: &str) -> Option<char> {
    let mut letters = name.chars();
    let (first, rest) = (letters.next()?, letters.next());
    if rest.is_some() || event.alt_key() || event.meta_key() {
        return None;
    }
    if event.ctrl_key() {
        return match first {
            ']' => Some('\u{1d}'),
            '^' | '6' => Some('\u{1e}'),
            'd' | 'D' => Some('\u{4}'),
            'j' | 'J' => Some('\n'),
            'm' | 'M' => Some('\r'),
            _ => None,
        };
    }
    Some(first)
}

fn finish(burst: Burst, ending: Ending, read: Read) -> bool {
    if burst.keys < LENGTH_MIN {
        return false;
    }
    if let Some((field, before)) = burst.field {
        // The first keys went into the field before anybody could know: take them out again.
        field.set_value(&before);
        let told = Event::new("input").and_then(|event| field.dispatch_event(&event));
        debug_assert!(told.is_ok());
    }
    let typed = Typed {
        ending,
        took_ms: whole_ms(burst.last - burst.first),
        gap_max_ms: whole_ms(burst.gap_max),
        held_max_ms: burst.held_max.map(whole_ms),
    };
    let american = burst.american.filter(|american| *american != burst.text);
    read(Scanned {
        reading: reading(burst.text),
        typed,
        american,
    });
    true
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a scan takes less than a minute, and the cast stops at both ends"
)]
fn whole_ms(milliseconds: f64) -> u32 {
    milliseconds.round() as u32
}

fn reading(text: String) -> Reading {
    Reading {
        text,
        symbology: None,
        aim: None,
        channel: Channel::Wedge,
    }
}

/// Some devices insert the whole text at once instead of pressing keys.
fn whole(event: &InputEvent, read: Read) {
    let Some(text) = event
        .data()
        .filter(|text| text.chars().count() >= LENGTH_MIN)
    else {
        return;
    };
    if event.input_type() == "insertText" && !event.is_composing() {
        event.prevent_default();
        event.stop_propagation();
        let at_once = Typed {
            ending: Ending::Whole,
            took_ms: 0,
            gap_max_ms: 0,
            held_max_ms: None,
        };
        read(Scanned {
            reading: reading(text),
            typed: at_once,
            american: None,
        });
    }
}

fn focused_field() -> Option<(HtmlInputElement, String)> {
    let active = web_sys::window()?.document()?.active_element()?;
    let field: HtmlInputElement = active.dyn_into().ok()?;
    let value = field.value();
    Some((field, value))
}

fn keep_from_page(event: &KeyboardEvent) {
    event.prevent_default();
    event.stop_propagation();
}
