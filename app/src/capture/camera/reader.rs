//! Whoever reads the camera's pictures: the browser's own reader where it has a good one, and ours.
//!
//! In: pictures, one at a time. Out: the codes in each. Must not: count what only the browser's reader says once, or
//! leave a picture to it in which it is not sure.

use domain::code::Channel;
use domain::code::second_look::SecondLook;
use domain::code::sight::{Look, Wanted};
use web_sys::ImageBitmap;

use super::eye::Eye;
use crate::platform::detector::Detector;
use crate::scan;

/// Times the browser's reader may fail before it is left alone.
const FAILS_MAX: u32 = 3;

/// The readers.
pub(super) struct Reader {
    eye: Option<Eye>,
    quick: Option<(Detector, SecondLook)>,
    fails: u32,
    looks: u32,
}

impl Reader {
    pub(super) async fn open() -> Self {
        let quick = Detector::open().await;
        Self {
            eye: Eye::open().await,
            quick: quick.map(|detector| (detector, SecondLook::default())),
            fails: 0,
            looks: 0,
        }
    }

    /// Another worker in the place of one that broke.
    pub(super) async fn mend(&mut self) {
        self.eye = Eye::open().await;
    }

    pub(super) fn is_there(&self) -> bool {
        self.eye.is_some()
    }

    /// Looks at a picture. `None`: our reader broke on it.
    pub(super) async fn look(&mut self, picture: &ImageBitmap, wanted: Wanted) -> Option<Look> {
        self.looks = self.looks.wrapping_add(1);
        // Every other picture is ours alone: how far the browser's reader sees at an angle nobody knows.
        let is_its_turn = self.looks.is_multiple_of(2) && !wanted.has(Wanted::LICENCE);
        if is_its_turn && let Some(look) = self.look_quickly(picture).await {
            picture.close();
            return Some(look);
        }
        self.eye.as_ref()?.look(picture, wanted).await
    }

    /// What the browser's reader is sure of.
    async fn look_quickly(&mut self, picture: &ImageBitmap) -> Option<Look> {
        let (detector, looks) = self.quick.as_mut()?;
        let Some(seen) = detector.look(picture).await else {
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
