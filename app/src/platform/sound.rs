//! The three sounds: accepted, refused, attention. Different in pitch and in rhythm.
//!
//! Rendered once into buffers; the tap that signs a person in also lets the browser make noise.

use std::cell::RefCell;
use std::f32::consts::TAU;

use web_sys::{AudioBuffer, AudioBufferSourceNode, AudioContext};

/// Which sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// One note, high.
    Accept,
    /// Two notes, low.
    Refuse,
    /// Three notes, rising.
    Attend,
}

#[derive(Clone, Copy)]
enum Wave {
    Sine,
    Square,
    Triangle,
}

struct Note {
    hertz: f32,
    milliseconds: u16,
    rest: u16,
}

struct Player {
    context: AudioContext,
    accept: AudioBuffer,
    refuse: AudioBuffer,
    attend: AudioBuffer,
    playing: Option<AudioBufferSourceNode>,
}

thread_local! {
    static PLAYER: RefCell<Option<Player>> = const { RefCell::new(None) };
}

/// Samples in a second; enough for what a tablet's loudspeaker gives.
const RATE: f32 = 22_050.0;

/// Renders the sounds. Call it from a tap: browsers keep silent otherwise.
pub fn unlock() {
    PLAYER.with_borrow_mut(|player| {
        if player.is_none() {
            *player = make();
        }
        if let Some(player) = player {
            let _resumed = player.context.resume();
        }
    });
}

/// Plays a sound and cuts off the one before it.
pub fn play(sound: Sound) {
    PLAYER.with_borrow_mut(|player| {
        let Some(player) = player else { return };
        if let Some(before) = player.playing.take() {
            #[expect(
                deprecated,
                reason = "web-sys marks the inherited stop() so; there is no other"
            )]
            let _stopped = before.stop();
        }
        let buffer = match sound {
            Sound::Accept => &player.accept,
            Sound::Refuse => &player.refuse,
            Sound::Attend => &player.attend,
        };
        let Ok(source) = player.context.create_buffer_source() else {
            return;
        };
        source.set_buffer(Some(buffer));
        let connected = source.connect_with_audio_node(&player.context.destination());
        if connected.is_ok() && source.start().is_ok() {
            player.playing = Some(source);
        }
    });
}

fn make() -> Option<Player> {
    let context = AudioContext::new().ok()?;
    let note = |hertz, milliseconds, rest| Note {
        hertz,
        milliseconds,
        rest,
    };
    let accept = render(&context, Wave::Sine, 0.5, &[note(1568.0, 70, 0)])?;
    let refuse = render(
        &context,
        Wave::Square,
        0.6,
        &[note(311.0, 140, 70), note(233.0, 220, 0)],
    )?;
    let rising = [
        note(659.0, 90, 20),
        note(880.0, 90, 20),
        note(1175.0, 90, 0),
    ];
    let attend = render(&context, Wave::Triangle, 0.7, &rising)?;
    Some(Player {
        context,
        accept,
        refuse,
        attend,
        playing: None,
    })
}

fn render(context: &AudioContext, wave: Wave, gain: f32, notes: &[Note]) -> Option<AudioBuffer> {
    let mut samples: Vec<f32> = Vec::new();
    // One-pole low-pass at 1.8 kHz takes the edge off the square wave.
    let smoothing = if matches!(wave, Wave::Square) {
        0.4
    } else {
        1.0
    };
    let mut smoothed = 0.0;
    for note in notes {
        let length = f32::from(note.milliseconds) / 1000.0;
        for index in 0..count(length) {
            let time = f32::from(index) / RATE;
            let phase = (time * note.hertz).fract();
            let value = match wave {
                Wave::Sine => (phase * TAU).sin(),
                Wave::Square => 1.0_f32.copysign(0.5 - phase),
                Wave::Triangle => 1.0 - 4.0 * (phase - 0.5).abs(),
            };
            let attack = (time / 0.004).min(1.0);
            let release = (-((time - (length - 0.05)).max(0.0)) / 0.015).exp();
            smoothed += smoothing * (value - smoothed);
            samples.push(smoothed * gain * attack * release);
        }
        let rest = samples.len() + usize::from(count(f32::from(note.rest) / 1000.0));
        samples.resize(rest, 0.0);
    }
    let frames = u32::try_from(samples.len()).ok()?;
    let buffer = context.create_buffer(1, frames, RATE).ok()?;
    buffer.copy_to_channel(&samples, 0).ok()?;
    Some(buffer)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the longest note has fewer than ten thousand samples"
)]
fn count(seconds: f32) -> u16 {
    (seconds * RATE) as u16
}
