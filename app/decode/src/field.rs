//! Patches of parallel bars.
//!
//! In: a picture. Out: where edges of one direction lie close together, biggest first. Must not: look for letters
//! or codes; a picket fence is a patch too.

use crate::frame::Frame;
use crate::line::wider;
use crate::number::within;
use crate::order;
use crate::way::{Way, doubled, halved, turned};

/// Side of the squares a picture is looked at in, in pixels.
const CELL: usize = 8;
/// Of so many rows of pixels one is looked at: bars are longer than that, or their direction would not be seen anyhow.
const ROWS: usize = 2;
/// Squared brightness differences, per pixel, from which a square has edges at all; and two levels above, which part
/// a code from what it lies on.
const FLOORS: [f32; 3] = [90.0, 400.0, 1_600.0];
/// How much of a square's edges must go one way, noise aside.
const ONE_WAY_MIN: f32 = 0.55;
/// A square's edges must stand out from the picture's noise by so much of it.
const NOISE_BESIDE: f32 = 0.3;
/// Of so many squares one is looked at for the noise. It is as much as the quietest quarter of them has at most: there the
/// picture is plain.
const NOISE_OF: usize = 7;
const QUIETEST: usize = 4;
/// How alike two neighbours' directions must be: the cosine of twice the angle between them.
const ALIKE_MIN: f32 = 0.90;
/// Squares in a patch at least.
const CELLS_MIN: usize = 8;
/// Half the length of a patch at least, in pixels.
const HALF_LENGTH_MIN: f32 = 28.0;
/// How much of its rectangle a patch must fill.
const FILL_MIN: f32 = 0.25;
/// The cosine of twice the largest angle between a patch's long side and its edges' normal: what perspective may do.
const SKEW_MIN: f32 = 0.62;
/// Patches that are looked into.
const PATCHES_MAX: usize = 10;

/// Sums over a square: differences across and along, their product, their sum; and how much of it goes one way.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    across: f32,
    product: f32,
    energy: f32,
    strength: f32,
}

impl Cell {
    /// Twice its edges' direction.
    fn twice(self) -> Way {
        (self.across, self.product)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            across: self.across + other.across,
            product: self.product + other.product,
            energy: self.energy + other.energy,
            strength: 0.0,
        }
    }
}

/// A patch, as a rectangle that may be turned, and how its bars lean in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patch {
    /// Its middle.
    pub(crate) centre: (f32, f32),
    /// One step along the reading direction.
    pub(crate) along: (f32, f32),
    /// How far a bar moves along the patch per pixel across it, in the middle.
    pub(crate) lean: f32,
    /// How that changes per pixel along the patch.
    pub(crate) lean_change: f32,
    /// Half its length.
    pub(crate) half_length: f32,
    /// Half its height.
    pub(crate) half_height: f32,
    weight: f32,
}

impl Patch {
    /// Whether most of the other patch is this one.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let (x, y) = (
            self.centre.0 - other.centre.0,
            self.centre.1 - other.centre.1,
        );
        x.hypot(y) < 0.5 * self.half_length.min(other.half_length)
    }

    fn is_same(&self, other: &Self) -> bool {
        let (x, y) = (
            self.centre.0 - other.centre.0,
            self.centre.1 - other.centre.1,
        );
        x.hypot(y) < 0.12 * self.half_length
            && (self.half_length / other.half_length - 1.0).abs() < 0.12
            && (self.half_height / other.half_height - 1.0).abs() < 0.3
    }
}

struct Field {
    width: usize,
    cells: Vec<Cell>,
    /// What a square has where nothing is but noise.
    noise: f32,
}

/// The patches of a picture.
pub(crate) fn patches(frame: &Frame<'_>) -> Vec<Patch> {
    let field = Field::of(frame).smoothed();
    let mut found: Vec<Patch> = Vec::new();
    for floor in FLOORS {
        for members in field.groups(floor) {
            let patch = field.patch(&members);
            found.extend(patch.filter(|patch| !found.iter().any(|known| known.is_same(patch))));
        }
    }
    order::sort(&mut found, |patch| -patch.weight);
    found.truncate(PATCHES_MAX);
    found
}

impl Field {
    fn of(frame: &Frame<'_>) -> Self {
        let (width, height) = (frame.width() / CELL, frame.height() / CELL);
        let mut cells = vec![Cell::default(); width * height];
        for (row, line) in cells.chunks_exact_mut(width).enumerate() {
            let mut sums = vec![Sums::default(); width];
            let rows = row * CELL + 1..((row + 1) * CELL).min(frame.height() - 1);
            for y in rows.step_by(ROWS) {
                add_row([y - 1, y, y + 1].map(|y| frame.row(y)), &mut sums);
            }
            for (cell, sums) in line.iter_mut().zip(&sums) {
                *cell = Cell::from_sums(sums.map(|lanes| lanes.iter().sum()));
            }
        }
        Self {
            width,
            cells,
            noise: 0.0,
        }
    }

    /// Every square with its eight neighbours.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn smoothed(&self) -> Self {
        let width = self.width;
        let mut cells = vec![Cell::default(); self.cells.len()];
        let mut columns = vec![Cell::default(); width];
        let rows = cells.chunks_exact_mut(width).skip(1);
        for (row, three) in rows.zip(self.cells.windows(3 * width).step_by(width)) {
            let (above, rest) = three.split_at(width);
            let (here, below) = rest.split_at(width);
            for (at, column) in columns.iter_mut().enumerate() {
                *column = above[at].plus(here[at]).plus(below[at]);
            }
            for (cell, three) in row.iter_mut().skip(1).zip(columns.windows(3)) {
                let sum = three[0].plus(three[1]).plus(three[2]);
                let square = sum.across * sum.across + sum.product * sum.product;
                *cell = Cell {
                    strength: square.sqrt(),
                    ..sum
                };
            }
        }
        let mut field = Self {
            width,
            cells,
            noise: 0.0,
        };
        field.noise = field.quietest();
        field
    }

    /// Noise goes every way: it adds to what a square has and not to what of it goes one way.
    fn quietest(&self) -> f32 {
        let some = self.cells.iter().step_by(NOISE_OF);
        let mut some: Vec<f32> = some.map(|cell| cell.energy).collect();
        order::sort(&mut some, |energy| *energy);
        let place = some.len() / QUIETEST;
        some.get(place).copied().unwrap_or_default()
    }

    /// Squares that hang together and whose edges go one way.
    fn groups(&self, floor: f32) -> Vec<Vec<usize>> {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let floor = floor * (9 * CELL * CELL / ROWS) as f32;
        let floor = floor.max(NOISE_BESIDE * self.noise);
        let is_good = |cell: &Cell| {
            let energy = cell.energy - self.noise;
            energy > floor && cell.strength > ONE_WAY_MIN * energy
        };
        let mut free: Vec<bool> = self.cells.iter().map(is_good).collect();
        let mut groups = Vec::new();
        for begin in 0..free.len() {
            if !std::mem::take(&mut free[begin]) {
                continue;
            }
            let mut members = vec![begin];
            let mut next = 0;
            while let Some(&at) = members.get(next) {
                next += 1;
                // None on the rim is good, so that each has four neighbours.
                for near in [at - 1, at + 1, at - self.width, at + self.width] {
                    if free[near] && self.are_alike(at, near) {
                        free[near] = false;
                        members.push(near);
                    }
                }
            }
            if members.len() >= CELLS_MIN {
                groups.push(members);
            }
        }
        groups
    }

    fn are_alike(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.cells[a], self.cells[b]);
        a.across * b.across + a.product * b.product > ALIKE_MIN * a.strength * b.strength
    }

    #[expect(clippy::cast_precision_loss, reason = "a picture has few squares")]
    fn place(&self, at: usize) -> (f32, f32) {
        let middle = |cell: usize| (cell * CELL + CELL / 2) as f32;
        (middle(at % self.width), middle(at / self.width))
    }

    /// A group as a rectangle; `None` when it is too small or mostly holes.
    fn patch(&self, members: &[usize]) -> Option<Patch> {
        #[expect(clippy::cast_precision_loss, reason = "a picture has few squares")]
        let count = members.len() as f32;
        let places: Vec<(f32, f32)> = members.iter().map(|at| self.place(*at)).collect();
        let sum = |of: &dyn Fn(&(f32, f32)) -> f32| places.iter().map(of).sum::<f32>();
        let middle = (sum(&|p| p.0) / count, sum(&|p| p.1) / count);
        let along = self.along(members, &places, middle);
        let own = |p: &(f32, f32)| {
            let (x, y) = (p.0 - middle.0, p.1 - middle.1);
            (x * along.0 + y * along.1, y * along.0 - x * along.1)
        };
        let own: Vec<(f32, f32)> = places.iter().map(own).collect();
        let (left, right) = ends(own.iter().map(|p| p.0));
        let (top, bottom) = ends(own.iter().map(|p| p.1));
        #[expect(clippy::cast_precision_loss, reason = "eight")]
        let cell = CELL as f32;
        let half_length = (right - left + cell) / 2.0;
        let half_height = (bottom - top + cell) / 2.0;
        let fill = count * cell * cell / (4.0 * half_length * half_height);
        if half_length < HALF_LENGTH_MIN || half_length < half_height / 2.0 || fill < FILL_MIN {
            return None;
        }
        let (u, v) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        let (lean, lean_change) = self.lean(members, &own, along, u);
        Some(Patch {
            centre: (
                middle.0 + u * along.0 - v * along.1,
                middle.1 + u * along.1 + v * along.0,
            ),
            along,
            lean,
            lean_change,
            half_length,
            half_height,
            weight: half_length * half_length * half_height.min(half_length) * fill,
        })
    }

    /// Along the patch's long side, when that is near the normal of its edges.
    fn along(&self, members: &[usize], places: &[Way], middle: Way) -> Way {
        let mut mean = Cell::default();
        for at in members {
            let cell = self.cells[*at];
            let strength = cell.strength.max(1.0);
            mean.across += cell.across / strength;
            mean.product += cell.product / strength;
        }
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for (x, y) in places {
            let (x, y) = (x - middle.0, y - middle.1);
            xx += x * x;
            yy += y * y;
            xy += x * y;
        }
        let (long_side, normal) = ((xx - yy, 2.0 * xy), mean.twice());
        let (near, aside) = turned((long_side.0, -long_side.1), normal);
        let is_near = near > SKEW_MIN * near.hypot(aside);
        halved(if is_near { long_side } else { normal })
    }

    /// How the bars lean, as a straight line along the patch that fits its squares best.
    fn lean(&self, members: &[usize], places: &[Way], along: Way, mid: f32) -> (f32, f32) {
        let (mut weight, mut first, mut second, mut value, mut slope) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (forward, aside) = doubled(along);
        for (at, place) in members.iter().zip(places) {
            let cell = self.cells[*at];
            // The tangent of the angle between them, from twice that angle.
            let (cos, sin) = turned((forward, -aside), cell.twice());
            let lean = within(sin / (cell.strength + cos), -1.0, 1.0);
            let u = place.0 - mid;
            let sure = cell.energy.sqrt();
            weight += sure;
            first += sure * u;
            second += sure * u * u;
            value += sure * lean;
            slope += sure * lean * u;
        }
        let det = weight * second - first * first;
        if det.abs() > 1e-3 {
            (
                (value * second - slope * first) / det,
                (weight * slope - first * value) / det,
            )
        } else {
            (value / weight.max(1.0), 0.0)
        }
    }
}

impl Cell {
    #[expect(clippy::cast_precision_loss, reason = "a direction needs no more")]
    fn from_sums([xx, yy, xy]: [i32; 3]) -> Self {
        Self {
            across: (xx - yy) as f32,
            product: 2.0 * xy as f32,
            energy: (xx + yy) as f32,
            strength: 0.0,
        }
    }
}

/// Four sums side by side of each of three products, so that the compiler can keep them in registers.
type Sums = [[i32; CELL / 2]; 3];

/// Adds a row's brightness differences to the sums of the squares it crosses. Those on the picture's left and right rim
/// have no neighbours, and count as plain.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn add_row([above, row, below]: [&[u8]; 3], sums: &mut [Sums]) {
    let (left, right) = (eights(row, CELL - 1), eights(row, CELL + 1));
    let (up, down) = (eights(above, CELL), eights(below, CELL));
    let squares = sums.iter_mut().skip(1);
    let across = left.iter().zip(right);
    let along = up.iter().zip(down);
    for (sums, ((left, right), (up, down))) in squares.zip(across.zip(along)) {
        for i in 0..CELL {
            let across = i32::from(i16::from(right[i]) - i16::from(left[i]));
            let along = i32::from(i16::from(down[i]) - i16::from(up[i]));
            let lane = i % (CELL / 2);
            sums[0][lane] += across * across;
            sums[1][lane] += along * along;
            sums[2][lane] += across * along;
        }
    }
}

/// A row's bytes from a place on, eight by eight.
fn eights(row: &[u8], from: usize) -> &[[u8; CELL]] {
    row.get(from..).unwrap_or_default().as_chunks().0
}

fn ends(values: impl Iterator<Item = f32>) -> (f32, f32) {
    values.fold((f32::MAX, f32::MIN), wider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_sums_up_the_differences_of_its_pixels() {
        let (width, height) = (45, 40);
        let luma: Vec<u8> = (0..width * height)
            .map(|at| u8::try_from(at * at % 251).unwrap_or_default())
            .collect();
        let frame = Frame::new(width, height, &luma).expect("a picture");
        let field = Field::of(&frame);
        let light = |x: usize, y: usize| i32::from(luma[y * width + x]);
        for (at, cell) in field.cells.iter().enumerate() {
            let (left, top) = (at % field.width * CELL, at / field.width * CELL);
            let mut sums = [0; 3];
            for y in (top + 1..top + CELL)
                .step_by(ROWS)
                .filter(|y| *y < height - 1)
            {
                for x in (left..left + CELL).filter(|_| left > 0 && left + CELL < width) {
                    let across = light(x + 1, y) - light(x - 1, y);
                    let along = light(x, y + 1) - light(x, y - 1);
                    sums[0] += across * across;
                    sums[1] += along * along;
                    sums[2] += across * along;
                }
            }
            let expected = Cell::from_sums(sums);
            assert!((cell.energy - expected.energy).abs() < 1.0, "square {at}");
            assert!((cell.across - expected.across).abs() < 1.0, "square {at}");
            assert!((cell.product - expected.product).abs() < 1.0, "square {at}");
        }
    }
}
