//! What is different between two packs.
//!
//! In: two packs. Out: a line for each value that one has and the other has not, or has otherwise. Must not: depend on
//! the order of tables, or on comments.

use super::pack::Pack;

/// The differences, by place; empty when there is none.
#[must_use]
pub fn lines(old: &Pack, new: &Pack) -> Vec<String> {
    let mut lines = Vec::new();
    for (place, was) in &old.figures {
        match new.figures.get(place) {
            None => lines.push((place, format!("- {place}: {was}"))),
            Some(is) if is != was => lines.push((place, format!("~ {place}: {was} -> {is}"))),
            Some(_) => {}
        }
    }
    let added = new.figures.iter();
    let added = added.filter(|(place, _)| !old.figures.contains_key(*place));
    lines.extend(added.map(|(place, is)| (place, format!("+ {place}: {is}"))));
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect()
}
