//! What one unit of a product holds.
//!
//! In: what a catalogue or a menu says of it. Out: the measures that purchase limits count. Must not: take for nothing what
//! is not known.

use minicbor::{Decode, Encode};

/// What one unit of a product holds: what purchase limits count. What is absent is not known, and never nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Content {
    /// Net mass, in milligrams.
    #[n(0)]
    pub net_mg: Option<u64>,
    /// THC, in milligrams; a laboratory's figure for the package comes before it.
    #[n(1)]
    pub thc_mg: Option<u64>,
    /// Concentrate contained in it, in milligrams.
    #[n(2)]
    pub concentrate_mg: Option<u64>,
    /// Volume, in microlitres.
    #[n(3)]
    pub volume_ul: Option<u64>,
    /// Things in it: six for a tray of six plants.
    #[n(4)]
    pub units: Option<u64>,
    /// THC of one serving, in milligrams.
    #[n(5)]
    pub serving_thc_mg: Option<u64>,
}
