//! Whoever reads the camera's pictures: the browser's own reader where it has a good one, and ours.
//!
//! In: pictures, one at a time. Out: the codes in each. Must not: count what only the browser's reader says once, or
//! leave a picture to it in which it is not sure.

use domain::code::Channel;
use domain::code::second_look::SecondLook;
use domain::code::sight::{Look, Wanted};

use super::eye::Eye;
use crate::platform::camera::{Picture, Way};
use crate::platform::detector::Detector;
use crate::scan;

/// Times the browser's reader may fail before it is left alone.
const FAILS_MAX: u32 = 3;

/// Every such picture is one that was drawn: how well a browser hands out a camera's frames nobody knows.
const BITMAP_EVERY: u32 = 8;

/// The readers.
pub(super) struct Reader {
    eye: Option<Eye>,
    quick: Option<(Detector, SecondLook)>,
    fails: u32,
    looks: u32,
    /// Our reader broke on a frame as the camera delivers it.
    breaks_on_frames: bool,
}

impl Reader {
    pub(super) async fn open() -> Self {
        let quick = Detector::open().await;
        Self {
            eye: Eye::open().await,
            quick: quick.map(|detector| (detector, SecondLook::default())),
            fails: 0,
            looks: 0,
            breaks_on_frames: false,
        }
    }

    /// Another worker in the place of one that broke.
    pub(super) async fn mend(&mut self) {
        self.eye = Eye::open().await;
    }

    pub(super) fn is_there(&self) -> bool {
        self.eye.is_some()
    }

    /// How the next picture has to be taken.
    pub(super) fn way(&mut self, wanted: Wanted) -> Way {
        self.looks = self.looks.wrapping_add(1);
        let is_drawn = self.looks.is_multiple_of(BITMAP_EVERY) || self.breaks_on_frames;
        if is_drawn || self.is_quick_ones_turn(wanted) {
            Way::Bitmap
        } else {
            Way::Frame
        }
    }

    /// Every other picture is ours alone: how far the browser's reader sees at an angle nobody knows.
    fn is_quick_ones_turn(&self, wanted: Wanted) -> bool {
        self.quick.is_some() && self.looks.is_multiple_of(2) && !wanted.has(Wanted::LICENCE)
    }

    /// Looks at a picture. `None`: our reader broke on it.
    pub(super) async fn look(&mut self, picture: &Picture, wanted: Wanted) -> Option<Look> {
        if self.is_quick_ones_turn(wanted)
            && let Some(look) = self.look_quickly(picture).await
        {
            picture.close();
            return Some(look);
        }
        let look = self.eye.as_ref()?.look(picture, wanted).await;
        self.breaks_on_frames |= look.is_none() && picture.way == Way::Frame;
        look
    }

    /// What the browser's reader is sure of.
    async fn look_quickly(&mut self, picture: &Picture) -> Option<Look> {
        let (detector, looks) = self.quick.as_mut()?;
        let Some(seen) = detector.look(picture.as_js()).await else {
            self.fails += 1;
            if self.fails >= FAILS_MAX {
                self.quick = None;
            }
            return None;
        };
        let sightings = looks.take(seen, &scan::settings(Channel::Camera));
        (!sightings.is_empty()).then_some(Look {
            sightings,
            is_black: false,
        })
    }
}
