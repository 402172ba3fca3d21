//! The camera: one stream, its light, its pictures.
//!
//! In: a wish for the camera at the back. Out: pictures of what its element shows, or why there are none. Must not: be
//! opened a second time while it runs: some browsers then end the first stream, and some ask the person again.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::{
    DomException, HtmlVideoElement, ImageBitmap, MediaDevices, MediaStream, MediaStreamConstraints,
    MediaStreamTrack, MediaStreamTrackState,
};

/// Pictures as the camera delivers them.
mod frame;

pub use frame::{Picture, Way};

/// Pixels that are asked for: one and a half times those of the usual picture in each direction, for small codes.
const SIDES: (f64, f64) = (1_920.0, 1_080.0);
/// How long a picture is waited for, in milliseconds: a camera in the dark delivers seven a second.
const PICTURE_MS: u32 = 250;
/// Pixels by which the part of a picture is measured: frames keep colours by twos.
const STEP: i32 = 2;
/// How much nearer the one step of magnification is.
const NEARER: f64 = 2.0;

/// Why there is no camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraFailed {
    /// The person, or whoever set up the browser, does not allow it.
    NotAllowed,
    /// There is none, or this browser gives none to this page.
    Missing,
    /// Another program has it.
    Busy,
}

impl CameraFailed {
    fn of(cause: &JsValue) -> Self {
        let name = cause
            .dyn_ref::<DomException>()
            .map(DomException::name)
            .unwrap_or_default();
        match name.as_str() {
            "NotAllowedError" | "SecurityError" => Self::NotAllowed,
            "NotReadableError" | "AbortError" => Self::Busy,
            _ => Self::Missing,
        }
    }
}

/// A camera that runs. It is released when this is dropped.
pub struct Camera {
    track: MediaStreamTrack,
    video: HtmlVideoElement,
    /// It has a light that can be switched.
    pub has_light: bool,
    /// It can come nearer.
    pub has_zoom: bool,
}

impl core::fmt::Debug for Camera {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Camera(..)")
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.close();
    }
}

impl Camera {
    /// Opens the camera at the back, or the only one.
    ///
    /// # Errors
    /// When there is none to be had; why.
    pub async fn open() -> Result<Self, CameraFailed> {
        let asked = devices()
            .and_then(|devices| devices.get_user_media_with_constraints(&wish()).ok())
            .ok_or(CameraFailed::Missing)?;
        let stream: MediaStream = JsFuture::from(asked)
            .await
            .map_err(|cause| CameraFailed::of(&cause))?
            .unchecked_into();
        let track: MediaStreamTrack = stream.get_video_tracks().get(0).unchecked_into();
        let video = picture_of(&stream).ok_or(CameraFailed::Missing)?;
        let able = able(&track);
        let camera = Self {
            has_light: Reflect::get(&able, &"torch".into()).is_ok_and(|torch| torch.is_truthy()),
            has_zoom: Reflect::get(&able, &"zoom".into())
                .and_then(|zoom| Reflect::get(&zoom, &"max".into()))
                .is_ok_and(|most| most.as_f64() >= Some(NEARER)),
            track,
            video,
        };
        // Many cameras focus once and keep that; each is asked by itself, for one refusal refuses all that was asked.
        camera.set("focusMode", &"continuous".into()).await;
        Ok(camera)
    }

    /// The element that shows what the camera sees.
    #[must_use]
    pub fn video(&self) -> &HtmlVideoElement {
        &self.video
    }

    /// It still delivers: nobody pulled it out, and no other program took it.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.track.ready_state() == MediaStreamTrackState::Live && !self.track.muted()
    }

    /// People can see what it sees.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        let is_hidden = self
            .video
            .owner_document()
            .is_none_or(|document| document.hidden());
        self.video.is_connected() && !is_hidden
    }

    /// Releases it at once, whoever still looks at its pictures.
    pub fn close(&self) {
        self.track.stop();
        self.video.set_src_object(None);
        self.video.remove();
    }

    /// Switches the light.
    pub async fn light(&self, on: bool) {
        self.set("torch", &on.into()).await;
    }

    /// Goes nearer, or back.
    pub async fn zoom(&self, on: bool) {
        let factor = if on { NEARER } else { 1.0 };
        self.set("zoom", &factor.into()).await;
    }

    /// Waits until there is a newer picture than the last, or for a moment.
    pub async fn next_picture(&self) {
        // A page that moved the element may find it paused.
        if self.video.paused() {
            play(&self.video);
        }
        let waits = Reflect::get(&self.video, &"requestVideoFrameCallback".into())
            .ok()
            .and_then(|waits| waits.dyn_into::<Function>().ok());
        let Some(waits) = waits else {
            TimeoutFuture::new(PICTURE_MS / 4).await;
            return;
        };
        let late = TimeoutFuture::new(PICTURE_MS);
        let comes = Promise::new(&mut |done, _| {
            let asked = waits.call1(&self.video, &done);
            debug_assert!(asked.is_ok(), "a picture can always be asked for");
        });
        let late = future_to_promise(async move {
            late.await;
            Ok(JsValue::UNDEFINED)
        });
        let first = JsFuture::from(Promise::race(&Array::of2(&comes, &late))).await;
        debug_assert!(first.is_ok(), "neither of the two fails");
    }

    /// The part of the picture that is on the screen; what nobody sees is not read. `None`: there is none yet.
    pub async fn picture(&self, way: Way) -> Option<Picture> {
        let sides = (self.video.video_width(), self.video.video_height());
        let shown = (self.video.client_width(), self.video.client_height());
        let part = shown_part(sides, shown)?;
        let frame = match way {
            Way::Frame => frame::of(&self.video, sides, part),
            Way::Bitmap => None,
        };
        if let Some(frame) = frame {
            return Some(frame);
        }
        let (x, y, width, height) = part;
        let asked = web_sys::window()?
            .create_image_bitmap_with_html_video_element_and_a_sx_and_a_sy_and_a_sw_and_a_sh(
                &self.video,
                x,
                y,
                width,
                height,
            )
            .ok()?;
        let bitmap: ImageBitmap = JsFuture::from(asked).await.ok()?.unchecked_into();
        Some(Picture::of_bitmap(&bitmap))
    }

    async fn set(&self, what: &str, to: &JsValue) {
        let Ok(applies) = Reflect::get(&self.track, &"applyConstraints".into()) else {
            return;
        };
        let wish = object(&[("advanced", &Array::of1(&object(&[(what, to)])).into())]);
        // A device that cannot do it says so, and works on as it is.
        if let Ok(asked) = applies
            .unchecked_into::<Function>()
            .call1(&self.track, &wish)
        {
            JsFuture::from(asked.unchecked_into::<Promise>()).await.ok();
        }
    }
}

/// The middle of a picture that a box shows which it fills: left, top, width, height.
fn shown_part(sides: (u32, u32), shown: (i32, i32)) -> Option<(i32, i32, i32, i32)> {
    let (width, height) = (i32::try_from(sides.0).ok()?, i32::try_from(sides.1).ok()?);
    if width <= 0 || height <= 0 {
        return None;
    }
    let (across, down) = (i64::from(shown.0.max(1)), i64::from(shown.1.max(1)));
    // As wide as the box is for this height, or as high as it is for this width; one of the two is all there is.
    let part = |side: i32, other: i32, along: i64, athwart: i64| {
        let wide = i64::from(other) * along / athwart;
        let wide = i32::try_from(wide).map_or(side, |wide| wide.min(side));
        (wide - wide % STEP).max(side.min(STEP))
    };
    let part_width = part(width, height, across, down);
    let part_height = part(height, width, down, across);
    let begin = |side: i32, part: i32| (side - part) / 2 / STEP * STEP;
    Some((
        begin(width, part_width),
        begin(height, part_height),
        part_width,
        part_height,
    ))
}

/// How many cameras there are; `None` when the browser does not say. Asking opens none, and asks nobody.
pub async fn count() -> Option<u32> {
    let asked = devices()?.enumerate_devices().ok()?;
    let all: Array = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    let kind = |one: &JsValue| Reflect::get(one, &"kind".into()).ok()?.as_string();
    let cameras = all
        .iter()
        .filter(|one| kind(one).as_deref() == Some("videoinput"));
    u32::try_from(cameras.count()).ok()
}

fn devices() -> Option<MediaDevices> {
    // A page without a secure address has none.
    let navigator = web_sys::window()?.navigator();
    let devices = Reflect::get(&navigator, &"mediaDevices".into()).ok()?;
    devices.dyn_into().ok()
}

fn wish() -> MediaStreamConstraints {
    let ideal = |value: JsValue| JsValue::from(object(&[("ideal", &value)]));
    let video = object(&[
        ("facingMode", &ideal("environment".into())),
        ("width", &ideal(SIDES.0.into())),
        ("height", &ideal(SIDES.1.into())),
    ]);
    let wish = MediaStreamConstraints::new();
    wish.set_video(&video);
    wish
}

/// What the camera says it can do. Not every browser has the question.
fn able(track: &MediaStreamTrack) -> JsValue {
    Reflect::get(track, &"getCapabilities".into())
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|ask| ask.call0(track))
        .unwrap_or_else(|_| Object::new().into())
}

fn picture_of(stream: &MediaStream) -> Option<HtmlVideoElement> {
    let document = web_sys::window()?.document()?;
    let video: HtmlVideoElement = document.create_element("video").ok()?.dyn_into().ok()?;
    // Before the stream is attached, or a phone shows it over the whole screen, or not at all.
    video.set_muted(true);
    video.set_autoplay(true);
    video.set_attribute("playsinline", "").ok()?;
    video.set_attribute("aria-hidden", "true").ok()?;
    video.set_src_object(Some(stream));
    Some(video)
}

/// Whoever is asked to play while being moved about gives up, and is asked again with the next picture.
fn play(video: &HtmlVideoElement) {
    if let Ok(begins) = video.play() {
        spawn_local(async move {
            JsFuture::from(begins).await.ok();
        });
    }
}

fn object(entries: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        let set = Reflect::set(&object, &(*name).into(), value);
        debug_assert!(set.is_ok(), "an object of our own takes any value");
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_filled_shows_the_middle_of_the_picture() {
        assert_eq!(
            shown_part((1_920, 1_080), (640, 360)),
            Some((0, 0, 1_920, 1_080))
        );
        assert_eq!(
            shown_part((1_920, 1_080), (640, 180)),
            Some((0, 270, 1_920, 540))
        );
        assert_eq!(
            shown_part((1_920, 1_080), (360, 360)),
            Some((420, 0, 1_080, 1_080))
        );
        assert_eq!(
            shown_part((1_080, 1_920), (400, 200)),
            Some((0, 690, 1_080, 540))
        );
    }

    #[test]
    fn a_part_of_a_picture_begins_and_ends_where_its_colours_do() {
        assert_eq!(
            shown_part((1_921, 1_083), (640, 361)),
            Some((0, 0, 1_920, 1_082))
        );
        assert_eq!(
            shown_part((1_280, 720), (333, 100)),
            Some((0, 168, 1_280, 384))
        );
    }

    #[test]
    fn a_picture_that_has_not_come_yet_has_no_part() {
        assert_eq!(shown_part((0, 0), (640, 360)), None);
        assert!(shown_part((1_280, 720), (0, 0)).is_some());
    }
}
