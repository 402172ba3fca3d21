//! QR codes.
//!
//! In: a picture. Out: the QR codes in it. Must not: take three marks for a code before format, repair and text agree.

use super::grid::{Design, Grid, Modules, Scene};
use super::plane::{Plane, Point, cross, dot, length, meeting, minus, plus, scaled};
use super::solomon::Field;
use super::{Kind, Symbol};
use crate::number::real;
use crate::order;

/// Which modules mean what.
pub(crate) mod layout;
/// The corner marks.
pub(crate) mod marks;
/// What is said.
pub(crate) mod text;

use layout::{Format, VERSION_MAX, Version};
use marks::Mark;
use text::Content;

/// Triples of marks that are looked into.
const TRIPLES_MAX: usize = 14;
/// Middle of a mark from its symbol's edge, and of the small mark opposite the corner.
const MARK: f32 = 3.5;
const ALIGNMENT: f32 = 6.5;
/// How alike a small mark must be.
const ALIGNMENT_MIN: f32 = 0.5;
/// How much of what must be there is there, before and after the corners were moved.
const AGREEMENT_MIN: f32 = 0.66;
const SETTLED_MIN: f32 = 0.78;
/// How much of the blur between modules is taken back, in turns.
const SHARPNESS: [f32; 4] = [0.0, 0.35, 0.8, 1.4];

/// Three marks that may be a code's: in its corner, beside it, below it.
#[derive(Clone, Copy, Debug)]
struct Triple {
    marks: [usize; 3],
    /// Modules between two.
    apart: f32,
    strain: f32,
}

/// The codes among the marks of a picture.
pub(crate) fn symbols(scene: Scene<'_>, marks: &[Mark]) -> Vec<Symbol> {
    let mut found: Vec<Symbol> = Vec::new();
    let mut is_used = vec![false; marks.len()];
    for triple in triples(marks) {
        if triple.marks.iter().any(|at| is_used[*at]) {
            continue;
        }
        let three = triple.marks.map(|at| marks[at]);
        if let Some(symbol) = read(scene, three, triple.apart) {
            triple.marks.iter().for_each(|at| is_used[*at] = true);
            found.push(symbol);
        }
    }
    found
}

/// How far a mark is from another, in modules along the first's sides, of both together.
fn apart(a: &Mark, b: &Mark) -> Option<(f32, Point, f32)> {
    let way = minus(b.centre, a.centre);
    let own = |mark: &Mark| {
        let turn = cross(mark.right, mark.down);
        (cross(way, mark.down) / turn, cross(mark.right, way) / turn)
    };
    let straight = |(x, y): Point| {
        let (long, short) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
        (long, short / long)
    };
    let ((first, askew), (second, also)) = (straight(own(a)), straight(own(b)));
    let ratio = first / second;
    let is_side = askew.max(also) < 0.34 && (0.45..2.2).contains(&ratio) && first + second > 22.0;
    is_side.then_some((
        f32::midpoint(first, second),
        way,
        askew + also + (ratio.ln()).abs(),
    ))
}

fn triples(marks: &[Mark]) -> Vec<Triple> {
    let mut found = Vec::new();
    for (corner, mark) in marks.iter().enumerate() {
        let mut sides = Vec::new();
        for (at, other) in marks.iter().enumerate() {
            if at != corner {
                sides.extend(apart(mark, other).map(|side| (at, side)));
            }
        }
        for (beside, (across, right, strain)) in &sides {
            for (below, (down, way, also)) in &sides {
                let turn = cross(*right, *way) / (length(*right) * length(*way));
                let ratio = across / down;
                if turn > 0.5 && (0.7..1.43).contains(&ratio) {
                    found.push(Triple {
                        marks: [corner, *beside, *below],
                        apart: f32::midpoint(*across, *down),
                        strain: strain + also + (ratio.ln()).abs() + (1.0 - turn),
                    });
                }
            }
        }
    }
    order::sort(&mut found, |triple| triple.strain);
    found.truncate(TRIPLES_MAX);
    found
}

/// The mark's side that goes most like a way.
fn side_along(mark: &Mark, way: Point) -> Point {
    let sides = [
        mark.right,
        mark.down,
        scaled(mark.right, -1.0),
        scaled(mark.down, -1.0),
    ];
    let best = sides.into_iter().max_by(|a, b| {
        let of = |side: &Point| dot(*side, way) / length(*side);
        of(a).total_cmp(&of(b))
    });
    best.unwrap_or(way)
}

/// Where a fourth mark would be.
fn opposite(marks: [Mark; 3]) -> Point {
    let [corner, beside, below] = marks;
    let (right, down) = (
        minus(beside.centre, corner.centre),
        minus(below.centre, corner.centre),
    );
    let flat = plus(beside.centre, down);
    let seen = meeting(
        (beside.centre, side_along(&beside, down)),
        (below.centre, side_along(&below, right)),
    );
    // Both are about right; what the sides say is worth more, if it is not far off.
    match seen {
        Some(seen) if length(minus(seen, flat)) < 0.35 * length(minus(right, down)) => seen,
        _ => flat,
    }
}

fn read(scene: Scene<'_>, marks: [Mark; 3], apart: f32) -> Option<Symbol> {
    let centres = marks.map(|mark| mark.centre);
    let fourth = opposite(marks);
    let version = version(scene, centres, fourth, apart)?;
    let design = version.design();
    let mut corners = corners(version, centres, fourth, MARK)?;
    if version.0 >= 2
        && let Some(small) = alignment(scene, version, corners)
        && let Some(better) = self::corners(version, centres, small, ALIGNMENT)
    {
        corners = better;
    }
    let field = Field::qr();
    let told = |grid: &Grid<'_>, sharpness: &[f32], agreement: f32| {
        let lights = grid.lights(scene.frame);
        for sharpness in sharpness {
            let modules = lights.modules(*sharpness);
            if modules.agreement(&design) < agreement {
                return None;
            }
            let content = content(&field, version, &design, &modules);
            if content.is_some() {
                return content;
            }
        }
        None
    };
    let symbol = |content: Content, corners: [Point; 4]| Symbol {
        kind: Kind::Qr,
        text: content.text,
        is_gs1: content.is_gs1,
        corners,
    };
    let grid = Grid::flat(&design, corners)?;
    if let Some(content) = told(&grid, &SHARPNESS[..1], SETTLED_MIN) {
        return Some(symbol(content, corners));
    }
    let agreement = grid.lights(scene.frame).modules(0.0).agreement(&design);
    if agreement < AGREEMENT_MIN {
        return None;
    }
    corners = design.settled(scene, corners, 4);
    let mut grid = Grid::flat(&design, corners)?;
    let content = told(&grid, &SHARPNESS, SETTLED_MIN).or_else(|| {
        grid.crumple(scene);
        told(&grid, &SHARPNESS, SETTLED_MIN)
    });
    content.map(|content| symbol(content, corners))
}

/// The outer corners, when three marks and something as far from the fourth corner are at some places.
fn corners(
    version: Version,
    centres: [Point; 3],
    fourth: Point,
    inside: f32,
) -> Option<[Point; 4]> {
    let side = real(version.side());
    let (near, far) = (MARK, side - MARK);
    let own = [
        (near, near),
        (far, near),
        (side - inside, side - inside),
        (near, far),
    ];
    let [corner, beside, below] = centres;
    let plane = Plane::through(own, [corner, beside, fourth, below])?;
    Some([(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(|place| plane.at(place)))
}

/// The version whose timing pattern fits best among those that are possible.
fn version(scene: Scene<'_>, centres: [Point; 3], fourth: Point, apart: f32) -> Option<Version> {
    let about = (apart - 10.0) / 4.0;
    let slack = 0.7 + 0.12 * about;
    let mut best: Option<(f32, Version)> = None;
    for version in 1..=VERSION_MAX {
        if (real(version) - about).abs() > slack {
            continue;
        }
        let version = Version(version);
        let Some(corners) = corners(version, centres, fourth, MARK) else {
            continue;
        };
        let plane = Plane::square(corners)?;
        let side = version.side();
        let mut fit = 0.0;
        for at in 8..side - 8 {
            for shift in [0.3, 0.5, 0.7] {
                for (x, y) in [(real(at) + shift, 6.5), (6.5, real(at) + shift)] {
                    let darkness = scene.darkness(plane.at((x / real(side), y / real(side))));
                    let darkness = darkness.clamp(-40.0, 40.0);
                    fit += if at % 2 == 0 { darkness } else { -darkness };
                }
            }
        }
        let fit = fit / real(side - 16);
        if best.is_none_or(|(other, _)| fit > other) {
            best = Some((fit, version));
        }
    }
    best.map(|(_, version)| version)
}

/// Where the small mark opposite the corner is, near where it should be.
fn alignment(scene: Scene<'_>, version: Version, corners: [Point; 4]) -> Option<Point> {
    let plane = Plane::square(corners)?;
    let side = real(version.side());
    let place = |x: f32, y: f32| plane.at((x / side, y / side));
    let likeness = |x: f32, y: f32| {
        let (mut both, mut squares, mut sum) = (0.0, 0.0, 0.0);
        for at in 0..25_u8 {
            let (right, down) = (f32::from(at % 5) - 2.0, f32::from(at / 5) - 2.0);
            let far = right.abs().max(down.abs());
            let value = scene.darkness(place(x + right, y + down));
            // The mean of all 25 is taken off, so that only differences count.
            let sign = if far == 1.0 { -17.0 / 25.0 } else { 8.0 / 25.0 };
            both += sign * value;
            squares += value * value;
            sum += value;
        }
        let spread: f32 = (squares - sum * sum / 25.0).max(25.0);
        both / (spread * (8.0 * 17.0 / 25.0)).sqrt()
    };
    let middle = side - ALIGNMENT;
    let reach = (0.1 * side).clamp(2.0, 4.5);
    let mut best = (ALIGNMENT_MIN, None);
    let mut look = |x: f32, y: f32| {
        let found = likeness(x, y);
        if found > best.0 {
            best = (found, Some((x, y)));
        }
        best.1
    };
    let steps = 2 * crate::number::floor(reach * 2.0);
    for row in 0..=steps {
        for column in 0..=steps {
            let shift = |at: usize| middle + (real(at) - real(steps) / 2.0) / 2.0;
            look(shift(column), shift(row));
        }
    }
    for step in [0.25, 0.12] {
        let (x, y) = look(middle, middle)?;
        for at in 0..9_u8 {
            let shift = |at: u8| (f32::from(at) - 1.0) * step;
            look(x + shift(at % 3), y + shift(at / 3));
        }
    }
    best.1.map(|(x, y)| place(x, y))
}

/// What the modules say, when all agrees.
fn content(field: &Field, version: Version, design: &Design, modules: &Modules) -> Option<Content> {
    if !version.is_said(modules) {
        return None;
    }
    let formats = version.formats(modules);
    formats.into_iter().take(2).find_map(|format| {
        let bytes = version.bytes(design, modules, format);
        let data = repaired(field, version, format, &bytes)?;
        text::content(&data, version)
    })
}

/// The data of all blocks, repaired.
fn repaired(
    field: &Field,
    version: Version,
    format: Format,
    bytes: &[(u8, f32)],
) -> Option<Vec<u8>> {
    let blocks = version.blocks(format.level)?;
    let each = bytes.len() / blocks.count;
    let short = blocks.count - bytes.len() % blocks.count;
    let own = each.checked_sub(blocks.checks)?;
    let mut data = Vec::with_capacity(bytes.len());
    let longer = own * blocks.count;
    let checks = longer + blocks.count - short;
    for block in 0..blocks.count {
        let mut part: Vec<(u8, f32)> = Vec::with_capacity(each + 1);
        part.extend(bytes[..longer].iter().skip(block).step_by(blocks.count));
        if block >= short {
            part.push(*bytes.get(longer + block - short)?);
        }
        part.extend(
            bytes
                .get(checks..)?
                .iter()
                .skip(block)
                .step_by(blocks.count),
        );
        let block = super::repaired(field, &part, blocks.checks, blocks.most)?;
        data.extend(&block[..block.len() - blocks.checks]);
    }
    Some(data)
}
