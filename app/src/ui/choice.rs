//! Language, theme, hand and sound of this device, as signals and as attributes of the page.

use domain::code::around::Around;
use domain::code::rhythm::Rhythm;
use domain::facility::Role;
use leptos::prelude::{Effect, Get as _, GetUntracked as _, RwSignal, Track as _};

use crate::capture::wedge;
use crate::device::device;
use crate::platform::choice::{read, write};
use crate::ui::audit::is_alone;
use crate::ui::words::Lang;

/// The choices.
#[derive(Clone, Copy)]
pub struct Choices {
    /// Language.
    pub lang: RwSignal<Lang>,
    /// `vault`, `desk` or `sun`; `None` follows the work of whoever is signed in.
    pub theme: RwSignal<Option<&'static str>>,
    /// Buttons for the left hand.
    pub left: RwSignal<bool>,
    /// No sounds.
    pub muted: RwSignal<bool>,
    /// Minutes without a touch after which the device locks.
    pub lock_after: RwSignal<u64>,
    /// What was learnt of this device's scanners.
    pub rhythm: RwSignal<Rhythm>,
    /// What they put around a code.
    pub around: RwSignal<Around>,
}

/// Minutes that people can choose. Two is what a shared tablet needs; a desk of one's own may take longer.
pub const LOCK_AFTER: [u64; 4] = [1, 2, 5, 15];
const LOCK_AFTER_USUAL: u64 = 2;

thread_local! {
    static CHOICES: Choices = Choices {
        lang: RwSignal::new(first_lang()),
        theme: RwSignal::new(theme_named(&read("theme").unwrap_or_default())),
        left: RwSignal::new(read("hand").as_deref() == Some("left")),
        muted: RwSignal::new(read("sound").as_deref() == Some("off")),
        lock_after: RwSignal::new(lock_after_named(&read("lock-after").unwrap_or_default())),
        rhythm: RwSignal::new(Rhythm::kept(&read("scanner-gap").unwrap_or_default())),
        around: RwSignal::new(Around::kept(&read("scanner-around").unwrap_or_default())),
    };
}

/// The choices of this device.
#[must_use]
pub fn choices() -> Choices {
    CHOICES.with(|choices| *choices)
}

/// The language people chose, followed.
#[must_use]
pub fn lang() -> Lang {
    choices().lang.get()
}

fn first_lang() -> Lang {
    let browsers = || web_sys::window()?.navigator().language();
    read("lang")
        .or_else(browsers)
        .and_then(|tag| Lang::parse(&tag))
        .unwrap_or_default()
}

fn theme_named(name: &str) -> Option<&'static str> {
    ["vault", "desk", "sun"]
        .into_iter()
        .find(|theme| *theme == name)
}

fn lock_after_named(minutes: &str) -> u64 {
    let chosen = minutes
        .parse()
        .ok()
        .filter(|minutes| LOCK_AFTER.contains(minutes));
    chosen.unwrap_or(LOCK_AFTER_USUAL)
}

/// The theme in force: the chosen one, else the vault's dark for those who pick, sun for drivers, and the
/// desk's light for everybody else, auditors among them.
#[must_use]
pub fn theme() -> &'static str {
    device().phase.track();
    choices()
        .theme
        .get()
        .unwrap_or_else(|| match device().actor().map(|actor| actor.role) {
            None if is_alone() => "desk",
            None | Some(Role::Associate) => "vault",
            Some(Role::Driver) => "sun",
            Some(_) => "desk",
        })
}

/// Keeps the choices and the page's attributes in step.
pub fn follow() {
    let choices = choices();
    wedge::heed(choices.rhythm.get_untracked());
    Effect::new(move |_| {
        let (lang, theme) = (choices.lang.get().tag(), theme());
        let chosen = choices.theme.get().unwrap_or_default();
        let hand = if choices.left.get() { "left" } else { "right" };
        let sound = if choices.muted.get() { "off" } else { "on" };
        let root = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.document_element());
        let Some(root) = root else { return };
        for (name, value) in [("lang", lang), ("data-theme", theme), ("data-hand", hand)] {
            let set = root.set_attribute(name, value);
            debug_assert!(set.is_ok());
        }
        for (name, value) in [
            ("lang", lang),
            ("theme", chosen),
            ("hand", hand),
            ("sound", sound),
            ("lock-after", choices.lock_after.get().to_string().as_str()),
            (
                "scanner-gap",
                choices.rhythm.get().gap_ms().to_string().as_str(),
            ),
            ("scanner-around", choices.around.get().to_kept().as_str()),
        ] {
            write(name, value);
        }
    });
}
