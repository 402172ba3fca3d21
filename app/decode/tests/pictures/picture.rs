//! Labels, poses, and what a camera makes of them.

use std::f32::consts::PI;

/// A simple generator; the same seed draws the same picture everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn byte(&mut self) -> u8 {
        (self.next() >> 56) as u8
    }

    /// From 0 to 1.
    pub fn part(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.part()
    }

    /// Nearly normal, deviation 1.
    fn normal(&mut self) -> f32 {
        (0..6).map(|_| self.part()).sum::<f32>() * 1.414 - 4.243
    }
}

/// The values of a symbol in set B, pairs of digits in set C when there are only digits, check value at the end.
pub fn values(text: &str) -> Vec<u8> {
    let is_number = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut values = vec![if is_number { 105 } else { 104 }];
    if is_number {
        values.extend(
            text.as_bytes()
                .chunks(2)
                .map(|pair| (pair[0] - b'0') * 10 + pair[1] - b'0'),
        );
    } else {
        values.extend(text.bytes().map(|byte| byte - 32));
    }
    let weighted = values
        .iter()
        .zip([1].into_iter().chain(1..))
        .map(|(value, place)| u32::from(*value) * place);
    values.push((weighted.sum::<u32>() % 103) as u8);
    values
}

/// Widths of bars and spaces, as printed in the standard: what the reader has must agree.
const WIDTHS: &str = "212222222122222221121223121322131222122213122312132212221213221213231212112232122132122231113222\
123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321\
112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321\
331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211\
221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113\
114311411113411311113141114131311141411131211412211214211232";

/// A label in modules: light with dark bars, lines of something like letters under them.
pub struct Label {
    bars: Vec<bool>,
    covered_from: f32,
}

const QUIET: usize = 12;
const ABOVE: f32 = 6.0;
const BARS: f32 = 42.0;
const HEIGHT: f32 = 66.0;

pub fn label(text: &str) -> Label {
    let mut bars = vec![false; QUIET];
    for value in values(text) {
        let at = usize::from(value) * 6;
        spread(&WIDTHS[at..at + 6], &mut bars);
    }
    spread("2331112", &mut bars);
    bars.resize(bars.len() + QUIET, false);
    Label {
        bars,
        covered_from: f32::MAX,
    }
}

fn spread(widths: &str, bars: &mut Vec<bool>) {
    for (place, width) in widths.bytes().enumerate() {
        bars.extend(std::iter::repeat_n(
            place % 2 == 0,
            usize::from(width - b'0'),
        ));
    }
}

impl Label {
    /// Tears it off behind a part of its length.
    pub fn cover(&mut self, part: f32) {
        self.covered_from = part * self.bars.len() as f32;
    }

    fn shade(&self, u: f32, v: f32) -> Option<f32> {
        let is_on = u >= 0.0
            && v >= 0.0
            && u < self.bars.len() as f32
            && v < HEIGHT
            && u < self.covered_from;
        if !is_on {
            return None;
        }
        let is_bar = (ABOVE..ABOVE + BARS).contains(&v) && self.bars[u as usize];
        let is_letter = (52.0..60.0).contains(&v)
            && (12.0..self.bars.len() as f32 * 0.7).contains(&u)
            && (u as usize * 7 + v as usize * 5) % 11 < 5;
        Some(if is_bar || is_letter { 30.0 } else { 225.0 })
    }
}

/// How a label lies before the camera.
#[derive(Clone, Copy)]
pub struct Pose {
    pub pixels_per_module: f32,
    /// In degrees.
    pub turn: f32,
    /// In radians, over its short and over its long side.
    pub tilt: (f32, f32),
    /// How far it is crumpled to and fro, in modules.
    pub wave: f32,
}

impl Default for Pose {
    fn default() -> Self {
        Self {
            pixels_per_module: 2.0,
            turn: 0.0,
            tilt: (0.0, 0.0),
            wave: 0.0,
        }
    }
}

/// Distance of the camera, in pixels.
const FAR: f32 = 1_300.0;
/// Samples per pixel and side.
const FINE: usize = 3;

pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub luma: Vec<u8>,
    pub light: Vec<f32>,
}

impl Picture {
    pub fn grey(width: usize, height: usize, light: f32) -> Self {
        Self {
            width,
            height,
            luma: Vec::new(),
            light: vec![light; width * height],
        }
    }

    pub fn put(&mut self, label: &Label, pose: Pose) {
        self.put_at(
            label,
            pose,
            (self.width as f32 / 2.0, self.height as f32 / 2.0),
        );
    }

    pub fn put_at(&mut self, label: &Label, pose: Pose, middle: (f32, f32)) {
        let (sin, cos) = (pose.turn * PI / 180.0).sin_cos();
        let (a, b) = pose.tilt;
        for y in 0..self.height {
            for x in 0..self.width {
                let mut sum = 0.0;
                let under = self.light[y * self.width + x];
                for fine in 0..FINE * FINE {
                    let inside = |n: usize| (n as f32 + 0.5) / FINE as f32;
                    let px = x as f32 + inside(fine % FINE) - middle.0;
                    let py = y as f32 + inside(fine / FINE) - middle.1;
                    let (px, py) = (px * cos + py * sin, py * cos - px * sin);
                    let q = (px * a.tan() + py * b.tan()) / FAR;
                    let near = 1.0 / (1.0 - q);
                    let u = px * near / a.cos() / pose.pixels_per_module
                        + label.bars.len() as f32 / 2.0;
                    let v = py * near / b.cos() / pose.pixels_per_module + HEIGHT / 2.0;
                    let across = pose.wave * (0.09 * v + 0.04 * u).sin();
                    let (u, v) = (u + across, v + pose.wave * (0.04 * u + 1.0).sin());
                    sum += label.shade(u, v).unwrap_or(under);
                }
                self.light[y * self.width + x] = sum / (FINE * FINE) as f32;
            }
        }
    }

    /// Out of focus: the standard deviation, in pixels.
    pub fn blurred(mut self, deviation: f32) -> Self {
        let weights: Vec<f32> = (-3_i32..=3)
            .map(|d| (-0.5 * (d as f32 / deviation).powi(2)).exp())
            .collect();
        let all: f32 = weights.iter().sum();
        for is_down in [false, true] {
            let before = self.light.clone();
            let (width, height) = (self.width as i32, self.height as i32);
            for at in 0..before.len() {
                let (x, y) = ((at % self.width) as i32, (at / self.width) as i32);
                let seen = weights.iter().zip(-3..).map(|(weight, d)| {
                    let (x, y) = if is_down { (x, y + d) } else { (x + d, y) };
                    let place = y.clamp(0, height - 1) * width + x.clamp(0, width - 1);
                    weight * before[place as usize]
                });
                self.light[at] = seen.sum::<f32>() / all;
            }
        }
        self
    }

    /// In dim light: the standard deviation of a pixel's brightness.
    pub fn noisy(mut self, dice: &mut Dice, deviation: f32) -> Self {
        let light = self
            .light
            .iter()
            .map(|light| light + deviation * dice.normal());
        self.luma = light.map(|light| light.clamp(0.0, 255.0) as u8).collect();
        self
    }

    /// Something a camera sees that is no code.
    pub fn clutter(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(77) + 5);
        let mut picture = Self::grey(480, 320, dice.between(50.0, 180.0));
        match seed % 6 {
            0 => picture.fence(&mut dice, 1.0, 9.0),
            1 => picture.fence(&mut dice, 2.0, 40.0),
            2 => {
                picture.fence(&mut dice, 3.0, 20.0);
                picture.fence(&mut dice, 3.0, 20.0);
            }
            3 => picture.letters(&mut dice),
            4 => picture.blobs(&mut dice),
            _ => {
                let mut torn = label("1A4050800002B01144424615");
                torn.cover(dice.between(0.3, 0.9));
                let pose = Pose {
                    pixels_per_module: dice.between(1.2, 1.6),
                    turn: dice.between(0.0, 360.0),
                    ..Pose::default()
                };
                picture.put(&torn, pose);
            }
        }
        let (blur, noise) = (dice.between(0.3, 1.0), dice.between(1.0, 9.0));
        picture.blurred(blur).noisy(&mut dice, noise)
    }

    /// Bars of chance widths, turned.
    fn fence(&mut self, dice: &mut Dice, narrow: f32, wide: f32) {
        let mut edges = vec![-700.0];
        while edges[edges.len() - 1] < 700.0 {
            edges.push(edges[edges.len() - 1] + dice.between(narrow, wide));
        }
        let (sin, cos) = (dice.part() * PI).sin_cos();
        let dark = dice.between(20.0, 100.0);
        let reach = dice.between(60.0, 400.0);
        for at in 0..self.light.len() {
            let x = (at % self.width) as f32 - 240.0;
            let y = (at / self.width) as f32 - 160.0;
            let (u, v) = (x * cos + y * sin, y * cos - x * sin);
            let bar = edges.partition_point(|edge| *edge < u);
            if v.abs() < reach {
                self.light[at] = if bar % 2 == 0 { dark } else { 215.0 };
            }
        }
    }

    fn letters(&mut self, dice: &mut Dice) {
        for row in 0..20 {
            for column in 0..60 {
                let glyph = dice.next();
                for bit in 0..35 {
                    let (x, y) = (column * 8 + bit % 5, row * 16 + bit / 5 * 2);
                    if glyph >> bit & 1 == 1 && x < self.width && y + 1 < self.height {
                        self.light[y * self.width + x] = 25.0;
                        self.light[(y + 1) * self.width + x] = 25.0;
                    }
                }
            }
        }
    }

    fn blobs(&mut self, dice: &mut Dice) {
        for _ in 0..60 {
            let (x0, y0) = (dice.between(0.0, 480.0), dice.between(0.0, 320.0));
            let (long, short) = (dice.between(4.0, 80.0), dice.between(2.0, 20.0));
            let (sin, cos) = (dice.part() * PI).sin_cos();
            let shade = dice.between(10.0, 220.0);
            for at in 0..self.light.len() {
                let x = (at % self.width) as f32 - x0;
                let y = (at / self.width) as f32 - y0;
                let (u, v) = ((x * cos + y * sin) / long, (y * cos - x * sin) / short);
                if u * u + v * v < 1.0 {
                    self.light[at] = shade;
                }
            }
        }
    }
}
