//! How much waits for a person: what is theirs to settle, and what is theirs to count.
//!
//! In: the ledger, a person. Out: a number, the length of the lists the person is shown. Must not: count what is another's.

use crate::custody::exception::{Exception, Resolver, resolver};
use crate::custody::resolve::is_for_another;
use crate::custody::{passed_over, recount};
use crate::facility::{Actor, Right};
use crate::ledger::Ledger;

/// What waits for whoever it is: exceptions that they may settle, packages to count after a device was lost, and older
/// packages that were passed over and stand there still.
#[must_use]
pub fn waiting_for(ledger: &Ledger, person: &Actor) -> usize {
    let mine = |one: &&Exception| {
        let may = matches!(resolver(one.rule), Resolver::Person(right) if person.role.may(right));
        may && !one.resolved && !is_for_another(ledger, one, person.id)
    };
    let to_settle = ledger.exceptions.values().filter(mine).count();
    if !person.role.may(Right::Count) {
        return to_settle;
    }
    to_settle + recount::open_tasks(ledger).count() + passed_over::still_there(ledger).len()
}
