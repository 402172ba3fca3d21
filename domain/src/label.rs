//! What a label says and where each mark stands, before any printer's language.
//!
//! In: facts, and what the state wants on a label. Out: pages of marks in dots, drawn the same on screen, on paper and by a
//! printer. Must not: cut text off; what does not fit goes onto another label.

/// Code 128 bars.
pub mod code128;
/// Letters, their widths and their shapes.
pub mod face;
/// Dots.
pub mod bitmap;
/// Pieces of label stock.
pub mod media;
/// What a state wants on labels.
pub mod rules;
/// What labels of an order say.
pub mod facts;
/// The words of a label itself.
pub mod caption;
/// From facts to lines.
pub mod lines;
/// From lines to labels.
pub mod pages;
/// The language of most label printers.
pub mod zpl;

pub use bitmap::Bitmap;
pub use face::Face;
pub use facts::{Facts, Row};
pub use media::Media;
pub use pages::compose;
pub use rules::{LabelRules, Language, Place, Template};

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Ordinary.
    Text,
    /// Heavy.
    Strong,
}

/// One mark on a label, in dots from its upper left corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Letters.
    Text {
        /// Where the text begins.
        x: u32,
        /// The base line.
        baseline: u32,
        /// Height of an em.
        size: u32,
        /// How heavy.
        weight: Weight,
        /// The letters.
        text: String,
    },
    /// A black field.
    Rule {
        /// Left edge.
        x: u32,
        /// Upper edge.
        y: u32,
        /// Dots across.
        width: u32,
        /// Dots down.
        height: u32,
    },
    /// The frame of a symbol.
    Frame {
        /// Left edge.
        x: u32,
        /// Upper edge.
        y: u32,
        /// Dots across and down.
        side: u32,
        /// Its shape.
        shape: rules::Shape,
    },
    /// Code 128.
    Bars {
        /// Left edge of the first bar.
        x: u32,
        /// Upper edge.
        y: u32,
        /// Height.
        height: u32,
        /// Dots in a module.
        module: u32,
        /// What it says.
        data: String,
    },
    /// A QR code.
    Square {
        /// Left edge of the first module.
        x: u32,
        /// Upper edge of it.
        y: u32,
        /// Dots in a module.
        module: u32,
        /// What it says.
        data: String,
    },
}

/// One label of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The stock it is for.
    pub media: Media,
    /// Where it goes.
    pub place: Place,
    /// Its marks.
    pub marks: Vec<Mark>,
}

impl Page {
    /// The page in dots.
    #[must_use]
    pub fn drawn(&self, face: &Face<'_>) -> Bitmap {
        let mut onto = Bitmap::new(self.media.width(), self.media.height());
        for mark in &self.marks {
            mark.draw(face, &mut onto);
        }
        onto
    }

    fn has_letter(&self, letter: char) -> bool {
        self.texts().any(|text| text.contains(letter))
    }

    /// Its texts in order, for those who cannot see the picture.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            Mark::Rule { .. } | Mark::Frame { .. } | Mark::Bars { .. } | Mark::Square { .. } => {
                None
            }
        })
    }
}

/// The letters on some labels that the typeface lacks, each once: they print as boxes with their numbers in them. One that
/// nobody can see is named by its number.
#[must_use]
pub fn missing(face: &Face<'_>, pages: &[Page]) -> String {
    let texts = pages.iter().flat_map(Page::texts);
    let mut letters: Vec<char> = texts.flat_map(str::chars).collect();
    letters.sort_unstable();
    letters.dedup();
    let lacking = letters.into_iter().filter(|letter| !face.has(*letter));
    let named = lacking.map(|letter| match letter.is_alphanumeric() {
        true => letter.to_string(),
        false => format!("U+{:04X}", u32::from(letter)),
    });
    named.collect::<Vec<_>>().join(" ")
}

/// The facts on some labels that are not printed whole, because the typeface lacks letters of them: somebody writes them on by hand.
#[must_use]
pub fn by_hand<'a>(face: &Face<'_>, facts: &'a Facts, pages: &[Page]) -> Vec<&'a str> {
    let is_boxed =
        |letter: char| !face.has(letter) && pages.iter().any(|page| page.has_letter(letter));
    // The shop's name is printed in capitals.
    let is_on = |letter: char| letter.to_uppercase().chain([letter]).any(is_boxed);
    let mut texts: Vec<&str> = Vec::new();
    for text in facts.texts().filter(|text| text.chars().any(is_on)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

impl Mark {
    /// Draws the mark.
    pub fn draw(&self, face: &Face<'_>, onto: &mut Bitmap) {
        match self {
            Self::Text {
                x,
                baseline,
                size,
                weight,
                text,
            } => face.draw(onto, (*x, *baseline), *size, *weight, text),
            Self::Rule {
                x,
                y,
                width,
                height,
            } => onto.block(*x, *y, *width, *height),
            Self::Frame { x, y, side, shape } => shape.draw(onto, (*x, *y), *side),
            Self::Bars {
                x,
                y,
                height,
                module,
                data,
            } => {
                let mut left = *x;
                for (index, width) in (0_u32..).zip(code128::widths(data).unwrap_or_default()) {
                    let width = u32::from(width) * module;
                    if index % 2 == 0 {
                        onto.block(left, *y, width, *height);
                    }
                    left += width;
                }
            }
            Self::Square { x, y, module, data } => {
                let rows = pages::square(data).unwrap_or_default();
                for (row, modules) in (0_u32..).zip(&rows) {
                    for (column, black) in (0_u32..).zip(modules) {
                        if *black {
                            let at = (x + column * module, y + row * module);
                            onto.block(at.0, at.1, *module, *module);
                        }
                    }
                }
            }
        }
    }

    /// The same mark further down and to the right.
    #[must_use]
    fn moved(mut self, right: u32, down: u32) -> Self {
        match &mut self {
            Self::Text { x, baseline: y, .. }
            | Self::Rule { x, y, .. }
            | Self::Frame { x, y, .. }
            | Self::Bars { x, y, .. }
            | Self::Square { x, y, .. } => {
                *x += right;
                *y += down;
            }
        }
        self
    }
}
