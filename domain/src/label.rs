//! What a label says and where each mark stands, before any printer's language.
//!
//! In: facts. Out: pages of marks in dots, drawn the same on screen, on paper and by a printer.
//! Must not: cut text off; what does not fit goes onto another label.

/// Code 128 bars.
pub mod code128;

/// Dots in an inch: the common thermal printer's 8 dots per millimetre.
pub const DOTS_PER_INCH: u32 = 203;
/// Width of an exit label of 4 × 3 inches.
pub const WIDTH: u32 = 4 * DOTS_PER_INCH;
/// Height of it.
pub const HEIGHT: u32 = 3 * DOTS_PER_INCH;
/// Blank edge.
const MARGIN: u32 = 24;
/// Height of one product's row.
const ROW: u32 = 58;
/// Where the first row begins.
const ROWS_TOP: u32 = 176;
/// Rows that fit between the head and the bars.
const ROWS_MAX: usize = 5;
/// Sentences beside the bars at most; more go onto another label.
const SENTENCES_MAX: usize = 5;

/// What the exit label of one order says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitLabel {
    /// Business and shop.
    pub seller: String,
    /// The state's licence number.
    pub license: String,
    /// The customer's name as the label prints it.
    pub customer: String,
    /// Day and time of the sale, in the shop's zone.
    pub sold: String,
    /// The order's short code.
    pub order: String,
    /// The label's own code.
    pub code: String,
    /// Products.
    pub rows: Vec<LabelRow>,
    /// Sentences the state wants, never translated.
    pub sentences: Vec<String>,
}

/// One package's units in the bag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRow {
    /// The product.
    pub product: String,
    /// The package's tag.
    pub tag: String,
    /// THC as the laboratory stated it.
    pub thc: String,
    /// CBD likewise.
    pub cbd: String,
    /// Units in the bag.
    pub units: u32,
}

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
        /// Where the text begins, or ends when it is set to the right.
        x: u32,
        /// The base line.
        baseline: u32,
        /// Height of an em.
        size: u32,
        /// How heavy.
        weight: Weight,
        /// Set to the right of `x` or to the left of it.
        to_the_left: bool,
        /// The letters.
        text: String,
    },
    /// A line across.
    Rule {
        /// Left end.
        x: u32,
        /// Upper edge.
        y: u32,
        /// Length.
        length: u32,
        /// Thickness.
        thickness: u32,
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
        /// Widths in modules, bar and gap in turn.
        widths: Vec<u8>,
    },
}

/// One label of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its marks.
    pub marks: Vec<Mark>,
}

/// Widest letter of the label's typeface, in hundredths of an em, apart from full-width scripts.
const LETTER_HUNDREDTHS: u32 = 62;

/// Dots a text takes at most. A little more than the typeface needs, so that what fits here fits on paper.
#[must_use]
pub fn width_max(text: &str, size: u32) -> u32 {
    let hundredths: u32 = text
        .chars()
        .map(|letter| {
            if u32::from(letter) < 0x2000 {
                LETTER_HUNDREDTHS
            } else {
                110
            }
        })
        .sum();
    (hundredths * size).div_ceil(100)
}

/// Breaks a text into lines that fit, between words where there are any.
#[must_use]
pub fn wrap(text: &str, size: u32, width: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let joined = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if width_max(&joined, size) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            if !line.is_empty() && width_max(&format!("{line}{letter}"), size) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// A product's lines on the label: usually one row, more when its name is long.
struct Entry {
    lines: Vec<String>,
    row: LabelRow,
}

impl Entry {
    /// Room in rows: a name line and the tag line share a row; each further name line takes half of one.
    fn rows(&self) -> usize {
        1 + (self.lines.len() - 1).div_ceil(2)
    }
}

/// Sets an exit label: as many pages as it needs, each with the whole head and the code.
#[must_use]
pub fn compose(label: &ExitLabel) -> Vec<Page> {
    let mut pages: Vec<(Vec<Entry>, Vec<String>)> = vec![(Vec::new(), Vec::new())];
    let mut used = 0;
    for row in &label.rows {
        let entry = Entry {
            lines: wrap(&row.product, 22, 480),
            row: row.clone(),
        };
        if used + entry.rows() > ROWS_MAX && used > 0 {
            pages.push((Vec::new(), Vec::new()));
            used = 0;
        }
        used += entry.rows();
        if let Some(page) = pages.last_mut() {
            page.0.push(entry);
        }
    }
    let sentences: Vec<String> = label
        .sentences
        .iter()
        .flat_map(|sentence| wrap(sentence, 16, 276))
        .collect();
    for (index, part) in sentences.chunks(SENTENCES_MAX).enumerate() {
        if index == pages.len() {
            pages.push((Vec::new(), Vec::new()));
        }
        pages[index].1 = part.to_vec();
    }
    let count = pages.len();
    pages
        .into_iter()
        .enumerate()
        .map(|(index, (entries, sentences))| {
            let mut marks = head(label, index + 1, count);
            rows(&mut marks, &entries);
            foot(&mut marks, label, &sentences);
            Page { marks }
        })
        .collect()
}

fn text(x: u32, baseline: u32, size: u32, weight: Weight, text: impl Into<String>) -> Mark {
    Mark::Text {
        x,
        baseline,
        size,
        weight,
        to_the_left: false,
        text: text.into(),
    }
}

fn text_left(x: u32, baseline: u32, size: u32, weight: Weight, text: impl Into<String>) -> Mark {
    Mark::Text {
        x,
        baseline,
        size,
        weight,
        to_the_left: true,
        text: text.into(),
    }
}

fn head(label: &ExitLabel, page: usize, pages: usize) -> Vec<Mark> {
    let right = WIDTH - MARGIN;
    let rule = |y, thickness| Mark::Rule {
        x: MARGIN,
        y,
        length: WIDTH - 2 * MARGIN,
        thickness,
    };
    let mut marks = vec![
        text(MARGIN, 44, 22, Weight::Strong, label.seller.to_uppercase()),
        text_left(
            right,
            44,
            20,
            Weight::Text,
            format!("Licence {}", label.license),
        ),
        rule(54, 4),
        text(MARGIN, 80, 18, Weight::Text, "Customer"),
        text(296, 80, 18, Weight::Text, "Sold"),
        text(586, 80, 18, Weight::Text, "Order"),
        text_left(right, 80, 18, Weight::Text, "Label"),
        text(296, 108, 24, Weight::Strong, label.sold.clone()),
        text(586, 108, 24, Weight::Strong, label.order.clone()),
        text_left(right, 108, 24, Weight::Strong, format!("{page} of {pages}")),
    ];
    // A long name is set smaller, then on two lines; it is never cut.
    let sizes = [24, 20, 16, 13];
    let fits = |size: &&u32| wrap(&label.customer, **size, 262).len() <= 2;
    let size = *sizes.iter().find(fits).unwrap_or(&11);
    for (line, baseline) in wrap(&label.customer, size, 262)
        .into_iter()
        .zip([108, 128, 140, 150])
    {
        marks.push(text(MARGIN, baseline, size, Weight::Strong, line));
    }
    marks.extend([
        text(MARGIN, 162, 17, Weight::Strong, "Product · tag"),
        text_left(628, 162, 17, Weight::Strong, "THC"),
        text_left(728, 162, 17, Weight::Strong, "CBD"),
        text_left(right, 162, 17, Weight::Strong, "Qty"),
        rule(170, 2),
    ]);
    marks
}

fn rows(marks: &mut Vec<Mark>, entries: &[Entry]) {
    let mut y = ROWS_TOP;
    for entry in entries {
        let mut baseline = y + 22;
        for line in &entry.lines {
            marks.push(text(MARGIN, baseline, 22, Weight::Strong, line.clone()));
            baseline += 24;
        }
        marks.push(text(
            MARGIN,
            baseline,
            21,
            Weight::Text,
            entry.row.tag.clone(),
        ));
        let middle = y + 34;
        marks.push(text_left(
            628,
            middle,
            21,
            Weight::Text,
            entry.row.thc.clone(),
        ));
        marks.push(text_left(
            728,
            middle,
            21,
            Weight::Text,
            entry.row.cbd.clone(),
        ));
        let units = entry.row.units.to_string();
        marks.push(text_left(WIDTH - MARGIN, middle, 21, Weight::Strong, units));
        y += ROW * u32::try_from(entry.rows()).unwrap_or(1);
        marks.push(Mark::Rule {
            x: MARGIN,
            y: y - 2,
            length: WIDTH - 2 * MARGIN,
            thickness: 1,
        });
    }
}

fn foot(marks: &mut Vec<Mark>, label: &ExitLabel, sentences: &[String]) {
    marks.push(Mark::Bars {
        x: MARGIN,
        y: 480,
        height: 80,
        module: 2,
        widths: code128::widths(&label.code).unwrap_or_default(),
    });
    marks.push(text(MARGIN, 586, 20, Weight::Strong, label.code.clone()));
    for (sentence, baseline) in sentences.iter().zip([496, 516, 536, 556, 576]) {
        marks.push(text(512, baseline, 16, Weight::Text, sentence.clone()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn label(products: &[&str], customer: &str) -> ExitLabel {
        let row = |product: &&str| LabelRow {
            product: (*product).to_owned(),
            tag: "1A4FF0300000C57000000101".into(),
            thc: "24.1 %".into(),
            cbd: "0.1 %".into(),
            units: 2,
        };
        ExitLabel {
            seller: "Harborlight · Harbor Street".into(),
            license: "C10-0000000-LIC".into(),
            customer: customer.into(),
            sold: "11/24/2026 2:12 pm".into(),
            order: "K7-482".into(),
            code: "CUSXK7482AB12CD4".into(),
            rows: products.iter().map(row).collect(),
            sentences: vec!["Keep in this bag until you are home.".into()],
        }
    }

    fn words(pages: &[Page]) -> String {
        let mut all = String::new();
        for mark in pages.iter().flat_map(|page| &page.marks) {
            if let Mark::Text { text, .. } = mark {
                all.push_str(text);
                all.push(' ');
            }
        }
        all
    }

    fn inside(mark: &Mark) -> bool {
        match mark {
            Mark::Text {
                x,
                baseline,
                size,
                to_the_left,
                text,
                ..
            } => {
                let width = width_max(text, *size);
                let across = if *to_the_left {
                    width <= *x
                } else {
                    x + width <= WIDTH
                };
                across && *baseline <= HEIGHT
            }
            Mark::Rule {
                x,
                y,
                length,
                thickness,
            } => x + length <= WIDTH && y + thickness <= HEIGHT,
            Mark::Bars {
                x,
                y,
                height,
                module,
                widths,
            } => {
                let modules: u32 = widths.iter().map(|width| u32::from(*width)).sum();
                // A quiet zone of ten modules on both sides.
                x >= &(10 * module) && x + (modules + 10) * module <= WIDTH && y + height <= HEIGHT
            }
        }
    }

    #[test]
    fn a_label_of_three_products_is_one_page_and_names_everything() {
        let pages = compose(&label(
            &["Tidewater OG 3.5 g", "Gummies", "Pre-roll"],
            "Jordan P.",
        ));
        assert_eq!(pages.len(), 1);
        let words = words(&pages);
        for said in [
            "Jordan P.",
            "Tidewater OG 3.5 g",
            "C10-0000000-LIC",
            "K7-482",
            "24.1 %",
        ] {
            assert!(words.contains(said), "{said} is missing: {words}");
        }
        assert!(pages[0].marks.iter().all(inside));
    }

    #[test]
    fn twenty_products_go_onto_four_labels_and_each_says_which_it_is() {
        let pages = compose(&label(&["Night Ferry gummies 10-pack"; 20], "Jordan P."));
        assert_eq!(pages.len(), 4);
        assert!(words(&pages).contains("4 of 4"));
    }

    proptest! {
        #[test]
        fn no_name_however_long_or_foreign_is_cut_or_runs_over_the_edge(
            product in "\\PC{1,150}",
            customer in "[A-Za-zéàü ]{1,80}",
        ) {
            let pages = compose(&label(&[product.as_str()], &customer));
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert!(squeeze(&words(&pages)).contains(&squeeze(&product)));
            prop_assert!(squeeze(&words(&pages)).contains(&squeeze(&customer)));
            for page in &pages {
                for mark in &page.marks {
                    prop_assert!(inside(mark), "{mark:?}");
                }
            }
        }
    }
}
