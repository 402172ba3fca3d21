//! Trying a scanner: what came, and how, with nothing recorded.
//!
//! In: readings. Out: the last few, the newest first. Must not: keep what an ID card says.

use domain::code::sheet::Typed;
use domain::code::{Channel, Code, Reading, Reason};
use leptos::prelude::Update as _;

use super::{heard, signals};
use crate::platform::sound::Sound;

/// Readings that are shown.
const SHOWN_MAX: usize = 12;

/// A reading while a scanner is tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// Everything that arrived; `None` for an ID card.
    pub text: Option<String>,
    /// What it means.
    pub code: Code,
    /// Where it came from.
    pub channel: Channel,
    /// How it was typed, if it was.
    pub typed: Option<Typed>,
}

pub(super) fn take(reading: &Reading, code: Code, typed: Option<Typed>) {
    heard(Sound::Accept);
    let is_card = matches!(
        code,
        Code::Nothing {
            reason: Reason::IdCard
        }
    );
    let text = (!is_card).then(|| reading.text.clone());
    signals().tried.update(|tried| {
        tried.insert(
            0,
            Heard {
                text,
                code,
                channel: reading.channel,
                typed,
            },
        );
        tried.truncate(SHOWN_MAX);
    });
}
