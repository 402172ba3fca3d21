//! Codes in pictures.
//!
//! In: a grey picture. Out: the codes in it, each of a known scheme. Must not: guess; a picture in which nothing is read for certain gives
//! nothing, and the next one comes in a moment.
//!
//! Linear codes are read the way a hand would smooth a crumpled label: a patch of parallel bars is found by the
//! direction of its edges, its brightness is summed along the bars into one line, however the code is turned or
//! tilted, and the line is compared, character by character, with how each character would look at that size and
//! blur. Nothing is cut into black and white, so a module may be as small as one pixel.
//!
//! Square codes are found in black and white, and then read from the grey picture like linear ones. Licences and retail
//! codes are read on many lines, on which bars are measured finer than pixels, and no line is believed alone.

/// Code 128.
pub mod code128;
/// How far a symbol reaches.
mod extent;
/// Patches of parallel bars.
mod field;
/// A grey picture.
pub mod frame;
/// A patch's bars, summed along themselves.
mod line;
/// Numbers of pixels.
mod number;
/// Things in order.
mod order;
/// Everything in one picture.
pub mod read;
/// One picture after the other.
pub mod reader;
/// UPC and EAN.
mod retail;
/// Square codes.
mod square;
/// PDF417: driving licences.
mod stacked;
/// A patch, straightened.
mod straight;
/// Where a line turns from light to dark and back.
mod turns;
/// Directions.
mod way;

pub use frame::Frame;
pub use read::read;
pub use reader::{Reader, Symbol};
