//! Scanners, hands, and devices that stand still, by a clock of the test's own.

use proptest::prelude::*;

use super::*;
use crate::code::{Channel, Code, Reading, Settings, TrackingSystem, parse};

const TAG: &str = "1A4FF0300000C57000000101";
const OTHER: &str = "1A4FF0300000C57000000102";
const LINK: &str = "HTTPS://1A4.COM/5LN8CBN1UB33DON9CHKX";
const GTIN: &str = "0123456789050";
const HAND_MS: u64 = 110;
/// Where every key of this keyboard is.
const PLACE: &str = "KeyA";

fn is_code(text: &str) -> bool {
    let reading = Reading {
        text: text.to_owned(),
        symbology: None,
        aim: None,
        channel: Channel::Wedge,
    };
    let code = parse(&reading, &Settings::new(TrackingSystem::Metrc));
    !matches!(code, Code::Nothing { .. })
}

/// Somebody at a keyboard, a page with a field that has the focus, and the time.
#[derive(Default)]
struct Desk {
    bursts: Bursts<String>,
    now: u64,
    /// When the page is to say that nothing came.
    due: Option<u64>,
    /// The page stands still, too: nothing is said to it before the next key.
    is_stuck: bool,
    field: String,
    ends_pressed: usize,
    scans: Vec<(String, Ending)>,
}

impl Desk {
    fn take(&mut self, answer: Answer<String>) -> bool {
        for scan in answer.scans {
            self.field = scan.focus;
            self.scans.push((scan.text, scan.typed.ending));
        }
        self.due = answer.wait_ms.map(|wait| self.now + u64::from(wait));
        answer.keep
    }

    fn pass(&mut self, milliseconds: u64) {
        let until = self.now + milliseconds;
        while let Some(due) = self.due.filter(|due| *due <= until && !self.is_stuck) {
            self.now = due;
            let answer = self.bursts.silence(is_code);
            self.take(answer);
        }
        self.now = until;
    }

    fn key(&mut self, letter: char, wait: u64) {
        self.pass(wait);
        let key = Key {
            letter,
            american: None,
            is_chord: false,
            place: PLACE,
            at: self.now,
        };
        let field = self.field.clone();
        let answer = self.bursts.key(key, Rhythm::USUAL, || field, is_code);
        if !self.take(answer) {
            self.field.push(letter);
        }
    }

    fn enter(&mut self, wait: u64) {
        self.pass(wait);
        let answer = self.bursts.end(true, self.now, Rhythm::USUAL, is_code);
        if !self.take(answer) {
            self.ends_pressed += 1;
        }
    }

    /// A text, a key every few milliseconds, with a longer wait before some.
    fn types(&mut self, text: &str, stalls: &[(usize, u64)]) {
        for (place, letter) in text.chars().enumerate() {
            let stall: u64 = stalls
                .iter()
                .filter(|stall| stall.0 == place)
                .map(|stall| stall.1)
                .sum();
            self.key(letter, 4 + stall);
            self.bursts.let_go(PLACE, self.now + 2);
        }
    }

    fn scan(&mut self, text: &str, stalls: &[(usize, u64)]) {
        self.types(text, stalls);
        self.enter(4);
    }

    fn hand(&mut self, text: &str) {
        for letter in text.chars() {
            self.key(letter, HAND_MS);
        }
    }

    /// Waits until all is over, and gives what was read.
    fn read(&mut self) -> Vec<(String, Ending)> {
        self.is_stuck = false;
        self.pass(10_000);
        std::mem::take(&mut self.scans)
    }

    fn texts(&mut self) -> Vec<String> {
        self.read().into_iter().map(|scan| scan.0).collect()
    }
}

#[test]
fn a_scan_in_which_the_device_stood_still_is_one_scan_wherever_that_was() {
    for text in [TAG, LINK, GTIN] {
        for place in 1..text.len() {
            for stall in [61, 100, 141, 300, 800] {
                for is_stuck in [false, true] {
                    let mut desk = Desk {
                        is_stuck,
                        ..Desk::default()
                    };
                    desk.scan(TAG, &[]);
                    desk.scan(text, &[(place, stall)]);
                    desk.scan(OTHER, &[]);
                    assert_eq!(desk.texts(), [TAG, text, OTHER], "{text} {place} {stall}");
                    assert_eq!((desk.field.as_str(), desk.ends_pressed), ("", 0));
                }
            }
        }
    }
}

#[test]
fn the_first_scan_of_a_shift_may_be_torn_too() {
    for place in 1..TAG.len() {
        let mut desk = Desk::default();
        desk.scan(TAG, &[(place, 400)]);
        assert_eq!(desk.read(), [(TAG.to_owned(), Ending::Key)], "{place}");
        assert_eq!((desk.field.as_str(), desk.ends_pressed), ("", 0));
    }
}

#[test]
fn an_end_that_comes_late_presses_no_button_and_the_scan_is_read_once() {
    for wait in [100, 141, 500, 900] {
        let mut desk = Desk::default();
        desk.types(TAG, &[]);
        desk.enter(wait);
        desk.types(OTHER, &[]);
        desk.enter(wait);
        assert_eq!(desk.texts(), [TAG, OTHER]);
        assert_eq!(desk.ends_pressed, 0, "{wait}");
    }
    let mut desk = Desk::default();
    desk.types(TAG, &[]);
    desk.enter(1_500);
    assert_eq!(desk.ends_pressed, 1, "by then it is a person's");
}

#[test]
fn what_never_comes_back_together_says_that_it_was_cut_off() {
    // The rest is lost.
    let mut desk = Desk::default();
    desk.scan(TAG, &[]);
    desk.types(&OTHER[..15], &[]);
    assert_eq!(
        desk.read(),
        [
            (TAG.to_owned(), Ending::Key),
            (OTHER[..15].to_owned(), Ending::Cut)
        ]
    );
    // A key in the middle is lost.
    let torn = [&OTHER[..9], &OTHER[10..]].concat();
    desk.scan(&torn, &[(9, 300)]);
    let read = desk.read();
    assert!(
        !read.is_empty() && read.iter().all(|scan| scan.1 == Ending::Cut),
        "{read:?}"
    );
    // It comes later than any device stands still.
    let mut desk = Desk::default();
    desk.scan(TAG, &[(12, 1_500)]);
    assert_eq!(desk.read().len(), 2);
}

#[test]
fn a_scan_torn_into_shreds_is_one_scan_and_a_hands_the_same_keys_are_none() {
    let places = [3, 6, 9, 12, 15, 18, 21];
    let shreds = places.map(|place| (place, 200));
    let mut desk = Desk::default();
    desk.scan(TAG, &shreds);
    assert_eq!(desk.read(), [(TAG.to_owned(), Ending::Key)]);
    assert_eq!((desk.field.as_str(), desk.ends_pressed), ("", 0));
    // A key of it is lost.
    desk.scan(&[&TAG[..7], &TAG[8..]].concat(), &shreds[..6]);
    let endings: Vec<Ending> = desk.read().into_iter().map(|scan| scan.1).collect();
    assert_eq!(endings, [Ending::Cut]);
    assert_eq!((desk.field.as_str(), desk.ends_pressed), ("", 0));
    // A hand as quick as that holds its keys for longer.
    for (place, letter) in TAG.chars().enumerate() {
        let wait = if places.contains(&place) { 200 } else { 55 };
        desk.key(letter, wait);
        desk.bursts.let_go(PLACE, desk.now + 50);
    }
    desk.enter(4);
    assert_eq!((desk.field.as_str(), desk.ends_pressed), (TAG, 1));
    assert!(desk.read().is_empty());
}

#[test]
fn a_scanner_without_an_end_is_read_after_a_silence_and_not_later() {
    let mut desk = Desk::default();
    desk.types(TAG, &[]);
    desk.pass(u64::from(SILENCE_MS));
    assert_eq!(desk.scans, [(TAG.to_owned(), Ending::Silence)]);
    // Also behind what a hand typed just before.
    desk.pass(5_000);
    desk.hand("K7");
    desk.pass(300);
    desk.types(OTHER, &[]);
    desk.pass(u64::from(SILENCE_MS));
    assert_eq!(desk.texts(), [TAG, OTHER]);
    assert_eq!(desk.field, "K7");
}

#[test]
fn scans_that_come_all_at_once_without_an_end_are_told_apart() {
    let mut desk = Desk::default();
    let all = [TAG, LINK, OTHER, TAG];
    desk.types(&all.concat(), &[]);
    assert_eq!(desk.texts(), all);
    // The device stood still in the middle of the second, and of the third.
    desk.types(&all.concat(), &[(40, 500), (70, 200)]);
    assert_eq!(desk.texts(), all);
}

#[test]
fn nobody_says_where_one_row_of_digits_ends() {
    let mut desk = Desk::default();
    desk.scan(&[GTIN, "4006381333931"].concat(), &[]);
    assert_eq!(desk.texts(), [[GTIN, "4006381333931"].concat()]);
}

#[test]
fn two_codes_with_a_wait_between_are_two_though_together_they_look_like_a_third() {
    // Two product codes of eight digits, and the sixteen digits of a state's own number.
    let [one, other] = ["96385074", "55123457"];
    let is_code = |text: &str| [8, 16].contains(&text.len());
    let mut bursts = Bursts::default();
    let mut at = 0;
    for text in [one, other] {
        at += 300;
        for letter in text.chars() {
            at += 4;
            let key = Key {
                letter,
                american: None,
                is_chord: false,
                place: "",
                at,
            };
            assert!(
                bursts
                    .key(key, Rhythm::USUAL, || (), is_code)
                    .scans
                    .is_empty()
            );
        }
    }
    let scans = bursts.end(true, at, Rhythm::USUAL, is_code).scans;
    let endings: Vec<Ending> = scans.iter().map(|scan| scan.typed.ending).collect();
    assert_eq!(endings, [Ending::Cut], "it may be the one or the other");
}

#[test]
fn a_card_whose_line_ends_come_late_is_one_card() {
    let mut desk = Desk::default();
    for (line, wait) in [
        ("@", 4),
        ("", 4),
        ("ANSI 636014080001DL00310278DLDCSDOE", 300),
        ("DBB07191984", 700),
    ] {
        desk.types(line, &[]);
        desk.enter(wait);
    }
    desk.enter(4);
    let text = "@\n\nANSI 636014080001DL00310278DLDCSDOE\nDBB07191984\n\n";
    assert_eq!(desk.texts(), [text]);
    assert_eq!(desk.ends_pressed, 0);
}

proptest! {
    /// Whoever types by hand, with a scan now and then, keeps every letter, and only the scans are read.
    #[test]
    fn a_hand_is_no_scanner_though_parts_are_put_together(
        words in proptest::collection::vec(("[0-9A-Z]{1,30}", 61_u64..900, any::<bool>()), 1..6),
    ) {
        let mut desk = Desk::default();
        let mut typed = String::new();
        let mut scans = Vec::new();
        for (word, wait, is_scanned) in words {
            for letter in word.chars() {
                desk.key(letter, wait);
            }
            typed.push_str(&word);
            desk.pass(1_100);
            if is_scanned {
                desk.scan(TAG, &[]);
                scans.push(TAG.to_owned());
                desk.pass(1_100);
            }
        }
        prop_assert_eq!(&desk.field, &typed);
        prop_assert_eq!(desk.texts(), scans);
    }

    /// However often a device stands still, and whether or not the page does: each scan is read once and in its turn, or
    /// is said to be cut off, and nothing is read that nobody scanned.
    #[test]
    fn no_scan_is_lost_without_a_word(
        scans in proptest::collection::vec(
            (0_usize..3, proptest::collection::vec((0_usize..36, 61_u64..=900), 0..8)),
            1..8,
        ),
        is_stuck in any::<bool>(),
    ) {
        let mut desk = Desk { is_stuck, ..Desk::default() };
        let mut scanned = Vec::new();
        let (mut are_all_whole, mut are_all_told) = (true, true);
        for (which, stalls) in scans {
            let text = [TAG, LINK, OTHER][which];
            let places: std::collections::BTreeSet<usize> =
                stalls.iter().map(|stall| stall.0 % text.len()).filter(|place| *place > 0).collect();
            let stalls: Vec<(usize, u64)> = places.iter().map(|place| (*place, stalls[0].1)).collect();
            // A scan is known by six keys in a row, or by three on the whole.
            let is_whole = (stalls.len() + 1) * 3 <= text.len();
            are_all_whole &= is_whole;
            let ends = places.iter().copied().chain([text.len()]);
            let begins = std::iter::once(0).chain(places.iter().copied());
            are_all_told &= is_whole || begins.zip(ends).any(|(begin, end)| end - begin >= LENGTH_MIN);
            desk.scan(text, &stalls);
            scanned.push(text.to_owned());
        }
        let read = desk.read();
        let whole: Vec<String> =
            read.iter().filter(|scan| scan.1 != Ending::Cut).map(|scan| scan.0.clone()).collect();
        let cuts = read.len() - whole.len();
        if are_all_whole {
            prop_assert_eq!(&whole, &scanned);
        }
        let mut rest = scanned.iter();
        prop_assert!(whole.iter().all(|text| rest.any(|known| known == text)), "{:?}", read);
        if are_all_told {
            prop_assert!(whole.len() == scanned.len() || cuts > 0, "{:?}", read);
            prop_assert_eq!(desk.ends_pressed, 0);
        }
    }
}
