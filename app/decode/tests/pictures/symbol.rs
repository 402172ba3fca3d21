//! Symbols of modules, laid before a camera.

use rxing::common::BitMatrix;

use super::picture::{Picture, Pose};

/// Distance of the camera, in pixels.
const FAR: f32 = 1_300.0;
/// Samples per pixel and side.
const FINE: usize = 3;
/// Brightness of bars and of paper.
const SHADES: (f32, f32) = (30.0, 225.0);

/// Lays a symbol around a point, in its own modules, which may be of another height than width, on a card that goes a
/// little beyond it.
pub fn lay(picture: &mut Picture, symbol: &BitMatrix, pose: Pose, tall: f32, middle: (f32, f32)) {
    let (across, down) = (symbol.getWidth() as f32, symbol.getHeight() as f32);
    let reach = (across * pose.pixels_per_module).hypot(down * tall * pose.pixels_per_module);
    let reach = 0.6 * reach + 20.0;
    let (sin, cos) = pose.turn.to_radians().sin_cos();
    let (a, b) = pose.tilt;
    let rows =
        (middle.1 - reach).max(0.0) as usize..((middle.1 + reach) as usize).min(picture.height);
    for y in rows {
        for x in 0..picture.width {
            let under = picture.light[y * picture.width + x];
            let mut sum = 0.0;
            for fine in 0..FINE * FINE {
                let inside = |n: usize| (n as f32 + 0.5) / FINE as f32;
                let px = x as f32 + inside(fine % FINE) - middle.0;
                let py = y as f32 + inside(fine / FINE) - middle.1;
                let (px, py) = (px * cos + py * sin, py * cos - px * sin);
                let near = 1.0 / (1.0 - (px * a.tan() + py * b.tan()) / FAR);
                let u = px * near / a.cos() / pose.pixels_per_module + across / 2.0;
                let v = py * near / b.cos() / pose.pixels_per_module / tall + down / 2.0;
                let is_on_card =
                    (-3.0..across + 3.0).contains(&u) && (-3.0..down + 3.0).contains(&v);
                let is_dark =
                    u >= 0.0 && v >= 0.0 && symbol.try_get(u as u32, v as u32).unwrap_or_default();
                sum += match (is_on_card, is_dark) {
                    (false, _) => under,
                    (true, true) => SHADES.0,
                    (true, false) => SHADES.1,
                };
            }
            picture.light[y * picture.width + x] = sum / (FINE * FINE) as f32;
        }
    }
}
