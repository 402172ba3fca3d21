//! One check of one file, and how far it is.
//!
//! In: the file a person chose, what its worker tells. Out: signals. Must not: look into the file; the worker does.

use std::rc::Rc;

use domain::audit::verify::{Flaw, Report, Told};
use domain::time::Millis;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::File;

use crate::device::device;
use crate::platform::worker::{Heard, Worker};
use crate::ui::words::Msg;

/// The worker's name, as the page and the build know it.
const WORKER: &str = "worker-verify";

/// Where the check stands.
#[derive(Clone)]
pub(super) enum Stage {
    /// No file was chosen.
    Waiting,
    /// It goes on.
    Checking,
    /// The file cannot be checked: what is the matter, and what to do.
    Refused(Msg, Msg),
    /// It has ended.
    Done(Rc<Found>),
}

/// What was found, and in which file.
pub(super) struct Found {
    pub(super) report: Report,
    pub(super) name: String,
    /// Bytes.
    pub(super) size: u64,
    pub(super) at: Millis,
}

/// The check of this page.
#[derive(Clone, Copy)]
pub(super) struct Check {
    pub(super) stage: RwSignal<Stage, LocalStorage>,
    /// Whether every signature is checked.
    pub(super) every: RwSignal<bool>,
    /// Per cent of the file, and good events.
    pub(super) progress: RwSignal<(u64, u64)>,
    file: StoredValue<(String, u64)>,
    worker: StoredValue<Option<Worker>, LocalStorage>,
}

impl Check {
    pub(super) fn new() -> Self {
        Self {
            stage: RwSignal::new_local(Stage::Waiting),
            every: RwSignal::new(true),
            progress: RwSignal::new((0, 0)),
            file: StoredValue::new((String::new(), 0)),
            worker: StoredValue::new_local(None),
        }
    }

    /// Begins with a file; one that is being checked is given up.
    pub(super) fn start(self, file: &File) {
        self.stop();
        let size = bytes_of(file);
        if size == 0 {
            self.stage
                .set(Stage::Refused(Msg::AuditEmpty, Msg::AuditEmptyDo));
            return;
        }
        self.file.set_value((file.name(), size));
        self.progress.set((0, 0));
        let every = JsValue::from_bool(self.every.get_untracked());
        let ask = js_sys::Array::of2(file, &every);
        match Worker::start(WORKER, ask.into(), move |heard| self.hear(heard)) {
            Some(worker) => {
                self.worker.set_value(Some(worker));
                self.stage.set(Stage::Checking);
            }
            None => self.fail(),
        }
    }

    /// Back to the choice of a file.
    pub(super) fn give_up(self) {
        self.stop();
        self.stage.set(Stage::Waiting);
    }

    /// Ends the worker, wherever it is.
    pub(super) fn stop(self) {
        let worker = self.worker.try_update_value(Option::take).flatten();
        // It may be the worker's own message that leads here, and its closure must outlive that.
        spawn_local(async move { drop(worker) });
    }

    fn fail(self) {
        self.stage
            .set(Stage::Refused(Msg::AuditNoStart, Msg::AuditNoStartDo));
    }

    fn hear(self, heard: Heard) {
        let told = match heard {
            Heard::Bytes(bytes) => Told::parse(&bytes),
            Heard::Failed => None,
            Heard::Listens => return,
        };
        if let Some(Told::Progress { bytes, events }) = told {
            let size = self.file.with_value(|(_, size)| *size).max(1);
            self.progress
                .set((bytes.saturating_mul(100) / size, events));
            return;
        }
        self.stop();
        match told {
            Some(Told::Done(report)) => self.end(*report),
            Some(Told::Unreadable) => {
                let (what, next) = (Msg::AuditUnreadable, Msg::AuditUnreadableDo);
                self.stage.set(Stage::Refused(what, next));
            }
            Some(Told::Progress { .. }) | None => self.fail(),
        }
    }

    fn end(self, report: Report) {
        if report
            .first_bad
            .is_some_and(|bad| bad.flaw == Flaw::NotABundle)
        {
            self.stage
                .set(Stage::Refused(Msg::AuditNotOne, Msg::AuditNotOneDo));
            return;
        }
        let (name, size) = self.file.get_value();
        let at = device().now();
        let found = Found {
            report,
            name,
            size,
            at,
        };
        self.stage.set(Stage::Done(Rc::new(found)));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a file's size is a whole number, never negative, and far below two to the 53rd"
)]
fn bytes_of(file: &File) -> u64 {
    file.size() as u64
}
