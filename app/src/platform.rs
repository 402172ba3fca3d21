//! What the browser can do, one capability per file.
//!
//! Must not: know what a package or an order is.

/// The wall clock and the clock that never jumps.
pub mod clock;
/// Keys, signatures and sealing by WebCrypto.
pub mod crypto;
/// Passkeys: the person's authenticator.
pub mod passkey;
/// What came packed, unfolded.
pub mod unpack;
/// Random bytes and identifiers.
pub mod random;
/// The camera: one stream, its light, its pictures.
pub mod camera;
/// The browser's own reader of codes.
pub mod detector;
/// The lock that lets one tab write.
pub mod lock;
/// The three sounds.
pub mod sound;
/// Vibration.
pub mod vibration;
/// What people chose on this device: language, theme, hand, sound.
pub mod choice;
/// Days and times in the shop's zone, as people read them.
pub mod locale;
/// Whether the storage may be evicted, and how much there is.
pub mod storage;
/// A label printer at the tablet's own USB.
pub mod usb;
/// Files to the person and from the person.
pub mod file;
/// The service worker, and a newer build waiting.
pub mod update;
/// The files of the label's typeface.
pub mod face;
/// Work away from the screen.
pub mod worker;
