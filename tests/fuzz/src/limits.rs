//! Rule packs, and baskets put to them.
//!
//! In: a pack's text; or which state, and a basket's. Must not: take a pack with a flaw, or let goods that are added make
//! a verdict better.

use domain::limits::judge;
use sync_server::rules::{basket, diff, pack, past, shelf, verdict};

/// When the baskets change hands.
const NOW: &str = "2026-11-25T12:00:00-08:00";

pub(crate) fn packs(input: &[u8]) {
    match pack::read("made up", input) {
        Ok(pack) => {
            assert!(diff::lines(&pack, &pack).is_empty());
            assert!(!pack.programs.is_empty() && !pack.book.limits.is_empty());
            let sources = pack.book.limits.iter().flat_map(|limit| &limit.buckets);
            assert!(
                sources
                    .into_iter()
                    .all(|bucket| bucket.max > 0 && !bucket.source.is_empty())
            );
        }
        Err(refused) => {
            assert!(!refused.flaws.is_empty() && refused.flaws.iter().all(|flaw| flaw.line > 0));
            assert_eq!(refused.lines().len(), refused.to_string().lines().count());
        }
    }
}

pub(crate) fn baskets(input: &[u8]) {
    let Some((first, bytes)) = input.split_first() else {
        return;
    };
    let (id, _) = shelf::PACKS[usize::from(*first) % shelf::PACKS.len()];
    let Ok(pack) = shelf::open(id) else {
        panic!("{id} is not in order");
    };
    let Ok(now) = basket::moment(NOW, &pack.time_zone) else {
        panic!("{NOW} is no time");
    };
    if let Ok(orders) = past::read(bytes, &pack.time_zone) {
        let _ = past::judged(&pack.book, orders, past::Asked::default());
    }
    match basket::read(bytes, now, &pack.time_zone) {
        Ok(mut basket) => {
            let all = judge(&pack.book, &basket, now);
            for finding in &all.findings {
                assert!(!verdict::why(finding, &[]).is_empty());
            }
            basket.lines.reverse();
            assert_eq!(judge(&pack.book, &basket, now).outcome, all.outcome);
            basket.lines.pop();
            assert!(judge(&pack.book, &basket, now).outcome <= all.outcome);
        }
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
}
