//! What the server answered to a push, against what it was sent and what it has.
//!
//! In: a push, its answer, the log. Out: the first receipt that is not true. Must not: wait for the end; an answer
//! binds at once.

use domain::id::Position;
use domain::sync::message::{Outcome, Push, PushAnswer};
use domain::sync::server::log::ChainKey;

use crate::memory::Content;

/// Checks an answer.
pub(crate) fn check(content: &Content, push: &Push, answer: &PushAnswer) -> Result<(), String> {
    for (part, chain) in push.chains.iter().zip(&answer.chains) {
        let key = ChainKey {
            device: part.device,
            epoch: part.epoch,
        };
        for receipt in &chain.receipts {
            let seq = receipt.seq;
            let index = seq
                .checked_sub(part.from)
                .and_then(|at| usize::try_from(at).ok());
            let Some(event) = index.and_then(|index| part.events.get(index)) else {
                return Err(format!("a receipt for what was not sent: {key:?} {seq}"));
            };
            let hash = event.hash();
            if receipt.hash != hash {
                return Err(format!("a receipt names another event: {key:?} {seq}"));
            }
            let placed = content
                .placed(key, seq)
                .filter(|(_, entry)| entry.hash == hash);
            match placed {
                Some((position, entry))
                    if receipt.position == position && receipt.outcome == entry.outcome => {}
                Some(_) => return Err(format!("a receipt says what the log does not: {key:?}")),
                None => {
                    let is_aside = content.aside.contains_key(&(key, seq, hash));
                    let is_said = matches!(receipt.outcome, Outcome::Quarantined(_));
                    if !is_aside || !is_said || receipt.position != Position(0) {
                        return Err(format!("a receipt for what is not there: {key:?} {seq}"));
                    }
                }
            }
        }
    }
    Ok(())
}
