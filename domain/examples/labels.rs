//! Writes labels into a folder: the very text a printer is sent, and beside it the picture a screen shows.
//!
//! In: a folder. Out: for each label `NAME.zpl`, `NAME.pbm` and `NAME.txt`, which holds the label's code. Used by
//! `tests/labels`, where another program draws the text.

use std::fs;
use std::path::Path;

use domain::label::{Face, Mark, Media, compose, zpl};

/// Labels to look at.
#[path = "../tests/label/made.rs"]
#[expect(
    clippy::unwrap_used,
    reason = "made for tests, which use all of it and end when it breaks"
)]
mod made;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let face: Face<'_> = made::face();
    let mut orders = vec![made::facts(
        &[
            "Tidewater OG flower 3.5 g",
            "Night Ferry gummies 10-pack",
            "Salt Marsh pre-roll 1 g",
        ],
        "Jordan P.",
    )];
    orders.extend(
        made::HOSTILE
            .iter()
            .map(|name| made::facts(&[name, "Gummies"], name)),
    );
    for media in Media::all() {
        for (order, facts) in orders.iter().enumerate() {
            for (page, made) in compose(&face, &made::strict(), facts, media)
                .iter()
                .enumerate()
            {
                let name = format!("{}-{}-{order}-{page}", media.stock(), media.dpi());
                let drawn = made.drawn(&face);
                let mut picture =
                    format!("P4\n{} {}\n", drawn.width(), drawn.height()).into_bytes();
                picture.extend(drawn.rows().flatten());
                fs::write(folder.join(format!("{name}.pbm")), picture)?;
                fs::write(folder.join(format!("{name}.zpl")), zpl::encode(made, &face))?;
                let has_code = made
                    .marks
                    .iter()
                    .any(|mark| matches!(mark, Mark::Bars { .. } | Mark::Square { .. }));
                let code = if has_code { facts.code.as_str() } else { "" };
                fs::write(folder.join(format!("{name}.txt")), code)?;
            }
        }
    }
    Ok(())
}
