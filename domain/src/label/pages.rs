//! From lines to labels.
//!
//! In: facts and what a state wants. Out: as many labels as it takes, each with the order, its number and its code. Must not:
//! leave a line alone: neither a heading without what follows nor the last line without what precedes it.

use qrcodegen::{QrCode, QrCodeEcc};

use super::lines::{Block, Line, Setter, is_narrow, leading};
use super::{
    Face, Facts, LabelRules, Language, Mark, Media, Page, Place, Row, Template, Weight, caption,
    code128,
};

/// White to both sides of bars, in modules.
const QUIET: u32 = 10;
/// White around a QR code, in modules.
const SQUARE_QUIET: u32 = 4;
/// Blocks of so many lines are not torn apart.
const WHOLE_MAX: usize = 3;
/// Labels for the units of one package in one print at most: far beyond what anybody may buy.
pub const ITEMS_MAX: u32 = 200;

/// Sets the labels of an order: the bag's, then one for each unit where the state wants that, then what goes along.
#[must_use]
pub fn compose(face: &Face<'_>, rules: &LabelRules, facts: &Facts, media: Media) -> Vec<Page> {
    let mut pages = Vec::new();
    for template in rules.labels() {
        let is_allowed = template.languages.contains(&facts.language);
        let language = if is_allowed {
            facts.language
        } else {
            Language::English
        };
        let facts = &Facts {
            language,
            ..facts.clone()
        };
        let is_wanted = |row: &&Row| {
            let class = row.class.as_ref();
            template.classes.is_empty()
                || class.is_none_or(|class| template.classes.contains(class))
        };
        let rows: Vec<Row> = match template.place {
            Place::Bag => facts.rows.clone(),
            Place::Item | Place::Receipt | Place::Insert => {
                facts.rows.iter().filter(is_wanted).cloned().collect()
            }
        };
        if template.place != Place::Item {
            if template.place == Place::Bag || !rows.is_empty() {
                let facts = Facts {
                    rows,
                    ..facts.clone()
                };
                pages.extend(label(face, rules, &template, &facts, media));
            }
            continue;
        }
        for row in rows {
            let units = row.units.min(ITEMS_MAX);
            let facts = Facts {
                rows: vec![Row { units: 1, ..row }],
                ..facts.clone()
            };
            let one = label(face, rules, &template, &facts, media);
            pages.extend((0..units).flat_map(|_| one.clone()));
        }
    }
    pages
}

/// The frame of a label: what stands on every piece of it.
struct Frame {
    margin: u32,
    /// Room for lines: from where, how much across and down.
    top: u32,
    width: u32,
    room: u32,
    code: Option<Code>,
}

/// The label's code.
enum Code {
    Bars { module: u32, height: u32 },
    Square { module: u32, side: u32 },
}

impl Frame {
    fn of(media: Media, facts: &Facts, has_code: bool, small: u32) -> Self {
        let margin = media.dots(if is_narrow(media) { 1_250 } else { 2_500 });
        let (across, down) = (media.width() - 2 * margin, media.height() - 2 * margin);
        let top = margin + leading(small) + margin / 4;
        let mut frame = Self {
            margin,
            top,
            width: across,
            room: media.height() - margin - top,
            code: None,
        };
        if !has_code {
            return frame;
        }
        // A quarter of a millimetre: what every scanner reads, and thermal heads of both kinds print evenly.
        let module = (u32::from(media.dpi()) * 250 / 25_400).max(2);
        let widths = code128::widths(&facts.code).unwrap_or_default();
        let modules: u32 = widths.into_iter().map(u32::from).sum();
        frame.room -= leading(small);
        if (modules + 2 * QUIET) * module <= media.width() && !is_narrow(media) {
            let height = media.dots(9_000);
            frame.room -= height + margin / 4;
            frame.code = Some(Code::Bars { module, height });
        } else {
            let modules = square(&facts.code).map_or(0, |rows| rows.len());
            let module = media.dots(400);
            let side = u32::try_from(modules).unwrap_or(0) * module;
            frame.width -= (side + SQUARE_QUIET * module).min(across / 2);
            frame.code = Some(Code::Square {
                module,
                side: side.min(down),
            });
        }
        frame
    }
}

/// One label, on as many pieces as it takes.
fn label(
    face: &Face<'_>,
    rules: &LabelRules,
    template: &Template,
    facts: &Facts,
    media: Media,
) -> Vec<Page> {
    let plain = Setter::new(face, media, 0, 0);
    let frame = Frame::of(media, facts, template.place == Place::Bag, plain.small);
    let setter = Setter::new(face, media, frame.width, template.height_um_min);
    let blocks = setter.blocks(template, rules, facts);
    let pieces = pieces(blocks, frame.room);
    let count = pieces.len();
    let pieces = pieces.into_iter().enumerate();
    pieces
        .map(|(index, lines)| {
            let mut marks = head(&plain, &frame, facts, (index + 1, count));
            let mut y = frame.top;
            for line in lines {
                let moved = line
                    .marks
                    .into_iter()
                    .map(|mark| mark.moved(frame.margin, y));
                marks.extend(moved);
                y += line.height;
            }
            marks.extend(foot(&plain, &frame, facts, media));
            Page {
                media,
                place: template.place,
                marks,
            }
        })
        .collect()
}

/// Spreads blocks over pieces with room for so many dots of lines.
fn pieces(blocks: Vec<Block>, room: u32) -> Vec<Vec<Line>> {
    let mut pieces: Vec<Vec<Line>> = vec![Vec::new()];
    let mut left = room;
    for mut block in blocks {
        loop {
            let fits = fitting(&block, left);
            let Some(piece) = pieces.last_mut() else {
                break;
            };
            if fits == block.len() {
                left -= block.iter().map(|line| line.height).sum::<u32>();
                piece.append(&mut block);
                break;
            }
            let is_fresh = piece.is_empty();
            let lines = block.len();
            // Two at least stay, and two at least go on.
            let taken = match lines > WHOLE_MAX {
                true => fits.min(lines - 2),
                false => 0,
            };
            let taken = if taken < 2 { 0 } else { taken };
            // A fresh piece always takes something in, or this would go on for ever.
            let taken = if is_fresh && taken == 0 {
                fits.max(1)
            } else {
                taken
            };
            piece.extend(block.drain(..taken.min(lines)));
            if block.is_empty() {
                left = 0;
                break;
            }
            pieces.push(Vec::new());
            left = room;
        }
    }
    pieces
}

/// How many lines of a block fit.
fn fitting(block: &Block, room: u32) -> usize {
    let mut used = 0;
    let fits = block.iter().take_while(|line| {
        used += line.height;
        used <= room
    });
    fits.count()
}

/// The order, which piece this is, and whether it was printed before.
fn head(
    setter: &Setter<'_>,
    frame: &Frame,
    facts: &Facts,
    (number, count): (usize, usize),
) -> Vec<Mark> {
    let of = caption::of(number, count, facts.language);
    let right = match facts.copy {
        0 | 1 => of,
        copy => format!("{} · {of}", caption::reprint(copy - 1, facts.language)),
    };
    let text = |x: u32, text: String| Mark::Text {
        x,
        baseline: frame.margin + setter.small,
        size: setter.small,
        weight: Weight::Strong,
        text,
    };
    let taken = setter.measure(&right, setter.small, Weight::Strong);
    let mut marks = vec![text(
        frame.margin + frame.width.saturating_sub(taken),
        right,
    )];
    let order = setter.measure(&facts.order, setter.small, Weight::Strong);
    // An order's number of more than a line stands among the fields alone.
    if order + setter.gap + taken <= frame.width {
        marks.push(text(frame.margin, facts.order.clone()));
    }
    marks
}

/// The label's code, to be scanned and to be read, and the rules it was printed by.
fn foot(setter: &Setter<'_>, frame: &Frame, facts: &Facts, media: Media) -> Vec<Mark> {
    let Some(code) = &frame.code else {
        return Vec::new();
    };
    let (size, bottom) = (setter.small, media.height() - frame.margin);
    let baseline = bottom - (leading(size) - size);
    let text = |x: u32, text: &str, weight: Weight| Mark::Text {
        x,
        baseline,
        size,
        weight,
        text: text.to_owned(),
    };
    let mut marks = vec![text(frame.margin, &facts.code, Weight::Strong)];
    let taken = setter.measure(&facts.code, size, Weight::Strong);
    let rules = setter.measure(&facts.rules, size, Weight::Text);
    if taken + setter.gap + rules <= frame.width {
        let x = frame.margin + frame.width - rules;
        marks.push(text(x, &facts.rules, Weight::Text));
    }
    marks.push(match code {
        Code::Bars { module, height } => Mark::Bars {
            x: frame.margin.max(QUIET * module),
            y: bottom - leading(size) - height,
            height: *height,
            module: *module,
            data: facts.code.clone(),
        },
        Code::Square { module, side } => Mark::Square {
            x: media.width() - frame.margin - side,
            y: bottom - side,
            module: *module,
            data: facts.code.clone(),
        },
    });
    marks
}

/// The modules of a QR code, row by row, black as true; `None` for more than one holds.
#[must_use]
pub fn square(data: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::encode_text(data, QrCodeEcc::Medium).ok()?;
    let side = 0..code.size();
    let row = |y: i32| side.clone().map(|x| code.get_module(x, y)).collect();
    Some(side.clone().map(row).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_line_is_lost_and_none_stands_alone(
            blocks in prop::collection::vec(prop::collection::vec(10..30_u32, 1..14), 0..12),
            room in 120..400_u32,
        ) {
            // Each line bears its block's and its own number.
            let numbered = |(block, heights): (usize, &Vec<u32>)| -> Block {
                let line = |(number, height): (usize, &u32)| Line {
                    height: *height,
                    marks: vec![Mark::Rule {
                        x: u32::try_from(block).unwrap(),
                        y: u32::try_from(number).unwrap(),
                        width: u32::try_from(heights.len()).unwrap(),
                        height: 0,
                    }],
                };
                heights.iter().enumerate().map(line).collect()
            };
            let given: Vec<Block> = blocks.iter().enumerate().map(numbered).collect();
            let pieces = pieces(given.clone(), room);
            let all: Vec<Line> = pieces.iter().flatten().cloned().collect();
            prop_assert_eq!(all, given.concat());
            for piece in &pieces {
                prop_assert!(piece.iter().map(|line| line.height).sum::<u32>() <= room);
                for (block, lines) in given.iter().enumerate() {
                    let here = piece.iter().filter(|line| lines.contains(line)).count();
                    let is_alone = here == 1 && lines.len() > 1;
                    prop_assert!(!is_alone, "block {} stands alone in {:?}", block, piece);
                }
            }
        }
    }
}
