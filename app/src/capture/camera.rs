//! The camera as a scanner.
//!
//! In: pictures, one after the other, from one stream that stays open from screen to screen. Out: readings on the same
//! path as a scanner's. Must not: read what nobody sees on the screen, choose among codes where the step does not, or
//! go silent: whatever is the matter is said.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::code::sight::{Look, Sighting};
use domain::code::view::{Due, InView, View};
use domain::code::{Reading, Symbology};
use domain::id::Hash;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;

use crate::platform::camera::{Camera, CameraFailed};
use crate::platform::clock;
use crate::scan;
use reader::Reader;

/// The worker that reads pictures.
mod eye;
/// Whoever reads pictures.
mod reader;

/// How long the camera stays on without being shown, in milliseconds: from one screen to the next, not all day.
const UNSEEN_MS: u64 = 60_000;
/// How long it may deliver nothing before that is said.
const LOST_MS: u64 = 3_000;
/// How long there must be no light before that is said.
const BLACK_MS: u64 = 1_500;
/// How long a word about what is in view stays, so that it can be read.
const NOTE_MS: u64 = 900;
/// Pause while there is nothing to look at.
const PAUSE_MS: u32 = 150;
/// Times in a row that the worker may break before it is given up.
const BREAKS_MAX: u32 = 5;

/// How the camera is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeing {
    /// Off.
    Off,
    /// Being opened.
    Opening,
    /// On.
    On,
    /// There is none to be had.
    Failed(CameraFailed),
    /// It was there, and delivers no more.
    Lost,
    /// Its pictures cannot be read in this browser.
    NoReader,
}

/// What is said about what is in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Nothing yet.
    Aim,
    /// It was read already.
    Counted,
    /// Several codes, and no way to tell which is meant.
    Several,
    /// No light.
    Black,
}

/// The signals of the camera.
#[derive(Clone, Copy)]
pub struct CameraSignals {
    /// How it is.
    pub seeing: RwSignal<Seeing>,
    /// What is in view.
    pub note: RwSignal<Note>,
    /// Its light is on. `None`: it has none.
    pub light: RwSignal<Option<bool>>,
    /// It is nearer than usual. `None`: it cannot be.
    pub nearer: RwSignal<Option<bool>>,
}

thread_local! {
    static SIGNALS: CameraSignals = CameraSignals {
        seeing: RwSignal::new(Seeing::Off),
        note: RwSignal::new(Note::Aim),
        light: RwSignal::new(None),
        nearer: RwSignal::new(None),
    };
    static CAMERA: RefCell<Option<Rc<Camera>>> = const { RefCell::new(None) };
    /// Which start this is: a stop and a new start must not leave two loops.
    static RUN: Cell<u32> = const { Cell::new(0) };
}

/// The signals.
#[must_use]
pub fn signals() -> CameraSignals {
    SIGNALS.with(|signals| *signals)
}

/// Switches the camera on.
pub fn start() {
    if matches!(
        signals().seeing.get_untracked(),
        Seeing::Opening | Seeing::On
    ) {
        return;
    }
    let run = RUN.get().wrapping_add(1);
    RUN.set(run);
    signals().seeing.set(Seeing::Opening);
    signals().note.set(Note::Aim);
    spawn_local(async move {
        let ended = work(run).await;
        if RUN.get() == run {
            end(ended);
        }
    });
}

/// Switches it off.
pub fn stop() {
    RUN.set(RUN.get().wrapping_add(1));
    end(Seeing::Off);
}

fn end(seeing: Seeing) {
    if let Some(camera) = CAMERA.take() {
        camera.close();
    }
    // Nobody sees the question any more.
    scan::command::unask();
    signals().light.set(None);
    signals().nearer.set(None);
    signals().seeing.set(seeing);
}

/// The element that shows what it sees, while it is on.
#[must_use]
pub fn video() -> Option<HtmlVideoElement> {
    CAMERA.with_borrow(|camera| camera.as_ref().map(|camera| camera.video().clone()))
}

/// Switches the light on or off.
pub fn switch_light() {
    let light = signals().light;
    let Some((camera, on)) = running().zip(light.get_untracked()) else {
        return;
    };
    light.set(Some(!on));
    spawn_local(async move { camera.light(!on).await });
}

/// Goes nearer, or back.
pub fn switch_nearer() {
    let nearer = signals().nearer;
    let Some((camera, on)) = running().zip(nearer.get_untracked()) else {
        return;
    };
    nearer.set(Some(!on));
    spawn_local(async move { camera.zoom(!on).await });
}

fn running() -> Option<Rc<Camera>> {
    CAMERA.with_borrow(Clone::clone)
}

/// Opens the camera and reads until somebody stops it or it fails; how it is then.
async fn work(run: u32) -> Seeing {
    let camera = match Camera::open().await {
        Ok(camera) => Rc::new(camera),
        Err(failed) => return Seeing::Failed(failed),
    };
    if RUN.get() != run {
        return Seeing::Off;
    }
    CAMERA.set(Some(Rc::clone(&camera)));
    signals().light.set(camera.has_light.then_some(false));
    signals().nearer.set(camera.has_zoom.then_some(false));
    signals().seeing.set(Seeing::On);
    let mut watch = Watch::new();
    let mut reader = Reader::open().await;
    let mut breaks = 0;
    while RUN.get() == run {
        if let Some(ended) = watch.is_over(&camera) {
            return ended;
        }
        let is_on = camera.is_live() && camera.is_shown();
        if is_on {
            camera.next_picture().await;
        }
        let wanted = scan::counter::wanted();
        let picture = match is_on {
            true => camera.picture(reader.way(wanted)).await,
            false => None,
        };
        if !reader.is_there() {
            return Seeing::NoReader;
        }
        let Some(picture) = picture else {
            TimeoutFuture::new(PAUSE_MS).await;
            continue;
        };
        match reader.look(&picture, wanted).await {
            Some(look) if RUN.get() == run => {
                breaks = 0;
                watch.take(&look, picture.sides);
            }
            Some(_) => return Seeing::Off,
            // It broke on this picture; another worker looks at the next one.
            None if breaks < BREAKS_MAX => {
                breaks += 1;
                reader.mend().await;
            }
            None => return Seeing::NoReader,
        }
    }
    Seeing::Off
}

/// What is remembered from one picture to the next.
struct Watch {
    view: View,
    noted_at: u64,
    lit_at: u64,
    live_at: u64,
    shown_at: u64,
}

impl Watch {
    fn new() -> Self {
        let now = clock::monotonic();
        Self {
            view: View::default(),
            noted_at: now,
            lit_at: now,
            live_at: now,
            shown_at: now,
        }
    }

    /// Whether the camera is to be given up, and as what.
    fn is_over(&mut self, camera: &Camera) -> Option<Seeing> {
        let now = clock::monotonic();
        if camera.is_shown() {
            self.shown_at = now;
        } else {
            // A browser may take the camera from a page that is hidden, and give it back.
            self.live_at = now;
        }
        if camera.is_live() {
            self.live_at = now;
        }
        if now.saturating_sub(self.live_at) > LOST_MS {
            Some(Seeing::Lost)
        } else if now.saturating_sub(self.shown_at) > UNSEEN_MS {
            Some(Seeing::Off)
        } else {
            None
        }
    }

    fn take(&mut self, look: &Look, sides: (u32, u32)) {
        let now = clock::monotonic();
        if !look.is_black {
            self.lit_at = now;
        }
        let readings: Vec<Reading> = look.sightings.iter().map(Sighting::reading).collect();
        let codes = readings.iter().zip(&look.sightings);
        let codes: Vec<InView> = codes
            .map(|(reading, sighting)| in_view(reading, sighting.is_aimed(sides.0, sides.1)))
            .collect();
        match self.view.look(now, &codes) {
            Due::Read(at) => {
                scan::read(readings[at].clone(), None);
                self.note(now, Note::Counted);
            }
            Due::Ask(at) => {
                if let Some(command) = scan::command::here(&scan::understood(&readings[at])) {
                    scan::command::ask(command);
                }
                self.note(now, Note::Counted);
            }
            Due::Counted => self.note(now, Note::Counted),
            Due::Several => self.note(now, Note::Several),
            Due::Nothing if now.saturating_sub(self.lit_at) > BLACK_MS => {
                self.note(now, Note::Black);
            }
            Due::Nothing if now.saturating_sub(self.noted_at) > NOTE_MS => {
                self.note(now, Note::Aim);
            }
            Due::Nothing => {}
        }
    }

    fn note(&mut self, now: u64, note: Note) {
        self.noted_at = now;
        if signals().note.get_untracked() != note {
            signals().note.set(note);
        }
    }
}

fn in_view(reading: &Reading, is_aimed: bool) -> InView {
    let scan = scan::understood(reading);
    // What is remembered of a licence says nothing of its holder.
    let text = match reading.symbology {
        Some(Symbology::Pdf417) => Hash::of(&[reading.text.as_bytes()]).to_string(),
        _ => reading.text.clone(),
    };
    InView {
        text,
        fits: scan::fits(&scan, reading),
        asks: scan::command::here(&scan).is_some(),
        is_aimed,
        code: scan.code,
    }
}
