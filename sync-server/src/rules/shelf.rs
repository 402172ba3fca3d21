//! The packs that come with the program, and packs from files.
//!
//! In: a name, a state, or a path. Out: a pack. Must not: take a file for one of ours.

use std::path::Path;

use super::flaw::PackRefused;
use super::pack::{self, Pack};

/// Every pack that comes with the program: its name and its text.
pub const PACKS: [(&str, &str); 19] = [
    ("us-az", include_str!("../../rules/packs/us-az.toml")),
    ("us-ca", include_str!("../../rules/packs/us-ca.toml")),
    ("us-co", include_str!("../../rules/packs/us-co.toml")),
    ("us-fl", include_str!("../../rules/packs/us-fl.toml")),
    ("us-hi", include_str!("../../rules/packs/us-hi.toml")),
    ("us-il", include_str!("../../rules/packs/us-il.toml")),
    ("us-ma", include_str!("../../rules/packs/us-ma.toml")),
    ("us-md", include_str!("../../rules/packs/us-md.toml")),
    ("us-mi", include_str!("../../rules/packs/us-mi.toml")),
    ("us-mo", include_str!("../../rules/packs/us-mo.toml")),
    ("us-nd", include_str!("../../rules/packs/us-nd.toml")),
    ("us-nj", include_str!("../../rules/packs/us-nj.toml")),
    ("us-nm", include_str!("../../rules/packs/us-nm.toml")),
    ("us-nv", include_str!("../../rules/packs/us-nv.toml")),
    ("us-ny", include_str!("../../rules/packs/us-ny.toml")),
    ("us-oh", include_str!("../../rules/packs/us-oh.toml")),
    ("us-or", include_str!("../../rules/packs/us-or.toml")),
    ("us-va", include_str!("../../rules/packs/us-va.toml")),
    ("us-wa", include_str!("../../rules/packs/us-wa.toml")),
];

/// Why there is no pack.
#[derive(Debug)]
pub enum NoPack {
    /// The file cannot be read, and none of ours is called so.
    File(String, std::io::Error),
    /// It has flaws.
    Refused(PackRefused),
}

impl core::fmt::Display for NoPack {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::File(name, error) => {
                let ours: Vec<&str> = PACKS.iter().map(|(id, _)| *id).collect();
                let ours = ours.join(", ");
                write!(
                    f,
                    "{name} is none of {ours}, and as a file it cannot be read: {error}"
                )
            }
            Self::Refused(refused) => refused.fmt(f),
        }
    }
}

impl core::error::Error for NoPack {}

/// One of ours, by its name or its state's two letters.
fn ours(named: &str) -> Option<(&'static str, &'static str)> {
    let is_named = |id: &str| {
        let state = id.split('-').next_back().unwrap_or_default();
        id == named || state.eq_ignore_ascii_case(named)
    };
    PACKS.into_iter().find(|(id, _)| is_named(id))
}

/// The pack of a state that comes with the program.
#[must_use]
pub fn of_state(state: &str) -> Option<Pack> {
    let (id, text) = ours(state)?;
    let pack = pack::read(id, text.as_bytes());
    Some(pack.expect("BUG: the packs that come with the program are read in a test"))
}

/// The text of a pack of a name, of a state, or in a file; and what flaws call it.
///
/// # Errors
/// When there is none.
pub fn text(named: &str) -> Result<(String, Vec<u8>), NoPack> {
    match ours(named) {
        Some((id, text)) => Ok((format!("{id}.toml"), text.as_bytes().to_vec())),
        None => {
            let bytes = std::fs::read(Path::new(named));
            let bytes = bytes.map_err(|error| NoPack::File(named.to_owned(), error))?;
            Ok((named.to_owned(), bytes))
        }
    }
}

/// The pack of a name, of a state, or in a file.
///
/// # Errors
/// When there is none, or it has flaws.
pub fn open(named: &str) -> Result<Pack, NoPack> {
    let (name, bytes) = text(named)?;
    pack::read(&name, &bytes).map_err(NoPack::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_that_comes_with_the_program_is_in_order_and_called_what_it_says() {
        for (id, text) in PACKS {
            let pack =
                pack::read(id, text.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
            assert_eq!(pack.id, id);
            assert_eq!(format!("us-{}", pack.state.to_ascii_lowercase()), id);
        }
    }

    #[test]
    fn a_pack_is_found_by_its_state_and_nothing_else_is() {
        assert_eq!(open("CA").unwrap().id, "us-ca");
        assert_eq!(open("us-ca").unwrap().id, "us-ca");
        let nothing = open("us-atlantis").unwrap_err().to_string();
        assert!(
            nothing.contains("us-ca") && nothing.contains("us-atlantis"),
            "{nothing}"
        );
    }
}
