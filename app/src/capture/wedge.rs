//! Scanners that type: a burst of keys too fast for a hand, whichever element has the focus.
//!
//! In: key events, and whole strings some devices insert. Out: readings. Must not: let a scan run into a
//! text field or press the focused button, nor take typing for a scan; which keys are one, `domain` says.

use std::cell::{Cell, RefCell};

use domain::code::burst::{Answer, Bursts, Key, LENGTH_MIN, Scan};
use domain::code::rhythm::{Rhythm, SILENCE_MS};
use domain::code::sheet::{Ending, Typed};
use domain::code::{Channel, Reading};
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::{Event, HtmlInputElement, InputEvent, KeyboardEvent};

use crate::platform::clock;

/// Keys by their places.
mod american;

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

/// The text field that had the focus, and what stood in it before the burst.
type Focus = Option<(HtmlInputElement, String)>;

thread_local! {
    static BURSTS: RefCell<Bursts<Focus>> = RefCell::default();
    static SILENCE: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static RHYTHM: Cell<Rhythm> = const { Cell::new(Rhythm::USUAL) };
}

/// Says how slow a scanner may be from now on.
pub fn heed(rhythm: Rhythm) {
    RHYTHM.set(rhythm);
}

/// Who scans are for.
#[derive(Clone, Copy)]
pub struct Reader {
    /// Takes a scan.
    pub read: fn(Scanned),
    /// Whether a text is a code of any kind, or a card.
    pub is_code: fn(&str) -> bool,
}

/// Begins to listen. The reader is given each scan once.
pub fn listen(reader: Reader) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let keys =
        Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| key(&event, reader));
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
    let inserted =
        Closure::<dyn Fn(InputEvent)>::new(move |event: InputEvent| whole(&event, reader));
    let listening = window.add_event_listener_with_callback_and_bool(
        "beforeinput",
        inserted.as_ref().unchecked_ref(),
        true,
    );
    debug_assert!(listening.is_ok());
    inserted.forget();
}

fn key(event: &KeyboardEvent, reader: Reader) {
    if event.repeat() || event.is_composing() {
        return;
    }
    let name = event.key();
    let (at, rhythm) = (when(event), RHYTHM.get());
    let answer = if let "Enter" | "Tab" = name.as_str() {
        let is_enter = name == "Enter";
        BURSTS.with_borrow_mut(|bursts| bursts.end(is_enter, at, rhythm, reader.is_code))
    } else {
        let Some(letter) = letter(event, &name) else {
            return;
        };
        let key = Key {
            letter,
            american: american::letter(&event.code(), event.shift_key()),
            is_chord: event.ctrl_key(),
            place: &place(event),
            at,
        };
        BURSTS.with_borrow_mut(|bursts| bursts.key(key, rhythm, focused_field, reader.is_code))
    };
    if answer.keep {
        event.prevent_default();
        event.stop_propagation();
    }
    take(answer, reader);
}

/// A key is let go.
fn let_go(event: &KeyboardEvent) {
    BURSTS.with_borrow_mut(|bursts| bursts.let_go(&place(event), when(event)));
}

/// When the browser saw a key, not when the page got round to it: a page that is busy for a moment must not tear a scan
/// apart.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time since the page began, and the cast stops at both ends"
)]
fn when(event: &Event) -> u64 {
    event.time_stamp().round() as u64
}

/// Does what the keys came to.
fn take(answer: Answer<Focus>, reader: Reader) {
    SILENCE.set(answer.wait_ms.map(|wait| await_silence(wait, reader)));
    for scan in answer.scans {
        finish(scan, reader);
    }
}

/// A key's place; where a keyboard has no places, what it says.
fn place(event: &KeyboardEvent) -> String {
    let place = event.code();
    if place.is_empty() { event.key() } else { place }
}

fn await_silence(wait: u32, reader: Reader) -> Timeout {
    let since = clock::monotonic();
    Timeout::new(wait, move || {
        let waited = clock::monotonic().saturating_sub(since);
        if waited > u64::from(wait + SILENCE_MS) {
            // The page was busy, and keys may still stand in line behind this call.
            SILENCE.set(Some(await_silence(wait, reader)));
            return;
        }
        let answer = BURSTS.with_borrow_mut(|bursts| bursts.silence(reader.is_code));
        take(answer, reader);
    })
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

fn finish(scan: Scan<Focus>, reader: Reader) {
    if let Some((field, before)) = scan.focus {
        // The first keys went into the field before anybody could know: take them out again.
        field.set_value(&before);
        let told = Event::new("input").and_then(|event| field.dispatch_event(&event));
        debug_assert!(told.is_ok());
    }
    (reader.read)(Scanned {
        reading: reading(scan.text),
        typed: scan.typed,
        american: scan.american,
    });
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
fn whole(event: &InputEvent, reader: Reader) {
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
        BURSTS.with_borrow_mut(|bursts| bursts.whole(when(event)));
        (reader.read)(Scanned {
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
