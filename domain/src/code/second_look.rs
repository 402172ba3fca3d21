//! What a reader of unknown quality says of pictures, believed when it says it twice.
//!
//! In: its sightings, picture by picture. Out: those that are well-formed codes of a known scheme and were there one
//! picture ago too. Must not: believe a single look; nobody knows what such a reader does with a torn label.

use super::sight::Sighting;
use super::{Grade, Settings, parse};

/// The pictures of one reader.
#[derive(Clone, Debug, Default)]
pub struct SecondLook {
    before: Vec<String>,
}

impl SecondLook {
    /// Takes the sightings of one picture; those that count.
    pub fn take(&mut self, sightings: Vec<Sighting>, settings: &Settings) -> Vec<Sighting> {
        let texts = sightings.iter().map(|seen| seen.text.clone()).collect();
        let before = std::mem::replace(&mut self.before, texts);
        let counts = |seen: &Sighting| {
            let is_known = parse(&seen.reading(), settings).grade() > Grade::None;
            is_known && before.contains(&seen.text)
        };
        sightings.into_iter().filter(counts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Symbology, TrackingSystem};
    use super::*;

    const TAG: &str = "1A4FF0300000C57000000101";
    const OTHER: &str = "1A4FF0300000C57000000999";

    /// How many count of what is seen, picture by picture.
    fn counted(pictures: &[&[&str]]) -> Vec<usize> {
        let settings = Settings::new(TrackingSystem::Metrc);
        let mut looks = SecondLook::default();
        let sighting = |text: &&str| Sighting {
            text: (*text).to_owned(),
            symbology: Symbology::Code128,
            corners: [(0, 0); 4],
        };
        let seen = pictures.iter().map(|texts| {
            let sightings = texts.iter().map(sighting).collect();
            looks.take(sightings, &settings).len()
        });
        seen.collect()
    }

    #[test]
    fn a_code_counts_from_the_second_picture_on_in_which_it_is() {
        assert_eq!(counted(&[&[TAG], &[TAG], &[TAG]]), [0, 1, 1]);
        assert_eq!(
            counted(&[&[TAG], &[], &[TAG], &[OTHER], &[OTHER, TAG]]),
            [0, 0, 0, 0, 1]
        );
    }

    #[test]
    fn what_is_no_code_of_a_known_scheme_never_counts() {
        for text in [
            "1A4FF0300000C5700000010",
            "042100005265",
            "hello",
            "CUSCUNDO5",
            "",
        ] {
            assert_eq!(counted(&[&[text], &[text], &[text]]), [0, 0, 0], "{text}");
        }
    }
}
