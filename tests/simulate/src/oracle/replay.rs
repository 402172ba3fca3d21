//! The log, told again from its beginning: it must come to the same state and the same exceptions.

use domain::custody::{Fact, admit, evolve};
use domain::id::Position;
use domain::ledger::Ledger;
use domain::sync::message::Outcome;

use super::{applied, name_of};
use crate::memory::Content;
use crate::shop::SERVER;

/// Replays the log.
pub(super) fn check(content: &Content, ledger: &Ledger) -> Result<(), String> {
    let mut again = Ledger::default();
    for (position, entry) in (1..).zip(&content.events) {
        let Some((envelope, body)) = applied(entry) else {
            continue;
        };
        let fact = Fact {
            envelope: &envelope,
            body: &body,
            position: Position(position),
        };
        let exceptions = if entry.chain.device == SERVER {
            evolve(&mut again, &fact);
            Vec::new()
        } else {
            admit(&mut again, &fact)
        };
        let recorded = match &entry.outcome {
            Outcome::AppliedWithExceptions(numbers) => numbers.clone(),
            Outcome::Applied | Outcome::Quarantined(_) => Vec::new(),
        };
        if exceptions != recorded {
            return Err(format!("another decision on {:?}", name_of(entry)));
        }
        if !again.is_conserved() {
            return Err(format!("a unit was made or lost by {:?}", name_of(entry)));
        }
    }
    again.take_touched();
    if again == *ledger {
        Ok(())
    } else {
        Err("the log does not come to the state".to_owned())
    }
}
