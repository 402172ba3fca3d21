//! The worker that reads pictures, asked one at a time.
//!
//! In: a picture. Out: the codes in it, or that the worker broke on it. Must not: have two pictures on the way; the
//! next one is newer than any that waited.

use std::cell::RefCell;
use std::rc::Rc;

use domain::code::sight::{Look, Wanted};
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::platform::camera::Picture;
use crate::platform::worker::{Heard, Worker};

/// The worker's name, as the page and the build know it.
const WORKER: &str = "worker-camera";
/// How long it may take to start, in milliseconds: its module comes from this device, but may be fetched the first time.
const START_MS: u32 = 20_000;
/// How long it may look at one picture.
const LOOK_MS: u32 = 5_000;

/// Where what the worker says waits for whoever asked.
#[derive(Default)]
struct Slot {
    heard: Option<Heard>,
    wake: Option<Function>,
}

/// The worker, as long as it is well.
pub(super) struct Eye {
    worker: Worker,
    slot: Rc<RefCell<Slot>>,
}

impl Eye {
    /// Starts the worker. `None`: there is none, or it does not start.
    pub(super) async fn open() -> Option<Self> {
        let slot = Rc::new(RefCell::new(Slot::default()));
        let worker = {
            let slot = Rc::clone(&slot);
            Worker::open(WORKER, move |heard| {
                let wake = {
                    let mut slot = slot.borrow_mut();
                    slot.heard = Some(heard);
                    slot.wake.take()
                };
                if let Some(wake) = wake {
                    wake_up(&wake);
                }
            })?
        };
        let eye = Self { worker, slot };
        matches!(eye.answer(START_MS).await, Some(Heard::Listens)).then_some(eye)
    }

    /// Looks at a picture, which moves to the worker. `None`: it broke, and is of no more use.
    pub(super) async fn look(&self, picture: &Picture, wanted: Wanted) -> Option<Look> {
        let ask = Array::of2(picture.as_js(), &JsValue::from(wanted.bits()));
        self.slot.borrow_mut().heard = None;
        self.worker.ask(&ask, &Array::of1(picture.as_js()));
        match self.answer(LOOK_MS).await? {
            Heard::Bytes(bytes) => Look::parse(&bytes),
            Heard::Listens | Heard::Failed => None,
        }
    }

    async fn answer(&self, within_ms: u32) -> Option<Heard> {
        let heard = self.slot.borrow_mut().heard.take();
        if heard.is_some() {
            return heard;
        }
        let slot = Rc::clone(&self.slot);
        let comes = Promise::new(&mut |wake, _| slot.borrow_mut().wake = Some(wake));
        let late = {
            let slot = Rc::clone(&self.slot);
            Timeout::new(within_ms, move || {
                let wake = slot.borrow_mut().wake.take();
                if let Some(wake) = wake {
                    wake_up(&wake);
                }
            })
        };
        let woken = JsFuture::from(comes).await;
        debug_assert!(woken.is_ok(), "nobody refuses it");
        drop(late);
        self.slot.borrow_mut().heard.take()
    }
}

fn wake_up(wake: &Function) {
    let called = wake.call0(&JsValue::UNDEFINED);
    debug_assert!(called.is_ok(), "a promise can always be kept");
}
