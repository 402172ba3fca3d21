//! Keeps a list still while a finger is on it or has just been.
//!
//! In: what pointers and keys do over the list. Out: whether it must stand. Must not: hold it for ever.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// Milliseconds after the last touch during which nothing moves: long enough to come down on what one has seen.
const AFTER_TOUCH: u32 = 2_000;

/// Whether a list is being touched.
#[derive(Clone, Copy)]
pub(super) struct Still {
    held: RwSignal<bool>,
    down: StoredValue<bool>,
    release: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Still {
    pub(super) fn new() -> Self {
        Self {
            held: RwSignal::new(false),
            down: StoredValue::new(false),
            release: StoredValue::new_local(None),
        }
    }

    /// Whether nothing may move now; who asks is told when that changes.
    pub(super) fn is_held(self) -> bool {
        self.held.get()
    }

    /// A finger or a button went down.
    pub(super) fn down(self) {
        self.down.set_value(true);
        self.moved();
    }

    /// It went up, or the browser took it over for scrolling.
    pub(super) fn up(self) {
        self.down.set_value(false);
        self.moved();
    }

    /// Something moves over the list: a mouse that looks for its row, a list that scrolls, a focus that wanders.
    pub(super) fn moved(self) {
        if !self.held.get_untracked() {
            self.held.set(true);
        }
        let release = Timeout::new(AFTER_TOUCH, move || {
            if self.down.try_get_value() == Some(false) {
                self.held.try_set(false);
            }
        });
        // The one before is called off by being dropped.
        self.release.set_value(Some(release));
    }
}
