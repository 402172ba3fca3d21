//! What a pack's limits must be like together.
//!
//! In: limits that were read one by one. Out: flaws. Must not: judge a single field; whoever read it did.

use std::collections::{BTreeMap, BTreeSet};

use domain::limits::{Book, Combine, Limit, Program};

use super::fields::Fields;
use super::pack::EXEMPT;

/// Where limits stand in a pack in full; compact ones have rows.
fn list(document: &Fields<'_, '_>) -> &'static str {
    if document.has("row") { "row" } else { "limit" }
}

pub(super) fn whole(document: &Fields<'_, '_>, book: &Book, programs: &[Program]) {
    let key = list(document);
    for limit in &book.limits {
        alone(document, key, limit);
        if !programs.contains(&limit.program) {
            let what = format!("{} is of a program the pack does not name", limit.id);
            document.flaw(key, what);
        }
    }
    in_time(document, key, book);
    for program in programs {
        if !book.limits.iter().any(|limit| limit.program == *program) {
            document.flaw(key, format!("there is no limit for {}", program.word()));
        }
    }
}

/// In a pack in full every class is in a cap of every program, or said to be in none. A compact one may leave it open.
pub(super) fn categories(
    document: &Fields<'_, '_>,
    book: &Book,
    programs: &[Program],
    categories: &BTreeMap<String, String>,
) {
    let classes: BTreeSet<&str> = categories.values().map(String::as_str).collect();
    for program in programs {
        let of_program = |limit: &&Limit| limit.program == *program;
        let of_program: Vec<&Limit> = book.limits.iter().filter(of_program).collect();
        let is_counted = |class: &str| {
            let counts = |limit: &&Limit| {
                let in_bucket = limit
                    .buckets
                    .iter()
                    .any(|bucket| bucket.terms.contains_key(class));
                in_bucket || limit.uncapped.contains(class)
            };
            class == EXEMPT || book.exempt.contains(class) || of_program.iter().any(counts)
        };
        for class in classes.iter().filter(|class| !is_counted(class)) {
            let what = format!(
                "{class:?} is in no cap for {}; put it in one, or in `uncapped`",
                program.word()
            );
            document.flaw("classes", what);
        }
    }
}

fn alone(document: &Fields<'_, '_>, key: &str, limit: &Limit) {
    let flaw = |what: String| document.flaw(key, format!("{}: {what}", limit.id));
    let mut names = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for bucket in &limit.buckets {
        if !names.insert(&bucket.id) {
            flaw(format!("two caps are called {:?}", bucket.id));
        }
        let is_share = limit.combine == Combine::FractionSum && !bucket.is_inside;
        for class in bucket.terms.keys().filter(|_| is_share) {
            if !shared.insert(class) {
                flaw(format!("{class:?} would count twice in the sum"));
            }
        }
    }
    if !Book::is_exact(limit) {
        flaw("its caps have no common denominator small enough to add shares exactly".to_owned());
    }
}

/// Limits of one name follow each other without a gap or an overlap.
fn in_time(document: &Fields<'_, '_>, key: &str, book: &Book) {
    let mut by_name: BTreeMap<&str, Vec<&Limit>> = BTreeMap::new();
    for limit in &book.limits {
        by_name.entry(&limit.id).or_default().push(limit);
    }
    for (name, mut limits) in by_name {
        limits.sort_by_key(|limit| limit.from);
        for pair in limits.windows(2) {
            let [earlier, later] = pair else { continue };
            if earlier.program != later.program {
                document.flaw(key, format!("{name} is the name of limits of two programs"));
            }
            let words = match (earlier.to, later.from) {
                (Some(to), Some(from)) if to == from => continue,
                (Some(to), Some(from)) if to < from => format!("has a gap from {to} to {from}"),
                (_, from) => {
                    let from = from.map_or_else(|| "its start".to_owned(), |day| day.to_string());
                    format!("overlaps from {from} on")
                }
            };
            document.flaw(key, format!("{name} {words}"));
        }
    }
}
