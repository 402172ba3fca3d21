//! Data Matrix codes.
//!
//! In: a picture. Out: the Data Matrix codes in it. Must not: take a corner for a code before frame, repair and text
//! agree.

use super::grid::{Design, Grid, Scene};
use super::plane::{Plane, Point, cross, dot, length, meeting, minus, plus, scaled};
use super::solomon::Field;
use super::{Kind, Symbol};
use crate::number::{floor, real};
use crate::order;

/// Solid corners.
mod corner;
/// Which modules mean what.
mod layout;
/// Dark shapes.
mod shapes;
/// What is said.
mod text;

use corner::Corner;
use layout::{Size, sizes};
use text::Content;

/// Corners that are looked into.
const CORNERS_MAX: usize = 12;
/// Sizes that are tried at a corner.
const SIZES_MAX: usize = 3;
/// How well the broken sides must fit a size at first.
const RHYTHM_MIN: f32 = 0.35;
/// How much of the frame must be there at last.
const AGREEMENT_MIN: f32 = 0.86;
/// How far the fourth corner may be from where it were if nothing was tilted, as a part of a side.
const SHIFT_MAX: f32 = 0.25;
/// How much a broken side changes inside more than outside, at least, per pixel.
const CHANGE_MIN: f32 = 2.0;
/// How much of the blur between modules is taken back, in turns.
const SHARPNESS: [f32; 4] = [0.0, 0.35, 0.8, 1.4];

/// The codes in a picture.
pub(crate) fn symbols(scene: Scene<'_>) -> Vec<Symbol> {
    let mut found: Vec<Symbol> = Vec::new();
    let mut left = CORNERS_MAX;
    for outline in shapes::outlines(scene.shade) {
        for corner in corner::corners(scene, &outline) {
            if left == 0 {
                return found;
            }
            left -= 1;
            if let Some(symbol) = read(scene, corner) {
                found.push(symbol);
                break;
            }
        }
    }
    found
}

fn read(scene: Scene<'_>, corner: Corner) -> Option<Symbol> {
    // The side before the corner, walked clockwise, is the lower one.
    let (right, bottom, top) = (corner.first, corner.corner, corner.last);
    let across = far_side(scene, top, minus(right, bottom), minus(bottom, top))?;
    let down = far_side(scene, right, minus(top, bottom), minus(bottom, right))?;
    let opposite = meeting((top, across), (right, down))?;
    let corners = [top, opposite, right, bottom];
    let plane = Plane::square(corners)?;
    let mut fits: Vec<(f32, Size)> = sizes()
        .map(|size| (rhythm(scene, &plane, size), size))
        .filter(|(fit, _)| *fit > RHYTHM_MIN)
        .collect();
    order::sort(&mut fits, |(fit, _)| -fit);
    let field = Field::matrix();
    fits.into_iter().take(SIZES_MAX).find_map(|(_, size)| {
        let design = size.design();
        let corners = design.settled(scene, corners, 4);
        let mut grid = Grid::flat(&design, corners)?;
        let content = told(scene, &field, size, &design, &grid).or_else(|| {
            grid.crumple(scene);
            told(scene, &field, size, &design, &grid)
        })?;
        Some(Symbol {
            kind: Kind::Matrix,
            text: content.text,
            is_gs1: content.is_gs1,
            corners,
        })
    })
}

fn told(
    scene: Scene<'_>,
    field: &Field,
    size: Size,
    design: &Design,
    grid: &Grid<'_>,
) -> Option<Content> {
    let lights = grid.lights(scene.frame);
    for sharpness in SHARPNESS {
        let modules = lights.modules(sharpness);
        if modules.agreement(design) < AGREEMENT_MIN {
            continue;
        }
        let content =
            repaired(field, size, &size.bytes(&modules)).and_then(|data| text::content(&data));
        if content.is_some() {
            return content;
        }
    }
    None
}

/// The way of the broken side that begins at the end of a solid one: about as the other solid side goes, and where
/// light and dark change most.
fn far_side(scene: Scene<'_>, from: Point, way: Point, back: Point) -> Option<Point> {
    let far = length(way);
    let towards = scaled(back, 1.0 / length(back));
    let count = floor(far / 0.8).clamp(8, 300);
    let changes = |way: Point, inside: f32| {
        let (mut sum, mut before) = (0.0, None);
        for at in 0..=count {
            let place = plus(from, scaled(way, real(at) / real(count)));
            let place = plus(place, scaled(towards, inside));
            let dark = scene.darkness(place).clamp(-50.0, 50.0);
            sum += before.map_or(0.0, |before: f32| (dark - before).abs());
            before = Some(dark);
        }
        sum
    };
    // Much changes inside, and nothing outside.
    let edge = |shift: f32, least: f32| {
        let way = plus(way, scaled(towards, shift));
        let inside = changes(way, INSIDE);
        // What is outside only makes it less.
        (inside > least).then(|| inside - changes(way, OUTSIDE))
    };
    let most = SHIFT_MAX * length(back);
    let mut best = (0.0, 0.0);
    for step in [1.4, 0.5] {
        let steps = if step > 1.0 {
            floor(most / step).min(40)
        } else {
            2
        };
        let middle = best.1;
        for at in 0..=2 * steps {
            let shift = middle + step * (real(at) - real(steps));
            if let Some(edge) = edge(shift, best.0).filter(|edge| *edge > best.0) {
                best = (edge, shift);
            }
        }
    }
    // As if every pixel but a few were as its neighbour.
    if best.0 < CHANGE_MIN * far {
        return None;
    }
    let found = plus(way, scaled(towards, best.1));
    (cross(found, towards).abs() > 0.3 * length(found) && dot(found, way) > 0.0).then_some(found)
}

/// How far inside and outside its edge a broken side is looked at, in pixels.
const INSIDE: f32 = 1.0;
const OUTSIDE: f32 = -1.6;

/// How well the broken sides' changes fit a size: 1 when every module is what it must be.
fn rhythm(scene: Scene<'_>, plane: &Plane, size: Size) -> f32 {
    let (columns, rows) = (real(size.columns), real(size.rows));
    let (mut fit, mut all) = (0.0, 1.0);
    let mut look = |place: Point, is_dark: bool| {
        let darkness = scene.darkness(plane.at(place)).clamp(-50.0, 50.0);
        fit += if is_dark { darkness } else { -darkness };
        all += darkness.abs();
    };
    for column in 0..size.columns {
        for shift in [0.35, 0.65] {
            look(
                ((real(column) + shift) / columns, 0.5 / rows),
                column % 2 == 0,
            );
        }
    }
    for row in 0..size.rows {
        for shift in [0.35, 0.65] {
            look(
                (1.0 - 0.5 / columns, (real(row) + shift) / rows),
                row % 2 == 1,
            );
        }
    }
    fit / all
}

/// The data of all blocks, repaired.
fn repaired(field: &Field, size: Size, bytes: &[(u8, f32)]) -> Option<Vec<u8>> {
    let count = bytes.len().checked_sub(size.checks * size.blocks)?;
    let mut data = vec![0; count];
    for block in 0..size.blocks {
        let part: Vec<(u8, f32)> = bytes
            .iter()
            .skip(block)
            .step_by(size.blocks)
            .copied()
            .collect();
        let whole = super::repaired(field, &part, size.checks, size.checks)?;
        for (place, byte) in data.iter_mut().skip(block).step_by(size.blocks).zip(&whole) {
            *place = *byte;
        }
    }
    Some(data)
}

#[cfg(test)]
mod tests {
    use rxing::datamatrix::DataMatrixWriter;
    use rxing::datamatrix::encoder::SymbolShapeHint;
    use rxing::{BarcodeFormat, EncodeHints, Writer as _};

    use crate::frame::Frame;
    use crate::square::{Kind, read};

    /// Draws a text as a symbol, a little aslant, and reads it. Says how many rows and columns it has.
    fn read_back(text: &str, shape: SymbolShapeHint) -> (u32, u32) {
        let hints = EncodeHints {
            DataMatrixShape: Some(shape),
            ..EncodeHints::default()
        };
        let symbol = DataMatrixWriter
            .encode_with_hints(text, &BarcodeFormat::DATA_MATRIX, 0, 0, &hints)
            .unwrap();
        let (columns, rows) = (symbol.getWidth(), symbol.getHeight());
        let (side, module) = (440_i32, 4_i32);
        let light = |at: i32| {
            let (x, y) = (at % side - 30, at / side - 60);
            let (x, y) = (x - y / 12, y + x / 12);
            let is_on = x >= 0 && y >= 0;
            let place = |at: i32| u32::try_from(at / module).unwrap_or(u32::MAX);
            let is_dark = is_on && symbol.try_get(place(x), place(y)).unwrap_or_default();
            if is_dark { 40 } else { 210 }
        };
        let luma: Vec<u8> = (0..side * side).map(light).collect();
        let frame = Frame::new(440, 440, &luma).unwrap();
        let found = read(&frame, &[Kind::Matrix], &[]);
        let texts: Vec<&str> = found.iter().map(|symbol| symbol.text.as_str()).collect();
        assert_eq!(texts, [text], "{rows} x {columns}");
        (rows, columns)
    }

    #[test]
    fn symbols_of_every_size_in_use_are_read() {
        let letters = "A1b2 C3d4/E5f6-G7h8:".repeat(12);
        let mut sizes: Vec<(u32, u32)> = Vec::new();
        for shape in [
            SymbolShapeHint::FORCE_SQUARE,
            SymbolShapeHint::FORCE_RECTANGLE,
        ] {
            let most = if shape == SymbolShapeHint::FORCE_SQUARE {
                200
            } else {
                44
            };
            sizes.extend(
                (1..most)
                    .step_by(2)
                    .map(|count| read_back(&letters[..count], shape)),
            );
        }
        sizes.sort_unstable();
        sizes.dedup();
        // Ten to fifty-two rows, and all that are longer than high.
        assert!(sizes.len() >= 20, "{sizes:?}");
        assert!(
            sizes.contains(&(52, 52)) && sizes.contains(&(8, 18)),
            "{sizes:?}"
        );
        assert!(
            sizes.contains(&(10, 10)) && sizes.contains(&(16, 48)),
            "{sizes:?}"
        );
    }
}
