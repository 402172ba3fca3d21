//! Pieces of label stock.
//!
//! In: what a roll says. Out: its dots. Must not: know a printer.

use core::fmt;

use minicbor::{Decode, Encode};

/// Stock that labels are set for, in hundredths of an inch across and down, widest first.
pub const STOCKS: [(u16, u16); 5] = [(400, 600), (400, 300), (400, 200), (300, 200), (225, 125)];
/// Dots in an inch of the heads that thermal printers have.
pub const HEADS: [u16; 2] = [203, 300];

/// A piece of label stock under a printer's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Media {
    /// Hundredths of an inch across.
    #[n(0)]
    width: u16,
    /// Hundredths of an inch down.
    #[n(1)]
    height: u16,
    /// Dots in an inch.
    #[n(2)]
    dpi: u16,
}

/// The stock a shop has that named none: 4 × 3 inches, 203 dots in an inch.
impl Default for Media {
    fn default() -> Self {
        Self {
            width: 400,
            height: 300,
            dpi: 203,
        }
    }
}

impl Media {
    /// Stock such as `2.25x1.25` under a head of so many dots in an inch; `None` for one labels are not set for.
    #[must_use]
    pub fn parse(stock: &str, dpi: u16) -> Option<Self> {
        Self::all().find(|media| media.stock() == stock && media.dpi == dpi)
    }

    /// All that labels are set for.
    pub fn all() -> impl Iterator<Item = Self> {
        STOCKS.into_iter().flat_map(|(width, height)| {
            HEADS
                .into_iter()
                .map(move |dpi| Self { width, height, dpi })
        })
    }

    /// Whether labels are set for it. What came from elsewhere may be anything.
    #[must_use]
    pub fn is_known(&self) -> bool {
        Self::all().any(|media| media == *self)
    }

    /// The stock's name, such as `2.25x1.25`: inches across and down.
    #[must_use]
    pub fn stock(&self) -> String {
        format!("{}x{}", inches(self.width), inches(self.height))
    }

    /// Inches across and down, as text.
    #[must_use]
    pub fn sides(&self) -> (String, String) {
        (inches(self.width), inches(self.height))
    }

    /// Dots in an inch.
    #[must_use]
    pub fn dpi(&self) -> u16 {
        self.dpi
    }

    /// Dots across.
    #[must_use]
    pub fn width(&self) -> u32 {
        u32::from(self.width) * u32::from(self.dpi) / 100
    }

    /// Dots down.
    #[must_use]
    pub fn height(&self) -> u32 {
        u32::from(self.height) * u32::from(self.dpi) / 100
    }

    /// Dots of a length in thousandths of a millimetre, rounded up.
    #[must_use]
    pub fn dots(&self, micrometres: u32) -> u32 {
        (micrometres * u32::from(self.dpi)).div_ceil(25_400)
    }
}

impl fmt::Display for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} dpi", self.stock(), self.dpi)
    }
}

/// Hundredths of an inch as people write inches: `4`, `2.25`.
fn inches(hundredths: u16) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match part {
        0 => whole.to_string(),
        part if part % 10 == 0 => format!("{whole}.{}", part / 10),
        part => format!("{whole}.{part:02}"),
    }
}
