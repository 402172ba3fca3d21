//! Scanners that type, on a page with a text field and a button.
//!
//! Events made by a script do not type or press by themselves; what a browser would do with a key that was
//! not kept from the page is done here. The clock is the test's own.

use std::cell::{Cell, RefCell};

use app::capture::wedge::{self, Reader, Scanned};
use domain::code::{Channel, Code, Reading, Settings, TrackingSystem, parse};
use domain::identity::Card;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    Document, HtmlElement, HtmlInputElement, InputEvent, InputEventInit, KeyboardEvent,
    KeyboardEventInit,
};

const TAG: &str = "1A4FF0300000C57000000101";
const OTHER: &str = "1A4FF0300000C57000000102";

/// Milliseconds between two keys of a quick scanner, and of a quick hand.
const QUICK: f64 = 4.0;
const HAND: f64 = 90.0;

#[wasm_bindgen(inline_js = r#"
export function setClock(now) { performance.now = () => now; }
export function freeClock() { delete performance.now; }
export function happensAt(event, now) { Object.defineProperty(event, "timeStamp", { value: now }); }
"#)]
extern "C" {
    #[wasm_bindgen(js_name = setClock)]
    fn set_clock(now: f64);
    #[wasm_bindgen(js_name = freeClock)]
    fn free_clock();
    #[wasm_bindgen(js_name = happensAt)]
    fn happens_at(event: &KeyboardEvent, now: f64);
}

thread_local! {
    static LISTENING: Cell<bool> = const { Cell::new(false) };
    static READ: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static AMERICAN: RefCell<Option<String>> = const { RefCell::new(None) };
    static WAITING: RefCell<Option<Function>> = const { RefCell::new(None) };
}

fn heard(scanned: Scanned) {
    assert_eq!(scanned.reading.channel, Channel::Wedge);
    READ.with_borrow_mut(|read| read.push(scanned.reading.text));
    AMERICAN.set(scanned.american);
    if let Some(waiting) = WAITING.take() {
        waiting.call0(&JsValue::NULL).unwrap();
    }
}

fn is_code(text: &str) -> bool {
    let reading = Reading {
        text: text.to_owned(),
        symbology: None,
        aim: None,
        channel: Channel::Wedge,
    };
    let code = parse(&reading, &Settings::new(TrackingSystem::Metrc));
    !matches!(code, Code::Nothing { .. }) || Card::read(text).is_ok()
}

/// The page, and whoever types on it.
struct Page {
    now: f64,
    /// How long keys stand in line before the page gets round to them.
    lag: f64,
    gap: f64,
    field: HtmlInputElement,
    button: HtmlElement,
    presses: std::rc::Rc<Cell<u32>>,
    _pressed: Closure<dyn Fn()>,
}

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

impl Page {
    fn new(gap: f64) -> Self {
        if !LISTENING.replace(true) {
            wedge::listen(Reader {
                read: heard,
                is_code,
            });
        }
        let body = document().body().unwrap();
        let field: HtmlInputElement = document().create_element("input").unwrap().unchecked_into();
        let button: HtmlElement = document()
            .create_element("button")
            .unwrap()
            .unchecked_into();
        body.append_child(&field).unwrap();
        body.append_child(&button).unwrap();
        let presses = std::rc::Rc::new(Cell::new(0));
        let pressed = {
            let presses = std::rc::Rc::clone(&presses);
            Closure::<dyn Fn()>::new(move || presses.set(presses.get() + 1))
        };
        button.set_onclick(Some(pressed.as_ref().unchecked_ref()));
        let now = js_sys::Date::now();
        let page = Self {
            now,
            lag: 0.0,
            gap,
            field,
            button,
            presses,
            _pressed: pressed,
        };
        // Whatever the page before left half typed ends here.
        page.dispatch("Enter", false);
        READ.take();
        page
    }

    fn dispatch(&self, name: &str, ctrl: bool) -> bool {
        self.dispatch_at("", name, ctrl)
    }

    /// A key's event, with the place of the key where a browser tells it.
    fn dispatch_at(&self, place: &str, name: &str, ctrl: bool) -> bool {
        set_clock(self.now + self.lag);
        let init = KeyboardEventInit::new();
        init.set_code(place);
        init.set_key(name);
        init.set_ctrl_key(ctrl);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        happens_at(&event, self.now);
        document()
            .active_element()
            .unwrap()
            .dispatch_event(&event)
            .unwrap()
    }

    /// Presses a key after the usual gap. Whether the page got it.
    fn key(&mut self, name: &str, ctrl: bool) -> bool {
        self.now += self.gap;
        let reaches_page = self.dispatch(name, ctrl);
        if reaches_page && !ctrl {
            self.do_as_a_browser_would(name);
        }
        reaches_page
    }

    fn do_as_a_browser_would(&self, name: &str) {
        let focused = document().active_element().unwrap();
        if name == "Enter" && focused == *self.button {
            self.button.click();
        }
        if name.chars().count() == 1 && focused == **self.field {
            self.field.set_value(&(self.field.value() + name));
        }
    }

    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            self.key(&letter.to_string(), false);
        }
    }

    /// A scan with its end key. Whether the page got that key.
    fn scan(&mut self, text: &str) -> bool {
        self.text(text);
        self.key("Enter", false)
    }

    /// Nothing for so many milliseconds.
    fn pause(&mut self, milliseconds: f64) {
        self.now += milliseconds;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        free_clock();
        self.field.remove();
        self.button.remove();
    }
}

fn read() -> Vec<String> {
    READ.take()
}

/// Waits for the next reading: a burst without an end key is over only after a silence.
async fn next_reading() {
    let coming = Promise::new(&mut |resolve, _| WAITING.set(Some(resolve)));
    JsFuture::from(coming).await.unwrap();
}

#[wasm_bindgen_test]
fn a_burst_of_keys_is_one_reading_whatever_has_the_focus() {
    let mut page = Page::new(QUICK);
    page.scan(TAG);
    page.button.focus().unwrap();
    page.scan(OTHER);
    assert_eq!(read(), [TAG, OTHER]);
}

#[wasm_bindgen_test]
fn typing_by_hand_is_no_scan_and_nothing_of_it_is_taken_away() {
    let mut page = Page::new(HAND);
    page.field.focus().unwrap();
    page.text(TAG);
    assert_eq!(page.field.value(), TAG);
    page.button.focus().unwrap();
    assert!(page.key("Enter", false));
    assert_eq!(page.presses.get(), 1, "Enter presses the button as ever");
    page.pause(1_000.0);
    page.gap = QUICK;
    page.scan(OTHER);
    assert_eq!(
        read(),
        [OTHER],
        "the scan afterwards is whole, and the only one"
    );
}

#[wasm_bindgen_test]
fn a_short_word_by_a_quick_hand_keeps_all_its_letters() {
    let mut page = Page::new(QUICK);
    page.field.focus().unwrap();
    page.text("jarra");
    page.pause(1_000.0);
    page.text(" rota");
    page.pause(1_000.0);
    assert_eq!(page.field.value(), "jarra rota");
    assert!(
        page.key("Enter", false),
        "the end of a note belongs to the page"
    );
    assert!(read().is_empty());
}

#[wasm_bindgen_test]
fn a_scan_into_a_text_field_leaves_the_text_as_it_was() {
    let mut page = Page::new(QUICK);
    page.field.set_value("half a note");
    page.field.focus().unwrap();
    assert!(!page.scan(TAG));
    assert_eq!(page.field.value(), "half a note");
    assert_eq!(read(), [TAG]);
}

#[wasm_bindgen_test]
fn the_end_key_of_a_scan_does_not_press_the_focused_button() {
    let mut page = Page::new(QUICK);
    page.button.focus().unwrap();
    assert!(!page.scan(TAG));
    assert_eq!(page.presses.get(), 0);
    page.pause(1_000.0);
    assert!(page.key("Enter", false));
    assert_eq!(page.presses.get(), 1, "Enter alone presses it");
}

#[wasm_bindgen_test]
fn a_scanner_that_ends_with_tab_does_not_move_the_focus() {
    let mut page = Page::new(QUICK);
    page.text(TAG);
    assert!(!page.key("Tab", false));
    assert_eq!(read(), [TAG]);
}

#[wasm_bindgen_test]
fn two_scans_back_to_back_are_two_readings_in_order() {
    let mut page = Page::new(QUICK);
    for text in [TAG, OTHER, TAG] {
        page.scan(text);
    }
    assert_eq!(read(), [TAG, OTHER, TAG]);
}

#[wasm_bindgen_test]
fn an_end_key_that_comes_late_still_ends_the_scan() {
    let mut page = Page::new(QUICK);
    page.button.focus().unwrap();
    page.text(TAG);
    page.pause(100.0);
    assert!(!page.key("Enter", false));
    assert_eq!((read(), page.presses.get()), (vec![TAG.to_owned()], 0));
}

#[wasm_bindgen_test]
async fn a_scanner_without_an_end_key_is_understood_after_a_silence() {
    let mut page = Page::new(QUICK);
    page.field.focus().unwrap();
    page.text(TAG);
    assert!(read().is_empty());
    next_reading().await;
    assert_eq!(
        (read(), page.field.value()),
        (vec![TAG.to_owned()], String::new())
    );
}

#[wasm_bindgen_test]
fn two_scans_without_end_keys_are_two_also_when_the_page_was_busy_in_between() {
    let mut page = Page::new(QUICK);
    page.text(TAG);
    // No timer has run since, but the keys say that there was a silence.
    page.pause(200.0);
    page.text(OTHER);
    page.key("Enter", false);
    assert_eq!(read(), [TAG, OTHER]);
}

#[wasm_bindgen_test]
fn a_page_that_is_busy_for_a_moment_does_not_tear_a_scan_in_two() {
    let mut page = Page::new(QUICK);
    page.text(&TAG[..3]);
    page.lag = 400.0;
    page.scan(&TAG[3..]);
    assert_eq!(read(), [TAG]);
}

#[wasm_bindgen_test]
fn a_device_that_stands_still_for_a_moment_does_not_tear_a_scan_in_two() {
    for place in [1, 5, 12, 23] {
        let mut page = Page::new(QUICK);
        page.field.focus().unwrap();
        page.text(&TAG[..place]);
        page.pause(600.0);
        assert!(!page.scan(&TAG[place..]));
        assert_eq!(
            (read(), page.field.value()),
            (vec![TAG.to_owned()], String::new())
        );
    }
}

#[wasm_bindgen_test]
async fn the_end_key_behind_a_silence_does_not_press_the_focused_button() {
    let mut page = Page::new(QUICK);
    page.text(TAG);
    next_reading().await;
    page.button.focus().unwrap();
    page.pause(300.0);
    assert!(!page.key("Enter", false));
    assert_eq!((read(), page.presses.get()), (vec![TAG.to_owned()], 0));
}

#[wasm_bindgen_test]
fn separators_inside_a_gs1_code_arrive_as_control_characters() {
    let mut page = Page::new(QUICK);
    page.key("]", true);
    page.text("0109521234543213");
    page.key("]", true);
    page.text("10ABC");
    page.key("^", true);
    page.text("21");
    page.key("d", true);
    page.key("Enter", false);
    assert_eq!(read(), ["\u{1d}0109521234543213\u{1d}10ABC\u{1e}21\u{4}"]);
}

/// A card's text as keys: `~` is Enter.
async fn a_card_is_one(text: &str, chords: &[(&str, char)]) -> String {
    let mut page = Page::new(QUICK);
    page.button.focus().unwrap();
    for letter in text.chars() {
        match chords.iter().find(|(_, sign)| *sign == letter) {
            Some((key, _)) if *key == "Enter" => page.key(key, false),
            Some((key, _)) => page.key(key, true),
            None => page.key(&letter.to_string(), false),
        };
    }
    page.pause(200.0);
    next_reading().await;
    assert_eq!(page.presses.get(), 0, "no line end presses a button");
    let read = read();
    assert_eq!(read.len(), 1, "{read:?}");
    read.into_iter().next().unwrap()
}

#[wasm_bindgen_test]
async fn an_id_card_is_one_reading_however_its_line_ends_arrive() {
    let as_chords = [("j", '/'), ("^", '='), ("m", '~')];
    let text = a_card_is_one(
        "@/=~ANSI 636014080001DL00310278DLDCSDOE/DBB07191984/~",
        &as_chords,
    );
    assert_eq!(
        text.await,
        "@\n\u{1e}\rANSI 636014080001DL00310278DLDCSDOE\nDBB07191984\n\r"
    );
    let as_enter = [("Enter", '/')];
    let text = a_card_is_one(
        "@//ANSI 636014080001DL00310278DLDCSDOE/DBB07191984//",
        &as_enter,
    );
    assert_eq!(
        text.await,
        "@\n\nANSI 636014080001DL00310278DLDCSDOE\nDBB07191984\n\n"
    );
}

#[wasm_bindgen_test]
fn what_only_looks_like_a_card_ends_with_its_enter() {
    let mut page = Page::new(QUICK);
    assert!(!page.scan("ANSIBLE-0042"));
    assert_eq!(read(), ["ANSIBLE-0042"]);
}

#[wasm_bindgen_test]
fn shift_keys_between_the_letters_are_not_part_of_the_text() {
    let mut page = Page::new(QUICK);
    for letter in TAG.chars() {
        page.key("Shift", false);
        page.key(&letter.to_string(), false);
    }
    page.key("Enter", false);
    assert_eq!(read(), [TAG]);
}

#[wasm_bindgen_test]
fn an_image_full_of_text_is_cut_rather_than_kept_without_end() {
    let mut page = Page::new(QUICK);
    page.scan(&"7".repeat(5_000));
    assert_eq!(read().iter().map(String::len).collect::<Vec<_>>(), [4_096]);
}

fn insert(kind: &str, text: &str) -> bool {
    let init = InputEventInit::new();
    init.set_data(Some(text));
    init.set_input_type(kind);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = InputEvent::new_with_event_init_dict("beforeinput", &init).unwrap();
    document()
        .active_element()
        .unwrap()
        .dispatch_event(&event)
        .unwrap()
}

#[wasm_bindgen_test]
fn a_text_that_a_device_inserts_at_once_is_one_reading_and_stays_out_of_the_field() {
    let page = Page::new(QUICK);
    page.field.focus().unwrap();
    assert!(!insert("insertText", TAG));
    assert_eq!(read(), [TAG]);
}

#[wasm_bindgen_test]
fn letters_and_pasted_text_go_into_the_field_as_ever() {
    let page = Page::new(QUICK);
    page.field.focus().unwrap();
    assert!(insert("insertText", "x"));
    assert!(insert("insertFromPaste", TAG));
    assert!(read().is_empty());
}

/// What a scanner types that thinks it is on an American keyboard, on a French one: the place and the letter there.
fn on_a_french_keyboard(letter: char) -> (String, String) {
    let digits = ["à", "&", "é", "\"", "'", "(", "-", "è", "_", "ç"];
    match letter.to_digit(10) {
        Some(digit) => (format!("Digit{digit}"), digits[digit as usize].to_owned()),
        None => {
            let there = if letter == 'A' {
                'q'
            } else {
                letter.to_ascii_lowercase()
            };
            (format!("Key{letter}"), there.to_string())
        }
    }
}

#[wasm_bindgen_test]
fn what_a_foreign_keyboard_garbles_is_told_by_the_places_of_the_keys() {
    let mut page = Page::new(QUICK);
    let mut garbled = String::new();
    for letter in TAG.chars() {
        let (place, name) = on_a_french_keyboard(letter);
        page.now += page.gap;
        page.dispatch_at(&place, &name, false);
        garbled += &name;
    }
    page.key("Enter", false);
    assert_eq!(read(), [garbled]);
    assert_eq!(AMERICAN.take(), Some(TAG.to_lowercase()));
    // Where nobody says where the keys are, there is nothing to add.
    page.scan(TAG);
    assert_eq!(read(), [TAG]);
    assert_eq!(AMERICAN.take(), None);
}
