//! What a product is and where a shelf is, in words people use.

use crate::ui::words::{Lang, Msg, pick};

/// The state's category in a word people use.
pub(super) fn category_word(category: &str) -> Msg {
    let category = category.to_lowercase();
    let words = [
        ("pre-roll", Msg::PreRoll),
        ("preroll", Msg::PreRoll),
        ("flower", Msg::Flower),
        ("bud", Msg::Flower),
        ("vape", Msg::Vape),
        ("edible", Msg::Edible),
        ("concentrate", Msg::Concentrate),
        ("tincture", Msg::Tincture),
        ("topical", Msg::Topical),
        ("plant", Msg::Plant),
    ];
    let found = words.iter().find(|(part, _)| category.contains(part));
    found.map_or(Msg::OtherGoods, |(_, word)| *word)
}

/// Aisle, bay and shelf in words, where the code says them: `B-04-2`.
pub(super) fn way_text(lang: Lang, slot: &str) -> String {
    let mut parts = slot.split('-');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(aisle), Some(bay), Some(shelf), None) => {
            pick::way(lang, aisle, bay.trim_start_matches('0'), shelf)
        }
        _ => String::new(),
    }
}
